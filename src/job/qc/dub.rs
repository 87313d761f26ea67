//! Mixes whose stems are not there, against the M&E that they were mixed over.

use std::io;
use std::path::PathBuf;

use super::compare::readers;
use crate::meter::cross::{Relation, relate};
use crate::qc::{DubFacts, DubWindow, Facts, Kind, Sound};

/// Places at which a mix is compared.
const PLACES: u64 = 24;

/// Sample frames of a window.
const WINDOW: u64 = 65_536;

/// Sample frames of a stretch in a window that is looked at by itself: 85 ms at 48 kHz.
const STRETCH: usize = 4_096;

/// Offsets that are looked for, in thousandths of a second; the far ones where no near one is found.
const REACH: [u64; 2] = [250, 2_500];

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
    let of = |i: usize| facts.sounds.get(i);
    let length = |i: usize| of(i).map_or(0, |sound| sound.length);
    let length = length(mix).min(length(me));
    let rate = of(mix).map_or(super::NO_RATE, |sound| sound.rate);
    let mut found = DubFacts {
        mix,
        me,
        windows: Vec::new(),
    };
    for reach in REACH.map(|reach| reach * u64::from(rate.hertz()) / 1_000) {
        found.windows = Vec::new();
        // Offsets are looked for in windows of more than the reach.
        let window = WINDOW.max(reach + reach / 4);
        let room = length.saturating_sub(window + 2 * reach);
        for place in 0..PLACES {
            let start = reach + room * place / (PLACES - 1);
            let (from, frames) = (start - reach, (window + 2 * reach).min(length) as usize);
            let mut planes = Vec::new();
            for reader in &mut readers {
                planes.push(reader.window(i64::try_from(from).unwrap_or(i64::MAX), frames)?);
            }
            if let [me, mix] = planes.as_slice() {
                let relation = relate(me, mix, reach as usize);
                found.windows.push(DubWindow {
                    start,
                    samples: window,
                    alone: alone(me, mix, reach as usize, relation.lag),
                    relation,
                });
            }
            if room == 0 {
                break;
            }
        }
        if found.windows.iter().any(DubWindow::has_alone) {
            break;
        }
    }
    Ok(found)
}

/// The stretch of a window that is explained best by the M&E, `lag` samples late.
fn alone(me: &[Vec<f32>], mix: &[Vec<f32>], reach: usize, lag: i64) -> Option<Relation> {
    let length = me.first().map_or(0, Vec::len);
    let part = |planes: &[Vec<f32>], from: i64| -> Option<Vec<Vec<f32>>> {
        let from = usize::try_from(from).ok()?;
        let plane = |plane: &Vec<f32>| Some(plane.get(from..from + STRETCH)?.to_vec());
        planes.iter().map(plane).collect()
    };
    let starts = (reach..length.saturating_sub(reach)).step_by(STRETCH);
    let stretches = starts.filter_map(|start| {
        let start = i64::try_from(start).ok()?;
        Some(relate(&part(me, start)?, &part(mix, start + lag)?, 0))
    });
    stretches
        .filter(|relation| !relation.channels.is_empty())
        .min_by(|a, b| a.unexplained.total_cmp(&b.unexplained))
}
