//! M7: true peak of the M&E.

use crate::qc::check::{Check, Looked, View, faults};
use crate::qc::facts::Kind;

faults! {
    OVER = "QCM701", Error, "true peak of the M&E above the limit",
        "The M&E passes the limit by itself. A dubbed mix adds dialogue to it: leave room.";
    NEAR = "QCM702", Warning, "true peak of the M&E above the client's words",
        "The true peak of the M&E is above what the client writes and below what its quality control flags.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "M7",
    family: "music_and_effects",
    title: "true peak of the M&E",
    explanation: "As L4, for the M&E.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    super::peaks(view, |kind| kind == Kind::MusicAndEffects, (OVER, NEAR))
}
