//! A channel thinned out to a lower rate, and what a low-frequency channel holds above its low-pass.

use std::f64::consts::{SQRT_2, TAU};

use super::cells::CELL;
use crate::audio::SampleRate;

/// Means of runs of cells: a crude low-pass and every n-th sample of it.
#[derive(Debug, Clone)]
pub(super) struct Thinner {
    /// Cells in a run.
    by: usize,
    /// The run that is not full: its sum and its cells.
    begun: (f32, usize),
}

impl Thinner {
    pub(super) fn new(by: usize) -> Self {
        Self {
            by: by.max(1),
            begun: (0.0, 0),
        }
    }

    /// Means of runs of `by` cells, of which the sums are given.
    pub(super) fn push(&mut self, sums: &[f32], mut hear: impl FnMut(f32)) {
        let scale = 1.0 / (self.by * CELL) as f32;
        // In one order, however the sums come.
        let add = |begun: f32, sums: &[f32]| sums.iter().fold(begun, |total, sum| total + sum);
        let (begun, count) = self.begun;
        let (first, rest) = sums.split_at((self.by - count).min(sums.len()));
        self.begun = (add(begun, first), count + first.len());
        if self.begun.1 < self.by {
            return;
        }
        hear(self.begun.0 * scale);
        let whole = rest.chunks_exact(self.by);
        let begun = whole.remainder();
        self.begun = (add(0.0, begun), begun.len());
        for run in whole {
            hear(add(0.0, run) * scale);
        }
    }
}

/// A high-pass of the second order.
#[derive(Debug, Clone, Copy)]
struct HighPass {
    b0: f64,
    a1: f64,
    a2: f64,
    s1: f64,
    s2: f64,
}

impl HighPass {
    /// Butterworth by the bilinear transform.
    fn new(hertz: f64, rate: f64) -> Self {
        let k = libm::tan(TAU / 2.0 * (hertz / rate).min(0.49));
        let norm = 1.0 / (1.0 + SQRT_2 * k + k * k);
        Self {
            b0: norm,
            a1: 2.0 * (k * k - 1.0) * norm,
            a2: (1.0 - SQRT_2 * k + k * k) * norm,
            s1: 0.0,
            s2: 0.0,
        }
    }

    fn next(&mut self, x: f64) -> f64 {
        let y = self.b0 * x + self.s1;
        self.s1 = -2.0 * self.b0 * x - self.a1 * y + self.s2;
        self.s2 = self.b0 * x - self.a2 * y;
        y
    }
}

/// How much of a low-frequency channel lies an octave and more above its low-pass.
#[derive(Debug, Clone)]
pub(super) struct HighShare {
    thinner: Thinner,
    filters: [HighPass; 2],
    /// The two thinned samples before the next.
    before: [f64; 2],
    /// Energy of the thinned channel, and of what passes, both of one sample in each [`CELL`].
    thinned: f64,
    high: f64,
}

/// A mean of neighbours takes (ωT)²/24 of what lies low in its band; three of them that bend as much give it back.
const BEND: f64 = 1.0 / 24.0;

impl HighShare {
    /// For a channel that is low-passed at so many Hz.
    pub(super) fn new(low_pass: f64, rate: SampleRate) -> Self {
        let filter = HighPass::new(2.0 * low_pass, f64::from(rate.hertz()) / CELL as f64);
        Self {
            thinner: Thinner::new(1),
            filters: [filter; 2],
            before: [0.0; 2],
            thinned: 0.0,
            high: 0.0,
        }
    }

    pub(super) fn push(&mut self, sums: &[f32], squares: f64) {
        if squares == 0.0 {
            return;
        }
        let Self {
            thinner,
            filters: [first, second],
            before: [old, last],
            thinned,
            high,
        } = self;
        thinner.push(sums, |v| {
            let v = f64::from(v);
            let flat = (1.0 + 2.0 * BEND) * *last - BEND * (*old + v);
            (*old, *last) = (*last, v);
            let passed = second.next(first.next(flat));
            *thinned += flat * flat;
            *high += passed * passed;
        });
    }

    /// The share of the whole energy `squares` that lies above; `None` for silence. What the thinning
    /// takes away is above too.
    pub(super) fn share(&self, squares: f64) -> Option<f64> {
        let scale = CELL as f64;
        let above = (squares - self.thinned * scale).max(0.0) + self.high * scale;
        (squares > 0.0).then(|| (above / squares).min(1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_do_not_depend_on_the_spans() {
        let x: Vec<f32> = (0..1_000).map(|i| (i % 37) as f32).collect();
        let thin = |span: usize| {
            let (mut thinner, mut out) = (Thinner::new(16), Vec::new());
            for part in x.chunks(span) {
                thinner.push(part, |v| out.push(v));
            }
            out
        };
        assert_eq!(thin(1_000), thin(16));
        assert_eq!(thin(1_000).len(), 62);
        assert_eq!(thin(7).len(), 62);
    }

    #[test]
    fn only_what_is_above_counts() {
        let share = |hertz: f64| {
            let rate = SampleRate::HZ_48000;
            let x: Vec<f32> = (0..96_000)
                .map(|i| libm::sin(TAU * hertz * f64::from(i) / 48_000.0) as f32)
                .collect();
            let mut high = HighShare::new(120.0, rate);
            let squares = x.iter().map(|&v| f64::from(v * v)).sum();
            let sums: Vec<f32> = x.chunks(CELL).map(|cell| cell.iter().sum()).collect();
            high.push(&sums, squares);
            10.0 * libm::log10(high.share(squares).unwrap())
        };
        assert!(
            share(40.0) < -50.0 && share(80.0) < -38.0 && share(120.0) < -24.0,
            "{} {}",
            share(80.0),
            share(120.0)
        );
        assert!(share(1_000.0) > -1.0 && share(5_000.0) > -1.0);
    }
}
