//! A small Fourier transform: the same bits on every machine.
//!
//! Radix 2, double precision, twiddles from `libm`, no fused multiply-add, one fixed order of operations. Two
//! stages are gone through at a time, four points side by side, with real and imaginary parts apart: the same
//! products and sums as one stage after the other, in fewer ways through memory.

use std::f64::consts::TAU;
use std::sync::OnceLock;

use multiversion::multiversion;

/// A complex number: real and imaginary part.
pub type Complex = (f64, f64);

/// Points that are worked on side by side.
const SIDE: usize = 4;

/// The transforms of one length.
#[derive(Debug, Clone)]
pub struct Fft {
    /// `exp(−2πi·k/2h)` for `k` below `h`, of the stages `h` = 1, 2, 4 … after one another: that of `h` begins at
    /// `h − 1`. Real and imaginary parts apart.
    cosines: Vec<f64>,
    sines: Vec<f64>,
    /// Where each point comes from: its index with the bits in reverse order.
    order: Vec<u32>,
    len: usize,
}

impl Fft {
    /// The longest transform: 2^22 points are 64 MiB.
    pub const MAX: usize = 1 << 22;

    /// A plan for `len` points; rounded up to a power of two, at least 1, at most [`Fft::MAX`].
    pub fn new(len: usize) -> Self {
        let len = len.clamp(1, Self::MAX).next_power_of_two();
        let twiddle = |k: usize| {
            let angle = -TAU * k as f64 / len as f64;
            (libm::cos(angle), libm::sin(angle))
        };
        let last: Vec<Complex> = (0..len / 2).map(twiddle).collect();
        let stages = (0..len.trailing_zeros()).map(|stage| 1_usize << stage);
        let all = stages.flat_map(|half| last.iter().step_by(len / (2 * half)));
        let (cosines, sines) = all.copied().unzip();
        // One bit more is shifted out, so that a single point needs no shift by the whole width.
        let shift = u32::BITS - 1 - len.trailing_zeros();
        let reversed = |i: u32| (i << 1).reverse_bits() << 1 >> 1 >> shift;
        Self {
            cosines,
            sines,
            order: (0..len as u32).map(reversed).collect(),
            len,
        }
    }

    /// The same plan for everyone who asks for a length: it is made once and kept.
    pub fn shared(len: usize) -> &'static Self {
        static PLANS: [OnceLock<Fft>; Fft::MAX.trailing_zeros() as usize + 1] =
            [const { OnceLock::new() }; Fft::MAX.trailing_zeros() as usize + 1];
        let len = len.clamp(1, Self::MAX).next_power_of_two();
        PLANS[len.trailing_zeros() as usize].get_or_init(|| Self::new(len))
    }

    /// How many points; a power of two.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Never: there is at least one point.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// `X[k] = Σ x[n]·exp(−2πi·kn/len)`, in place. A slice of another length than [`len`](Self::len)
    /// is left as it is.
    pub fn forward(&self, x: &mut [Complex]) {
        if x.len() != self.len {
            return;
        }
        let from = |i: &u32| x.get(*i as usize).copied().unwrap_or_default();
        let (mut re, mut im): (Vec<f64>, Vec<f64>) = self.order.iter().map(from).unzip();
        let mut half = 1;
        while 2 * half < self.len {
            two_stages(&mut re, &mut im, self.stage(half), self.stage(2 * half));
            half *= 4;
        }
        if half < self.len {
            one_stage(&mut re, &mut im, self.stage(half));
        }
        for (x, (re, im)) in x.iter_mut().zip(re.into_iter().zip(im)) {
            *x = (re, im);
        }
    }

    /// The twiddles of the stage of `half`.
    fn stage(&self, half: usize) -> Twiddles<'_> {
        let of = |all| <[f64]>::get(all, half - 1..2 * half - 1).unwrap_or_default();
        (of(&self.cosines), of(&self.sines))
    }

    /// The inverse, with the factor `1/len`.
    pub fn inverse(&self, x: &mut [Complex]) {
        for value in x.iter_mut() {
            value.1 = -value.1;
        }
        self.forward(x);
        let scale = 1.0 / self.len as f64;
        for value in x {
            *value = (value.0 * scale, -value.1 * scale);
        }
    }
}

/// Cosines and sines.
type Twiddles<'a> = (&'a [f64], &'a [f64]);

/// Points side by side: their real and imaginary parts.
type Points<const N: usize> = ([f64; N], [f64; N]);

/// `a + b·w` and `a − b·w`.
#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "the body of the hottest loop, compiled anew inside each version of its callers"
)]
fn turn<const N: usize>(
    a: Points<N>,
    b: Points<N>,
    (c, s): (&[f64; N], &[f64; N]),
) -> (Points<N>, Points<N>) {
    let (mut sum, mut difference) = (a, a);
    for i in 0..N {
        let turned = (b.0[i] * c[i] - b.1[i] * s[i], b.0[i] * s[i] + b.1[i] * c[i]);
        sum.0[i] = a.0[i] + turned.0;
        sum.1[i] = a.1[i] + turned.1;
        difference.0[i] = a.0[i] - turned.0;
        difference.1[i] = a.1[i] - turned.1;
    }
    (sum, difference)
}

/// One stage.
#[multiversion(targets("x86_64+avx2"))]
fn one_stage(re: &mut [f64], im: &mut [f64], twiddles: Twiddles<'_>) {
    match twiddles.0.len() {
        ..SIDE => one::<1>(re, im, twiddles),
        _ => one::<SIDE>(re, im, twiddles),
    }
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "see `turn`")]
fn one<const N: usize>(re: &mut [f64], im: &mut [f64], (c, s): Twiddles<'_>) {
    let half = c.len();
    let (c, s) = (c.as_chunks::<N>().0, s.as_chunks::<N>().0);
    let blocks = re
        .chunks_exact_mut(2 * half)
        .zip(im.chunks_exact_mut(2 * half));
    for (re, im) in blocks {
        let ([ra, rb], [ia, ib]) = (parts::<N, 2>(re), parts::<N, 2>(im));
        for k in 0..half / N {
            let (a, b) = turn((ra[k], ia[k]), (rb[k], ib[k]), (&c[k], &s[k]));
            ((ra[k], ia[k]), (rb[k], ib[k])) = (a, b);
        }
    }
}

/// A stage and the next.
#[multiversion(targets("x86_64+avx2"))]
fn two_stages(re: &mut [f64], im: &mut [f64], near: Twiddles<'_>, far: Twiddles<'_>) {
    match near.0.len() {
        ..SIDE => two::<1>(re, im, near, far),
        _ => two::<SIDE>(re, im, near, far),
    }
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "see `turn`")]
fn two<const N: usize>(re: &mut [f64], im: &mut [f64], near: Twiddles<'_>, far: Twiddles<'_>) {
    let half = near.0.len();
    let (nc, ns) = (near.0.as_chunks::<N>().0, near.1.as_chunks::<N>().0);
    let (fc, fs) = (far.0.as_chunks::<N>().0, far.1.as_chunks::<N>().0);
    let blocks = re
        .chunks_exact_mut(4 * half)
        .zip(im.chunks_exact_mut(4 * half));
    for (re, im) in blocks {
        let ([ra, rb, rc, rd], [ia, ib, ic, id]) = (parts::<N, 4>(re), parts::<N, 4>(im));
        let count = half / N;
        let (fc, fs) = (fc.split_at(count), fs.split_at(count));
        for k in 0..count {
            let near = (&nc[k], &ns[k]);
            let (a, b) = turn((ra[k], ia[k]), (rb[k], ib[k]), near);
            let (c, d) = turn((rc[k], ic[k]), (rd[k], id[k]), near);
            let (a, c) = turn(a, c, (&fc.0[k], &fs.0[k]));
            let (b, d) = turn(b, d, (&fc.1[k], &fs.1[k]));
            (ra[k], ia[k]) = a;
            (rb[k], ib[k]) = b;
            (rc[k], ic[k]) = c;
            (rd[k], id[k]) = d;
        }
    }
}

/// A block in `P` equal parts of groups of `N`.
#[inline(always)]
#[expect(clippy::inline_always, reason = "see `turn`")]
fn parts<const N: usize, const P: usize>(block: &mut [f64]) -> [&mut [[f64; N]]; P] {
    let mut parts = block.chunks_exact_mut(block.len() / P);
    std::array::from_fn(|_| parts.next().unwrap_or_default().as_chunks_mut().0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_sum_that_defines_it_and_comes_back() {
        for len in [1, 2, 8, 64] {
            let fft = Fft::new(len);
            let given: Vec<Complex> = (0..len)
                .map(|i| ((i * i % 7) as f64 - 3.0, (i % 5) as f64))
                .collect();
            let mut got = given.clone();
            fft.forward(&mut got);
            for (k, value) in got.iter().enumerate() {
                let mut want = (0.0, 0.0);
                for (n, x) in given.iter().enumerate() {
                    let angle = -TAU * (k * n) as f64 / len as f64;
                    let (c, s) = (libm::cos(angle), libm::sin(angle));
                    want = (want.0 + x.0 * c - x.1 * s, want.1 + x.0 * s + x.1 * c);
                }
                assert!((value.0 - want.0).abs() < 1e-10 && (value.1 - want.1).abs() < 1e-10);
            }
            fft.inverse(&mut got);
            for (got, want) in got.iter().zip(&given) {
                assert!((got.0 - want.0).abs() < 1e-12 && (got.1 - want.1).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn two_stages_at_once_are_one_after_the_other() {
        for len in [2, 4, 16, 32, 1_024, 2_048] {
            let fft = Fft::new(len);
            let given: Vec<Complex> = (0..len)
                .map(|i| ((i * i % 97) as f64 - 40.0, (i * 7 % 31) as f64))
                .collect();
            let mut want: Vec<Complex> = fft.order.iter().map(|&i| given[i as usize]).collect();
            let mut half = 1;
            while half < len {
                let (c, s) = fft.stage(half);
                for block in want.chunks_exact_mut(2 * half) {
                    for k in 0..half {
                        let (a, b) = (block[k], block[k + half]);
                        let turned = (b.0 * c[k] - b.1 * s[k], b.0 * s[k] + b.1 * c[k]);
                        block[k] = (a.0 + turned.0, a.1 + turned.1);
                        block[k + half] = (a.0 - turned.0, a.1 - turned.1);
                    }
                }
                half *= 2;
            }
            let mut got = given;
            fft.forward(&mut got);
            assert!(got == want, "{len}");
        }
    }

    #[test]
    fn another_length_is_left_alone() {
        let mut three = [(1.0, 0.0); 3];
        Fft::new(4).forward(&mut three);
        assert_eq!(three, [(1.0, 0.0); 3]);
        assert_eq!((Fft::new(0).len(), Fft::new(5).len()), (1, 8));
    }
}
