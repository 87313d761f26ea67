//! Higher-order ambisonics (BS.2076-2 §5.4.3.4).

use super::block::BlockSpan;
use super::position::Coordinate;
use crate::audio::Gain;

/// How the components of a HOA set are scaled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Normalization {
    /// `N3D`.
    N3d,
    /// `SN3D`, the default.
    #[default]
    Sn3d,
    /// `FuMa`, defined to the third order.
    FuMa,
}

/// One component.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HoaChannel {
    /// The order, from 0.
    pub order: u32,
    /// The degree, from −order to order.
    pub degree: i32,
    /// Gain of the block.
    pub gain: Gain,
}

/// What a set of components says of itself. The channels stand in the order of the item's feeds.
#[derive(Debug, Clone, PartialEq)]
pub struct HoaFormat {
    /// The components.
    pub channels: Vec<HoaChannel>,
    /// How they are scaled.
    pub normalization: Normalization,
    /// `nfcRefDist` in metres, where it is stated and not zero.
    pub nfc_distance: Option<Coordinate>,
    /// Whether the scene is related to the screen.
    pub screen_ref: bool,
    /// When its single block holds; absent for the whole time of the object.
    pub span: Option<BlockSpan>,
}
