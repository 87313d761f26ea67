//! What is known of a media file without its sound.

use std::fmt;
use std::path::PathBuf;

use super::pieces::Pieces;
use super::source::PcmLayout;
use crate::audio::{SampleFormat, SampleRate};
use crate::finding::Finding;
use crate::time::{Duration, FrameRate, Pos, Rational, Source};

/// The kinds of file that can be read, the most welcome first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum MediaKind {
    /// RIFF/WAVE, broadcast or not.
    Wave,
    /// RF64.
    Rf64,
    /// BW64.
    Bw64,
    /// Sony Wave64.
    W64,
    /// AIFF.
    Aiff,
    /// AIFF-C.
    AiffC,
    /// Core Audio Format.
    Caf,
    /// FLAC.
    Flac,
    /// MXF.
    Mxf,
    /// Samples without a header, which only the timeline describes.
    Bare,
}

impl fmt::Display for MediaKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Wave => "WAV",
            Self::Rf64 => "RF64",
            Self::Bw64 => "BW64",
            Self::W64 => "W64",
            Self::Aiff => "AIFF",
            Self::AiffC => "AIFF-C",
            Self::Caf => "CAF",
            Self::Flac => "FLAC",
            Self::Mxf => "MXF",
            Self::Bare => "bare PCM",
        })
    }
}

/// How the sound is got at.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Storage {
    /// Interleaved PCM that is read where it lies; the offset counts from the start of the file on
    /// disk, also for an entry of a bundle.
    Pcm(PcmLayout),
    /// Interleaved PCM in pieces: one or several streams, whose channels follow one another.
    Pieces(Vec<PcmPieces>),
    /// Interleaved PCM with a piece for every frame of picture (MXF), which are looked for when it is
    /// first read.
    Frames,
    /// It is decoded once into a temporary file and read from there.
    Decoded,
}

/// Interleaved PCM that does not stand in one piece of the file on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PcmPieces {
    /// Channels that count, the first ones of the layout's.
    pub channels: usize,
    /// Whether each sample is a word of AES3 (SMPTE ST 331 §5): its bits 4 to 27 are the sample.
    pub words: bool,
    /// How it is stored; the offset counts from the start of the pieces.
    pub layout: PcmLayout,
    /// Where its bytes lie in the file on disk.
    pub pieces: Pieces,
}

/// How bare samples are stored, as the timeline says.
pub use crate::timeline::PcmLayout as BarePcm;

/// A file inside another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name inside; empty where the outer file is itself the sound.
    pub name: String,
    /// Where its bytes lie in the outer file, as they stand there.
    pub pieces: Pieces,
    /// Whether it is compressed there, and has to be unpacked before it can be read.
    pub packed: bool,
    /// How its samples are stored, where they are bare.
    pub pcm: Option<BarePcm>,
}

/// One channel as the file's metadata describe it (iXML `TRACK`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MediaTrack {
    /// Channel of this file, from 1.
    pub channel: Option<u32>,
    /// Track of the recorder, from 1.
    pub recorder_track: Option<u32>,
    /// Its name.
    pub name: Option<String>,
    /// What it carries: `L-5.1`.
    pub function: Option<String>,
}

/// What the file says of the recording: iXML first, else the lines of the bext description.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels {
    /// Sound roll.
    pub tape: Option<String>,
    /// Scene or slate.
    pub scene: Option<String>,
    /// Take.
    pub take: Option<String>,
    /// Title of the production.
    pub project: Option<String>,
    /// Free text.
    pub note: Option<String>,
    /// The bext description, whole.
    pub description: Option<String>,
    /// Who made it.
    pub originator: Option<String>,
}

/// A sound file: where it is, how it is stored, and what it says of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct MediaFile {
    /// The file on disk.
    pub path: PathBuf,
    /// Its place inside that file, for an entry of a bundle.
    pub entry: Option<Entry>,
    /// Its own name without folders.
    pub file_name: String,
    /// What kind of file it is.
    pub kind: MediaKind,
    /// Its size in bytes.
    pub size: u64,
    /// Sample frames per second.
    pub rate: SampleRate,
    /// Channels; never 0.
    pub channels: usize,
    /// Sample frames.
    pub frames: u64,
    /// How one sample is stored, or will be once decoded.
    pub sample: SampleFormat,
    /// How the sound is got at.
    pub storage: Storage,
    /// Sample frames since midnight at [`MediaFile::rate`]; absent where the file has no time stamp.
    pub time_reference: Option<u64>,
    /// Rate and counting of the timecode, where the file states it (iXML).
    pub timecode_rate: Option<FrameRate>,
    /// What it says of the recording.
    pub labels: Labels,
    /// Its channels, where it describes them.
    pub tracks: Vec<MediaTrack>,
    /// UMID in lower-case hex, without the zeros that pad it; of an MXF its file package's.
    pub umid: Option<String>,
    /// Unique name of the file (iXML), or the UMID of an MXF's material package.
    pub file_uid: Option<String>,
    /// What the file system calls the file, where it does: equal for two paths to one file.
    pub identity: Option<(u64, u64)>,
    /// What was noticed in it; matters when the file is used.
    pub findings: Vec<Finding>,
}

impl MediaFile {
    /// The path for messages; an entry of a bundle behind the bundle's path.
    pub fn display(&self) -> String {
        match &self.entry {
            Some(entry) if !entry.name.is_empty() => {
                format!("{} ({})", self.path.display(), entry.name)
            }
            _ => self.path.display().to_string(),
        }
    }

    /// Length of the sound in seconds.
    pub fn duration(&self) -> Duration {
        self.seconds(self.frames)
    }

    /// The real time since midnight of the first sample; `None` without a time stamp.
    pub fn start(&self) -> Option<Pos<Source>> {
        self.time_reference
            .map(|samples| Pos::new(self.seconds(samples)))
    }

    fn seconds(&self, samples: u64) -> Rational {
        let wide = Rational::from_wide(i128::from(samples), i128::from(self.rate.hertz()));
        // Over 2^63 samples are some 6 million years: a damaged number, which `start` never holds.
        wide.unwrap_or(Rational::ZERO)
    }
}
