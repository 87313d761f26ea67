//! Files that follow one another as the reels of one programme.

use std::path::PathBuf;

use super::clock::Clock;
use super::sound::{Sound, stretch};
use super::{Heard, MeasureError, MeasureOptions, MeasuredFile, Measuring, failed, same};
use crate::meter::Samples;

/// Sample frames of a neighbour that the search for the true peak is given: more than its longest filter
/// reaches to either side (48 taps a phase).
const EDGE: u64 = 64;

/// What was measured of the reels of a programme.
#[derive(Debug, Clone)]
pub struct MeasuredReels {
    /// Each reel, its true peaks found with its true neighbours.
    pub reels: Vec<MeasuredFile>,
    /// All of them on one time line.
    pub programme: MeasuredFile,
}

/// Measures files as the reels of one programme, in the order given: each for itself and all as one.
///
/// # Errors
/// [`MeasureError`] when a file cannot be read, or is of another rate or layout than the first.
pub fn measure_reels(
    paths: &[PathBuf],
    options: MeasureOptions,
    heard: Heard<'_>,
) -> Result<Option<MeasuredReels>, MeasureError> {
    let sounds = paths.iter().map(|path| Sound::open(path));
    let sounds = sounds.collect::<Result<Vec<_>, _>>()?;
    let Some(first) = sounds.first() else {
        return Ok(None);
    };
    for sound in &sounds {
        same(sound, first, true)?;
    }
    let mut whole = Measuring::new(first, options)?;
    let elapsed = Clock::elapsed(first.rate);
    let lengths: Vec<u64> = sounds.iter().map(|sound| sound.frames).collect();
    let mut reels = Vec::new();
    for (i, mut sound) in sounds.into_iter().enumerate() {
        let before = i.checked_sub(1);
        let before = before.and_then(|k| paths.get(k).zip(lengths.get(k)));
        let mut meter = Measuring::new(&sound, options)?;
        if let Some((path, length)) = before {
            let edge = stretch(path, length.saturating_sub(EDGE)..*length)?;
            let given = meter.meter.pre_roll(Samples::Doubles(&edge));
            given.map_err(|error| failed(&sound.path, error))?;
        }
        let frames = sound.frames;
        while let Some(block) = sound.next(u64::MAX)? {
            meter.push(block)?;
            whole.push(block)?;
            heard(sound.at(), frames);
        }
        reels.push(end(meter, sound, paths.get(i + 1))?);
    }
    Ok(Some(MeasuredReels {
        reels,
        programme: whole.finish(Vec::new(), elapsed),
    }))
}

/// The figures of a reel that the file at `next` follows.
fn end(
    meter: Measuring,
    sound: Sound,
    next: Option<&PathBuf>,
) -> Result<MeasuredFile, MeasureError> {
    let Some(next) = next else {
        return Ok(meter.finish(sound.findings, sound.clock));
    };
    let edge = stretch(next, 0..EDGE)?;
    let measured = meter.meter.finish_before(Samples::Doubles(&edge));
    Ok(MeasuredFile {
        measured: measured.map_err(|error| failed(&sound.path, error))?,
        dialogue: None,
        findings: sound.findings,
        clock: sound.clock,
    })
}
