//! One sound heard in another.

use std::io;
use std::path::PathBuf;

use rayon::prelude::*;

use super::compare::{FRAMES, readers};
use super::pops::{hush, pops};
use super::reader::Reader;
use crate::audio::Channel;
use crate::meter::cross::{Leak, LeakMeter};
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

/// How often a leak is taken away to find what remains of it.
const REFINED: usize = 2;

fn leak(
    facts: &Facts<'_>,
    source: usize,
    target: usize,
    paths: &[PathBuf],
) -> io::Result<LeakFacts> {
    let pair = Pair::new(facts, source, target, paths);
    let (mut segments, mut whole) = pair.pass(&[])?;
    for _ in 0..REFINED {
        let all = segments.iter().chain(&whole);
        let known: Vec<Leak> = all.filter(|leak| leak.is_sure()).copied().collect();
        if known.is_empty() {
            break;
        }
        let (rests, rest) = pair.pass(&known)?;
        let same = |a: &Leak, b: &Leak| (a.start, a.end) == (b.start, b.end);
        for leak in segments.iter_mut().filter(|leak| leak.is_sure()) {
            if let Some(rest) = rests.iter().find(|rest| same(leak, rest)) {
                *leak = leak.with_rest(rest);
            }
        }
        whole = match (whole, rest) {
            (Some(whole), Some(rest)) if whole.is_sure() => Some(whole.with_rest(&rest)),
            _ => whole,
        };
    }
    Ok(LeakFacts {
        source,
        target,
        segments,
        whole,
    })
}

/// Two sounds, one of which may be heard in the other.
struct Pair<'a> {
    facts: &'a Facts<'a>,
    both: [usize; 2],
    paths: &'a [PathBuf],
    /// Channels of each that stand in the same place.
    places: Vec<(usize, usize)>,
    pops: Vec<(u64, u64)>,
    length: u64,
}

impl<'a> Pair<'a> {
    fn new(facts: &'a Facts<'a>, source: usize, target: usize, paths: &'a [PathBuf]) -> Self {
        let both = [source, target];
        let sounds = || both.iter().filter_map(|&i| facts.sounds.get(i));
        let lengths = sounds().map(|sound| sound.length);
        Self {
            facts,
            both,
            paths,
            places: places(facts.sounds.get(source), facts.sounds.get(target)),
            pops: pops(sounds()),
            length: lengths.min().unwrap_or_default(),
        }
    }

    /// One pass over both, with the leaks that are known taken away; where several are of one place, the shortest.
    fn pass(&self, known: &[Leak]) -> io::Result<(Vec<Leak>, Option<Leak>)> {
        let sound = |i: usize| self.both.get(i).and_then(|&i| self.facts.sounds.get(i));
        let rate = sound(0).map_or(super::NO_RATE, |sound| sound.rate);
        let meter = LeakMeter::new(rate, self.places.len());
        let mut meter = if known.is_empty() {
            meter
        } else {
            meter.of_rest()
        };
        let mut readers = readers(self.facts, &self.both, self.paths)?;
        let mut blocks = [Vec::new(), Vec::new()];
        let mut planes = [0, 1].map(|_| vec![Vec::new(); self.places.len() + 1]);
        let mut at = 0;
        while at < self.length {
            let here = known
                .iter()
                .filter(|leak| (leak.start..leak.end).contains(&at));
            let leak = here.min_by_key(|leak| leak.end - leak.start);
            let edges = known.iter().flat_map(|leak| [leak.start, leak.end]);
            let next = edges.filter(|edge| *edge > at).min().unwrap_or(self.length);
            let count = (FRAMES as u64).min(next.min(self.length) - at) as usize;
            let lags = [leak.map_or(0, |leak| leak.lag), 0];
            for (i, reader) in readers.iter_mut().enumerate() {
                let (Some(block), Some(planes), Some(&lag)) =
                    (blocks.get_mut(i), planes.get_mut(i), lags.get(i))
                else {
                    continue;
                };
                self.read(reader, (at, count), lag, block)?;
                if let Some((all, each)) = planes.split_first_mut() {
                    fold(block, sound(i), all);
                    for (plane, place) in each.iter_mut().zip(&self.places) {
                        let channel = if i == 0 { place.0 } else { place.1 };
                        pick(block, sound(i), channel, plane);
                    }
                }
            }
            let [a, b] = &mut planes;
            if let Some(leak) = leak {
                take_away(a, b, leak.gain as f32);
            }
            let pairs: Vec<(&[f32], &[f32])> = a.iter().zip(b).map(|(a, b)| (&**a, &**b)).collect();
            meter.push(&pairs);
            at += count as u64;
        }
        Ok(meter.finish())
    }

    /// Reads a block of a sound as it was `lag` samples before; silence outside of it.
    fn read(
        &self,
        reader: &mut Reader,
        (at, count): (u64, usize),
        lag: i64,
        block: &mut Vec<f32>,
    ) -> io::Result<()> {
        let channels = reader.channels;
        // What lies before the file is silence.
        let (from, missing) = match at.checked_add_signed(-lag) {
            Some(from) => (from, 0),
            None => (0, (lag.unsigned_abs() - at).min(count as u64) as usize),
        };
        let there = self
            .length
            .saturating_sub(from)
            .min((count - missing) as u64) as usize;
        reader.read(from, there, block)?;
        hush(block, channels, from, &self.pops);
        block.splice(0..0, std::iter::repeat_n(0.0, missing * channels));
        block.resize(count * channels, 0.0);
        Ok(())
    }
}

/// Takes the source away from the other sound as loudly as it is heard there.
fn take_away(source: &[Vec<f32>], other: &mut [Vec<f32>], gain: f32) {
    for (from, to) in source.iter().zip(other) {
        for (from, to) in from.iter().zip(to) {
            *to -= gain * from;
        }
    }
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
