//! Timeline formats, one file or folder each, read into the neutral timeline.
//!
//! **Invariant:** a reader returns a value and findings; only "not this format" and "cannot read"
//! are errors. The rest of the program meets formats only through [`read`] and [`FORMATS`].

mod aaf;
mod adm;
mod cmx3600;
mod otio;
mod text;
mod xml;

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

pub use adm::scene_evidence;

use crate::bwf::adm::Models;
use crate::finding::{Code, Finding, Place};
use crate::time::FrameRate;
use crate::timeline::Timeline;

/// Largest timeline file that is read as one text, in bytes: above it a cut list is a mistake.
pub const MAX_TEXT: u64 = 512 << 20;

/// How many bytes a probe may look at.
const HEAD: u64 = 64 << 10;

/// A format that can be read.
#[derive(Debug)]
pub struct Format {
    /// Short name, as in [`Timeline::format`].
    pub name: &'static str,
    /// A line for people.
    pub title: &'static str,
    /// Usual suffixes, lower case, without the dot.
    pub suffixes: &'static [&'static str],
    /// Whether a file looks like it, by its first bytes; ADM looks at its chunks too.
    pub probe: fn(&Input) -> bool,
    /// Reads it.
    pub read: fn(&Input, &ReadOptions) -> Result<Reading, ReadError>,
    /// The findings that it can make.
    pub codes: &'static [&'static Code],
}

/// Every format, in the order in which they are tried by content.
pub const FORMATS: &[Format] = &[
    aaf::BINARY,
    aaf::XML,
    otio::FORMAT,
    cmx3600::FORMAT,
    adm::FORMAT,
];

/// What the user says about the timelines.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// The frame rate, for formats that do not state it or state it wrongly.
    pub rate: Option<FrameRate>,
    /// Which composition, for formats that hold several: its name.
    pub composition: Option<String>,
    /// Whether fades that the editor has drawn into files of their own become true fades of the
    /// clips beside them, where those reach far enough. Otherwise they stay as they sound.
    pub true_fades: bool,
    /// Which programme of an audio scene: its identity or name.
    pub programme: Option<String>,
    /// Which objects of an audio scene are used of complementary ones.
    pub select: Vec<String>,
    /// Whether times of an audio scene are taken to the letter of BS.2127 instead of mended.
    pub strict: bool,
    /// Where the models of audio scenes are kept for those who need them next.
    pub models: Models,
}

/// What was read and what was noticed.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The timeline.
    pub timeline: Timeline,
    /// What was guessed, dropped or not understood.
    pub findings: Vec<Finding>,
}

/// A file to read.
#[derive(Debug, Clone)]
pub struct Input {
    /// Where it is.
    pub path: PathBuf,
    /// Its first bytes.
    pub head: Vec<u8>,
    /// Its size in bytes.
    pub size: u64,
}

/// Why a file could not be read as a timeline.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The file cannot be opened or read.
    #[error("cannot read {path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// The reason.
        source: std::io::Error,
    },
    /// No format claims it.
    #[error("{path} is not a timeline that can be read; known formats: {known}")]
    Unknown {
        /// The file.
        path: String,
        /// Names of the formats.
        known: String,
    },
    /// It is of the format but holds nothing usable, or breaks a limit.
    #[error("{place}: {message}")]
    Malformed {
        /// Where.
        place: Box<Place>,
        /// What is wrong, with the value.
        message: String,
        /// What to do about it.
        hint: Option<String>,
    },
}

impl ReadError {
    /// A malformed place without advice.
    pub fn malformed(place: Place, message: impl Into<String>) -> Self {
        Self::Malformed {
            place: Box::new(place),
            message: message.into(),
            hint: None,
        }
    }
}

impl Input {
    /// Looks at a file: its size and first bytes.
    ///
    /// # Errors
    /// [`ReadError::Io`] when it cannot be opened or is a folder.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        let io = |source| ReadError::Io {
            path: path.display().to_string(),
            source,
        };
        let file = File::open(path).map_err(io)?;
        let metadata = file.metadata().map_err(io)?;
        if metadata.is_dir() {
            return Err(io(std::io::ErrorKind::IsADirectory.into()));
        }
        let mut head = Vec::new();
        file.take(HEAD).read_to_end(&mut head).map_err(io)?;
        Ok(Self {
            path: path.to_owned(),
            head,
            size: metadata.len(),
        })
    }

    /// The path for messages.
    pub fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// The file's name without folder and suffix.
    pub fn stem(&self) -> String {
        self.path
            .file_stem()
            .map(|s| s.to_string_lossy().into_owned())
            .unwrap_or_default()
    }

    /// The whole file.
    ///
    /// # Errors
    /// [`ReadError::Io`], or [`ReadError::Malformed`] above [`MAX_TEXT`] bytes.
    pub fn bytes(&self) -> Result<Vec<u8>, ReadError> {
        if self.size > MAX_TEXT {
            let message = format!(
                "{} bytes is more than a timeline has ({MAX_TEXT})",
                self.size
            );
            return Err(ReadError::malformed(Place::file(self.name()), message));
        }
        let io = |source| ReadError::Io {
            path: self.name(),
            source,
        };
        let mut bytes = Vec::with_capacity(self.size as usize);
        let file = File::open(&self.path).map_err(io)?;
        file.take(MAX_TEXT).read_to_end(&mut bytes).map_err(io)?;
        Ok(bytes)
    }
}

/// The format of a file: by content first, then by suffix.
pub fn probe(input: &Input) -> Option<&'static Format> {
    let suffix = input
        .path
        .extension()
        .map(|s| s.to_string_lossy().to_ascii_lowercase());
    let by_suffix = |f: &&Format| {
        suffix
            .as_deref()
            .is_some_and(|suffix| f.suffixes.contains(&suffix))
    };
    let mut matching = FORMATS.iter().filter(|format| (format.probe)(input));
    let first = matching.next();
    // Several may claim the same first bytes (two XML formats, say): the suffix decides.
    let preferred = first.into_iter().chain(matching).find(by_suffix).or(first);
    preferred.or_else(|| FORMATS.iter().find(by_suffix))
}

/// Reads a timeline of any known format.
///
/// # Errors
/// [`ReadError`] when the file cannot be read, is of no known format, or holds nothing usable.
pub fn read(path: &Path, options: &ReadOptions) -> Result<Reading, ReadError> {
    let input = Input::open(path)?;
    let format = probe(&input).ok_or_else(|| {
        let known: Vec<&str> = FORMATS.iter().map(|f| f.name).collect();
        ReadError::Unknown {
            path: input.name(),
            known: known.join(", "),
        }
    })?;
    (format.read)(&input, options)
}
