//! One block of every output: its samples and what it lost.

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

/// One block of every output: stems, then composites.
#[derive(Debug, Default)]
pub(super) struct Drawn {
    pub(super) outputs: Vec<OutputBlock>,
    /// A plane without sound, of the block's length.
    silence: Vec<i32>,
}

/// One block of one output.
#[derive(Debug, Default)]
pub(super) struct OutputBlock {
    channels: usize,
    /// One a channel; what an earlier block left where nothing sounds, or where another output stands
    /// for this one.
    pub(super) planes: Vec<Vec<i32>>,
    /// The output whose samples stand for those of `planes`: that of a composite's only sounding stem, or
    /// of another composite with the same sum.
    pub(super) same_as: Option<usize>,
    pub(super) silent: bool,
    pub(super) stats: OutputStats,
}

impl Drawn {
    /// Makes it ready for a block of so many outputs.
    pub(super) fn start(&mut self, outputs: usize, frames: usize) {
        self.outputs.resize_with(outputs, OutputBlock::default);
        self.silence.resize(frames, 0);
    }

    /// The samples of an output, one plane a channel.
    pub(super) fn planes(&self, output: usize) -> Vec<&[i32]> {
        let Some(block) = self.outputs.get(self.origin(output)) else {
            return Vec::new();
        };
        if block.silent {
            return vec![&self.silence; block.channels];
        }
        block.planes.iter().map(Vec::as_slice).collect()
    }

    /// A plane without sound, of the block's length.
    pub(super) fn silence(&self) -> &[i32] {
        &self.silence
    }

    /// The output in whose planes the samples of an output stand.
    pub(super) fn origin(&self, output: usize) -> usize {
        let block = self.outputs.get(output);
        block.and_then(|block| block.same_as).unwrap_or(output)
    }

    /// Whether all samples of an output are zero.
    pub(super) fn is_silent(&self, output: usize) -> bool {
        self.outputs.get(output).is_none_or(|block| block.silent)
    }

    /// What an output lost.
    pub(super) fn stats(&self, output: usize) -> OutputStats {
        let block = self.outputs.get(output);
        block.map_or_else(OutputStats::default, |block| block.stats)
    }
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
    /// Makes it ready for a block in which nothing sounds yet.
    pub(super) fn start(&mut self, channels: usize) {
        self.channels = channels;
        self.silent = true;
        self.same_as = None;
        self.stats = OutputStats::default();
    }

    /// Takes the samples of output `number`, and what it lost where that is a composite: what a stem lost
    /// is told of the stem alone.
    pub(super) fn stand_for(&mut self, number: usize, twin: &Self, composite: bool) {
        self.silent = twin.silent;
        self.same_as = twin.same_as.or(Some(number));
        if composite {
            self.stats = twin.stats;
        }
    }

    /// Makes room for what sounds. What stands in the planes is to be written over.
    pub(super) fn sound(&mut self, frames: usize) -> &mut [Vec<i32>] {
        self.silent = false;
        self.planes.resize_with(self.channels, Vec::new);
        for plane in &mut self.planes {
            plane.resize(frames, 0);
        }
        &mut self.planes
    }
}
