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
    /// Sample frame at which its 400 ms begin.
    pub max_momentary_sample: Option<u64>,
    /// Largest short-term loudness.
    pub max_short_term_lufs: Option<Lufs>,
    /// Sample frame at which its 3 s begin.
    pub max_short_term_sample: Option<u64>,
    /// Largest true peak of any channel.
    pub true_peak_dbtp: Option<DbTp>,
    /// Its sample frame.
    pub true_peak_sample: Option<u64>,
    /// Largest sample of any channel.
    pub sample_peak_dbfs: Option<DbFs>,
    /// True peak of each channel.
    pub channel_true_peak_dbtp: Vec<Option<DbTp>>,
    /// Their sample frames.
    pub channel_true_peak_sample: Vec<Option<u64>>,
}

impl Levels {
    /// The levels of a measurement.
    pub fn new(measured: &Measurement) -> Self {
        Self {
            integrated_lufs: measured.integrated,
            loudness_range_lu: measured.loudness_range.map(|range| range.lu),
            max_momentary_lufs: measured.max_momentary.and_then(|reading| reading.loudness),
            max_momentary_sample: measured.max_momentary.map(|reading| reading.start),
            max_short_term_lufs: measured.max_short_term.and_then(|reading| reading.loudness),
            max_short_term_sample: measured.max_short_term.map(|reading| reading.start),
            true_peak_dbtp: measured.true_peak.map(|peak| peak.level),
            true_peak_sample: measured.true_peak.map(|peak| peak.at),
            sample_peak_dbfs: measured.sample_peak.map(|peak| peak.level),
            channel_true_peak_dbtp: measured
                .channels
                .iter()
                .map(|channel| channel.true_peak.map(|peak| peak.level))
                .collect(),
            channel_true_peak_sample: measured
                .channels
                .iter()
                .map(|channel| channel.true_peak.map(|peak| peak.at))
                .collect(),
        }
    }
}
