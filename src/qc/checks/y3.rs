//! Y3: offset and drift between files.

use super::sum::{Kind, found};
use crate::qc::check::{Check, Looked, View, faults};

faults! {
    OFFSET = "QCY301", Error, "file is early or late",
        "The file is what the others leave for it, shifted by a fixed number of samples: plug-in latency that was \
         not compensated, an export that began at another place. Shift it back by exactly that many.";
    DRIFT = "QCY302", Error, "file drifts",
        "The file moves steadily against the others: it was converted or pulled at another rate. 1001 ppm is the \
         0.1 % between 24 and 23.976. Convert it back; shifting does not help.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "Y3",
    family: "sync",
    title: "offset and drift between files",
    explanation: "What the mix leaves for each file against the file itself, by cross-correlation at several places: \
                  the lag in samples, of the file or of one channel, and its growth in parts per million, by a line \
                  through 24 places.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    found(view, |kind| match kind {
        Kind::Offset => Some(OFFSET),
        Kind::Drift => Some(DRIFT),
        _ => None,
    })
}
