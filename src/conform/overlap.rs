//! Clips of one track that overlap without a fade.

use std::collections::BTreeSet;

use super::codes::OVERLAP;
use crate::audio::{Channel, Decibels};
use crate::finding::Finding;
use crate::timeline::{Clip, Timeline, Track};

/// A finding for each pair of neighbours that overlap where neither fades. The channels of a stereo or
/// surround clip stand in one place by right: each has its own neighbours.
pub(super) fn overlaps(timeline: &Timeline) -> Vec<Finding> {
    let mut findings = Vec::new();
    for track in &timeline.tracks {
        let lanes: BTreeSet<Option<Channel>> = track.clips.iter().map(|c| c.speaker).collect();
        for lane in lanes {
            findings.extend(in_lane(track, lane));
        }
    }
    findings
}

fn in_lane(track: &Track, lane: Option<Channel>) -> Vec<Finding> {
    let clips = track.clips.iter().filter(|clip| clip.speaker == lane);
    let next = clips.clone().skip(1);
    let overlap = |(left, right): &(&Clip, &Clip)| {
        left.record.end > right.record.start && !crossfade(left, right)
    };
    let finding = |(left, right): (&Clip, &Clip)| {
        let message = format!(
            "`{}` overlaps `{}` on track {} without a fade; both sound there",
            right.name, left.name, track.name
        );
        Finding::new(&OVERLAP, message).at(right.place.clone())
    };
    clips.zip(next).filter(overlap).map(finding).collect()
}

/// Whether one of two clips fades where they meet, or does not sound; objects of a scene are meant to
/// sound together.
fn crossfade(left: &Clip, right: &Clip) -> bool {
    let silent = |level: Decibels| level.value() == f64::NEG_INFINITY;
    // A fade with a curve of its own is a gain over time that ends, or begins, with nothing.
    let goes = left.automation.iter().any(|curve| {
        let last = curve.points.last();
        last.is_some_and(|point| silent(point.gain))
    });
    let comes = right.automation.iter().any(|curve| {
        let first = curve.points.first();
        first.is_some_and(|point| silent(point.gain))
    });
    let fades = left.fade_out.is_some() || right.fade_in.is_some() || goes || comes;
    let scene = left.scene.is_some() && right.scene.is_some();
    fades || scene || left.muted || right.muted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{FrameRate, Pos, Rational, Span};
    use crate::timeline::{Automation, Curve, GainPoint, MediaRef, SourceIn};

    fn clip(from: i64, to: i64, speaker: Option<Channel>) -> Clip {
        let at = |s| Pos::new(Rational::from_int(s));
        let source = SourceIn::Head { sync: at(from) };
        let span = Span::new(at(from), at(to));
        Clip {
            speaker,
            ..Clip::new("c", span, source, MediaRef::default())
        }
    }

    fn check(clips: &[Clip], expect: usize) {
        let timeline = Timeline {
            format: "test".into(),
            name: "t".into(),
            file_name: "t".into(),
            rate: FrameRate::F24,
            start: Pos::new(Rational::ZERO),
            end: None,
            tracks: vec![Track {
                clips: clips.to_vec(),
                ..Track::default()
            }],
            markers: Vec::new(),
        };
        assert_eq!(overlaps(&timeline).len(), expect, "{clips:?}");
    }

    #[test]
    fn channels_of_one_clip_do_not_overlap() {
        let (left, right) = (Some(Channel::L), Some(Channel::R));
        let pair = [clip(0, 10, left), clip(0, 10, right)];
        check(&pair, 0);
        check(&[pair[0].clone(), pair[1].clone(), clip(5, 20, left)], 1);
        check(&[clip(0, 10, None), clip(5, 20, None)], 1);
        check(&[clip(0, 5, None), clip(5, 20, None)], 0);
    }

    #[test]
    fn a_fade_with_points_is_a_fade() {
        let mut right = clip(5, 20, None);
        let point = |at, level| GainPoint {
            at: Pos::new(Rational::from_int(at)),
            gain: Decibels::new(level),
        };
        right.automation = vec![Automation {
            curve: Curve::LinearGain,
            points: vec![point(5, f64::NEG_INFINITY), point(10, 0.0)],
        }];
        check(&[clip(0, 10, None), right], 0);
    }
}
