//! What every source of sound can do, and the buffers that reading fills.

use std::fmt;
use std::ops::Range;

use super::MediaError;
use crate::audio::{SampleFormat, SampleRate};

/// Sound that can be read from any exact sample frame, by any number of threads at once.
pub trait AudioSource: Send + Sync + fmt::Debug {
    /// Sample frames per second.
    fn rate(&self) -> SampleRate;

    /// Channels of the source.
    fn channels(&self) -> usize;

    /// Sample frames of the source.
    fn frames(&self) -> u64;

    /// Fills `out` with the sample frames of `range`: one channel of `out` for each entry of
    /// `channels` (numbers from 0, in any order, repeats allowed). Full scale is ±1; an integer
    /// sample comes over exactly. Nothing is allocated once `out` and `scratch` have grown.
    ///
    /// # Errors
    /// [`MediaError::OutOfRange`] and [`MediaError::NoChannel`] for what is not there, else as the
    /// file says.
    fn read(
        &self,
        range: Range<u64>,
        channels: &[usize],
        out: &mut Planar,
        scratch: &mut Scratch,
    ) -> Result<(), MediaError>;

    /// How its bytes are laid out, where it is plain PCM: for a renderer that decodes and mixes in
    /// one go with [`AudioSource::read_raw`].
    fn pcm(&self) -> Option<PcmLayout> {
        None
    }

    /// Fills `bytes` with the interleaved PCM of `range`, as [`AudioSource::pcm`] describes it.
    ///
    /// # Errors
    /// [`MediaError::NotPcm`] where that is `None`, else as [`AudioSource::read`].
    fn read_raw(&self, range: Range<u64>, bytes: &mut Vec<u8>) -> Result<(), MediaError>;
}

/// Which end of a sample comes first in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ByteOrder {
    /// Least significant byte first: the WAVE family.
    Little,
    /// Most significant byte first: AIFF and most CAF.
    Big,
}

/// Interleaved PCM in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PcmLayout {
    /// How a sample is stored; an 8-bit one is unsigned.
    pub sample: SampleFormat,
    /// The order of its bytes.
    pub order: ByteOrder,
    /// Channels interleaved.
    pub channels: usize,
    /// Byte of the file where the first sample frame starts.
    pub data_offset: u64,
}

impl PcmLayout {
    /// Bytes of one sample frame.
    pub const fn block(&self) -> usize {
        self.sample.bytes() * self.channels
    }
}

/// Samples by channel: each channel in one piece, all of the same length.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Planar {
    frames: usize,
    channels: usize,
    data: Vec<f64>,
}

impl Planar {
    /// Makes room for so many channels and sample frames. What is in them is unspecified; memory
    /// that is there is used again.
    pub fn reset(&mut self, channels: usize, frames: usize) {
        self.frames = frames;
        self.channels = channels;
        self.data.resize(channels.saturating_mul(frames), 0.0);
    }

    /// Sample frames in each channel.
    pub const fn frames(&self) -> usize {
        self.frames
    }

    /// Number of channels.
    pub const fn channels(&self) -> usize {
        self.channels
    }

    /// The samples of a channel, from 0; empty where there is no such channel.
    pub fn channel(&self, channel: usize) -> &[f64] {
        let start = channel.saturating_mul(self.frames);
        self.data
            .get(start..start.saturating_add(self.frames))
            .unwrap_or_default()
    }

    /// A range of the samples of four channels from this one on, to be filled.
    pub fn four_mut(&mut self, channel: usize, range: Range<usize>) -> Option<[&mut [f64]; 4]> {
        let start = channel.checked_mul(self.frames)?;
        let all = self
            .data
            .get_mut(start..)?
            .chunks_exact_mut(self.frames.max(1));
        let mut parts = all.filter_map(|plane| plane.get_mut(range.clone()));
        Some([parts.next()?, parts.next()?, parts.next()?, parts.next()?])
    }

    /// The samples of a channel, to be filled.
    pub fn channel_mut(&mut self, channel: usize) -> &mut [f64] {
        let start = channel.saturating_mul(self.frames);
        self.data
            .get_mut(start..start.saturating_add(self.frames))
            .unwrap_or_default()
    }
}

/// Memory that reading needs in passing; keep one for each thread.
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    /// Bytes as they stand in the file.
    pub(super) bytes: Vec<u8>,
    /// What a resampler reads from its source.
    pub(super) input: Planar,
    /// The same with silence around it.
    pub(super) padded: Planar,
    /// Coefficients of one output frame.
    pub(super) row: Vec<f64>,
}

/// That a stretch lies within a source, and its length in frames.
pub(super) fn check_range(
    range: &Range<u64>,
    frames: u64,
    path: &dyn fmt::Display,
) -> Result<usize, MediaError> {
    let length = range.end.checked_sub(range.start);
    match length.and_then(|length| usize::try_from(length).ok()) {
        Some(length) if range.end <= frames => Ok(length),
        _ => Err(MediaError::OutOfRange {
            path: path.to_string(),
            start: range.start,
            end: range.end,
            frames,
        }),
    }
}

/// That a source has every channel asked for.
pub(super) fn check_channels(
    asked: &[usize],
    channels: usize,
    path: &dyn fmt::Display,
) -> Result<(), MediaError> {
    match asked.iter().find(|channel| **channel >= channels) {
        Some(channel) => Err(MediaError::NoChannel {
            path: path.to_string(),
            channel: channel + 1,
            channels,
        }),
        None => Ok(()),
    }
}
