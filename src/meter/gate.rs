//! The gated figures: integrated loudness and loudness range.

use serde::Serialize;

use super::energy::{Hop, Stretch, Window, loudness, mean_of};
use crate::audio::{LoudnessUnits, Lufs};

/// The absolute gate of BS.1770-5 Annex 1 and of Tech 3342.
pub(super) const ABSOLUTE: Lufs = Lufs::new(-70.0);

/// The relative gate of BS.1770-5 Annex 1, under the loudness of what passed the absolute one.
const RELATIVE: LoudnessUnits = LoudnessUnits::new(-10.0);

/// The relative gate of Tech 3342 §3.1.
const RANGE_RELATIVE: LoudnessUnits = LoudnessUnits::new(-20.0);

/// Percentiles of Tech 3342 §3.1 that are the low and the high end of the range.
const RANGE_ENDS: [usize; 2] = [10, 95];

/// Loudness range, EBU Tech 3342 v4.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LoudnessRange {
    /// The range.
    pub lu: LoudnessUnits,
    /// Its low end, the 10th percentile.
    pub low: Lufs,
    /// Its high end, the 95th percentile.
    pub high: Lufs,
    /// How many 3 s windows passed both gates.
    pub count: usize,
}

impl Stretch<'_> {
    /// Integrated loudness, BS.1770-5 Annex 1: 400 ms blocks every 100 ms from the first sample, those
    /// above −70 LUFS, of those the ones above their mean less 10 LU. `None` when no block passes.
    pub fn integrated(self) -> Option<Lufs> {
        let means: Vec<f64> = self
            .readings(Window::Momentary, Hop::Tenth)
            .map(|reading| reading.mean)
            .collect();
        integrated(&means)
    }

    /// Loudness range, Tech 3342 v4 §3: 3 s windows every 100 ms (they overlap by 2.9 s), those not under
    /// −70 LUFS, of those the ones not under their mean less 20 LU. `None` when no window passes.
    pub fn loudness_range(self) -> Option<LoudnessRange> {
        let means = self
            .readings(Window::ShortTerm, Hop::Tenth)
            .map(|reading| reading.mean)
            .collect();
        range(means)
    }
}

/// Integrated loudness of the mean squares of gating blocks.
pub(super) fn integrated(blocks: &[f64]) -> Option<Lufs> {
    let above = |gate: f64| move |mean: &f64| *mean > gate;
    let absolute = mean_of(ABSOLUTE);
    let first = mean(blocks.iter().copied().filter(above(absolute)))?;
    let gate = absolute.max(first * libm::pow(10.0, RELATIVE.value() / 10.0));
    loudness(mean(blocks.iter().copied().filter(above(gate)))?)
}

/// Loudness range of the mean squares of 3 s windows.
pub(super) fn range(mut windows: Vec<f64>) -> Option<LoudnessRange> {
    let absolute = mean_of(ABSOLUTE);
    windows.retain(|&mean| mean >= absolute);
    let gate = mean(windows.iter().copied())? * libm::pow(10.0, RANGE_RELATIVE.value() / 10.0);
    windows.retain(|&mean| mean >= gate);
    windows.sort_unstable_by(f64::total_cmp);
    let last = windows.len().checked_sub(1)?;
    // sorted[round((n−1)·p/100)], ties up, as the code of Tech 3342 §5.
    let [low, high] = RANGE_ENDS.map(|p| windows.get((last * p + 50) / 100).copied());
    let (low, high) = (loudness(low?)?, loudness(high?)?);
    Some(LoudnessRange {
        lu: LoudnessUnits::new(high.value() - low.value()),
        low,
        high,
        count: windows.len(),
    })
}

/// The mean of so many values; `None` of none.
pub(super) fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0_u64);
    for value in values {
        sum += value;
        count += 1;
    }
    (count > 0).then(|| sum / count as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks of these loudnesses.
    fn blocks(levels: &[f64]) -> Vec<f64> {
        levels
            .iter()
            .map(|&level| mean_of(Lufs::new(level)))
            .collect()
    }

    fn check(levels: &[f64], expected: Option<f64>) {
        let got = integrated(&blocks(levels)).map(Lufs::value);
        match (got, expected) {
            (Some(got), Some(expected)) => assert!((got - expected).abs() < 1e-9, "{got}"),
            (got, expected) => assert_eq!(got, expected, "{levels:?}"),
        }
    }

    #[test]
    fn both_gates_are_strict() {
        check(&[], None);
        check(&[-70.0 - 1e-9], None);
        check(&[-69.0, -80.0], Some(-69.0));
        check(&[-20.0, -20.0, -32.0], Some(-20.0));
        check(
            &[-20.0, -28.0, -20.0],
            Some(10.0 * libm::log10((2.0 + libm::pow(10.0, -0.8)) / 3.0) - 20.0),
        );
        // The relative gate never goes under the absolute one.
        check(&[-65.0, -71.0], Some(-65.0));
    }

    #[test]
    fn the_range_names_its_ends() {
        let levels: Vec<f64> = (0..=100).map(|i| -30.0 + f64::from(i) / 10.0).collect();
        let got = range(blocks(&levels)).unwrap();
        assert!((got.low.value() + 29.0).abs() < 1e-9);
        assert!((got.high.value() + 20.5).abs() < 1e-9);
        assert_eq!(got.count, 101);
        assert_eq!(range(blocks(&[-71.0])), None);
        assert_eq!(range(blocks(&[-25.0])).unwrap().lu.value(), 0.0);
    }
}
