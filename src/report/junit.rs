//! `JUnit` XML for build servers: a suite for each file and one for the package, a case for each check.
//!
//! It keeps to the strictest form in use, that of Ant's reports: one failure a case, every required
//! attribute there (`specs/schema/junit.xsd`). Nothing is timed: `time` is always 0.

use std::collections::BTreeSet;

use super::Report;
use super::mark::{Mark, marks};
use super::tags::Tags;
use crate::finding::Severity;
use crate::qc::{CheckRun, Outcome};

/// A suite: the file that it is about, or the package.
struct Suite<'a> {
    name: &'a str,
    cases: Vec<Case<'a>>,
    /// Lines that no case has room for.
    notes: Vec<String>,
}

/// A case.
struct Case<'a> {
    class: &'a str,
    name: String,
    result: CaseResult,
}

/// How a case went.
enum CaseResult {
    Passed,
    Skipped(String),
    /// Kind, first message, all messages with their places.
    Failed(&'static str, String, String),
}

/// The document.
pub(super) fn show(report: &Report) -> String {
    let marks = marks(report);
    let mut suites: Vec<Suite<'_>> = files(report, &marks)
        .into_iter()
        .map(|file| suite(report, &marks, Some(file)))
        .collect();
    suites.push(suite(report, &marks, None));
    let mut tags = Tags::new();
    tags.open("testsuites", &[]);
    for (id, suite) in suites.iter().enumerate() {
        write_suite(&mut tags, report, id, suite);
    }
    tags.finish()
}

/// The files as they were judged, else as the job made them (a stem may stand in several); then whatever else was
/// looked at or found wanting.
fn files<'a>(report: &'a Report, marks: &[Mark<'a>]) -> Vec<&'a str> {
    let judged = report.qc.iter().flat_map(|judgement| &judgement.files);
    let mut files: Vec<&str> = judged.map(|file| file.name.as_str()).collect();
    if files.is_empty() {
        files = report.files.iter().map(|file| file.file.as_str()).collect();
    }
    let checks = report.qc.iter().flat_map(|judgement| &judgement.checks);
    let looked_at = checks.flat_map(|run| run.files.iter().map(String::as_str));
    let named = marks.iter().filter_map(|mark| mark.file);
    let more: BTreeSet<&str> = looked_at.chain(named).collect();
    let known: BTreeSet<&str> = files.iter().copied().collect();
    files.extend(more.difference(&known));
    files
}

/// The suite of a file, or of what belongs to no file.
fn suite<'a>(report: &'a Report, marks: &[Mark<'a>], file: Option<&'a str>) -> Suite<'a> {
    let here: Vec<&Mark<'_>> = marks.iter().filter(|mark| mark.file == file).collect();
    let checks = report.qc.iter().flat_map(|judgement| &judgement.checks);
    let mut cases: Vec<Case<'_>> = checks
        .filter(|run| concerns(run, file))
        .map(|run| case(run, &here, file.is_none()))
        .collect();
    cases.extend(of_findings(&here));
    if cases.is_empty() {
        cases.push(Case {
            class: "job",
            name: "nothing that stops a delivery".to_owned(),
            result: CaseResult::Passed,
        });
    }
    let notes = here
        .iter()
        .filter(|mark| !mark.fails())
        .map(|mark| line(mark))
        .collect();
    Suite {
        name: file.unwrap_or(&report.title),
        cases,
        notes,
    }
}

/// Whether a check looked at a file, or found something in it.
fn concerns(run: &CheckRun, file: Option<&str>) -> bool {
    let found = run.faults.iter().any(|fault| fault.file.as_deref() == file);
    match file {
        Some(name) => found || run.files.iter().any(|file| file == name),
        None => found || run.files.is_empty(),
    }
}

fn case<'a>(run: &'a CheckRun, here: &[&Mark<'_>], package: bool) -> Case<'a> {
    let own = |mark: &&&Mark<'_>| mark.check.is_some_and(|check| std::ptr::eq(check, run));
    let mine: Vec<&Mark<'_>> = here.iter().filter(own).copied().collect();
    let all_waived = mine.iter().all(|mark| mark.is_waived());
    let waived = mine.first().filter(|_| all_waived);
    let failing: Vec<&Mark<'_>> = mine.iter().filter(|mark| mark.fails()).copied().collect();
    let result = match (&run.outcome, failing.first(), waived) {
        (_, Some(first), _) => CaseResult::Failed(
            first.code.id,
            first.message.to_owned(),
            failing.iter().map(|mark| line(mark) + "\n").collect(),
        ),
        (_, None, Some(mark)) => {
            let reason = mark
                .waiver
                .map(|w| format!("waived by {}: {}", w.by, w.reason));
            CaseResult::Skipped(reason.unwrap_or_default())
        }
        (Outcome::NotApplicable(why), ..) if package => {
            CaseResult::Skipped(format!("not applicable: {why}"))
        }
        _ => CaseResult::Passed,
    };
    Case {
        class: run.family,
        name: format!("{} {}", run.check, run.title),
        result,
    }
}

/// What the job itself noticed: a case for each code that stops a delivery.
fn of_findings<'a>(here: &[&Mark<'_>]) -> Vec<Case<'a>> {
    let own = here.iter().filter(|mark| mark.check.is_none());
    let mut failing: Vec<&Mark<'_>> = own
        .filter(|mark| mark.severity == Severity::Error)
        .copied()
        .collect();
    failing.sort_by_key(|mark| mark.code.id);
    let groups = failing.chunk_by(|a, b| a.code.id == b.code.id);
    groups
        .filter_map(|group| {
            let first = group.first()?;
            let all = group.iter().map(|mark| line(mark) + "\n").collect();
            Some(Case {
                class: "job",
                name: format!("{} {}", first.code.id, first.code.title),
                result: CaseResult::Failed(first.code.id, first.message.to_owned(), all),
            })
        })
        .collect()
}

/// One line: `error QCS001 (01:00:04:12, samples 216000 to 239999): message`.
fn line(mark: &Mark<'_>) -> String {
    let place = mark.place();
    let place = if place.is_empty() {
        String::new()
    } else {
        format!(" ({place})")
    };
    format!(
        "{} {}{place}: {}",
        mark.weight(),
        mark.code.id,
        mark.message
    )
}

fn write_suite(tags: &mut Tags, report: &Report, id: usize, suite: &Suite<'_>) {
    let count = |test: fn(&CaseResult) -> bool| {
        let cases = suite.cases.iter().filter(|case| test(&case.result));
        Some(cases.count().to_string())
    };
    let text = |text: &str| Some(text.to_owned());
    tags.open(
        "testsuite",
        &[
            ("id", Some(id.to_string())),
            ("package", Some(token(&report.title))),
            ("name", Some(token(suite.name))),
            ("timestamp", Some(timestamp(&report.origination))),
            ("hostname", text("localhost")),
            ("tests", Some(suite.cases.len().to_string())),
            (
                "failures",
                count(|result| matches!(result, CaseResult::Failed(..))),
            ),
            ("errors", text("0")),
            (
                "skipped",
                count(|result| matches!(result, CaseResult::Skipped(_))),
            ),
            ("time", text("0")),
        ],
    );
    tags.open("properties", &[]);
    let properties = [
        ("spec", &report.spec),
        ("stemline", &report.version.to_owned()),
    ];
    for (name, value) in properties {
        tags.empty("property", &[("name", text(name)), ("value", text(value))]);
    }
    tags.close();
    for case in &suite.cases {
        write_case(tags, suite.name, case);
    }
    tags.text("system-out", &[], &suite.notes.join("\n"));
    tags.text("system-err", &[], "");
    tags.close();
}

fn write_case(tags: &mut Tags, suite: &str, case: &Case<'_>) {
    let text = |text: &str| Some(text.to_owned());
    let attributes = [
        ("name", Some(token(&case.name))),
        ("classname", Some(token(&format!("{suite}.{}", case.class)))),
        ("time", text("0")),
    ];
    match &case.result {
        CaseResult::Passed => tags.empty("testcase", &attributes),
        CaseResult::Skipped(why) => {
            tags.open("testcase", &attributes);
            tags.empty("skipped", &[("message", text(why))]);
            tags.close();
        }
        CaseResult::Failed(kind, message, all) => {
            tags.open("testcase", &attributes);
            tags.text(
                "failure",
                &[("type", text(kind)), ("message", text(message))],
                all,
            );
            tags.close();
        }
    }
}

/// Text without blanks at its ends and in rows (`xs:token`), and never none.
fn token(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() {
        "-".to_owned()
    } else {
        words.join(" ")
    }
}

/// Date and time as the schema wants them; the day the count of seconds began where none is known.
fn timestamp(origination: &str) -> String {
    let shape = |text: &str, form: &str| {
        text.len() == form.len()
            && text
                .bytes()
                .zip(form.bytes())
                .all(|(got, want)| match want {
                    b'0' => got.is_ascii_digit(),
                    _ => got == want,
                })
    };
    if shape(origination, "0000-00-00T00:00:00") {
        origination.to_owned()
    } else if shape(origination, "0000-00-00") {
        format!("{origination}T00:00:00")
    } else {
        "1970-01-01T00:00:00".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_dates_and_times() {
        let check = |text: &str, expect: &str| assert_eq!(timestamp(text), expect);
        check("2026-01-01T12:00:00", "2026-01-01T12:00:00");
        check("2026-01-01", "2026-01-01T00:00:00");
        check("", "1970-01-01T00:00:00");
        assert_eq!(
            (token("  a\n b ").as_str(), token(" ").as_str()),
            ("a b", "-")
        );
    }
}
