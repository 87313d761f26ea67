//! N2: the sum below the limiter.

use super::sum::{Kind, found};
use crate::qc::check::{Check, Looked, View, faults};

faults! {
    LIMITED = "QCN201", Info, "the mix is limited, its stems are not",
        "Where the stems together pass the ceiling of the mix, one gain for all channels, never above unity, \
         explains what remains: a peak limiter on the print. That is the mixer's choice; some archives ask for the \
         same gain in the stems.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "N2",
    family: "null",
    title: "stems sum to the mix below the limiter",
    explanation: "Stretches in which the sum passes the mix's ceiling and a common gain of at most unity that \
                  moves smoothly from frame to frame explains the mix, within 5 s of such a peak; elsewhere the sum has to hold.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    found(view, |kind| (kind == Kind::Limited).then_some(LIMITED))
}
