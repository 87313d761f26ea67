//! Why a file is refused as a WAV.

use std::path::Path;

use crate::finding::Place;

/// Why a file could not be read as a WAV.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WaveError {
    /// The file cannot be opened or read.
    #[error("cannot read {path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// The reason.
        source: std::io::Error,
    },
    /// The first bytes are those of something else.
    #[error(
        "{path} is not a WAV file: it is {found}; expected RIFF, RF64 or BW64 with form WAVE, or Wave64"
    )]
    NotWave {
        /// The file.
        path: String,
        /// What its first bytes say.
        found: String,
    },
    /// The sound is stored in a way that is not linear PCM or IEEE float.
    #[error(
        "{place}: the sound is {codec} (format tag 0x{tag:04X}), expected PCM or IEEE float; convert it to PCM first"
    )]
    Compressed {
        /// The `fmt ` chunk.
        place: Box<Place>,
        /// The format tag.
        tag: u16,
        /// Its name.
        codec: String,
    },
    /// A chunk that is needed is missing, out of order or makes no sense.
    #[error("{place}: chunk `{chunk}`: {what} is {found}, expected {expected}")]
    Malformed {
        /// Where its content begins.
        place: Box<Place>,
        /// The chunk.
        chunk: String,
        /// The field.
        what: &'static str,
        /// What stands there.
        found: String,
        /// What could stand there.
        expected: String,
    },
}

impl WaveError {
    /// An input/output error of a file.
    pub(super) fn io(path: &Path, source: std::io::Error) -> Self {
        Self::Io {
            path: path.display().to_string(),
            source,
        }
    }
}
