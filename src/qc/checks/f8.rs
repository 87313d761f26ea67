//! F8: checksums.

use crate::qc::check::{Check, Looked, View, faults};
use crate::qc::facts::Checksum;
use crate::qc::judgement::Fault;

faults! {
    WRONG = "QCF801", Error, "checksum does not match",
        "The file is not the one that the checksum was made of: it was changed afterwards, or damaged in a copy. \
         Copy it again from where the checksum was made, or make the checksum anew if the change was meant.";
    ABSENT = "QCF802", Error, "file of a list of checksums is not there",
        "A list of checksums names this file, and the package does not hold it: it was left behind in a copy, or \
         renamed. Copy it again, or make the list anew.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "F8",
    family: "file",
    title: "checksums",
    explanation: "MD5 of the samples against the file's own chunk `MD5 `; whole files against lists beside them: \
                  `.md5` files, and ASC MHL and MHL 1 hash lists with MD5, XXH64, XXH3, XXH128 or C4.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    let mut looked = Looked::default();
    for file in &view.facts.files {
        for sum in &file.checksums {
            looked.file(&file.name);
            let Checksum {
                stated_in,
                what,
                stated,
                found,
            } = sum;
            let is = found.as_ref().map_or("not verified", |_| "verified");
            looked.reading(
                file.name.clone(),
                format!("{what}, stated in {stated_in}"),
                Some(is.to_owned()),
            );
            if let Some(found) = found.as_ref().filter(|_| sum.is_wrong()) {
                let message = format!("the {what} that {stated_in} states is not that of the file");
                let fault = Fault::new(WRONG, message).value(found.clone(), stated.clone());
                looked.faults.push(Fault {
                    file: Some(file.name.clone()),
                    ..fault
                });
            }
        }
    }
    for (list, name) in &view.facts.absent {
        looked.file(list);
        let message = format!("{list} names `{name}`, which is not there");
        looked.faults.push(Fault {
            file: Some(list.clone()),
            ..Fault::new(ABSENT, message)
        });
    }
    looked.or_nothing("no checksum is stated")
}
