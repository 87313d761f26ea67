//! Items of another ADM file that are carried over.

use std::sync::Arc;

use crate::audio::Gain;
use crate::audio::scene::{Blocks, Frequency, HoaChannel, HoaFormat, PositionOffset, Screen};
use crate::time::Rational;

/// An item that is carried over: its tracks as they are, its blocks written again.
#[derive(Debug, Clone)]
pub struct AdmKept {
    /// What it is.
    pub kind: AdmKind,
    /// Name of its pack.
    pub pack_name: String,
    /// Its pack where that is a common definition: `AP_00010003`.
    pub common_pack: Option<String>,
    /// First sample frame and length, where it does not sound for the whole file.
    pub span: Option<(u64, u64)>,
    /// Its channels, each a track.
    pub channels: Vec<AdmKeptChannel>,
    /// Gain of its objects, which becomes that of its blocks.
    pub gain: Gain,
    /// What its objects add to its positions, which goes into them.
    pub offset: Option<PositionOffset>,
    /// Seconds of the item that are cut off at its head: its blocks begin so much earlier.
    pub cut: Rational,
    /// Whether its times hold as they stand; else they go to the nearest sample.
    pub strict: bool,
    /// The screen that its positions refer to.
    pub screen: Screen,
}

/// What an item is.
#[derive(Debug, Clone, PartialEq)]
pub enum AdmKind {
    /// A bed.
    Speakers,
    /// An object.
    Objects,
    /// Higher-order ambisonics.
    Hoa(HoaFormat),
}

/// A channel of an item.
#[derive(Debug, Clone)]
pub struct AdmKeptChannel {
    /// Its name.
    pub name: String,
    /// Its channel format where that is a common definition: `AC_00010001`.
    pub common: Option<String>,
    /// `frequency`.
    pub frequency: Frequency,
    /// Its blocks; none for HOA.
    pub blocks: Arc<dyn Blocks>,
}

impl AdmKept {
    /// The component of a HOA channel.
    pub(super) fn component(&self, channel: usize) -> Option<(HoaChannel, &HoaFormat)> {
        match &self.kind {
            AdmKind::Hoa(format) => Some((*format.channels.get(channel)?, format)),
            _ => None,
        }
    }
}
