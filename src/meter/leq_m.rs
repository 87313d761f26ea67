//! Leq(m), the loudness of trailers and advertisements in cinemas (ISO 21727).
//!
//! The M weighting is the curve of ITU-R BS.468-4 less 5.6 dB, so that it is 0 dB at 2 kHz. The curve's
//! table is met by a network with six poles and one zero at 0 Hz; here its poles become digital ones
//! (`z = exp(2π·p/rate)`), and a short linear-phase filter, fitted by least squares, takes back what that
//! bends near half the sample rate: within 0.25 dB of the table from 31.5 Hz to 16 kHz at every rate from
//! 32 kHz, where the standard allows 1 dB and more.

use std::f64::consts::PI;
use std::fmt;

use serde::Serialize;

use super::spec::Positions;
use crate::audio::{Channel, SampleRate};

/// A level in dB of Leq(m).
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct LeqM(f64);

impl LeqM {
    /// The number of decibels.
    pub const fn value(self) -> f64 {
        self.0
    }
}

impl fmt::Display for LeqM {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} dB Leq(m)", self.0)
    }
}

/// The level of a mean square of 1 in a front channel: pink noise at −20 dBFS, which is 20 + 3.01 dB
/// under a mean square of 1, plays at 85 dB (SMPTE RP 200).
const REFERENCE_DB: f64 = 108.010_299_956_639_8;

/// The poles of the BS.468-4 network, real and imaginary part in Hz: two of conjugate pairs, two real.
/// They are the roots of the sixth-order polynomial that is published for the network.
const POLES_HZ: [(f64, f64); 4] = [
    (-2_983.159_937_890_668, 9_940.842_645_709_537),
    (-3_758.529_163_010_742, 5_790.042_336_608_968),
    (-9_975.063_123_930_24, 0.0),
    (-4_122.702_066_134_763, 0.0),
];

/// Cosine terms of the correcting filter besides the constant one.
const TERMS: usize = 6;

/// Frequencies at which the correction is fitted, evenly up to just under half the rate.
const FIT_POINTS: usize = 256;

/// Where the weighting is 0 dB.
const UNITY_HZ: f64 = 2_000.0;

/// The gain of a loudspeaker's calibration in dB against a front one (SMPTE RP 200): surrounds play 3 dB
/// lower, low-frequency effects 10 dB higher.
const fn calibration_db(channel: Channel) -> f64 {
    match channel {
        Channel::Lfe => 10.0,
        Channel::Mono | Channel::L | Channel::R | Channel::C => 0.0,
        _ => -3.0,
    }
}

/// The gain of the network at a frequency, up to a constant factor.
fn network(hertz: f64) -> f64 {
    let mut square = hertz * hertz;
    for (re, im) in POLES_HZ {
        let distance = |im: f64| re * re + (hertz - im) * (hertz - im);
        square /= distance(im);
        if im != 0.0 {
            square /= distance(-im);
        }
    }
    libm::sqrt(square)
}

/// The digital M weighting of one rate.
#[derive(Debug, Clone, PartialEq)]
struct Weighting {
    /// Taps from the middle outwards.
    correction: [f64; TERMS + 1],
    /// `a1, a2` of the three recursive sections.
    sections: [[f64; 2]; 3],
}

impl Weighting {
    fn new(rate: f64) -> Self {
        let turn = 2.0 * PI / rate;
        let pair = |(re, im): (f64, f64)| {
            let radius = libm::exp(turn * re);
            [-2.0 * radius * libm::cos(turn * im), radius * radius]
        };
        let [first, second, third, fourth] = POLES_HZ;
        let (p, q) = (libm::exp(turn * third.0), libm::exp(turn * fourth.0));
        let mut this = Self {
            correction: [0.0; TERMS + 1],
            sections: [pair(first), pair(second), [-(p + q), p * q]],
        };
        this.correction = this.fit(rate);
        let unity = this.gain(UNITY_HZ / rate);
        for tap in &mut this.correction {
            *tap /= unity;
        }
        this
    }

    /// The gain of the recursive part at a frequency in cycles a sample, with the zero at 0 Hz.
    fn recursive_gain(&self, f: f64) -> f64 {
        let (c1, s1) = (libm::cos(2.0 * PI * f), libm::sin(2.0 * PI * f));
        let (c2, s2) = (libm::cos(4.0 * PI * f), libm::sin(4.0 * PI * f));
        let mut square = 2.0 - 2.0 * c1;
        for [a1, a2] in self.sections {
            let (re, im) = (1.0 + a1 * c1 + a2 * c2, a1 * s1 + a2 * s2);
            square /= re * re + im * im;
        }
        libm::sqrt(square)
    }

    fn gain(&self, f: f64) -> f64 {
        let terms = self.correction.iter().enumerate();
        let sum: f64 = terms
            .map(|(k, c)| c * libm::cos(2.0 * PI * f * k as f64))
            .sum();
        self.recursive_gain(f) * sum.abs()
    }

    /// The cosine series whose product with the recursive part is nearest to the network, relative
    /// to it: least squares by the normal equations.
    fn fit(&self, rate: f64) -> [f64; TERMS + 1] {
        let mut rows = [[0.0; TERMS + 2]; TERMS + 1];
        for point in 1..=FIT_POINTS {
            let f = 0.49 * point as f64 / FIT_POINTS as f64;
            let ratio = self.recursive_gain(f) / network(f * rate);
            let base: [f64; TERMS + 1] =
                std::array::from_fn(|k| ratio * libm::cos(2.0 * PI * f * k as f64));
            for (row, left) in rows.iter_mut().zip(base) {
                for (sum, right) in row.iter_mut().zip(base.into_iter().chain([1.0])) {
                    *sum += left * right;
                }
            }
        }
        solve(rows)
    }
}

/// Solves symmetric positive equations by elimination without pivots; the last column is the right side.
fn solve<const N: usize, const M: usize>(mut rows: [[f64; M]; N]) -> [f64; N] {
    for i in 0..N {
        let pivot = rows[i];
        for row in rows.iter_mut().skip(i + 1) {
            let factor = row[i] / pivot[i];
            for (value, p) in row.iter_mut().zip(pivot) {
                *value -= factor * p;
            }
        }
    }
    let mut out = [0.0; N];
    for i in (0..N).rev() {
        let known: f64 = (i + 1..N).map(|k| rows[i][k] * out[k]).sum();
        out[i] = (rows[i][N] - known) / rows[i][i];
    }
    out
}

/// The running filter of one channel and the sum of its squares.
#[derive(Debug, Clone, Default, PartialEq)]
struct ChannelState {
    inputs: [f64; 2 * TERMS + 1],
    last: f64,
    sections: [[f64; 2]; 3],
    sum: f64,
}

impl ChannelState {
    fn step(&mut self, x: f64, weighting: &Weighting) {
        self.inputs.copy_within(1.., 0);
        self.inputs[2 * TERMS] = x;
        let mut v = weighting.correction[0] * self.inputs[TERMS];
        for k in 1..=TERMS {
            // A cosine term is half a tap on either side.
            let pair = self.inputs[TERMS - k] + self.inputs[TERMS + k];
            v += 0.5 * weighting.correction[k] * pair;
        }
        let difference = v - self.last;
        self.last = v;
        let mut y = difference;
        for (s, [a1, a2]) in self.sections.iter_mut().zip(weighting.sections) {
            y -= a1 * s[0] + a2 * s[1];
            *s = [y, s[0]];
        }
        self.sum += y * y;
    }
}

/// The measure over the whole length of one file: no gate, all channels, low-frequency effects too.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LeqMMeter {
    weighting: Weighting,
    gains: Vec<f64>,
    channels: Vec<ChannelState>,
    frames: u64,
}

impl LeqMMeter {
    pub(super) fn new(rate: SampleRate, positions: &Positions) -> Self {
        let gains: Vec<f64> = match positions {
            Positions::Layout(layout) => layout
                .channels()
                .iter()
                .map(|&c| libm::pow(10.0, calibration_db(c) / 10.0))
                .collect(),
            Positions::Discrete(count) => vec![1.0; *count],
        };
        Self {
            weighting: Weighting::new(f64::from(rate.hertz())),
            channels: vec![ChannelState::default(); gains.len()],
            gains,
            frames: 0,
        }
    }

    /// Takes the frames of interleaved samples; the channels begin at `first` in each frame.
    pub(super) fn push(&mut self, samples: &[f32], stride: usize, first: usize) {
        for frame in samples.chunks_exact(stride) {
            for (state, &x) in self.channels.iter_mut().zip(frame.iter().skip(first)) {
                state.step(f64::from(x), &self.weighting);
            }
            self.frames += 1;
        }
        for state in &mut self.channels {
            for value in state.sections.as_flattened_mut() {
                if value.abs() < 1e-30 {
                    *value = 0.0;
                }
            }
        }
    }

    /// The level; `None` for silence.
    pub(super) fn finish(&self) -> Option<LeqM> {
        let sum: f64 = self
            .channels
            .iter()
            .zip(&self.gains)
            .map(|(c, g)| c.sum * g)
            .sum();
        let mean = sum / self.frames.max(1) as f64;
        (mean > 0.0).then(|| LeqM(REFERENCE_DB + 10.0 * libm::log10(mean)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::ChannelLayout;

    /// ITU-R BS.468-4 Table 1, frequency in Hz and response in dB.
    const TABLE: &str = include_str!("../../fixtures/meter/bs468.tsv");

    #[test]
    fn it_meets_the_published_table() {
        for (rate, top) in [
            (32_000, 14_000.0),
            (44_100, 20_000.0),
            (48_000, 20_000.0),
            (96_000, 20_000.0),
            (192_000, 20_000.0),
        ] {
            let weighting = Weighting::new(f64::from(rate));
            for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
                let (hertz, db) = line.split_once('\t').unwrap();
                let (hertz, db): (f64, f64) = (hertz.parse().unwrap(), db.parse().unwrap());
                if hertz <= top {
                    let got = 20.0 * libm::log10(weighting.gain(hertz / f64::from(rate)));
                    let difference = got - (db - 5.6);
                    assert!(
                        difference.abs() < 0.26,
                        "{rate}: {hertz} Hz {difference:+.3} dB"
                    );
                }
            }
        }
    }

    fn level(layout: &str, channel: usize, hertz: f64, peak: f64) -> f64 {
        let layout: ChannelLayout = layout.parse().unwrap();
        let channels = layout.len();
        let mut meter = LeqMMeter::new(SampleRate::HZ_48000, &Positions::Layout(layout));
        let mut samples = vec![0.0_f32; 48_000 * channels];
        for (n, frame) in samples.chunks_exact_mut(channels).enumerate() {
            frame[channel] = (peak * libm::sin(2.0 * PI * hertz * n as f64 / 48_000.0)) as f32;
        }
        meter.push(&samples, channels, 0);
        meter.finish().unwrap().value()
    }

    #[test]
    fn a_calibrated_tone_plays_at_85_db() {
        for (layout, channel, hertz, expected) in [
            ("2.0", 0, 2_000.0, 85.0),
            ("2.0", 1, 1_000.0, 79.4),
            ("5.1", 4, 2_000.0, 82.0),
            ("5.1", 3, 2_000.0, 95.0),
            ("7.1", 4, 6_300.0, 88.6),
        ] {
            let got = level(layout, channel, hertz, 0.1);
            assert!(
                (got - expected).abs() < 0.1,
                "{layout} {channel} {hertz}: {got}"
            );
        }
    }
}
