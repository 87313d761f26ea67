//! The parts of the sphere that a few loudspeakers span (BS.2127-0 §6.1).

use super::hull::corner_order;
use super::layout::MAX_SPEAKERS;
use super::vector::{Vec3, add, cross, dot, normalise, scale, sub};

/// Loudspeakers of the panner, virtual ones included: a layer above and one below the middle one.
pub(super) const MAX_CORNERS: usize = 3 * MAX_SPEAKERS;

/// How far below zero the gain of a triplet may be taken for zero.
const INSIDE: f64 = -1e-11;
/// How far outside 0 to 1 the place within a quad may be taken for inside.
const QUAD_INSIDE: f64 = 1e-10;

/// Gains of the corners of a region, or of all loudspeakers.
pub(super) type CornerGains = [f64; MAX_CORNERS];

/// A region: it gives gains for the directions inside it.
#[derive(Debug, Clone)]
pub(super) enum Region {
    /// Three loudspeakers.
    Triplet(Triplet),
    /// Four loudspeakers.
    Quad(Quad),
    /// A ring of loudspeakers around a virtual one.
    Ring(Ring),
}

impl Region {
    /// Writes the gains for a direction inside the region and says whether it is inside.
    pub(super) fn gains(&self, direction: Vec3, out: &mut CornerGains) -> bool {
        match self {
            Self::Triplet(triplet) => triplet.gains(direction).is_some_and(|gains| {
                for (speaker, gain) in triplet.speakers.iter().zip(gains) {
                    out[*speaker] = gain;
                }
                true
            }),
            Self::Quad(quad) => quad.gains(direction, out),
            Self::Ring(ring) => ring.gains(direction, out),
        }
    }
}

/// Vector base amplitude panning between three loudspeakers (BS.2127-0 §6.1.2.1).
#[derive(Debug, Clone)]
pub(super) struct Triplet {
    speakers: [usize; 3],
    /// Columns of the inverse of the matrix of positions: gains are dot products with them.
    inverse: [Vec3; 3],
}

impl Triplet {
    /// A triplet; `None` where the three lie in a plane with the listener.
    pub(super) fn new(speakers: [usize; 3], [a, b, c]: [Vec3; 3]) -> Option<Self> {
        let volume = dot(a, cross(b, c));
        if volume.abs() < 1e-12 {
            return None;
        }
        let inverse = [cross(b, c), cross(c, a), cross(a, b)].map(|v| scale(v, 1.0 / volume));
        Some(Self { speakers, inverse })
    }

    fn gains(&self, direction: Vec3) -> Option<[f64; 3]> {
        let mut gains = self.inverse.map(|column| dot(direction, column));
        if !gains.iter().all(|gain| *gain >= INSIDE) {
            return None;
        }
        normalise(&mut gains);
        Some(gains.map(|gain| gain.clamp(0.0, 1.0)))
    }
}

/// Four loudspeakers, panned along two crossing directions (BS.2127-0 §6.1.2.3).
#[derive(Debug, Clone)]
pub(super) struct Quad {
    /// Loudspeakers in the order in which they go round.
    speakers: [usize; 4],
    positions: [Vec3; 4],
    across: [Vec3; 3],
    along: [Vec3; 3],
}

impl Quad {
    /// A quad of four loudspeakers in any order.
    pub(super) fn new(speakers: [usize; 4], positions: [Vec3; 4]) -> Self {
        let order = corner_order(&positions);
        let nth = |i: usize| order.get(i).copied().unwrap_or(i);
        let positions = [0, 1, 2, 3].map(|i| positions[nth(i)]);
        let [a, b, c, d] = positions;
        Self {
            speakers: [0, 1, 2, 3].map(|i| speakers[nth(i)]),
            positions,
            across: polynomial([a, b, c, d]),
            along: polynomial([b, c, d, a]),
        }
    }

    fn gains(&self, direction: Vec3, out: &mut CornerGains) -> bool {
        let place = |polynomial: &[Vec3; 3]| root(polynomial.map(|v| dot(v, direction)));
        let (Some(x), Some(y)) = (place(&self.across), place(&self.along)) else {
            return false;
        };
        let mut gains = [(1.0 - x) * (1.0 - y), x * (1.0 - y), x * y, (1.0 - x) * y];
        let sum = self
            .positions
            .iter()
            .zip(gains)
            .fold([0.0; 3], |sum, (position, gain)| {
                add(sum, scale(*position, gain))
            });
        // The quad on the far side of the sphere has the same places.
        let ahead = dot(sum, direction) > 0.0;
        if ahead {
            normalise(&mut gains);
            for (speaker, gain) in self.speakers.iter().zip(gains) {
                out[*speaker] = gain;
            }
        }
        ahead
    }
}

/// The vectors whose dot products with a direction are the coefficients, highest first, of the
/// quadratic whose root is the way from the side `a d` to the side `b c`.
fn polynomial([a, b, c, d]: [Vec3; 4]) -> [Vec3; 3] {
    let (near, far) = (sub(b, a), sub(c, d));
    [
        cross(near, far),
        add(cross(a, far), cross(near, d)),
        cross(a, d),
    ]
}

/// The root of a quadratic that lies between 0 and 1.
fn root([a, b, c]: [f64; 3]) -> Option<f64> {
    let inside = |x: &f64| -QUAD_INSIDE < *x && *x < 1.0 + QUAD_INSIDE;
    let size = a.abs().max(b.abs()).max(c.abs());
    let discriminant = b * b - 4.0 * a * c;
    // Two complex roots that touch the real line within the tolerance are one real one.
    let width = (-discriminant).max(0.0).sqrt();
    if a != 0.0 && width / (2.0 * a.abs()) >= QUAD_INSIDE {
        return None;
    }
    let spread = discriminant.max(0.0).sqrt();
    let half = -0.5 * if b < 0.0 { b - spread } else { b + spread };
    let first = (a.abs() > 1e-15 * size).then(|| half / a);
    let second = (half != 0.0).then(|| c / half);
    [first, second]
        .into_iter()
        .flatten()
        .find(inside)
        .map(|x| x.clamp(0.0, 1.0))
}

/// A ring of loudspeakers around a virtual one whose signal they share (BS.2127-0 §6.1.2.2).
#[derive(Debug, Clone)]
pub(super) struct Ring {
    speakers: Vec<usize>,
    /// Triplets of two neighbours (numbers within the ring) and the centre.
    triplets: Vec<Triplet>,
}

impl Ring {
    /// The ring of these loudspeakers around a centre.
    pub(super) fn new(speakers: Vec<usize>, positions: &[Vec3], centre: Vec3) -> Self {
        let order = corner_order(positions);
        let count = order.len();
        let pair = |i: usize| {
            let (a, b) = (order[i], order[(i + 1) % count]);
            Triplet::new([a, b, count], [positions[a], positions[b], centre])
        };
        Self {
            speakers,
            triplets: (0..count).filter_map(pair).collect(),
        }
    }

    fn gains(&self, direction: Vec3, out: &mut CornerGains) -> bool {
        let hit = |triplet: &Triplet| {
            triplet
                .gains(direction)
                .map(|gains| (triplet.speakers, gains))
        };
        let Some(([a, b, _], gains)) = self.triplets.iter().find_map(hit) else {
            return false;
        };
        let mut ring = [0.0; MAX_CORNERS];
        let count = self.speakers.len();
        ring[..count].fill(gains[2] / (count as f64).sqrt());
        ring[a] += gains[0];
        ring[b] += gains[1];
        normalise(&mut ring[..count]);
        for (speaker, gain) in self.speakers.iter().zip(ring) {
            out[*speaker] = gain;
        }
        true
    }
}
