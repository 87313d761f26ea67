//! P5: channels in the wrong place.

use crate::audio::Channel;
use crate::qc::check::{Check, Looked, View, faults};
use crate::qc::facts::{Kind, Sound};

faults! {
    DIALOGUE = "QCP501", Warning, "dialogue outside of the centre",
        "Most of the dialogue stands in another channel than the centre: the channels are in another order than \
         the file says. Look at the order of the export (film: L C R, WAVE: L R C).";
    SURROUND = "QCP502", Warning, "surrounds louder than the front",
        "The surround channels of a mix carry far more than the front: front and back are likely swapped.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "P5",
    family: "phase",
    title: "channels in the wrong place",
    explanation: "The centre carries most of a dialogue stem that has one; the front of a mix carries more than its \
                  surrounds, with 6 dB to spare.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    let mut looked = Looked::default();
    for (sound, scan) in view.scanned() {
        let Some(layout) = &sound.layout else {
            continue;
        };
        if layout.index_of(Channel::C).is_none() || layout.len() < 5 {
            continue;
        }
        let energy = |channel: Channel| {
            let index = layout.index_of(channel);
            index
                .and_then(|i| scan.channels.get(i))
                .map_or(0.0, |c| c.mean_square)
        };
        looked.sound(view, sound);
        match sound.kind {
            Kind::Dialogue => dialogue(view, sound, &energy, &mut looked),
            Kind::Mix | Kind::MusicAndEffects => surrounds(view, sound, &energy, &mut looked),
            _ => {}
        }
    }
    looked.or_nothing("no file has a centre and surrounds")
}

fn dialogue(view: &View<'_>, sound: &Sound, energy: &dyn Fn(Channel) -> f64, looked: &mut Looked) {
    let channels = sound
        .layout
        .as_ref()
        .map_or(&[][..], |layout| layout.channels());
    let loudest = channels
        .iter()
        .copied()
        .reduce(|a, b| if energy(b) > energy(a) { b } else { a });
    let Some(loudest) = loudest else { return };
    let centre = energy(Channel::C);
    // Panned dialogue is spread; a swapped channel holds nearly all.
    if loudest != Channel::C && energy(loudest) > 2.0 * centre {
        let index = sound
            .layout
            .as_ref()
            .and_then(|layout| layout.index_of(loudest));
        let message = format!("most of the dialogue stands in {loudest}");
        looked
            .faults
            .push(
                view.fault(DIALOGUE, sound, index, message)
                    .over(view, sound, 0, sound.length),
            );
    }
}

fn surrounds(view: &View<'_>, sound: &Sound, energy: &dyn Fn(Channel) -> f64, looked: &mut Looked) {
    let front = energy(Channel::L) + energy(Channel::R) + energy(Channel::C);
    let back =
        energy(Channel::Ls) + energy(Channel::Rs) + energy(Channel::Lrs) + energy(Channel::Rrs);
    if back > 4.0 * front {
        let db = 10.0 * libm::log10(back / front.max(1e-12));
        let message = format!("the surrounds carry {db:.1} dB more than the front");
        let fault = view
            .fault(SURROUND, sound, None, message)
            .over(view, sound, 0, sound.length);
        looked
            .faults
            .push(fault.value(format!("{db:.1} dB"), "under 6 dB".to_owned()));
    }
}
