//! Judging a package: its files are found, read, measured, compared with one another, and judged.
//!
//! **Invariant:** whatever lies in the folder, the answer is a judgement: what cannot be read is a fault, never an
//! end.

mod compare;
mod gather;
mod reader;
mod scan;

use std::path::PathBuf;

use crate::audio::SampleRate;
use crate::qc::{FileFacts, Judgement, Waivers, judge};
use crate::spec::Spec;
use crate::time::FrameRate;

/// What is to be judged.
#[derive(Debug)]
pub struct QcJob<'a> {
    /// Files, and folders with their subfolders.
    pub inputs: Vec<PathBuf>,
    /// The spec.
    pub spec: &'a Spec,
    /// Accepted faults.
    pub waivers: &'a Waivers,
    /// The day, `YYYY-MM-DD`, which waivers expire against.
    pub date: Option<String>,
    /// Frame rate of timecodes, where the files do not state it.
    pub rate: Option<FrameRate>,
    /// Whether files are compared with one another sample by sample.
    pub compare: bool,
}

/// Why nothing could be judged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QcError {
    /// An input that is not there.
    #[error("cannot read {path}: {error}")]
    Input {
        /// The input.
        path: String,
        /// The reason.
        #[source]
        error: std::io::Error,
    },
    /// No files at all.
    #[error("there is no file to judge in {0}; name the folder of a delivery, or its files")]
    Nothing(String),
}

/// Judges a package.
///
/// # Errors
/// [`QcError`] when there is nothing to judge.
pub fn run_qc(job: &QcJob<'_>) -> Result<Judgement, QcError> {
    let found = gather::gather(job)?;
    let mut facts = found.facts;
    scan::scan(&mut facts, &found.paths);
    if job.compare {
        compare::compare(&mut facts, &found.paths);
    }
    Ok(judge(&facts, job.waivers, job.date.as_deref()))
}

/// The frame rate of a package: as the user says, as the spec has it when it takes only one, else as most of the
/// files state it.
fn frame_rate(job: &QcJob<'_>, files: &[FileFacts]) -> Option<FrameRate> {
    let only = match job.spec.frame_rates.as_slice() {
        [one] => Some(*one),
        _ => None,
    };
    let stated = files.iter().filter_map(|file| file.header()?.frame_rate());
    job.rate.or(only).or_else(|| {
        let all: Vec<FrameRate> = stated.collect();
        let count = |rate: &FrameRate| all.iter().filter(|other| *other == rate).count();
        all.iter().copied().max_by_key(count)
    })
}

/// 48 kHz, for what has no rate of its own.
const NO_RATE: SampleRate = SampleRate::HZ_48000;
