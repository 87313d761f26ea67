//! Y1: sync pops.

use crate::meter::scan::Burst;
use crate::qc::check::{Check, Looked, View, dbfs, faults};
use crate::qc::facts::{Kind, Sound};

faults! {
    PLACE = "QCY101", Error, "sync pop at the wrong sample",
        "The pop does not begin where the spec (or the pop of the other files) has it. Pops count timecode seconds: \
         at 23.976 two of them are 96,096 samples, not 96,000. If picture and sound are in sync, move the pop; if \
         the whole file is off, move the file.";
    MISSING = "QCY102", Error, "sync pop missing",
        "The spec asks for a pop in every file, or all other files have one here. Lay it in this one too.";
    FORBIDDEN = "QCY103", Error, "sync pop where none may be",
        "The spec wants no pop in this delivery (or none inside the programme), and a short tone of 1 kHz stands \
         here. Cut it out.";
    SHAPE = "QCY104", Warning, "sync pop of another length or level",
        "The pop is longer or shorter than one frame, or not as loud as in the other files. Lay the same pop in all.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "Y1",
    family: "sync",
    title: "sync pops",
    explanation: "Tones of the pop's frequency between silences, of 15 to 90 ms: their first sample, length and level \
                  against the spec and against the other files.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    let mut looked = Looked::default();
    let sounds: Vec<&Sound> = view
        .scanned()
        .map(|(sound, _)| sound)
        .filter(|s| s.kind != Kind::Other)
        .collect();
    let mut all: Vec<(&Sound, Vec<Burst>)> = Vec::new();
    for sound in sounds {
        looked.sound(view, sound);
        all.push((sound, pops(sound)));
    }
    for pop in view.limits.pops(view.facts) {
        for (sound, pops) in &all {
            expected(view, sound, pops, pop, &mut looked);
        }
    }
    if view.limits.pops_forbidden() {
        for (sound, pops) in &all {
            for pop in pops {
                forbidden(view, sound, pop, &mut looked);
            }
        }
    } else if view.limits.pops(view.facts).is_empty() {
        alike(view, &all, &mut looked);
    }
    looked.or_nothing("no file can be read")
}

/// The pops of a sound, of whichever channel has them first; those of one instant are one.
fn pops(sound: &Sound) -> Vec<Burst> {
    let Some(scan) = &sound.scan else {
        return Vec::new();
    };
    let shortest = u64::from(sound.rate.hertz()) * 15 / 1_000;
    let mut found: Vec<Burst> = scan
        .channels
        .iter()
        .flat_map(|channel| channel.bursts.iter().copied())
        .filter(|burst| burst.purity > 0.9 && burst.len >= shortest)
        .collect();
    found.sort_by_key(|burst| burst.start);
    found.dedup_by(|later, earlier| later.start < earlier.start + earlier.len);
    found
}

/// A pop that has to be there: first sample and length.
fn expected(
    view: &View<'_>,
    sound: &Sound,
    pops: &[Burst],
    (at, len): (u64, u64),
    looked: &mut Looked,
) {
    let near = u64::from(sound.rate.hertz());
    let found = pops
        .iter()
        .min_by_key(|pop| pop.start.abs_diff(at))
        .filter(|pop| pop.start.abs_diff(at) < near);
    let Some(pop) = found else {
        let message = format!("no pop at sample {at}");
        looked.faults.push(
            view.fault(MISSING, sound, None, message)
                .over(view, sound, at, len),
        );
        return;
    };
    let off = pop.start as i64 - at as i64;
    let measured = format!("sample {}", pop.start);
    looked.reading(
        view.facts.name_of(sound),
        measured.clone(),
        Some(format!("sample {at}")),
    );
    if off.abs() > 1 {
        let message = format!(
            "the pop begins {} samples {}",
            off.abs(),
            if off < 0 { "early" } else { "late" }
        );
        let fault = view
            .fault(PLACE, sound, None, message)
            .over(view, sound, pop.start, pop.len);
        looked
            .faults
            .push(fault.value(measured, format!("sample {at}")));
    }
    if pop.len.abs_diff(len) > 2 {
        let message = format!("the pop is {} samples long instead of {len}", pop.len);
        let fault = view
            .fault(SHAPE, sound, None, message)
            .over(view, sound, pop.start, pop.len);
        looked
            .faults
            .push(fault.value(format!("{} samples", pop.len), format!("{len} samples")));
    }
}

fn forbidden(view: &View<'_>, sound: &Sound, pop: &Burst, looked: &mut Looked) {
    let message = format!("a pop of {} at sample {}", dbfs(pop.amplitude), pop.start);
    looked.faults.push(
        view.fault(FORBIDDEN, sound, None, message)
            .over(view, sound, pop.start, pop.len),
    );
}

/// Without a word from the spec: where most files have a pop, all have it, at the same sample.
fn alike(view: &View<'_>, all: &[(&Sound, Vec<Burst>)], looked: &mut Looked) {
    let mut places: std::collections::BTreeMap<u64, usize> = std::collections::BTreeMap::new();
    for pop in all.iter().flat_map(|(_, pops)| pops) {
        *places.entry(pop.start).or_default() += 1;
    }
    let agreed: Vec<u64> = places
        .iter()
        .filter(|(_, count)| **count * 2 > all.len())
        .map(|(at, _)| *at)
        .collect();
    for (sound, pops) in all {
        for &at in &agreed {
            let len = all
                .iter()
                .flat_map(|(_, pops)| pops)
                .find(|pop| pop.start == at)
                .map_or(1, |pop| pop.len);
            expected(view, sound, pops, (at, len), looked);
        }
    }
}
