//! Positions that remember the space they were measured in, and the one rounding site.

use std::fmt;
use std::marker::PhantomData;

use serde::{Serialize, Serializer};

use super::rational::Rational;
use crate::audio::SampleRate;

/// The space of a source recording: seconds of its timecode since midnight, or seconds from its
/// first sample, as the value that holds the position says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {}

/// The space of the timeline: seconds since midnight of the record timecode, in real time (frame
/// number times frame duration).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Record {}

/// The space of the files that are written: sample frames from their first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Output {}

/// An instant of `Space`, in exact seconds.
pub struct Pos<Space>(Rational, PhantomData<Space>);

/// A length of time in exact seconds; belongs to no space.
pub type Duration = Rational;

impl<Space> Pos<Space> {
    /// Zero seconds.
    pub const ZERO: Self = Self::new(Rational::ZERO);

    /// The instant so many seconds into the space.
    pub const fn new(seconds: Rational) -> Self {
        Self(seconds, PhantomData)
    }

    /// Seconds into the space.
    pub const fn seconds(self) -> Rational {
        self.0
    }

    /// Later by `by`; `None` when the exact result does not fit.
    pub const fn checked_add(self, by: Duration) -> Option<Self> {
        match self.0.checked_add(by) {
            Some(seconds) => Some(Self::new(seconds)),
            None => None,
        }
    }

    /// Earlier by `by`; `None` when the exact result does not fit.
    pub const fn checked_sub(self, by: Duration) -> Option<Self> {
        match self.0.checked_sub(by) {
            Some(seconds) => Some(Self::new(seconds)),
            None => None,
        }
    }

    /// The time from `earlier` to this instant; `None` when the exact result does not fit.
    pub const fn since(self, earlier: Self) -> Option<Duration> {
        self.0.checked_sub(earlier.0)
    }

    /// The sample frame at this instant, counted from the space's zero.
    pub const fn sample(self, rate: SampleRate) -> Sample<Space> {
        Sample(sample_at(self.0, rate), PhantomData)
    }
}

/// `floor(t·rate + 1/2)`: the crate's only step from exact time to samples.
///
/// Ties go up. Give it absolute positions, never lengths: the length of a clip is the difference of
/// its two rounded edges, so neighbours never gap or overlap. Saturates at the ends of `i64`.
pub const fn sample_at(seconds: Rational, rate: SampleRate) -> i64 {
    let num = seconds.num() as i128 * rate.hertz() as i128;
    let den = seconds.den() as i128;
    let sample = (2 * num + den).div_euclid(2 * den);
    if sample > i64::MAX as i128 {
        i64::MAX
    } else if sample < i64::MIN as i128 {
        i64::MIN
    } else {
        sample as i64
    }
}

/// A sample frame of `Space`: one instant of audio, all channels.
pub struct Sample<Space>(i64, PhantomData<Space>);

impl<Space> Sample<Space> {
    /// The sample frame with this index; negative ones lie before the space's zero.
    pub const fn new(index: i64) -> Self {
        Self(index, PhantomData)
    }

    /// The index.
    pub const fn index(self) -> i64 {
        self.0
    }

    /// This sample frame moved by `by`; saturates.
    #[must_use]
    pub const fn offset(self, by: i64) -> Self {
        Self(self.0.saturating_add(by), PhantomData)
    }
}

/// Half-open stretch of exact time: `start` is in it, `end` is not.
pub struct Span<Space> {
    /// First instant.
    pub start: Pos<Space>,
    /// First instant after it.
    pub end: Pos<Space>,
}

impl<Space> Span<Space> {
    /// The stretch from `start` up to `end`.
    pub const fn new(start: Pos<Space>, end: Pos<Space>) -> Self {
        Self { start, end }
    }

    /// Its length; `None` when the exact result does not fit.
    pub const fn duration(self) -> Option<Duration> {
        self.end.since(self.start)
    }
}

/// Half-open stretch of sample frames.
pub struct SampleSpan<Space> {
    /// First sample frame.
    pub start: Sample<Space>,
    /// First sample frame after it; never before `start`.
    pub end: Sample<Space>,
}

impl<Space> SampleSpan<Space> {
    /// The stretch from `start` up to `end`; empty where `end` lies before `start`.
    pub const fn new(start: Sample<Space>, end: Sample<Space>) -> Self {
        let end = if end.0 < start.0 { start } else { end };
        Self { start, end }
    }

    /// Sample frames in it.
    pub const fn len(self) -> u64 {
        self.end.0.abs_diff(self.start.0)
    }

    /// Whether nothing is in it.
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }
}

/// The derives would ask the marker types for the same traits; these do not.
macro_rules! plain_value {
    ($name:ident, $($field:tt),+) => {
        impl<Space> Clone for $name<Space> {
            fn clone(&self) -> Self {
                *self
            }
        }
        impl<Space> Copy for $name<Space> {}
        impl<Space> PartialEq for $name<Space> {
            fn eq(&self, other: &Self) -> bool {
                $(self.$field == other.$field)&&+
            }
        }
        impl<Space> Eq for $name<Space> {}
        impl<Space> PartialOrd for $name<Space> {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }
        impl<Space> Ord for $name<Space> {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                ($(self.$field,)+).cmp(&($(other.$field,)+))
            }
        }
    };
}
plain_value!(Pos, 0);
plain_value!(Sample, 0);
plain_value!(Span, start, end);
plain_value!(SampleSpan, start, end);

impl<Space> fmt::Debug for Pos<Space> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}s", self.0)
    }
}

impl<Space> fmt::Debug for Sample<Space> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

impl<Space> fmt::Debug for Span<Space> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}..{:?}", self.start, self.end)
    }
}

impl<Space> fmt::Debug for SampleSpan<Space> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}..{:?}", self.start, self.end)
    }
}

impl<Space> Serialize for Pos<Space> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<Space> Serialize for Sample<Space> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::FrameRate;

    fn sample(timecode: &str, rate: &str, hertz: u32) -> i64 {
        let rate: FrameRate = rate.parse().unwrap();
        sample_at(
            rate.seconds_of(timecode).unwrap(),
            SampleRate::new(hertz).unwrap(),
        )
    }

    #[test]
    fn the_first_hour_at_every_rate() {
        for (rate, expect) in [
            ("23.976", 172_972_800),
            ("24", 172_800_000),
            ("25", 172_800_000),
            ("29.97", 172_972_800),
            ("29.97df", 172_799_827), // 172,799,827.2: not a whole sample
            ("30", 172_800_000),
            ("47.952", 172_972_800),
            ("50", 172_800_000),
            ("59.94df", 172_799_827),
            ("119.88df", 172_799_827),
        ] {
            assert_eq!(sample("01:00:00:00", rate, 48_000), expect, "{rate}");
        }
        assert_eq!(sample("01:00:00:00", "24", 44_100), 158_760_000);
        assert_eq!(sample("23:59:59:23", "23.976", 192_000), 16_605_380_792);
    }

    #[test]
    fn ties_go_up() {
        let two = SampleRate::new(2000).unwrap();
        for (seconds, expect) in [
            ("1/4000", 1),
            ("-1/4000", 0),
            ("3/4000", 2),
            ("-3/4000", -1),
        ] {
            assert_eq!(
                sample_at(seconds.parse().unwrap(), two),
                expect,
                "{seconds}"
            );
        }
    }

    #[test]
    fn neighbours_never_gap_or_overlap() {
        let rate = FrameRate::F29_97;
        let total: i64 = (0..1000)
            .map(|frame| {
                let edge = |n| sample_at(rate.seconds_at(n).unwrap(), SampleRate::HZ_48000);
                edge(frame + 1) - edge(frame)
            })
            .sum();
        assert_eq!(total, 1_601_600);
    }
}
