//! By how many samples one sound is later than another.

use crate::audio::{Complex, Fft};

/// A lag and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lag {
    /// Samples by which the second sound is later than the first.
    pub samples: i64,
    /// Correlation at that lag, −1 to 1: of the part that lies over each other.
    pub correlation: f64,
}

/// Where `part`, which is heard at index `at` of `whole` when nothing is late, really stands in it: the lag
/// of the largest correlation, of either sign, among those for which `part` lies inside. `None` where one
/// of them is silent or nothing fits.
///
/// The answer is the lag of `whole` against `part`: positive when `whole` is late.
pub fn find_lag(part: &[f32], whole: &[f32], at: usize) -> Option<Lag> {
    let last = whole.len().checked_sub(part.len())?;
    if part.is_empty() {
        return None;
    }
    let correlations = correlate(part, whole)?;
    let energy = |x: &[f32]| -> f64 { x.iter().map(|&v| f64::from(v) * f64::from(v)).sum() };
    let own = energy(part);
    let mut under = energy(whole.get(..part.len())?);
    let mut best: Option<Lag> = None;
    for start in 0..=last {
        if start > 0 {
            let (out, new) = (whole.get(start - 1)?, whole.get(start + part.len() - 1)?);
            under += f64::from(*new) * f64::from(*new) - f64::from(*out) * f64::from(*out);
        }
        let norm = (own * under.max(0.0)).sqrt();
        // Next to silence a correlation is rounding.
        if under < own * 1e-4 || norm <= 0.0 {
            continue;
        }
        let correlation = correlations.get(start).copied()? / norm;
        if best.is_none_or(|best| correlation.abs() > best.correlation.abs() + 1e-9) {
            let samples = start as i64 - at as i64;
            best = Some(Lag {
                samples,
                correlation,
            });
        }
    }
    best
}

/// Transforms are at least so many times as long as the part: long ones are shared by more lags, short ones stay
/// in the caches.
const STRETCH: usize = 4;

/// `Σ part[n]·whole[n + k]` for every k for which the part lies inside, by overlapping blocks (overlap-save).
/// `None` where the part is too long for a transform.
fn correlate(part: &[f32], whole: &[f32]) -> Option<Vec<f64>> {
    let fft = Fft::shared(whole.len().min(STRETCH * part.len()));
    let lags = whole.len().checked_sub(part.len())? + 1;
    let fresh = (fft.len() + 1).checked_sub(part.len())?;
    let mut spectrum: Vec<Complex> = vec![(0.0, 0.0); fft.len()];
    for (x, &v) in spectrum.iter_mut().zip(part) {
        x.0 = f64::from(v);
    }
    fft.forward(&mut spectrum);
    let mut out = Vec::with_capacity(lags);
    let mut x: Vec<Complex> = Vec::with_capacity(fft.len());
    while out.len() < lags {
        // The whole is real, so one transform takes two blocks of it as its two parts.
        let from = |start: usize| whole.get(start..).unwrap_or_default();
        let (one, two) = (from(out.len()), from(out.len() + fresh));
        let value = |of: &[f32], i: usize| of.get(i).map_or(0.0, |&v| f64::from(v));
        x.clear();
        x.extend((0..fft.len()).map(|i| (value(one, i), value(two, i))));
        fft.forward(&mut x);
        for ((a, b), (c, d)) in x.iter_mut().zip(&spectrum) {
            // Times the conjugate of the part's.
            (*a, *b) = (*a * c + *b * d, *b * c - *a * d);
        }
        fft.inverse(&mut x);
        let found = x.get(..fresh).unwrap_or_default();
        out.extend(found.iter().map(|x| x.0).take(lags - out.len()));
        out.extend(found.iter().map(|x| x.1).take(lags - out.len()));
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(seed: u64, len: usize) -> Vec<f32> {
        let mut state = seed | 1;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / 8_388_608.0 - 1.0
        };
        (0..len).map(|_| next()).collect()
    }

    #[test]
    fn the_lag_is_exact_and_signed() {
        let whole = noise(3, 5_000);
        for (start, sign) in [(0, 1.0), (1, -1.0), (1_234, 0.5), (4_000, 1.0)] {
            let part: Vec<f32> = whole[start..start + 1_000]
                .iter()
                .map(|v| v * sign)
                .collect();
            let lag = find_lag(&part, &whole, 2_000).unwrap();
            assert_eq!(lag.samples, start as i64 - 2_000);
            assert!((lag.correlation - f64::from(sign).signum()).abs() < 1e-6);
        }
    }

    #[test]
    fn silence_has_no_lag() {
        assert_eq!(find_lag(&[0.0; 10], &[0.0; 100], 5), None);
        assert_eq!(find_lag(&[0.0; 100], &[0.0; 10], 5), None);
        assert_eq!(find_lag(&[], &[], 0), None);
    }
}
