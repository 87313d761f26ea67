//! Peak, bend and sum of every cell of 16 frames: the first look, which nearly always is the last.
//!
//! One channel is one lane of a vector of eight, as in the meters, so no channel has to be taken out of its
//! frames: a frame is read once, and everything that is needed of it is worked out then.

use multiversion::multiversion;
#[cfg(not(target_feature = "avx2"))]
use multiversion::target::match_target;

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
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Sums {
    sum: [f32; LANES],
    squares: [f32; LANES],
    products: [f32; LANES],
}

/// Fills one cell for each 16 frames. Frame `n` of the eight channels begins at `samples[n·stride]`; lanes past
/// the last channel, and the sample behind them, hold what comes next, which nobody looks at. The last cell may be shorter.
pub(super) fn cells(
    samples: &[f32],
    (stride, frames): (usize, usize),
    past: &mut Past,
    out: &mut Vec<Cell>,
) -> Totals {
    out.clear();
    let mut totals = Totals::default();
    let (mut at, mut left) = (0, frames);
    while left > 0 {
        let count = left.min(GROUP * CELL);
        let part = samples.get(at..).unwrap_or_default();
        let sums = group(part, (stride, count), past, out);
        for i in 0..LANES {
            totals.sums[i] += f64::from(sums.sum[i]);
            totals.squares[i] += f64::from(sums.squares[i]);
            totals.products[i] += f64::from(sums.products[i]);
        }
        at += count * stride;
        left -= count;
    }
    totals
}

/// The cells of one group. With AVX2 every lane of eight is one instruction, written out because compilers cut
/// this loop in halves; the same operations in the same order everywhere.
#[cfg(not(target_feature = "avx2"))]
#[multiversion(targets("x86_64+avx2"))]
fn group(
    samples: &[f32],
    (stride, frames): (usize, usize),
    past: &mut Past,
    out: &mut Vec<Cell>,
) -> Sums {
    match_target! {
        "x86_64+avx2" => {
            use std::arch::x86_64::{
                __m256, _mm256_add_ps, _mm256_andnot_ps, _mm256_max_ps, _mm256_mul_ps,
                _mm256_set1_ps, _mm256_setzero_ps, _mm256_sub_ps,
            };
            let sign = _mm256_set1_ps(-0.0);
            let zero = _mm256_setzero_ps();
            let from = |v: [f32; LANES]| -> __m256 { bytemuck::cast(v) };
            let (mut x1, mut first1) = (from(past.sample), from(past.first));
            let (mut second1, mut third1) = (from(past.second), from(past.third));
            let (mut sum, mut squares, mut products) = (zero, zero, zero);
            let (mut at, mut left) = (0, frames);
            while left > 0 {
                let (mut peak, mut bend, mut own) = (zero, zero, zero);
                let count = left.min(CELL);
                left -= count;
                for _ in 0..count {
                    let tail = samples.get(at..).unwrap_or_default();
                    let Some(row) = tail.first_chunk::<{ LANES + 1 }>() else {
                        break;
                    };
                    let ([here @ .., _], [_, behind @ ..]) = (row, row);
                    let (x, next) = (from(*here), from(*behind));
                    at += stride;
                    let first = _mm256_sub_ps(x, x1);
                    let second = _mm256_sub_ps(first, first1);
                    let third = _mm256_sub_ps(second, second1);
                    let fourth = _mm256_sub_ps(third, third1);
                    (x1, first1, second1, third1) = (x, first, second, third);
                    peak = _mm256_max_ps(_mm256_andnot_ps(sign, x), peak);
                    bend = _mm256_max_ps(_mm256_andnot_ps(sign, fourth), bend);
                    own = _mm256_add_ps(own, x);
                    squares = _mm256_add_ps(squares, _mm256_mul_ps(x, x));
                    products = _mm256_add_ps(products, _mm256_mul_ps(x, next));
                }
                sum = _mm256_add_ps(sum, own);
                out.push(Cell {
                    peak: bytemuck::cast(peak),
                    bend: bytemuck::cast(bend),
                    sum: bytemuck::cast(own),
                });
            }
            *past = Past {
                sample: bytemuck::cast(x1),
                first: bytemuck::cast(first1),
                second: bytemuck::cast(second1),
                third: bytemuck::cast(third1),
            };
            Sums {
                sum: bytemuck::cast(sum),
                squares: bytemuck::cast(squares),
                products: bytemuck::cast(products),
            }
        }
        _ => group_plain(samples, (stride, frames), past, out),
    }
}

// Where the whole program is built for AVX2 there is no version to choose, without which the vectors cannot be written
// out safely.
#[cfg(target_feature = "avx2")]
use group_plain as group;

/// The same without vectors.
fn group_plain(
    samples: &[f32],
    (stride, frames): (usize, usize),
    past: &mut Past,
    out: &mut Vec<Cell>,
) -> Sums {
    let mut sums = Sums::default();
    let mut rows = samples
        .windows(LANES + 1)
        .step_by(stride.max(1))
        .take(frames);
    for cell in 0..frames.div_ceil(CELL) {
        let mut here = Cell::default();
        let count = (frames - cell * CELL).min(CELL);
        for x in rows.by_ref().take(count).filter_map(<[f32]>::first_chunk) {
            step(x, past, &mut here, &mut sums);
        }
        for i in 0..LANES {
            sums.sum[i] += here.sum[i];
        }
        out.push(here);
    }
    sums
}

/// One sample frame.
fn step(x: &[f32; LANES + 1], past: &mut Past, cell: &mut Cell, sums: &mut Sums) {
    for i in 0..LANES {
        cell.peak[i] = larger(cell.peak[i], x[i].abs());
        cell.sum[i] += x[i];
        sums.squares[i] += x[i] * x[i];
        sums.products[i] += x[i] * x[i + 1];
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
    fn every_instruction_set_gives_the_same_bits() {
        let x = frames(100);
        for frames in [0, 1, 16, 33, 64] {
            let (mut past, mut out) = ([Past::default(); 2], [Vec::new(), Vec::new()]);
            let wide = group(&x[6..], (3, frames), &mut past[0], &mut out[0]);
            let plain = group_plain(&x[6..], (3, frames), &mut past[1], &mut out[1]);
            assert_eq!((wide, past[0]), (plain, past[1]));
            assert!(out[0] == out[1]);
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
