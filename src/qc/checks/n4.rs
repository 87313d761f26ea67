//! N4: music and effects sum to the M&E.

use super::sum::{SumCodes, found_in};
use crate::qc::check::{Check, Looked, View};
use crate::qc::facts::Kind;

const CODES: &SumCodes =
    &SumCodes::new(["QCN401", "QCN402", "QCN403", "QCN404", "QCN405", "QCN406"]);

/// The check.
pub(super) const CHECK: Check = Check {
    id: "N4",
    family: "null",
    title: "music and effects sum to the M&E",
    explanation: "As N1, for the M&E and the stems it is made of.",
    codes: &CODES.list(),
    look,
};

fn look(view: &View<'_>) -> Looked {
    let wanted = |kind| kind == Kind::MusicAndEffects;
    found_in(view, wanted, |kind| CODES.of(kind))
}
