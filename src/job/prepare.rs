//! From files and options to a plan.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{Event, Job, JobError, Listener};
use crate::bwf::adm::Models;
use crate::conform::{ConformError, Conformed, Framing, OnMissing, OnUnassigned, Request, conform};
use crate::finding::{Finding, Severity};
use crate::interchange::{self, ReadOptions};
use crate::media::{IndexProgress, MediaIndex};
use crate::spec::{AdmSpec, Spec};
use crate::stem::RuleSet;
use crate::time::{FrameRate, Pos, Rational, Record, Timecode, TimecodeError};
use crate::timeline::{Timeline, ValidTimeline, validate};

/// Timelines that were read.
struct Inputs {
    timelines: Vec<ValidTimeline>,
    folders: Vec<PathBuf>,
    findings: Vec<Finding>,
}

/// The delivery spec as the user sets it.
pub(super) fn spec(job: &Job) -> Result<Spec, JobError> {
    let spec = Spec::find(&job.spec)?.set_all(&job.settings)?;
    let spec = match &job.layout {
        Some(layout) => spec.with_layout(layout.clone())?,
        None => spec,
    };
    Ok(with_adm(spec, job))
}

/// Reads everything and makes the plan.
pub(super) fn prepare(
    job: &Job,
    listener: &dyn Listener,
    models: &Models,
) -> Result<Conformed, JobError> {
    let spec = spec(job)?;
    let stems = spec.stem_set()?;
    if let OnUnassigned::Stem(code) = &job.on_unassigned {
        stems.require(code)?;
    }
    let rules = match &job.rules {
        Some(path) => RuleSet::load(path, &stems)?,
        None => RuleSet::default(),
    };
    let inputs = read_timelines(job, listener, models)?;
    let first = inputs.timelines.first().map(ValidTimeline::get);
    let start = start(job, &spec, first)?;
    let framing = framing(job, first)?;
    let title = title(job, first)?;
    let (index, indexing) = index(job, &inputs, listener);
    let clips = |timeline: &Timeline| timeline.tracks.iter().map(|track| track.clips.len()).sum();
    let clips: Vec<usize> = inputs.timelines.iter().map(|t| clips(t.get())).collect();
    listener.hear(&Event::Conforming {
        clips: clips.iter().sum(),
    });
    let conformed = conform(&Request {
        timelines: &inputs.timelines,
        folders: &inputs.folders,
        index: &index,
        rules: &rules,
        spec: &spec,
        stems: &stems,
        title: &title,
        start,
        reels: job.reels,
        framing: &framing,
        law: job.law,
        on_missing: job.on_missing,
        on_unassigned: &job.on_unassigned,
        origination: &job.origination,
    });
    let before = [inputs.findings, indexing].concat();
    merge(before, conformed, job.on_missing)
}

/// What was noticed before the conform and what it says itself. A clip that a reader had to drop stops
/// the job like one that cannot be placed.
fn merge(
    mut findings: Vec<Finding>,
    conformed: Result<Conformed, ConformError>,
    on_missing: OnMissing,
) -> Result<Conformed, JobError> {
    let own: &[Finding] = match &conformed {
        Ok(conformed) => &conformed.findings,
        Err(ConformError::Refused { findings, .. }) => findings,
        Err(_) => &[],
    };
    let line = |finding: &Finding| finding.place.as_ref().and_then(|place| place.line);
    // A clip that was read but cannot be placed, for its speed, is counted by the conform.
    let counted: BTreeSet<u32> = own.iter().filter_map(line).collect();
    let dropped = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .filter(|finding| line(finding).is_none_or(|line| !counted.contains(&line)))
        .count();
    match conformed {
        Ok(conformed) if dropped == 0 || on_missing == OnMissing::Silence => {
            let errors = findings
                .iter_mut()
                .filter(|f| f.severity == Severity::Error);
            errors.for_each(|finding| finding.severity = Severity::Warning);
            findings.extend(conformed.findings);
            let mut tally = conformed.tally;
            tally.clips += dropped;
            tally.silenced += dropped;
            Ok(Conformed {
                findings,
                tally,
                ..conformed
            })
        }
        Ok(conformed) => {
            findings.extend(conformed.findings);
            Err(JobError::Refused {
                count: dropped,
                findings,
            })
        }
        Err(ConformError::Refused {
            count,
            findings: refused,
        }) => {
            findings.extend(refused);
            Err(JobError::Refused {
                count: count + dropped,
                findings,
            })
        }
        Err(other) => Err(other.into()),
    }
}

/// The spec with the ADM file that the user asked for.
fn with_adm(mut spec: Spec, job: &Job) -> Spec {
    if job.adm.is_some() || job.keep_objects {
        let adm = spec.adm.get_or_insert_with(AdmSpec::default);
        adm.profile = job.adm.unwrap_or(adm.profile);
        adm.keep_objects |= job.keep_objects;
    }
    if let (Some(adm), Some(language)) = (&mut spec.adm, &job.language) {
        adm.language = Some(language.clone());
    }
    spec
}

fn read_timelines(job: &Job, listener: &dyn Listener, models: &Models) -> Result<Inputs, JobError> {
    let options = ReadOptions {
        rate: job.rate,
        composition: job.composition.clone(),
        true_fades: job.true_fades,
        programme: job.programme.clone(),
        select: job.select.clone(),
        strict: job.adm_strict,
        models: models.clone(),
    };
    let mut inputs = Inputs {
        timelines: Vec::new(),
        folders: Vec::new(),
        findings: Vec::new(),
    };
    for path in &job.timelines {
        listener.hear(&Event::Reading {
            file: &path.display().to_string(),
        });
        let reading = interchange::read(path, &options)?;
        inputs.findings.extend(reading.findings);
        let (timeline, findings) = validate(reading.timeline);
        inputs.findings.extend(findings);
        inputs.timelines.push(timeline);
        inputs
            .folders
            .push(path.parent().unwrap_or(Path::new("")).to_owned());
    }
    Ok(inputs)
}

/// The start that the user asked for, read at the rate of the programme.
fn start(
    job: &Job,
    spec: &Spec,
    first: Option<&Timeline>,
) -> Result<Option<Pos<Record>>, JobError> {
    if let (Some(_), Some(start)) = (&job.start, spec.programme.start) {
        return Err(JobError::StartOfSpec {
            spec: spec.name.clone(),
            start: start.to_string(),
        });
    }
    let rate = first.map_or(FrameRate::F24, |timeline| timeline.rate);
    let start = job
        .start
        .as_ref()
        .map(|timecode| seconds(timecode, rate))
        .transpose()?;
    Ok(start.map(Pos::new))
}

/// What a timecode that the user wrote stands for.
fn seconds(text: &str, rate: FrameRate) -> Result<Rational, TimecodeError> {
    let frame = Timecode::parse_exact(text, rate)?.frame();
    let seconds = rate.seconds_at(frame);
    seconds.ok_or_else(|| TimecodeError::NotTimecode(text.to_owned()))
}

/// What the user says of the programme's place, read at the rate of the programme.
fn framing(job: &Job, first: Option<&Timeline>) -> Result<Framing, JobError> {
    let rate = first.map_or(FrameRate::F24, |timeline| timeline.rate);
    let read = |list: &[String], option: &'static str| {
        let position = |text: &String| match seconds(text, rate) {
            Ok(seconds) => Ok(Pos::new(seconds)),
            Err(error) => Err(JobError::Mark { option, error }),
        };
        list.iter().map(position).collect::<Result<Vec<_>, _>>()
    };
    Ok(Framing {
        ffoa: read(&job.ffoa, "--ffoa")?,
        lfoa: read(&job.lfoa, "--lfoa")?,
        marks: read(&job.reel_marks, "--reel-mark")?,
    })
}

/// The title that the user gave, else the first timeline's name.
fn title(job: &Job, first: Option<&Timeline>) -> Result<String, JobError> {
    let given = job.title.clone();
    let named = first
        .map(|timeline| timeline.name.trim().to_owned())
        .filter(|n| !n.is_empty());
    let file = first.map(|timeline| timeline.file_name.clone());
    let title = given.or(named).or(file).unwrap_or_default();
    if title.trim().is_empty() {
        return Err(JobError::Title(title));
    }
    Ok(title)
}

/// Looks through the media folders and at what the timelines name or hold themselves.
fn index(job: &Job, inputs: &Inputs, listener: &dyn Listener) -> (MediaIndex, Vec<Finding>) {
    let progress = |progress: IndexProgress| {
        listener.hear(&Event::Indexing {
            files: progress.read as u64,
        });
    };
    let (mut index, mut findings) = MediaIndex::build(&job.media, &progress);
    for (timeline, folder) in inputs.timelines.iter().zip(&inputs.folders) {
        let tracks = timeline.get().tracks.iter();
        let references = tracks
            .flat_map(|track| &track.clips)
            .map(|clip| &clip.media);
        findings.extend(index.add_references(references, folder));
    }
    (index, findings)
}
