//! One pass over the samples of one file.

use super::cells::{CELL, Cell, Past, Totals, cells};
use super::column::{Column, Ring};
use super::found::Scan;
use super::pair::{Pair, product};
use crate::audio::{DbFs, Decibels, SampleFormat, SampleRate};
use crate::meter::lanes::LANES;
use crate::meter::samples::Samples;
use crate::meter::spec::{MAX_CHANNELS, MeterError};

/// What to look for. Magnitudes are linear, full scale 1.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanSpec {
    /// Sample frames per second.
    pub rate: SampleRate,
    /// Channels of the file.
    pub channels: usize,
    /// Pairs of channels to correlate.
    pub pairs: Vec<(usize, usize)>,
    /// The low-frequency channel.
    pub low_frequency: Option<usize>,
    /// Its low-pass, in Hz.
    pub low_pass_hertz: f64,
    /// Samples up to this magnitude are a gap.
    pub(super) gap: f32,
    /// Samples up to this magnitude are silence.
    pub(super) silence: f32,
    /// Samples from this magnitude on are at full scale.
    pub(super) clip: f32,
    /// Correlation below which a window is out of phase.
    pub(super) out_of_phase: f64,
    /// Frequency of sync pops, in Hz.
    pub(super) pop_hertz: f64,
}

impl ScanSpec {
    /// The usual thresholds: gaps at −90, silence at −60, full scale from −0.01 dBFS on, out of phase below
    /// −0.5, pops of 1 kHz, a low-pass of 120 Hz.
    pub fn new(rate: SampleRate, channels: usize) -> Self {
        Self {
            rate,
            channels,
            pairs: Vec::new(),
            low_frequency: None,
            low_pass_hertz: 120.0,
            gap: linear(-90.0),
            silence: linear(-60.0),
            clip: linear(-0.01),
            out_of_phase: -0.5,
            pop_hertz: 1_000.0,
        }
    }

    /// The same with other levels of gaps, silence and full scale.
    #[must_use]
    pub fn levels(self, gap: DbFs, silence: DbFs, clip: DbFs) -> Self {
        Self {
            gap: linear(gap.value()),
            silence: linear(silence.value()),
            clip: linear(clip.value()),
            ..self
        }
    }

    /// The same with another limit of the correlation and other pops, in Hz.
    #[must_use]
    pub fn tones(self, out_of_phase: f64, pop_hertz: f64) -> Self {
        Self {
            out_of_phase,
            pop_hertz,
            ..self
        }
    }

    /// Sample frames in a span: 100 ms in whole cells, at least 512.
    pub(super) fn span(&self) -> usize {
        let tenth = (self.rate.hertz() as usize / 10).max(512);
        (tenth + CELL / 2) / CELL * CELL
    }
}

fn linear(db: f64) -> f32 {
    Decibels::new(db).gain().linear() as f32
}

/// Scans one file. Sound is taken in order of time in blocks of any length; how it is cut into blocks changes
/// nothing that is found.
#[derive(Debug, Clone)]
pub struct Scanner {
    spec: ScanSpec,
    columns: Vec<Column>,
    pairs: Vec<Pair>,
    /// Pairs that are equal so far.
    equal: Vec<(usize, usize)>,
    ring: Ring,
    /// What came before the span that is being filled, of each eight channels.
    past: Vec<Past>,
    /// The cells of a span of eight channels, kept for their memory.
    cells: Vec<Cell>,
    /// First sample frame of the span that is being filled, and frames that are in it.
    first: u64,
    filled: usize,
    /// Every integer sample or-ed together, with its width; `None` for floats.
    bits: Option<(u32, u16)>,
    not_numbers: u64,
    first_not_number: Option<u64>,
}

impl Scanner {
    /// A scanner that has seen nothing yet.
    ///
    /// # Errors
    /// No channels, or more than [`MAX_CHANNELS`].
    pub fn new(spec: ScanSpec) -> Result<Self, MeterError> {
        let channels = spec.channels;
        if channels == 0 {
            return Err(MeterError::NoChannels);
        }
        if channels > MAX_CHANNELS {
            return Err(MeterError::TooManyChannels(channels));
        }
        // Comparing all pairs of very many channels would be quadratic; neighbours are enough there.
        let reach = if channels <= 16 { channels } else { 2 };
        let pairs =
            (0..channels).flat_map(|a| (a + 1..channels.min(a + reach)).map(move |b| (a, b)));
        Ok(Self {
            columns: (0..channels).map(|i| Column::new(&spec, i)).collect(),
            pairs: spec
                .pairs
                .iter()
                .filter(|(a, b)| *a < channels && *b < channels)
                .map(|&pair| Pair::new(pair, spec.out_of_phase))
                .collect(),
            equal: pairs.collect(),
            ring: Ring::new(channels, spec.span()),
            past: vec![Past::default(); channels.div_ceil(LANES)],
            cells: Vec::with_capacity(spec.span() / CELL),
            first: 0,
            filled: 0,
            bits: Some((0, 0)),
            not_numbers: 0,
            first_not_number: None,
            spec,
        })
    }

    /// Scans the next block.
    ///
    /// # Errors
    /// When it ends inside a frame.
    pub fn push(&mut self, block: Samples<'_>) -> Result<(), MeterError> {
        let channels = self.spec.channels;
        let frames = block.frames(channels)?;
        self.note_bits(&block);
        let span = self.spec.span();
        let mut at = 0;
        while at < frames {
            let taken = (span - self.filled).min(frames - at);
            let from = self.filled * channels;
            let rows = self.ring.room().get_mut(from..from + taken * channels);
            let damage = block.read(at, channels, rows.unwrap_or_default());
            if let Some(index) = damage.first {
                let frame = self.first + (self.filled + index / channels) as u64;
                self.first_not_number.get_or_insert(frame);
                self.not_numbers += damage.count;
            }
            at += taken;
            self.filled += taken;
            if self.filled == span {
                self.close();
            }
        }
        Ok(())
    }

    /// Looks which bits of integers are ever used.
    fn note_bits(&mut self, block: &Samples<'_>) {
        let Some((seen, width)) = self.bits else {
            return;
        };
        self.bits = match *block {
            Samples::Bytes(format, _) if format.is_float() => None,
            Samples::Bytes(format, bytes) => {
                let low = 1 << (32 - u32::from(format.bits()));
                let more = if seen & low == 0 {
                    used(format, bytes)
                } else {
                    0
                };
                Some((seen | more, format.bits()))
            }
            Samples::Ints { samples, bits } => {
                let all = samples.iter().fold(0, |all, v| all | v);
                let shift = 32 - u32::from(bits.clamp(1, 32));
                Some((seen | (all << shift).cast_unsigned(), u16::from(bits)))
            }
            Samples::PlanarInts { planes, bits } => {
                let all = planes.iter().flat_map(|plane| plane.iter());
                let all = all.fold(0, |all, v| all | v);
                let shift = 32 - u32::from(bits.clamp(1, 32));
                Some((seen | (all << shift).cast_unsigned(), u16::from(bits)))
            }
            Samples::Floats(_) | Samples::Doubles(_) => Some((seen, width)),
        };
    }

    /// Gives the span that is full, or the last one, to the columns.
    fn close(&mut self) {
        let (frames, end) = (self.filled, self.first + self.filled as u64);
        let totals = self.cells(frames);
        for pair in &mut self.pairs {
            let span = self.ring.newest();
            pair.push(
                products(&totals, pair.channels, span, (self.ring.stride, frames)),
                self.first,
                end,
            );
        }
        let silent = |i: usize| self.columns.get(i).is_some_and(Column::is_silent);
        let (span, stride) = (self.ring.newest(), self.ring.stride);
        self.equal.retain(|&pair| {
            (silent(pair.0) && silent(pair.1)) || is_equal(span, stride, frames, pair)
        });
        self.look();
        self.first = end;
        self.filled = 0;
    }

    /// Gives the cells of the newest span to the columns.
    fn cells(&mut self, frames: usize) -> Vec<Totals> {
        let (channels, stride) = (self.columns.len(), self.ring.stride);
        let mut all = Vec::with_capacity(self.past.len());
        for (group, past) in self.past.iter_mut().enumerate() {
            let first = group * LANES;
            let samples = self.ring.newest().get(first..).unwrap_or_default();
            let totals = cells(samples, (stride, frames), past, &mut self.cells);
            let last = (first + LANES).min(channels);
            for column in self.columns.get_mut(first..last).unwrap_or_default() {
                column.take(&self.cells, &totals, frames);
            }
            all.push(totals);
        }
        all
    }

    /// Looks at the span before the newest, and goes on to the next.
    fn look(&mut self) {
        for column in &mut self.columns {
            if self.ring.is_begun() {
                column.look(&self.ring);
            }
            column.turn();
        }
        self.ring.turn();
    }

    /// The last span, which silence follows.
    fn end(&mut self) {
        let channels = self.columns.len();
        if self.filled > 0 {
            let from = self.filled * channels;
            self.ring
                .room()
                .get_mut(from..)
                .unwrap_or_default()
                .fill(0.0);
            self.close();
        }
        if !self.ring.is_begun() {
            return;
        }
        self.ring.room().fill(0.0);
        let (stride, frames) = (self.ring.stride, self.spec.span());
        for (group, past) in self.past.iter_mut().enumerate() {
            let first = group * LANES;
            let samples = self.ring.newest().get(first..).unwrap_or_default();
            cells(samples, (stride, frames), past, &mut self.cells);
            let last = (first + LANES).min(channels);
            for column in self.columns.get_mut(first..last).unwrap_or_default() {
                column.take_end(&self.cells);
            }
        }
        for column in &mut self.columns {
            column.look_last(&self.ring, self.first);
        }
    }

    /// Everything that was seen.
    pub fn finish(mut self) -> Scan {
        self.end();
        let length = self.first;
        let channels: Vec<_> = self
            .columns
            .into_iter()
            .map(|column| column.finish(length))
            .collect();
        let sounds = |i: usize| {
            channels
                .get(i)
                .is_some_and(|channel| channel.sound.is_some())
        };
        let bits = self.bits.filter(|(seen, width)| *seen != 0 && *width != 0);
        Scan {
            rate: self.spec.rate,
            length,
            span: self.spec.span() as u64,
            pairs: self
                .pairs
                .into_iter()
                .map(|pair| pair.finish(length))
                .collect(),
            equal: self.equal.into_iter().filter(|&(a, _)| sounds(a)).collect(),
            effective_bits: bits.map(|(seen, _)| 32 - seen.trailing_zeros() as u16),
            not_numbers: self.not_numbers,
            first_not_number: self.first_not_number,
            channels,
        }
    }
}

/// Every sample of integers in the upper bits of a word, or-ed together.
fn used(format: SampleFormat, bytes: &[u8]) -> u32 {
    match format {
        SampleFormat::UInt8 => bytes.iter().fold(0, |all, b| all | (b ^ 0x80)).into_upper(),
        SampleFormat::Int16 => {
            let words = bytes.as_chunks().0.iter();
            let all = words.fold(0_u16, |all, v| all | u16::from_le_bytes(*v));
            u32::from(all) << 16
        }
        SampleFormat::Int24 => {
            let words = bytes.as_chunks::<3>().0.iter();
            let [a, b, c] = words.fold([0; 3], |[a, b, c], v| [a | v[0], b | v[1], c | v[2]]);
            u32::from_le_bytes([0, a, b, c])
        }
        _ => {
            let words = bytes.as_chunks().0.iter();
            words.fold(0, |all, v| all | u32::from_le_bytes(*v))
        }
    }
}

/// A byte as the upper bits of a word.
trait Upper {
    fn into_upper(self) -> u32;
}

impl Upper for u8 {
    fn into_upper(self) -> u32 {
        u32::from(self) << 24
    }
}

/// `Σxy, Σx², Σy²` of two channels: neighbours were multiplied on the way.
fn products(
    totals: &[Totals],
    (x, y): (usize, usize),
    span: &[f32],
    (stride, frames): (usize, usize),
) -> [f64; 3] {
    let of = |channel: usize, values: fn(&Totals) -> &[f64; LANES]| {
        let group = totals.get(channel / LANES).map(values);
        group
            .and_then(|values| values.get(channel % LANES))
            .copied()
            .unwrap_or_default()
    };
    let both = if y == x + 1 {
        of(x, |totals| &totals.products)
    } else {
        product(span, stride, frames, (x, y))
    };
    [
        both,
        of(x, |totals| &totals.squares),
        of(y, |totals| &totals.squares),
    ]
}

/// Whether two channels of a span are equal to the bit.
fn is_equal(span: &[f32], stride: usize, frames: usize, (x, y): (usize, usize)) -> bool {
    let bits = |frame: &[f32], channel: usize| frame.get(channel).map(|v| v.to_bits());
    let mut frames = span.chunks_exact(stride.max(1)).take(frames);
    frames.all(|frame| bits(frame, x) == bits(frame, y))
}
