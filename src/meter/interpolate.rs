//! The filters that find the signal between the samples (ITU-R BS.1770-5 Annex 2).

use std::f64::consts::PI;

use multiversion::multiversion;

use super::lanes::BLOCK;
use super::spec::TruePeakFilter;

/// The most taps that a phase has.
pub(super) const MAX_TAPS: usize = 48;

/// Half the taps of the longest phase.
const MAX_PAIRS: usize = MAX_TAPS / 2;

/// An interpolation filter in phases.
///
/// Output `y_p[n] = Σ h_p[t]·x[n−t]` is the signal at the instant `n − delay + p/factor`. Phase 0 is the
/// sample itself in both filters and is not kept: the true peak is never below the sample peak.
///
/// Phase `factor−p` is phase `p` backwards. With the sums and differences `u_t, v_t = x[n−t] ± x[n−(T−1−t)]`
/// and the even and odd halves of the taps, `y_p = E + O` and `y_(factor−p) = E − O`, where
/// `E = Σ e_t·u_t` and `O = Σ o_t·v_t`; and the larger of the two magnitudes is `|E| + |O|`. This takes
/// half the multiplications.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Interpolator {
    /// The phases up to the middle one, whose odd half is nothing.
    phases: Vec<Phase>,
    /// Taps of a phase.
    pub(super) taps: usize,
    /// Sample frames from an input sample to the output that stands for it.
    pub(super) delay: usize,
    /// The factor by which no interpolated value can exceed the largest sample under the filter.
    ///
    /// In exact arithmetic `|y_p[n]| ≤ Σ|h_p[t]|·max|x|`, so the factor is the largest sum of
    /// magnitudes of a phase. In single precision each of `E` and `O` is off by less than
    /// `(T/2+2)·2⁻²⁴·Σ|h|·max|x|`, for 48 taps together 4·10⁻⁶ of the bound; 10⁻⁴ is added for it. A
    /// block whose samples and those before it times this factor do not exceed the peak so far cannot
    /// hold a new one and need not be filtered: pruned and dense search agree to the bit.
    pub(super) bound: f32,
}

/// The slack in [`Interpolator::bound`].
const SLACK: f64 = 1e-4;

/// Half the taps of a phase and of its mirror image.
#[derive(Debug, Clone, PartialEq)]
struct Phase {
    even: Vec<f32>,
    /// Empty for the middle phase, which is its own mirror image.
    odd: Vec<f32>,
}

impl Phase {
    fn new(taps: &[f64], is_middle: bool) -> Self {
        let half = |sign: f64| {
            let pairs = taps.iter().zip(taps.iter().rev()).take(taps.len() / 2);
            pairs.map(|(a, b)| (0.5 * (a + sign * b)) as f32).collect()
        };
        let odd = if is_middle { Vec::new() } else { half(-1.0) };
        Self {
            even: half(1.0),
            odd,
        }
    }
}

impl Interpolator {
    pub(super) fn new(filter: TruePeakFilter) -> Self {
        match filter {
            TruePeakFilter::Standard4x48 => Self::from_phases(&standard(), 6),
            TruePeakFilter::Precise16x => Self::from_phases(&precise(), MAX_PAIRS),
        }
    }

    /// From the taps of the phases 1 up to the middle one, which is the last.
    fn from_phases(phases: &[Vec<f64>], delay: usize) -> Self {
        let sum = |phase: &Vec<f64>| phase.iter().map(|h| h.abs()).sum::<f64>();
        let largest = phases.iter().map(sum).fold(1.0, f64::max);
        let halves = phases.iter().enumerate();
        Self {
            taps: phases.first().map_or(1, Vec::len),
            phases: halves
                .map(|(i, taps)| Phase::new(taps, i + 1 == phases.len()))
                .collect(),
            delay,
            bound: (largest * (1.0 + SLACK)) as f32,
        }
    }

    /// Samples before a block that its first output reaches back to.
    pub(super) fn history(&self) -> usize {
        self.taps - 1
    }

    /// Blocks before a block that its first output can reach back into.
    pub(super) fn reach(&self) -> usize {
        self.history().div_ceil(BLOCK)
    }

    /// The outputs of a block; `x[history + i]` is the newest sample of output `i`. Silence where `x` is too
    /// short.
    pub(super) fn envelope(&self, x: &[f32]) -> Envelope {
        let mut out = Envelope::default();
        let middle = x.get(self.history() - self.delay..);
        if let Some(samples) = middle.and_then(<[f32]>::first_chunk::<BLOCK>) {
            out.sizes = samples.map(f32::abs);
        }
        if let (MAX_TAPS, Some(x)) = (self.taps, x.first_chunk()) {
            phases_of_48(&self.phases, x, &mut out);
        } else if let Some(x) = x.first_chunk() {
            phases_of_12(&self.phases, x, &mut out);
        }
        out
    }
}

/// The signal at and between the samples of a block.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Envelope {
    /// The largest magnitude over all phases at each output; the samples themselves are phase 0.
    pub(super) sizes: Lane,
    /// The largest of them.
    pub(super) top: f32,
}

/// Each output of a block is a lane and adds up its taps in the same order everywhere.
type Lane = [f32; BLOCK];

/// All phases of 12 taps over one block.
#[multiversion(targets("x86_64+avx2"))]
fn phases_of_12(phases: &[Phase], x: &[f32; 11 + BLOCK], out: &mut Envelope) {
    all_phases::<6, _>(phases, x, out);
}

/// All phases of 48 taps over one block.
#[multiversion(targets("x86_64+avx2"))]
fn phases_of_48(phases: &[Phase], x: &[f32; 47 + BLOCK], out: &mut Envelope) {
    all_phases::<24, _>(phases, x, out);
}

/// All phases of twice as many taps as `PAIRS`.
#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "must be compiled anew inside each version of its callers"
)]
fn all_phases<const PAIRS: usize, const REACH: usize>(
    phases: &[Phase],
    x: &[f32; REACH],
    out: &mut Envelope,
) {
    let mut sums = [[0.0_f32; BLOCK]; PAIRS];
    let mut differences = [[0.0_f32; BLOCK]; PAIRS];
    for t in 0..PAIRS {
        for k in 0..BLOCK {
            // Output k has x[n−t] at history + k − t.
            let (newer, older) = (x[2 * PAIRS - 1 - t + k], x[t + k]);
            sums[t][k] = newer + older;
            differences[t][k] = newer - older;
        }
    }
    for phase in phases {
        let even = weighted(&phase.even, &sums);
        let odd = weighted(&phase.odd, &differences);
        for k in 0..BLOCK {
            let size = even[k].abs() + odd[k].abs();
            out.sizes[k] = larger(out.sizes[k], size);
        }
    }
    let mut tops = out.sizes;
    for width in [16, 8, 4, 2, 1] {
        for k in 0..width {
            tops[k] = larger(tops[k], tops[k + width]);
        }
    }
    out.top = tops[0];
}

/// The larger of two magnitudes, none of them NaN.
#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "must be compiled anew inside each version of its callers"
)]
fn larger(a: f32, b: f32) -> f32 {
    if b > a { b } else { a }
}

#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "must be compiled anew inside each version of its callers"
)]
fn weighted(taps: &[f32], lanes: &[Lane]) -> Lane {
    let mut total = [0.0; BLOCK];
    for (tap, lane) in taps.iter().zip(lanes) {
        for k in 0..BLOCK {
            total[k] += tap * lane[k];
        }
    }
    total
}

/// Phases 1 and 2 of a 49-point Hann-windowed sinc with zero crossings every 4 points: libebur128's
/// `interp_create(49, 4)`. Point `j` is tap `j/4` of phase `j mod 4`; point 24 is the middle.
fn standard() -> Vec<Vec<f64>> {
    let point = |j: usize| {
        let m = j as f64 - 24.0;
        let sinc = libm::sin(PI * m / 4.0) / (PI * m / 4.0);
        sinc * 0.5 * (1.0 - libm::cos(2.0 * PI * j as f64 / 48.0))
    };
    (1..=2)
        .map(|phase| (0..12).map(|tap| point(4 * tap + phase)).collect())
        .collect()
}

/// Shape of the Kaiser window: side lobes under −70 dB, and the crest of a tone at 0.45 of the sample
/// rate reads 0.034 dB low at worst, nearly all of it the distance between two of the 16 instants.
const PRECISE_BETA: f64 = 7.0;

/// Phases 1 to 8 of the 16-fold Kaiser-windowed sinc.
fn precise() -> Vec<Vec<f64>> {
    let half = MAX_PAIRS as f64;
    let point = |tap: usize, phase: usize| {
        let u = half - tap as f64 - phase as f64 / 16.0;
        let shape = libm::sqrt(1.0 - (u / half) * (u / half));
        let window = bessel_i0(PRECISE_BETA * shape) / bessel_i0(PRECISE_BETA);
        libm::sin(PI * u) / (PI * u) * window
    };
    (1..=8)
        .map(|phase| (0..MAX_TAPS).map(|tap| point(tap, phase)).collect())
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What a filter reads of one crest of a tone at `f` cycles a sample, in dB, at worst and at best over
    /// the places between two samples where the crest can fall.
    fn reading(filter: &Interpolator, f: f64) -> (f64, f64) {
        let (mut low, mut high) = (f64::MAX, 0.0_f64);
        let first = filter.history() as f64 - filter.delay as f64;
        for step in 0..=64 {
            // The crest stands this far after the sample for which output 0 stands.
            let crest = f64::from(step) / 64.0;
            let x: [f32; 79] = std::array::from_fn(|n| {
                libm::cos(2.0 * PI * f * (n as f64 - first - crest)) as f32
            });
            let envelope = filter.envelope(&x);
            let top =
                f64::from(envelope.sizes[0].max(x[filter.history() - filter.delay + 1].abs()));
            low = low.min(top);
            high = high.max(top);
        }
        (20.0 * libm::log10(low), 20.0 * libm::log10(high))
    }

    #[test]
    fn the_halves_make_the_whole() {
        for (kind, phases, factor) in [
            (TruePeakFilter::Standard4x48, standard(), 4),
            (TruePeakFilter::Precise16x, precise(), 16),
        ] {
            let filter = Interpolator::new(kind);
            let x: [f32; 79] = std::array::from_fn(|n| ((n * n * 31) % 97) as f32 / 97.0 - 0.5);
            let output = |taps: &[f64], i: usize| {
                let window = x[i..].iter().take(filter.taps).rev();
                let terms = taps.iter().zip(window);
                terms.map(|(h, &v)| h * f64::from(v)).sum::<f64>().abs()
            };
            for (i, &got) in filter.envelope(&x).sizes.iter().enumerate() {
                let mut expected = f64::from(x[filter.history() - filter.delay + i].abs());
                for taps in &phases {
                    let mirrored: Vec<f64> = taps.iter().rev().copied().collect();
                    expected = expected.max(output(taps, i)).max(output(&mirrored, i));
                }
                assert!((f64::from(got) - expected).abs() < 1e-6, "{factor} {i}");
            }
            assert_eq!(phases.len(), factor / 2);
        }
    }

    #[test]
    fn the_standard_filter_is_the_known_one() {
        let filter = Interpolator::new(TruePeakFilter::Standard4x48);
        for (taps, expected) in standard().iter().zip([1.631, 1.864]) {
            let sum: f64 = taps.iter().map(|h| h.abs()).sum();
            assert!((sum - expected).abs() < 5e-4, "{sum}");
        }
        for (f, low, high) in [
            (0.1, -0.04, 0.01),
            (0.25, -0.20, 0.02),
            (0.333, -0.27, 0.12),
        ] {
            let got = reading(&filter, f);
            assert!(got.0 > low && got.1 < high, "{f}: {got:?}");
        }
    }

    #[test]
    fn the_precise_filter_is_within_a_twentieth_of_a_decibel() {
        let filter = Interpolator::new(TruePeakFilter::Precise16x);
        for f in [0.01, 0.1003, 0.1667, 0.25, 0.333, 0.4001, 0.43, 0.45] {
            let (low, high) = reading(&filter, f);
            assert!(low > -0.04 && high < 0.01, "{f}: {low} {high}");
        }
    }

    #[test]
    fn no_output_exceeds_the_bound() {
        for kind in [TruePeakFilter::Standard4x48, TruePeakFilter::Precise16x] {
            let filter = Interpolator::new(kind);
            let phases = match kind {
                TruePeakFilter::Standard4x48 => standard(),
                TruePeakFilter::Precise16x => precise(),
            };
            // The worst input of each phase: every sample at full scale with the sign of its tap.
            for phase in phases {
                let mut x = [0.0_f32; 79];
                for (sample, tap) in x.iter_mut().zip(phase.iter().rev()) {
                    *sample = 1.0_f32.copysign(*tap as f32);
                }
                let top = filter.envelope(&x).top;
                assert!(top > 1.1 && top < filter.bound, "{top} {}", filter.bound);
            }
        }
    }
}
