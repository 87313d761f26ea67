//! C2: flat tops below full scale.

use crate::qc::check::{Check, Looked, View, dbfs, faults};

faults! {
    FLAT = "QCC201", Warning, "flat tops below full scale",
        "Crests are cut off at a level below full scale: the sound was clipped somewhere and turned down since. \
         Distortion of a radio or a megaphone looks the same; waive it when it is meant.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "C2",
    family: "corruption",
    title: "flat tops below full scale",
    explanation: "Plateaus of four and more samples that are equal within 0.00002 of their height, entered or left \
                  at a kink off a slope; three of one height within a second are a fault.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    let mut looked = Looked::default();
    for (sound, scan) in view.scanned() {
        looked.sound(view, sound);
        for (i, channel) in scan.channels.iter().enumerate() {
            let flats: Vec<_> = channel.flats.iter().collect();
            for group in super::groups(
                &flats,
                |flat| (flat.start, flat.len),
                u64::from(sound.rate.hertz()),
            ) {
                let (Some(first), Some(last)) = (group.first(), group.last()) else {
                    continue;
                };
                let top = group.iter().map(|flat| flat.level).fold(0.0, f32::max);
                let same = group
                    .iter()
                    .filter(|flat| (flat.level - top).abs() < top * 1e-3)
                    .count();
                if same < 3 {
                    continue;
                }
                let level = dbfs(f64::from(top));
                let message = format!("{same} crests are flat at {level}");
                let fault = view.fault(FLAT, sound, Some(i), message);
                let fault = fault.over(
                    view,
                    sound,
                    first.start,
                    last.start + last.len - first.start,
                );
                looked
                    .faults
                    .push(fault.value(format!("{same} flat crests"), "under 3".to_owned()));
            }
        }
    }
    looked.or_nothing("no file can be read")
}
