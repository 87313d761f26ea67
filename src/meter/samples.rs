//! What a meter is given: samples in any of the forms in which the program has them.

use super::decode;
use super::spec::MeterError;
use crate::audio::SampleFormat;

/// A block of sound, full scale ±1 where the samples are floats.
#[derive(Debug, Clone, Copy)]
pub enum Samples<'a> {
    /// Interleaved samples as they stand in a WAVE file, little-endian.
    Bytes(SampleFormat, &'a [u8]),
    /// Interleaved integers with full scale at `2^(bits−1)`: the 24-bit samples of a file being
    /// written are `bits: 24`.
    Ints {
        /// The samples.
        samples: &'a [i32],
        /// Bits of full scale, 1 to 32.
        bits: u8,
    },
    /// One slice of integers per channel, all of the same length.
    PlanarInts {
        /// The channels in file order.
        planes: &'a [&'a [i32]],
        /// Bits of full scale, 1 to 32.
        bits: u8,
    },
    /// Interleaved floats.
    Floats(&'a [f32]),
    /// Interleaved doubles.
    Doubles(&'a [f64]),
}

impl Samples<'_> {
    /// Sample frames in the block.
    ///
    /// # Errors
    /// [`MeterError::PartialFrame`] when it ends inside a frame, [`MeterError::Planes`] when planes
    /// are missing or differ in length.
    pub fn frames(&self, channels: usize) -> Result<usize, MeterError> {
        let (len, unit) = match *self {
            Self::Bytes(format, bytes) => (bytes.len(), format.bytes() * channels),
            Self::Ints { samples, .. } => (samples.len(), channels),
            Self::Floats(samples) => (samples.len(), channels),
            Self::Doubles(samples) => (samples.len(), channels),
            Self::PlanarInts { planes, .. } => return plane_frames(planes, channels),
        };
        match len.checked_rem(unit) {
            Some(0) => Ok(len / unit),
            _ => Err(MeterError::PartialFrame { len, frame: unit }),
        }
    }

    /// Reads the whole block into single precision, interleaved; what is no number becomes silence.
    ///
    /// # Errors
    /// As for [`frames`](Self::frames).
    pub fn floats(&self, channels: usize, out: &mut Vec<f32>) -> Result<(), MeterError> {
        out.resize(self.frames(channels)? * channels, 0.0);
        self.read(0, channels, out);
        Ok(())
    }

    /// Reads `out.len()/channels` frames from frame `at` on into `out`, interleaved.
    pub(super) fn read(&self, at: usize, channels: usize, out: &mut [f32]) -> decode::Damage {
        let from = at * channels;
        match *self {
            Self::Bytes(format, bytes) => {
                let bytes = bytes.get(from * format.bytes()..).unwrap_or_default();
                return decode::bytes(format, bytes, out);
            }
            Self::Ints { samples, bits } => {
                decode::ints(samples.get(from..).unwrap_or_default(), bits, out);
            }
            Self::PlanarInts { planes, bits } => {
                decode::planes(planes, at, bits, out, (0, channels));
            }
            Self::Floats(samples) => {
                return decode::floats(samples.get(from..).unwrap_or_default(), out);
            }
            Self::Doubles(samples) => {
                return decode::doubles(samples.get(from..).unwrap_or_default(), out);
            }
        }
        decode::Damage::default()
    }
}

fn plane_frames(planes: &[&[i32]], channels: usize) -> Result<usize, MeterError> {
    let frames = planes.first().map_or(0, |plane| plane.len());
    if planes.len() != channels || planes.iter().any(|plane| plane.len() != frames) {
        return Err(MeterError::Planes {
            planes: planes.len(),
            channels,
        });
    }
    Ok(frames)
}
