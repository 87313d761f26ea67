//! PCM read where it lies.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use super::MediaError;
use super::decode::decode_channel;
use super::pieces::Pieces;
use super::pool::{Handle, read_exact_at};
use super::source::{
    AudioSource, ByteOrder, PcmLayout, Planar, Scratch, check_channels, check_range,
};
use crate::audio::{SampleFormat, SampleRate};
use crate::bwf;

/// Bytes that are decoded for all channels before the next ones: they stay in the first-level cache.
const NEAR: usize = 16 << 10;

/// Interleaved PCM in a file.
#[derive(Debug)]
pub(super) struct PcmSource {
    /// The path for messages.
    pub(super) name: String,
    pub(super) bytes: Bytes,
    pub(super) layout: PcmLayout,
    pub(super) rate: SampleRate,
    pub(super) frames: u64,
}

/// Where the bytes come from.
#[derive(Debug)]
pub(super) enum Bytes {
    /// A file of the user's, opened when needed.
    Pooled(Arc<Handle>),
    /// Pieces of such a file; offsets count within them.
    Pieces(Arc<Handle>, Pieces),
    /// The temporary file; it has no name and stays open.
    Spool(Arc<File>),
}

impl Bytes {
    fn read_exact_at(&self, name: &str, buffer: &mut [u8], offset: u64) -> Result<(), MediaError> {
        match self {
            Self::Pooled(handle) => handle.read_exact_at(buffer, offset),
            Self::Pieces(handle, pieces) => {
                let mut done = 0;
                while let Some(rest) = buffer.get_mut(done..).filter(|rest| !rest.is_empty()) {
                    let end = || MediaError::io(name, io::ErrorKind::UnexpectedEof.into());
                    let (at, there) = pieces.place(offset + done as u64).ok_or_else(end)?;
                    let most = usize::try_from(there).unwrap_or(usize::MAX).min(rest.len());
                    handle.read_exact_at(rest.get_mut(..most).unwrap_or_default(), at)?;
                    done += most;
                }
                Ok(())
            }
            Self::Spool(file) => {
                read_exact_at(file, buffer, offset).map_err(|source| MediaError::io(name, source))
            }
        }
    }
}

impl PcmSource {
    /// Decodes one channel of raw bytes.
    pub(super) fn decode(&self, bytes: &[u8], channel: usize, out: &mut [f64]) {
        decode_channel(bytes, &self.layout, channel, out);
    }

    /// Whether the first four of these channels lie side by side and can be decoded at once.
    fn is_square(&self, channels: &[usize]) -> bool {
        let PcmLayout { sample, order, .. } = self.layout;
        let plain = sample == SampleFormat::Int24 && order == ByteOrder::Little;
        plain && matches!(*channels, [a, b, c, d, ..] if b == a + 1 && c == a + 2 && d == a + 3)
    }
}

impl AudioSource for PcmSource {
    fn rate(&self) -> SampleRate {
        self.rate
    }

    fn channels(&self) -> usize {
        self.layout.channels
    }

    fn frames(&self) -> u64 {
        self.frames
    }

    fn read(
        &self,
        range: Range<u64>,
        channels: &[usize],
        out: &mut Planar,
        scratch: &mut Scratch,
    ) -> Result<(), MediaError> {
        check_channels(channels, self.layout.channels, &self.name)?;
        self.read_raw(range.clone(), &mut scratch.bytes)?;
        let frames = (range.end - range.start) as usize;
        out.reset(channels.len(), frames);
        let block = self.layout.block().max(1);
        let some = (NEAR / block).max(1);
        for (n, bytes) in scratch.bytes.chunks(some * block).enumerate() {
            let (from, to) = (n * some, frames.min((n + 1) * some));
            let mut rest = channels;
            while let Some(channel) = rest.first() {
                let i = channels.len() - rest.len();
                rest = rest.get(1..).unwrap_or_default();
                if self.is_square(&channels[i..])
                    && let Some(planes) = out.four_mut(i, from..to)
                {
                    bwf::decode_four_24(self.layout.channels, *channel, bytes, planes);
                    rest = rest.get(3..).unwrap_or_default();
                    continue;
                }
                let part = out.channel_mut(i).get_mut(from..to);
                self.decode(bytes, *channel, part.unwrap_or_default());
            }
        }
        Ok(())
    }

    fn pcm(&self) -> Option<PcmLayout> {
        Some(self.layout)
    }

    fn read_raw(&self, range: Range<u64>, bytes: &mut Vec<u8>) -> Result<(), MediaError> {
        let frames = check_range(&range, self.frames, &self.name)?;
        let block = self.layout.block();
        bytes.resize(frames.saturating_mul(block), 0);
        let offset = range.start.saturating_mul(block as u64);
        let offset = self.layout.data_offset.saturating_add(offset);
        self.bytes.read_exact_at(&self.name, bytes, offset)
    }
}
