//! Items of scenes made ready to draw: scenes opened, layouts designed, feeds resolved.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use crate::audio::{ChannelLayout, SampleRate};
use crate::conform::plan::{Plan, SceneSegment, Segment, Source};
use crate::media::{MediaError, Scene, ScenePart};
use crate::render::prepare::RenderError;
use crate::spatial::{SceneClock, SceneTrack, Spatial, delay_samples};
use crate::time::Rational;

/// Opens the scene of a source, for a selection of it.
pub type SceneOpener<'a> = dyn Fn(&Source, &SceneSegment) -> Result<Scene, MediaError> + Sync + 'a;

/// An item of a scene ready to draw.
#[derive(Debug)]
pub(in crate::render) struct PreparedScene {
    /// Which source it reads, for what several items of it read at once.
    pub(super) source: usize,
    /// The channels of that source that any item reads, ascending.
    pub(super) channels: Arc<Vec<usize>>,
    pub(super) parts: Vec<PreparedPart>,
}

/// A bed channel, an object or a sound field.
#[derive(Debug)]
pub(super) struct PreparedPart {
    pub(super) track: SceneTrack,
    /// For each feed what is summed.
    pub(super) feeds: Vec<Vec<PreparedTap>>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct PreparedTap {
    /// Index into [`PreparedScene::channels`].
    pub(super) place: usize,
    /// Channel of the source.
    pub(super) channel: usize,
    pub(super) gain: f64,
    /// In sample frames.
    pub(super) delay: u64,
}

/// The scenes of a plan's sources, each opened once, and the renderers of its layouts.
#[derive(Default)]
pub(in crate::render) struct Scenes {
    opened: BTreeMap<(usize, SceneSegment), Scene>,
    layouts: BTreeMap<ChannelLayout, Arc<Spatial>>,
    /// For each source the channels that items of it read.
    channels: BTreeMap<usize, Arc<Vec<usize>>>,
}

/// A selection without the item: what a scene is opened with.
fn selection(scene: &SceneSegment) -> SceneSegment {
    SceneSegment {
        item: String::new(),
        ..scene.clone()
    }
}

impl Scenes {
    /// Opens what the plan refers to and designs the layouts that it is drawn on.
    pub(in crate::render) fn open(
        plan: &Plan,
        open: &SceneOpener<'_>,
    ) -> Result<Self, RenderError> {
        let mut scenes = Self::default();
        let mut channels: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for stem in &plan.stems {
            for segment in &stem.segments {
                let Some(scene) = &segment.scene else {
                    continue;
                };
                let file = plan.sources.get(segment.source);
                let file = file.ok_or_else(|| missing(segment, scene))?;
                let key = (segment.source, selection(scene));
                let fail = |error| RenderError::Source {
                    file: file.file.clone(),
                    error,
                };
                if let Entry::Vacant(vacant) = scenes.opened.entry(key) {
                    let opened = open(file, &selection(scene)).map_err(fail)?;
                    vacant.insert(opened);
                }
                for part in scenes.parts(segment, scene)? {
                    let taps = part.format.feeds.iter().flat_map(|feed| &feed.taps);
                    let used = taps.map(|tap| usize::from(tap.channel));
                    let used = used.filter(|channel| *channel < file.channels);
                    channels.entry(segment.source).or_default().extend(used);
                }
                scenes.design(&stem.layout)?;
            }
        }
        for (source, mut used) in channels {
            used.sort_unstable();
            used.dedup();
            scenes.channels.insert(source, Arc::new(used));
        }
        Ok(scenes)
    }

    fn design(&mut self, layout: &ChannelLayout) -> Result<(), RenderError> {
        if !self.layouts.contains_key(layout) {
            let spatial = Spatial::new(layout).map_err(RenderError::Layout)?;
            self.layouts.insert(layout.clone(), Arc::new(spatial));
        }
        Ok(())
    }

    /// The renderer of a layout that scenes are drawn on.
    pub(in crate::render) fn layout(&self, layout: &ChannelLayout) -> Option<Arc<Spatial>> {
        self.layouts.get(layout).cloned()
    }

    fn parts(&self, segment: &Segment, scene: &SceneSegment) -> Result<&[ScenePart], RenderError> {
        let opened = self.opened.get(&(segment.source, selection(scene)));
        let parts = opened.and_then(|opened| opened.item(&scene.item));
        parts.ok_or_else(|| missing(segment, scene))
    }

    /// An item ready to draw; `None` for a segment that is none.
    pub(in crate::render) fn prepare(
        &self,
        segment: &Segment,
        layout: &ChannelLayout,
        (from, to): (SampleRate, SampleRate),
    ) -> Result<Option<PreparedScene>, RenderError> {
        let Some(scene) = &segment.scene else {
            return Ok(None);
        };
        let (Some(spatial), Some(channels)) =
            (self.layout(layout), self.channels.get(&segment.source))
        else {
            return Err(missing(segment, scene));
        };
        let clock = SceneClock {
            rate: to,
            origin: origin(segment, from, to).ok_or_else(|| missing(segment, scene))?,
            strict: scene.strict,
        };
        let part = |part: &ScenePart| PreparedPart {
            feeds: feeds(part, channels, to),
            track: SceneTrack::new(
                Arc::clone(&spatial),
                part.format.clone(),
                Arc::clone(&part.blocks),
                clock,
            ),
        };
        Ok(Some(PreparedScene {
            source: segment.source,
            channels: Arc::clone(channels),
            parts: self.parts(segment, scene)?.iter().map(part).collect(),
        }))
    }
}

fn missing(segment: &Segment, scene: &SceneSegment) -> RenderError {
    RenderError::NoItem {
        item: scene.item.clone(),
        clip: segment.clip.name.clone(),
    }
}

/// The first sample of a segment in output sample frames from the file's first.
fn origin(segment: &Segment, from: SampleRate, to: SampleRate) -> Option<Rational> {
    let ratio = Rational::new(i64::from(to.hertz()), i64::from(from.hertz()))?;
    let lead = Rational::from_int(i64::try_from(segment.lead).ok()?);
    Rational::from_int(segment.source_start)
        .checked_mul(ratio)?
        .checked_add(lead)
}

fn feeds(part: &ScenePart, channels: &[usize], rate: SampleRate) -> Vec<Vec<PreparedTap>> {
    let tap = |tap: &crate::audio::scene::Tap| {
        let channel = usize::from(tap.channel);
        let delays = tap.delays.iter().map(|delay| delay_samples(*delay, rate));
        Some(PreparedTap {
            place: channels.binary_search(&channel).ok()?,
            channel,
            gain: tap.gain.linear(),
            delay: delays.sum(),
        })
    };
    let feeds = part.format.feeds.iter();
    feeds
        .map(|feed| feed.taps.iter().filter_map(tap).collect())
        .collect()
}
