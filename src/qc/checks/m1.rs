//! M1: dialogue leaking into the M&E.

use crate::meter::cross::Leak;
use crate::qc::check::{Check, Looked, View, faults};
use crate::qc::facts::{Kind, LeakFacts};

faults! {
    LEAK = "QCM101", Error, "dialogue in the M&E",
        "The dialogue stem is heard in the M&E loudly enough to be understood: a bus routed twice, a reverberation \
         return, an effects track with words on it. A dubbed version will speak two languages. Mute that path.";
    FAINT = "QCM102", Warning, "faint dialogue in the M&E",
        "A trace of the dialogue stem is found in the M&E, far below what plays over it. Alone in a quiet scene it \
         may be heard. Look at auxiliary returns and at crosstalk of the summing path.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "M1",
    family: "music_and_effects",
    title: "dialogue leaking into the M&E",
    explanation: "The coherent gain from the dialogue stem to the M&E, each frequency from 150 Hz to 10 kHz weighted by \
                  what else sounds in it, all channels in one and each in its place, at lags up to 50 ms, every 10 s, \
                  every minute and over the whole length.",
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
    looked.or_nothing("there is no M&E beside a dialogue stem")
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
