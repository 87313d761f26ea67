//! The innermost loops: a signal onto a plane.
//!
//! Each is compiled for wider vectors too. What becomes of a sample does not depend on its neighbours: the
//! bits are the same everywhere.

use multiversion::multiversion;

use crate::spatial::Piece;

/// `sum += x · gain`.
#[multiversion(targets("x86_64+avx2"))]
pub(super) fn scale_into(sum: &mut [f64], x: &[f64], gain: f64) {
    if gain == 1.0 {
        for (sum, x) in sum.iter_mut().zip(x) {
            *sum += x;
        }
    } else {
        for (sum, x) in sum.iter_mut().zip(x) {
            *sum += x * gain;
        }
    }
}

/// `sum += x · gain` for two signals with a gain each.
#[multiversion(targets("x86_64+avx2"))]
pub(super) fn cross(sum: &mut [f64], from: (&[f64], f64), to: (&[f64], f64)) {
    let lines = from.0.iter().zip(to.0);
    for (sum, (down, up)) in sum.iter_mut().zip(lines) {
        *sum += down * from.1 + up * to.1;
    }
}

/// The signal times the way of a piece, and times the rest of it.
pub(super) fn ramp(signal: &[f64], piece: &Piece<'_>, up: &mut [f64], down: &mut [f64]) {
    split(signal, piece, up, down);
}

#[multiversion(targets("x86_64+avx2"))]
fn split(signal: &[f64], piece: &Piece<'_>, up: &mut [f64], down: &mut [f64]) {
    let lines = up.iter_mut().zip(down.iter_mut());
    // Counted in 32 bits, which lanes of doubles can be made of.
    for (i, ((up, down), x)) in (0_i32..).zip(lines.zip(signal)) {
        let way = piece.way(i);
        *up = x * way;
        *down = x * (1.0 - way);
    }
}
