//! M2: dialogue clips in the M&E, by the ledger.

use crate::qc::check::{Check, Looked, View, faults};
use crate::qc::judgement::Fault;
use crate::qc::ledger::dialogue_in_me;

faults! {
    CLIP = "QCM201", Error, "dialogue clip in the M&E",
        "The plan puts a clip that is dialogue by its rule or its evidence into a stem of the M&E, or plays a \
         source there that the dialogue stem plays too. Move it with a rule, and conform again.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "M2",
    family: "music_and_effects",
    title: "dialogue clips in the M&E",
    explanation: "From the plan: the set of source samples that sound in a stem of the M&E and in a dialogue stem, \
                  or that are of a dialogue group, is empty.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    let Some((name, plan)) = &view.facts.plan else {
        return Looked::not_applicable("there is no plan beside the files");
    };
    let mut looked = Looked::default();
    looked.file(name);
    for (stem, segment, why) in dialogue_in_me(view.limits.spec(), plan) {
        let message = format!(
            "`{}` (track {}, {}) sounds in {}: {why}",
            segment.clip.name, segment.clip.track, segment.clip.record_in, stem.code
        );
        let sound = view.facts.sound(&stem.code);
        let fault = match sound {
            Some(sound) => view.fault(CLIP, sound, None, message).over(
                view,
                sound,
                segment.start,
                segment.length,
            ),
            None => Fault {
                file: Some(stem.file.clone()),
                ..Fault::new(CLIP, message)
            },
        };
        looked
            .faults
            .push(fault.advice("give the clip a rule that sends it to the dialogue stem"));
    }
    looked
}
