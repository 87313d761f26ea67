//! The spec file as it is written.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// A text with its place in the file.
pub(super) type Text = Spanned<String>;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSpec {
    pub(super) name: Text,
    pub(super) title: String,
    pub(super) layout: Text,
    pub(super) sample_rate: Spanned<u32>,
    pub(super) sample_format: Text,
    pub(super) file_name: Text,
    pub(super) alphabet: Option<Text>,
    pub(super) files: Option<Text>,
    pub(super) channel_order: Option<Spanned<Vec<Text>>>,
    #[serde(default)]
    pub(super) frame_rates: Vec<Text>,
    #[serde(default)]
    pub(super) fields: RawFields,
    #[serde(default)]
    pub(super) programme: RawProgramme,
    #[serde(default)]
    pub(super) head: RawPadding,
    #[serde(default)]
    pub(super) tail: RawPadding,
    #[serde(default)]
    pub(super) pop: RawPop,
    #[serde(default)]
    pub(super) metadata: RawMetadata,
    #[serde(default)]
    pub(super) loudness: Vec<RawLoudness>,
    #[serde(default)]
    pub(super) peak: Vec<RawPeak>,
    #[serde(default)]
    pub(super) range: Vec<RawRange>,
    #[serde(default)]
    pub(super) limits: RawLimits,
    /// A severity, or a table of it and thresholds.
    #[serde(default)]
    pub(super) checks: BTreeMap<Text, Spanned<toml::Value>>,
    #[serde(default)]
    pub(super) fold: BTreeMap<Text, RawFold>,
    pub(super) stem: Vec<RawStem>,
    #[serde(default)]
    pub(super) composite: Vec<RawComposite>,
    pub(super) adm: Option<RawAdm>,
    #[serde(default)]
    pub(super) source: Vec<RawSource>,
}

/// `[adm]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAdm {
    pub(super) profile: Option<Text>,
    pub(super) language: Option<Text>,
    #[serde(default)]
    pub(super) keep_objects: bool,
    #[serde(default)]
    pub(super) content: Vec<RawAdmContent>,
    #[serde(default)]
    pub(super) programme: Vec<RawAdmProgramme>,
}

/// An `[[adm.content]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAdmContent {
    pub(super) stem: Text,
    pub(super) name: Option<Text>,
    pub(super) language: Option<Text>,
    pub(super) kind: Option<Text>,
}

/// An `[[adm.programme]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAdmProgramme {
    pub(super) name: Text,
    pub(super) language: Option<Text>,
    pub(super) stems: Spanned<Vec<Text>>,
}

/// `[fields]`: what file names say that the sound does not.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFields {
    pub(super) version: Option<Text>,
    pub(super) soundfield: Option<Text>,
    pub(super) language: Option<Text>,
    pub(super) long_play: Option<Text>,
}

/// `[programme]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawProgramme {
    pub(super) start: Option<Text>,
    pub(super) reels: Option<Text>,
}

/// `[head]` and `[tail]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPadding {
    pub(super) length: Option<Text>,
    pub(super) max: Option<Text>,
    pub(super) pop: Option<Text>,
}

/// `[pop]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPop {
    pub(super) frequency: Option<Text>,
    pub(super) level: Option<Text>,
    #[serde(default)]
    pub(super) channels: Vec<Text>,
}

/// `[metadata]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMetadata {
    pub(super) bext: Option<Text>,
    pub(super) ixml: Option<bool>,
    pub(super) md5: Option<Text>,
    pub(super) mhl: Option<bool>,
}

/// A `[[loudness]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLoudness {
    pub(super) gate: Text,
    pub(super) target: Text,
    pub(super) tolerance: Text,
    pub(super) qc_tolerance: Option<Text>,
    pub(super) lowest: Option<Text>,
    pub(super) max_short_term: Option<Text>,
    pub(super) max_momentary: Option<Text>,
    pub(super) measurement: String,
    #[serde(default)]
    pub(super) of: Vec<Text>,
}

/// A `[[peak]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPeak {
    pub(super) true_peak: Text,
    pub(super) qc_true_peak: Option<Text>,
    #[serde(default)]
    pub(super) of: Vec<Text>,
}

/// A `[[range]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRange {
    pub(super) min: Option<Text>,
    pub(super) max: Option<Text>,
    pub(super) dialogue_max: Option<Text>,
    #[serde(default)]
    pub(super) of: Vec<Text>,
}

/// `[limits]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLimits {
    pub(super) lfe_low_pass: Option<Text>,
    pub(super) leq_m: Option<Text>,
}

/// A table of `[fold]`: a title, where it leads, and for each channel the factors of what feeds it. Each value stands
/// by itself, so that what is wrong is told with its line.
pub(super) type RawFold = BTreeMap<Text, Spanned<toml::Value>>;

/// A `[[stem]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStem {
    pub(super) code: Text,
    pub(super) label: String,
    pub(super) groups: Vec<Text>,
    pub(super) layout: Option<Text>,
    #[serde(default)]
    pub(super) optional: bool,
    pub(super) asset: Option<Text>,
    pub(super) deliver: Option<bool>,
    pub(super) gain: Option<Text>,
    pub(super) language: Option<Text>,
    pub(super) soundfield: Option<Text>,
}

/// A `[[composite]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawComposite {
    pub(super) code: Text,
    pub(super) label: String,
    pub(super) recipe: Spanned<Vec<Text>>,
    #[serde(default)]
    pub(super) without: Vec<Text>,
    #[serde(default)]
    pub(super) instead: BTreeMap<Text, Text>,
    #[serde(default)]
    pub(super) when: Vec<Text>,
    pub(super) fold: Option<Text>,
    pub(super) asset: Option<Text>,
    pub(super) language: Option<Text>,
    pub(super) soundfield: Option<Text>,
}

/// A `[[source]]`: where values come from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSource {
    pub(super) tag: Text,
    pub(super) url: Option<String>,
    pub(super) note: Option<String>,
    pub(super) date: Text,
    #[serde(rename = "for")]
    pub(super) values: Vec<Text>,
}
