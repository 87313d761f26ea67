//! C5: hum.

use crate::qc::check::{Check, Looked, View, dbfs, faults};

faults! {
    HUM = "QCC501", Warning, "mains hum",
        "Lines at 50 or 60 Hz and their multiples stand still in level and frequency: an earth loop or a lamp. \
         Notch them out in the production track; where an effect is meant to hum, waive it.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "C5",
    family: "corruption",
    title: "hum",
    explanation: "Lines within 0.3 Hz of 50 or 60 Hz (or of both their second and third harmonic), 15 dB above \
                  everything within 9 Hz, steady within 1.5 dB over two spectra of 2.7 s.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    let mut looked = Looked::default();
    let least =
        view.limits.value("C5", "duration") * f64::from(view.limits.spec().sample_rate.hertz());
    for (sound, scan) in view.scanned() {
        looked.sound(view, sound);
        for (i, channel) in scan.channels.iter().enumerate() {
            for hum in channel
                .hums
                .iter()
                .filter(|hum| (hum.end - hum.start) as f64 >= least)
            {
                let level = dbfs(hum.amplitude);
                let message = format!(
                    "hum of {} Hz at {level}, {:.0} dB over its neighbours",
                    hum.mains, hum.over_db
                );
                let fault = view.fault(HUM, sound, Some(i), message);
                let fault = fault.over(view, sound, hum.start, hum.end - hum.start);
                let limit = format!("under {} dB", view.limits.value("C5", "over"));
                looked
                    .faults
                    .push(fault.value(format!("{:.0} dB", hum.over_db), limit));
            }
        }
    }
    looked.or_nothing("no file can be read")
}
