//! Channel lock: an object snaps to the nearest loudspeaker (BS.2127-0 §7.3.5).

use super::layout::{Layout, Speaker};
use super::room::Excluded;
use super::vector::{Vec3, dot, sub};
use crate::audio::scene::ChannelLock;

/// Distances closer than this are equal.
const EQUAL: f64 = 1e-5;

/// The loudspeakers that objects snap to.
#[derive(Debug, Clone)]
pub(super) struct ChannelLocker {
    /// Number and place, the preferred ones first.
    speakers: Vec<(usize, Vec3)>,
    /// What a difference along each axis counts.
    weights: Vec3,
}

impl ChannelLocker {
    /// For polar positions: directions, all axes alike.
    pub(super) fn polar(layout: &Layout) -> Self {
        Self::new(layout, Speaker::direction, [1.0; 3])
    }

    /// For Cartesian positions: places in the room, where heights and rows are kept apart.
    pub(super) fn room(layout: &Layout) -> Self {
        Self::new(layout, |speaker| speaker.room, [1.0 / 16.0, 4.0, 32.0])
    }

    fn new(layout: &Layout, place: impl Fn(&Speaker) -> Vec3, weights: Vec3) -> Self {
        let mut speakers: Vec<(usize, &Speaker)> = layout
            .panned()
            .map(|(_, speaker)| speaker)
            .enumerate()
            .collect();
        // Of equally near ones: near the ears, then low, then near the front, then to the right.
        let rank = |s: &Speaker| [s.elevation.abs(), s.elevation, s.azimuth.abs(), s.azimuth];
        speakers.sort_by(|a, b| {
            let (a, b) = (rank(a.1), rank(b.1));
            let order = a.iter().zip(&b).map(|(a, b)| a.total_cmp(b));
            order.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        });
        let places = speakers.iter().map(|(i, speaker)| (*i, place(speaker)));
        Self {
            speakers: places.collect(),
            weights,
        }
    }

    /// The place of the loudspeaker that a position snaps to; the position itself where there is
    /// none within reach.
    pub(super) fn snapped(&self, position: Vec3, lock: ChannelLock, excluded: &Excluded) -> Vec3 {
        let reach = lock
            .max_distance
            .map_or(f64::INFINITY, |d| d.value() + EQUAL);
        let near = |place: &Vec3| {
            let way = sub(position, *place);
            dot(way, way).sqrt() < reach
        };
        let weighted = |place: &Vec3| {
            let way = sub(position, *place);
            let [x, y, z] = self.weights;
            dot([x * way[0], y * way[1], z * way[2]], way).sqrt()
        };
        let reachable: Vec<(f64, Vec3)> = self
            .speakers
            .iter()
            .filter(|(number, place)| !excluded[*number] && near(place))
            .map(|(_, place)| (weighted(place), *place))
            .collect();
        let least = reachable
            .iter()
            .map(|(distance, _)| *distance)
            .fold(f64::INFINITY, f64::min);
        reachable
            .iter()
            .find(|(distance, _)| *distance < least + EQUAL)
            .map_or(position, |(_, place)| *place)
    }
}
