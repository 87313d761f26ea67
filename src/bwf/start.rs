//! When the sound of a file begins.

use super::model::Wave;
use crate::audio::SampleRate;
use crate::time::{FrameRate, Pos, Rational, Source, Timecode, sample_at};

impl Wave {
    /// Seconds of the first frame since midnight, exactly; `None` where the file does not say.
    ///
    /// The bext chunk's time reference counts frames at the file's sample rate. Without one, the time
    /// stamp of the iXML is taken. Where the iXML repeats the time reference and states another rate
    /// for it (files recorded at 48,048 Hz), that rate turns it into time (iXML, `TIMESTAMP_SAMPLE_RATE`).
    pub fn start(&self) -> Option<Pos<Source>> {
        let (samples, clock) = self.start_sample()?;
        let seconds = Rational::from_wide(i128::from(samples), i128::from(clock.hertz()))?;
        Some(Pos::new(seconds))
    }

    /// Rate and counting of the timecode as the iXML states them: no other chunk does.
    pub fn frame_rate(&self) -> Option<FrameRate> {
        self.ixml.as_ref()?.frame_rate()
    }

    /// Timecode of the first frame at `rate`, else at the iXML's; `None` without either or a start.
    ///
    /// It is the timecode frame that plays at the first sample. A start that is the rounded sample of a
    /// timecode frame is that frame, though the sample may lie up to half a sample before it.
    pub fn start_timecode(&self, rate: Option<FrameRate>) -> Option<Timecode> {
        let rate = rate.or_else(|| self.frame_rate())?;
        let (samples, clock) = self.start_sample()?;
        let twice = 2 * i128::from(samples) + 1;
        let late = Rational::from_wide(twice, 2 * i128::from(clock.hertz()))?;
        let frame = rate.frame_at(late)?;
        let first = sample_at(rate.seconds_at(frame)?, clock);
        let past = i128::from(first) > i128::from(samples);
        Some(Timecode::from_frame(frame - i64::from(past), rate))
    }

    /// Frames since midnight and the rate that they are counted at.
    fn start_sample(&self) -> Option<(u64, SampleRate)> {
        let stamp = self.ixml.as_ref().and_then(super::Ixml::time_stamp);
        let reference = self.bext.as_ref().map(|bext| bext.time_reference);
        let samples = reference.or(stamp)?;
        let speed = self.ixml.as_ref().and_then(|ixml| ixml.speed.as_ref());
        let clock = speed
            .filter(|speed| speed.timestamp_samples == Some(samples))
            .and_then(|speed| SampleRate::new(speed.timestamp_sample_rate?).ok());
        Some((samples, clock.unwrap_or(self.format.rate)))
    }
}
