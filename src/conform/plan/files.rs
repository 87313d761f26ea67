//! The files of a delivery: which stretch and which channels of an output each holds, what stands
//! before and behind it.

use serde::{Deserialize, Serialize};

use super::{Plan, RenderPlan, Segment, Stem};
use crate::audio::{Channel, ChannelLayout, DbFs};

/// One file that is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveredFile {
    /// Its name.
    pub file: String,
    /// Code of the stem or composite that it is of.
    pub output: String,
    /// The reel, from 1; the whole programme where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reel: Option<u32>,
    /// For each channel of the file the channel of the output, from 0; silence where absent.
    pub channels: Vec<Option<usize>>,
    /// Timecode of its first sample frame.
    pub start_timecode: String,
    /// The same in sample frames since midnight: the bext `TimeReference`.
    pub start_sample: i64,
    /// Sample frames before those of the output: the leader.
    pub head: u64,
    /// First sample frame of the output that it holds.
    pub from: u64,
    /// How many sample frames of the output it holds.
    pub length: u64,
    /// Sample frames behind them.
    pub tail: u64,
    /// The pops in leader and tail.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pops: Vec<Pop>,
}

/// One frame of tone outside the programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pop {
    /// Its first sample frame in the file.
    pub at: u64,
    /// Sample frames that it lasts: one frame of picture, both edges rounded.
    pub length: u64,
}

/// What is made beside the sound, and what the pops sound like.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a thing that is made or not"
)]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Packaging {
    /// Frequency of the pops in Hz.
    pub pop_hertz: f64,
    /// Level of the pops: of the sine relative to one of full scale.
    pub pop_level: DbFs,
    /// The channels that carry them; all where empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pop_channels: Vec<Channel>,
    /// Whether files have the chunk `MD5 ` of their samples.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub md5_chunk: bool,
    /// Whether a text file with the MD5 of each file lies beside it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub md5_sidecar: bool,
    /// Whether an ASC media hash list lies in the folder.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mhl: bool,
    /// Whether files have no iXML.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_ixml: bool,
}

impl Plan {
    /// The file of this name, where the plan lists its files one by one.
    pub fn listed(&self, name: &str) -> Option<&DeliveredFile> {
        self.files.iter().find(|file| file.file == name)
    }

    /// Whether the plan writes a sound file of this name.
    pub fn writes(&self, name: &str) -> bool {
        let adm = self.adm.as_ref().map(|adm| adm.file.as_str());
        let outputs = || outputs(self);
        self.listed(name).is_some()
            || (self.files.is_empty() && outputs().iter().any(|output| output.file == name))
            || adm == Some(name)
    }
}

impl DeliveredFile {
    /// Sample frames of the whole file.
    pub fn frames(&self) -> u64 {
        self.head + self.length + self.tail
    }

    /// Whether it is the output as it is: every channel in order, from its first sample to its last.
    pub fn is_whole(&self, output: &ChannelLayout, length: u64) -> bool {
        let straight = self
            .channels
            .iter()
            .enumerate()
            .all(|(i, from)| *from == Some(i));
        straight && self.channels.len() == output.len() && self.length == length
    }
}

/// The stem or composite that a file is of.
#[derive(Debug, Clone, Copy)]
pub struct OutputRef<'a> {
    /// Stems first, then composites.
    pub index: usize,
    /// `DX`, `ME` …
    pub code: &'a str,
    /// For people.
    pub label: &'a str,
    /// Name of its file, or what the names of its files have in common.
    pub file: &'a str,
    /// Channel order.
    pub layout: &'a ChannelLayout,
    /// What sounds in it; nothing of its own in a composite.
    pub segments: &'a [Segment],
}

impl RenderPlan {
    /// The outputs in the order of the renderer: stems, then composites.
    pub fn outputs(&self) -> Vec<OutputRef<'_>> {
        outputs(self.get())
    }

    /// For each stem whether anything that is delivered holds it: a file of its own, a sum, the ADM file.
    /// A stem that only takes clips away from the others need not be mixed.
    pub fn heard_stems(&self) -> Vec<bool> {
        let (plan, files) = (self.get(), self.delivered());
        let heard = |stem: &Stem| {
            plan.adm.is_some()
                || files.iter().any(|file| file.output == stem.code)
                || plan
                    .composites
                    .iter()
                    .any(|sum| sum.stems.contains(&stem.code))
        };
        plan.stems.iter().map(heard).collect()
    }

    /// The files that are written: those that the plan lists, else one for each output, whole.
    pub fn delivered(&self) -> Vec<DeliveredFile> {
        let plan = self.get();
        if !plan.files.is_empty() {
            return plan.files.clone();
        }
        let whole = |output: OutputRef<'_>| DeliveredFile {
            file: output.file.to_owned(),
            output: output.code.to_owned(),
            reel: None,
            channels: (0..output.layout.len()).map(Some).collect(),
            start_timecode: plan.start_timecode.clone(),
            start_sample: plan.start_sample,
            head: 0,
            from: 0,
            length: plan.length,
            tail: 0,
            pops: Vec::new(),
        };
        outputs(plan).into_iter().map(whole).collect()
    }
}

/// The outputs of a plan in the order of the renderer.
fn outputs(plan: &Plan) -> Vec<OutputRef<'_>> {
    let stems = plan.stems.iter().map(|s| OutputRef {
        index: 0,
        code: &s.code,
        label: &s.label,
        file: &s.file,
        layout: &s.layout,
        segments: &s.segments,
    });
    let composites = plan.composites.iter().map(|c| OutputRef {
        index: 0,
        code: &c.code,
        label: &c.label,
        file: &c.file,
        layout: &c.layout,
        segments: &[],
    });
    let numbered = |(index, output)| OutputRef { index, ..output };
    stems.chain(composites).enumerate().map(numbered).collect()
}

/// Most files of a delivery.
const MAX_FILES: usize = 65_536;

/// Most channels of a file.
const MAX_CHANNELS: usize = 128;

/// That every file holds what its output has, and pops only where no programme is.
pub(super) fn check_files(plan: &Plan) -> Result<(), String> {
    if plan.files.len() > MAX_FILES {
        return Err(format!("{} files, more than {MAX_FILES}", plan.files.len()));
    }
    let outputs = outputs(plan);
    let mut names = std::collections::BTreeSet::new();
    for file in &plan.files {
        let wrong = |message: &str| Err(format!("`{}` {message}", file.file));
        let Some(output) = outputs.iter().find(|output| output.code == file.output) else {
            return wrong(&format!("is of {}, which is not there", file.output));
        };
        super::check_name(&file.file)?;
        if !names.insert(file.file.to_lowercase()) {
            return Err(format!("two files would be named `{}`", file.file));
        }
        let channels = file.channels.iter().flatten();
        if channels
            .clone()
            .any(|&channel| channel >= output.layout.len())
            || file.channels.is_empty()
            || file.channels.len() > MAX_CHANNELS
        {
            return wrong("has channels that its output has not");
        }
        let end = file.from.checked_add(file.length);
        let limit = super::MAX_SECONDS * u64::from(plan.sample_rate);
        if end.is_none_or(|end| end > plan.length) || file.head > limit || file.tail > limit {
            return wrong("holds more than its output has");
        }
        if file.start_sample < 0 {
            return wrong("starts before midnight");
        }
        let programme = file.head..file.head + file.length;
        let outside = |pop: &Pop| {
            let end = pop.at.saturating_add(pop.length);
            end <= programme.start || (pop.at >= programme.end && end <= file.frames())
        };
        if !file.pops.iter().all(outside) {
            return wrong("has a pop in the programme");
        }
    }
    Ok(())
}
