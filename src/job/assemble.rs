//! The report of a job from what the stages say.

use std::collections::BTreeMap;

use super::course::course_of_plan;
use super::taps::Measured;
use crate::conform::plan::{Composite, Plan, Stem};
use crate::conform::{Conformed, RenderPlan};
use crate::finding::{Finding, Place};
use crate::meter::{Dialogue, DialogueInput, DialogueSettings, dialogue};
use crate::render::{NOT_A_NUMBER, OutputStats, SATURATED};
use crate::report::{Decision, FileReport, Null, Report, Review, Sounding};
use crate::spec::Spec;
use crate::time::{Rational, Timecode};

/// The stem that holds the dialogue, in every spec of the trade.
pub(super) const DIALOGUE: &str = "DX";

/// What the stages say; stems before composites in every list, lists may be shorter.
pub(super) struct Assembled {
    pub(super) conformed: Conformed,
    pub(super) stats: Vec<OutputStats>,
    /// None for an output that was not measured.
    pub(super) measured: Vec<Option<Measured>>,
    pub(super) sizes: Vec<Option<u64>>,
    /// The spec of the plan, where it is known.
    pub(super) spec: Option<Spec>,
}

/// The report.
pub(super) fn assemble(from: &Assembled) -> Report {
    let plan = &from.conformed.plan;
    let said = plan.get();
    let view = View { plan };
    let files = view.files(from);
    let mut findings = from.conformed.findings.clone();
    findings.extend(lost(&files, &from.stats));
    let tally = from.conformed.tally;
    let dialogue = dialogue_of(said, &from.measured);
    let course = course_of_plan(plan, &from.measured, dialogue.as_ref(), from.spec.as_ref());
    Report {
        schema: "stemline.report/1",
        version: env!("CARGO_PKG_VERSION"),
        title: said.title.clone(),
        spec: said.spec.clone(),
        origination: said.origination.clone(),
        timelines: said.timelines.clone(),
        frame_rate: plan.frame_rate().to_string(),
        start_timecode: said.start_timecode.clone(),
        start_sample: said.start_sample,
        sample_rate: said.sample_rate,
        length_samples: said.length,
        length_timecode: view.length(),
        dialogue,
        null: view.nulls(&from.stats),
        files,
        decisions: decisions(said),
        review: from.conformed.review.iter().map(review).collect(),
        sounding: Sounding {
            clips: tally.clips,
            placed: tally.placed,
            muted: tally.muted,
            ignored: tally.ignored,
            outside: tally.outside,
            silenced: tally.silenced,
        },
        findings,
        qc: None,
        course,
    }
}

/// The outputs that the dialogue is told from: stems first, then composites.
#[derive(Debug, Clone, Copy)]
pub(super) struct DialogueParts {
    /// The dialogue stem.
    pub(super) stem: usize,
    /// The fullest mix that it is in.
    pub(super) mix: usize,
    /// That mix without it, where there is such a composite.
    background: Option<usize>,
}

impl DialogueParts {
    /// Those of a plan; none where no stem of dialogue is in a mix.
    pub(super) fn of(plan: &Plan) -> Option<Self> {
        let stem = plan.stems.iter().position(|stem| stem.code == DIALOGUE)?;
        let wholes = plan.composites.iter().enumerate();
        let wholes = wholes.filter(|(_, c)| c.fold.is_none());
        let with = |c: &Composite| c.stems.iter().any(|code| code == DIALOGUE);
        let mixes = wholes.clone().filter(|(_, c)| with(c));
        let (mix, whole) = mixes.max_by_key(|(_, c)| c.stems.len())?;
        let rest = || whole.stems.iter().filter(|code| *code != DIALOGUE);
        let mut without = wholes.filter(|(_, c)| c.stems.iter().eq(rest()));
        let output = |composite: usize| plan.stems.len() + composite;
        Some(Self {
            stem,
            mix: output(mix),
            background: without.next().map(|(i, _)| output(i)),
        })
    }

    /// Whether an output is one of them.
    pub(super) fn contains(self, output: usize) -> bool {
        [Some(self.stem), Some(self.mix), self.background].contains(&Some(output))
    }
}

/// The dialogue of the programme, from the dialogue stem, the mix it is in and the mix without it.
pub(super) fn dialogue_of(plan: &Plan, measured: &[Option<Measured>]) -> Option<Dialogue> {
    let parts = DialogueParts::of(plan)?;
    let energies = |output: usize| Some(measured.get(output)?.as_ref()?.figures.energies.whole());
    let input = DialogueInput {
        stem: energies(parts.stem)?,
        mix: energies(parts.mix)?,
        background: parts.background.and_then(energies),
    };
    Some(dialogue(input, DialogueSettings::default()))
}

/// What reading the plan for people needs.
struct View<'a> {
    plan: &'a RenderPlan,
}

impl View<'_> {
    fn files(&self, from: &Assembled) -> Vec<FileReport> {
        let plan = self.plan.get();
        let clips = |stem: &Stem| stem.segments.len();
        let stem = |stem: &Stem| {
            (
                stem.code.clone(),
                stem.label.clone(),
                stem.file.clone(),
                stem.layout.clone(),
                Vec::new(),
                clips(stem),
            )
        };
        let composite = |composite: &Composite| {
            let of = |stem: &&Stem| composite.stems.contains(&stem.code);
            (
                composite.code.clone(),
                composite.label.clone(),
                composite.file.clone(),
                composite.layout.clone(),
                composite.stems.clone(),
                plan.stems.iter().filter(of).map(clips).sum(),
            )
        };
        let all = plan
            .stems
            .iter()
            .map(stem)
            .chain(plan.composites.iter().map(composite));
        let measured = |i: usize| from.measured.get(i)?.as_ref();
        let written = self.plan.delivered();
        let delivered = |code: &String| written.iter().any(|file| file.output == *code);
        let report = |(i, (code, label, file, layout, sum_of, clips)): (usize, _)| {
            let stats = from.stats.get(i).copied().unwrap_or_default();
            FileReport {
                delivered: delivered(&code),
                code,
                label,
                file,
                bytes: from.sizes.get(i).copied().flatten(),
                layout: Some(layout),
                sum_of,
                clips,
                saturated_samples: stats.saturated,
                first_saturated: stats.first_saturated.map(|frame| self.timecode(frame)),
                levels: measured(i).map(|measured| measured.levels.clone()),
            }
        };
        all.enumerate().map(report).collect()
    }

    fn nulls(&self, stats: &[OutputStats]) -> Vec<Null> {
        let plan = self.plan.get();
        let null = |(i, composite): (usize, &Composite)| {
            let stats = stats.get(plan.stems.len() + i).copied().unwrap_or_default();
            Null {
                composite: composite.code.clone(),
                stems: composite.stems.clone(),
                differing_samples: stats.saturated,
                first_differing: stats.first_saturated.map(|frame| self.timecode(frame)),
            }
        };
        // A fold-down is not the sum of its stems, it is made of that sum.
        let sums = plan.composites.iter().enumerate();
        sums.filter(|(_, composite)| composite.fold.is_none())
            .map(null)
            .collect()
    }

    /// The timecode of an output sample frame.
    fn timecode(&self, frame: u64) -> String {
        let plan = self.plan.get();
        let sample = plan.start_sample.checked_add_unsigned(frame);
        let rate = crate::audio::SampleRate::new(plan.sample_rate).ok();
        sample
            .zip(rate)
            .and_then(|(sample, rate)| self.plan.frame_rate().timecode_of_sample(sample, rate))
            .map(|timecode| timecode.to_string())
            .unwrap_or_default()
    }

    /// The length of the files as timecode, rounded down to a frame.
    fn length(&self) -> String {
        let plan = self.plan.get();
        let rate = self.plan.frame_rate();
        let seconds = Rational::from_wide(i128::from(plan.length), i128::from(plan.sample_rate));
        let frames = seconds
            .and_then(|seconds| rate.frame_at(seconds))
            .unwrap_or_default();
        Timecode::from_frame(frames, rate).to_string()
    }
}

/// Findings about samples that were lost.
fn lost(files: &[FileReport], stats: &[OutputStats]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, stats) in files.iter().zip(stats) {
        let place = |timecode: Option<String>| Place {
            timecode,
            ..Place::file(&file.file)
        };
        if stats.saturated > 0 {
            let message = format!(
                "{} samples of {} are set to full scale",
                stats.saturated, file.code
            );
            let at = place(file.first_saturated.clone());
            findings.push(Finding::new(&SATURATED, message).at(at));
        }
        if stats.not_numbers > 0 {
            let message = format!(
                "{} samples of {} were not numbers",
                stats.not_numbers, file.code
            );
            findings.push(Finding::new(&NOT_A_NUMBER, message).at(place(None)));
        }
    }
    findings
}

fn decisions(plan: &Plan) -> Vec<Decision> {
    let mut counts: BTreeMap<(&str, &str), (usize, u64)> = BTreeMap::new();
    for stem in &plan.stems {
        for segment in &stem.segments {
            let count = counts
                .entry((&segment.because.rule, &stem.code))
                .or_default();
            count.0 += 1;
            count.1 += segment.length;
        }
    }
    let decision = |((rule, stem), (clips, samples)): ((&str, &str), (usize, u64))| Decision {
        rule: rule.to_owned(),
        stem: stem.to_owned(),
        clips,
        samples,
    };
    let mut decisions: Vec<Decision> = counts.into_iter().map(decision).collect();
    decisions.sort_by(|a, b| b.samples.cmp(&a.samples).then_with(|| a.rule.cmp(&b.rule)));
    decisions
}

fn review(item: &crate::conform::ReviewItem) -> Review {
    Review {
        clip: item.clip.clone(),
        track: item.track.clone(),
        timecode: item.timecode.clone(),
        stem: item.stem.clone(),
        reason: item.reason.clone(),
    }
}
