//! The one file that has the same fault throughout.

use super::describe::{Described, describe};
use super::{Diagnosis, Kind, mix_name};
use crate::meter::cross::{Relation, Residue};
use crate::qc::check::View;
use crate::qc::facts::{Culprit, Sum, SumWindow};

/// A sound and what it has suffered in a window.
type Suspicion<'a> = (usize, &'a Relation, &'a SumWindow);

/// What one file has suffered throughout.
pub(super) struct Named {
    pub(super) diagnoses: Vec<Diagnosis>,
    /// The file and how it stands.
    pub(super) culprit: Culprit,
}

/// The faults of one file that explain nearly every window that was looked into.
pub(super) fn name(view: &View<'_>, sum: &Sum, real: &[(usize, &Residue)]) -> Option<Named> {
    let windows: Vec<&SumWindow> = sum
        .windows
        .iter()
        .filter(|window| real.iter().any(|(index, _)| *index == window.stretch))
        .filter(|window| window.samples >= 4_096)
        .collect();
    if windows.is_empty() {
        return None;
    }
    let mut best: Option<(usize, Named)> = None;
    let everyone = sum.stems.iter().copied().chain([sum.composite]);
    for sound in everyone {
        let suspicions: Vec<Suspicion<'_>> = windows
            .iter()
            .filter_map(|window| {
                let relation = window.relations.iter().find(|(index, _)| *index == sound)?;
                Some((sound, &relation.1, *window))
            })
            .collect();
        // What another sum clears is right by itself: then the mix holds it wrongly.
        let cleared = is_cleared(view, sum, sound);
        let Some((weight, named)) = accuse(view, sum, real, &suspicions, cleared) else {
            continue;
        };
        // A file that fails in several sums is the likelier one.
        let failing = if cleared {
            0
        } else {
            failing_sums(view, sound)
        };
        let weight = 2 * weight + failing;
        if best.as_ref().is_none_or(|(most, _)| weight > *most) {
            best = Some((weight, named));
        }
    }
    best.map(|(_, named)| named)
}

/// Whether another sum holds the sound and is right: then it is not the culprit.
fn is_cleared(view: &View<'_>, sum: &Sum, sound: usize) -> bool {
    view.facts.sums.iter().any(|other| {
        let holds = other.composite == sound || other.stems.contains(&sound);
        other.composite != sum.composite && holds && other.residual.stretches.is_empty()
    })
}

fn failing_sums(view: &View<'_>, sound: usize) -> usize {
    let holds = |sum: &&Sum| sum.composite == sound || sum.stems.contains(&sound);
    view.facts
        .sums
        .iter()
        .filter(holds)
        .filter(|sum| !sum.residual.stretches.is_empty())
        .count()
}

/// What a sound has suffered if it is the culprit, and in how many windows that shows.
fn accuse(
    view: &View<'_>,
    sum: &Sum,
    real: &[(usize, &Residue)],
    suspicions: &[Suspicion<'_>],
    cleared: bool,
) -> Option<(usize, Named)> {
    let sound = suspicions.first()?.0;
    let first = real.iter().map(|(_, r)| r.first).min()?;
    let last = real.iter().map(|(_, r)| r.last).max()?;
    let make = |is: Described| is.over(sound, (first, last - first + 1));
    if let Some((weight, is, silent)) = absent(view, sum, suspicions) {
        let relation = suspicions.first()?.1.clone();
        let found = Diagnosis {
            stem_is_silent: silent,
            ..make(is)
        };
        let named = Named {
            diagnoses: vec![found],
            culprit: Culprit { sound, relation },
        };
        return Some((weight, named));
    }
    let (count, relation) = agreed(view, suspicions)?;
    let relation = relation.clone();
    let culprit = Culprit { sound, relation };
    let relation = &culprit.relation;
    let diagnoses: Vec<Diagnosis> = if cleared {
        let mix = mix_name(view, sum);
        let in_mix = |is: Described| Diagnosis {
            sound: sum.composite,
            message: format!("in {mix}, {}", is.message),
            ..make(is)
        };
        let all = describe(view, sound, &turned(relation));
        all.into_iter().map(in_mix).collect()
    } else {
        let all = describe(view, sound, relation);
        all.into_iter().map(make).collect()
    };
    let named = Named { diagnoses, culprit };
    (!named.diagnoses.is_empty()).then_some((count, named))
}

/// A file that is silent, or not in the mix, in every window: how many, what it is, and whether it is the file.
fn absent(
    view: &View<'_>,
    sum: &Sum,
    suspicions: &[Suspicion<'_>],
) -> Option<(usize, Described, bool)> {
    let sound = suspicions.first()?.0;
    let called = view.facts.sounds.get(sound)?.called();
    let all = suspicions.len();
    if suspicions.iter().all(|(_, r, _)| r.missing) {
        let message = if sound == sum.composite {
            format!("{called} is silent where its stems sound")
        } else {
            format!("{called} is silent where the mix holds it")
        };
        let is = Described {
            kind: Kind::Missing,
            message,
            measured: "silence".to_owned(),
            limit: "the stem",
            channel: None,
        };
        return Some((all, is, true));
    }
    let extra = suspicions.iter().all(|(_, r, _)| r.extra);
    let lacking = extra.then(|| lacking(view, sum, sound)).flatten();
    lacking.map(|is| (all, is, false))
}

/// A mix that does not hold a stem.
pub(super) fn lacking(view: &View<'_>, sum: &Sum, sound: usize) -> Option<Described> {
    let called = view.facts.sounds.get(sound)?.called();
    Some(Described {
        kind: Kind::Missing,
        message: format!("{} does not hold {called}", mix_name(view, sum)),
        measured: "absent".to_owned(),
        limit: "present",
        channel: None,
    })
}

/// The relation on which most windows agree, and in how many it shows. Those count in which it could show.
fn agreed<'a>(view: &View<'_>, suspicions: &[Suspicion<'a>]) -> Option<(usize, &'a Relation)> {
    let length = view.facts.sounds.get(suspicions.first()?.0)?.length;
    let exact = || {
        let all = suspicions.iter().copied();
        all.filter(|(_, r, _)| r.is_exact() && !r.missing && !r.is_same())
            .map(|(_, r, _)| r)
    };
    let like = |a: &Relation| exact().filter(|b| is_like(a, b)).count();
    let best = exact().max_by_key(|r| (like(r), r.channels.len()))?;
    let count = like(best);
    let could = suspicions.iter().filter(|(_, r, window)| {
        let there = |end: u64| {
            let at = end.checked_add_signed(best.lag);
            at.is_some_and(|at| at <= length)
        };
        let inside = there(window.start) && there(window.start + window.samples);
        inside && !r.missing && !r.channels.is_empty()
    });
    (count * 10 >= could.count() * 6).then_some((count, best))
}

/// The relation as seen from the mix: what stands in it, against the file that is right.
pub(super) fn turned(relation: &Relation) -> Relation {
    let channel = |c: &crate::meter::cross::ChannelRelation| crate::meter::cross::ChannelRelation {
        expected: c.found,
        found: c.expected,
        gain: 1.0 / c.gain,
        lag: -c.lag,
        ..*c
    };
    Relation {
        lag: -relation.lag,
        channels: relation.channels.iter().map(channel).collect(),
        ..relation.clone()
    }
}

/// Whether two relations say the same of every channel that both know.
fn is_like(a: &Relation, b: &Relation) -> bool {
    let near = |x: f64, y: f64| (x - y).abs() < 2e-3 * y.abs().max(1e-3);
    let mut pairs = a.channels.iter().flat_map(|x| {
        let same = b.channels.iter().filter(|y| y.expected == x.expected);
        same.map(move |y| (x, y))
    });
    a.lag == b.lag
        && pairs.all(|(x, y)| x.found == y.found && x.lag == y.lag && near(x.gain, y.gain))
}
