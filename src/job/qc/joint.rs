//! Files that are wrong together, so that none of them alone explains what remains.

use std::io;

use super::compare::expected;
use super::mended::{Mending, Source};
use crate::meter::cross::{Relation, relate};

/// Times that every file is put right against the others as they are by then.
const SWEEPS: usize = 12;

/// Sweeps after which at least half of the remainder has to be gone.
const PATIENCE: usize = 4;

/// What is left where everything is explained, as a share of the mix's energy.
const NOTHING: f64 = 1e-5;

/// What each stem (index among the files, the mix being 0) has suffered in a window, where taking all of it back
/// leaves nothing. `reach` samples are read on either side for offsets.
pub(super) fn joint(
    sources: &mut [Source],
    start: u64,
    (core, reach): (usize, usize),
) -> io::Result<Vec<(usize, Relation)>> {
    let back = i64::try_from(reach).unwrap_or_default();
    let from = i64::try_from(start)
        .unwrap_or(i64::MAX)
        .saturating_sub(back);
    let mut given = Vec::new();
    for source in sources.iter_mut() {
        given.push(source.window(from, core + 2 * reach)?);
    }
    // The files as they are by now.
    let mut planes = given.clone();
    let first = energy(&remainder(&planes), reach);
    let mix = planes.first().map_or(0.0, |mix| energy(mix, reach));
    let mut left = first;
    for sweep in 0..SWEEPS {
        for k in 1..planes.len() {
            let wanted = expected(&planes, k);
            let Some(own) = given.get(k) else { continue };
            let relation = relate(&wanted, own, reach);
            if relation.missing || relation.extra {
                continue;
            }
            let mended = Mending::towards(&relation, &wanted, own, reach).window(own);
            let before = planes
                .get_mut(k)
                .map(|planes| std::mem::replace(planes, mended));
            let now = energy(&remainder(&planes), reach);
            if now < left {
                left = now;
            } else if let (Some(planes), Some(before)) = (planes.get_mut(k), before) {
                *planes = before;
            }
        }
        if left <= NOTHING * mix {
            break;
        }
        if sweep + 1 == PATIENCE && left > 0.5 * first {
            return Ok(Vec::new());
        }
    }
    if left > NOTHING * mix || first <= NOTHING * mix {
        return Ok(Vec::new());
    }
    let of = |k: usize| {
        let relation = relate(&expected(&planes, k), given.get(k)?, reach);
        let told = relation.is_exact() && !relation.missing && !relation.is_same();
        let relation = tidy(relation);
        (told && !relation.is_same()).then_some((k, relation))
    };
    Ok((1..planes.len()).filter_map(of).collect())
}

/// Gains nearer to one another than this are one: so exact are those that were found together.
const ONE: f64 = 4e-3;

/// The same with gains that are nearly unity, or nearly that of the best-known channel, at just that.
fn tidy(mut relation: Relation) -> Relation {
    let best = relation.channels.iter();
    let best = best.min_by(|a, b| a.unexplained.total_cmp(&b.unexplained));
    let Some(best) = best.map(|channel| channel.gain) else {
        return relation;
    };
    for channel in &mut relation.channels {
        if (channel.gain.abs() - 1.0).abs() < ONE {
            channel.gain = channel.gain.signum();
        } else if (channel.gain / best - 1.0).abs() < ONE {
            channel.gain = best;
        }
    }
    relation
}

/// The mix less its stems.
fn remainder(planes: &[Vec<Vec<f32>>]) -> Vec<Vec<f32>> {
    let mut all = planes.to_vec();
    let silent = |plane: &Vec<f32>| vec![0.0; plane.len()];
    let nobody = planes.first().map(|mix| mix.iter().map(silent).collect());
    all.extend(nobody);
    expected(&all, planes.len())
}

/// Energy between the samples that are there for offsets.
fn energy(planes: &[Vec<f32>], reach: usize) -> f64 {
    let core = |plane: &Vec<f32>| -> f64 {
        let part = plane.get(reach..plane.len().saturating_sub(reach));
        let squares = part.unwrap_or_default().iter().map(|&v| f64::from(v));
        squares.map(|v| v * v).sum()
    };
    planes.iter().map(core).sum()
}
