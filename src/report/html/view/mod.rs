//! What the template is filled with: texts, classes and paths, nothing to be worked out any more.

mod plots;
mod tables;
mod words;

use serde::Serialize;

use super::scene::Scene;
use crate::audio::{LoudnessUnits, Lufs};
use crate::qc::Verdict;
use crate::report::mark::{Mark, outcome_word};
use crate::report::{Excerpt, FileReport, Lane, PeakMark, Report};
use plots::{LaneView, LoudnessView, lanes, loudness, ruler};
use tables::{
    Family, FileView, FindingView, decisions, families, file_view, finding, proofs, sounding,
    unused_waivers,
};
use words::{aim_text, counted, number};

/// Most findings that the page lists; the JSON has them all.
const MAX_FINDINGS: usize = 500;

/// The page.
#[derive(Serialize)]
pub(super) struct Page<'a> {
    title: &'a str,
    /// `00:20:00:00 from 01:00:00:00`, `24 fps`, …
    facts: Vec<String>,
    verdict: VerdictView,
    figures: Vec<Figure>,
    files: Vec<FileView<'a>>,
    /// Places of the ruler in percent, with their timecodes.
    ruler: Vec<(String, String)>,
    lanes: Vec<LaneView<'a>>,
    loudness: Option<LoudnessView<'a>>,
    findings: Vec<FindingView<'a>>,
    more_findings: usize,
    families: Vec<Family<'a>>,
    proofs: Vec<(bool, String)>,
    decisions: Vec<[String; 4]>,
    review: Vec<[&'a str; 5]>,
    sounding: Option<String>,
    clips: usize,
    unused_waivers: Vec<String>,
    timelines: &'a [String],
    version: &'a str,
    origination: &'a str,
}

#[derive(Serialize)]
struct VerdictView {
    class: &'static str,
    word: &'static str,
    sentence: String,
}

#[derive(Serialize)]
struct Figure {
    label: &'static str,
    value: String,
    unit: &'static str,
    note: String,
}

/// Everything on the page.
pub(super) fn page<'a>(
    report: &'a Report,
    scene: &Scene<'a>,
    marks: &[Mark<'a>],
    top: f64,
) -> Page<'a> {
    let excerpts: Vec<&Excerpt> = report.course.excerpts.iter().collect();
    let mut findings: Vec<FindingView<'_>> = marks
        .iter()
        .enumerate()
        .map(|(id, mark)| finding(id, mark, &excerpts))
        .collect();
    findings.sort_by_key(|finding| rank(finding.weight));
    let more_findings = findings.len().saturating_sub(MAX_FINDINGS);
    findings.truncate(MAX_FINDINGS);
    Page {
        title: &report.title,
        facts: facts(report),
        verdict: verdict(report, marks),
        figures: figures(report),
        files: report
            .files
            .iter()
            .map(|file| file_view(report, file, marks))
            .collect(),
        ruler: ruler(report, scene),
        lanes: lanes(report, scene),
        loudness: loudness(report, scene, top),
        findings,
        more_findings,
        families: families(report),
        proofs: proofs(report),
        decisions: decisions(report),
        review: report
            .review
            .iter()
            .map(|r| [&*r.timecode, &*r.clip, &*r.track, &*r.stem, &*r.reason])
            .collect(),
        sounding: sounding(report),
        clips: report.course.clips.len(),
        unused_waivers: unused_waivers(report),
        timelines: &report.timelines,
        version: report.version,
        origination: &report.origination,
    }
}

/// The order of weights, worst first.
fn rank(weight: &str) -> usize {
    let order = ["error", "warning", "waived", "note"];
    order
        .iter()
        .position(|known| *known == weight)
        .unwrap_or(order.len())
}

fn facts(report: &Report) -> Vec<String> {
    let mut facts = Vec::new();
    if !report.length_timecode.is_empty() {
        let from = match report.start_timecode.as_str() {
            "" => String::new(),
            start => format!(" from {start}"),
        };
        facts.push(format!("{}{from}", report.length_timecode));
    }
    if !report.frame_rate.is_empty() {
        facts.push(format!("{} fps", report.frame_rate));
    }
    if report.sample_rate > 0 {
        facts.push(format!("{} kHz", f64::from(report.sample_rate) / 1000.0));
    }
    facts.push(counted(delivered(report), "file"));
    facts.push(format!("spec {}", report.spec));
    facts
}

fn verdict(report: &Report, marks: &[Mark<'_>]) -> VerdictView {
    let weigh = |weight: &str| marks.iter().filter(|mark| mark.weight() == weight).count();
    let counts = [
        (weigh("error"), "fault"),
        (weigh("warning"), "warning"),
        (weigh("note"), "note"),
    ];
    let mut parts: Vec<String> = counts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| counted(*number, what))
        .collect();
    if weigh("waived") > 0 {
        parts.push(format!("{} waived", weigh("waived")));
    }
    let found = match parts.as_slice() {
        [] => "nothing to object to".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    };
    let (class, word) = match report.qc.as_ref().map(|judgement| judgement.verdict) {
        Some(Verdict::Pass) => ("pass", "Passed"),
        Some(Verdict::Warnings) => ("warn", "Passed, with warnings"),
        Some(Verdict::Fail) => ("fail", "Failed"),
        None if weigh("error") > 0 => ("fail", "Faults found"),
        None => ("none", "Not judged"),
    };
    let done = report.qc.as_ref().map(|judgement| {
        let ran = |run: &&crate::qc::CheckRun| outcome_word(&run.outcome) != "not applicable";
        judgement.checks.iter().filter(ran).count()
    });
    let of = counted(delivered(report), "file");
    let sentence = match done {
        Some(checks) => format!("{} on {of}: {found}.", counted(checks, "check")),
        None => format!("{of} without quality control: {found}."),
    };
    VerdictView {
        class,
        word,
        sentence,
    }
}

/// How many of the files are in the delivery.
fn delivered(report: &Report) -> usize {
    report.files.iter().filter(|file| file.delivered).count()
}

/// The file that the whole programme sounds in: the sum of most stems, else what is called so, else the last.
fn main_file(report: &Report) -> Option<&FileReport> {
    let sums = report.files.iter().filter(|file| !file.sum_of.is_empty());
    let named = |file: &&FileReport| matches!(&*file.code, "MIX" | "PM");
    sums.max_by_key(|file| file.sum_of.len())
        .or_else(|| report.files.iter().find(named))
        .or_else(|| report.files.last())
}

fn figures(report: &Report) -> Vec<Figure> {
    let mut figures = Vec::new();
    let mut add = |label, value: Option<f64>, unit, note: String| {
        if let Some(value) = value {
            figures.push(Figure {
                label,
                value: number(value),
                unit,
                note,
            });
        }
    };
    let main = main_file(report);
    let levels = main.and_then(|file| file.levels.as_ref());
    let name = main.map_or("", |file| &file.code).to_owned();
    let speech = report
        .dialogue
        .as_ref()
        .filter(|dialogue| dialogue.speech_blocks > 0);
    let share = speech.map_or(0, crate::meter::Dialogue::share_percent);
    let aim = main
        .and_then(|file| report.course.lane(&file.file))
        .map(|lane| aim_text(&lane.aim))
        .filter(|text| !text.is_empty());
    let note = aim.map_or_else(|| name.clone(), |aim| format!("{name}, {aim}"));
    let integrated = levels
        .and_then(|levels| levels.integrated_lufs)
        .map(Lufs::value);
    add("Integrated", integrated, "LUFS", note);
    let dialogue = speech.and_then(|dialogue| dialogue.mix).map(Lufs::value);
    add(
        "Dialogue",
        dialogue,
        "LUFS",
        format!("speech {share} % of the time"),
    );
    let range = levels.and_then(|levels| levels.loudness_range_lu);
    add(
        "Loudness range",
        range.map(LoudnessUnits::value),
        "LU",
        name,
    );
    let peaks = report.files.iter().filter_map(|file| {
        let peak = file.levels.as_ref()?.true_peak_dbtp?;
        Some((peak.value(), &file.code))
    });
    let highest = peaks.max_by(|a, b| a.0.total_cmp(&b.0));
    let whose = highest.map_or("", |(_, code)| code).to_owned();
    add(
        "Highest true peak",
        highest.map(|(peak, _)| peak),
        "dBTP",
        whose,
    );
    figures
}

/// The highest true peak of a lane, the first channel of equals.
fn highest(lane: &Lane) -> Option<&PeakMark> {
    let mut best: Option<&PeakMark> = None;
    for peak in &lane.peaks {
        if best.is_none_or(|best| peak.level > best.level) {
            best = Some(peak);
        }
    }
    best
}
