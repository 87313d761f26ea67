//! N1: stems sum to the mix.

use super::sum::{SumCodes, found_in};
use crate::qc::check::{Check, Looked, View};
use crate::qc::facts::Kind;

const CODES: &SumCodes =
    &SumCodes::new(["QCN101", "QCN102", "QCN103", "QCN104", "QCN105", "QCN106"]);

/// The check.
pub(super) const CHECK: Check = Check {
    id: "N1",
    family: "null",
    title: "stems sum to the mix",
    explanation: "The mix less the integer sum of its stems, sample by sample; what remains is looked into window by window, and the file at fault is named with its gain, or as missing, or by the place where it differs.",
    codes: &CODES.list(),
    look,
};

fn look(view: &View<'_>) -> Looked {
    let wanted = |kind| kind == Kind::Mix;
    found_in(view, wanted, |kind| CODES.of(kind))
}
