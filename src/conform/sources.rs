//! The files of the clips: found, and the sample at which each clip enters them.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;

use super::clips::ClipJob;
use super::codes::MISSING;
use super::plan::Source;
use super::request::Request;
use crate::finding::{Finding, Severity};
use crate::media::{Match, MediaFile, MediaKind, SourceStart, fingerprint, locate, resolve_source};
use crate::stem::{MediaFacts, TrackName};

/// The sound of a clip.
#[derive(Debug)]
pub(super) struct Found {
    /// Number of the file in the index.
    pub(super) file: usize,
    /// How it was found.
    pub(super) by: String,
    /// Where the clip enters it.
    pub(super) start: SourceStart,
    /// What was noticed.
    pub(super) findings: Vec<Finding>,
}

/// Finds the sound of every clip; a finding of severity error where there is none.
pub(super) fn find_all(
    request: &Request<'_>,
    jobs: &[ClipJob<'_>],
) -> Vec<Result<Found, Box<Finding>>> {
    jobs.par_iter().map(|job| find(request, job)).collect()
}

fn find(request: &Request<'_>, job: &ClipJob<'_>) -> Result<Found, Box<Finding>> {
    let base = request
        .folders
        .get(job.number)
        .map_or(Path::new(""), |folder| folder.as_path());
    let located = locate(request.index, job.clip, base).map_err(|missing| missing.finding)?;
    if let Some(error) = located
        .findings
        .iter()
        .find(|f| f.severity == Severity::Error)
    {
        return Err(Box::new(error.clone()));
    }
    let Some(media) = request.index.file(located.file) else {
        let message = format!("no sound for {}", job.name());
        return Err(Box::new(
            Finding::new(&MISSING, message).at(job.clip.place.clone()),
        ));
    };
    let start =
        resolve_source(job.clip, media).map_err(|error| Box::new(error.finding(job.clip)))?;
    Ok(Found {
        file: located.file,
        by: how(located.by),
        start,
        findings: located.findings,
    })
}

/// How a file was found, in the words of the plan.
fn how(by: Match) -> String {
    match by {
        Match::Embedded => "embedded".to_owned(),
        Match::ExplicitPath => "path".to_owned(),
        Match::PathTail(parts) => format!("last {parts} parts of the path"),
        Match::FileName => "file name".to_owned(),
        Match::Umid => "UMID".to_owned(),
        Match::ReelTimecode => "reel and timecode".to_owned(),
        other => format!("{other:?}"),
    }
}

/// The channel names of a file as the stem rules read them.
pub(super) fn track_names(file: &MediaFile) -> Vec<TrackName> {
    let named = |track: &crate::media::MediaTrack| {
        Some(TrackName {
            channel: u16::try_from(track.channel?).ok()?,
            name: track.name.clone().unwrap_or_default(),
            function: track.function.clone().unwrap_or_default(),
        })
    };
    file.tracks.iter().filter_map(named).collect()
}

/// A file as the stem rules see it.
pub(super) fn facts<'a>(file: &'a MediaFile, track_names: &'a [TrackName]) -> MediaFacts<'a> {
    let labels = &file.labels;
    MediaFacts {
        track_names,
        scene: labels.scene.as_deref(),
        take: labels.take.as_deref(),
        tape: labels.tape.as_deref(),
        project: labels.project.as_deref(),
        note: labels.note.as_deref(),
        originator: labels.originator.as_deref(),
        description: labels.description.as_deref(),
        time_reference: file.time_reference,
        ..MediaFacts::new(&file.path, file.channels, file.rate, file.sample.bits())
    }
}

/// Bits of a sample as stored, where the file has no header that says so.
fn bare_bits(file: &MediaFile) -> Option<u16> {
    let bare = file.entry.as_ref()?.pcm?;
    (file.kind == MediaKind::Bare).then_some(bare.format.bits())
}

/// The files that segments use, numbered in the order of their first use.
#[derive(Debug, Default)]
pub(super) struct SourceTable {
    numbers: BTreeMap<usize, usize>,
    files: Vec<usize>,
}

impl SourceTable {
    /// The number of a file of the index.
    pub(super) fn number(&mut self, file: usize) -> usize {
        let next = self.files.len();
        let number = *self.numbers.entry(file).or_insert(next);
        if number == next {
            self.files.push(file);
        }
        number
    }

    /// The files as the plan names them, each with the fingerprint of its content.
    pub(super) fn into_sources(self, request: &Request<'_>) -> Vec<Source> {
        self.files
            .into_par_iter()
            .filter_map(|file| request.index.file(file))
            .map(|file| Source {
                file: file.path.to_string_lossy().into_owned(),
                entry: file.entry.as_ref().map(|entry| entry.name.clone()),
                bare_bits: bare_bits(file),
                size: file.size,
                // A file that cannot be read now fails when it is rendered, by its name.
                hash: fingerprint(&file.path)
                    .map(|print| print.to_string())
                    .unwrap_or_default(),
                sample_rate: file.rate.hertz(),
                channels: file.channels,
                frames: file.frames,
            })
            .collect()
    }
}
