//! Files against one another: sums of stems, and one sound heard in another.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;

use rayon::prelude::*;

use super::pops::{hush, pops};
use super::reader::Reader;
use super::{dub, leak};
use crate::meter::cross::{Relation, Residual, ResidualMeter, Residue, relate};
use crate::qc::{Facts, Limits, Sound, Sum, SumWindow};
use crate::spec::Composite;
use crate::stem::StemCode;

/// Sample frames that are compared at a time.
pub(super) const FRAMES: usize = 8_192;

/// Sample frames in which a fault is looked into, beside what offsets need on either side.
const CORE: usize = 32_768;

/// Offsets that are looked for first, and where that does not help, in quarters of a second.
const REACH: [usize; 2] = [1, 20];

/// The most samples of a window that are held at once, of all files together: 64 MiB.
const ROOM: usize = 16 << 20;

/// Windows that are looked into for large offsets without finding any.
const FRUITLESS: usize = 3;

/// Stretches of a remainder that are looked into.
const STRETCHES: usize = 40;

/// Windows of a long stretch.
const WINDOWS: u64 = 6;

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
    facts.sums = sums;
    facts.leaks = leaks;
    facts.dubs = dubs;
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
fn index(facts: &Facts<'_>, reel: Option<u32>, code: &str) -> Option<usize> {
    let is = |sound: &Sound| {
        sound.code.as_deref() == Some(code) && sound.reel == reel && sound.scan.is_some()
    };
    facts.sounds.iter().position(is)
}

/// What a composite is the sum of: its stems, and in the place of stems that are not there a composite that holds
/// them and nothing else.
fn terms(facts: &Facts<'_>, reel: Option<u32>, composite: &Composite) -> Option<Vec<usize>> {
    let optional = |code: &StemCode| facts.spec.stem(code).is_some_and(|stem| stem.optional);
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

/// What remains of a mix, and why.
fn sum(
    facts: &Facts<'_>,
    composite: usize,
    stems: Vec<usize>,
    paths: &[PathBuf],
) -> io::Result<Sum> {
    let mix = facts.sounds.get(composite).ok_or(io::ErrorKind::NotFound)?;
    let mut all = vec![composite];
    all.extend(&stems);
    let mut readers = readers(facts, &all, paths)?;
    let ceiling = mix.scan.as_ref().map_or(1.0, |scan| {
        scan.channels.iter().map(|c| c.peak).fold(0.0, f32::max)
    });
    let steps = Limits::of(facts.spec).value("N1", "steps");
    let tolerance = (steps / 8_388_608.0) as f32;
    let mut meter = ResidualMeter::new(mix.rate, mix.parts.len(), tolerance, ceiling);
    let length = all
        .iter()
        .filter_map(|&i| facts.sounds.get(i))
        .map(|sound| sound.length)
        .min()
        .unwrap_or_default();
    let pops = pops(all.iter().filter_map(|&i| facts.sounds.get(i)));
    let mut blocks: Vec<Vec<f32>> = vec![Vec::new(); all.len()];
    let mut at = 0;
    while at < length {
        let count = (FRAMES as u64).min(length - at) as usize;
        for (reader, block) in readers.iter_mut().zip(&mut blocks) {
            reader.read(at, count, block)?;
            hush(block, reader.channels, at, &pops);
        }
        if let Some((mix, stems)) = blocks.split_first() {
            let stems: Vec<&[f32]> = stems.iter().map(Vec::as_slice).collect();
            meter.push(mix, &stems);
        }
        at += count as u64;
    }
    let residual = meter.finish();
    let quarter = mix.rate.hertz() as usize / 4;
    let windows = look_into(&mut readers, &all, &residual, quarter)?;
    Ok(Sum {
        composite,
        stems,
        residual,
        windows,
    })
}

/// Windows of the stretches in which most remains. `quarter` of a second has so many sample frames.
fn look_into(
    readers: &mut [Reader],
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
                let samples: usize = readers.iter().map(|reader| reader.channels).sum();
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
    readers: &mut [Reader],
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
fn expected(planes: &[Vec<Vec<f32>>], k: usize) -> Vec<Vec<f32>> {
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
