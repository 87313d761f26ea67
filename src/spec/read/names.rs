//! File names: template, alphabet, fields; and where values come from.

use super::{Read, Reader, hint_of};
use crate::spec::file_name::{Alphabet, FileName};
use crate::spec::model::{NameFields, Naming};
use crate::spec::raw::{RawFields, RawSource, RawSpec, Text};
use crate::spec::sources::{SourceNote, Trust, leaves};

impl Reader<'_> {
    pub(super) fn file_name(&self, raw: &RawSpec) -> Read<FileName> {
        let template = &raw.file_name;
        let name = FileName::parse(template.get_ref()).map_err(|fault| {
            // The quote stands before the text.
            let start = template.span().start + 1 + fault.at;
            self.document
                .fault(start..start + 1, fault.message, fault.hint)
        })?;
        if !template.get_ref().to_ascii_lowercase().ends_with(".wav") {
            let message = "file names end with `.wav`, by which readers know them".to_owned();
            return Err(self.fault(template, message, None));
        }
        let alphabet = self.alphabet(raw)?;
        let illegal =
            alphabet.and_then(|legal| name.texts().find_map(|text| legal.first_illegal(text)));
        if let Some(c) = illegal {
            let message = format!("{c:?} is not in the alphabet of file names");
            return Err(self.fault(template, message, None));
        }
        Ok(name)
    }

    pub(super) fn alphabet(&self, raw: &RawSpec) -> Read<Option<Alphabet>> {
        let read = |text: &Text| {
            Alphabet::parse(text.get_ref()).ok_or_else(|| {
                let message = format!("`{}` is not an alphabet", text.get_ref());
                let hint = "write ranges and characters between spaces: `A-Z a-z 0-9 . _ -`";
                self.fault(text, message, Some(hint.to_owned()))
            })
        };
        raw.alphabet.as_ref().map(read).transpose()
    }

    pub(super) fn fields(&self, raw: &RawFields) -> Read<NameFields> {
        let plain = |text: Option<&Text>, unsaid: &str| {
            let word = text.map(|text| self.word(text, false)).transpose()?;
            Ok(word.unwrap_or_else(|| unsaid.to_owned()))
        };
        let language = raw.language.as_ref().map(|text| self.word(text, true));
        Ok(NameFields {
            version: plain(raw.version.as_ref(), "v01")?,
            soundfield: plain(raw.soundfield.as_ref(), "Nearfield")?,
            language: language.transpose()?.unwrap_or_else(|| "und".to_owned()),
            long_play: plain(raw.long_play.as_ref(), "lp")?,
        })
    }

    /// A word that file names are put together from: letters and digits, so that names can be taken
    /// apart again; with hyphens inside for a language.
    fn word(&self, text: &Text, hyphens: bool) -> Read<String> {
        let word = text.get_ref();
        let plain =
            |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric());
        let legal = if hyphens {
            word.split('-').all(plain)
        } else {
            plain(word)
        };
        if legal && word.len() <= 32 {
            return Ok(word.clone());
        }
        let message = format!("`{word}` cannot be part of a file name: letters and digits");
        Err(self.fault(text, message, None))
    }

    pub(super) fn naming(
        &self,
        asset: Option<&Text>,
        language: Option<&Text>,
        soundfield: Option<&Text>,
    ) -> Read<Naming> {
        let word =
            |text: Option<&Text>, hyphens| text.map(|text| self.word(text, hyphens)).transpose();
        Ok(Naming {
            asset: word(asset, true)?,
            language: word(language, true)?,
            soundfield: word(soundfield, false)?,
        })
    }

    pub(super) fn sources(&self, raw: &[RawSource], text: &str) -> Read<Vec<SourceNote>> {
        let leaves = leaves(text);
        let mut known: Vec<&str> = Vec::new();
        for leaf in &leaves {
            for path in [&leaf.path, &leaf.short] {
                known.extend(prefixes(path));
            }
        }
        known.sort_unstable();
        known.dedup();
        Self::all(raw, |source| {
            let values = Self::all(&source.values, |key| {
                if known.contains(&key.get_ref().as_str()) {
                    return Ok(key.get_ref().clone());
                }
                let hint = hint_of(key.get_ref(), &known, "keys are");
                let message = format!("there is no value `{}`", key.get_ref());
                Err(self.fault(key, message, Some(hint)))
            })?;
            Ok(SourceNote {
                trust: self.choice(Some(&source.tag), &Trust::NAMES, Trust::Unconfirmed)?,
                url: source.url.clone(),
                note: source.note.clone(),
                date: self.date(&source.date)?,
                values,
            })
        })
    }

    /// `2025-12-02`, `2025-12`, `2025`.
    fn date(&self, date: &Text) -> Read<String> {
        let parts: Vec<&str> = date.get_ref().split('-').collect();
        let digits = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
        let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
        if parts.iter().all(digits) && [4, 2, 2].starts_with(&lengths) && !lengths.is_empty() {
            return Ok(date.get_ref().clone());
        }
        let message = format!("`{}` is not a date", date.get_ref());
        Err(self.fault(
            date,
            message,
            Some("write 2025-12-02, 2025-12 or 2025".to_owned()),
        ))
    }
}

/// A path and everything above it.
fn prefixes(path: &str) -> impl Iterator<Item = &str> {
    let dots = path.match_indices('.').map(|(at, _)| at);
    dots.chain([path.len()]).filter_map(|end| path.get(..end))
}
