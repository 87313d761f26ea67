//! Which kind of sound the words of a name stand for.
//!
//! **Invariant:** words are whole (`PRODUCTIONS` is not `PROD`), the longest phrase wins, and a word
//! with two meanings is a [`Snare`] that other words decide, or a person.

mod leader;
mod table;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::code::Group;
use super::text::{Word, is_east_asian, words};
pub(super) use leader::is_leader;
use table::{Row, TABLE};

/// How sure a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// Tells nothing there.
    Off,
    /// A hint that alone decides nothing in a clip's name.
    Faint,
    /// Tells it when nothing speaks against it.
    Fair,
    /// Names the kind.
    Explicit,
}

/// What a word stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// One kind.
    Is(Group),
    /// Two kinds, the first likelier.
    Either(Group, Group),
    /// A sum of several kinds: a mix, an M&E.
    Composite,
    /// Depends on the words around it.
    Trap(Snare),
}

/// Words that mean two things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Snare {
    /// English voice-over, French *version originale*.
    Vo,
    /// Visually impaired narration, French *version internationale* (an M&E).
    Vi,
    /// Audio description, advert.
    Ad,
    /// A voice, a sung part.
    Vox,
    /// Source music, sample-rate conversion.
    Src,
    /// Ambiences, Dolby Atmos.
    Atmos,
}

/// Where a name comes from, as far as words are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// Given to sort sounds: tracks, roles, folders, timelines.
    Label,
    /// Free text: clips and files.
    Text,
}

/// What the other names around tell of the language.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Language {
    pub(super) french: bool,
    pub(super) english: bool,
}

/// A word found in a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hit {
    /// As written, folded.
    pub(super) word: String,
    pub(super) kind: Kind,
    pub(super) strength: Strength,
    /// First or last word that means anything: where people put the label.
    pub(super) outer: bool,
    /// Why a person should look.
    pub(super) doubt: Option<&'static str>,
}

/// What a found word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Is(Group),
    Either(Group, Group),
    Composite,
}

/// The rows by folded phrase.
static PHRASES: LazyLock<BTreeMap<String, &'static Row>> = LazyLock::new(|| {
    let rows = TABLE.iter();
    rows.flat_map(|row| {
        row.3
            .split('|')
            .map(move |phrase| (phrase_key(phrase), row))
    })
    .collect()
});

/// Phrases of writing without spaces, which are found inside of words.
static UNSPACED: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let keys = PHRASES.keys().map(String::as_str);
    keys.filter(|key| key.chars().any(is_east_asian)).collect()
});

/// Most words of a phrase in the table.
const LONGEST: usize = 3;

/// Most words of a name that may say something: names with more are hostile.
const MAX_HITS: usize = 16;

fn phrase_key(phrase: &str) -> String {
    join(&words(phrase))
}

fn join(words: &[Word]) -> String {
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    texts.join(" ")
}

/// The words of a name that say something.
pub(super) fn read(name: &[Word], scope: Scope, language: Language) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut at = 0;
    let label = label_bounds(name);
    while let Some(rest) = name.get(at..).filter(|rest| !rest.is_empty()) {
        if hits.len() == MAX_HITS {
            break;
        }
        let Some((length, row)) = phrase_at(rest) else {
            at += 1;
            continue;
        };
        let strength = match scope {
            Scope::Label => row.0,
            Scope::Text => row.1,
        };
        if strength > Strength::Off {
            let found = Found {
                name,
                at,
                length,
                strength,
                outer: at <= label.0 || at + length > label.1,
            };
            hits.extend(found.hit(row.2, language));
        }
        at += length;
    }
    hits
}

/// The longest phrase at the start of the words.
fn phrase_at(rest: &[Word]) -> Option<(usize, &'static Row)> {
    let longest = (1..=LONGEST.min(rest.len())).rev();
    let exact = longest
        .filter_map(|n| rest.get(..n).map(|words| (n, join(words))))
        .find_map(|(n, key)| PHRASES.get(&key).map(|row| (n, *row)));
    exact.or_else(|| {
        let word = &rest.first()?.text;
        if !word.chars().any(is_east_asian) {
            return None;
        }
        let inside = UNSPACED.iter().filter(|key| word.contains(**key));
        let key = inside.max_by_key(|key| key.len())?;
        PHRASES.get(*key).map(|row| (1, *row))
    })
}

/// A phrase and where it stands.
struct Found<'a> {
    name: &'a [Word],
    at: usize,
    length: usize,
    strength: Strength,
    outer: bool,
}

impl Found<'_> {
    fn hit(&self, meaning: Meaning, language: Language) -> Option<Hit> {
        let (kind, doubt) = match meaning {
            Meaning::Is(group) => (Kind::Is(group), None),
            Meaning::Either(a, b) => (Kind::Either(a, b), None),
            Meaning::Composite => (Kind::Composite, None),
            Meaning::Trap(snare) => self.spring(snare, language)?,
        };
        let words = self.name.get(self.at..self.at + self.length)?;
        Some(Hit {
            word: join(words),
            kind,
            strength: self.strength,
            outer: self.outer,
            doubt,
        })
    }

    /// What a word with two meanings means here.
    fn spring(&self, snare: Snare, language: Language) -> Option<(Kind, Option<&'static str>)> {
        let near = |list: &[&str]| self.name.iter().any(|w| list.contains(&w.text.as_str()));
        Some(match snare {
            Snare::Vo if language.french => (Kind::Is(Group::Dialogue), None),
            Snare::Vo if language.english => (Kind::Is(Group::Narration), None),
            Snare::Vo => {
                let doubt = "VO is voice-over in English, the original version in French";
                (Kind::Is(Group::Narration), Some(doubt))
            }
            Snare::Vi if language.french => (Kind::Composite, None),
            Snare::Vi => {
                let doubt = "VI is narration for the blind, in French an M&E";
                (Kind::Is(Group::Narration), Some(doubt))
            }
            Snare::Ad => {
                let doubt = "AD is audio description or an advert";
                (Kind::Is(Group::Narration), Some(doubt))
            }
            Snare::Vox if near(&["MX", "MUS", "MUSIC", "LEAD", "BACKING", "SONG"]) => {
                (Kind::Is(Group::Vocals), None)
            }
            Snare::Vox => {
                let doubt = "VOX is a voice or a sung part";
                (Kind::Either(Group::Dialogue, Group::Vocals), Some(doubt))
            }
            Snare::Src => {
                let next = self.name.get(self.at + self.length);
                let rates = ["44", "48", "88", "96", "192", "441", "48000", "44100"];
                if next.is_some_and(|word| rates.contains(&word.text.as_str())) {
                    return None;
                }
                (Kind::Is(Group::Source), None)
            }
            Snare::Atmos => {
                let dolby = [
                    "DOLBY", "BED", "BEDS", "OBJ", "OBJS", "OBJECT", "OBJECTS", "RENDERER", "ADM",
                    "MASTER", "RMU", "DAMF",
                ];
                if near(&dolby) {
                    return None;
                }
                let doubt = "ATMOS is ambiences or Dolby Atmos";
                (Kind::Is(Group::Backgrounds), Some(doubt))
            }
        })
    }
}

/// The first and the last word that is neither a number nor a word of form: where people put the
/// label.
fn label_bounds(name: &[Word]) -> (usize, usize) {
    const FORM: &[&str] = &[
        "ST", "STEREO", "MONO", "M", "L", "R", "C", "LS", "RS", "LFE", "LT", "LR", "V", "VER",
        "TEMP", "FINAL", "STEM", "STEMS", "PD", "PREDUB", "TRK", "TRACK", "REEL", "A", "B", "K",
        "X",
    ];
    let says = |word: &Word| !word.is_number() && !FORM.contains(&word.text.as_str());
    let first = name.iter().position(says);
    let last = name.iter().rposition(says);
    (first.unwrap_or(name.len()), last.unwrap_or_default())
}

/// What names say of the language they are written in.
pub(super) fn language<'a>(names: impl Iterator<Item = &'a [Word]>) -> Language {
    const FRENCH: &[&str] = &[
        "VF",
        "VFF",
        "VFQ",
        "VOST",
        "BRUITAGE",
        "BRUITAGES",
        "AMBIANCE",
        "AMBIANCES",
        "MUSIQUE",
        "MUSIQUES",
        "VOIX",
        "PAROLES",
        "DIRECTS",
        "POSTSYNCHRO",
        "EFFETS",
        "SEUL",
        "SEULS",
        "DOUBLAGE",
    ];
    const ENGLISH: &[&str] = &[
        "DX",
        "MX",
        "FX",
        "SFX",
        "BG",
        "BGS",
        "ADR",
        "NARR",
        "NARRATION",
        "NARRATOR",
        "FOLEY",
        "PFX",
        "WALLA",
        "BACKGROUNDS",
        "EFFECTS",
        "MUSIC",
    ];
    let mut language = Language::default();
    for word in names.flatten() {
        language.french |= FRENCH.contains(&word.text.as_str());
        language.english |= ENGLISH.contains(&word.text.as_str());
    }
    language
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_stands_once_and_can_be_found() {
        let mut seen = BTreeMap::new();
        for row in TABLE {
            for phrase in row.3.split('|') {
                let key = phrase_key(phrase);
                assert!(!key.is_empty(), "{phrase}");
                assert!(key.split(' ').count() <= LONGEST, "{phrase}");
                assert_eq!(seen.insert(key, phrase), None, "{phrase}");
            }
        }
    }

    #[test]
    fn words_are_whole_and_phrases_longest_first() {
        let check = |name: &str, want: &str| {
            let hits = read(&words(name), Scope::Label, Language::default());
            let got: Vec<String> = hits
                .iter()
                .map(|h| format!("{} {:?}", h.word, h.kind))
                .collect();
            assert_eq!(got.join("; "), want, "{name}");
        };
        check("PRODUCTIONS 2", "");
        check("PROD FX 1", "PROD FX Is(Pfx)");
        check("ProdFX", "PROD FX Is(Pfx)");
        check("Production Music", "PRODUCTION MUSIC Is(Music)");
        check("SRC48k", "");
        check("SRC 2", "SRC Is(Source)");
        check("Dolby Atmos bed", "");
        check("音効2 効果音", "効果音 Is(Effects)");
        check("東京の環境音_01", "東京の環境音 Is(Backgrounds)");
        check("M&E", "M E Composite");
    }
}
