//! S1: silence in a mix.

use crate::qc::check::{Check, Looked, View, duration, faults};
use crate::qc::facts::{Kind, Sound};

faults! {
    SILENCE = "QCS101", Warning, "silence in the mix",
        "All channels of the mix are quiet together for longer than the spec allows, inside the programme. Even a \
         silent scene has room tone; look whether a cue or a background is missing.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "S1",
    family: "silence",
    title: "silence",
    explanation: "Every channel of a mix below the level together for the duration or longer, between its first \
                  and its last sound. Silence where the plan has no clip is meant.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    let mut looked = Looked::default();
    for (sound, scan) in view.scanned().filter(|(sound, _)| sound.kind == Kind::Mix) {
        looked.sound(view, sound);
        let least = (view.limits.value("S1", "duration") * f64::from(sound.rate.hertz())) as u64;
        let mut all: Option<Vec<(u64, u64)>> = None;
        for channel in &scan.channels {
            let runs: Vec<(u64, u64)> = channel
                .silences
                .iter()
                .map(|run| (run.start, run.end))
                .collect();
            all = Some(all.map_or_else(|| runs.clone(), |so_far| common(&so_far, &runs)));
        }
        for (start, end) in all.unwrap_or_default() {
            let inside = start > 0 && end < scan.length;
            if inside && end - start >= least && !is_planned(view, sound, start, end) {
                let level = view.limits.value("S1", "level");
                let long = duration(end - start, sound.rate);
                let message = format!("all channels are below {level} dBFS for {long}");
                let fault =
                    view.fault(SILENCE, sound, None, message)
                        .over(view, sound, start, end - start);
                looked
                    .faults
                    .push(fault.value(long, duration(least, sound.rate)));
            }
        }
    }
    looked.or_nothing("there is no mix")
}

/// What two lists of stretches have in common.
fn common(a: &[(u64, u64)], b: &[(u64, u64)]) -> Vec<(u64, u64)> {
    let (mut i, mut k) = (0, 0);
    let mut out = Vec::new();
    while let (Some(x), Some(y)) = (a.get(i), b.get(k)) {
        let both = (x.0.max(y.0), x.1.min(y.1));
        if both.0 < both.1 {
            out.push(both);
        }
        if x.1 < y.1 {
            i += 1;
        } else {
            k += 1;
        }
    }
    out
}

/// Whether the plan has no clip in the middle of the stretch.
fn is_planned(view: &View<'_>, _sound: &Sound, start: u64, end: u64) -> bool {
    let Some((_, plan)) = &view.facts.plan else {
        return false;
    };
    let sounds = |s: &crate::conform::plan::Segment| s.start < end && s.start + s.length > start;
    !plan
        .stems
        .iter()
        .flat_map(|stem| &stem.segments)
        .any(sounds)
}
