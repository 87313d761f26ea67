//! How much of one sound is heard in another, far below what else is in it.
//!
//! Both are thinned to some 24 kHz and cut into windows of a third of a second, four of which lie over each
//! other. In each window the cross spectrum from 150 Hz to 10 kHz is weighted by the reciprocal of the other
//! sound's own power, so that what is loud in music does not hide what lies between its notes; the weighted
//! spectra are summed over 10 s, over a minute and over the whole length. A leak is a peak of their transform
//! within ±50 ms; lags from 60 to 150 ms, where no leak can be, tell how high peaks stand by chance.
//!
//! Sounds of several channels are compared twice: all channels in one, and each with the one in its own place,
//! all places together; what stands out more counts.
//!
//! The weight makes the gain of what is found some 2 dB too low: where the other sound is by chance like the source it
//! is louder and weighs less. Once a leak has been taken away with the gain that was found, what remains of it is
//! found too, and so much less of it is missing; [`Leak::with_rest`] adds it.

use std::f64::consts::TAU;

use crate::audio::{Complex, Fft, SampleRate};

/// Points of a window at the thinned rate.
const POINTS: usize = 8_192;

/// Points from one window to the next.
const HOP: usize = POINTS / 4;

/// Band in Hz in which speech has something to say.
const BAND: (f64, f64) = (150.0, 10_000.0);

/// Windows of the source below this mean square (−66 dBFS) hold nothing that could leak.
const LEAST: f64 = 2.5e-7;

/// Stretches of a window of which at least half must sound, in the source as in the other: where both begin within a
/// window, the little of it that sounds is like itself at every frequency.
const STRETCHES: usize = 8;

/// What a stretch needs of the power of the loudest to count as sounding: 40 dB below it.
const SOUNDING: f64 = 1e-4;

/// Bins on either side over which the other sound's power is averaged: 9 Hz, so that partials stay narrow.
const SMOOTH: usize = 3;

/// The thinned rate in Hz, nearly.
const THINNED: u32 = 24_000;

/// A peak without a lag stands out from here on, in standard deviations. Of some 70 stretches in 10 minutes with
/// three neighbouring lags each, chance passes this in one case of a hundred.
const AT_ONCE: f64 = 4.2;

/// A peak with a lag, of which there are thousands, stands out from here on.
const LATE: f64 = 7.0;

/// Windows without which none has a lag: one window that is unlike the others weighs too much among few. 36 are 3 s.
const LATE_WINDOWS: u64 = 36;

/// Ways to compare: all channels in one, and each with the one in its place.
const WAYS: usize = 2;

/// Windows of a segment of 10 s.
const SEGMENT: u64 = 118;

/// Segments of a minute.
const MINUTE: u64 = 6;

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
    /// In which of the ways to compare it stands out.
    way: usize,
    /// The gain at no lag in each of them.
    at_once: [f64; WAYS],
}

impl Leak {
    /// Whether chance does not explain it.
    pub fn is_sure(&self) -> bool {
        self.sigmas > if self.lag == 0 { AT_ONCE } else { LATE }
    }

    /// The leak with what was found, at no lag, of the same stretch after it had been taken away.
    #[must_use]
    pub fn with_rest(self, rest: &Self) -> Self {
        let more = rest.at_once.get(self.way).copied().unwrap_or_default();
        Self {
            gain: self.gain + more,
            ..self
        }
    }
}

/// Weighted spectra of one way to compare.
#[derive(Debug, Clone)]
struct Part {
    cross: Vec<Complex>,
    own: f64,
    /// Windows that told something.
    telling: u64,
}

/// Weighted spectra summed over a stretch: all channels in one, and the places together.
#[derive(Debug, Clone)]
struct Sums {
    parts: Vec<Part>,
    windows: u64,
    start: u64,
    end: u64,
}

impl Sums {
    fn new(parts: usize, bins: usize, start: u64) -> Self {
        let part = Part {
            cross: vec![(0.0, 0.0); bins],
            own: 0.0,
            telling: 0,
        };
        Self {
            parts: vec![part; parts],
            windows: 0,
            start,
            end: start,
        }
    }

    fn add(&mut self, other: &Self) {
        for (to, from) in self.parts.iter_mut().zip(&other.parts) {
            for (to, from) in to.cross.iter_mut().zip(&from.cross) {
                *to = (to.0 + from.0, to.1 + from.1);
            }
            to.own += from.own;
            to.telling += from.telling;
        }
        self.windows += other.windows;
        self.end = other.end;
    }
}

/// Two sounds on their way into windows.
#[derive(Debug, Clone)]
struct View {
    /// The thinned sounds that wait for a window to be full: source and other.
    waiting: Vec<(f32, f32)>,
    /// The sum of samples on the way to one thinned sample, and how many.
    begun: (f32, f32, usize),
}

impl View {
    fn push(&mut self, source: &[f32], other: &[f32], by: usize) {
        let scale = 1.0 / by as f32;
        for (&a, &b) in source.iter().zip(other) {
            self.begun = (self.begun.0 + a, self.begun.1 + b, self.begun.2 + 1);
            if self.begun.2 == by {
                self.waiting
                    .push((self.begun.0 * scale, self.begun.1 * scale));
                self.begun = (0.0, 0.0, 0);
            }
        }
    }

    /// Whether the window that is full has enough of both sounds to tell one in the other.
    fn is_telling(&self) -> bool {
        let window = self.waiting.get(..POINTS).unwrap_or_default();
        let mut powers = [(0.0, 0.0); STRETCHES];
        for (power, part) in powers.iter_mut().zip(window.chunks(POINTS / STRETCHES)) {
            *power = part.iter().fold((0.0, 0.0), |sum: (f64, f64), (a, b)| {
                let (a, b) = (f64::from(*a), f64::from(*b));
                (sum.0 + a * a, sum.1 + b * b)
            });
        }
        let source: f64 = powers.iter().map(|power| power.0).sum();
        let sounds = |of: fn(&(f64, f64)) -> f64| {
            let loudest = powers.iter().map(of).fold(0.0, f64::max);
            let sounding = powers
                .iter()
                .map(of)
                .filter(|power| *power > SOUNDING * loudest);
            loudest > 0.0 && 2 * sounding.count() >= STRETCHES
        };
        source > LEAST * POINTS as f64 && sounds(|power| power.0) && sounds(|power| power.1)
    }
}

/// Looks for one sound in another.
#[derive(Debug, Clone)]
pub struct LeakMeter {
    by: usize,
    hertz: f64,
    fft: Fft,
    window: Vec<f64>,
    /// How much of a window lies over itself at each lag, as a share of its energy.
    overlap: Vec<f64>,
    /// All channels in one, then each place.
    views: Vec<View>,
    /// Thinned samples before those that wait.
    at: u64,
    bins: (usize, usize),
    segment: Sums,
    minute: Sums,
    whole: Sums,
    found: Vec<Leak>,
    /// Segments in the minute, and whether one of them has a leak.
    told: (u64, bool),
    /// Whether every minute is told.
    tells_all: bool,
}

impl LeakMeter {
    /// A meter that has heard nothing yet, of sounds that have so many places in common.
    pub fn new(rate: SampleRate, places: usize) -> Self {
        let by = (rate.hertz() / THINNED).max(1) as usize;
        let hertz = f64::from(rate.hertz()) / by as f64;
        let bin = |f: f64| {
            ((f * POINTS as f64 / hertz) as usize).clamp(SMOOTH + 1, POINTS / 2 - SMOOTH - 1)
        };
        let bins = (bin(BAND.0), bin(BAND.1));
        let hann = |i: usize| 0.5 - 0.5 * libm::cos(TAU * i as f64 / POINTS as f64);
        let window: Vec<f64> = (0..POINTS).map(hann).collect();
        let view = View {
            waiting: Vec::with_capacity(2 * POINTS),
            begun: (0.0, 0.0, 0),
        };
        // With one place it is all channels in one.
        let places = if places > 1 { places } else { 0 };
        let sums = Sums::new(1 + usize::from(places > 0), bins.1 - bins.0, 0);
        Self {
            by,
            hertz,
            overlap: overlap(&window),
            fft: Fft::new(POINTS),
            window,
            views: vec![view; 1 + places],
            at: 0,
            bins,
            segment: sums.clone(),
            minute: sums.clone(),
            whole: sums,
            found: Vec::new(),
            told: (0, false),
            tells_all: false,
        }
    }

    /// The same for sounds of which the leaks have been taken away: it tells of every 10 s and every minute.
    #[must_use]
    pub fn of_rest(self) -> Self {
        Self {
            tells_all: true,
            ..self
        }
    }

    /// The next samples, as many of each: source and other with all their channels in one, then the channels of
    /// each common place.
    pub fn push(&mut self, pairs: &[(&[f32], &[f32])]) {
        for (view, (source, other)) in self.views.iter_mut().zip(pairs) {
            view.push(source, other, self.by);
        }
        while self.views.iter().all(|view| view.waiting.len() >= POINTS) {
            self.look();
            for view in &mut self.views {
                view.waiting.drain(..HOP);
            }
            self.at += HOP as u64;
        }
    }

    /// Takes one window into the sums.
    fn look(&mut self) {
        self.segment.end = (self.at + POINTS as u64) * self.by as u64;
        self.segment.windows += 1;
        for index in 0..self.views.len() {
            if self.views.get(index).is_some_and(View::is_telling) {
                self.sum(index);
            }
        }
        if self.segment.windows >= SEGMENT {
            self.close();
        }
    }

    #[expect(clippy::many_single_char_names, reason = "the letters of the formula")]
    fn sum(&mut self, index: usize) {
        let Some(view) = self.views.get(index) else {
            return;
        };
        let windowed = view.waiting.iter().zip(&self.window);
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
        let Some(part) = self.segment.parts.get_mut(index.min(1)) else {
            return;
        };
        part.telling += 1;
        for (i, to) in part.cross.iter_mut().enumerate() {
            let (source, other) = both.get(i + SMOOTH).copied().unwrap_or_default();
            let weight = 1.0 / (near / (2 * SMOOTH + 1) as f64 + floor);
            to.0 += weight * (source.0 * other.0 + source.1 * other.1);
            to.1 += weight * (source.0 * other.1 - source.1 * other.0);
            part.own += weight * (source.0 * source.0 + source.1 * source.1);
            let (out, new) = (power.get(i), power.get(i + 2 * SMOOTH + 1));
            near = (near - out.copied().unwrap_or_default() + new.copied().unwrap_or_default())
                .max(0.0);
        }
    }

    /// Ends a segment of 10 s, and with the last of a minute the minute.
    fn close(&mut self) {
        let next = self.empty(self.segment.end);
        let segment = std::mem::replace(&mut self.segment, next);
        let leak = self.peak(&segment);
        self.told.0 += 1;
        self.told.1 |= leak.is_some_and(|leak| leak.is_sure());
        self.found.extend(leak);
        self.minute.add(&segment);
        if self.told.0 >= MINUTE {
            self.close_minute();
        }
    }

    /// A minute says what none of its segments could.
    fn close_minute(&mut self) {
        let next = self.empty(self.minute.end);
        let minute = std::mem::replace(&mut self.minute, next);
        if self.tells_all || !self.told.1 {
            let told = |leak: &Leak| self.tells_all || leak.is_sure();
            let leak = self.peak(&minute).filter(told);
            self.found.extend(leak);
        }
        self.whole.add(&minute);
        self.told = (0, false);
    }

    fn empty(&self, start: u64) -> Sums {
        Sums::new(self.segment.parts.len(), self.bins.1 - self.bins.0, start)
    }

    /// The highest peak within ±50 ms of the way to compare in which it stands out most.
    fn peak(&self, sums: &Sums) -> Option<Leak> {
        let peaks = sums.parts.iter().enumerate();
        let peaks: Vec<Leak> = peaks
            .filter_map(|(way, part)| self.peak_of(part, way))
            .collect();
        let mut at_once = [0.0; WAYS];
        for leak in &peaks {
            if let Some((to, from)) = at_once.get_mut(leak.way).zip(leak.at_once.get(leak.way)) {
                *to = *from;
            }
        }
        let higher = |a: Leak, b: Leak| {
            let over = |leak: &Leak| leak.sigmas / if leak.lag == 0 { AT_ONCE } else { LATE };
            if over(&b) > over(&a) { b } else { a }
        };
        peaks.into_iter().reduce(higher).map(|leak| Leak {
            start: sums.start,
            end: sums.end,
            at_once,
            ..leak
        })
    }

    fn peak_of(&self, part: &Part, way: usize) -> Option<Leak> {
        if part.own <= 0.0 {
            return None;
        }
        let mut x: Vec<Complex> = vec![(0.0, 0.0); POINTS];
        for (slot, value) in x.iter_mut().skip(self.bins.0).zip(&part.cross) {
            *slot = *value;
        }
        self.fft.inverse(&mut x);
        let overlap = |lag: i64| {
            let share = self.overlap.get(lag.unsigned_abs() as usize);
            share.copied().unwrap_or_default().max(1e-3)
        };
        // Only one half of the spectrum is filled: twice the real part, undone by the gain's own scale. What is
        // late lies only partly over itself in a window.
        let at = |lag: i64| -> f64 {
            let index = lag.rem_euclid(POINTS as i64) as usize;
            x.get(index)
                .map_or(0.0, |v| v.0 * POINTS as f64 / overlap(lag))
        };
        let samples = |seconds: f64| (seconds * self.hertz) as i64;
        // Chance goes round the window: its other end lies over the beginning.
        let spread = |lag: i64| {
            let other = overlap(POINTS as i64 - lag.abs()) / overlap(lag);
            (1.0 + other * other).sqrt()
        };
        let far = || (samples(0.06)..samples(0.15)).flat_map(|lag| [lag, -lag]);
        let count = far().count().max(1) as f64;
        let square = |lag: i64| (at(lag) / spread(lag)) * (at(lag) / spread(lag));
        let chance = (far().map(square).sum::<f64>() / count).sqrt();
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
            let late = libm::round((top as f64 + shift) * self.by as f64) as i64;
            Leak {
                start: 0,
                end: 0,
                gain: height / part.own,
                lag: if late.unsigned_abs() < self.by as u64 {
                    0
                } else {
                    late
                },
                sigmas: height.abs() / chance.max(f64::MIN_POSITIVE),
                way,
                at_once: [at(0) / part.own; WAYS],
            }
        };
        // A leak inside a desk or a session is not late: there chance has only one try.
        let at_once = highest(1)
            .map(leak)
            .map(|leak| Leak { lag: 0, ..leak })
            .filter(Leak::is_sure);
        let enough = part.telling >= LATE_WINDOWS;
        let late = || {
            highest(reach)
                .map(leak)
                .filter(|leak| enough || leak.lag == 0)
        };
        at_once.or_else(late)
    }

    /// The highest peak of every 10 s, sure ones of minutes in which no 10 s are sure, and that of the whole length.
    pub fn finish(mut self) -> (Vec<Leak>, Option<Leak>) {
        if self.segment.windows > 0 {
            self.close();
        }
        if self.told.0 > 0 {
            self.close_minute();
        }
        let whole = self.peak(&self.whole);
        (self.found, whole)
    }
}

/// How much of a window lies over itself at each lag from 0 on, as a share of its energy. Windows that lie over
/// each other four times add up to this at every sample.
fn overlap(window: &[f64]) -> Vec<f64> {
    let energy: f64 = window.iter().map(|w| w * w).sum();
    let at = |lag: usize| {
        let late = window.get(lag..).unwrap_or_default();
        // Every fourth sample is enough for a function as smooth as this.
        let both = window.iter().zip(late).step_by(4);
        4.0 * both.map(|(a, b)| a * b).sum::<f64>() / energy
    };
    (0..=window.len()).map(at).collect()
}
