//! The render plan: which samples of which files make which samples of which outputs, and why.
//!
//! **Invariant:** a [`RenderPlan`] has passed [`check`]: every segment lies inside its output, reads
//! only samples that its source has, routes only channels that exist, and stands in the order in
//! which it is summed. It is complete: rendering a plan read back gives the same bytes.

mod alike;
mod files;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use super::pan::{PanCurve, PanPlace, Side};
use super::plan_adm;
pub use super::plan_adm::{Adm, AdmContent, AdmProgramme};
pub use crate::stem::Route;
pub use files::{DeliveredFile, OutputRef, Packaging, Pop};

use crate::audio::{ChannelLayout, Decibels, SampleFormat, SampleRate};
use crate::time::{FrameRate, Rational};
use crate::timeline::{Curve, FadeShape};

/// The name and version of the JSON form.
pub const SCHEMA: &str = "stemline.plan/1";

/// A plan that may be rendered.
#[derive(Debug, Clone, PartialEq)]
pub struct RenderPlan(Plan);

/// What a plan says. Only [`check`] turns it into a [`RenderPlan`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// [`SCHEMA`].
    pub schema: String,
    /// Title of the delivery.
    pub title: String,
    /// Name of the delivery spec.
    pub spec: String,
    /// Names of the timelines.
    pub timelines: Vec<String>,
    /// Sample rate of every output, in Hz.
    pub sample_rate: u32,
    /// Bits of an output sample, signed integer: 16 or 24.
    pub bits: u16,
    /// Frame rate of the programme's timecode.
    pub frame_rate: FrameRate,
    /// Whether that timecode drops frame numbers.
    pub drop_frame: bool,
    /// Start of every file, in seconds since midnight.
    pub start: Rational,
    /// The same as timecode.
    pub start_timecode: String,
    /// The same in sample frames since midnight: the bext `TimeReference`.
    pub start_sample: i64,
    /// Length of every file in sample frames.
    pub length: u64,
    /// Date and time of origination, `YYYY-MM-DDThh:mm:ss`.
    pub origination: String,
    /// The files that are read.
    pub sources: Vec<Source>,
    /// The files that are mixed.
    pub stems: Vec<Stem>,
    /// The files that are sums of stems.
    pub composites: Vec<Composite>,
    /// The files that are written, where they are not one for each stem and composite as it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<DeliveredFile>,
    /// What is made beside the sound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packaging: Option<Packaging>,
    /// The ADM file of all stems, where one is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adm: Option<Adm>,
}

/// A file that is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its path as found.
    pub file: String,
    /// Its entry, for sound inside another file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
    /// Bits of a sample as stored, for sound without a header: 8 (unsigned), 16, 24 or 32 (signed).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bare_bits: Option<u16>,
    /// Its size in bytes.
    pub size: u64,
    /// Identity of its content, e.g. `xxh3-128-sampled:…`.
    pub hash: String,
    /// Its sample rate in Hz.
    pub sample_rate: u32,
    /// Its channels.
    pub channels: usize,
    /// Its length in sample frames of its own rate.
    pub frames: u64,
}

/// A file that is mixed from sources.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stem {
    /// `DX`, `MX`, `FX` …
    pub code: String,
    /// For people.
    pub label: String,
    /// File name.
    pub file: String,
    /// Channel order.
    pub layout: ChannelLayout,
    /// What sounds, in the order in which it is summed.
    pub segments: Vec<Segment>,
}

/// A file that is the integer sum of stems as written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Composite {
    /// `ME`, `MIX` …
    pub code: String,
    /// For people.
    pub label: String,
    /// File name.
    pub file: String,
    /// Channel order.
    pub layout: ChannelLayout,
    /// Codes of the stems it is the sum of.
    pub stems: Vec<String>,
    /// How that sum is folded down to these channels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fold: Option<FoldDown>,
}

/// A fold-down of a sum of stems.
///
/// The stems are summed as integers, without a limit; channel `to` of the result is the sum of
/// `gain · channel from` over the routes in their order, in double precision, rounded once to the
/// nearest integer, ties to even.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FoldDown {
    /// Its name in the spec.
    pub name: String,
    /// What it is.
    pub title: String,
    /// The channels of the stems.
    pub from: ChannelLayout,
    /// What feeds what, with its factor.
    pub routes: Vec<Route>,
}

/// One stretch of one source in one stem.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// First sample frame of the output that it sounds in.
    pub start: u64,
    /// Sample frames that it sounds for.
    pub length: u64,
    /// Which source, an index into [`Plan::sources`].
    pub source: usize,
    /// Sample frame of the source, at the source's own rate, that sounds at `start`.
    ///
    /// For a source at another rate: sample frame `k` of the segment reads source time
    /// `source_start / source rate + (lead + k) / output rate`.
    pub source_start: i64,
    /// Output sample frames between the instant of `source_start` and `start`: not zero only where
    /// a clip of another sample rate was cut off at its head.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub lead: u64,
    /// Which channels feed which, each with its gain.
    pub routes: Vec<Route>,
    /// The item of the source's scene that is drawn, by BS.2127, in place of routes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scene: Option<SceneSegment>,
    /// Constant gain.
    pub gain_db: Decibels,
    /// Ramp at the head.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fade_in: Option<Ramp>,
    /// Ramp at the tail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fade_out: Option<Ramp>,
    /// Gain curves in series.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub automation: Vec<GainCurve>,
    /// A place between left and right that moves; a constant one is in the routes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pan: Option<PanCurve>,
    /// The clip that it came from.
    pub clip: Origin,
    /// Why it is in this stem.
    pub because: Because,
}

/// Which item of the scene in the source is drawn. Its gains and times stay in the source: the plan
/// only refers to them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SceneSegment {
    /// Identity of the item within its file and selection.
    pub item: String,
    /// Id of the programme that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub programme: Option<String>,
    /// Ids of the complementary objects that were asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub select: Vec<String>,
    /// Times rounded up as BS.2127 has it, instead of to the nearest sample.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub strict: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature serde asks for"
)]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

/// A fade in samples.
///
/// Sample `i` of a clip of length `L` has the gain `f(i/length)` for `i < length` at the head and
/// `f((L−i)/length)` for `i ≥ L−length` at the tail. `offset` counts the samples of the ramp that
/// lie outside the segment because the clip was cut off at that end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ramp {
    /// Sample frames from silence to full gain.
    pub length: u64,
    /// Its law.
    #[serde(with = "shape_name")]
    pub shape: FadeShape,
    /// Sample frames of it that were cut off.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub offset: u64,
}

/// Gain over the samples of the segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GainCurve {
    /// How gain moves between points.
    #[serde(with = "curve_name")]
    pub curve: Curve,
    /// Points in order.
    pub points: Vec<CurvePoint>,
}

/// Gain at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CurvePoint {
    /// Seconds from the segment's first sample, exactly; may be negative.
    pub at: Rational,
    /// How loud.
    pub gain_db: Decibels,
}

/// Where a segment came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The clip's name.
    pub name: String,
    /// Its event number or identity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// Its timeline.
    pub timeline: String,
    /// Its track.
    pub track: String,
    /// Its record in as timecode.
    pub record_in: String,
    /// How the source file was found.
    pub found_by: String,
    /// What people wrote about the clip and its recording, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub notes: BTreeMap<String, String>,
}

/// Why a clip is in its stem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Because {
    /// The rule that decided.
    pub rule: String,
    /// The finer group.
    pub group: String,
    /// What spoke for it and against it.
    pub evidence: Vec<String>,
    /// What the built-in rules take it for, where a rule of the user says another class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<Otherwise>,
}

impl Because {
    /// The rule of clips that no rule knew and that the user sent to a stem together.
    pub const ON_UNASSIGNED: &'static str = "--on-unassigned";
}

/// What a clip seems to be, against what a rule of the user says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Otherwise {
    /// The finer group that the evidence speaks for.
    pub group: String,
    /// Whether it does so without doubt.
    pub sure: bool,
}

/// Why a plan cannot be rendered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// Not JSON of this form.
    #[error("not a render plan: {0}")]
    Form(#[from] serde_json::Error),
    /// Another schema.
    #[error("schema `{0}`, wanted `{SCHEMA}`")]
    Schema(String),
    /// A value that contradicts another.
    #[error("{path}: {message}")]
    Contradiction {
        /// Where in the plan, e.g. `stems[0].segments[12].source`.
        path: String,
        /// What is wrong.
        message: String,
    },
}

/// Largest gain in dB: what a workstation's fader, clip gain and trim in series can do.
const MAX_GAIN: f64 = 200.0;

/// Longest programme in seconds: 48 hours, twice a day of timecode.
const MAX_SECONDS: u64 = 48 * 3600;

impl RenderPlan {
    /// What the plan says.
    pub fn get(&self) -> &Plan {
        &self.0
    }

    /// The sample rate of the outputs.
    pub fn rate(&self) -> SampleRate {
        SampleRate::new(self.0.sample_rate).unwrap_or(SampleRate::HZ_48000)
    }

    /// How the outputs' samples are stored.
    pub fn sample_format(&self) -> SampleFormat {
        if self.0.bits == 16 {
            SampleFormat::Int16
        } else {
            SampleFormat::Int24
        }
    }

    /// Frame rate with its counting.
    pub fn frame_rate(&self) -> FrameRate {
        self.0
            .frame_rate
            .with_drop(self.0.drop_frame)
            .unwrap_or(self.0.frame_rate)
    }

    /// The plan as JSON text, one value a line, ending in a newline.
    ///
    /// # Errors
    /// Only if a number cannot be written as JSON (a NaN gain), which [`check`] excludes.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(&self.0)? + "\n")
    }
}

/// Reads a plan back, through the same check.
///
/// # Errors
/// [`PlanError`] with the place and the value that is wrong.
pub fn read(json: &str) -> Result<RenderPlan, PlanError> {
    check(serde_json::from_str(json)?)
}

/// The gate: everything the renderer relies on.
///
/// # Errors
/// [`PlanError`] with the place and the value that is wrong.
pub fn check(plan: Plan) -> Result<RenderPlan, PlanError> {
    let wrong = |path: &str, message: String| PlanError::Contradiction {
        path: path.into(),
        message,
    };
    if plan.schema != SCHEMA {
        return Err(PlanError::Schema(plan.schema));
    }
    let rate = SampleRate::new(plan.sample_rate)
        .map_err(|error| wrong("sample_rate", error.to_string()))?;
    if plan.length > MAX_SECONDS * u64::from(rate.hertz()) {
        return Err(wrong(
            "length",
            format!("{} sample frames is over 48 hours", plan.length),
        ));
    }
    if !matches!(plan.bits, 16 | 24) {
        return Err(wrong("bits", format!("{} is neither 16 nor 24", plan.bits)));
    }
    if plan.start_sample < 0 {
        return Err(wrong(
            "start_sample",
            format!("{} is before midnight", plan.start_sample),
        ));
    }
    plan.frame_rate
        .with_drop(plan.drop_frame)
        .map_err(|error| wrong("drop_frame", error.to_string()))?;
    for (i, stem) in plan.stems.iter().enumerate() {
        for (k, segment) in stem.segments.iter().enumerate() {
            check_segment(&plan, stem, segment)
                .map_err(|message| wrong(&format!("stems[{i}].segments[{k}]"), message))?;
        }
        let ordered = stem
            .segments
            .windows(2)
            .all(|pair| pair[0].start <= pair[1].start);
        if !ordered {
            return Err(wrong(
                &format!("stems[{i}].segments"),
                "not in order of start".into(),
            ));
        }
    }
    for (i, composite) in plan.composites.iter().enumerate() {
        check_composite(&plan, composite)
            .map_err(|message| wrong(&format!("composites[{i}]"), message))?;
    }
    plan_adm::check(&plan).map_err(|message| wrong("adm", message))?;
    check_names(&plan).map_err(|message| wrong("file", message))?;
    files::check_files(&plan).map_err(|message| wrong("files", message))?;
    Ok(RenderPlan(plan))
}

fn check_segment(plan: &Plan, stem: &Stem, segment: &Segment) -> Result<(), String> {
    let end = segment.start.checked_add(segment.length);
    if segment.length == 0 || end.is_none_or(|end| end > plan.length) {
        return Err(format!(
            "{}+{} is not in the file",
            segment.start, segment.length
        ));
    }
    let Some(source) = plan.sources.get(segment.source) else {
        return Err(format!(
            "source {} of {}",
            segment.source,
            plan.sources.len()
        ));
    };
    for route in &segment.routes {
        if route.from >= source.channels || route.to >= stem.layout.len() {
            return Err(format!(
                "route {} → {} has no such channel",
                route.from, route.to
            ));
        }
        if !route.gain.linear().is_finite() {
            return Err("route with a gain that is not a number".into());
        }
    }
    if let Some(pan) = &segment.pan {
        super::pan::check(pan, segment.routes.len())?;
    }
    let gains = segment
        .automation
        .iter()
        .flat_map(|curve| &curve.points)
        .map(|p| p.gain_db);
    if gains
        .chain([segment.gain_db])
        .any(|gain| gain.value().is_nan() || gain.value() > MAX_GAIN)
    {
        return Err("gain above +200 dB or not a number".into());
    }
    let read = source_frames(plan, source, segment);
    if read.is_none_or(|(first, last)| first < 0 || last >= i128::from(source.frames)) {
        let message = format!(
            "reads from sample {} on, but {} has {} sample frames",
            segment.source_start, source.file, source.frames
        );
        return Err(message);
    }
    let ramps = [segment.fade_in, segment.fade_out];
    if ramps.iter().flatten().any(|ramp| ramp.length == 0) {
        return Err("fade without length".into());
    }
    Ok(())
}

/// The first and the last source sample frame that a segment stands on; `None` for a source without
/// a rate.
fn source_frames(plan: &Plan, source: &Source, segment: &Segment) -> Option<(i128, i128)> {
    let (from, to) = (i128::from(source.sample_rate), i128::from(plan.sample_rate));
    let at = |output: i128| i128::from(segment.source_start) + output * from / to;
    let lead = i128::from(segment.lead);
    (from > 0 && to > 0).then(|| (at(lead), at(lead + i128::from(segment.length) - 1)))
}

fn check_composite(plan: &Plan, composite: &Composite) -> Result<(), String> {
    let fold = composite.fold.as_ref();
    let summed = fold.map_or(&composite.layout, |fold| &fold.from);
    for code in &composite.stems {
        let Some(stem) = plan.stems.iter().find(|stem| stem.code == *code) else {
            return Err(format!("no stem {code}"));
        };
        if stem.layout != *summed {
            return Err(format!("{code} is {}, not {summed}", stem.layout));
        }
    }
    let wrong = |route: &&Route| {
        route.from >= summed.len()
            || route.to >= composite.layout.len()
            || !route.gain.linear().is_finite()
    };
    match fold.and_then(|fold| fold.routes.iter().find(wrong)) {
        Some(route) => Err(format!("cannot fold {} to {}", route.from, route.to)),
        None => Ok(()),
    }
}

/// File names are names, not paths, and no two outputs share one.
fn check_names(plan: &Plan) -> Result<(), String> {
    let mut names: Vec<&String> = plan.stems.iter().map(|stem| &stem.file).collect();
    names.extend(plan.composites.iter().map(|composite| &composite.file));
    names.extend(plan.adm.iter().map(|adm| &adm.file));
    for (i, name) in names.iter().enumerate() {
        check_name(name)?;
        // Many file systems take names that differ by case alone for the same.
        let same = |other: &&String| other.to_lowercase() == name.to_lowercase();
        if names[..i].iter().any(same) {
            return Err(format!("two files would be named `{name}`"));
        }
    }
    Ok(())
}

fn check_name(name: &str) -> Result<(), String> {
    if name.is_empty() || name.contains(['/', '\\', '\0']) || name.starts_with('.') {
        return Err(format!("`{name}` is not a file name"));
    }
    Ok(())
}

/// Fade shapes by name.
mod shape_name {
    use super::FadeShape;
    use serde::{Deserialize as _, Deserializer, Serializer};

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "the signature serde asks for"
    )]
    pub(super) fn serialize<S: Serializer>(shape: &FadeShape, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(shape.name())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<FadeShape, D::Error> {
        let name = String::deserialize(from)?;
        FadeShape::from_name(&name)
            .ok_or_else(|| serde::de::Error::custom(format!("`{name}` is not a fade shape")))
    }
}

/// Curves by name.
pub(super) mod curve_name {
    use super::Curve;
    use serde::{Deserialize as _, Deserializer, Serializer};

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "the signature serde asks for"
    )]
    pub(in crate::conform) fn serialize<S: Serializer>(
        curve: &Curve,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(curve.name())
    }

    pub(in crate::conform) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Curve, D::Error> {
        let name = String::deserialize(from)?;
        Curve::from_name(&name)
            .ok_or_else(|| serde::de::Error::custom(format!("`{name}` is not a gain curve")))
    }
}
