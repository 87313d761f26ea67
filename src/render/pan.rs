//! Places between left and right over the samples of a segment.

use crate::audio::SampleRate;
use crate::conform::plan::{PanCurve, Side};
use crate::timeline::Curve;

/// A place that moves, on the sample axis of the segment.
#[derive(Debug)]
pub(super) struct PreparedPan {
    holds: bool,
    /// Position in samples (fractions allowed) and place.
    points: Vec<(f64, f64)>,
    law: f64,
    sides: Vec<Side>,
}

impl PreparedPan {
    pub(super) fn new(pan: &PanCurve, rate: SampleRate) -> Self {
        let hertz = f64::from(rate.hertz());
        let points = pan.points.iter().map(|point| {
            let at = point.at.num() as f64 * hertz / point.at.den() as f64;
            (at, point.position)
        });
        Self {
            holds: pan.curve == Curve::Hold,
            points: points.collect(),
            law: pan.law_db.gain().linear(),
            sides: pan.sides.clone(),
        }
    }

    /// Writes the places of samples `from..from + places.len()`.
    pub(super) fn fill(&self, from: u64, places: &mut [f64]) {
        let mut next = self.points.partition_point(|point| point.0 <= from as f64);
        for (i, place) in (from..).zip(places.iter_mut()) {
            let at = i as f64;
            while self.points.get(next).is_some_and(|point| point.0 <= at) {
                next += 1;
            }
            *place = self.between(next, at);
        }
    }

    /// The place at `at`, which lies between point `next − 1` and point `next`.
    fn between(&self, next: usize, at: f64) -> f64 {
        let before = next.checked_sub(1).and_then(|i| self.points.get(i));
        match (before, self.points.get(next)) {
            (Some(&(_, place)), None) | (None, Some(&(_, place))) => place,
            (Some(&(_, place)), Some(_)) if self.holds => place,
            (Some(&(start, from)), Some(&(end, to))) => {
                let x = (at - start) / (end - start);
                (from + (to - from) * x).clamp(0.0, 1.0)
            }
            (None, None) => 0.5,
        }
    }

    /// Adds a route's input to its channel: `mix += input · gain · side`.
    pub(super) fn add(
        &self,
        route: usize,
        (mix, input): (&mut [f64], &[f64]),
        gain: f64,
        places: &[f64],
    ) {
        let side = self.sides.get(route).copied().unwrap_or(Side::Neither);
        for ((mix, x), place) in mix.iter_mut().zip(input).zip(places) {
            *mix += x * (gain * side.gain(*place, self.law));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::Decibels;
    use crate::conform::plan::PanPlace;

    #[test]
    fn places_hold_move_and_hold_at_any_block_size() {
        let point = |at: &str, position| PanPlace {
            at: at.parse().unwrap(),
            position,
        };
        let curve = |curve| PanCurve {
            curve,
            points: vec![point("1", 0.0), point("3", 1.0)],
            law_db: Decibels::ZERO,
            sides: vec![Side::Left, Side::Right],
        };
        let check = |shape, block: u64, expect: [f64; 5]| {
            let pan = PreparedPan::new(&curve(shape), SampleRate::new(1).unwrap());
            let mut all = Vec::new();
            for from in (0..5).step_by(block as usize) {
                let mut places = vec![9.0; block.min(5 - from) as usize];
                pan.fill(from, &mut places);
                all.extend(places);
            }
            assert_eq!(all, expect, "{block}");
        };
        for block in [1, 2, 3, 5] {
            check(Curve::LinearGain, block, [0.0, 0.0, 0.5, 1.0, 1.0]);
            check(Curve::Hold, block, [0.0, 0.0, 0.0, 1.0, 1.0]);
        }
        let pan = PreparedPan::new(&curve(Curve::Hold), SampleRate::new(1).unwrap());
        let mut mix = [1.0; 2];
        pan.add(0, (&mut mix, &[0.5, 0.5]), 1.0, &[0.0, 1.0]);
        assert_eq!(mix, [1.5, 1.0]);
    }
}
