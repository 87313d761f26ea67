//! Mains hum: lines at 50 or 60 Hz and their multiples that stand still.

use std::f64::consts::TAU;

use super::cells::CELL;
use super::found::{Hum, MAX_ENTRIES};
use super::thin::Thinner;
use crate::audio::{Complex, Fft, SampleRate};

/// The thinned rate is near this, in Hz.
const THINNED: u32 = 750;

/// Points of a spectrum: 2.7 s.
const POINTS: usize = 2_048;

/// Points from one spectrum to the next.
const HOP: usize = POINTS / 2;

/// Below this mean square of a span (−80 dBFS) nobody hears hum.
const LEAST: f64 = 1e-8;

/// A line is a line when its power stands so far over its neighbours, in dB.
const OVER: f64 = 15.0;

/// Mains frequencies in Hz, the highest last.
const MAINS: [u32; 2] = [50, 60];

/// Lines of a series that are looked at: the first and its multiples.
const MULTIPLES: u32 = 4;

/// Hz on either side that count as a line's neighbours.
const AROUND: f64 = 9.0;

/// How far mains may be off, in Hz.
const OFF: f64 = 0.3;

/// How much a line's level may change from one spectrum to the next, in dB: hum stands still.
const STEADY: f64 = 1.5;

/// A line in a spectrum.
#[derive(Debug, Clone, Copy)]
struct Line {
    amplitude: f64,
    over_db: f64,
}

/// Finds hum in one channel.
#[derive(Debug, Clone)]
pub(super) struct HumSearch {
    thinner: Thinner,
    by: u64,
    hertz: f64,
    thinned: Vec<f32>,
    /// Where the spectrum that comes next begins, in thinned samples.
    at: u64,
    /// What was loud enough since.
    loud: bool,
    spectrum: Spectrum,
    /// The strongest line of the last spectrum, per mains frequency.
    last: [Option<Line>; 2],
    found: Vec<Hum>,
}

impl HumSearch {
    pub(super) fn new(rate: SampleRate) -> Self {
        let cells = (rate.hertz() / THINNED / CELL as u32).max(1);
        let by = cells * CELL as u32;
        Self {
            thinner: Thinner::new(cells as usize),
            by: u64::from(by),
            hertz: f64::from(rate.hertz()) / f64::from(by),
            thinned: Vec::with_capacity(POINTS + HOP),
            at: 0,
            loud: false,
            spectrum: Spectrum::new(bins(f64::from(rate.hertz()) / f64::from(by))),
            last: [None; 2],
            found: Vec::new(),
        }
    }

    /// The next span as the sums of its cells, and its mean square.
    pub(super) fn push(&mut self, sums: &[f32], mean_square: f64) {
        self.loud |= mean_square > LEAST;
        let thinned = &mut self.thinned;
        self.thinner.push(sums, |v| thinned.push(v));
        while self.thinned.len() >= POINTS {
            self.look();
            self.thinned.drain(..HOP);
            self.at += HOP as u64;
            self.loud = mean_square > LEAST;
        }
    }

    fn look(&mut self) {
        if !self.loud {
            self.last = [None; 2];
            return;
        }
        let power = self.spectrum.power(&self.thinned);
        for (which, mains) in MAINS.into_iter().enumerate() {
            let lines: Vec<Option<Line>> = (1..=MULTIPLES)
                .map(|k| self.line(&power, mains * k, k))
                .collect();
            let now = strongest(&lines);
            let steady =
                |a: Line, b: Line| 20.0 * libm::log10(a.amplitude / b.amplitude).abs() < STEADY;
            let last = self.last.get(which).copied().flatten();
            if let (Some(now), Some(last)) = (now, last)
                && steady(now, last)
            {
                self.note(mains, now);
            }
            if let Some(slot) = self.last.get_mut(which) {
                *slot = now;
            }
        }
    }

    /// The line near a frequency, the `k`-th harmonic.
    fn line(&self, power: &[f64], hertz: u32, k: u32) -> Option<Line> {
        let per_bin = self.hertz / POINTS as f64;
        let bin = |hertz: f64| (hertz / per_bin).round() as usize;
        let wanted = f64::from(hertz);
        let at = |i: usize| power.get(i).copied().unwrap_or_default();
        let near = bin(wanted - OFF * f64::from(k))..=bin(wanted + OFF * f64::from(k));
        let top = near.max_by(|&a, &b| at(a).total_cmp(&at(b)))?;
        if at(top) < at(top - 1).max(at(top + 1)) {
            return None;
        }
        // Hann: the line itself is four bins wide.
        let around = (bin(wanted - AROUND)..=top - 4).chain(top + 4..=bin(wanted + AROUND));
        let most = around.map(at).fold(f64::MIN_POSITIVE, f64::max);
        let over_db = 10.0 * libm::log10(at(top) / most);
        // Wherever it stands between bins, its energy is in these five: A²·N²·3/32 under a Hann window.
        let lobe: f64 = (top - 2..=top + 2).map(at).sum();
        let amplitude = (lobe * 32.0 / 3.0).sqrt() / POINTS as f64;
        (over_db >= OVER && amplitude > 5e-5).then_some(Line { amplitude, over_db })
    }

    fn note(&mut self, mains: u32, line: Line) {
        let start = self.at.saturating_sub(HOP as u64) * self.by;
        let end = (self.at + POINTS as u64) * self.by;
        let mut found = self.found.iter_mut().rev();
        if let Some(hum) = found.find(|hum| hum.mains == mains && hum.end >= start) {
            hum.end = end;
            hum.amplitude = hum.amplitude.max(line.amplitude);
            hum.over_db = hum.over_db.max(line.over_db);
        } else if self.found.len() < MAX_ENTRIES {
            self.found.push(Hum {
                start,
                end,
                mains,
                amplitude: line.amplitude,
                over_db: line.over_db,
            });
        }
    }

    /// Everything found in a file of so many samples.
    pub(super) fn finish(self, length: u64) -> Vec<Hum> {
        let cut = |hum: Hum| Hum {
            end: hum.end.min(length),
            ..hum
        };
        self.found.into_iter().map(cut).collect()
    }
}

/// Power spectra of real numbers: the even and the odd ones are the two parts of one transform of half the
/// length.
#[derive(Debug, Clone)]
struct Spectrum {
    fft: Fft,
    window: Vec<f64>,
    /// `exp(−2πi·k/POINTS)` for the bins that are looked at.
    turns: Vec<Complex>,
}

impl Spectrum {
    fn new(bins: usize) -> Self {
        let hann = |i: usize| 0.5 - 0.5 * libm::cos(TAU * i as f64 / POINTS as f64);
        let turn = |k: usize| {
            let angle = -TAU * k as f64 / POINTS as f64;
            (libm::cos(angle), libm::sin(angle))
        };
        Self {
            fft: Fft::new(POINTS / 2),
            window: (0..POINTS).map(hann).collect(),
            turns: (0..bins).map(turn).collect(),
        }
    }

    /// Power of every bin that is looked at.
    #[expect(clippy::many_single_char_names, reason = "the letters of the formula")]
    fn power(&self, samples: &[f32]) -> Vec<f64> {
        let windowed = samples.as_chunks::<2>().0.iter();
        let windowed = windowed.zip(self.window.as_chunks::<2>().0);
        let mut x: Vec<Complex> = windowed
            .map(|(v, w)| (f64::from(v[0]) * w[0], f64::from(v[1]) * w[1]))
            .take(POINTS / 2)
            .collect();
        self.fft.forward(&mut x);
        let at = |k: usize| x.get(k % (POINTS / 2)).copied().unwrap_or_default();
        let one = |(k, &(c, s)): (usize, &Complex)| {
            let ((a, b), (p, q)) = (at(k), at(POINTS / 2 - k));
            let even = (f64::midpoint(a, p), (b - q) / 2.0);
            let odd = (f64::midpoint(b, q), (p - a) / 2.0);
            let re = even.0 + (odd.0 * c - odd.1 * s);
            let im = even.1 + (odd.0 * s + odd.1 * c);
            re * re + im * im
        };
        self.turns.iter().enumerate().map(one).collect()
    }
}

/// Bins up to the highest that is looked at, for a thinned rate.
fn bins(hertz: f64) -> usize {
    let highest = f64::from(MAINS[1] * MULTIPLES) + AROUND;
    let bin = (highest / hertz * POINTS as f64) as usize;
    (bin + 4).min(POINTS / 2)
}

/// The strongest line of a series that is hum: the first of it, or the second and the third together.
/// One lone line elsewhere is a note.
fn strongest(lines: &[Option<Line>]) -> Option<Line> {
    let first = lines.first().copied().flatten();
    let both = lines
        .get(1)
        .copied()
        .flatten()
        .zip(lines.get(2).copied().flatten());
    if first.is_none() && both.is_none() {
        return None;
    }
    let louder = |a: Line, b: Line| if b.amplitude > a.amplitude { b } else { a };
    lines.iter().copied().flatten().reduce(louder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spectrum_is_that_of_the_whole_transform() {
        let samples: Vec<f32> = (0..POINTS)
            .map(|i| ((i * i * 7 % 113) as f32 - 56.0) / 64.0)
            .collect();
        let spectrum = Spectrum::new(POINTS / 2);
        let windowed = samples.iter().zip(&spectrum.window);
        let mut x: Vec<Complex> = windowed.map(|(v, w)| (f64::from(*v) * w, 0.0)).collect();
        Fft::new(POINTS).forward(&mut x);
        for (k, power) in spectrum.power(&samples).into_iter().enumerate() {
            let want = x[k].0 * x[k].0 + x[k].1 * x[k].1;
            assert!((power - want).abs() < 1e-9 * (1.0 + want), "{k}");
        }
    }
}
