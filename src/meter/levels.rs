//! The figures of a file that people read first.

use serde::Serialize;

use super::measurement::Measurement;
use crate::audio::{DbFs, DbTp, LoudnessUnits, Lufs};

/// Measured levels; a figure that does not exist (silence) is absent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Levels {
    /// Integrated loudness.
    pub integrated_lufs: Option<Lufs>,
    /// Loudness range.
    pub loudness_range_lu: Option<LoudnessUnits>,
    /// Largest momentary loudness.
    pub max_momentary_lufs: Option<Lufs>,
    /// Largest short-term loudness.
    pub max_short_term_lufs: Option<Lufs>,
    /// Largest true peak of any channel.
    pub true_peak_dbtp: Option<DbTp>,
    /// Largest sample of any channel.
    pub sample_peak_dbfs: Option<DbFs>,
    /// True peak of each channel.
    pub channel_true_peak_dbtp: Vec<Option<DbTp>>,
}

impl Levels {
    /// The levels of a measurement.
    pub fn new(measured: &Measurement) -> Self {
        Self {
            integrated_lufs: measured.integrated,
            loudness_range_lu: measured.loudness_range.map(|range| range.lu),
            max_momentary_lufs: measured.max_momentary.and_then(|reading| reading.loudness),
            max_short_term_lufs: measured.max_short_term.and_then(|reading| reading.loudness),
            true_peak_dbtp: measured.true_peak.map(|peak| peak.level),
            sample_peak_dbfs: measured.sample_peak.map(|peak| peak.level),
            channel_true_peak_dbtp: measured
                .channels
                .iter()
                .map(|channel| channel.true_peak.map(|peak| peak.level))
                .collect(),
        }
    }
}
