//! Gains of one block of an object (BS.2127-0 §7.3).

use super::layout::{Layout, MAX_SPEAKERS};
use super::lock::ChannelLocker;
use super::point::{Gains, PointPanner};
use super::room::{Excluded, Room, whole_rows};
use super::room_spread::RoomSpread;
use super::screen::ScreenScaler;
use super::spread::SpreadPanner;
use super::vector::{Vec3, add, axes, azimuth, elevation, length, polar, scale};
use super::zone::Zones;
use crate::audio::scene::{
    Coordinate, Degrees, Divergence, ObjectBlock, Position, PositionOffset, Screen,
};

/// Pans objects to one layout.
#[derive(Debug, Clone)]
pub(super) struct ObjectPanner {
    /// Where the gains of the panned loudspeakers go in the layout.
    numbers: Vec<usize>,
    places: Vec<Vec3>,
    spread: SpreadPanner,
    /// The room with all its loudspeakers.
    room: RoomSpread,
    screen: ScreenScaler,
    polar_lock: ChannelLocker,
    room_lock: ChannelLocker,
    zones: Zones,
}

impl ObjectPanner {
    pub(super) fn new(layout: &Layout, point: PointPanner) -> Self {
        let places: Vec<Vec3> = layout.panned().map(|(_, speaker)| speaker.room).collect();
        Self {
            numbers: layout.panned().map(|(number, _)| number).collect(),
            room: RoomSpread::new(Room::new(&places, &[false; MAX_SPEAKERS])),
            places,
            spread: SpreadPanner::new(point),
            screen: ScreenScaler::new(layout),
            polar_lock: ChannelLocker::polar(layout),
            room_lock: ChannelLocker::room(layout),
            zones: Zones::new(layout),
        }
    }

    /// Gains of the direct and of the diffuse path, in the order of the layout's loudspeakers.
    ///
    /// The gain of the block is in them, that of its audioObject is not.
    pub(super) fn gains(
        &self,
        block: &ObjectBlock,
        offset: Option<PositionOffset>,
        screen: &Screen,
    ) -> (Gains, Gains) {
        let mut position = vector(block.position.moved(offset));
        if block.screen_ref {
            position = self.screen.scaled(position, screen, block.cartesian);
        }
        position = self.screen.locked(position, block.edges, block.cartesian);
        let gains = if block.cartesian {
            self.in_room(position, block)
        } else {
            self.on_sphere(position, block)
        };
        let diffuse = block.diffuse.clamp(0.0, 1.0);
        let share = |part: f64| {
            let factor = block.gain.linear() * part.sqrt();
            let mut out = [0.0; MAX_SPEAKERS];
            for (number, gain) in self.numbers.iter().zip(gains) {
                out[*number] = if gain.is_finite() { gain * factor } else { 0.0 };
            }
            out
        };
        (share(1.0 - diffuse), share(diffuse))
    }

    fn on_sphere(&self, position: Vec3, block: &ObjectBlock) -> Gains {
        let nobody = [false; MAX_SPEAKERS];
        let position = block.channel_lock.map_or(position, |lock| {
            self.polar_lock.snapped(position, lock, &nobody)
        });
        let parts = diverged_on_sphere(position, block.divergence);
        let gains = power_sum(&parts, |position| self.spread.gains(position, block.extent));
        self.zones.apply(&gains, &self.zones.excluded(&block.zones))
    }

    fn in_room(&self, position: Vec3, block: &ObjectBlock) -> Gains {
        let excluded = if block.zones.is_empty() {
            [false; MAX_SPEAKERS]
        } else {
            whole_rows(&self.places, self.zones.excluded(&block.zones))
        };
        let position = block.channel_lock.map_or(position, |lock| {
            self.room_lock.snapped(position, lock, &excluded)
        });
        let parts = diverged_in_room(position, block.divergence);
        self.with_room(&excluded, |room| {
            power_sum(&parts, |position| room.gains(position, block.extent))
        })
    }

    /// The room without the excluded loudspeakers.
    fn with_room<T>(&self, excluded: &Excluded, work: impl Fn(&RoomSpread) -> T) -> T {
        if excluded.contains(&true) {
            work(&RoomSpread::new(Room::new(&self.places, excluded)))
        } else {
            work(&self.room)
        }
    }
}

/// The position as a vector; Cartesian ones are kept in the room.
fn vector(position: Position) -> Vec3 {
    match position {
        Position::Polar {
            azimuth,
            elevation,
            distance,
        } => polar(azimuth.value(), elevation.value(), distance.value()),
        Position::Cartesian { x, y, z } => [x, y, z].map(|c| c.value().clamp(-1.0, 1.0)),
    }
}

/// One to three positions, each with its share of the power.
type Parts = Vec<(f64, Vec3)>;

/// Shares of the sides and the middle (BS.2127-0 §7.3.7).
fn shares(value: f64) -> (f64, f64) {
    (value / (value + 1.0), (1.0 - value) / (value + 1.0))
}

/// Azimuth between the middle and the sides where the block does not say (BS.2076-1).
const DEFAULT_RANGE: f64 = 45.0;

fn diverged_on_sphere(position: Vec3, divergence: Option<Divergence>) -> Parts {
    let Some(divergence) = divergence.filter(|d| d.value > 0.0) else {
        return vec![(1.0, position)];
    };
    let (side, middle) = shares(divergence.value.min(1.0));
    let range = divergence
        .azimuth_range
        .map_or(DEFAULT_RANGE, Degrees::value);
    let frame = axes(azimuth(position), elevation(position));
    let turned = |angle: f64| {
        let local = polar(angle, 0.0, length(position));
        let [right, ahead, up] = [0, 1, 2].map(|axis| scale(frame[axis], local[axis]));
        add(add(right, ahead), up)
    };
    vec![
        (side, turned(range)),
        (middle, position),
        (side, turned(-range)),
    ]
}

fn diverged_in_room(position: Vec3, divergence: Option<Divergence>) -> Parts {
    let Some(divergence) = divergence.filter(|d| d.value > 0.0) else {
        return vec![(1.0, position)];
    };
    let (side, middle) = shares(divergence.value.min(1.0));
    let range = divergence.position_range.map_or(0.0, Coordinate::value);
    let at = |x: f64| [position[0] + x, position[1], position[2]].map(|c| c.clamp(-1.0, 1.0));
    vec![(side, at(range)), (middle, at(0.0)), (side, at(-range))]
}

/// The gains of all parts, their powers added.
fn power_sum(parts: &Parts, gains: impl Fn(Vec3) -> Gains) -> Gains {
    if let [(share, position)] = parts[..]
        && share == 1.0
    {
        return gains(position);
    }
    let mut power = [0.0; MAX_SPEAKERS];
    for (share, position) in parts {
        for (sum, gain) in power.iter_mut().zip(gains(*position)) {
            *sum += share * gain * gain;
        }
    }
    power.map(f64::sqrt)
}
