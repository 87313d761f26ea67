//! Numbers with their unit, as a spec writes them: `-27 LKFS`, `2 LU`, `8 s`.

use std::fmt;

use crate::stem::document::nearest;
use crate::time::FrameRate;

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// Loudness; LKFS is another name of it (ITU-R BS.1770-5).
    Lufs,
    /// A difference of loudness.
    Lu,
    /// True-peak level.
    Dbtp,
    /// Level relative to full scale.
    Dbfs,
    /// A difference of level.
    Db,
    /// Frequency.
    Hertz,
    /// Seconds; of timecode where a leader or pop is meant.
    Seconds,
    /// Thousandths of a second.
    Milliseconds,
    /// Sample frames.
    Samples,
    /// Frames of picture.
    Frames,
    /// Parts of a hundred.
    Percent,
    /// Parts of a million.
    Ppm,
    /// Bits of a sample.
    Bits,
    /// Steps of the sample format.
    Lsb,
    /// Standard deviations.
    Sigma,
    /// A plain number: a correlation, a count.
    One,
}

/// Every unit with its names; the first one is printed.
const UNITS: [(Unit, &[&str]); 16] = [
    (Unit::Lufs, &["LUFS", "LKFS"]),
    (Unit::Lu, &["LU"]),
    (Unit::Dbtp, &["dBTP"]),
    (Unit::Dbfs, &["dBFS"]),
    (Unit::Db, &["dB"]),
    (Unit::Hertz, &["Hz"]),
    (Unit::Seconds, &["s"]),
    (Unit::Milliseconds, &["ms"]),
    (Unit::Samples, &["samples", "sample"]),
    (Unit::Frames, &["frames", "frame"]),
    (Unit::Percent, &["%"]),
    (Unit::Ppm, &["ppm"]),
    (Unit::Bits, &["bits", "bit"]),
    (Unit::Lsb, &["LSB"]),
    (Unit::Sigma, &["sigma"]),
    (Unit::One, &[""]),
];

/// Multiples and parts of units that people write: the name, the unit, and how many of it one is.
const MULTIPLES: [(&str, Unit, f64); 4] = [
    ("kHz", Unit::Hertz, 1e3),
    ("ms", Unit::Seconds, 1e-3),
    ("min", Unit::Seconds, 60.0),
    ("s", Unit::Milliseconds, 1e3),
];

/// A number of multiples of a wanted unit in that unit.
fn in_units(value: f64, written: &str, wanted: &[Unit]) -> Option<Quantity> {
    let is = |(name, unit, _): &&(&str, Unit, f64)| {
        name.eq_ignore_ascii_case(written) && wanted.contains(unit)
    };
    let (_, unit, factor) = MULTIPLES.iter().find(is)?;
    Some(Quantity::new(value * factor, *unit))
}

impl Unit {
    fn names(self) -> &'static [&'static str] {
        // UNITS stands in the order of the enum; a test holds it to that.
        UNITS[self as usize].1
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.names().first().copied().unwrap_or_default())
    }
}

/// A number with its unit.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Quantity {
    /// The number; always finite.
    pub value: f64,
    /// What it counts.
    pub unit: Unit,
}

/// What is wrong with a quantity, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct QuantityFault {
    pub(super) message: String,
    pub(super) hint: String,
}

impl Quantity {
    /// A number of this unit.
    pub const fn new(value: f64, unit: Unit) -> Self {
        Self { value, unit }
    }

    /// Reads a number and one of the `wanted` units.
    pub(super) fn parse(text: &str, wanted: &[Unit]) -> Result<Self, QuantityFault> {
        let names: Vec<&str> = wanted
            .iter()
            .flat_map(|unit| unit.names())
            .copied()
            .collect();
        let shown: Vec<&str> = names
            .iter()
            .copied()
            .filter(|name| !name.is_empty())
            .collect();
        let example = || match shown.first() {
            Some(unit) => format!("write a number and its unit, such as `2 {unit}`"),
            None => "write a plain number".to_owned(),
        };
        let text = text.trim();
        let part_of_number = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.');
        let end = text.find(|c| !part_of_number(c)).unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let unit = unit.trim();
        let Some(value) = number.parse::<f64>().ok().filter(|value| value.is_finite()) else {
            return Err(QuantityFault {
                message: format!("`{text}` does not begin with a number"),
                hint: example(),
            });
        };
        let known = wanted.iter().find(|known| known.names().contains(&unit));
        known.map(|&unit| Self { value, unit }).ok_or_else(|| {
            let only = (shown.len() == 1).then(|| shown.first().copied()).flatten();
            let hint = match (
                in_units(value, unit, wanted),
                nearest(unit, &shown).or(only),
            ) {
                (Some(right), _) => format!("did you mean `{right}`?"),
                (None, Some(right)) => format!("did you mean `{number} {right}`?"),
                (None, None) => format!("units here are {}", shown.join(", ")),
            };
            let message = if unit.is_empty() {
                format!("`{text}` has no unit")
            } else {
                format!("`{unit}` is not a unit of this value")
            };
            QuantityFault { message, hint }
        })
    }
}

impl fmt::Display for Quantity {
    /// `-27 LUFS`, `0.9995`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unit {
            Unit::One => write!(f, "{}", self.value),
            unit => write!(f, "{} {unit}", self.value),
        }
    }
}

/// A length in timecode: whole seconds of timecode, or frames.
///
/// Two seconds of timecode are 48 frames at 23.976, so 96,096 samples of 48 kHz, not 96,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TcLength {
    /// So many times the frame numbers of a second.
    Seconds(u32),
    /// So many frames.
    Frames(u32),
}

impl TcLength {
    /// No time at all.
    pub const ZERO: Self = Self::Frames(0);

    /// Whether it is no time at all.
    pub const fn is_zero(self) -> bool {
        matches!(self, Self::Seconds(0) | Self::Frames(0))
    }

    /// In frames of a rate.
    pub fn frames(self, rate: FrameRate) -> i64 {
        match self {
            Self::Seconds(seconds) => i64::from(seconds) * i64::from(rate.nominal()),
            Self::Frames(frames) => i64::from(frames),
        }
    }

    /// Reads `8 s`, `192 frames`.
    pub(super) fn parse(text: &str) -> Result<Self, QuantityFault> {
        /// An hour: a longer leader is a mistake.
        const MAX: f64 = 3600.0 * 120.0;
        let read = Quantity::parse(text, &[Unit::Seconds, Unit::Frames])?;
        let whole = read.value >= 0.0 && read.value <= MAX && read.value % 1.0 == 0.0;
        if !whole {
            return Err(QuantityFault {
                message: format!("`{text}` is not a whole number of seconds or frames"),
                hint: "write `2 s`, or frames where it is no whole second".to_owned(),
            });
        }
        let count = read.value as u32;
        Ok(match read.unit {
            Unit::Seconds => Self::Seconds(count),
            _ => Self::Frames(count),
        })
    }
}

impl fmt::Display for TcLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seconds(seconds) => write!(f, "{seconds} s"),
            Self::Frames(frames) => write!(f, "{frames} frames"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_table_stands_in_enum_order() {
        for (i, row) in UNITS.iter().enumerate() {
            assert_eq!(row.0 as usize, i);
        }
    }

    #[test]
    fn quantities_read_with_their_unit_or_say_what_is_wrong() {
        let check = |text: &str, wanted: &[Unit], want: Result<&str, (&str, &str)>| {
            let got = Quantity::parse(text, wanted).map(|q| q.to_string());
            let want = want
                .map(str::to_owned)
                .map_err(|(message, hint)| QuantityFault {
                    message: message.to_owned(),
                    hint: hint.to_owned(),
                });
            assert_eq!(got, want, "{text}");
        };
        check("-27 LKFS", &[Unit::Lufs], Ok("-27 LUFS"));
        check("-23.0LUFS", &[Unit::Lufs], Ok("-23 LUFS"));
        check("0.9995", &[Unit::One], Ok("0.9995"));
        check("10 %", &[Unit::Percent], Ok("10 %"));
        let wrong = (
            "`LUSF` is not a unit of this value",
            "did you mean `-27 LUFS`?",
        );
        check("-27 LUSF", &[Unit::Lufs], Err(wrong));
        let wrong = (
            "`dBFS` is not a unit of this value",
            "did you mean `-2 dBTP`?",
        );
        check("-2 dBFS", &[Unit::Dbtp], Err(wrong));
        check(
            "2",
            &[Unit::Lu],
            Err(("`2` has no unit", "did you mean `2 LU`?")),
        );
        let wrong = (
            "`about 2 LU` does not begin with a number",
            "write a number and its unit, such as `2 LU`",
        );
        check("about 2 LU", &[Unit::Lu], Err(wrong));
    }

    #[test]
    fn timecode_seconds_are_frames() {
        let frames = |text: &str, rate| TcLength::parse(text).unwrap().frames(rate);
        assert_eq!(frames("2 s", FrameRate::F23_976), 48);
        assert_eq!(frames("2 s", FrameRate::F29_97_DF), 60);
        assert_eq!(frames("7 frames", FrameRate::F25), 7);
        assert!(TcLength::parse("1.5 s").is_err());
        assert!(TcLength::parse("-1 s").is_err());
        assert!(TcLength::parse("2 LU").is_err());
    }
}
