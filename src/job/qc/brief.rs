//! Short windows, in which a mix is not limited all the time: a fault of a whole file shows in some of them.

use std::io;

use super::compare::expected;
use super::mended::Source;
use crate::meter::cross::{Relation, relate};

/// Windows and the sample frames of each.
const PLACES: u64 = 48;
const WINDOW: usize = 4_096;

/// Windows in which the same has to show.
const ENOUGH: usize = 4;

/// The stem (index among the files, the mix being 0) that has the same fault in most windows, and what it is.
pub(super) fn brief(sources: &mut [Source], length: u64) -> io::Result<Option<(usize, Relation)>> {
    let room = length.saturating_sub(WINDOW as u64);
    let mut seen: Vec<(usize, Relation)> = Vec::new();
    for place in 0..PLACES {
        let start = i64::try_from(room * place / (PLACES - 1)).unwrap_or_default();
        let mut planes = Vec::new();
        for source in sources.iter_mut() {
            planes.push(source.window(start, WINDOW)?);
        }
        for k in 1..planes.len() {
            let Some(own) = planes.get(k) else { continue };
            let relation = relate(&expected(&planes, k), own, 0);
            let tells = relation.is_exact() && !relation.missing && !relation.is_same();
            if tells || relation.extra {
                seen.push((k, relation));
            }
        }
    }
    let alike = |a: &(usize, Relation)| {
        seen.iter()
            .filter(|b| a.0 == b.0 && is_like(&a.1, &b.1))
            .count()
    };
    let best = seen.iter().map(|entry| (alike(entry), entry));
    let best = best.max_by_key(|(count, (_, r))| (*count, r.channels.len()));
    Ok(best
        .filter(|(count, _)| *count >= ENOUGH)
        .map(|(_, entry)| entry.clone()))
}

/// Whether two windows say the same of every channel that both know.
fn is_like(a: &Relation, b: &Relation) -> bool {
    let near = |x: f64, y: f64| (x - y).abs() < 2e-3 * y.abs().max(1e-3);
    let mut pairs = a.channels.iter().flat_map(|x| {
        let same = b.channels.iter().filter(|y| y.expected == x.expected);
        same.map(move |y| (x, y))
    });
    a.extra == b.extra && pairs.all(|(x, y)| x.found == y.found && near(x.gain, y.gain))
}
