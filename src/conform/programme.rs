//! The axis of the output files: where they start, how long they are, and where each timeline
//! lies on it.

use super::framing::Framed;
use super::reels::ReelGroup;
use crate::audio::SampleRate;
use crate::time::{Duration, FrameRate, Pos, Rational, Record};
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
    /// For each timeline the exact seconds from its record axis to that of the files.
    shifts: Vec<Rational>,
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
    /// Lays the timelines of a reel over each other by timecode, and the reels one behind the other.
    ///
    /// The start is `start` where given, else that of the earliest timeline of the first reel. The
    /// end is the last record out of all.
    pub(super) fn new(
        timelines: &[ValidTimeline],
        start: Option<Pos<Record>>,
        rate: SampleRate,
        frame_rate: FrameRate,
        reels: &[ReelGroup],
    ) -> Self {
        let of = |reel: &ReelGroup| -> Vec<&Timeline> {
            let numbers = reel.timelines.iter();
            let found = numbers.filter_map(|&number| timelines.get(number));
            found.map(ValidTimeline::get).collect()
        };
        let earliest = |list: &[&Timeline]| list.iter().map(|timeline| timeline.start).min();
        let first = reels.first().and_then(|reel| earliest(&of(reel)));
        let start = start.or(first).unwrap_or(Pos::ZERO);
        let (mut shifts, mut end) = (vec![Rational::ZERO; timelines.len()], start);
        for (i, reel) in reels.iter().enumerate() {
            let list = of(reel);
            // A later reel starts where the one before it ended.
            let behind = earliest(&list).filter(|_| i > 0);
            let shift = behind.and_then(|from| end.since(from));
            let shift = shift.unwrap_or(Rational::ZERO);
            for &number in &reel.timelines {
                if let Some(slot) = shifts.get_mut(number) {
                    *slot = shift;
                }
            }
            let outs = list.iter().map(|timeline| record_out(timeline));
            let outs = outs.filter_map(|out| out.checked_add(shift));
            end = outs.fold(end, Ord::max);
        }
        let start_sample = start.sample(rate).index();
        Self {
            start,
            start_sample,
            length: (end.sample(rate).index() - start_sample).unsigned_abs(),
            rate,
            frame_rate,
            shifts,
            windows: Vec::new(),
        }
    }

    /// Lays reels one behind the other, each from its first frame of picture to its last, and gives
    /// the first sample frame the timecode at which the programme starts in the files.
    pub(super) fn framed(framed: &Framed, rate: SampleRate, frame_rate: FrameRate) -> Self {
        let start = framed.start;
        let length = framed.reels.iter().map(|reel| reel.length).sum();
        let place_of = |&reel: &usize| {
            // A timeline that is cut into reels lies on one axis.
            let reel = framed.reels.get(if framed.cut { 0 } else { reel });
            let shift = reel.and_then(|reel| {
                let at = start.checked_add(reel.offset)?;
                at.since(reel.start)
            });
            let (at, own) = reel.map_or((0, 0), |reel| (reel.at as i64, reel.length as i64));
            let end = if framed.cut { length as i64 } else { at + own };
            let window = OutputSpan { start: at, end };
            (shift.unwrap_or(Rational::ZERO), window)
        };
        let (shifts, windows) = framed.reel_of.iter().map(place_of).unzip();
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

    fn shift(&self, timeline: usize) -> Rational {
        let shift = self.shifts.get(timeline);
        shift.copied().unwrap_or(Rational::ZERO)
    }

    /// The output sample frame at a record position of a timeline, rounded on the axis of the files;
    /// may lie outside them.
    pub(super) fn sample(&self, timeline: usize, at: Pos<Record>) -> i64 {
        let there = at.checked_add(self.shift(timeline)).unwrap_or(at);
        there.sample(self.rate).index() - self.start_sample
    }

    /// The instant of an output sample frame on the record axis of a timeline.
    pub(super) fn instant(&self, timeline: usize, sample: i64) -> Option<Pos<Record>> {
        let hertz = i64::from(self.rate.hertz());
        let there = Rational::new(self.start_sample.checked_add(sample)?, hertz)?;
        Pos::new(there).checked_sub(self.shift(timeline))
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
