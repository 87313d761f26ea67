//! Items of scenes: made ready, and drawn into a block.
//!
//! The direct path goes straight into the mix. The diffuse path of all items of a stem is summed on
//! a bus that reaches a little beyond the block, decorrelated on the programme's grid, and added last.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::block::Buffers;
use super::prepare::{PreparedSegment, RenderError};
use crate::audio::{ChannelLayout, SampleRate};
use crate::conform::plan::{Plan, SceneSegment, Segment, Source};
use crate::media::{MediaError, Planar, Scene, ScenePart, Scratch};
use crate::spatial::{
    Decorrelator, DiffuseWork, MAX_SPEAKERS, PathGains, Piece, SceneClock, SceneTrack, Spatial,
    delay_samples,
};
use crate::time::Rational;

/// Opens the scene of a source, for a selection of it.
pub type SceneOpener<'a> = dyn Fn(&Source, &SceneSegment) -> Result<Scene, MediaError> + Sync + 'a;

/// An item of a scene ready to draw.
#[derive(Debug)]
pub(super) struct PreparedScene {
    /// Which source it reads, for what several items of it read at once.
    source: usize,
    /// The channels of that source that any item reads, ascending.
    channels: Arc<Vec<usize>>,
    parts: Vec<PreparedPart>,
}

/// A bed channel, an object or a sound field.
#[derive(Debug)]
struct PreparedPart {
    track: SceneTrack,
    /// For each feed what is summed.
    feeds: Vec<Vec<PreparedTap>>,
}

#[derive(Debug, Clone, Copy)]
struct PreparedTap {
    /// Index into [`PreparedScene::channels`].
    place: usize,
    /// Channel of the source.
    channel: usize,
    gain: f64,
    /// In sample frames.
    delay: u64,
}

/// The scenes of a plan's sources, each opened once, and the renderers of its layouts.
#[derive(Default)]
pub(super) struct Scenes {
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
    pub(super) fn open(plan: &Plan, open: &SceneOpener<'_>) -> Result<Self, RenderError> {
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
                if !scenes.opened.contains_key(&key) {
                    let opened = open(file, &key.1).map_err(|error| RenderError::Source {
                        file: file.file.clone(),
                        error,
                    })?;
                    scenes.opened.insert(key, opened);
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
    pub(super) fn layout(&self, layout: &ChannelLayout) -> Option<Arc<Spatial>> {
        self.layouts.get(layout).cloned()
    }

    fn parts(&self, segment: &Segment, scene: &SceneSegment) -> Result<&[ScenePart], RenderError> {
        let opened = self.opened.get(&(segment.source, selection(scene)));
        let parts = opened.and_then(|opened| opened.item(&scene.item));
        parts.ok_or_else(|| missing(segment, scene))
    }

    /// An item ready to draw; `None` for a segment that is none.
    pub(super) fn prepare(
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

/// Memory of one thread for scenes.
#[derive(Debug, Default)]
pub(super) struct SceneBuffers {
    /// What was read last, and which stretch of which source it is.
    input: Planar,
    read: Option<(usize, u64, u64)>,
    delayed: Planar,
    signal: Vec<f64>,
    envelope: Vec<f64>,
    up: Vec<f64>,
    down: Vec<f64>,
    /// The diffuse path, a plane a channel, over the stretch that the decorrelators need.
    bus: Vec<Vec<f64>>,
    /// Whether anything is on the bus.
    used: bool,
    work: DiffuseWork,
}

impl SceneBuffers {
    /// Forgets the block before.
    pub(super) fn start(&mut self) {
        self.read = None;
    }

    /// Clears the bus for a stem.
    pub(super) fn clear_bus(&mut self, channels: usize, output: Range<u64>) {
        let needs = Decorrelator::needs(output);
        let length = (needs.end - needs.start) as usize;
        self.bus.resize_with(self.bus.len().max(channels), Vec::new);
        for plane in &mut self.bus[..channels] {
            plane.clear();
            plane.resize(length, 0.0);
        }
        self.used = false;
    }
}

/// Adds what sounds of an item to the mix of the stretch that starts at `start`, and to the bus.
pub(super) fn mix_scene(
    segment: &PreparedSegment,
    scene: &PreparedScene,
    (start, frames): (u64, usize),
    buffers: &mut Buffers,
) -> Result<(), RenderError> {
    let output = start..start + frames as u64;
    let needs = Decorrelator::needs(output.clone());
    let from = segment.start.max(needs.start.max(0) as u64);
    let to = (segment.start + segment.length).min(needs.end.max(0) as u64);
    if from >= to {
        return Ok(());
    }
    let span = from..to;
    read_shared(segment, scene, &span, buffers)?;
    fill_envelope(segment, &span, &mut buffers.scene.envelope);
    for part in &scene.parts {
        for (number, taps) in part.feeds.iter().enumerate() {
            if taps.is_empty() {
                continue;
            }
            sum_taps(segment, taps, &span, buffers)?;
            let Buffers { mix, scene, .. } = buffers;
            let mut target = Target {
                mix,
                output: &output,
                bus_start: needs.start,
                span: &span,
            };
            // Samples of a track count from the segment's start.
            let base = segment.start as i64;
            let window = from as i64 - base..to as i64 - base;
            part.track.pieces(number, window, &mut |piece| {
                target.add(&piece, base, scene);
            });
        }
    }
    Ok(())
}

/// Reads the channels of all items of the source at once; the next item finds them read.
fn read_shared(
    segment: &PreparedSegment,
    scene: &PreparedScene,
    span: &Range<u64>,
    buffers: &mut Buffers,
) -> Result<(), RenderError> {
    let first = segment.source_start + (span.start - segment.start);
    let key = (scene.source, first, span.end - span.start);
    if buffers.scene.read == Some(key) {
        return Ok(());
    }
    buffers.scene.read = None;
    let range = first..first + key.2;
    let Buffers {
        scene: own,
        scratch,
        ..
    } = buffers;
    read(segment, range, &scene.channels, &mut own.input, scratch)?;
    buffers.scene.read = Some(key);
    Ok(())
}

fn read(
    segment: &PreparedSegment,
    range: Range<u64>,
    channels: &[usize],
    out: &mut Planar,
    scratch: &mut Scratch,
) -> Result<(), RenderError> {
    let read = segment.source.read(range, channels, out, scratch);
    read.map_err(|error| RenderError::Source {
        file: segment.file.clone(),
        error,
    })
}

/// The gains of the clip over a stretch; empty where they are one.
fn fill_envelope(segment: &PreparedSegment, span: &Range<u64>, envelope: &mut Vec<f64>) {
    let (from, to) = (span.start - segment.start, span.end - segment.start);
    envelope.clear();
    if segment.envelope.constant(from, to) != Some(1.0) {
        envelope.resize((to - from) as usize, 0.0);
        segment.envelope.fill(from, envelope);
    }
}

/// The signal of a feed over a stretch, with the gains of the clip.
fn sum_taps(
    segment: &PreparedSegment,
    taps: &[PreparedTap],
    span: &Range<u64>,
    buffers: &mut Buffers,
) -> Result<(), RenderError> {
    let length = (span.end - span.start) as usize;
    buffers.scene.signal.clear();
    buffers.scene.signal.resize(length, 0.0);
    for tap in taps {
        if tap.delay == 0 {
            let SceneBuffers { input, signal, .. } = &mut buffers.scene;
            scale_into(signal, input.channel(tap.place), tap.gain);
        } else {
            let first = segment.source_start + (span.start - segment.start);
            let range =
                first.saturating_sub(tap.delay)..(first + length as u64).saturating_sub(tap.delay);
            let Buffers { scene, scratch, .. } = buffers;
            read(
                segment,
                range.clone(),
                &[tap.channel],
                &mut scene.delayed,
                scratch,
            )?;
            // Before the file's first sample there is silence.
            let silent = length - (range.end - range.start) as usize;
            scale_into(
                &mut scene.signal[silent..],
                scene.delayed.channel(0),
                tap.gain,
            );
        }
    }
    let SceneBuffers {
        signal, envelope, ..
    } = &mut buffers.scene;
    for (sample, gain) in signal.iter_mut().zip(envelope.iter()) {
        *sample *= gain;
    }
    Ok(())
}

/// `sum += x · gain`.
fn scale_into(sum: &mut [f64], x: &[f64], gain: f64) {
    if gain == 1.0 {
        for (sum, x) in sum.iter_mut().zip(x) {
            *sum += x;
        }
    } else {
        for (sum, x) in sum.iter_mut().zip(x) {
            *sum += x * gain;
        }
    }
}

/// Where the pieces of a feed go.
struct Target<'a> {
    mix: &'a mut [Vec<f64>],
    output: &'a Range<u64>,
    bus_start: i64,
    /// The stretch of the programme that the signal is of.
    span: &'a Range<u64>,
}

impl Target<'_> {
    fn add(&mut self, piece: &Piece<'_>, base: i64, buffers: &mut SceneBuffers) {
        let (from, to) = (piece.samples.0 + base, piece.samples.1 + base);
        let offset = (from - self.span.start as i64) as usize;
        let length = (to - from) as usize;
        let SceneBuffers {
            signal,
            up,
            down,
            bus,
            used,
            ..
        } = buffers;
        let Some(signal) = signal.get(offset..offset + length) else {
            return;
        };
        if piece.from.is_some() {
            ramp(signal, piece, up, down);
        }
        // The direct path only where the block is, the diffuse one all over the bus.
        let inside = (
            from.max(self.output.start as i64),
            to.min(self.output.end as i64),
        );
        if inside.0 < inside.1 {
            let part = (inside.0 - from) as usize..(inside.1 - from) as usize;
            let at = (inside.0 - self.output.start as i64) as usize;
            let lines = Lines::of(signal, up, down, part, piece.from.is_some());
            mix(self.mix, at, &lines, piece, |gains| &gains.direct);
        }
        if has_diffuse(piece) {
            *used = true;
            let at = (from - self.bus_start) as usize;
            let lines = Lines::of(signal, up, down, 0..length, piece.from.is_some());
            mix(bus, at, &lines, piece, |gains| &gains.diffuse);
        }
    }
}

fn has_diffuse(piece: &Piece<'_>) -> bool {
    let some = |gains: &PathGains| gains.diffuse.iter().any(|gain| *gain != 0.0);
    some(piece.to) || piece.from.is_some_and(some)
}

/// The signal of a piece: as it is, fading in and fading out.
struct Lines<'a> {
    signal: &'a [f64],
    up: &'a [f64],
    down: &'a [f64],
}

impl<'a> Lines<'a> {
    fn of(
        signal: &'a [f64],
        up: &'a [f64],
        down: &'a [f64],
        part: Range<usize>,
        moving: bool,
    ) -> Self {
        let ramp = if moving { part.clone() } else { 0..0 };
        Self {
            signal: &signal[part],
            up: &up[ramp.clone()],
            down: &down[ramp],
        }
    }
}

/// The signal times the way and times the rest of it.
fn ramp(signal: &[f64], piece: &Piece<'_>, up: &mut Vec<f64>, down: &mut Vec<f64>) {
    up.resize(up.len().max(signal.len()), 0.0);
    down.resize(down.len().max(signal.len()), 0.0);
    let lines = up.iter_mut().zip(down.iter_mut());
    for (i, ((up, down), x)) in lines.zip(signal).enumerate() {
        let way = piece.way(i);
        *up = x * way;
        *down = x * (1.0 - way);
    }
}

/// Adds a piece to every plane whose gain is not zero.
fn mix(
    planes: &mut [Vec<f64>],
    at: usize,
    lines: &Lines<'_>,
    piece: &Piece<'_>,
    path: fn(&PathGains) -> &[f64; MAX_SPEAKERS],
) {
    let to = path(piece.to);
    let from = piece.from.map_or(to, path);
    for (plane, (from, to)) in planes.iter_mut().zip(from.iter().zip(to)) {
        let Some(plane) = plane.get_mut(at..at + lines.signal.len()) else {
            continue;
        };
        if from == to {
            if *to != 0.0 {
                scale_into(plane, lines.signal, *to);
            }
        } else {
            for (sum, (up, down)) in plane.iter_mut().zip(lines.up.iter().zip(lines.down)) {
                *sum += down * from + up * to;
            }
        }
    }
}

/// Adds the decorrelated bus to the mix.
pub(super) fn mix_diffuse(
    spatial: &Spatial,
    channels: usize,
    start: u64,
    mix: &mut [Vec<f64>],
    buffers: &mut SceneBuffers,
) {
    if !buffers.used {
        return;
    }
    let SceneBuffers {
        bus, work, down, ..
    } = buffers;
    for first in (0..channels).step_by(2) {
        let (left, right) = mix[first..channels].split_at_mut(1);
        match right.first_mut() {
            Some(second) => spatial.decorrelator().add(
                [first, first + 1],
                [&bus[first], &bus[first + 1]],
                start,
                [&mut left[0], second],
                work,
            ),
            None => {
                // An odd channel goes with itself; what comes out twice is used once.
                down.clear();
                down.resize(left[0].len(), 0.0);
                spatial.decorrelator().add(
                    [first, first],
                    [&bus[first], &bus[first]],
                    start,
                    [&mut left[0], down],
                    work,
                );
            }
        }
    }
}
