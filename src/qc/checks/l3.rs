//! L3: the client's second way to measure.

use super::l2;
use crate::qc::check::{Check, Looked, View, faults};

faults! {
    BOTH = "QCL301", Error, "off target by both ways to measure",
        "Neither the dialogue nor the programme as a whole is as loud as the client wants. Each alone would have been \
         enough. Trim the mix towards the dialogue target first.";
    BOTH_NEAR = "QCL302", Warning, "both ways to measure at the edge",
        "The mix is outside of the client's words by both ways to measure, and inside of what its quality control \
         lets pass by one of them.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "L3",
    family: "loudness",
    title: "the client's second way to measure",
    explanation: "Where the spec names a dialogue target and a programme target, the mix fails only if it is off by \
                  both, and both numbers are said.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    l2::look_for(view, true, (BOTH, BOTH_NEAR))
}
