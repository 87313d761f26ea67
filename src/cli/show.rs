//! Findings for people: with the line of the source and a caret where there is one.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, IsTerminal as _};

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::console::err;
use crate::finding::{Finding, Place, Severity};

/// Most findings of one code that are shown; the rest are counted.
const MOST: usize = 12;

/// Longest source line that is shown, in characters.
const LONGEST: u64 = 400;

/// Shows findings, worst first, at most [`MOST`] of a code.
pub(super) fn findings(findings: &[Finding], least: Severity) {
    let mut sorted: Vec<&Finding> = findings.iter().filter(|f| f.severity >= least).collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in sorted {
        let count = shown.entry(finding.code.id).or_default();
        *count += 1;
        if *count <= MOST {
            err(&render(finding));
        }
    }
    for (code, count) in shown.into_iter().filter(|(_, count)| *count > MOST) {
        err(&format!(
            "and {} more of {code}; the report has them all",
            count - MOST
        ));
    }
}

/// One finding as text.
fn render(finding: &Finding) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::NOTE,
    };
    let line = finding
        .place
        .as_ref()
        .and_then(|place| Some((place, source_line(place)?)));
    let message = match (&finding.place, &line) {
        (Some(place), None) => format!("{} ({place})", finding.message),
        _ => finding.message.clone(),
    };
    let title = level.primary_title(&message).id(finding.code.id);
    let mut group = match &line {
        Some((place, text)) => {
            let snippet = Snippet::source(text.as_str())
                .line_start(place.line.unwrap_or(1) as usize)
                .path(place.file.as_deref().unwrap_or_default())
                .annotation(AnnotationKind::Primary.span(byte_span(place, text)));
            title.element(snippet)
        }
        None => annotate_snippets::Group::with_title(title),
    };
    if let Some(hint) = &finding.hint {
        group = group.element(Level::HELP.message(hint.as_str()));
    }
    renderer().render(&[group])
}

fn renderer() -> Renderer {
    if std::io::stderr().is_terminal() {
        Renderer::styled()
    } else {
        Renderer::plain()
    }
}

/// The line of a text file that a place names, if it can be shown.
fn source_line(place: &Place) -> Option<String> {
    let (file, line) = (place.file.as_ref()?, place.line?);
    let reader = BufReader::new(fs::File::open(file).ok()?);
    let bytes = reader
        .split(b'\n')
        .nth(line.checked_sub(1)? as usize)?
        .ok()?;
    if bytes.len() as u64 > LONGEST {
        return None;
    }
    let text = String::from_utf8_lossy(&bytes)
        .trim_end_matches('\r')
        .to_owned();
    (!text.chars().any(char::is_control)).then_some(text)
}

/// The bytes of the line that a place marks: all of it where no column is named.
fn byte_span(place: &Place, text: &str) -> std::ops::Range<usize> {
    let at = |characters: usize| {
        text.char_indices()
            .nth(characters)
            .map_or(text.len(), |(byte, _)| byte)
    };
    match place.column {
        Some(column) => {
            let first = (column as usize).saturating_sub(1);
            let width = place.width.unwrap_or(1).max(1) as usize;
            at(first)..at(first + width)
        }
        None => 0..text.len(),
    }
}
