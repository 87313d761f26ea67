//! Y1: sync pops before the programme.

use std::collections::BTreeSet;

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
    title: "head pop",
    explanation: "In the first half of a file: tones of the pop's frequency between silences, of 15 to 90 ms: their first sample, length and level \
                  against the spec and against the other files.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    look_at(view, true, [PLACE, MISSING, FORBIDDEN, SHAPE])
}

/// Pops of the first half of every file, or of the second.
pub(super) fn look_at(view: &View<'_>, head: bool, codes: Codes) -> Looked {
    let mut looked = Looked::default();
    let sounds: Vec<&Sound> = view
        .scanned()
        .map(|(sound, _)| sound)
        .filter(|s| s.kind != Kind::Other)
        .collect();
    let mut all: Vec<(&Sound, Vec<Burst>)> = Vec::new();
    for sound in sounds {
        looked.sound(view, sound);
        let mut pops = pops(sound);
        pops.retain(|pop| (pop.start < sound.length / 2) == head);
        all.push((sound, pops));
    }
    let reels: BTreeSet<Option<u32>> = all.iter().map(|(sound, _)| sound.reel).collect();
    for reel in reels {
        let of_reel = all.iter().filter(|(sound, _)| sound.reel == reel);
        compare(
            view,
            &of_reel.cloned().collect::<Vec<_>>(),
            head,
            codes,
            &mut looked,
        );
    }
    looked.or_nothing("no file can be read")
}

/// The pops of one reel.
fn compare(
    view: &View<'_>,
    all: &[(&Sound, Vec<Burst>)],
    head: bool,
    codes: Codes,
    looked: &mut Looked,
) {
    let mut demanded = false;
    let (no_head, no_tail) = view.limits.pops_forbidden();
    for (sound, pops) in all {
        let mut wanted = view.limits.pops(view.facts, sound);
        wanted.retain(|(at, _)| (*at < sound.length / 2) == head);
        demanded |= !wanted.is_empty();
        for &pop in &wanted {
            expected(view, sound, pops, pop, codes, looked);
        }
        for pop in pops {
            let known = wanted
                .iter()
                .any(|(at, _)| pop.start.abs_diff(*at) < u64::from(sound.rate.hertz()));
            if !known && (if head { no_head } else { no_tail }) {
                forbidden(view, sound, pop, codes, looked);
            }
        }
    }
    if !demanded && !(if head { no_head } else { no_tail }) {
        alike(view, all, codes, looked);
    }
}

/// Codes of a pop at the wrong sample, a missing one, one that may not be there, and one of another shape.
pub(super) type Codes = [&'static crate::finding::Code; 4];

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
    codes: Codes,
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
            view.fault(codes[1], sound, None, message)
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
            .fault(codes[0], sound, None, message)
            .over(view, sound, pop.start, pop.len);
        looked
            .faults
            .push(fault.value(measured, format!("sample {at}")));
    }
    if pop.len.abs_diff(len) > 2 {
        let message = format!("the pop is {} samples long instead of {len}", pop.len);
        let fault = view
            .fault(codes[3], sound, None, message)
            .over(view, sound, pop.start, pop.len);
        looked
            .faults
            .push(fault.value(format!("{} samples", pop.len), format!("{len} samples")));
    }
}

fn forbidden(view: &View<'_>, sound: &Sound, pop: &Burst, codes: Codes, looked: &mut Looked) {
    let message = format!("a pop of {} at sample {}", dbfs(pop.amplitude), pop.start);
    looked.faults.push(
        view.fault(codes[2], sound, None, message)
            .over(view, sound, pop.start, pop.len),
    );
}

/// Without a word from the spec: where most files have a pop, all have it, at the same sample.
fn alike(view: &View<'_>, all: &[(&Sound, Vec<Burst>)], codes: Codes, looked: &mut Looked) {
    // In a sum the pops of its stems lie over each other: only stems vote.
    let stem = |(sound, _): &&(&Sound, Vec<Burst>)| {
        !matches!(sound.kind, Kind::Mix | Kind::MusicAndEffects)
    };
    let all: Vec<&(&Sound, Vec<Burst>)> = all.iter().filter(stem).collect();
    let mut places: std::collections::BTreeMap<u64, usize> = std::collections::BTreeMap::new();
    for pop in all.iter().flat_map(|(_, pops)| pops) {
        *places.entry(pop.start).or_default() += 1;
    }
    let agreed: Vec<u64> = places
        .iter()
        .filter(|(_, count)| **count * 2 > all.len())
        .map(|(at, _)| *at)
        .collect();
    for (sound, pops) in &all {
        for &at in &agreed {
            let len = all
                .iter()
                .flat_map(|(_, pops)| pops)
                .find(|pop| pop.start == at)
                .map_or(1, |pop| pop.len);
            expected(view, sound, pops, (at, len), codes, looked);
        }
    }
}
