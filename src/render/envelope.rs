//! Gain over the samples of a segment: constant gain, fades, automation, in that order.

use std::f64::consts::{FRAC_PI_2, PI};

use crate::audio::{Decibels, SampleRate};
use crate::conform::plan::{GainCurve, Ramp, Segment};
use crate::timeline::{Curve, FadeShape};

/// What multiplies a segment's samples.
#[derive(Debug)]
pub(super) struct Envelope {
    length: u64,
    gain: f64,
    fade_in: Option<Ramp>,
    fade_out: Option<Ramp>,
    curves: Vec<SampledCurve>,
}

/// A gain curve with its points on the sample axis of the segment.
#[derive(Debug)]
struct SampledCurve {
    curve: Curve,
    /// Position in samples (fractions allowed) and level in dB.
    points: Vec<(f64, Decibels)>,
}

impl Envelope {
    pub(super) fn new(segment: &Segment, rate: SampleRate) -> Self {
        Self {
            length: segment.length,
            gain: segment.gain_db.gain().linear(),
            fade_in: segment.fade_in,
            fade_out: segment.fade_out,
            curves: segment
                .automation
                .iter()
                .map(|curve| SampledCurve::new(curve, rate))
                .collect(),
        }
    }

    /// The one gain of samples `from..to`, where it does not move.
    pub(super) fn constant(&self, from: u64, to: u64) -> Option<f64> {
        let in_head = self
            .fade_in
            .is_some_and(|ramp| from + ramp.offset < ramp.length);
        let in_tail = self
            .fade_out
            .is_some_and(|ramp| self.length - to + 1 + ramp.offset <= ramp.length);
        (!in_head && !in_tail && self.curves.is_empty()).then_some(self.gain)
    }

    /// Writes the gain of samples `from..from + gains.len()`.
    pub(super) fn fill(&self, from: u64, gains: &mut [f64]) {
        gains.fill(self.gain);
        if let Some(ramp) = self.fade_in {
            let inside = ramp.length.saturating_sub(from + ramp.offset);
            for (i, gain) in (from + ramp.offset..)
                .zip(gains.iter_mut())
                .take(inside as usize)
            {
                *gain *= law(ramp.shape, i as f64 / ramp.length as f64);
            }
        }
        if let Some(ramp) = self.fade_out {
            let first = (self.length + ramp.offset)
                .saturating_sub(ramp.length)
                .max(from);
            let skip = (first - from) as usize;
            for (i, gain) in (first..).zip(gains.iter_mut().skip(skip)) {
                let left = self.length + ramp.offset - i;
                *gain *= law(ramp.shape, left as f64 / ramp.length as f64);
            }
        }
        for curve in &self.curves {
            curve.apply(from, gains);
        }
    }
}

/// The gain at the way `x` of a fade, 0 to 1.
fn law(shape: FadeShape, x: f64) -> f64 {
    match shape {
        FadeShape::Linear => x,
        FadeShape::EqualPower => libm::sin(FRAC_PI_2 * x),
        FadeShape::Logarithmic => (libm::pow(10.0, 2.0 * x) - 1.0) / 99.0,
        FadeShape::SCurve => (1.0 - libm::cos(PI * x)) / 2.0,
    }
}

impl SampledCurve {
    fn new(curve: &GainCurve, rate: SampleRate) -> Self {
        let hertz = f64::from(rate.hertz());
        let sample = |at: crate::time::Rational| at.num() as f64 * hertz / at.den() as f64;
        let points = curve
            .points
            .iter()
            .map(|p| (sample(p.at), p.gain_db))
            .collect();
        Self {
            curve: curve.curve,
            points,
        }
    }

    fn apply(&self, from: u64, gains: &mut [f64]) {
        let mut next = 0;
        for (i, gain) in (from..).zip(gains.iter_mut()) {
            let at = i as f64;
            while self.points.get(next).is_some_and(|point| point.0 <= at) {
                next += 1;
            }
            *gain *= self.between(next, at);
        }
    }

    /// The gain at `at`, which lies between point `next − 1` and point `next`.
    fn between(&self, next: usize, at: f64) -> f64 {
        let before = next.checked_sub(1).and_then(|i| self.points.get(i));
        match (before, self.points.get(next)) {
            (None, None) => 1.0,
            (Some(&(_, level)), None) | (None, Some(&(_, level))) => level.gain().linear(),
            (Some(&(start, from)), Some(&(end, to))) => {
                let x = (at - start) / (end - start);
                match self.curve {
                    Curve::Hold => from.gain().linear(),
                    Curve::LinearGain => {
                        let (from, to) = (from.gain().linear(), to.gain().linear());
                        from + (to - from) * x
                    }
                    Curve::LinearDecibels if from.value().is_finite() && to.value().is_finite() => {
                        let level = from.value() + (to.value() - from.value()) * x;
                        Decibels::new(level).gain().linear()
                    }
                    // A line from or to −∞ dB is −∞ all the way.
                    Curve::LinearDecibels => 0.0,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::plan::CurvePoint;

    fn envelope(length: u64, fade_in: u64, fade_out: u64) -> Envelope {
        let ramp = |length| {
            (length > 0).then_some(Ramp {
                length,
                shape: FadeShape::Linear,
                offset: 0,
            })
        };
        let (fade_in, fade_out) = (ramp(fade_in), ramp(fade_out));
        Envelope {
            length,
            gain: 1.0,
            fade_in,
            fade_out,
            curves: Vec::new(),
        }
    }

    /// The whole envelope, filled in pieces of `block`; pieces that say they are constant must be.
    fn check(envelope: &Envelope, block: u64) -> Vec<f64> {
        let mut all = Vec::new();
        for from in (0..envelope.length).step_by(block as usize) {
            let to = (from + block).min(envelope.length);
            let mut piece = vec![0.0; (to - from) as usize];
            envelope.fill(from, &mut piece);
            if let Some(gain) = envelope.constant(from, to) {
                assert!(piece.iter().all(|g| *g == gain), "{from}..{to}");
            }
            all.extend(piece);
        }
        all
    }

    #[test]
    fn fades_follow_their_definition_at_any_block_size() {
        let fades = envelope(10, 4, 5);
        let expect = [0.0, 0.25, 0.5, 0.75, 1.0, 1.0, 0.8, 0.6, 0.4, 0.2];
        for block in [1, 2, 3, 7, 10] {
            for (got, want) in check(&fades, block).iter().zip(expect) {
                assert!(
                    (got - want).abs() < 1e-15,
                    "block {block}: {got} is not {want}"
                );
            }
        }
    }

    #[test]
    fn fades_may_meet_and_cross() {
        let fades = envelope(4, 4, 4);
        assert_eq!(check(&fades, 4), [0.0, 0.25 * 0.75, 0.25, 0.75 * 0.25]);
    }

    #[test]
    fn a_ramp_that_was_cut_off_goes_on_where_it_was() {
        let mut cut = envelope(6, 4, 4);
        cut.fade_in = cut.fade_in.map(|ramp| Ramp { offset: 2, ..ramp });
        cut.fade_out = cut.fade_out.map(|ramp| Ramp { offset: 1, ..ramp });
        assert_eq!(check(&cut, 6), [0.5, 0.75, 1.0, 1.0, 0.75, 0.5]);
        assert_eq!(check(&cut, 1), check(&cut, 6));
    }

    #[test]
    fn automation_holds_moves_and_holds() {
        let rate = SampleRate::new(1).unwrap();
        let point = |at: &str, db| CurvePoint {
            at: at.parse().unwrap(),
            gain_db: Decibels::new(db),
        };
        let points = vec![point("1", 0.0), point("3", 40.0)];
        let curve = |curve| {
            let sampled = SampledCurve::new(
                &GainCurve {
                    curve,
                    points: points.clone(),
                },
                rate,
            );
            Envelope {
                curves: vec![sampled],
                ..envelope(5, 0, 0)
            }
        };
        assert_eq!(
            check(&curve(Curve::LinearDecibels), 2),
            [1.0, 1.0, 10.0, 100.0, 100.0]
        );
        assert_eq!(
            check(&curve(Curve::LinearGain), 3),
            [1.0, 1.0, 50.5, 100.0, 100.0]
        );
        assert_eq!(check(&curve(Curve::Hold), 5), [1.0, 1.0, 1.0, 100.0, 100.0]);
    }

    #[test]
    fn laws_start_at_nothing_and_end_at_unity() {
        for shape in [
            FadeShape::Linear,
            FadeShape::EqualPower,
            FadeShape::Logarithmic,
            FadeShape::SCurve,
        ] {
            assert!(law(shape, 0.0).abs() < 1e-15, "{}", shape.name());
            assert!((law(shape, 1.0) - 1.0).abs() < 1e-15, "{}", shape.name());
        }
    }
}
