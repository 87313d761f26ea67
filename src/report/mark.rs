//! Everything that is to be shown with a place: the faults of quality control, then what the job noticed.

use super::Report;
use crate::finding::{Code, Finding, Severity};
use crate::qc::{CheckRun, Fault, Judgement, Outcome, Waiver};
use crate::time::{FrameRate, Timecode, sample_at};

/// One fault or finding, as the formats need it.
#[derive(Debug, Clone)]
pub(super) struct Mark<'a> {
    /// The check that found it; none for what the job noticed.
    pub(super) check: Option<&'a CheckRun>,
    pub(super) code: &'static Code,
    pub(super) severity: Severity,
    pub(super) message: &'a str,
    pub(super) hint: Option<&'a str>,
    /// A file of the package.
    pub(super) file: Option<&'a str>,
    pub(super) channel: Option<&'a str>,
    /// Where in the file: first sample frame and how many.
    pub(super) stretch: Option<(u64, u64)>,
    pub(super) timecode_in: Option<String>,
    pub(super) timecode_out: Option<String>,
    /// Where in a source: `reel1.edl:12`.
    pub(super) source: Option<String>,
    pub(super) measured: Option<&'a str>,
    pub(super) limit: Option<&'a str>,
    pub(super) waiver: Option<&'a Waiver>,
}

impl Mark<'_> {
    /// Whether it is an error that nobody has accepted.
    pub(super) fn fails(&self) -> bool {
        self.severity == Severity::Error && !self.is_waived()
    }

    /// Whether a person has accepted it, and still does.
    pub(super) fn is_waived(&self) -> bool {
        self.waiver.is_some_and(|waiver| !waiver.expired)
    }

    /// `error`, `warning`, `note` or `waived`.
    pub(super) fn weight(&self) -> &'static str {
        match self.severity {
            _ if self.is_waived() => "waived",
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "note",
        }
    }

    /// The place in a few words: `01:00:04:12 to 01:00:05:00, samples 216000 to 239999, channel L`.
    pub(super) fn place(&self) -> String {
        let mut parts = Vec::new();
        match (&self.timecode_in, &self.timecode_out) {
            (Some(first), Some(after)) if first != after => {
                parts.push(format!("{first} to {after}"));
            }
            (Some(first), _) => parts.push(first.clone()),
            _ => (),
        }
        match self.stretch {
            Some((first, 0 | 1)) => parts.push(format!("sample {first}")),
            Some((first, samples)) => {
                let last = first.saturating_add(samples - 1);
                parts.push(format!("samples {first} to {last}"));
            }
            None => (),
        }
        parts.extend(self.channel.map(|channel| format!("channel {channel}")));
        parts.extend(self.source.clone());
        parts.join(", ")
    }
}

/// Everything that has been noticed: faults in the order of the checks, then findings in theirs.
pub(super) fn marks(report: &Report) -> Vec<Mark<'_>> {
    let judged = report.qc.iter().flat_map(Judgement::faults);
    let mut marks: Vec<Mark<'_>> = judged.map(|(run, fault)| of_fault(run, fault)).collect();
    marks.extend(
        report
            .findings
            .iter()
            .map(|finding| of_finding(report, finding)),
    );
    marks
}

impl Report {
    /// Where faults and warnings begin, worst first: file and sample frame. What belongs to no file is
    /// heard in the last one, the sum of most.
    pub fn spots(&self) -> Vec<(&str, u64)> {
        let last = self.files.last().map(|file| file.file.as_str());
        let mut marks = marks(self);
        marks.retain(|mark| mark.severity > Severity::Info);
        marks.sort_by_key(|mark| (mark.is_waived(), std::cmp::Reverse(mark.severity)));
        let spot = |mark: &Mark<'_>| {
            let files = self.files.iter().map(|file| file.file.as_str());
            let named = mark
                .file
                .and_then(|name| files.clone().find(|file| *file == name));
            let file = if mark.file.is_some() { named } else { last };
            Some((file?, mark.stretch?.0))
        };
        marks.iter().filter_map(spot).collect()
    }
}

fn of_fault<'a>(run: &'a CheckRun, fault: &'a Fault) -> Mark<'a> {
    let stretch = fault.stretch.as_ref();
    Mark {
        check: Some(run),
        code: fault.code,
        severity: fault.severity,
        message: &fault.message,
        hint: fault.hint.as_deref(),
        file: fault.file.as_deref(),
        channel: fault.channel.as_deref(),
        stretch: stretch.map(|stretch| (stretch.first_sample, stretch.samples)),
        timecode_in: stretch.and_then(|stretch| stretch.timecode_in.clone()),
        timecode_out: stretch.and_then(|stretch| stretch.timecode_out.clone()),
        source: None,
        measured: fault.measured.as_deref(),
        limit: fault.limit.as_deref(),
        waiver: fault.waiver.as_ref(),
    }
}

/// A finding; the timecode of one in a file of the package, or in none, is a place in the programme.
fn of_finding<'a>(report: &'a Report, finding: &'a Finding) -> Mark<'a> {
    let place = finding.place.as_ref();
    let named = place.and_then(|place| place.file.as_deref());
    let file = named.filter(|name| report.files.iter().any(|file| file.file == *name));
    let source = place.filter(|_| named.is_some() && file.is_none());
    let timecode = place
        .filter(|_| source.is_none() || named.is_none())
        .and_then(|place| place.timecode.clone());
    let at = timecode.as_deref().and_then(|text| sample_of(report, text));
    Mark {
        check: None,
        code: finding.code,
        severity: finding.severity,
        message: &finding.message,
        hint: finding.hint.as_deref(),
        file,
        channel: None,
        stretch: at.map(|at| (at, frame_samples(report))),
        timecode_in: timecode,
        timecode_out: None,
        source: source.map(ToString::to_string),
        measured: None,
        limit: None,
        waiver: None,
    }
}

/// The frame rate of the timecodes.
pub(super) fn frame_rate(report: &Report) -> Option<FrameRate> {
    report.frame_rate.parse().ok()
}

/// Samples of a frame, rounded down; 1 where no rate is known.
fn frame_samples(report: &Report) -> u64 {
    let samples = frame_rate(report).and_then(|rate| {
        let fps = rate.fps();
        (i64::from(report.sample_rate) * fps.den()).checked_div(fps.num())
    });
    samples.map_or(1, |samples| samples.max(1).unsigned_abs())
}

/// The sample frame of the files at which a timecode stands, where it lies within them.
fn sample_of(report: &Report, timecode: &str) -> Option<u64> {
    let seconds = frame_rate(report)?.seconds_of(timecode).ok()?;
    let rate = crate::audio::SampleRate::new(report.sample_rate).ok()?;
    let at = sample_at(seconds, rate).checked_sub(report.start_sample)?;
    u64::try_from(at)
        .ok()
        .filter(|at| *at < report.length_samples)
}

/// The timecode of a sample frame of the files, and of the frame after it.
pub(super) fn timecodes(report: &Report, at: u64, samples: u64) -> Option<(Timecode, Timecode)> {
    let rate = frame_rate(report)?;
    let hertz = crate::audio::SampleRate::new(report.sample_rate).ok()?;
    let frame = |at: u64| {
        let sample = report.start_sample.checked_add_unsigned(at)?;
        rate.frame_of_sample(sample, hertz)
    };
    let first = frame(at)?;
    // The frame of the last sample, and at least one frame.
    let after = frame(at.saturating_add(samples.saturating_sub(1)))?.max(first) + 1;
    Some((
        Timecode::from_frame(first, rate),
        Timecode::from_frame(after, rate),
    ))
}

/// An outcome in a word.
pub(super) fn outcome_word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::NotApplicable(_) => "not applicable",
        Outcome::Passed => "passed",
        Outcome::Waived => "waived",
        Outcome::Warned => "warnings",
        Outcome::Failed => "failed",
    }
}
