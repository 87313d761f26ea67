//! The one pass over every sound: meters and scan.

use std::path::PathBuf;

use rayon::prelude::*;

use super::reader::Reader;
use crate::audio::{Channel, ChannelLayout, DbFs};
use crate::meter::scan::{Scan, ScanSpec, Scanner};
use crate::meter::{Measurement, Meter, MeterSpec, Outline, Outliner, Positions, Samples};
use crate::qc::{Facts, Limits, Sound};

/// Bytes that are read at a time: they stay in the second-level cache.
const BLOCK: usize = 192 << 10;

/// Measures and scans every sound.
pub(super) fn scan(facts: &mut Facts<'_>, paths: &[PathBuf], draw: bool) -> Vec<Option<Outline>> {
    let limits = Limits::of(facts.spec);
    let shared = &*facts;
    let sounds = shared.sounds.par_iter();
    let results: Vec<Result<Seen, String>> = sounds
        .map(|sound| one(shared, sound, paths, limits, draw))
        .collect();
    let mut outlines = Vec::new();
    for (sound, result) in facts.sounds.iter_mut().zip(results) {
        match result {
            Ok((measured, scan, outline)) => {
                (sound.measured, sound.scan) = (Some(measured), Some(scan));
                outlines.push(outline);
            }
            Err(error) => {
                sound.error = Some(error);
                outlines.push(None);
            }
        }
    }
    outlines
}

/// What one pass over a sound gives.
type Seen = (Measurement, Scan, Option<Outline>);

fn one(
    facts: &Facts<'_>,
    sound: &Sound,
    paths: &[PathBuf],
    limits: Limits<'_>,
    draw: bool,
) -> Result<Seen, String> {
    let channels = sound.parts.len();
    let positions = match &sound.layout {
        Some(layout) if layout.len() == channels => Positions::Layout(layout.clone()),
        _ => Positions::Discrete(channels),
    };
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let mut meter = Meter::new(&MeterSpec::new(sound.rate, positions)).map_err(|e| text(&e))?;
    let mut scanner = Scanner::new(spec(sound, limits)).map_err(|e| text(&e))?;
    let mut reader = Reader::open(facts, sound, paths).map_err(|e| text(&e))?;
    let frames = (BLOCK / (3 * channels.max(1))).max(1);
    let mut drawn = draw.then(|| Outliner::new(channels, sound.length));
    let mut at = 0;
    let mut floats = Vec::new();
    while at < sound.length {
        let count = (frames as u64).min(sound.length - at) as usize;
        let mut hear = |block: Samples<'_>| -> Result<(), String> {
            meter.push(block).map_err(|e| text(&e))?;
            let drawn = drawn.as_mut().map_or(Ok(()), |drawn| drawn.push(&block));
            drawn
                .and_then(|()| scanner.push(block))
                .map_err(|e| text(&e))
        };
        let straight = match reader.raw(at, count) {
            Some(bytes) => {
                let (format, bytes) = bytes.map_err(|e| text(&e))?;
                hear(Samples::Bytes(format, bytes))?;
                true
            }
            None => false,
        };
        if !straight {
            reader.read(at, count, &mut floats).map_err(|e| text(&e))?;
            hear(Samples::Floats(&floats))?;
        }
        at += count as u64;
    }
    Ok((
        meter.finish(),
        scanner.finish(),
        drawn.map(Outliner::finish),
    ))
}

/// What to look for in a sound.
fn spec(sound: &Sound, limits: Limits<'_>) -> ScanSpec {
    let level = |check, name| DbFs::new(limits.value(check, name));
    let layout = sound.layout.as_ref();
    let low_frequency = layout.and_then(|layout| layout.index_of(Channel::Lfe));
    let pop = limits.spec().pop.frequency.value;
    let mut spec = ScanSpec::new(sound.rate, sound.parts.len())
        .levels(
            level("S3", "level"),
            level("S1", "level"),
            level("C1", "level"),
        )
        .tones(
            limits.value("P1", "correlation"),
            if pop > 0.0 { pop } else { 1_000.0 },
        );
    spec.pairs = layout.map_or_else(Vec::new, pairs);
    spec.low_frequency = low_frequency;
    spec.low_pass_hertz = limits.low_pass();
    spec
}

/// The pairs of channels of a layout.
fn pairs(layout: &ChannelLayout) -> Vec<(usize, usize)> {
    const PAIRS: [(Channel, Channel); 5] = [
        (Channel::L, Channel::R),
        (Channel::Ls, Channel::Rs),
        (Channel::Lrs, Channel::Rrs),
        (Channel::Ltf, Channel::Rtf),
        (Channel::Ltr, Channel::Rtr),
    ];
    let both = |&(a, b): &(Channel, Channel)| Some((layout.index_of(a)?, layout.index_of(b)?));
    PAIRS.iter().filter_map(both).collect()
}
