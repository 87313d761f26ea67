//! One pass over the samples of one or several files at once.

use super::energy::Energies;
use super::grid::Grid;
use super::interpolate::Interpolator;
use super::kweight::{KWeight, has_loudness};
use super::lanes::{self, Block, LANES, LaneState, Rows};
use super::leq_m::LeqMMeter;
use super::measurement::Measurement;
use super::overs::Overs;
use super::peak::{ChannelPeak, Column, View};
use super::samples::Samples;
use super::spec::{MAX_CHANNELS, MeterError, MeterSpec};
use super::stage::Stage;

/// Meters of files that run side by side: the stems, composites and mix of a render.
///
/// Their channels share the lanes of the vectors, so four stereo files cost little more than one. Each
/// file's figures are to the bit those of a [`Meter`](super::Meter) of its own. Sound is taken in order of
/// time in blocks of any length; how it is cut into blocks changes no bit of any figure.
#[derive(Debug, Clone)]
pub struct Bank {
    grid: Grid,
    weighting: KWeight,
    filter: Interpolator,
    programmes: Vec<Programme>,
    /// Channels of all programmes, one after another.
    channels: Vec<ChannelPeak>,
    states: Vec<LaneState>,
    stage: Stage,
    /// Index of the sub-block being filled.
    sub_block: u64,
    /// The blocks of eight channels, kept for their memory.
    blocks: Vec<Block>,
    /// Weighted energy and largest sample of each channel in the sub-block.
    levels: Vec<(f64, f32)>,
}

/// What is kept of one file.
#[derive(Debug, Clone)]
pub(super) struct Programme {
    pub(super) spec: MeterSpec,
    /// Its first channel among those of the bank.
    first: usize,
    weights: Vec<f64>,
    pub(super) energies: Energies,
    pub(super) leq_m: Option<LeqMMeter>,
    /// First and last frame with a sample that is not zero.
    pub(super) sound: Option<(u64, u64)>,
    pub(super) damage: Damages,
}

/// Samples of a file that were no numbers.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Damages {
    pub(super) count: u64,
    /// Frame and channel of the first.
    pub(super) first: Option<(u64, usize)>,
}

impl Bank {
    /// A meter for each of the files.
    ///
    /// # Errors
    /// No channels, more than [`MAX_CHANNELS`], or files of different rates or filters.
    pub fn new(specs: &[MeterSpec]) -> Result<Self, MeterError> {
        let first = specs.first().ok_or(MeterError::NoChannels)?;
        let total: usize = specs.iter().map(|spec| spec.positions.len()).sum();
        if specs.iter().any(|spec| spec.positions.is_empty()) {
            return Err(MeterError::NoChannels);
        }
        if total > MAX_CHANNELS {
            return Err(MeterError::TooManyChannels(total));
        }
        let same = |spec: &MeterSpec| spec.rate == first.rate && spec.true_peak == first.true_peak;
        if !specs.iter().all(same) {
            return Err(MeterError::Differ);
        }
        let grid = Grid::new(first.rate);
        let filter = Interpolator::new(first.true_peak);
        let room = grid.frames(0, 1) as usize;
        let overs = |spec: &MeterSpec| spec.overs_limit.map(|limit| Overs::new(limit, spec.rate));
        Ok(Self {
            grid,
            weighting: KWeight::new(first.rate),
            stage: Stage::new(total, filter.history(), grid.longest(), room),
            filter,
            channels: specs
                .iter()
                .flat_map(|spec| vec![ChannelPeak::new(overs(spec)); spec.positions.len()])
                .collect(),
            programmes: programmes(specs),
            states: vec![LaneState::default(); total.div_ceil(LANES)],
            sub_block: 0,
            blocks: Vec::new(),
            levels: vec![(0.0, 0.0); total],
        })
    }

    /// Gives the search for the true peak the sound that stands before the first frame (the end of the
    /// reel before), one block for each file. Without it the sound begins out of silence. Only the last few
    /// frames matter; nothing of it is counted. To be called before the first push.
    ///
    /// # Errors
    /// As for [`push`](Self::push).
    pub fn pre_roll(&mut self, blocks: &[Samples<'_>]) -> Result<(), MeterError> {
        let frames = self.check(blocks)?;
        let taken = frames.min(self.stage.history);
        self.place(blocks, frames - taken, taken, false);
        // As if it had been the end of a sub-block.
        self.stage.filled = taken;
        for (i, channel) in self.channels.iter_mut().enumerate() {
            let column = self.stage.rows().iter().skip(i).step_by(self.stage.stride);
            let recent = column.fold(0.0, |top: f32, v| top.max(v.abs()));
            channel.after(recent, &self.filter);
        }
        self.stage.turn(self.stage.room);
        Ok(())
    }

    /// Measures the next block of every file, one for each in the order of the specs.
    ///
    /// # Errors
    /// When blocks are missing, differ in length, or end inside a frame; nothing is measured then.
    pub fn push(&mut self, blocks: &[Samples<'_>]) -> Result<(), MeterError> {
        let frames = self.check(blocks)?;
        let mut at = 0;
        while at < frames {
            let taken = (self.stage.room - self.stage.filled).min(frames - at);
            self.place(blocks, at, taken, true);
            self.stage.filled += taken;
            at += taken;
            while self.stage.filled == self.stage.room {
                self.close();
            }
        }
        Ok(())
    }

    /// The figures of every file, in the order of the specs.
    pub fn finish(self) -> Vec<Measurement> {
        self.end(None)
    }

    /// The same where the sound goes on (with the next reel): `blocks` is what follows, one for each file. It
    /// is the true neighbour of the last samples for the true peak; nothing of it is counted.
    ///
    /// # Errors
    /// As for [`push`](Self::push).
    pub fn finish_before(self, blocks: &[Samples<'_>]) -> Result<Vec<Measurement>, MeterError> {
        let frames = self.check(blocks)?;
        Ok(self.end(Some((blocks, frames))))
    }

    /// Sample frames measured so far.
    fn length(&self) -> u64 {
        self.grid.edge(self.sub_block) + self.stage.filled as u64
    }

    /// The number of frames that all blocks have.
    fn check(&self, blocks: &[Samples<'_>]) -> Result<usize, MeterError> {
        let wrong = MeterError::Blocks {
            meters: self.programmes.len(),
        };
        if blocks.len() != self.programmes.len() {
            return Err(wrong);
        }
        let mut frames = None;
        for (block, programme) in blocks.iter().zip(&self.programmes) {
            let here = block.frames(programme.weights.len())?;
            if *frames.get_or_insert(here) != here {
                return Err(wrong);
            }
        }
        frames.ok_or(wrong)
    }

    /// Puts `frames` frames of every file on the stage, and notes what is damaged among those that count.
    fn place(&mut self, blocks: &[Samples<'_>], at: usize, frames: usize, counts: bool) {
        let start = self.length();
        for (block, programme) in blocks.iter().zip(&mut self.programmes) {
            let channels = programme.weights.len();
            let damage = self
                .stage
                .put(block, at, frames, (programme.first, channels));
            if let (true, Some(index)) = (counts, damage.first) {
                let place = (start + (index / channels) as u64, index % channels);
                programme.damage.count += damage.count;
                programme.damage.first.get_or_insert(place);
            }
        }
    }

    /// Measures the full sub-block on the stage and begins the next.
    fn close(&mut self) {
        self.measure(self.grid.edge(self.sub_block), false);
        self.count();
        for programme in &mut self.programmes {
            let range = programme.first..programme.first + programme.weights.len();
            let levels = self.levels.get(range).unwrap_or_default();
            // Always in the order of the channels.
            let weighted = levels.iter().zip(&programme.weights);
            let sum = weighted.map(|(level, weight)| level.0 * weight).sum();
            programme.energies.push(sum, loudest(levels));
        }
        self.sub_block += 1;
        let room = self.grid.frames(self.sub_block, 1) as usize;
        self.stage.turn(room);
    }

    /// Filters what is on the stage, which begins at frame `first`, and searches it for peaks.
    fn measure(&mut self, first: u64, after_end: bool) {
        let quiet = self.is_quiet();
        let Stage {
            stride,
            history,
            filled,
            ..
        } = self.stage;
        let view = View {
            samples: &self.stage.samples,
            stride,
            frames: filled,
            first,
            after_end,
        };
        for (group, state) in self.states.iter_mut().enumerate() {
            let channel = group * LANES;
            let start = history * stride + channel;
            let rows = Rows {
                samples: self.stage.samples.get(start..).unwrap_or_default(),
                stride,
                frames: filled,
            };
            if quiet {
                lanes::rest(rows, &mut self.blocks);
            } else {
                lanes::weigh(rows, &self.weighting, state, &mut self.blocks);
            }
            let totals = lanes::totals(&self.blocks, self.filter.reach() + 1);
            let channels = self.channels.iter_mut().zip(&mut self.levels);
            for (lane, (peak, level)) in channels.skip(channel).take(LANES).enumerate() {
                let column = Column {
                    blocks: &self.blocks,
                    totals: &totals,
                    lane,
                };
                peak.search(view, column, channel + lane, &self.filter);
                *level = (
                    totals.energy[lane] * self.weighting.energy_gain,
                    totals.peak[lane],
                );
            }
        }
    }

    /// Whether the sub-block is digital silence and leaves the filters at rest: stems often are.
    fn is_quiet(&self) -> bool {
        self.states.iter().all(LaneState::is_rest) && self.stage.rows().iter().all(|&v| v == 0.0)
    }

    /// Takes what is on the stage into the figures that are not made of whole sub-blocks.
    fn count(&mut self) {
        let (rows, stride) = (self.stage.rows(), self.stage.stride);
        let start = self.grid.edge(self.sub_block);
        for programme in &mut self.programmes {
            let range = programme.first..programme.first + programme.weights.len();
            if let Some(leq_m) = &mut programme.leq_m {
                leq_m.push(rows, stride, programme.first);
            }
            if loudest(self.levels.get(range.clone()).unwrap_or_default()) > 0.0 {
                let sounds = |frame: &[f32]| frame[range.clone()].iter().any(|&v| v != 0.0);
                let frames = rows.chunks_exact(stride);
                let last = frames.clone().rposition(sounds).unwrap_or_default() as u64;
                let first = match programme.sound {
                    Some((first, _)) => first,
                    None => start + frames.clone().position(sounds).unwrap_or_default() as u64,
                };
                programme.sound = Some((first, start + last));
            }
        }
    }

    /// Measures the peaks of the unfinished sub-block and of the filter's way out of the sound.
    fn end(mut self, after: Option<(&[Samples<'_>], usize)>) -> Vec<Measurement> {
        let length = self.length();
        self.measure(self.grid.edge(self.sub_block), false);
        self.count();
        self.stage.turn(0);
        self.stage.hush(self.stage.history);
        let mut frames = self.stage.history;
        if let Some((blocks, given)) = after {
            // The last sample's own instants and those up to the next one need half the filter.
            frames = self.filter.delay;
            self.place(blocks, 0, frames.min(given), false);
        }
        self.stage.filled = frames;
        self.measure(length, true);
        let mut channels = self.channels.into_iter();
        let files = self.programmes.into_iter();
        files
            .map(|programme| {
                let own = channels.by_ref().take(programme.weights.len()).collect();
                Measurement::new(programme, own, length)
            })
            .collect()
    }
}

fn programmes(specs: &[MeterSpec]) -> Vec<Programme> {
    let mut first = 0;
    let programme = |spec: &MeterSpec| {
        let weights = spec.positions.weights(spec.dual_mono);
        let this = Programme {
            first,
            energies: Energies::new(spec.rate),
            leq_m: (spec.leq_m && has_loudness(spec.rate))
                .then(|| LeqMMeter::new(spec.rate, &spec.positions)),
            sound: None,
            damage: Damages::default(),
            spec: spec.clone(),
            weights,
        };
        first += this.weights.len();
        this
    };
    specs.iter().map(programme).collect()
}

/// The largest sample of several channels.
fn loudest(levels: &[(f64, f32)]) -> f32 {
    levels.iter().map(|level| level.1).fold(0.0, f32::max)
}

#[cfg(test)]
mod tests {
    use super::super::spec::{Positions, TruePeakFilter};
    use super::*;
    use crate::audio::{DbTp, SampleRate};
    use proptest::prelude::*;

    /// Noise with a level, a colour and a polarity of its own in every stretch of a few hundred samples.
    fn signal(seed: u64, levels: &[(u8, u8, u16)]) -> Vec<f32> {
        let mut state = seed | 1;
        let mut random = move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / 8_388_608.0 - 1.0
        };
        let mut last = 0.0_f32;
        let mut out = Vec::new();
        for &(level, keep, frames) in levels {
            let (level, keep) = (f32::from(level) / 255.0, f32::from(keep) / 256.0);
            for _ in 0..2 * frames {
                last = keep * last + (1.0 - keep) * random();
                out.push(level * last);
            }
        }
        out
    }

    fn measure(
        samples: &[f32],
        dense: bool,
        true_peak: TruePeakFilter,
        limit: Option<DbTp>,
    ) -> Measurement {
        let spec = MeterSpec {
            true_peak,
            overs_limit: limit,
            ..MeterSpec::new(SampleRate::HZ_48000, Positions::Discrete(2))
        };
        let mut bank = Bank::new(&[spec]).unwrap();
        if dense {
            bank.filter = bank.filter.dense();
        }
        bank.push(&[Samples::Floats(samples)]).unwrap();
        bank.finish().pop().unwrap()
    }

    proptest! {
        #[test]
        fn the_pruned_search_is_the_dense_one(
            seed: u64,
            levels in prop::collection::vec((any::<u8>(), any::<u8>(), 1_u16..700), 1..12),
            limit in prop::option::of(-30.0..0.0_f64),
        ) {
            let samples = signal(seed, &levels);
            for filter in [TruePeakFilter::Standard4x48, TruePeakFilter::Precise16x] {
                let limit = limit.map(DbTp::new);
                let pruned = measure(&samples, false, filter, limit);
                let dense = measure(&samples, true, filter, limit);
                prop_assert_eq!(pruned.channels, dense.channels);
                prop_assert_eq!(pruned.overs, dense.overs);
            }
        }
    }
}
