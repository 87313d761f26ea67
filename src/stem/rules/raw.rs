//! The rules file as it is written.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use toml::Spanned;

/// The whole file.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFile {
    pub(super) pan_law_db: Option<Spanned<f64>>,
    #[serde(default)]
    pub(super) rule: Vec<Spanned<RawRule>>,
}

/// A `[[rule]]`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRule {
    pub(super) name: Option<Spanned<String>>,
    pub(super) timeline: Option<Spanned<String>>,
    pub(super) track: Option<Spanned<String>>,
    pub(super) clip: Option<Spanned<String>>,
    pub(super) file: Option<Spanned<String>>,
    pub(super) folder: Option<Spanned<String>>,
    pub(super) role: Option<Spanned<String>>,
    pub(super) ucs: Option<Spanned<String>>,
    pub(super) adm: Option<Spanned<String>>,
    pub(super) stem: Option<Spanned<String>>,
    pub(super) group: Option<Spanned<String>>,
    pub(super) gain_db: Option<Spanned<f64>>,
    pub(super) map: Option<Spanned<Vec<Vec<Spanned<RawEntry>>>>>,
}

/// A channel that a source channel feeds: `"C"` or `{to = "C", gain_db = -3}`.
#[derive(Debug)]
pub(super) struct RawEntry {
    pub(super) to: String,
    pub(super) gain_db: f64,
}

impl<'de> Deserialize<'de> for RawEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EntryVisitor)
    }
}

struct EntryVisitor;

impl<'de> Visitor<'de> for EntryVisitor {
    type Value = RawEntry;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a channel such as \"C\", or {to = \"C\", gain_db = -3}")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<RawEntry, E> {
        Ok(RawEntry {
            to: text.to_owned(),
            gain_db: 0.0,
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawEntry, A::Error> {
        let mut to = None;
        let mut gain_db = 0.0;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "to" => to = Some(map.next_value()?),
                "gain_db" => gain_db = map.next_value()?,
                other => return Err(A::Error::unknown_field(other, &["to", "gain_db"])),
            }
        }
        let to = to.ok_or_else(|| A::Error::missing_field("to"))?;
        Ok(RawEntry { to, gain_db })
    }
}
