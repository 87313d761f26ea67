//! The search for the sample peak and the true peak of one channel.

use multiversion::multiversion;

use super::interpolate::{Envelope, Interpolator};
use super::lanes::{BLOCK, Block, Totals};
use super::overs::Overs;

/// What the search needs to know of the sub-block that it looks at.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    /// Interleaved samples: the history that the filter needs, then the sub-block.
    pub(super) samples: &'a [f32],
    /// Samples in a frame.
    pub(super) stride: usize,
    /// Frames in the sub-block.
    pub(super) frames: usize,
    /// Index of its first frame from the first one measured.
    pub(super) first: u64,
    /// Whether the frames are what follows the sound measured: they are filtered, not counted.
    pub(super) after_end: bool,
}

/// The blocks of one channel.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column<'a> {
    /// Those of eight channels.
    pub(super) blocks: &'a [Block],
    /// What they add up to; the tail is as long as the filter's reach and one block more.
    pub(super) totals: &'a Totals,
    /// Which of the eight.
    pub(super) lane: usize,
}

impl Column<'_> {
    /// The largest sample of each block and the `reach` blocks before it; before the first is `recent`.
    fn largest_in_reach(&self, reach: usize, recent: f32) -> Vec<f32> {
        let size = |block: &Block| block.peak[self.lane];
        let one = |i: usize| {
            let own = self.blocks[i.saturating_sub(reach)..=i].iter().map(size);
            own.fold(if i < reach { recent } else { 0.0 }, f32::max)
        };
        (0..self.blocks.len()).map(one).collect()
    }
}

impl View<'_> {
    /// Copies `count` samples of a channel from `at` frames into history and sub-block on, then silence up
    /// to whole blocks.
    fn column(&self, channel: usize, at: usize, count: usize, out: &mut Vec<f32>) {
        out.resize(out.len().max(count + BLOCK), 0.0);
        out[count..count + BLOCK].fill(0.0);
        let place = at * self.stride + channel;
        let samples = self.samples.get(place..).unwrap_or_default();
        pick(
            samples,
            self.stride,
            out.get_mut(..count).unwrap_or_default(),
        );
    }
}

/// Every `stride`th sample; the usual numbers of channels as fixed shuffles.
#[multiversion(targets("x86_64+avx2"))]
fn pick(samples: &[f32], stride: usize, out: &mut [f32]) {
    match stride {
        2 => pick_fixed::<2>(samples, out),
        6 => pick_fixed::<6>(samples, out),
        8 => pick_fixed::<8>(samples, out),
        10 => pick_fixed::<10>(samples, out),
        12 => pick_fixed::<12>(samples, out),
        _ => {
            for (sample, frame) in out.iter_mut().zip(samples.chunks(stride)) {
                *sample = frame[0];
            }
        }
    }
}

#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "must be compiled anew inside each version of `pick`"
)]
fn pick_fixed<const STRIDE: usize>(samples: &[f32], out: &mut [f32]) {
    for (sample, frame) in out.iter_mut().zip(samples.as_chunks::<STRIDE>().0) {
        *sample = frame[0];
    }
}

/// The running peaks of one channel.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ChannelPeak {
    /// Largest sample magnitude, full scale 1.
    pub(super) sample: f32,
    /// Frame of the first sample that has it.
    pub(super) sample_at: u64,
    /// Largest magnitude of the signal at and between the samples.
    pub(super) peak: f32,
    /// Frame in which it stands or which it follows.
    pub(super) peak_at: u64,
    /// Places above the limit, where one is set.
    pub(super) overs: Option<Overs>,
    /// Largest magnitude among at least the frames of history before the next sub-block.
    recent: f32,
    /// Outputs before this frame belong to what came before the sound measured.
    begin: u64,
    /// The channel's samples on their way to the filter, kept for their memory.
    column: Vec<f32>,
}

impl ChannelPeak {
    pub(super) const fn new(overs: Option<Overs>) -> Self {
        Self {
            sample: 0.0,
            sample_at: 0,
            peak: 0.0,
            peak_at: 0,
            overs,
            recent: 0.0,
            begin: 0,
            column: Vec::new(),
        }
    }

    /// Says that true neighbours, none louder than `recent`, stand before the first frame.
    pub(super) fn after(&mut self, recent: f32, filter: &Interpolator) {
        self.recent = recent;
        self.begin = filter.delay as u64;
    }

    /// The level that a block must be able to exceed to be worth filtering.
    fn threshold(&self) -> f32 {
        let limit = self.overs.as_ref().map_or(f32::MAX, Overs::limit);
        self.peak.min(limit)
    }

    /// Looks at a sub-block whose blocks and their largest samples are known.
    ///
    /// The bound of [`Interpolator`] holds for the largest sample of a block and of the history before it,
    /// so a block for which it does not exceed the threshold cannot change the result.
    pub(super) fn search(
        &mut self,
        view: View<'_>,
        column: Column<'_>,
        channel: usize,
        filter: &Interpolator,
    ) {
        let top = column.totals.peak[column.lane];
        if top > self.sample && !view.after_end {
            self.take_sample_peak(view, top, channel, filter);
        }
        if top.max(self.recent) * filter.bound > self.threshold() {
            let largest = column.largest_in_reach(filter.reach(), self.recent);
            self.search_blocks(view, &largest, channel, filter);
        }
        // The tail is the history of the next sub-block, unless it is shorter than that.
        let is_short = column.blocks.len() <= filter.reach();
        let before = if is_short { self.recent } else { 0.0 };
        self.recent = column.totals.tail[column.lane].max(before);
    }

    /// Filters the blocks whose largest sample in reach could make a new peak. Neighbours share one column.
    fn search_blocks(
        &mut self,
        view: View<'_>,
        largest: &[f32],
        channel: usize,
        filter: &Interpolator,
    ) {
        let mut column = std::mem::take(&mut self.column);
        let mut envelope = Envelope::default();
        let mut next = 0;
        while let Some(skipped) = largest[next..]
            .iter()
            .position(|&v| v * filter.bound > self.threshold())
        {
            let first = next + skipped;
            let wanted = |v: &&f32| **v * filter.bound > self.threshold();
            next = first + largest[first..].iter().take_while(wanted).count();
            let frames = (next * BLOCK).min(view.frames) - first * BLOCK;
            view.column(
                channel,
                first * BLOCK,
                filter.history() + frames,
                &mut column,
            );
            for (i, &v) in largest[first..next].iter().enumerate() {
                let Some(x) = column.get(i * BLOCK..) else {
                    break;
                };
                if filter.may_exceed(x, v, self.threshold()) {
                    let count = BLOCK.min(frames - i * BLOCK);
                    let newest = view.first + ((first + i) * BLOCK) as u64;
                    filter.envelope(x, &mut envelope);
                    if envelope.top > self.threshold() {
                        self.take_sizes(&envelope.sizes[..count], newest, view, filter);
                    }
                }
            }
        }
        self.column = column;
    }

    /// A new sample peak; it is a candidate for the true peak because phase 0 is the sample itself.
    fn take_sample_peak(
        &mut self,
        view: View<'_>,
        top: f32,
        channel: usize,
        filter: &Interpolator,
    ) {
        view.column(channel, filter.history(), view.frames, &mut self.column);
        let place = self.column.iter().position(|v| v.abs() == top);
        self.sample = top;
        self.sample_at = view.first + place.unwrap_or_default() as u64;
        if top > self.peak {
            self.peak = top;
            self.peak_at = self.sample_at;
        }
    }

    /// Takes the magnitudes of consecutive outputs, the first of which has its newest sample at `newest`.
    fn take_sizes(&mut self, sizes: &[f32], newest: u64, view: View<'_>, filter: &Interpolator) {
        let last = if view.after_end {
            view.first.saturating_sub(1)
        } else {
            u64::MAX
        };
        for (n, &size) in (newest..).zip(sizes) {
            if n < self.begin {
                continue;
            }
            let at = n.saturating_sub(filter.delay as u64).min(last);
            if size > self.peak {
                self.peak = size;
                self.peak_at = at;
            }
            if let Some(overs) = &mut self.overs {
                overs.note(at, size);
            }
        }
    }
}
