//! The lanes, the loudness plot and the ruler, as paths and places.

use serde::Serialize;

use super::words::{hue, number};
use super::{highest, main_file};
use crate::report::html::plot;
use crate::report::html::scene::Scene;
use crate::report::mark::timecodes;
use crate::report::{Lane, Report};

#[derive(Serialize)]
pub(super) struct LaneView<'a> {
    code: &'a str,
    hue: &'static str,
    label: &'a str,
    file: &'a str,
    wave: String,
    speech: String,
    clips: String,
    /// The true peak: place and height in the plot, and what it says.
    peak: Option<(String, String)>,
    start: &'a str,
}

#[derive(Serialize)]
pub(super) struct LoudnessView<'a> {
    code: &'a str,
    momentary: String,
    short_term: String,
    /// Loudness lines: height in percent and label.
    grid: Vec<(String, String)>,
}

/// Eight places of the axis with their timecodes.
pub(super) fn ruler(report: &Report, scene: &Scene<'_>) -> Vec<(String, String)> {
    const PLACES: u64 = 8;
    let label = |place: u64| {
        let at = (u128::from(scene.length) * u128::from(place) / u128::from(PLACES)) as u64;
        let offset = scene
            .origin
            .map_or(0, |origin| origin - report.start_sample);
        let at = u64::try_from(offset.saturating_add_unsigned(at)).ok()?;
        let (timecode, _) = timecodes(report, at, 1)?;
        let percent = 100.0 * place as f64 / PLACES as f64;
        Some((format!("{percent}"), timecode.to_string()))
    };
    (0..PLACES).filter_map(label).collect()
}

pub(super) fn lanes<'a>(report: &'a Report, scene: &Scene<'a>) -> Vec<LaneView<'a>> {
    let lane = |(lane, axis): &(&'a Lane, plot::Axis)| {
        let file = report.files.iter().find(|file| file.file == lane.file)?;
        let clips = report
            .course
            .clips
            .iter()
            .filter(|clip| clip.file == lane.file);
        let ends = clips.map(|clip| (clip.start, clip.start + clip.length));
        let peak = highest(lane).map(|peak| {
            let percent = axis.x(peak.at as f64) * 100.0 / plot::WIDTH;
            (
                format!("{percent:.3}"),
                format!("{} dBTP", number(peak.level.value())),
            )
        });
        Some(LaneView {
            code: &file.code,
            hue: hue(&file.code, !file.sum_of.is_empty()),
            label: &file.label,
            file: &file.file,
            wave: plot::waveform(&lane.outline, *axis),
            speech: plot::boxes(lane.speech.iter().copied(), *axis, 0.0, plot::HEIGHT),
            clips: plot::boxes(ends, *axis, 0.0, plot::HEIGHT),
            peak,
            start: if lane.start_sample.is_none() {
                "no start timecode"
            } else {
                ""
            },
        })
    };
    scene.lanes.iter().filter_map(lane).collect()
}

pub(super) fn loudness<'a>(
    report: &'a Report,
    scene: &Scene<'a>,
    top: f64,
) -> Option<LoudnessView<'a>> {
    let main = main_file(report)?;
    let (lane, axis) = scene
        .lanes
        .iter()
        .find(|(lane, _)| lane.file == main.file)?;
    let lines = (0..=(plot::SPAN / 6.0) as usize).map(|i| {
        let level = top - 6.0 * i as f64;
        let percent = plot::y_of_loudness(level, top) * 100.0 / plot::HEIGHT;
        (
            format!("{percent:.2}"),
            number(level).trim_end_matches(".0").to_owned(),
        )
    });
    Some(LoudnessView {
        code: &main.code,
        momentary: plot::loudness(&lane.momentary, lane.sample_rate, *axis, top),
        short_term: plot::loudness(&lane.short_term, lane.sample_rate, *axis, top),
        grid: lines.collect(),
    })
}
