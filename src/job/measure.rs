//! Measuring a finished file.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use crate::audio::{ChannelLayout, SampleRate};
use crate::bwf;
use crate::finding::Finding;
use crate::media::{MediaError, MediaFile, Planar, Scratch, SourcePool};
use crate::meter::{Meter, MeterError, MeterSpec, Positions, Samples};
use crate::report::Levels;

/// What was measured of a file.
#[derive(Debug, Clone)]
pub struct MeasuredFile {
    /// Sample rate of the file.
    pub rate: SampleRate,
    /// Channels of the file.
    pub channels: usize,
    /// Where its channels are heard, as people write it.
    pub layout: String,
    /// Its length in sample frames.
    pub length: u64,
    /// The filter of the true peak.
    pub filter: &'static str,
    /// Its levels.
    pub levels: Levels,
    /// What was noticed in the file and in its sound.
    pub findings: Vec<Finding>,
}

/// Why a file could not be measured.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MeasureError {
    /// It cannot be read.
    #[error(transparent)]
    Media(#[from] MediaError),
    /// Its bytes cannot be read.
    #[error("cannot read {path}: {error}")]
    Io {
        /// The file.
        path: String,
        /// The reason.
        #[source]
        error: std::io::Error,
    },
    /// It cannot be measured.
    #[error("{path}: {error}")]
    Meter {
        /// The file.
        path: String,
        /// The reason.
        #[source]
        error: MeterError,
    },
}

/// Bytes that are read and measured at a time: they stay in the second-level cache.
const BLOCK: usize = 192 << 10;

/// Sample frames that are decoded and measured at a time, where the file is not a WAVE file.
const FRAMES: u64 = 16_384;

/// Measures a sound file from its first sample to its last.
///
/// # Errors
/// [`MeasureError`] when it cannot be read or has too many channels.
pub fn measure_file(path: &Path) -> Result<MeasuredFile, MeasureError> {
    match bwf::open(path) {
        Ok(wave) => measure_wave(path, &wave),
        // Not of the WAVE family, or a damaged one: the other reader says which.
        Err(_) => measure_other(path),
    }
}

/// Reads the bytes of a WAVE file once and gives them to the meter as they are.
fn measure_wave(path: &Path, wave: &bwf::Wave) -> Result<MeasuredFile, MeasureError> {
    let io = |error| MeasureError::Io {
        path: path.display().to_string(),
        error,
    };
    let channels = usize::from(wave.format.channels);
    let positions = positions(channels, wave.stated_layout());
    let mut meter = Measuring::new(path, wave.format.rate, positions)?;
    let frame = wave.format.frame_bytes() as usize;
    let mut block = vec![0; (BLOCK / frame).max(1) * frame];
    let mut left = wave.frames * frame as u64;
    let mut file = File::open(path).map_err(io)?;
    file.seek(SeekFrom::Start(wave.data.map_or(0, |data| data.offset)))
        .map_err(io)?;
    while left > 0 {
        let count = (block.len() as u64).min(left) as usize;
        let bytes = block.get_mut(..count).unwrap_or_default();
        file.read_exact(bytes).map_err(io)?;
        meter.push(Samples::Bytes(wave.format.sample, bytes))?;
        left -= count as u64;
    }
    Ok(meter.finish(wave.frames, wave.findings.clone()))
}

/// Measures AIFF, CAF and FLAC through their decoded samples.
fn measure_other(path: &Path) -> Result<MeasuredFile, MeasureError> {
    let media = MediaFile::open(path)?;
    let source = SourcePool::new(None).open(&media);
    let mut meter = Measuring::new(path, media.rate, positions(media.channels, None))?;
    let channels: Vec<usize> = (0..media.channels).collect();
    let (mut planes, mut scratch) = (Planar::default(), Scratch::default());
    let mut interleaved = Vec::new();
    let mut at = 0;
    while at < source.frames() {
        let end = (at + FRAMES).min(source.frames());
        source.read(at..end, &channels, &mut planes, &mut scratch)?;
        interleaved.clear();
        for frame in 0..planes.frames() {
            interleaved.extend(
                channels
                    .iter()
                    .filter_map(|&c| planes.channel(c).get(frame)),
            );
        }
        meter.push(Samples::Doubles(&interleaved))?;
        at = end;
    }
    Ok(meter.finish(media.frames, media.findings.clone()))
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

/// A meter with the names that its report needs.
struct Measuring {
    path: String,
    spec: MeterSpec,
    meter: Meter,
}

impl Measuring {
    fn new(path: &Path, rate: SampleRate, positions: Positions) -> Result<Self, MeasureError> {
        let path = path.display().to_string();
        let spec = MeterSpec::new(rate, positions);
        match Meter::new(&spec) {
            Ok(meter) => Ok(Self { path, spec, meter }),
            Err(error) => Err(MeasureError::Meter { path, error }),
        }
    }

    fn push(&mut self, block: Samples<'_>) -> Result<(), MeasureError> {
        let path = &self.path;
        self.meter.push(block).map_err(|error| MeasureError::Meter {
            path: path.clone(),
            error,
        })
    }

    fn finish(self, length: u64, mut findings: Vec<Finding>) -> MeasuredFile {
        let measured = self.meter.finish();
        findings.extend(measured.findings.iter().cloned());
        MeasuredFile {
            rate: self.spec.rate,
            channels: self.spec.positions.len(),
            layout: self.spec.positions.to_string(),
            length,
            filter: self.spec.true_peak.name(),
            levels: Levels::new(&measured),
            findings,
        }
    }
}
