//! C3: clicks.

use std::collections::BTreeSet;

use crate::meter::scan::Burst;
use crate::qc::check::{Check, Looked, View, dbfs, faults};
use crate::qc::facts::Sound;

faults! {
    CLICK = "QCC301", Error, "click",
        "One sample jumps, or the sound does, and nothing around it explains it: an edit without a fade, a lost \
         sample, a digital tick. Put a fade of a few milliseconds on the edit, or export that place again.";
    EDIT = "QCC302", Error, "click at an edit",
        "The sound jumps exactly where the plan begins or ends a clip without a fade. Give the clip a fade in the \
         timeline and conform again.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "C3",
    family: "corruption",
    title: "clicks",
    explanation: "A fourth difference eight times any within 1 ms and five times any within 20 ms, in the shape of a \
                  spike, of a pulse of up to 12 samples or of a jump. Not \
                  where a sound begins that rings away: more than three times what was there before, and down to \
                  less than half within 60 ms. Edges of the plan's clips are named as such.",
    codes: CODES,
    look,
};

/// Beeps between silences are at least a second divided by this.
const SHORTEST: u64 = 200;

fn look(view: &View<'_>) -> Looked {
    let mut looked = Looked::default();
    for (sound, scan) in view.scanned() {
        looked.sound(view, sound);
        let (attacks, pops) = (attacks(view, sound), pops(view, sound));
        for (i, channel) in scan.channels.iter().enumerate() {
            let near_pop = |at: u64| {
                // A sample alone in silence is the fault, not the beep beside it.
                let long = |burst: &&Burst| burst.len * SHORTEST >= u64::from(sound.rate.hertz());
                let beeps = channel.bursts.iter().filter(long);
                beeps
                    .chain(&pops)
                    .map(|pop| (pop.start, pop.start + pop.len))
                    .any(|(start, end)| at.abs_diff(start) <= 8 || at.abs_diff(end) <= 8)
            };
            // The programme may begin hard behind its leader.
            let begins = |at: u64| {
                let leader = |run: &crate::meter::scan::Quiet| {
                    run.len() >= u64::from(sound.rate.hertz()) && run.end.abs_diff(at) <= 4
                };
                let silent_again = |run: &crate::meter::scan::Quiet| {
                    (at + 1..at + u64::from(sound.rate.hertz()) / SHORTEST).contains(&run.start)
                };
                channel.silences.iter().any(leader)
                    && !channel.silences.iter().any(silent_again)
                    && view.facts.is_frame_edge(sound, at)
            };
            // The edges of a dropout are that fault's.
            let at_gap = |at: u64| {
                let edge = |gap: &crate::meter::scan::Quiet| {
                    at.abs_diff(gap.start) <= 4 || at.abs_diff(gap.end) <= 4
                };
                // A sample alone between two silences is no edge of theirs.
                let alone = |gap: &crate::meter::scan::Quiet| {
                    let others = channel.gaps.iter().filter(|other| *other != gap);
                    let mut near = others.filter(|other| {
                        other.start.abs_diff(gap.end) <= 12 || gap.start.abs_diff(other.end) <= 12
                    });
                    near.next().is_some()
                };
                let sounds = |gap: &crate::meter::scan::Quiet| gap.before > 0.0 && gap.after > 0.0;
                let mut gaps = channel.gaps.iter();
                gaps.any(|gap| edge(gap) && sounds(gap) && !alone(gap))
            };
            for click in channel
                .clicks
                .iter()
                .filter(|click| !near_pop(click.at) && !at_gap(click.at))
                .filter(|click| !attacks.contains(&click.at) && !begins(click.at))
            {
                let edit = is_edit(view, sound, click.at);
                // Away from edits a jump within what the sound does anyway may be meant.
                if click.jump && !edit && click.size < 0.7 * click.around {
                    continue;
                }
                let code = if edit { EDIT } else { CLICK };
                let size = dbfs(f64::from(click.size));
                let message = format!("a jump of {size}, {} what is around it", over(click.over));
                let fault = view
                    .fault(code, sound, Some(i), message)
                    .over(view, sound, click.at, 1);
                looked
                    .faults
                    .push(fault.value(over(click.over), "under 5 times".to_owned()));
            }
        }
    }
    looked.or_nothing("no file can be read")
}

/// How many times, as far as it matters.
fn over(times: f32) -> String {
    if times < 1_000.0 {
        format!("{times:.0} times")
    } else {
        "over 1000 times".to_owned()
    }
}

/// Where a sound begins with a jump in any file of the reel, and the samples beside: what is a knock in a stem is one
/// in the mix too, however much of its ringing the other stems cover there.
fn attacks(view: &View<'_>, sound: &Sound) -> BTreeSet<u64> {
    let reel = view.scanned().filter(|(other, _)| other.reel == sound.reel);
    let channels = reel.flat_map(|(_, scan)| &scan.channels);
    let places = channels.flat_map(|channel| &channel.attacks);
    places
        .flat_map(|&at| at.saturating_sub(2)..=at + 2)
        .collect()
}

/// The pops of all files of the reel: they sound in its sums, beside one another where one is late.
fn pops(view: &View<'_>, sound: &Sound) -> Vec<Burst> {
    let reel = view.scanned().filter(|(other, _)| other.reel == sound.reel);
    let channels = reel.flat_map(|(_, scan)| &scan.channels);
    let pops = channels.flat_map(|channel| &channel.bursts);
    pops.filter(|pop| pop.is_pop(sound.rate)).copied().collect()
}

/// Whether a clip of the plan begins or ends there.
fn is_edit(view: &View<'_>, sound: &Sound, at: u64) -> bool {
    let Some((_, plan)) = &view.facts.plan else {
        return false;
    };
    let stems = super::terms_of(plan, sound.called());
    let near = |edge: u64| edge.abs_diff(at) <= 2;
    let edges = |s: &crate::conform::plan::Segment| near(s.start) || near(s.start + s.length);
    stems.iter().flat_map(|stem| &stem.segments).any(edges)
}
