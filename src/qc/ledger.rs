//! What the plan proves: which source samples went where.

use std::collections::BTreeMap;

use super::judgement::{Certificate, Statement};
use crate::conform::plan::{Plan, Segment, Stem};
use crate::spec::{Spec, SpecStem};
use crate::stem::Group;

/// Whether a stem takes dialogue.
pub(super) fn is_dialogue(stem: &SpecStem) -> bool {
    stem.groups
        .iter()
        .any(|group| group.root() == Group::Dialogue)
}

/// Whether a stem stays out of the M&E though it is no dialogue.
pub(super) fn is_optional(stem: &SpecStem) -> bool {
    stem.groups.contains(&Group::Optional)
}

/// The stems of the plan that the M&E is the sum of: those of every composite without dialogue and optional
/// material, or, without one, every stem of neither.
fn me_stems<'a>(spec: &Spec, plan: &'a Plan) -> Vec<&'a Stem> {
    let kept_out = |code: &str| {
        let stem = spec.stems.iter().find(|stem| stem.code.as_str() == code);
        stem.is_some_and(|stem| is_dialogue(stem) || is_optional(stem))
    };
    plan.stems
        .iter()
        .filter(|stem| !kept_out(&stem.code))
        .collect()
}

fn stems_where<'a>(spec: &Spec, plan: &'a Plan, wanted: fn(&SpecStem) -> bool) -> Vec<&'a Stem> {
    let holds = |stem: &&Stem| {
        let of = spec.stems.iter().find(|of| of.code.as_str() == stem.code);
        of.is_some_and(wanted)
    };
    plan.stems.iter().filter(holds).collect()
}

/// A group by its name in the plan.
fn group(segment: &Segment) -> Option<Group> {
    Group::all().find(|group| group.name() == segment.because.group)
}

/// Source samples that a segment reads, first and last; at another rate its length is scaled.
fn reads(plan: &Plan, segment: &Segment) -> (i64, i64) {
    let rate = plan
        .sources
        .get(segment.source)
        .map_or(plan.sample_rate, |source| source.sample_rate);
    let scale = |frames: u64| {
        let wide = u128::from(frames) * u128::from(rate) / u128::from(plan.sample_rate.max(1));
        i64::try_from(wide).unwrap_or(i64::MAX)
    };
    let first = segment.source_start.saturating_add(scale(segment.lead));
    (first, first.saturating_add(scale(segment.length).max(1)))
}

/// Whether anything of a segment is heard.
fn is_heard(segment: &Segment) -> bool {
    segment.gain_db.value() > f64::NEG_INFINITY
        && segment
            .routes
            .iter()
            .any(|route| route.gain.linear() != 0.0)
}

/// Who has said something about the recorded channels of a segment; the same source in two stems shares
/// sound only where a channel of it feeds both.
fn share_channels(a: &Segment, b: &Segment) -> bool {
    a.routes
        .iter()
        .any(|x| b.routes.iter().any(|y| x.from == y.from))
}

/// Segments of the M&E that are dialogue, with the reason in words.
pub(super) fn dialogue_in_me<'a>(
    spec: &Spec,
    plan: &'a Plan,
) -> Vec<(&'a Stem, &'a Segment, String)> {
    let mut by_source: BTreeMap<usize, Vec<&Segment>> = BTreeMap::new();
    for stem in stems_where(spec, plan, is_dialogue) {
        for segment in stem.segments.iter().filter(|segment| is_heard(segment)) {
            by_source.entry(segment.source).or_default().push(segment);
        }
    }
    let mut found = Vec::new();
    for stem in me_stems(spec, plan) {
        for segment in stem.segments.iter().filter(|segment| is_heard(segment)) {
            if group(segment).is_some_and(|group| group.root() == Group::Dialogue) {
                let why = format!(
                    "it is {} by `{}`",
                    segment.because.group, segment.because.rule
                );
                found.push((stem, segment, why));
                continue;
            }
            let (first, end) = reads(plan, segment);
            let others = by_source
                .get(&segment.source)
                .map_or(&[][..], Vec::as_slice);
            let same = others.iter().find(|other| {
                let (from, to) = reads(plan, other);
                from < end && first < to && share_channels(segment, other)
            });
            if let Some(same) = same {
                let why = format!("the same samples are dialogue as `{}`", same.clip.name);
                found.push((stem, segment, why));
            }
        }
    }
    found
}

/// Segments of the M&E whose samples sound in an optional stem too.
pub(super) fn shared_by_me_and_opt<'a>(
    spec: &Spec,
    plan: &'a Plan,
) -> Vec<(&'a Stem, &'a Segment)> {
    let optional = stems_where(spec, plan, is_optional);
    let heard: Vec<&Segment> = optional
        .iter()
        .flat_map(|stem| &stem.segments)
        .filter(|segment| is_heard(segment))
        .collect();
    let shared = |segment: &Segment| {
        let (first, end) = reads(plan, segment);
        heard.iter().any(|other| {
            let (from, to) = reads(plan, other);
            other.source == segment.source
                && from < end
                && first < to
                && share_channels(segment, other)
        })
    };
    me_stems(spec, plan)
        .into_iter()
        .flat_map(|stem| stem.segments.iter().map(move |segment| (stem, segment)))
        .filter(|(_, segment)| is_heard(segment) && shared(segment))
        .collect()
}

/// What the plan proves.
pub(super) fn certificate(spec: &Spec, name: &str, plan: &Plan) -> Certificate {
    let clips = plan.stems.iter().map(|stem| stem.segments.len()).sum();
    let me: Vec<&str> = me_stems(spec, plan)
        .iter()
        .map(|stem| stem.code.as_str())
        .collect();
    let in_me = me_stems(spec, plan)
        .iter()
        .map(|stem| stem.segments.len() as u64)
        .sum();
    let me = me.join(" + ");
    let statement = |text: String, holds: bool| Statement {
        text,
        holds,
        looked_at: in_me,
    };
    let mut statements = vec![
        statement(
            format!("no sample of a dialogue clip sounds in {me}"),
            dialogue_in_me(spec, plan).is_empty(),
        ),
        statement(
            format!("{me} and the optional stems share no sample of a source"),
            shared_by_me_and_opt(spec, plan).is_empty(),
        ),
    ];
    statements.extend(plan.composites.iter().map(|composite| Statement {
        text: format!(
            "{} is the integer sum of {}",
            composite.code,
            composite.stems.join(" + ")
        ),
        holds: true,
        looked_at: composite.stems.len() as u64,
    }));
    Certificate {
        plan: name.to_owned(),
        clips,
        statements,
    }
}
