//! A file as a row of blocks for a meter: WAVE files as their bytes, all others through their decoder.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::MeasureError;
use super::clock::Clock;
use crate::audio::{ChannelLayout, SampleFormat, SampleRate};
use crate::bwf;
use crate::finding::Finding;
use crate::media::{AudioSource, MediaFile, Planar, Scratch, SourcePool};
use crate::meter::{Positions, Samples};

/// Bytes that are read and measured at a time: they stay in the second-level cache.
const BLOCK: usize = 192 << 10;

/// Sample frames that are decoded and measured at a time, where the file is not a WAVE file.
const FRAMES: u64 = 16_384;

/// A sound file being read from its first sample frame to its last.
#[derive(Debug)]
pub(super) struct Sound {
    pub(super) path: String,
    pub(super) rate: SampleRate,
    pub(super) positions: Positions,
    /// Sample frames.
    pub(super) frames: u64,
    /// Sample frames since midnight of the first one, where the file says so.
    pub(super) time_reference: Option<u64>,
    pub(super) findings: Vec<Finding>,
    pub(super) clock: Clock,
    /// The next sample frame to be read.
    at: u64,
    body: Body,
}

/// Where the samples come from.
#[derive(Debug)]
enum Body {
    /// The bytes of a WAVE file, read once and handed on as they are.
    Wave {
        file: File,
        sample: SampleFormat,
        frame: usize,
        block: Vec<u8>,
    },
    /// The decoded samples of AIFF, CAF and FLAC.
    Other {
        source: Arc<dyn AudioSource>,
        block: Vec<f64>,
    },
}

impl Sound {
    /// Opens a file.
    ///
    /// # Errors
    /// When it cannot be read or is no sound.
    pub(super) fn open(path: &Path) -> Result<Self, MeasureError> {
        match bwf::open(path) {
            Ok(wave) => Self::wave(path, &wave),
            // Not of the WAVE family, or a damaged one: the other reader says which.
            Err(_) => Self::other(path),
        }
    }

    fn wave(path: &Path, wave: &bwf::Wave) -> Result<Self, MeasureError> {
        let name = path.display().to_string();
        let io = |error| MeasureError::Io {
            path: name.clone(),
            error,
        };
        let mut file = File::open(path).map_err(io)?;
        file.seek(SeekFrom::Start(wave.data.map_or(0, |data| data.offset)))
            .map_err(io)?;
        let frame = wave.format.frame_bytes() as usize;
        Ok(Self {
            rate: wave.format.rate,
            positions: positions(usize::from(wave.format.channels), wave.stated_layout()),
            frames: wave.frames,
            time_reference: wave.bext.as_ref().map(|bext| bext.time_reference),
            findings: wave.findings.clone(),
            clock: Clock::of(wave),
            at: 0,
            body: Body::Wave {
                file,
                sample: wave.format.sample,
                frame,
                block: vec![0; (BLOCK / frame).max(1) * frame],
            },
            path: name,
        })
    }

    fn other(path: &Path) -> Result<Self, MeasureError> {
        let media = MediaFile::open(path)?;
        let source = SourcePool::new(None).open(&media);
        Ok(Self {
            path: path.display().to_string(),
            rate: media.rate,
            positions: positions(media.channels, None),
            frames: source.frames(),
            time_reference: None,
            findings: media.findings.clone(),
            clock: Clock::elapsed(media.rate),
            at: 0,
            body: Body::Other {
                source,
                block: Vec::new(),
            },
        })
    }

    /// Sample frames read so far.
    pub(super) const fn at(&self) -> u64 {
        self.at
    }

    /// The next block, of at most `most` sample frames; `None` at the end.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn next(&mut self, most: u64) -> Result<Option<Samples<'_>>, MeasureError> {
        let left = (self.frames - self.at).min(most);
        if left == 0 {
            return Ok(None);
        }
        match &mut self.body {
            Body::Wave {
                file,
                sample,
                frame,
                block,
            } => {
                let frames = left.min((block.len() / *frame) as u64);
                let bytes = block.get_mut(..frames as usize * *frame);
                let bytes = bytes.unwrap_or_default();
                file.read_exact(bytes).map_err(|error| MeasureError::Io {
                    path: self.path.clone(),
                    error,
                })?;
                self.at += frames;
                Ok(Some(Samples::Bytes(*sample, bytes)))
            }
            Body::Other { source, block } => {
                let end = self.at + left.min(FRAMES);
                interleave(source.as_ref(), self.at..end, block)?;
                self.at = end;
                Ok(Some(Samples::Doubles(block)))
            }
        }
    }

    /// Passes over sample frames without reading them; at most to the end.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn skip(&mut self, frames: u64) -> Result<(), MeasureError> {
        let frames = frames.min(self.frames - self.at);
        if let Body::Wave { file, frame, .. } = &mut self.body {
            let bytes = i64::try_from(frames.saturating_mul(*frame as u64)).unwrap_or(i64::MAX);
            file.seek(SeekFrom::Current(bytes))
                .map_err(|error| MeasureError::Io {
                    path: self.path.clone(),
                    error,
                })?;
        }
        self.at += frames;
        Ok(())
    }
}

/// A stretch of a file as interleaved samples, cut to what the file has.
///
/// # Errors
/// When the file cannot be read or is no sound.
pub(super) fn stretch(path: &Path, range: Range<u64>) -> Result<Vec<f64>, MeasureError> {
    let media = MediaFile::open(path)?;
    let source = SourcePool::new(None).open(&media);
    let mut block = Vec::new();
    let cut = |at: u64| at.min(source.frames());
    interleave(
        source.as_ref(),
        cut(range.start)..cut(range.end),
        &mut block,
    )?;
    Ok(block)
}

fn interleave(
    source: &dyn AudioSource,
    range: Range<u64>,
    block: &mut Vec<f64>,
) -> Result<(), MeasureError> {
    let channels: Vec<usize> = (0..source.channels()).collect();
    let (mut planes, mut scratch) = (Planar::default(), Scratch::default());
    source.read(range, &channels, &mut planes, &mut scratch)?;
    block.clear();
    for frame in 0..planes.frames() {
        let row = channels.iter();
        block.extend(row.filter_map(|&c| planes.channel(c).get(frame)));
    }
    Ok(())
}

/// The loudspeakers of a file: as it states them, else the usual ones of so many channels.
fn positions(channels: usize, stated: Option<ChannelLayout>) -> Positions {
    let usual = || ChannelLayout::usual(channels);
    match stated
        .filter(|layout| layout.len() == channels)
        .or_else(usual)
    {
        Some(layout) => Positions::Layout(layout),
        None => Positions::Discrete(channels),
    }
}
