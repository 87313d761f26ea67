//! Which sample of the file sounds at a clip's sync point.

use super::codes::{FROM_HEAD, FROM_HOUR, OUTSIDE, OWN_RATE};
use super::file::MediaFile;
use super::need::{day, first_hour, relabel, stamp};
use crate::finding::{Code, Finding};
use crate::time::{FrameRate, Rational, sample_at};
use crate::timeline::{Clip, SourceIn};

/// Where in the file a clip's sound starts, and how that was decided.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceStart {
    /// The sample frame at the clip's sync point ([`SourceIn::sync`]), at the file's own rate. It lies
    /// before the file's first for a clip that starts earlier; the caller decides about that.
    pub frame: i64,
    /// How it was found.
    pub basis: StartBasis,
    /// What was guessed.
    pub findings: Vec<Finding>,
}

/// How a source position became a sample of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum StartBasis {
    /// The cut states an offset into the file.
    Offset,
    /// The cut states nothing: the file's first sample.
    Head,
    /// The cut's timecode less the file's time stamp.
    Timecode,
    /// The same, with the timecode read at the file's own frame rate.
    OwnRate,
    /// The timecode counts from the file's first sample.
    FromHead,
    /// The timecode counts from 01:00:00:00 at the file's first sample.
    FromHour,
}

/// The source timecode of a clip is not in the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("source timecode {timecode} of clip `{clip}` is not in {file}, which {holds}")]
pub struct StartError {
    /// The clip's name.
    pub clip: String,
    /// The timecode as the cut writes it.
    pub timecode: String,
    /// The file.
    pub file: String,
    /// What the file holds instead.
    pub holds: String,
}

impl StartError {
    /// The same as a finding that stops the job.
    pub fn finding(&self, clip: &Clip) -> Finding {
        Finding::new(OUTSIDE, self.to_string())
            .at(clip.place.clone())
            .hint(
                "another take of this name may be the right one, or the cut has another frame rate",
            )
    }
}

/// The sample frame of `file` that sounds at the clip's sync point.
///
/// An offset is `sample(offset)` at the file's rate. A timecode is `sample(timecode) − TimeReference`;
/// where that is not in the file, the timecode is tried at the file's own frame rate, then counted
/// from the file's first sample, then, for a file without a time stamp, from 01:00:00:00. Each of
/// these is a finding.
///
/// # Errors
/// [`StartError`] for a timecode that is not in the file in any of these ways.
pub fn resolve_source(clip: &Clip, file: &MediaFile) -> Result<SourceStart, StartError> {
    let plain = |seconds, basis| SourceStart {
        frame: sample_at(seconds, file.rate),
        basis,
        findings: Vec::new(),
    };
    match clip.source {
        SourceIn::Offset { at, .. } => Ok(plain(at.seconds(), StartBasis::Offset)),
        SourceIn::Head { .. } => Ok(plain(Rational::ZERO, StartBasis::Head)),
        SourceIn::Timecode { at, rate, .. } => by_timecode(clip, file, at.seconds(), rate),
    }
}

fn by_timecode(
    clip: &Clip,
    file: &MediaFile,
    at: Rational,
    rate: FrameRate,
) -> Result<SourceStart, StartError> {
    let attempts = attempts(file, at, rate);
    let inside = attempts
        .into_iter()
        .find(|(start, _)| holds(clip, file, rate, *start));
    let Some((frame, basis)) = inside else {
        return Err(outside(clip, file, at, rate));
    };
    let code = match basis {
        StartBasis::OwnRate => Some(OWN_RATE),
        StartBasis::FromHead => Some(FROM_HEAD),
        StartBasis::FromHour => Some(FROM_HOUR),
        _ => None,
    };
    let findings = code.map(|code| guess(code, clip, file, at, rate));
    Ok(SourceStart {
        frame,
        basis,
        findings: findings.into_iter().collect(),
    })
}

/// Every reading of the timecode with the sample it leads to, the likeliest first.
fn attempts(file: &MediaFile, at: Rational, rate: FrameRate) -> Vec<(i64, StartBasis)> {
    let sample = |seconds: Rational| sample_at(seconds, file.rate);
    let tomorrow = day(rate).and_then(|day| at.checked_add(day));
    let own = relabel(at, rate, file.timecode_rate);
    let stamped = [
        (Some(at), StartBasis::Timecode),
        (tomorrow, StartBasis::Timecode),
        (own, StartBasis::OwnRate),
    ];
    let mut attempts = Vec::new();
    if let Some(stamp) = stamp(file) {
        let known = stamped
            .into_iter()
            .filter_map(|(at, basis)| Some((at?, basis)));
        attempts.extend(known.map(|(at, basis)| (sample(at).saturating_sub(stamp), basis)));
    }
    attempts.push((sample(at), StartBasis::FromHead));
    let hour = first_hour(rate, file).and_then(|hour| at.checked_sub(hour));
    attempts.extend(hour.map(|at| (sample(at), StartBasis::FromHour)));
    attempts
}

/// Whether the clip's own first sample lies in the file when its sync point has this one. It may lie
/// up to a frame before: recorders start between frames, cuts do not.
fn holds(clip: &Clip, file: &MediaFile, rate: FrameRate, start: i64) -> bool {
    let lead = clip.record.start.since(clip.source.sync());
    let first = lead.map(|lead| start.saturating_add(sample_at(lead, file.rate)));
    let slack = sample_at(rate.frame_duration(), file.rate);
    first.is_some_and(|first| {
        first > -slack && u64::try_from(first.max(0)).is_ok_and(|first| first < file.frames)
    })
}

fn guess(
    code: &'static Code,
    clip: &Clip,
    file: &MediaFile,
    at: Rational,
    rate: FrameRate,
) -> Finding {
    let timecode = show(at, rate);
    let name = file.display();
    let how = match code.id {
        id if id == OWN_RATE.id => {
            let own = file
                .timecode_rate
                .map(|own| own.to_string())
                .unwrap_or_default();
            format!("was read at {own}, the file's frame rate, instead of {rate}")
        }
        id if id == FROM_HOUR.id => "was counted from 01:00:00:00 at its first sample".to_owned(),
        _ => "was counted from its first sample".to_owned(),
    };
    let message = format!(
        "source timecode {timecode} of clip `{}` in {name} {how}",
        clip.name
    );
    Finding::new(code, message).at(clip.place.clone())
}

fn outside(clip: &Clip, file: &MediaFile, at: Rational, rate: FrameRate) -> StartError {
    let own = file.timecode_rate.unwrap_or(rate);
    let last = |start| Some((start, Rational::checked_add(start, file.duration())?));
    let span = file.start().and_then(|start| last(start.seconds()));
    let holds = span.map_or_else(
        || {
            format!(
                "has no time stamp and is {} long",
                show(file.duration(), own)
            )
        },
        |(first, last)| format!("holds {} to {} at {own}", show(first, own), show(last, own)),
    );
    StartError {
        clip: clip.name.clone(),
        timecode: show(at, rate),
        file: file.display(),
        holds,
    }
}

fn show(at: Rational, rate: FrameRate) -> String {
    rate.timecode_at(at)
        .map_or_else(|| format!("{at} s"), |timecode| timecode.to_string())
}
