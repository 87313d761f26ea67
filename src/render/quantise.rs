//! The one rounding from double precision to the output's integers, and integer sums of them.

use multiversion::multiversion;

use crate::audio::SampleFormat;

/// Adding this to a double below 2^51 leaves its nearest integer, ties to even, in the low bits of
/// the sum: the rounding of IEEE 754 §4.3.1 at a place where one unit is one (1.5·2^52).
const ROUND: f64 = 6_755_399_441_055_744.0;

/// What was lost on the way to integers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Lost {
    /// Samples set to full scale.
    pub(super) saturated: u64,
    /// Where the first of them stands.
    pub(super) first: Option<usize>,
    /// Samples that were not numbers and became silence.
    pub(super) not_numbers: u64,
}

impl Lost {
    pub(super) fn add(&mut self, other: Self) {
        self.saturated += other.saturated;
        self.first = [self.first, other.first].into_iter().flatten().min();
        self.not_numbers += other.not_numbers;
    }
}

/// Full scale of a format in its own steps: the magnitude of its lowest integer.
fn full_scale(format: SampleFormat) -> f64 {
    match format {
        SampleFormat::Int16 => 32_768.0,
        _ => 8_388_608.0,
    }
}

/// Rounds doubles (full scale ±1) to integers: nearest, ties to even, saturating; NaN becomes 0.
#[multiversion(targets("x86_64+avx2"))]
pub(super) fn quantise(plane: &[f64], format: SampleFormat, out: &mut [i32]) -> Lost {
    let full = full_scale(format);
    let (lowest, highest) = (-full, full - 1.0);
    // −full − 1/2 and full − 1/2 are ties: the one rounds to −full (even), the other to full.
    let outside = |x: f64| x * full < lowest - 0.5 || x * full >= highest + 0.5;
    let (mut saturated, mut not_numbers) = (0_u32, 0_u32);
    for (slot, &x) in out.iter_mut().zip(plane) {
        saturated += u32::from(outside(x));
        let nan = x.is_nan();
        let x = if nan { 0.0 } else { x * full };
        not_numbers += u32::from(nan);
        let x = if x < lowest { lowest } else { x };
        let x = if x > highest { highest } else { x };
        *slot = (x + ROUND).to_bits() as i32;
    }
    let first = if saturated > 0 {
        plane.iter().position(|&x| outside(x))
    } else {
        None
    };
    Lost {
        saturated: u64::from(saturated),
        first,
        not_numbers: u64::from(not_numbers),
    }
}

/// Adds the samples of one stem to those of a composite; nothing is limited yet.
///
/// Of 24-bit samples 128 can be added before 32 bits overflow.
pub(super) fn add(sum: &mut [i32], stem: &[i32]) {
    for (sum, stem) in sum.iter_mut().zip(stem) {
        *sum = sum.wrapping_add(*stem);
    }
}

/// Limits sums to the format, and says what was set to full scale.
pub(super) fn limit(sum: &mut [i32], format: SampleFormat) -> Lost {
    let highest = full_scale(format) as i32 - 1;
    let outside = |sample: i32| sample < -highest - 1 || sample > highest;
    let saturated: u32 = sum.iter().map(|&sample| u32::from(outside(sample))).sum();
    if saturated == 0 {
        return Lost::default();
    }
    let first = sum.iter().position(|&sample| outside(sample));
    for sample in sum {
        *sample = (*sample).clamp(-highest - 1, highest);
    }
    Lost {
        saturated: u64::from(saturated),
        first,
        not_numbers: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(x: f64, format: SampleFormat, want: i32, lost: (u64, u64)) {
        let mut out = [0];
        let got = quantise(&[x], format, &mut out);
        assert_eq!(
            (out[0], got.saturated, got.not_numbers),
            (want, lost.0, lost.1),
            "{x}"
        );
    }

    #[test]
    fn rounds_to_even_and_saturates() {
        let step = SampleFormat::Int24.step();
        let int24 = |x, want, lost| check(x, SampleFormat::Int24, want, lost);
        int24(0.5 * step, 0, (0, 0));
        int24(1.5 * step, 2, (0, 0));
        int24(-0.5 * step, 0, (0, 0));
        int24(-1.5 * step, -2, (0, 0));
        int24(1.0 - step, 8_388_607, (0, 0));
        int24(1.0 - 0.6 * step, 8_388_607, (0, 0));
        int24(1.0 - 0.5 * step, 8_388_607, (1, 0));
        int24(1.0, 8_388_607, (1, 0));
        int24(-1.0, -8_388_608, (0, 0));
        int24(-1.0 - 0.5 * step, -8_388_608, (0, 0));
        int24(-1.0 - step, -8_388_608, (1, 0));
        int24(f64::INFINITY, 8_388_607, (1, 0));
        int24(f64::NEG_INFINITY, -8_388_608, (1, 0));
        int24(f64::NAN, 0, (0, 1));
        check(0.25, SampleFormat::Int16, 8192, (0, 0));
    }

    #[test]
    fn composites_are_limited_once_at_the_end() {
        let mut sum = [8_388_607, -8_388_608, 5];
        add(&mut sum, &[8_388_607, -1, -5]);
        add(&mut sum, &[-8_388_607, 1, 1]);
        assert_eq!(limit(&mut sum, SampleFormat::Int24), Lost::default());
        assert_eq!(sum, [8_388_607, -8_388_608, 1]);
        add(&mut sum, &[1, -1, 0]);
        let lost = limit(&mut sum, SampleFormat::Int24);
        assert_eq!((lost.saturated, lost.first), (2, Some(0)));
        assert_eq!(sum, [8_388_607, -8_388_608, 1]);
    }

    proptest! {
        #[test]
        fn is_the_rounding_of_ieee_754(x in -1.5_f64..1.5) {
            let want = (x * 8_388_608.0).round_ties_even().clamp(-8_388_608.0, 8_388_607.0) as i32;
            let mut out = [0];
            quantise(&[x], SampleFormat::Int24, &mut out);
            prop_assert_eq!(out[0], want);
        }

        #[test]
        fn integers_come_through_bit_for_bit(n in -8_388_608_i32..8_388_608) {
            let mut out = [0];
            quantise(&[f64::from(n) / 8_388_608.0], SampleFormat::Int24, &mut out);
            prop_assert_eq!(out[0], n);
        }
    }
}
