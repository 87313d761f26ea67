//! Items of scenes drawn into a block.

use std::ops::Range;

use super::lines::{cross, ramp, scale_into};
use super::prepare::{PreparedScene, PreparedTap};
use crate::media::{Planar, Scratch};
use crate::render::block::Buffers;
use crate::render::prepare::{PreparedSegment, RenderError};
use crate::spatial::{Decorrelator, DiffuseWork, MAX_SPEAKERS, PathGains, Piece, Spatial};

/// Memory of one thread for scenes.
#[derive(Debug, Default)]
pub(in crate::render) struct SceneBuffers {
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
    /// How many planes and how long the stem's bus has.
    bus_size: (usize, usize),
    /// Whether anything is on the bus; else it holds what another stem left.
    used: bool,
    work: DiffuseWork,
}

impl SceneBuffers {
    /// Forgets the block before.
    pub(in crate::render) fn start(&mut self) {
        self.read = None;
    }

    /// Makes the bus ready for a stem: it is cleared when something comes on it.
    pub(in crate::render) fn start_bus(&mut self, channels: usize, output: Range<u64>) {
        let needs = Decorrelator::needs(output);
        self.bus_size = (channels, (needs.end - needs.start) as usize);
        self.used = false;
    }
}

/// The stretch of the programme from which a block is drawn: it reaches as far around it as what is
/// decorrelated does.
pub(in crate::render) fn needs(output: &Range<u64>) -> Range<u64> {
    let needs = Decorrelator::needs(output.clone());
    needs.start.max(0) as u64..needs.end.max(0) as u64
}

fn clear(bus: &mut Vec<Vec<f64>>, (channels, length): (usize, usize)) {
    bus.resize_with(bus.len().max(channels), Vec::new);
    for plane in &mut bus[..channels] {
        plane.clear();
        plane.resize(length, 0.0);
    }
}

/// Adds what sounds of an item over a stretch of the programme: to the mix of the block `output`, and to
/// the bus.
pub(in crate::render) fn mix_scene(
    segment: &PreparedSegment,
    scene: &PreparedScene,
    (output, stretch): (&Range<u64>, &Range<u64>),
    buffers: &mut Buffers,
) -> Result<(), RenderError> {
    let from = segment.start.max(stretch.start);
    let to = (segment.start + segment.length).min(stretch.end);
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
            let signal = sum_taps(segment, taps, &span, buffers)?;
            let Buffers { mix, scene, .. } = buffers;
            let (signal, paths) = scene.split(&signal);
            let mut target = Target {
                mix,
                output,
                bus_start: Decorrelator::needs(output.clone()).start,
                span: &span,
                signal,
                paths,
            };
            // Samples of a track count from the segment's start.
            let base = segment.start as i64;
            let window = from as i64 - base..to as i64 - base;
            part.track.pieces(number, window, &mut |piece| {
                target.add(&piece, base);
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

/// Where the signal of a feed stands.
enum Signal {
    /// A channel of the source as it was read.
    Input(usize),
    /// Summed.
    Summed,
}

/// The signal of a feed over a stretch, with the gains of the clip.
fn sum_taps(
    segment: &PreparedSegment,
    taps: &[PreparedTap],
    span: &Range<u64>,
    buffers: &mut Buffers,
) -> Result<Signal, RenderError> {
    let length = (span.end - span.start) as usize;
    let SceneBuffers {
        input,
        signal,
        envelope,
        ..
    } = &mut buffers.scene;
    if let [tap] = taps
        && tap.delay == 0
    {
        if tap.gain == 1.0 && envelope.is_empty() {
            return Ok(Signal::Input(tap.place));
        }
        signal.clear();
        signal.extend(input.channel(tap.place).iter().map(|x| x * tap.gain));
    } else {
        signal.clear();
        signal.resize(length, 0.0);
        for tap in taps {
            add_tap(segment, tap, span, buffers)?;
        }
    }
    let SceneBuffers {
        signal, envelope, ..
    } = &mut buffers.scene;
    for (sample, gain) in signal.iter_mut().zip(envelope.iter()) {
        *sample *= gain;
    }
    Ok(Signal::Summed)
}

/// Adds a channel of the source, possibly delayed, to the signal.
fn add_tap(
    segment: &PreparedSegment,
    tap: &PreparedTap,
    span: &Range<u64>,
    buffers: &mut Buffers,
) -> Result<(), RenderError> {
    let Buffers { scene, scratch, .. } = buffers;
    if tap.delay == 0 {
        let SceneBuffers { input, signal, .. } = scene;
        scale_into(signal, input.channel(tap.place), tap.gain);
        return Ok(());
    }
    let length = span.end - span.start;
    let first = segment.source_start + (span.start - segment.start);
    let range = first.saturating_sub(tap.delay)..(first + length).saturating_sub(tap.delay);
    // Before the file's first sample there is silence.
    let silent = (length - (range.end - range.start)) as usize;
    let channels = [tap.channel];
    read(segment, range, &channels, &mut scene.delayed, scratch)?;
    let SceneBuffers {
        delayed, signal, ..
    } = scene;
    scale_into(&mut signal[silent..], delayed.channel(0), tap.gain);
    Ok(())
}

/// Where the pieces of a feed go.
struct Target<'a> {
    mix: &'a mut [Vec<f64>],
    output: &'a Range<u64>,
    bus_start: i64,
    /// The stretch of the programme that the signal is of.
    span: &'a Range<u64>,
    signal: &'a [f64],
    paths: Paths<'a>,
}

/// The bus, and memory for ramps.
struct Paths<'a> {
    up: &'a mut Vec<f64>,
    down: &'a mut Vec<f64>,
    bus: &'a mut Vec<Vec<f64>>,
    bus_size: (usize, usize),
    used: &'a mut bool,
}

impl SceneBuffers {
    /// The signal of a feed, and where it goes.
    fn split(&mut self, signal: &Signal) -> (&[f64], Paths<'_>) {
        let signal = match signal {
            Signal::Input(place) => self.input.channel(*place),
            Signal::Summed => &self.signal,
        };
        let paths = Paths {
            up: &mut self.up,
            down: &mut self.down,
            bus: &mut self.bus,
            bus_size: self.bus_size,
            used: &mut self.used,
        };
        (signal, paths)
    }
}

impl Target<'_> {
    fn add(&mut self, piece: &Piece<'_>, base: i64) {
        let (from, to) = (piece.samples.0 + base, piece.samples.1 + base);
        let offset = (from - self.span.start as i64) as usize;
        let length = (to - from) as usize;
        let Some(signal) = self.signal.get(offset..offset + length) else {
            return;
        };
        let Paths {
            up,
            down,
            bus,
            bus_size,
            used,
        } = &mut self.paths;
        if piece.from.is_some() {
            up.resize(up.len().max(length), 0.0);
            down.resize(down.len().max(length), 0.0);
            ramp(signal, piece, &mut up[..length], &mut down[..length]);
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
            if !**used {
                clear(bus, *bus_size);
                **used = true;
            }
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
            cross(plane, (lines.down, *from), (lines.up, *to));
        }
    }
}

/// Adds the decorrelated bus to the mix.
pub(in crate::render) fn mix_diffuse(
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
        // An odd channel goes with itself; what comes out twice is used once.
        let second = if right.is_empty() { first } else { first + 1 };
        down.clear();
        down.resize(left[0].len(), 0.0);
        let other = right.first_mut().unwrap_or(down);
        let bus = [bus[first].as_slice(), bus[second].as_slice()];
        let out = [left[0].as_mut_slice(), other.as_mut_slice()];
        spatial
            .decorrelator()
            .add([first, second], bus, start, out, work);
    }
}
