//! A complex Fourier transform whose bits are the same everywhere.
//!
//! Radix 2, decimation in frequency forwards and in time backwards, so that nothing has to be put
//! in order in between: spectra stand in bit-reversed order, which a product does not mind.

use std::f64::consts::PI;

/// A transform of one size, a power of two.
#[derive(Debug, Clone)]
pub(super) struct Fourier {
    /// Where each frequency stands in a spectrum.
    places: Vec<usize>,
    /// For each stage, the largest first: cosines and sines of its half size.
    stages: Vec<(Vec<f64>, Vec<f64>)>,
}

impl Fourier {
    pub(super) fn new(size: usize) -> Self {
        let mut stages = Vec::new();
        let mut half = size / 2;
        while half > 0 {
            let angle = |i: usize| PI * i as f64 / half as f64;
            let (sin, cos) = (0..half).map(|i| libm::sincos(angle(i))).unzip();
            stages.push((cos, sin));
            half /= 2;
        }
        let bits = size.trailing_zeros();
        let place = |k: usize| {
            k.reverse_bits()
                .checked_shr(usize::BITS - bits)
                .unwrap_or(0)
        };
        Self {
            places: (0..size).map(place).collect(),
            stages,
        }
    }

    /// To the spectrum, in bit-reversed order.
    pub(super) fn forward(&self, re: &mut [f64], im: &mut [f64]) {
        for (cos, sin) in &self.stages {
            let half = cos.len();
            let blocks = re
                .chunks_exact_mut(2 * half)
                .zip(im.chunks_exact_mut(2 * half));
            for (re, im) in blocks {
                let ((re_a, re_b), (im_a, im_b)) = (re.split_at_mut(half), im.split_at_mut(half));
                let low = re_a.iter_mut().zip(im_a);
                let high = re_b.iter_mut().zip(im_b);
                for (((ra, ia), (rb, ib)), (c, s)) in low.zip(high).zip(cos.iter().zip(sin)) {
                    let (dr, di) = (*ra - *rb, *ia - *ib);
                    *ra += *rb;
                    *ia += *ib;
                    *rb = dr * c + di * s;
                    *ib = di * c - dr * s;
                }
            }
        }
    }

    /// Back from a spectrum in bit-reversed order; not scaled.
    pub(super) fn backward(&self, re: &mut [f64], im: &mut [f64]) {
        for (cos, sin) in self.stages.iter().rev() {
            let half = cos.len();
            let blocks = re
                .chunks_exact_mut(2 * half)
                .zip(im.chunks_exact_mut(2 * half));
            for (re, im) in blocks {
                let ((re_a, re_b), (im_a, im_b)) = (re.split_at_mut(half), im.split_at_mut(half));
                let low = re_a.iter_mut().zip(im_a);
                let high = re_b.iter_mut().zip(im_b);
                for (((ra, ia), (rb, ib)), (c, s)) in low.zip(high).zip(cos.iter().zip(sin)) {
                    let (tr, ti) = (*rb * c - *ib * s, *ib * c + *rb * s);
                    *rb = *ra - tr;
                    *ib = *ia - ti;
                    *ra += tr;
                    *ia += ti;
                }
            }
        }
    }

    /// Where each frequency stands in a spectrum.
    pub(super) fn places(&self) -> &[usize] {
        &self.places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_is_one_line_and_comes_back() {
        let fourier = Fourier::new(64);
        let tone: Vec<f64> = (0..64)
            .map(|i| libm::cos(2.0 * PI * 5.0 * f64::from(i) / 64.0))
            .collect();
        let (mut re, mut im) = (tone.clone(), vec![0.0; 64]);
        fourier.forward(&mut re, &mut im);
        for k in 0..64 {
            let wanted = if k == 5 || k == 59 { 32.0 } else { 0.0 };
            let at = fourier.places()[k];
            assert!(
                (re[at] - wanted).abs() < 1e-12 && im[at].abs() < 1e-12,
                "line {k}"
            );
        }
        fourier.backward(&mut re, &mut im);
        assert!(
            re.iter()
                .zip(&tone)
                .all(|(x, y)| (x / 64.0 - y).abs() < 1e-14)
        );
    }
}
