//! The one pass over every sound: meters and scan.

use std::path::PathBuf;

use rayon::prelude::*;

use super::reader::Reader;
use crate::audio::{Channel, ChannelLayout, DbFs};
use crate::meter::scan::{Scan, ScanSpec, Scanner};
use crate::meter::{Measurement, Meter, MeterSpec, Positions, Samples};
use crate::qc::{Facts, Limits, Sound};

/// Bytes that are read at a time: they stay in the second-level cache.
const BLOCK: usize = 192 << 10;

/// Measures and scans every sound.
pub(super) fn scan(facts: &mut Facts<'_>, paths: &[PathBuf]) {
    let limits = Limits::of(facts.spec);
    let shared = &*facts;
    let results: Vec<Result<(Measurement, Scan), String>> = shared
        .sounds
        .par_iter()
        .map(|sound| one(shared, sound, paths, limits))
        .collect();
    for (sound, result) in facts.sounds.iter_mut().zip(results) {
        match result {
            Ok((measured, scan)) => (sound.measured, sound.scan) = (Some(measured), Some(scan)),
            Err(error) => sound.error = Some(error),
        }
    }
}

fn one(
    facts: &Facts<'_>,
    sound: &Sound,
    paths: &[PathBuf],
    limits: Limits<'_>,
) -> Result<(Measurement, Scan), String> {
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
    let mut at = 0;
    let mut floats = Vec::new();
    while at < sound.length {
        let count = (frames as u64).min(sound.length - at) as usize;
        let straight = match reader.raw(at, count) {
            Some(bytes) => {
                let (format, bytes) = bytes.map_err(|e| text(&e))?;
                let block = Samples::Bytes(format, bytes);
                meter.push(block).map_err(|e| text(&e))?;
                scanner.push(block).map_err(|e| text(&e))?;
                true
            }
            None => false,
        };
        if !straight {
            reader.read(at, count, &mut floats).map_err(|e| text(&e))?;
            meter.push(Samples::Floats(&floats)).map_err(|e| text(&e))?;
            scanner
                .push(Samples::Floats(&floats))
                .map_err(|e| text(&e))?;
        }
        at += count as u64;
    }
    Ok((meter.finish(), scanner.finish()))
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
