//! A plan made ready to draw: sources opened, gains made linear, segments sorted into blocks.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::envelope::Envelope;
use super::pan::PreparedPan;
use super::scene::{PreparedScene, SceneOpener, Scenes};
use crate::audio::SampleRate;
use crate::conform::RenderPlan;
use crate::conform::plan::{Segment, Source, Stem};
use crate::media::{AudioSource, Kernel, MediaError, ResampledSource};
use crate::spatial::{Spatial, UnsupportedLayout};

/// Opens a source of a plan.
pub type SourceOpener<'a> = dyn Fn(&Source) -> Result<Arc<dyn AudioSource>, MediaError> + Sync + 'a;

/// Why a plan could not be rendered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// A source cannot be opened or read.
    #[error("{file}: {error}")]
    Source {
        /// The file.
        file: String,
        /// The reason.
        #[source]
        error: MediaError,
    },
    /// A source is not the file that the plan was made from.
    #[error("{file} has {found}, but the plan was made from a file with {planned}")]
    Changed {
        /// The file.
        file: String,
        /// What it has now.
        found: String,
        /// What the plan says.
        planned: String,
    },
    /// Items of scenes stand in a stem whose layout they cannot be rendered to.
    #[error(transparent)]
    Layout(UnsupportedLayout),
    /// A scene has no item of that identity, or its times cannot be held.
    #[error("`{clip}`: its file has no item `{item}` that can be drawn; make the plan anew")]
    NoItem {
        /// The item.
        item: String,
        /// The clip.
        clip: String,
    },
}

/// A stem ready to draw.
#[derive(Debug)]
pub(super) struct PreparedStem {
    pub(super) channels: usize,
    pub(super) segments: Vec<PreparedSegment>,
    /// The renderer of its layout, where it has items of scenes.
    pub(super) spatial: Option<Arc<Spatial>>,
    /// For each block the segments that sound in it, in plan order.
    pub(super) by_block: Vec<Vec<u32>>,
}

/// A segment ready to draw.
#[derive(Debug)]
pub(super) struct PreparedSegment {
    pub(super) start: u64,
    pub(super) length: u64,
    pub(super) envelope: Envelope,
    pub(super) source: Arc<dyn AudioSource>,
    pub(super) file: String,
    /// Sample frame of `source` that sounds at `start`.
    pub(super) source_start: u64,
    /// The channels of the source that are needed, ascending.
    pub(super) channels: Vec<usize>,
    /// Index into `channels`, stem channel, linear gain.
    pub(super) routes: Vec<(usize, usize, f64)>,
    /// A place between left and right that moves.
    pub(super) pan: Option<PreparedPan>,
    /// The item of a scene that it is, in place of routes.
    pub(super) scene: Option<PreparedScene>,
}

/// Opens each source once and prepares the stems for blocks of `block` sample frames; a stem that nothing
/// delivered holds stays silent.
pub(super) fn prepare(
    plan: &RenderPlan,
    block: u64,
    open: &SourceOpener<'_>,
    open_scene: &SceneOpener<'_>,
) -> Result<Vec<PreparedStem>, RenderError> {
    let sources = open_sources(plan, open)?;
    let scenes = Scenes::open(plan.get(), open_scene)?;
    let mut stems = Vec::new();
    for (stem, heard) in plan.get().stems.iter().zip(plan.heard_stems()) {
        let ready = |segment: &Segment| {
            let opened = sources.get(segment.source)?;
            Some(prepare_segment(segment, opened, plan.rate(), stem, &scenes))
        };
        let segments = stem.segments.iter().filter(|_| heard);
        let segments: Vec<PreparedSegment> =
            segments.filter_map(ready).collect::<Result<_, _>>()?;
        let drawn = segments.iter().any(|segment| segment.scene.is_some());
        let by_block = sort_into_blocks(&segments, plan.get().length, block);
        stems.push(PreparedStem {
            channels: stem.layout.len(),
            spatial: scenes.layout(&stem.layout).filter(|_| drawn),
            segments,
            by_block,
        });
    }
    Ok(stems)
}

/// A source of the plan, opened, with the kernel that brings it to the session's rate.
struct Opened {
    file: String,
    source: Arc<dyn AudioSource>,
    kernel: Option<Arc<Kernel>>,
}

/// Opens every source of the plan once; sources of one rate share their kernel.
fn open_sources(plan: &RenderPlan, open: &SourceOpener<'_>) -> Result<Vec<Opened>, RenderError> {
    let mut kernels: BTreeMap<SampleRate, Arc<Kernel>> = BTreeMap::new();
    let mut opened = Vec::new();
    for planned in &plan.get().sources {
        let source = open_checked(planned, open)?;
        let rate = source.rate();
        let file = planned.file.clone();
        if rate != plan.rate() && !kernels.contains_key(&rate) {
            let kernel = Kernel::new(rate, plan.rate()).map_err(|error| RenderError::Source {
                file: file.clone(),
                error,
            })?;
            kernels.insert(rate, Arc::new(kernel));
        }
        opened.push(Opened {
            file,
            source,
            kernel: kernels.get(&rate).cloned(),
        });
    }
    Ok(opened)
}

fn open_checked(
    planned: &Source,
    open: &SourceOpener<'_>,
) -> Result<Arc<dyn AudioSource>, RenderError> {
    let file = || planned.file.clone();
    let source = open(planned).map_err(|error| RenderError::Source {
        file: file(),
        error,
    })?;
    let describe = |rate: u32, channels: usize, frames: u64| {
        format!("{channels} channel(s) of {frames} sample frames at {rate} Hz")
    };
    let found = describe(source.rate().hertz(), source.channels(), source.frames());
    let wanted = describe(planned.sample_rate, planned.channels, planned.frames);
    if found != wanted {
        return Err(RenderError::Changed {
            file: file(),
            found,
            planned: wanted,
        });
    }
    Ok(source)
}

fn prepare_segment(
    segment: &Segment,
    opened: &Opened,
    rate: SampleRate,
    stem: &Stem,
    scenes: &Scenes,
) -> Result<PreparedSegment, RenderError> {
    let scene = scenes.prepare(segment, &stem.layout, (opened.source.rate(), rate))?;
    let mut channels: Vec<usize> = segment.routes.iter().map(|route| route.from).collect();
    channels.sort_unstable();
    channels.dedup();
    let place = |from| channels.iter().position(|&c| c == from).unwrap_or_default();
    let routes = segment
        .routes
        .iter()
        .map(|r| (place(r.from), r.to, r.gain.linear()))
        .collect();
    let source = Arc::clone(&opened.source);
    let (source, source_start): (Arc<dyn AudioSource>, u64) = match &opened.kernel {
        None => (source, segment.source_start.unsigned_abs()),
        Some(kernel) => {
            let kernel = Arc::clone(kernel);
            (
                Arc::new(ResampledSource::at(source, kernel, segment.source_start)),
                segment.lead,
            )
        }
    };
    Ok(PreparedSegment {
        start: segment.start,
        length: segment.length,
        envelope: Envelope::new(segment, rate),
        source,
        file: opened.file.clone(),
        source_start,
        channels,
        routes,
        pan: segment.pan.as_ref().map(|pan| PreparedPan::new(pan, rate)),
        scene,
    })
}

/// More sample frames than the decorrelators reach.
const REACH: u64 = 1024;

fn sort_into_blocks(segments: &[PreparedSegment], length: u64, block: u64) -> Vec<Vec<u32>> {
    let mut by_block = vec![Vec::new(); length.div_ceil(block) as usize];
    for (i, segment) in segments.iter().enumerate() {
        // What is decorrelated sounds a little before and after itself.
        let reach = if segment.scene.is_some() { REACH } else { 0 };
        let first = (segment.start.saturating_sub(reach) / block) as usize;
        let last = ((segment.start + segment.length - 1 + reach) / block) as usize;
        for slot in by_block.iter_mut().take(last + 1).skip(first) {
            slot.push(i as u32);
        }
    }
    by_block
}
