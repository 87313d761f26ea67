//! The spec file as it is written.

use serde::Deserialize;
use toml::Spanned;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSpec {
    pub(super) name: Spanned<String>,
    pub(super) title: String,
    pub(super) layout: Spanned<String>,
    pub(super) sample_rate: Spanned<u32>,
    pub(super) sample_format: Spanned<String>,
    pub(super) file_name: Spanned<String>,
    pub(super) stem: Vec<RawStem>,
    #[serde(default)]
    pub(super) composite: Vec<RawComposite>,
}

/// A `[[stem]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStem {
    pub(super) code: Spanned<String>,
    pub(super) label: String,
    pub(super) groups: Vec<Spanned<String>>,
    pub(super) layout: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) optional: bool,
}

/// A `[[composite]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawComposite {
    pub(super) code: Spanned<String>,
    pub(super) label: String,
    pub(super) recipe: Spanned<Vec<Spanned<String>>>,
}
