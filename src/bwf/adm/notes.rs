//! Findings that add up: what happens in a million blocks is one finding with a count.

use std::collections::BTreeMap;

use crate::finding::{Code, Finding, Place};

/// Most findings of one reading; what comes after is counted.
const MOST: usize = 500;

/// Findings in the making.
#[derive(Debug)]
pub(super) struct Notes {
    /// The file, for places.
    file: String,
    /// Byte of the file where the XML begins.
    base: u64,
    /// By code and subject: the first message, its place and how often it happened.
    seen: BTreeMap<(&'static str, String), Note>,
    order: usize,
    left_out: usize,
    spent: usize,
}

#[derive(Debug)]
struct Note {
    code: &'static Code,
    message: String,
    place: Place,
    count: usize,
    /// To give them back in the order of the file.
    order: usize,
}

impl Notes {
    pub(super) fn new(file: impl Into<String>, base: u64) -> Self {
        Self {
            file: file.into(),
            base,
            seen: BTreeMap::new(),
            order: 0,
            left_out: 0,
            spent: 0,
        }
    }

    /// Notes something at a byte of the XML. The same code and subject again only count.
    pub(super) fn at(
        &mut self,
        code: &'static Code,
        offset: u64,
        subject: &str,
        message: impl FnOnce() -> String,
    ) {
        let place = Place::offset(self.file.clone(), self.base.saturating_add(offset));
        self.add(code, place, subject, message);
    }

    /// Notes something of the whole file.
    pub(super) fn whole(
        &mut self,
        code: &'static Code,
        subject: &str,
        message: impl FnOnce() -> String,
    ) {
        let place = Place::file(self.file.clone());
        self.add(code, place, subject, message);
    }

    fn add(
        &mut self,
        code: &'static Code,
        place: Place,
        subject: &str,
        message: impl FnOnce() -> String,
    ) {
        let key = (code.id, subject.to_owned());
        if let Some(note) = self.seen.get_mut(&key) {
            note.count += 1;
            return;
        }
        if self.seen.len() == MOST {
            self.left_out += 1;
            return;
        }
        self.order += 1;
        let note = Note {
            code,
            message: message(),
            place,
            count: 1,
            order: self.order,
        };
        self.seen.insert(key, note);
    }

    /// Counts work that a file could make endless.
    pub(super) fn spend(&mut self, steps: usize) {
        self.spent = self.spent.saturating_add(steps);
    }

    /// Whether more than `most` steps have been counted.
    pub(super) fn exhausted(&self, most: usize) -> bool {
        self.spent > most
    }

    /// The findings in the order of the file.
    pub(super) fn into_findings(self) -> Vec<Finding> {
        let mut notes: Vec<Note> = self.seen.into_values().collect();
        notes.sort_by_key(|note| note.order);
        let finding = |note: Note| {
            let times = match note.count {
                1 => String::new(),
                count => format!(", {count} times"),
            };
            Finding::new(note.code, note.message + &times).at(note.place)
        };
        let mut findings: Vec<Finding> = notes.into_iter().map(finding).collect();
        if self.left_out > 0 {
            let message = format!("{} further findings are not listed", self.left_out);
            findings.push(Finding::new(super::codes::MORE, message).at(Place::file(self.file)));
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bwf::adm::codes::{MORE, UNKNOWN};

    #[test]
    fn the_same_again_only_counts_and_the_list_ends() {
        let mut notes = Notes::new("a.wav", 100);
        for i in 0..3 {
            notes.at(UNKNOWN, i, "x", || format!("first at {i}"));
        }
        notes.whole(UNKNOWN, "y", || "other".to_owned());
        let findings = notes.into_findings();
        let text: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert_eq!(
            text[0],
            "note[ADM003]: first at 0, 3 times (a.wav, byte 100)"
        );
        assert_eq!((findings.len(), text[1].contains("other")), (2, true));
        let mut notes = Notes::new("a.wav", 0);
        for i in 0..2 * MOST {
            notes.whole(UNKNOWN, &i.to_string(), String::new);
        }
        let findings = notes.into_findings();
        assert_eq!(findings.len(), MOST + 1);
        assert_eq!(findings[MOST].code, MORE);
    }
}
