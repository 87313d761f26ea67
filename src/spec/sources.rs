//! Where the values of a spec come from, and a spec printed with it.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::model::Spec;

/// How far a source is to be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// Read on the page named.
    Verified,
    /// A second-hand page says it.
    SecondHand,
    /// Trade practice, confirmed nowhere: a default to override, never the client's words.
    Unconfirmed,
    /// Arithmetic.
    Calculated,
    /// This program's proposal.
    Proposed,
}

impl Trust {
    /// Every kind with its letter.
    pub(super) const NAMES: [(&'static str, Self); 5] = [
        ("V", Self::Verified),
        ("S", Self::SecondHand),
        ("U", Self::Unconfirmed),
        ("C", Self::Calculated),
        ("P", Self::Proposed),
    ];
}

/// A page or reason that stands behind values of a spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceNote {
    /// How far it is to be trusted.
    pub trust: Trust,
    /// The page.
    pub url: Option<String>,
    /// Words about it.
    pub note: Option<String>,
    /// Date of the edition where the page has one, else when it was taken into the spec.
    pub date: String,
    /// The keys that it stands behind, e.g. `peak.true_peak`, `stem`, `stem.DX.layout`.
    pub(super) values: Vec<String>,
}

impl fmt::Display for SourceNote {
    /// `[V] https://… (2025-12-02)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tag = Trust::NAMES.iter().find(|row| row.1 == self.trust);
        write!(f, "[{}]", tag.map_or("", |row| row.0))?;
        for text in [&self.url, &self.note].into_iter().flatten() {
            write!(f, " {text}")?;
        }
        write!(f, " ({})", self.date)
    }
}

/// Where one value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueSource<'a> {
    /// A source says so.
    Note(&'a SourceNote),
    /// It differs from the built-in spec of this name, or from the one that the spec was made from.
    Yours,
    /// Nothing is said.
    Unsaid,
}

impl fmt::Display for ValueSource<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Note(note) => note.fmt(f),
            Self::Yours => f.write_str("yours: not what the built-in spec says"),
            Self::Unsaid => f.write_str("no source"),
        }
    }
}

/// A value of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leaf {
    /// Its keys; a stem or composite by its code, other elements of lists of tables by number from 1.
    pub(super) path: String,
    /// The same without codes and numbers.
    pub(super) short: String,
    /// Where the value stands, in bytes.
    pub(super) span: Range<usize>,
}

/// Every value of a document but its sources, in the order of the keys.
pub(super) fn leaves(text: &str) -> Vec<Leaf> {
    let mut found = Vec::new();
    if let Ok(document) = DeTable::parse(text) {
        for (key, value) in document.get_ref() {
            if key.get_ref() != "source" {
                let key = key.get_ref().to_string();
                walk(&mut found, (key.clone(), key), value);
            }
        }
    }
    found
}

/// Collects what is below a key. The nesting of what a parser accepted is bounded by the parser.
fn walk(
    found: &mut Vec<Leaf>,
    (path, short): (String, String),
    value: &toml::Spanned<DeValue<'_>>,
) {
    match value.get_ref() {
        DeValue::Table(table) => {
            for (key, value) in table {
                let key = key.get_ref();
                walk(
                    found,
                    (format!("{path}.{key}"), format!("{short}.{key}")),
                    value,
                );
            }
        }
        DeValue::Array(list) if is_tables(list) => {
            for (i, value) in list.iter().enumerate() {
                let id = element_id(i, value.get_ref());
                walk(found, (format!("{path}.{id}"), short.clone()), value);
            }
        }
        _ => found.push(Leaf {
            path,
            short,
            span: value.span(),
        }),
    }
}

/// Whether a list is one of tables.
pub(super) fn is_tables(list: &toml::de::DeArray<'_>) -> bool {
    let table = |value: &toml::Spanned<DeValue<'_>>| matches!(value.get_ref(), DeValue::Table(_));
    !list.is_empty() && list.iter().all(table)
}

/// What an element of a list of tables is called: its code, else its number.
pub(super) fn element_id(index: usize, value: &DeValue<'_>) -> String {
    let code = match value {
        DeValue::Table(table) => table.get("code").map(toml::Spanned::get_ref),
        _ => None,
    };
    match code {
        Some(DeValue::String(code)) => code.to_string(),
        _ => (index + 1).to_string(),
    }
}

impl Spec {
    /// Where a value comes from, by its key: `loudness.1.target` or `loudness.target`,
    /// `stem.DX.layout`, `sample_rate`. The most exact source counts.
    pub fn source_of(&self, key: &str) -> ValueSource<'_> {
        let leaves = leaves(&self.text);
        let leaf = leaves
            .iter()
            .find(|leaf| leaf.path == key || leaf.short == key);
        match leaf {
            Some(leaf) => self.source_of_leaf(leaf, &self.changed()),
            None => ValueSource::Unsaid,
        }
    }

    /// The spec as TOML with a comment behind every value that says where it comes from. It reads back
    /// as the same spec.
    pub fn annotated(&self) -> String {
        let (leaves, changed) = (leaves(&self.text), self.changed());
        let mut out = String::new();
        let mut start = 0;
        for line in self.text.split_inclusive('\n') {
            let end = start + line.len();
            let here = leaves
                .iter()
                .filter(|leaf| (start..end).contains(&(leaf.span.end - 1)));
            let mut notes: Vec<String> = Vec::new();
            let mut last = None;
            for leaf in here {
                let note = self.source_of_leaf(leaf, &changed).to_string();
                if !notes.contains(&note) {
                    notes.push(note);
                }
                last = last.max(Some(leaf.span.end - start));
            }
            match last {
                Some(last) => out.push_str(&annotated_line(line, last, &notes.join("; "))),
                None => out.push_str(line),
            }
            start = end;
        }
        out
    }

    fn source_of_leaf(&self, leaf: &Leaf, changed: &[String]) -> ValueSource<'_> {
        let below = |path: &str, key: &str| {
            let rest = path.strip_prefix(key);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        // What names the field itself counts before what names the table that it stands in, and a stem
        // by its code before stems.
        let strength = |key: &String| {
            let depth = |path: &str| path.split('.').count();
            let above = |path: &str| Reverse(depth(path).saturating_sub(depth(key)));
            let exact = below(&leaf.path, key).then(|| (above(&leaf.path), true));
            exact.max(below(&leaf.short, key).then(|| (above(&leaf.short), false)))
        };
        let strongest = |note: &SourceNote| note.values.iter().filter_map(strength).max();
        let notes = self
            .sources
            .iter()
            .filter_map(|note| Some((strongest(note)?, note)));
        // Of equals the first counts.
        let best = notes.rev().max_by_key(|(strength, _)| *strength);
        let note = best.map(|(_, note)| note);
        // A spec of another name may have sources of its own; those of a client speak for its own words.
        let same = Self::builtin_text(&self.name).is_some();
        let theirs = || note.is_none_or(|note| stands_in(note, self.base().unwrap_or_default()));
        if changed.contains(&leaf.path) && (same || theirs()) {
            return ValueSource::Yours;
        }
        note.map_or(ValueSource::Unsaid, ValueSource::Note)
    }

    /// The text of the built-in spec of the same name, else of the one whose sources this one has taken
    /// over: of several, the one with the most of them.
    fn base(&self) -> Option<&'static str> {
        let shared = |text: &str| {
            let notes = self.sources.iter();
            notes.filter(|note| stands_in(note, text)).count()
        };
        let texts = super::BUILTIN.iter().map(|spec| spec.1);
        let found = || {
            let nearest = texts.rev().max_by_key(|text| shared(text));
            nearest.filter(|text| shared(text) > 0)
        };
        Self::builtin_text(&self.name).or_else(found)
    }

    /// The values that differ from the built-in spec that this one is, or was made from.
    fn changed(&self) -> Vec<String> {
        let Some(built_in) = self.base() else {
            return Vec::new();
        };
        if built_in == self.text {
            return Vec::new();
        }
        let theirs: BTreeMap<String, String> = values(built_in).collect();
        values(&self.text)
            .filter(|(path, value)| theirs.get(path) != Some(value))
            .map(|(path, _)| path)
            .collect()
    }
}

/// Whether a source is one of the text of a spec.
fn stands_in(note: &SourceNote, text: &str) -> bool {
    let mut words = [&note.url, &note.note].into_iter().flatten().peekable();
    let quoted = |word: &String| text.contains(&toml::Value::String(word.clone()).to_string());
    words.peek().is_some() && words.all(quoted)
}

/// Every value as it is written, without white space between its parts.
fn values(text: &str) -> impl Iterator<Item = (String, String)> + '_ {
    leaves(text).into_iter().map(|leaf| {
        let written = text.get(leaf.span.clone()).unwrap_or_default();
        (leaf.path, written.split_whitespace().collect())
    })
}

/// What begins a comment that was put behind a value.
const MARK: &str = "#:";

fn annotated_line(line: &str, value_end: usize, note: &str) -> String {
    let (front, rest) = line.split_at(value_end.min(line.len()));
    let rest = rest.trim_end_matches(['\r', '\n']);
    let rest = rest
        .find(MARK)
        .map_or(rest, |at| rest.get(..at).unwrap_or(rest));
    format!("{front}{}  {MARK} {note}\n", rest.trim_end())
}
