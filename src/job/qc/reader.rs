//! Reading sounds of one or several files.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::PathBuf;

use crate::audio::SampleFormat;
use crate::meter::Samples;
use crate::qc::{Facts, Sound};

/// One file of a sound.
struct Part {
    file: File,
    /// Offset of the first sample frame.
    offset: u64,
    frame: u64,
    channels: usize,
    format: SampleFormat,
    frames: u64,
    /// Channels of the file with their places in the sound.
    places: Vec<(usize, usize)>,
}

/// Reads a sound, interleaved.
pub(super) struct Reader {
    parts: Vec<Part>,
    pub(super) channels: usize,
    bytes: Vec<u8>,
    floats: Vec<f32>,
}

impl Reader {
    /// Opens the files of a sound.
    pub(super) fn open(facts: &Facts<'_>, sound: &Sound, paths: &[PathBuf]) -> io::Result<Self> {
        let mut parts: Vec<(usize, Part)> = Vec::new();
        for (place, &(index, channel)) in sound.parts.iter().enumerate() {
            if let Some((_, part)) = parts.iter_mut().find(|(file, _)| *file == index) {
                part.places.push((channel, place));
                continue;
            }
            let wave = facts.files.get(index).and_then(|file| file.header());
            let (Some(wave), Some(path)) = (wave, paths.get(index)) else {
                return Err(io::ErrorKind::NotFound.into());
            };
            let part = Part {
                file: File::open(path)?,
                offset: wave.data.map_or(0, |data| data.offset),
                frame: wave.format.frame_bytes(),
                channels: usize::from(wave.format.channels),
                format: wave.format.sample,
                frames: wave.frames,
                places: vec![(channel, place)],
            };
            parts.push((index, part));
        }
        Ok(Self {
            parts: parts.into_iter().map(|(_, part)| part).collect(),
            channels: sound.parts.len(),
            bytes: Vec::new(),
            floats: Vec::new(),
        })
    }

    /// The bytes of the only file, where all channels stand in it in order: they need no copy.
    pub(super) fn raw(
        &mut self,
        at: u64,
        frames: usize,
    ) -> Option<io::Result<(SampleFormat, &[u8])>> {
        let straight = self.straight()?;
        let part = self.parts.get_mut(straight)?;
        let format = part.format;
        let read = part.read(at, frames, &mut self.bytes);
        Some(read.map(|()| (format, self.bytes.as_slice())))
    }

    /// The only file, where all channels stand in it in order.
    fn straight(&self) -> Option<usize> {
        let [part] = self.parts.as_slice() else {
            return None;
        };
        let straight =
            part.places.len() == part.channels && part.places.iter().all(|(a, b)| a == b);
        straight.then_some(0)
    }

    /// Frames from `at` on; beyond the end of a file they are silent.
    pub(super) fn read(&mut self, at: u64, frames: usize, out: &mut Vec<f32>) -> io::Result<()> {
        let channels = self.channels;
        let whole = |part: &Part| part.frames.saturating_sub(at) >= frames as u64;
        if self.straight().is_some()
            && self.parts.first().is_some_and(whole)
            && let Some(read) = self.raw(at, frames)
        {
            let (format, bytes) = read?;
            let block = Samples::Bytes(format, bytes);
            return block.floats(channels, out).map_err(io::Error::other);
        }
        out.clear();
        out.resize(frames * self.channels, 0.0);
        for part in &mut self.parts {
            let there = part.frames.saturating_sub(at).min(frames as u64) as usize;
            part.read(at, there, &mut self.bytes)?;
            let block = Samples::Bytes(part.format, &self.bytes);
            block
                .floats(part.channels, &mut self.floats)
                .map_err(io::Error::other)?;
            if part.places.len() == self.channels && part.places.iter().all(|(a, b)| a == b) {
                if let Some(to) = out.get_mut(..self.floats.len()) {
                    to.copy_from_slice(&self.floats);
                }
                continue;
            }
            for &(from, to) in &part.places {
                let samples = self.floats.iter().skip(from).step_by(part.channels);
                let places = out.iter_mut().skip(to).step_by(self.channels);
                places.zip(samples).for_each(|(to, from)| *to = *from);
            }
        }
        Ok(())
    }

    /// A window as one plane for each channel; what lies before the start or behind the end is silent.
    pub(super) fn window(&mut self, start: i64, frames: usize) -> io::Result<Vec<Vec<f32>>> {
        let before = usize::try_from(-start.min(0))
            .unwrap_or_default()
            .min(frames);
        let mut block = Vec::new();
        self.read(start.max(0).unsigned_abs(), frames - before, &mut block)?;
        let channels = self.channels;
        let plane = |channel: usize| {
            let samples = block.iter().skip(channel).step_by(channels).copied();
            std::iter::repeat_n(0.0, before).chain(samples).collect()
        };
        Ok((0..channels).map(plane).collect())
    }
}

impl Part {
    fn read(&mut self, at: u64, frames: usize, bytes: &mut Vec<u8>) -> io::Result<()> {
        bytes.resize(frames * self.frame as usize, 0);
        self.file
            .seek(SeekFrom::Start(self.offset + at * self.frame))?;
        self.file.read_exact(bytes)
    }
}
