//! Y2: sync pops behind the programme.

use super::y1;
use crate::qc::check::{Check, Looked, View, faults};

faults! {
    PLACE = "QCY201", Error, "tail pop at the wrong sample",
        "The tail pop does not begin where the spec (or the pop of the other files) has it. Where the head pop is \
         right, the file drifts, or frames were lost on the way.";
    MISSING = "QCY202", Error, "tail pop missing",
        "The spec asks for a tail pop in every file, or all other files have one here.";
    FORBIDDEN = "QCY203", Error, "tail pop where none may be",
        "The spec wants no pop behind the programme, and a short tone of 1 kHz stands here. Cut it out.";
    SHAPE = "QCY204", Warning, "tail pop of another length",
        "The pop is longer or shorter than one frame. Lay the same pop in all files.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "Y2",
    family: "sync",
    title: "tail pop",
    explanation: "As Y1, in the second half of a file.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    y1::look_at(view, false, [PLACE, MISSING, FORBIDDEN, SHAPE])
}
