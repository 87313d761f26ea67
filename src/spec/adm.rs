//! The ADM file of a delivery, `[adm]`.

use crate::audio::{AdmProfile, ContentKind};
use crate::stem::StemCode;

/// What the ADM file of a delivery is like.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AdmSpec {
    /// The rules that it follows.
    pub profile: AdmProfile,
    /// Language of what is spoken, where a content names none (BCP 47 or ISO 639-2/B).
    pub language: Option<String>,
    /// Whether items of ADM sources are carried over instead of rendered.
    pub keep_objects: bool,
    /// What is said of stems beside their label and groups.
    pub contents: Vec<AdmContentSpec>,
    /// The programmes; one per language and one of music and effects where empty.
    pub programmes: Vec<AdmProgrammeSpec>,
}

/// What is said of a stem in the ADM file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdmContentSpec {
    /// The stem.
    pub stem: StemCode,
    /// Its name; its label with the language where absent.
    pub name: Option<String>,
    /// Its language.
    pub language: Option<String>,
    /// What it is; what its groups are where absent.
    pub kind: Option<ContentKind>,
}

/// A programme of the ADM file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdmProgrammeSpec {
    /// Its name.
    pub name: String,
    /// Its language.
    pub language: Option<String>,
    /// Its stems; those that are not written are left out.
    pub stems: Vec<StemCode>,
}

impl AdmSpec {
    /// What is said of a stem.
    pub fn content(&self, code: &StemCode) -> Option<&AdmContentSpec> {
        self.contents.iter().find(|content| content.stem == *code)
    }
}

/// Whether a text has the form of a language code (BCP 47 §2.1, ISO 639-2): `en`, `fre`, `pt-BR`.
pub fn is_language(code: &str) -> bool {
    let mut parts = code.split('-');
    let primary = parts.next().unwrap_or_default();
    let letters = |part: &str| part.bytes().all(|b| b.is_ascii_alphabetic());
    (2..=8).contains(&primary.len())
        && letters(primary)
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages() {
        let check = |code: &str, is: bool| assert_eq!(is_language(code), is, "{code}");
        for code in ["en", "fre", "pt-BR", "zh-Hant-TW"] {
            check(code, true);
        }
        for code in ["", "e", "english2x", "en-", "en_US", "français"] {
            check(code, false);
        }
    }
}
