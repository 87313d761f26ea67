//! What the checks compare with: the spec's words, and what holds where it says nothing.

use std::collections::BTreeMap;

use super::facts::{Facts, Sound};
use crate::audio::ChannelLayout;
use crate::finding::Severity;
use crate::spec::Spec;

/// How one check is done where a spec says nothing: its severity and its thresholds.
type Row = (&'static str, Severity, &'static [(&'static str, f64)]);

use Severity::{Error, Warning};

/// The proposals of this program. Levels in dBFS, times in the unit of the name.
const ROWS: &[Row] = &[
    ("F1", Error, &[("effective_bits", 16.0)]),
    ("F7", Warning, &[]),
    ("L5", Warning, &[("difference", 0.2)]),
    ("S1", Warning, &[("level", -60.0), ("duration", 3.0)]),
    ("S2", Warning, &[("duration", 1.0)]),
    (
        "S3",
        Error,
        &[
            ("level", -90.0),
            ("around", -50.0),
            ("shortest", 1.0),
            ("longest", 2.0),
        ],
    ),
    ("C1", Error, &[("level", -0.01), ("run", 3.0)]),
    ("C2", Warning, &[]),
    ("C3", Error, &[]),
    ("C4", Warning, &[("level", -60.0), ("window", 10.0)]),
    ("C5", Warning, &[("over", 15.0), ("duration", 2.0)]),
    ("P1", Warning, &[("correlation", -0.5), ("share", 10.0)]),
    ("P3", Warning, &[("correlation", 0.9995)]),
    ("P4", Warning, &[("above", 120.0), ("level", -30.0)]),
    ("P5", Warning, &[]),
    ("N1", Error, &[("steps", 2.0), ("level", -90.0)]),
    ("N2", Warning, &[]),
    ("M1", Error, &[("warn", -40.0), ("fail", -30.0)]),
    ("M3", Warning, &[("drop", 12.0), ("duration", 0.5)]),
    ("M4", Warning, &[]),
    ("M5", Error, &[("difference", 0.05)]),
    ("M6", Error, &[("coherence", -40.0)]),
];

/// The limits of a spec.
#[derive(Debug, Clone, Copy)]
pub struct Limits<'a> {
    spec: &'a Spec,
}

impl<'a> Limits<'a> {
    /// Those of this spec.
    pub const fn of(spec: &'a Spec) -> Self {
        Self { spec }
    }

    /// The spec.
    pub const fn spec(&self) -> &'a Spec {
        self.spec
    }

    /// How much a fault of this check matters at most; `None` where the check is switched off.
    pub fn severity(&self, check: &str) -> Option<Severity> {
        let row = ROWS.iter().find(|row| row.0 == check);
        Some(row.map_or(Error, |row| row.1))
    }

    /// A threshold of a check, in the unit of its table; 0 where there is none.
    pub fn value(&self, check: &str, threshold: &str) -> f64 {
        let row = ROWS.iter().find(|row| row.0 == check);
        let values = row.map_or(&[][..], |row| row.2);
        let value = values.iter().find(|value| value.0 == threshold);
        value.map_or(0.0, |value| value.1)
    }

    /// The layout that a sound should have; `None` for one that the spec does not know.
    pub(super) fn layout(&self, code: &str) -> Option<ChannelLayout> {
        let stem = self
            .spec
            .stems
            .iter()
            .find(|stem| stem.code.as_str() == code);
        let composite = || {
            self.spec
                .composites
                .iter()
                .find(|c| c.code.as_str() == code)
        };
        stem.map(|stem| self.spec.layout_of(stem).clone())
            .or_else(|| composite().map(|composite| self.spec.composite_layout(composite).clone()))
    }

    /// Codes of which there has to be a file.
    pub(super) fn required(&self) -> Vec<String> {
        let stems = self.spec.stems.iter().filter(|stem| !stem.optional);
        let composites = self.spec.composites.iter();
        let stems = stems.map(|stem| stem.code.to_string());
        stems
            .chain(composites.map(|composite| composite.code.to_string()))
            .collect()
    }

    /// Whether files need a broadcast extension or another statement of their start.
    pub(super) fn wants_bext(&self) -> bool {
        true
    }

    /// Whether the broadcast extension has to stand before the samples.
    pub(super) fn wants_bext_first(&self) -> bool {
        true
    }

    /// The first sample that a sound should have, since midnight: the plan's.
    pub(super) fn start(&self, facts: &Facts<'_>, sound: &Sound) -> Option<i64> {
        let (_, plan) = facts.plan.as_ref()?;
        let known = sound.code.is_some() && plan.sample_rate == sound.rate.hertz();
        known.then_some(plan.start_sample)
    }

    /// Samples of silence that the spec asks for at head and tail.
    pub(super) fn padding(&self, _facts: &Facts<'_>) -> (u64, u64) {
        (0, 0)
    }

    /// First sample and length of each pop that has to be there.
    pub(super) fn pops(&self, _facts: &Facts<'_>) -> Vec<(u64, u64)> {
        Vec::new()
    }

    /// Whether the spec wants no pops.
    pub(super) fn pops_forbidden(&self) -> bool {
        false
    }

    /// What is wrong with names: files against the template, and fields against the header.
    pub(super) fn names(
        &self,
        facts: &Facts<'_>,
    ) -> (Vec<(String, String)>, Vec<(String, String)>) {
        let mut titles: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut wrong = Vec::new();
        for sound in &facts.sounds {
            let Some(code) = &sound.code else { continue };
            for name in facts.names_of(sound) {
                match self.title_of(&name, code) {
                    Some(title) => titles.entry(title).or_default().push(name),
                    None => {
                        let message =
                            format!("the name is not of the form `{}`", self.spec.file_name);
                        wrong.push((name, message));
                    }
                }
            }
        }
        let most = titles.values().map(Vec::len).max().unwrap_or_default();
        let usual = titles
            .iter()
            .find(|(_, names)| names.len() == most)
            .map(|(title, _)| title.clone());
        for (title, names) in titles {
            let Some(usual) = usual.as_ref().filter(|usual| **usual != title) else {
                continue;
            };
            let message = format!("the title is `{title}`, that of the other files `{usual}`");
            wrong.extend(names.into_iter().map(|name| (name, message.clone())));
        }
        (wrong, Vec::new())
    }

    /// The title in a name that follows the template.
    fn title_of(&self, name: &str, code: &str) -> Option<String> {
        const MARK: &str = "QQTITLEQQ";
        let name = name.rsplit('/').next().unwrap_or(name);
        let layout = self.layout(code)?;
        let (pattern, _) = self.spec.file_name.of(MARK, &code.parse().ok()?, &layout);
        let (head, tail) = pattern.split_once(MARK).unwrap_or((&pattern, ""));
        let title = name.strip_prefix(head)?.strip_suffix(tail)?;
        (!title.is_empty()).then(|| title.to_owned())
    }
}
