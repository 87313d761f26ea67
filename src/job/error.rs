//! Why a job ended without a delivery.

use crate::conform::ConformError;
use crate::conform::plan::PlanError;
use crate::deliver::DeliverError;
use crate::finding::Finding;
use crate::interchange::ReadError;
use crate::render::{DriveError, RenderError};
use crate::spec::SpecError;
use crate::stem::{LoadError, StemSetError};
use crate::time::TimecodeError;

/// Why a job ended without a delivery.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JobError {
    /// The start is not a timecode.
    #[error("--start: {0}")]
    Start(#[from] TimecodeError),
    /// The spec has a start of its own.
    #[error("--start: in `{spec}` the picture starts at {start}, whatever the cut says")]
    StartOfSpec {
        /// The spec.
        spec: String,
        /// Where the picture starts in the files.
        start: String,
    },
    /// A mark is not a timecode.
    #[error("{option}: {error}")]
    Mark {
        /// The option.
        option: &'static str,
        /// What is wrong.
        #[source]
        error: TimecodeError,
    },
    /// The title is nothing that files could be called.
    #[error("--title: `{0}` cannot be part of a file name")]
    Title(String),
    /// The stem for unassigned clips is not in the spec.
    #[error("--on-unassigned: {0}")]
    UnknownStem(#[from] crate::stem::UnknownStem),
    /// The delivery spec cannot be used.
    #[error("{0}")]
    Spec(#[from] SpecError),
    /// The stems of the spec contradict each other.
    #[error("the spec's stems: {0}")]
    Stems(#[from] StemSetError),
    /// The rules cannot be used.
    #[error("{0}")]
    Rules(#[from] LoadError),
    /// A timeline cannot be read.
    #[error("{0}")]
    Read(#[from] ReadError),
    /// A plan cannot be read.
    #[error("{file}: {error}")]
    Plan {
        /// The file.
        file: String,
        /// What is wrong.
        #[source]
        error: PlanError,
    },
    /// Clips cannot be placed, or files cannot be made; the findings name every one.
    #[error("nothing was written, for the {count} {} above", if *.count == 1 { "error" } else { "errors" })]
    Refused {
        /// How many.
        count: usize,
        /// Everything that was noticed.
        findings: Vec<Finding>,
    },
    /// A source cannot be read, or is not the one of the plan.
    #[error("{0}")]
    Source(#[from] RenderError),
    /// The results cannot be written.
    #[error("{0}")]
    Deliver(#[from] DeliverError),
    /// A block of a result cannot be written.
    #[error("cannot write {file}: {error}")]
    Write {
        /// The file.
        file: String,
        /// The reason.
        #[source]
        error: std::io::Error,
    },
    /// The folder for the results cannot be made.
    #[error("cannot make the folder {folder}: {error}")]
    Folder {
        /// The folder.
        folder: String,
        /// The reason.
        #[source]
        error: std::io::Error,
    },
    /// The user stopped it.
    #[error("interrupted; nothing was delivered")]
    Interrupted,
    /// The program contradicts itself.
    #[error("internal fault: {0}")]
    Internal(String),
}

impl JobError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::StartOfSpec { .. } => Some(
                "--set programme.start=\"…\" changes it; --ffoa says where the picture begins in the cut"
                    .to_owned(),
            ),
            Self::Rules(error) => error.hint().map(str::to_owned),
            Self::Spec(error) => error.hint(),
            Self::Read(ReadError::Malformed { hint, .. }) => hint.clone(),
            Self::UnknownStem(error) => error
                .nearest
                .as_ref()
                .map(|nearest| format!("did you mean {nearest}?")),
            _ => None,
        }
    }

    /// What was noticed until then.
    pub fn findings(&self) -> &[Finding] {
        match self {
            Self::Refused { findings, .. } => findings,
            _ => &[],
        }
    }
}

impl From<ConformError> for JobError {
    fn from(error: ConformError) -> Self {
        match error {
            ConformError::Refused { count, findings } => Self::Refused { count, findings },
            ConformError::Plan(error) => Self::Internal(error.to_string()),
        }
    }
}

impl JobError {
    /// A failure of the renderer, with the name of the file instead of its number.
    pub(super) fn from_drive(error: DriveError, names: &[String]) -> Self {
        match error {
            DriveError::Render(error) => Self::Source(error),
            DriveError::Write { file, error } => {
                let file = names.get(file).cloned().unwrap_or_default();
                Self::Write { file, error }
            }
            DriveError::Interrupted => Self::Interrupted,
        }
    }
}
