//! What the conform is asked, and what it answers.

use super::framing::Framing;
use super::plan::{PlanError, RenderPlan};
use crate::finding::Finding;
use crate::media::MediaIndex;
use crate::spec::Spec;
use crate::stem::{RuleSet, StemCode, StemSet};
use crate::time::{Pos, Record};
use crate::timeline::{FadeShape, ValidTimeline};

/// What to do with clips whose sound is missing or too short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnMissing {
    /// Stop before anything is written.
    Refuse,
    /// Silence in their place, and a finding.
    Silence,
}

/// What to do with clips that no rule can place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OnUnassigned {
    /// Stop before anything is written.
    Refuse,
    /// This stem, and a finding.
    Stem(StemCode),
}

/// Everything that decides the plan.
#[derive(Debug)]
pub struct Request<'a> {
    /// The timelines.
    pub timelines: &'a [ValidTimeline],
    /// The folder of each timeline's file: relative paths in it count from there.
    pub folders: &'a [std::path::PathBuf],
    /// The sound.
    pub index: &'a MediaIndex,
    /// The user's rules.
    pub rules: &'a RuleSet,
    /// The delivery spec, with the layout of the job.
    pub spec: &'a Spec,
    /// Its stems.
    pub stems: &'a StemSet,
    /// Title of the delivery.
    pub title: &'a str,
    /// Start of the files, instead of the earliest timeline's.
    pub start: Option<Pos<Record>>,
    /// Whether the timelines follow one another.
    pub reels: bool,
    /// Where the programme stands in the timelines, as the user says.
    pub framing: &'a Framing,
    /// The fade law where a timeline names none.
    pub law: FadeShape,
    /// What to do with clips without sound.
    pub on_missing: OnMissing,
    /// What to do with clips without a stem.
    pub on_unassigned: &'a OnUnassigned,
    /// Date and time of origination, `YYYY-MM-DDThh:mm:ss`.
    pub origination: &'a str,
}

/// A plan and what was noticed on the way.
#[derive(Debug)]
pub struct Conformed {
    /// The plan.
    pub plan: RenderPlan,
    /// What was noticed.
    pub findings: Vec<Finding>,
    /// Decisions that a person should look at.
    pub review: Vec<ReviewItem>,
    /// How many clips went where.
    pub tally: Tally,
}

/// A decision that a person should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewItem {
    /// The clip.
    pub clip: String,
    /// Its track.
    pub track: String,
    /// Its record in as timecode.
    pub timecode: String,
    /// The stem it went to.
    pub stem: String,
    /// Why to look.
    pub reason: String,
}

/// How many clips went where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// In the timelines.
    pub clips: usize,
    /// In a stem.
    pub placed: usize,
    /// Muted in the source.
    pub muted: usize,
    /// Ignored by a rule.
    pub ignored: usize,
    /// Outside the files.
    pub outside: usize,
    /// Silent for want of sound, or because they could not be read.
    pub silenced: usize,
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConformError {
    /// Clips cannot be placed; every one of them is among the findings of severity error.
    #[error("{count} clips cannot be placed")]
    Refused {
        /// How many.
        count: usize,
        /// Everything that was noticed.
        findings: Vec<Finding>,
    },
    /// The plan contradicts itself: a fault of the program.
    #[error("the plan does not pass its own check: {0}")]
    Plan(#[from] PlanError),
}
