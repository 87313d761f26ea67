//! S4: channels without sound.

use crate::audio::Channel;
use crate::qc::check::{Check, Looked, View, faults};
use crate::qc::facts::{Kind, Sound};

faults! {
    DEAD = "QCS401", Error, "channel without sound",
        "One of the front channels of a mix holds nothing but zeros from start to end. A mix that has them uses \
         them; look at the routing of the export.";
    SIDE = "QCS402", Warning, "one side without sound",
        "One channel of a pair holds nothing but zeros while the other sounds, or a surround or low-frequency \
         channel of a mix is empty. Look whether the export lost it.";
    EMPTY = "QCS403", Warning, "file without sound",
        "The whole file is digital silence. A stem may be empty in a reel without music; a dialogue stem or a mix \
         is not. If it is meant, waive it.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "S4",
    family: "silence",
    title: "channels without sound",
    explanation: "Channels that are zero throughout: L, R and C of a mix fail; one side of a pair, surrounds, LFE \
                  and whole files are warned of.",
    codes: CODES,
    look,
};

/// Channels that belong together.
const PAIRS: [(Channel, Channel); 5] = [
    (Channel::L, Channel::R),
    (Channel::Ls, Channel::Rs),
    (Channel::Lrs, Channel::Rrs),
    (Channel::Ltf, Channel::Rtf),
    (Channel::Ltr, Channel::Rtr),
];

fn look(view: &View<'_>) -> Looked {
    let mut looked = Looked::default();
    for (sound, scan) in view.scanned() {
        looked.sound(view, sound);
        let dead: Vec<usize> = (0..scan.channels.len())
            .filter(|&i| {
                scan.channels
                    .get(i)
                    .is_some_and(|channel| channel.sound.is_none())
            })
            .collect();
        if dead.len() == scan.channels.len() {
            if sound.kind != Kind::Optional && !is_planned_empty(view, sound) {
                let message = format!("{} is digital silence throughout", sound.called());
                looked
                    .faults
                    .push(view.fault(EMPTY, sound, None, message).over(
                        view,
                        sound,
                        0,
                        scan.length,
                    ));
            }
            continue;
        }
        for &i in &dead {
            let Some(code) = code(sound, i, &dead) else {
                continue;
            };
            let message = format!(
                "channel {} is digital silence throughout",
                sound.channel_name(i)
            );
            looked
                .faults
                .push(
                    view.fault(code, sound, Some(i), message)
                        .over(view, sound, 0, scan.length),
                );
        }
    }
    looked.or_nothing("no file can be read")
}

/// What a dead channel is, when it is a fault.
fn code(sound: &Sound, index: usize, dead: &[usize]) -> Option<&'static crate::finding::Code> {
    let layout = sound.layout.as_ref()?;
    let channel = *layout.channels().get(index)?;
    let mix = sound.kind == Kind::Mix;
    if mix
        && matches!(
            channel,
            Channel::L | Channel::R | Channel::C | Channel::Mono
        )
    {
        return Some(DEAD);
    }
    let other = PAIRS.iter().find_map(|&(a, b)| match channel {
        c if c == a => Some(b),
        c if c == b => Some(a),
        _ => None,
    });
    let other_sounds = other
        .and_then(|other| layout.index_of(other))
        .is_some_and(|i| !dead.contains(&i));
    (mix || other_sounds).then_some(SIDE)
}

/// Whether the plan has nothing in it either.
fn is_planned_empty(view: &View<'_>, sound: &Sound) -> bool {
    let Some((_, plan)) = &view.facts.plan else {
        return false;
    };
    let stems = super::terms_of(plan, sound.called());
    !stems.is_empty() && stems.iter().all(|stem| stem.segments.is_empty())
}
