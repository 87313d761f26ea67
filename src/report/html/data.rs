//! What the page's script draws from, as JSON: compact, and safe between `<script>` tags.

use std::collections::BTreeMap;

use serde::Serialize;

use super::base64;
use super::plot;
use super::scene::Scene;
use crate::audio::{DbTp, LoudnessUnits, Lufs};
use crate::meter::Trace;
use crate::report::mark::{Mark, frame_rate};
use crate::report::{Excerpt, Lane, Report};

/// Most excerpts that a page carries: 1.5 s at 16 kHz are 64 kB of text each.
const MAX_EXCERPTS: usize = 32;

/// The value of a loudness curve where there is digital silence.
const SILENCE: i16 = i16::MIN;

#[derive(Serialize)]
struct Data<'a> {
    rate: u32,
    origin: Option<i64>,
    length: u64,
    /// Frames per second as a fraction, frame numbers in a second, and those dropped a minute.
    fps: Option<[i64; 4]>,
    top: f64,
    span: f64,
    lanes: Vec<LaneData<'a>>,
    /// Every text of the clips, once.
    words: Vec<&'a str>,
    clips: Vec<Vec<i64>>,
    marks: Vec<MarkData<'a>>,
    excerpts: Vec<ExcerptData>,
}

#[derive(Serialize)]
struct LaneData<'a> {
    code: &'a str,
    file: &'a str,
    offset: u64,
    scale: f64,
    length: u64,
    bin: u64,
    wave: String,
    momentary: Curve,
    short: Curve,
    /// Channel, sample frame on the axis, level.
    peaks: Vec<(&'a str, u64, f64)>,
    speech: Vec<(u64, u64)>,
    target: Option<f64>,
    tolerance: Option<f64>,
    max_momentary: Option<f64>,
    max_short: Option<f64>,
    true_peak: Option<f64>,
}

/// A loudness curve in tenths of LU; places in tenths of a second.
#[derive(Serialize)]
struct Curve {
    first: u32,
    step: u32,
    values: String,
}

#[derive(Serialize)]
struct MarkData<'a> {
    id: usize,
    lane: Option<usize>,
    at: u64,
    length: u64,
    weight: &'static str,
    code: &'a str,
    title: &'a str,
    excerpt: Option<usize>,
}

#[derive(Serialize)]
struct ExcerptData {
    at: u64,
    /// Sample frames of the axis.
    length: u64,
    raised: i32,
    wav: String,
}

/// The JSON for the script; every `<` is written as an escape, so that no text ends the script.
pub(super) fn json(report: &Report, scene: &Scene<'_>, marks: &[Mark<'_>], top: f64) -> String {
    let (words, clips) = clips(report, scene);
    let kept: Vec<&Excerpt> = report.course.excerpts.iter().take(MAX_EXCERPTS).collect();
    let fps = frame_rate(report).map(|rate| {
        let fps = rate.fps();
        let dropped = i64::from(rate.dropped_per_minute());
        [fps.num(), fps.den(), i64::from(rate.nominal()), dropped]
    });
    let data = Data {
        rate: scene.rate,
        origin: scene.origin,
        length: scene.length,
        fps,
        top,
        span: plot::SPAN,
        lanes: lanes(report, scene),
        words,
        clips,
        marks: placed(scene, marks, &kept),
        excerpts: kept.iter().map(|excerpt| sound(scene, excerpt)).collect(),
    };
    // Strings, integers and finite numbers only: serialising them cannot fail.
    let text = serde_json::to_string(&data).unwrap_or_default();
    text.replace('<', "\\u003c")
}

fn lanes<'a>(report: &'a Report, scene: &Scene<'a>) -> Vec<LaneData<'a>> {
    let code = |lane: &Lane| {
        let file = report.files.iter().find(|file| file.file == lane.file);
        file.map_or("", |file| file.code.as_str())
    };
    let lane = |(i, (lane, axis)): (usize, &(&'a Lane, plot::Axis))| {
        let outline = lane.outline.extremes().iter();
        let peak = |peak: &crate::report::PeakMark| {
            let name = lane.channels.get(peak.channel).map_or("", String::as_str);
            (
                name,
                scene.place(Some(i), peak.at),
                tidy(peak.level.value()),
            )
        };
        let stretch =
            |&(start, end): &(u64, u64)| (scene.place(Some(i), start), scene.place(Some(i), end));
        LaneData {
            code: code(lane),
            file: &lane.file,
            offset: axis.offset,
            scale: axis.scale,
            length: lane.length,
            bin: lane.outline.bin(),
            wave: base64::encode_words(outline.flat_map(|&(low, high)| [low, high])),
            momentary: curve(&lane.momentary),
            short: curve(&lane.short_term),
            peaks: lane.peaks.iter().map(peak).collect(),
            speech: lane.speech.iter().map(stretch).collect(),
            target: lane.aim.loudness.map(|(target, _)| target).map(Lufs::value),
            tolerance: lane
                .aim
                .loudness
                .map(|(_, tolerance)| tolerance)
                .map(LoudnessUnits::value),
            max_momentary: lane.aim.max_momentary.map(Lufs::value),
            max_short: lane.aim.max_short_term.map(Lufs::value),
            true_peak: lane.aim.true_peak.map(DbTp::value),
        }
    };
    scene.lanes.iter().enumerate().map(lane).collect()
}

/// Two decimals.
fn tidy(value: f64) -> f64 {
    libm::round(value * 100.0) / 100.0
}

fn curve(trace: &Trace) -> Curve {
    let tenths = |value: &Option<Lufs>| match value {
        Some(value) => libm::round(value.value() * 10.0).max(-9_999.0) as i16,
        None => SILENCE,
    };
    Curve {
        first: trace.first,
        step: trace.step,
        values: base64::encode_words(trace.values.iter().map(tenths)),
    }
}

/// The clips as rows of numbers, and the texts that the numbers from the sixth on stand for: lane, place,
/// length, fade in, fade out; source sample; clip, event, timeline, track, source, found by, gain, rule and the
/// evidence.
fn clips<'a>(report: &'a Report, scene: &Scene<'_>) -> (Vec<&'a str>, Vec<Vec<i64>>) {
    let mut words: Vec<&str> = Vec::new();
    let mut known: BTreeMap<&str, i64> = BTreeMap::new();
    let mut rows = Vec::new();
    for clip in &report.course.clips {
        let Some(lane) = scene.index(Some(&clip.file)) else {
            continue;
        };
        let start = scene.place(Some(lane), clip.start);
        let end = scene.place(Some(lane), clip.start + clip.length);
        let numbers = [lane as u64, start, end - start, clip.fades.0, clip.fades.1];
        let mut row: Vec<i64> = numbers.map(|number| number as i64).to_vec();
        row.push(clip.source_start);
        let event = clip.event.as_deref().unwrap_or_default();
        let texts = [
            clip.clip.as_str(),
            event,
            &clip.timeline,
            &clip.track,
            &clip.source,
            &clip.found_by,
            &clip.gain,
            &clip.rule,
        ];
        let evidence = clip.evidence.iter().map(String::as_str);
        for text in texts.into_iter().chain(evidence) {
            let number = *known.entry(text).or_insert_with(|| {
                words.push(text);
                words.len() as i64 - 1
            });
            row.push(number);
        }
        rows.push(row);
    }
    (words, rows)
}

/// The marks with a place.
fn placed<'a>(scene: &Scene<'_>, marks: &[Mark<'a>], kept: &[&Excerpt]) -> Vec<MarkData<'a>> {
    let mark = |(id, mark): (usize, &Mark<'a>)| {
        let (at, samples) = mark.stretch?;
        let lane = scene.index(mark.file);
        let start = scene.place(lane, at);
        let end = scene.place(lane, at.saturating_add(samples));
        Some(MarkData {
            id,
            lane,
            at: start,
            length: end.saturating_sub(start),
            weight: mark.weight(),
            code: mark.code.id,
            title: mark.code.title,
            excerpt: excerpt_of(mark, kept),
        })
    };
    marks.iter().enumerate().filter_map(mark).collect()
}

/// The excerpt in which a mark begins.
pub(super) fn excerpt_of(mark: &Mark<'_>, kept: &[&Excerpt]) -> Option<usize> {
    let (at, _) = mark.stretch?;
    let holds = |excerpt: &&Excerpt| {
        let same = mark.file.is_none_or(|file| file == excerpt.file);
        same && (excerpt.start..excerpt.start + excerpt.length).contains(&at)
    };
    kept.iter().position(holds)
}

/// An excerpt as a WAVE file of one channel and 16 bits, which every browser plays.
fn sound(scene: &Scene<'_>, excerpt: &Excerpt) -> ExcerptData {
    let lane = scene.index(Some(&excerpt.file));
    let at = scene.place(lane, excerpt.start);
    let bytes = excerpt.samples.len() as u32 * 2;
    let mut wave = Vec::with_capacity(44 + bytes as usize);
    wave.extend(b"RIFF");
    wave.extend((36 + bytes).to_le_bytes());
    wave.extend(b"WAVEfmt ");
    wave.extend(16_u32.to_le_bytes());
    wave.extend([1_u16, 1].iter().flat_map(|n| n.to_le_bytes()));
    wave.extend(
        [excerpt.rate, excerpt.rate * 2]
            .iter()
            .flat_map(|n| n.to_le_bytes()),
    );
    wave.extend([2_u16, 16].iter().flat_map(|n| n.to_le_bytes()));
    wave.extend(b"data");
    wave.extend(bytes.to_le_bytes());
    wave.extend(
        excerpt
            .samples
            .iter()
            .flat_map(|sample| sample.to_le_bytes()),
    );
    ExcerptData {
        at,
        length: scene.place(lane, excerpt.start + excerpt.length) - at,
        raised: excerpt.raised_db,
        wav: base64::encode(&wave),
    }
}
