//! Why sound could not be found out about, opened or read.

use std::sync::Arc;

use crate::audio::SampleRate;

/// Why a media file cannot be used. Cheap to copy: a failed decoding is told to every reader.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum MediaError {
    /// The file cannot be opened or read.
    #[error("cannot read {path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// The reason.
        source: Arc<std::io::Error>,
    },
    /// The temporary file that decoded sound is kept in cannot be written.
    #[error(
        "cannot keep the decoded sound of {path} in a temporary file: {source}; free space there or name another folder"
    )]
    Spool {
        /// The file that was decoded.
        path: String,
        /// The reason.
        source: Arc<std::io::Error>,
    },
    /// The file is of no kind that can be read.
    #[error(
        "{path} is not a sound file that can be read; known are WAV, RF64, BW64, W64, AIFF, CAF, FLAC and MXF with PCM"
    )]
    NotSound {
        /// The file.
        path: String,
    },
    /// The file is of a known kind but breaks its rules.
    #[error("{path} at byte {offset}: {message}")]
    Malformed {
        /// The file.
        path: String,
        /// Where.
        offset: u64,
        /// What is wrong, with the value.
        message: String,
    },
    /// A file of the WAVE family that is refused.
    #[error("{message}")]
    Wave {
        /// File, place and reason.
        message: String,
    },
    /// The file is of a known kind and holds what cannot be read exactly.
    #[error("{path}: {what} cannot be read; convert it to WAV")]
    Unsupported {
        /// The file.
        path: String,
        /// The coding or feature.
        what: String,
    },
    /// A stretch that does not lie in the source.
    #[error("{path} has {frames} sample frames; {start} to {end} do not lie in it")]
    OutOfRange {
        /// The file.
        path: String,
        /// First frame asked for.
        start: u64,
        /// First frame not asked for.
        end: u64,
        /// Frames of the source.
        frames: u64,
    },
    /// A channel that the source does not have.
    #[error("{path} has {channels} channels; there is no channel {channel}")]
    NoChannel {
        /// The file.
        path: String,
        /// The channel asked for, from 1.
        channel: usize,
        /// Channels of the source.
        channels: usize,
    },
    /// Two rates that no kernel of bounded size joins.
    #[error("sound at {from} cannot be converted to {to}: the rates lie too far apart")]
    Ratio {
        /// The rate of the source.
        from: SampleRate,
        /// The rate of the session.
        to: SampleRate,
    },
    /// The bytes of a source that has none in PCM form.
    #[error("{path} has no PCM bytes to read")]
    NotPcm {
        /// The file.
        path: String,
    },
}

impl MediaError {
    /// The reason an operation on a file failed.
    pub(super) fn io(path: impl Into<String>, source: std::io::Error) -> Self {
        Self::Io {
            path: path.into(),
            source: Arc::new(source),
        }
    }

    /// A broken rule at a byte.
    pub(super) fn malformed(path: &str, offset: u64, message: impl Into<String>) -> Self {
        Self::Malformed {
            path: path.to_owned(),
            offset,
            message: message.into(),
        }
    }

    /// Something that is known but not read.
    pub(super) fn unsupported(path: &str, what: impl Into<String>) -> Self {
        Self::Unsupported {
            path: path.to_owned(),
            what: what.into(),
        }
    }
}
