//! Pieces that Pro Tools drew itself: fades, and edits that fall between frames.

use std::collections::{BTreeMap, BTreeSet};

use super::codes;
use crate::audio::Channel;
use crate::finding::Finding;
use crate::time::{Duration, Pos, Rational, Record};
use crate::timeline::{Clip, Fade, Rendered, SourceIn, Timeline, Track};

/// How long recordings are, by the identifier of their file, in seconds.
pub(super) type Lengths = BTreeMap<String, Duration>;

/// Names of rendered fades in the languages of the program: English, German and Japanese; French;
/// Spanish; Chinese, simplified and traditional; Korean.
const FADES: [&str; 6] = ["Fade ", "Fondu ", "Fundido", "淡变 ", "淡變 ", "페이드"];

/// Names of pieces of one frame with an edit inside, in the same languages.
const EDITS: [&str; 8] = [
    "Sample accurate edit",
    "Samplegenaue Bearbeitung",
    "Edición con precisión de muestra",
    "Modification à l'échantillon près",
    "サンプル精度編集",
    "精确采样编辑",
    "精確取樣編輯",
    "샘플 단위 정밀 편집",
];

/// Marks the pieces of a timeline that Pro Tools drew; returns a finding with their number.
pub(super) fn mark(timeline: &mut Timeline) -> Option<Finding> {
    let mut count = 0;
    for clip in timeline
        .tracks
        .iter_mut()
        .flat_map(|track| &mut track.clips)
    {
        clip.rendered = kind(&clip.name);
        count += usize::from(clip.rendered.is_some());
    }
    (count > 0).then(|| {
        let message = format!("{count} clips are fades or edits that Pro Tools has drawn");
        Finding::new(&codes::RENDERED, message)
    })
}

/// Replaces drawn fades by true ones where the clips beside them reach far enough; returns a
/// finding for each. Drawn edits beside such a fade go with it; those that stand alone are exact as
/// they are and stay.
pub(super) fn replace(timeline: &mut Timeline, lengths: &Lengths) -> Vec<Finding> {
    let mut findings = Vec::new();
    for track in &mut timeline.tracks {
        let lanes: BTreeSet<Option<Channel>> = track.clips.iter().map(|c| c.speaker).collect();
        let mut gone = BTreeSet::new();
        for lane in lanes {
            let clips: Vec<usize> = (0..track.clips.len())
                .filter(|&i| track.clips[i].speaker == lane)
                .collect();
            for run in runs(track, &clips) {
                if replace_run(track, &clips, &run, lengths, &mut findings).is_some() {
                    gone.extend(run.iter().map(|&at| clips[at]));
                }
            }
        }
        let mut at = 0;
        track.clips.retain(|_| {
            at += 1;
            !gone.contains(&(at - 1))
        });
        track.clips.sort_by_key(|clip| clip.record.start);
    }
    findings
}

/// Stretches of drawn pieces without a gap, with exactly one fade among them: indexes into `clips`.
fn runs(track: &Track, clips: &[usize]) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    for (at, &i) in clips.iter().enumerate() {
        let clip = &track.clips[i];
        if clip.rendered.is_none() {
            continue;
        }
        let joins = runs.last().and_then(|run| run.last()).is_some_and(|&last| {
            last + 1 == at && track.clips[clips[last]].record.end == clip.record.start
        });
        match runs.last_mut() {
            Some(run) if joins => run.push(at),
            _ => runs.push(vec![at]),
        }
    }
    let is_fade = |at: &&usize| track.clips[clips[**at]].rendered == Some(Rendered::Fade);
    runs.retain(|run| run.iter().filter(is_fade).count() == 1);
    runs
}

/// Makes the clips beside a run reach over it with a fade; `None` where they do not reach so far.
fn replace_run(
    track: &mut Track,
    clips: &[usize],
    run: &[usize],
    lengths: &Lengths,
    findings: &mut Vec<Finding>,
) -> Option<()> {
    let (first, last) = (*run.first()?, *run.last()?);
    let from = track.clips[clips[first]].record.start;
    let to = track.clips[clips[last]].record.end;
    let length = to.since(from)?;
    let touching = |at: Option<usize>, near: fn(&Clip) -> Pos<Record>, edge| {
        let i = *clips.get(at?)?;
        (near(&track.clips[i]) == edge).then_some(i)
    };
    let before = touching(first.checked_sub(1), |clip| clip.record.end, from);
    let after = touching(last.checked_add(1), |clip| clip.record.start, to);
    let reach_on = |i: usize| reaches(&track.clips[i], to, lengths, length).is_some();
    let reach_back = |i: usize| reaches_back(&track.clips[i], length).is_some();
    let possible = before.is_none_or(reach_on) && after.is_none_or(reach_back);
    if !possible || (before.is_none() && after.is_none()) {
        return None;
    }
    let fade = Fade {
        length,
        shape: None,
    };
    if let Some(i) = before {
        track.clips[i].record.end = to;
        track.clips[i].fade_out = Some(fade);
    }
    if let Some(i) = after {
        let clip = &mut track.clips[i];
        clip.source = reaches_back(clip, length)?;
        clip.record.start = from;
        clip.fade_in = Some(fade);
    }
    let place = track.clips[clips[first]].place.clone();
    let message = format!("a drawn fade of {:.3} s is now a true one", length.to_f64());
    findings.push(Finding::new(&codes::TRUE_FADE, message).at(place));
    Some(())
}

/// Whether a clip's recording goes on for so long after it.
fn reaches(clip: &Clip, to: Pos<Record>, lengths: &Lengths, more: Duration) -> Option<()> {
    let SourceIn::Offset { at, sync } = clip.source else {
        return None;
    };
    let whole = *lengths.get(clip.media.umid.as_ref()?)?;
    let end = at.seconds().checked_add(to.since(sync)?)?;
    (end <= whole && more > Rational::ZERO).then_some(())
}

/// Where a clip's recording is when it starts so much earlier.
fn reaches_back(clip: &Clip, by: Duration) -> Option<SourceIn> {
    let SourceIn::Offset { at, sync } = clip.source else {
        return None;
    };
    let late = clip.record.start.since(sync)?;
    let earlier = at.seconds().checked_add(late)?.checked_sub(by)?;
    let sync = clip.record.start.checked_sub(by)?;
    (earlier >= Rational::ZERO).then_some(SourceIn::Offset {
        at: Pos::new(earlier),
        sync,
    })
}

fn kind(name: &str) -> Option<Rendered> {
    if FADES.contains(&name) {
        return Some(Rendered::Fade);
    }
    EDITS
        .contains(&name)
        .then_some(Rendered::SampleAccurateEdit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_program_not_of_people() {
        for (name, expect) in [
            ("Fade ", Some(Rendered::Fade)),
            ("Fade", None),
            ("Fade 1", None),
            ("페이드", Some(Rendered::Fade)),
            (
                "Modification à l'échantillon près",
                Some(Rendered::SampleAccurateEdit),
            ),
        ] {
            assert_eq!(kind(name), expect, "{name}");
        }
    }
}
