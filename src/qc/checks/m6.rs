//! M6: the same material in M&E and optional stem.

use super::m2::at_clip;
use crate::qc::check::{Check, Looked, View, faults};
use crate::qc::facts::Kind;
use crate::qc::judgement::Fault;
use crate::qc::ledger::{music_and_effects, shared_with_optional};

faults! {
    COHERENT = "QCM601", Error, "the same sound in M&E and optional stem",
        "The optional stem is heard in the M&E. Played together, as they are meant to be, they add up or phase. \
         Take the material out of one of them.";
    CLIP = "QCM602", Error, "the same source in M&E and optional stem",
        "The plan plays the same samples of a source in a stem of the M&E and in the optional stem. Decide for one.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "M6",
    family: "music_and_effects",
    title: "material in both M&E and OPT",
    explanation: "The coherent gain from the optional stem to the M&E, as in M1; and, from the plan, source samples \
                  that sound in both.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    let mut looked = Looked::default();
    let limit = view.limits.value("M6", "coherence");
    for facts in &view.facts.leaks {
        let of = |index: usize| view.facts.sounds.get(index);
        let (Some(source), Some(target)) = (of(facts.source), of(facts.target)) else {
            continue;
        };
        if source.kind != Kind::Optional {
            continue;
        }
        looked.sound(view, source);
        looked.sound(view, target);
        let db = |gain: f64| 20.0 * libm::log10(gain.abs());
        let leaks = facts.segments.iter().chain(&facts.whole);
        let sure = leaks.filter(|leak| leak.is_sure() && db(leak.gain) > limit);
        if let Some(leak) = sure.reduce(|a, b| if b.gain.abs() > a.gain.abs() { b } else { a }) {
            let is = format!("{:.1} dB", db(leak.gain));
            let message = format!(
                "{} is heard in {} at {is}",
                source.called(),
                target.called()
            );
            let fault = view.fault(COHERENT, target, None, message);
            let end = leak.end.min(target.length);
            let fault = fault.over(view, target, leak.start, end.saturating_sub(leak.start));
            looked
                .faults
                .push(fault.value(is, format!("under {limit} dB")));
        }
    }
    if let Some((name, plan)) = &view.facts.plan {
        looked.file(name);
        // The versions of an M&E are made of the same clips.
        for me in { music_and_effects(view.limits.spec(), plan) }
            .iter()
            .take(1)
        {
            for (stem, segment) in shared_with_optional(view.limits.spec(), plan, me) {
                let clip = &segment.clip;
                let message = format!(
                    "`{}` (track {}, {}) sounds in {} and in the optional stem",
                    clip.name, clip.track, clip.record_in, stem.code
                );
                let fault = Fault::new(CLIP, message);
                looked
                    .faults
                    .push(at_clip(view, me, (stem, segment), fault));
            }
        }
    }
    looked.or_nothing("there is no optional stem beside the M&E")
}
