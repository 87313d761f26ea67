//! What `measure --json` prints, schema `stemline.measure/1`.

use serde::Serialize;

use super::dialogue::Dialogue;
use super::measurement::Measurement;
use crate::audio::{DbFs, DbTp, LoudnessUnits, Lufs, SampleRate};
use crate::finding::Finding;

/// The name of the schema.
pub const SCHEMA: &str = "stemline.measure/1";

/// The whole answer.
#[derive(Debug, Clone, Serialize)]
pub struct Record {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// One entry per file, in the order asked for.
    pub files: Vec<FileRecord>,
    /// All files on one time line, where they are the reels of a programme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub programme: Option<FileRecord>,
}

impl Record {
    /// The answer about these files.
    pub const fn new(files: Vec<FileRecord>, programme: Option<FileRecord>) -> Self {
        Self {
            schema: SCHEMA,
            files,
            programme,
        }
    }
}

/// The figures of one file; `null` where a figure does not exist.
#[derive(Debug, Clone, Serialize)]
pub struct FileRecord {
    /// The file as the user named it.
    pub file: String,
    /// In Hz.
    pub sample_rate: SampleRate,
    /// How many.
    pub channels: usize,
    /// The layout, or the number of channels where positions are unknown.
    pub layout: String,
    /// Whether one channel was measured as two loudspeakers.
    pub dual_mono: bool,
    /// Sample frames.
    pub length_samples: u64,
    /// Integrated loudness.
    pub integrated_lufs: Option<Lufs>,
    /// Loudness range.
    pub loudness_range_lu: Option<LoudnessUnits>,
    /// Its 10th percentile.
    pub loudness_range_low_lufs: Option<Lufs>,
    /// Its 95th percentile.
    pub loudness_range_high_lufs: Option<Lufs>,
    /// Windows that it was taken from.
    pub loudness_range_count: Option<usize>,
    /// False under 60 s.
    pub loudness_range_stable: bool,
    /// The loudest 400 ms.
    pub max_momentary_lufs: Option<Lufs>,
    /// Their first sample.
    pub max_momentary_sample: Option<u64>,
    /// The same as timecode, where the file has one.
    pub max_momentary_timecode: Option<String>,
    /// The loudest 3 s.
    pub max_short_term_lufs: Option<Lufs>,
    /// Their first sample.
    pub max_short_term_sample: Option<u64>,
    /// The same as timecode.
    pub max_short_term_timecode: Option<String>,
    /// The highest true peak of all channels.
    pub true_peak_dbtp: Option<DbTp>,
    /// Its channel.
    pub true_peak_channel: Option<String>,
    /// Its sample.
    pub true_peak_sample: Option<u64>,
    /// The same as timecode.
    pub true_peak_timecode: Option<String>,
    /// The filter of the true peak.
    pub true_peak_filter: &'static str,
    /// The highest sample of all channels.
    pub sample_peak_dbfs: Option<DbFs>,
    /// True peak of each channel in file order.
    pub channel_true_peak_dbtp: Vec<Option<DbTp>>,
    /// Their samples.
    pub channel_true_peak_sample: Vec<Option<u64>>,
    /// Sample peak of each channel in file order.
    pub channel_sample_peak_dbfs: Vec<Option<DbFs>>,
    /// Their samples.
    pub channel_sample_peak_sample: Vec<Option<u64>>,
    /// True peak less integrated loudness.
    pub plr_lu: Option<LoudnessUnits>,
    /// Least sample peak less short-term loudness in 3 s.
    pub least_psr_lu: Option<LoudnessUnits>,
    /// Leq(m), where asked for.
    pub leq_m_db: Option<super::leq_m::LeqM>,
    /// Places above the limit, where one was set.
    pub overs: Vec<OverRecord>,
    /// First and last sample that is not digital silence.
    pub sound_samples: Option<(u64, u64)>,
    /// Its dialogue, where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dialogue: Option<Dialogue>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// A place above the limit.
#[derive(Debug, Clone, Serialize)]
pub struct OverRecord {
    /// Channel.
    pub channel: String,
    /// First sample above the limit.
    pub first_sample: u64,
    /// The same as timecode, where the file has one.
    pub first_timecode: Option<String>,
    /// Last sample above it.
    pub last_sample: u64,
    /// The same as timecode.
    pub last_timecode: Option<String>,
    /// The highest true peak in it.
    pub true_peak_dbtp: DbTp,
}

impl FileRecord {
    /// The record of a file that the user calls `file`; `timecode` tells that of a sample frame, where there
    /// is one.
    pub fn new(
        file: impl Into<String>,
        measured: &Measurement,
        timecode: &dyn Fn(u64) -> Option<String>,
    ) -> Self {
        let spec = &measured.spec;
        let name = |channel: usize| spec.positions.channel_name(channel);
        let range = measured.loudness_range;
        let (momentary, short_term) = (measured.max_momentary, measured.max_short_term);
        Self {
            file: file.into(),
            sample_rate: spec.rate,
            channels: spec.positions.len(),
            layout: spec.positions.to_string(),
            dual_mono: spec.dual_mono && spec.positions.len() == 1,
            length_samples: measured.length,
            integrated_lufs: measured.integrated,
            loudness_range_lu: range.map(|r| r.lu),
            loudness_range_low_lufs: range.map(|r| r.low),
            loudness_range_high_lufs: range.map(|r| r.high),
            loudness_range_count: range.map(|r| r.count),
            loudness_range_stable: measured.is_range_stable(),
            max_momentary_lufs: momentary.and_then(|r| r.loudness),
            max_momentary_sample: momentary.map(|r| r.start),
            max_momentary_timecode: momentary.and_then(|r| timecode(r.start)),
            max_short_term_lufs: short_term.and_then(|r| r.loudness),
            max_short_term_sample: short_term.map(|r| r.start),
            max_short_term_timecode: short_term.and_then(|r| timecode(r.start)),
            true_peak_dbtp: measured.true_peak.map(|p| p.level),
            true_peak_channel: measured.true_peak.map(|p| name(p.channel)),
            true_peak_sample: measured.true_peak.map(|p| p.at),
            true_peak_timecode: measured.true_peak.and_then(|p| timecode(p.at)),
            true_peak_filter: spec.true_peak.name(),
            sample_peak_dbfs: measured.sample_peak.map(|p| p.level),
            channel_true_peak_dbtp: peaks(measured, |c| c.true_peak.map(|p| p.level)),
            channel_true_peak_sample: peaks(measured, |c| c.true_peak.map(|p| p.at)),
            channel_sample_peak_dbfs: peaks(measured, |c| c.sample_peak.map(|p| p.level)),
            channel_sample_peak_sample: peaks(measured, |c| c.sample_peak.map(|p| p.at)),
            plr_lu: measured.plr,
            least_psr_lu: measured.least_psr.map(|(psr, _)| psr),
            leq_m_db: measured.leq_m,
            overs: over_records(measured, timecode),
            sound_samples: measured.sound,
            dialogue: None,
            findings: measured.findings.clone(),
        }
    }
}

fn peaks<T>(measured: &Measurement, peak: impl Fn(&super::ChannelPeaks) -> T) -> Vec<T> {
    measured.channels.iter().map(peak).collect()
}

fn over_records(
    measured: &Measurement,
    timecode: &dyn Fn(u64) -> Option<String>,
) -> Vec<OverRecord> {
    let record = |over: &super::Over| OverRecord {
        channel: measured.spec.positions.channel_name(over.channel),
        first_sample: over.first,
        first_timecode: timecode(over.first),
        last_sample: over.last,
        last_timecode: timecode(over.last),
        true_peak_dbtp: over.level,
    };
    measured.overs.iter().map(record).collect()
}
