//! N1: stems sum to the mix, and fold-downs are the folds of their mixes.

use super::sum::{SumCodes, found_in};
use crate::finding::{Code, Severity};
use crate::qc::check::{Check, Looked, View, dbfs};
use crate::qc::facts::{FoldFacts, Kind};

const CODES: &SumCodes =
    &SumCodes::new(["QCN101", "QCN102", "QCN103", "QCN104", "QCN105", "QCN106"]);

const NO_FOLD: &Code = &Code::new(
    "QCN107",
    Severity::Error,
    "the fold-down is of something else",
    "For a second or more the smaller version is not the fold-down of the larger one: another mix, channels that are \
     exchanged, inverted or late, a part that is missing. Make it again from the same files.",
);

const OTHER_FOLD: &Code = &Code::new(
    "QCN108",
    Severity::Info,
    "the fold-down has other factors",
    "The smaller version is nearly the fold-down of the larger one: it was limited, or made with other factors than \
     the spec states.",
);

const ALL: [&Code; 8] = {
    let [a, b, c, d, e, f] = CODES.list();
    [a, b, c, d, e, f, NO_FOLD, OTHER_FOLD]
};

/// The check.
pub(super) const CHECK: Check = Check {
    id: "N1",
    family: "null",
    title: "stems sum to the mix",
    explanation: "The mix less the integer sum of its stems, sample by sample; what remains is looked into window by window, and the file at fault is named with its gain, or as missing, or by the place where it differs. A fold-down less the fold of its mix by the spec's factors, second by second.",
    codes: &ALL,
    look,
};

fn look(view: &View<'_>) -> Looked {
    let wanted = |kind| kind == Kind::Mix;
    let mut looked = found_in(view, wanted, |kind| CODES.of(kind));
    for fold in &view.facts.folds {
        judge(view, fold, &mut looked);
    }
    looked
}

/// The share of a second's energy that remains where the fold-down is of something else. A centre 3 dB off leaves 0.09.
const WRONG: f64 = 0.15;

/// Seconds whose mean square is below this (−60 dBFS) tell nothing.
const LEAST: f64 = 1e-6;

fn judge(view: &View<'_>, fold: &FoldFacts, looked: &mut Looked) {
    let of = |index: usize| view.facts.sounds.get(index);
    let (Some(folded), Some(whole)) = (of(fold.folded), of(fold.of)) else {
        return;
    };
    if looked.files.is_empty() {
        looked.not_applicable = None;
    }
    looked.sound(view, folded);
    looked.sound(view, whole);
    let residual = &fold.residual;
    let Some((first, last)) = residual.stretches.first().zip(residual.stretches.last()) else {
        return;
    };
    let second = u64::from(folded.rate.hertz());
    let least = LEAST * second as f64;
    let pairs = residual.seconds.iter().zip(&fold.seconds).enumerate();
    let wrong = pairs.filter(|(_, (rest, whole))| **rest > WRONG * whole.max(least));
    let wrong: Vec<u64> = wrong.map(|(i, _)| i as u64).collect();
    let peak = dbfs(f64::from(residual.peak));
    let (names, limit) = ((folded.called(), whole.called()), "digital zero".to_owned());
    let fault = if let (Some(&from), Some(&to)) = (wrong.first(), wrong.last()) {
        let message = format!("{} is not the fold-down of {}", names.0, names.1);
        let start = (from * second).max(first.first);
        let end = ((to + 1) * second).min(last.last + 1);
        view.fault(NO_FOLD, folded, None, message).over(
            view,
            folded,
            start,
            end.saturating_sub(start),
        )
    } else {
        let message = format!("{} differs from the fold-down of {}", names.0, names.1);
        view.fault(OTHER_FOLD, folded, None, message).over(
            view,
            folded,
            first.first,
            last.last + 1 - first.first,
        )
    };
    looked.faults.push(fault.value(peak, limit));
}
