//! Sample rates and the ways a sample is stored.

use std::fmt;

use serde::{Serialize, Serializer};

/// Sample frames per second.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SampleRate(u32);

/// The number is not a sample rate that this program works at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} Hz is not a sample rate between 1 and 1,536,000 Hz")]
pub struct SampleRateError(pub u64);

impl SampleRate {
    /// 48 kHz, the rate of film and television.
    pub const HZ_48000: Self = Self(48_000);

    /// The largest rate that any container of ours is asked to hold, in Hz.
    const MAX: u32 = 1_536_000;

    /// A rate in Hz.
    ///
    /// # Errors
    /// [`SampleRateError`] for zero and for more than 1,536,000 Hz.
    pub const fn new(hertz: u32) -> Result<Self, SampleRateError> {
        if hertz == 0 || hertz > Self::MAX {
            return Err(SampleRateError(hertz as u64));
        }
        Ok(Self(hertz))
    }

    /// In Hz.
    pub const fn hertz(self) -> u32 {
        self.0
    }
}

impl fmt::Display for SampleRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} Hz", self.0)
    }
}

impl fmt::Debug for SampleRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for SampleRate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(self.0)
    }
}

/// How one sample is stored in a file; always little-endian in the WAVE family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SampleFormat {
    /// Unsigned 8-bit integer, 128 is silence.
    UInt8,
    /// Signed 16-bit integer.
    Int16,
    /// Signed 24-bit integer in three bytes.
    Int24,
    /// Signed 32-bit integer.
    Int32,
    /// IEEE 754 single precision, full scale ±1.
    Float32,
    /// IEEE 754 double precision, full scale ±1.
    Float64,
}

impl SampleFormat {
    /// Bytes of one sample.
    pub const fn bytes(self) -> usize {
        match self {
            Self::UInt8 => 1,
            Self::Int16 => 2,
            Self::Int24 => 3,
            Self::Int32 | Self::Float32 => 4,
            Self::Float64 => 8,
        }
    }

    /// Bits of one sample.
    pub const fn bits(self) -> u16 {
        8 * self.bytes() as u16
    }

    /// Whether samples are floats.
    pub const fn is_float(self) -> bool {
        matches!(self, Self::Float32 | Self::Float64)
    }

    /// The value of one integer step when full scale is ±1; 0 for floats.
    pub const fn step(self) -> f64 {
        match self {
            Self::UInt8 => 1.0 / 128.0,
            Self::Int16 => 1.0 / 32_768.0,
            Self::Int24 => 1.0 / 8_388_608.0,
            Self::Int32 => 1.0 / 2_147_483_648.0,
            Self::Float32 | Self::Float64 => 0.0,
        }
    }
}
