//! N3: wide stems sum to composites.

use super::sum::{SumCodes, found_in};
use crate::qc::check::{Check, Looked, View};
use crate::qc::facts::Kind;

const CODES: &SumCodes =
    &SumCodes::new(["QCN301", "QCN302", "QCN303", "QCN304", "QCN305", "QCN306"]);

/// The check.
pub(super) const CHECK: Check = Check {
    id: "N3",
    family: "null",
    title: "wide stems sum to composites",
    explanation: "As N1, for composites of dialogue, music or effects alone.",
    codes: &CODES.list(),
    look,
};

fn look(view: &View<'_>) -> Looked {
    let wanted = |kind| !matches!(kind, Kind::Mix | Kind::MusicAndEffects);
    found_in(view, wanted, |kind| CODES.of(kind))
}
