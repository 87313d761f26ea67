//! F8: checksums.

use crate::qc::check::{Check, Looked, View, faults};
use crate::qc::judgement::Fault;

faults! {
    WRONG = "QCF801", Error, "checksum does not match",
        "The file is not the one that the checksum was made of: it was changed afterwards, or damaged in a copy. \
         Copy it again from where the checksum was made, or make the checksum anew if the change was meant.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "F8",
    family: "file",
    title: "checksums",
    explanation: "MD5 of the samples in the file's own chunk, and of whole files in lists beside them.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    let mut looked = Looked::default();
    for file in &view.facts.files {
        for (stated, holds) in &file.sums {
            looked.file(&file.name);
            if !holds {
                let message = format!("the MD5 that {stated} states is not that of the file");
                looked.faults.push(Fault {
                    file: Some(file.name.clone()),
                    ..Fault::new(WRONG, message)
                });
            }
        }
    }
    looked.or_nothing("no checksum is stated")
}
