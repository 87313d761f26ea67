//! What a stem is called and what kinds of sound there are.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The code of a stem in a delivery spec: `DX`, `MX`, `FX`, `OPT`, `FOL`. Upper case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StemCode(String);

/// The text cannot be the code of a stem.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a stem code: 1 to 16 of A-Z, 0-9, - and _")]
pub struct CodeError(pub String);

impl StemCode {
    /// Most characters of a code: it becomes part of a file name.
    const MAX: usize = 16;

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for StemCode {
    type Err = CodeError;

    /// Reads a code in any case.
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let code = text.to_ascii_uppercase();
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if code.is_empty() || code.len() > Self::MAX || !code.chars().all(allowed) {
            return Err(CodeError(text.to_owned()));
        }
        Ok(Self(code))
    }
}

impl fmt::Display for StemCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for StemCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for StemCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// A kind of sound. Finer kinds belong to a wider one: a spec that has no foley stem sends foley to
/// the stem that takes effects. The list follows the "wide stems" of the Academy's archive practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Anything spoken.
    Dialogue,
    /// Recorded on set.
    Production,
    /// Re-recorded lines and efforts.
    Adr,
    /// Loop group, walla made by actors.
    LoopGroup,
    /// Narration, voice-over, commentary, audio description.
    Narration,
    /// Anything musical.
    Music,
    /// Composed for the film.
    Score,
    /// Heard by the characters: radio, band, jukebox.
    Source,
    /// Sung parts on their own.
    Vocals,
    /// Anything else that sounds.
    Effects,
    /// Hard (spot) effects.
    Hard,
    /// Backgrounds, ambiences, room tone.
    Backgrounds,
    /// Performed to picture: feet, moves, props.
    Foley,
    /// Sound design.
    Design,
    /// Effects taken from production recordings.
    Pfx,
    /// Neither safe in an M&E nor dialogue: the optional stem.
    Optional,
}

/// Name in rules and specs, wider kind (itself for the widest).
const GROUPS: [(Group, &str, Group); 16] = [
    (Group::Dialogue, "dialogue", Group::Dialogue),
    (Group::Production, "production", Group::Dialogue),
    (Group::Adr, "adr", Group::Dialogue),
    (Group::LoopGroup, "group", Group::Dialogue),
    (Group::Narration, "narration", Group::Dialogue),
    (Group::Music, "music", Group::Music),
    (Group::Score, "score", Group::Music),
    (Group::Source, "source", Group::Music),
    (Group::Vocals, "vocals", Group::Music),
    (Group::Effects, "effects", Group::Effects),
    (Group::Hard, "hard", Group::Effects),
    (Group::Backgrounds, "backgrounds", Group::Effects),
    (Group::Foley, "foley", Group::Effects),
    (Group::Design, "design", Group::Effects),
    (Group::Pfx, "pfx", Group::Effects),
    (Group::Optional, "optional", Group::Optional),
];

/// The text is not a group.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a group")]
pub struct GroupError(pub String);

impl Group {
    /// The name in rules and specs: `production`, `foley`.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// The widest kind it belongs to: dialogue, music, effects or optional.
    #[must_use]
    pub fn root(self) -> Self {
        self.row().2
    }

    /// Every group, wide kinds before their parts.
    pub fn all() -> impl Iterator<Item = Self> {
        GROUPS.iter().map(|row| row.0)
    }

    fn row(self) -> &'static (Self, &'static str, Self) {
        // GROUPS stands in the order of the enum; a test holds it to that.
        &GROUPS[self as usize]
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Group {
    type Err = GroupError;

    /// Reads a name in any case.
    fn from_str(text: &str) -> Result<Self, GroupError> {
        GROUPS
            .iter()
            .find(|row| row.1.eq_ignore_ascii_case(text))
            .map(|row| row.0)
            .ok_or_else(|| GroupError(text.to_owned()))
    }
}

impl Serialize for Group {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Group {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_group_table_stands_in_enum_order_and_roots_are_roots() {
        for (i, row) in GROUPS.iter().enumerate() {
            assert_eq!(row.0 as usize, i);
            assert_eq!(row.1.parse::<Group>(), Ok(row.0));
            assert_eq!(row.2.root(), row.2);
        }
        assert!("dialog".parse::<Group>().is_err());
    }

    #[test]
    fn codes_are_upper_case_and_fit_a_file_name() {
        let check = |text: &str, want: Option<&str>| {
            let got = text.parse::<StemCode>().ok();
            assert_eq!(got.as_ref().map(StemCode::as_str), want, "{text}");
        };
        check("dx", Some("DX"));
        check("FX-HARD", Some("FX-HARD"));
        check("", None);
        check("../DX", None);
        check("D X", None);
        check("AVERYLONGSTEMCODE", None);
    }
}
