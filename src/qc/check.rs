//! What a check is, and what helps all of them.

use super::facts::{Facts, Sound};
use super::judgement::{Fault, Reading};
use super::limits::Limits;
use crate::finding::Code;

/// A check.
#[derive(Debug)]
pub struct Check {
    /// Family and number: `F5`.
    pub id: &'static str,
    /// The family in a word.
    pub family: &'static str,
    /// What it looks at, for lists.
    pub title: &'static str,
    /// What it measures and how, for `stemline explain` and the README.
    pub explanation: &'static str,
    /// The faults that it can find.
    pub codes: &'static [&'static Code],
    /// Does it.
    pub(super) look: fn(&View<'_>) -> Looked,
}

/// What a check may look at.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) facts: &'a Facts<'a>,
    pub(super) limits: Limits<'a>,
}

/// What a check saw.
#[derive(Debug, Default)]
pub(super) struct Looked {
    pub(super) files: Vec<String>,
    pub(super) readings: Vec<Reading>,
    pub(super) faults: Vec<Fault>,
    /// Why there was nothing to look at.
    pub(super) not_applicable: Option<String>,
}

impl Looked {
    /// A check that had nothing to look at.
    pub(super) fn not_applicable(reason: &str) -> Self {
        Self {
            not_applicable: Some(reason.to_owned()),
            ..Self::default()
        }
    }

    /// Notes a file.
    pub(super) fn file(&mut self, name: &str) {
        if !self.files.iter().any(|file| file == name) {
            self.files.push(name.to_owned());
        }
    }

    /// Notes the files of a sound.
    pub(super) fn sound(&mut self, view: &View<'_>, sound: &Sound) {
        for name in view.facts.names_of(sound) {
            self.file(&name);
        }
    }

    /// Notes a value of a file.
    pub(super) fn reading(&mut self, file: String, measured: String, limit: Option<String>) {
        self.readings.push(Reading {
            file: Some(file),
            channel: None,
            measured,
            limit,
        });
    }

    /// A check that looked at no file did not apply.
    pub(super) fn or_nothing(mut self, reason: &str) -> Self {
        if self.files.is_empty() && self.faults.is_empty() {
            self.not_applicable = Some(reason.to_owned());
        }
        self
    }
}

impl View<'_> {
    /// A fault in a channel of a sound.
    pub(super) fn fault(
        &self,
        code: &'static Code,
        sound: &Sound,
        channel: Option<usize>,
        message: String,
    ) -> Fault {
        let file = self.facts.file_of(sound, channel.unwrap_or_default());
        Fault {
            file: file.map(|file| file.name.clone()),
            channel: channel.map(|channel| sound.channel_name(channel)),
            ..Fault::new(code, message)
        }
    }

    /// The layout that the spec has for a sound.
    pub(super) fn wanted_layout(&self, sound: &Sound) -> Option<crate::audio::ChannelLayout> {
        self.limits.layout(sound.code.as_deref()?)
    }

    /// Every sound that was scanned.
    pub(super) fn scanned(&self) -> impl Iterator<Item = (&Sound, &crate::meter::scan::Scan)> {
        let scanned = |sound| Some((sound, Sound::scan(sound)?));
        self.facts.sounds.iter().filter_map(scanned)
    }
}

impl Sound {
    fn scan(&self) -> Option<&crate::meter::scan::Scan> {
        self.scan.as_ref()
    }
}

impl Fault {
    /// The same at a place.
    #[must_use]
    pub(super) fn over(self, view: &View<'_>, sound: &Sound, first: u64, samples: u64) -> Self {
        Self {
            stretch: Some(view.facts.stretch(sound, first, samples)),
            ..self
        }
    }

    /// The same with a value and what it should be.
    #[must_use]
    pub(super) fn value(self, measured: String, limit: String) -> Self {
        Self {
            measured: Some(measured),
            limit: Some(limit),
            ..self
        }
    }

    /// The same with advice.
    #[must_use]
    pub(super) fn advice(self, hint: &str) -> Self {
        Self {
            hint: Some(hint.to_owned()),
            ..self
        }
    }
}

/// A magnitude as text in dBFS.
pub(super) fn dbfs(magnitude: f64) -> String {
    if magnitude > 0.0 {
        format!("{:.1} dBFS", 20.0 * libm::log10(magnitude))
    } else {
        "digital silence".to_owned()
    }
}

/// So many samples as text in milliseconds or seconds.
pub(super) fn duration(samples: u64, rate: crate::audio::SampleRate) -> String {
    let seconds = samples as f64 / f64::from(rate.hertz());
    if seconds < 1.0 {
        format!("{:.1} ms", seconds * 1_000.0)
    } else {
        format!("{seconds:.2} s")
    }
}

/// Declares the faults of a check and its `CODES` table from rows of name, id, severity, title and
/// explanation.
macro_rules! faults {
    ($($name:ident = $id:literal, $severity:ident, $title:literal, $explanation:literal;)+) => {
        $(
            const $name: &$crate::finding::Code = &$crate::finding::Code::new(
                $id,
                $crate::finding::Severity::$severity,
                $title,
                $explanation,
            );
        )+
        /// Every fault of this check.
        const CODES: &[&$crate::finding::Code] = &[$($name),+];
    };
}
pub(super) use faults;
