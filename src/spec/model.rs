//! The types of a delivery spec.

use std::collections::BTreeSet;

use super::adm::AdmSpec;
use super::checks::default_of;
use super::demands::{
    CheckRule, LoudnessLimit, MetadataDemand, OtherLimits, Padding, PeakLimit, PopRule, PopTone,
    ProgrammeDemand, RangeLimit, ReelForm,
};
use super::file_name::{Alphabet, FileName};
use super::sources::SourceNote;
use super::{OPTIONAL_EMPTY, SpecError};
use crate::audio::{Channel, ChannelLayout, Decibels, Gain, SampleFormat, SampleRate};
use crate::finding::Finding;
use crate::stem::{Group, Stem, StemCode, StemSet};
use crate::time::FrameRate;

/// What a delivery consists of.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    /// Its name on the command line.
    pub name: String,
    /// A line for people.
    pub title: String,
    /// Channels of every stem without a layout of its own.
    pub layout: ChannelLayout,
    /// Rate of the files.
    pub sample_rate: SampleRate,
    /// How samples are stored.
    pub sample_format: SampleFormat,
    /// How files are named.
    pub file_name: FileName,
    /// The characters that file names may have; any that file systems take where absent.
    pub alphabet: Option<Alphabet>,
    /// What file names say that the sound does not.
    pub fields: NameFields,
    /// One file of all channels, or one for each.
    pub files: FileForm,
    /// The channels of a file where they differ from those that are mixed.
    pub channel_order: Option<ChannelOrder>,
    /// The frame rates that the client takes; any where empty.
    pub frame_rates: Vec<FrameRate>,
    /// Where the programme stands in the files.
    pub programme: ProgrammeDemand,
    /// What stands before the programme.
    pub head: Padding,
    /// What stands behind the programme.
    pub tail: Padding,
    /// What a pop sounds like.
    pub pop: PopTone,
    /// What is to be read in the files, and beside them.
    pub metadata: MetadataDemand,
    /// Loudness targets; of those for one file the first that it meets is enough.
    pub loudness: Vec<LoudnessLimit>,
    /// True-peak limits; the first that names a file holds for it.
    pub peak: Vec<PeakLimit>,
    /// Limits of the loudness range.
    pub range: Vec<RangeLimit>,
    /// Limits of what else can be measured.
    pub limits: OtherLimits,
    /// The checks that the spec speaks of, in order of their ids.
    pub(super) checks: Vec<(&'static str, CheckRule)>,
    /// Stems in order of delivery.
    pub stems: Vec<SpecStem>,
    /// Sums of stems in order of delivery.
    pub composites: Vec<Composite>,
    /// The ADM file of all stems, where one is wanted.
    pub adm: Option<AdmSpec>,
    /// Where the values come from.
    pub sources: Vec<SourceNote>,
    /// The document that it was read from.
    pub(super) text: String,
}

/// Whether the channels of an output stand in one file or in one each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileForm {
    /// All channels in one file.
    Interleaved,
    /// A file of one channel for each.
    Mono,
}

impl FileForm {
    /// Every form with its name in specs.
    pub(super) const NAMES: [(&'static str, Self); 2] =
        [("interleaved", Self::Interleaved), ("mono", Self::Mono)];
}

/// The channels of a file, of which some may be silent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChannelOrder(pub Vec<Option<Channel>>);

/// What file names say that the sound does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NameFields {
    /// Version of the mix, e.g. `v01`.
    pub version: String,
    /// `Nearfield`, `Theatrical` …
    pub soundfield: String,
    /// Language of the dialogue (BCP 47).
    pub language: String,
    /// What stands for the reel in the names of a long-play file: `lp`, an episode.
    pub long_play: String,
}

/// A stem of a spec.
#[derive(Debug, Clone, PartialEq)]
pub struct SpecStem {
    /// Its code, part of the file's name.
    pub code: StemCode,
    /// Its name for people.
    pub label: String,
    /// The kinds of sound that it takes.
    pub groups: Vec<Group>,
    /// Its channels where they differ from the spec's.
    pub layout: Option<ChannelLayout>,
    /// Written only when something is assigned to it.
    pub optional: bool,
    /// Whether it is a file of its own; if not, it only sounds in composites.
    pub deliver: bool,
    /// Gain of everything that goes to it: walla 10 dB down.
    pub gain: Decibels,
    /// What file names call it and say of it.
    pub naming: Naming,
}

/// What file names call one stem or composite, and say of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Naming {
    /// Its word, where that is not its code.
    pub asset: Option<String>,
    /// Its language, where it has one of its own.
    pub language: Option<String>,
    /// Its sound field, where it has one of its own.
    pub soundfield: Option<String>,
}

/// A sum of stems: an M&E, the full mix, an alternate of it, a fold-down.
#[derive(Debug, Clone, PartialEq)]
pub struct Composite {
    /// Its code, part of the file's name.
    pub code: StemCode,
    /// Its name for people.
    pub label: String,
    /// The stems that are summed, in this order; optional ones that are not written are left out.
    /// Composites, replacements and exceptions of the spec are worked out.
    pub recipe: Vec<StemCode>,
    /// Stems without which it is not written.
    pub when: Vec<StemCode>,
    /// How the sum is folded down to fewer channels.
    pub fold: Option<Fold>,
    /// What file names call it and say of it.
    pub naming: Naming,
}

/// A fold-down by stated factors. The stems are summed as integers, then each channel is the sum of
/// the factors times the channels of that sum, rounded once.
#[derive(Debug, Clone, PartialEq)]
pub struct Fold {
    /// Its name in the spec.
    pub name: String,
    /// What it is.
    pub title: String,
    /// The channels it leads to.
    pub to: ChannelLayout,
    /// For each of them what feeds it, with its factor.
    pub rows: Vec<Vec<(Channel, Gain)>>,
}

impl Spec {
    /// The stem of a code.
    pub fn stem(&self, code: &StemCode) -> Option<&SpecStem> {
        self.stems.iter().find(|stem| stem.code == *code)
    }

    /// The channels of a stem.
    pub fn layout_of<'a>(&'a self, stem: &'a SpecStem) -> &'a ChannelLayout {
        stem.layout.as_ref().unwrap_or(&self.layout)
    }

    /// The channels of a composite: those of its fold-down, else of its stems.
    pub fn composite_layout<'a>(&'a self, composite: &'a Composite) -> &'a ChannelLayout {
        match &composite.fold {
            Some(fold) => &fold.to,
            None => self.summed_layout(composite),
        }
    }

    /// The channels of the stems of a composite.
    pub fn summed_layout<'a>(&'a self, composite: &'a Composite) -> &'a ChannelLayout {
        let first = composite.recipe.first().and_then(|code| self.stem(code));
        first.map_or(&self.layout, |stem| self.layout_of(stem))
    }

    /// The same spec with other channels for all stems that set none of their own.
    ///
    /// # Errors
    /// [`SpecError::Layouts`] when a composite would sum stems of different layouts.
    pub fn with_layout(self, layout: ChannelLayout) -> Result<Self, SpecError> {
        let spec = Self { layout, ..self };
        for composite in &spec.composites {
            if let Some((first, second)) = spec.layout_clash(composite) {
                let composite = composite.code.clone();
                return Err(SpecError::Layouts {
                    composite,
                    first,
                    second,
                });
            }
        }
        let nowhere = |channel: &&Channel| !spec.has_channel(**channel);
        match spec.pop.channels.iter().find(nowhere) {
            Some(&channel) => Err(SpecError::NoPop {
                channel,
                layout: spec.layout,
            }),
            None => Ok(spec),
        }
    }

    /// Whether a stem has a channel.
    pub(super) fn has_channel(&self, channel: Channel) -> bool {
        let layouts = self.stems.iter().map(|stem| self.layout_of(stem));
        let mut layouts = layouts.chain([&self.layout]);
        layouts.any(|layout| layout.index_of(channel).is_some())
    }

    /// Two stems of a composite that have different layouts; it sums channel by channel.
    pub(super) fn layout_clash(&self, composite: &Composite) -> Option<(String, String)> {
        let stems = composite.recipe.iter().filter_map(|code| self.stem(code));
        let stems: Vec<&SpecStem> = stems.collect();
        stems.windows(2).find_map(|two| {
            let [a, b] = two else { return None };
            let show = |stem: &SpecStem| format!("{} ({})", stem.code, self.layout_of(stem));
            (self.layout_of(a) != self.layout_of(b)).then(|| (show(a), show(b)))
        })
    }

    /// The stems as the assignment of clips sees them, with their final layouts.
    ///
    /// # Errors
    /// [`SpecError::Stems`] when two stems have one code or take one kind of sound.
    pub fn stem_set(&self) -> Result<StemSet, SpecError> {
        let stems = self.stems.iter().map(|stem| Stem {
            code: stem.code.clone(),
            layout: self.layout_of(stem).clone(),
            groups: stem.groups.clone(),
        });
        Ok(StemSet::new(stems.collect())?)
    }

    /// The stems that are written when these have something assigned to them, and a note for each
    /// that is not.
    pub fn written(&self, used: &BTreeSet<StemCode>) -> (Vec<&SpecStem>, Vec<Finding>) {
        let written = |stem: &&SpecStem| !stem.optional || used.contains(&stem.code);
        let left_out = self.stems.iter().filter(|stem| !written(stem));
        let notes = left_out.map(|stem| {
            let message = format!("nothing is assigned to {} ({})", stem.code, stem.label);
            Finding::new(&OPTIONAL_EMPTY, message)
        });
        (self.stems.iter().filter(written).collect(), notes.collect())
    }

    /// The loudness targets of a stem or composite, in the order in which they are tried.
    pub fn loudness_of(&self, code: &StemCode) -> Vec<&LoudnessLimit> {
        let holds = |limit: &&LoudnessLimit| limit.of.is_empty() || limit.of.contains(code);
        self.loudness.iter().filter(holds).collect()
    }

    /// The true-peak limit of a stem or composite.
    pub fn peak_of(&self, code: &StemCode) -> Option<&PeakLimit> {
        let named = self.peak.iter().find(|limit| limit.of.contains(code));
        named.or_else(|| self.peak.iter().find(|limit| limit.of.is_empty()))
    }

    /// The limits of the loudness range of a stem or composite.
    pub fn range_of(&self, code: &StemCode) -> Option<&RangeLimit> {
        let named = self.range.iter().find(|limit| limit.of.contains(code));
        named.or_else(|| self.range.iter().find(|limit| limit.of.is_empty()))
    }

    /// How a check is done: as the spec says, else as [`super::CHECKS`] has it; `None` for an id that
    /// is no check.
    pub fn check(&self, id: &str) -> Option<CheckRule> {
        let said = self.checks.iter().find(|check| check.0 == id);
        said.map(|check| check.1.clone())
            .or_else(|| default_of(id).map(super::CheckDefault::rule))
    }

    /// Whether the files are the stems and composites as they are: interleaved, in the order in which
    /// they are mixed, with nothing before, behind and beside them.
    pub fn is_plain(&self) -> bool {
        let silent =
            |padding: &Padding| padding.length.is_zero() && !matches!(padding.pop, PopRule::At(_));
        self.files == FileForm::Interleaved
            && self.channel_order.is_none()
            && self.programme.reels == ReelForm::LongPlay
            && silent(&self.head)
            && silent(&self.tail)
            && self.metadata == MetadataDemand::default()
            && self.stems.iter().all(|stem| stem.deliver)
    }
}
