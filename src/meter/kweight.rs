//! K weighting: the two filters of ITU-R BS.1770-5 Annex 1 for any sample rate.

use std::f64::consts::PI;

use crate::audio::SampleRate;

/// Lowest rate at which loudness is measured, in Hz: below it the high shelf at 1.7 kHz no longer
/// has room under half the sample rate.
pub(super) const LOWEST_RATE: u32 = 8_000;

/// Whether loudness is measured at this rate.
pub(super) const fn has_loudness(rate: SampleRate) -> bool {
    rate.hertz() >= LOWEST_RATE
}

/// The analogue prototype behind the coefficients that BS.1770-5 tables for 48 kHz: the bilinear
/// transform of these values at 48 kHz gives the table to its last digit (libebur128, `ebur128.c`,
/// `ebur128_init_filter`; a test holds ours to the table).
const SHELF_HZ: f64 = 1_681.974_450_955_533;
/// Gain of the shelf in dB.
const SHELF_DB: f64 = 3.999_843_853_973_347;
/// Quality of the shelf.
const SHELF_Q: f64 = 0.707_175_236_955_419_6;
/// Exponent that takes the shelf's gain at the top to its gain in the middle.
const SHELF_MIDDLE: f64 = 0.499_666_774_154_541_6;
/// Corner of the high-pass.
const HIGH_PASS_HZ: f64 = 38.135_470_876_024_44;
/// Quality of the high-pass. Its numerator is 1, −2, 1 as in the standard, not normalised.
const HIGH_PASS_Q: f64 = 0.500_327_037_323_877_3;

/// A second-order section `(b0 + b1/z + b2/z²) / (1 + a1/z + a2/z²)` in double precision.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Section {
    b: [f64; 3],
    a1: f64,
    a2: f64,
    /// `1 + a1 + a2`, worked out without the cancellation.
    leak: f64,
}

fn shelf(rate: f64) -> Section {
    let k = libm::tan(PI * SHELF_HZ / rate);
    let high = libm::pow(10.0, SHELF_DB / 20.0);
    let middle = libm::pow(high, SHELF_MIDDLE);
    let a0 = 1.0 + k / SHELF_Q + k * k;
    Section {
        b: [
            (high + middle * k / SHELF_Q + k * k) / a0,
            2.0 * (k * k - high) / a0,
            (high - middle * k / SHELF_Q + k * k) / a0,
        ],
        a1: 2.0 * (k * k - 1.0) / a0,
        a2: (1.0 - k / SHELF_Q + k * k) / a0,
        leak: 4.0 * k * k / a0,
    }
}

fn high_pass(rate: f64) -> Section {
    let k = libm::tan(PI * HIGH_PASS_HZ / rate);
    let a0 = 1.0 + k / HIGH_PASS_Q + k * k;
    Section {
        b: [1.0, -2.0, 1.0],
        a1: 2.0 * (k * k - 1.0) / a0,
        a2: (1.0 - k / HIGH_PASS_Q + k * k) / a0,
        leak: 4.0 * k * k / a0,
    }
}

/// The coefficients of both sections in difference form, in the precision in which they run.
///
/// With `w` the inner signal of a section in direct form II and `d[n] = w[n] − w[n−1]`, the recursion
/// `w[n] = x[n] − a1·w[n−1] − a2·w[n−2]` is `d[n] = x[n] − leak·w[n−1] + a2·d[n−1]`. The double pole at
/// 38 Hz then lives in `leak`, a small number with all its digits, instead of in the last digits of
/// `a1 ≈ −2`: this is what makes single precision enough (tests below and in `lanes`: within
/// 0.0001 LU of double precision from 32 to 192 kHz, with a full-scale rumble under the programme).
/// Writing `w[n−1] = w[n−2] + d[n−1]` takes one addition out of the path from a sample to the next.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct KWeight {
    /// High-pass: `d = (x − leak·w) + keep·d₁`, `w` one sample behind.
    pub(super) leak: f32,
    /// `a2 − leak` of the high-pass.
    pub(super) keep: f32,
    /// The same for the shelf.
    pub(super) shelf_leak: f32,
    /// `a2 − leak` of the shelf.
    pub(super) shelf_keep: f32,
    /// Shelf, out: `z = (u + tilt·w) + bend·d₁`, its `b0` taken out.
    pub(super) tilt: f32,
    /// See `tilt`.
    pub(super) bend: f32,
    /// `b0²` of the shelf: the factor of every energy.
    pub(super) energy_gain: f64,
}

impl KWeight {
    /// The filters for a rate; below [`LOWEST_RATE`] filters through which everything is silence.
    pub(super) fn new(rate: SampleRate) -> Self {
        if !has_loudness(rate) {
            return Self::default();
        }
        let rate = f64::from(rate.hertz());
        let (shelf, high_pass) = (shelf(rate), high_pass(rate));
        let [b0, b1, b2] = shelf.b;
        let (out1, out2) = (b1 / b0 - shelf.a1, b2 / b0 - shelf.a2);
        Self {
            leak: high_pass.leak as f32,
            keep: (high_pass.a2 - high_pass.leak) as f32,
            shelf_leak: shelf.leak as f32,
            shelf_keep: (shelf.a2 - shelf.leak) as f32,
            tilt: (out1 + out2) as f32,
            // −(out2) for the term in d₁, plus tilt·d₁ because w lags by one sample.
            bend: out1 as f32,
            energy_gain: b0 * b0,
        }
    }
}

/// The weighted energies of consecutive stretches of `frames` samples in double precision and plain
/// direct form: what the fast filter is held against.
#[cfg(test)]
pub(super) fn reference_energies(x: &[f32], rate: SampleRate, frames: usize) -> Vec<f64> {
    let rate = f64::from(rate.hertz());
    let sections = [shelf(rate), high_pass(rate)];
    let mut state = [[0.0_f64; 2]; 2];
    let mut step = |x: f32| {
        let mut v = f64::from(x);
        for (section, s) in sections.iter().zip(&mut state) {
            let y = section.b[0] * v + s[0];
            s[0] = section.b[1] * v - section.a1 * y + s[1];
            s[1] = section.b[2] * v - section.a2 * y;
            v = y;
        }
        v * v
    };
    x.chunks(frames)
        .map(|chunk| chunk.iter().map(|&v| step(v)).sum())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_48_khz_it_is_the_table_of_the_standard() {
        // BS.1770-5 Annex 1, Tables 1 and 2.
        let shelf = shelf(48_000.0);
        let table = [
            1.535_124_859_586_97,
            -2.691_696_189_406_38,
            1.198_392_810_852_85,
        ];
        for (ours, theirs) in shelf.b.iter().zip(table) {
            assert!((ours - theirs).abs() < 1e-13, "{ours} {theirs}");
        }
        assert!((shelf.a1 + 1.690_659_293_182_41).abs() < 1e-13);
        assert!((shelf.a2 - 0.732_480_774_215_85).abs() < 1e-13);
        let high_pass = high_pass(48_000.0);
        assert!((high_pass.a1 + 1.990_047_454_833_98).abs() < 1e-13);
        assert!((high_pass.a2 - 0.990_072_250_366_21).abs() < 1e-13);
        for section in [shelf, high_pass] {
            assert!((section.leak - (1.0 + section.a1 + section.a2)).abs() < 1e-14);
        }
    }

    #[test]
    fn no_filter_below_the_lowest_rate() {
        let weight = |hertz| KWeight::new(SampleRate::new(hertz).unwrap());
        assert_eq!(weight(LOWEST_RATE - 1).energy_gain, 0.0);
        assert!(weight(LOWEST_RATE).energy_gain > 1.0);
        assert!(weight(1_536_000).energy_gain > 1.0);
    }
}
