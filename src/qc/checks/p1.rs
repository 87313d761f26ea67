//! P1: phase.

use crate::audio::Channel;
use crate::qc::check::{Check, Looked, View, faults};

faults! {
    OUT_OF_PHASE = "QCP101", Warning, "channels out of phase",
        "Left and right pull against each other for a good part of the time: one of them has its polarity \
         inverted, or a widener is overdone. In mono the sound thins out or vanishes. Look at the polarity first.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "P1",
    family: "phase",
    title: "phase",
    explanation: "Correlation of the two channels of a pair in windows of 400 ms; the share of windows below the \
                  limit, half of all where the pair is not in front.",
    codes: CODES,
    look,
};

/// The share in per cent that pairs around the listener may have.
const AROUND: f64 = 50.0;

fn look(view: &View<'_>) -> Looked {
    let mut looked = Looked::default();
    let (limit, most) = (
        view.limits.value("P1", "correlation"),
        view.limits.value("P1", "share"),
    );
    for (sound, scan) in view.scanned() {
        for pair in scan
            .pairs
            .iter()
            .filter(|pair| pair.windows > 0 && super::is_pair(sound, pair.channels))
        {
            looked.sound(view, sound);
            let share = 100.0 * pair.below as f64 / pair.windows as f64;
            let (a, b) = pair.channels;
            let names = format!("{}/{}", sound.channel_name(a), sound.channel_name(b));
            // Reverberation in the surrounds is out of phase for a part of the time by itself, and nobody folds them
            // into each other.
            let front = sound.channel_name(a) == Channel::L.name();
            let most = if front { most } else { most.max(AROUND) };
            if share <= most {
                continue;
            }
            let message =
                format!("{names} are below a correlation of {limit} for {share:.0} % of the time");
            let fault = view.fault(OUT_OF_PHASE, sound, Some(b), message);
            let first = pair.stretches.first().map_or(0, |s| s.0);
            let last = pair.stretches.last().map_or(scan.length, |s| s.1);
            let fault = fault.over(view, sound, first, last - first);
            looked
                .faults
                .push(fault.value(format!("{share:.0} %"), format!("{most} %")));
        }
    }
    looked.or_nothing("no file has a pair of channels")
}
