//! Mixes whose stems are not there, against the M&E that they were mixed over.

use std::io;
use std::path::PathBuf;

use super::compare::readers;
use crate::meter::cross::relate;
use crate::qc::{DubFacts, Facts, Kind, Sound};

/// Places at which a mix is compared.
const PLACES: u64 = 24;

/// Sample frames of a window.
const WINDOW: u64 = 65_536;

/// Offsets that are looked for, in sample frames: 250 ms.
const REACH: usize = 12_000;

/// Compares every mix that is in no sum with the M&E of its reel.
pub(super) fn dubs(facts: &Facts<'_>, summed: &[usize], paths: &[PathBuf]) -> Vec<DubFacts> {
    let scanned = |sound: &Sound, kind| sound.kind == kind && sound.scan.is_some();
    let mut found = Vec::new();
    for (mix, sound) in facts.sounds.iter().enumerate() {
        if !scanned(sound, Kind::Mix) || summed.contains(&mix) {
            continue;
        }
        let fits = |me: &Sound| {
            scanned(me, Kind::MusicAndEffects)
                && me.reel == sound.reel
                && me.rate == sound.rate
                && me.parts.len() == sound.parts.len()
        };
        if let Some(me) = facts.sounds.iter().position(fits) {
            found.extend(dub(facts, mix, me, paths));
        }
    }
    found
}

/// The windows of a mix.
fn dub(facts: &Facts<'_>, mix: usize, me: usize, paths: &[PathBuf]) -> io::Result<DubFacts> {
    let mut readers = readers(facts, &[me, mix], paths)?;
    let length = |i: usize| facts.sounds.get(i).map_or(0, |sound| sound.length);
    let length = length(mix).min(length(me));
    let reach = REACH as u64;
    let mut windows = Vec::new();
    let room = length.saturating_sub(WINDOW + 2 * reach);
    for place in 0..PLACES {
        let start = reach + room * place / (PLACES - 1);
        let (from, frames) = (start - reach, (WINDOW + 2 * reach).min(length) as usize);
        let mut planes = Vec::new();
        for reader in &mut readers {
            planes.push(reader.window(i64::try_from(from).unwrap_or(i64::MAX), frames)?);
        }
        if let [me, mix] = planes.as_slice() {
            windows.push((start, WINDOW, relate(me, mix, REACH)));
        }
        if room == 0 {
            break;
        }
    }
    Ok(DubFacts { mix, me, windows })
}
