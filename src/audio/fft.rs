//! A small Fourier transform: the same bits on every machine.
//!
//! Radix 2, in place, double precision, twiddles from `libm`, no fused multiply-add, one fixed order.

use std::f64::consts::TAU;

/// A complex number: real and imaginary part.
pub type Complex = (f64, f64);

/// The transforms of one length.
#[derive(Debug, Clone)]
pub struct Fft {
    /// `exp(−2πi·k/n)` for the first half of a turn.
    twiddles: Vec<Complex>,
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
        Self {
            twiddles: (0..len / 2).map(twiddle).collect(),
            len,
        }
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
        reverse(x);
        let mut half = 1;
        while half < self.len {
            let step = self.len / (2 * half);
            for block in x.chunks_exact_mut(2 * half) {
                let (low, high) = block.split_at_mut(half);
                let twiddles = self.twiddles.iter().step_by(step);
                for ((a, b), &(c, s)) in low.iter_mut().zip(high).zip(twiddles) {
                    let turned = (b.0 * c - b.1 * s, b.0 * s + b.1 * c);
                    *b = (a.0 - turned.0, a.1 - turned.1);
                    *a = (a.0 + turned.0, a.1 + turned.1);
                }
            }
            half *= 2;
        }
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

/// Puts every point where its index has its bits in reverse order.
fn reverse(x: &mut [Complex]) {
    let bits = x.len().trailing_zeros();
    if bits == 0 {
        return;
    }
    for i in 0..x.len() {
        let j = i.reverse_bits() >> (usize::BITS - bits);
        if i < j {
            x.swap(i, j);
        }
    }
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
    fn another_length_is_left_alone() {
        let mut three = [(1.0, 0.0); 3];
        Fft::new(4).forward(&mut three);
        assert_eq!(three, [(1.0, 0.0); 3]);
        assert_eq!((Fft::new(0).len(), Fft::new(5).len()), (1, 8));
    }
}
