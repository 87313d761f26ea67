//! The grid of 10 ms sub-blocks on which everything is summed.

use crate::audio::SampleRate;

/// Sub-blocks in a second. 10 ms divides the 400 ms and 3 s windows and their hop of 100 ms.
const PER_SECOND: u128 = 100;

/// Where the sub-blocks of a rate begin, in sample frames.
///
/// Sub-block `k` begins at `floor(k·rate/100 + 1/2)`, always from the absolute position: at rates
/// where 10 ms is not a whole number of samples (47,952 Hz has 479.52) the lengths alternate and
/// never drift, and a window of 400 ms is 400 ms "to the nearest sample" (BS.1770-5 Annex 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Grid {
    rate: SampleRate,
}

impl Grid {
    pub(super) const fn new(rate: SampleRate) -> Self {
        Self { rate }
    }

    /// First sample frame of sub-block `k`, counted from the first one measured.
    pub(super) const fn edge(self, k: u64) -> u64 {
        let twice = 2 * k as u128 * self.rate.hertz() as u128;
        ((twice + PER_SECOND) / (2 * PER_SECOND)) as u64
    }

    /// Sample frames in the `count` sub-blocks from `k` on.
    pub(super) const fn frames(self, k: u64, count: u64) -> u64 {
        self.edge(k + count) - self.edge(k)
    }

    /// The most sample frames that one sub-block of this rate can have.
    pub(super) const fn longest(self) -> usize {
        self.rate.hertz() as usize / PER_SECOND as usize + 1
    }

    /// The first sub-block that begins at or after this sample frame.
    pub(super) fn first_from(self, frame: u64) -> u64 {
        // edge(k) ≥ frame  ⇔  k·rate/100 ≥ frame − 1/2.
        let twice = (2 * u128::from(frame)).saturating_sub(1);
        (twice * PER_SECOND).div_ceil(2 * u128::from(self.rate.hertz())) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_never_drift() {
        for rate in [
            1, 99, 8_000, 32_000, 44_056, 44_100, 47_952, 48_000, 48_048, 192_000,
        ] {
            let grid = Grid::new(SampleRate::new(rate).unwrap());
            assert_eq!(grid.edge(0), 0);
            assert_eq!(grid.edge(100 * 7_200), u64::from(rate) * 7_200);
            for k in 0..1_000 {
                let exact = k as f64 * f64::from(rate) / 100.0;
                assert!((grid.edge(k) as f64 - exact).abs() <= 0.5, "{rate} {k}");
                assert!(grid.frames(k, 1) <= grid.longest() as u64);
                let first = grid.first_from(grid.edge(k));
                assert!(first <= k && grid.edge(first) == grid.edge(k));
                let next = grid.first_from(grid.edge(k) + 1);
                assert!(grid.edge(next) > grid.edge(k));
            }
        }
    }
}
