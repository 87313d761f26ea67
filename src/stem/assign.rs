//! The stem of each clip.

use std::collections::BTreeMap;

use super::assignment::{Assignment, Decibans, Decision, Reason};
use super::code::Group;
use super::decide::decide;
use super::evidence::Evidence;
use super::gather::{Around, Gathered, Item, gather};
use super::rules::{Outcome, Rule, RuleSet};
use super::set::StemSet;
use super::text::words;
use super::tokens;
use crate::audio::Decibels;

/// What the majority of the sure clips of a track says of one without evidence, in decibans: enough
/// to decide, less than any name.
const NEIGHBOURS: i32 = 12;

/// Fewest sure clips that make a majority.
const FEWEST: usize = 2;

/// The stem of one clip: the user's rules in order, then what is built in. What other clips tell is
/// not looked at.
pub fn assign(rules: &RuleSet, set: &StemSet, evidence: &Evidence) -> Assignment {
    assign_one(rules, set, evidence, Around::of(evidence), None)
}

/// The stems of all clips of a job. Beyond [`assign`]: the names of the whole job tell the language,
/// timelines that are laid over each other sort like tracks where every one of them names a class
/// and not all the same, and clips without evidence follow the majority of their track.
pub fn assign_all(rules: &RuleSet, set: &StemSet, evidence: &[Evidence]) -> Vec<Assignment> {
    let around = around(evidence);
    let mut assignments: Vec<Assignment> = evidence
        .iter()
        .map(|clip| assign_one(rules, set, clip, around, None))
        .collect();
    by_programme(set, evidence, &mut assignments);
    let tracks = Tracks::of(evidence, &assignments);
    for (clip, assignment) in evidence.iter().zip(&mut assignments) {
        // Objects of a scene say what they are themselves or are not known.
        if assignment.decision != Decision::Unassigned || clip.clip.scene.is_some() {
            continue;
        }
        let Some(neighbours) = tracks.majority(clip) else {
            continue;
        };
        let settled = assign_one(rules, set, clip, around, Some(neighbours));
        if settled.stem().is_some() {
            *assignment = settled;
        }
    }
    assignments
}

/// Where nothing tells of any item of a scene, the name of its programme does: a file of one stem.
fn by_programme(set: &StemSet, evidence: &[Evidence], assignments: &mut [Assignment]) {
    let mut told: BTreeMap<&str, bool> = BTreeMap::new();
    for (clip, assignment) in evidence.iter().zip(assignments.iter()) {
        if clip.clip.scene.is_some() {
            *told.entry(clip.timeline).or_default() |= super::scene::tells(assignment);
        }
    }
    for (clip, assignment) in evidence.iter().zip(assignments) {
        let alone = told.get(clip.timeline) == Some(&false);
        if let Some(scene) = clip.clip.scene.as_ref().filter(|_| alone) {
            let found = super::scene::decide_by_programme(&scene.evidence, set);
            *assignment = found.unwrap_or_else(|| assignment.clone());
        }
    }
}

fn assign_one(
    rules: &RuleSet,
    set: &StemSet,
    evidence: &Evidence,
    around: Around,
    neighbours: Option<Item>,
) -> Assignment {
    let mut gathered = gather(evidence, around);
    let by_neighbours = neighbours.is_some();
    let told = neighbours.as_ref().map(|item| item.text.clone());
    gathered.items.extend(neighbours);
    let rule = rules.first_match(evidence);
    let built_in = match &evidence.clip.scene {
        Some(scene) => super::scene::decide(&scene.evidence, set),
        None => built_in(&gathered, set, by_neighbours, told),
    };
    match rule {
        Some(rule) => ruled(rule, built_in),
        None => built_in,
    }
}

/// What the built-in rules say.
fn built_in(
    gathered: &Gathered,
    set: &StemSet,
    by_neighbours: bool,
    told: Option<String>,
) -> Assignment {
    let verdict = decide(gathered, set);
    let reviews: Vec<String> = told.into_iter().chain(verdict.review).collect();
    Assignment {
        decision: verdict.decision,
        gain: Decibels::ZERO,
        map: None,
        rule: verdict.rule,
        evidence: verdict.evidence,
        review: (!reviews.is_empty()).then(|| reviews.join("; ")),
        by_neighbours,
        otherwise: None,
    }
}

/// What a rule of the user makes of it. The built-in evidence stays in the list, for the report, and
/// says the finer kind where it agrees on the stem.
fn ruled(rule: &Rule, built_in: Assignment) -> Assignment {
    let decision = match &rule.outcome {
        Outcome::Undecided => built_in.decision.clone(),
        Outcome::Ignore => Decision::Ignore,
        Outcome::Stem { code, group, exact } => {
            let known = built_in.group().filter(|_| built_in.stem() == Some(code));
            Decision::Stem {
                code: code.clone(),
                group: known.filter(|_| !exact).unwrap_or(*group),
            }
        }
    };
    let decided = rule.outcome != Outcome::Undecided;
    let otherwise = contradicted(rule, &built_in);
    let says = match &decision {
        Decision::Stem { group, .. } => Some(*group),
        Decision::Ignore | Decision::Unassigned => None,
    };
    let reason = Reason {
        rule: rule.label.clone(),
        says,
        weight: Decibans(100),
        text: rule.text.clone(),
    };
    let mut evidence = built_in.evidence;
    evidence.insert(0, reason);
    Assignment {
        decision,
        gain: rule.gain,
        map: rule.map.clone(),
        rule: if decided {
            rule.label.clone()
        } else {
            built_in.rule
        },
        evidence,
        review: built_in.review.filter(|_| !decided),
        by_neighbours: built_in.by_neighbours && !decided,
        otherwise,
    }
}

/// What the evidence takes a clip for, where a rule sends it to another class. A rule that names the kind of
/// sound has said what the clip is, and is believed.
fn contradicted(rule: &Rule, built_in: &Assignment) -> Option<(Group, bool)> {
    let Outcome::Stem {
        group,
        exact: false,
        ..
    } = &rule.outcome
    else {
        return None;
    };
    let seems = built_in.group()?;
    let sure = built_in.review.is_none();
    (seems.root() != group.root()).then_some((seems, sure))
}

/// What the names of the whole job tell.
fn around(evidence: &[Evidence]) -> Around {
    let mut language = tokens::Language::default();
    let mut timelines: BTreeMap<&str, Option<Group>> = BTreeMap::new();
    let mut track: Option<(&str, u32, &str)> = None;
    for clip in evidence {
        let mut read = |name: &str| {
            let words = words(name);
            let found = tokens::language(std::iter::once(words.as_slice()));
            language.french |= found.french;
            language.english |= found.english;
        };
        read(&clip.clip.name);
        let here = (clip.timeline, clip.track.number, clip.track.name.as_str());
        if track != Some(here) {
            track = Some(here);
            read(&clip.track.name);
            read(clip.timeline);
            timelines
                .entry(clip.timeline)
                .or_insert_with(|| class_of(clip.timeline));
        }
    }
    let classes: Vec<Option<Group>> = timelines.into_values().collect();
    let all = classes.iter().all(Option::is_some);
    let several = classes.windows(2).any(|two| two.first() != two.last());
    Around {
        language,
        timelines_sort: all && several,
    }
}

/// The one class that a timeline's name stands for.
fn class_of(timeline: &str) -> Option<Group> {
    let hits = tokens::read(
        &words(timeline),
        tokens::Scope::Label,
        tokens::Language::default(),
    );
    let mut classes = hits.iter().filter_map(|hit| match hit.kind {
        tokens::Kind::Is(group) if hit.strength == tokens::Strength::Explicit => Some(group.root()),
        _ => None,
    });
    let first = classes.next()?;
    classes.all(|class| class == first).then_some(first)
}

/// A track of a timeline: a name alone is not unique.
type TrackKey<'a> = (&'a str, u32, &'a str);

/// How many sure clips of each kind stand on each track.
struct Tracks<'a> {
    counts: BTreeMap<TrackKey<'a>, BTreeMap<Group, usize>>,
}

impl<'a> Tracks<'a> {
    fn key(clip: &Evidence<'a>) -> TrackKey<'a> {
        (clip.timeline, clip.track.number, clip.track.name.as_str())
    }

    fn of(evidence: &[Evidence<'a>], assignments: &[Assignment]) -> Self {
        let mut counts: BTreeMap<TrackKey, BTreeMap<Group, usize>> = BTreeMap::new();
        for (clip, assignment) in evidence.iter().zip(assignments) {
            let sure = assignment.group().filter(|_| assignment.review.is_none());
            if let Some(group) = sure {
                let track = counts.entry(Self::key(clip)).or_default();
                *track.entry(group.root()).or_default() += 1;
            }
        }
        Self { counts }
    }

    /// What more than half of the sure clips of the clip's track say.
    fn majority(&self, clip: &Evidence<'a>) -> Option<Item> {
        let track = self.counts.get(&Self::key(clip))?;
        let all: usize = track.values().sum();
        let (class, count) = track.iter().max_by_key(|(_, count)| **count)?;
        if *count < FEWEST || count * 2 <= all {
            return None;
        }
        let text = format!(
            "only its neighbours tell: {count} of {all} sure clips on the track are {class}"
        );
        Some(Item::of_neighbours(*class, NEIGHBOURS, text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::ChannelLayout;
    use crate::stem::Stem;
    use crate::time::{Pos, Rational, Span};
    use crate::timeline::{Clip, MediaRef, SourceIn, Track};

    fn set() -> StemSet {
        let stem = |code: &str, group| Stem {
            code: code.parse().unwrap(),
            layout: ChannelLayout::stereo(),
            groups: vec![group],
        };
        let kinds = [
            ("DX", Group::Dialogue),
            ("MX", Group::Music),
            ("FX", Group::Effects),
        ];
        StemSet::new(kinds.map(|(code, group)| stem(code, group)).to_vec()).unwrap()
    }

    /// Clips as `timeline/track/name`; what each comes to, `?` where a person should look.
    fn check(clips: &[&str], want: &str) {
        let parts: Vec<(&str, Track, Clip)> = clips.iter().map(|text| parse(text)).collect();
        let evidence: Vec<Evidence> = parts
            .iter()
            .map(|(timeline, track, clip)| Evidence {
                timeline,
                track,
                clip,
                media: None,
            })
            .collect();
        let got = assign_all(&RuleSet::default(), &set(), &evidence);
        let got: Vec<String> = got
            .iter()
            .map(|a| {
                let mark = if a.review.is_some() { "?" } else { "" };
                a.stem()
                    .map_or("-".to_owned(), |stem| format!("{stem}{mark}"))
            })
            .collect();
        assert_eq!(got.join(" "), want, "{clips:?}");
    }

    fn parse(text: &str) -> (&str, Track, Clip) {
        let mut parts = text.split('/');
        let mut part = || parts.next().unwrap();
        let (timeline, track, name) = (part(), part(), part());
        let track = Track {
            name: track.to_owned(),
            ..Track::default()
        };
        let span = Span::new(Pos::ZERO, Pos::new(Rational::ONE));
        let source = SourceIn::Head { sync: Pos::ZERO };
        (
            timeline,
            track,
            Clip::new(name, span, source, MediaRef::default()),
        )
    }

    #[test]
    fn a_clip_without_evidence_follows_its_track() {
        check(&["r/A1/1-2B", "r/A1/2A-3", "r/A1/scream"], "DX DX DX?");
        check(&["r/A1/1-2B", "r/A1/scream"], "DX -");
        check(&["r/A1/1-2B", "r/A1/2A-3", "r/A2/scream"], "DX DX -");
        check(&["r/A1/1-2B", "q/A1/2A-3", "r/A1/scream"], "DX DX -");
        let mixed = [
            "r/A1/1-2B",
            "r/A1/2A-3",
            "r/A1/x FX",
            "r/A1/y FX",
            "r/A1/scream",
        ];
        check(&mixed, "DX DX FX FX -");
        check(&["r/A1/1-2B", "r/A1/2A-3", "r/A1/2POP"], "DX DX -");
        check(&["r/A1/1-2B", "r/A1/2A-3", "r/A1/full mix"], "DX DX -");
    }

    #[test]
    fn lists_of_one_stem_each_sort_like_tracks() {
        check(&["R1_DX/A1/a", "R1_MX/A1/b", "R1_FX/A1/c"], "DX MX FX");
        check(&["R1_DX/A1/a", "R2_DX/A1/b"], "- -");
        check(&["R1_DX/A1/a", "R1/A1/b"], "- -");
        check(&["R1_DX/A1/a", "R1_MX/A1/b", "R1_MX/A1/c DX"], "DX MX DX");
    }

    #[test]
    fn other_names_tell_the_language() {
        check(&["r/VO/a", "r/Bruitage/b"], "DX FX");
        check(&["r/VO/a", "r/FX/b"], "DX FX");
        check(&["r/VO/a"], "DX?");
    }
}
