//! The outline of a sound: its lowest and highest sample in each of some thousands of bins, to be drawn.

use multiversion::multiversion;

use super::energy::Energies;
use super::samples::Samples;
use super::spec::MeterError;

/// Most bins of an outline: a tenth of a second each for a reel of 20 minutes.
pub const MAX_BINS: u64 = 12_000;

/// Bits that an outline keeps of a sample.
const BITS: u8 = 16;

/// The lowest and the highest sample of each bin over all channels, in steps of 1/32,768 of full scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    bin: u64,
    extremes: Vec<(i16, i16)>,
}

impl Outline {
    /// The outline of a sound whose energies were measured: its largest samples, up and down alike.
    pub fn of_energies(energies: &Energies) -> Self {
        let (peaks, grid) = energies.whole().peaks();
        let many = peaks.len().div_ceil(MAX_BINS as usize).max(1);
        let largest = |peaks: &[f32]| {
            let peak = peaks.iter().copied().fold(0.0, f32::max);
            let steps = libm::ceilf(peak * 32_768.0).min(32_767.0) as i16;
            (-steps, steps)
        };
        Self {
            bin: grid.edge(many as u64).max(1),
            extremes: peaks.chunks(many).map(largest).collect(),
        }
    }

    /// Sample frames in a bin; the last one may have fewer.
    pub fn bin(&self) -> u64 {
        self.bin
    }

    /// Lowest and highest sample of every bin.
    pub fn extremes(&self) -> &[(i16, i16)] {
        &self.extremes
    }
}

/// Draws the outline of a sound that comes in blocks of any length.
#[derive(Debug, Clone)]
pub struct Outliner {
    channels: usize,
    bin: u64,
    /// Sample frames in the bin that is being filled.
    filled: u64,
    low: i32,
    high: i32,
    extremes: Vec<(i16, i16)>,
    scratch: Vec<f32>,
}

impl Outliner {
    /// For `length` sample frames of so many channels. More than `length` are taken too.
    pub fn new(channels: usize, length: u64) -> Self {
        Self {
            channels,
            bin: length.div_ceil(MAX_BINS).max(1),
            filled: 0,
            low: i32::MAX,
            high: i32::MIN,
            extremes: Vec::new(),
            scratch: Vec::new(),
        }
    }

    /// Takes the next sample frames.
    ///
    /// # Errors
    /// As for [`Samples::frames`]; then nothing is taken.
    pub fn push(&mut self, block: &Samples<'_>) -> Result<(), MeterError> {
        let frames = block.frames(self.channels)?;
        let mut at = 0;
        while at < frames {
            let taken = ((self.bin - self.filled) as usize).min(frames - at);
            let (low, high) = match *block {
                Samples::PlanarInts { planes, bits } => planar(planes, at..at + taken, bits),
                ref other => self.decoded(other, at, taken),
            };
            self.low = self.low.min(low);
            self.high = self.high.max(high);
            self.filled += taken as u64;
            at += taken;
            if self.filled == self.bin {
                self.close();
            }
        }
        Ok(())
    }

    /// The outline.
    pub fn finish(mut self) -> Outline {
        if self.filled > 0 {
            self.close();
        }
        Outline {
            bin: self.bin,
            extremes: self.extremes,
        }
    }

    /// Extremes of samples of any form, which are decoded first.
    fn decoded(&mut self, block: &Samples<'_>, at: usize, frames: usize) -> (i32, i32) {
        self.scratch.resize(frames * self.channels, 0.0);
        // What is no sample is read as silence; the meter says so.
        let _damage = block.read(at, self.channels, &mut self.scratch);
        let (low, high) = extremes_of_floats(&self.scratch);
        // Floats may be above full scale; the cast saturates.
        let step = |sample: f32| libm::floorf(sample * 32_768.0) as i32;
        (step(low), step(high))
    }

    fn close(&mut self) {
        let limit = |sample: i32| sample.clamp(i16::MIN.into(), i16::MAX.into()) as i16;
        self.extremes.push((limit(self.low), limit(self.high)));
        (self.low, self.high) = (i32::MAX, i32::MIN);
        self.filled = 0;
    }
}

/// Extremes of a stretch of planes, brought to 16 bits, towards −∞.
fn planar(planes: &[&[i32]], range: std::ops::Range<usize>, bits: u8) -> (i32, i32) {
    let stretches = planes
        .iter()
        .map(|plane| plane.get(range.clone()).unwrap_or_default());
    let (low, high) = stretches.fold((i32::MAX, i32::MIN), |(low, high), stretch| {
        let (l, h) = extremes_of(stretch);
        (low.min(l), high.max(h))
    });
    let bring = |sample: i32| match bits.checked_sub(BITS) {
        Some(more) => sample >> more.min(16),
        None => sample.saturating_mul(1 << (BITS - bits)),
    };
    (bring(low), bring(high))
}

/// Loops, not folds: a closure would not be compiled for the wider vectors.
#[multiversion(targets("x86_64+avx2"))]
fn extremes_of(samples: &[i32]) -> (i32, i32) {
    let (mut lows, mut highs) = ([i32::MAX; 32], [i32::MIN; 32]);
    let (blocks, rest) = samples.as_chunks::<32>();
    for block in blocks {
        for ((low, high), &sample) in lows.iter_mut().zip(&mut highs).zip(block) {
            *low = sample.min(*low);
            *high = sample.max(*high);
        }
    }
    let (mut low, mut high) = (i32::MAX, i32::MIN);
    for &sample in lows.iter().chain(rest) {
        low = low.min(sample);
    }
    for &sample in highs.iter().chain(rest) {
        high = high.max(sample);
    }
    (low, high)
}

/// The same of floats, none of which is NaN.
#[multiversion(targets("x86_64+avx2"))]
fn extremes_of_floats(samples: &[f32]) -> (f32, f32) {
    let (mut lows, mut highs) = ([f32::INFINITY; 32], [f32::NEG_INFINITY; 32]);
    let (blocks, rest) = samples.as_chunks::<32>();
    for block in blocks {
        for ((low, high), &sample) in lows.iter_mut().zip(&mut highs).zip(block) {
            *low = if sample < *low { sample } else { *low };
            *high = if sample > *high { sample } else { *high };
        }
    }
    let (mut low, mut high) = (f32::INFINITY, f32::NEG_INFINITY);
    for &sample in lows.iter().chain(rest) {
        low = if sample < low { sample } else { low };
    }
    for &sample in highs.iter().chain(rest) {
        high = if sample > high { sample } else { high };
    }
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::{SampleFormat, SampleRate};

    /// However it is cut into blocks and in whatever form it comes, the outline is the same.
    fn check(length: u64, samples: &[i32], expected: &[(i16, i16)]) {
        for cut in [1, 7, samples.len().max(1)] {
            let mut planar = Outliner::new(1, length);
            let mut bytes = Outliner::new(1, length);
            for block in samples.chunks(cut) {
                let planes = [block];
                let ints = Samples::PlanarInts {
                    planes: &planes,
                    bits: 24,
                };
                planar.push(&ints).unwrap();
                let packed: Vec<u8> = block
                    .iter()
                    .flat_map(|x| x.to_le_bytes().into_iter().take(3))
                    .collect();
                bytes
                    .push(&Samples::Bytes(SampleFormat::Int24, &packed))
                    .unwrap();
            }
            let outline = planar.finish();
            assert_eq!(outline.extremes(), expected);
            assert_eq!(bytes.finish(), outline);
        }
    }

    #[test]
    fn extremes_of_every_bin() {
        check(3, &[-256, 512, 0], &[(-1, -1), (2, 2), (0, 0)]);
        check(
            24_001,
            &[8_388_607, -8_388_608, 256, -1],
            &[(-32_768, 32_767), (-1, -1)],
        );
        check(0, &[], &[]);
        let mut long = [0; 100];
        (long[40], long[99]) = (-512, 768);
        check(1_200_000, &long, &[(-2, 3)]);
    }

    #[test]
    fn energies_give_an_outline_of_peaks() {
        let mut energies = Energies::new(SampleRate::HZ_48000);
        energies.push(0.0, 0.25);
        energies.push(0.0, 2.0);
        let outline = Outline::of_energies(&energies);
        assert_eq!(outline.bin(), 480);
        assert_eq!(outline.extremes(), [(-8_192, 8_192), (-32_767, 32_767)]);
        (0..12_000).for_each(|_| energies.push(0.0, 0.0));
        let outline = Outline::of_energies(&energies);
        assert_eq!((outline.bin(), outline.extremes().len()), (960, 6_001));
    }

    #[test]
    fn channels_are_drawn_together() {
        let mut outliner = Outliner::new(2, 12_001);
        let planes: [&[i32]; 2] = [&[1 << 8, 2 << 8], &[-(3 << 8), 0]];
        let block = Samples::PlanarInts {
            planes: &planes,
            bits: 24,
        };
        outliner.push(&block).unwrap();
        assert!(outliner.push(&Samples::Floats(&[0.5])).is_err());
        outliner.push(&Samples::Floats(&[0.5, 3.0])).unwrap();
        let outline = outliner.finish();
        assert_eq!(outline.bin(), 2);
        assert_eq!(outline.extremes(), [(-3, 2), (16_384, 32_767)]);
    }
}
