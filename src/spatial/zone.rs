//! Zone exclusion: loudspeakers that an object must not use (BS.2127-0 §7.3.12).

use super::layout::{Layout, MAX_SPEAKERS};
use super::point::Gains;
use super::room::Excluded;
use super::vector::{Vec3, in_angle_range, length, sub};
use crate::audio::scene::Zone;

/// Tolerance of the zones' edges.
const EDGE: f64 = 1e-6;

/// The loudspeakers with what takes the place of each when it is excluded.
#[derive(Debug, Clone)]
pub(super) struct Zones {
    speakers: Vec<Place>,
    /// For each loudspeaker the groups that may take its signal, the best first; itself is the best.
    groups: Vec<Vec<Vec<usize>>>,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    azimuth: f64,
    elevation: f64,
    direction: Vec3,
}

/// Layer to be left, layer to go to: the smaller, the sooner. Bottom, middle, upper, top.
const LAYERS: [[u8; 4]; 4] = [[0, 1, 2, 3], [3, 0, 1, 2], [3, 2, 0, 1], [3, 2, 1, 0]];

/// How good a replacement is, the smaller the better: change of layer, change between front and
/// back, distance, distance between front and back.
type Key = [f64; 4];

impl Zones {
    pub(super) fn new(layout: &Layout) -> Self {
        let place = |(_, speaker): (usize, &super::layout::Speaker)| Place {
            azimuth: speaker.azimuth,
            elevation: speaker.elevation,
            direction: speaker.direction(),
        };
        let speakers: Vec<Place> = layout.panned().map(place).collect();
        let groups = speakers
            .iter()
            .map(|from| groups(from, &speakers))
            .collect();
        Self { speakers, groups }
    }

    /// Which loudspeakers lie in one of the zones.
    pub(super) fn excluded(&self, zones: &[Zone]) -> Excluded {
        let mut excluded = [false; MAX_SPEAKERS];
        for (out, speaker) in excluded.iter_mut().zip(&self.speakers) {
            *out = zones.iter().any(|zone| speaker.lies_in(zone));
        }
        excluded
    }

    /// Moves the power of excluded loudspeakers to those that take their place.
    pub(super) fn apply(&self, gains: &Gains, excluded: &Excluded) -> Gains {
        let excluded = &excluded[..self.speakers.len()];
        if excluded.iter().all(|out| *out) || !excluded.iter().any(|out| *out) {
            return *gains;
        }
        let mut power = [0.0; MAX_SPEAKERS];
        for (gain, groups) in gains.iter().zip(&self.groups) {
            let usable = |group: &Vec<usize>| -> Vec<usize> {
                group.iter().copied().filter(|&i| !excluded[i]).collect()
            };
            let target = groups.iter().map(usable).find(|group| !group.is_empty());
            for to in target.iter().flatten() {
                let share = target.as_ref().map_or(1, Vec::len) as f64;
                power[*to] += gain * gain / share;
            }
        }
        power.map(f64::sqrt)
    }
}

impl Place {
    fn lies_in(&self, zone: &Zone) -> bool {
        match zone {
            Zone::Cartesian { min, max } => (0..3).all(|axis| {
                let x = self.direction[axis];
                x - EDGE < max[axis].value() && x + EDGE > min[axis].value()
            }),
            Zone::Polar { azimuth, elevation } => {
                let (low, high) = (elevation.0.value(), elevation.1.value());
                let (from, to) = (azimuth.0.value(), azimuth.1.value());
                self.elevation - EDGE < high
                    && self.elevation + EDGE > low
                    && in_angle_range(self.azimuth, from, to, EDGE)
            }
        }
    }

    fn layer(&self) -> usize {
        match self.elevation {
            e if e < -10.0 => 0,
            e if e < 10.0 => 1,
            e if e < 75.0 => 2,
            _ => 3,
        }
    }

    fn key(&self, to: &Self) -> Key {
        let side = |x: f64| f64::from(i8::from(x > EDGE) - i8::from(x < -EDGE));
        let (from, into) = (self.direction, to.direction);
        [
            f64::from(LAYERS[self.layer()][to.layer()]),
            (side(from[1]) - side(into[1])).abs(),
            length(sub(from, into)),
            (from[1] - into[1]).abs(),
        ]
    }
}

/// The loudspeakers in order of preference; equally good ones share.
fn groups(from: &Place, speakers: &[Place]) -> Vec<Vec<usize>> {
    let mut groups: Vec<(Key, Vec<usize>)> = Vec::new();
    for (i, to) in speakers.iter().enumerate() {
        let key = from.key(to);
        let same = |other: &Key| key.iter().zip(other).all(|(a, b)| (a - b).abs() < EDGE);
        match groups.iter_mut().find(|(other, _)| same(other)) {
            Some((_, members)) => members.push(i),
            None => groups.push((key, vec![i])),
        }
    }
    let order = |a: &Key, b: &Key| {
        let differing = a.iter().zip(b).map(|(a, b)| a.total_cmp(b));
        differing.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
    };
    groups.sort_by(|a, b| order(&a.0, &b.0));
    groups.into_iter().map(|(_, members)| members).collect()
}
