//! What the assignment of a clip comes to.

use std::fmt;

use serde::Serialize;

use super::code::{Group, StemCode};
use super::mapping::ChannelMap;
use crate::audio::Decibels;
use crate::finding::{Finding, Place};

/// Weight of evidence: ten times the decimal logarithm of the odds for what it says. Weights of
/// independent evidence add; 10 is ten to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Decibans(pub i32);

impl fmt::Display for Decibans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Where a clip goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Into a stem.
    Stem {
        /// The stem.
        code: StemCode,
        /// The kind of sound.
        group: Group,
    },
    /// Nowhere: a rule of the user says so.
    Ignore,
    /// Not known: the job stops unless told otherwise.
    Unassigned,
}

/// A piece of evidence and what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The rule that saw it: `built-in: track name token DX`.
    pub rule: String,
    /// The kind of sound it speaks for; absent where it speaks for none.
    pub says: Option<Group>,
    /// How much it says.
    pub weight: Decibans,
    /// What was seen.
    pub text: String,
}

/// The stem of a clip and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// Where it goes.
    pub decision: Decision,
    /// Gain that a rule of the user gives it.
    pub gain: Decibels,
    /// Channel map that a rule of the user gives it, for all channels of the file.
    pub map: Option<ChannelMap>,
    /// The rule that decided: `rules.toml:12 [[rule]] 2`, `built-in: track name token DX`; `none`
    /// where nothing did.
    pub rule: String,
    /// All evidence, heaviest first.
    pub evidence: Vec<Reason>,
    /// Why a person should look, or why it is unassigned and what to do.
    pub review: Option<String>,
    /// Whether only the other clips of the track decided it.
    pub by_neighbours: bool,
    /// What the built-in rules take it for, and whether without doubt, where a rule of the user sends it to
    /// a stem of another class without saying what it is.
    pub otherwise: Option<(Group, bool)>,
}

impl Assignment {
    /// The stem, where there is one.
    pub fn stem(&self) -> Option<&StemCode> {
        match &self.decision {
            Decision::Stem { code, .. } => Some(code),
            Decision::Ignore | Decision::Unassigned => None,
        }
    }

    /// The kind of sound, where a stem was found.
    pub fn group(&self) -> Option<Group> {
        match self.decision {
            Decision::Stem { group, .. } => Some(group),
            Decision::Ignore | Decision::Unassigned => None,
        }
    }

    /// What the report should say of it: unassigned, left out, doubtful, decided by its neighbours;
    /// nothing for a clear case.
    pub fn finding(&self, clip: &str, place: Place) -> Option<Finding> {
        let review = self.review.as_deref().unwrap_or("nothing tells what it is");
        let finding = match &self.decision {
            Decision::Unassigned => {
                let message = format!("clip `{clip}` has no stem: {review}");
                Finding::new(&super::UNASSIGNED, message).hint(super::UNASSIGNED_HINT)
            }
            Decision::Stem { code, group } if self.by_neighbours => {
                let message = format!("clip `{clip}` goes to {code} ({group}): {review}");
                Finding::new(&super::BY_NEIGHBOURS, message)
            }
            Decision::Stem { code, group } if self.review.is_some() => {
                let rule = &self.rule;
                let message = format!("clip `{clip}` goes to {code} ({group}, {rule}): {review}");
                Finding::new(&super::REVIEW, message)
            }
            Decision::Ignore if self.review.is_some() => {
                let rule = &self.rule;
                let message = format!("clip `{clip}` is left out ({rule}): {review}");
                Finding::new(&super::BESIDE, message)
            }
            Decision::Ignore => {
                let message = format!("clip `{clip}` is left out by {}", self.rule);
                Finding::new(&super::IGNORED, message)
            }
            Decision::Stem { .. } => return None,
        };
        Some(finding.at(place))
    }
}
