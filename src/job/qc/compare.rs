//! Files against one another: sums of stems, and one sound heard in another.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;

use rayon::prelude::*;

use super::mended::{Mending, Source};
use super::pops::{hush, pops};
use super::reader::Reader;
use super::{brief, drift, dub, folds, joint, leak};
use crate::meter::cross::{Relation, Residual, ResidualMeter, Residue, relate};
use crate::qc::{Culprit, Drift, Facts, Floor, Limits, Rest, Sound, Sum, SumWindow, culprit};
use crate::spec::Composite;
use crate::stem::StemCode;

/// Sample frames that are compared at a time.
pub(super) const FRAMES: usize = 8_192;

/// Sample frames in which a fault is looked into, beside what offsets need on either side.
const CORE: usize = 32_768;

/// Offsets that are looked for first, and where that does not help, in quarters of a second.
const REACH: [usize; 2] = [1, 60];

/// The most samples of a window that are held at once, of all files together: 64 MiB.
const ROOM: usize = 16 << 20;

/// Windows that are looked into for large offsets without finding any.
const FRUITLESS: usize = 3;

/// Stretches of a remainder that are looked into.
const STRETCHES: usize = 40;

/// Windows of a long stretch.
const WINDOWS: u64 = 6;

/// Windows in which files that are wrong together are looked for.
const JOINT: usize = 4;

/// Compares what the spec says belongs together.
pub(super) fn compare(facts: &mut Facts<'_>, paths: &[PathBuf]) {
    let shared = &*facts;
    let sums: Vec<Sum> = recipes(shared)
        .into_par_iter()
        .filter_map(|(composite, stems)| sum(shared, composite, stems, paths).ok())
        .collect();
    let summed: Vec<usize> = sums.iter().map(|sum| sum.composite).collect();
    let leaks = leak::leaks(shared, paths);
    let dubs = dub::dubs(shared, &summed, paths);
    let folds = folds::folds(shared, paths);
    facts.sums = sums;
    facts.folds = folds;
    facts.leaks = leaks;
    facts.dubs = dubs;
    let shared = &*facts;
    let again = (0..shared.sums.len()).into_par_iter();
    let again: Vec<(Option<Drift>, Option<Rest>)> = again
        .map(|index| again_of(shared, index, paths).unwrap_or_default())
        .collect();
    for (sum, (drift, rest)) in facts.sums.iter_mut().zip(again) {
        (sum.drift, sum.rest) = (drift, rest);
    }
}

/// A second look at a sum that does not hold: what is left when the fault of a whole file is taken back, and where
/// no file is known to have one, whether one drifts.
fn again_of(
    facts: &Facts<'_>,
    index: usize,
    paths: &[PathBuf],
) -> io::Result<(Option<Drift>, Option<Rest>)> {
    let sum = facts.sums.get(index).ok_or(io::ErrorKind::NotFound)?;
    if sum.residual.stretches.is_empty() {
        return Ok((None, None));
    }
    let mut all = vec![sum.composite];
    all.extend(&sum.stems);
    let rest = match culprit(facts, index) {
        // What is not there at all cannot be put right.
        Some(culprit) if culprit.relation.missing => return Ok((None, None)),
        Some(culprit) => Some(rest(facts, sum, &all, vec![culprit], paths)?),
        None => None,
    };
    let frames: u64 = sum.residual.stretches.iter().map(Residue::len).sum();
    let throughout = frames * 2 > sum.residual.length;
    if !throughout || rest.as_ref().is_some_and(|rest| rest.holds) {
        return Ok((None, rest));
    }
    let mut sources = sources(facts, &all, paths)?;
    let hertz = facts
        .sounds
        .get(sum.composite)
        .map_or(0, |s| s.rate.hertz()) as usize;
    let found = drift::drifting(&mut sources, sum.residual.length, hertz)?;
    let drift = found.and_then(|(k, drift)| {
        let sound = *all.get(k)?;
        Some(Drift { sound, ..drift })
    });
    if drift.is_some() {
        return Ok((drift, rest));
    }
    let windows = sum.windows.iter().filter(|w| w.samples == CORE as u64);
    for window in windows.take(JOINT) {
        let found = joint::joint(&mut sources, window.start, (CORE, hertz / 4))?;
        let culprit = |(k, relation)| {
            let sound = *all.get(k)?;
            Some(Culprit { sound, relation })
        };
        let culprits: Vec<Culprit> = found.into_iter().filter_map(culprit).collect();
        if culprits.is_empty() {
            continue;
        }
        let rest = self::rest(facts, sum, &all, culprits, paths)?;
        if rest.holds {
            return Ok((None, Some(rest)));
        }
    }
    if let Some((k, relation)) = brief::brief(&mut sources, sum.residual.length)?
        && let Some(&sound) = all.get(k)
    {
        let rest = self::rest(facts, sum, &all, vec![Culprit { sound, relation }], paths)?;
        if rest.holds {
            return Ok((None, Some(rest)));
        }
    }
    Ok((None, rest))
}

/// What is left of a sum when some files are put right.
fn rest(
    facts: &Facts<'_>,
    sum: &Sum,
    all: &[usize],
    culprits: Vec<Culprit>,
    paths: &[PathBuf],
) -> io::Result<Rest> {
    let mut sources = sources(facts, all, paths)?;
    let mut bounds = (0, u64::MAX);
    let mut raised = 0.0_f64;
    for culprit in &culprits {
        let files = sources.iter_mut().zip(all);
        for (source, &index) in files.filter(|(_, index)| **index == culprit.sound) {
            let mending = Mending::of(&culprit.relation, source.channels());
            let length = facts.sounds.get(index).map_or(0, |sound| sound.length);
            let known = mending.known(length);
            bounds = (known.0.max(bounds.0), known.1.min(bounds.1));
            raised = raised.max(mending.raised);
            source.mend(mending);
        }
    }
    let (residual, windows) = remainder(facts, all, &mut sources, bounds, (&sum.floor, raised))?;
    let before = sum.residual.seconds.iter().enumerate();
    let faulty: Vec<(usize, f64)> = before
        .map(|(i, e)| (i, *e))
        .filter(|(_, e)| *e > 4.0 * sum.floor.energy)
        .collect();
    let gone = faulty.iter().filter(|(i, energy)| {
        let left = residual.seconds.get(*i).copied().unwrap_or_default();
        left < 0.01 * energy
    });
    // What was right stays right where it is the fault of the whole file; a file that is taken out must never be missed.
    let fine = |second: &usize| {
        sum.residual
            .seconds
            .get(*second)
            .copied()
            .unwrap_or_default()
            <= 0.0
    };
    let after = residual.seconds.iter().enumerate();
    let after = after.filter(|(_, energy)| **energy > 0.0);
    let worse = after.filter(|(second, _)| fine(second)).count();
    let gone = gone.count();
    let taken_out = culprits.iter().any(|culprit| culprit.relation.extra);
    let fits = worse <= if taken_out { 0 } else { gone };
    let frames = |all: &mut dyn Iterator<Item = &Residue>| all.map(Residue::len).sum::<u64>();
    let stretches = &residual.stretches;
    let mut limited = stretches.iter().filter(|r| r.is_limited(residual.mix_peak));
    let limited = frames(&mut limited) * 10 > frames(&mut stretches.iter()) * 9;
    Ok(Rest {
        holds: fits && (gone * 2 >= faulty.len() || limited),
        culprits,
        residual,
        windows,
    })
}

/// Composites beside all of what they are made of, of one layout, rate and reel.
fn recipes(facts: &Facts<'_>) -> Vec<(usize, Vec<usize>)> {
    let reels: BTreeSet<Option<u32>> = facts.sounds.iter().map(|sound| sound.reel).collect();
    let composites = facts.spec.composites.iter();
    let composites: Vec<&Composite> = composites.filter(|c| c.fold.is_none()).collect();
    let mut found = Vec::new();
    for reel in reels {
        for composite in &composites {
            let Some(mix) = index(facts, reel, composite.code.as_str()) else {
                continue;
            };
            let Some(stems) = terms(facts, reel, composite) else {
                continue;
            };
            let of = |i: usize| facts.sounds.get(i);
            let same = |stem: &usize| {
                of(*stem)
                    .zip(of(mix))
                    .is_some_and(|(a, b)| a.parts.len() == b.parts.len() && a.rate == b.rate)
            };
            // A stem of its own that the composite folds in at a gain is no plain sum.
            if !stems.is_empty() && stems.iter().all(same) {
                found.push((mix, stems));
            }
        }
    }
    found
}

/// The sound of a code in a reel.
pub(super) fn index(facts: &Facts<'_>, reel: Option<u32>, code: &str) -> Option<usize> {
    let is = |sound: &Sound| {
        sound.code.as_deref() == Some(code) && sound.reel == reel && sound.scan.is_some()
    };
    facts.sounds.iter().position(is)
}

/// What a composite is the sum of: its stems, and in the place of stems that are not there a composite that holds
/// them and nothing else.
fn terms(facts: &Facts<'_>, reel: Option<u32>, composite: &Composite) -> Option<Vec<usize>> {
    // An optional stem that is not there had no clips, unless it would not be delivered anyway.
    let optional = |code: &StemCode| {
        let stem = facts.spec.stem(code);
        stem.is_some_and(|stem| stem.optional && stem.deliver)
    };
    let there = |code: &StemCode| index(facts, reel, code.as_str());
    let (mut terms, mut left) = (Vec::new(), Vec::new());
    for code in &composite.recipe {
        match there(code) {
            Some(index) => terms.push((index, vec![code])),
            None if optional(code) => {}
            None => left.push(code),
        }
    }
    for other in facts
        .spec
        .composites
        .iter()
        .filter(|other| other.fold.is_none())
    {
        let parts: Vec<&StemCode> = other.recipe.iter().collect();
        let inside = parts.iter().all(|part| composite.recipe.contains(part));
        let helps = parts.iter().any(|part| left.contains(part));
        if other.code == composite.code || !inside || !helps {
            continue;
        }
        if let Some(index) = index(facts, reel, other.code.as_str()) {
            left.retain(|code| !parts.contains(code));
            // Stems that the composite holds are in it already.
            terms.retain(|(_, codes)| !codes.iter().any(|code| parts.contains(code)));
            terms.push((index, parts));
        }
    }
    let indices = terms.into_iter().map(|(index, _)| index).collect();
    left.is_empty().then_some(indices)
}

pub(super) fn readers(
    facts: &Facts<'_>,
    sounds: &[usize],
    paths: &[PathBuf],
) -> io::Result<Vec<Reader>> {
    let open = |&index: &usize| {
        let sound = facts.sounds.get(index).ok_or(io::ErrorKind::NotFound)?;
        Reader::open(facts, sound, paths)
    };
    sounds.iter().map(open).collect()
}

fn sources(facts: &Facts<'_>, sounds: &[usize], paths: &[PathBuf]) -> io::Result<Vec<Source>> {
    let readers = readers(facts, sounds, paths)?;
    Ok(readers.into_iter().map(Source::new).collect())
}

/// What remains of a mix, and why.
fn sum(
    facts: &Facts<'_>,
    composite: usize,
    stems: Vec<usize>,
    paths: &[PathBuf],
) -> io::Result<Sum> {
    let mut all = vec![composite];
    all.extend(&stems);
    let mut sources = sources(facts, &all, paths)?;
    let steps = Limits::of(facts.spec).value("N1", "steps") / 8_388_608.0;
    let mut floor = Floor {
        peak: steps,
        energy: 0.0,
    };
    let (mut residual, mut windows) =
        remainder(facts, &all, &mut sources, (0, u64::MAX), (&floor, 0.0))?;
    if !residual.stretches.is_empty()
        && let Some(dither) = dither(facts, &all, &residual)
        && dither.peak > floor.peak
    {
        floor = dither;
        (residual, windows) = remainder(facts, &all, &mut sources, (0, u64::MAX), (&floor, 0.0))?;
    }
    Ok(Sum {
        composite,
        stems,
        floor,
        residual,
        windows,
        drift: None,
        rest: None,
    })
}

/// The noise of files that were each dithered or rounded by themselves, where a remainder has it from end to end: as
/// much in a quiet second as so many dithers make (TPDF of one step, rounded: a quarter of a step's square each, and at
/// most a step and a half).
fn dither(facts: &Facts<'_>, all: &[usize], residual: &Residual) -> Option<Floor> {
    let sounds = || all.iter().filter_map(|&i| facts.sounds.get(i));
    let bits = |sound: &Sound| {
        let used = sound.scan.as_ref().and_then(|scan| scan.effective_bits);
        used.unwrap_or(24).clamp(16, 24)
    };
    let step = 2.0 / f64::from(1_u32 << sounds().map(bits).min()?);
    let mix = sounds().next()?;
    let samples = f64::from(mix.rate.hertz()) * mix.parts.len() as f64;
    let mut seconds = residual.seconds.clone();
    // The last one is not full.
    seconds.pop();
    seconds.sort_by(f64::total_cmp);
    let energy = *seconds.get(seconds.len() / 4)?;
    let files = all.len() as f64;
    let square = energy / samples / (step * step);
    // From half the rounding of one file (a twelfth of a square) up to twice the dither of all.
    let most = 0.5 * files;
    (0.04..=most).contains(&square).then_some(Floor {
        peak: 1.5 * files * step,
        energy,
    })
}

/// What remains of the first of some files when the others are taken away, from one frame up to another. Files
/// that were raised have their rounding raised.
fn remainder(
    facts: &Facts<'_>,
    all: &[usize],
    sources: &mut [Source],
    bounds: (u64, u64),
    (floor, raised): (&Floor, f64),
) -> io::Result<(Residual, Vec<SumWindow>)> {
    let mix = all.first().and_then(|&mix| facts.sounds.get(mix));
    let mix = mix.ok_or(io::ErrorKind::NotFound)?;
    let ceiling = mix.scan.as_ref().map_or(1.0, |scan| {
        scan.channels.iter().map(|c| c.peak).fold(0.0, f32::max)
    });
    let more = if raised > 0.0 {
        4.0 + 2.0 * raised
    } else {
        0.0
    };
    let tolerance = (floor.peak + more / 8_388_608.0) as f32;
    let mut meter = ResidualMeter::new(mix.rate, mix.parts.len(), tolerance, ceiling);
    let sounds = || all.iter().filter_map(|&i| facts.sounds.get(i));
    let length = sounds().map(|sound| sound.length).min().unwrap_or_default();
    let mut hushed = pops(sounds());
    hushed.extend([(0, bounds.0), (bounds.1, u64::MAX)]);
    let mut blocks: Vec<Vec<f32>> = vec![Vec::new(); all.len()];
    let mut at = 0;
    while at < length {
        let count = (FRAMES as u64).min(length - at) as usize;
        for (source, block) in sources.iter_mut().zip(&mut blocks) {
            source.read(at, count, block)?;
            hush(block, source.channels(), at, &hushed);
        }
        if let Some((mix, stems)) = blocks.split_first() {
            let stems: Vec<&[f32]> = stems.iter().map(Vec::as_slice).collect();
            meter.push(mix, &stems);
        }
        at += count as u64;
    }
    let residual = meter.finish();
    let quarter = mix.rate.hertz() as usize / 4;
    let windows = look_into(sources, all, &residual, quarter)?;
    Ok((residual, windows))
}

/// Windows of the stretches in which most remains. `quarter` of a second has so many sample frames.
fn look_into(
    readers: &mut [Source],
    all: &[usize],
    residual: &Residual,
    quarter: usize,
) -> io::Result<Vec<SumWindow>> {
    let mut order: Vec<usize> = (0..residual.stretches.len()).collect();
    let size = |&i: &usize| residual.stretches.get(i).map_or(0, Residue::len);
    order.sort_by_key(|i| std::cmp::Reverse(size(i)));
    let (mut found, mut fruitless) = (Vec::new(), 0);
    for stretch in order.into_iter().take(STRETCHES) {
        let Some(residue) = residual.stretches.get(stretch) else {
            continue;
        };
        let long = residue.len() > CORE as u64;
        if !long && found.len() >= STRETCHES {
            continue;
        }
        let places: Vec<(u64, usize)> = if long {
            // The first window of a drift is where the offset is still within reach.
            let count = if residue.len() > 4 * CORE as u64 {
                WINDOWS
            } else {
                1
            };
            let room = residue.len() - CORE as u64;
            let place = |k: u64| (residue.first + room * (2 * k + 1) / (2 * count), CORE);
            (0..count).map(place).collect()
        } else {
            vec![(residue.first, residue.len() as usize)]
        };
        for (start, core) in places {
            let reach = if long { REACH[0] * quarter } else { 0 };
            let mut relations = relations(readers, all, start, core, reach)?;
            let explained =
                |all: &[(usize, Relation)]| all.iter().any(|(_, r)| r.is_exact() && !r.is_same());
            if long && fruitless < FRUITLESS && !explained(&relations) {
                let samples: usize = readers.iter().map(Source::channels).sum();
                let reach = (REACH[1] * quarter).min(ROOM / (2 * samples.max(1)));
                let far = self::relations(readers, all, start, core, reach)?;
                if explained(&far) {
                    relations = far;
                } else {
                    fruitless += 1;
                }
            }
            found.push(SumWindow {
                stretch,
                start,
                samples: core as u64,
                relations,
            });
        }
    }
    Ok(found)
}

/// How each file stands to what the others leave for it.
fn relations(
    readers: &mut [Source],
    all: &[usize],
    start: u64,
    core: usize,
    reach: usize,
) -> io::Result<Vec<(usize, Relation)>> {
    let from = i64::try_from(start).unwrap_or(i64::MAX) - reach as i64;
    let frames = core + 2 * reach;
    let mut planes = Vec::new();
    for reader in readers.iter_mut() {
        planes.push(reader.window(from, frames)?);
    }
    let one = |(k, &index): (usize, &usize)| {
        let actual = planes.get(k)?;
        let expected = expected(&planes, k);
        Some((index, relate(&expected, actual, reach)))
    };
    Ok(all.iter().enumerate().filter_map(one).collect())
}

/// What the others leave for file `k` of a mix (file 0) and its stems.
pub(super) fn expected(planes: &[Vec<Vec<f32>>], k: usize) -> Vec<Vec<f32>> {
    let (Some(mix), Some(own)) = (planes.first(), planes.get(k)) else {
        return Vec::new();
    };
    let mut sum: Vec<Vec<f32>> = if k == 0 {
        own.iter().map(|plane| vec![0.0; plane.len()]).collect()
    } else {
        mix.clone()
    };
    let sign = if k == 0 { 1.0 } else { -1.0 };
    for (i, stem) in planes.iter().enumerate().skip(1).filter(|(i, _)| *i != k) {
        debug_assert!(i > 0);
        for (to, from) in sum.iter_mut().zip(stem) {
            for (to, from) in to.iter_mut().zip(from) {
                *to += sign * from;
            }
        }
    }
    sum
}
