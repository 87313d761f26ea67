//! One pass over the samples of one file.

use multiversion::multiversion;

use super::column::Column;
use super::found::Scan;
use super::pair::Pair;
use crate::audio::{DbFs, Decibels, SampleFormat, SampleRate};
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

    /// Sample frames in a span: 100 ms, at least 512.
    pub(super) fn span(&self) -> usize {
        (self.rate.hertz() as usize / 10).max(512)
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
    /// The interleaved samples of the span that is being filled.
    filling: Vec<f32>,
    /// First sample frame of it.
    first: u64,
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
        let column = |i: usize| Column::new(&spec, spec.low_frequency == Some(i));
        // Comparing all pairs of very many channels would be quadratic; neighbours are enough there.
        let reach = if channels <= 16 { channels } else { 2 };
        let pairs =
            (0..channels).flat_map(|a| (a + 1..channels.min(a + reach)).map(move |b| (a, b)));
        Ok(Self {
            columns: (0..channels).map(column).collect(),
            pairs: spec
                .pairs
                .iter()
                .filter(|(a, b)| *a < channels && *b < channels)
                .map(|&pair| Pair::new(pair, spec.out_of_phase))
                .collect(),
            equal: pairs.collect(),
            filling: Vec::with_capacity(spec.span() * channels),
            first: 0,
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
            let filled = self.filling.len() / channels;
            let taken = (span - filled).min(frames - at);
            self.filling.resize((filled + taken) * channels, 0.0);
            let rows = self
                .filling
                .get_mut(filled * channels..)
                .unwrap_or_default();
            let damage = block.read(at, channels, rows);
            if let Some(index) = damage.first {
                let frame = self.first + (filled + index / channels) as u64;
                self.first_not_number.get_or_insert(frame);
                self.not_numbers += damage.count;
            }
            at += taken;
            if filled + taken == span {
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
        let channels = self.spec.channels;
        let frames = self.filling.len() / channels;
        for (i, column) in self.columns.iter_mut().enumerate() {
            let samples = self.filling.get(i..).unwrap_or_default();
            pick(samples, channels, column.room(frames));
        }
        let columns = &self.columns;
        let newest = |i: usize| columns.get(i).map_or(&[][..], Column::newest);
        for pair in &mut self.pairs {
            let (x, y) = pair.channels;
            pair.push(newest(x), newest(y), self.first);
        }
        // As bytes: one comparison of memory.
        let bytes = |i: usize| bytemuck::cast_slice::<f32, u8>(newest(i));
        self.equal.retain(|&(a, b)| bytes(a) == bytes(b));
        for column in &mut self.columns {
            column.take();
        }
        self.first += frames as u64;
        self.filling.clear();
    }

    /// Everything that was seen.
    pub fn finish(mut self) -> Scan {
        if !self.filling.is_empty() {
            self.close();
        }
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

/// Every `stride`th sample; the usual numbers of channels as fixed shuffles.
#[multiversion(targets("x86_64+avx2"))]
fn pick(samples: &[f32], stride: usize, out: &mut [f32]) {
    match stride {
        1 => out.copy_from_slice(samples.get(..out.len()).unwrap_or(samples)),
        2 => pick_fixed::<2>(samples, out),
        6 => pick_fixed::<6>(samples, out),
        8 => pick_fixed::<8>(samples, out),
        _ => {
            for (sample, frame) in out.iter_mut().zip(samples.chunks(stride)) {
                *sample = frame[0];
            }
        }
    }
}

#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "must be compiled anew inside each version of `pick`"
)]
fn pick_fixed<const STRIDE: usize>(samples: &[f32], out: &mut [f32]) {
    // The last frame may lack what follows its sample.
    for (sample, frame) in out.iter_mut().zip(samples.chunks(STRIDE)) {
        *sample = frame[0];
    }
}
