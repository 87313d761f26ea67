//! M1: dialogue leaking into the M&E.

use crate::meter::cross::Leak;
use crate::meter::scan::ChannelScan;
use crate::qc::check::{Check, Looked, View, faults};
use crate::qc::facts::{Kind, LeakFacts, Sound};
use crate::stem::Group;

faults! {
    LEAK = "QCM101", Error, "dialogue in the M&E",
        "The dialogue stem is heard in the M&E loudly enough to be understood: a bus routed twice, a reverberation \
         return, an effects track with words on it. A dubbed version will speak two languages. Mute that path.";
    FAINT = "QCM102", Warning, "faint dialogue in the M&E",
        "A trace of the dialogue stem is found in the M&E, far below what plays over it. Alone in a quiet scene it \
         may be heard. Look at auxiliary returns and at crosstalk of the summing path.";
    MIX = "QCM103", Error, "the M&E is the mix",
        "The M&E and a mix with dialogue hold the same sound from beginning to end: the wrong file was delivered under \
         the name of the M&E, or the dialogue was never muted. Print the M&E again.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "M1",
    family: "music_and_effects",
    title: "dialogue leaking into the M&E",
    explanation: "The coherent gain from the dialogue stem to the M&E, each frequency from 150 Hz to 10 kHz weighted by \
                  what else sounds in it, all channels in one and each in its place, at lags up to 50 ms, every 10 s, \
                  every minute and over the whole length; and the M&E against the mix, span by span.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    let mut looked = Looked::default();
    for facts in &view.facts.leaks {
        let of = |index: usize| view.facts.sounds.get(index);
        let (Some(source), Some(target)) = (of(facts.source), of(facts.target)) else {
            continue;
        };
        if source.kind != Kind::Dialogue || target.kind != Kind::MusicAndEffects {
            continue;
        }
        looked.sound(view, source);
        looked.sound(view, target);
        judge(view, facts, &mut looked);
    }
    the_mix_itself(view, &mut looked);
    looked.or_nothing("there is no M&E beside a dialogue stem or a mix")
}

/// An M&E that is a mix under another name, where there is dialogue.
fn the_mix_itself(view: &View<'_>, looked: &mut Looked) {
    let of_kind = |kind| {
        let sounds = view.facts.sounds.iter();
        sounds.filter(move |sound| sound.kind == kind && sound.scan.is_some())
    };
    for me in of_kind(Kind::MusicAndEffects) {
        for mix in of_kind(Kind::Mix).filter(|mix| mix.reel == me.reel) {
            if !has_dialogue(view, mix) {
                continue;
            }
            looked.sound(view, me);
            looked.sound(view, mix);
            if is_same(mix, me) {
                let message = format!("{} is {} from beginning to end", me.called(), mix.called());
                let fault = view.fault(MIX, me, None, message);
                looked.faults.push(fault.over(view, me, 0, me.length));
            }
        }
    }
}

/// Whether the plan has clips of dialogue, or where there is none a stem of it sounds, or none is there to tell.
fn has_dialogue(view: &View<'_>, mix: &Sound) -> bool {
    let spec = view.limits.spec();
    if let Some((_, plan)) = &view.facts.plan {
        let is = |code: &str| {
            let speaks = |group: &Group| group.root() == Group::Dialogue;
            let mut stems = spec.stems.iter();
            stems.any(|stem| stem.code.as_str() == code && stem.groups.iter().any(speaks))
        };
        let mut stems = plan.stems.iter();
        return stems.any(|stem| is(&stem.code) && !stem.segments.is_empty());
    }
    let of_reel = |sound: &&Sound| sound.kind == Kind::Dialogue && sound.reel == mix.reel;
    let mut stems = view.facts.sounds.iter().filter(of_reel).peekable();
    let sounds = |sound: &Sound| {
        let mut channels = sound.scan.iter().flat_map(|scan| &scan.channels);
        channels.any(|channel| channel.sound.is_some())
    };
    stems.peek().is_none() || stems.any(sounds)
}

/// Whether every span of every channel has the same sum and the same energy in both, to the bit.
fn is_same(a: &Sound, b: &Sound) -> bool {
    let Some((a, b)) = a.scan.as_ref().zip(b.scan.as_ref()) else {
        return false;
    };
    let sounds = a.channels.iter().any(|channel| channel.sound.is_some());
    let same = |(a, b): (&ChannelScan, &ChannelScan)| a.means == b.means && a.squares == b.squares;
    sounds && a.channels.len() == b.channels.len() && a.channels.iter().zip(&b.channels).all(same)
}

/// What is over the limit: the whole file, or stretches of it that are joined.
fn judge(view: &View<'_>, facts: &LeakFacts, looked: &mut Looked) {
    let of = |index: usize| view.facts.sounds.get(index);
    let (Some(source), Some(target)) = (of(facts.source), of(facts.target)) else {
        return;
    };
    let (warn, fail) = (
        view.limits.value("M1", "warn"),
        view.limits.value("M1", "fail"),
    );
    let db = |leak: &Leak| 20.0 * libm::log10(leak.gain.abs());
    // What is just sure is known to a quarter: a leak at the limit may come out this much lower.
    let over = |leak: &&Leak| leak.is_sure() && db(leak) > warn - 2.5;
    let mut stretches: Vec<Leak> = Vec::new();
    for leak in facts.segments.iter().filter(over) {
        match stretches.last_mut() {
            Some(last) if leak.start <= last.end && last.lag.abs_diff(leak.lag) < 96 => {
                let start = last.start;
                if leak.gain.abs() > last.gain.abs() {
                    *last = *leak;
                }
                (last.start, last.end) = (start, leak.end);
            }
            _ => stretches.push(*leak),
        }
    }
    if stretches.is_empty() {
        stretches.extend(facts.whole.iter().filter(over));
    }
    for leak in stretches {
        let is = format!("{:.1} dB", db(&leak));
        let code = if db(&leak) >= fail { LEAK } else { FAINT };
        let late = if leak.lag == 0 {
            String::new()
        } else {
            format!(", {} samples late", leak.lag)
        };
        let message = format!(
            "{} is heard in {} at {is}{late}",
            source.called(),
            target.called()
        );
        let end = leak.end.min(target.length);
        let fault = view.fault(code, target, None, message);
        let fault = fault.over(view, target, leak.start, end.saturating_sub(leak.start));
        looked
            .faults
            .push(fault.value(is, format!("under {warn} dB")));
    }
}
