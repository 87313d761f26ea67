//! The windowed sincs of the true-peak filters, in phases up to the middle one.

use std::f64::consts::PI;

/// Phases 1 and 2 of a 49-point Hann-windowed sinc with zero crossings every 4 points: libebur128's
/// `interp_create(49, 4)`. Point `j` is tap `j/4` of phase `j mod 4`; point 24 is the middle.
pub(super) fn standard() -> Vec<Vec<f64>> {
    let point = |j: usize| {
        let m = j as f64 - 24.0;
        let sinc = libm::sin(PI * m / 4.0) / (PI * m / 4.0);
        sinc * 0.5 * (1.0 - libm::cos(2.0 * PI * j as f64 / 48.0))
    };
    (1..=2)
        .map(|phase| (0..12).map(|tap| point(4 * tap + phase)).collect())
        .collect()
}

/// Taps of a phase of the precise filter.
const PRECISE_TAPS: usize = 48;

/// Shape of the Kaiser window: side lobes under −70 dB, and the crest of a tone at 0.45 of the sample
/// rate reads 0.034 dB low at worst, nearly all of it the distance between two of the 16 instants.
const PRECISE_BETA: f64 = 7.0;

/// Phases 1 to 8 of the 16-fold Kaiser-windowed sinc.
pub(super) fn precise() -> Vec<Vec<f64>> {
    let half = PRECISE_TAPS as f64 / 2.0;
    let point = |tap: usize, phase: usize| {
        let u = half - tap as f64 - phase as f64 / 16.0;
        let shape = libm::sqrt(1.0 - (u / half) * (u / half));
        let window = bessel_i0(PRECISE_BETA * shape) / bessel_i0(PRECISE_BETA);
        libm::sin(PI * u) / (PI * u) * window
    };
    (1..=8)
        .map(|phase| (0..PRECISE_TAPS).map(|tap| point(tap, phase)).collect())
        .collect()
}

/// The modified Bessel function of the first kind of order 0, by its series; for `x` up to 10 the
/// 40th term is below 10⁻³⁰.
fn bessel_i0(x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for k in 1..40 {
        let factor = x / 2.0 / f64::from(k);
        term *= factor * factor;
        sum += term;
    }
    sum
}
