//! M5: music changed in the M&E.

use super::sum::{Kind, found_in};
use crate::qc::check::{Check, Looked, View, faults};
use crate::qc::facts::Kind as SoundKind;

faults! {
    CHANGED = "QCM501", Error, "music level changed in the M&E",
        "The music stands at another level in the M&E than in its stem. Clients do not take that: the music is the \
         composer's, only effects may be filled. Print the M&E with the music untouched.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "M5",
    family: "music_and_effects",
    title: "music changed in the M&E",
    explanation: "The gain of the music stem in what the M&E leaves for it when the effects are taken away, by least \
                  squares, window by window.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    let wanted = |kind| kind == SoundKind::MusicAndEffects;
    found_in(view, wanted, |kind| {
        (kind == Kind::MusicGain).then_some(CHANGED)
    })
}
