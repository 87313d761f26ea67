//! Y1: sync pops before the programme.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Code;
use crate::meter::scan::{Burst, ChannelScan};
use crate::qc::check::{Check, Looked, View, dbfs, faults};
use crate::qc::facts::{Kind, Sound, USUAL_RATES};
use crate::time::{FrameRate, sample_at};

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

/// Levels of pops that differ by no more are one, in dB.
const LEVEL: f64 = 0.5;

/// The check.
pub(super) const CHECK: Check = Check {
    id: "Y1",
    family: "sync",
    title: "head pop",
    explanation: "In the first half of a file: tones of the pop's frequency between silences, of 15 to 90 ms: their first sample, length, level \
                  and channels against the spec and against the other files. Sums are held to the place that the stems agree on.",
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
    let mut all: Vec<Popped<'_>> = Vec::new();
    for sound in sounds {
        looked.sound(view, sound);
        let mut pops = pops(sound);
        pops.retain(|pop| (pop.burst.start < sound.length / 2) == head);
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
fn compare(view: &View<'_>, all: &[Popped<'_>], head: bool, codes: Codes, looked: &mut Looked) {
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
                .any(|(at, _)| pop.burst.start.abs_diff(*at) < u64::from(sound.rate.hertz()));
            if !known && (if head { no_head } else { no_tail }) {
                forbidden(view, sound, &pop.burst, codes, looked);
            }
        }
    }
    if !demanded && !(if head { no_head } else { no_tail }) {
        alike(view, all, codes, looked);
    }
    same(view, all, codes[3], looked);
}

/// A sound and its pops.
type Popped<'a> = (&'a Sound, Vec<Pop>);

/// A pop: the loudest of its channels, and which channels have it.
#[derive(Debug, Clone)]
struct Pop {
    burst: Burst,
    channels: Vec<usize>,
}

/// In a sum the pops of its stems lie over each other: only stems vote.
const fn is_sum(sound: &Sound) -> bool {
    matches!(sound.kind, Kind::Mix | Kind::MusicAndEffects)
}

/// Pops of one place in several stems have one level, and stand in the same channels where the layouts are the same.
fn same(view: &View<'_>, all: &[Popped<'_>], code: &'static Code, looked: &mut Looked) {
    let stems = || all.iter().filter(|(sound, _)| !is_sum(sound));
    let one = |entry: &'_ Popped<'_>| -> Vec<Pop> { entry.1.clone() };
    let places: BTreeSet<u64> = stems().flat_map(one).map(|pop| pop.burst.start).collect();
    for at in places {
        let here = stems().filter_map(|(sound, pops)| {
            let pop = pops.iter().find(|pop| pop.burst.start == at)?;
            Some((*sound, pop))
        });
        let here: Vec<(&Sound, &Pop)> = here.collect();
        for &(sound, pop) in &here {
            if let Some((message, is, should)) = odd(sound, pop, &here) {
                let fault = view.fault(code, sound, None, message);
                let fault = fault.over(view, sound, at, pop.burst.len);
                looked.faults.push(fault.value(is, should));
            }
        }
    }
}

/// How a pop differs from what most stems have there: message, what it is and what it should be.
fn odd(sound: &Sound, pop: &Pop, all: &[(&Sound, &Pop)]) -> Option<(String, String, String)> {
    let level = |pop: &Pop| 20.0 * libm::log10(pop.burst.amplitude);
    let alike = |pop: &Pop| {
        let near = |(_, other): &&(&Sound, &Pop)| (level(other) - level(pop)).abs() <= LEVEL;
        all.iter().filter(near).count() * 2 > all.len()
    };
    if !alike(pop) {
        let (_, usual) = all.iter().find(|(_, other)| alike(other))?;
        let (is, should) = (dbfs(pop.burst.amplitude), dbfs(usual.burst.amplitude));
        let message = format!("the pop is {is}, that of the other files {should}");
        return Some((message, is, should));
    }
    let comparable = || all.iter().filter(|(other, _)| other.layout == sound.layout);
    let like = |pop: &Pop| {
        let same = comparable().filter(|(_, other)| other.channels == pop.channels);
        same.count() * 2 > comparable().count()
    };
    if like(pop) {
        return None;
    }
    let (_, usual) = comparable().find(|(_, other)| like(other))?;
    let names = |pop: &Pop| {
        let names = pop.channels.iter().map(|&i| sound.channel_name(i));
        names.collect::<Vec<_>>().join(" ")
    };
    let (is, should) = (names(pop), names(usual));
    let message = format!("the pop stands in {is}, that of the other files in {should}");
    Some((message, is, should))
}

/// Codes of a pop at the wrong sample, a missing one, one that may not be there, and one of another shape.
pub(super) type Codes = [&'static Code; 4];

/// The pops of a sound, of whichever channel has them first; those of one instant are one.
fn pops(sound: &Sound) -> Vec<Pop> {
    let Some(scan) = &sound.scan else {
        return Vec::new();
    };
    let bursts = |(i, channel): (usize, &ChannelScan)| {
        let pops = channel.bursts.clone().into_iter();
        pops.map(move |burst| Pop {
            burst,
            channels: vec![i],
        })
    };
    let mut found: Vec<Pop> = scan
        .channels
        .iter()
        .enumerate()
        .flat_map(bursts)
        .filter(|pop| pop.burst.is_pop(sound.rate))
        .collect();
    found.sort_by_key(|pop| pop.burst.start);
    found.dedup_by(|later, earlier| {
        let one = later.burst.start < earlier.burst.start + earlier.burst.len;
        if one {
            earlier.channels.append(&mut later.channels);
            earlier.channels.sort_unstable();
            earlier.burst.amplitude = earlier.burst.amplitude.max(later.burst.amplitude);
        }
        one
    });
    found
}

/// A pop that has to be there: first sample and length.
fn expected(
    view: &View<'_>,
    sound: &Sound,
    pops: &[Pop],
    (at, len): (u64, u64),
    codes: Codes,
    looked: &mut Looked,
) {
    let near = u64::from(sound.rate.hertz());
    let found = pops
        .iter()
        .map(|pop| pop.burst)
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
    if pop.len.abs_diff(len) > 2 && !is_sum(sound) {
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

/// Without a word from the spec: where most stems have a pop, or one of them begins with one, all have it, at the
/// same sample, and so have their sums.
fn alike(view: &View<'_>, all: &[Popped<'_>], codes: Codes, looked: &mut Looked) {
    let stems: Vec<&Popped<'_>> = all.iter().filter(|(sound, _)| !is_sum(sound)).collect();
    let each = || {
        let pops = |entry: &&Popped<'_>| -> Vec<(Burst, bool)> {
            let first = |(i, pop): (usize, &Pop)| (pop.burst, i == 0 && leads(view, entry.0, pop));
            entry.1.iter().enumerate().map(first).collect()
        };
        stems.iter().flat_map(pops)
    };
    let mut places: BTreeMap<u64, usize> = BTreeMap::new();
    for (pop, _) in each() {
        *places.entry(pop.start).or_default() += 1;
    }
    let mut agreed: BTreeSet<u64> = places
        .iter()
        .filter(|(_, count)| **count * 2 > stems.len())
        .map(|(at, _)| *at)
        .collect();
    if agreed.is_empty() {
        agreed.extend(each().find(|(_, leads)| *leads).map(|(pop, _)| pop.start));
    }
    for (sound, pops) in all {
        for &at in &agreed {
            let here = each().filter(|(pop, _)| pop.start == at);
            let mut lengths: Vec<u64> = here.map(|(pop, _)| pop.len).collect();
            lengths.sort_unstable();
            let usual = lengths.get(lengths.len() / 2).copied().unwrap_or(1);
            expected(view, sound, pops, (at, usual), codes, looked);
        }
    }
}

/// Whether a stem begins with a pop of one frame that stands alone.
fn leads(view: &View<'_>, sound: &Sound, pop: &Pop) -> bool {
    let second = u64::from(sound.rate.hertz());
    let burst = &pop.burst;
    let alone = burst.before == burst.start && burst.after >= second && burst.purity > 0.98;
    let frame = |rate: &FrameRate| {
        let end = rate.seconds_at(1).map(|end| sample_at(end, sound.rate));
        end.is_some_and(|end| burst.len.abs_diff(end.unsigned_abs()) <= 2)
    };
    alone && USUAL_RATES.iter().chain(&view.facts.rate).any(frame)
}
