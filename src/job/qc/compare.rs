//! Files against one another: sums of stems, and one sound heard in another.

use std::io;
use std::path::PathBuf;

use rayon::prelude::*;

use super::reader::Reader;
use crate::audio::Channel;
use crate::meter::cross::{LeakMeter, Relation, Residual, ResidualMeter, Residue, relate};
use crate::qc::{Facts, Kind, LeakFacts, Limits, Sound, Sum, SumWindow};

/// Sample frames that are compared at a time.
const FRAMES: usize = 8_192;

/// Sample frames in which a fault is looked into, beside what offsets need on either side.
const CORE: usize = 32_768;

/// Offsets that are looked for first, and where that does not help, in sample frames: 250 ms and 2.5 s.
const REACH: [usize; 2] = [12_000, 120_000];

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
    let leaks: Vec<LeakFacts> = leaks(shared)
        .into_par_iter()
        .filter_map(|(source, target)| leak(shared, source, target, paths).ok())
        .collect();
    facts.sums = sums;
    facts.leaks = leaks;
}

/// Composites beside all of their stems, of one layout and rate.
fn recipes(facts: &Facts<'_>) -> Vec<(usize, Vec<usize>)> {
    let index = |code: &str| {
        let is = |sound: &Sound| sound.code.as_deref() == Some(code) && sound.scan.is_some();
        facts.sounds.iter().position(is)
    };
    let mut found = Vec::new();
    for composite in facts
        .spec
        .composites
        .iter()
        .filter(|composite| composite.fold.is_none())
    {
        let Some(mix) = index(composite.code.as_str()) else {
            continue;
        };
        let optional =
            |code: &crate::stem::StemCode| facts.spec.stem(code).is_some_and(|stem| stem.optional);
        let stems: Vec<Option<usize>> = composite
            .recipe
            .iter()
            .map(|code| (index(code.as_str()), optional(code)))
            .filter(|(index, optional)| index.is_some() || !optional)
            .map(|(index, _)| index)
            .collect();
        let Some(stems) = stems.into_iter().collect::<Option<Vec<usize>>>() else {
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
    found
}

fn readers(facts: &Facts<'_>, sounds: &[usize], paths: &[PathBuf]) -> io::Result<Vec<Reader>> {
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
    let mut blocks: Vec<Vec<f32>> = vec![Vec::new(); all.len()];
    let mut at = 0;
    while at < length {
        let count = (FRAMES as u64).min(length - at) as usize;
        for (reader, block) in readers.iter_mut().zip(&mut blocks) {
            reader.read(at, count, block)?;
        }
        if let Some((mix, stems)) = blocks.split_first() {
            let stems: Vec<&[f32]> = stems.iter().map(Vec::as_slice).collect();
            meter.push(mix, &stems);
        }
        at += count as u64;
    }
    let residual = meter.finish();
    let windows = look_into(&mut readers, &all, &residual)?;
    Ok(Sum {
        composite,
        stems,
        residual,
        windows,
    })
}

/// Windows of the stretches in which most remains.
fn look_into(
    readers: &mut [Reader],
    all: &[usize],
    residual: &Residual,
) -> io::Result<Vec<SumWindow>> {
    let mut order: Vec<usize> = (0..residual.stretches.len()).collect();
    let size = |&i: &usize| residual.stretches.get(i).map_or(0, Residue::len);
    order.sort_by_key(|i| std::cmp::Reverse(size(i)));
    let mut found = Vec::new();
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
            let reach = if long { REACH[0] } else { 0 };
            let mut relations = relations(readers, all, start, core, reach)?;
            if long
                && !relations
                    .iter()
                    .any(|(_, r)| r.is_exact() || r.missing || r.correlation.abs() > 0.9)
            {
                relations = self::relations(readers, all, start, core, REACH[1])?;
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

/// Dialogue and optional stems, each against every M&E.
fn leaks(facts: &Facts<'_>) -> Vec<(usize, usize)> {
    let of = |wanted: &[Kind]| -> Vec<usize> {
        let is = |i: &usize| {
            facts
                .sounds
                .get(*i)
                .is_some_and(|sound| wanted.contains(&sound.kind) && sound.scan.is_some())
        };
        (0..facts.sounds.len()).filter(is).collect()
    };
    let mut pairs = Vec::new();
    for source in of(&[Kind::Dialogue, Kind::Optional]) {
        for &target in &of(&[Kind::MusicAndEffects]) {
            pairs.push((source, target));
        }
    }
    pairs
}

fn leak(
    facts: &Facts<'_>,
    source: usize,
    target: usize,
    paths: &[PathBuf],
) -> io::Result<LeakFacts> {
    let both = [source, target];
    let mut readers = readers(facts, &both, paths)?;
    let of = |i: usize| facts.sounds.get(i);
    let rate = of(source).map_or(super::NO_RATE, |sound| sound.rate);
    let mut meter = LeakMeter::new(rate);
    let length = both
        .iter()
        .filter_map(|&i| of(i))
        .map(|sound| sound.length)
        .min()
        .unwrap_or_default();
    let mut blocks = [Vec::new(), Vec::new()];
    let mut mono = [Vec::new(), Vec::new()];
    let mut at = 0;
    while at < length {
        let count = (FRAMES as u64).min(length - at) as usize;
        for (i, reader) in readers.iter_mut().enumerate() {
            let (Some(block), Some(mono)) = (blocks.get_mut(i), mono.get_mut(i)) else {
                continue;
            };
            reader.read(at, count, block)?;
            fold(block, both.get(i).and_then(|&i| of(i)), mono);
        }
        let [a, b] = &mono;
        meter.push(a, b);
        at += count as u64;
    }
    let (segments, whole) = meter.finish();
    Ok(LeakFacts {
        source,
        target,
        segments,
        whole,
    })
}

/// All channels but the low-frequency one in one.
fn fold(block: &[f32], sound: Option<&Sound>, out: &mut Vec<f32>) {
    out.clear();
    let Some(sound) = sound else { return };
    let low = sound
        .layout
        .as_ref()
        .and_then(|layout| layout.index_of(Channel::Lfe));
    let frames = block.chunks_exact(sound.parts.len().max(1));
    out.extend(frames.map(|frame| {
        let heard = frame.iter().enumerate().filter(|(i, _)| Some(*i) != low);
        heard.map(|(_, v)| *v).sum::<f32>()
    }));
}
