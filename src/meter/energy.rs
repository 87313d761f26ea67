//! Energies per 10 ms, and every loudness figure as a pure function of them.

use crate::audio::{LoudnessUnits, Lufs, SampleRate};

use super::grid::Grid;

/// The weighted energy and the sample peak of every whole 10 ms of a programme.
///
/// All windows are sums of these: 400 ms are 40, 3 s are 300. Stretches of a programme (reels, scenes,
/// lines) are slices, and a figure of a stretch never needs the sound again. 12 bytes per 10 ms: 8.6 MB
/// for two hours.
#[derive(Debug, Clone, PartialEq)]
pub struct Energies {
    grid: Grid,
    sums: Vec<f64>,
    peaks: Vec<f32>,
}

impl Energies {
    pub(super) const fn new(rate: SampleRate) -> Self {
        Self {
            grid: Grid::new(rate),
            sums: Vec::new(),
            peaks: Vec::new(),
        }
    }

    /// Adds the next 10 ms: sum over channels of weight × sum of squares, and the largest sample.
    pub(super) fn push(&mut self, sum: f64, peak: f32) {
        self.sums.push(sum);
        self.peaks.push(peak);
    }

    /// All of it.
    pub fn whole(&self) -> Stretch<'_> {
        Stretch {
            grid: self.grid,
            first: 0,
            sums: &self.sums,
            peaks: &self.peaks,
        }
    }

    /// The whole sub-blocks between two sample frames, counted from the first one measured.
    pub fn between(&self, start: u64, end: u64) -> Stretch<'_> {
        self.whole().between(start, end)
    }
}

/// A run of consecutive sub-blocks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch<'a> {
    grid: Grid,
    /// Index of the first sub-block in the programme.
    first: u64,
    sums: &'a [f64],
    peaks: &'a [f32],
}

/// The windows of EBU Tech 3341.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// 400 ms.
    Momentary,
    /// 3 s.
    ShortTerm,
}

impl Window {
    /// How many sub-blocks of 10 ms.
    pub(super) const fn sub_blocks(self) -> usize {
        match self {
            Self::Momentary => 40,
            Self::ShortTerm => 300,
        }
    }
}

/// How far apart the windows of a series begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hop {
    /// 10 ms.
    Hundredth,
    /// 100 ms, the grid of the gating blocks.
    Tenth,
}

impl Hop {
    /// How many sub-blocks of 10 ms.
    pub(super) const fn sub_blocks(self) -> usize {
        match self {
            Self::Hundredth => 1,
            Self::Tenth => STEP,
        }
    }
}

/// Sub-blocks in 100 ms.
const STEP: usize = 10;

/// One window and what it reads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// First sample frame of the window, counted from the first one measured.
    pub start: u64,
    /// First sample frame after it.
    pub end: u64,
    /// Its loudness; `None` for digital silence.
    pub loudness: Option<Lufs>,
    /// Mean square over the window.
    pub(super) mean: f64,
}

/// The loudness of a mean square, BS.1770-5 equation 2; `None` for digital silence.
pub(super) fn loudness(mean: f64) -> Option<Lufs> {
    (mean > 0.0).then(|| Lufs::new(-0.691 + 10.0 * libm::log10(mean)))
}

/// The mean square of a loudness.
pub(super) fn mean_of(loudness: Lufs) -> f64 {
    libm::pow(10.0, (loudness.value() + 0.691) / 10.0)
}

impl<'a> Stretch<'a> {
    /// The whole sub-blocks between two sample frames, counted from the first one measured.
    #[must_use]
    pub fn between(self, start: u64, end: u64) -> Self {
        let len = self.sums.len();
        let index = |k: u64| (k.saturating_sub(self.first) as usize).min(len);
        let from = index(self.grid.first_from(start));
        // The last sub-block whose edge is not past `end` is the first one not taken.
        let after = index(
            self.grid
                .first_from(end.saturating_add(1))
                .saturating_sub(1),
        );
        let range = from..after.max(from);
        Self {
            grid: self.grid,
            first: self.first + from as u64,
            sums: self.sums.get(range.clone()).unwrap_or_default(),
            peaks: self.peaks.get(range).unwrap_or_default(),
        }
    }

    /// The largest sample of each sub-block, and the grid that they stand on.
    pub(super) const fn peaks(self) -> (&'a [f32], Grid) {
        (self.peaks, self.grid)
    }

    /// How many complete windows it has room for at a hop of 10 ms.
    pub fn windows(self, window: Window) -> usize {
        (self.sums.len() + 1).saturating_sub(window.sub_blocks())
    }

    /// First sample frame.
    pub fn start(self) -> u64 {
        self.grid.edge(self.first)
    }

    /// First sample frame after it.
    pub fn end(self) -> u64 {
        self.grid.edge(self.first + self.sums.len() as u64)
    }

    /// Loudness of all of it, without a gate; `None` for silence or an empty stretch.
    pub fn mean_loudness(self) -> Option<Lufs> {
        let frames = self.end() - self.start();
        loudness(sum(self.sums) / frames.max(1) as f64)
    }

    /// Every complete window of the stretch; partial ones do not exist.
    pub fn readings(self, window: Window, hop: Hop) -> impl Iterator<Item = Reading> + use<'a> {
        self.means(window, hop).map(move |(k, mean)| Reading {
            start: self.grid.edge(self.first + k as u64),
            end: self
                .grid
                .edge(self.first + (k + window.sub_blocks()) as u64),
            loudness: loudness(mean),
            mean,
        })
    }

    /// The loudest window at a hop of 10 ms, the first of equals; `None` when no window fits or all of
    /// it is silence.
    pub fn loudest(self, window: Window) -> Option<Reading> {
        let mut best = (0, 0.0);
        for (k, mean) in self.means(window, Hop::Hundredth) {
            if mean > best.1 {
                best = (k, mean);
            }
        }
        let end = self.first + (best.0 + window.sub_blocks()) as u64;
        loudness(best.1).map(|level| Reading {
            start: self.grid.edge(self.first + best.0 as u64),
            end: self.grid.edge(end),
            loudness: Some(level),
            mean: best.1,
        })
    }

    /// The least distance of the sample peak in 3 s from the loudness of the same 3 s, at a hop of
    /// 100 ms, over the windows that are not below −70 LUFS: how dense the densest place is.
    pub fn least_psr(self) -> Option<(LoudnessUnits, Reading)> {
        let floor = mean_of(super::gate::ABSOLUTE);
        let peaks: Vec<f32> = self.peaks.chunks(STEP).map(largest).collect();
        self.readings(Window::ShortTerm, Hop::Tenth)
            .zip(peaks.windows(Window::ShortTerm.sub_blocks() / STEP))
            .filter(|(reading, _)| reading.mean >= floor)
            .filter_map(|(reading, peaks)| {
                let peak = 20.0 * libm::log10(f64::from(largest(peaks)));
                Some((
                    LoudnessUnits::new(peak - reading.loudness?.value()),
                    reading,
                ))
            })
            .min_by(|a, b| a.0.value().total_cmp(&b.0.value()))
    }

    /// Sub-block and mean square of every complete window.
    ///
    /// Windows are summed anew, never by adding the next and taking off the last, which would lose the
    /// quiet after the loud: first 10 sub-blocks to 100 ms, then 4 or 30 of those.
    fn means(self, window: Window, hop: Hop) -> impl Iterator<Item = (usize, f64)> + use<'a> {
        let step = hop.sub_blocks();
        let parts = window.sub_blocks() / STEP;
        // tenths[i] begins `i` hops into the stretch, so a window takes every `stride`th.
        let tenths: Vec<f64> = self.sums.windows(STEP).step_by(step).map(sum).collect();
        let stride = STEP / step;
        let count = (self.sums.len() + 1)
            .saturating_sub(window.sub_blocks())
            .div_ceil(step);
        let size = window.sub_blocks() as u64;
        (0..count).map(move |i| {
            let k = i * step;
            let total: f64 = tenths.iter().skip(i).step_by(stride).take(parts).sum();
            (
                k,
                total / self.grid.frames(self.first + k as u64, size) as f64,
            )
        })
    }

    /// The mean square of each whole 100 ms.
    pub(super) fn tenths(self) -> impl Iterator<Item = f64> + use<'a> {
        let means = self.sums.chunks_exact(STEP).map(sum).enumerate();
        means.map(move |(i, total)| {
            let k = self.first + (i * STEP) as u64;
            total / self.grid.frames(k, STEP as u64) as f64
        })
    }
}

fn sum(values: &[f64]) -> f64 {
    values.iter().sum()
}

fn largest(values: &[f32]) -> f32 {
    values.iter().copied().fold(0.0, f32::max)
}
