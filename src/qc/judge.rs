//! All checks over all facts.

use super::check::View;
use super::checks::CHECKS;
use super::facts::{Facts, FileFacts};
use super::judgement::{CheckRun, JudgedFile, Judgement, Outcome, SCHEMA, Waiver};
use super::ledger::certificate;
use super::limits::Limits;
use super::waivers::Waivers;
use crate::meter::Levels;

/// Judges a package. `date` is the day that expiries are held against, `YYYY-MM-DD`.
pub fn judge(facts: &Facts<'_>, waivers: &Waivers, date: Option<&str>) -> Judgement {
    let limits = Limits::of(facts.spec);
    let view = View { facts, limits };
    let mut used = vec![false; waivers.len()];
    let checks: Vec<CheckRun> = CHECKS
        .iter()
        .map(|check| run(check, &view, waivers, date, &mut used))
        .collect();
    let unused = waivers.unused(&used, date);
    Judgement {
        schema: SCHEMA,
        version: env!("CARGO_PKG_VERSION"),
        title: facts.title.clone(),
        spec: facts.spec.name.clone(),
        date: date.map(str::to_owned),
        frame_rate: facts.rate.map(|rate| rate.to_string()),
        verdict: Judgement::verdict_of(&checks),
        files: (0..facts.files.len())
            .filter_map(|i| file(facts, i))
            .collect(),
        checks,
        certificate: facts
            .plan
            .as_ref()
            .map(|(name, plan)| certificate(facts, name, plan)),
        unused_waivers: unused,
    }
}

/// One check, with severities and waivers applied.
fn run(
    check: &super::Check,
    view: &View<'_>,
    waivers: &Waivers,
    date: Option<&str>,
    used: &mut [bool],
) -> CheckRun {
    let run = |outcome, looked: super::check::Looked| CheckRun {
        check: check.id,
        title: check.title,
        family: check.family,
        outcome,
        files: looked.files,
        readings: looked.readings,
        faults: looked.faults,
    };
    let Some(severity) = view.limits.severity(check.id) else {
        let reason = "switched off by the spec".to_owned();
        return run(
            Outcome::NotApplicable(reason),
            super::check::Looked::default(),
        );
    };
    if let Some(reason) = not_run(check.id, view.facts) {
        let reason = format!("{}: {reason}", Outcome::NOT_RUN);
        return run(
            Outcome::NotApplicable(reason),
            super::check::Looked::default(),
        );
    }
    let mut looked = (check.look)(view);
    if let Some(reason) = looked.not_applicable.take() {
        return run(Outcome::NotApplicable(reason), looked);
    }
    for fault in &mut looked.faults {
        fault.severity = fault.severity.min(severity);
        fault.waiver = waivers.find(fault, date, used);
    }
    looked.faults.sort_by(|a, b| {
        let at = |stretch: &Option<super::Stretch>| stretch.as_ref().map(|s| s.first_sample);
        (&a.file, at(&a.stretch), a.code.id, &a.channel).cmp(&(
            &b.file,
            at(&b.stretch),
            b.code.id,
            &b.channel,
        ))
    });
    run(CheckRun::outcome_of(&looked.faults), looked)
}

/// Why a check was not run on files that were judged while they were made.
fn not_run(check: &str, facts: &Facts<'_>) -> Option<&'static str> {
    if !facts.is_unscanned() || facts.sounds.is_empty() {
        return None;
    }
    let unmeasured = || facts.sounds.iter().all(|sound| sound.measured.is_none());
    match check {
        "L1" | "L2" | "L3" | "L4" | "M7" if unmeasured() => {
            Some("nothing was measured file by file; run `stemline qc` on the package")
        }
        "F8" => Some("the checksums were made of these files; run `stemline qc` on a copy"),
        _ if needs_scan(check) => Some("it reads every sample; run `stemline qc` on the package"),
        _ => None,
    }
}

/// Whether a check lives on what only the samples show. That sums hold is known from the pass that made them.
fn needs_scan(check: &str) -> bool {
    let family = check.chars().next().unwrap_or_default();
    matches!(family, 'S' | 'C' | 'P' | 'Y' | 'D')
        || matches!(check, "L5" | "N2" | "M1" | "M3" | "M4" | "M5")
}

/// What stands in the table of files; paper is no file of sound.
fn file(facts: &Facts<'_>, index: usize) -> Option<JudgedFile> {
    let file: &FileFacts = facts.files.get(index)?;
    let read = file.wave.as_ref()?;
    let wave = read.as_ref().ok();
    let sound = facts
        .sounds
        .iter()
        .find(|sound| sound.parts.iter().any(|part| part.0 == index));
    let whole = sound.filter(|sound| sound.parts.iter().all(|part| part.0 == index));
    let code = sound.and_then(|sound| sound.code.clone());
    Some(JudgedFile {
        name: file.name.clone(),
        role: code,
        label: sound.and_then(|sound| sound.label.clone()),
        layout: whole
            .filter(|_| wave.is_some())
            .and_then(|sound| sound.layout.clone()),
        channels: wave.map(|wave| wave.format.channels),
        sample_rate: wave.map(|wave| wave.format.rate.hertz()),
        bits: wave.map(|wave| wave.format.valid_bits),
        float: wave.is_some_and(|wave| wave.format.sample.is_float()),
        container: wave.map(|wave| wave.container.name()),
        start_sample: file.start_sample(),
        start_timecode: wave
            .and_then(|wave| wave.start_timecode(facts.rate))
            .map(|timecode| timecode.to_string()),
        length_samples: wave.map(|wave| wave.frames),
        length_timecode: wave.and_then(|wave| facts.length_timecode(wave.frames, wave.format.rate)),
        bytes: file.bytes,
        // Of files of one channel each the first speaks for all.
        levels: sound
            .filter(|sound| sound.parts.first().is_some_and(|part| part.0 == index))
            .and_then(|sound| sound.measured.as_ref())
            .map(Levels::new),
        programme: None,
    })
}

impl Waivers {
    /// Those that nothing matched.
    fn unused(&self, used: &[bool], date: Option<&str>) -> Vec<Waiver> {
        let pairs = self.iter(date).zip(used);
        pairs
            .filter(|(_, used)| !**used)
            .map(|(waiver, _)| waiver)
            .collect()
    }
}
