//! From the float times of OTIO to exact seconds.

use std::collections::BTreeMap;

use super::json::Number;
use crate::time::{FrameRate, Rational};

/// Steps a second of the grid that values between frames are taken to.
///
/// A multiple of 24, 25, 30, 48, 50, 60, 96, 100 and 120 (all of them over 1.001 too) and of every
/// sample rate from 44,100 to 192,000: what a float meant lies on it, 0.7 ns around.
const GRID: i64 = 705_600_000;

/// Largest whole float that has no gaps below it.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

/// Unusual rates that are listed by name; later ones are only used.
const MAX_ODD: usize = 16;

/// A time as written: `value / rate` seconds (`RationalTime`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moment {
    /// Units.
    pub(super) value: Number,
    /// Units a second.
    pub(super) rate: Number,
}

/// A stretch as written (`TimeRange`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Range {
    /// Its first instant.
    pub(super) start: Moment,
    /// Its length.
    pub(super) length: Moment,
}

impl Moment {
    /// 0 seconds.
    pub(super) const ZERO: Self = Self {
        value: Number::Int(0),
        rate: Number::Int(1),
    };
}

/// Why a time is none.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum TimeError {
    /// No rate above zero.
    #[error("its rate is {0}, not a number above zero")]
    Rate(Number),
    /// Not a number.
    #[error("its value is {0}, not a number")]
    Value(Number),
    /// Below zero where that cannot be.
    #[error("{0} at rate {1} is below zero")]
    Negative(Number, Number),
    /// Beyond the numbers.
    #[error("{0} at rate {1} is too large")]
    TooLarge(Number, Number),
}

/// Converts times and remembers what was noticed on the way.
#[derive(Debug, Default)]
pub(super) struct Clock {
    /// Unusual rates and how they were read, by the rate as written.
    pub(super) odd: BTreeMap<String, String>,
    /// A value that was taken to the grid, as written.
    pub(super) rounded: Option<Moment>,
}

impl Clock {
    /// The exact seconds of a time.
    pub(super) fn seconds(&mut self, moment: Moment) -> Result<Rational, TimeError> {
        let Moment { value, rate } = moment;
        let too_large = || TimeError::TooLarge(value, rate);
        let exact_rate = self.rate(rate)?;
        let whole = match value {
            Number::Int(n) => Some(n),
            Number::Float(x) if x.is_nan() => return Err(TimeError::Value(value)),
            Number::Float(x) if x.is_infinite() => return Err(too_large()),
            Number::Float(x) => (x.fract() == 0.0 && x.abs() < MAX_EXACT).then_some(x as i64),
        };
        if let (Some(whole), Some(exact)) = (whole, exact_rate) {
            let seconds = Rational::from_int(whole).checked_div(exact);
            return seconds.ok_or_else(too_large);
        }
        let rate = exact_rate.map_or(rate.to_f64(), Rational::to_f64);
        let steps = (value.to_f64() / rate * GRID as f64).round();
        if steps.is_nan() || steps.abs() >= MAX_EXACT {
            return Err(too_large());
        }
        if whole.is_none() {
            self.rounded.get_or_insert(moment);
        }
        Rational::new(steps as i64, GRID).ok_or_else(too_large)
    }

    /// The exact seconds of a length, which is not below zero.
    pub(super) fn length(&mut self, moment: Moment) -> Result<Rational, TimeError> {
        let seconds = self.seconds(moment)?;
        if seconds.is_negative() {
            return Err(TimeError::Negative(moment.value, moment.rate));
        }
        Ok(seconds)
    }

    /// The exact rate that a float stands for; `None` where it is only itself.
    fn rate(&mut self, rate: Number) -> Result<Option<Rational>, TimeError> {
        let written = rate.to_f64();
        if !(written > 0.0 && written.is_finite()) {
            return Err(TimeError::Rate(rate));
        }
        if let Some(frames) = frame_rate(rate) {
            return Ok(Some(frames.fps()));
        }
        let exact = Rational::from_f64_exact(written).filter(|exact| exact.den() <= 1024);
        if exact.is_some() {
            return Ok(exact);
        }
        // A rounded n·1000/1001: pulled-down sample rates, and half or twice a frame rate.
        let whole = (written * 1.001).round();
        let pulled = Rational::new(whole as i64, 1)
            .and_then(|n| n.checked_mul(Rational::new(1000, 1001)?))
            .filter(|pulled| (pulled.to_f64() - written).abs() <= written * 2e-5);
        if self.odd.len() < MAX_ODD {
            let read = pulled.map_or_else(|| "as written".to_owned(), |pulled| pulled.to_string());
            self.odd.insert(written.to_string(), read);
        }
        Ok(pulled)
    }
}

/// The frame rate that a rate stands for, if it is one.
pub(super) fn frame_rate(rate: Number) -> Option<FrameRate> {
    FrameRate::from_f64(rate.to_f64()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::SampleRate;
    use crate::time::sample_at;
    use proptest::prelude::*;

    fn moment(value: f64, rate: f64) -> Moment {
        Moment {
            value: Number::Float(value),
            rate: Number::Float(rate),
        }
    }

    fn check(value: f64, rate: f64, expect: &str) -> Clock {
        let mut clock = Clock::default();
        let seconds = clock.seconds(moment(value, rate)).unwrap();
        assert_eq!(seconds.to_string(), expect, "{value} at {rate}");
        clock
    }

    #[test]
    fn whole_values_are_exact() {
        check(86_400.0, 24.0, "3600/1");
        check(107_892.0, 29.97, "8999991/2500");
        check(24.0, 23.976, "1001/1000");
        check(172_800_001.0, 48_000.0, "172800001/48000");
        check(-12.0, 25.0, "-12/25");
        let mut clock = Clock::default();
        let big = Moment {
            value: Number::Int(9_007_199_254_740_993),
            rate: Number::Int(192_000),
        };
        assert_eq!(
            clock.seconds(big).unwrap().to_string(),
            "3002399751580331/64000"
        );
    }

    #[test]
    fn values_between_frames_come_back_on_the_grid() {
        for (value, rate, expect) in [
            (12.5, 24.0, "25/48"),
            (1.0 / 3.0, 25.0, "1/75"),
            (99.999_999_999_999_99, 24.0, "25/6"),
            // Sample 7 at 29.97: 7/48000 s in frames.
            (7.0 / 1601.6, 30_000.0 / 1001.0, "7/48000"),
            (0.1, 1.0, "1/10"),
        ] {
            assert!(check(value, rate, expect).rounded.is_some());
        }
    }

    #[test]
    fn unusual_rates_are_named() {
        for (rate, read) in [
            (14.985, "15000/1001"),
            (47_952.047_952, "48000000/1001"),
            (17.3, "as written"),
        ] {
            let mut clock = Clock::default();
            clock.seconds(moment(1.0, rate)).unwrap();
            assert_eq!(clock.odd.values().collect::<Vec<_>>(), [read], "{rate}");
        }
        for rate in [12.5, 15.0, 1000.0, 90_000.0, 44_100.0, 254_016_000_000.0] {
            let mut clock = Clock::default();
            clock.seconds(moment(1.0, rate)).unwrap();
            assert!(clock.odd.is_empty(), "{rate}");
        }
    }

    #[test]
    fn refuses_what_is_no_time() {
        let refuse = |value, rate, message: &str| {
            let error = Clock::default().seconds(moment(value, rate)).unwrap_err();
            assert!(error.to_string().contains(message), "{error}");
        };
        refuse(1.0, 0.0, "its rate is 0");
        refuse(1.0, -24.0, "its rate is -24");
        refuse(1.0, f64::NAN, "its rate is NaN");
        refuse(1.0, f64::INFINITY, "its rate is inf");
        refuse(f64::NAN, 24.0, "its value is NaN");
        refuse(f64::INFINITY, 24.0, "too large");
        refuse(1e300, 24.0, "too large");
        refuse(1.0, 1e-300, "too large");
        let error = Clock::default().length(moment(-1.0, 24.0)).unwrap_err();
        assert_eq!(error.to_string(), "-1 at rate 24 is below zero");
    }

    proptest! {
        #[test]
        fn every_sample_and_frame_survives_being_written_as_a_float(
            sample in 0_i64..16_588_800_000, rate in proptest::sample::select(vec![1.0, 24.0, 24_000.0 / 1001.0, 25.0, 30_000.0 / 1001.0, 60.0]),
            hertz in proptest::sample::select(vec![44_100_u32, 48_000, 88_200, 96_000, 192_000]),
        ) {
            let seconds = sample as f64 / f64::from(hertz);
            let exact = Clock::default().seconds(moment(seconds * rate, rate)).unwrap();
            prop_assert_eq!(exact, Rational::new(sample, i64::from(hertz)).unwrap());
            prop_assert_eq!(sample_at(exact, SampleRate::new(hertz).unwrap()), sample);
        }

        #[test]
        fn any_float_is_a_time_or_an_error(value in any::<f64>(), rate in any::<f64>()) {
            let _ = Clock::default().seconds(moment(value, rate));
        }
    }
}
