//! What to measure: the rate, the loudspeakers, the filter of the true peak.

use std::fmt;

use crate::audio::{Channel, ChannelLayout, DbTp, SampleRate};

/// The most channels that meters of one pass take together: a limit on the memory that a damaged
/// header can ask for.
pub const MAX_CHANNELS: usize = 1_024;

/// Where the channels of a file are heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Positions {
    /// At known loudspeakers.
    Layout(ChannelLayout),
    /// So many channels without positions; each weighs 1.
    Discrete(usize),
}

impl Positions {
    /// How many channels.
    pub fn len(&self) -> usize {
        match self {
            Self::Layout(layout) => layout.len(),
            Self::Discrete(count) => *count,
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The name of a channel for people: `L`, or its number from 1.
    pub fn channel_name(&self, index: usize) -> String {
        match self {
            Self::Layout(layout) => layout.channels().get(index).map(ToString::to_string),
            Self::Discrete(_) => None,
        }
        .unwrap_or_else(|| (index + 1).to_string())
    }

    /// The weight of every channel in the sum of energies.
    pub(super) fn weights(&self, dual_mono: bool) -> Vec<f64> {
        match self {
            Self::Layout(layout) if dual_mono && *layout == ChannelLayout::mono() => vec![2.0],
            Self::Layout(layout) => layout.channels().iter().map(|&c| weight(c)).collect(),
            Self::Discrete(1) if dual_mono => vec![2.0],
            Self::Discrete(count) => vec![1.0; *count],
        }
    }
}

impl fmt::Display for Positions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Layout(layout) => layout.fmt(f),
            Self::Discrete(1) => f.write_str("1 channel"),
            Self::Discrete(count) => write!(f, "{count} channels"),
        }
    }
}

/// The weight of a loudspeaker, ITU-R BS.1770-5 Tables 4 and 5: 1.41 where its elevation is under
/// 30° and its azimuth from 60° to 120° to either side, else 1; 0 for low-frequency effects.
///
/// So the sides of 7.1 (90°) and the surrounds of 5.1 (110°) weigh 1.41, the rears of 7.1 (135°),
/// the centre surround (180°) and everything overhead weigh 1.
pub const fn weight(channel: Channel) -> f64 {
    match channel {
        Channel::Lfe => 0.0,
        Channel::Ls | Channel::Rs => 1.41,
        Channel::Mono
        | Channel::L
        | Channel::R
        | Channel::C
        | Channel::Lrs
        | Channel::Rrs
        | Channel::Cs
        | Channel::Ltf
        | Channel::Rtf
        | Channel::Ltr
        | Channel::Rtr => 1.0,
    }
}

/// How the signal between the samples is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TruePeakFilter {
    /// Four times oversampling by a 48-tap Hann-windowed sinc, the filter of libebur128: what most meters
    /// show. Can read a crest 0.2 dB low at a quarter of the sample rate and several dB low near half of it.
    #[default]
    Standard4x48,
    /// Sixteen times oversampling by a Kaiser-windowed sinc of 48 taps a phase: within 0.05 dB up to
    /// 0.45 of the sample rate.
    Precise16x,
}

impl TruePeakFilter {
    /// The name that reports print.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Standard4x48 => "4x oversampling, 48-tap Hann sinc",
            Self::Precise16x => "16x oversampling, 48 taps a phase, Kaiser sinc",
        }
    }
}

/// What one meter measures.
#[derive(Debug, Clone, PartialEq)]
pub struct MeterSpec {
    /// Sample frames per second.
    pub rate: SampleRate,
    /// Where the channels are heard.
    pub positions: Positions,
    /// Whether a file of one channel is heard from two loudspeakers, which is 3.01 LU louder. Of no
    /// effect on files with more channels.
    pub dual_mono: bool,
    /// The filter of the true peak.
    pub true_peak: TruePeakFilter,
    /// List every place where the true peak is above this level.
    pub overs_limit: Option<DbTp>,
    /// Measure Leq(m) too, for trailers and advertisements.
    pub leq_m: bool,
}

impl MeterSpec {
    /// All loudness figures and the usual true peak, no list of overs, no Leq(m).
    pub const fn new(rate: SampleRate, positions: Positions) -> Self {
        Self {
            rate,
            positions,
            dual_mono: false,
            true_peak: TruePeakFilter::Standard4x48,
            overs_limit: None,
            leq_m: false,
        }
    }
}

/// Why something cannot be measured.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MeterError {
    /// No channels at all.
    #[error("there are no channels to measure")]
    NoChannels,
    /// More than [`MAX_CHANNELS`].
    #[error("{0} channels are more than the {MAX_CHANNELS} that can be measured together")]
    TooManyChannels(usize),
    /// Meters of one pass with different rates or filters.
    #[error("meters of one pass need the same sample rate and true-peak filter")]
    Differ,
    /// A block that ends inside a frame.
    #[error("a block of {len} samples or bytes ends inside a frame of {frame}")]
    PartialFrame {
        /// Samples or bytes in the block.
        len: usize,
        /// Samples or bytes in a frame.
        frame: usize,
    },
    /// Planes missing, too many, or of different lengths.
    #[error("{planes} planes of equal length are needed for {channels} channels")]
    Planes {
        /// Planes given.
        planes: usize,
        /// Channels of the meter.
        channels: usize,
    },
    /// Another number of blocks than of meters, or blocks of different lengths.
    #[error("each of the {meters} meters of a pass needs one block, all of the same length")]
    Blocks {
        /// Meters in the pass.
        meters: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(layout: &str, expected: &[f64]) {
        let layout: ChannelLayout = layout.parse().unwrap();
        assert_eq!(Positions::Layout(layout).weights(false), expected);
    }

    #[test]
    fn the_angle_decides() {
        check("2.0", &[1.0, 1.0]);
        check("5.1", &[1.0, 1.0, 1.0, 0.0, 1.41, 1.41]);
        check("L,C,R,Ls,Rs,LFE", &[1.0, 1.0, 1.0, 1.41, 1.41, 0.0]);
        check("6.1", &[1.0, 1.0, 1.0, 0.0, 1.0, 1.41, 1.41]);
        check("7.1", &[1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.41, 1.41]);
        let heights = [1.0, 1.0, 1.0, 0.0, 1.41, 1.41, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0];
        check("7.1.4", &heights);
    }

    #[test]
    fn mono_is_heard_once_or_twice() {
        let mono = Positions::Layout(ChannelLayout::mono());
        assert_eq!(mono.weights(false), [1.0]);
        assert_eq!(mono.weights(true), [2.0]);
        assert_eq!(Positions::Discrete(1).weights(true), [2.0]);
        assert_eq!(
            Positions::Layout(ChannelLayout::stereo()).weights(true),
            [1.0, 1.0]
        );
        assert_eq!(Positions::Discrete(2).channel_name(1), "2");
    }
}
