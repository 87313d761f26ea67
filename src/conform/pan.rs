//! Pan: where a clip stands between left and right, in the channels of its stem.
//!
//! AAF gives a place from 0 (left) to 1 (right) and no law. The law here is the sine and cosine of
//! equal power, as mixing desks and editors have it, bent so that the middle is what a clip without a
//! pan has: the pan law of the rules, 0 dB where they state none. A place never jumps when a clip that
//! was panned to the middle is not panned at all.
//!
//! **Invariant:** full left and full right are exactly one channel at unity, and the middle is exactly the
//! routes of a clip without pan.

use std::f64::consts::{FRAC_1_SQRT_2, FRAC_PI_2, SQRT_2};

use serde::{Deserialize, Serialize};

use super::plan::curve_name;
use crate::audio::{Channel, ChannelLayout, Decibels, Gain};
use crate::stem::Route;
use crate::time::{Pos, Rational, Record};
use crate::timeline::{Curve, Pan};

/// The middle.
const MIDDLE: f64 = 0.5;

/// A place that moves, with what it does to each route of a segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PanCurve {
    /// How the place moves between points: it stays, or goes straight.
    #[serde(with = "curve_name")]
    pub curve: Curve,
    /// Places in order of time, at least one.
    pub points: Vec<PanPlace>,
    /// What both channels of a pair have in the middle, in dB.
    pub law_db: Decibels,
    /// For each route of the segment which side it is.
    pub sides: Vec<Side>,
}

/// A place at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PanPlace {
    /// Seconds from the segment's first sample, exactly; may be negative.
    pub at: Rational,
    /// 0 left, 1/2 middle, 1 right.
    pub position: f64,
}

/// What a place does to a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// Left of a pair.
    Left,
    /// Right of a pair.
    Right,
    /// Left where there is a middle loudspeaker too.
    LeftOfThree,
    /// The middle loudspeaker.
    Centre,
    /// Right where there is a middle loudspeaker too.
    RightOfThree,
    /// Nothing.
    Neither,
}

impl Side {
    /// The gain at a place, for a pair that has `law` in the middle.
    pub fn gain(self, position: f64, law: f64) -> f64 {
        match self {
            Self::Left => pair(1.0 - position, law),
            Self::Right => pair(position, law),
            Self::LeftOfThree if position < MIDDLE => sine(1.0 - 2.0 * position),
            Self::RightOfThree if position > MIDDLE => sine(2.0 * position - 1.0),
            Self::LeftOfThree | Self::RightOfThree => 0.0,
            Self::Centre if position == MIDDLE => 1.0,
            Self::Centre => sine(1.0 - (2.0 * position - 1.0).abs()),
            Self::Neither => 1.0,
        }
    }
}

/// From nothing at 0 to all at 1.
fn sine(way: f64) -> f64 {
    libm::sin(FRAC_PI_2 * way)
}

/// One side of a pair, `way` from the other one: `law` in the middle.
fn pair(way: f64, law: f64) -> f64 {
    if way == MIDDLE {
        return law;
    }
    if law < FRAC_1_SQRT_2 {
        // A power of the sine that has the law in the middle.
        let power = libm::log(law) / libm::log(FRAC_1_SQRT_2);
        return libm::pow(sine(way), power);
    }
    (sine(way) * SQRT_2 * law).min(1.0)
}

/// Routes with a pan: those that stay as they are, or a curve beside them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Panned {
    pub(super) routes: Vec<Route>,
    pub(super) curve: Option<PanCurve>,
}

/// Lays a pan over routes; `None` where the stem has no left and right. `origin` is the instant of the
/// segment's first sample.
pub(super) fn apply(
    pan: &Pan,
    routes: &[Route],
    layout: &ChannelLayout,
    origin: Pos<Record>,
) -> Option<Panned> {
    let left = layout.index_of(Channel::L)?;
    let right = layout.index_of(Channel::R)?;
    let centre = layout.index_of(Channel::C);
    let (routes, sides, law) = spread(routes, layout, (left, right, centre));
    let points: Vec<PanPlace> = pan
        .points
        .iter()
        .filter_map(|point| {
            Some(PanPlace {
                at: point.at.since(origin)?,
                position: point.position.value(),
            })
        })
        .collect();
    let first = points.first()?.position;
    if points.iter().all(|point| point.position == first) {
        let gain = |(route, side): (&Route, &Side)| Route {
            gain: Gain::new(route.gain.linear() * side.gain(first, law.linear())),
            ..*route
        };
        let routes = routes.iter().zip(&sides).map(gain);
        let routes: Vec<Route> = routes.filter(|route| route.gain.linear() != 0.0).collect();
        let curve = None;
        return Some(Panned { routes, curve });
    }
    let curve = PanCurve {
        curve: pan.curve,
        points,
        law_db: law.decibels(),
        sides,
    };
    Some(Panned {
        routes,
        curve: Some(curve),
    })
}

/// The routes that a place may need, which side each is, and the law of a pair.
fn spread(
    routes: &[Route],
    layout: &ChannelLayout,
    (left, right, centre): (usize, usize, Option<usize>),
) -> (Vec<Route>, Vec<Side>, Gain) {
    match routes {
        // One channel in the middle loudspeaker.
        [one] if Some(one.to) == centre => {
            let to = |to| Route { to, ..*one };
            let mut three = vec![
                (to(left), Side::LeftOfThree),
                (*one, Side::Centre),
                (to(right), Side::RightOfThree),
            ];
            three.sort_by_key(|(route, _)| route.to);
            let (routes, sides) = three.into_iter().unzip();
            (routes, sides, Gain::UNITY)
        }
        // One channel in both loudspeakers of the pair, at the pan law.
        [a, b] if a.from == b.from && a.to == left && b.to == right && a.gain == b.gain => {
            let unity = |route: &Route| Route {
                gain: Gain::UNITY,
                ..*route
            };
            let sides = vec![Side::Left, Side::Right];
            (routes.iter().map(unity).collect(), sides, a.gain)
        }
        // Channels with places of their own: the balance between them.
        several => {
            let sides = several.iter().map(|route| side_of(layout, route.to));
            (several.to_vec(), sides.collect(), Gain::UNITY)
        }
    }
}

/// The side that a loudspeaker stands on.
fn side_of(layout: &ChannelLayout, to: usize) -> Side {
    use Channel::{L, Lrs, Ls, Ltf, Ltr, R, Rrs, Rs, Rtf, Rtr};
    match layout.channels().get(to) {
        Some(L | Ls | Lrs | Ltf | Ltr) => Side::Left,
        Some(R | Rs | Rrs | Rtf | Rtr) => Side::Right,
        _ => Side::Neither,
    }
}

/// Whether a curve can be rendered with so many routes.
///
/// # Errors
/// Text that says what is wrong.
pub(super) fn check(pan: &PanCurve, routes: usize) -> Result<(), String> {
    if pan.sides.len() != routes {
        return Err(format!("pan of {} routes for {routes}", pan.sides.len()));
    }
    let law = pan.law_db.gain().linear();
    if !(law > 0.0 && law <= 1.0) {
        return Err(format!("pan law of {}", pan.law_db));
    }
    if pan.points.is_empty() || pan.curve == Curve::LinearDecibels {
        return Err("pan without points, or in decibels".into());
    }
    let inside = |point: &PanPlace| (0.0..=1.0).contains(&point.position);
    let ordered = pan.points.windows(2).all(|pair| pair[0].at <= pair[1].at);
    if !ordered || !pan.points.iter().all(inside) {
        return Err("pan out of order or beyond left and right".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;
    use crate::timeline::{PanPoint, PanPosition};

    fn route(from: usize, to: usize, gain: f64) -> Route {
        Route {
            from,
            to,
            gain: Gain::new(gain),
        }
    }

    fn pan(positions: &[f64]) -> Pan {
        let points = positions.iter().enumerate().map(|(i, position)| PanPoint {
            at: Pos::new(Rational::from_int(i as i64)),
            position: PanPosition::new(*position),
        });
        Pan {
            curve: Curve::LinearGain,
            points: points.collect(),
        }
    }

    /// Gains by stem channel of a constant place.
    fn check(position: f64, routes: &[Route], layout: &ChannelLayout, expect: &[(usize, f64)]) {
        let origin = Pos::new(Rational::ZERO);
        let found = apply(&pan(&[position]), routes, layout, origin).unwrap();
        assert_eq!(found.curve, None);
        let found: Vec<(usize, f64)> = found
            .routes
            .iter()
            .map(|r| (r.to, r.gain.linear()))
            .collect();
        assert_eq!(found.len(), expect.len(), "{position}: {found:?}");
        for (a, b) in found.iter().zip(expect) {
            assert!(
                a.0 == b.0 && (a.1 - b.1).abs() < 1e-15,
                "{position}: {found:?}"
            );
        }
    }

    #[test]
    fn a_mono_clip_between_two_loudspeakers() {
        let stereo = ChannelLayout::stereo();
        let mono = [route(0, 0, 1.0), route(0, 1, 1.0)];
        check(0.0, &mono, &stereo, &[(0, 1.0)]);
        check(0.5, &mono, &stereo, &[(0, 1.0), (1, 1.0)]);
        check(1.0, &mono, &stereo, &[(1, 1.0)]);
        let quarter = SQRT_2 * libm::sin(PI / 8.0);
        check(0.25, &mono, &stereo, &[(0, 1.0), (1, quarter)]);
        // Equal power, and linear: minus 3 and minus 6 dB in the middle.
        let law = |law: f64| [route(0, 0, law), route(0, 1, law)];
        let (near, far) = (libm::cos(PI / 8.0), libm::sin(PI / 8.0));
        check(0.25, &law(FRAC_1_SQRT_2), &stereo, &[(0, near), (1, far)]);
        check(
            0.25,
            &law(0.5),
            &stereo,
            &[(0, near * near), (1, far * far)],
        );
        check(0.5, &law(0.5), &stereo, &[(0, 0.5), (1, 0.5)]);
    }

    #[test]
    fn a_mono_clip_between_three_loudspeakers() {
        let surround = ChannelLayout::usual(6).unwrap();
        let mono = [route(0, 2, 1.0)];
        check(0.0, &mono, &surround, &[(0, 1.0)]);
        check(0.5, &mono, &surround, &[(2, 1.0)]);
        check(1.0, &mono, &surround, &[(1, 1.0)]);
        let h = FRAC_1_SQRT_2;
        check(0.25, &mono, &surround, &[(0, h), (2, h)]);
        check(0.75, &mono, &surround, &[(1, h), (2, h)]);
    }

    #[test]
    fn a_stereo_clip_is_balanced() {
        let stereo = ChannelLayout::stereo();
        let both = [route(0, 0, 1.0), route(1, 1, 0.5)];
        check(0.5, &both, &stereo, &[(0, 1.0), (1, 0.5)]);
        check(0.0, &both, &stereo, &[(0, 1.0)]);
        let moving = apply(&pan(&[0.0, 1.0]), &both, &stereo, Pos::new(Rational::ONE)).unwrap();
        let curve = moving.curve.unwrap();
        assert_eq!(curve.sides, [Side::Left, Side::Right]);
        assert_eq!(curve.points[0].at, Rational::from_int(-1));
        assert!(super::check(&curve, 2).is_ok() && super::check(&curve, 1).is_err());
        let origin = Pos::new(Rational::ZERO);
        assert_eq!(
            apply(&pan(&[0.0]), &both, &ChannelLayout::mono(), origin),
            None
        );
    }
}
