//! F7: a whole number of frames.

use crate::qc::check::{Check, Looked, View, faults};
use crate::time::sample_at;

faults! {
    PART = "QCF701", Warning, "length is no whole number of frames",
        "The sound ends inside a picture frame. Packaging tools pad or cut it, and the reel after it may shift. \
         Trim or pad to the frame.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "F7",
    family: "file",
    title: "a whole number of frames",
    explanation: "The length in samples against the edges of frames at the exact rational rate.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    let Some(rate) = view.facts.rate else {
        return Looked::not_applicable("no frame rate is known");
    };
    let mut looked = Looked::default();
    for sound in view
        .facts
        .sounds
        .iter()
        .filter(|sound| sound.error.is_none())
    {
        looked.sound(view, sound);
        let start = view
            .facts
            .file_of(sound, 0)
            .and_then(crate::qc::FileFacts::start_sample)
            .unwrap_or_default();
        let frame = |at: i64| -> Option<i64> {
            let frame = rate.frame_of_sample(at, sound.rate)?;
            let edges =
                [frame, frame + 1].map(|f| rate.seconds_at(f).map(|s| sample_at(s, sound.rate)));
            edges
                .into_iter()
                .flatten()
                .map(|edge| at - edge)
                .min_by_key(|off| off.abs())
        };
        let end = start.saturating_add_unsigned(sound.length);
        // A length is whole too when the start lies inside a frame and the end just as far.
        let whole = [Some(end), i64::try_from(sound.length).ok()];
        let off = whole.map(|at| at.and_then(frame));
        if off.contains(&Some(0)) {
            continue;
        }
        let off = off
            .into_iter()
            .flatten()
            .min_by_key(|off| off.abs())
            .unwrap_or_default();
        let message = format!(
            "{} samples end {off:+} samples from the edge of a frame",
            sound.length
        );
        // The shortest of the files is the one that ends there.
        let ends = |i: &usize| {
            let header = view.facts.file_of(sound, *i).and_then(|file| file.header());
            header.is_some_and(|wave| wave.frames == sound.length)
        };
        let shortest = (0..sound.parts.len()).find(ends);
        let file = shortest.and_then(|i| view.facts.file_of(sound, i));
        let fault = crate::qc::Fault {
            file: file.map(|file| file.name.clone()),
            ..view.fault(PART, sound, None, message)
        };
        looked
            .faults
            .push(fault.value(format!("{off:+} samples"), "0 samples".to_owned()));
    }
    looked.or_nothing("no file can be read")
}
