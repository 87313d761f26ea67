//! Reads a rules file and checks it against the stems of the spec.

use std::path::Path;

use regex::{Regex, RegexBuilder};
use toml::Spanned;

use super::outcome::outcome;
use super::raw::{RawEntry, RawFile, RawRule};
use super::{Key, Outcome, Rule, RuleSet};
use crate::audio::{Channel, ChannelLayout, Decibels};
use crate::stem::document::{Document, DocumentError, LoadError, read_text};
use crate::stem::mapping::{ChannelMap, Route};
use crate::stem::{Stem, StemSet};

/// Most rules of a file.
const MAX_RULES: usize = 10_000;

/// Most bytes that a compiled expression may take: only nested repetitions come near.
const MAX_REGEX: usize = 1 << 20;

/// Most source channels that a map may name.
const MAX_CHANNELS: usize = 128;

/// Gains outside of these are slips of the keyboard, in dB.
const GAIN_DB: std::ops::RangeInclusive<f64> = -144.0..=48.0;

impl RuleSet {
    /// Reads a rules file. `set` holds the stems of the job with their final layouts.
    ///
    /// # Errors
    /// [`LoadError`] when it cannot be read, or with file, line and column of what is wrong in it.
    pub fn load(path: &Path, set: &StemSet) -> Result<Self, LoadError> {
        let text = read_text(path)?;
        Ok(Self::parse(&text, &path.display().to_string(), set)?)
    }

    /// Reads rules from a text; `file` is what messages call it.
    ///
    /// # Errors
    /// [`DocumentError`] with line and column of the first fault.
    pub fn parse(text: &str, file: &str, set: &StemSet) -> Result<Self, DocumentError> {
        let document = Document::new(file, text);
        let raw: RawFile = document.parse().map_err(with_map_hint)?;
        if let Some(rule) = raw.rule.get(MAX_RULES) {
            let message = format!("there are more than {MAX_RULES} rules");
            return Err(document.fault(rule.span(), message, None));
        }
        let pan_law = match &raw.pan_law_db {
            Some(pan_law) => decibels(document, pan_law, "pan_law_db")?,
            None => Decibels::ZERO,
        };
        let reader = Reader { document, set };
        let rules = raw.rule.iter().enumerate();
        let rules = rules.map(|(i, rule)| reader.rule(i + 1, rule));
        Ok(Self {
            rules: rules.collect::<Result<_, _>>()?,
            pan_law,
        })
    }
}

/// The usual slip with maps is to leave the inner lists out.
fn with_map_hint(error: DocumentError) -> DocumentError {
    let list = error.hint.is_none() && error.message.ends_with("expected a list");
    let hint = "a map has one list per source channel: [[\"L\"], [\"R\"]]".to_owned();
    DocumentError {
        hint: if list { Some(hint) } else { error.hint },
        ..error
    }
}

fn decibels(
    document: Document,
    value: &Spanned<f64>,
    key: &str,
) -> Result<Decibels, DocumentError> {
    let db = *value.get_ref();
    if !GAIN_DB.contains(&db) {
        let (low, high) = (GAIN_DB.start(), GAIN_DB.end());
        let message = format!("`{key}` of {db} dB is not between {low} and {high} dB");
        return Err(document.fault(value.span(), message, None));
    }
    // TOML has a negative zero; unity is exactly 0 dB.
    Ok(Decibels::new(db + 0.0))
}

/// Checks rules.
struct Reader<'a> {
    document: Document<'a>,
    set: &'a StemSet,
}

impl Reader<'_> {
    fn rule(&self, number: usize, raw: &Spanned<RawRule>) -> Result<Rule, DocumentError> {
        let (line, _) = self.document.position(raw.span().start);
        let file = Path::new(self.document.file).file_name();
        let file = file.map_or(self.document.file.into(), |name| name.to_string_lossy());
        let span = raw.span();
        let raw = raw.get_ref();
        let label = match &raw.name {
            Some(name) => format!("{file}:{line} `{}`", name.get_ref()),
            None => format!("{file}:{line} [[rule]] {number}"),
        };
        let outcome = outcome(self.document, self.set, raw)?;
        let map = self.map(raw, &outcome)?;
        let gain = match &raw.gain_db {
            Some(gain) => decibels(self.document, gain, "gain_db")?,
            None => Decibels::ZERO,
        };
        if outcome == Outcome::Undecided && raw.gain_db.is_none() {
            let hint = "give it `stem`, `group` or `gain_db`".to_owned();
            return Err(self
                .document
                .fault(span, "the rule does nothing", Some(hint)));
        }
        let keys = self.keys(raw)?;
        Ok(Rule {
            label,
            text: conditions(raw),
            keys,
            outcome,
            gain,
            map,
        })
    }

    fn keys(&self, raw: &RawRule) -> Result<Vec<(Key, Regex)>, DocumentError> {
        let mut keys = Vec::new();
        for (key, name, pattern) in patterns(raw) {
            keys.push((key, self.regex(name, pattern)?));
        }
        Ok(keys)
    }

    fn regex(&self, key: &str, pattern: &Spanned<String>) -> Result<Regex, DocumentError> {
        let built = RegexBuilder::new(pattern.get_ref())
            .case_insensitive(true)
            .size_limit(MAX_REGEX)
            .build();
        built.map_err(|error| self.bad_regex(key, pattern, &error))
    }

    /// Says where in the expression the fault is: the reader's report has a line with a caret under
    /// the expression, which it indents by four.
    fn bad_regex(
        &self,
        key: &str,
        pattern: &Spanned<String>,
        error: &regex::Error,
    ) -> DocumentError {
        const INDENT: usize = 4;
        let report = error.to_string();
        let caret = report
            .lines()
            .find(|line| line.contains('^') && line.trim_matches([' ', '^']).is_empty())
            .and_then(|line| line.find('^'))
            .and_then(|at| at.checked_sub(INDENT));
        let last = report.lines().last().unwrap_or_default();
        let (what, hint) = match error {
            regex::Error::CompiledTooBig(_) => ("it repeats too much", None),
            _ => (
                last.trim_start_matches("error: "),
                Some("put a backslash before a character that stands for itself".to_owned()),
            ),
        };
        let text = pattern.get_ref();
        let span = pattern.span();
        let at = caret.filter(|_| !text.contains('\n'));
        let place = at.map_or(String::new(), |at| format!(" at character {}", at + 1));
        let message = format!("`{key}` is not a regular expression: {what}{place}");
        // Between single quotes, or where nothing is escaped, the file shows the expression as it is.
        let plain = span.len() == text.len() + 2;
        let start = at.filter(|_| plain).and_then(|at| {
            let bytes = text.char_indices().nth(at).map(|(byte, _)| byte);
            Some(span.start + 1 + bytes.or((at == text.chars().count()).then_some(text.len()))?)
        });
        let span = start.map_or(span, |start| start..start + 1);
        self.document.fault(span, message, hint)
    }

    /// The map as routes to the channels of the stem.
    fn map(&self, raw: &RawRule, outcome: &Outcome) -> Result<Option<ChannelMap>, DocumentError> {
        let Some(map) = &raw.map else {
            return Ok(None);
        };
        let fault = |message: &str, hint: &str| {
            Err(self
                .document
                .fault(map.span(), message, Some(hint.to_owned())))
        };
        let stem = match outcome {
            Outcome::Stem { code, .. } => self.set.get(code),
            _ => None,
        };
        let Some(stem) = stem else {
            let hint = "name the stem whose channels it means";
            return fault("`map` stands without `stem`", hint);
        };
        let channels = map.get_ref();
        if channels.len() > MAX_CHANNELS {
            return fault(
                "`map` has more than 128 channels",
                "one list per source channel",
            );
        }
        let mut routes: Vec<Route> = Vec::new();
        for (from, entries) in channels.iter().enumerate() {
            for entry in entries {
                let route = self.route(from, entry, stem)?;
                if routes
                    .iter()
                    .any(|r| (r.from, r.to) == (route.from, route.to))
                {
                    let message = format!(
                        "`{}` stands twice for one source channel",
                        entry.get_ref().to
                    );
                    return Err(self.document.fault(entry.span(), message, None));
                }
                routes.push(route);
            }
        }
        if routes.is_empty() {
            let hint = "to leave a clip out, write stem = \"ignore\"";
            return fault("`map` feeds no channel", hint);
        }
        Ok(Some(ChannelMap::new(routes)))
    }

    fn route(
        &self,
        from: usize,
        entry: &Spanned<RawEntry>,
        stem: &Stem,
    ) -> Result<Route, DocumentError> {
        let name = &entry.get_ref().to;
        let fault = |message: String, hint| Err(self.document.fault(entry.span(), message, hint));
        let Ok(channel) = name.parse::<Channel>() else {
            let hint = format!("{} has {}", stem.code, channel_names(&stem.layout));
            return fault(format!("`{name}` is not a channel"), Some(hint));
        };
        let Some(to) = stem.layout.index_of(channel) else {
            let message = format!("{} ({}) has no channel {channel}", stem.code, stem.layout);
            let hint = format!(
                "it has {}; --layout sets another",
                channel_names(&stem.layout)
            );
            return fault(message, Some(hint));
        };
        let db = entry.get_ref().gain_db;
        if !GAIN_DB.contains(&db) {
            let (low, high) = (GAIN_DB.start(), GAIN_DB.end());
            let message = format!("`gain_db` of {db} dB is not between {low} and {high} dB");
            return fault(message, None);
        }
        Ok(Route {
            from,
            to,
            gain: Decibels::new(db + 0.0).gain(),
        })
    }
}

fn channel_names(layout: &ChannelLayout) -> String {
    let names: Vec<&str> = layout.channels().iter().map(|c| c.name()).collect();
    names.join(" ")
}

/// The conditions that a rule has, in the order of the documentation.
fn patterns(raw: &RawRule) -> impl Iterator<Item = (Key, &'static str, &Spanned<String>)> {
    [
        (Key::Timeline, "timeline", &raw.timeline),
        (Key::Track, "track", &raw.track),
        (Key::Clip, "clip", &raw.clip),
        (Key::File, "file", &raw.file),
        (Key::Folder, "folder", &raw.folder),
        (Key::Role, "role", &raw.role),
        (Key::Ucs, "ucs", &raw.ucs),
        (Key::Adm, "adm", &raw.adm),
    ]
    .into_iter()
    .filter_map(|(key, name, pattern)| pattern.as_ref().map(|pattern| (key, name, pattern)))
}

/// The conditions as text.
fn conditions(raw: &RawRule) -> String {
    let all: Vec<String> = patterns(raw)
        .map(|(_, name, pattern)| format!("{name} matches `{}`", pattern.get_ref()))
        .collect();
    if all.is_empty() {
        return "matches every clip".to_owned();
    }
    all.join(" and ")
}
