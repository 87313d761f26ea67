//! Extent of Cartesian objects: a grid of sources in the room (BS.2127-0 §7.3.10).

use std::f64::consts::PI;

use super::layout::MAX_SPEAKERS;
use super::point::Gains;
use super::room::Room;
use super::vector::{Vec3, interpolate};
use crate::audio::scene::Extent;

/// Sources along X and Y; half of them along Z where the room has two planes.
const GRID: usize = 40;
/// Exponent of the lowest weight: −130 dB.
const FLOOR: f64 = 6.5;
/// Up to this effective size the point is faded over to the spread.
const POINT_FADE: f64 = 0.2;

/// A room with its grid, and the gains of each loudspeaker along each axis of it.
#[derive(Debug, Clone)]
pub(super) struct RoomSpread {
    room: Room,
    axes: [Axis; 3],
    /// How many axes the loudspeakers differ along.
    dimensions: usize,
    /// Whether there are loudspeakers on one plane, or on one line.
    flat: bool,
    line: bool,
    /// Whether the grid goes down to the floor: three planes.
    floor: bool,
}

/// The grid along one axis.
#[derive(Debug, Clone)]
struct Axis {
    grid: Vec<f64>,
    /// The different ways in which gains go along the grid.
    profiles: Vec<Vec<f64>>,
    /// For each loudspeaker of the room the number of its profile.
    of: Vec<usize>,
}

/// What the points of an axis add up to for each profile.
struct AxisSums {
    sum: Vec<f64>,
    first: Vec<f64>,
    last: Vec<f64>,
}

impl RoomSpread {
    pub(super) fn new(room: Room) -> Self {
        let mut heights: Vec<f64> = room.places.iter().map(|(_, place)| place[2]).collect();
        heights.sort_by(f64::total_cmp);
        heights.dedup();
        let floor = heights.len() >= 3;
        let same = |axis: usize| room.places.windows(2).all(|p| p[0].1[axis] == p[1].1[axis]);
        let axes = [
            Axis::new(&room, 0, -1.0, GRID),
            Axis::new(&room, 1, -1.0, GRID),
            if floor {
                Axis::new(&room, 2, -1.0, GRID)
            } else {
                Axis::new(&room, 2, 0.0, GRID / 2)
            },
        ];
        Self {
            axes,
            dimensions: (0..3).filter(|axis| !same(*axis)).count(),
            flat: same(2),
            line: same(1) && same(2),
            floor,
            room,
        }
    }

    /// Gains for a position and size; of power one.
    pub(super) fn gains(&self, position: Vec3, extent: Extent) -> Gains {
        if extent == Extent::default() {
            return self.room.point_gains(position);
        }
        let mut at = position;
        if !self.floor {
            at[2] = at[2].max(0.0);
        }
        let smallest = 2.0 / (GRID - 1) as f64;
        let deepest = 2.0 / (self.axes[2].grid.len().max(2) - 1) as f64;
        // As the reference implementation of BS.2127 has it: height goes along Y, depth along Z.
        let size = [
            grid_size(extent.width).max(smallest),
            grid_size(extent.height).max(smallest),
            grid_size(extent.depth).max(deepest),
        ];
        let effective = self.effective_size(size);
        let mut spread = self.spread(at, size, norm_exponent(effective));
        unit(&mut spread);
        let (beta, alpha) = if effective < POINT_FADE {
            libm::sincos(effective * PI / (POINT_FADE * 2.0))
        } else {
            (1.0, 0.0)
        };
        let mut gains = self.room.point_gains(at);
        for (gain, spread) in gains.iter_mut().zip(spread) {
            *gain = alpha * *gain + beta * spread;
        }
        unit(&mut gains);
        gains
    }

    /// One number for three sizes: the largest counts most.
    fn effective_size(&self, [x, y, z]: [f64; 3]) -> f64 {
        if self.line {
            x
        } else if self.flat {
            0.75 * x.max(y) + 0.25 * x.min(y)
        } else {
            let mut sorted = [x, y, z];
            sorted.sort_by(f64::total_cmp);
            (6.0 * sorted[2] + 2.0 * sorted[1] + sorted[0]) / 9.0
        }
    }

    fn spread(&self, at: Vec3, size: [f64; 3], p: f64) -> Gains {
        let sums = [0, 1, 2].map(|axis| self.axes[axis].sums(axis, at[axis], size[axis], p));
        let part = |axis: usize, speaker: usize, pick: fn(&AxisSums) -> &Vec<f64>| {
            pick(&sums[axis])[self.axes[axis].of[speaker]]
        };
        let mut inside = [0.0; MAX_SPEAKERS];
        let mut edges = [0.0; MAX_SPEAKERS];
        for (speaker, &(number, _)) in self.room.places.iter().enumerate() {
            let [x, y, z] = [0, 1, 2].map(|axis| part(axis, speaker, |sums| &sums.sum));
            let [left, back, floor] = [0, 1, 2].map(|axis| part(axis, speaker, |s| &s.first));
            let [right, front, ceiling] = [0, 1, 2].map(|axis| part(axis, speaker, |s| &s.last));
            inside[number] = x * y * z;
            edges[number] = left * y * z
                + right * y * z
                + x * back * z
                + x * front * z
                + x * y * ceiling
                + x * y * floor;
        }
        unit(&mut inside);
        let inner = self.inner_share(at, size);
        let mut gains = [0.0; MAX_SPEAKERS];
        for (gain, (edge, inside)) in gains.iter_mut().zip(edges.into_iter().zip(inside)) {
            let power = edge + inner * inside;
            *gain = if power > 0.0 {
                libm::pow(power, 1.0 / p)
            } else {
                0.0
            };
        }
        gains
    }

    /// How much of the sources inside the room counts beside those on its walls.
    fn inner_share(&self, at: Vec3, size: [f64; 3]) -> f64 {
        let axes = self.dimensions.clamp(1, 3);
        let to_wall = |x: f64| (x + 1.0).min(1.0 - x);
        let bound = (0..axes)
            .map(|axis| to_wall(at[axis]))
            .fold(f64::INFINITY, f64::min);
        let share: f64 = (0..axes)
            .map(|axis| wall_share(size[axis], bound))
            .product();
        // The shares are cubed for one axis and to the power of 3/2 for two.
        match axes {
            1 => share * share * share,
            2 => libm::pow(share, 1.5),
            _ => share,
        }
    }
}

impl Axis {
    fn new(room: &Room, axis: usize, from: f64, count: usize) -> Self {
        let step = (1.0 - from) / (count - 1) as f64;
        let mut grid: Vec<f64> = (0..count).map(|i| from + step * i as f64).collect();
        if let Some(last) = grid.last_mut() {
            *last = 1.0;
        }
        let mut profiles: Vec<Vec<f64>> = Vec::new();
        let mut of = Vec::new();
        for speaker in 0..room.places.len() {
            let along = grid.iter().map(|x| room.balance(speaker, axis, *x));
            let profile: Vec<f64> = along.collect();
            let known = profiles.iter().position(|other| *other == profile);
            of.push(known.unwrap_or(profiles.len()));
            if known.is_none() {
                profiles.push(profile);
            }
        }
        Self { grid, profiles, of }
    }

    /// Sums of the p-th powers of gain times weight, whole and at both ends.
    fn sums(&self, axis: usize, at: f64, size: f64, p: f64) -> AxisSums {
        // The height's sizes are not doubled, and what is high counts less.
        let scale = if axis == 2 { size } else { 2.0 * size };
        let weight = |x: &f64| {
            let ratio = 1.5 * (x - at) / scale;
            let square = ratio * ratio;
            let weight = libm::pow(10.0, -(square * square).min(FLOOR));
            if axis == 2 {
                weight * libm::cos(x * PI * (3.0 / 7.0))
            } else {
                weight
            }
        };
        let weights: Vec<f64> = self.grid.iter().map(weight).collect();
        let limit = libm::pow(10.0, -FLOOR);
        let mut sums = AxisSums {
            sum: Vec::new(),
            first: Vec::new(),
            last: Vec::new(),
        };
        for profile in &self.profiles {
            let mut sum = 0.0;
            let mut ends = (0.0, 0.0);
            for (i, (gain, weight)) in profile.iter().zip(&weights).enumerate() {
                let term = power(gain * weight, p);
                sum += term;
                if i == 0 {
                    ends.0 = term;
                }
                ends.1 = term;
            }
            sums.sum.push(if sum < limit { 0.0 } else { sum });
            sums.first.push(ends.0);
            sums.last.push(ends.1);
        }
        sums
    }
}

/// A size of the block as a size on the grid.
fn grid_size(size: f64) -> f64 {
    interpolate(
        size.min(1.0),
        &[(0.0, 0.0), (0.2, 0.3), (0.5, 1.0), (0.75, 1.8), (1.0, 2.8)],
    )
}

/// The exponent of the norm: 6 for small sources, 2 for one that fills the room.
fn norm_exponent(effective: f64) -> f64 {
    if effective <= 0.5 {
        6.0
    } else {
        6.0 - 4.0 * ((effective - 0.5) / (2.8 - 0.5))
    }
}

fn wall_share(size: f64, bound: f64) -> f64 {
    if bound >= 2.0 * size && bound >= 0.4 {
        let n = (2.0 * size).max(0.4);
        libm::cbrt(n * n * n / (0.16 * 2.0 * size))
    } else {
        let a = bound / 0.4;
        libm::cbrt(bound / 2.0 * (a * a))
    }
}

fn power(x: f64, p: f64) -> f64 {
    if x <= 0.0 {
        0.0
    } else if p == 6.0 {
        let cube = x * x * x;
        cube * cube
    } else {
        libm::pow(x, p)
    }
}

/// Scales to a power of one; what is too small to have a direction is nothing.
fn unit(gains: &mut Gains) {
    let length = gains.iter().map(|gain| gain * gain).sum::<f64>().sqrt();
    for gain in gains {
        *gain = if length > 1e-16 { *gain / length } else { 0.0 };
    }
}
