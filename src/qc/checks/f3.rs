//! F3: file names, and which files there are.

use std::collections::BTreeSet;

use crate::qc::check::{Check, Looked, View, faults};
use crate::qc::facts::FileFacts;
use crate::qc::judgement::Fault;

faults! {
    NAME = "QCF301", Error, "file name against the spec",
        "The name does not follow the spec's template, or its title is not that of the other files. Names are \
         read by machines at the client's: rename the file.";
    FIELD = "QCF302", Warning, "file name contradicts the file",
        "A field of the name (rate, bits, channels) says something else than the header. One of them is wrong; \
         look which before renaming.";
    MISSING = "QCF303", Error, "file missing",
        "The spec lists this stem or composite and no file of the package (or of this reel) is it. Deliver it, or \
         name the file so that it is recognised.";
    FOREIGN = "QCF304", Warning, "file that does not belong",
        "Nothing in the spec calls for this file: a leftover, a bounce of somebody else, a system file. Take it \
         out of the package.";
    TWICE = "QCF305", Error, "two files for one",
        "Two files claim to be the same stem. Take out the one that is not meant.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "F3",
    family: "file",
    title: "file names and completeness",
    explanation: "Every name is read back through the spec's template and its fields compared with the header; \
                  every stem and composite of the spec has its file, in every reel; nothing else lies about.",
    codes: CODES,
    look,
};

/// Files of sound that are nothing that the spec has, beside others that are; an ADM file stands for all of them.
fn strange<'a>(view: &'a View<'_>) -> impl Iterator<Item = &'a FileFacts> {
    let files = view.facts.files.iter();
    let known = files.clone().any(|file| file.code.is_some());
    let plain = |file: &&FileFacts| file.header().is_some_and(|wave| wave.adm.is_none());
    files.filter(move |file| known && file.code.is_none() && plain(file))
}

/// Stems and composites that are not there: in no reel, or not in one of the reels; and reels between others of
/// which there is nothing.
fn missing(view: &View<'_>) -> Vec<String> {
    let known = || view.facts.sounds.iter().filter(|s| s.code.is_some());
    let reels: BTreeSet<u32> = known().filter_map(|sound| sound.reel).collect();
    let first = reels.first().copied().unwrap_or_default();
    let last = reels.last().copied().unwrap_or_default();
    // A plan of some reels only says so itself.
    let all = view.facts.plan.is_none();
    let mut out: Vec<String> = (first..last)
        .filter(|reel| all && !reels.contains(reel))
        .take(100)
        .map(|reel| format!("no file of reel {reel}"))
        .collect();
    for code in view.limits.required() {
        let is = |found: &Option<String>| found.as_ref() == Some(&code);
        // A name that is right over a file that cannot be read is there, and F1 says so.
        let mut unread = view.facts.files.iter().filter(|f| f.header().is_none());
        if unread.any(|file| is(&file.code)) {
            continue;
        }
        let own: Vec<Option<u32>> = known().filter(|s| is(&s.code)).map(|s| s.reel).collect();
        if own.is_empty() {
            out.push(format!("no file for {code}"));
        } else if own.iter().any(Option::is_some) {
            let lacks = reels.iter().filter(|reel| !own.contains(&Some(**reel)));
            out.extend(lacks.map(|reel| format!("no file for {code} in reel {reel}")));
        }
    }
    out
}

fn look(view: &View<'_>) -> Looked {
    let mut looked = Looked::default();
    let fault = |code, file: Option<&str>, message: String| Fault {
        file: file.map(str::to_owned),
        ..Fault::new(code, message)
    };
    for file in &view.facts.files {
        if file.foreign {
            let message = format!("`{}` is no part of the delivery", file.name);
            looked
                .faults
                .push(fault(FOREIGN, Some(&file.name), message));
        }
        if file.wave.is_some() {
            looked.file(&file.name);
        }
    }
    for file in strange(view) {
        let message = format!("`{}` is no stem or composite of the spec", file.name);
        let fault = fault(FOREIGN, Some(&file.name), message);
        looked.faults.push(fault);
    }
    let (names, fields) = view.limits.names(view.facts);
    looked.faults.extend(
        names
            .into_iter()
            .map(|(file, message)| fault(NAME, Some(&file), message)),
    );
    looked.faults.extend(
        fields
            .into_iter()
            .map(|(file, message)| fault(FIELD, Some(&file), message)),
    );
    let missing = missing(view).into_iter();
    looked
        .faults
        .extend(missing.map(|message| fault(MISSING, None, message)));
    for (i, sound) in view.facts.sounds.iter().enumerate() {
        let earlier = view.facts.sounds.iter().take(i);
        let same = |other: &&crate::qc::facts::Sound| {
            sound.code.is_some() && other.code == sound.code && other.reel == sound.reel
        };
        if let Some(other) = { earlier }.find(same) {
            let names = (view.facts.name_of(sound), view.facts.name_of(other));
            let message = format!("both {} and {} are {}", names.1, names.0, sound.called());
            looked.faults.push(fault(TWICE, Some(&names.0), message));
        }
    }
    looked.or_nothing("there are no files")
}
