//! Measuring a finished file.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use crate::audio::{ChannelLayout, DbTp, SampleRate};
use crate::bwf;
use crate::finding::Finding;
use crate::media::{MediaError, MediaFile, Planar, Scratch, SourcePool};
use crate::meter::{Measurement, Meter, MeterError, MeterSpec, Positions, Samples, TruePeakFilter};

/// What was measured of a file.
#[derive(Debug, Clone)]
pub struct MeasuredFile {
    /// The figures.
    pub measured: Measurement,
    /// What was noticed in the file, apart from its sound.
    pub findings: Vec<Finding>,
}

/// What the user says about measuring.
#[derive(Debug, Clone, Copy, Default)]
pub struct MeasureOptions {
    /// One channel is heard from two loudspeakers.
    pub dual_mono: bool,
    /// The finer filter of the true peak.
    pub precise: bool,
    /// Leq(m) as well.
    pub leq_m: bool,
    /// List every place above this true peak.
    pub overs: Option<DbTp>,
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
pub fn measure_file(path: &Path, options: MeasureOptions) -> Result<MeasuredFile, MeasureError> {
    match bwf::open(path) {
        Ok(wave) => measure_wave(path, &wave, options),
        // Not of the WAVE family, or a damaged one: the other reader says which.
        Err(_) => measure_other(path, options),
    }
}

/// Reads the bytes of a WAVE file once and gives them to the meter as they are.
fn measure_wave(
    path: &Path,
    wave: &bwf::Wave,
    options: MeasureOptions,
) -> Result<MeasuredFile, MeasureError> {
    let io = |error| MeasureError::Io {
        path: path.display().to_string(),
        error,
    };
    let channels = usize::from(wave.format.channels);
    let positions = positions(channels, wave.stated_layout());
    let mut meter = Measuring::new(path, &spec(wave.format.rate, positions, options))?;
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
    Ok(meter.finish(wave.findings.clone()))
}

/// Measures AIFF, CAF and FLAC through their decoded samples.
fn measure_other(path: &Path, options: MeasureOptions) -> Result<MeasuredFile, MeasureError> {
    let media = MediaFile::open(path)?;
    let source = SourcePool::new(None).open(&media);
    let positions = positions(media.channels, None);
    let mut meter = Measuring::new(path, &spec(media.rate, positions, options))?;
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
    Ok(meter.finish(media.findings.clone()))
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

fn spec(rate: SampleRate, positions: Positions, options: MeasureOptions) -> MeterSpec {
    let precise = TruePeakFilter::Precise16x;
    MeterSpec {
        dual_mono: options.dual_mono,
        true_peak: if options.precise {
            precise
        } else {
            TruePeakFilter::default()
        },
        overs_limit: options.overs,
        leq_m: options.leq_m,
        ..MeterSpec::new(rate, positions)
    }
}

/// A meter with the name that its errors need.
struct Measuring {
    path: String,
    meter: Meter,
}

impl Measuring {
    fn new(path: &Path, spec: &MeterSpec) -> Result<Self, MeasureError> {
        let path = path.display().to_string();
        match Meter::new(spec) {
            Ok(meter) => Ok(Self { path, meter }),
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

    fn finish(self, findings: Vec<Finding>) -> MeasuredFile {
        MeasuredFile {
            measured: self.meter.finish(),
            findings,
        }
    }
}
