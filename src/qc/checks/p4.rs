//! P4: what the low-frequency channel holds.

use crate::audio::Channel;
use crate::qc::check::{Check, Looked, View, faults};

faults! {
    FULL_RANGE = "QCP401", Warning, "full-range sound in the low-frequency channel",
        "The low-frequency channel holds sound well above its low-pass: the filter was left out, or another channel \
         is routed there. Film order (LFE last) read as WAVE order (LFE fourth) looks like this too.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "P4",
    family: "phase",
    title: "what the LFE channel holds",
    explanation: "Energy an octave and more above the low-pass, against the whole energy of the channel, but for sync \
                  pops.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    let mut looked = Looked::default();
    let limit = view.limits.value("P4", "level");
    for (sound, scan) in view.scanned() {
        let Some(index) = sound.layout.as_ref().and_then(|l| l.index_of(Channel::Lfe)) else {
            continue;
        };
        let Some(channel) = scan.channels.get(index) else {
            continue;
        };
        let Some(share) = channel.high_share else {
            continue;
        };
        looked.sound(view, sound);
        // Pops are the spec's, or the business of Y1 and Y2.
        let pops = channel.pop_energy(scan.rate) / (scan.length.max(1) as f64);
        let whole = (channel.mean_square - pops).max(f64::MIN_POSITIVE);
        let above = (channel.mean_square * share - pops).max(0.0);
        let db = 10.0 * libm::log10((above / whole).clamp(1e-12, 1.0));
        let is = format!("{db:.1} dB");
        looked.reading(
            view.facts.name_of(sound),
            is.clone(),
            Some(format!("{limit} dB")),
        );
        // −66 dBFS of it is nothing that anybody hears.
        if db > limit && above > 2.5e-7 {
            let message = format!(
                "{is} of its energy lies above {} Hz",
                2.0 * view.limits.value("P4", "above")
            );
            let fault = view.fault(FULL_RANGE, sound, Some(index), message).over(
                view,
                sound,
                0,
                scan.length,
            );
            looked
                .faults
                .push(fault.value(is, format!("under {limit} dB")));
        }
    }
    looked.or_nothing("no low-frequency channel sounds")
}
