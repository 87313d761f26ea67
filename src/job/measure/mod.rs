//! Sound files measured: one by one, as the reels of a programme, and their dialogue.

mod clock;
mod dialogue;
mod reels;
mod sound;

use std::path::Path;

use crate::audio::DbTp;
use crate::finding::Finding;
use crate::media::MediaError;
use crate::meter::{Dialogue, Measurement, Meter, MeterError, MeterSpec, Samples, TruePeakFilter};
use sound::Sound;

pub use clock::Clock;
pub use dialogue::dialogue_by_stem;
#[cfg(feature = "speech")]
pub use dialogue::dialogue_by_voice;
pub use reels::{MeasuredReels, measure_reels};

/// What was measured of a file.
#[derive(Debug, Clone)]
pub struct MeasuredFile {
    /// The figures.
    pub measured: Measurement,
    /// Its dialogue, where that was asked for.
    pub dialogue: Option<Dialogue>,
    /// What was noticed in the file, apart from its sound.
    pub findings: Vec<Finding>,
    /// Its time line.
    pub clock: Clock,
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
    /// It does not go with another file.
    #[error("{path} is {found}, but {other} is {wanted}; give files of one rate and layout")]
    Differ {
        /// The file.
        path: String,
        /// What it is.
        found: String,
        /// The file that it should go with.
        other: String,
        /// What that one is.
        wanted: String,
    },
}

/// Hears how many sample frames of a file have been measured, and how many it has.
pub type Heard<'a> = &'a (dyn Fn(u64, u64) + Sync);

/// Measures a sound file from its first sample to its last.
///
/// # Errors
/// [`MeasureError`] when it cannot be read or has too many channels.
pub fn measure_file(
    path: &Path,
    options: MeasureOptions,
    heard: Heard<'_>,
) -> Result<MeasuredFile, MeasureError> {
    let mut sound = Sound::open(path)?;
    let mut meter = Measuring::new(&sound, options)?;
    meter.hear(&mut sound, heard)?;
    Ok(meter.finish(sound.findings, sound.clock))
}

/// A meter with the name that its errors need.
struct Measuring {
    path: String,
    meter: Meter,
}

impl Measuring {
    /// A meter for a file.
    fn new(sound: &Sound, options: MeasureOptions) -> Result<Self, MeasureError> {
        let path = sound.path.clone();
        match Meter::new(&spec(sound, options)) {
            Ok(meter) => Ok(Self { path, meter }),
            Err(error) => Err(MeasureError::Meter { path, error }),
        }
    }

    /// Measures what is left of a file.
    fn hear(&mut self, sound: &mut Sound, heard: Heard<'_>) -> Result<(), MeasureError> {
        let frames = sound.frames;
        while let Some(block) = sound.next(u64::MAX)? {
            self.push(block)?;
            heard(sound.at(), frames);
        }
        Ok(())
    }

    fn push(&mut self, block: Samples<'_>) -> Result<(), MeasureError> {
        self.meter
            .push(block)
            .map_err(|error| failed(&self.path, error))
    }

    fn finish(self, findings: Vec<Finding>, clock: Clock) -> MeasuredFile {
        MeasuredFile {
            measured: self.meter.finish(),
            dialogue: None,
            findings,
            clock,
        }
    }
}

fn failed(path: &str, error: MeterError) -> MeasureError {
    MeasureError::Meter {
        path: path.to_owned(),
        error,
    }
}

fn spec(sound: &Sound, options: MeasureOptions) -> MeterSpec {
    MeterSpec {
        dual_mono: options.dual_mono,
        true_peak: if options.precise {
            TruePeakFilter::Precise16x
        } else {
            TruePeakFilter::default()
        },
        overs_limit: options.overs,
        leq_m: options.leq_m,
        ..MeterSpec::new(sound.rate, sound.positions.clone())
    }
}

/// That two files go together: one rate and, where `positions` says so, one layout.
fn same(sound: &Sound, other: &Sound, positions: bool) -> Result<(), MeasureError> {
    let alike = sound.rate == other.rate && (!positions || sound.positions == other.positions);
    if alike {
        return Ok(());
    }
    let shown = |sound: &Sound| format!("{} at {}", sound.positions, sound.rate);
    Err(MeasureError::Differ {
        path: sound.path.clone(),
        found: shown(sound),
        other: other.path.clone(),
        wanted: shown(other),
    })
}
