//! What is drawn and heard: the course of the programme, measured by the meters and taken from the plan.
//!
//! It is for reports with pictures and is no part of the JSON.

use crate::audio::{DbTp, LoudnessUnits, Lufs};
use crate::meter::{Outline, Trace};

/// Most values of a loudness curve: for a reel of 20 minutes one every 0.3 s.
pub const MAX_TRACE: usize = 4_000;

/// The course of the files of a package.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Course {
    /// Files whose sound was looked at.
    pub lanes: Vec<Lane>,
    /// Where the clips stand, by file and then by time; none for a package without a plan.
    pub clips: Vec<Placement>,
    /// Short stretches of sound around what was found.
    pub excerpts: Vec<Excerpt>,
}

/// The course of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    /// Its name, as in the report.
    pub file: String,
    /// The other files, where each channel stands in one of its own.
    pub also: Vec<String>,
    /// First sample frame since midnight, where the file says.
    pub start_sample: Option<i64>,
    /// Sample rate in Hz.
    pub sample_rate: u32,
    /// Length in sample frames.
    pub length: u64,
    /// Names of the channels.
    pub channels: Vec<String>,
    /// Lowest and highest samples.
    pub outline: Outline,
    /// Momentary loudness.
    pub momentary: Trace,
    /// Short-term loudness.
    pub short_term: Trace,
    /// The highest true peak of each channel that sounds.
    pub peaks: Vec<PeakMark>,
    /// Where the dialogue gate was open: first sample frame and first one after it.
    pub speech: Vec<(u64, u64)>,
    /// What the spec wants of the file.
    pub aim: Aim,
}

/// The highest true peak of a channel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PeakMark {
    /// Index of the channel.
    pub channel: usize,
    /// How high.
    pub level: DbTp,
    /// The sample frame that it stands in.
    pub at: u64,
}

/// What a spec wants of a file; nothing where it says nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Aim {
    /// Target of the integrated loudness and how far off it may be.
    pub loudness: Option<(Lufs, LoudnessUnits)>,
    /// Whether that target is of the dialogue, not of the programme.
    pub of_dialogue: bool,
    /// Largest momentary loudness.
    pub max_momentary: Option<Lufs>,
    /// Largest short-term loudness.
    pub max_short_term: Option<Lufs>,
    /// Largest true peak.
    pub true_peak: Option<DbTp>,
}

/// A clip in a file, and why it is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Placement {
    /// The file.
    pub file: String,
    /// First sample frame that it sounds in.
    pub start: u64,
    /// Sample frames that it sounds for.
    pub length: u64,
    /// Sample frames of its ramps at head and tail.
    pub fades: (u64, u64),
    /// The clip's name.
    pub clip: String,
    /// Its event number, where it has one.
    pub event: Option<String>,
    /// Its timeline.
    pub timeline: String,
    /// Its track.
    pub track: String,
    /// Name of the source file.
    pub source: String,
    /// Sample frame of the source that sounds first.
    pub source_start: i64,
    /// How the source was found.
    pub found_by: String,
    /// Constant gain, as people write it.
    pub gain: String,
    /// The rule that chose the stem.
    pub rule: String,
    /// What spoke for it and against it.
    pub evidence: Vec<String>,
}

/// A short stretch of a file to be listened to.
#[derive(Debug, Clone, PartialEq)]
pub struct Excerpt {
    /// The file.
    pub file: String,
    /// Its first sample frame in that file.
    pub start: u64,
    /// Sample frames of that file.
    pub length: u64,
    /// Sample rate of `samples` in Hz.
    pub rate: u32,
    /// Whole decibels by which it is louder here than in the file, so that it can be heard.
    pub raised_db: i32,
    /// All channels but the LFE in one.
    pub samples: Vec<i16>,
}

impl Course {
    /// The lane of a file.
    pub fn lane(&self, file: &str) -> Option<&Lane> {
        self.lanes.iter().find(|lane| lane.file == file)
    }
}
