//! N3: wide stems sum to composites.

use super::sum::{Kind, found_in};
use crate::qc::check::{Check, Looked, View, faults};
use crate::qc::facts::Kind as SoundKind;

faults! {
    REMAINDER = "QCN301", Error, "the sum does not hold: something else",
        "The composite is not the sum of its stems here, and no single gain, offset or swap explains it: one of \
         the files was changed in this stretch after the others were printed. Print them again in one pass.";
    MISSING = "QCN302", Error, "the sum does not hold: a file is missing in it",
        "A stem sounds that the composite lacks, or a stem is silent where the composite holds it. Look whether it \
         was muted in one of the passes, and print again.";
    GAIN = "QCN303", Error, "the sum does not hold: a level was changed",
        "One file stands at another level than in the sum, by the same factor throughout. A fader moved between \
         two passes; take the change back in this file, or print the others again.";
    CHANNEL = "QCN304", Error, "the sum does not hold: the level of a channel was changed",
        "One channel of a file stands at another level than in the sum. Look at its routing and trims.";
    ROUNDING = "QCN305", Warning, "the sum holds but for rounding",
        "What remains is below the level of the spec and above the last bits: dither, or a summing path that \
         rounds. Nobody hears it; a file made as the integer sum of the stems has none.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "N3",
    family: "null",
    title: "wide stems sum to composites",
    explanation: "As N1, for composites of dialogue, music or effects alone.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    let wanted = |kind| {
        matches!(
            kind,
            SoundKind::Dialogue
                | SoundKind::Music
                | SoundKind::Effects
                | SoundKind::Optional
                | SoundKind::Other
        )
    };
    found_in(view, wanted, |kind| match kind {
        Kind::Unexplained => Some(REMAINDER),
        Kind::Missing => Some(MISSING),
        Kind::Gain => Some(GAIN),
        Kind::ChannelGain => Some(CHANNEL),
        Kind::Rounding => Some(ROUNDING),
        _ => None,
    })
}
