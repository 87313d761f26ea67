//! L5: what the measured stretch changes.

use crate::qc::check::{Check, Looked, View, faults};
use crate::qc::facts::Kind;

faults! {
    STRETCH = "QCL501", Warning, "loudness depends on what is measured",
        "Head, tail and pop change the integrated loudness: over the whole file it is another than from the first \
         frame of picture to the last. Say with the delivery which of the two was mixed to.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "L5",
    family: "loudness",
    title: "what the measured stretch changes",
    explanation: "Integrated loudness of a mix over the whole file against that between head and tail padding.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    let mut looked = Looked::default();
    let (head, tail) = view.limits.padding(view.facts);
    if head == 0 && tail == 0 {
        return Looked::not_applicable("the spec has no padding: the file is the programme");
    }
    let limit = view.limits.value("L5", "difference");
    for sound in view.facts.of_kind(Kind::Mix) {
        let Some(measured) = &sound.measured else {
            continue;
        };
        let inside = measured
            .energies
            .between(head, measured.length.saturating_sub(tail));
        let Some((whole, inside)) = measured.integrated.zip(inside.integrated()) else {
            continue;
        };
        looked.sound(view, sound);
        let text = format!("{whole} in all, {inside} of programme");
        looked.reading(
            view.facts.name_of(sound),
            text.clone(),
            Some(format!("{limit} LU apart")),
        );
        if (whole.value() - inside.value()).abs() > limit {
            looked.faults.push(
                view.fault(STRETCH, sound, None, text.clone())
                    .value(text, format!("{limit} LU apart")),
            );
        }
    }
    looked.or_nothing("there is no mix")
}
