//! Runs of quiet samples, to the exact sample.

use super::cells::CELL;
use super::column::Spans;
use super::found::{MAX_ENTRIES, Quiet};

/// Follows the runs of a channel below one threshold.
#[derive(Debug, Clone)]
pub(super) struct QuietRuns {
    /// Samples up to this magnitude are quiet.
    threshold: f32,
    /// Runs shorter than this are not kept, in samples; at least two cells.
    shortest: u64,
    /// Samples before and after a run whose peak is noted.
    around: usize,
    /// The run that goes on: its start and the peak before it, and whether it is all zero so far.
    open: Option<(u64, f32, bool)>,
    pub(super) runs: Vec<Quiet>,
}

impl QuietRuns {
    pub(super) fn new(threshold: f32, shortest: u64, around: usize) -> Self {
        Self {
            threshold,
            shortest: shortest.max(2 * CELL as u64),
            around,
            // A file begins out of silence.
            open: Some((0, 0.0, true)),
            runs: Vec::new(),
        }
    }

    /// Looks at the current span; `extremes` are those of its cells' peaks.
    pub(super) fn look(&mut self, spans: &Spans, extremes: (f32, f32)) {
        let (low, high) = extremes;
        match self.open {
            None if low > self.threshold => return,
            Some((_, _, ref mut zero)) if high <= self.threshold => {
                *zero &= high == 0.0;
                return;
            }
            _ => {}
        }
        let first = spans.first();
        let current = spans.current();
        for (i, &peak) in current.peaks.iter().enumerate() {
            let at = first + (i * CELL) as u64;
            let quiet = peak <= self.threshold;
            match &mut self.open {
                Some((_, _, zero)) if quiet => *zero &= peak == 0.0,
                Some(_) => self.close(spans, at),
                None if quiet => self.begin(spans, at, peak == 0.0),
                None => {}
            }
        }
    }

    /// A run that has a whole quiet cell at `cell`: its first samples may stand in the cell before.
    fn begin(&mut self, spans: &Spans, cell: u64, zero: bool) {
        let quiet = |at: &u64| spans.sample(*at).abs() <= self.threshold;
        let floor = cell.saturating_sub(CELL as u64);
        let last = self.runs.last().map_or(0, |run| run.end);
        let earlier = (floor.max(last)..cell).rev().take_while(quiet);
        let start = earlier.last().unwrap_or(cell);
        let zero = zero && (start..cell).all(|at| spans.sample(at) == 0.0);
        let from = start.saturating_sub(self.around as u64);
        self.open = Some((start, spans.peak(from, start), zero));
    }

    /// The run ends in the cell at `cell`; another may begin in the same cell, which the next cell shows.
    fn close(&mut self, spans: &Spans, cell: u64) {
        let Some((start, before, zero)) = self.open.take() else {
            return;
        };
        let loud = |at: &u64| spans.sample(*at).abs() > self.threshold;
        let end = (cell..cell + CELL as u64).find(loud).unwrap_or(cell);
        let zero = zero && (cell..end).all(|at| spans.sample(at) == 0.0);
        let after = spans.peak(end, end + self.around as u64);
        self.keep(Quiet {
            start,
            end,
            digital: zero,
            before,
            after,
        });
    }

    /// Since which sample it has been quiet, where it is.
    pub(super) fn open_since(&self) -> Option<u64> {
        self.open.map(|(start, _, _)| start)
    }

    /// The file ends at `end`.
    pub(super) fn finish(&mut self, end: u64) {
        if let Some((start, before, digital)) = self.open.take() {
            self.keep(Quiet {
                start,
                end,
                digital,
                before,
                after: 0.0,
            });
        }
    }

    fn keep(&mut self, run: Quiet) {
        if run.len() >= self.shortest && self.runs.len() < MAX_ENTRIES {
            self.runs.push(run);
        }
    }
}
