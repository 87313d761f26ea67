//! Blocks of `typeDefinition` DirectSpeakers (BS.2076-2 §5.4.3.1).

use super::block::BlockSpan;
use super::position::{Coordinate, Degrees, ScreenEdges};
use crate::audio::Gain;

/// One block of a channel of a bed.
#[derive(Debug, Clone, PartialEq)]
pub struct SpeakerBlock {
    /// When; absent for the whole time of the object.
    pub span: Option<BlockSpan>,
    /// `speakerLabel`s as written, in order.
    pub labels: Vec<String>,
    /// Where the loudspeaker is meant to stand.
    pub position: SpeakerPosition,
    /// Edges of the screen that the position sticks to.
    pub edges: ScreenEdges,
    /// How loud.
    pub gain: Gain,
    /// 0 to 10; 10 where the file does not say.
    pub importance: u8,
}

/// A value with the range of loudspeakers that may take its place.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bounded<T> {
    /// The value.
    pub value: T,
    /// Lower bound; the value itself where absent.
    pub min: Option<T>,
    /// Upper bound; the value itself where absent.
    pub max: Option<T>,
}

impl<T> Bounded<T> {
    /// A value without bounds.
    pub const fn exactly(value: T) -> Self {
        Self {
            value,
            min: None,
            max: None,
        }
    }
}

/// Where a loudspeaker is meant to stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SpeakerPosition {
    /// Seen from the listener.
    Polar {
        /// To the left of the front.
        azimuth: Bounded<Degrees>,
        /// Above the ears.
        elevation: Bounded<Degrees>,
        /// 1 is the distance of the loudspeakers.
        distance: Bounded<Coordinate>,
    },
    /// In a room of −1 to 1 along each axis.
    Cartesian {
        /// Left to right.
        x: Bounded<Coordinate>,
        /// Back to front.
        y: Bounded<Coordinate>,
        /// Bottom to top.
        z: Bounded<Coordinate>,
    },
}
