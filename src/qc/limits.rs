//! What the checks compare with: the spec's words, and what holds where it says nothing.

use std::collections::BTreeMap;

use super::facts::{Facts, FileFacts, Sound};
use crate::audio::{Channel, ChannelLayout, SampleRate};
use crate::bwf::Wave;
use crate::finding::Severity;
use crate::spec::{BextDemand, ChannelOrder, FileFields, FileForm, Padding, PopRule, Spec};
use crate::time::{FrameRate, Timecode, sample_at};

/// The limits of a spec.
#[derive(Debug, Clone, Copy)]
pub struct Limits<'a> {
    spec: &'a Spec,
}

impl<'a> Limits<'a> {
    /// Those of this spec.
    pub const fn of(spec: &'a Spec) -> Self {
        Self { spec }
    }

    /// The spec.
    pub const fn spec(self) -> &'a Spec {
        self.spec
    }

    /// How much a fault of this check matters at most; `None` where the check is switched off.
    pub fn severity(self, check: &str) -> Option<Severity> {
        self.spec
            .check(check)
            .map_or(Some(Severity::Error), |rule| rule.severity)
    }

    /// A threshold of a check, in the unit of its table; 0 where there is none.
    pub fn value(self, check: &str, threshold: &str) -> f64 {
        let rule = self.spec.check(check);
        let value = rule.and_then(|rule| rule.threshold(threshold));
        value.map_or(0.0, |value| value.value)
    }

    /// The low-pass of the low-frequency channel, in Hz.
    pub fn low_pass(self) -> f64 {
        let said = self.spec.limits.lfe_low_pass;
        said.map_or_else(|| self.value("P4", "above"), |said| said.value)
    }

    /// The layout that a sound should have, in the order that the spec asks for; `None` for a sound that the spec does
    /// not know.
    pub(super) fn layout(self, code: &str) -> Option<ChannelLayout> {
        let layout = self.spec.layout_of_code(&code.parse().ok()?)?;
        let channels = self.order(&layout).and_then(|order| {
            let all: Option<Vec<Channel>> = order.0.iter().copied().collect();
            ChannelLayout::new(all?).ok()
        });
        Some(channels.unwrap_or(layout))
    }

    /// The order that the spec asks for of a layout's channels, which may have silent places between.
    fn order(self, layout: &ChannelLayout) -> Option<&'a ChannelOrder> {
        let order = self.spec.channel_order.as_ref();
        order.filter(|_| *layout == self.spec.layout && self.spec.files == FileForm::Interleaved)
    }

    /// Channels of a file that holds this layout: the spec's order may have silent places between.
    pub(super) fn places(self, layout: &ChannelLayout) -> usize {
        self.order(layout)
            .map_or(layout.len(), |order| order.0.len())
    }

    /// Codes of which there has to be a file.
    pub(super) fn required(self) -> Vec<String> {
        let stems = self
            .spec
            .stems
            .iter()
            .filter(|stem| !stem.optional && stem.deliver);
        let composites = self
            .spec
            .composites
            .iter()
            .filter(|composite| composite.when.is_empty());
        let stems = stems.map(|stem| stem.code.to_string());
        stems
            .chain(composites.map(|composite| composite.code.to_string()))
            .collect()
    }

    /// Whether files need a broadcast extension or another statement of their start.
    pub(super) fn wants_bext(self) -> bool {
        self.spec.metadata.bext != BextDemand::None
    }

    /// Whether the broadcast extension has to stand before the samples.
    pub(super) fn wants_bext_first(self) -> bool {
        self.spec.metadata.bext == BextDemand::BeforeData
    }

    /// The first sample that a sound should have, since midnight: the plan's; else the spec's first frame
    /// of picture less its head padding, for the first reel.
    pub(super) fn start(self, facts: &Facts<'_>, sound: &Sound) -> Option<i64> {
        sound.code.as_ref()?;
        if let Some((_, plan)) = &facts.plan {
            let start = facts
                .listed(sound)
                .map_or(plan.start_sample, |file| file.start_sample);
            return (plan.sample_rate == sound.rate.hertz()).then_some(start);
        }
        let rate = facts.rate?;
        let picture = self.picture(facts, sound)?;
        let head = self.spec.head.length.frames(rate);
        let start = Self::frame_sample(picture - head, rate, sound.rate)?;
        Some(start)
    }

    /// The frame since midnight of the first frame of picture of the reel that the name says.
    fn picture(self, facts: &Facts<'_>, sound: &Sound) -> Option<i64> {
        let start = self.spec.programme.start?;
        let name = facts.name_of(sound);
        let fields = self.spec.parse_file_name(last_part(&name));
        let reel = fields.and_then(|fields| fields.reel).unwrap_or(1);
        let rate = facts.rate?;
        Some(Timecode::parse(&start.of_reel(reel), rate).ok()?.frame())
    }

    fn frame_sample(frame: i64, rate: FrameRate, hertz: SampleRate) -> Option<i64> {
        Some(sample_at(rate.seconds_at(frame)?, hertz))
    }

    /// Samples of silence that the spec asks for at head and tail.
    pub(super) fn padding(self, facts: &Facts<'_>) -> (u64, u64) {
        let Some(rate) = facts.rate else {
            return (0, 0);
        };
        let samples = |padding: &Padding| {
            let frames = padding.length.frames(rate);
            let at = Self::frame_sample(frames, rate, self.spec.sample_rate);
            at.and_then(|at| u64::try_from(at).ok()).unwrap_or_default()
        };
        (samples(&self.spec.head), samples(&self.spec.tail))
    }

    /// The most samples of silence that the client takes at head and tail, where it says so.
    pub(super) fn most_padding(
        self,
        facts: &Facts<'_>,
        rate: SampleRate,
    ) -> (Option<u64>, Option<u64>) {
        let most = |padding: &Padding| {
            let frames = padding.max?.frames(facts.rate?);
            u64::try_from(Self::frame_sample(frames, facts.rate?, rate)?).ok()
        };
        (most(&self.spec.head), most(&self.spec.tail))
    }

    /// Whether a file that begins at this sample, with more or less padding than the spec makes, has no more than
    /// the client takes, and begins no later than the picture.
    pub(super) fn takes_start(self, facts: &Facts<'_>, sound: &Sound, start: i64) -> bool {
        let (Some(rate), (Some(most), _)) = (facts.rate, self.most_padding(facts, sound.rate))
        else {
            return false;
        };
        let picture = self.picture(facts, sound);
        let picture = picture.and_then(|frame| Self::frame_sample(frame, rate, sound.rate));
        facts.plan.is_none()
            && picture.is_some_and(|picture| start <= picture && picture.abs_diff(start) <= most)
    }

    /// First sample, counted from the file's first, and length of each pop that has to be there.
    pub(super) fn pops(self, facts: &Facts<'_>, sound: &Sound) -> Vec<(u64, u64)> {
        let (Some(rate), Some(start)) = (facts.rate, self.start(facts, sound)) else {
            return Vec::new();
        };
        let Some(picture) = self.picture_in(facts, sound, start) else {
            return Vec::new();
        };
        let mut frames = Vec::new();
        if let PopRule::At(before) = self.spec.head.pop {
            frames.push(picture - before.frames(rate));
        }
        if let PopRule::At(after) = self.spec.tail.pop {
            // The last frame of picture ends where the tail padding begins: at the frame nearest to the file's end,
            // since files that were joined of frames of uneven length may be a sample longer or shorter.
            let frame = Self::frame_sample(1, rate, sound.rate).unwrap_or_default();
            let near = start
                .checked_add_unsigned(sound.length)
                .and_then(|end| end.checked_add(frame / 2));
            let end = near.and_then(|near| rate.frame_of_sample(near, sound.rate));
            let last = end.map(|end| end - self.spec.tail.length.frames(rate) - 1);
            frames.extend(last.map(|last| last + after.frames(rate)));
        }
        let place = |frame: i64| {
            let at = |frame| Self::frame_sample(frame, rate, sound.rate);
            let first = u64::try_from(at(frame)? - start).ok()?;
            Some((first, u64::try_from(at(frame + 1)? - at(frame)?).ok()?))
        };
        frames.into_iter().filter_map(place).collect()
    }

    /// The first frame of picture of a file that begins at `start`.
    fn picture_in(self, facts: &Facts<'_>, sound: &Sound, start: i64) -> Option<i64> {
        let rate = facts.rate?;
        if let Some(picture) = self.picture(facts, sound) {
            return Some(picture);
        }
        let frame = rate.frame_of_sample(start, sound.rate)?;
        Some(frame + self.spec.head.length.frames(rate))
    }

    /// Whether the spec wants no pop before, and none behind the programme.
    pub(super) fn pops_forbidden(self) -> (bool, bool) {
        let forbids = |padding: &Padding| padding.pop == PopRule::Forbidden;
        (forbids(&self.spec.head), forbids(&self.spec.tail))
    }

    /// What is wrong with names: files against the template, and fields against the header.
    pub(super) fn names(self, facts: &Facts<'_>) -> (Vec<Complaint>, Vec<Complaint>) {
        let mut titles: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let (mut wrong, mut contradictions) = (Vec::new(), Vec::new());
        for sound in facts.sounds.iter().filter(|sound| sound.code.is_some()) {
            for name in facts.names_of(sound) {
                let Some(fields) = self.spec.parse_file_name(last_part(&name)) else {
                    let message = format!("the name is not of the form `{}`", self.spec.file_name);
                    wrong.push((name, message));
                    continue;
                };
                if let Some(wave) = facts
                    .files
                    .iter()
                    .find(|f| f.name == name)
                    .and_then(FileFacts::header)
                {
                    contradictions.extend(contradiction(&name, &fields, wave, self.spec));
                }
                titles.entry(fields.title).or_default().push(name);
            }
        }
        let most = titles.values().map(Vec::len).max().unwrap_or_default();
        let usual = titles.iter().find(|(_, names)| names.len() == most);
        let usual = usual.map(|(title, _)| title.clone());
        for (title, names) in titles {
            let Some(usual) = usual.as_ref().filter(|usual| **usual != title) else {
                continue;
            };
            let message = format!("the title is `{title}`, that of the other files `{usual}`");
            wrong.extend(names.into_iter().map(|name| (name, message.clone())));
        }
        (wrong, contradictions)
    }
}

/// A file and what is wrong with its name.
type Complaint = (String, String);

/// The name without its folder.
fn last_part(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// Whether a name says something else than the header.
fn contradiction(name: &str, fields: &FileFields, wave: &Wave, spec: &Spec) -> Vec<Complaint> {
    let mut out = Vec::new();
    let mut compare = |what: &str, says: String, is: String| {
        if says != is {
            out.push((
                name.to_owned(),
                format!("the name says {says} {what}, the header {is}"),
            ));
        }
    };
    // What the template does not say comes from the spec, and other checks compare with that.
    if fields.rate != spec.sample_rate {
        compare(
            "of sample rate",
            fields.rate.to_string(),
            wave.format.rate.to_string(),
        );
    }
    if fields.bits != spec.sample_format.bits() {
        compare(
            "bits",
            fields.bits.to_string(),
            wave.format.valid_bits.to_string(),
        );
    }
    out
}
