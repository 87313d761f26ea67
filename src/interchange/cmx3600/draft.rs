//! Clips in the making: still in frames, texts still borrowed, transitions not yet joined.

use super::about::Media;
use crate::audio::Decibels;
use crate::finding::Place;
use crate::interchange::ReadError;
use crate::time::{FrameRate, Rational};
use crate::timeline::{Clip, FadeShape};

/// Memory that the clips of one list may take, in bytes: some 300,000 clips; a feature has 20,000.
const MEMORY: usize = 400 << 20;

/// Bytes that a clip takes beside its texts: itself, its draft, the heads of its strings.
const CLIP: usize = size_of::<Clip>() + size_of::<Draft<'_>>() + 128;

/// Which part of an edit a draft is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The edit itself.
    Body,
    /// The outgoing side of a transition: the end of an earlier clip, faded out.
    Tail {
        /// The incoming side, as an index into the drafts.
        incoming: Option<usize>,
        /// Whether the event has a single volume for both sides.
        one_volume: bool,
    },
}

/// Where the sound comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    /// The file's first sample.
    Head,
    /// A source timecode.
    Timecode {
        /// Source in, in seconds since midnight.
        start: Rational,
        /// Source out, the same.
        end: Rational,
        /// The rate it was written in.
        rate: FrameRate,
    },
}

/// A ramp in frames of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ramp {
    /// Its length.
    pub(super) frames: u32,
    /// Its law where named.
    pub(super) shape: Option<FadeShape>,
}

/// A clip on one channel.
#[derive(Debug, Clone)]
pub(super) struct Draft<'a> {
    /// Index of its event.
    pub(super) event: usize,
    /// Index of its line.
    pub(super) line: usize,
    /// Record channel.
    pub(super) channel: u32,
    /// Which part of the edit.
    pub(super) part: Part,
    /// First record frame, and first after it.
    pub(super) record: (i64, i64),
    /// What sounds at `sync`.
    pub(super) source: From,
    /// Record frame at which `source` sounds.
    pub(super) sync: i64,
    /// The recording.
    pub(super) media: Media<'a>,
    /// Its channel.
    pub(super) source_channel: u32,
    /// Constant gain from VOL.
    pub(super) volume: Option<Decibels>,
    /// Gain from AUDIO LEVEL: record frames and values.
    pub(super) levels: Vec<(i64, Decibels)>,
    /// Speed where it is not 1.
    pub(super) speed: Option<Rational>,
    /// Fade at the head.
    pub(super) fade_in: Option<Ramp>,
    /// Fade at the tail.
    pub(super) fade_out: Option<Ramp>,
}

/// Counts the memory that a list would take before it is taken.
#[derive(Debug)]
pub(super) struct Budget {
    left: usize,
    file: String,
}

impl Budget {
    /// The whole budget, for a file.
    pub(super) fn new(file: &str) -> Self {
        Self {
            left: MEMORY,
            file: file.to_owned(),
        }
    }

    /// Takes a clip with its texts.
    pub(super) fn clip(
        &mut self,
        draft: &Draft<'_>,
        comments: usize,
        line: u32,
    ) -> Result<(), ReadError> {
        let media = &draft.media;
        let long = |text: Option<&str>| text.map_or(0, |text| text.len() + 32);
        let texts = 2 * media.name.len()
            + 2 * media.reel.len()
            + long(media.file)
            + 2 * long(media.other)
            + long(media.full_reel);
        let levels = draft.levels.len() * 64;
        self.take(CLIP + texts + levels + comments + self.file.len(), line)
    }

    /// Takes so many bytes for something on a line.
    pub(super) fn take(&mut self, bytes: usize, line: u32) -> Result<(), ReadError> {
        self.left = self
            .left
            .checked_sub(bytes)
            .ok_or_else(|| ReadError::Malformed {
                place: Box::new(Place::line(&self.file, line)),
                message: format!(
                    "the clips up to here would take more than {} MiB of memory",
                    MEMORY >> 20
                ),
                hint: Some("split the list into reels".into()),
            })?;
        Ok(())
    }
}
