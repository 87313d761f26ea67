//! One block of one output: its samples and what it lost.

use super::quantise::Lost;

/// What a block of one output lost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OutputStats {
    /// Samples set to full scale.
    pub saturated: u64,
    /// The sample frame of the output in which the first of them stands.
    pub first_saturated: Option<u64>,
    /// Samples that were not numbers.
    pub not_numbers: u64,
}

/// One block of one output.
#[derive(Debug, Default)]
pub(super) struct OutputBlock {
    pub(super) planes: Vec<Vec<i32>>,
    /// The stem that alone sounds in a composite: its samples stand for those of `planes`.
    pub(super) same_as: Option<usize>,
    pub(super) silent: bool,
    pub(super) stats: OutputStats,
}

impl OutputStats {
    /// These and those of a later block.
    pub(super) fn add(&mut self, later: Self) {
        self.saturated += later.saturated;
        self.first_saturated = self.first_saturated.or(later.first_saturated);
        self.not_numbers += later.not_numbers;
    }
}

impl Lost {
    /// What a block that starts at `start` lost.
    pub(super) fn stats(self, start: u64) -> OutputStats {
        OutputStats {
            saturated: self.saturated,
            first_saturated: self.first.map(|frame| start + frame as u64),
            not_numbers: self.not_numbers,
        }
    }
}

impl OutputBlock {
    /// Makes it ready for a block of which nothing is known.
    pub(super) fn resize(&mut self, channels: usize, frames: usize) {
        self.planes.resize_with(channels, Vec::new);
        for plane in &mut self.planes {
            plane.resize(frames, 0);
        }
        self.silent = true;
        self.same_as = None;
        self.stats = OutputStats::default();
    }

    /// Nothing sounds.
    pub(super) fn hush(&mut self) {
        self.planes.iter_mut().for_each(|plane| plane.fill(0));
    }
}
