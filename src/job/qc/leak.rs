//! One sound heard in another.

use std::io;
use std::path::PathBuf;

use rayon::prelude::*;

use super::compare::{FRAMES, readers};
use super::pops::{hush, pops};
use crate::audio::Channel;
use crate::meter::cross::LeakMeter;
use crate::qc::{Facts, Kind, LeakFacts, Sound};

/// Looks for dialogue and optional stems in every M&E.
pub(super) fn leaks(facts: &Facts<'_>, paths: &[PathBuf]) -> Vec<LeakFacts> {
    let pairs = pairs(facts).into_par_iter();
    pairs
        .filter_map(|(source, target)| leak(facts, source, target, paths).ok())
        .collect()
}

/// Dialogue and optional stems, each against every M&E.
fn pairs(facts: &Facts<'_>) -> Vec<(usize, usize)> {
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
        let reel = |i: usize| facts.sounds.get(i).map(|sound| sound.reel);
        let targets = of(&[Kind::MusicAndEffects]).into_iter();
        pairs.extend(
            targets
                .filter(|&target| reel(target) == reel(source))
                .map(|target| (source, target)),
        );
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
    let places = places(of(source), of(target));
    let mut meter = LeakMeter::new(rate, places.len());
    let length = both
        .iter()
        .filter_map(|&i| of(i))
        .map(|sound| sound.length)
        .min()
        .unwrap_or_default();
    let pops = pops(both.iter().filter_map(|&i| of(i)));
    let mut blocks = [Vec::new(), Vec::new()];
    let mut planes: [Vec<Vec<f32>>; 2] = [const { Vec::new() }; 2];
    let mut at = 0;
    while at < length {
        let count = (FRAMES as u64).min(length - at) as usize;
        for (i, reader) in readers.iter_mut().enumerate() {
            let (Some(block), Some(planes)) = (blocks.get_mut(i), planes.get_mut(i)) else {
                continue;
            };
            reader.read(at, count, block)?;
            hush(block, reader.channels, at, &pops);
            let sound = both.get(i).and_then(|&i| of(i));
            planes.resize(places.len() + 1, Vec::new());
            if let Some((all, each)) = planes.split_first_mut() {
                fold(block, sound, all);
                for (plane, place) in each.iter_mut().zip(&places) {
                    let channel = if i == 0 { place.0 } else { place.1 };
                    pick(block, sound, channel, plane);
                }
            }
        }
        let [a, b] = &planes;
        let pairs = a.iter().zip(b);
        let pairs: Vec<(&[f32], &[f32])> = pairs.map(|(a, b)| (&**a, &**b)).collect();
        meter.push(&pairs);
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

/// The channels of two sounds that stand in the same place, but the low-frequency one.
fn places(source: Option<&Sound>, target: Option<&Sound>) -> Vec<(usize, usize)> {
    let layouts = source
        .and_then(|sound| sound.layout.as_ref())
        .zip(target.and_then(|sound| sound.layout.as_ref()));
    let Some((source, target)) = layouts else {
        return Vec::new();
    };
    let channels = source.channels().iter().enumerate();
    let common = channels.filter(|(_, channel)| **channel != Channel::Lfe);
    common
        .filter_map(|(i, channel)| Some((i, target.index_of(*channel)?)))
        .collect()
}

/// One channel.
fn pick(block: &[f32], sound: Option<&Sound>, channel: usize, out: &mut Vec<f32>) {
    out.clear();
    let channels = sound.map_or(1, |sound| sound.parts.len().max(1));
    out.extend(block.iter().skip(channel).step_by(channels));
}
