//! The report for people, as the lines at the end of a run.

use std::fmt::Write as _;

use crate::audio::{DbTp, LoudnessUnits, Lufs};

use super::model::{Decision, FileReport, Levels, Report};

/// The summary: files with their levels, what decided, what to look at.
pub fn summary(report: &Report) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write_summary(&mut text, report);
    text
}

fn write_summary(text: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(
        text,
        "{}: {} from {} at {} fps, {} Hz",
        report.title,
        report.length_timecode,
        report.start_timecode,
        report.frame_rate,
        report.sample_rate
    )?;
    write_files(text, &report.files)?;
    write_dialogue(text, report)?;
    for null in &report.null {
        let stems = null.stems.join(" + ");
        match &null.first_differing {
            None => writeln!(text, "  {} = {stems}: digital zero remains", null.composite)?,
            Some(timecode) => writeln!(
                text,
                "  {} = {stems}: but for {} saturated samples, the first at {timecode}",
                null.composite, null.differing_samples
            )?,
        }
    }
    write_decisions(text, report)?;
    for review in &report.review {
        writeln!(
            text,
            "  look at {} {} ({}) in {}: {}",
            review.timecode, review.clip, review.track, review.stem, review.reason
        )?;
    }
    Ok(())
}

/// Dialogue loudness, where there is speech.
fn write_dialogue(text: &mut String, report: &Report) -> std::fmt::Result {
    let Some(dialogue) = report
        .dialogue
        .as_ref()
        .filter(|dialogue| dialogue.speech_blocks > 0)
    else {
        return Ok(());
    };
    write!(
        text,
        "  dialogue: speech {} % of the time",
        dialogue.share_percent()
    )?;
    let levels = [(dialogue.stem, "alone"), (dialogue.mix, "in the mix")];
    for (level, what) in levels {
        if let Some(level) = level {
            write!(text, ", {level} {what}")?;
        }
    }
    if let Some(ratio) = dialogue.ldr_mix {
        write!(text, ", loudness to dialogue {ratio}")?;
    }
    if let Some(over) = dialogue.over_background {
        write!(text, ", {over} over music and effects")?;
    }
    writeln!(text)
}

fn write_files(text: &mut String, files: &[FileReport]) -> std::fmt::Result {
    writeln!(
        text,
        "\n  {:32} {:>6} {:>6}  {:>8} {:>7} {:>9}",
        "file", "layout", "clips", "LUFS", "LRA", "dBTP"
    )?;
    for file in files {
        let [loudness, range, peak] = figures(file.levels.as_ref());
        writeln!(
            text,
            "  {:32} {:>6} {:>6}  {loudness:>8} {range:>7} {peak:>9}",
            file.name(),
            file.layout
                .as_ref()
                .map_or_else(|| "-".to_owned(), ToString::to_string),
            file.clips
        )?;
    }
    writeln!(text)
}

/// Integrated loudness, loudness range and true peak, `-` where there is none.
fn figures(levels: Option<&Levels>) -> [String; 3] {
    let figure = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |v| format!("{v:.1}"));
    [
        figure(
            levels
                .and_then(|levels| levels.integrated_lufs)
                .map(Lufs::value),
        ),
        figure(
            levels
                .and_then(|levels| levels.loudness_range_lu)
                .map(LoudnessUnits::value),
        ),
        figure(
            levels
                .and_then(|levels| levels.true_peak_dbtp)
                .map(DbTp::value),
        ),
    ]
}

fn write_decisions(text: &mut String, report: &Report) -> std::fmt::Result {
    let sounding = report.sounding;
    write!(
        text,
        "\n  {} of {} clips placed",
        sounding.placed, sounding.clips
    )?;
    let rest = [
        (sounding.muted, "muted in the timeline"),
        (sounding.ignored, "ignored by rule"),
        (sounding.outside, "outside the files"),
        (sounding.silenced, "silent for want of sound"),
    ];
    for (count, what) in rest.iter().filter(|(count, _)| *count > 0) {
        write!(text, ", {count} {what}")?;
    }
    writeln!(text, "; decided by")?;
    for Decision {
        rule, stem, clips, ..
    } in &report.decisions
    {
        writeln!(text, "  {clips:>6} → {stem:4} {rule}")?;
    }
    Ok(())
}
