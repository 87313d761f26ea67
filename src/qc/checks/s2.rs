//! S2: digital silence at head and tail.

use crate::qc::check::{Check, Looked, View, faults};
use crate::qc::facts::Kind;

faults! {
    HEAD = "QCS201", Warning, "sound at the very first sample",
        "The spec asks for silence before the programme, and the file begins inside sound. Something is cut off, \
         or the file starts at the wrong place.";
    TAIL = "QCS202", Warning, "sound at the very last sample",
        "The spec asks for silence behind the programme, and the file ends inside sound: a reverberation tail or \
         a music ring-out is cut off. Extend the export.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "S2",
    family: "silence",
    title: "digital silence at head and tail",
    explanation: "Runs of zeros at the start and end of every mix, where the spec asks for padding; pops excepted.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    let (head, tail) = view.limits.padding(view.facts);
    if head == 0 && tail == 0 {
        return Looked::not_applicable("the spec asks for no padding");
    }
    let mut looked = Looked::default();
    for (sound, scan) in view
        .scanned()
        .filter(|(sound, _)| sound.kind != Kind::Other)
    {
        looked.sound(view, sound);
        let first = scan
            .channels
            .iter()
            .filter_map(|c| c.sound)
            .map(|s| s.0)
            .min();
        let last = scan
            .channels
            .iter()
            .filter_map(|c| c.sound)
            .map(|s| s.1)
            .max();
        if head > 0 && first == Some(0) {
            let message = "the first sample is not silent".to_owned();
            looked.faults.push(
                view.fault(HEAD, sound, None, message)
                    .over(view, sound, 0, 1),
            );
        }
        if tail > 0 && last.is_some_and(|last| last + 1 == scan.length) {
            let message = "the last sample is not silent".to_owned();
            let fault = view.fault(TAIL, sound, None, message);
            looked
                .faults
                .push(fault.over(view, sound, scan.length.saturating_sub(1), 1));
        }
    }
    looked.or_nothing("no file can be read")
}
