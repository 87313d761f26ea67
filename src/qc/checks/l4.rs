//! L4: true peak.

use crate::qc::check::{Check, Looked, View, faults};
use crate::qc::facts::Kind;

faults! {
    OVER = "QCL401", Error, "true peak above the limit",
        "The signal between the samples passes what the client's quality control lets pass; converters and codecs \
         will clip it. Lower the limiter's ceiling, set it to true peak, or trim the mix.";
    NEAR = "QCL402", Warning, "true peak above the client's words",
        "The true peak is above what the client writes and below what its quality control flags.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "L4",
    family: "loudness",
    title: "true peak",
    explanation: "ITU-R BS.1770-5 Annex 2, four times oversampled, per channel, against the limit that holds for the \
                  file; the M&E has its own check.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    super::peaks(view, |kind| kind != Kind::MusicAndEffects, (OVER, NEAR))
}
