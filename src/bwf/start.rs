//! When the sound of a file begins.

use super::model::Wave;
use crate::audio::SampleRate;
use crate::time::{FrameRate, Pos, Rational, Source, Timecode};

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
        rate.timecode_of_sample(i64::try_from(samples).ok()?, clock)
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

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::audio::SampleFormat;
    use crate::bwf::{Bext, Container, Ixml, IxmlSpeed, WaveFormat};

    fn wave(hertz: u32, time_reference: Option<u64>) -> Wave {
        Wave {
            path: PathBuf::new(),
            container: Container::Riff,
            format: WaveFormat::new(SampleRate::new(hertz).unwrap(), 1, SampleFormat::Int24, 0),
            data: None,
            frames: 0,
            bext: time_reference.map(|time_reference| Bext {
                time_reference,
                ..Bext::default()
            }),
            ixml: None,
            cues: Vec::new(),
            adm: None,
            md5: None,
            chunks: Vec::new(),
            findings: Vec::new(),
        }
    }

    #[track_caller]
    fn check(hertz: u32, samples: u64, rate: &str, timecode: &str) {
        let start = wave(hertz, Some(samples)).start_timecode(rate.parse().ok());
        assert_eq!(start.unwrap().to_string(), timecode);
    }

    #[test]
    fn a_start_is_the_frame_that_plays_or_was_rounded_to_it() {
        check(48_000, 172_972_800, "23.976", "01:00:00:00");
        check(48_000, 172_972_799, "23.976", "00:59:59:23");
        check(48_000, 2_191_709_524, "23.976", "12:40:15:00");
        // 172,799,827.2 samples, rounded down.
        check(48_000, 172_799_827, "29.97df", "01:00:00;00");
        check(48_000, 172_799_826, "29.97df", "00:59:59;29");
        // Frame 50 begins at 73,573.5 samples, which round up.
        check(44_100, 73_573, "29.97", "00:00:01:19");
        check(44_100, 73_574, "29.97", "00:00:01:20");
    }

    #[test]
    fn without_a_rate_or_a_start_there_is_no_timecode() {
        assert_eq!(wave(48_000, Some(5)).start_timecode(None), None);
        assert_eq!(
            wave(48_000, None).start_timecode(Some(FrameRate::F24)),
            None
        );
        assert_eq!(wave(48_000, None).start(), None);
        assert_eq!(
            wave(48_000, Some(u64::MAX - 2)).start(),
            None,
            "more than 64 bits of fraction"
        );
    }

    #[test]
    fn the_ixml_states_the_start_where_there_is_no_bext_chunk() {
        let mut wave = wave(96_000, None);
        wave.ixml = Some(Ixml {
            speed: Some(IxmlSpeed {
                timecode_rate: Some(FrameRate::F25.fps()),
                timestamp_samples: Some(96_000),
                timestamp_sample_rate: Some(48_000),
                ..IxmlSpeed::default()
            }),
            ..Ixml::default()
        });
        assert_eq!(wave.start().unwrap().seconds(), Rational::from_int(2));
        assert_eq!(
            wave.start_timecode(None).unwrap().to_string(),
            "00:00:02:00"
        );
        assert_eq!(
            wave.start_timecode(Some(FrameRate::F24)).unwrap().rate(),
            FrameRate::F24
        );
    }
}
