//! F5: the start timecode that the client, or the plan, asks for.

use super::time_faults::{TimeFault, name_offset};
use crate::qc::check::{Check, Looked, View, faults};
use crate::qc::facts::Sound;

faults! {
    START = "QCF501", Error, "wrong start timecode",
        "The file's time reference is not where the spec (or the plan that it was made from) has the first \
         sample. Set it; do not move the sound unless it is out of sync with picture as well.";
    HOUR = "QCF502", Error, "start timecode off by whole hours",
        "The sound begins exactly one or more hours from where it should: the classic reject, nearly always a \
         session that starts at 00: or 10: instead of 01:00:00:00. Set the time reference.";
    PULL = "QCF503", Error, "start timecode off by 0.1 %",
        "The time reference was counted at 24 instead of 23.976 frames a second, or the other way round: it is \
         off by a thousandth of itself (3.6 s in an hour). Set the session's rate and write it again.";
    PADDING = "QCF504", Error, "more padding than the client takes",
        "Leader or tail of the file are longer than the spec allows. Cut them to its `max`, and set the time \
         reference accordingly.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "F5",
    family: "file",
    title: "start timecode asked for",
    explanation: "The time reference against the start that the spec or the plan states, at the exact rational \
                  rate; whole hours and 0.1 % are named. Where the spec has a longest leader, any start that keeps it \
                  will do for a package without a plan; leader and tail of a plan against the longest.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    let mut looked = Looked::default();
    for sound in &view.facts.sounds {
        padding(view, sound, &mut looked);
        let Some(wanted) = view.limits.start(view.facts, sound) else {
            continue;
        };
        for name in view.facts.names_of(sound) {
            let Some(file) = view.facts.files.iter().find(|file| file.name == name) else {
                continue;
            };
            let Some(is) = file.start_sample() else {
                continue;
            };
            looked.file(&name);
            looked.reading(
                name.clone(),
                format!("sample {is}"),
                Some(format!("sample {wanted}")),
            );
            if is == wanted || view.limits.takes_start(view.facts, sound, is) {
                continue;
            }
            let (kind, words) = name_offset(is, wanted, sound.rate);
            let code = match kind {
                TimeFault::Hours => HOUR,
                TimeFault::PullDown => PULL,
                TimeFault::Other => START,
            };
            let mut fault = view.fault(
                code,
                sound,
                None,
                format!("the start is {words} what is asked for"),
            );
            fault.file = Some(name.clone());
            looked
                .faults
                .push(fault.value(format!("sample {is}"), format!("sample {wanted}")));
        }
    }
    looked.or_nothing("neither the spec nor a plan states a start")
}

/// Leader and tail, as the plan has them, against the longest that the client takes.
fn padding(view: &View<'_>, sound: &Sound, looked: &mut Looked) {
    let Some(listed) = view.facts.listed(sound) else {
        return;
    };
    let most = view.limits.most_padding(view.facts, sound.rate);
    let sides = [("head", listed.head, most.0), ("tail", listed.tail, most.1)];
    for (side, is, most) in sides {
        if let Some(most) = most.filter(|most| is > *most) {
            let message = format!("{is} samples of padding at the {side}, the client takes {most}");
            let fault = view.fault(PADDING, sound, None, message);
            looked
                .faults
                .push(fault.value(format!("{is} samples"), format!("at most {most}")));
        }
    }
}
