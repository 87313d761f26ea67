//! One channel: three spans of it, of which the middle one is looked at with its neighbours known.

use super::burst::Bursts;
use super::cells::{CELL, Cell, Totals, extremes};
use super::click::Clicks;
use super::flat::Flats;
use super::found::ChannelScan;
use super::hum::HumSearch;
use super::quiet::QuietRuns;
use super::scanner::ScanSpec;
use super::thin::HighShare;
use crate::meter::lanes::LANES;

/// The interleaved samples of three spans in a row; the middle one is the current one.
#[derive(Debug, Clone)]
pub(super) struct Ring {
    /// Each span, with room for the lanes past its last channel.
    row: [Vec<f32>; 3],
    /// Samples in a frame.
    pub(super) stride: usize,
    /// First frame of the current span.
    first: u64,
    /// Frames in a whole span.
    len: usize,
    /// Spans taken so far.
    taken: u64,
}

impl Ring {
    pub(super) fn new(stride: usize, len: usize) -> Self {
        let span = || vec![0.0; len * stride + LANES];
        Self {
            row: [span(), span(), span()],
            stride,
            first: 0,
            len,
            taken: 0,
        }
    }

    /// Room for the span that comes next, behind the current one.
    pub(super) fn room(&mut self) -> &mut [f32] {
        &mut self.row[2]
    }

    /// The span that was put into the room.
    pub(super) fn newest(&self) -> &[f32] {
        &self.row[2]
    }

    /// Makes the newest span the current one.
    pub(super) fn turn(&mut self) {
        self.row.rotate_left(1);
        if self.taken > 0 {
            self.first += self.len as u64;
        }
        self.taken += 1;
    }

    /// Whether there is a current span.
    pub(super) const fn is_begun(&self) -> bool {
        self.taken > 0
    }
}

/// A channel of the three spans.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spans<'a> {
    ring: &'a Ring,
    channel: usize,
    cells: &'a CellRing,
}

/// Peaks and bends of the cells of three spans in a row.
#[derive(Debug, Clone)]
pub(super) struct CellRing {
    peaks: Vec<f32>,
    bends: Vec<f32>,
    /// Cells in a whole span.
    count: usize,
}

impl CellRing {
    fn new(count: usize) -> Self {
        Self {
            peaks: vec![0.0; 3 * count],
            bends: vec![0.0; 3 * count],
            count,
        }
    }

    /// Takes one lane of the newest span's cells; a short span ends in silence.
    fn take(&mut self, cells: &[Cell], lane: usize) {
        let newest = 2 * self.count;
        let pick = |to: &mut Vec<f32>, value: fn(&Cell) -> &[f32; LANES]| {
            let to = to.get_mut(newest..).unwrap_or_default();
            let (filled, rest) = to.split_at_mut(cells.len().min(to.len()));
            for (to, cell) in filled.iter_mut().zip(cells) {
                *to = value(cell).get(lane).copied().unwrap_or_default();
            }
            rest.fill(0.0);
        };
        pick(&mut self.peaks, |cell| &cell.peak);
        pick(&mut self.bends, |cell| &cell.bend);
    }

    fn turn(&mut self) {
        self.peaks.copy_within(self.count.., 0);
        self.bends.copy_within(self.count.., 0);
    }

    fn current(&self, of: fn(&Self) -> &Vec<f32>) -> &[f32] {
        of(self).get(self.count..2 * self.count).unwrap_or_default()
    }
}

impl Spans<'_> {
    /// First sample of the current span.
    pub(super) const fn first(&self) -> u64 {
        self.ring.first
    }

    /// Samples in a whole span.
    pub(super) const fn len(&self) -> u64 {
        self.ring.len as u64
    }

    /// Peaks of the cells of the current span.
    pub(super) fn peaks(&self) -> &[f32] {
        self.cells.current(|cells| &cells.peaks)
    }

    /// Bends of the cells of the current span.
    pub(super) fn bends(&self) -> &[f32] {
        self.cells.current(|cells| &cells.bends)
    }

    /// Bends of the cells of all three spans in order, and which of them is the first of the current span.
    pub(super) fn all_bends(&self) -> (&[f32], usize) {
        (&self.cells.bends, self.cells.count)
    }

    /// A sample of the three spans by its place in the file; 0 outside of them.
    pub(super) fn sample(&self, at: u64) -> f32 {
        let len = self.len();
        let Some(mut at) = (at + len).checked_sub(self.ring.first) else {
            return 0.0;
        };
        for span in &self.ring.row {
            if at < len {
                let sample = span.get(at as usize * self.ring.stride + self.channel);
                return sample.copied().unwrap_or_default();
            }
            at -= len;
        }
        0.0
    }

    /// The samples of a cell of the current span.
    pub(super) fn cell(&self, index: usize) -> [f32; CELL] {
        let Ring { row, stride, .. } = self.ring;
        let first = index * CELL * stride + self.channel;
        let samples = row[1].get(first..).unwrap_or_default();
        let mut out = [0.0; CELL];
        for (out, sample) in out.iter_mut().zip(samples.iter().step_by(*stride)) {
            *out = *sample;
        }
        out
    }

    /// The largest magnitude from one sample up to another.
    pub(super) fn peak(&self, from: u64, to: u64) -> f32 {
        (from..to).fold(0.0, |top: f32, at| top.max(self.sample(at).abs()))
    }

    /// The samples from one place up to another.
    pub(super) fn window(&self, from: u64, to: u64) -> Vec<f32> {
        let mut out = vec![0.0; to.saturating_sub(from) as usize];
        let len = self.len();
        // Where the three spans begin, counted from one span before the file.
        let (from, first) = (from + len, self.ring.first);
        for (row, start) in self.ring.row.iter().zip((first..).step_by(len as usize)) {
            let skipped = from.saturating_sub(start).min(len);
            let to = start.saturating_sub(from).min(out.len() as u64);
            let samples = row.get(skipped as usize * self.ring.stride + self.channel..);
            let samples = samples.unwrap_or_default().iter().step_by(self.ring.stride);
            let out = out.get_mut(to as usize..).unwrap_or_default();
            for (out, sample) in out.iter_mut().zip(samples.take((len - skipped) as usize)) {
                *out = *sample;
            }
        }
        out
    }
}

/// A channel on its way through the scan.
#[derive(Debug, Clone)]
pub(super) struct Column {
    channel: usize,
    cells: CellRing,
    gaps: QuietRuns,
    silences: QuietRuns,
    flats: Flats,
    clicks: Clicks,
    bursts: Bursts,
    hum: HumSearch,
    high: Option<HighShare>,
    scan: ChannelScan,
    squares: f64,
    /// Sums of the newest cells, kept for their memory.
    sums: Vec<f32>,
    /// Whether the newest span is digital silence.
    silent: bool,
}

impl Column {
    pub(super) fn new(spec: &ScanSpec, channel: usize) -> Self {
        let rate = spec.rate;
        let hertz = u64::from(rate.hertz());
        let around = hertz / 200;
        let low_frequency = spec.low_frequency == Some(channel);
        Self {
            channel,
            cells: CellRing::new(spec.span() / CELL),
            gaps: QuietRuns::new(spec.gap, hertz / 1_000, around),
            silences: QuietRuns::new(spec.silence, hertz / 10, around),
            flats: Flats::new(spec.clip, rate),
            clicks: Clicks::new(rate),
            bursts: Bursts::new(spec.pop_hertz, rate),
            hum: HumSearch::new(rate),
            high: low_frequency.then(|| HighShare::new(spec.low_pass_hertz, rate)),
            scan: ChannelScan::default(),
            squares: 0.0,
            sums: Vec::new(),
            silent: true,
        }
    }

    /// Takes the cells of the newest span of `frames` frames, of which the channel is one lane.
    pub(super) fn take(&mut self, cells: &[Cell], totals: &Totals, frames: usize) {
        let lane = self.channel % LANES;
        let of = |values: &[f64; LANES]| values.get(lane).copied().unwrap_or_default();
        let (sum, squares) = (of(&totals.sums), of(&totals.squares));
        self.cells.take(cells, lane);
        self.squares += squares;
        self.silent = squares == 0.0;
        let frames = frames as f64;
        self.scan.means.push((sum / frames) as f32);
        self.scan.squares.push((squares / frames) as f32);
        let sums = cells
            .iter()
            .map(|cell| cell.sum.get(lane).copied().unwrap_or_default());
        self.sums.clear();
        self.sums.extend(sums);
        self.hum.push(&self.sums, squares / frames);
        if let Some(high) = &mut self.high {
            high.push(&self.sums, squares);
        }
    }

    /// Whether the newest span is digital silence.
    pub(super) const fn is_silent(&self) -> bool {
        self.silent
    }

    /// Looks at the current span, whose neighbours are known.
    pub(super) fn look(&mut self, ring: &Ring) {
        let spans = Spans {
            ring,
            channel: self.channel,
            cells: &self.cells,
        };
        let extremes = extremes(spans.peaks());
        self.scan.peak = self.scan.peak.max(extremes.1);
        if extremes.1 > 0.0 {
            sound(&spans, &mut self.scan.sound);
        }
        self.gaps.look(&spans, extremes);
        self.silences.look(&spans, extremes);
        self.flats.look(&spans, extremes.1);
        self.clicks.look(&spans, extremes.1);
        self.bursts.look(&spans, &self.silences);
    }

    /// Makes the newest span the current one.
    pub(super) fn turn(&mut self) {
        self.cells.turn();
    }

    /// Looks at the last span, which silence follows, in a file of `length` samples.
    pub(super) fn look_last(&mut self, ring: &Ring, length: u64) {
        self.look(ring);
        let spans = Spans {
            ring,
            channel: self.channel,
            cells: &self.cells,
        };
        self.bursts.last(&spans, &self.silences, length);
    }

    /// Takes cells of what follows the end, which counts for nothing.
    pub(super) fn take_end(&mut self, cells: &[Cell]) {
        self.cells.take(cells, self.channel % LANES);
    }

    /// What was seen, when the file ends after `length` samples.
    pub(super) fn finish(mut self, length: u64) -> ChannelScan {
        self.gaps.finish(length);
        self.silences.finish(length);
        self.bursts.finish(&self.silences, length);
        ChannelScan {
            mean_square: self.squares / length.max(1) as f64,
            gaps: self.gaps.runs,
            silences: self.silences.runs,
            clips: self.flats.clips,
            flats: self.flats.below,
            clicks: self.clicks.found,
            attacks: self.clicks.attacks,
            bursts: self.bursts.found,
            hums: self.hum.finish(length),
            high_share: self.high.and_then(|high| high.share(self.squares)),
            ..self.scan
        }
    }
}

/// Notes the first and last samples of the current span that are not zero.
fn sound(spans: &Spans<'_>, noted: &mut Option<(u64, u64)>) {
    let sounds = |peak: &f32| *peak > 0.0;
    let is_sound = |at: &u64| spans.sample(*at) != 0.0;
    let cell = |index: usize| {
        let from = spans.first() + (index * CELL) as u64;
        from..from + CELL as u64
    };
    let peaks = spans.peaks();
    let last = cell(peaks.iter().rposition(sounds).unwrap_or_default());
    let last = last.clone().rev().find(is_sound).unwrap_or(last.start);
    match noted {
        Some((_, end)) => *end = last,
        none => {
            let first = cell(peaks.iter().position(sounds).unwrap_or_default());
            let first = first.clone().find(is_sound).unwrap_or(first.start);
            *none = Some((first, last));
        }
    }
}
