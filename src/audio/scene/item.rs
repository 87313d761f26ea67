//! What is rendered as one: everything about it that does not move.

use super::hoa::HoaFormat;
use super::object::PositionOffset;
use super::position::Screen;
use crate::audio::Gain;
use crate::time::Rational;

/// How an item is rendered, beside its blocks.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemFormat {
    /// What it is.
    pub kind: ItemKind,
    /// Where its signals come from: one, or one for each component of HOA.
    pub feeds: Vec<Feed>,
    /// Start of its audioObject in seconds from the file's first sample; 0 where absent.
    pub start: Option<Rational>,
    /// Duration of its audioObject in seconds; to the end of the file where absent.
    pub duration: Option<Rational>,
    /// Gain of its audioObjects, multiplied along the path.
    pub gain: Gain,
    /// Whether an audioObject on the path is muted.
    pub mute: bool,
    /// Added to the positions of its blocks.
    pub offset: Option<PositionOffset>,
    /// The screen that the mix was made for.
    pub screen: Screen,
}

impl ItemFormat {
    /// An item of one channel of the file at unity gain, for the file's whole length.
    pub fn new(kind: ItemKind, channel: u16) -> Self {
        Self {
            kind,
            feeds: vec![Feed::channel(channel)],
            start: None,
            duration: None,
            gain: Gain::UNITY,
            mute: false,
            offset: None,
            screen: Screen::default(),
        }
    }
}

/// What an item is.
#[derive(Debug, Clone, PartialEq)]
pub enum ItemKind {
    /// A channel of a bed; its blocks are speaker blocks.
    Speakers {
        /// Id of the innermost pack where it is a common definition (`AP_00010003`), for the
        /// mapping rules.
        common_pack: Option<String>,
        /// `frequency` of the channel.
        frequency: Frequency,
    },
    /// An object; its blocks are object blocks.
    Object,
    /// Components of a sound field; no other blocks.
    Hoa(HoaFormat),
    /// Sound for headphones: not rendered, only passed through.
    Binaural(Ear),
}

/// Which ear a channel for headphones is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ear {
    /// Passed to the left loudspeaker.
    Left,
    /// Passed to the right loudspeaker.
    Right,
}

/// `frequency` of an audioChannelFormat, in Hz.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Frequency {
    /// Nothing above this.
    pub low_pass: Option<f64>,
    /// Nothing below this.
    pub high_pass: Option<f64>,
}

/// Where a signal of an item comes from: the sum of its taps, silence where there are none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Feed {
    /// What is summed.
    pub taps: Vec<Tap>,
}

/// One channel of the file in a sum: itself, or the term of a matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct Tap {
    /// Channel of the file, from 0.
    pub channel: u16,
    /// Product of the coefficients that it passes.
    pub gain: Gain,
    /// Delays in seconds that it passes one after the other, each rounded to samples by itself.
    pub delays: Vec<Rational>,
}

impl Feed {
    /// One channel of the file as it is.
    pub fn channel(channel: u16) -> Self {
        let tap = Tap {
            channel,
            gain: Gain::UNITY,
            delays: Vec::new(),
        };
        Self { taps: vec![tap] }
    }
}
