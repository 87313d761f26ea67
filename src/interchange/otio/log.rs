//! Collects findings, so many of a kind.

use std::collections::BTreeMap;

use super::codes;
use crate::finding::{Code, Finding, Place};

/// Findings of one code that are listed; the rest is counted.
const MAX_OF_A_KIND: usize = 2000;

/// Longest name, in characters, that is repeated in findings and places.
const MAX_NAME: usize = 120;

/// A name for findings and places: a long one is cut, because it may be repeated for every clip.
pub(super) fn short(name: &str) -> String {
    match name.char_indices().nth(MAX_NAME) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()),
        None => name.to_owned(),
    }
}

/// The findings of one file.
#[derive(Debug)]
pub(super) struct Log {
    file: String,
    findings: Vec<Finding>,
    counts: BTreeMap<&'static str, usize>,
}

impl Log {
    /// Nothing found yet in `file`.
    pub(super) fn new(file: String) -> Self {
        Self {
            file,
            findings: Vec::new(),
            counts: BTreeMap::new(),
        }
    }

    /// The file as the user named it.
    pub(super) fn file(&self) -> &str {
        &self.file
    }

    /// Adds a finding that knows its place.
    pub(super) fn add(&mut self, finding: Finding) {
        let count = self.counts.entry(finding.code.id).or_default();
        *count += 1;
        if *count <= MAX_OF_A_KIND {
            self.findings.push(finding);
        }
    }

    /// Adds a finding about the whole file.
    pub(super) fn file_note(&mut self, code: &'static Code, message: impl Into<String>) {
        let place = Place::file(self.file.clone());
        self.add(Finding::new(code, message).at(place));
    }

    /// Adds a finding about a line.
    pub(super) fn line_note(&mut self, code: &'static Code, line: u32, message: impl Into<String>) {
        let place = Place::line(self.file.clone(), line);
        self.add(Finding::new(code, message).at(place));
    }

    /// All of them, and how many were left out.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        for (code, count) in std::mem::take(&mut self.counts) {
            if count > MAX_OF_A_KIND {
                let message = format!("{} more findings {code}", count - MAX_OF_A_KIND);
                self.file_note(&codes::MORE, message);
            }
        }
        self.findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_ends_in_a_count() {
        let mut log = Log::new("x.otio".into());
        for line in 0..2500 {
            log.line_note(&codes::WRONG_TYPE, line, "wrong");
        }
        let findings = log.finish();
        assert_eq!(findings.len(), 2001);
        assert_eq!(findings[2000].message, "500 more findings OTIO004");
    }
}
