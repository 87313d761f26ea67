//! Fold-downs against what they fold.

use std::io;
use std::path::PathBuf;

use rayon::prelude::*;

use super::compare::{FRAMES, index, readers};
use super::pops::{hush, pops};
use crate::audio::ChannelLayout;
use crate::meter::cross::ResidualMeter;
use crate::qc::{Facts, FoldFacts};
use crate::spec::{Composite, Fold};

/// Remainders up to this are rounding or dither, full scale 1: −70 dBFS.
const ROUNDING: f32 = 3.16e-4;

/// Compares every fold-down with the composite of the same recipe that is not folded, of one reel and rate.
pub(super) fn folds(facts: &Facts<'_>, paths: &[PathBuf]) -> Vec<FoldFacts> {
    let folded: Vec<(usize, usize, &Fold)> = (0..facts.sounds.len())
        .filter_map(|folded| pair(facts, folded))
        .collect();
    folded
        .into_par_iter()
        .filter_map(|(folded, of, fold)| compare(facts, (folded, of), fold, paths).ok()?)
        .collect()
}

/// The sound that another one folds down, and how.
fn pair<'a>(facts: &Facts<'a>, folded: usize) -> Option<(usize, usize, &'a Fold)> {
    let sound = facts.sounds.get(folded)?;
    let composites = &facts.spec.composites;
    let called = |c: &&Composite| sound.code.as_deref() == Some(c.code.as_str());
    let composite = composites.iter().find(called)?;
    let fold = composite.fold.as_ref()?;
    let plain = |c: &&Composite| c.fold.is_none() && c.recipe == composite.recipe;
    let of = composites.iter().find(plain)?;
    let of = index(facts, sound.reel, of.code.as_str())?;
    let rate = facts.sounds.get(of)?.rate;
    let fits = sound.scan.is_some() && sound.parts.len() == fold.to.len() && sound.rate == rate;
    fits.then_some((folded, of, fold))
}

/// What remains of a fold-down; `None` where a file does not say its channels.
fn compare(
    facts: &Facts<'_>,
    (folded, of): (usize, usize),
    fold: &Fold,
    paths: &[PathBuf],
) -> io::Result<Option<FoldFacts>> {
    let sound = |index: usize| facts.sounds.get(index);
    let (Some(small), Some(large)) = (sound(folded), sound(of)) else {
        return Ok(None);
    };
    let layouts = small.layout.as_ref().zip(large.layout.as_ref());
    let Some((to, from)) = layouts.filter(|(_, from)| from.len() == large.parts.len()) else {
        return Ok(None);
    };
    let Some(rows) = rows(fold, from, to) else {
        return Ok(None);
    };
    let mut readers = readers(facts, &[folded, of], paths)?;
    let ceiling = small.scan.iter().flat_map(|scan| &scan.channels);
    let ceiling = ceiling.map(|channel| channel.peak).fold(0.0, f32::max);
    let mut meter = ResidualMeter::new(small.rate, rows.len(), ROUNDING, ceiling);
    let pops = pops([small, large].into_iter());
    let length = small.length.min(large.length);
    let second = u64::from(small.rate.hertz());
    let (mut blocks, mut expected) = ([Vec::new(), Vec::new()], Vec::new());
    let mut seconds = vec![0.0; (length / second) as usize + 1];
    let mut at = 0;
    while at < length {
        let count = (FRAMES as u64).min(length - at) as usize;
        for (reader, block) in readers.iter_mut().zip(&mut blocks) {
            reader.read(at, count, block)?;
            hush(block, reader.channels, at, &pops);
        }
        let [is, whole] = &blocks;
        expected.clear();
        for frame in whole.chunks_exact(from.len()) {
            expected.extend(rows.iter().map(|row| {
                let terms = row.iter().map(|&(channel, gain)| {
                    gain * f64::from(frame.get(channel).copied().unwrap_or_default())
                });
                terms.sum::<f64>() as f32
            }));
        }
        for (frame, samples) in (at..).zip(expected.chunks_exact(rows.len())) {
            if let Some(energy) = seconds.get_mut((frame / second) as usize) {
                let squares = samples.iter().map(|v| f64::from(*v) * f64::from(*v));
                *energy += squares.sum::<f64>();
            }
        }
        meter.push(is, &[&expected]);
        at += count as u64;
    }
    Ok(Some(FoldFacts {
        folded,
        of,
        residual: meter.finish(),
        seconds,
    }))
}

/// For each channel of the smaller file the channels of the larger one with their factors.
fn rows(fold: &Fold, from: &ChannelLayout, to: &ChannelLayout) -> Option<Vec<Vec<(usize, f64)>>> {
    let row = |channel: &crate::audio::Channel| {
        let row = fold.rows.get(fold.to.index_of(*channel)?)?;
        let there = row.iter();
        let there =
            there.filter_map(|&(channel, gain)| Some((from.index_of(channel)?, gain.linear())));
        Some(there.collect())
    };
    to.channels().iter().map(row).collect()
}
