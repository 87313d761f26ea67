//! The search for the sample peak and the true peak of one channel.

use super::interpolate::{Interpolator, MAX_TAPS, Stretch};
use super::lanes::{BLOCK, Block};
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

impl View<'_> {
    /// The sample of a channel `at` frames into history and sub-block; silence past the end.
    fn sample(&self, at: usize, channel: usize) -> f32 {
        let place = at * self.stride + channel;
        self.samples.get(place).copied().unwrap_or_default()
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

    /// Looks at a sub-block whose blocks and their largest samples are known: those of this channel of
    /// the bank stand in this lane.
    ///
    /// The bound of [`Interpolator`] holds for the largest sample of a block and of the history before it,
    /// so a block for which it does not exceed the threshold cannot change the result.
    pub(super) fn search(
        &mut self,
        view: View<'_>,
        blocks: &[Block],
        (channel, lane): (usize, usize),
        filter: &Interpolator,
    ) {
        let size = |b: &Block| b.peak.get(lane).copied().unwrap_or_default();
        let top = blocks.iter().map(size).fold(0.0, f32::max);
        if top > self.sample && !view.after_end {
            self.take_sample_peak(view, top, channel, filter);
        }
        let reach = filter.history().div_ceil(BLOCK);
        if top.max(self.recent) * filter.bound > self.threshold() {
            for i in 0..blocks.len() {
                let own = blocks[i.saturating_sub(reach)..=i].iter().map(size);
                let before = if i < reach { self.recent } else { 0.0 };
                let largest = own.fold(before, f32::max);
                if largest * filter.bound > self.threshold() {
                    self.filter_block(view, i * BLOCK, channel, filter);
                }
            }
        }
        let tail = blocks.len().saturating_sub(reach + 1);
        let before = if tail == 0 { self.recent } else { 0.0 };
        self.recent = blocks[tail..].iter().map(size).fold(before, f32::max);
    }

    /// A new sample peak; it is a candidate for the true peak because phase 0 is the sample itself.
    fn take_sample_peak(
        &mut self,
        view: View<'_>,
        top: f32,
        channel: usize,
        filter: &Interpolator,
    ) {
        let history = filter.history();
        let place = (0..view.frames).find(|&n| view.sample(history + n, channel).abs() == top);
        self.sample = top;
        self.sample_at = view.first + place.unwrap_or_default() as u64;
        if top > self.peak {
            self.peak = top;
            self.peak_at = self.sample_at;
        }
    }

    /// Filters the block that begins `start` frames into the sub-block.
    fn filter_block(
        &mut self,
        view: View<'_>,
        start: usize,
        channel: usize,
        filter: &Interpolator,
    ) {
        let frames = BLOCK.min(view.frames - start);
        let mut x: Stretch = [0.0; MAX_TAPS - 1 + BLOCK];
        let place = start * view.stride + channel;
        let column = view.samples.get(place..).unwrap_or_default();
        let column = column.iter().step_by(view.stride);
        for (sample, &v) in x.iter_mut().zip(column).take(filter.history() + frames) {
            *sample = v;
        }
        let envelope = filter.envelope(&x);
        let newest = view.first + start as u64;
        let last = if view.after_end {
            view.first.saturating_sub(1)
        } else {
            u64::MAX
        };
        for (i, &size) in envelope.iter().enumerate().take(frames) {
            let n = newest + i as u64;
            if size <= self.threshold() || n < self.begin {
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
