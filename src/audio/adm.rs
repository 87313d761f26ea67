//! The rules that an Audio Definition Model document follows.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The rules that a document follows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AdmProfile {
    /// ITU-R BS.2076-1: what every reader knows.
    #[default]
    Bs2076v1,
    /// ITU-R BS.2076-2: times in samples, tracks that lead straight to channels.
    Bs2076v2,
    /// The Dolby Atmos Master ADM profile 1.1, which builds on BS.2076-1.
    Dolby,
}

/// Not the name of a profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an ADM profile; known are bs2076-1, bs2076-2 and dolby")]
pub struct AdmProfileError(pub String);

impl AdmProfile {
    /// Every profile.
    pub const ALL: [Self; 3] = [Self::Bs2076v1, Self::Bs2076v2, Self::Dolby];

    /// Its name in specs and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bs2076v1 => "bs2076-1",
            Self::Bs2076v2 => "bs2076-2",
            Self::Dolby => "dolby",
        }
    }

    /// What people call it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Bs2076v1 => "ITU-R BS.2076-1",
            Self::Bs2076v2 => "ITU-R BS.2076-2",
            Self::Dolby => "Dolby Atmos Master ADM profile",
        }
    }
}

impl fmt::Display for AdmProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for AdmProfile {
    type Err = AdmProfileError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|known| known.name() == text);
        known.ok_or_else(|| AdmProfileError(text.to_owned()))
    }
}

impl Serialize for AdmProfile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for AdmProfile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
