//! PCM in pieces, and several streams of it side by side as the channels of one source.

use std::ops::Range;
use std::sync::Arc;

use super::MediaError;
use super::file::PcmPieces;
use super::pcm::{Bytes, PcmSource};
use super::pool::Handle;
use super::source::{AudioSource, PcmLayout, Planar, Scratch, check_channels};
use crate::audio::SampleRate;

/// Streams of one file; their channels follow one another.
#[derive(Debug)]
pub(super) struct JoinedSource {
    name: String,
    streams: Vec<Stream>,
    rate: SampleRate,
    frames: u64,
}

#[derive(Debug)]
struct Stream {
    source: PcmSource,
    /// Channels of it that count.
    channels: usize,
    /// Whether its samples are words of AES3.
    words: bool,
}

impl JoinedSource {
    /// The source of some streams, each with `frames` sample frames.
    pub(super) fn new(
        name: &str,
        handle: &Arc<Handle>,
        streams: &[PcmPieces],
        (rate, frames): (SampleRate, u64),
    ) -> Self {
        let stream = |stream: &PcmPieces| Stream {
            source: PcmSource {
                name: name.to_owned(),
                bytes: Bytes::Pieces(Arc::clone(handle), stream.pieces.clone()),
                layout: stream.layout,
                rate,
                frames,
            },
            channels: stream.channels,
            words: stream.words,
        };
        Self {
            name: name.to_owned(),
            streams: streams.iter().map(stream).collect(),
            rate,
            frames,
        }
    }

    /// The stream that a channel is in, and which of its channels it is.
    fn find(&self, channel: usize) -> Option<(&Stream, usize)> {
        let mut left = channel;
        for stream in &self.streams {
            if left < stream.channels {
                return Some((stream, left));
            }
            left -= stream.channels;
        }
        None
    }
}

impl Stream {
    /// Fills one channel of `out` for each wanted one: position in `out` and channel of the stream.
    fn read(
        &self,
        range: Range<u64>,
        wanted: &[(usize, usize)],
        out: &mut Planar,
        scratch: &mut Scratch,
    ) -> Result<(), MediaError> {
        self.source.read_raw(range, &mut scratch.bytes)?;
        if self.words {
            samples_of_words(&mut scratch.bytes);
        }
        for &(to, channel) in wanted {
            self.source
                .decode(&scratch.bytes, channel, out.channel_mut(to));
        }
        Ok(())
    }
}

/// Words of AES3 into samples of 32 bits: channel number and flags go, the 24 bits between move up.
fn samples_of_words(bytes: &mut [u8]) {
    for word in bytes.chunks_exact_mut(4) {
        if let Ok(raw) = <[u8; 4]>::try_from(&*word) {
            let sample = (u32::from_le_bytes(raw) << 4) & 0xffff_ff00;
            word.copy_from_slice(&sample.to_le_bytes());
        }
    }
}

impl AudioSource for JoinedSource {
    fn rate(&self) -> SampleRate {
        self.rate
    }

    fn channels(&self) -> usize {
        self.streams.iter().map(|stream| stream.channels).sum()
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
        check_channels(channels, self.channels(), &self.name)?;
        let frames = range.end.saturating_sub(range.start) as usize;
        out.reset(channels.len(), frames);
        for stream in &self.streams {
            let of_stream = |(to, channel): (usize, &usize)| {
                let (found, own) = self.find(*channel)?;
                std::ptr::eq(found, stream).then_some((to, own))
            };
            let wanted: Vec<(usize, usize)> =
                channels.iter().enumerate().filter_map(of_stream).collect();
            if !wanted.is_empty() {
                stream.read(range.clone(), &wanted, out, scratch)?;
            }
        }
        Ok(())
    }

    fn pcm(&self) -> Option<PcmLayout> {
        match &self.streams[..] {
            [only] if !only.words && only.channels == only.source.layout.channels => {
                Some(only.source.layout)
            }
            _ => None,
        }
    }

    fn read_raw(&self, range: Range<u64>, bytes: &mut Vec<u8>) -> Result<(), MediaError> {
        match (self.pcm(), self.streams.first()) {
            (Some(_), Some(only)) => only.source.read_raw(range, bytes),
            _ => Err(MediaError::NotPcm {
                path: self.name.clone(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_24_bits() {
        // Channel 3, sample −2, flags set.
        let mut word = (0xf0_00_00_03_u32 | (0xff_ff_fe << 4)).to_le_bytes();
        samples_of_words(&mut word);
        assert_eq!(i32::from_le_bytes(word) >> 8, -2);
    }
}
