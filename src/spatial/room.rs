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
    /// The planes (Z), the rows (Y) of each plane, the columns (X) of each row.
    lines: [Lines; 3],
}

/// The loudspeakers that are balanced along one axis.
#[derive(Debug, Clone, Default)]
struct Lines {
    /// One for each set of loudspeakers that share the other coordinates: those that they have along the
    /// axis.
    all: Vec<Vec<f64>>,
    /// For each loudspeaker its line.
    of: Vec<usize>,
}

impl Lines {
    fn new(places: &[(usize, Vec3)], axis: usize) -> Self {
        let mut lines = Self::default();
        let mut shared: Vec<&[f64]> = Vec::new();
        for (_, place) in places {
            let own = &place[axis + 1..];
            let line = shared.iter().position(|other| *other == own);
            let line = line.unwrap_or_else(|| {
                shared.push(own);
                lines.all.push(Vec::new());
                shared.len() - 1
            });
            lines.all[line].push(place[axis]);
            lines.of.push(line);
        }
        lines
    }
}

/// Between which coordinates of a line a value lies, and the gains of both.
#[derive(Clone, Copy, Default)]
struct Between {
    low: f64,
    high: f64,
    of_low: f64,
    of_high: f64,
}

impl Between {
    fn of(line: &[f64], value: f64) -> Self {
        let (mut below, mut above) = (None::<f64>, None::<f64>);
        for &at in line {
            if at <= value {
                below = Some(below.map_or(at, |best| best.max(at)));
            }
            if at >= value {
                above = Some(above.map_or(at, |best| best.min(at)));
            }
        }
        let (low, high) = match (below, above) {
            (Some(low), Some(high)) => (low, high),
            (Some(only), None) | (None, Some(only)) => (only, only),
            (None, None) => return Self::default(),
        };
        let (of_high, of_low) = if low == high {
            (1.0, 1.0)
        } else {
            libm::sincos((value - low) / (high - low) * FRAC_PI_2)
        };
        Self {
            low,
            high,
            of_low,
            of_high,
        }
    }

    /// The gain of a loudspeaker on the line.
    fn gain(self, own: f64) -> f64 {
        if own == self.low {
            self.of_low
        } else if own == self.high {
            self.of_high
        } else {
            0.0
        }
    }
}

impl Room {
    /// The loudspeakers at these places, without the excluded ones.
    pub(super) fn new(places: &[Vec3], excluded: &Excluded) -> Self {
        let used = places.iter().enumerate().zip(excluded);
        let used = used.filter(|(_, excluded)| !**excluded);
        let places: Vec<(usize, Vec3)> =
            used.map(|((number, place), _)| (number, *place)).collect();
        Self {
            lines: [0, 1, 2].map(|axis| Lines::new(&places, axis)),
            places,
        }
    }

    /// Gains of a point; of power one.
    pub(super) fn point_gains(&self, position: Vec3) -> Gains {
        // No axis has more lines than there are loudspeakers.
        let mut between = [[Between::default(); MAX_SPEAKERS]; 3];
        for (axis, lines) in self.lines.iter().enumerate() {
            for (between, line) in between[axis].iter_mut().zip(&lines.all) {
                *between = Between::of(line, position[axis]);
            }
        }
        let mut gains = [0.0; MAX_SPEAKERS];
        for (speaker, (number, place)) in self.places.iter().enumerate() {
            let along = |axis: usize| between[axis][self.lines[axis].of[speaker]].gain(place[axis]);
            gains[*number] = along(2) * along(1) * along(0);
        }
        gains
    }

    /// The gain of the loudspeaker of this place in [`Self::places`] along one axis: between its own plane
    /// (Z), row (Y) or column (X) and the next one.
    ///
    /// Rows are those of the loudspeaker's plane, columns those of its row.
    pub(super) fn balance(&self, speaker: usize, axis: usize, value: f64) -> f64 {
        let lines = &self.lines[axis];
        Between::of(&lines.all[lines.of[speaker]], value).gain(self.places[speaker].1[axis])
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
