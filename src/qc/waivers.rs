//! Faults that a person has accepted.

use regex::Regex;
use serde::Deserialize;

use super::judgement::{Fault, Waiver};

/// The waivers of a file.
#[derive(Debug, Clone, Default)]
pub struct Waivers {
    entries: Vec<Entry>,
}

/// One waiver as it is looked for.
#[derive(Debug, Clone)]
struct Entry {
    code: String,
    file: Option<Regex>,
    channel: Option<String>,
    /// First sample and first after it.
    stretch: Option<(u64, u64)>,
    reason: String,
    by: String,
    expires: Option<String>,
}

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    waiver: Vec<Written>,
}

/// A `[[waiver]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    code: String,
    file: Option<String>,
    channel: Option<String>,
    /// `[first sample, first sample after it]`.
    samples: Option<[u64; 2]>,
    reason: String,
    by: String,
    expires: Option<toml::value::Datetime>,
}

/// Why a file of waivers cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WaiverError {
    /// Not TOML of this form.
    #[error("{file}: {error}")]
    Form {
        /// The file.
        file: String,
        /// The reason, with line and column.
        #[source]
        error: Box<toml::de::Error>,
    },
    /// A waiver that says nothing.
    #[error("{file}: waiver {number} ({code}): {message}")]
    Entry {
        /// The file.
        file: String,
        /// Which one, from 1.
        number: usize,
        /// Its code.
        code: String,
        /// What is wrong.
        message: String,
    },
}

impl Waivers {
    /// Reads a TOML file of `[[waiver]]` tables.
    ///
    /// # Errors
    /// [`WaiverError`] with the place of what is wrong.
    pub fn read(text: &str, file: &str) -> Result<Self, WaiverError> {
        let document: Document = toml::from_str(text).map_err(|error| WaiverError::Form {
            file: file.to_owned(),
            error: Box::new(error),
        })?;
        let entries = document.waiver.into_iter().enumerate().map(|(i, written)| {
            let code = written.code.clone();
            Entry::new(written).map_err(|message| WaiverError::Entry {
                file: file.to_owned(),
                number: i + 1,
                code,
                message,
            })
        });
        Ok(Self {
            entries: entries.collect::<Result<_, _>>()?,
        })
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The first waiver that fits and has not expired, else the first that fits; it is marked as used.
    pub(super) fn find(
        &self,
        fault: &Fault,
        date: Option<&str>,
        used: &mut [bool],
    ) -> Option<Waiver> {
        let fits = || {
            self.entries
                .iter()
                .enumerate()
                .filter(|(_, entry)| entry.fits(fault))
        };
        let holds = fits().find(|(_, entry)| !entry.is_expired(date));
        let (index, entry) = holds.or_else(|| fits().next())?;
        if let Some(used) = used.get_mut(index) {
            *used = true;
        }
        Some(entry.waiver(date))
    }

    /// All of them.
    pub(super) fn iter(&self, date: Option<&str>) -> impl Iterator<Item = Waiver> {
        self.entries.iter().map(move |entry| entry.waiver(date))
    }
}

impl Entry {
    fn new(written: Written) -> Result<Self, String> {
        if written.reason.trim().is_empty() || written.by.trim().is_empty() {
            return Err("a waiver needs a reason and a name".to_owned());
        }
        let expires = written.expires.map(|date| match date.date {
            Some(date) => Ok(date.to_string()),
            None => Err(format!("`{date}` is not a date such as 2026-12-31")),
        });
        if let Some([first, end]) = written.samples
            && first >= end
        {
            return Err(format!("samples {first} to {end} are no stretch"));
        }
        Ok(Self {
            code: written.code.to_ascii_uppercase(),
            file: written.file.map(|glob| pattern(&glob)).transpose()?,
            channel: written.channel,
            stretch: written.samples.map(|[first, end]| (first, end)),
            reason: written.reason,
            by: written.by,
            expires: expires.transpose()?,
        })
    }

    /// Whether it is about this fault: a stretch must hold all of the fault's.
    fn fits(&self, fault: &Fault) -> bool {
        let file = fault.file.as_deref().unwrap_or_default();
        let inside = |(first, end): (u64, u64)| {
            let stretch = fault.stretch.as_ref();
            stretch.is_some_and(|s| s.first_sample >= first && s.first_sample + s.samples <= end)
        };
        self.code.eq_ignore_ascii_case(fault.code.id)
            && self.file.as_ref().is_none_or(|glob| glob.is_match(file))
            && self
                .channel
                .as_ref()
                .is_none_or(|channel| fault.channel.as_ref() == Some(channel))
            && self.stretch.is_none_or(inside)
    }

    /// Whether its last day has passed. Dates of this form are in order as text.
    fn is_expired(&self, date: Option<&str>) -> bool {
        self.expires
            .as_deref()
            .zip(date)
            .is_some_and(|(expires, date)| date > expires)
    }

    fn waiver(&self, date: Option<&str>) -> Waiver {
        Waiver {
            reason: self.reason.clone(),
            by: self.by.clone(),
            expires: self.expires.clone(),
            expired: self.is_expired(date),
        }
    }
}

/// A glob of file names (`*` and `?`) as a regular expression over the whole name or its last part.
fn pattern(glob: &str) -> Result<Regex, String> {
    let mut text = String::from("(?i)^(?:.*/)?");
    for c in glob.chars() {
        match c {
            '*' => text.push_str(".*"),
            '?' => text.push('.'),
            c => text.push_str(&regex::escape(&c.to_string())),
        }
    }
    text.push('$');
    Regex::new(&text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Code, Severity};
    use crate::qc::Stretch;

    static CODE: Code = Code::new("QCS301", Severity::Error, "a dropout", "For the test.");

    fn fault(file: &str, first_sample: u64) -> Fault {
        Fault {
            file: Some(file.to_owned()),
            stretch: Some(Stretch {
                first_sample,
                samples: 48,
                timecode_in: None,
                timecode_out: None,
            }),
            ..Fault::new(&CODE, "x")
        }
    }

    fn check(text: &str, file: &str, first: u64, date: &str, want: Option<bool>) {
        let waivers = Waivers::read(text, "waivers.toml").unwrap();
        let mut used = vec![false; waivers.len()];
        let found = waivers.find(&fault(file, first), Some(date), &mut used);
        assert_eq!(found.map(|waiver| waiver.expired), want);
        assert_eq!(used.contains(&true), want.is_some());
    }

    #[test]
    fn code_file_stretch_and_date_decide() {
        let text = "[[waiver]]\ncode = 'QCS301'\nfile = '*_FX.wav'\nsamples = [1000, 2000]\n\
                    reason = 'radio breaks up'\nby = 'A. Mixer'\nexpires = 2026-12-31\n";
        check(text, "Film_FX.wav", 1_000, "2026-12-31", Some(false));
        check(text, "R1/Film_FX.wav", 1_952, "2026-11-22", Some(false));
        check(text, "Film_FX.wav", 1_000, "2027-01-01", Some(true));
        check(text, "Film_FX.wav", 1_953, "2026-11-22", None);
        check(text, "Film_DX.wav", 1_000, "2026-11-22", None);
    }

    #[test]
    fn a_waiver_without_a_reason_is_refused() {
        let read = |text: &str| {
            Waivers::read(text, "w.toml")
                .map(|w| w.len())
                .map_err(|e| e.to_string())
        };
        let empty = "[[waiver]]\ncode = 'QCS301'\nreason = ' '\nby = 'x'\n";
        assert_eq!(
            read(empty),
            Err("w.toml: waiver 1 (QCS301): a waiver needs a reason and a name".to_owned())
        );
        assert!(
            read("[[waiver]]\ncode = 'X'\n")
                .unwrap_err()
                .contains("reason")
        );
        assert_eq!(read(""), Ok(0));
    }
}
