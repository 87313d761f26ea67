//! S3: dropouts.

use crate::audio::Channel;
use crate::meter::scan::Quiet;
use crate::qc::check::{Check, Looked, View, dbfs, duration, faults};
use crate::qc::facts::Sound;

faults! {
    DROPOUT = "QCS301", Error, "dropout",
        "The sound stops dead and comes back at once: a buffer that was late, a damaged disk, a mute left in the \
         automation. It stands on no frame edge, so no edit made it. Export that place again.";
}

/// An edge is abrupt when it holds such a share of what is in the 5 ms beside it: a fade of 1 ms does not.
const ABRUPT: f32 = 0.2;

/// The check.
pub(super) const CHECK: Check = Check {
    id: "S3",
    family: "silence",
    title: "dropouts",
    explanation: "A run below the level, longer than the shortest and shorter than the longest, entered and left \
                  within 5 ms of sound above the level around, at one edge at least without a fade. Gaps whose both edges are frame edges, or which \
                  the plan leaves between clips, are edits.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    let mut looked = Looked::default();
    let limit = |name| view.limits.value("S3", name);
    let around = crate::audio::Decibels::new(limit("around")).gain().linear() as f32;
    for (sound, scan) in view.scanned() {
        looked.sound(view, sound);
        let hertz = f64::from(sound.rate.hertz());
        let lengths = (
            (limit("shortest") / 1_000.0 * hertz) as u64,
            (limit("longest") * hertz) as u64,
            hertz as u64 / 100,
        );
        let layout = sound.layout.as_ref();
        let low = layout.and_then(|layout| layout.index_of(Channel::Lfe));
        for (i, channel) in scan.channels.iter().enumerate() {
            let gaps = channel.gaps.iter().filter(|gap| {
                let abrupt = gap.abrupt.0.max(gap.abrupt.1) > ABRUPT;
                let hard = abrupt && gap.before > around && gap.after > around;
                let at_pop = channel.bursts.iter().any(|burst| {
                    let ends = burst.start + burst.len;
                    ends.abs_diff(gap.start) <= 2 || burst.start.abs_diff(gap.end) <= 2
                });
                // Rumble may rest at zero for a moment by itself.
                let rests = low == Some(i) && !gap.digital && gap.len() < lengths.2;
                hard && !at_pop && !rests && gap.len() >= lengths.0 && gap.len() <= lengths.1
            });
            for gap in gaps.filter(|gap| !is_edit(view, sound, gap)) {
                let what = if gap.digital {
                    "digital silence"
                } else {
                    "next to nothing"
                };
                let long = duration(gap.len(), sound.rate);
                let message = format!(
                    "{what} for {long} ({} samples) between {} and {}",
                    gap.len(),
                    dbfs(f64::from(gap.before)),
                    dbfs(f64::from(gap.after)),
                );
                let fault = view.fault(DROPOUT, sound, Some(i), message);
                let fault = fault.over(view, sound, gap.start, gap.len());
                looked
                    .faults
                    .push(fault.value(long, format!("under {} ms", limit("shortest"))));
            }
        }
    }
    looked.or_nothing("no file can be read")
}

/// Whether an editor made the gap: both edges stand on frames, or at the edges of clips of the plan.
fn is_edit(view: &View<'_>, sound: &Sound, gap: &Quiet) -> bool {
    let frames = [gap.start, gap.end].iter().all(|&edge| {
        (edge.saturating_sub(1)..=edge + 1).any(|at| view.facts.is_frame_edge(sound, at))
    });
    if frames {
        return true;
    }
    let Some((_, plan)) = &view.facts.plan else {
        return false;
    };
    let stems = super::terms_of(plan, sound.called());
    let segments = || stems.iter().flat_map(|stem| &stem.segments);
    let ends = |at: u64| segments().any(|s| (s.start + s.length).abs_diff(at) <= 1);
    let starts = |at: u64| segments().any(|s| s.start.abs_diff(at) <= 1);
    let planned = !segments().any(|s| s.start < gap.end && s.start + s.length > gap.start);
    planned && ends(gap.start) && starts(gap.end)
}
