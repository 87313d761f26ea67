//! Sound made by arithmetic: something like speech, something like music, something like a door.
//!
//! **Invariant:** same arguments, same samples, on every machine.

use std::f64::consts::TAU;

use crate::audio::SampleRate;

/// A generator of noise: a linear congruential sequence (Knuth, MMIX constants), which is plenty
/// for rustling and the same everywhere.
#[derive(Debug, Clone)]
struct Noise(u64);

impl Noise {
    /// The next sample, evenly spread over ±1.
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }
}

/// Two poles that ring at a frequency: a formant, a creak.
#[derive(Debug, Clone)]
struct Resonator {
    a1: f64,
    a2: f64,
    gain: f64,
    y1: f64,
    y2: f64,
}

impl Resonator {
    /// At `frequency` Hz, `width` Hz wide, for so many samples a second.
    fn new(frequency: f64, width: f64, rate: f64) -> Self {
        let radius = libm::exp(-TAU * width / (2.0 * rate));
        let a1 = 2.0 * radius * libm::cos(TAU * frequency / rate);
        Self {
            a1,
            a2: -radius * radius,
            gain: 1.0 - radius,
            y1: 0.0,
            y2: 0.0,
        }
    }

    fn next(&mut self, x: f64) -> f64 {
        let y = self.gain * x + self.a1 * self.y1 + self.a2 * self.y2;
        (self.y2, self.y1) = (self.y1, y);
        y
    }
}

/// Vowels as their first two formants in Hz (after Peterson and Barney, 1952).
const VOWELS: [(f64, f64); 5] = [
    (730.0, 1090.0),
    (530.0, 1840.0),
    (270.0, 2290.0),
    (570.0, 840.0),
    (300.0, 870.0),
];

/// Speech-like: a buzz of `pitch` Hz through changing vowels, four syllables a second, with pauses
/// between phrases. Some −20 dBFS.
pub(super) fn voice(seconds: f64, pitch: f64, seed: u64, rate: SampleRate) -> Vec<f64> {
    let hertz = f64::from(rate.hertz());
    let mut noise = Noise(seed);
    let mut phase = 0.0;
    let syllable = (hertz / 4.0) as usize;
    let mut formants = [
        Resonator::new(500.0, 90.0, hertz),
        Resonator::new(1500.0, 120.0, hertz),
    ];
    let mut samples = Vec::with_capacity((seconds * hertz) as usize);
    for i in 0..(seconds * hertz) as usize {
        let (number, within) = (i / syllable, i % syllable);
        if within == 0 {
            let (first, second) = VOWELS[(number + seed as usize) % VOWELS.len()];
            formants = [
                Resonator::new(first, 90.0, hertz),
                Resonator::new(second, 120.0, hertz),
            ];
        }
        let way = within as f64 / syllable as f64;
        let speaking = number % 9 < 7;
        let loud = if speaking {
            libm::sin(way * TAU / 2.0)
        } else {
            0.0
        };
        phase += pitch * (1.0 + 0.06 * libm::sin(TAU * i as f64 / hertz * 0.7)) / hertz;
        phase -= libm::floor(phase);
        let buzz = 1.0 - 2.0 * phase + 0.05 * noise.next();
        let [low, high] = &mut formants;
        let vowel = low.next(buzz) + 0.6 * high.next(buzz);
        samples.push(0.055 * loud * vowel + 0.0004 * noise.next());
    }
    samples
}

/// Music-like: slow chords of decaying partials; left and right are tuned a little apart.
pub(super) fn music(seconds: f64, rate: SampleRate) -> [Vec<f64>; 2] {
    /// A minor, F, C, G: the root and its chord in semitones above A2 (110 Hz).
    const CHORDS: [[f64; 3]; 4] = [
        [0.0, 3.0, 7.0],
        [-4.0, 0.0, 3.0],
        [3.0, 7.0, 10.0],
        [-2.0, 2.0, 5.0],
    ];
    let hertz = f64::from(rate.hertz());
    let side = |detune: f64| {
        let sample = |i: usize| {
            let (chord, at) = (
                (i as f64 / hertz / 3.0) as usize,
                libm::fmod(i as f64 / hertz, 3.0),
            );
            // The last chord has died away when the next begins, so that nothing jumps.
            let damped = 1.0 - libm::exp((at - 3.0) * 12.0);
            let swell = (1.0 - libm::exp(-at * 6.0)) * libm::exp(-at * 0.6) * damped;
            let note = |semitones: f64| {
                let frequency = 110.0 * detune * libm::exp2(semitones / 12.0);
                (1..=4)
                    .map(|k| {
                        let k = f64::from(k);
                        libm::sin(TAU * frequency * k * at) / (k * k)
                    })
                    .sum::<f64>()
            };
            0.16 * swell
                * CHORDS[chord % CHORDS.len()]
                    .iter()
                    .map(|s| note(*s))
                    .sum::<f64>()
        };
        (0..(seconds * hertz) as usize).map(sample).collect()
    };
    [side(1.0), side(1.0004)]
}

/// A creak and a slam.
pub(super) fn door(seconds: f64, rate: SampleRate) -> Vec<f64> {
    let hertz = f64::from(rate.hertz());
    let mut noise = Noise(7);
    let (mut creak, mut slam) = (
        Resonator::new(620.0, 25.0, hertz),
        Resonator::new(85.0, 30.0, hertz),
    );
    let slams_at = seconds * 0.6;
    let sample = |i: usize| {
        let at = i as f64 / hertz;
        let grain = if libm::fmod(at * (18.0 + 30.0 * at), 1.0) < 0.08 {
            noise.next()
        } else {
            0.0
        };
        let hit = if at < slams_at {
            0.0
        } else {
            noise.next() * libm::exp(-(at - slams_at) * 22.0)
        };
        let moving = if at < slams_at { 1.0 } else { 0.0 };
        0.4 * moving * creak.next(grain) + 0.2 * slam.next(hit)
    };
    (0..(seconds * hertz) as usize).map(sample).collect()
}

/// Air: two independent channels of soft, dull noise.
pub(super) fn air(seconds: f64, rate: SampleRate) -> [Vec<f64>; 2] {
    let hertz = f64::from(rate.hertz());
    let side = |seed: u64| {
        let mut noise = Noise(seed);
        let mut low = 0.0;
        let sample = |_| {
            low += 0.04 * (noise.next() - low);
            0.12 * low
        };
        (0..(seconds * hertz) as usize).map(sample).collect()
    };
    [side(11), side(13)]
}
