//! The gate between reading and conforming.

use super::model::{Automation, Clip, Fade, Timeline, Track};
use crate::finding::{Code, Finding, Severity};
use crate::time::{Duration, Pos, Rational, Record};

/// Most clips in one timeline; a feature has some 20,000.
pub const MAX_CLIPS: usize = 4_000_000;

/// Positions reach this far from midnight, in seconds: 100 days, so that programmes may pass
/// midnight and arithmetic on valid positions fits.
const MAX_SECONDS: i64 = 100 * 86_400;

/// Largest denominator of a position: every rate of the field over every sample rate and tick of
/// the formats (254,016,000,000 ticks a second is the finest) fits.
const MAX_DENOMINATOR: i64 = 1 << 40;

/// A clip without length.
const EMPTY_CLIP: Code = Code {
    id: "TML001",
    severity: Severity::Warning,
    title: "clip without length",
    explanation: "A clip whose record out is not after its record in cannot sound. It is dropped; \
                  check the cut at that place.",
};

/// A fade that reaches past its clip.
const LONG_FADE: Code = Code {
    id: "TML002",
    severity: Severity::Warning,
    title: "fade longer than its clip",
    explanation: "A fade longer than the clip it belongs to is shortened to the clip's length.",
};

/// A position or length that no programme has.
const WILD_POSITION: Code = Code {
    id: "TML003",
    severity: Severity::Error,
    title: "position out of bounds",
    explanation: "A position more than 100 days from midnight, or on a grid finer than any format \
                  writes, is a damaged number. The clip is refused.",
};

/// A clip that ends before the programme starts.
const BEFORE_START: Code = Code {
    id: "TML004",
    severity: Severity::Warning,
    title: "clip before the start of the programme",
    explanation: "The clip starts before the start of the timeline. What lies before the start of \
                  the files is not written; give an earlier --start to keep it.",
};

/// The codes of this module.
pub const CODES: &[&Code] = &[&EMPTY_CLIP, &LONG_FADE, &WILD_POSITION, &BEFORE_START];

/// A timeline that the conform may rely on.
///
/// Promises: every clip has a record out after its record in; positions and lengths are within
/// 100 days and on a grid of at most 2^40 steps a second; fades are not negative and not longer than
/// their clip; automation points stand in order of time; clips of a track stand in order of record
/// in; gains are finite or −∞.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidTimeline(Timeline);

impl ValidTimeline {
    /// The timeline.
    pub fn get(&self) -> &Timeline {
        &self.0
    }
}

/// Mends what can be mended without guessing and reports it; the findings of severity error name
/// clips that had to be left out.
pub fn validate(mut timeline: Timeline) -> (ValidTimeline, Vec<Finding>) {
    let mut findings = Vec::new();
    if !sane(timeline.start.seconds()) {
        let message = format!("start {:?} is out of bounds; 0 is used", timeline.start);
        findings.push(Finding::new(&WILD_POSITION, message));
        timeline.start = Pos::ZERO;
    }
    timeline.end = timeline
        .end
        .filter(|end| sane(end.seconds()) && *end > timeline.start);
    let start = timeline.start;
    for track in &mut timeline.tracks {
        validate_track(track, start, &mut findings);
    }
    timeline
        .markers
        .retain(|m| sane(m.at.seconds()) && sane(m.length));
    timeline.markers.sort_by_key(|marker| marker.at);
    (ValidTimeline(timeline), findings)
}

fn validate_track(track: &mut Track, start: Pos<Record>, findings: &mut Vec<Finding>) {
    for curve in &mut track.automation {
        tidy_curve(curve);
    }
    track
        .clips
        .retain_mut(|clip| match validate_clip(clip, start) {
            Ok(notes) => {
                findings.extend(notes);
                true
            }
            Err(refusal) => {
                findings.push(*refusal);
                false
            }
        });
    track.clips.sort_by_key(|clip| clip.record.start);
}

fn validate_clip(clip: &mut Clip, start: Pos<Record>) -> Result<Vec<Finding>, Box<Finding>> {
    let name = clip.name.clone();
    let place = clip.place.clone();
    let finding = |code, message| Finding::new(code, message).at(place.clone());
    let source = match clip.source {
        super::SourceIn::Offset { at, .. } | super::SourceIn::Timecode { at, .. } => at.seconds(),
        super::SourceIn::Head { .. } => Rational::ZERO,
    };
    let bounds = [
        clip.record.start.seconds(),
        clip.record.end.seconds(),
        source,
    ];
    let length = clip
        .record
        .duration()
        .filter(|_| bounds.iter().all(|at| sane(*at)));
    let Some(length) = length.filter(|_| sane(clip.source.sync().seconds())) else {
        let message = format!("clip `{name}` lies out of bounds");
        return Err(Box::new(finding(&WILD_POSITION, message)));
    };
    if length <= Rational::ZERO {
        let message = format!("clip `{name}` has no length and is left out");
        return Err(Box::new(finding(&EMPTY_CLIP, message)));
    }
    let mut notes = Vec::new();
    if clip.record.start < start {
        let message = format!("clip `{name}` starts before the programme");
        notes.push(finding(&BEFORE_START, message));
    }
    for (fade, side) in [(&mut clip.fade_in, "in"), (&mut clip.fade_out, "out")] {
        if limit_fade(fade, length) {
            let message = format!("fade {side} of `{name}` is shortened to the clip");
            notes.push(finding(&LONG_FADE, message));
        }
    }
    for curve in &mut clip.automation {
        tidy_curve(curve);
    }
    clip.automation.retain(|curve| !curve.points.is_empty());
    Ok(notes)
}

/// Drops an empty fade, shortens one that is too long; true where it was.
fn limit_fade(fade: &mut Option<Fade>, length: Duration) -> bool {
    if fade.is_some_and(|f| f.length <= Rational::ZERO) {
        *fade = None;
    }
    match fade {
        Some(f) if f.length > length => {
            f.length = length;
            true
        }
        _ => false,
    }
}

fn tidy_curve(curve: &mut Automation) {
    curve
        .points
        .retain(|p| sane(p.at.seconds()) && !p.gain.value().is_nan());
    curve.points.sort_by_key(|point| point.at);
}

/// Whether a position or length is one that a programme can have.
fn sane(seconds: Rational) -> bool {
    seconds.den() <= MAX_DENOMINATOR
        && seconds > Rational::from_int(-MAX_SECONDS)
        && seconds < Rational::from_int(MAX_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::super::model::{FadeShape, MediaRef, SourceIn};
    use super::*;
    use crate::time::{FrameRate, Span};

    fn timeline(clips: Vec<Clip>) -> Timeline {
        Timeline {
            format: "test".into(),
            name: "t".into(),
            file_name: "t".into(),
            rate: FrameRate::F24,
            start: Pos::new(Rational::from_int(3600)),
            end: None,
            tracks: vec![Track {
                name: "A1".into(),
                clips,
                ..Track::default()
            }],
            markers: Vec::new(),
        }
    }

    fn clip(start: i64, end: i64) -> Clip {
        let at = |s| Pos::new(Rational::from_int(s));
        let source = SourceIn::Head { sync: at(start) };
        Clip::new(
            "c",
            Span::new(at(start), at(end)),
            source,
            MediaRef::default(),
        )
    }

    fn check(clips: Vec<Clip>, kept: usize, codes: &[&str]) -> ValidTimeline {
        let (valid, findings) = validate(timeline(clips));
        assert_eq!(valid.get().tracks[0].clips.len(), kept);
        let found: Vec<&str> = findings.iter().map(|f| f.code.id).collect();
        assert_eq!(found, codes);
        valid
    }

    #[test]
    fn keeps_good_clips_in_order_of_record_in() {
        let valid = check(vec![clip(3610, 3620), clip(3600, 3610)], 2, &[]);
        assert!(valid.get().tracks[0].clips[0].record.start.seconds() == Rational::from_int(3600));
    }

    #[test]
    fn refuses_empty_and_wild_clips() {
        check(
            vec![clip(3610, 3610), clip(3610, 3600)],
            0,
            &["TML001", "TML001"],
        );
        check(vec![clip(3610, i64::MAX)], 0, &["TML003"]);
    }

    #[test]
    fn shortens_fades() {
        let mut long = clip(3600, 3601);
        let shape = Some(FadeShape::Linear);
        long.fade_in = Some(Fade {
            length: Rational::from_int(2),
            shape,
        });
        long.fade_out = Some(Fade {
            length: Rational::ZERO,
            shape,
        });
        let valid = check(vec![long], 1, &["TML002"]);
        let kept = &valid.get().tracks[0].clips[0];
        assert_eq!(kept.fade_in.unwrap().length, Rational::ONE);
        assert_eq!(kept.fade_out, None);
    }
}
