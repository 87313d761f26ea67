//! C1: clipped samples.

use crate::qc::check::{Check, Looked, View, dbfs, faults};

faults! {
    CLIPPED = "QCC101", Error, "clipped samples",
        "Several samples in a row stand at full scale: the sum did not fit and was cut off. Lower what meets \
         there and export again; what is cut off cannot be brought back.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "C1",
    family: "corruption",
    title: "clipped samples",
    explanation: "Runs of three and more equal samples at −0.01 dBFS or above; runs less than 100 ms apart are one \
                  fault.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    let mut looked = Looked::default();
    let run = view.limits.value("C1", "run") as u64;
    for (sound, scan) in view.scanned() {
        looked.sound(view, sound);
        for (i, channel) in scan.channels.iter().enumerate() {
            let clips: Vec<_> = channel
                .clips
                .iter()
                .filter(|clip| clip.len >= run)
                .collect();
            for group in super::groups(
                &clips,
                |clip| (clip.start, clip.len),
                u64::from(sound.rate.hertz()) / 10,
            ) {
                let (Some(first), Some(last)) = (group.first(), group.last()) else {
                    continue;
                };
                let level = dbfs(f64::from(first.level));
                let longest = group.iter().map(|clip| clip.len).max().unwrap_or_default();
                let message = format!(
                    "{} crests cut off at {level}, the longest {longest} samples",
                    group.len()
                );
                let fault = view.fault(CLIPPED, sound, Some(i), message);
                let fault = fault.over(
                    view,
                    sound,
                    first.start,
                    last.start + last.len - first.start,
                );
                looked.faults.push(
                    fault.value(format!("{longest} samples"), format!("under {run} samples")),
                );
            }
        }
    }
    looked.or_nothing("no file can be read")
}
