//! What a composition lays over the clips below a point: gain, pan, fades, mute, speed.

use crate::audio::{Decibels, Gain};
use crate::time::{Duration, Pos, Rational};
use crate::timeline::{Automation, Clip, Curve, Fade, FadeShape, GainPoint, Pan};

/// Straight pieces of a fade that a clip has only a part of.
const PIECES: i64 = 256;

/// One thing that applies to all clips below.
#[derive(Debug, Clone)]
pub(super) enum Layer {
    /// Constant gain.
    Gain(Gain),
    /// Gain over time.
    Automation(Automation),
    /// Place between left and right.
    Pan(Pan),
    /// A fade at an edge of the component.
    Fade(Edge),
    /// Muted or disabled.
    Muted,
    /// One input of a channel combiner: which, of how many.
    Channel(usize, usize),
    /// Playback speed.
    Speed(Rational),
}

/// A fade at an edge of a component.
#[derive(Debug, Clone)]
pub(super) struct Edge {
    /// Whether it comes in; else it goes out.
    pub(super) incoming: bool,
    /// Where it starts, on the record axis.
    pub(super) start: Rational,
    /// How long it is; above zero.
    pub(super) length: Duration,
    /// Its curve.
    pub(super) law: Law,
}

/// The curve of one side of a transition.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Law {
    /// A named law; absent where the job's default rules.
    Shape(Option<FadeShape>),
    /// Gains at parts of the transition, 0 to 1.
    Points(Curve, Vec<(Rational, f64)>),
}

/// Applies layers, outermost first, to a clip whose record span is set.
pub(super) fn apply(layers: &[Layer], clip: &mut Clip) {
    let mut gain = Gain::UNITY;
    for layer in layers {
        match layer {
            Layer::Gain(factor) => gain = gain.times(*factor),
            Layer::Automation(curve) => clip.automation.extend(within(curve, clip)),
            Layer::Pan(pan) => clip.pan = Some(pan.clone()),
            Layer::Fade(edge) => apply_edge(edge, clip),
            Layer::Muted => clip.muted = true,
            Layer::Speed(speed) => {
                let so_far = clip.speed.unwrap_or(Rational::ONE);
                clip.speed = so_far.checked_mul(*speed).or(clip.speed);
            }
            Layer::Channel(..) => {}
        }
    }
    clip.gain = gain.decibels();
}

/// The points of a curve that matter within a clip.
fn within(curve: &Automation, clip: &Clip) -> Option<Automation> {
    let points = &curve.points;
    let first = points.partition_point(|p| p.at <= clip.record.start);
    let last = points.partition_point(|p| p.at < clip.record.end);
    let kept = points.get(first.saturating_sub(1)..(last + 1).min(points.len()))?;
    (!kept.is_empty()).then(|| Automation {
        curve: curve.curve,
        points: kept.to_vec(),
    })
}

fn apply_edge(edge: &Edge, clip: &mut Clip) {
    let Some(end) = edge.start.checked_add(edge.length) else {
        return;
    };
    let (from, to) = (clip.record.start.seconds(), clip.record.end.seconds());
    let (touches, slot) = if edge.incoming {
        (from == edge.start, &mut clip.fade_in)
    } else {
        (to == end, &mut clip.fade_out)
    };
    // A clip that has only a part of the fade gets that part as a gain over time.
    let whole = from <= edge.start && to >= end;
    match &edge.law {
        Law::Shape(shape) if touches && whole && slot.is_none() => {
            *slot = Some(Fade {
                length: edge.length,
                shape: *shape,
            });
        }
        _ if to <= edge.start || from >= end => {}
        law => clip.automation.extend(curve_of(edge, law)),
    }
}

/// A fade as a gain over time.
fn curve_of(edge: &Edge, law: &Law) -> Option<Automation> {
    let at = |x: Rational| edge.start.checked_add(edge.length.checked_mul(x)?);
    let point = |x: Rational, gain: f64| {
        Some(GainPoint {
            at: Pos::new(at(x)?),
            gain: Gain::new(gain).decibels(),
        })
    };
    let (curve, points): (Curve, Option<Vec<GainPoint>>) = match law {
        Law::Points(curve, points) => {
            // Outside the fade the clip is as it is.
            let end = |point: Option<&(Rational, f64)>| point.is_some_and(|point| point.1 != 1.0);
            let before = !edge.incoming && end(points.first());
            let before = before.then_some((Rational::ZERO, 1.0));
            let after = edge.incoming && end(points.last());
            let after = after.then_some((Rational::ONE, 1.0));
            let points = before.iter().chain(points).chain(&after);
            (*curve, points.map(|(x, gain)| point(*x, *gain)).collect())
        }
        Law::Shape(shape) => {
            let gain = |i: i64| {
                let x = i as f64 / PIECES as f64;
                let way = if edge.incoming { x } else { 1.0 - x };
                point(
                    Rational::new(i, PIECES)?,
                    value(shape.unwrap_or(FadeShape::Linear), way),
                )
            };
            (Curve::LinearGain, (0..=PIECES).map(gain).collect())
        }
    };
    points.map(|points| Automation { curve, points })
}

/// The gain of a law after a part of the way.
fn value(shape: FadeShape, x: f64) -> f64 {
    let half_turn = std::f64::consts::PI;
    match shape {
        FadeShape::Linear => x,
        FadeShape::EqualPower => libm::sin(half_turn * x / 2.0),
        // 40 dB, shifted and scaled to run from 0 to 1.
        FadeShape::Logarithmic => (libm::pow(10.0, 2.0 * (x - 1.0)) - 0.01) / 0.99,
        FadeShape::SCurve => (1.0 - libm::cos(half_turn * x)) / 2.0,
    }
}

/// A gain read from a file: its size, and whether it was below zero.
pub(super) fn magnitude(linear: f64) -> (Decibels, bool) {
    (Gain::new(linear.abs()).decibels(), linear < 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Span;
    use crate::timeline::{MediaRef, SourceIn};

    fn clip(from: i64, to: i64) -> Clip {
        let at = |s| Pos::new(Rational::from_int(s));
        let source = SourceIn::Head { sync: at(from) };
        Clip::new(
            "c",
            Span::new(at(from), at(to)),
            source,
            MediaRef::default(),
        )
    }

    fn edge(incoming: bool, start: i64, law: Law) -> Layer {
        Layer::Fade(Edge {
            incoming,
            start: Rational::from_int(start),
            length: Rational::from_int(2),
            law,
        })
    }

    fn applied(layers: &[Layer]) -> Clip {
        let mut clip = clip(10, 20);
        apply(layers, &mut clip);
        clip
    }

    #[test]
    fn gains_multiply_and_unity_is_zero() {
        assert_eq!(applied(&[]).gain, Decibels::ZERO);
        let ten = Layer::Gain(Gain::new(10.0));
        assert_eq!(applied(&[ten.clone(), ten]).gain, Decibels::new(40.0));
    }

    #[test]
    fn fades_at_the_clip_s_own_edges_are_fades() {
        let shape = Law::Shape(Some(FadeShape::EqualPower));
        let clip = applied(&[edge(true, 10, shape.clone()), edge(false, 18, shape)]);
        assert_eq!(clip.fade_in.unwrap().length, Rational::from_int(2));
        assert_eq!(clip.fade_out.unwrap().shape, Some(FadeShape::EqualPower));
        assert!(clip.automation.is_empty());
    }

    #[test]
    fn a_part_of_a_fade_is_a_gain_over_time() {
        let clip = applied(&[edge(true, 9, Law::Shape(Some(FadeShape::Linear)))]);
        assert_eq!(clip.fade_in, None);
        let points = &clip.automation[0].points;
        assert_eq!(points[128].gain, Gain::new(0.5).decibels());
        let far = applied(&[edge(true, 30, Law::Shape(None))]);
        assert!(far.automation.is_empty());
    }

    #[test]
    fn a_fade_over_a_cut_goes_on_behind_it() {
        // From 9 to 11, of clips from 9 to 10 and from 10 to 20.
        for law in [
            Law::Shape(Some(FadeShape::Linear)),
            Law::Points(
                Curve::LinearGain,
                vec![(Rational::ZERO, 0.0), (Rational::ONE, 1.0)],
            ),
        ] {
            let mut before = clip(9, 10);
            apply(&[edge(true, 9, law.clone())], &mut before);
            let after = applied(&[edge(true, 9, law)]);
            for clip in [before, after] {
                assert_eq!((clip.fade_in, clip.automation.len()), (None, 1));
                let points = &clip.automation[0].points;
                let at = |i: usize| (points[i].at.seconds(), points[i].gain);
                let last = Rational::from_int(11);
                assert_eq!(at(0), (Rational::from_int(9), Gain::new(0.0).decibels()));
                assert_eq!(at(points.len() - 1), (last, Decibels::ZERO));
            }
        }
    }

    #[test]
    fn what_goes_sounds_in_full_before_its_points() {
        let points = vec![(Rational::ZERO, 0.5), (Rational::ONE, 0.0)];
        let clip = applied(&[edge(false, 18, Law::Points(Curve::LinearGain, points))]);
        let gains: Vec<Decibels> = clip.automation[0].points.iter().map(|p| p.gain).collect();
        let wanted = [1.0, 0.5, 0.0].map(|gain| Gain::new(gain).decibels());
        assert_eq!(gains, wanted);
    }

    #[test]
    fn automation_keeps_what_matters_in_the_clip() {
        let points = (0..30).map(|s| GainPoint {
            at: Pos::new(Rational::from_int(s)),
            gain: Decibels::ZERO,
        });
        let layer = Layer::Automation(Automation {
            curve: Curve::LinearGain,
            points: points.collect(),
        });
        let clip = applied(&[layer]);
        let at = |i: usize| clip.automation[0].points[i].at.seconds().num();
        assert_eq!((at(0), clip.automation[0].points.len()), (10, 11));
        assert_eq!(at(10), 20);
    }
}
