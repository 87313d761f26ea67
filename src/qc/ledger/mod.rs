//! What the plan proves: which source samples went where, and by which rule.
//!
//! **Invariant:** what is said here follows from the plan alone; a statement that holds names what was looked at,
//! and one that does not hold is a fault of M2 or M6 as well.

mod certificate;
mod heard;

use std::collections::BTreeSet;

use crate::conform::plan::{Because, Composite, Plan, Segment, Stem};
use crate::spec::{Spec, SpecStem};
use crate::stem::Group;

pub(super) use certificate::certificate;
use heard::Heard;

/// Whether a stem takes dialogue.
pub(super) fn is_dialogue(stem: &SpecStem) -> bool {
    stem.groups
        .iter()
        .any(|group| group.root() == Group::Dialogue)
}

/// Whether a stem takes nothing but dialogue.
fn is_only_dialogue(stem: &SpecStem) -> bool {
    !stem.groups.is_empty()
        && stem
            .groups
            .iter()
            .all(|group| group.root() == Group::Dialogue)
}

/// Whether a stem stays out of the M&E though it is no dialogue.
pub(super) fn is_optional(stem: &SpecStem) -> bool {
    stem.groups.contains(&Group::Optional)
}

fn of_spec<'a>(spec: &'a Spec, code: &str) -> Option<&'a SpecStem> {
    spec.stems.iter().find(|stem| stem.code.as_str() == code)
}

/// Something that has to be free of dialogue.
#[derive(Debug)]
pub(super) struct MusicAndEffects<'a> {
    /// The composite; none where only its stems are there.
    pub(super) code: Option<&'a str>,
    /// The stems that it is the sum of.
    pub(super) stems: Vec<&'a Stem>,
}

impl MusicAndEffects<'_> {
    /// `ME (MX + FX)`, or the stems alone.
    pub(super) fn called(&self) -> String {
        let codes: Vec<&str> = self.stems.iter().map(|stem| stem.code.as_str()).collect();
        let sum = codes.join(" + ");
        self.code
            .map_or_else(|| sum.clone(), |code| format!("{code} ({sum})"))
    }
}

/// Every M&E of a plan: composites that are called so, and those of music and effects without dialogue and
/// optional material. Without any, the stems that one would be made of.
pub(super) fn music_and_effects<'a>(spec: &Spec, plan: &'a Plan) -> Vec<MusicAndEffects<'a>> {
    let of = |composite: &'a Composite| MusicAndEffects {
        code: Some(composite.code.as_str()),
        stems: plan
            .stems
            .iter()
            .filter(|stem| composite.stems.contains(&stem.code))
            .collect(),
    };
    let all = plan.composites.iter();
    let found: Vec<_> = all.filter(|c| is_me(spec, c)).map(of).collect();
    if !found.is_empty() {
        return found;
    }
    let belongs = |stem: &SpecStem| {
        let takes = |root| stem.groups.iter().any(|group| group.root() == root);
        let wanted = takes(Group::Music) || takes(Group::Effects);
        wanted && !is_dialogue(stem) && !is_optional(stem)
    };
    let stems = plan.stems.iter();
    let stems: Vec<&Stem> = stems
        .filter(|stem| of_spec(spec, &stem.code).is_some_and(belongs))
        .collect();
    if stems.is_empty() {
        return Vec::new();
    }
    vec![MusicAndEffects { code: None, stems }]
}

/// Whether a composite is an M&E: by its name, or by what the spec sends to its stems.
fn is_me(spec: &Spec, composite: &Composite) -> bool {
    let rest = composite.code.strip_prefix("ME");
    let numbered = rest.is_some_and(|rest| rest.chars().all(|c| !c.is_ascii_alphabetic()));
    let label = composite.label.to_lowercase();
    let labelled = ["music and effects", "music & effects", "m&e"]
        .iter()
        .any(|name| label.contains(name));
    let groups: Vec<Group> = composite
        .stems
        .iter()
        .filter_map(|code| of_spec(spec, code))
        .flat_map(|stem| stem.groups.iter().map(|group| group.root()))
        .collect();
    let has = |group| groups.contains(&group);
    let made_so =
        has(Group::Music) && has(Group::Effects) && !has(Group::Dialogue) && !has(Group::Optional);
    numbered || labelled || made_so
}

/// Why something does not belong in an M&E.
#[derive(Debug)]
pub(super) enum Why<'a> {
    /// The M&E holds a stem that takes nothing but dialogue.
    Stem,
    /// The clip is of a dialogue group.
    Group,
    /// A rule sends it there without saying what it is, and everything speaks for dialogue.
    Evidence(&'a str),
    /// The same samples of the source are dialogue in another stem.
    Same(&'a Segment),
    /// The evidence speaks for dialogue, with doubt.
    Doubt(&'a str),
    /// Nothing tells what it is, and the user sent it there.
    Unknown,
}

impl Why<'_> {
    /// Whether it is certain.
    pub(super) const fn is_sure(&self) -> bool {
        !matches!(self, Self::Doubt(_) | Self::Unknown)
    }
}

/// A clip in an M&E, or a whole stem of it, that does not belong there.
#[derive(Debug)]
pub(super) struct Planted<'a> {
    pub(super) stem: &'a Stem,
    pub(super) segment: Option<&'a Segment>,
    pub(super) why: Why<'a>,
}

/// What is dialogue in an M&E, or may be.
pub(super) fn dialogue_in<'a>(
    spec: &Spec,
    plan: &'a Plan,
    me: &MusicAndEffects<'a>,
) -> Vec<Planted<'a>> {
    let inside: BTreeSet<&str> = me.stems.iter().map(|stem| stem.code.as_str()).collect();
    let outside = plan
        .stems
        .iter()
        .filter(|stem| !inside.contains(stem.code.as_str()));
    let takes_dialogue = |stem: &Stem| of_spec(spec, &stem.code).is_some_and(is_dialogue);
    let spoken = outside.flat_map(|stem| {
        let all = takes_dialogue(stem);
        let segments = stem.segments.iter();
        segments.filter(move |segment| all && is_class(segment, true) || is_class(segment, false))
    });
    let spoken = Heard::new(plan, spoken);
    let mut found = Vec::new();
    for stem in &me.stems {
        if of_spec(spec, &stem.code).is_some_and(is_only_dialogue) && !stem.segments.is_empty() {
            found.push(Planted {
                stem,
                segment: None,
                why: Why::Stem,
            });
            continue;
        }
        let heard = stem.segments.iter().filter(|s| heard::is_heard(s));
        let planted = heard.filter_map(|segment| {
            Some(Planted {
                stem,
                segment: Some(segment),
                why: why(plan, segment, &spoken)?,
            })
        });
        found.extend(planted);
    }
    found
}

/// Whether a segment is of a dialogue group; in a stem of dialogue (`there`) also one of no known group.
fn is_class(segment: &Segment, there: bool) -> bool {
    match segment.because.group.parse::<Group>() {
        Ok(group) => group.root() == Group::Dialogue,
        Err(_) => there,
    }
}

fn why<'a>(plan: &'a Plan, segment: &'a Segment, spoken: &Heard<'a>) -> Option<Why<'a>> {
    if is_class(segment, false) {
        return Some(Why::Group);
    }
    let otherwise = segment.because.otherwise.as_ref();
    let seems = otherwise.filter(|other| {
        let group: Option<Group> = other.group.parse().ok();
        group.is_some_and(|group| group.root() == Group::Dialogue)
    });
    if let Some(other) = seems.filter(|other| other.sure) {
        return Some(Why::Evidence(&other.group));
    }
    if let Some(same) = spoken.shares(plan, segment) {
        return Some(Why::Same(same));
    }
    if let Some(other) = seems {
        return Some(Why::Doubt(&other.group));
    }
    (segment.because.rule == Because::ON_UNASSIGNED).then_some(Why::Unknown)
}

/// Segments of an M&E that are sung: backing belongs there, words that a dub replaces do not.
pub(super) fn sung_in<'a>(
    me: &MusicAndEffects<'a>,
) -> impl Iterator<Item = (&'a Stem, &'a Segment)> {
    let all = me.stems.iter();
    let all = all.flat_map(|stem| stem.segments.iter().map(move |segment| (*stem, segment)));
    all.filter(|(_, segment)| heard::is_heard(segment))
        .filter(|(_, segment)| segment.because.group.parse() == Ok(Group::Vocals))
}

/// Segments of an M&E whose samples sound in an optional stem too.
pub(super) fn shared_with_optional<'a>(
    spec: &Spec,
    plan: &'a Plan,
    me: &MusicAndEffects<'a>,
) -> Vec<(&'a Stem, &'a Segment)> {
    let optional = Heard::new(
        plan,
        optional_stems(spec, plan).flat_map(|stem| &stem.segments),
    );
    me.stems
        .iter()
        .flat_map(|stem| stem.segments.iter().map(move |segment| (*stem, segment)))
        .filter(|(_, segment)| heard::is_heard(segment))
        .filter(|(_, segment)| optional.shares(plan, segment).is_some())
        .collect()
}

/// The optional stems of a plan.
fn optional_stems<'a>(spec: &Spec, plan: &'a Plan) -> impl Iterator<Item = &'a Stem> {
    let stems = plan.stems.iter();
    stems.filter(|stem| of_spec(spec, &stem.code).is_some_and(is_optional))
}
