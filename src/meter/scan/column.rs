//! One channel: three spans of it, of which the middle one is looked at with its neighbours known.

use super::burst::Bursts;
use super::cells::{CELL, LEAD, cells, extremes};
use super::click::Clicks;
use super::flat::Flats;
use super::found::ChannelScan;
use super::hum::HumSearch;
use super::quiet::QuietRuns;
use super::scanner::ScanSpec;
use super::thin::HighShare;

/// A span of a channel and what its cells hold.
#[derive(Debug, Clone, Default)]
pub(super) struct Span {
    /// The last [`LEAD`] samples of the span before, then its own.
    pub(super) samples: Vec<f32>,
    pub(super) peaks: Vec<f32>,
    pub(super) bends: Vec<f32>,
}

impl Span {
    /// Its own samples.
    pub(super) fn own(&self) -> &[f32] {
        self.samples.get(LEAD..).unwrap_or_default()
    }
}

/// Three spans in a row; the middle one is the current one.
#[derive(Debug, Clone)]
pub(super) struct Spans {
    row: [Span; 3],
    /// First sample of the current span.
    first: u64,
    /// Samples in a whole span.
    len: u64,
}

impl Spans {
    fn new(len: usize) -> Self {
        let span = || Span {
            samples: vec![0.0; LEAD + len],
            peaks: vec![0.0; len.div_ceil(CELL)],
            bends: vec![0.0; len.div_ceil(CELL)],
        };
        Self {
            row: [span(), span(), span()],
            first: 0,
            len: len as u64,
        }
    }

    pub(super) const fn first(&self) -> u64 {
        self.first
    }

    pub(super) const fn current(&self) -> &Span {
        &self.row[1]
    }

    /// A sample of the three spans by its place in the file; 0 outside of them.
    pub(super) fn sample(&self, at: u64) -> f32 {
        let Some(at) = (at + self.len).checked_sub(self.first) else {
            return 0.0;
        };
        let span = self.row.get((at / self.len) as usize);
        let sample = span.and_then(|span| span.own().get((at % self.len) as usize));
        sample.copied().unwrap_or_default()
    }

    /// The largest magnitude from one sample up to another.
    pub(super) fn peak(&self, from: u64, to: u64) -> f32 {
        (from..to).fold(0.0, |top: f32, at| top.max(self.sample(at).abs()))
    }

    /// The samples from one place up to another.
    pub(super) fn window(&self, from: u64, to: u64) -> Vec<f32> {
        (from..to).map(|at| self.sample(at)).collect()
    }

    /// The bends of the cells of all three spans in order.
    pub(super) fn bends(&self) -> impl Iterator<Item = f32> + '_ {
        self.row.iter().flat_map(|span| span.bends.iter().copied())
    }

    /// Cells in a whole span.
    pub(super) fn cells(&self) -> usize {
        (self.len as usize).div_ceil(CELL)
    }
}

/// A channel on its way through the scan.
#[derive(Debug, Clone)]
pub(super) struct Column {
    spans: Spans,
    gaps: QuietRuns,
    silences: QuietRuns,
    flats: Flats,
    clicks: Clicks,
    bursts: Bursts,
    hum: HumSearch,
    high: Option<HighShare>,
    scan: ChannelScan,
    squares: f64,
    /// Spans taken so far.
    taken: u64,
}

impl Column {
    pub(super) fn new(spec: &ScanSpec, low_frequency: bool) -> Self {
        let (rate, len) = (spec.rate, spec.span());
        let hertz = u64::from(rate.hertz());
        let around = (hertz / 200) as usize;
        Self {
            spans: Spans::new(len),
            gaps: QuietRuns::new(spec.gap, hertz / 1_000, around),
            silences: QuietRuns::new(spec.silence, hertz / 10, around),
            flats: Flats::new(spec.clip, rate),
            clicks: Clicks::new(rate),
            bursts: Bursts::new(spec.pop_hertz, rate),
            hum: HumSearch::new(rate),
            high: low_frequency.then(|| HighShare::new(spec.low_pass_hertz, rate)),
            scan: ChannelScan::default(),
            squares: 0.0,
            taken: 0,
        }
    }

    /// Room for the samples of the next span.
    pub(super) fn room(&mut self, frames: usize) -> &mut [f32] {
        let [_, before, next] = &mut self.spans.row;
        next.samples.resize(LEAD + frames, 0.0);
        let lead = before.samples.len().saturating_sub(LEAD);
        let (head, own) = next.samples.split_at_mut(LEAD);
        head.copy_from_slice(before.samples.get(lead..).unwrap_or(&[0.0; LEAD]));
        own
    }

    /// The samples of the span that was put in last.
    pub(super) fn newest(&self) -> &[f32] {
        self.spans.row[2].own()
    }

    /// Takes the span that was put into the room, and looks at the one before.
    pub(super) fn take(&mut self) {
        let next = &mut self.spans.row[2];
        let totals = cells(&next.samples, &mut next.peaks, &mut next.bends);
        let frames = (next.samples.len() - LEAD) as f64;
        self.squares += totals.squares;
        self.scan.means.push((totals.sum / frames) as f32);
        self.scan.squares.push((totals.squares / frames) as f32);
        self.hum.push(next.own(), totals.squares / frames);
        if let Some(high) = &mut self.high {
            high.push(next.own(), totals.squares);
        }
        if self.taken > 0 {
            self.look();
        }
        self.turn();
    }

    /// Makes the newest span the current one.
    fn turn(&mut self) {
        self.spans.row.rotate_left(1);
        if self.taken > 0 {
            self.spans.first += self.spans.len;
        }
        self.taken += 1;
    }

    /// Looks at the current span.
    fn look(&mut self) {
        let extremes = extremes(&self.spans.current().peaks);
        self.scan.peak = self.scan.peak.max(extremes.1);
        if extremes.1 > 0.0 {
            self.sound();
        }
        self.gaps.look(&self.spans, extremes);
        self.silences.look(&self.spans, extremes);
        self.flats.look(&self.spans, extremes.1);
        self.clicks.look(&self.spans, extremes.1);
        self.bursts.look(&self.spans, &self.silences);
    }

    /// Notes the first and last samples that are not zero.
    fn sound(&mut self) {
        let (first, own) = (self.spans.first, self.spans.current().own());
        let is_sound = |v: &f32| *v != 0.0;
        let last = own.iter().rposition(is_sound).unwrap_or_default() as u64 + first;
        match &mut self.scan.sound {
            Some((_, end)) => *end = last,
            none => {
                let start = own.iter().position(is_sound).unwrap_or_default() as u64 + first;
                *none = Some((start, last));
            }
        }
    }

    /// What was seen, when the file ends after `length` samples.
    pub(super) fn finish(mut self, length: u64) -> ChannelScan {
        if self.taken > 0 {
            // Silence follows the end.
            let len = self.spans.len as usize;
            self.room(len).fill(0.0);
            let next = &mut self.spans.row[2];
            cells(&next.samples, &mut next.peaks, &mut next.bends);
            self.look();
            self.bursts.last(&self.spans, &self.silences, length);
        }
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
            bursts: self.bursts.found,
            hums: self.hum.finish(length),
            high_share: self.high.and_then(|high| high.share(self.squares)),
            ..self.scan
        }
    }
}
