//! M4: effects missing from the M&E.

use super::sum::{Kind, found_in};
use crate::qc::check::{Check, Looked, View, faults};
use crate::qc::facts::Kind as SoundKind;

faults! {
    MISSING = "QCM401", Error, "effects missing from the M&E",
        "The effects stem sounds here and the M&E does not hold it. Every effect of the original mix belongs in the \
         M&E: a dubbed version would be silent at this place. Print the M&E again with the effects.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "M4",
    family: "music_and_effects",
    title: "effects missing from the M&E",
    explanation: "What the M&E leaves for the effects stem when the music is taken away is silence where the stem \
                  sounds, or stands in the stem at unity beside sound that the M&E lacks.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    let wanted = |kind| kind == SoundKind::MusicAndEffects;
    found_in(view, wanted, |kind| {
        (kind == Kind::MissingEffects).then_some(MISSING)
    })
}
