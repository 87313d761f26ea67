//! Findings of a list: placed, counted, and bounded.

use std::collections::BTreeMap;

use crate::finding::{Code, Finding, Place, Severity};

/// Most findings of one kind that are listed one by one.
const LISTED: usize = 50;

/// Most characters of a line that a message quotes.
const QUOTED: usize = 60;

/// Where `part`, a piece of `whole`, starts in it, in bytes; within it even for a piece of something
/// else.
pub(super) fn offset(whole: &str, part: &str) -> usize {
    let bytes = part.as_ptr().addr().saturating_sub(whole.as_ptr().addr());
    bytes.min(whole.len())
}

/// Where something stands in the list; 0 in `line` is the list as a whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Spot {
    /// Line from 1.
    pub(super) line: u32,
    /// Column in characters from 1.
    pub(super) column: u32,
    /// Width in characters.
    pub(super) width: u32,
}

impl Spot {
    /// The place of `part`, a piece of `line`.
    pub(super) fn of(number: u32, line: &str, part: &str) -> Self {
        let before = line.get(..offset(line, part)).unwrap_or_default();
        let characters = |text: &str| text.chars().count() as u32;
        Self {
            line: number,
            column: characters(before) + 1,
            width: characters(part).max(1),
        }
    }

    /// The same in a file.
    pub(super) fn place(self, file: &str) -> Place {
        if self.line == 0 {
            return Place::file(file);
        }
        Place {
            column: Some(self.column),
            width: Some(self.width),
            ..Place::line(file, self.line)
        }
    }
}

/// A line for a message: its first characters, with `…` where it goes on.
pub(super) fn quote(text: &str) -> String {
    let mut quoted: String = text.chars().take(QUOTED).collect();
    if text.chars().nth(QUOTED).is_some() {
        quoted.push('…');
    }
    quoted
}

/// Collects findings: the first [`LISTED`] of a kind as they are, the others counted; some kinds only
/// counted.
#[derive(Debug)]
pub(super) struct Report<'a> {
    file: &'a str,
    listed: Vec<Finding>,
    kinds: BTreeMap<&'static Code, Kind>,
    tallies: Vec<Tally>,
}

#[derive(Debug, Default)]
struct Kind {
    listed: usize,
    unlisted: u64,
    worst: Option<Severity>,
}

/// Something counted instead of listed.
#[derive(Debug)]
struct Tally {
    code: &'static Code,
    what: &'static str,
    count: u64,
    first: Spot,
}

impl<'a> Report<'a> {
    /// An empty report on `file`.
    pub(super) fn new(file: &'a str) -> Self {
        Self {
            file,
            listed: Vec::new(),
            kinds: BTreeMap::new(),
            tallies: Vec::new(),
        }
    }

    /// The file's name.
    pub(super) fn file(&self) -> &'a str {
        self.file
    }

    /// Takes findings that others made.
    pub(super) fn extend(&mut self, findings: Vec<Finding>) {
        self.listed.extend(findings);
    }

    /// A finding of the code's own severity.
    pub(super) fn add(
        &mut self,
        code: &'static Code,
        spot: Spot,
        message: impl FnOnce() -> String,
    ) {
        self.list(code, code.severity, spot, message);
    }

    /// A finding that is graver than its code, or less grave.
    pub(super) fn list(
        &mut self,
        code: &'static Code,
        severity: Severity,
        spot: Spot,
        message: impl FnOnce() -> String,
    ) {
        let kind = self.kinds.entry(code).or_default();
        if kind.listed < LISTED {
            kind.listed += 1;
            let finding = Finding::new(code, message()).severity(severity);
            self.listed.push(finding.at(spot.place(self.file)));
        } else {
            kind.unlisted += 1;
            kind.worst = kind.worst.max(Some(severity));
        }
    }

    /// A finding with advice; for those of which a list has one.
    pub(super) fn advise(
        &mut self,
        code: &'static Code,
        spot: Spot,
        message: String,
        hint: &'static str,
    ) {
        let finding = Finding::new(code, message).at(spot.place(self.file));
        self.listed.push(finding.hint(hint));
    }

    /// Counts one more of `what`; the whole becomes one finding at the first one's place.
    pub(super) fn count(&mut self, code: &'static Code, what: &'static str, spot: Spot) {
        let same = |tally: &&mut Tally| tally.what == what && tally.code == code;
        if let Some(tally) = self.tallies.iter_mut().find(same) {
            tally.count += 1;
        } else {
            self.tallies.push(Tally {
                code,
                what,
                count: 1,
                first: spot,
            });
        }
    }

    /// All findings, in order of their lines.
    pub(super) fn finish(self) -> Vec<Finding> {
        let mut findings = self.listed;
        for tally in self.tallies {
            let message = format!("{}: {}", tally.what, tally.count);
            findings.push(Finding::new(tally.code, message).at(tally.first.place(self.file)));
        }
        findings.sort_by_key(|f| f.place.as_ref().and_then(|p| p.line));
        for (code, kind) in self.kinds {
            if let Some(severity) = kind.worst {
                let message = format!("{} more of this kind: {}", kind.unlisted, code.title);
                let finding = Finding::new(code, message).severity(severity);
                findings.push(finding.at(Place::file(self.file)));
            }
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::super::codes::{NO_CHANNEL, NOT_UNDERSTOOD};
    use super::*;

    #[test]
    fn no_count_is_lost() {
        let mut report = Report::new("a.edl");
        let text = "äb cd";
        for line in 1..=60 {
            let line = Spot::of(line, text, &text[4..]);
            report.add(&NOT_UNDERSTOOD, line, || "x".into());
            report.count(&NO_CHANNEL, "events without channels", line);
        }
        let findings = report.finish();
        assert_eq!(findings.len(), 52);
        assert_eq!(findings[1].message, "events without channels: 60");
        assert!(findings[51].message.starts_with("10 more"));
        let place = findings[0].place.clone().unwrap();
        assert_eq!(
            (place.line, place.column, place.width),
            (Some(1), Some(4), Some(2))
        );
    }

    #[test]
    fn quotes_are_short() {
        assert_eq!(quote(&"é".repeat(61)).chars().count(), 61);
        assert_eq!(quote("é"), "é");
    }
}
