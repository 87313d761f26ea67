//! Findings: what the program noticed, guessed, dropped or rounded, as data.
//!
//! **Invariant:** nothing that changes the result happens without a finding, and a code never
//! changes its meaning. Each module keeps its codes in a `CODES` table of its own; a test holds all
//! of them to be unique and explained.

use std::fmt;

use serde::{Serialize, Serializer};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing: a guess that is nearly certain, a rounding.
    Info,
    /// Worth checking before delivery.
    Warning,
    /// Wrong: the job stops, or a check has failed.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Info => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// A kind of finding. Declared once as a `static` or `const`, listed in its module's `CODES`.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Code {
    /// Family and number: `EDL007`. Never used again for something else.
    pub id: &'static str,
    /// How much it matters unless a finding says otherwise.
    pub severity: Severity,
    /// A line for lists.
    pub title: &'static str,
    /// What it means, why it matters, and what to do: `stemline explain` prints it.
    pub explanation: &'static str,
}

impl Code {
    /// A kind of finding, for tables.
    pub const fn new(
        id: &'static str,
        severity: Severity,
        title: &'static str,
        explanation: &'static str,
    ) -> Self {
        Self {
            id,
            severity,
            title,
            explanation,
        }
    }
}

/// Declares the codes of a module and its `CODES` table from rows of name, id, severity, title and
/// explanation.
macro_rules! codes {
    ($($name:ident = $id:literal, $severity:ident, $title:literal, $explanation:literal;)+) => {
        $(
            pub(super) const $name: &$crate::finding::Code = &$crate::finding::Code::new(
                $id,
                $crate::finding::Severity::$severity,
                $title,
                $explanation,
            );
        )+
        /// Every finding of this module.
        pub const CODES: &[&$crate::finding::Code] = &[$($name),+];
    };
}
pub(crate) use codes;

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id)
    }
}

/// Where in the input or output a finding stands. Every part that is known is set.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Place {
    /// The file, as the user named it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Line of a text file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Column in that line in characters, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// How many characters it spans.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Byte offset in a binary file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// Track of the timeline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub track: Option<String>,
    /// Event or clip in the words of the source: `event 012`, a clip name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clip: Option<String>,
    /// Record timecode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timecode: Option<String>,
}

impl Place {
    /// A whole file.
    pub fn file(file: impl Into<String>) -> Self {
        Self {
            file: Some(file.into()),
            ..Self::default()
        }
    }

    /// A line of a text file, from 1.
    pub fn line(file: impl Into<String>, line: u32) -> Self {
        Self {
            line: Some(line),
            ..Self::file(file)
        }
    }

    /// A byte of a binary file.
    pub fn offset(file: impl Into<String>, offset: u64) -> Self {
        Self {
            offset: Some(offset),
            ..Self::file(file)
        }
    }
}

impl fmt::Display for Place {
    /// `reel1.edl:12:4`, `take.wav at byte 44`, then track, clip and timecode.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if let Some(file) = &self.file {
            let mut text = file.clone();
            for number in [self.line, self.column].into_iter().flatten() {
                text = format!("{text}:{number}");
            }
            parts.push(text);
        }
        parts.extend(self.offset.map(|offset| format!("byte {offset}")));
        parts.extend(self.track.as_ref().map(|track| format!("track {track}")));
        parts.extend(self.clip.clone());
        parts.extend(self.timecode.clone());
        f.write_str(&parts.join(", "))
    }
}

/// One thing noticed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// What kind.
    pub code: &'static Code,
    /// How much it matters here.
    pub severity: Severity,
    /// What exactly, with the values: lower case, no final stop.
    pub message: String,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Finding {
    /// A finding of the code's own severity, without a place.
    pub fn new(code: &'static Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity,
            message: message.into(),
            place: None,
            hint: None,
        }
    }

    /// The same at a place.
    #[must_use]
    pub fn at(self, place: Place) -> Self {
        Self {
            place: Some(place),
            ..self
        }
    }

    /// The same with advice.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }

    /// The same with another severity than the code's own.
    #[must_use]
    pub fn severity(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]: {}", self.severity, self.code.id, self.message)?;
        if let Some(place) = &self.place {
            write!(f, " ({place})")?;
        }
        Ok(())
    }
}
