//! Frame rates of film and television, exact, with their way of counting.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::rational::Rational;
use super::timecode::{Timecode, TimecodeError};
use crate::audio::SampleRate;

/// Frames per second as an exact fraction, and whether timecode at it drops frame numbers
/// (SMPTE ST 12-1 §5.2.2).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FrameRate {
    num: u32,
    den: u32,
    drop: bool,
}

/// Why a text or number is not a frame rate.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RateError {
    /// No rate of the field is near this value.
    #[error(
        "`{0}` is not a frame rate; known are 23.976 24 25 29.97 29.97df 30 47.952 48 50 59.94 59.94df 60 100 119.88 119.88df 120, or a fraction such as 24000/1001"
    )]
    Unknown(String),
    /// Drop-frame counting asked for at a rate that has none.
    #[error("{0} has no drop-frame counting; 29.97, 59.94, 119.88, 30, 60 and 120 have")]
    NoDropFrame(String),
}

impl FrameRate {
    /// 23.976.
    pub const F23_976: Self = Self::ndf(24000, 1001);
    /// 24, film.
    pub const F24: Self = Self::ndf(24, 1);
    /// 25.
    pub const F25: Self = Self::ndf(25, 1);
    /// 29.97, non-drop.
    pub const F29_97: Self = Self::ndf(30000, 1001);
    /// 29.97, drop-frame.
    pub const F29_97_DF: Self = Self::df(30000, 1001);
    /// 30, non-drop.
    pub const F30: Self = Self::ndf(30, 1);

    /// Every rate and counting that the field uses.
    pub const ALL: [Self; 20] = [
        Self::F23_976,
        Self::F24,
        Self::F25,
        Self::F29_97,
        Self::F29_97_DF,
        Self::F30,
        Self::df(30, 1),
        Self::ndf(48000, 1001),
        Self::ndf(48, 1),
        Self::ndf(50, 1),
        Self::ndf(60000, 1001),
        Self::df(60000, 1001),
        Self::ndf(60, 1),
        Self::df(60, 1),
        Self::ndf(100, 1),
        Self::ndf(120_000, 1001),
        Self::df(120_000, 1001),
        Self::ndf(120, 1),
        Self::df(120, 1),
        Self::ndf(96, 1),
    ];

    const fn ndf(num: u32, den: u32) -> Self {
        Self {
            num,
            den,
            drop: false,
        }
    }

    const fn df(num: u32, den: u32) -> Self {
        Self {
            num,
            den,
            drop: true,
        }
    }

    /// The rate of exactly this fraction, counted without dropping.
    ///
    /// # Errors
    /// [`RateError::Unknown`] when no rate of [`FrameRate::ALL`] has this value.
    pub fn from_rational(fps: Rational) -> Result<Self, RateError> {
        Self::ALL
            .into_iter()
            .find(|rate| !rate.drop && rate.fps() == fps)
            .ok_or_else(|| RateError::Unknown(fps.to_string()))
    }

    /// The exact rate that a rounded one stands for: 23.98, 23.976 and 23.976023976 are 24000/1001.
    ///
    /// # Errors
    /// [`RateError::Unknown`] when none is within 0.005 frames per second (23.98 is 0.004 off;
    /// the nearest two rates of the field are 0.024 apart).
    pub fn from_f64(fps: f64) -> Result<Self, RateError> {
        Self::ALL
            .into_iter()
            .filter(|rate| !rate.drop)
            .map(|rate| (rate, (rate.fps().to_f64() - fps).abs()))
            .filter(|(_, off)| *off <= 0.005)
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(rate, _)| rate)
            .ok_or_else(|| RateError::Unknown(fps.to_string()))
    }

    /// Frames per second.
    pub const fn fps(self) -> Rational {
        match Rational::new(self.num as i64, self.den as i64) {
            Some(fps) => fps,
            None => Rational::ZERO,
        }
    }

    /// The length of a frame in seconds.
    pub const fn frame_duration(self) -> Rational {
        match Rational::new(self.den as i64, self.num as i64) {
            Some(duration) => duration,
            None => Rational::ZERO,
        }
    }

    /// Frame numbers per second of timecode: the rate rounded up, 24 for 23.976.
    pub const fn nominal(self) -> u32 {
        self.num.div_ceil(self.den)
    }

    /// Whether timecode skips frame numbers at this rate.
    pub const fn drop_frame(self) -> bool {
        self.drop
    }

    /// Frame numbers skipped at the start of every minute that is not a multiple of ten: 2 at
    /// 29.97 DF, 4 at 59.94 DF, 8 at 119.88 DF, else 0 (SMPTE ST 12-1 §5.2.2, ST 12-3).
    pub const fn dropped_per_minute(self) -> u32 {
        if self.drop { self.nominal() / 15 } else { 0 }
    }

    /// The same rate counted with or without dropping.
    ///
    /// # Errors
    /// [`RateError::NoDropFrame`] when the rate is not a multiple of 30 (nominal).
    pub fn with_drop(self, drop: bool) -> Result<Self, RateError> {
        if drop && !self.nominal().is_multiple_of(30) {
            return Err(RateError::NoDropFrame(self.to_string()));
        }
        Ok(Self { drop, ..self })
    }

    /// Frames in 24 hours of timecode.
    pub const fn frames_per_day(self) -> i64 {
        let all = 24 * 3600 * self.nominal() as i64;
        all - 24 * (60 - 6) * self.dropped_per_minute() as i64
    }

    /// Where frame number `frame` begins, in seconds: `frame · frame duration`, exactly.
    pub const fn seconds_at(self, frame: i64) -> Option<Rational> {
        self.frame_duration().checked_mul(Rational::from_int(frame))
    }

    /// The frame that holds this instant: frames are half-open, so a frame's own start is in it.
    pub const fn frame_at(self, seconds: Rational) -> Option<i64> {
        match seconds.checked_mul(self.fps()) {
            Some(frames) => Some(frames.floor()),
            None => None,
        }
    }

    /// The timecode shown while this instant plays, wrapped to a day.
    pub fn timecode_at(self, seconds: Rational) -> Option<Timecode> {
        self.frame_at(seconds)
            .map(|frame| Timecode::from_frame(frame, self))
    }

    /// The frame of picture that plays at a sample frame since midnight: the last one whose first sample
    /// frame, rounded as [`sample_at`](super::sample_at) rounds it, is not behind this one.
    pub fn frame_of_sample(self, sample: i64, rate: SampleRate) -> Option<i64> {
        // A frame f begins at the nearest sample, halves upwards: it has begun at `sample` where
        // f·duration·rate < sample + 1/2, that is f·2·rate·den < (2·sample + 1)·num.
        let (num, den) = (i128::from(self.fps().num()), i128::from(self.fps().den()));
        let behind = (2 * i128::from(sample) + 1) * num - 1;
        i64::try_from(behind.div_euclid(2 * i128::from(rate.hertz()) * den)).ok()
    }

    /// The timecode shown while this sample frame since midnight plays, wrapped to a day.
    pub fn timecode_of_sample(self, sample: i64, rate: SampleRate) -> Option<Timecode> {
        let frame = self.frame_of_sample(sample, rate)?;
        Some(Timecode::from_frame(frame, self))
    }

    /// Reads a timecode of this rate and returns its position in seconds since midnight.
    ///
    /// # Errors
    /// As [`Timecode::parse`].
    pub fn seconds_of(self, timecode: &str) -> Result<Rational, TimecodeError> {
        let frame = Timecode::parse(timecode, self)?.frame();
        self.seconds_at(frame)
            .ok_or_else(|| TimecodeError::NotTimecode(timecode.to_owned()))
    }
}

impl fmt::Display for FrameRate {
    /// `23.976`, `24`, `29.97 DF`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.den == 1 {
            write!(f, "{}", self.num)?;
        } else {
            let text = format!("{:.3}", self.fps().to_f64());
            write!(f, "{}", text.trim_end_matches('0'))?;
        }
        if self.drop { write!(f, " DF") } else { Ok(()) }
    }
}

impl fmt::Debug for FrameRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for FrameRate {
    type Err = RateError;

    /// Reads `23.976`, `24000/1001`, `29.97df`, `30000/1001 DF`, `25`, `29.97ndf`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let lower = text.trim().to_ascii_lowercase();
        let (number, drop) = match lower.strip_suffix("ndf") {
            Some(rest) => (rest, false),
            None => match lower.strip_suffix("df") {
                Some(rest) => (rest, true),
                None => (lower.as_str(), false),
            },
        };
        let number = number.trim().trim_end_matches("fps").trim();
        let rate = if number.contains('/') {
            number
                .parse::<Rational>()
                .ok()
                .and_then(|fps| Self::from_rational(fps).ok())
        } else {
            number
                .parse::<f64>()
                .ok()
                .and_then(|fps| Self::from_f64(fps).ok())
        };
        rate.ok_or_else(|| RateError::Unknown(text.to_owned()))?
            .with_drop(drop)
    }
}

impl Serialize for FrameRate {
    /// The exact fraction, `"24000/1001"`; drop-frame stands beside it in every JSON form.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.fps().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for FrameRate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::sample_at;

    #[test]
    fn a_frame_of_picture_begins_at_its_rounded_sample() {
        for rate in ["23.976", "25", "29.97df", "59.94"] {
            let rate: FrameRate = rate.parse().unwrap();
            // At 44,100 Hz some edges lie half-way between two samples.
            for hertz in [44_100, 48_000, 96_000] {
                let hertz = SampleRate::new(hertz).unwrap();
                for frame in -70..3_000 {
                    let edge = |frame| sample_at(rate.seconds_at(frame).unwrap(), hertz);
                    assert_eq!(rate.frame_of_sample(edge(frame), hertz), Some(frame));
                    let last = edge(frame + 1) - 1;
                    assert_eq!(rate.frame_of_sample(last, hertz), Some(frame));
                }
            }
        }
        let hour = SampleRate::HZ_48000;
        let rate: FrameRate = "29.97df".parse().unwrap();
        let timecode = rate.timecode_of_sample(172_799_827, hour).unwrap();
        assert_eq!(timecode.to_string(), "01:00:00;00");
    }

    #[test]
    fn rounded_rates_are_recognised_as_exact_ones() {
        for (text, exact) in [
            ("23.98", "24000/1001"),
            ("23.976", "24000/1001"),
            ("23.976023976023978", "24000/1001"),
            ("24.0", "24/1"),
            ("29.97", "30000/1001"),
            ("59.94", "60000/1001"),
            ("119.88", "120000/1001"),
            ("47.952", "48000/1001"),
        ] {
            assert_eq!(
                text.parse::<FrameRate>().unwrap().fps().to_string(),
                exact,
                "{text}"
            );
        }
        assert!("17".parse::<FrameRate>().is_err());
        assert!("48000".parse::<FrameRate>().is_err());
        assert!("25df".parse::<FrameRate>().is_err());
        assert!("29.97 DF".parse::<FrameRate>().unwrap().drop_frame());
    }

    #[test]
    fn a_day_of_drop_frame_has_fewer_numbers() {
        assert_eq!(FrameRate::F29_97_DF.frames_per_day(), 24 * 107_892);
        assert_eq!(
            "59.94df".parse::<FrameRate>().unwrap().frames_per_day(),
            24 * 215_784
        );
        assert_eq!(
            "119.88df".parse::<FrameRate>().unwrap().frames_per_day(),
            24 * 431_568
        );
        assert_eq!(FrameRate::F23_976.frames_per_day(), 24 * 86_400);
    }

    #[test]
    fn printed_rates_read_back() {
        for rate in FrameRate::ALL {
            assert_eq!(rate.to_string().parse::<FrameRate>(), Ok(rate));
        }
    }
}
