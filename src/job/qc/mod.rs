//! Judging a package: its files are found, read, measured, compared with one another, and judged.
//!
//! **Invariant:** whatever lies in the folder, the answer is a judgement: what cannot be read is a fault, never an
//! end.

mod brief;
mod checksums;
mod compare;
mod drift;
mod dub;
mod folds;
mod gather;
mod joint;
mod leak;
mod mended;
mod pops;
mod reader;
mod scan;

pub(super) use gather::known;

use std::path::PathBuf;

use super::course::{LaneInput, aim, lane};
use super::excerpt::{excerpts, spots};
use crate::audio::SampleRate;
use crate::meter::{DialogueInput, DialogueSettings, Outline, dialogue};
use crate::qc::{Facts, FileFacts, Judgement, Kind, Sound, Waivers, judge};
use crate::report::{Course, Lane, Report};
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
    Ok(judged(job, false)?.0)
}

/// Judges a package and makes the report of it, with what its pages draw and play.
///
/// # Errors
/// [`QcError`] when there is nothing to judge.
pub fn report_qc(job: &QcJob<'_>) -> Result<Report, QcError> {
    let (judgement, course, paths) = judged(job, true)?;
    let names: Vec<String> = course.lanes.iter().map(|lane| lane.file.clone()).collect();
    let mut report = Report::of_package(judgement, course, Vec::new());
    let standing = |file: &str| {
        let known = names.iter().any(|name| name == file);
        let path = paths.iter().find(|(name, _)| name == file)?;
        known.then_some((path.1.as_path(), None))
    };
    report.course.excerpts = excerpts(&spots(&report), &standing);
    Ok(report)
}

/// Names of files with their paths.
type Named = Vec<(String, PathBuf)>;

fn judged(job: &QcJob<'_>, draw: bool) -> Result<(Judgement, Course, Named), QcError> {
    let found = gather::gather(job)?;
    let mut facts = found.facts;
    let outlines = scan::scan(&mut facts, &found.paths, draw);
    if job.compare {
        compare::compare(&mut facts, &found.paths);
    }
    let judgement = judge(&facts, job.waivers, job.date.as_deref());
    let course = Course {
        lanes: lanes(&facts, outlines),
        ..Course::default()
    };
    let names = facts.files.into_iter().map(|file| file.name);
    Ok((judgement, course, names.zip(found.paths).collect()))
}

/// What reports draw of every sound.
fn lanes(facts: &Facts<'_>, outlines: Vec<Option<Outline>>) -> Vec<Lane> {
    let of = |(sound, outline): (&Sound, Option<Outline>)| {
        let measured = sound.measured.as_ref()?;
        let names = facts.names_of(sound);
        let (file, also) = names.split_first()?;
        Some(lane(LaneInput {
            file,
            also: also.to_vec(),
            start_sample: facts.file_of(sound, 0).and_then(FileFacts::start_sample),
            sample_rate: sound.rate.hertz(),
            length: sound.length,
            channels: (0..sound.parts.len())
                .map(|i| sound.channel_name(i))
                .collect(),
            outline: outline?,
            energies: &measured.energies,
            peaks: &measured.channels,
            speech: speech(facts, sound),
            aim: aim(Some(facts.spec), sound.called()),
        }))
    };
    facts.sounds.iter().zip(outlines).filter_map(of).collect()
}

/// Where the dialogue gate is open: lines of a dialogue stem, by its own level where no mix stands beside it.
fn speech(facts: &Facts<'_>, stem: &Sound) -> Vec<(u64, u64)> {
    let mut mixes = facts.of_kind(Kind::Mix);
    let mix = mixes.find(|mix| mix.reel == stem.reel && mix.length == stem.length);
    let heard = mix.unwrap_or(stem).measured.as_ref();
    let both = stem.measured.as_ref().zip(heard);
    let Some((stem, mix)) = both.filter(|_| stem.kind == Kind::Dialogue) else {
        return Vec::new();
    };
    let input = DialogueInput {
        stem: stem.energies.whole(),
        mix: mix.energies.whole(),
        background: None,
    };
    let found = dialogue(input, DialogueSettings::default());
    found
        .lines
        .iter()
        .map(|line| (line.start, line.end))
        .collect()
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
