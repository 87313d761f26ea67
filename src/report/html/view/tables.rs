//! The tables and lists of the page, as text.

use serde::Serialize;

use super::highest;
use super::words::{aim_text, count, counted, hue, maybe, number};
use crate::audio::{DbTp, LoudnessUnits, Lufs};
use crate::qc::{Outcome, Reading};
use crate::report::html::data::excerpt_of;
use crate::report::mark::{Mark, outcome_word, timecodes};
use crate::report::{Decision, Excerpt, FileReport, Report};

#[derive(Serialize)]
pub(super) struct FileView<'a> {
    code: &'a str,
    hue: &'static str,
    label: &'a str,
    file: String,
    layout: String,
    integrated: String,
    range: String,
    momentary: String,
    short_term: String,
    peak: String,
    peak_at: String,
    aim: String,
    clips: usize,
    errors: usize,
    warnings: usize,
    waived: usize,
}

#[derive(Serialize)]
pub(super) struct FindingView<'a> {
    id: usize,
    pub(super) weight: &'static str,
    code: &'a str,
    title: &'a str,
    message: &'a str,
    hint: Option<&'a str>,
    file: Option<&'a str>,
    place: String,
    compared: String,
    waiver: String,
    /// Whether there is a place to go to.
    goes: bool,
    /// Whether there is something to hear.
    sounds: bool,
}

#[derive(Serialize)]
pub(super) struct Family<'a> {
    name: String,
    checks: Vec<CheckView<'a>>,
}

#[derive(Serialize)]
pub(super) struct CheckView<'a> {
    id: &'a str,
    title: &'a str,
    outcome: &'static str,
    class: String,
    reason: &'a str,
    readings: Vec<[String; 3]>,
}

pub(super) fn file_view<'a>(
    report: &Report,
    file: &'a FileReport,
    marks: &[Mark<'_>],
) -> FileView<'a> {
    let levels = file.levels.as_ref();
    let lane = report.course.lane(&file.file);
    let peak_at = lane.and_then(|lane| {
        let peak = highest(lane)?;
        let channel = lane.channels.get(peak.channel)?;
        let (timecode, _) = timecodes(report, peak.at, 1)?;
        let limit = lane.aim.true_peak.map(|limit| number(limit.value()));
        let limit = limit.map(|limit| format!(", limit {limit}"));
        Some(format!("{channel} {timecode}{}", limit.unwrap_or_default()))
    });
    let weigh = |weight: &str| {
        let here = |mark: &&Mark<'_>| mark.file == Some(&*file.file) && mark.weight() == weight;
        marks.iter().filter(here).count()
    };
    FileView {
        code: &file.code,
        hue: hue(&file.code, !file.sum_of.is_empty()),
        label: &file.label,
        file: file.name(),
        layout: file
            .layout
            .as_ref()
            .map_or_else(|| "–".to_owned(), ToString::to_string),
        integrated: maybe(levels.and_then(|l| l.integrated_lufs).map(Lufs::value)),
        range: maybe(
            levels
                .and_then(|l| l.loudness_range_lu)
                .map(LoudnessUnits::value),
        ),
        momentary: maybe(levels.and_then(|l| l.max_momentary_lufs).map(Lufs::value)),
        short_term: maybe(levels.and_then(|l| l.max_short_term_lufs).map(Lufs::value)),
        peak: maybe(levels.and_then(|l| l.true_peak_dbtp).map(DbTp::value)),
        peak_at: peak_at.unwrap_or_default(),
        aim: lane.map(|lane| aim_text(&lane.aim)).unwrap_or_default(),
        clips: file.clips,
        errors: weigh("error"),
        warnings: weigh("warning"),
        waived: weigh("waived"),
    }
}

pub(super) fn finding<'a>(id: usize, mark: &Mark<'a>, excerpts: &[&Excerpt]) -> FindingView<'a> {
    let compared = match (mark.measured, mark.limit) {
        (Some(measured), Some(limit)) => format!("{measured}, limit {limit}"),
        (Some(measured), None) => measured.to_owned(),
        (None, Some(limit)) => format!("limit {limit}"),
        (None, None) => String::new(),
    };
    let waiver = mark.waiver.map(|waiver| {
        let until = waiver.expires.as_ref().map(|day| format!(", until {day}"));
        let state = if waiver.expired {
            "expired waiver"
        } else {
            "waived"
        };
        format!(
            "{state} by {}{}: {}",
            waiver.by,
            until.unwrap_or_default(),
            waiver.reason
        )
    });
    FindingView {
        id,
        weight: mark.weight(),
        code: mark.code.id,
        title: mark.code.title,
        message: mark.message,
        hint: mark.hint,
        file: mark.file,
        place: mark.place(),
        compared,
        waiver: waiver.unwrap_or_default(),
        goes: mark.stretch.is_some(),
        sounds: excerpt_of(mark, excerpts).is_some(),
    }
}

/// The checks by family, in the order of the table.
pub(super) fn families(report: &Report) -> Vec<Family<'_>> {
    let mut families: Vec<Family<'_>> = Vec::new();
    for run in report.qc.iter().flat_map(|judgement| &judgement.checks) {
        let outcome = outcome_word(&run.outcome);
        let reason = match &run.outcome {
            Outcome::NotApplicable(why) => why,
            _ => "",
        };
        let reading = |reading: &Reading| {
            let whose = [reading.file.as_deref(), reading.channel.as_deref()];
            let whose: Vec<&str> = whose.into_iter().flatten().collect();
            let limit = reading.limit.clone().unwrap_or_default();
            [whose.join(" "), reading.measured.clone(), limit]
        };
        let check = CheckView {
            id: run.check,
            title: run.title,
            outcome,
            class: outcome.replace(' ', "-"),
            reason,
            readings: run.readings.iter().map(reading).collect(),
        };
        let name = run.family.replace('_', " ");
        match families.last_mut().filter(|family| family.name == name) {
            Some(family) => family.checks.push(check),
            None => families.push(Family {
                name,
                checks: vec![check],
            }),
        }
    }
    families
}

/// What is proved or refuted: the sums, then the statements of the ledger.
pub(super) fn proofs(report: &Report) -> Vec<(bool, String)> {
    let sums = report.null.iter().map(|null| {
        let sum = format!("{} = {}", null.composite, null.stems.join(" + "));
        match &null.first_differing {
            None => (true, format!("{sum}: digital zero remains")),
            Some(timecode) => {
                let samples = count(null.differing_samples as usize);
                (
                    false,
                    format!("{sum} but for {samples} samples, the first at {timecode}"),
                )
            }
        }
    });
    let certificate = report
        .qc
        .iter()
        .filter_map(|judgement| judgement.certificate.as_ref());
    let statements = certificate.flat_map(|certificate| &certificate.statements);
    let said = statements.map(|said| {
        let looked = counted(said.looked_at as usize, "item");
        (said.holds, format!("{} ({looked} looked at)", said.text))
    });
    sums.chain(said).collect()
}

pub(super) fn decisions(report: &Report) -> Vec<[String; 4]> {
    let all: u64 = report
        .decisions
        .iter()
        .map(|decision| decision.samples)
        .sum();
    let row = |decision: &Decision| {
        let share = 100.0 * decision.samples as f64 / all.max(1) as f64;
        [
            decision.stem.clone(),
            decision.rule.clone(),
            count(decision.clips),
            format!("{share:.1} %"),
        ]
    };
    report.decisions.iter().map(row).collect()
}

pub(super) fn sounding(report: &Report) -> Option<String> {
    let sounding = report.sounding;
    let rest = [
        (sounding.muted, "muted in the timeline"),
        (sounding.ignored, "ignored by rule"),
        (sounding.outside, "outside the files"),
        (sounding.silenced, "silent for want of sound"),
    ];
    let rest = rest.iter().filter(|(number, _)| *number > 0);
    let rest: Vec<String> = rest
        .map(|(n, what)| format!(", {} {what}", count(*n)))
        .collect();
    let (placed, clips) = (count(sounding.placed), count(sounding.clips));
    (sounding.clips > 0).then(|| format!("{placed} of {clips} clips placed{}.", rest.concat()))
}

pub(super) fn unused_waivers(report: &Report) -> Vec<String> {
    let unused = report
        .qc
        .iter()
        .flat_map(|judgement| &judgement.unused_waivers);
    unused
        .map(|waiver| format!("{} ({})", waiver.reason, waiver.by))
        .collect()
}
