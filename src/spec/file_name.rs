//! File names from templates, and back.

mod alphabet;
mod fields;
mod parse;

pub use alphabet::Alphabet;
pub use fields::FileFields;

use std::fmt;

use super::model::Spec;
use super::{NAME_AMBIGUOUS, TITLE_CHANGED};
use crate::finding::Finding;
use crate::stem::document::nearest;
use fields::Field;

/// How the files of a delivery are named: text with fields such as `{title}` and `{code}`.
///
/// A field may begin with a separator, `{.channel}`: the separator is written only where the field has
/// something to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileName {
    parts: Vec<Part>,
    written: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Field {
        separator: Option<char>,
        field: Field,
    },
}

/// Characters that a file system or shell of the field refuses.
const REFUSED: &[char] = &['/', '\\', ':', '*', '?', '"', '<', '>', '|'];

/// What may stand before a field inside its braces.
const SEPARATORS: [char; 3] = ['.', '_', '-'];

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TemplateFault {
    /// Where, in bytes of the template.
    pub(super) at: usize,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

fn fault<T>(at: usize, message: String, hint: Option<String>) -> Result<T, TemplateFault> {
    Err(TemplateFault { at, message, hint })
}

impl FileName {
    /// Reads a template.
    pub(super) fn parse(text: &str) -> Result<Self, TemplateFault> {
        let mut parts = Vec::new();
        let mut left = text;
        while !left.is_empty() {
            let at = text.len() - left.len();
            let Some(body) = left.strip_prefix('{') else {
                let end = left.find('{').unwrap_or(left.len());
                let (front, rest) = left.split_at(end);
                parts.push(Part::Text(plain_text(front, at)?));
                left = rest;
                continue;
            };
            let Some((field, rest)) = body.split_once('}') else {
                return fault(at, "`{` without `}`".to_owned(), None);
            };
            parts.push(field_part(field, at)?);
            left = rest;
        }
        let names_output = |part: &Part| {
            matches!(
                part,
                Part::Field {
                    field: Field::Code | Field::Asset,
                    ..
                }
            )
        };
        if !parts.iter().any(names_output) {
            let hint = Some("without it all files would have one name".to_owned());
            return fault(0, "the field `{code}` is missing".to_owned(), hint);
        }
        if matches!(parts.first(), Some(Part::Text(text)) if text.starts_with('.')) {
            return fault(0, "the name starts with a dot".to_owned(), None);
        }
        Ok(Self {
            parts,
            written: text.to_owned(),
        })
    }

    /// The texts between the fields.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Text(text) => Some(text.as_str()),
            Part::Field { .. } => None,
        })
    }
}

fn plain_text(text: &str, at: usize) -> Result<String, TemplateFault> {
    let refused = |c: char| REFUSED.contains(&c) || c.is_control();
    if let Some((bad, c)) = text.char_indices().find(|&(_, c)| refused(c)) {
        return fault(
            at + bad,
            format!("{c:?} cannot be part of a file name"),
            None,
        );
    }
    if let Some(bad) = text.find('}') {
        return fault(at + bad, "`}` without `{`".to_owned(), None);
    }
    Ok(text.to_owned())
}

fn field_part(written: &str, at: usize) -> Result<Part, TemplateFault> {
    let separator = written.chars().next().filter(|c| SEPARATORS.contains(c));
    let name = written
        .get(separator.map_or(0, char::len_utf8)..)
        .unwrap_or_default();
    if let Some(field) = Field::of_name(name) {
        return Ok(Part::Field { separator, field });
    }
    let names: Vec<&str> = Field::names().collect();
    let hint = match nearest(name, &names) {
        Some(right) => format!("did you mean `{{{right}}}`?"),
        None => format!("fields are {{{}}}", names.join("} {")),
    };
    fault(at, format!("there is no field `{{{written}}}`"), Some(hint))
}

impl Spec {
    /// The name of a file by its fields. Where the title holds what no file name can, those characters
    /// become underscores and a finding says so; another says when the name does not lead back to its
    /// fields.
    pub fn name_file(&self, fields: &FileFields) -> (String, Vec<Finding>) {
        let mut findings = Vec::new();
        let safe = self.safe_title(&fields.title);
        if safe != fields.title {
            let message = format!(
                "the title `{}` becomes `{safe}` in file names",
                fields.title
            );
            findings.push(Finding::new(&TITLE_CHANGED, message));
        }
        let mut name = String::new();
        for part in &self.file_name.parts {
            match part {
                Part::Text(text) => name.push_str(text),
                Part::Field { separator, field } => {
                    let value = match field {
                        Field::Title => safe.clone(),
                        other => other.value(fields, self),
                    };
                    name.extend(separator.filter(|_| !value.is_empty()));
                    name.push_str(&value);
                }
            }
        }
        let expected = self.stated(fields, &safe);
        if self
            .parse_file_name(&name)
            .is_none_or(|read| self.stated(&read, &read.title) != expected)
        {
            let message = format!("`{name}` does not lead back to what it says");
            findings.push(Finding::new(&NAME_AMBIGUOUS, message));
        }
        (name, findings)
    }

    /// A title as part of a file name of this spec.
    pub fn safe_title(&self, title: &str) -> String {
        let safe = safe_title(title);
        match &self.alphabet {
            Some(alphabet) => alphabet.legal(&safe),
            None => safe,
        }
    }

    /// The texts of all fields that the template has.
    fn stated(&self, fields: &FileFields, safe: &str) -> Vec<String> {
        let said = |part: &Part| match part {
            Part::Field {
                field: Field::Title,
                ..
            } => Some(safe.to_owned()),
            Part::Field { field, .. } => Some(field.value(fields, self)),
            Part::Text(_) => None,
        };
        self.file_name.parts.iter().filter_map(said).collect()
    }
}

/// A title as part of a file name: never empty, no path, no hidden file, not longer than file
/// systems allow with what stands around it.
pub fn safe_title(title: &str) -> String {
    const MAX: usize = 160;
    let allowed = |c: char| !REFUSED.contains(&c) && !c.is_control();
    let mut safe = String::new();
    for c in title.trim().chars() {
        let c = if allowed(c) { c } else { '_' };
        if safe.len() + c.len_utf8() > MAX {
            break;
        }
        safe.push(c);
    }
    let safe = if safe.starts_with('.') {
        safe.replacen('.', "_", 1)
    } else {
        safe
    };
    let safe = safe.trim_end().to_owned();
    if safe.is_empty() {
        return "_".to_owned();
    }
    safe
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

#[cfg(test)]
mod tests;
