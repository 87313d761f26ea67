//! What a scan found.

use crate::audio::SampleRate;

/// The most entries of each list of a channel; what comes later is counted, not kept.
pub(super) const MAX_ENTRIES: usize = 20_000;

/// What was seen in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Scan {
    /// Sample frames per second.
    pub rate: SampleRate,
    /// Sample frames seen.
    pub length: u64,
    /// Sample frames in a span, the grain of the series: 100 ms.
    pub span: u64,
    /// Each channel in file order.
    pub channels: Vec<ChannelScan>,
    /// The pairs that were asked for.
    pub pairs: Vec<PairScan>,
    /// Pairs of channels, in file order, whose samples are equal throughout and not all zero.
    pub equal: Vec<(usize, usize)>,
    /// Bits that carry sound in the integers of the file; `None` for floats and silence.
    pub effective_bits: Option<u16>,
    /// Samples that were no numbers.
    pub not_numbers: u64,
    /// The first of them, as sample frame.
    pub first_not_number: Option<u64>,
}

/// What was seen in a channel. Levels are linear, full scale 1.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChannelScan {
    /// Largest magnitude.
    pub peak: f32,
    /// Mean of the squares over the whole length.
    pub mean_square: f64,
    /// First and last sample that is not zero.
    pub sound: Option<(u64, u64)>,
    /// Mean of each span.
    pub means: Vec<f32>,
    /// Mean of the squares of each span.
    pub squares: Vec<f32>,
    /// Runs below the lower of the two thresholds, from 1 ms on, in order.
    pub gaps: Vec<Quiet>,
    /// Runs below the upper of the two thresholds, from 100 ms on, in order.
    pub silences: Vec<Quiet>,
    /// Runs of equal samples at full scale.
    pub clips: Vec<FlatTop>,
    /// Flat crests below full scale.
    pub flats: Vec<FlatTop>,
    /// Single jumps and spikes.
    pub clicks: Vec<Click>,
    /// Samples at which a sound begins with a jump and rings away: ticks and knocks, which are no clicks.
    pub attacks: Vec<u64>,
    /// Short tones between silences.
    pub bursts: Vec<Burst>,
    /// Stretches with mains hum.
    pub hums: Vec<Hum>,
    /// Energy above an octave over the low-pass of the low-frequency channel, as a share of the
    /// whole; only of that channel.
    pub high_share: Option<f64>,
}

/// A run of quiet samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quiet {
    /// First sample.
    pub start: u64,
    /// First sample after it.
    pub end: u64,
    /// Whether every sample is zero.
    pub digital: bool,
    /// Largest magnitude in the 5 ms before; 0 at the file's start.
    pub before: f32,
    /// Largest magnitude in the 5 ms after; 0 at the file's end.
    pub after: f32,
    /// How abrupt its two edges are: the magnitude or the slope in the last eighth of a millisecond beside it as a
    /// share of that in 5 ms, whichever is larger. Small where the sound fades out or in; 0 at the file's ends.
    pub abrupt: (f32, f32),
}

impl Quiet {
    /// Samples in it.
    pub const fn len(&self) -> u64 {
        self.end - self.start
    }

    /// Whether there are none, which no scan says.
    pub const fn is_empty(&self) -> bool {
        self.end == self.start
    }
}

/// A crest that is flat.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FlatTop {
    /// First sample of the plateau.
    pub start: u64,
    /// Samples in it.
    pub len: u64,
    /// Its height.
    pub level: f32,
}

/// A jump or spike that nothing around it explains.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Click {
    /// The sample that jumps.
    pub at: u64,
    /// How far, full scale 1.
    pub size: f32,
    /// Whether the sound jumps and stays, as at an edit; else one sample spikes.
    pub jump: bool,
    /// Largest magnitude within 20 ms.
    pub around: f32,
    /// How many times larger its fourth difference is than any within 20 ms.
    pub over: f32,
}

/// A short sound between silences that is a tone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Burst {
    /// First sample.
    pub start: u64,
    /// Samples in it.
    pub len: u64,
    /// Amplitude of the sine, full scale 1.
    pub amplitude: f64,
    /// Share of the energy that is the sine.
    pub purity: f64,
    /// Samples of silence before it, up to the file's start.
    pub before: u64,
    /// Samples of silence after it.
    pub after: u64,
}

impl ChannelScan {
    /// The energy of its sync pops, the sum of their squares.
    pub fn pop_energy(&self, rate: SampleRate) -> f64 {
        let pops = self.bursts.iter().filter(|burst| burst.is_pop(rate));
        pops.map(|pop| pop.amplitude * pop.amplitude / 2.0 * pop.len as f64 / pop.purity)
            .sum()
    }
}

impl Burst {
    /// Whether it is a sync pop: next to nothing but the tone, for 15 ms at least.
    pub fn is_pop(&self, rate: SampleRate) -> bool {
        self.purity > 0.9 && self.len >= u64::from(rate.hertz()) * 15 / 1_000
    }
}

/// A stretch with mains hum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hum {
    /// First sample.
    pub start: u64,
    /// First sample after it.
    pub end: u64,
    /// 50 or 60 Hz.
    pub mains: u32,
    /// Amplitude of the strongest line, full scale 1.
    pub amplitude: f64,
    /// How far its power stands over its neighbours, in dB.
    pub over_db: f64,
}

/// Two channels together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PairScan {
    /// Their indices.
    pub channels: (usize, usize),
    /// Correlation over the whole length; `None` where one is silent.
    pub correlation: Option<f64>,
    /// Windows of 400 ms that are loud enough to have one.
    pub windows: u64,
    /// Of these, windows below the limit.
    pub below: u64,
    /// Stretches of windows below the limit: first sample and first after it.
    pub stretches: Vec<(u64, u64)>,
}
