//! The types of a delivery spec.

use std::collections::BTreeSet;

use super::file_name::FileName;
use super::{OPTIONAL_EMPTY, SpecError};
use crate::audio::{ChannelLayout, SampleFormat, SampleRate};
use crate::finding::Finding;
use crate::stem::{Group, Stem, StemCode, StemSet};

/// What a delivery consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Stems in order of delivery.
    pub stems: Vec<SpecStem>,
    /// Sums of stems in order of delivery.
    pub composites: Vec<Composite>,
}

/// A stem of a spec.
#[derive(Debug, Clone, PartialEq, Eq)]
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
}

/// A sum of stems: an M&E, the full mix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composite {
    /// Its code, part of the file's name.
    pub code: StemCode,
    /// Its name for people.
    pub label: String,
    /// The stems that are summed, in this order; optional ones that are not written are left out.
    pub recipe: Vec<StemCode>,
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

    /// The channels of a composite: those of its stems.
    pub fn composite_layout<'a>(&'a self, composite: &'a Composite) -> &'a ChannelLayout {
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
        Ok(spec)
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
}
