//! The statements of the ledger.

use std::collections::{BTreeMap, BTreeSet};

use super::{dialogue_in, music_and_effects, optional_stems, shared_with_optional};
use crate::conform::plan::{Composite, Plan, Stem};
use crate::qc::facts::{Facts, Seen};
use crate::qc::judgement::{Certificate, Provenance, RuleShare, Statement};

/// What the plan proves.
pub(in crate::qc) fn certificate(facts: &Facts<'_>, name: &str, plan: &Plan) -> Certificate {
    let mut statements = Vec::new();
    let optional: Vec<&str> = optional_stems(facts.spec, plan)
        .map(|stem| stem.code.as_str())
        .collect();
    for me in music_and_effects(facts.spec, plan) {
        let looked_at = clips(me.stems.iter().copied()) as u64;
        let dialogue = dialogue_in(facts.spec, plan, &me);
        let doubtful = dialogue.iter().filter(|found| !found.why.is_sure()).count();
        let but = match doubtful {
            0 => String::new(),
            1 => "; of 1 clip nothing tells".to_owned(),
            n => format!("; of {n} clips nothing tells"),
        };
        statements.push(Statement {
            text: format!("no clip of a dialogue class sounds in {}{but}", me.called()),
            holds: doubtful == dialogue.len(),
            looked_at,
        });
        if !optional.is_empty() {
            let optional = optional.join(" + ");
            let text = format!("{} and {optional} share no sample of a source", me.called());
            statements.push(Statement {
                text,
                holds: shared_with_optional(facts.spec, plan, &me).is_empty(),
                looked_at,
            });
        }
    }
    let sums = plan.composites.iter();
    statements.extend(sums.map(|composite| sum(facts, plan, composite)));
    Certificate {
        plan: name.to_owned(),
        clips: clips(plan.stems.iter()),
        statements,
        outputs: provenance(plan),
    }
}

fn clips<'a>(stems: impl Iterator<Item = &'a Stem>) -> usize {
    stems.map(|stem| stem.segments.len()).sum()
}

/// What a composite is the sum of, and whether the files bear that out.
fn sum(facts: &Facts<'_>, plan: &Plan, composite: &Composite) -> Statement {
    let stems = composite.stems.join(" + ");
    let folded = composite.fold.as_ref().map_or("", |_| ", folded down");
    let saturated = match &facts.seen {
        Seen::Made(made) => made
            .iter()
            .find(|made| made.code == composite.code)
            .map_or(0, |made| made.saturated),
        Seen::Package => 0,
    };
    let of = |index: usize| facts.sounds.get(index)?.code.as_deref();
    let measured = facts
        .sums
        .iter()
        .filter(|sum| of(sum.composite) == Some(&composite.code))
        .map(|sum| sum.residual.differing)
        .max();
    let differing = saturated.max(measured.unwrap_or_default());
    // Files that nobody has summed again may have been changed since.
    let is = match (&facts.seen, measured) {
        (Seen::Package, None) => "was made as",
        _ => "is",
    };
    let text = format!("{} {is} the integer sum of {stems}{folded}", composite.code);
    let but = match differing {
        0 => String::new(),
        n => format!(", but for {n} samples"),
    };
    Statement {
        text: text + &but,
        holds: differing == 0,
        looked_at: plan.length,
    }
}

/// Which sources went into each output, and by which rules.
fn provenance(plan: &Plan) -> Vec<Provenance> {
    let stems = plan.stems.iter().map(|stem| (&stem.code, vec![stem]));
    let sums = plan.composites.iter().map(|composite| {
        let of = plan.stems.iter();
        let of = of.filter(|stem| composite.stems.contains(&stem.code));
        (&composite.code, of.collect())
    });
    stems
        .chain(sums)
        .map(|(code, stems)| output(code, &stems))
        .collect()
}

fn output(code: &str, stems: &[&Stem]) -> Provenance {
    let mut rules: BTreeMap<&str, (usize, u64)> = BTreeMap::new();
    let mut sources = BTreeSet::new();
    for segment in stems.iter().flat_map(|stem| &stem.segments) {
        sources.insert(segment.source);
        let share = rules.entry(&segment.because.rule).or_default();
        share.0 += 1;
        share.1 = share.1.saturating_add(segment.length);
    }
    let share = |(rule, (clips, samples)): (&str, (usize, u64))| RuleShare {
        rule: rule.to_owned(),
        clips,
        samples,
    };
    Provenance {
        output: code.to_owned(),
        clips: clips(stems.iter().copied()),
        sources: sources.len(),
        rules: rules.into_iter().map(share).collect(),
    }
}
