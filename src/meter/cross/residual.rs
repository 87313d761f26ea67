//! A mix less the sum of its stems.

use crate::audio::SampleRate;
use crate::meter::lanes::larger;

/// Sample frames in a block: some 5 ms, the grain in which a limiter is recognised.
const BLOCK: usize = 256;

/// A limiter works where the sum is above this share of the mix's ceiling.
const NEAR: f32 = 0.988;

/// Seconds after which every limiter is back at unity.
const RELEASE: u64 = 5;

/// A limiter looks ahead for less than one second divided by this.
const LOOK_AHEAD: u64 = 4;

/// The most stretches that are kept; the last one takes what comes later.
const MAX_STRETCHES: usize = 2_000;

/// What remains of a mix when its stems are taken away.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Residual {
    /// Sample frames compared.
    pub length: u64,
    /// Samples that are not zero in the remainder, in all channels.
    pub differing: u64,
    /// Largest magnitude of the remainder, full scale 1.
    pub peak: f32,
    /// The first sample frame that has it.
    pub peak_at: u64,
    /// Mean of its squares over all samples.
    pub mean_square: f64,
    /// Largest magnitude of the mix.
    pub mix_peak: f32,
    /// Where the remainder is above the tolerance, in order; less than 100 ms apart is one.
    pub stretches: Vec<Residue>,
    /// Energy of the remainder in every second.
    pub seconds: Vec<f64>,
}

/// A stretch in which something remains.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Residue {
    /// First sample frame above the tolerance.
    pub first: u64,
    /// Last one.
    pub last: u64,
    /// Largest magnitude of the remainder.
    pub peak: f32,
    /// Largest magnitude of the sum of the stems.
    pub sum_peak: f32,
    /// Largest magnitude of the mix.
    pub mix_peak: f32,
    /// Least and largest gain from the sum to the mix over blocks of 5 ms, all channels together.
    pub gains: (f64, f64),
    /// What one gain for all channels of each frame does to the sum.
    pub steered: Steered,
    /// Whether every sample that differs stands at the mix's own ceiling.
    pub only_clipped: bool,
    /// Whether the mix is lower than the sum for longer than a limiter's release where nothing needs limiting.
    pub unasked: bool,
}

/// One gain for all channels, frame by frame: energies.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Steered {
    /// Of the mix.
    pub mix: f64,
    /// Of what the gains do not explain.
    pub unexplained: f64,
    /// Of what they take away or add.
    pub taken: f64,
    /// Of how they change from frame to frame.
    pub rough: f64,
}

impl Steered {
    /// Whether the gains are those of something that moves smoothly and holds all channels together. The remainder of
    /// a stem that was changed follows its waveform, not a gain.
    fn is_smooth(&self) -> bool {
        self.unexplained <= 1e-3 * self.mix && self.rough <= 0.05 * self.taken
    }

    fn add(&mut self, next: &Self) {
        self.mix += next.mix;
        self.unexplained += next.unexplained;
        self.taken += next.taken;
        self.rough += next.rough;
    }
}

/// Compares a mix with the sum of its stems, in order of time.
#[derive(Debug, Clone)]
pub struct ResidualMeter {
    channels: usize,
    rate: u64,
    tolerance: f32,
    /// Magnitudes from here on are the mix's ceiling.
    ceiling: f32,
    /// Frames closer than this are one stretch.
    join: u64,
    at: u64,
    /// Up to where a limiter may still be releasing, and frames that differ behind that.
    released: u64,
    unasked: u64,
    /// The gain of the frame before.
    gain: f64,
    sum: Vec<f32>,
    squares: f64,
    found: Residual,
}

impl ResidualMeter {
    /// For files of so many channels. Remainders up to `tolerance` (full scale 1) are counted, not placed;
    /// `ceiling` is the largest sample of the mix.
    pub fn new(rate: SampleRate, channels: usize, tolerance: f32, ceiling: f32) -> Self {
        Self {
            channels: channels.max(1),
            rate: u64::from(rate.hertz()),
            tolerance,
            ceiling: ceiling * 0.9999,
            join: u64::from(rate.hertz()) / 10,
            at: 0,
            released: 0,
            unasked: 0,
            gain: 1.0,
            sum: Vec::new(),
            squares: 0.0,
            found: Residual::default(),
        }
    }

    /// The next block of every file, interleaved, all of the same length; what a stem lacks is silence.
    /// Blocks are to be whole multiples of 256 frames but for the last.
    pub fn push(&mut self, mix: &[f32], stems: &[&[f32]]) {
        self.sum.clear();
        self.sum.resize(mix.len(), 0.0);
        for stem in stems {
            for (sum, v) in self.sum.iter_mut().zip(*stem) {
                *sum += v;
            }
        }
        let sum = std::mem::take(&mut self.sum);
        let samples = BLOCK * self.channels;
        for (mix, sum) in mix.chunks(samples).zip(sum.chunks(samples)) {
            self.block(mix, sum);
            self.at += (mix.len() / self.channels) as u64;
        }
        self.sum = sum;
    }

    fn block(&mut self, mix: &[f32], sum: &[f32]) {
        let most = |values: &[f32]| values.iter().fold(0.0, |top, v| larger(top, v.abs()));
        self.found.mix_peak = larger(self.found.mix_peak, most(mix));
        if mix == sum {
            (self.unasked, self.gain) = (0, 1.0);
            return;
        }
        if most(sum) > NEAR * self.ceiling {
            self.released = self.at + RELEASE * self.rate;
            self.unasked = 0;
        }
        let (mut peak, mut peak_at, mut energy) = (0.0_f32, 0, 0.0);
        for (i, (m, s)) in mix.iter().zip(sum).enumerate() {
            let rest = m - s;
            self.found.differing += u64::from(rest != 0.0);
            energy += f64::from(rest) * f64::from(rest);
            if rest.abs() > peak {
                (peak, peak_at) = (rest.abs(), i);
            }
        }
        self.squares += energy;
        let second = (self.at / self.rate) as usize;
        if self.found.seconds.len() <= second {
            self.found.seconds.resize(second + 1, 0.0);
        }
        if let Some(slot) = self.found.seconds.get_mut(second) {
            *slot += energy;
        }
        if peak > self.found.peak {
            self.found.peak = peak;
            self.found.peak_at = self.at + (peak_at / self.channels) as u64;
        }
        if peak > self.tolerance {
            self.note(mix, sum, peak);
        }
    }

    fn note(&mut self, mix: &[f32], sum: &[f32], peak: f32) {
        let (steered, unasked) = (self.steered(mix, sum), self.is_unasked(mix.len()));
        let above = |(m, s): (&f32, &f32)| (m - s).abs() > self.tolerance;
        let pairs = || mix.iter().zip(sum);
        let first = pairs().position(above).unwrap_or_default();
        let last = mix.len() - 1 - pairs().rev().position(above).unwrap_or_default();
        let most = |values: &[f32]| values.iter().fold(0.0, |top: f32, v| larger(top, v.abs()));
        let dot = |a: &[f32], b: &[f32]| -> f64 {
            a.iter()
                .zip(b)
                .map(|(a, b)| f64::from(*a) * f64::from(*b))
                .sum()
        };
        let (ms, ss) = (dot(mix, sum), dot(sum, sum));
        let gain = if ss > 0.0 { ms / ss } else { 1.0 };
        let clipped = |(m, s): (&f32, &f32)| {
            (m - s).abs() <= self.tolerance || (m.abs() >= self.ceiling && s.abs() >= m.abs())
        };
        let here = Residue {
            first: self.at + (first / self.channels) as u64,
            last: self.at + (last / self.channels) as u64,
            peak,
            sum_peak: most(sum),
            mix_peak: most(mix),
            gains: (gain, gain),
            steered,
            only_clipped: pairs().all(clipped),
            unasked,
        };
        let full = self.found.stretches.len() >= MAX_STRETCHES;
        match self.found.stretches.last_mut() {
            Some(last) if full || here.first <= last.last + self.join => last.join(&here),
            _ => self.found.stretches.push(here),
        }
    }

    /// The gain from the sum to the mix, frame by frame.
    fn steered(&mut self, mix: &[f32], sum: &[f32]) -> Steered {
        let mut out = Steered::default();
        let frames = mix.chunks_exact(self.channels);
        for (mix, sum) in frames.zip(sum.chunks_exact(self.channels)) {
            let (mut ms, mut ss, mut mm) = (0.0, 0.0, 0.0);
            for (m, s) in mix.iter().zip(sum) {
                let (m, s) = (f64::from(*m), f64::from(*s));
                ms += m * s;
                ss += s * s;
                mm += m * m;
            }
            let gain = if ss > 0.0 { ms / ss } else { self.gain };
            let change = gain - self.gain;
            out.mix += mm;
            out.unexplained += (mm - gain * ms).max(0.0);
            out.taken += (1.0 - gain) * (1.0 - gain) * ss;
            out.rough += change * change * ss;
            self.gain = gain;
        }
        out
    }

    /// Whether a block of so many samples is one of many that differ where nothing was near the ceiling for long.
    fn is_unasked(&mut self, samples: usize) -> bool {
        if self.at >= self.released {
            self.unasked += (samples / self.channels) as u64;
        }
        self.unasked > self.rate / LOOK_AHEAD
    }

    /// What remained.
    pub fn finish(self) -> Residual {
        let samples = (self.at * self.channels as u64).max(1);
        Residual {
            length: self.at,
            mean_square: self.squares / samples as f64,
            ..self.found
        }
    }
}

impl Residue {
    fn join(&mut self, next: &Self) {
        self.last = next.last;
        self.peak = larger(self.peak, next.peak);
        self.sum_peak = larger(self.sum_peak, next.sum_peak);
        self.mix_peak = larger(self.mix_peak, next.mix_peak);
        self.gains = (
            self.gains.0.min(next.gains.0),
            self.gains.1.max(next.gains.1),
        );
        self.steered.add(&next.steered);
        self.only_clipped &= next.only_clipped;
        self.unasked |= next.unasked;
    }

    /// Sample frames from the first to the last.
    pub const fn len(&self) -> u64 {
        self.last - self.first + 1
    }

    /// Never: a stretch has its first frame.
    pub const fn is_empty(&self) -> bool {
        self.last < self.first
    }

    /// Whether this is what a peak limiter does: one gain for all channels, never above unity, that moves,
    /// with the mix at its ceiling.
    pub fn is_limited(&self, ceiling: f32) -> bool {
        let moves = self.gains.1 - self.gains.0 > 0.003;
        let near = self.mix_peak > 0.96 * ceiling && self.sum_peak > NEAR * ceiling;
        let follows = moves && near && !self.unasked && self.steered.is_smooth();
        self.only_clipped || (follows && self.gains.1 <= 1.002)
    }
}
