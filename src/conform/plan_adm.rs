//! The ADM file of a delivery, as the plan says it.

use serde::{Deserialize, Serialize};

use super::plan::Plan;
use crate::audio::{AdmProfile, ContentKind};

/// An ADM file of all stems as written (ITU-R BS.2076, BS.2088).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adm {
    /// File name.
    pub file: String,
    /// The rules that it follows.
    pub profile: AdmProfile,
    /// Whether items of scenes are carried over instead of rendered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keep_objects: bool,
    /// Whether the file has a bext chunk beside its ADM metadata.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub bext: bool,
    /// One content for each stem.
    pub contents: Vec<AdmContent>,
    /// What can be listened to, the main one first.
    pub programmes: Vec<AdmProgramme>,
}

const fn yes() -> bool {
    true
}

/// A stem as a content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdmContent {
    /// Code of the stem.
    pub stem: String,
    /// `Dialogue English`.
    pub name: String,
    /// Its language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// What it is.
    pub kind: ContentKind,
}

/// Stems that are heard together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdmProgramme {
    /// `Full Mix English`.
    pub name: String,
    /// Language of its dialogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Codes of the stems.
    pub stems: Vec<String>,
}

/// That everything which is referred to is there.
pub(super) fn check(plan: &Plan) -> Result<(), String> {
    let Some(adm) = &plan.adm else {
        return Ok(());
    };
    for (i, content) in adm.contents.iter().enumerate() {
        if !plan.stems.iter().any(|stem| stem.code == content.stem) {
            return Err(format!("no stem {}", content.stem));
        }
        let before = adm.contents.get(..i).unwrap_or_default();
        if before.iter().any(|other| other.stem == content.stem) {
            return Err(format!("{} stands in two contents", content.stem));
        }
    }
    for programme in &adm.programmes {
        for code in &programme.stems {
            if !adm.contents.iter().any(|content| content.stem == *code) {
                return Err(format!("`{}` has no content {code}", programme.name));
            }
        }
    }
    if adm.contents.is_empty() || adm.programmes.is_empty() {
        return Err("no contents or no programmes".to_owned());
    }
    Ok(())
}
