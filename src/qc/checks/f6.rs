//! F6: all files of one start and length.

use super::time_faults::{TimeFault, name_offset};
use crate::qc::check::{Check, Looked, View, faults};
use crate::qc::facts::{FileFacts, Sound};

faults! {
    START = "QCF601", Error, "start differs from the other files",
        "Files of one package begin together. This one states another start than most of them. If the sound is in \
         sync when the files are laid side by side, only the time reference is wrong.";
    HOUR = "QCF602", Error, "start differs by whole hours",
        "This file states a start whole hours from that of the others. Set its time reference.";
    PULL = "QCF603", Error, "start differs by 0.1 %",
        "This file's time reference was counted at another frame rate (24 against 23.976) than the others'.";
    LENGTH = "QCF604", Error, "length differs from the other files",
        "Files of one package have one length, to the sample. This one is shorter or longer: cut off in export, \
         padded at another frame, or converted at another rate.";
    FRAME_RATE = "QCF605", Error, "frame rate differs from the other files",
        "The iXML of this file states another timecode rate than the others. Its timecode will be read wrongly.";
    SAMPLE_RATE = "QCF606", Error, "sample rate differs from the other files",
        "The files of one package have one sample rate. Convert this one, or correct its header.";
    PULLED_LENGTH = "QCF607", Error, "length differs by 0.1 %",
        "This file is a thousandth longer or shorter than the others: it was pulled up or down on the way and \
         drifts out of sync. Convert it back.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "F6",
    family: "file",
    title: "one start and length for all files",
    explanation: "Starts, lengths and rates of all files against those that most of them have, in samples; \
                  reel by reel.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    let mut looked = Looked::default();
    let known: Vec<(&Sound, &FileFacts)> = view
        .facts
        .sounds
        .iter()
        .flat_map(|sound| {
            view.facts
                .names_of(sound)
                .into_iter()
                .map(move |name| (sound, name))
        })
        .filter_map(|(sound, name)| {
            Some((sound, view.facts.files.iter().find(|f| f.name == name)?))
        })
        .collect();
    if known.len() < 2 {
        return Looked::not_applicable("there is only one file");
    }
    for (_, file) in &known {
        looked.file(&file.name);
    }
    // Reels have a start and a length each. An ADM file holds the programme alone, without leader and tail.
    let (head, tail) = view.limits.padding(view.facts);
    let is_bare = |file: &FileFacts| {
        let adm = file.header().is_some_and(|wave| wave.adm.is_some());
        adm && head + tail > 0
    };
    let reel = |of: Option<u32>| {
        let of_reel = known.iter().filter(move |(sound, _)| sound.reel == of);
        of_reel.filter(|(_, file)| !is_bare(file))
    };
    let start = |of| usual(reel(of).filter_map(|(_, file)| file.start_sample()));
    let length = |of| usual(reel(of).filter_map(|(_, file)| Some(file.header()?.frames)));
    let hertz = usual(
        known
            .iter()
            .filter_map(|(_, file)| Some(file.header()?.format.rate.hertz())),
    );
    let frames = |file: &FileFacts| Some(file.header()?.frame_rate()?.to_string());
    let rate = usual(known.iter().filter_map(|(_, file)| frames(file)));
    for (sound, file) in &known {
        let mut one = One {
            view,
            sound,
            file,
            looked: &mut looked,
        };
        let (mut first, mut frames_of) = (start(sound.reel), length(sound.reel));
        if is_bare(file) {
            first = first.and_then(|first| first.checked_add_unsigned(head));
            frames_of = frames_of.map(|frames| frames.saturating_sub(head + tail));
        }
        one.start(first);
        one.length(frames_of);
        let is = file.header().map(|wave| wave.format.rate.hertz());
        one.differs(
            SAMPLE_RATE,
            is.map(|r| format!("{r} Hz")),
            hertz.map(|r| format!("{r} Hz")),
        );
        one.differs(FRAME_RATE, frames(file), rate.clone());
    }
    looked
}

/// One file against the others.
struct One<'a, 'b> {
    view: &'a View<'b>,
    sound: &'a Sound,
    file: &'a FileFacts,
    looked: &'a mut Looked,
}

impl One<'_, '_> {
    fn add(
        &mut self,
        code: &'static crate::finding::Code,
        message: String,
        is: String,
        want: String,
    ) {
        let mut fault = self
            .view
            .fault(code, self.sound, None, message)
            .value(is, want);
        fault.file = Some(self.file.name.clone());
        self.looked.faults.push(fault);
    }

    fn start(&mut self, usual: Option<i64>) {
        let Some((is, want)) = self.file.start_sample().zip(usual) else {
            return;
        };
        if is != want {
            let (kind, words) = name_offset(is, want, self.sound.rate);
            let code = match kind {
                TimeFault::Hours => HOUR,
                TimeFault::PullDown => PULL,
                TimeFault::Other => START,
            };
            let message = format!("the start is {words} that of the other files");
            self.add(
                code,
                message,
                format!("sample {is}"),
                format!("sample {want}"),
            );
        }
    }

    fn length(&mut self, usual: Option<u64>) {
        let is = self.file.header().map(|wave| wave.frames);
        let Some((is, want)) = is.zip(usual) else {
            return;
        };
        if is == want {
            return;
        }
        let (long, short) = (is.max(want), is.min(want));
        let pulled = (long - short).abs_diff(short / 1_000) <= 2 + short / 500_000;
        let side = if is < want { "shorter" } else { "longer" };
        let off = long - short;
        let code = if pulled { PULLED_LENGTH } else { LENGTH };
        let message = format!("{off} samples {side} than the other files");
        self.add(
            code,
            message,
            format!("{is} samples"),
            format!("{want} samples"),
        );
    }

    fn differs(
        &mut self,
        code: &'static crate::finding::Code,
        is: Option<String>,
        want: Option<String>,
    ) {
        if let Some((is, want)) = is.zip(want)
            && is != want
        {
            self.add(
                code,
                format!("{is} where the other files have {want}"),
                is,
                want,
            );
        }
    }
}

/// The value that most have; the smallest of several.
fn usual<T: Ord + Clone>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut counts = std::collections::BTreeMap::<T, usize>::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    let most = counts.values().copied().max()?;
    counts
        .into_iter()
        .find(|(_, count)| *count == most)
        .map(|(value, _)| value)
}
