//! The QC report as XML in the shape of the EBU's data model of quality control (Tech 3363: a report is
//! made of items, each a check or a reading with the stretches that it found).
//!
//! The form is `specs/schema/qc-report.xsd`; which check is which EBU item stands in [`EBU_ITEMS`].

use super::Report;
use super::mark::{Mark, marks, outcome_word};
use super::tags::Tags;
use crate::qc::{CheckRun, Judgement, Outcome, Verdict};

/// Namespace and version of the form.
const NAMESPACE: &str = "urn:stemline:qc-report:1";

/// Checks whose definition is that of an item of the EBU's catalogue (qc.ebu.io).
const EBU_ITEMS: [(&str, &str); 5] = [
    ("L1", "0010B"),
    ("L4", "0010B"),
    ("S1", "0078B"),
    ("F2", "0164W"),
    ("F1", "0106W"),
];

/// The document.
pub(super) fn show(report: &Report) -> String {
    let text = |text: &str| Some(text.to_owned());
    let marks = marks(report);
    let mut tags = Tags::new();
    tags.open(
        "QCReport",
        &[
            ("xmlns", text(NAMESPACE)),
            ("title", text(&report.title)),
            ("profile", text(&report.spec)),
            (
                "date",
                Some(report.origination.clone()).filter(|date| !date.is_empty()),
            ),
            (
                "frameRate",
                Some(report.frame_rate.clone()).filter(|rate| !rate.is_empty()),
            ),
            ("program", Some(format!("stemline {}", report.version))),
            (
                "verdict",
                text(report.qc.as_ref().map_or("not judged", verdict)),
            ),
        ],
    );
    write_files(&mut tags, report);
    tags.open("Items", &[]);
    for run in report.qc.iter().flat_map(|judgement| &judgement.checks) {
        write_item(&mut tags, run, &marks);
    }
    tags.close();
    tags.open("Observations", &[]);
    for mark in marks.iter().filter(|mark| mark.check.is_none()) {
        write_mark(&mut tags, "Observation", mark);
    }
    tags.finish()
}

/// A verdict in a word.
fn verdict(judgement: &Judgement) -> &'static str {
    match judgement.verdict {
        Verdict::Pass => "pass",
        Verdict::Warnings => "warnings",
        Verdict::Fail => "fail",
    }
}

fn write_files(tags: &mut Tags, report: &Report) {
    tags.open("Files", &[]);
    for file in &report.files {
        let lane = report.course.lane(&file.file);
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        tags.empty(
            "File",
            &[
                ("name", text(&file.file)),
                ("role", text(&file.code)),
                ("layout", file.layout.as_ref().map(ToString::to_string)),
                ("bytes", file.bytes.map(|bytes| bytes.to_string())),
                ("sampleRate", lane.map(|lane| lane.sample_rate.to_string())),
                ("lengthSamples", lane.map(|lane| lane.length.to_string())),
                (
                    "startSample",
                    lane.and_then(|lane| lane.start_sample)
                        .map(|start| start.to_string()),
                ),
            ],
        );
    }
    tags.close();
}

fn write_item(tags: &mut Tags, run: &CheckRun, marks: &[Mark<'_>]) {
    let text = |text: &str| Some(text.to_owned());
    let ebu = EBU_ITEMS.iter().find(|(check, _)| *check == run.check);
    let reason = match &run.outcome {
        Outcome::NotApplicable(why) => text(why),
        _ => None,
    };
    tags.open(
        "Item",
        &[
            ("id", text(run.check)),
            ("ebuItem", ebu.map(|(_, item)| (*item).to_owned())),
            ("title", text(run.title)),
            ("family", text(run.family)),
            ("outcome", text(outcome_word(&run.outcome))),
            ("reason", reason),
        ],
    );
    for reading in &run.readings {
        tags.empty(
            "Reading",
            &[
                ("file", reading.file.clone()),
                ("channel", reading.channel.clone()),
                ("measured", text(&reading.measured)),
                ("limit", reading.limit.clone()),
            ],
        );
    }
    let own = |mark: &&Mark<'_>| mark.check.is_some_and(|check| std::ptr::eq(check, run));
    for mark in marks.iter().filter(own) {
        write_mark(tags, "Segment", mark);
    }
    tags.close();
}

/// A fault or an observation with its place.
fn write_mark(tags: &mut Tags, name: &'static str, mark: &Mark<'_>) {
    let text = |text: &str| Some(text.to_owned());
    tags.open(
        name,
        &[
            ("code", text(mark.code.id)),
            ("weight", text(mark.weight())),
            ("file", mark.file.map(str::to_owned)),
            ("channel", mark.channel.map(str::to_owned)),
            (
                "firstSample",
                mark.stretch.map(|stretch| stretch.0.to_string()),
            ),
            ("samples", mark.stretch.map(|stretch| stretch.1.to_string())),
            ("timecodeIn", mark.timecode_in.clone()),
            ("timecodeOut", mark.timecode_out.clone()),
            ("measured", mark.measured.map(str::to_owned)),
            ("limit", mark.limit.map(str::to_owned)),
            ("source", mark.source.clone()),
        ],
    );
    tags.text("Message", &[], mark.message);
    if let Some(hint) = mark.hint {
        tags.text("Hint", &[], hint);
    }
    if let Some(waiver) = mark.waiver {
        tags.text(
            "Waiver",
            &[
                ("by", text(&waiver.by)),
                ("expires", waiver.expires.clone()),
                ("expired", Some(waiver.expired.to_string())),
            ],
            &waiver.reason,
        );
    }
    tags.close();
}
