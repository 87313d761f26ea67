//! The blocks of a channel.
//!
//! **Invariant:** a channel's object blocks are in order of time. They are kept as what changes from
//! one to the next, with a whole one every [`STRIDE`], about 30 bytes each: a feature has millions.

mod pack;
mod view;

use crate::audio::scene::{BlockSpan, Coordinate};
use crate::audio::scene::{HoaChannel, MatrixBlock, Normalization, SpeakerBlock};
pub(super) use pack::Packed;
pub(super) use view::{ObjectView, Seam, SpeakerView};

/// Blocks from one whole one to the next.
const STRIDE: usize = 16;

/// Most blocks of a file: three times those of a feature.
pub(super) const MAX_BLOCKS: usize = 8_000_000;

/// Most bytes of the packed blocks of a file.
pub(super) const MAX_BYTES: usize = 320 << 20;

/// Most blocks that are not of objects: those stand still.
pub(super) const MAX_STATIC: usize = 100_000;

/// A block of a HOA channel.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct HoaBlock {
    pub(super) span: Option<BlockSpan>,
    /// Order and degree; `None` where the file states none.
    pub(super) channel: Option<HoaChannel>,
    pub(super) normalization: Option<Normalization>,
    pub(super) nfc_distance: Option<Coordinate>,
    pub(super) screen_ref: Option<bool>,
    /// An `equation`, which the standard defines no form for.
    pub(super) equation: bool,
}

/// The blocks of one channel.
#[derive(Debug, Default)]
pub(super) enum BlockStore {
    /// None.
    #[default]
    Empty,
    /// Of objects.
    Objects(Packed),
    /// Of loudspeakers.
    Speakers(Vec<SpeakerBlock>),
    /// Of HOA components.
    Hoa(Vec<HoaBlock>),
    /// Of matrices.
    Matrix(Vec<MatrixBlock>),
    /// Of other types: how many.
    Other(usize),
}

impl BlockStore {
    /// How many blocks there are.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Empty => 0,
            Self::Objects(packed) => packed.len(),
            Self::Speakers(blocks) => blocks.len(),
            Self::Hoa(blocks) => blocks.len(),
            Self::Matrix(blocks) => blocks.len(),
            Self::Other(count) => *count,
        }
    }
}
