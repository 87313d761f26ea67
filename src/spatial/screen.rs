//! Positions that follow the screen (BS.2127-0 §7.3.3 and §7.3.4).

use super::convert::{to_polar, to_room};
use super::layout::Layout;
use super::vector::{
    Vec3, add, axes, azimuth, elevation, interpolate, length, polar, radians, scale, sub,
};
use crate::audio::scene::{HorizontalEdge, Screen, ScreenEdges, VerticalEdge};

/// The directions of a screen's edges, in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Edges {
    left: f64,
    right: f64,
    bottom: f64,
    top: f64,
}

impl Edges {
    /// `None` for a screen that reaches behind or above the listener.
    fn of(screen: &Screen) -> Option<Self> {
        let (centre, half_width, half_height) = match *screen {
            Screen::Polar {
                aspect_ratio,
                azimuth,
                elevation,
                distance,
                width,
            } => {
                let (az, el, distance) = (azimuth.value(), elevation.value(), distance.value());
                let half = distance * libm::tan(radians(width.value() / 2.0));
                let [right, _, up] = axes(az, el);
                let centre = polar(az, el, distance);
                (centre, scale(right, half), scale(up, half / aspect_ratio))
            }
            Screen::Cartesian {
                aspect_ratio,
                x,
                y,
                z,
                width,
            } => {
                let half = width.value() / 2.0;
                let centre = [x.value(), y.value(), z.value()];
                (centre, [half, 0.0, 0.0], [0.0, 0.0, half / aspect_ratio])
            }
        };
        let edges = Self {
            left: azimuth(sub(centre, half_width)),
            right: azimuth(add(centre, half_width)),
            bottom: elevation(sub(centre, half_height)),
            top: elevation(add(centre, half_height)),
        };
        let turned = azimuth(sub(centre, half_height)) - azimuth(add(centre, half_height));
        (edges.right <= edges.left && edges.bottom <= edges.top && turned <= 1e-3).then_some(edges)
    }
}

/// The screen that is looked at while listening, and whether the layout's heights stand wider than
/// its front.
#[derive(Debug, Clone)]
pub(super) struct ScreenScaler {
    here: Option<Edges>,
    wide_heights: bool,
}

impl ScreenScaler {
    /// The screen that BS.2127 takes where none is stated.
    pub(super) fn new(layout: &Layout) -> Self {
        Self {
            here: Edges::of(&Screen::default()),
            wide_heights: layout.index_of("U+045").is_some(),
        }
    }

    /// Moves a position so that it stands at the same place of this screen as of the one that the
    /// mix was made for.
    pub(super) fn scaled(&self, position: Vec3, made_for: &Screen, cartesian: bool) -> Vec3 {
        let (Some(from), Some(to)) = (Edges::of(made_for), self.here) else {
            return position;
        };
        let az_line = [
            (-180.0, -180.0),
            (from.right, to.right),
            (from.left, to.left),
            (180.0, 180.0),
        ];
        let el_line = [
            (-90.0, -90.0),
            (from.bottom, to.bottom),
            (from.top, to.top),
            (90.0, 90.0),
        ];
        self.moved(position, cartesian, |az, el| {
            (interpolate(az, &az_line), interpolate(el, &el_line))
        })
    }

    /// Moves a position to edges of this screen.
    pub(super) fn locked(&self, position: Vec3, edges: ScreenEdges, cartesian: bool) -> Vec3 {
        if edges == ScreenEdges::default() {
            return position;
        }
        self.moved(position, cartesian, |az, el| {
            self.locked_angles(az, el, edges)
        })
    }

    /// The same for angles.
    pub(super) fn locked_angles(&self, az: f64, el: f64, edges: ScreenEdges) -> (f64, f64) {
        let Some(here) = self.here else {
            return (az, el);
        };
        let az = edges.horizontal.map_or(az, |edge| match edge {
            HorizontalEdge::Left => here.left,
            HorizontalEdge::Right => here.right,
        });
        let el = edges.vertical.map_or(el, |edge| match edge {
            VerticalEdge::Top => here.top,
            VerticalEdge::Bottom => here.bottom,
        });
        (az, el)
    }

    fn moved(&self, position: Vec3, cartesian: bool, to: impl Fn(f64, f64) -> (f64, f64)) -> Vec3 {
        if cartesian {
            let (az, el, distance) = to_polar(position);
            let (az, el) = to(az, el);
            let (az, el) = self.compensated(az, el);
            to_room(az, el, distance)
        } else {
            let (az, el) = to(azimuth(position), elevation(position));
            polar(az, el, length(position))
        }
    }

    /// Keeps what moves straight up in the room straight above its place on layouts whose upper
    /// loudspeakers stand wider (BS.2127-0 §7.3.3.3).
    fn compensated(&self, az: f64, el: f64) -> (f64, f64) {
        if !self.wide_heights {
            return (az, el);
        }
        let right = interpolate(
            el,
            &[(0.0, 30.0), (30.0, 30.0 * (30.0 / 45.0)), (90.0, 30.0)],
        );
        let line = [
            (-180.0, -180.0),
            (-30.0, -right),
            (30.0, right),
            (180.0, 180.0),
        ];
        (interpolate(az, &line), el)
    }
}
