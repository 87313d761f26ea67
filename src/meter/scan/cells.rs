//! Peak and bend of every cell of 16 samples: the first look, which nearly always is the last.

use multiversion::multiversion;

use crate::meter::lanes::{LANES, larger};

/// Samples in a cell.
pub(super) const CELL: usize = 16;

/// Samples before the first one that a fourth difference needs.
pub(super) const LEAD: usize = 4;

/// What a span adds up to.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Totals {
    pub(super) sum: f64,
    pub(super) squares: f64,
}

/// The fourth difference that ends at `x[4]`: `x[4] − 4x[3] + 6x[2] − 4x[1] + x[0]`.
#[inline]
pub(super) fn bend(x: [f32; 5]) -> f32 {
    (x[4] + x[0]) - 4.0 * (x[3] + x[1]) + 6.0 * x[2]
}

/// Fills one peak and one bend for each cell of `x`, which begins [`LEAD`] samples before the first cell.
/// The last cell may be shorter.
#[multiversion(targets("x86_64+avx2"))]
pub(super) fn cells(x: &[f32], peaks: &mut Vec<f32>, bends: &mut Vec<f32>) -> Totals {
    peaks.clear();
    bends.clear();
    let mut totals = Totals::default();
    let count = x.len().saturating_sub(LEAD);
    let whole = count / CELL;
    for group in 0..whole.div_ceil(4) {
        // Four cells at a time share one step to double precision.
        let (mut sum, mut squares) = ([0.0_f32; LANES], [0.0_f32; LANES]);
        for cell in 4 * group..(4 * group + 4).min(whole) {
            let Some(x) = x
                .get(cell * CELL..)
                .and_then(|x| x.first_chunk::<{ CELL + LEAD }>())
            else {
                break;
            };
            let (mut peak, mut bend) = ([0.0_f32; LANES], [0.0_f32; LANES]);
            for half in [0, LANES] {
                for i in 0..LANES {
                    let at = half + i;
                    let v = x[at + 4];
                    sum[i] += v;
                    squares[i] += v * v;
                    peak[i] = larger(peak[i], v.abs());
                    let b = (v + x[at]) - 4.0 * (x[at + 3] + x[at + 1]) + 6.0 * x[at + 2];
                    bend[i] = larger(bend[i], b.abs());
                }
            }
            peaks.push(across(peak));
            bends.push(across(bend));
        }
        totals.sum += add(sum);
        totals.squares += add(squares);
    }
    rest(
        x.get(whole * CELL..).unwrap_or_default(),
        peaks,
        bends,
        &mut totals,
    );
    totals
}

/// The last cell, where it is shorter.
#[expect(clippy::many_single_char_names, reason = "the letters of the formula")]
fn rest(x: &[f32], peaks: &mut Vec<f32>, bends: &mut Vec<f32>, totals: &mut Totals) {
    if x.len() <= LEAD {
        return;
    }
    let (mut peak, mut most) = (0.0, 0.0);
    for window in x.windows(LEAD + 1) {
        let &[a, b, c, d, v] = window else { continue };
        totals.sum += f64::from(v);
        totals.squares += f64::from(v * v);
        peak = larger(peak, v.abs());
        most = larger(most, bend([a, b, c, d, v]).abs());
    }
    peaks.push(peak);
    bends.push(most);
}

#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "must be compiled anew inside each version of `cells`"
)]
fn across(lanes: [f32; LANES]) -> f32 {
    let pair = |i: usize| larger(lanes[i], lanes[i + LANES / 2]);
    larger(larger(pair(0), pair(1)), larger(pair(2), pair(3)))
}

#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "must be compiled anew inside each version of `cells`"
)]
fn add(lanes: [f32; LANES]) -> f64 {
    lanes.iter().map(|&lane| f64::from(lane)).sum()
}

/// The smallest and the largest of some peaks.
#[multiversion(targets("x86_64+avx2"))]
pub(super) fn extremes(peaks: &[f32]) -> (f32, f32) {
    let (mut low, mut high) = ([f32::MAX; LANES], [0.0_f32; LANES]);
    let (whole, rest) = peaks.as_chunks::<LANES>();
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

    #[test]
    fn a_cell_has_its_peak_and_its_largest_fourth_difference() {
        for len in [0, 1, 15, 16, 17, 64, 100, 4_800] {
            let x: Vec<f32> = (0..len + LEAD)
                .map(|i| ((i * i * 37 % 101) as f32 - 50.0) / 64.0)
                .collect();
            let (mut peaks, mut bends) = (Vec::new(), Vec::new());
            let totals = cells(&x, &mut peaks, &mut bends);
            assert_eq!(peaks.len(), len.div_ceil(CELL));
            let sum: f64 = x[LEAD..].iter().map(|&v| f64::from(v)).sum();
            let squares: f64 = x[LEAD..].iter().map(|&v| f64::from(v * v)).sum();
            assert!((totals.sum - sum).abs() < 1e-3 && (totals.squares - squares).abs() < 1e-2);
            for (i, chunk) in x[LEAD..].chunks(CELL).enumerate() {
                assert_eq!(
                    peaks[i],
                    chunk.iter().fold(0.0, |top: f32, v| top.max(v.abs()))
                );
                let lead = &x[i * CELL..i * CELL + LEAD + chunk.len()];
                let most = lead
                    .windows(5)
                    .map(|w| bend([w[0], w[1], w[2], w[3], w[4]]).abs());
                assert_eq!(bends[i], most.fold(0.0, f32::max));
            }
            let wide = |f: fn(f32, f32) -> f32, from| peaks.iter().fold(from, |a, &b| f(a, b));
            assert_eq!(
                extremes(&peaks),
                (wide(f32::min, f32::MAX), wide(f32::max, 0.0))
            );
        }
    }
}
