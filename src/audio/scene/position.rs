//! Positions and screens (BS.2076-2 §8 and §5.4.8.1, `audioProgrammeReferenceScreen`).

use super::object::PositionOffset;

/// An angle in degrees. Azimuth counts to the left from the front, elevation upwards.
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd)]
pub struct Degrees(f64);

/// A length or place in the room: 1 is the loudspeakers' distance or the wall of the unit cube.
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd)]
pub struct Coordinate(f64);

impl Degrees {
    /// So many degrees.
    pub const fn new(degrees: f64) -> Self {
        Self(degrees)
    }

    /// The number of degrees.
    pub const fn value(self) -> f64 {
        self.0
    }
}

impl Coordinate {
    /// A number of the room's units.
    pub const fn new(units: f64) -> Self {
        Self(units)
    }

    /// The number.
    pub const fn value(self) -> f64 {
        self.0
    }
}

/// Where something stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Position {
    /// Seen from the listener.
    Polar {
        /// To the left of the front, −180 to 180.
        azimuth: Degrees,
        /// Above the ears, −90 to 90.
        elevation: Degrees,
        /// 1 is the distance of the loudspeakers.
        distance: Coordinate,
    },
    /// In a room of −1 to 1 along each axis.
    Cartesian {
        /// Left to right.
        x: Coordinate,
        /// Back to front.
        y: Coordinate,
        /// Bottom to top.
        z: Coordinate,
    },
}

impl Position {
    /// A polar position: degrees, degrees, distance.
    pub const fn polar(azimuth: f64, elevation: f64, distance: f64) -> Self {
        Self::Polar {
            azimuth: Degrees(azimuth),
            elevation: Degrees(elevation),
            distance: Coordinate(distance),
        }
    }

    /// A Cartesian position.
    pub const fn cartesian(x: f64, y: f64, z: f64) -> Self {
        Self::Cartesian {
            x: Coordinate(x),
            y: Coordinate(y),
            z: Coordinate(z),
        }
    }

    /// The position with the offset of its audioObject, kept within the sphere's poles and the room; an
    /// offset of the other kind has no meaning and is left.
    #[must_use]
    pub fn moved(self, offset: Option<PositionOffset>) -> Self {
        match (self, offset) {
            (
                Self::Polar {
                    azimuth,
                    elevation,
                    distance,
                },
                Some(PositionOffset::Polar {
                    azimuth: a,
                    elevation: e,
                    distance: d,
                }),
            ) => Self::polar(
                around(azimuth.0 + a.0),
                (elevation.0 + e.0).clamp(-90.0, 90.0),
                (distance.0 + d.0).max(0.0),
            ),
            (
                Self::Cartesian { x, y, z },
                Some(PositionOffset::Cartesian {
                    x: right,
                    y: ahead,
                    z: up,
                }),
            ) => {
                let moved = [x.0 + right.0, y.0 + ahead.0, z.0 + up.0];
                let [x, y, z] = moved.map(|at| at.clamp(-1.0, 1.0));
                Self::cartesian(x, y, z)
            }
            (position, _) => position,
        }
    }
}

/// An azimuth of -180 to 180 degrees.
fn around(azimuth: f64) -> f64 {
    if azimuth.abs() <= 180.0 {
        azimuth
    } else {
        (azimuth + 180.0).rem_euclid(360.0) - 180.0
    }
}

/// The side of the screen that a position is locked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HorizontalEdge {
    /// The left edge.
    Left,
    /// The right edge.
    Right,
}

/// The top or bottom of the screen that a position is locked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum VerticalEdge {
    /// The upper edge.
    Top,
    /// The lower edge.
    Bottom,
}

/// `screenEdgeLock`: the edges of the screen that a position sticks to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ScreenEdges {
    /// Locked to the left or right edge.
    pub horizontal: Option<HorizontalEdge>,
    /// Locked to the top or bottom edge.
    pub vertical: Option<VerticalEdge>,
}

/// A picture's place in the room.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Screen {
    /// Seen from the listener.
    Polar {
        /// Width divided by height.
        aspect_ratio: f64,
        /// Azimuth of the centre.
        azimuth: Degrees,
        /// Elevation of the centre.
        elevation: Degrees,
        /// Distance of the centre.
        distance: Coordinate,
        /// Full width as an angle.
        width: Degrees,
    },
    /// In the room.
    Cartesian {
        /// Width divided by height.
        aspect_ratio: f64,
        /// Centre, left to right.
        x: Coordinate,
        /// Centre, back to front.
        y: Coordinate,
        /// Centre, bottom to top.
        z: Coordinate,
        /// Full width.
        width: Coordinate,
    },
}

impl Default for Screen {
    /// The screen that holds where none is stated (BS.2127-0 §3.5.3): 58 degrees wide, 1.78 : 1.
    fn default() -> Self {
        Self::Polar {
            aspect_ratio: 1.78,
            azimuth: Degrees(0.0),
            elevation: Degrees(0.0),
            distance: Coordinate(1.0),
            width: Degrees(58.0),
        }
    }
}
