//! iXML: production metadata as XML (gallery.co.uk/ixml, 3.01).
//!
//! The XML is a list of paths and texts between file and model ([`flat`]); a table of paths fills the
//! model, and what no field takes stays in [`Ixml::others`] under its path.
//!
//! **Invariant:** no element is lost between reading and writing. Depth, count and size of what is
//! read are bounded; no entity is expanded but the five of XML and character references.

mod flat;
mod function;
mod groups;
mod lists;
mod read;
mod write;

pub(super) use function::layout_of;
pub use function::track_function;

use crate::finding::Finding;
use crate::time::{FrameRate, Rational};

/// The metadata of an iXML chunk. Every element is optional.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ixml {
    /// Version of the iXML specification, `2.10`.
    pub version: Option<String>,
    /// Title of the production.
    pub project: Option<String>,
    /// Scene or slate; for stems the reel.
    pub scene: Option<String>,
    /// Take.
    pub take: Option<String>,
    /// Sound roll.
    pub tape: Option<String>,
    /// Whether the take was circled.
    pub circled: Option<bool>,
    /// Unique name of this file.
    pub file_uid: Option<String>,
    /// Timecode user bits, eight hexadecimal digits.
    pub ubits: Option<String>,
    /// Free text.
    pub note: Option<String>,
    /// Speeds, rates and the time stamp.
    pub speed: Option<IxmlSpeed>,
    /// The files that belong together.
    pub file_set: Option<IxmlFileSet>,
    /// The channels of this file.
    pub tracks: Vec<IxmlTrack>,
    /// Places in the sound that are named: a clap, a 2-pop.
    pub sync_points: Vec<IxmlSyncPoint>,
    /// Where the file came from.
    pub history: Option<IxmlHistory>,
    /// Text of `USER`; elements in it are in [`Ixml::others`].
    pub user: Option<String>,
    /// Everything else: path below the root and text, in the order of the file. The k-th element of a
    /// name among its siblings has `[k]` behind the name from the second on; an attribute is a last
    /// step with `@`.
    pub others: Vec<(String, String)>,
}

/// `SPEED`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IxmlSpeed {
    /// Free text.
    pub note: Option<String>,
    /// Frames per second of the intended playback.
    pub master_speed: Option<Rational>,
    /// Frames per second of the recording.
    pub current_speed: Option<Rational>,
    /// Frames per second of the timecode.
    pub timecode_rate: Option<Rational>,
    /// Whether the timecode drops frame numbers.
    pub drop_frame: Option<bool>,
    /// Sample rate of the file in Hz, a copy of the format chunk's.
    pub file_sample_rate: Option<u32>,
    /// Bits of a sample, likewise.
    pub audio_bit_depth: Option<u32>,
    /// Sample rate of the converter in Hz.
    pub digitizer_sample_rate: Option<u32>,
    /// Frames since midnight at the time stamp's rate.
    pub timestamp_samples: Option<u64>,
    /// The time stamp's rate in Hz.
    pub timestamp_sample_rate: Option<u32>,
}

/// `FILE_SET`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IxmlFileSet {
    /// Unique name of the set.
    pub family_uid: Option<String>,
    /// Name of the set.
    pub family_name: Option<String>,
    /// How many files it has.
    pub total_files: Option<u32>,
    /// Which of them this is: `1`, `2` or `A`, `B`.
    pub file_set_index: Option<String>,
}

/// `HISTORY`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IxmlHistory {
    /// Name when it was recorded.
    pub original_filename: Option<String>,
    /// Name of the file that it was made from.
    pub parent_filename: Option<String>,
    /// Unique name of that file.
    pub parent_uid: Option<String>,
}

/// `TRACK`: one channel of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IxmlTrack {
    /// Track of the recorder, from 1.
    pub channel_index: Option<u32>,
    /// Channel in this file, from 1.
    pub interleave_index: Option<u32>,
    /// Its name.
    pub name: Option<String>,
    /// What it carries: `L-5.1`.
    pub function: Option<String>,
}

/// `SYNC_POINT`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IxmlSyncPoint {
    /// `RELATIVE` to the first frame, or `ABSOLUTE`: frames since midnight.
    pub kind: Option<String>,
    /// What it is for: `SLATE_GENERIC`, `HEAD_SLATE`, `MARKER_GENERIC`.
    pub function: Option<String>,
    /// Free text.
    pub comment: Option<String>,
    /// The frame.
    pub samples: Option<u64>,
    /// Frames that it lasts; 0 for a point.
    pub event_duration: Option<u64>,
}

impl Ixml {
    /// Reads the body of an iXML chunk in any Unicode encoding, padded or not; `None` for one that is
    /// nothing but padding.
    pub fn parse(body: &[u8]) -> (Option<Self>, Vec<Finding>) {
        read::parse(body)
    }

    /// The XML, the same for the same metadata, and what of it could not be written: paths in
    /// [`Ixml::others`] that are not XML names. Characters that XML forbids are left out.
    pub fn to_xml(&self) -> (String, Vec<Finding>) {
        write::xml(self)
    }

    /// The rate and counting of the timecode, where the rate is one of the field; a flag that the rate
    /// has no counting for is not used.
    pub fn frame_rate(&self) -> Option<FrameRate> {
        let speed = self.speed.as_ref()?;
        let rate = FrameRate::from_rational(speed.timecode_rate?).ok()?;
        let counted = rate.with_drop(speed.drop_frame.unwrap_or(false));
        Some(counted.unwrap_or(rate))
    }

    /// Frames since midnight: the time stamp, else the copy of the bext chunk's time reference.
    pub fn time_stamp(&self) -> Option<u64> {
        let speed = self.speed.as_ref();
        let half = |name: &str| self.other(name)?.trim().parse::<i64>().ok();
        let copy = || read::Halves {
            high: half("BEXT/BWF_TIME_REFERENCE_HIGH"),
            low: half("BEXT/BWF_TIME_REFERENCE_LOW"),
        };
        let stamp = speed.and_then(|speed| speed.timestamp_samples);
        stamp.or_else(|| copy().join())
    }

    /// Text of an element that has no field of its own, by its path.
    pub fn other(&self, path: &str) -> Option<&str> {
        let found = self.others.iter().find(|(known, _)| known == path);
        found.map(|(_, text)| text.as_str())
    }
}
