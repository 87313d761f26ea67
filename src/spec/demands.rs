//! What a client demands of a delivery beside its stems: limits, leader, pops, metadata, checks.

use std::collections::BTreeMap;
use std::fmt;

use super::quantity::{Quantity, TcLength};
use crate::audio::{Channel, DbFs, DbTp, LoudnessUnits, Lufs};
use crate::finding::Severity;
use crate::stem::StemCode;

/// Which part of the programme a loudness is measured of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gate {
    /// The whole programme, gated by level (ITU-R BS.1770).
    Programme,
    /// Speech only: the anchor element of the programme.
    Dialogue,
}

/// One loudness target. Where a spec has several for a file, the first that the file meets is enough.
#[derive(Debug, Clone, PartialEq)]
pub struct LoudnessLimit {
    /// What is measured.
    pub gate: Gate,
    /// The target.
    pub target: Lufs,
    /// How far off the client's words allow, both ways.
    pub tolerance: LoudnessUnits,
    /// How far off the client's quality control lets pass, both ways; the same where not known.
    pub qc_tolerance: LoudnessUnits,
    /// The lowest value that is still taken, where the client goes further down than up.
    pub lowest: Option<Lufs>,
    /// Largest short-term loudness.
    pub max_short_term: Option<Lufs>,
    /// Largest momentary loudness.
    pub max_momentary: Option<Lufs>,
    /// The edition of the measurement, e.g. `BS.1770-1`.
    pub measurement: String,
    /// The stems and composites that it holds for; every file where empty.
    pub of: Vec<StemCode>,
}

/// A true-peak limit.
#[derive(Debug, Clone, PartialEq)]
pub struct PeakLimit {
    /// What the client's words allow.
    pub true_peak: DbTp,
    /// What the client's quality control lets pass; the same where not known.
    pub qc_true_peak: DbTp,
    /// The stems and composites that it holds for; every file where empty.
    pub of: Vec<StemCode>,
}

/// Limits of the loudness range.
#[derive(Debug, Clone, PartialEq)]
pub struct RangeLimit {
    /// Smallest range.
    pub min: Option<LoudnessUnits>,
    /// Largest range.
    pub max: Option<LoudnessUnits>,
    /// Largest range of the dialogue alone.
    pub dialogue_max: Option<LoudnessUnits>,
    /// The stems and composites that it holds for; every file where empty.
    pub of: Vec<StemCode>,
}

/// Limits of what else can be measured.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct OtherLimits {
    /// Frequency in Hz above which the LFE channel is to be empty.
    pub lfe_low_pass: Option<Quantity>,
    /// Largest Leq(m), in dB.
    pub leq_m: Option<Quantity>,
}

/// Where the programme stands in the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgrammeDemand {
    /// Timecode of the first frame of picture of reel 1; where the cut has it when absent.
    pub start: Option<StartTimecode>,
    /// Whether reels or one long programme are delivered.
    pub reels: ReelForm,
}

/// Reels or one long programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReelForm {
    /// One file for the whole programme.
    LongPlay,
    /// A file for each reel.
    Reels,
    /// Both.
    Both,
}

impl ReelForm {
    /// Every form with its name in specs.
    pub(super) const NAMES: [(&'static str, Self); 3] = [
        ("long-play", Self::LongPlay),
        ("reels", Self::Reels),
        ("both", Self::Both),
    ];

    /// Whether the whole programme is delivered in one piece.
    pub const fn long_play(self) -> bool {
        matches!(self, Self::LongPlay | Self::Both)
    }

    /// Whether each reel is delivered.
    pub const fn reels(self) -> bool {
        matches!(self, Self::Reels | Self::Both)
    }
}

/// The timecode of the first frame of picture, of which each reel has its own hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct StartTimecode {
    pub(super) hour: u32,
    /// Minutes, seconds and frames.
    pub(super) rest: (u32, u32, u32),
}

impl StartTimecode {
    /// Reads `01:00:00:00`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let number = |part: &str| {
            let plain = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| part.parse::<u32>().ok()).flatten()
        };
        let parts: Vec<u32> = text.trim().split(':').map(number).collect::<Option<_>>()?;
        let &[hour, minute, second, frame] = parts.as_slice() else {
            return None;
        };
        // Frame numbers that every rate has.
        (hour < 24 && minute < 60 && second < 60 && frame < 24).then_some(Self {
            hour,
            rest: (minute, second, frame),
        })
    }

    /// The hour of reel 1.
    pub const fn hour(self) -> u32 {
        self.hour
    }

    /// The timecode of a reel, from 1: reel n has the n-th hour on. Wraps at a day.
    pub fn of_reel(self, reel: u32) -> String {
        self.in_hour((self.hour + reel.max(1) - 1) % 24)
    }

    /// The same minutes, seconds and frames of another hour.
    pub fn in_hour(self, hour: u32) -> String {
        let (minute, second, frame) = self.rest;
        format!("{:02}:{minute:02}:{second:02}:{frame:02}", hour % 24)
    }
}

impl fmt::Display for StartTimecode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.of_reel(1))
    }
}

/// What stands before or behind the programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Padding {
    /// Silence of this length, but for the pop.
    pub length: TcLength,
    /// What the client takes at most, where it says so.
    pub max: Option<TcLength>,
    /// The pop.
    pub pop: PopRule,
}

impl Padding {
    /// Nothing, and nothing said.
    pub const NONE: Self = Self {
        length: TcLength::ZERO,
        max: None,
        pop: PopRule::Unsaid,
    };
}

/// Whether there is a pop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PopRule {
    /// One frame: so long before the first frame of picture, or so long behind the last one. Both
    /// count from frame to frame, so the head pop's frame is the 48th before the picture at 24.
    At(TcLength),
    /// There must be none.
    Forbidden,
    /// None is written, and one that is there is no fault.
    Unsaid,
}

/// What a pop sounds like.
#[derive(Debug, Clone, PartialEq)]
pub struct PopTone {
    /// In Hz.
    pub frequency: Quantity,
    /// Level of the sine relative to one of full scale.
    pub level: DbFs,
    /// The channels that carry it; all of them where empty.
    pub channels: Vec<Channel>,
}

/// What a client wants to read in the files, and beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MetadataDemand {
    /// The broadcast extension.
    pub bext: BextDemand,
    /// Whether there is iXML.
    pub ixml: bool,
    /// Where the MD5 of the sound or file stands.
    pub md5: Md5Demand,
    /// Whether an ASC media hash list lies in the folder.
    pub mhl: bool,
}

impl Default for MetadataDemand {
    fn default() -> Self {
        Self {
            bext: BextDemand::BeforeData,
            ixml: true,
            md5: Md5Demand::None,
            mhl: false,
        }
    }
}

/// The broadcast extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BextDemand {
    /// There, before the samples, its time reference that of the iXML.
    BeforeData,
    /// There.
    Any,
    /// Not there (ITU-R BS.2088 for BW64).
    None,
}

impl BextDemand {
    pub(super) const NAMES: [(&'static str, Self); 3] = [
        ("before-data", Self::BeforeData),
        ("any", Self::Any),
        ("none", Self::None),
    ];
}

/// Where the MD5 stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Md5Demand {
    /// Nowhere.
    None,
    /// Of the samples, in the chunk `MD5 ` of each file.
    Chunk,
    /// Of each whole file, in a text file beside it.
    Sidecar,
    /// Both.
    Both,
}

impl Md5Demand {
    pub(super) const NAMES: [(&'static str, Self); 4] = [
        ("none", Self::None),
        ("chunk", Self::Chunk),
        ("sidecar", Self::Sidecar),
        ("both", Self::Both),
    ];

    /// Whether the files have the chunk.
    pub const fn chunk(self) -> bool {
        matches!(self, Self::Chunk | Self::Both)
    }

    /// Whether there are text files.
    pub const fn sidecar(self) -> bool {
        matches!(self, Self::Sidecar | Self::Both)
    }
}

/// How one check is done for this client.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckRule {
    /// How much a fault matters; the check is not done where absent.
    pub severity: Option<Severity>,
    /// Thresholds by name.
    pub thresholds: BTreeMap<&'static str, Quantity>,
}

impl CheckRule {
    /// A threshold of the check.
    pub fn threshold(&self, name: &str) -> Option<Quantity> {
        self.thresholds.get(name).copied()
    }
}
