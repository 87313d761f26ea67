//! The filters that find the signal between the samples (ITU-R BS.1770-5 Annex 2).

use std::f64::consts::PI;

use multiversion::multiversion;

use super::lanes::BLOCK;
use super::spec::TruePeakFilter;

/// The most taps that a phase has.
pub(super) const MAX_TAPS: usize = 48;

/// Input of one block: itself and the samples before it that the filter reaches.
pub(super) type Stretch = [f32; MAX_TAPS - 1 + BLOCK];

/// An interpolation filter in phases.
///
/// Output `y_p[n] = Σ h_p[t]·x[n−t]` is the signal at the instant `n − delay + p/factor`. Phase 0 is the
/// sample itself in both filters and is not kept: the true peak is never below the sample peak.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Interpolator {
    phases: Vec<Vec<f32>>,
    /// Taps of a phase.
    pub(super) taps: usize,
    /// Sample frames from an input sample to the output that stands for it.
    pub(super) delay: usize,
    /// The factor by which no interpolated value can exceed the largest sample under the filter.
    ///
    /// In exact arithmetic `|y_p[n]| ≤ Σ|h_p[t]|·max|x|`, so the factor is the largest sum of
    /// magnitudes of a phase. In single precision a sum of T products is off by less than
    /// `(T+1)·2⁻²⁴·Σ|h|·max|x|`, for 48 taps 3·10⁻⁶ of the bound; 10⁻⁴ is added for it. A block
    /// whose samples and those before it times this factor do not exceed the peak so far cannot
    /// hold a new one and need not be filtered: pruned and dense search agree to the bit.
    pub(super) bound: f32,
}

/// The slack in [`Interpolator::bound`].
const SLACK: f64 = 1e-4;

impl Interpolator {
    pub(super) fn new(filter: TruePeakFilter) -> Self {
        match filter {
            TruePeakFilter::Standard4x48 => Self::from_phases(standard(), 6),
            TruePeakFilter::Precise16x => Self::from_phases(precise(), PRECISE_DELAY),
        }
    }

    fn from_phases(phases: Vec<Vec<f32>>, delay: usize) -> Self {
        let sum = |phase: &Vec<f32>| phase.iter().map(|h| f64::from(h.abs())).sum::<f64>();
        let largest = phases.iter().map(sum).fold(1.0, f64::max);
        Self {
            taps: phases.first().map_or(1, Vec::len),
            phases,
            delay,
            bound: (largest * (1.0 + SLACK)) as f32,
        }
    }

    /// Samples before a block that its first output reaches back to.
    pub(super) fn history(&self) -> usize {
        self.taps - 1
    }

    /// The largest magnitude over all phases at each of 32 outputs; `x[history + i]` is the newest
    /// sample of output `i`. The samples themselves (phase 0) count.
    pub(super) fn envelope(&self, x: &Stretch) -> [f32; BLOCK] {
        let mut out = [0.0; BLOCK];
        if let Some(samples) = x[self.history() - self.delay..].first_chunk::<BLOCK>() {
            out = samples.map(f32::abs);
        }
        all_phases(&self.phases, x, &mut out);
        out
    }
}

/// All phases over one block; outputs side by side are the lanes, so each output adds up its taps in
/// the same order everywhere.
#[multiversion(targets("x86_64+avx2"))]
fn all_phases(phases: &[Vec<f32>], x: &Stretch, out: &mut [f32; BLOCK]) {
    for taps in phases {
        let mut sums = [0.0_f32; BLOCK];
        for (i, tap) in taps.iter().rev().enumerate() {
            let Some(window) = x.get(i..).and_then(|tail| tail.first_chunk::<BLOCK>()) else {
                break;
            };
            for k in 0..BLOCK {
                sums[k] += tap * window[k];
            }
        }
        for k in 0..BLOCK {
            let size = sums[k].abs();
            out[k] = if size > out[k] { size } else { out[k] };
        }
    }
}

/// Phases 1 to 3 of a 49-point Hann-windowed sinc with zero crossings every 4 points: libebur128's
/// `interp_create(49, 4)`. Point `j` is tap `j/4` of phase `j mod 4`; point 24 is the middle.
fn standard() -> Vec<Vec<f32>> {
    let point = |j: usize| {
        let m = j as f64 - 24.0;
        let sinc = libm::sin(PI * m / 4.0) / (PI * m / 4.0);
        (sinc * 0.5 * (1.0 - libm::cos(2.0 * PI * j as f64 / 48.0))) as f32
    };
    (1..4)
        .map(|phase| (0..12).map(|tap| point(4 * tap + phase)).collect())
        .collect()
}

/// Half the taps of a phase of the precise filter.
const PRECISE_DELAY: usize = MAX_TAPS / 2;

/// Shape of the Kaiser window: side lobes under −70 dB, and the crest of a tone at 0.45 of the sample
/// rate reads 0.034 dB low at worst, nearly all of it the distance between two of the 16 instants.
const PRECISE_BETA: f64 = 7.0;

/// Phases 1 to 15 of the 16-fold Kaiser-windowed sinc.
fn precise() -> Vec<Vec<f32>> {
    let half = PRECISE_DELAY as f64;
    let point = |tap: usize, phase: usize| {
        let u = half - tap as f64 - phase as f64 / 16.0;
        let shape = libm::sqrt(1.0 - (u / half) * (u / half));
        let window = bessel_i0(PRECISE_BETA * shape) / bessel_i0(PRECISE_BETA);
        (libm::sin(PI * u) / (PI * u) * window) as f32
    };
    (1..16)
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
        for step in 0..=64 {
            let crest = f64::from(step) / 64.0;
            let x = |k: f64| libm::cos(2.0 * PI * f * (k - crest));
            let output = |phase: &Vec<f32>| {
                let terms = phase.iter().enumerate();
                let sum: f64 = terms
                    .map(|(t, &h)| f64::from(h) * x(filter.delay as f64 - t as f64))
                    .sum();
                sum.abs()
            };
            let samples = x(0.0).max(x(1.0));
            let top = filter.phases.iter().map(output).fold(samples, f64::max);
            low = low.min(top);
            high = high.max(top);
        }
        (20.0 * libm::log10(low), 20.0 * libm::log10(high))
    }

    #[test]
    fn the_standard_filter_is_the_known_one() {
        let filter = Interpolator::new(TruePeakFilter::Standard4x48);
        let sums: Vec<f64> = filter
            .phases
            .iter()
            .map(|p| p.iter().map(|h| f64::from(h.abs())).sum())
            .collect();
        for (sum, expected) in sums.iter().zip([1.631, 1.864, 1.631]) {
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
            // The worst input of each phase: every sample at full scale with the sign of its tap.
            for phase in &filter.phases {
                let mut x: Stretch = [0.0; MAX_TAPS - 1 + BLOCK];
                for (sample, tap) in x.iter_mut().zip(phase.iter().rev()) {
                    *sample = 1.0_f32.copysign(*tap);
                }
                let top = filter.envelope(&x).into_iter().fold(0.0, f32::max);
                assert!(top > 1.3 && top < filter.bound, "{top} {}", filter.bound);
            }
        }
    }
}
