//! Faults in TOML documents that people write: rules and delivery specs.

use std::fs::File;
use std::io::Read as _;
use std::ops::Range;
use std::path::Path;

use serde::de::DeserializeOwned;

use crate::finding::Place;

/// A fault in a rules file or delivery spec.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct DocumentError {
    /// File, line and column; both from 1, columns in characters.
    pub place: Box<Place>,
    /// What is wrong, with the value.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// Why a document could not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The file cannot be opened or read.
    #[error("cannot read {path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// The reason.
        source: std::io::Error,
    },
    /// Something in it is wrong.
    #[error(transparent)]
    Document(#[from] DocumentError),
}

impl LoadError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Io { .. } => None,
            Self::Document(error) => error.hint.as_deref(),
        }
    }
}

/// Largest document that is read, in bytes: above it a rules file is a mistake.
const MAX_BYTES: u64 = 4 << 20;

/// Reads a document of at most [`MAX_BYTES`]; bytes that are not UTF-8 are a fault with its line.
pub(crate) fn read_text(path: &Path) -> Result<String, LoadError> {
    let name = path.display().to_string();
    let io = |source| LoadError::Io {
        path: name.clone(),
        source,
    };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(io)?;
    file.take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(io)?;
    let fault = |place: Place, message: &str| DocumentError {
        place: Box::new(place),
        message: message.to_owned(),
        hint: None,
    };
    if bytes.len() as u64 > MAX_BYTES {
        let message = format!("is larger than {MAX_BYTES} bytes");
        return Err(fault(Place::file(&*name), &message).into());
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let lines = error.as_bytes().iter().take(valid);
        let line = 1 + lines.filter(|&&byte| byte == b'\n').count() as u32;
        let fault = fault(Place::line(&*name, line), "is not UTF-8 text");
        DocumentError {
            hint: Some("save the file as UTF-8".to_owned()),
            ..fault
        }
        .into()
    })
}

/// A TOML document and the name that messages give it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Document<'a> {
    pub(crate) file: &'a str,
    text: &'a str,
}

impl<'a> Document<'a> {
    pub(crate) fn new(file: &'a str, text: &'a str) -> Self {
        // A byte-order mark is what Windows editors leave; TOML does not know it.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self { file, text }
    }

    /// The document as a value; a misspelt key is named with the nearest right one.
    pub(crate) fn parse<T: DeserializeOwned>(self) -> Result<T, DocumentError> {
        toml::from_str(self.text).map_err(|error| {
            let (message, hint) = explain(error.message());
            self.fault(error.span().unwrap_or(0..0), message, hint)
        })
    }

    /// A fault at a range of bytes.
    pub(crate) fn fault(
        self,
        span: Range<usize>,
        message: impl Into<String>,
        hint: Option<String>,
    ) -> DocumentError {
        DocumentError {
            place: Box::new(self.place(span)),
            message: message.into(),
            hint,
        }
    }

    /// Line and column of a range of bytes.
    pub(crate) fn place(self, span: Range<usize>) -> Place {
        let (line, column) = self.position(span.start);
        let width = self.text.get(span).map(|text| text.chars().count() as u32);
        Place {
            column: Some(column),
            width: width.filter(|&width| width > 0),
            ..Place::line(self.file, line)
        }
    }

    /// Line and column of a byte, both from 1.
    pub(crate) fn position(self, offset: usize) -> (u32, u32) {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = 1 + before.matches('\n').count() as u32;
        let column = 1 + before.get(start..).unwrap_or_default().chars().count() as u32;
        (line, column)
    }
}

/// Turns the reader's words into ours.
fn explain(message: &str) -> (String, Option<String>) {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    if let (true, Some((&wrong, known))) =
        (message.starts_with("unknown field"), quoted.split_first())
    {
        let hint = match nearest(wrong, known) {
            Some(right) => format!("did you mean `{right}`?"),
            None => format!("known keys are {}", known.join(", ")),
        };
        return (format!("there is no key `{wrong}`"), Some(hint));
    }
    if let (true, Some(key)) = (message.starts_with("missing field"), quoted.first()) {
        return (format!("the key `{key}` is missing"), None);
    }
    // The reader speaks of its own types.
    let words = [
        ("expected f64", "expected a number"),
        ("expected u32", "expected a whole number"),
        ("expected a sequence", "expected a list"),
        ("expected a string", "expected a text in quotes"),
        ("expected a boolean", "expected true or false"),
    ];
    let mut text = message.trim_end_matches('.').to_owned();
    for (theirs, ours) in words {
        text = text.replace(theirs, ours);
    }
    if let Some(first) = text.get(..1).map(str::to_ascii_lowercase) {
        text.replace_range(..1, &first);
    }
    (text, None)
}

/// The candidate that a misspelt word most likely means: fewest edits, at most a third of its
/// letters, or the candidate that it begins or that begins it; the first of equals.
pub(crate) fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase();
    let letters = word.chars().count();
    // Codes of two letters are all alike.
    let limit = if letters < 3 { 0 } else { (letters / 3).max(1) };
    let edits = |candidate: &str| {
        let candidate = candidate.to_lowercase();
        let shorter = letters.min(candidate.chars().count());
        let begins = candidate.starts_with(&word) || word.starts_with(&candidate);
        let edits = distance(&word, &candidate);
        if begins && shorter >= 3 {
            edits.min(1)
        } else {
            edits
        }
    };
    candidates
        .iter()
        .map(|&candidate| (edits(candidate), candidate))
        .filter(|(edits, _)| *edits <= limit)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// Edits from one word to the other: insert, delete, replace, swap of neighbours.
fn distance(a: &str, b: &str) -> usize {
    // Keys are short; a longer word is no misspelling of one.
    const MAX: usize = 64;
    let a: Vec<char> = a.chars().take(MAX).collect();
    let b: Vec<char> = b.chars().take(MAX).collect();
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &y) in b.iter().enumerate() {
            let mut edits = (last[j] + usize::from(x != y))
                .min(last[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                edits = edits.min(before[j - 1] + 1);
            }
            row.push(edits);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_found_or_none() {
        let keys = ["timeline", "track", "clip", "file", "folder"];
        let check = |word: &str, want: Option<&str>| assert_eq!(nearest(word, &keys), want);
        check("trak", Some("track"));
        check("tarck", Some("track"));
        check("Clip", Some("clip"));
        check("flie", Some("file"));
        check("time_line", Some("timeline"));
        check("colour", None);
        check("time", Some("timeline"));
        check("tracks", Some("track"));
        check("fi", None);
        check("", None);
    }

    #[test]
    fn places_count_lines_and_characters() {
        let document = Document::new("r.toml", "\u{feff}a = 1\nä = \"ß\" # x\n");
        assert_eq!(document.position(0), (1, 1));
        let at = document.text.find('#').unwrap();
        assert_eq!(document.position(at), (2, 9));
        assert_eq!(document.position(9_999), (3, 1));
    }
}
