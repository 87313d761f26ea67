//! What reports draw: the course of the files from their meters, and the placements from the plan.

use super::taps::Measured;
use crate::audio::ChannelLayout;
use crate::conform::RenderPlan;
use crate::conform::plan::{DeliveredFile, Plan, Ramp, Segment, Stem};
use crate::meter::{ChannelPeaks, Dialogue, Energies, Outline, Window, trace};
use crate::report::{Aim, Course, Lane, MAX_TRACE, PeakMark, Placement};
use crate::spec::{Gate, Spec};
use crate::stem::StemCode;

/// What is known of a file that was measured.
pub(super) struct LaneInput<'a> {
    pub(super) file: &'a str,
    /// The other files, where each channel stands in one of its own.
    pub(super) also: Vec<String>,
    pub(super) start_sample: Option<i64>,
    pub(super) sample_rate: u32,
    pub(super) length: u64,
    /// Names of its channels.
    pub(super) channels: Vec<String>,
    pub(super) outline: Outline,
    pub(super) energies: &'a Energies,
    pub(super) peaks: &'a [ChannelPeaks],
    pub(super) speech: Vec<(u64, u64)>,
    pub(super) aim: Aim,
}

/// The course of a file.
pub(super) fn lane(input: LaneInput<'_>) -> Lane {
    let whole = input.energies.whole();
    let peaks = input.peaks.iter().filter_map(|channel| {
        let peak = channel.true_peak?;
        Some(PeakMark {
            channel: peak.channel,
            level: peak.level,
            at: peak.at,
        })
    });
    Lane {
        file: input.file.to_owned(),
        also: input.also,
        start_sample: input.start_sample,
        sample_rate: input.sample_rate,
        length: input.length,
        channels: input.channels,
        outline: input.outline,
        momentary: trace(whole, Window::Momentary, MAX_TRACE),
        short_term: trace(whole, Window::ShortTerm, MAX_TRACE),
        peaks: peaks.collect(),
        speech: input.speech,
        aim: input.aim,
    }
}

/// The course of everything that a plan writes; without lanes where nothing was measured.
pub(super) fn course_of_plan(
    plan: &RenderPlan,
    measured: &[Option<Measured>],
    dialogue: Option<&Dialogue>,
    spec: Option<&Spec>,
) -> Course {
    type Output<'a> = (&'a str, &'a String, &'a ChannelLayout);
    let (said, files) = (plan.get(), plan.delivered());
    let stems = said
        .stems
        .iter()
        .map(|stem| (&*stem.code, &stem.file, &stem.layout));
    let sums = said.composites.iter();
    let sums = sums.map(|sum| (&*sum.code, &sum.file, &sum.layout));
    let of = |((code, file, layout), measured): (Output<'_>, &Option<Measured>)| {
        let measured = measured.as_ref()?;
        let speech = dialogue.filter(|_| code == super::assemble::DIALOGUE);
        let lines = speech.map(|dialogue| dialogue.lines.as_slice());
        let lines = lines.unwrap_or_default().iter();
        // Files of single channels that stand where the programme does: what is found in them is shown here.
        let part = |other: &&DeliveredFile| {
            other.output == code && other.head == 0 && other.from == 0 && other.file != *file
        };
        let also = files.iter().filter(part).map(|other| other.file.clone());
        Some(lane(LaneInput {
            file,
            also: also.collect(),
            start_sample: Some(said.start_sample),
            sample_rate: said.sample_rate,
            length: said.length,
            channels: names(layout),
            outline: measured.outline.clone(),
            energies: &measured.figures.energies,
            peaks: &measured.figures.channels,
            speech: lines.map(|line| (line.start, line.end)).collect(),
            aim: aim(spec, code),
        }))
    };
    Course {
        lanes: stems.chain(sums).zip(measured).filter_map(of).collect(),
        clips: placements(said),
        excerpts: Vec::new(),
    }
}

/// What a spec wants of a stem or composite: the target that is tried first, and what the client's words
/// allow.
pub(super) fn aim(spec: Option<&Spec>, code: &str) -> Aim {
    let (Some(spec), Ok(code)) = (spec, code.parse::<StemCode>()) else {
        return Aim::default();
    };
    let limits = spec.loudness_of(&code);
    let limit = limits.first();
    Aim {
        loudness: limit.map(|limit| (limit.target, limit.tolerance)),
        of_dialogue: limit.is_some_and(|limit| limit.gate == Gate::Dialogue),
        max_momentary: limit.and_then(|limit| limit.max_momentary),
        max_short_term: limit.and_then(|limit| limit.max_short_term),
        true_peak: spec.peak_of(&code).map(|limit| limit.true_peak),
    }
}

/// The names of the channels of a layout.
pub(super) fn names(layout: &ChannelLayout) -> Vec<String> {
    let channels = layout.channels().iter();
    channels.map(|channel| channel.name().to_owned()).collect()
}

fn placements(plan: &Plan) -> Vec<Placement> {
    let of_stem = |stem: &'_ Stem| {
        let placed = stem.segments.iter();
        placed
            .map(|segment| placement(plan, stem, segment))
            .collect::<Vec<_>>()
    };
    plan.stems.iter().flat_map(of_stem).collect()
}

fn placement(plan: &Plan, stem: &Stem, segment: &Segment) -> Placement {
    let source = plan.sources.get(segment.source);
    let path = source.map_or("", |source| source.file.as_str());
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let fade = |ramp: Option<Ramp>| ramp.map_or(0, |ramp| ramp.length.saturating_sub(ramp.offset));
    let drawn = if segment.automation.is_empty() {
        ""
    } else {
        ", automation"
    };
    Placement {
        file: stem.file.clone(),
        start: segment.start,
        length: segment.length,
        fades: (fade(segment.fade_in), fade(segment.fade_out)),
        clip: segment.clip.name.clone(),
        event: segment.clip.event.clone(),
        timeline: segment.clip.timeline.clone(),
        track: segment.clip.track.clone(),
        source: name.to_owned(),
        source_start: segment.source_start,
        found_by: segment.clip.found_by.clone(),
        gain: format!("{}{drawn}", segment.gain_db),
        rule: segment.because.rule.clone(),
        evidence: segment.because.evidence.clone(),
    }
}
