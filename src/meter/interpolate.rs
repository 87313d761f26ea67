//! The filters that find the signal between the samples (ITU-R BS.1770-5 Annex 2).

use multiversion::multiversion;

use super::lanes::{BLOCK, larger};
use super::sinc::{precise, standard};
use super::spec::TruePeakFilter;

/// An interpolation filter in phases.
///
/// Output `y_p[n] = Σ h_p[t]·x[n−t]` is the signal at the instant `n − delay + p/factor`. Phase 0 is the
/// sample itself in both filters and is not kept: the true peak is never below the sample peak.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Interpolator {
    phases: Phases,
    /// Taps of a phase.
    taps: usize,
    /// Sample frames from an input sample to the output that stands for it: half the taps.
    pub(super) delay: usize,
    /// The factor by which no interpolated value can exceed the largest sample under the filter.
    ///
    /// In exact arithmetic `|y_p[n]| ≤ Σ|h_p[t]|·max|x|`, so the factor is the largest sum of
    /// magnitudes of a phase. In single precision the two halves of an output (see [`PhaseSet`]) are off
    /// by less than `(T/2+2)·2⁻²⁴·Σ|h|·max|x|` each, for 48 taps together 4·10⁻⁶ of the bound; 10⁻⁴ is
    /// added for it. A block whose samples and those before it times this factor do not exceed the peak
    /// so far cannot hold a new one and need not be filtered: pruned and dense search agree to the bit.
    pub(super) bound: f32,
    /// The same for the taps outside the middle ones: an output is its middle taps' sum and something
    /// that does not exceed this factor times the largest sample.
    rest: f32,
}

/// The slack in [`Interpolator::bound`] and [`Interpolator::rest`], relative to the sum of all taps.
const SLACK: f64 = 1e-4;

/// Outer pairs of taps that the first look at a block leaves out, of 6 and of 24.
const OUTER: [usize; 2] = [4, 18];

#[derive(Debug, Clone, PartialEq)]
enum Phases {
    Of12(PhaseSet<6>),
    Of48(PhaseSet<24>),
}

/// The phases of a filter of twice as many taps as `PAIRS`.
///
/// Phase `factor−p` is phase `p` backwards. With the sums and differences `u_t, v_t = x[n−t] ± x[n−(T−1−t)]`
/// and the even and odd halves of the taps, `y_p = E + O` and `y_(factor−p) = E − O`, where
/// `E = Σ e_t·u_t` and `O = Σ o_t·v_t`; and the larger of the two magnitudes is `|E| + |O|`. This takes
/// half the multiplications.
#[derive(Debug, Clone, PartialEq)]
struct PhaseSet<const PAIRS: usize> {
    /// Even and odd half of each phase before the middle one.
    halves: Vec<[[f32; PAIRS]; 2]>,
    /// The even half of the middle phase; its odd half is nothing.
    middle: [f32; PAIRS],
}

impl<const PAIRS: usize> PhaseSet<PAIRS> {
    /// From the taps of the phases 1 up to the middle one, which is the last.
    fn new(phases: &[Vec<f64>]) -> Self {
        let half = |taps: &Vec<f64>, sign: f64| -> [f32; PAIRS] {
            std::array::from_fn(|t| (0.5 * (taps[t] + sign * taps[2 * PAIRS - 1 - t])) as f32)
        };
        let (middle, others) = phases
            .split_last()
            .map_or(([0.0; PAIRS], phases), |(last, rest)| {
                (half(last, 1.0), rest)
            });
        Self {
            halves: others
                .iter()
                .map(|taps| [half(taps, 1.0), half(taps, -1.0)])
                .collect(),
            middle,
        }
    }
}

impl Interpolator {
    pub(super) fn new(filter: TruePeakFilter) -> Self {
        let (prototype, outer): (_, usize) = match filter {
            TruePeakFilter::Standard4x48 => (standard(), OUTER[0]),
            TruePeakFilter::Precise16x => (precise(), OUTER[1]),
        };
        let phases = match filter {
            TruePeakFilter::Standard4x48 => Phases::Of12(PhaseSet::new(&prototype)),
            TruePeakFilter::Precise16x => Phases::Of48(PhaseSet::new(&prototype)),
        };
        let taps = prototype.first().map_or(1, Vec::len);
        let largest = |is_in: &dyn Fn(usize) -> bool| {
            let sum = |phase: &Vec<f64>| {
                let taken = phase.iter().enumerate().filter(|(t, _)| is_in(*t));
                taken.map(|(_, h)| h.abs()).sum::<f64>()
            };
            prototype.iter().map(sum).fold(0.0, f64::max)
        };
        let whole = largest(&|_| true).max(1.0);
        Self {
            phases,
            taps,
            delay: taps / 2,
            bound: (whole * (1.0 + SLACK)) as f32,
            rest: (largest(&|t| t < outer || t >= taps - outer) + whole * SLACK) as f32,
        }
    }

    /// The same filter without a bound, so that every block is filtered.
    #[cfg(test)]
    pub(super) fn dense(&self) -> Self {
        let (bound, rest) = (f32::INFINITY, f32::INFINITY);
        Self {
            bound,
            rest,
            ..self.clone()
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

    /// Whether an output of the block may exceed `threshold`, by the middle taps alone; `largest` is the
    /// largest sample in `x`. This sorts out nearly every block of loud and even material at a third of the
    /// cost of the whole filter.
    pub(super) fn may_exceed(&self, x: &[f32], largest: f32, threshold: f32) -> bool {
        let mut middle = Envelope::default();
        match &self.phases {
            Phases::Of12(phases) => {
                if let Some(x) = x.first_chunk() {
                    middle_of_12(phases, x, &mut middle);
                }
            }
            Phases::Of48(phases) => {
                if let Some(x) = x.first_chunk() {
                    middle_of_48(phases, x, &mut middle);
                }
            }
        }
        middle.top + self.rest * largest > threshold
    }

    /// The outputs of a block; `x[history + i]` is the newest sample of output `i`. `out` stays as it is
    /// where `x` is too short.
    pub(super) fn envelope(&self, x: &[f32], out: &mut Envelope) {
        match &self.phases {
            Phases::Of12(phases) => {
                if let Some(x) = x.first_chunk() {
                    phases_of_12(phases, x, out);
                }
            }
            Phases::Of48(phases) => {
                if let Some(x) = x.first_chunk() {
                    phases_of_48(phases, x, out);
                }
            }
        }
    }
}

/// The signal at and between the samples of a block.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Envelope {
    /// The largest magnitude over all phases at each output; the samples themselves are phase 0.
    pub(super) sizes: [f32; BLOCK],
    /// The largest of them.
    pub(super) top: f32,
}

/// Outputs side by side in a vector; each adds up its taps in the same order everywhere.
const WIDTH: usize = 8;

/// All phases of 12 taps over one block.
#[multiversion(targets("x86_64+avx2"))]
fn phases_of_12(phases: &PhaseSet<6>, x: &[f32; 11 + BLOCK], out: &mut Envelope) {
    all_phases::<6, _, 0>(phases, x, out);
}

/// Their middle taps.
#[multiversion(targets("x86_64+avx2"))]
fn middle_of_12(phases: &PhaseSet<6>, x: &[f32; 11 + BLOCK], out: &mut Envelope) {
    all_phases::<6, _, { OUTER[0] }>(phases, x, out);
}

/// All phases of 48 taps over one block.
#[multiversion(targets("x86_64+avx2"))]
fn phases_of_48(phases: &PhaseSet<24>, x: &[f32; 47 + BLOCK], out: &mut Envelope) {
    all_phases::<24, _, 0>(phases, x, out);
}

/// Their middle taps.
#[multiversion(targets("x86_64+avx2"))]
fn middle_of_48(phases: &PhaseSet<24>, x: &[f32; 47 + BLOCK], out: &mut Envelope) {
    all_phases::<24, _, { OUTER[1] }>(phases, x, out);
}

/// All phases over one block, without the outer `FROM` pairs of taps; `x` has twice as many samples as
/// `PAIRS` less one before the block.
#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "must be compiled anew inside each version of its callers"
)]
fn all_phases<const PAIRS: usize, const REACH: usize, const FROM: usize>(
    phases: &PhaseSet<PAIRS>,
    x: &[f32; REACH],
    out: &mut Envelope,
) {
    let mut tops = [0.0_f32; WIDTH];
    for (chunk, place) in out.sizes.as_chunks_mut::<WIDTH>().0.iter_mut().enumerate() {
        let mut sizes = [0.0_f32; WIDTH];
        let mut sums = [[0.0_f32; WIDTH]; PAIRS];
        let mut differences = [[0.0_f32; WIDTH]; PAIRS];
        for k in 0..WIDTH {
            // Output n has x[n−t] at history + n − t, and stands for the sample before its middle.
            let n = chunk * WIDTH + k;
            sizes[k] = x[PAIRS - 1 + n].abs();
            for t in FROM..PAIRS {
                let (newer, older) = (x[2 * PAIRS - 1 - t + n], x[t + n]);
                sums[t][k] = newer + older;
                differences[t][k] = newer - older;
            }
        }
        let middle = weighted::<PAIRS, FROM>(&phases.middle, &sums);
        for k in 0..WIDTH {
            sizes[k] = larger(sizes[k], middle[k].abs());
        }
        for [even, odd] in &phases.halves {
            let (even, odd) = (
                weighted::<PAIRS, FROM>(even, &sums),
                weighted::<PAIRS, FROM>(odd, &differences),
            );
            for k in 0..WIDTH {
                sizes[k] = larger(sizes[k], even[k].abs() + odd[k].abs());
            }
        }
        for k in 0..WIDTH {
            tops[k] = larger(tops[k], sizes[k]);
        }
        *place = sizes;
    }
    out.top = tops.into_iter().fold(0.0, larger);
}

#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "must be compiled anew inside each version of its callers"
)]
fn weighted<const PAIRS: usize, const FROM: usize>(
    taps: &[f32; PAIRS],
    lanes: &[[f32; WIDTH]; PAIRS],
) -> [f32; WIDTH] {
    let mut total = [0.0; WIDTH];
    for t in FROM..PAIRS {
        for k in 0..WIDTH {
            total[k] += taps[t] * lanes[t][k];
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;

    fn envelope(filter: &Interpolator, x: &[f32]) -> Envelope {
        let mut out = Envelope::default();
        filter.envelope(x, &mut out);
        out
    }

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
            let envelope = envelope(filter, &x);
            let top =
                f64::from(envelope.sizes[0].max(x[filter.history() - filter.delay + 1].abs()));
            low = low.min(top);
            high = high.max(top);
        }
        (20.0 * libm::log10(low), 20.0 * libm::log10(high))
    }

    #[test]
    fn every_instruction_set_gives_the_same_bits() {
        let x: [f32; 79] = std::array::from_fn(|n| ((n * n * 31) % 97) as f32 / 97.0 - 0.5);
        let mut out = [Envelope::default(); 8];
        if let (Phases::Of12(set), Some(x)) = (
            Interpolator::new(TruePeakFilter::Standard4x48).phases,
            x.first_chunk(),
        ) {
            phases_of_12(&set, x, &mut out[0]);
            all_phases::<6, _, 0>(&set, x, &mut out[1]);
            middle_of_12(&set, x, &mut out[2]);
            all_phases::<6, _, { OUTER[0] }>(&set, x, &mut out[3]);
        }
        if let Phases::Of48(set) = Interpolator::new(TruePeakFilter::Precise16x).phases {
            phases_of_48(&set, &x, &mut out[4]);
            all_phases::<24, _, 0>(&set, &x, &mut out[5]);
            middle_of_48(&set, &x, &mut out[6]);
            all_phases::<24, _, { OUTER[1] }>(&set, &x, &mut out[7]);
        }
        for pair in out.chunks(2) {
            assert!(pair[0].top > 0.1);
            assert_eq!((pair[0].sizes, pair[0].top), (pair[1].sizes, pair[1].top));
        }
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
            for (i, &got) in envelope(&filter, &x).sizes.iter().enumerate() {
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
                let top = envelope(&filter, &x).top;
                assert!(top > 1.1 && top < filter.bound, "{top} {}", filter.bound);
                assert!(filter.may_exceed(&x, 1.0, top * 0.9999));
                assert!(!filter.may_exceed(&x, 1.0, filter.bound + filter.rest));
            }
        }
    }
}
