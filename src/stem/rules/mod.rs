//! Rules that a user writes: TOML tables tried in order before the built-in rules. `specs/rules.md`
//! shows how to write them.
//!
//! **Invariant:** a [`RuleSet`] is checked against the stems of the spec when it is read; nothing in
//! it can fail later.

mod outcome;
mod raw;
mod read;
#[cfg(test)]
mod tests;

use regex::Regex;

use super::code::{Group, StemCode};
use super::evidence::Evidence;
use super::mapping::ChannelMap;
use super::ucs;
use crate::audio::Decibels;

/// The rules of a job.
#[derive(Debug, Clone)]
pub struct RuleSet {
    rules: Vec<Rule>,
    pan_law: Decibels,
}

impl Default for RuleSet {
    /// No rules, and a pan law of 0 dB.
    fn default() -> Self {
        Self {
            rules: Vec::new(),
            pan_law: Decibels::ZERO,
        }
    }
}

/// One `[[rule]]`.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    /// `rules.toml:12 [[rule]] 2`, or with its name.
    pub(super) label: String,
    /// Its conditions, for the list of evidence.
    pub(super) text: String,
    keys: Vec<(Key, Regex)>,
    pub(super) outcome: Outcome,
    pub(super) gain: Decibels,
    pub(super) map: Option<ChannelMap>,
}

/// Where a rule sends a clip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Into a stem; `exact` when the rule names the kind of sound itself.
    Stem {
        code: StemCode,
        group: Group,
        exact: bool,
    },
    /// Nowhere.
    Ignore,
    /// Left to the built-in rules: the rule only sets a gain.
    Undecided,
}

/// What a condition looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Timeline,
    Track,
    Clip,
    File,
    Folder,
    Role,
    Ucs,
    Adm,
}

impl RuleSet {
    /// How much a mono source is turned down that feeds two loudspeakers.
    pub fn pan_law(&self) -> Decibels {
        self.pan_law
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The first rule whose conditions all hold.
    pub(super) fn first_match(&self, evidence: &Evidence) -> Option<&Rule> {
        if self.rules.is_empty() {
            return None;
        }
        let facts = Facts::of(evidence);
        self.rules.iter().find(|rule| {
            let mut keys = rule.keys.iter();
            keys.all(|(key, regex)| facts.hold(*key, regex))
        })
    }
}

/// The texts that conditions look at.
struct Facts<'a> {
    evidence: &'a Evidence<'a>,
    file: &'a str,
    folder: String,
    ucs: Option<String>,
}

impl<'a> Facts<'a> {
    fn of(evidence: &'a Evidence<'a>) -> Self {
        let file = evidence.file_name();
        Self {
            evidence,
            file,
            folder: evidence.folder(),
            ucs: ucs::cat_id(file).map(|cat| cat.id),
        }
    }

    /// Whether a condition holds.
    fn hold(&self, key: Key, regex: &Regex) -> bool {
        match &self.evidence.clip.scene {
            Some(scene) if key == Key::Adm => {
                let mut ids = scene.evidence.ids();
                ids.any(|id| regex.is_match(id))
            }
            _ => self.get(key).is_some_and(|text| regex.is_match(text)),
        }
    }

    /// The text of a key; absent where the clip has none, and then no condition on it holds.
    fn get(&self, key: Key) -> Option<&str> {
        match key {
            Key::Timeline => Some(self.evidence.timeline),
            Key::Track => Some(&self.evidence.track.name),
            Key::Clip => Some(&self.evidence.clip.name),
            Key::File => Some(self.file),
            Key::Folder => Some(&self.folder),
            Key::Role => self.evidence.role(),
            Key::Ucs => self.ucs.as_deref(),
            // Several texts, of clips of a scene only.
            Key::Adm => None,
        }
    }
}
