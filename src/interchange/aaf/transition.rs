//! Transitions: which curve either side of a cut gets.

use super::curve::{self, Parameter};
use super::ids;
use super::layers::Law;
use super::names::Prop;
use super::objects::{Auid, ObjectId, Objects};
use crate::time::Rational;
use crate::timeline::{Curve, FadeShape};

/// The curves of a transition.
#[derive(Debug, Clone)]
pub(super) struct Laws {
    /// Of what comes.
    pub(super) incoming: Law,
    /// Of what goes.
    pub(super) outgoing: Law,
    /// What could not be read, for a finding.
    pub(super) unknown: Option<String>,
    /// Whether a curve is a reading of ours.
    pub(super) guessed: bool,
}

impl Laws {
    fn both(shape: Option<FadeShape>) -> Self {
        Self {
            incoming: Law::Shape(shape),
            outgoing: Law::Shape(shape),
            unknown: None,
            guessed: false,
        }
    }
}

/// The attribute by which Media Composer names the curve, also where it writes no parameter for it.
const CURVE_ATTRIBUTE: &str = "_ATN_AUDIO_DISSOLVE_CURVETYPE";

/// Reads the curves of a transition.
pub(super) fn laws(objects: &Objects, transition: ObjectId) -> Laws {
    let Some(group) = objects.object(transition, Prop::TransitionOperation) else {
        return Laws::both(None);
    };
    let operation = objects.auid(group, Prop::Operation);
    if let Some(shape) = avid(objects, group) {
        return Laws::both(Some(shape));
    }
    let units = objects.integer(transition, Prop::Length).unwrap_or(0);
    if operation == Some(ids::TWO_CURVE_DISSOLVE) {
        let (incoming, comes) = side(objects, group, ids::INCOMING_LEVEL, (0.0, 1.0), units);
        let (outgoing, goes) = side(objects, group, ids::OUTGOING_LEVEL, (1.0, 0.0), units);
        return Laws {
            incoming,
            outgoing,
            unknown: None,
            guessed: comes || goes,
        };
    }
    if operation.is_some_and(|id| ids::DISSOLVE.contains(&id)) {
        return dissolve(objects, group, units);
    }
    let name = operation.map_or("none".to_owned(), |id| id.to_string());
    Laws {
        unknown: Some(format!(
            "a transition has the effect {name}, which is not a sound dissolve"
        )),
        ..Laws::both(None)
    }
}

/// Media Composer's choice of curve.
fn avid(objects: &Objects, group: ObjectId) -> Option<FadeShape> {
    let lists = [Prop::ComponentAttributeList, Prop::ComponentAttributes];
    let number = objects
        .tag_integer(group, &lists, CURVE_ATTRIBUTE)
        .or_else(|| {
            let all = objects.objects(group, Prop::Parameters).iter();
            let mut wanted =
                all.filter(|&&p| objects.auid(p, Prop::ParameterId) == Some(ids::CURVE_TYPE));
            wanted.find_map(|&p| objects.integer(p, Prop::ConstantValue))
        });
    match number? {
        0 => Some(FadeShape::Linear),
        1 => Some(FadeShape::EqualPower),
        _ => None,
    }
}

/// A dissolve with one level for both sides: that of what comes; the other is what is left of 1.
fn dissolve(objects: &Objects, group: ObjectId, units: i64) -> Laws {
    if curve::is_ramp(objects, group, ids::LEVEL, (0.0, 1.0), units) {
        return match curve::interpolation(objects, group, ids::LEVEL) {
            Some(ids::CONSTANT | ids::NONE) => step(),
            law => Laws::both(Some(named(law))),
        };
    }
    let level = curve::parameters(objects, group, &[ids::LEVEL])
        .into_iter()
        .next();
    let Some(Parameter::Varying(moving)) = level else {
        return Laws::both(Some(FadeShape::Linear));
    };
    let left = curve::complement(&moving);
    Laws {
        outgoing: Law::Points(left.curve, left.points),
        incoming: Law::Points(moving.curve, moving.points),
        unknown: None,
        guessed: moving.guessed,
    }
}

/// The law of a fade that an interpolation stands for.
fn named(interpolation: Option<Auid>) -> FadeShape {
    match interpolation {
        Some(ids::POWER) => FadeShape::EqualPower,
        Some(ids::LOG) => FadeShape::Logarithmic,
        Some(ids::B_SPLINE | ids::CUBIC | ids::BEZIER) => FadeShape::SCurve,
        _ => FadeShape::Linear,
    }
}

/// What comes is silent until the end of the transition, what goes sounds until then.
fn step() -> Laws {
    let points = |from: f64, to: f64| vec![(Rational::ZERO, from), (Rational::ONE, to)];
    Laws {
        incoming: Law::Points(Curve::Hold, points(0.0, 1.0)),
        outgoing: Law::Points(Curve::Hold, points(1.0, 0.0)),
        unknown: None,
        guessed: false,
    }
}

/// One side of a dissolve with a gain of its own, and whether its curve is a reading of ours.
fn side(objects: &Objects, group: ObjectId, id: Auid, ends: (f64, f64), units: i64) -> (Law, bool) {
    if curve::is_ramp(objects, group, id, ends, units) {
        let law = named(curve::interpolation(objects, group, id));
        return (Law::Shape(Some(law)), false);
    }
    match curve::parameters(objects, group, &[id]).into_iter().next() {
        Some(Parameter::Varying(moving)) => {
            (Law::Points(moving.curve, moving.points), moving.guessed)
        }
        _ => (Law::Shape(Some(FadeShape::Linear)), false),
    }
}

#[cfg(test)]
mod tests {
    use super::super::names::Class;
    use super::super::objects::Value;
    use super::*;

    /// The laws of a transition with this operation and a varying level of these points.
    fn check(operation: Auid, parameter: Auid, law: Auid, points: &[(i64, f64)]) -> Laws {
        let mut objects = Objects::default();
        let transition = objects.add(Class::Transition).unwrap();
        let group = objects.add(Class::OperationGroup).unwrap();
        let varying = objects.add(Class::VaryingValue).unwrap();
        objects.set(transition, Prop::TransitionOperation, Value::Object(group));
        objects.set(transition, Prop::Length, Value::Integer(25));
        objects.set(group, Prop::Operation, Value::Auid(operation));
        objects.set(group, Prop::Parameters, Value::Objects(vec![varying]));
        objects.set(varying, Prop::ParameterId, Value::Auid(parameter));
        objects.set(varying, Prop::Interpolation, Value::Auid(law));
        let list = points.iter().map(|(percent, value)| {
            let point = objects.add(Class::ControlPoint).unwrap();
            let at = Rational::new(*percent, 100).unwrap();
            let value = Rational::from_f64_exact(*value).unwrap();
            objects.set(point, Prop::PointTime, Value::Rational(at));
            objects.set(point, Prop::PointValue, Value::Rational(value));
            point
        });
        let list = list.collect();
        objects.set(varying, Prop::PointList, Value::Objects(list));
        laws(&objects, transition)
    }

    #[test]
    fn named_laws() {
        let ramp = [(0, 0.0), (100, 1.0)];
        for (law, shape) in [
            (ids::LINEAR, FadeShape::Linear),
            (ids::POWER, FadeShape::EqualPower),
            (ids::LOG, FadeShape::Logarithmic),
        ] {
            let laws = check(ids::DISSOLVE[0], ids::LEVEL, law, &ramp);
            assert_eq!(laws.incoming, Law::Shape(Some(shape)), "{law}");
            assert_eq!(laws.outgoing, Law::Shape(Some(shape)), "{law}");
        }
        // Premiere writes the level as 0 throughout and means only the law.
        let laws = check(
            ids::DISSOLVE[0],
            ids::LEVEL,
            ids::LINEAR,
            &[(0, 0.0), (100, 0.0)],
        );
        assert_eq!(laws.incoming, Law::Shape(Some(FadeShape::Linear)));
    }

    #[test]
    fn a_ramp_that_ends_a_unit_early_is_still_one() {
        for points in [[(0, 0.0), (96, 1.0)], [(0, 0.0), (100, 0.999_999_9)]] {
            let laws = check(ids::DISSOLVE[0], ids::LEVEL, ids::POWER, &points);
            let named = Law::Shape(Some(FadeShape::EqualPower));
            assert_eq!((laws.incoming, laws.outgoing), (named.clone(), named));
        }
        let half = check(
            ids::DISSOLVE[0],
            ids::LEVEL,
            ids::POWER,
            &[(0, 0.0), (50, 1.0)],
        );
        assert!(matches!(half.incoming, Law::Points(..)) && half.guessed);
    }

    #[test]
    fn lists_of_points_keep_their_form_on_both_sides() {
        let points = [(0, 0.0), (25, 0.75), (100, 1.0)];
        let laws = check(ids::DISSOLVE[0], ids::LEVEL, ids::LINEAR, &points);
        let Law::Points(Curve::LinearGain, outgoing) = laws.outgoing else {
            panic!("{laws:?}");
        };
        assert_eq!(outgoing[1].1, 0.25);
        let laws = check(
            ids::TWO_CURVE_DISSOLVE,
            ids::INCOMING_LEVEL,
            ids::LINEAR,
            &points,
        );
        assert!(matches!(laws.incoming, Law::Points(..)));
        assert_eq!(laws.outgoing, Law::Shape(Some(FadeShape::Linear)));
    }

    #[test]
    fn a_step_and_a_stranger() {
        let laws = check(
            ids::DISSOLVE[0],
            ids::LEVEL,
            ids::CONSTANT,
            &[(0, 0.0), (100, 1.0)],
        );
        assert!(matches!(laws.incoming, Law::Points(Curve::Hold, _)));
        let laws = check(ids::GAIN[0], ids::LEVEL, ids::LINEAR, &[]);
        assert!(laws.unknown.is_some());
        assert_eq!(laws.incoming, Law::Shape(None));
    }
}
