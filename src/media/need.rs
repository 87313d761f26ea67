//! What a clip needs of a recording, and how well a file gives it.

use super::file::MediaFile;
use crate::time::{FrameRate, Rational, Timecode, sample_at};
use crate::timeline::{Clip, SourceIn};

/// How well a file holds the stretch that a clip needs, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cover {
    /// Not at all.
    None,
    /// When its first sample counts as 00:00:00:00 or 01:00:00:00.
    FromHead,
    /// A part, of so many sample frames.
    Part(i64),
    /// All of it, with the timecode read at the file's own frame rate.
    OwnRate,
    /// All of it.
    Whole,
}

/// The stretch of a recording that a clip needs, in the words of the cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Need {
    /// Seconds of the stretch's first instant: since midnight where `rate` is set, else from the
    /// file's first sample.
    pub(super) start: Rational,
    /// Seconds of the first instant after it.
    pub(super) end: Rational,
    /// The rate of the timecode, where the cut states one.
    pub(super) rate: Option<FrameRate>,
}

impl Need {
    /// `None` for a clip whose positions do not fit; validation has refused those.
    pub(super) fn of(clip: &Clip) -> Option<Self> {
        let length = clip.record.duration()?;
        let lead = clip.record.start.since(clip.source.sync())?;
        let (start, rate) = match clip.source {
            SourceIn::Offset { at, .. } => (at.seconds(), None),
            SourceIn::Timecode { at, rate, .. } => (at.seconds(), Some(rate)),
            SourceIn::Head { .. } => (Rational::ZERO, None),
        };
        let start = start.checked_add(lead)?;
        let end = start.checked_add(length)?;
        Some(Self { start, end, rate })
    }

    /// How well a file holds the stretch. A frame at either end may be missing: recorders start and
    /// stop between frames.
    pub(super) fn cover(&self, file: &MediaFile) -> Cover {
        let (Some(rate), stamp) = (self.rate, stamp(file)) else {
            return self.shared(Rational::ZERO, 0, file);
        };
        let direct = stamp.map_or(Cover::None, |stamp| self.by_clock(rate, stamp, file));
        if direct == Cover::Whole {
            return direct;
        }
        let own = stamp.zip(relabel(self.start, rate, file.timecode_rate));
        if let Some((stamp, start)) = own
            && let Some(shift) = start.checked_sub(self.start)
            && self.shared(shift, stamp, file) == Cover::Whole
        {
            return Cover::OwnRate;
        }
        if direct > Cover::None {
            return direct;
        }
        let hour = first_hour(rate, file).and_then(|hour| Rational::ZERO.checked_sub(hour));
        let from_head = std::iter::once(Rational::ZERO).chain(hour);
        match from_head.map(|shift| self.shared(shift, 0, file)).max() {
            Some(Cover::Whole) => Cover::FromHead,
            _ => Cover::None,
        }
    }

    /// By the file's time stamp, today or, for a recording across midnight, tomorrow.
    fn by_clock(&self, rate: FrameRate, stamp: i64, file: &MediaFile) -> Cover {
        let today = self.shared(Rational::ZERO, stamp, file);
        match day(rate) {
            Some(day) if today == Cover::None => self.shared(day, stamp, file),
            _ => today,
        }
    }

    /// How well a file whose first sample has the number `first` holds the stretch moved by `shift`
    /// seconds. Whole samples are close enough here and fast.
    fn shared(&self, shift: Rational, first: i64, file: &MediaFile) -> Cover {
        let at = |seconds: Rational| {
            let moved = if shift.is_zero() {
                Some(seconds)
            } else {
                seconds.checked_add(shift)
            };
            moved.map(|seconds| sample_at(seconds, file.rate))
        };
        let (Some(start), Some(end)) = (at(self.start), at(self.end)) else {
            return Cover::None;
        };
        let last = first.saturating_add_unsigned(file.frames);
        let shared = end.min(last).saturating_sub(start.max(first));
        let frame = self.rate.unwrap_or(FrameRate::F24).frame_duration();
        let missing = end.saturating_sub(start).saturating_sub(shared);
        match shared {
            ..=0 => Cover::None,
            _ if missing <= sample_at(frame, file.rate) => Cover::Whole,
            part => Cover::Part(part),
        }
    }
}

/// The number of a file's first sample since midnight.
pub(super) fn stamp(file: &MediaFile) -> Option<i64> {
    file.time_reference
        .and_then(|samples| i64::try_from(samples).ok())
}

/// A day of timecode in real time: 86,486.4 s at 23.976.
pub(super) fn day(rate: FrameRate) -> Option<Rational> {
    rate.seconds_at(rate.frames_per_day())
}

/// 01:00:00:00 at a rate, for a file whose time stamp is absent or zero: the start that several
/// editing systems give it.
pub(super) fn first_hour(rate: FrameRate, file: &MediaFile) -> Option<Rational> {
    match file.time_reference {
        None | Some(0) => rate.seconds_of("01:00:00:00").ok(),
        Some(_) => None,
    }
}

/// The real time of the same timecode label at another rate; `None` where it is the same time, or
/// where the other rate is not known.
///
/// 10:00:00:00 is 36,000 s at 24 and 36,036 s at 23.976: a cut whose rate is wrong by a thousandth
/// names the right frames at wrong times.
pub(super) fn relabel(
    at: Rational,
    written: FrameRate,
    own: Option<FrameRate>,
) -> Option<Rational> {
    let own = own.filter(|own| *own != written)?;
    let label = written.timecode_at(at)?;
    let (hours, minutes, seconds, frames) = label.fields();
    let whole = Timecode::from_fields((hours, minutes, seconds, 0), own).ok()?;
    let scale = Rational::new(own.nominal().into(), written.nominal().into())?;
    let frames = Rational::from_int(frames.into()).checked_mul(scale)?;
    let frame = Rational::from_int(whole.frame()).checked_add(frames)?;
    let relabelled = frame.checked_mul(own.frame_duration())?;
    // What lies between the frames of the cut stays.
    let rest = at.checked_sub(written.seconds_at(label.frame())?)?;
    let relabelled = relabelled.checked_add(rest)?;
    (relabelled != at).then_some(relabelled)
}
