//! A source read through a kernel.

use std::ops::Range;
use std::sync::Arc;

use super::MediaError;
use super::kernel::{Kernel, dot};
use crate::audio::SampleRate;
use crate::media::source::{AudioSource, Planar, Scratch, check_channels, check_range};

/// Another source at another rate.
///
/// Frame 0 is the input frame it was made [`ResampledSource::at`]; frame `k` lies `k·M/L` input
/// frames later, exactly.
#[derive(Debug, Clone)]
pub struct ResampledSource {
    inner: Arc<dyn AudioSource>,
    kernel: Arc<Kernel>,
    start: i64,
}

impl ResampledSource {
    /// The whole source at the kernel's output rate, from its first frame.
    pub fn new(inner: Arc<dyn AudioSource>, kernel: Arc<Kernel>) -> Self {
        Self::at(inner, kernel, 0)
    }

    /// The source at the kernel's output rate with frame 0 exactly on an input frame, which may lie
    /// before the first of the file: there is silence.
    ///
    /// The kernel's input rate must be the source's; else the sound is as much faster or slower.
    pub fn at(inner: Arc<dyn AudioSource>, kernel: Arc<Kernel>, start: i64) -> Self {
        Self {
            inner,
            kernel,
            start,
        }
    }

    /// The input frames that a stretch of output listens to: they may lie outside the file.
    fn window(&self, range: &Range<u64>) -> (i128, usize) {
        let first = self.whole_frame(range.start) + 1 - self.kernel.reach() as i128;
        let last = self.whole_frame(range.end.saturating_sub(1).max(range.start));
        let length = last + 1 - self.kernel.reach() as i128 - first + self.kernel.width() as i128;
        (first, length as usize)
    }

    /// The input frame at or before output frame `k`.
    fn whole_frame(&self, k: u64) -> i128 {
        i128::from(self.start) + self.kernel.position(k).0
    }

    /// The part of a window that lies in the file.
    fn within(&self, first: i128, length: usize) -> Range<u64> {
        let end = first + length as i128;
        let clamp = |at: i128| at.clamp(0, i128::from(self.inner.frames())) as u64;
        clamp(first)..clamp(end)
    }

    /// Reads the window of every channel into `scratch.padded`, with silence around the file.
    fn read_window(
        &self,
        first: i128,
        length: usize,
        channels: &[usize],
        scratch: &mut Scratch,
    ) -> Result<(), MediaError> {
        let within = self.within(first, length);
        let before = (i128::from(within.start) - first).max(0) as usize;
        let mut input = std::mem::take(&mut scratch.input);
        let done = self.inner.read(within, channels, &mut input, scratch);
        scratch.padded.reset(channels.len(), length);
        for channel in 0..channels.len() {
            let sound = input.channel(channel);
            let padded = scratch.padded.channel_mut(channel);
            padded.fill(0.0);
            if let Some(middle) = padded.get_mut(before..) {
                for (to, from) in middle.iter_mut().zip(sound) {
                    *to = *from;
                }
            }
        }
        scratch.input = input;
        done
    }

    fn convolve(&self, range: &Range<u64>, first: i128, out: &mut Planar, scratch: &mut Scratch) {
        let ahead = i128::from(self.start) + 1 - self.kernel.reach() as i128 - first;
        for (i, (whole, phase)) in self.kernel.positions(range.clone()).enumerate() {
            let from = (whole + ahead) as usize;
            let row = self.kernel.row(phase, &mut scratch.row);
            for channel in 0..out.channels() {
                let input = scratch
                    .padded
                    .channel(channel)
                    .get(from..)
                    .unwrap_or_default();
                if let Some(sample) = out.channel_mut(channel).get_mut(i) {
                    *sample = dot(input, row);
                }
            }
        }
    }
}

impl AudioSource for ResampledSource {
    fn rate(&self) -> SampleRate {
        self.kernel.to()
    }

    fn channels(&self) -> usize {
        self.inner.channels()
    }

    fn frames(&self) -> u64 {
        let left = i128::from(self.inner.frames()) - i128::from(self.start);
        self.kernel.output_frames(left.max(0) as u128)
    }

    fn read(
        &self,
        range: Range<u64>,
        channels: &[usize],
        out: &mut Planar,
        scratch: &mut Scratch,
    ) -> Result<(), MediaError> {
        let frames = check_range(&range, self.frames(), &"the converted source")?;
        check_channels(channels, self.channels(), &"the converted source")?;
        out.reset(channels.len(), frames);
        if frames == 0 {
            return Ok(());
        }
        let (first, length) = self.window(&range);
        self.read_window(first, length, channels, scratch)?;
        self.convolve(&range, first, out, scratch);
        Ok(())
    }

    fn read_raw(&self, _: Range<u64>, _: &mut Vec<u8>) -> Result<(), MediaError> {
        let path = "the converted source".to_owned();
        Err(MediaError::NotPcm { path })
    }
}
