//! Parameters of effects: constant values and values that move over points.
//!
//! Laws (AAF Object Specification, interpolation definitions): constant stays until the next point;
//! linear is straight. AAF names *log* and *power* without a formula: log is read as straight in
//! decibels, power as straight in power. Splines are followed by straight pieces.

use super::ids;
use super::names::{Class, Prop};
use super::objects::{Auid, ObjectId, Objects, Value};
use crate::time::Rational;
use crate::timeline::Curve;

/// The most points of one parameter that are read; a reel's fader ride has some 20,000.
const MAX_POINTS: usize = 1 << 18;

/// Straight pieces between two points of a curve: enough for its error to stay below 2^-24 of the
/// step between them (chord error is at most h²/8 of the second derivative, which is at most 6).
const PIECES: usize = 4096;

/// The least: the error then stays below 2^-14 of the step.
const LEAST_PIECES: usize = 128;

/// How many straight pieces one curve is drawn with, and all curves of a file together: where there are
/// more curves than that, each is drawn with fewer.
const DRAWN: (usize, usize) = (1 << 15, 1 << 19);

/// Tangents of Media Composer's Bézier points: parameters of the point, time and value, in and out.
const TANGENTS: [Auid; 4] = [
    Auid(0x8d56_830e_847e_11d5_935a_50f8_57c1_0000),
    Auid(0x8d56_830f_847e_11d5_935a_50f8_57c1_0000),
    Auid(0x8d56_8310_847e_11d5_935a_50f8_57c1_0000),
    Auid(0x8d56_8311_847e_11d5_935a_50f8_57c1_0000),
];

/// How far the ends of a ramp may be from 0 and 1: what rounding to some fraction leaves, −120 dB.
const RAMP_END: f64 = 1e-6;

/// What a parameter says.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Parameter {
    /// The same all the time.
    Constant(f64),
    /// Values at times; times count from 0 to 1 over the effect that owns it, and may go beyond.
    Varying(Moving),
}

/// A value that moves.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Moving {
    /// How it moves between points.
    pub(super) curve: Curve,
    /// Times and values in order of time, at least two.
    pub(super) points: Vec<(Rational, f64)>,
    /// Whether the law between points is a reading of ours.
    pub(super) guessed: bool,
}

/// A control point, with tangents where it has them: in and out, time and value.
#[derive(Debug, Clone, Copy)]
struct Point {
    at: Rational,
    value: f64,
    tangents: [f64; 4],
}

/// The parameters of a group with one of these identifiers.
pub(super) fn parameters(objects: &Objects, group: ObjectId, ids: &[Auid]) -> Vec<Parameter> {
    let all = objects.objects(group, Prop::Parameters).iter();
    let wanted = all.filter(|&&p| {
        objects
            .auid(p, Prop::ParameterId)
            .is_some_and(|id| ids.contains(&id))
    });
    wanted.filter_map(|&p| parameter(objects, p)).collect()
}

/// The law that a varying parameter names.
pub(super) fn interpolation(objects: &Objects, group: ObjectId, id: Auid) -> Option<Auid> {
    let all = objects.objects(group, Prop::Parameters).iter();
    let mut varying = all.filter(|&&p| objects.class(p) == Class::VaryingValue);
    let found = varying.find(|&&p| objects.auid(p, Prop::ParameterId) == Some(id))?;
    objects.auid(*found, Prop::Interpolation)
}

/// Whether a parameter's points say no more than "from `first` to `last`", or nothing at all: only
/// the law that it names counts then. Editors end the ramp one of the `units` of the effect early, and
/// round its values.
pub(super) fn is_ramp(
    objects: &Objects,
    group: ObjectId,
    id: Auid,
    (first, last): (f64, f64),
    units: i64,
) -> bool {
    let unit = Rational::new(1, units.max(1)).unwrap_or(Rational::ONE);
    let within = |part: Rational, end: Rational| {
        let off = part.checked_sub(end);
        off.is_some_and(|off| off <= unit && Rational::ZERO.checked_sub(off) <= Some(unit))
    };
    let near = |value: f64, end: f64| (value - end).abs() < RAMP_END;
    let all = objects.objects(group, Prop::Parameters).iter();
    let mut varying = all.filter(|&&p| objects.class(p) == Class::VaryingValue);
    let found = varying.find(|&&p| objects.auid(p, Prop::ParameterId) == Some(id));
    let points = found.map_or(Vec::new(), |&p| points(objects, p));
    match &points[..] {
        [from, to] => {
            let whole = within(from.at, Rational::ZERO) && within(to.at, Rational::ONE);
            // Premiere writes 0 at both ends and means only the law.
            (whole && near(from.value, first) && near(to.value, last)) || from.value == to.value
        }
        more => more.len() < 2,
    }
}

fn parameter(objects: &Objects, id: ObjectId) -> Option<Parameter> {
    match objects.class(id) {
        Class::ConstantValue => {
            let value = objects.rational(id, Prop::ConstantValue)?;
            Some(Parameter::Constant(value.to_f64()))
        }
        Class::VaryingValue => {
            let law = objects.auid(id, Prop::Interpolation).unwrap_or(ids::LINEAR);
            varying(&points(objects, id), law, objects.control_points())
        }
        _ => None,
    }
}

fn points(objects: &Objects, id: ObjectId) -> Vec<Point> {
    let list = objects.objects(id, Prop::PointList).iter().take(MAX_POINTS);
    let mut points: Vec<Point> = list
        .filter_map(|&point| {
            Some(Point {
                at: objects.rational(point, Prop::PointTime)?,
                value: objects.rational(point, Prop::PointValue)?.to_f64(),
                tangents: TANGENTS.map(|tangent| property(objects, point, tangent)),
            })
        })
        .collect();
    points.sort_by_key(|point| point.at);
    points
}

/// A number that a control point carries beside its value; 0 where it does not.
fn property(objects: &Objects, point: ObjectId, id: Auid) -> f64 {
    let mut all = objects.objects(point, Prop::PointProperties).iter();
    let found = all.find(|&&p| objects.auid(p, Prop::ParameterId) == Some(id));
    match found.and_then(|&p| objects.get(p, Prop::ConstantValue)) {
        Some(Value::Rational(r)) => r.to_f64(),
        Some(Value::Integer(n)) => *n as f64,
        _ => 0.0,
    }
}

/// A value over these points, of all the control points of a file.
fn varying(points: &[Point], law: Auid, of_all: usize) -> Option<Parameter> {
    let first = points.first()?.value;
    if points.iter().all(|point| point.value == first) {
        return Some(Parameter::Constant(first));
    }
    let plain = |curve, guessed| Moving {
        curve,
        points: points.iter().map(|p| (p.at, p.value)).collect(),
        guessed,
    };
    let positive = points.iter().all(|point| point.value > 0.0);
    Some(Parameter::Varying(match law {
        ids::LINEAR => plain(Curve::LinearGain, false),
        ids::CONSTANT | ids::NONE => plain(Curve::Hold, false),
        ids::LOG if positive => plain(Curve::LinearDecibels, true),
        ids::POWER => drawn(points, power, of_all),
        ids::B_SPLINE => drawn(points, b_spline, of_all),
        ids::CUBIC => drawn(points, cubic, of_all),
        ids::BEZIER => drawn(points, bezier, of_all),
        _ => plain(Curve::LinearGain, true),
    }))
}

/// What is left of 1 when `moving` is taken away, which has a form of its own where gain moves in decibels.
pub(super) fn complement(moving: &Moving) -> Moving {
    let left = |(at, level): &(Rational, f64)| (*at, 1.0 - level);
    if moving.curve != Curve::LinearDecibels {
        let points = moving.points.iter().map(left).collect();
        return Moving {
            points,
            ..moving.clone()
        };
    }
    let plain = |(at, value): &(Rational, f64)| Point {
        at: *at,
        value: *value,
        tangents: [0.0; 4],
    };
    let points: Vec<Point> = moving.points.iter().map(plain).collect();
    let level = |points: &[Point], i: usize, x: f64| {
        let [_, from, to, _] = around(points, i);
        from.1 * libm::pow(to.1 / from.1, x)
    };
    let along = drawn(&points, level, points.len());
    Moving {
        points: along.points.iter().map(left).collect(),
        ..along
    }
}

/// Straight pieces along a curve: `value` of the points, the piece and the way travelled in it.
fn drawn(points: &[Point], value: fn(&[Point], usize, f64) -> f64, of_all: usize) -> Moving {
    let pieces = (DRAWN.0 / points.len()).min(DRAWN.1 / of_all.max(1));
    // A curve of very many points is as good as straight between them.
    let most = (MAX_POINTS / points.len()).max(1);
    let pieces = pieces.clamp(LEAST_PIECES, PIECES).min(most);
    let mut out = Vec::new();
    for (i, pair) in points.windows(2).enumerate() {
        let [from, to] = pair else { continue };
        let step = to.at.checked_sub(from.at);
        for piece in 0..pieces {
            let way = Rational::new(piece as i64, pieces as i64);
            let at = step
                .zip(way)
                .and_then(|(step, way)| from.at.checked_add(step.checked_mul(way)?));
            let x = piece as f64 / pieces as f64;
            out.extend(at.map(|at| (at, value(points, i, x))));
        }
    }
    out.extend(points.last().map(|last| (last.at, last.value)));
    Moving {
        curve: Curve::LinearGain,
        points: out,
        guessed: true,
    }
}

/// Time and value of the points before, at both ends of, and after a piece; beyond the ends the
/// curve is mirrored at its last point.
fn around(points: &[Point], i: usize) -> [(f64, f64); 4] {
    let clamp = |i: usize| {
        let point = points[i.min(points.len() - 1)];
        (point.at.to_f64(), point.value)
    };
    let mirrored = |near: (f64, f64), far: (f64, f64)| (2.0 * near.0 - far.0, 2.0 * near.1 - far.1);
    let (from, to) = (clamp(i), clamp(i + 1));
    let before = i.checked_sub(1).map_or(mirrored(from, to), clamp);
    let after = if i + 2 < points.len() {
        clamp(i + 2)
    } else {
        mirrored(to, from)
    };
    [before, from, to, after]
}

/// Straight in power.
fn power(points: &[Point], i: usize, x: f64) -> f64 {
    let [_, from, to, _] = around(points, i);
    let squared = from.1 * from.1 * (1.0 - x) + to.1 * to.1 * x;
    libm::sqrt(squared)
}

/// Uniform cubic B-spline over the values.
fn b_spline(points: &[Point], i: usize, x: f64) -> f64 {
    let values = around(points, i).map(|p| p.1);
    let weights = [
        (1.0 - x) * (1.0 - x) * (1.0 - x),
        3.0 * x * x * x - 6.0 * x * x + 4.0,
        -3.0 * x * x * x + 3.0 * x * x + 3.0 * x + 1.0,
        x * x * x,
    ];
    let sum: f64 = values.iter().zip(weights).map(|(v, w)| v * w).sum();
    sum / 6.0
}

/// Cubic through the points with the slope of the neighbours, level at peaks.
fn cubic(points: &[Point], i: usize, x: f64) -> f64 {
    let [before, from, to, after] = around(points, i);
    let run = to.0 - from.0;
    let slope = |left: (f64, f64), middle: (f64, f64), right: (f64, f64)| {
        let peak = (middle.1 - left.1) * (right.1 - middle.1) <= 0.0;
        let span = right.0 - left.0;
        if peak || span <= 0.0 {
            return 0.0;
        }
        (right.1 - left.1) / span * run
    };
    let (leaving, arriving) = (slope(before, from, to), slope(from, to, after));
    let (x2, x3) = (x * x, x * x * x);
    (2.0 * x3 - 3.0 * x2 + 1.0) * from.1
        + (x3 - 2.0 * x2 + x) * leaving
        + (3.0 * x2 - 2.0 * x3) * to.1
        + (x3 - x2) * arriving
}

/// Bézier with the tangents of the points, found by halving.
fn bezier(points: &[Point], i: usize, x: f64) -> f64 {
    let [_, from, to, _] = around(points, i);
    let tangents = |i: usize| points[i.min(points.len() - 1)].tangents;
    let (leaving, arriving) = (tangents(i), tangents(i + 1));
    let run = to.0 - from.0;
    let part = |time: f64| {
        if run > 0.0 {
            (time / run).clamp(0.0, 1.0)
        } else {
            0.0
        }
    };
    let times = [0.0, part(leaving[2]), 1.0 - part(-arriving[0]), 1.0];
    let values = [from.1, from.1 + leaving[3], to.1 + arriving[1], to.1];
    let at = |p: [f64; 4], u: f64| {
        let v = 1.0 - u;
        v * v * v * p[0] + 3.0 * v * v * u * p[1] + 3.0 * v * u * u * p[2] + u * u * u * p[3]
    };
    let (mut low, mut high) = (0.0, 1.0);
    // 60 halvings reach the last bit of the way travelled.
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if at(times, middle) < x {
            low = middle;
        } else {
            high = middle;
        }
    }
    at(values, f64::midpoint(low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(at: i64, value: f64) -> Point {
        Point {
            at: Rational::from_int(at),
            value,
            tangents: [0.0; 4],
        }
    }

    /// The value halfway between the first two points, and how many points are kept.
    fn check(law: Auid, values: &[f64], halfway: f64, guessed: bool) {
        let points: Vec<Point> = values
            .iter()
            .enumerate()
            .map(|(i, v)| point(i as i64, *v))
            .collect();
        let Some(Parameter::Varying(moving)) = varying(&points, law, points.len()) else {
            panic!("{law} {values:?}");
        };
        let half = Rational::new(1, 2).unwrap();
        let after = moving.points.iter().position(|p| p.0 >= half).unwrap();
        let (p, q) = (moving.points[after - 1], moving.points[after]);
        let x = (0.5 - p.0.to_f64()) / (q.0.to_f64() - p.0.to_f64());
        let value = match moving.curve {
            Curve::Hold => p.1,
            Curve::LinearGain => p.1 + (q.1 - p.1) * x,
            Curve::LinearDecibels => libm::sqrt(p.1 * q.1),
        };
        assert!((value - halfway).abs() < 1e-9, "{law}: {value}");
        assert_eq!(moving.guessed, guessed, "{law}");
    }

    #[test]
    fn laws_between_points() {
        check(ids::LINEAR, &[0.0, 1.0], 0.5, false);
        check(ids::CONSTANT, &[0.25, 1.0], 0.25, false);
        check(ids::LOG, &[0.25, 1.0], 0.5, true);
        check(ids::LOG, &[0.0, 1.0], 0.5, true);
        check(ids::POWER, &[0.0, 1.0], libm::sqrt(0.5), true);
        check(ids::B_SPLINE, &[0.0, 1.0], 0.5, true);
        check(ids::CUBIC, &[0.0, 1.0, 0.0], 0.5 + 0.125, true);
        check(ids::BEZIER, &[0.0, 1.0], 0.5, true);
    }

    #[test]
    fn many_curves_are_drawn_with_fewer_pieces_each() {
        let points: Vec<Point> = (0..3).map(|i| point(i, i as f64 / 4.0)).collect();
        let drawn = |of_all| match varying(&points, ids::POWER, of_all) {
            Some(Parameter::Varying(moving)) => moving.points.len(),
            other => panic!("{other:?}"),
        };
        assert_eq!(drawn(3), 2 * PIECES + 1);
        assert_eq!(drawn(1_000), 2 * 524 + 1);
        assert_eq!(drawn(1_000_000), 2 * LEAST_PIECES + 1);
        let many: Vec<Point> = (0..MAX_POINTS as i64)
            .map(|i| point(i, (i % 2) as f64))
            .collect();
        let Some(Parameter::Varying(moving)) = varying(&many, ids::POWER, many.len()) else {
            panic!("a curve")
        };
        assert_eq!(moving.points.len(), MAX_POINTS);
    }

    #[test]
    fn what_is_left_of_a_logarithmic_level_goes_its_own_way() {
        let moving = Moving {
            curve: Curve::LinearDecibels,
            points: vec![(Rational::ZERO, 0.01), (Rational::ONE, 1.0)],
            guessed: true,
        };
        let left = complement(&moving);
        assert_eq!(left.curve, Curve::LinearGain);
        let at = |i: usize| left.points[i].1;
        assert_eq!((at(0), at(left.points.len() - 1)), (0.99, 0.0));
        assert!((at(left.points.len() / 2) - 0.9).abs() < 1e-12);
    }

    #[test]
    fn points_of_one_value_are_a_constant() {
        let points = vec![point(0, 2.0), point(1, 2.0)];
        assert_eq!(
            varying(&points, ids::LINEAR, 2),
            Some(Parameter::Constant(2.0))
        );
        assert_eq!(varying(&[], ids::LINEAR, 0), None);
    }
}
