//! Sound that carries its own place: the values of BS.2076 items and blocks as plain data.
//!
//! A scene is a list of items (one channel of a bed, one object, one set of HOA channels). What
//! stands still is in [`ItemFormat`], what moves is in its [`Blocks`]. Readers fill these types,
//! `spatial` turns them into gains.
//!
//! **Invariant:** times are exact and relative to the start of the item's audioObject; numbers stand
//! as the file says them and are finite. What a number means (degrees or the unit cube) is said by
//! the block it stands in, never guessed from its size.

mod block;
mod hoa;
mod item;
mod matrix;
mod object;
mod position;
mod speaker;

pub use block::{Block, BlockSpan, Blocks};
pub use hoa::{HoaChannel, HoaFormat, Normalization};
pub use item::{Ear, Feed, Frequency, ItemFormat, ItemKind, Tap};
pub use matrix::{MatrixBlock, MatrixCoefficient};
pub use object::{
    ChannelLock, Divergence, Extent, JumpPosition, ObjectBlock, PositionOffset, Zone,
};
pub use position::{
    Coordinate, Degrees, HorizontalEdge, Position, Screen, ScreenEdges, VerticalEdge,
};
pub use speaker::{Bounded, SpeakerBlock, SpeakerPosition};
