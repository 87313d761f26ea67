//! What a job found, as one value.

use serde::Serialize;

use super::course::Course;
use crate::audio::ChannelLayout;
use crate::finding::Finding;
use crate::meter::Dialogue;
pub use crate::meter::Levels;
use crate::qc::{JudgedFile, Judgement};

/// The result of a job.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// `stemline.report/1`.
    pub schema: &'static str,
    /// The program's version.
    pub version: &'static str,
    /// Title of the delivery.
    pub title: String,
    /// Name of the delivery spec.
    pub spec: String,
    /// Date and time of origination, as in the files.
    pub origination: String,
    /// Names of the timelines.
    pub timelines: Vec<String>,
    /// Frame rate of the programme as people write it.
    pub frame_rate: String,
    /// Timecode of the first sample frame of every file.
    pub start_timecode: String,
    /// The same in sample frames since midnight.
    pub start_sample: i64,
    /// Sample rate of the files in Hz.
    pub sample_rate: u32,
    /// Length of the files in sample frames.
    pub length_samples: u64,
    /// The same as timecode.
    pub length_timecode: String,
    /// The files, stems first.
    pub files: Vec<FileReport>,
    /// Loudness of the dialogue, alone and in the mix, where both were measured.
    pub dialogue: Option<Dialogue>,
    /// Whether the stems sum to the composites.
    pub null: Vec<Null>,
    /// What decided where the clips went, most sound first.
    pub decisions: Vec<Decision>,
    /// Decisions that a person should look at.
    pub review: Vec<Review>,
    /// How much of the timelines sounds.
    pub sounding: Sounding,
    /// Everything that was noticed.
    pub findings: Vec<Finding>,
    /// What quality control says of the files, where it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qc: Option<Judgement>,
    /// What is drawn and heard in reports with pictures.
    #[serde(skip)]
    pub course: Course,
}

impl Report {
    /// The report of a package that no job made: what quality control says, with the course of its files.
    pub fn of_package(qc: Judgement, course: Course, findings: Vec<Finding>) -> Self {
        let files: Vec<FileReport> = qc.files.iter().map(FileReport::of_judged).collect();
        let first = qc.files.iter().find(|file| file.start_sample.is_some());
        let longest = qc.files.iter().max_by_key(|file| file.length_samples);
        let rate = qc.files.iter().find_map(|file| file.sample_rate);
        Self {
            schema: "stemline.report/1",
            version: qc.version,
            title: qc.title.clone(),
            spec: qc.spec.clone(),
            origination: qc.date.clone().unwrap_or_default(),
            timelines: Vec::new(),
            frame_rate: qc.frame_rate.clone().unwrap_or_default(),
            start_timecode: first
                .and_then(|file| file.start_timecode.clone())
                .unwrap_or_default(),
            start_sample: first.and_then(|file| file.start_sample).unwrap_or_default(),
            sample_rate: rate.unwrap_or_default(),
            length_samples: longest
                .and_then(|file| file.length_samples)
                .unwrap_or_default(),
            length_timecode: longest
                .and_then(|file| file.length_timecode.clone())
                .unwrap_or_default(),
            files,
            dialogue: None,
            null: Vec::new(),
            decisions: Vec::new(),
            review: Vec::new(),
            sounding: Sounding::default(),
            findings,
            qc: Some(qc),
            course,
        }
    }
}

impl FileReport {
    /// What it is called for people: its file, or that there is none.
    pub(super) fn name(&self) -> String {
        if self.delivered {
            self.file.clone()
        } else {
            format!("{}, not delivered", self.code)
        }
    }

    /// A file that quality control has looked at.
    fn of_judged(file: &JudgedFile) -> Self {
        let usual = || ChannelLayout::usual(usize::from(file.channels?));
        Self {
            code: file.role.clone().unwrap_or_default(),
            label: file.label.clone().unwrap_or_default(),
            file: file.name.clone(),
            delivered: true,
            bytes: file.bytes,
            layout: file.layout.clone().or_else(usual),
            sum_of: Vec::new(),
            clips: 0,
            saturated_samples: 0,
            first_saturated: None,
            levels: file.levels.clone(),
        }
    }
}

/// One delivered file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FileReport {
    /// `DX`, `ME` …
    pub code: String,
    /// For people.
    pub label: String,
    /// Its name; the file is absent after `--plan-only`.
    pub file: String,
    /// Whether it is in the delivery; otherwise it only stands in sums.
    pub delivered: bool,
    /// Its size in bytes, where it was written.
    pub bytes: Option<u64>,
    /// Channel order; none of a file that cannot be read.
    pub layout: Option<ChannelLayout>,
    /// Stems that it is the sum of; none for a stem.
    pub sum_of: Vec<String>,
    /// Clips in it; those of its stems for a composite.
    pub clips: usize,
    /// Samples set to full scale.
    pub saturated_samples: u64,
    /// Where the first of them stands, as timecode.
    pub first_saturated: Option<String>,
    /// Its levels, where it was measured.
    pub levels: Option<Levels>,
}

/// Whether the stems of a composite sum to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Null {
    /// The composite.
    pub composite: String,
    /// Its stems.
    pub stems: Vec<String>,
    /// Samples in which it is not the sum of its stems: those that saturated.
    pub differing_samples: u64,
    /// Where the first of them stands, as timecode.
    pub first_differing: Option<String>,
}

/// One rule and what it decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// The rule.
    pub rule: String,
    /// The stem it chose.
    pub stem: String,
    /// Clips it decided.
    pub clips: usize,
    /// Their sample frames together.
    pub samples: u64,
}

/// A decision that a person should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Review {
    /// The clip.
    pub clip: String,
    /// Its track.
    pub track: String,
    /// Its record in.
    pub timecode: String,
    /// The stem it went to.
    pub stem: String,
    /// Why to look.
    pub reason: String,
}

/// How much of the timelines sounds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Sounding {
    /// Clips in the timelines.
    pub clips: usize,
    /// Clips that sound in a stem.
    pub placed: usize,
    /// Clips muted in the source.
    pub muted: usize,
    /// Clips that a rule ignores.
    pub ignored: usize,
    /// Clips outside the files.
    pub outside: usize,
    /// Clips for which silence was written.
    pub silenced: usize,
}
