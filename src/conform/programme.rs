//! The axis of the output files: where they start, how long they are, and where each timeline
//! lies on it.

use super::framing::Framed;
use crate::audio::SampleRate;
use crate::time::{Duration, FrameRate, Pos, Record};
use crate::timeline::{Timeline, ValidTimeline};

/// The axis of the output files.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Programme {
    /// The record position of the first sample frame.
    pub(super) start: Pos<Record>,
    /// The same in sample frames since midnight.
    pub(super) start_sample: i64,
    /// Length in sample frames.
    pub(super) length: u64,
    /// Sample rate of the outputs.
    pub(super) rate: SampleRate,
    /// Frame rate and counting of the programme.
    pub(super) frame_rate: FrameRate,
    /// For each timeline, what is taken from a sample since midnight to get one of the output.
    shifts: Vec<i64>,
    /// For each timeline the output sample frames that its clips may sound in, where they are fewer
    /// than all: a reel ends where the next one begins.
    windows: Vec<OutputSpan>,
}

/// One clip's place on the axis, uncut: `start` may lie before the first sample frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OutputSpan {
    /// First sample frame.
    pub(super) start: i64,
    /// First sample frame after it.
    pub(super) end: i64,
}

impl Programme {
    /// Lays timelines over each other by timecode, or, as `reels`, one behind the other.
    ///
    /// The start is `start` where given, else that of the earliest timeline (the first reel). The
    /// end is the last record out of all.
    pub(super) fn new(
        timelines: &[ValidTimeline],
        start: Option<Pos<Record>>,
        rate: SampleRate,
        frame_rate: FrameRate,
        reels: bool,
    ) -> Self {
        let starts = || timelines.iter().map(|timeline| timeline.get().start);
        let first = if reels {
            starts().next()
        } else {
            starts().min()
        };
        let start = start.or(first).unwrap_or(Pos::ZERO);
        let start_sample = start.sample(rate).index();
        let (mut shifts, mut end) = (Vec::new(), start_sample);
        for (i, timeline) in timelines.iter().map(ValidTimeline::get).enumerate() {
            // A later reel starts where the one before it ended.
            let shift = if reels && i > 0 {
                timeline.start.sample(rate).index() - end
            } else {
                0
            };
            shifts.push(shift + start_sample);
            end = end.max(record_out(timeline).sample(rate).index() - shift);
        }
        let length = (end - start_sample).unsigned_abs();
        Self {
            start,
            start_sample,
            length,
            rate,
            frame_rate,
            shifts,
            windows: Vec::new(),
        }
    }

    /// Lays reels one behind the other, each from its first frame of picture to its last, and gives
    /// the first sample frame the timecode `start`.
    pub(super) fn framed(
        framed: &Framed,
        start: Pos<Record>,
        rate: SampleRate,
        frame_rate: FrameRate,
    ) -> Self {
        let length = framed.reels.iter().map(|reel| reel.length).sum();
        let reel_of = |&reel: &usize| {
            let first = framed.reels.first();
            // A timeline that is cut into reels lies on one axis.
            let reel = if framed.cut {
                first
            } else {
                framed.reels.get(reel)
            };
            let (from, at, own) = reel.map_or((0, 0, 0), |reel| {
                (
                    reel.start.sample(rate).index(),
                    reel.at as i64,
                    reel.length as i64,
                )
            });
            let end = if framed.cut { length as i64 } else { at + own };
            (from - at, OutputSpan { start: at, end })
        };
        let (shifts, windows) = framed.reel_of.iter().map(reel_of).unzip();
        Self {
            start,
            start_sample: start.sample(rate).index(),
            length,
            rate,
            frame_rate,
            shifts,
            windows,
        }
    }

    /// The output sample frames that the clips of a timeline may sound in.
    pub(super) fn window(&self, timeline: usize) -> OutputSpan {
        let all = OutputSpan {
            start: 0,
            end: self.length as i64,
        };
        self.windows.get(timeline).copied().unwrap_or(all)
    }

    /// The output sample frame at a record position of a timeline; may lie outside the files.
    pub(super) fn sample(&self, timeline: usize, at: Pos<Record>) -> i64 {
        let shift = self
            .shifts
            .get(timeline)
            .copied()
            .unwrap_or(self.start_sample);
        at.sample(self.rate).index() - shift
    }

    /// A stretch of a timeline as output sample frames: the difference of two rounded edges.
    pub(super) fn span(&self, timeline: usize, from: Pos<Record>, to: Pos<Record>) -> OutputSpan {
        OutputSpan {
            start: self.sample(timeline, from),
            end: self.sample(timeline, to),
        }
    }

    /// Sample frames from `from` for `length` of exact time, both edges rounded.
    pub(super) fn length_after(&self, timeline: usize, from: Pos<Record>, length: Duration) -> u64 {
        let to = from.checked_add(length).unwrap_or(from);
        let span = self.span(timeline, from, to);
        span.end.abs_diff(span.start)
    }

    /// Sample frames of `length` of exact time that end at `to`, both edges rounded.
    pub(super) fn length_before(&self, timeline: usize, to: Pos<Record>, length: Duration) -> u64 {
        let from = to.checked_sub(length).unwrap_or(to);
        let span = self.span(timeline, from, to);
        span.end.abs_diff(span.start)
    }
}

/// Where a timeline ends: the last record out of all clips, sounding or not, or later where the
/// timeline says so.
pub(super) fn record_out(timeline: &Timeline) -> Pos<Record> {
    let clips = timeline.tracks.iter().flat_map(|track| &track.clips);
    let ends = clips.map(|clip| clip.record.end).chain(timeline.end);
    ends.fold(timeline.start, Ord::max)
}
