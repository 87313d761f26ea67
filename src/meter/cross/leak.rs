//! How much of one sound is heard in another, far below what else is in it.
//!
//! Both are thinned to some 12 kHz and cut into windows of a third of a second. In each window the cross
//! spectrum from 300 Hz to 3.4 kHz is weighted by the reciprocal of the other sound's own power, so that
//! what is loud in music does not hide what lies between its notes; the weighted spectra are summed over
//! 10 s and over the whole length. A leak is a peak of their transform within ±50 ms; lags from 60 to
//! 150 ms, where no leak can be, tell how high peaks stand by chance.

use std::f64::consts::TAU;

use crate::audio::{Complex, Fft, SampleRate};

/// Points of a window at the thinned rate.
const POINTS: usize = 4_096;

/// Band of speech in Hz.
const BAND: (f64, f64) = (300.0, 3_400.0);

/// Windows of the source below this mean square (−66 dBFS) hold nothing that could leak.
const LEAST: f64 = 2.5e-7;

/// Bins on either side over which the other sound's power is averaged.
const SMOOTH: usize = 6;

/// The thinned rate in Hz, nearly.
const THINNED: u32 = 12_000;

/// A peak without a lag stands out from here on, in standard deviations.
const AT_ONCE: f64 = 4.5;

/// A peak with a lag, of which there are many, stands out from here on.
const LATE: f64 = 8.5;

/// Windows of a segment of 10 s.
const SEGMENT: u64 = 58;

/// One leak.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leak {
    /// First sample frame of the stretch that was looked at.
    pub start: u64,
    /// First sample frame after it.
    pub end: u64,
    /// Gain from the source to where it is heard; negative where polarity is inverted.
    pub gain: f64,
    /// Samples by which it is late.
    pub lag: i64,
    /// How many times the peak stands over what chance gives.
    pub sigmas: f64,
}

impl Leak {
    /// Whether chance does not explain it.
    pub fn is_sure(&self) -> bool {
        self.sigmas > if self.lag == 0 { AT_ONCE } else { LATE }
    }
}

/// Weighted spectra summed over a stretch.
#[derive(Debug, Clone)]
struct Sums {
    cross: Vec<Complex>,
    own: f64,
    windows: u64,
    start: u64,
    end: u64,
}

impl Sums {
    fn new(bins: usize, start: u64) -> Self {
        Self {
            cross: vec![(0.0, 0.0); bins],
            own: 0.0,
            windows: 0,
            start,
            end: start,
        }
    }

    fn add(&mut self, other: &Self) {
        for (to, from) in self.cross.iter_mut().zip(&other.cross) {
            *to = (to.0 + from.0, to.1 + from.1);
        }
        self.own += other.own;
        self.windows += other.windows;
        self.end = other.end;
    }
}

/// Looks for one sound in another.
#[derive(Debug, Clone)]
pub struct LeakMeter {
    by: usize,
    hertz: f64,
    fft: Fft,
    window: Vec<f64>,
    /// The thinned sounds that wait for a window to be full: source and other.
    waiting: Vec<(f32, f32)>,
    /// The sum of samples on the way to one thinned sample, and how many.
    begun: (f32, f32, usize),
    /// Thinned samples before `waiting`.
    at: u64,
    bins: (usize, usize),
    segment: Sums,
    whole: Sums,
    found: Vec<Leak>,
}

impl LeakMeter {
    /// A meter that has heard nothing yet.
    pub fn new(rate: SampleRate) -> Self {
        let by = (rate.hertz() / THINNED).max(1) as usize;
        let hertz = f64::from(rate.hertz()) / by as f64;
        let bin = |f: f64| {
            ((f * POINTS as f64 / hertz) as usize).clamp(SMOOTH + 1, POINTS / 2 - SMOOTH - 1)
        };
        let bins = (bin(BAND.0), bin(BAND.1));
        let hann = |i: usize| 0.5 - 0.5 * libm::cos(TAU * i as f64 / POINTS as f64);
        let count = bins.1 - bins.0;
        Self {
            by,
            hertz,
            fft: Fft::new(POINTS),
            window: (0..POINTS).map(hann).collect(),
            waiting: Vec::with_capacity(2 * POINTS),
            begun: (0.0, 0.0, 0),
            at: 0,
            bins,
            segment: Sums::new(count, 0),
            whole: Sums::new(count, 0),
            found: Vec::new(),
        }
    }

    /// The next samples of the source and of the sound that it may be heard in, one channel each.
    pub fn push(&mut self, source: &[f32], other: &[f32]) {
        for (&a, &b) in source.iter().zip(other) {
            self.begun = (self.begun.0 + a, self.begun.1 + b, self.begun.2 + 1);
            if self.begun.2 == self.by {
                let scale = 1.0 / self.by as f32;
                self.waiting
                    .push((self.begun.0 * scale, self.begun.1 * scale));
                self.begun = (0.0, 0.0, 0);
                if self.waiting.len() == POINTS {
                    self.look();
                    self.waiting.drain(..POINTS / 2);
                    self.at += POINTS as u64 / 2;
                }
            }
        }
    }

    /// Takes one window into the sums.
    fn look(&mut self) {
        let energy: f64 = self
            .waiting
            .iter()
            .map(|(a, _)| f64::from(*a) * f64::from(*a))
            .sum();
        self.segment.end = (self.at + POINTS as u64) * self.by as u64;
        self.segment.windows += 1;
        if energy / POINTS as f64 > LEAST {
            self.sum();
        }
        if self.segment.windows >= SEGMENT {
            self.close();
        }
    }

    #[expect(clippy::many_single_char_names, reason = "the letters of the formula")]
    fn sum(&mut self) {
        let windowed = self.waiting.iter().zip(&self.window);
        let mut x: Vec<Complex> = windowed
            .map(|((a, b), w)| (f64::from(*a) * w, f64::from(*b) * w))
            .collect();
        self.fft.forward(&mut x);
        let at = |k: usize| x.get(k % POINTS).copied().unwrap_or_default();
        // Two real sounds in one transform.
        let split = |k: usize| -> (Complex, Complex) {
            let ((a, b), (c, d)) = (at(k), at(POINTS - k));
            (
                (f64::midpoint(a, c), (b - d) / 2.0),
                (f64::midpoint(b, d), (c - a) / 2.0),
            )
        };
        let (low, high) = self.bins;
        let both: Vec<(Complex, Complex)> = (low - SMOOTH..high + SMOOTH).map(split).collect();
        let power: Vec<f64> = both.iter().map(|(_, y)| y.0 * y.0 + y.1 * y.1).collect();
        let mut near: f64 = power.iter().take(2 * SMOOTH + 1).sum();
        let floor = 1e-12 * POINTS as f64;
        for (i, to) in self.segment.cross.iter_mut().enumerate() {
            let (source, other) = both.get(i + SMOOTH).copied().unwrap_or_default();
            let weight = 1.0 / (near / (2 * SMOOTH + 1) as f64 + floor);
            to.0 += weight * (source.0 * other.0 + source.1 * other.1);
            to.1 += weight * (source.0 * other.1 - source.1 * other.0);
            self.segment.own += weight * (source.0 * source.0 + source.1 * source.1);
            let (out, new) = (power.get(i), power.get(i + 2 * SMOOTH + 1));
            near = (near - out.copied().unwrap_or_default() + new.copied().unwrap_or_default())
                .max(0.0);
        }
    }

    fn close(&mut self) {
        let end = self.segment.end;
        let segment =
            std::mem::replace(&mut self.segment, Sums::new(self.bins.1 - self.bins.0, end));
        self.found.extend(self.peak(&segment));
        self.whole.add(&segment);
    }

    /// The highest peak within ±50 ms.
    fn peak(&self, sums: &Sums) -> Option<Leak> {
        if sums.own <= 0.0 {
            return None;
        }
        let mut x: Vec<Complex> = vec![(0.0, 0.0); POINTS];
        for (slot, value) in x.iter_mut().skip(self.bins.0).zip(&sums.cross) {
            *slot = *value;
        }
        self.fft.inverse(&mut x);
        // Only one half of the spectrum is filled: twice the real part, undone by the gain's own scale.
        let at = |lag: i64| -> f64 {
            let index = lag.rem_euclid(POINTS as i64) as usize;
            x.get(index).map_or(0.0, |v| v.0 * POINTS as f64)
        };
        let samples = |seconds: f64| (seconds * self.hertz) as i64;
        let far = || (samples(0.06)..samples(0.15)).flat_map(|lag| [lag, -lag]);
        let count = far().count().max(1) as f64;
        let chance = (far().map(|lag| at(lag) * at(lag)).sum::<f64>() / count).sqrt();
        let reach = samples(0.05);
        let highest =
            |reach: i64| (-reach..=reach).max_by(|&a, &b| at(a).abs().total_cmp(&at(b).abs()));
        let leak = |top: i64| {
            let (a, b, c) = (at(top - 1).abs(), at(top).abs(), at(top + 1).abs());
            let bend = a - 2.0 * b + c;
            let shift = if bend < 0.0 && b >= a && b >= c {
                0.5 * (a - c) / bend
            } else {
                0.0
            };
            let height = (b - 0.25 * (a - c) * shift) * at(top).signum();
            Leak {
                start: sums.start,
                end: sums.end,
                gain: height / sums.own,
                lag: libm::round((top as f64 + shift) * self.by as f64) as i64,
                sigmas: height.abs() / chance.max(f64::MIN_POSITIVE),
            }
        };
        // A leak inside a desk or a session is not late: there chance has only one try.
        let at_once = highest(1).map(leak).filter(|leak| leak.sigmas > AT_ONCE);
        let leak = at_once.or_else(|| highest(reach).map(leak))?;
        Some(Leak {
            lag: if leak.lag.unsigned_abs() < self.by as u64 {
                0
            } else {
                leak.lag
            },
            ..leak
        })
    }

    /// The highest peak of every 10 s, and that of the whole length.
    pub fn finish(mut self) -> (Vec<Leak>, Option<Leak>) {
        self.close();
        let whole = self.peak(&self.whole);
        (self.found, whole)
    }
}
