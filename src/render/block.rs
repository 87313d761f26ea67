//! Drawing one block of every output.

use std::ops::Range;

use super::composite::{PreparedComposite, add_stems, composites, fold, only_stem};
use super::output::{Drawn, OutputBlock, OutputStats};
use super::pack::pack;
use super::prepare::{PreparedSegment, PreparedStem, RenderError, SourceOpener, prepare};
use super::quantise::{Lost, limit, quantise};
use super::scene::{SceneBuffers, SceneOpener, mix_diffuse, mix_scene, needs};
use super::slice::{Slice, slices};
use crate::audio::SampleFormat;
use crate::conform::RenderPlan;
use crate::media::{Planar, Scratch};

/// A plan ready to draw.
#[derive(Debug)]
pub struct Renderer {
    format: SampleFormat,
    length: u64,
    block: u64,
    stems: Vec<PreparedStem>,
    /// The sums of stems.
    composites: Vec<PreparedComposite>,
    /// For each output the files that hold some of it.
    slices: Vec<Vec<Slice>>,
}

/// Working memory of one thread, and the block that it draws.
#[derive(Debug, Default)]
pub struct Buffers {
    pub(super) mix: Vec<Vec<f64>>,
    input: Planar,
    gains: Vec<f64>,
    places: Vec<f64>,
    pub(super) scratch: Scratch,
    pub(super) scene: SceneBuffers,
    bytes: Vec<u8>,
    /// What `bytes` holds of the block.
    packed: Option<Packed>,
    /// The block.
    pub(super) drawn: Drawn,
    /// The sum of a composite before it is folded down.
    sum: OutputBlock,
}

/// Samples as files store them: of which output, which channels and which frames of the block.
#[derive(Debug, PartialEq)]
struct Packed {
    output: usize,
    channels: Vec<Option<usize>>,
    within: Range<usize>,
}

impl Buffers {
    /// The samples of an output, one plane a channel; outputs are the stems, then the composites.
    pub fn planes(&self, output: usize) -> Vec<&[i32]> {
        self.drawn.planes(output)
    }

    /// Whether nothing sounds in an output: all its samples are zero.
    pub fn is_silent(&self, output: usize) -> bool {
        self.drawn.is_silent(output)
    }

    /// What an output lost in this block.
    pub fn stats(&self, output: usize) -> OutputStats {
        self.drawn.stats(output)
    }

    /// What a file holds of the output's samples, as it stores them: those of this block, which begins
    /// at `start` and is of `frames`; with the sample frame of the file where they belong.
    pub fn packed(
        &mut self,
        output: usize,
        slice: &Slice,
        (start, frames): (u64, usize),
        format: SampleFormat,
    ) -> Option<(u64, &[u8])> {
        let from = slice.from.max(start);
        let to = (slice.from + slice.length).min(start + frames as u64);
        if from >= to {
            return None;
        }
        let within = (from - start) as usize..(to - start) as usize;
        let place = slice.head + from - slice.from;
        let wanted = Packed {
            output: self.drawn.origin(output),
            channels: slice.channels.clone(),
            within: within.clone(),
        };
        if self.packed.as_ref() == Some(&wanted) {
            return Some((place, &self.bytes));
        }
        self.packed = Some(wanted);
        let planes = self.drawn.planes(output);
        let plane = |channel: &Option<usize>| {
            let sounding = channel.and_then(|channel| planes.get(channel).copied());
            let plane = sounding.unwrap_or(self.drawn.silence());
            plane.get(within.clone()).unwrap_or_default()
        };
        let picked: Vec<&[i32]> = slice.channels.iter().map(plane).collect();
        pack(&picked, format, &mut self.bytes);
        Some((place, &self.bytes))
    }
}

impl Renderer {
    /// Sample frames in a block, unless a test asks for others: 16,384 keep two channels of a stem,
    /// its input and its output within a second-level cache of 1 MiB.
    pub const BLOCK: u64 = 16_384;

    /// Opens the sources of a plan, and the scenes of those whose items it draws.
    ///
    /// # Errors
    /// [`RenderError`] when a source cannot be opened or is not the one of the plan.
    pub fn new(
        plan: &RenderPlan,
        block: u64,
        open: &SourceOpener<'_>,
        scenes: &SceneOpener<'_>,
    ) -> Result<Self, RenderError> {
        let block = block.max(1);
        Ok(Self {
            format: plan.sample_format(),
            length: plan.get().length,
            block,
            stems: prepare(plan, block, open, scenes)?,
            composites: composites(plan),
            slices: slices(plan),
        })
    }

    /// The files that hold some of an output.
    pub fn slices(&self, output: usize) -> &[Slice] {
        self.slices.get(output).map_or(&[], Vec::as_slice)
    }

    /// How many blocks the programme has.
    pub fn blocks(&self) -> u64 {
        self.length.div_ceil(self.block)
    }

    /// First sample frame and number of sample frames of a block.
    pub fn span(&self, block: u64) -> (u64, usize) {
        let start = (block * self.block).min(self.length);
        (start, self.block.min(self.length - start) as usize)
    }

    /// How the outputs' samples are stored.
    pub fn format(&self) -> SampleFormat {
        self.format
    }

    /// How many files are drawn: stems, then composites.
    pub fn outputs(&self) -> usize {
        self.stems.len() + self.composites.len()
    }

    /// Draws a block of every output into `buffers`.
    ///
    /// # Errors
    /// [`RenderError`] when a source cannot be read.
    pub fn render(&self, block: u64, buffers: &mut Buffers) -> Result<(), RenderError> {
        let (start, frames) = self.span(block);
        buffers.scene.start();
        buffers.packed = None;
        buffers.drawn.start(self.outputs(), frames);
        for (i, stem) in self.stems.iter().enumerate() {
            buffers.drawn.outputs[i].start(stem.channels);
            let sounding = stem
                .by_block
                .get(block as usize)
                .map_or(&[][..], Vec::as_slice);
            if !sounding.is_empty() {
                mix_stem(stem, sounding, start, frames, buffers)?;
                self.store_stem(i, stem.channels, start, buffers);
            }
        }
        for (i, composite) in self.composites.iter().enumerate() {
            self.store_composite(i, composite, (start, frames), buffers);
        }
        Ok(())
    }

    /// Rounds the mix to the output's integers.
    fn store_stem(&self, output: usize, channels: usize, start: u64, buffers: &mut Buffers) {
        let Buffers { mix, drawn, .. } = buffers;
        let out = &mut drawn.outputs[output];
        let mut lost = Lost::default();
        let mix = &mix[..channels];
        for (plane, mixed) in out
            .sound(mix.first().map_or(0, Vec::len))
            .iter_mut()
            .zip(mix)
        {
            lost.add(quantise(mixed, self.format, plane));
        }
        out.stats = lost.stats(start);
    }

    /// Sums the stems of a composite as written, and folds the sum down where it is to be.
    fn store_composite(
        &self,
        index: usize,
        composite: &PreparedComposite,
        (start, frames): (u64, usize),
        buffers: &mut Buffers,
    ) {
        let Buffers {
            mix, drawn, sum, ..
        } = buffers;
        let (before, from_this) = drawn.outputs.split_at_mut(self.stems.len() + index);
        let out = &mut from_this[0];
        out.start(composite.channels);
        if let Some((first, twin)) = composite.twin.and_then(|i| Some((i, before.get(i)?))) {
            out.stand_for(first, twin, first >= self.stems.len());
            return;
        }
        let written = &before[..self.stems.len()];
        let mut lost = Lost::default();
        let Some(routes) = &composite.fold else {
            if let Some(stem) = only_stem(composite, written) {
                (out.same_as, out.silent) = (Some(stem), false);
            } else if add_stems(out, frames, composite, written) {
                for sum in &mut out.planes {
                    lost.add(limit(sum, self.format));
                }
                out.stats = lost.stats(start);
            }
            return;
        };
        sum.start(composite.summed);
        if !add_stems(sum, frames, composite, written) {
            return;
        }
        fold(&sum.planes, routes, self.format, mix, composite.channels);
        for (plane, folded) in out.sound(frames).iter_mut().zip(mix.iter()) {
            lost.add(quantise(folded, self.format, plane));
        }
        out.stats = lost.stats(start);
    }
}

/// Sums the sounding segments of a stem, in plan order, into `buffers.mix`.
fn mix_stem(
    stem: &PreparedStem,
    sounding: &[u32],
    start: u64,
    frames: usize,
    buffers: &mut Buffers,
) -> Result<(), RenderError> {
    if buffers.mix.len() < stem.channels {
        buffers.mix.resize_with(stem.channels, Vec::new);
    }
    for plane in &mut buffers.mix[..stem.channels] {
        plane.clear();
        plane.resize(frames, 0.0);
    }
    let output = start..start + frames as u64;
    if stem.spatial.is_some() {
        buffers.scene.start_bus(stem.channels, output.clone());
    }
    for stretch in stretches(&output, stem.spatial.is_some()) {
        for &index in sounding {
            let segment = &stem.segments[index as usize];
            match &segment.scene {
                Some(scene) => mix_scene(segment, scene, (&output, &stretch), buffers)?,
                None => mix_segment(segment, &output, &stretch, buffers)?,
            }
        }
    }
    if let Some(spatial) = &stem.spatial {
        let Buffers { mix, scene, .. } = buffers;
        mix_diffuse(spatial, stem.channels, start, mix, scene);
    }
    Ok(())
}

/// Sample frames that all items of scenes are drawn in before the next ones: four hundred kilobytes of the
/// mix of 7.1.4 stay in a second-level cache.
const STRETCH: u64 = 4096;

/// The stretches in which a block is drawn, one after another: all of it at once, or with items of scenes
/// in short ones that reach as far as what is decorrelated does.
fn stretches(output: &Range<u64>, scenes: bool) -> Vec<Range<u64>> {
    if !scenes {
        return vec![output.clone()];
    }
    let needs = needs(output);
    let starts = (needs.start..needs.end).step_by(STRETCH as usize);
    starts
        .map(|start| start..(start + STRETCH).min(needs.end))
        .collect()
}

/// Adds what sounds of a segment over a stretch to the mix of the block `output`.
fn mix_segment(
    segment: &PreparedSegment,
    output: &Range<u64>,
    stretch: &Range<u64>,
    buffers: &mut Buffers,
) -> Result<(), RenderError> {
    let start = output.start;
    let from = segment.start.max(stretch.start).max(start);
    let to = (segment.start + segment.length).min(stretch.end.min(output.end));
    if from >= to {
        return Ok(());
    }
    let count = (to - from) as usize;
    let within = from - segment.start;
    let Buffers {
        mix,
        input,
        gains,
        places,
        scratch,
        ..
    } = buffers;
    let first = segment.source_start + within;
    segment
        .source
        .read(
            first..first + count as u64,
            &segment.channels,
            input,
            scratch,
        )
        .map_err(|error| RenderError::Source {
            file: segment.file.clone(),
            error,
        })?;
    apply_gain(segment, within, count, input, gains);
    let at = (from - start) as usize;
    if let Some(pan) = &segment.pan {
        places.resize(count, 0.0);
        pan.fill(within, places);
        for (route, &(from, to, gain)) in segment.routes.iter().enumerate() {
            let ends = (&mut mix[to][at..at + count], input.channel(from));
            pan.add(route, ends, gain, places);
        }
        return Ok(());
    }
    for &(from, to, gain) in &segment.routes {
        accumulate(&mut mix[to][at..at + count], input.channel(from), gain);
    }
    Ok(())
}

/// Multiplies the input by the segment's gain.
fn apply_gain(
    segment: &PreparedSegment,
    within: u64,
    count: usize,
    input: &mut Planar,
    gains: &mut Vec<f64>,
) {
    if let Some(gain) = segment.envelope.constant(within, within + count as u64) {
        if gain != 1.0 {
            for channel in 0..input.channels() {
                input
                    .channel_mut(channel)
                    .iter_mut()
                    .for_each(|sample| *sample *= gain);
            }
        }
        return;
    }
    gains.resize(count, 0.0);
    segment.envelope.fill(within, gains);
    for channel in 0..input.channels() {
        for (sample, gain) in input.channel_mut(channel).iter_mut().zip(gains.iter()) {
            *sample *= gain;
        }
    }
}

/// `mix += input · gain`; a gain of one leaves every bit of the input.
fn accumulate(mix: &mut [f64], input: &[f64], gain: f64) {
    if gain == 1.0 {
        for (mix, x) in mix.iter_mut().zip(input) {
            *mix += x;
        }
    } else {
        for (mix, x) in mix.iter_mut().zip(input) {
            *mix += x * gain;
        }
    }
}
