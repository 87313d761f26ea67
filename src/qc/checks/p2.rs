//! P2: polarity and swapped channels against the mix.

use super::sum::{Kind, found};
use crate::qc::check::{Check, Looked, View, faults};

faults! {
    INVERTED = "QCP201", Error, "polarity inverted",
        "The file is what the mix holds, upside down: played together it takes away what it should add. Invert \
         its polarity.";
    SWAPPED = "QCP202", Error, "channels swapped",
        "The channels of the file stand in other places than in the mix. Put them back; then look whether the \
         export's routing has done the same elsewhere.";
    CHANNEL_INVERTED = "QCP203", Error, "polarity of one channel inverted",
        "One channel of the file is upside down against the mix, the others are not. Invert that channel.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "P2",
    family: "phase",
    title: "polarity and swapped channels",
    explanation: "What the mix leaves for each file when the others are taken away, against the file itself, channel \
                  by channel, by least squares.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    found(view, |kind| match kind {
        Kind::Inverted => Some(INVERTED),
        Kind::Swapped => Some(SWAPPED),
        Kind::ChannelInverted => Some(CHANNEL_INVERTED),
        _ => None,
    })
}
