//! Blocks of `typeDefinition` Objects (BS.2076-2 §5.4.3.3).

use super::block::BlockSpan;
use super::position::{Coordinate, Degrees, Position, ScreenEdges};
use crate::audio::Gain;
use crate::time::Rational;

/// One block of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectBlock {
    /// When; absent for the whole time of the object.
    pub span: Option<BlockSpan>,
    /// Where.
    pub position: Position,
    /// The `cartesian` flag: which rules and which units of size hold. Files may set it against
    /// the kind of position.
    pub cartesian: bool,
    /// How loud.
    pub gain: Gain,
    /// How large.
    pub extent: Extent,
    /// Share of the power that is decorrelated, 0 to 1.
    pub diffuse: f64,
    /// Snaps to the nearest loudspeaker.
    pub channel_lock: Option<ChannelLock>,
    /// Split into three.
    pub divergence: Option<Divergence>,
    /// Loudspeakers that it must not use.
    pub zones: Vec<Zone>,
    /// How its gains follow those of the block before.
    pub jump: JumpPosition,
    /// Whether the position follows the size of the screen.
    pub screen_ref: bool,
    /// Edges of the screen that the position sticks to.
    pub edges: ScreenEdges,
    /// 0 to 10; 10 where the file does not say.
    pub importance: u8,
    /// Whether the position turns with the listener's head; of no effect on loudspeakers.
    pub head_locked: bool,
}

impl ObjectBlock {
    /// A point at unity gain with every other value at its default.
    pub const fn at(position: Position) -> Self {
        Self {
            span: None,
            cartesian: matches!(position, Position::Cartesian { .. }),
            position,
            gain: Gain::UNITY,
            extent: Extent {
                width: 0.0,
                height: 0.0,
                depth: 0.0,
            },
            diffuse: 0.0,
            channel_lock: None,
            divergence: None,
            zones: Vec::new(),
            jump: JumpPosition {
                flag: false,
                length: None,
            },
            screen_ref: false,
            edges: ScreenEdges {
                horizontal: None,
                vertical: None,
            },
            importance: 10,
            head_locked: false,
        }
    }
}

/// How large an object is: degrees for width and height and a part of the distance for depth when
/// the block is polar, parts of the room when it is Cartesian.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Extent {
    /// Left to right.
    pub width: f64,
    /// Bottom to top.
    pub height: f64,
    /// Back to front.
    pub depth: f64,
}

/// `channelLock`.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ChannelLock {
    /// Loudspeakers further away than this are no aim; any distance where absent.
    pub max_distance: Option<Coordinate>,
}

/// `objectDivergence`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Divergence {
    /// 0 keeps all in the middle, 1 leaves nothing there.
    pub value: f64,
    /// Angle between the middle and each side, for polar blocks; 45 degrees where absent.
    pub azimuth_range: Option<Degrees>,
    /// Distance between the middle and each side, for Cartesian blocks; 0 where absent.
    pub position_range: Option<Coordinate>,
}

/// One `zone` of a `zoneExclusion`: loudspeakers in it are not used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Zone {
    /// A box in the room.
    Cartesian {
        /// Lower bounds of X, Y and Z.
        min: [Coordinate; 3],
        /// Upper bounds of X, Y and Z.
        max: [Coordinate; 3],
    },
    /// A part of the sphere; the azimuths from `min` counter-clockwise to `max`.
    Polar {
        /// Azimuth range.
        azimuth: (Degrees, Degrees),
        /// Elevation range.
        elevation: (Degrees, Degrees),
    },
}

/// `jumpPosition`: without the flag the gains move over the whole block, with it over `length`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JumpPosition {
    /// The element's value.
    pub flag: bool,
    /// `interpolationLength` in seconds; zero where absent.
    pub length: Option<Rational>,
}

/// `positionOffset` of an audioObject (BS.2076-2 §5.6.6): added to every position of its blocks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PositionOffset {
    /// Added to polar positions.
    Polar {
        /// To the azimuth.
        azimuth: Degrees,
        /// To the elevation.
        elevation: Degrees,
        /// To the distance.
        distance: Coordinate,
    },
    /// Added to Cartesian positions.
    Cartesian {
        /// To X.
        x: Coordinate,
        /// To Y.
        y: Coordinate,
        /// To Z.
        z: Coordinate,
    },
}
