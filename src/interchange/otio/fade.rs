//! Fades: ramps on the record axis, as fades of a clip where they fit one, else as curves of gain.

use crate::audio::{Decibels, Gain};
use crate::time::{Pos, Rational, Record, Span};
use crate::timeline::{Automation, Clip, Curve, Fade, FadeShape, GainPoint};

/// Straight pieces that a bent law is drawn with.
const PIECES: i64 = 16;

/// A rise from silence or a fall to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ramp {
    /// Where it starts, record seconds.
    pub(super) from: Rational,
    /// Where it ends.
    pub(super) to: Rational,
    /// A fade in, else a fade out.
    pub(super) rising: bool,
    /// Its law.
    pub(super) shape: Option<FadeShape>,
}

/// How a ramp was put on a clip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Applied {
    /// As a fade at the clip's end, or not at all because it lies outside.
    Exactly,
    /// As a curve of gain.
    Drawn,
}

impl Ramp {
    /// Puts the ramp on a clip whose record span is final.
    pub(super) fn apply(self, clip: &mut Clip) -> Applied {
        let Span { start, end } = clip.record;
        let (start, end) = (start.seconds(), end.seconds());
        let Some(length) = self.to.checked_sub(self.from) else {
            return Applied::Exactly;
        };
        if length <= Rational::ZERO || self.to <= start || self.from >= end {
            return Applied::Exactly;
        }
        let fade = Some(Fade {
            length,
            shape: self.shape,
        });
        if self.rising && self.from == start && self.to <= end && clip.fade_in.is_none() {
            clip.fade_in = fade;
        } else if !self.rising && self.to == end && self.from >= start && clip.fade_out.is_none() {
            clip.fade_out = fade;
        } else {
            clip.automation.push(self.curve());
            return Applied::Drawn;
        }
        Applied::Exactly
    }

    /// The ramp as straight lines of linear gain.
    fn curve(self) -> Automation {
        let pieces = match self.shape {
            None | Some(FadeShape::Linear) => 1,
            Some(_) => PIECES,
        };
        let point = |piece: i64| {
            let way = Rational::new(piece, pieces)?;
            let length = self.to.checked_sub(self.from)?;
            let at = self.from.checked_add(length.checked_mul(way)?)?;
            let travelled = if self.rising { piece } else { pieces - piece };
            let gain = law(self.shape, travelled as f64 / pieces as f64);
            Some(GainPoint {
                at: Pos::<Record>::new(at),
                gain: level(gain),
            })
        };
        Automation {
            curve: Curve::LinearGain,
            points: (0..=pieces).filter_map(point).collect(),
        }
    }
}

/// The ramps of an editor's fade handles: lengths at the head and tail of a stretch.
pub(super) fn handles(
    lengths: [Option<Rational>; 2],
    from: Option<Rational>,
    to: Option<Rational>,
) -> impl Iterator<Item = Ramp> {
    let [head, tail] = lengths;
    let head = head.zip(from).and_then(|(length, from)| {
        Some(Ramp {
            from,
            to: from.checked_add(length)?,
            rising: true,
            shape: None,
        })
    });
    let tail = tail.zip(to).and_then(|(length, to)| {
        Some(Ramp {
            from: to.checked_sub(length)?,
            to,
            rising: false,
            shape: None,
        })
    });
    head.into_iter().chain(tail)
}

/// Gain as a function of the way travelled, as [`FadeShape`] defines it.
fn law(shape: Option<FadeShape>, x: f64) -> f64 {
    use std::f64::consts::PI;
    match shape {
        None | Some(FadeShape::Linear) => x,
        Some(FadeShape::EqualPower) => libm::sin(PI / 2.0 * x),
        Some(FadeShape::Logarithmic) => (libm::pow(10.0, 2.0 * (x - 1.0)) - 0.01) / 0.99,
        Some(FadeShape::SCurve) => (1.0 - libm::cos(PI * x)) / 2.0,
    }
}

fn level(gain: f64) -> Decibels {
    Gain::new(gain.max(0.0)).decibels()
}

/// The law that names of a transition tell, as editors call theirs.
///
/// A cross fade that keeps +3 dB at its middle is equal power; one of 0 dB is linear (Final Cut Pro 7,
/// Resolve). "Constant Power" and "Constant Gain" are Premiere's.
pub(super) fn shape_of<'n>(names: impl Iterator<Item = &'n str>) -> Option<FadeShape> {
    names
        .map(|name| name.to_lowercase().replace([' ', '_'], ""))
        .find_map(|name| {
            let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
            let equal_power = [
                "constantpower",
                "equalpower",
                "equal-power",
                "+3db",
                "crossfade3db",
            ];
            if has(&equal_power) || name == "eqp" {
                Some(FadeShape::EqualPower)
            } else if has(&["exponential", "logarithmic"]) {
                Some(FadeShape::Logarithmic)
            } else if has(&["constantgain", "linear", "(0db", "crossfade0db"]) {
                Some(FadeShape::Linear)
            } else {
                None
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::{MediaRef, SourceIn};

    fn seconds(n: i64) -> Rational {
        Rational::from_int(n)
    }

    fn clip(start: i64, end: i64) -> Clip {
        let at = |n| Pos::new(seconds(n));
        let sync = SourceIn::Head { sync: at(start) };
        Clip::new(
            "c",
            Span::new(at(start), at(end)),
            sync,
            MediaRef::default(),
        )
    }

    fn ramp(from: i64, to: i64, rising: bool) -> Ramp {
        Ramp {
            from: seconds(from),
            to: seconds(to),
            rising,
            shape: Some(FadeShape::Linear),
        }
    }

    /// Applies a ramp to a clip of 10 to 20 s: fade in, fade out, points of curves.
    fn check(from: i64, to: i64, rising: bool, fades: (bool, bool), points: usize) {
        let mut clip = clip(10, 20);
        ramp(from, to, rising).apply(&mut clip);
        assert_eq!((clip.fade_in.is_some(), clip.fade_out.is_some()), fades);
        let drawn: usize = clip.automation.iter().map(|a| a.points.len()).sum();
        assert_eq!(drawn, points, "{from} to {to}");
    }

    #[test]
    fn a_ramp_is_a_fade_where_it_ends_with_the_clip() {
        check(10, 12, true, (true, false), 0);
        check(18, 20, false, (false, true), 0);
        check(10, 20, true, (true, false), 0);
    }

    #[test]
    fn other_ramps_are_drawn() {
        check(8, 12, true, (false, false), 2);
        check(18, 22, false, (false, false), 2);
        check(12, 14, true, (false, false), 2);
        check(10, 22, true, (false, false), 2);
    }

    #[test]
    fn ramps_outside_the_clip_do_nothing() {
        check(8, 10, true, (false, false), 0);
        check(20, 22, false, (false, false), 0);
        check(12, 12, true, (false, false), 0);
    }

    #[test]
    fn a_second_fade_is_drawn_over_the_first() {
        let mut clip = clip(10, 20);
        assert_eq!(ramp(10, 12, true).apply(&mut clip), Applied::Exactly);
        assert_eq!(ramp(10, 14, true).apply(&mut clip), Applied::Drawn);
        let ends: Vec<f64> = clip.automation[0]
            .points
            .iter()
            .map(|p| p.gain.gain().linear())
            .collect();
        assert_eq!(ends, [0.0, 1.0]);
    }

    #[test]
    fn bent_laws_are_drawn_in_pieces() {
        let bent = Ramp {
            shape: Some(FadeShape::EqualPower),
            ..ramp(8, 12, false)
        };
        let points = bent.curve().points;
        assert_eq!(points.len(), 17);
        assert_eq!(points[0].gain, Decibels::ZERO);
        assert!((points[8].gain.value() + 3.0103).abs() < 1e-3);
        assert_eq!(points[16].gain.value(), f64::NEG_INFINITY);
    }

    #[test]
    fn names_of_editors_tell_the_law() {
        for (name, shape) in [
            ("Constant Power", Some(FadeShape::EqualPower)),
            ("Cross Fade (+3dB)", Some(FadeShape::EqualPower)),
            ("KGAudioTransCrossFade3dB", Some(FadeShape::EqualPower)),
            ("Cross Fade +3 dB", Some(FadeShape::EqualPower)),
            ("Cross Fade 0 dB", Some(FadeShape::Linear)),
            ("Cross Fade ( 0dB)", Some(FadeShape::Linear)),
            ("Constant Gain", Some(FadeShape::Linear)),
            ("Exponential Fade", Some(FadeShape::Logarithmic)),
            ("Cross Fade -3 dB", None),
            ("SMPTE_Dissolve", None),
            ("fade 10 dB", None),
        ] {
            assert_eq!(shape_of(["", name].into_iter()), shape, "{name}");
        }
    }
}
