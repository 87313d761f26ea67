//! Timecode and feet+frames: names for frame numbers, never positions of their own.

use std::fmt;

use super::frame_rate::FrameRate;

/// `hh:mm:ss:ff` at a rate: a label of one frame within a day (SMPTE ST 12-1).
///
/// Always within the day and, at drop-frame rates, never one of the skipped numbers.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Timecode {
    frame: i64,
    rate: FrameRate,
}

/// Why a text is not a timecode.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimecodeError {
    /// Not of the form `hh:mm:ss:ff`.
    #[error("`{0}` is not a timecode such as 01:00:00:00")]
    NotTimecode(String),
    /// A field above its range.
    #[error("`{text}` has {value} {field}, more than {limit} at {rate}")]
    OutOfRange {
        /// The timecode as written.
        text: String,
        /// `hours`, `minutes`, `seconds` or `frames`.
        field: &'static str,
        /// What it says.
        value: u32,
        /// The largest allowed value.
        limit: u32,
        /// The rate it was read at.
        rate: FrameRate,
    },
    /// A number that drop-frame counting leaves out.
    #[error("`{text}` is a number that {rate} leaves out; the next is {next}")]
    LeftOut {
        /// The timecode as written.
        text: String,
        /// The first number that there is.
        next: Timecode,
        /// The rate it was read at.
        rate: FrameRate,
    },
}

impl Timecode {
    /// The timecode of a frame counted from midnight; wraps at 24 hours, either way.
    pub const fn from_frame(frame: i64, rate: FrameRate) -> Self {
        Self {
            frame: frame.rem_euclid(rate.frames_per_day()),
            rate,
        }
    }

    /// Frames since midnight.
    pub const fn frame(self) -> i64 {
        self.frame
    }

    /// The rate and counting.
    pub const fn rate(self) -> FrameRate {
        self.rate
    }

    /// Hours, minutes, seconds, frames as shown.
    pub const fn fields(self) -> (u32, u32, u32, u32) {
        let nominal = self.rate.nominal() as i64;
        let skip = self.rate.dropped_per_minute() as i64;
        let per_minute = 60 * nominal - skip;
        let per_ten = 10 * per_minute + skip;
        let (tens, rest) = (self.frame / per_ten, self.frame % per_ten);
        // The first minute of each ten drops nothing; each later one drops `skip` numbers.
        let minutes_in = if rest < 60 * nominal {
            0
        } else {
            (rest - skip) / per_minute
        };
        let label = self.frame + skip * (9 * tens + minutes_in);
        let seconds = label / nominal;
        (
            (seconds / 3600) as u32,
            (seconds / 60 % 60) as u32,
            (seconds % 60) as u32,
            (label % nominal) as u32,
        )
    }

    /// The timecode of four fields.
    ///
    /// A frame number that drop-frame counting skips is read as the next one that exists, as
    /// recorders and editors do.
    ///
    /// # Errors
    /// [`TimecodeError::OutOfRange`] for a field above its range; 24 hours and more are out of range.
    pub fn from_fields(
        (hours, minutes, seconds, frames): (u32, u32, u32, u32),
        rate: FrameRate,
    ) -> Result<Self, TimecodeError> {
        let limits = [
            ("hours", hours, 23),
            ("minutes", minutes, 59),
            ("seconds", seconds, 59),
            ("frames", frames, rate.nominal() - 1),
        ];
        for (field, value, limit) in limits {
            if value > limit {
                let text = format!("{hours:02}:{minutes:02}:{seconds:02}:{frames:02}");
                return Err(TimecodeError::OutOfRange {
                    text,
                    field,
                    value,
                    limit,
                    rate,
                });
            }
        }
        let skip = i64::from(rate.dropped_per_minute());
        let total_minutes = i64::from(60 * hours + minutes);
        let frames = if seconds == 0 && minutes % 10 != 0 {
            i64::from(frames).max(skip)
        } else {
            i64::from(frames)
        };
        let label = (total_minutes * 60 + i64::from(seconds)) * i64::from(rate.nominal()) + frames;
        Ok(Self::from_frame(
            label - skip * (total_minutes - total_minutes / 10),
            rate,
        ))
    }

    /// Reads `hh:mm:ss:ff` with any of `: ; . ,` between the fields and one to three digits of
    /// frames. The separators are not consulted: the rate says whether numbers are dropped.
    ///
    /// # Errors
    /// [`TimecodeError`] for anything else.
    pub fn parse(text: &str, rate: FrameRate) -> Result<Self, TimecodeError> {
        let bad = || TimecodeError::NotTimecode(text.to_owned());
        let mut fields = [0_u32; 4];
        let mut parts = text.trim().split([':', ';', '.', ',']);
        for (i, field) in fields.iter_mut().enumerate() {
            let part = parts.next().ok_or_else(bad)?;
            let most = if i == 3 { 3 } else { 2 };
            let digits = part.bytes().all(|b| b.is_ascii_digit());
            if part.is_empty() || part.len() > most || !digits {
                return Err(bad());
            }
            *field = part.parse().map_err(|_| bad())?;
        }
        if parts.next().is_some() {
            return Err(bad());
        }
        let [hours, minutes, seconds, frames] = fields;
        Self::from_fields((hours, minutes, seconds, frames), rate)
    }

    /// The same for what a person writes, who is told where no frame has that number.
    ///
    /// # Errors
    /// As for [`parse`](Self::parse), and [`TimecodeError::LeftOut`].
    pub fn parse_exact(text: &str, rate: FrameRate) -> Result<Self, TimecodeError> {
        let next = Self::parse(text, rate)?;
        let mut written = text.trim().split([':', ';', '.', ',']);
        let frames = written.next_back().and_then(|frames| frames.parse().ok());
        let (.., is) = next.fields();
        if frames != Some(is) {
            let text = text.to_owned();
            return Err(TimecodeError::LeftOut { text, next, rate });
        }
        Ok(next)
    }
}

impl fmt::Display for Timecode {
    /// `01:00:00:00`, with `;` before the frames of drop-frame timecode.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hours, minutes, seconds, frames) = self.fields();
        let mark = if self.rate.drop_frame() { ';' } else { ':' };
        let width = if self.rate.nominal() > 100 { 3 } else { 2 };
        write!(
            f,
            "{hours:02}:{minutes:02}:{seconds:02}{mark}{frames:0width$}"
        )
    }
}

impl fmt::Debug for Timecode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self} @ {}", self.rate)
    }
}

/// Feet and frames of 35 mm, 4-perforation film: 16 frames a foot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeetFrames {
    frame: i64,
}

impl FeetFrames {
    /// Frames in a foot of 35 mm film at 4 perforations.
    pub const FRAMES_PER_FOOT: i64 = 16;

    /// The count of a frame from the reel's zero.
    pub const fn from_frame(frame: i64) -> Self {
        Self { frame }
    }

    /// Frames from the reel's zero.
    pub const fn frame(self) -> i64 {
        self.frame
    }

    /// Reads `feet+frames`, e.g. `90+08`; `None` for anything else or 16 frames and more.
    pub fn parse(text: &str) -> Option<Self> {
        let (feet, frames) = text.trim().split_once('+')?;
        let (feet, frames): (i64, i64) = (feet.parse().ok()?, frames.parse().ok()?);
        if feet < 0 || !(0..Self::FRAMES_PER_FOOT).contains(&frames) {
            return None;
        }
        Some(Self {
            frame: feet
                .checked_mul(Self::FRAMES_PER_FOOT)?
                .checked_add(frames)?,
        })
    }
}

impl fmt::Display for FeetFrames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (feet, frames) = (
            self.frame.div_euclid(Self::FRAMES_PER_FOOT),
            self.frame.rem_euclid(Self::FRAMES_PER_FOOT),
        );
        write!(f, "{feet}+{frames:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frame(text: &str, rate: &str) -> i64 {
        Timecode::parse(text, rate.parse().unwrap())
            .unwrap()
            .frame()
    }

    #[test]
    fn a_person_is_told_of_numbers_that_are_left_out() {
        let read = |text: &str| {
            let rate = "29.97df".parse().unwrap();
            Timecode::parse_exact(text, rate).map_err(|error| error.to_string())
        };
        let error = "`01:01:00;00` is a number that 29.97 DF leaves out; the next is 01:01:00;02";
        assert_eq!(read("01:01:00;00").unwrap_err(), error);
        for there in ["01:10:00;00", "1:01:00;02", "01:00:59;29"] {
            assert!(read(there).is_ok(), "{there}");
        }
    }

    #[test]
    fn an_hour_of_every_counting() {
        assert_eq!(frame("01:00:00:00", "23.976"), 86_400);
        assert_eq!(frame("01:00:00:00", "25"), 90_000);
        assert_eq!(frame("01:00:00;00", "29.97df"), 107_892);
        assert_eq!(frame("01:00:00:00", "29.97"), 108_000);
        assert_eq!(frame("01:00:00;00", "59.94df"), 215_784);
        assert_eq!(frame("01:00:00;000", "119.88df"), 431_568);
    }

    #[test]
    fn dropped_numbers_read_as_the_next_that_exists() {
        assert_eq!(
            frame("00:01:00;00", "29.97df"),
            frame("00:01:00;02", "29.97df")
        );
        assert_eq!(frame("00:01:00;02", "29.97df"), 1800);
        assert_eq!(frame("00:10:00;00", "29.97df"), 17_982);
    }

    #[test]
    fn refuses_what_is_not_timecode() {
        for bad in [
            "",
            "1:2:3",
            "01:00:00:00:00",
            "01:00:00:24",
            "24:00:00:00",
            "aa:00:00:00",
        ] {
            assert!(Timecode::parse(bad, FrameRate::F24).is_err(), "{bad}");
        }
    }

    #[test]
    fn wraps_at_midnight_both_ways() {
        let day = FrameRate::F24.frames_per_day();
        assert_eq!(
            Timecode::from_frame(day, FrameRate::F24).to_string(),
            "00:00:00:00"
        );
        assert_eq!(
            Timecode::from_frame(-1, FrameRate::F24).to_string(),
            "23:59:59:23"
        );
    }

    #[test]
    fn feet_and_frames() {
        assert_eq!(FeetFrames::parse("90+08").unwrap().frame(), 1448);
        assert_eq!(FeetFrames::from_frame(1448).to_string(), "90+08");
        assert_eq!(FeetFrames::parse("90+16"), None);
    }

    proptest! {
        #[test]
        fn every_frame_of_every_rate_reads_back(seed in 0_i64..i64::MAX, pick in 0..FrameRate::ALL.len()) {
            let rate = FrameRate::ALL[pick];
            let timecode = Timecode::from_frame(seed, rate);
            prop_assert_eq!(Timecode::parse(&timecode.to_string(), rate).unwrap(), timecode);
        }
    }
}
