//! Peak, bend and sum of every cell of 16 frames: the first look, which nearly always is the last.
//!
//! One channel is one lane of a vector of eight, as in the meters, so no channel has to be taken out of its
//! frames: a frame is read once, and everything that is needed of it is worked out then.

use multiversion::multiversion;

use crate::meter::lanes::{LANES, larger};

/// Sample frames in a cell.
pub(super) const CELL: usize = 16;

/// Cells whose sums are added up in single precision.
const GROUP: usize = 4;

/// The fourth difference that ends at `x[4]`: the difference of the difference, four times over.
#[inline]
pub(super) fn bend(x: [f32; 5]) -> f32 {
    let first = [x[1] - x[0], x[2] - x[1], x[3] - x[2], x[4] - x[3]];
    let second = [
        first[1] - first[0],
        first[2] - first[1],
        first[3] - first[2],
    ];
    let third = [second[1] - second[0], second[2] - second[1]];
    third[1] - third[0]
}

/// A cell of eight channels.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Cell {
    /// Largest magnitudes.
    pub(super) peak: [f32; LANES],
    /// Largest fourth differences.
    pub(super) bend: [f32; LANES],
    pub(super) sum: [f32; LANES],
}

/// The last sample and its differences up to the third, of eight channels.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Past {
    sample: [f32; LANES],
    first: [f32; LANES],
    second: [f32; LANES],
    third: [f32; LANES],
}

/// What a span of eight channels adds up to.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Totals {
    pub(super) sums: [f64; LANES],
    pub(super) squares: [f64; LANES],
    /// Products of each channel with the one that follows it.
    pub(super) products: [f64; LANES],
}

/// Sums of one group of cells.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    sum: [f32; LANES],
    squares: [f32; LANES],
    products: [f32; LANES],
}

/// Fills one cell for each 16 frames. Frame `n` of the eight channels begins at `samples[n·stride]`; lanes past
/// the last channel, and the sample behind them, hold what comes next, which nobody looks at. The last cell may be shorter.
#[multiversion(targets("x86_64+avx2"))]
pub(super) fn cells(
    samples: &[f32],
    (stride, frames): (usize, usize),
    past: &mut Past,
    out: &mut Vec<Cell>,
) -> Totals {
    out.clear();
    let mut totals = Totals::default();
    let mut last = *past;
    let (mut at, mut left) = (0, frames);
    while left > 0 {
        let mut sums = Sums::default();
        for _ in 0..GROUP {
            let count = left.min(CELL);
            if count == 0 {
                break;
            }
            left -= count;
            let mut cell = Cell::default();
            for _ in 0..count {
                let Some(x) = samples
                    .get(at..)
                    .and_then(|tail| tail.first_chunk::<{ LANES + 1 }>())
                else {
                    return totals;
                };
                at += stride;
                step(x, &mut last, &mut cell, &mut sums);
            }
            for i in 0..LANES {
                sums.sum[i] += cell.sum[i];
            }
            out.push(cell);
        }
        for i in 0..LANES {
            totals.sums[i] += f64::from(sums.sum[i]);
            totals.squares[i] += f64::from(sums.squares[i]);
            totals.products[i] += f64::from(sums.products[i]);
        }
    }
    *past = last;
    totals
}

/// One sample frame.
#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "the body of the hottest loop, compiled anew inside each version of `cells`"
)]
#[expect(
    clippy::needless_range_loop,
    reason = "lanes side by side become one vector"
)]
fn step(x: &[f32; LANES + 1], past: &mut Past, cell: &mut Cell, sums: &mut Sums) {
    for i in 0..LANES {
        cell.peak[i] = larger(cell.peak[i], x[i].abs());
    }
    for i in 0..LANES {
        cell.sum[i] += x[i];
    }
    for i in 0..LANES {
        sums.squares[i] += x[i] * x[i];
    }
    for i in 0..LANES {
        sums.products[i] += x[i] * x[i + 1];
    }
    for i in 0..LANES {
        let first = x[i] - past.sample[i];
        let second = first - past.first[i];
        let third = second - past.second[i];
        let fourth = third - past.third[i];
        past.sample[i] = x[i];
        past.first[i] = first;
        past.second[i] = second;
        past.third[i] = third;
        cell.bend[i] = larger(cell.bend[i], fourth.abs());
    }
}

/// The smallest and the largest of some values, none below 0.
#[multiversion(targets("x86_64+avx2"))]
pub(super) fn extremes(values: &[f32]) -> (f32, f32) {
    let (mut low, mut high) = ([f32::MAX; LANES], [0.0_f32; LANES]);
    let (whole, rest) = values.as_chunks::<LANES>();
    for chunk in whole {
        for i in 0..LANES {
            low[i] = -larger(-low[i], -chunk[i]);
            high[i] = larger(high[i], chunk[i]);
        }
    }
    let mut out = (f32::MAX, 0.0);
    for &v in low.iter().chain(rest) {
        out.0 = -larger(-out.0, -v);
    }
    for &v in high.iter().chain(rest) {
        out.1 = larger(out.1, v);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A channel of its own in each of three lanes.
    fn frames(count: usize) -> Vec<f32> {
        let value = |n: usize, c: usize| ((n * n * 37 % (101 - c) + c) as f32 - 50.0) / 64.0;
        let mut out: Vec<f32> = (0..count)
            .flat_map(|n| (0..3).map(move |c| value(n, c)))
            .collect();
        out.resize(count * 3 + LANES, 0.0);
        out
    }

    #[test]
    fn a_cell_has_its_peak_its_sum_and_its_largest_fourth_difference() {
        for len in [0, 1, 15, 16, 17, 64, 100, 4_800] {
            let x = frames(len);
            let mut found = Vec::new();
            let totals = cells(&x, (3, len), &mut Past::default(), &mut found);
            assert_eq!(found.len(), len.div_ceil(CELL));
            for lane in 0..3 {
                let plane: Vec<f32> = (0..len).map(|n| x[3 * n + lane]).collect();
                let sum: f64 = plane.iter().map(|&v| f64::from(v)).sum();
                let squares: f64 = plane.iter().map(|&v| f64::from(v * v)).sum();
                assert!((totals.sums[lane] - sum).abs() < 1e-3);
                assert!((totals.squares[lane] - squares).abs() < 1e-2);
                let mut padded = vec![0.0; 4];
                padded.extend(&plane);
                for (i, chunk) in plane.chunks(CELL).enumerate() {
                    let most = chunk.iter().fold(0.0, |top: f32, v| top.max(v.abs()));
                    assert_eq!(found[i].peak[lane], most);
                    let bends = padded[i * CELL..i * CELL + 4 + chunk.len()]
                        .windows(5)
                        .map(|w| bend([w[0], w[1], w[2], w[3], w[4]]).abs());
                    assert_eq!(found[i].bend[lane], bends.fold(0.0, f32::max));
                }
            }
            let both: f64 = (0..len).map(|n| f64::from(x[3 * n] * x[3 * n + 1])).sum();
            assert!((totals.products[0] - both).abs() < 1e-2);
        }
    }

    #[test]
    fn spans_join_without_a_seam() {
        let x = frames(256);
        let mut whole = Vec::new();
        cells(&x, (3, 256), &mut Past::default(), &mut whole);
        let (mut past, mut part, mut parts) = (Past::default(), Vec::new(), Vec::new());
        for chunk in 0..4 {
            cells(&x[chunk * 64 * 3..], (3, 64), &mut past, &mut part);
            parts.extend_from_slice(&part);
        }
        let three = |cells: &[Cell]| -> Vec<[[f32; 3]; 2]> {
            let first = |v: [f32; LANES]| [v[0], v[1], v[2]];
            cells
                .iter()
                .map(|cell| [first(cell.bend), first(cell.peak)])
                .collect()
        };
        assert_eq!(three(&whole), three(&parts));
    }

    #[test]
    fn extremes_are_the_smallest_and_the_largest() {
        let values: Vec<f32> = (0..37).map(|i| (i * 17 % 41) as f32).collect();
        let wide = |f: fn(f32, f32) -> f32, from| values.iter().fold(from, |a, &b| f(a, b));
        assert_eq!(
            extremes(&values),
            (wide(f32::min, f32::MAX), wide(f32::max, 0.0))
        );
    }
}
