//! What the timelines of one job say of each other.

use super::codes::{GIVEN_TWICE, OTHER_RATE};
use crate::finding::Finding;
use crate::timeline::{Clip, Timeline, ValidTimeline};

/// Timelines that do not go together, each a finding: they are conformed as asked for all the same.
pub(super) fn contradictions(timelines: &[ValidTimeline]) -> Vec<Finding> {
    let all: Vec<&Timeline> = timelines.iter().map(ValidTimeline::get).collect();
    let mut findings = Vec::new();
    let Some((first, rest)) = all.split_first() else {
        return findings;
    };
    for other in rest.iter().filter(|other| other.rate != first.rate) {
        let message = format!(
            "{} is at {} frames a second, but {} is at {}, the programme's rate",
            other.file_name, other.rate, first.file_name, first.rate
        );
        let hint = "give --rate if both were cut at one rate";
        findings.push(Finding::new(&OTHER_RATE, message).hint(hint));
    }
    for (i, timeline) in all.iter().enumerate() {
        let before = all.iter().take(i).find(|before| is_same(before, timeline));
        if let Some(before) = before {
            let message = format!(
                "{} has the same clips at the same places as {}",
                timeline.file_name, before.file_name
            );
            let hint = "leave one of them out";
            findings.push(Finding::new(&GIVEN_TWICE, message).hint(hint));
        }
    }
    findings
}

/// Whether two timelines play the same recordings at the same places, whatever they are called.
fn is_same(a: &Timeline, b: &Timeline) -> bool {
    fn clips(timeline: &Timeline) -> impl Iterator<Item = &Clip> {
        timeline.tracks.iter().flat_map(|track| &track.clips)
    }
    let same = |a: &Clip, b: &Clip| {
        (a.record, a.source, &a.media, a.muted) == (b.record, b.source, &b.media, b.muted)
    };
    clips(a).count() == clips(b).count()
        && clips(a).next().is_some()
        && clips(a).zip(clips(b)).all(|(a, b)| same(a, b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{FrameRate, Pos, Rational, Span};
    use crate::timeline::{MediaRef, SourceIn, Track, validate};

    fn timeline(name: &str, rate: FrameRate, record_in: i64) -> ValidTimeline {
        let at = |second: i64| Pos::new(Rational::from_int(second));
        let record = Span::new(at(record_in), at(record_in + 2));
        let source = SourceIn::Head { sync: record.start };
        let clip = Clip::new("c", record, source, MediaRef::default());
        let timeline = Timeline {
            format: "test".into(),
            name: name.into(),
            file_name: name.into(),
            rate,
            start: at(0),
            end: None,
            tracks: vec![Track {
                clips: vec![clip],
                ..Track::default()
            }],
            markers: Vec::new(),
        };
        validate(timeline).0
    }

    fn check(timelines: &[ValidTimeline], expected: &[&str]) {
        let found = contradictions(timelines);
        let codes: Vec<&str> = found.iter().map(|finding| finding.code.id).collect();
        assert_eq!(codes, expected);
    }

    #[test]
    fn lists_of_one_cut_go_together() {
        let (a, b) = (
            timeline("a", FrameRate::F24, 0),
            timeline("b", FrameRate::F24, 5),
        );
        check(&[], &[]);
        check(std::slice::from_ref(&a), &[]);
        check(&[a, b], &[]);
    }

    #[test]
    fn another_rate_and_the_same_list_twice_are_said() {
        let (a, b) = (
            timeline("a", FrameRate::F24, 0),
            timeline("b", FrameRate::F25, 5),
        );
        check(&[a.clone(), b.clone()], &["CNF020"]);
        check(&[a.clone(), a.clone()], &["CNF021"]);
        check(
            &[a.clone(), b.clone(), b, a],
            &["CNF020", "CNF020", "CNF021", "CNF021"],
        );
    }
}
