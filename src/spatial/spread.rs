//! Extent of polar objects: the panner's gains spread over a part of the sphere (BS.2127-0 §7.3.8.2).

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

use super::layout::MAX_SPEAKERS;
use super::point::{Gains, PointPanner};
use super::vector::{
    Vec3, axes, azimuth, degrees, dot, elevation, interpolate, length, normalise, polar, radians,
    scale,
};
use crate::audio::scene::Extent;

/// Rows of points from pole to pole, 5 degrees apart.
const ROWS: usize = 37;
/// Width of the edge over which the weight falls from 1 to 0, in degrees.
const FADE: f64 = 10.0;

/// The panner of objects with a size.
#[derive(Debug, Clone)]
pub(super) struct SpreadPanner {
    panner: PointPanner,
    /// Points all over the sphere, and the gains for each.
    points: Vec<(Vec3, Gains)>,
}

impl SpreadPanner {
    pub(super) fn new(panner: PointPanner) -> Self {
        let points = even_points()
            .map(|point| (point, panner.gains(point)))
            .collect();
        Self { panner, points }
    }

    /// Gains for a position in the space of the loudspeakers' sphere, and a size.
    pub(super) fn gains(&self, position: Vec3, extent: Extent) -> Gains {
        let distance = length(position);
        let at = |distance: f64| {
            let width = seen_size(extent.width, distance);
            let height = seen_size(extent.height, distance);
            self.spread_power(position, width, height)
        };
        if extent.depth == 0.0 {
            return at(distance).map(f64::sqrt);
        }
        let half = extent.depth / 2.0;
        let (far, near) = (at(distance + half), at((distance - half).max(0.0)));
        let mut gains = [0.0; MAX_SPEAKERS];
        for (gain, (far, near)) in gains.iter_mut().zip(far.into_iter().zip(near)) {
            *gain = f64::midpoint(far, near).sqrt();
        }
        gains
    }

    /// Powers of the loudspeakers; a small source is between a point and the smallest spread.
    fn spread_power(&self, position: Vec3, width: f64, height: f64) -> Gains {
        let spread = (width.max(height) / FADE).clamp(0.0, 1.0);
        let mut power = [0.0; MAX_SPEAKERS];
        let mut mix = |amount: f64, gains: Gains| {
            if amount > 1e-10 {
                for (power, gain) in power.iter_mut().zip(gains) {
                    *power += amount * gain * gain;
                }
            }
        };
        if 1.0 - spread > 1e-10 {
            mix(1.0 - spread, self.panner.gains(position));
        }
        if spread > 1e-10 {
            let shape = Shape::new(position, width.max(FADE / 2.0), height.max(FADE / 2.0));
            mix(spread, self.weighted(&shape));
        }
        power
    }

    fn weighted(&self, shape: &Shape) -> Gains {
        let mut total = [0.0; MAX_SPEAKERS];
        for (point, gains) in &self.points {
            let weight = shape.weight(*point);
            if weight > 0.0 {
                for (sum, gain) in total.iter_mut().zip(gains) {
                    *sum += weight * gain;
                }
            }
        }
        normalise(&mut total);
        total
    }
}

/// Points spread evenly over the sphere, in rows of constant elevation.
fn even_points() -> impl Iterator<Item = Vec3> {
    (0..ROWS).flat_map(|row| {
        let elevation = -90.0 + 180.0 * row as f64 / (ROWS - 1) as f64;
        let around = libm::cos(radians(elevation)) * (2 * (ROWS - 1)) as f64;
        let count = (libm::rint(around) as usize).max(1);
        (0..count).map(move |i| polar(360.0 * i as f64 / count as f64, elevation, 1.0))
    })
}

/// The size at which an extent is seen from a distance: all around at 0, itself at 1.
fn seen_size(extent: f64, distance: f64) -> f64 {
    let size = interpolate(extent, &[(0.0, 0.2), (360.0, 1.0)]);
    let at_one = 4.0 * degrees(libm::atan2(size, 1.0));
    let seen = 4.0 * degrees(libm::atan2(size, distance));
    interpolate(seen, &[(0.0, 0.0), (at_one, extent), (360.0, 360.0)])
}

/// The part of the sphere that a source covers: a rectangle along circles of longitude, its short
/// sides rounded.
#[derive(Debug)]
struct Shape {
    /// Right, ahead, up; turned by a quarter where the source is taller than wide.
    axes: [Vec3; 3],
    /// Cosine of the half length of the straight sides.
    straight: f64,
    /// Middles of the rounded ends.
    ends: [Vec3; 2],
    /// Half width of the short side.
    radius: f64,
    /// Cosines of the radius and of the radius with the edge: what lies inside, what outside.
    inside: f64,
    outside: f64,
}

impl Shape {
    /// The shape at a position; width and height in degrees from edge to edge.
    fn new(position: Vec3, width: f64, height: f64) -> Self {
        let [right, ahead, up] = axes_towards(position);
        let (half_width, half_height) = (radians(width) / 2.0, radians(height) / 2.0);
        let radius = half_width.min(half_height);
        let (width, height, axes) = if half_height > half_width {
            (half_height, half_width, [up, ahead, right])
        } else {
            (half_width, half_height, [right, ahead, up])
        };
        let straight = (closed_width(width, height) - radius).max(0.0);
        let end = |angle: f64| {
            let (sin, cos) = libm::sincos(angle);
            let [x, y] = [scale(axes[0], sin), scale(axes[1], cos)];
            [x[0] + y[0], x[1] + y[1], x[2] + y[2]]
        };
        let cos = |angle: f64| if angle < PI { libm::cos(angle) } else { -2.0 };
        Self {
            axes,
            straight: cos(straight),
            ends: [end(-straight), end(straight)],
            radius,
            inside: cos(radius),
            outside: cos(radius + radians(FADE)),
        }
    }

    /// 1 inside, falling to 0 over the edge.
    fn weight(&self, point: Vec3) -> f64 {
        let x = dot(point, self.axes[0]);
        let y = dot(point, self.axes[1]);
        // Beside the straight sides the distance counts from the middle line, else from an end.
        let near = if y >= self.straight * (x * x + y * y).sqrt() {
            let z = dot(point, self.axes[2]).clamp(-1.0, 1.0);
            (1.0 - z * z).max(0.0).sqrt()
        } else {
            dot(point, self.ends[0]).max(dot(point, self.ends[1]))
        };
        if near >= self.inside {
            1.0
        } else if near <= self.outside {
            0.0
        } else {
            let beyond = libm::acos(near.clamp(-1.0, 1.0)) - self.radius;
            (1.0 - beyond / radians(FADE)).clamp(0.0, 1.0)
        }
    }
}

/// The half width with which the ends of a wide source meet at the back.
fn closed_width(width: f64, height: f64) -> f64 {
    let stretched = interpolate(
        width,
        &[(0.0, 0.0), (FRAC_PI_2, FRAC_PI_2), (PI, PI + height)],
    );
    interpolate(
        height,
        &[
            (0.0, stretched),
            (FRAC_PI_4, stretched),
            (FRAC_PI_2, width),
            (PI, width),
        ],
    )
}

/// Axes of someone who looks at a position; straight up or down, with the right to the right.
fn axes_towards(position: Vec3) -> [Vec3; 3] {
    let size = length(position);
    let direction = if size < 1e-10 {
        [0.0, 1.0, 0.0]
    } else {
        scale(position, 1.0 / size)
    };
    let elevation = elevation(direction);
    let azimuth = if elevation.abs() > 90.0 - 1e-5 {
        0.0
    } else {
        azimuth(direction)
    };
    axes(azimuth, elevation)
}
