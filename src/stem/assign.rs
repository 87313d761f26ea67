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
    let tracks = Tracks::of(evidence, &assignments);
    for (clip, assignment) in evidence.iter().zip(&mut assignments) {
        if assignment.decision != Decision::Unassigned {
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
    let built_in = built_in(&gathered, set, by_neighbours, told);
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
    }
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
