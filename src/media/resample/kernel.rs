//! The interpolation kernel of one ratio: a Kaiser-windowed sinc, sampled at every phase.

use std::f64::consts::PI;
use std::ops::Range;

use super::MediaError;
use crate::audio::SampleRate;

/// Stop band the kernel is designed for, in dB below the pass band. The requirement is 120; the
/// margin also keeps the ripple of the pass band below 10⁻⁷.
const STOP_BAND_DB: f64 = 140.0;

/// Where the pass band ends, as a part of the lower of the two Nyquist frequencies: 20 kHz of
/// 22.05 kHz, so that 44.1 kHz keeps what people hear and nothing above Nyquist folds back.
const PASS_BAND: f64 = 20_000.0 / 22_050.0;

/// Most bytes that the coefficients of one ratio may take. Above it they are worked out again for
/// every output frame: slow, but with the same bits.
const MAX_TABLE: usize = 64 << 20;

/// Most coefficients of one output frame; the ratio of 1,536 kHz to 8 kHz needs some 40,000.
const MAX_TAPS: usize = 1 << 16;

/// Sums run in this many lanes in a fixed order, so that vector units of any width give the same
/// bits.
const LANES: usize = 8;

/// The kernel for one pair of rates, shared by all sources that need it.
///
/// Output frame `k` lies at input position `k·M/L` with `L/M` the reduced ratio of the rates. Its
/// value is the sum over the input frames around that position, each times the kernel at its exact
/// distance; the kernel is symmetric, so nothing is delayed.
#[derive(Debug)]
pub struct Kernel {
    from: SampleRate,
    to: SampleRate,
    /// Output frames per `advance` input frames.
    phases: u64,
    /// Input frames per `phases` output frames.
    advance: u64,
    /// Input frames on either side of a position that count.
    reach: usize,
    /// Coefficients of one phase, rounded up to whole lanes.
    width: usize,
    shape: Shape,
    /// All phases one after the other; empty where they would take too much memory.
    table: Vec<f64>,
}

/// The continuous kernel, in input frames.
#[derive(Debug, Clone, Copy)]
struct Shape {
    /// Cut-off as a part of the input's Nyquist frequency.
    cutoff: f64,
    /// Half width in input frames.
    reach: f64,
    /// Kaiser's β.
    beta: f64,
    /// `I0(β)`.
    scale: f64,
}

impl Kernel {
    /// The kernel from one rate to another.
    ///
    /// # Errors
    /// [`MediaError::Ratio`] when the rates lie so far apart that one output frame would need more
    /// than 65,536 input frames.
    pub fn new(from: SampleRate, to: SampleRate) -> Result<Self, MediaError> {
        let (input, output) = (u64::from(from.hertz()), u64::from(to.hertz()));
        let common = gcd(input, output);
        let shape = Shape::design(input as f64, output as f64);
        let reach = shape.reach as usize;
        let width = (2 * reach).next_multiple_of(LANES);
        if width > MAX_TAPS {
            return Err(MediaError::Ratio { from, to });
        }
        let mut kernel = Self {
            from,
            to,
            phases: output / common,
            advance: input / common,
            reach,
            width,
            shape,
            table: Vec::new(),
        };
        if from == to {
            kernel.pass_through();
        } else {
            kernel.fill_table();
        }
        Ok(kernel)
    }

    /// The rate of what goes in.
    pub const fn from(&self) -> SampleRate {
        self.from
    }

    /// The rate of what comes out.
    pub const fn to(&self) -> SampleRate {
        self.to
    }

    /// Input frames that are needed before a position (itself included) and after it.
    pub(super) const fn reach(&self) -> usize {
        self.reach
    }

    /// Input frames that one output frame multiplies, padding included.
    pub(super) const fn width(&self) -> usize {
        self.width
    }

    /// Where output frame `k` lies: whole input frames and the phase after them.
    pub(super) fn position(&self, k: u64) -> (i128, u64) {
        let at = u128::from(k) * u128::from(self.advance);
        let phases = u128::from(self.phases);
        ((at / phases) as i128, (at % phases) as u64)
    }

    /// Where the output frames of a stretch lie, one after the other: the same as
    /// [`Kernel::position`] of each, without its division.
    pub(super) fn positions(&self, range: Range<u64>) -> impl Iterator<Item = (i128, u64)> {
        let (mut whole, mut phase) = self.position(range.start);
        let (phases, advance) = (self.phases, self.advance);
        let (whole_step, phase_step) = (i128::from(advance / phases), advance % phases);
        range.map(move |_| {
            let here = (whole, phase);
            whole += whole_step;
            phase += phase_step;
            if phase >= phases {
                phase -= phases;
                whole += 1;
            }
            here
        })
    }

    /// Output frames whose position lies before `frames` input frames.
    pub(super) fn output_frames(&self, frames: u128) -> u64 {
        let exact = (frames * u128::from(self.phases)).div_ceil(u128::from(self.advance));
        u64::try_from(exact).unwrap_or(u64::MAX)
    }

    /// The coefficients of a phase, from the table or worked out into `row`.
    pub(super) fn row<'a>(&'a self, phase: u64, row: &'a mut Vec<f64>) -> &'a [f64] {
        let from = phase as usize * self.width;
        if let Some(ready) = self.table.get(from..from + self.width) {
            return ready;
        }
        row.clear();
        self.push_row(phase, row);
        row
    }

    /// The kernel of equal rates: the frame at the position and nothing else.
    fn pass_through(&mut self) {
        (self.reach, self.width) = (1, LANES);
        self.table = vec![0.0; LANES];
        if let Some(first) = self.table.first_mut() {
            *first = 1.0;
        }
    }

    fn fill_table(&mut self) {
        let entries = (self.phases as usize).saturating_mul(self.width);
        if entries.saturating_mul(size_of::<f64>()) > MAX_TABLE {
            return;
        }
        let mut table = Vec::with_capacity(entries);
        for phase in 0..self.phases {
            self.push_row(phase, &mut table);
        }
        self.table = table;
    }

    /// Appends the coefficients of a phase: for input frames `1 − reach ..= reach` from the
    /// position's whole frame. Their sum is made 1, so that a constant stays what it is.
    fn push_row(&self, phase: u64, row: &mut Vec<f64>) {
        let start = row.len();
        let fraction = phase as f64 / self.phases as f64;
        let first = 1.0 - self.reach as f64;
        row.extend((0..2 * self.reach).map(|i| self.shape.at(first + i as f64 - fraction)));
        let sum: f64 = row.iter().skip(start).sum();
        for coefficient in row.iter_mut().skip(start) {
            *coefficient /= sum;
        }
        row.resize(start + self.width, 0.0);
    }
}

impl Shape {
    /// Kaiser's design: β and length from the stop band and the width of the transition
    /// (J. F. Kaiser, 1974; Oppenheim and Schafer, Discrete-Time Signal Processing, §7.5.3).
    fn design(input: f64, output: f64) -> Self {
        let nyquist = input.min(output) / input;
        let transition = PI * nyquist * (1.0 - PASS_BAND);
        let taps = (STOP_BAND_DB - 7.95) / (2.285 * transition);
        let beta = 0.1102 * (STOP_BAND_DB - 8.7);
        Self {
            cutoff: nyquist * (1.0 + PASS_BAND) / 2.0,
            reach: (taps / 2.0).ceil(),
            beta,
            scale: bessel_i0(beta),
        }
    }

    /// The kernel at a distance of `t` input frames; symmetric, zero from `reach` on.
    fn at(&self, t: f64) -> f64 {
        let side = t / self.reach;
        if side.abs() >= 1.0 {
            return 0.0;
        }
        let angle = PI * self.cutoff * t;
        let sinc = if angle == 0.0 {
            1.0
        } else {
            libm::sin(angle) / angle
        };
        let window = bessel_i0(self.beta * libm::sqrt(1.0 - side * side)) / self.scale;
        self.cutoff * sinc * window
    }
}

/// Modified Bessel function of the first kind and order zero, by its power series (Abramowitz and
/// Stegun 9.6.12): every term is positive, so nothing cancels.
fn bessel_i0(x: f64) -> f64 {
    let quarter = x * x / 4.0;
    let (mut sum, mut term) = (1.0, 1.0);
    for k in 1..200 {
        term *= quarter / f64::from(k * k);
        sum += term;
        if term < sum * 1e-18 {
            break;
        }
    }
    sum
}

/// Σ x·c in eight lanes and one fixed order of their sums; stops at the shorter of the two.
pub(super) fn dot(input: &[f64], coefficients: &[f64]) -> f64 {
    let mut lanes = [0.0_f64; LANES];
    let blocks = input
        .chunks_exact(LANES)
        .zip(coefficients.chunks_exact(LANES));
    for (x, c) in blocks {
        for ((lane, x), c) in lanes.iter_mut().zip(x).zip(c) {
            *lane += x * c;
        }
    }
    let [s0, s1, s2, s3, s4, s5, s6, s7] = lanes;
    ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7))
}

const fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kernel(from: u32, to: u32) -> Kernel {
        Kernel::new(SampleRate::new(from).unwrap(), SampleRate::new(to).unwrap()).unwrap()
    }

    /// Gain in dB of the whole chain at a frequency: the table is the impulse response at the rate
    /// that both rates divide, so its transform says everything about pass band, images and aliases.
    fn gain_db(kernel: &Kernel, hertz: f64) -> f64 {
        let step = PI * 2.0 * hertz / f64::from(kernel.from.hertz()) / kernel.phases as f64;
        let (mut re, mut im) = (0.0, 0.0);
        for phase in 0..kernel.phases {
            let mut spare = Vec::new();
            for (tap, c) in kernel.row(phase, &mut spare).iter().enumerate() {
                let whole = (tap as f64 + 1.0 - kernel.reach as f64) * kernel.phases as f64;
                let (sin, cos) = libm::sincos(step * (whole - phase as f64));
                re += c * cos;
                im += c * sin;
            }
        }
        20.0 * libm::log10(libm::sqrt(re * re + im * im) / kernel.phases as f64)
    }

    fn check_bands(from: u32, to: u32, pass: f64) {
        let kernel = kernel(from, to);
        for i in 0..=40 {
            let hertz = pass * f64::from(i) / 40.0;
            let gain = gain_db(&kernel, hertz);
            assert!(
                gain.abs() < 0.000_01,
                "{from} to {to}: {gain} dB at {hertz} Hz"
            );
        }
        let stop = f64::from(from.min(to)) / 2.0;
        // From half of the table's own rate on everything comes again in reverse.
        let end = f64::from(from) * kernel.phases as f64 / 2.0;
        let above = (0..60).map(|i| stop + 37.3 * f64::from(i * i));
        for hertz in above.filter(|hertz| *hertz < end) {
            let gain = gain_db(&kernel, hertz);
            assert!(gain < -130.0, "{from} to {to}: {gain} dB at {hertz} Hz");
        }
    }

    #[test]
    fn pass_band_is_flat_and_stop_band_is_shut() {
        for (from, to) in [
            (44_100, 48_000),
            (48_000, 44_100),
            (96_000, 48_000),
            (192_000, 48_000),
        ] {
            check_bands(from, to, 20_000.0);
        }
        check_bands(88_200, 48_000, 20_000.0);
        check_bands(32_000, 48_000, 14_500.0);
        check_bands(48_000, 96_000, 20_000.0);
    }

    #[test]
    fn ratios_are_reduced() {
        for (from, to, phases, advance) in [
            (44_100, 48_000, 160, 147),
            (96_000, 48_000, 1, 2),
            (48_048, 48_000, 1000, 1001),
            (47_952, 48_000, 1000, 999),
            (32_000, 48_000, 3, 2),
        ] {
            let kernel = kernel(from, to);
            assert_eq!((kernel.phases, kernel.advance), (phases, advance));
        }
    }

    #[test]
    fn positions_follow_each_other() {
        for (from, to) in [
            (44_100, 48_000),
            (96_000, 48_000),
            (48_048, 48_000),
            (47_999, 48_000),
        ] {
            let kernel = kernel(from, to);
            for start in [0, 12_345, 1 << 40] {
                for (k, at) in (start..start + 3000).zip(kernel.positions(start..start + 3000)) {
                    assert_eq!(at, kernel.position(k), "{from} to {to}: {k}");
                }
            }
        }
    }

    #[test]
    fn odd_rates_do_without_a_table_and_far_ones_are_refused() {
        let odd = kernel(47_999, 48_000);
        assert!(odd.table.is_empty());
        let mut row = Vec::new();
        assert_eq!(odd.row(47_998, &mut row).len(), odd.width);
        let rate = |hertz| SampleRate::new(hertz).unwrap();
        assert!(Kernel::new(rate(1_536_000), rate(1000)).is_err());
    }

    #[test]
    fn rows_mirror_each_other() {
        let kernel = kernel(44_100, 48_000);
        let (mut a, mut b) = (Vec::new(), Vec::new());
        let (early, late) = (kernel.row(30, &mut a), kernel.row(130, &mut b));
        let taps = 2 * kernel.reach;
        for i in 0..taps {
            assert!((early[i] - late[taps - 1 - i]).abs() < 1e-15, "tap {i}");
        }
    }

    #[test]
    fn bessel_matches_tables() {
        // Abramowitz and Stegun, table 9.8: e^-x I0(x) at x = 1, 5, 10.
        for (x, expect) in [
            (1.0, 0.465_759_607_6),
            (5.0, 0.183_540_812_6),
            (10.0, 0.127_833_337_2),
        ] {
            let value = bessel_i0(x) * libm::exp(-x);
            assert!((value - expect).abs() < 1e-10, "{x}: {value}");
        }
    }
}
