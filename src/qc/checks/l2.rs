//! L2: dialogue loudness.

use crate::finding::Code;
use crate::meter::{DialogueInput, DialogueSettings, dialogue};
use crate::qc::check::{Check, Looked, View, faults};
use crate::qc::facts::{Kind, Sound};
use crate::spec::{Gate, LoudnessLimit};

faults! {
    LOUDNESS = "QCL201", Error, "dialogue off target",
        "The dialogue of the mix, measured while the dialogue stem sounds, is further from the target than the \
         client's quality control lets pass, and no second way to measure saves it. Trim the mix, or raise the \
         dialogue if only that is low.";
    NEAR = "QCL202", Warning, "dialogue at the edge of the tolerance",
        "The dialogue is outside of what the client's words allow and inside of what its quality control lets pass.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "L2",
    family: "loudness",
    title: "dialogue loudness",
    explanation: "The mix measured while the dialogue stem sounds, against the dialogue target. Specs that \
                  name the programme as a second way are judged by L3.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    look_for(view, false, (LOUDNESS, NEAR))
}

/// The dialogue of every mix that has only this way to be measured, or that has another one.
pub(super) fn look_for(
    view: &View<'_>,
    two_ways: bool,
    codes: (&'static Code, &'static Code),
) -> Looked {
    let mut looked = Looked::default();
    for sound in view.facts.of_kind(Kind::Mix) {
        let Some(code) = sound.code.as_ref().and_then(|code| code.parse().ok()) else {
            continue;
        };
        let limits = view.limits.spec().loudness_of(&code);
        let both = limits.iter().any(|limit| limit.gate == Gate::Programme);
        let Some(limit) = limits.iter().find(|limit| limit.gate == Gate::Dialogue) else {
            continue;
        };
        let stem = view
            .facts
            .of_kind(Kind::Dialogue)
            .find(|stem| stem.measured.is_some() && stem.reel == sound.reel);
        let Some(is) = stem
            .and_then(|stem| loudness(stem, sound))
            .filter(|_| both == two_ways)
        else {
            continue;
        };
        looked.sound(view, sound);
        let programme = sound
            .measured
            .as_ref()
            .and_then(|measured| measured.integrated);
        let second = programme
            .filter(|_| both)
            .map_or_else(String::new, |p| format!(", {p} of programme"));
        let (said, wanted) = (
            format!("{is:.1} LUFS of dialogue{second}"),
            format!("{} ±{}", limit.target, limit.tolerance),
        );
        looked.reading(
            view.facts.name_of(sound),
            said.clone(),
            Some(wanted.clone()),
        );
        let off = off(is, limit);
        let met = |tolerance: fn(&LoudnessLimit) -> f64| {
            off <= tolerance(limit) || second_is_met(sound, &limits, tolerance)
        };
        if met(|limit| limit.tolerance.value()) {
            continue;
        }
        let code = if met(|limit| limit.qc_tolerance.value()) {
            codes.1
        } else {
            codes.0
        };
        let message = format!(
            "the dialogue is {:+.1} LU from the target{second}",
            is - limit.target.value()
        );
        looked
            .faults
            .push(view.fault(code, sound, None, message).value(said, wanted));
    }
    looked.or_nothing("the spec has no such target, or there is no dialogue stem beside the mix")
}

/// How far off a target, in tenths as meters show them.
fn off(is: f64, limit: &LoudnessLimit) -> f64 {
    ((is - limit.target.value()).abs() * 10.0).round() / 10.0
}

/// Whether another target is met within its tolerance.
fn second_is_met(
    sound: &Sound,
    limits: &[&LoudnessLimit],
    tolerance: fn(&LoudnessLimit) -> f64,
) -> bool {
    let programme = sound
        .measured
        .as_ref()
        .and_then(|measured| measured.integrated);
    let met = |limit: &&&LoudnessLimit| {
        programme.is_some_and(|is| off(is.value(), limit) <= tolerance(limit))
    };
    limits
        .iter()
        .filter(|limit| limit.gate == Gate::Programme)
        .any(|limit| met(&limit))
}

/// Loudness of the mix while the stem sounds.
fn loudness(stem: &Sound, mix: &Sound) -> Option<f64> {
    let input = DialogueInput {
        stem: stem.measured.as_ref()?.energies.whole(),
        mix: mix.measured.as_ref()?.energies.whole(),
        background: None,
    };
    let found = dialogue(input, DialogueSettings::default());
    found.mix.map(crate::audio::Lufs::value)
}
