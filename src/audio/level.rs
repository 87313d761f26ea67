//! Levels and gains, each with its unit.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A level or gain in decibels.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Decibels(f64);

impl Decibels {
    /// 0 dB.
    pub const ZERO: Self = Self(0.0);

    /// So many decibels.
    pub const fn new(db: f64) -> Self {
        Self(db)
    }

    /// The number of decibels.
    pub const fn value(self) -> f64 {
        self.0
    }

    /// `10^(dB/20)`; 0 dB is exactly 1 and −∞ dB exactly 0.
    pub fn gain(self) -> Gain {
        if self.0 == 0.0 {
            Gain::UNITY
        } else {
            Gain(libm::pow(10.0, self.0 / 20.0))
        }
    }

    /// Gains in series: decibels add.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl fmt::Display for Decibels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:+.2} dB", self.0)
    }
}

/// A linear gain; 1 leaves every bit of a sample as it is.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Gain(f64);

impl Gain {
    /// 1.
    pub const UNITY: Self = Self(1.0);

    /// A linear factor.
    pub const fn new(linear: f64) -> Self {
        Self(linear)
    }

    /// The linear factor.
    pub const fn linear(self) -> f64 {
        self.0
    }

    /// Gains in series: factors multiply.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        Self(self.0 * other.0)
    }

    /// `20·log10`; −∞ for a gain of zero.
    pub fn decibels(self) -> Decibels {
        if self == Self::UNITY {
            Decibels::ZERO
        } else {
            Decibels(20.0 * libm::log10(self.0))
        }
    }
}

/// A unit that is a number with a name: prints with its unit, serialises as the number.
macro_rules! level {
    ($name:ident, $unit:literal, $doc:literal) => {
        #[doc = $doc]
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(f64);

        impl $name {
            /// A value in this unit.
            pub const fn new(value: f64) -> Self {
                Self(value)
            }

            /// The number in this unit.
            pub const fn value(self) -> f64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!("{:.1} ", $unit), self.0)
            }
        }
    };
}
level!(
    Lufs,
    "LUFS",
    "Loudness in LUFS (ITU-R BS.1770-5; the same as LKFS)."
);
level!(
    LoudnessUnits,
    "LU",
    "A difference of loudness in LU (EBU Tech 3341 §2)."
);
level!(
    DbTp,
    "dBTP",
    "True-peak level in dB relative to full scale (ITU-R BS.1770-5 Annex 2)."
);
level!(
    DbFs,
    "dBFS",
    "Sample-peak level in dB relative to full scale."
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unity_and_silence_are_exact() {
        assert_eq!(Decibels::ZERO.gain(), Gain::UNITY);
        assert_eq!(Decibels::new(f64::NEG_INFINITY).gain().linear(), 0.0);
        assert_eq!(Gain::UNITY.decibels(), Decibels::ZERO);
        assert_eq!(Decibels::new(20.0).gain().linear(), 10.0);
    }
}
