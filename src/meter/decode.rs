//! Samples of every format into the single precision in which they are measured.
//!
//! 8, 16 and 24-bit integers and 32-bit floats come out exactly; 32-bit integers and doubles are
//! rounded to 24 significant bits (0.0000005 dB).

#[cfg(not(target_feature = "avx2"))]
use multiversion::{multiversion, target::match_target};

use crate::audio::SampleFormat;

/// Largest magnitude of a float that is taken for a sample: +192 dBFS. What is not below it (NaN and
/// infinity too) is damage, is measured as silence, and is reported.
const LIMIT: f64 = 4_294_967_296.0;

/// Floats that were no samples.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Damage {
    /// How many.
    pub(super) count: u64,
    /// Where in what was read the first one stands.
    pub(super) first: Option<usize>,
}

/// Little-endian bytes of a WAVE file.
pub(super) fn bytes(format: SampleFormat, bytes: &[u8], out: &mut [f32]) -> Damage {
    let step = format.step() as f32;
    match format {
        SampleFormat::UInt8 => fill(bytes, out, |v| (f32::from(v) - 128.0) * step),
        SampleFormat::Int16 => {
            fill(bytes.as_chunks().0, out, |v| {
                f32::from(i16::from_le_bytes(v)) * step
            });
        }
        SampleFormat::Int24 => int24(bytes, out),
        SampleFormat::Int32 => {
            fill(bytes.as_chunks().0, out, |v| {
                i32::from_le_bytes(v) as f32 * step
            });
        }
        SampleFormat::Float32 => {
            fill(bytes.as_chunks().0, out, f32::from_le_bytes);
            return clean(out);
        }
        SampleFormat::Float64 => {
            fill(bytes.as_chunks().0, out, |v| f64::from_le_bytes(v) as f32);
            return clean(out);
        }
    }
    Damage::default()
}

/// Integers with full scale at `2^(bits−1)`.
pub(super) fn ints(samples: &[i32], bits: u8, out: &mut [f32]) {
    let scale = int_scale(bits);
    fill(samples, out, |v| v as f32 * scale);
}

/// Planes of integers, from frame `at` on, into their places among the samples of a frame: `first` is
/// the place of the first plane, `stride` the samples of a frame. Two planes are read at a time, because
/// what costs is the way through `out`.
pub(super) fn planes(
    planes: &[&[i32]],
    at: usize,
    bits: u8,
    out: &mut [f32],
    (first, stride): (usize, usize),
) {
    let scale = int_scale(bits);
    let from = |plane: &&'_ [i32]| plane.len().min(at);
    for (pair, place) in planes.chunks(2).zip((first..).step_by(2)) {
        let rows = out.chunks_exact_mut(stride);
        match pair {
            [left, right] => {
                let frames = left[from(left)..].iter().zip(&right[from(right)..]);
                for (row, (&l, &r)) in rows.zip(frames) {
                    if let Some([a, b]) = row.get_mut(place..place + 2) {
                        (*a, *b) = (l as f32 * scale, r as f32 * scale);
                    }
                }
            }
            one => {
                let frames = one.iter().flat_map(|plane| &plane[from(plane)..]);
                for (row, &sample) in rows.zip(frames) {
                    if let Some(a) = row.get_mut(place) {
                        *a = sample as f32 * scale;
                    }
                }
            }
        }
    }
}

/// Single precision as it is.
pub(super) fn floats(samples: &[f32], out: &mut [f32]) -> Damage {
    fill(samples, out, |v| v);
    clean(out)
}

/// Double precision, rounded. Doubles past the range of a single become infinite and so damage.
pub(super) fn doubles(samples: &[f64], out: &mut [f32]) -> Damage {
    fill(samples, out, |v| v as f32);
    clean(out)
}

fn fill<T: Copy>(from: &[T], out: &mut [f32], value: impl Fn(T) -> f32) {
    for (o, &v) in out.iter_mut().zip(from) {
        *o = value(v);
    }
}

/// The value of one step: a power of two, so that scaling rounds nothing.
fn int_scale(bits: u8) -> f32 {
    let steps = 1_u64 << bits.clamp(1, 32).saturating_sub(1);
    1.0 / steps as f32
}

/// Puts silence in the place of what is no sample.
fn clean(samples: &mut [f32]) -> Damage {
    // NaN is below nothing.
    let is_sample = |v: f32| v.abs() < LIMIT as f32;
    let first = samples.iter().position(|&v| !is_sample(v));
    let Some(first) = first else {
        return Damage::default();
    };
    let mut count = 0;
    for sample in samples.iter_mut().filter(|v| !is_sample(**v)) {
        *sample = 0.0;
        count += 1;
    }
    Damage {
        count,
        first: Some(first),
    }
}

/// 24-bit integers. On machines with AVX2 eight at a time: two loads of four samples, one shuffle that
/// puts each into the upper three bytes of a word, one conversion. The same values everywhere.
#[cfg(not(target_feature = "avx2"))]
#[multiversion(targets("x86_64+avx2"))]
fn int24(bytes: &[u8], out: &mut [f32]) {
    match_target! {
        "x86_64+avx2" => {
            use std::arch::x86_64::{
                _mm256_broadcastsi128_si256, _mm256_cvtepi32_ps, _mm256_mul_ps, _mm256_set1_ps,
                _mm256_set_m128i, _mm256_shuffle_epi8,
            };
            // −1 is a zero byte.
            let order: [i8; 16] = [-1, 0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11];
            let order = _mm256_broadcastsi128_si256(bytemuck::cast(order));
            let step = _mm256_set1_ps(INT24_STEP);
            let mut done = 0;
            for (eight, samples) in out.as_chunks_mut::<8>().0.iter_mut().zip(bytes.windows(28).step_by(24)) {
                let (Some(low), Some(high)) = (
                    samples.first_chunk::<16>(),
                    samples.last_chunk::<16>(),
                ) else {
                    break;
                };
                let words = _mm256_set_m128i(bytemuck::cast(*high), bytemuck::cast(*low));
                let words = _mm256_cvtepi32_ps(_mm256_shuffle_epi8(words, order));
                *eight = bytemuck::cast(_mm256_mul_ps(words, step));
                done += 8;
            }
            int24_plain(bytes.get(3 * done..).unwrap_or_default(), out.get_mut(done..).unwrap_or_default());
        }
        _ => int24_plain(bytes, out),
    }
}

// Where the whole program is built for AVX2 there is no version to choose, without which the shuffle cannot be called
// safely: the compiler makes its own vectors.
#[cfg(target_feature = "avx2")]
use int24_plain as int24;

/// The value of one step of a 24-bit integer in the upper bytes of a word.
const INT24_STEP: f32 = 1.0 / 2_147_483_648.0;

#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "must be compiled anew inside each version of `int24`"
)]
fn int24_plain(bytes: &[u8], out: &mut [f32]) {
    fill(bytes.as_chunks().0, out, |[a, b, c]: [u8; 3]| {
        i32::from_le_bytes([0, a, b, c]) as f32 * INT24_STEP
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(format: SampleFormat, given: &[u8], expected: &[f32]) {
        let mut out = vec![9.0; expected.len()];
        assert_eq!(bytes(format, given, &mut out), Damage::default());
        assert_eq!(out, expected, "{format:?}");
    }

    #[test]
    fn every_format_has_full_scale_one() {
        check(SampleFormat::UInt8, &[0, 128, 192], &[-1.0, 0.0, 0.5]);
        check(
            SampleFormat::Int16,
            &[0, 0x80, 1, 0],
            &[-1.0, 1.0 / 32_768.0],
        );
        check(
            SampleFormat::Int24,
            &[0, 0, 0x80, 1, 0, 0],
            &[-1.0, 1.0 / 8_388_608.0],
        );
        check(
            SampleFormat::Int32,
            &[0, 0, 0, 0x80, 0, 0, 0, 0x40],
            &[-1.0, 0.5],
        );
        check(SampleFormat::Float32, &1.5_f32.to_le_bytes(), &[1.5]);
        check(SampleFormat::Float64, &(-0.25_f64).to_le_bytes(), &[-0.25]);
        let mut out = [0.0; 2];
        ints(&[-8_388_608, 4_194_304], 24, &mut out);
        assert_eq!(out, [-1.0, 0.5]);
        planes(&[&[-1, 1]], 0, 1, &mut out[1..], (0, 1));
        assert_eq!(out, [-1.0, -1.0]);
        let mut rows = [9.0; 10];
        planes(&[&[0, 1], &[0, 2], &[0, 3]], 1, 3, &mut rows, (1, 5));
        assert_eq!(rows[..5], [9.0, 0.25, 0.5, 0.75, 9.0]);
        assert_eq!(rows[5..], [9.0; 5]);
    }

    #[test]
    fn the_shuffled_24_bits_are_the_plain_ones() {
        let given: Vec<u8> = (0..3 * 101_u32).map(|i| (i * i * 37 % 251) as u8).collect();
        for len in 0..=101 {
            let (mut fast, mut plain) = (vec![7.0; len], vec![7.0; len]);
            int24(&given[..3 * len], &mut fast);
            int24_plain(&given[..3 * len], &mut plain);
            assert_eq!(fast, plain);
        }
    }

    #[test]
    fn what_is_no_sample_is_silence() {
        let given = [0.5, f32::NAN, -1.0, f32::INFINITY, 5e9, -4e9];
        let mut out = [0.0; 6];
        let damage = floats(&given, &mut out);
        assert_eq!(
            damage,
            Damage {
                count: 3,
                first: Some(1)
            }
        );
        assert_eq!(out, [0.5, 0.0, -1.0, 0.0, 0.0, -4e9]);
        let damage = doubles(&[1e300, 0.5], &mut out[..2]);
        assert_eq!((damage.count, out[0], out[1]), (1, 0.0, 0.5));
    }
}
