//! Files that move steadily against what the others leave for them.

use std::io;

use super::compare::expected;
use super::mended::Source;
use crate::meter::cross::{Line, Slip, find_lag, fit_line, slip};
use crate::qc::Drift;

/// Places at which a file is held against the others.
const PLACES: u64 = 24;

/// Sample frames of a place, and those of it in which the offset is first looked for.
const WINDOW: usize = 32_768;
const PART: usize = 4_096;

/// Offsets from one place to the next that are looked for: half a second divided by this.
const REACH: usize = 2;

/// The channels of a window.
type Planes = Vec<Vec<f32>>;

/// Where the offset of a file was found: sample of the file, samples late, channel.
type Point = (f64, f64, usize);

/// The file of a mix (file 0) and its stems that drifts, if one does: its index among them.
pub(super) fn drifting(
    sources: &mut [Source],
    length: u64,
    hertz: usize,
) -> io::Result<Option<(usize, Drift)>> {
    let reach = hertz / REACH;
    let room = length.saturating_sub((WINDOW + 2 * PART) as u64);
    let starts: Vec<u64> = (0..PLACES).map(|k| room * k / (PLACES - 1)).collect();
    let mut best: Option<(usize, Drift, f64)> = None;
    for k in 0..sources.len() {
        let mut points: Vec<Point> = Vec::new();
        for &start in &starts {
            points.extend(point(sources, k, start, &points, reach)?);
        }
        let Some(line) = steady(&points) else {
            continue;
        };
        let Some((line, unexplained)) = refine(sources, k, &points, line)? else {
            continue;
        };
        let drift = Drift {
            sound: k,
            ppm: line.slope * 1e6,
            error: line.error * 1e6,
            lag: line.start,
        };
        if best.as_ref().is_none_or(|(.., least)| unexplained < *least) {
            best = Some((k, drift, unexplained));
        }
    }
    Ok(best.map(|(k, drift, _)| (k, drift)))
}

/// What is expected of file `k` and what it is, from frame `from` on; the file itself from `from + ahead` on.
fn both(
    sources: &mut [Source],
    k: usize,
    (from, ahead): (i64, i64),
    (wanted, there): (usize, usize),
) -> io::Result<(Planes, Planes)> {
    let mut planes = Vec::new();
    for source in sources.iter_mut() {
        planes.push(source.window(from, wanted)?);
    }
    let expected = expected(&planes, k);
    let source = sources.get_mut(k).ok_or(io::ErrorKind::NotFound)?;
    Ok((expected, source.window(from + ahead, there)?))
}

/// The offset of file `k` at a place, in whole samples: near where the places before it lead to.
fn point(
    sources: &mut [Source],
    k: usize,
    start: u64,
    known: &[Point],
    reach: usize,
) -> io::Result<Option<Point>> {
    let from = i64::try_from(start).unwrap_or(i64::MAX);
    let ahead = match known {
        [] => 0.0,
        [(_, lag, _)] => *lag,
        [.., a, b] => b.1 + (b.1 - a.1) / (b.0 - a.0).max(1.0) * (start as f64 - b.0),
    };
    let ahead = ahead.clamp(-1e9, 1e9).round() as i64;
    let back = i64::try_from(reach).unwrap_or_default();
    let (wanted, there) = both(
        sources,
        k,
        (from, ahead - back),
        (WINDOW, WINDOW + 2 * reach),
    )?;
    let Some((channel, at)) = loudest(&wanted) else {
        return Ok(None);
    };
    let part = wanted.get(channel).and_then(|w| w.get(at..at + PART));
    let whole = there
        .get(channel)
        .and_then(|there| there.get(at..at + PART + 2 * reach));
    let lag = part.zip(whole);
    let lag = lag.and_then(|(part, whole)| find_lag(part, whole, reach));
    Ok(lag.filter(|lag| lag.correlation.abs() > 0.7).map(|lag| {
        let late = (lag.samples + ahead) as f64;
        let middle = start as f64 + (at + PART / 2) as f64;
        (middle + late, late, channel)
    }))
}

/// The loudest part of all channels: channel and where it begins.
fn loudest(planes: &[Vec<f32>]) -> Option<(usize, usize)> {
    let energy = |part: &[f32]| -> f64 { part.iter().map(|&v| f64::from(v) * f64::from(v)).sum() };
    let mut best: Option<(f64, usize, usize)> = None;
    for (channel, plane) in planes.iter().enumerate() {
        let parts = plane.windows(PART).enumerate().step_by(PART / 2);
        for (at, part) in parts {
            let energy = energy(part);
            if energy > best.map_or(1e-7, |best| best.0) {
                best = Some((energy, channel, at));
            }
        }
    }
    best.map(|(_, channel, at)| (channel, at))
}

/// The line through points, where most of them lie on one.
fn steady(points: &[Point]) -> Option<Line> {
    let line = fit_line(&points.iter().map(|p| (p.0, p.1)).collect::<Vec<_>>(), 4.0)?;
    (line.used * 3 >= points.len() * 2 && line.used >= 4).then_some(line)
}

/// The line through offsets to fractions of a sample, and the share of the file's energy that it leaves
/// unexplained; none where it is no drift.
fn refine(
    sources: &mut [Source],
    k: usize,
    points: &[Point],
    mut line: Line,
) -> io::Result<Option<(Line, f64)>> {
    let mut unexplained = 1.0;
    for _ in 0..3 {
        let mut exact: Vec<(f64, f64)> = Vec::new();
        let mut left: Vec<f64> = Vec::new();
        for &(middle, _, channel) in points {
            let late = line.at(middle);
            let from = middle.round() as i64 - (PART / 2) as i64;
            let ahead = late.round() as i64;
            let (wanted, there) = both(sources, k, (from - ahead, ahead), (PART, PART))?;
            let pair = wanted.get(channel).zip(there.get(channel));
            let found = pair.and_then(|(wanted, there)| {
                slip(
                    wanted,
                    there,
                    Slip {
                        late: late - ahead as f64,
                        slope: line.slope,
                    },
                )
            });
            if let Some((more, rest)) = found {
                exact.push((middle, more + ahead as f64));
                left.push(rest);
            }
        }
        left.sort_by(f64::total_cmp);
        unexplained = left.get(left.len() / 2).copied().unwrap_or(1.0);
        let Some(better) = fit_line(&exact, 0.25) else {
            return Ok(None);
        };
        line = better;
    }
    let span = points.last().map_or(0.0, |p| p.0) - points.first().map_or(0.0, |p| p.0);
    let grown = (line.slope * span).abs();
    let sure = grown > 0.5 && line.slope.abs() > 6.0 * line.error;
    let fits = unexplained < 0.05 && line.used * 2 >= points.len() && line.used >= 4;
    Ok((sure && fits).then_some((line, unexplained)))
}
