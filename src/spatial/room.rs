//! The panner of Cartesian positions: balance between planes, rows and columns (BS.2127-0 §7.3.9).

use std::f64::consts::FRAC_PI_2;

use super::layout::MAX_SPEAKERS;
use super::point::Gains;
use super::vector::Vec3;

/// Loudspeakers by number that are left out.
pub(super) type Excluded = [bool; MAX_SPEAKERS];

/// Loudspeakers in the unit cube, some of them possibly left out.
#[derive(Debug, Clone)]
pub(super) struct Room {
    /// Number and place of each loudspeaker that is used.
    pub(super) places: Vec<(usize, Vec3)>,
}

impl Room {
    /// The loudspeakers at these places, without the excluded ones.
    pub(super) fn new(places: &[Vec3], excluded: &Excluded) -> Self {
        let used = places.iter().enumerate().zip(excluded);
        let used = used.filter(|(_, excluded)| !**excluded);
        Self {
            places: used.map(|((number, place), _)| (number, *place)).collect(),
        }
    }

    /// Gains of a point; of power one.
    pub(super) fn point_gains(&self, position: Vec3) -> Gains {
        let mut gains = [0.0; MAX_SPEAKERS];
        for &(number, place) in &self.places {
            gains[number] = [2, 1, 0]
                .map(|axis| self.balance(place, axis, position[axis]))
                .iter()
                .product();
        }
        gains
    }

    /// The gain of the loudspeaker at `place` along one axis: between its own plane (Z), row (Y) or
    /// column (X) and the next one.
    ///
    /// Rows are those of the loudspeaker's plane, columns those of its row.
    pub(super) fn balance(&self, place: Vec3, axis: usize, value: f64) -> f64 {
        let (mut below, mut above) = (None::<f64>, None::<f64>);
        for (_, other) in &self.places {
            if other[axis + 1..] == place[axis + 1..] {
                let at = other[axis];
                if at <= value {
                    below = Some(below.map_or(at, |best| best.max(at)));
                }
                if at >= value {
                    above = Some(above.map_or(at, |best| best.min(at)));
                }
            }
        }
        let own = place[axis];
        match (below, above) {
            (Some(low), Some(high)) if low == high => f64::from(u8::from(own == low)),
            (Some(low), Some(high)) => {
                let (sin, cos) = libm::sincos((value - low) / (high - low) * FRAC_PI_2);
                if own == low {
                    cos
                } else if own == high {
                    sin
                } else {
                    0.0
                }
            }
            (Some(only), None) | (None, Some(only)) => f64::from(u8::from(own == only)),
            (None, None) => 0.0,
        }
    }
}

/// Widens an exclusion to what the panner can pan around (BS.2127-0 §7.3.12.1): a side loudspeaker
/// takes its row with it. Where nothing would be left nothing is excluded.
pub(super) fn whole_rows(places: &[Vec3], mut excluded: Excluded) -> Excluded {
    for (number, place) in places.iter().enumerate() {
        if excluded[number] && place[0].abs() == 1.0 && place[1].abs() != 1.0 {
            for (other, out) in places.iter().zip(&mut excluded) {
                *out |= other[1..] == place[1..];
            }
        }
    }
    if excluded.iter().take(places.len()).all(|out| *out) {
        return [false; MAX_SPEAKERS];
    }
    excluded
}
