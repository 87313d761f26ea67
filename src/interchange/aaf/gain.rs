//! Gains and pans of operation groups, as layers on the record axis.

use super::axis::Axis;
use super::codes;
use super::curve::{self, Moving, Parameter};
use super::ids;
use super::layers::{Layer, magnitude};
use super::objects::{ObjectId, Objects};
use crate::audio::Gain;
use crate::finding::Code;
use crate::time::{Pos, Rational};
use crate::timeline::{Automation, Curve, GainPoint, Pan, PanPoint, PanPosition};

/// What was noticed while reading, with its text.
pub(super) type Note = (&'static Code, String);

/// The gains of a group that begins at `axis` and is so many edit units long: a constant one and
/// one that moves stand in series.
pub(super) fn gains(
    objects: &Objects,
    group: ObjectId,
    axis: Axis,
    length: i64,
) -> (Vec<Layer>, Vec<Note>) {
    let wanted = [ids::AMPLITUDE, ids::CLIP_RATIO, ids::LEVEL];
    let (mut layers, mut notes) = (Vec::new(), Vec::new());
    for parameter in curve::parameters(objects, group, &wanted) {
        match parameter {
            // Unity changes nothing, but says that the clip has a gain of its own.
            Parameter::Constant(gain) => {
                layers.push(Layer::Gain(Gain::new(gain.abs())));
                inverted(gain < 0.0, &mut notes);
            }
            Parameter::Varying(moving) => {
                let (automation, negative) = automation(&moving, axis, length);
                layers.extend(automation.map(Layer::Automation));
                inverted(negative, &mut notes);
                if moving.guessed {
                    notes.push((&codes::GAIN_CURVE, "gain moves along a curve".into()));
                }
            }
        }
    }
    (layers, notes)
}

fn inverted(negative: bool, notes: &mut Vec<Note>) {
    if negative {
        notes.push((&codes::INVERTED, "a gain is below zero".into()));
    }
}

/// When a part of a group is, for a group that begins at `axis`.
fn instant<S>(part: Rational, axis: Axis, length: i64) -> Option<Pos<S>> {
    let into = axis.length(length)?.checked_mul(part)?;
    Some(Pos::new(axis.zero.checked_add(into)?))
}

fn automation(moving: &Moving, axis: Axis, length: i64) -> (Option<Automation>, bool) {
    let mut negative = false;
    let points = moving.points.iter().filter_map(|(part, value)| {
        let (gain, below) = magnitude(*value);
        negative |= below;
        let at = instant(*part, axis, length)?;
        Some(GainPoint { at, gain })
    });
    let points: Vec<GainPoint> = points.collect();
    let curve = moving.curve;
    let automation = (!points.is_empty()).then_some(Automation { curve, points });
    (automation, negative)
}

/// The pan of a group.
pub(super) fn pan(objects: &Objects, group: ObjectId, axis: Axis, length: i64) -> Option<Pan> {
    let parameters = curve::parameters(objects, group, &[ids::PAN_POSITION]);
    let (curve, parts) = match parameters.into_iter().next()? {
        Parameter::Constant(position) => (Curve::Hold, vec![(Rational::ZERO, position)]),
        // Straight in decibels has no meaning for a place.
        Parameter::Varying(moving) if moving.curve == Curve::Hold => (Curve::Hold, moving.points),
        Parameter::Varying(moving) => (Curve::LinearGain, moving.points),
    };
    let points = parts.into_iter().filter_map(|(part, position)| {
        Some(PanPoint {
            at: instant(part, axis, length)?,
            position: PanPosition::new(position),
        })
    });
    let points: Vec<PanPoint> = points.collect();
    (!points.is_empty()).then_some(Pan { curve, points })
}

#[cfg(test)]
mod tests {
    use super::super::names::{Class, Prop};
    use super::super::objects::Value;
    use super::*;
    use crate::audio::Decibels;

    const AXIS: Axis = Axis {
        zero: Rational::from_int(100),
        rate: Rational::from_int(10),
    };

    /// A group with these parameters: identifier, and values at parts of its length (one for a constant).
    fn group(parameters: &[(super::super::objects::Auid, &[(i64, i64)])]) -> (Objects, ObjectId) {
        let mut objects = Objects::default();
        let group = objects.add(Class::OperationGroup).unwrap();
        let mut list = Vec::new();
        for (id, points) in parameters {
            let constant = points.len() == 1;
            let class = if constant {
                Class::ConstantValue
            } else {
                Class::VaryingValue
            };
            let parameter = objects.add(class).unwrap();
            objects.set(parameter, Prop::ParameterId, Value::Auid(*id));
            let mut owned = Vec::new();
            for (percent, value) in *points {
                let value = Value::Rational(Rational::new(*value, 4).unwrap());
                if constant {
                    objects.set(parameter, Prop::ConstantValue, value);
                    continue;
                }
                let point = objects.add(Class::ControlPoint).unwrap();
                let at = Rational::new(*percent, 100).unwrap();
                objects.set(point, Prop::PointTime, Value::Rational(at));
                objects.set(point, Prop::PointValue, value);
                owned.push(point);
            }
            objects.set(parameter, Prop::PointList, Value::Objects(owned));
            list.push(parameter);
        }
        objects.set(group, Prop::Parameters, Value::Objects(list));
        (objects, group)
    }

    #[test]
    fn a_constant_and_a_moving_gain_stand_in_series() {
        let (objects, id) = group(&[
            (ids::AMPLITUDE, &[(0, 2)]),
            (ids::CLIP_RATIO, &[(0, 4), (50, 0)]),
        ]);
        let (layers, notes) = gains(&objects, id, AXIS, 40);
        let [Layer::Gain(gain), Layer::Automation(curve)] = &layers[..] else {
            panic!("{layers:?}");
        };
        assert_eq!(gain.linear(), 0.5);
        assert_eq!(curve.points[0].gain, Decibels::ZERO);
        assert_eq!(curve.points[1].at, Pos::new(Rational::from_int(102)));
        assert_eq!(curve.points[1].gain, Decibels::new(f64::NEG_INFINITY));
        assert!(notes.is_empty());
    }

    #[test]
    fn unity_is_unity_and_the_phase_is_a_finding() {
        let (objects, id) = group(&[(ids::AMPLITUDE, &[(0, 4)])]);
        let layers = gains(&objects, id, AXIS, 40).0;
        assert!(
            matches!(layers[..], [Layer::Gain(Gain::UNITY)]),
            "{layers:?}"
        );
        let (objects, id) = group(&[(ids::AMPLITUDE, &[(0, -2)])]);
        assert_eq!(gains(&objects, id, AXIS, 40).1[0].0.id, "AAF016");
    }

    #[test]
    fn pans_have_places_and_times() {
        let (objects, id) = group(&[(ids::PAN_POSITION, &[(0, 2)])]);
        let middle = pan(&objects, id, AXIS, 40).unwrap();
        assert_eq!(middle.points[0].position, PanPosition::CENTRE);
        let (objects, id) = group(&[(ids::PAN_POSITION, &[(0, 2), (100, 8)])]);
        let pan = pan(&objects, id, AXIS, 40).unwrap();
        assert_eq!(pan.points[1].position.value(), 1.0);
        assert_eq!(pan.points[1].at, Pos::new(Rational::from_int(104)));
    }
}
