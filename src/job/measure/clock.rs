//! What a sample frame of a file is called: its timecode, where the file says when it starts.

use crate::audio::SampleRate;
use crate::bwf::Wave;
use crate::time::{FrameRate, Rational, Timecode, sample_at};

/// The time line of a file.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    rate: SampleRate,
    /// Seconds of the first sample frame since midnight, and how frames of picture are counted.
    start: Option<(Rational, FrameRate)>,
}

impl Clock {
    /// A time line that only knows how long ago it began.
    pub(super) const fn elapsed(rate: SampleRate) -> Self {
        Self { rate, start: None }
    }

    /// That of a WAVE file: by its time reference at the frame rate of its iXML.
    pub(super) fn of(wave: &Wave) -> Self {
        let start = wave.start().map(crate::time::Pos::seconds);
        Self {
            rate: wave.format.rate,
            start: start.zip(wave.frame_rate()),
        }
    }

    /// The timecode of the frame of picture that plays at a sample frame; `None` where the file states no
    /// start or no frame rate.
    pub fn timecode(&self, at: u64) -> Option<Timecode> {
        let (start, frames) = self.start?;
        let sample = sample_at(start, self.rate).checked_add_unsigned(at)?;
        frames.timecode_of_sample(sample, self.rate)
    }

    /// The timecode for people, else hours, minutes, seconds and milliseconds since the first sample frame.
    pub fn show(&self, at: u64) -> String {
        if let Some(timecode) = self.timecode(at) {
            return timecode.to_string();
        }
        let milliseconds = u128::from(at) * 1000 / u128::from(self.rate.hertz());
        let (seconds, rest) = (milliseconds / 1000, milliseconds % 1000);
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        format!("{hours}:{minutes:02}:{:02}.{rest:03}", seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(start: Option<(i64, FrameRate)>, at: u64, wanted: &str) {
        let seconds = |samples| Rational::new(samples, 48_000).unwrap();
        let clock = Clock {
            rate: SampleRate::HZ_48000,
            start: start.map(|(samples, rate)| (seconds(samples), rate)),
        };
        assert_eq!(clock.show(at), wanted);
    }

    #[test]
    fn a_place_is_a_timecode_or_a_time() {
        let rate = |text: &str| text.parse::<FrameRate>().unwrap();
        let hour = 172_800_000;
        check(Some((hour, rate("24"))), 0, "01:00:00:00");
        check(Some((hour, rate("24"))), 1999, "01:00:00:00");
        check(Some((hour, rate("24"))), 2000, "01:00:00:01");
        // The second frame of picture begins 1601.6 samples after the first: at sample 1602.
        check(Some((0, rate("29.97df"))), 1601, "00:00:00;00");
        check(Some((0, rate("29.97df"))), 1602, "00:00:00;01");
        check(None, 48_000 * 3661 + 480, "1:01:01.010");
    }
}
