//! The sub-block that is being filled.

use super::decode::{self, Damage};
use super::lanes::LANES;
use super::samples::Samples;

/// The sub-block being filled, interleaved, behind the history that the true-peak filter needs.
#[derive(Debug, Clone)]
pub(super) struct Stage {
    pub(super) samples: Vec<f32>,
    /// Samples in a frame.
    pub(super) stride: usize,
    /// Frames of history.
    pub(super) history: usize,
    /// Frames of the sub-block so far.
    pub(super) filled: usize,
    /// Frames of the whole sub-block.
    pub(super) room: usize,
    /// Samples of one file on their way into a frame of several.
    scratch: Vec<f32>,
}

impl Stage {
    /// Room for the longest sub-block or for what follows the end, and for the lanes past the last channel.
    pub(super) fn new(stride: usize, history: usize, longest: usize, room: usize) -> Self {
        let frames = history + longest.max(history);
        Self {
            samples: vec![0.0; (frames + 1) * stride + LANES],
            stride,
            history,
            filled: 0,
            room,
            scratch: Vec::new(),
        }
    }

    /// Puts `frames` frames of one file behind what is there.
    pub(super) fn put(
        &mut self,
        block: &Samples<'_>,
        at: usize,
        frames: usize,
        place: (usize, usize),
    ) -> Damage {
        let (first, channels) = place;
        let start = (self.history + self.filled) * self.stride;
        let end = start + frames * self.stride;
        let Some(rows) = self.samples.get_mut(start..end) else {
            return Damage::default();
        };
        if channels == self.stride {
            return block.read(at, channels, rows);
        }
        if let Samples::PlanarInts { planes, bits } = *block {
            decode::planes(planes, at, bits, rows, (first, self.stride));
            return Damage::default();
        }
        self.scratch.resize(frames * channels, 0.0);
        let damage = block.read(at, channels, &mut self.scratch);
        for channel in 0..channels {
            let from = self.scratch.iter().skip(channel).step_by(channels);
            let to = rows.iter_mut().skip(first + channel).step_by(self.stride);
            to.zip(from).for_each(|(to, from)| *to = *from);
        }
        damage
    }

    /// The frames of the sub-block.
    pub(super) fn rows(&self) -> &[f32] {
        let start = self.history * self.stride;
        &self.samples[start..start + self.filled * self.stride]
    }

    /// Keeps the last frames as history and begins a sub-block of `room` frames.
    pub(super) fn turn(&mut self, room: usize) {
        let start = self.filled * self.stride;
        self.samples
            .copy_within(start..start + self.history * self.stride, 0);
        self.filled = 0;
        self.room = room;
    }

    /// Makes silence of the next `frames` frames.
    pub(super) fn hush(&mut self, frames: usize) {
        let start = self.history * self.stride;
        if let Some(rows) = self.samples.get_mut(start..start + frames * self.stride) {
            rows.fill(0.0);
        }
    }
}
