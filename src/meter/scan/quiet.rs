//! Runs of quiet samples, to the exact sample.

use super::cells::CELL;
use super::column::Spans;
use super::found::{MAX_ENTRIES, Quiet};

/// The samples around a run are so many times those that are its edge.
const EDGE: usize = 40;

/// A run that goes on.
#[derive(Debug, Clone, Copy)]
struct Open {
    /// First sample of its first quiet cell.
    cell: u64,
    /// Its first sample and what is before it, once somebody has looked.
    start: Option<(u64, Beside)>,
    /// Whether it is all zero so far.
    zero: bool,
}

/// What is beside a run.
#[derive(Debug, Clone, Copy, Default)]
struct Beside {
    /// Largest magnitude.
    peak: f32,
    /// How abrupt the edge is.
    abrupt: f32,
}

/// Follows the runs of a channel below one threshold.
#[derive(Debug, Clone)]
pub(super) struct QuietRuns {
    /// Samples up to this magnitude are quiet.
    threshold: f32,
    /// Runs shorter than this are not kept, in samples; at least two cells.
    shortest: u64,
    /// Samples before and after a run whose peak is noted.
    around: u64,
    open: Option<Open>,
    pub(super) runs: Vec<Quiet>,
}

impl QuietRuns {
    pub(super) fn new(threshold: f32, shortest: u64, around: u64) -> Self {
        Self {
            threshold,
            shortest: shortest.max(2 * CELL as u64),
            around,
            // A file begins out of silence.
            open: Some(Open {
                cell: 0,
                start: Some((0, Beside::default())),
                zero: true,
            }),
            runs: Vec::new(),
        }
    }

    /// Looks at the current span; `extremes` are those of its cells' peaks.
    pub(super) fn look(&mut self, spans: &Spans<'_>, extremes: (f32, f32)) {
        let (low, high) = extremes;
        match &mut self.open {
            None if low > self.threshold => return,
            Some(open) if high <= self.threshold => {
                open.zero &= high == 0.0;
                return;
            }
            _ => {}
        }
        let first = spans.first();
        for (chunk, peaks) in spans.peaks().chunks(64).enumerate() {
            let quiet = peaks.iter().enumerate().fold(0_u64, |bits, (i, &peak)| {
                bits | u64::from(peak <= self.threshold) << i
            });
            let at = first + (chunk * 64 * CELL) as u64;
            self.turns(spans, (at, peaks), quiet);
        }
        self.settle(spans);
    }

    /// Goes from one change to the next in up to 64 cells, of which the `quiet` ones are set.
    fn turns(&mut self, spans: &Spans<'_>, (first, peaks): (u64, &[f32]), quiet: u64) {
        let mut i = 0_usize;
        while i < peaks.len() {
            let rest = quiet >> i;
            let like = match &self.open {
                Some(_) => (!rest).trailing_zeros(),
                None => rest.trailing_zeros(),
            };
            let next = (i + like as usize).min(peaks.len());
            if let Some(open) = &mut self.open {
                let part = peaks.get(i..next).unwrap_or_default();
                open.zero = open.zero && part.iter().all(|&peak| peak == 0.0);
            }
            if next == peaks.len() {
                return;
            }
            let cell = first + (next * CELL) as u64;
            if self.open.is_some() {
                self.close(spans, cell);
                i = next + 1;
            } else {
                self.open = Some(Open {
                    cell,
                    start: None,
                    zero: true,
                });
                i = next;
            }
        }
    }

    /// Looks where the open run begins, while the samples are there.
    fn settle(&mut self, spans: &Spans<'_>) {
        if let Some(open) = self.open
            && open.start.is_none()
        {
            self.open = Some(self.begun(spans, open));
        }
    }

    /// A run that has a whole quiet cell: its first samples may stand in the cell before.
    fn begun(&self, spans: &Spans<'_>, open: Open) -> Open {
        if open.start.is_some() {
            return open;
        }
        let cell = open.cell;
        let quiet = |at: &u64| spans.sample(*at).abs() <= self.threshold;
        let floor = cell.saturating_sub(CELL as u64);
        let last = self.runs.last().map_or(0, |run| run.end);
        let earlier = (floor.max(last)..cell).rev().take_while(quiet);
        let start = earlier.last().unwrap_or(cell);
        let from = start.saturating_sub(self.around);
        Open {
            start: Some((start, self.beside(spans, (from, start), true))),
            zero: open.zero && (start..cell).all(|at| spans.sample(at) == 0.0),
            ..open
        }
    }

    /// The run ends in the cell at `cell`; another may begin in the same cell, which the next cell shows.
    fn close(&mut self, spans: &Spans<'_>, cell: u64) {
        let Some(open) = self.open.take() else {
            return;
        };
        // Neither end can reach further than the cell next to it.
        let longest = cell + 2 * CELL as u64 - open.cell;
        if open.start.is_none() && longest < self.shortest {
            return;
        }
        let open = self.begun(spans, open);
        let Some((start, before)) = open.start else {
            return;
        };
        let loud = |at: &u64| spans.sample(*at).abs() > self.threshold;
        let end = (cell..cell + CELL as u64).find(loud).unwrap_or(cell);
        if end - start < self.shortest {
            return;
        }
        let after = self.beside(spans, (end, end + self.around), false);
        self.keep(Quiet {
            start,
            end,
            digital: open.zero && (cell..end).all(|at| spans.sample(at) == 0.0),
            before: before.peak,
            after: after.peak,
            abrupt: (before.abrupt, after.abrupt),
        });
    }

    /// What is in the samples beside a run, which is behind them or before them.
    fn beside(&self, spans: &Spans<'_>, (from, to): (u64, u64), behind: bool) -> Beside {
        let x = spans.window(from, to);
        let own = (self.around as usize / EDGE).max(2).min(x.len());
        let edge = if behind {
            x.get(x.len() - own..)
        } else {
            x.get(..own)
        };
        let peak = |x: &[f32]| x.iter().fold(0.0, |top: f32, v| top.max(v.abs()));
        let slope = |x: &[f32]| {
            let steps = x.windows(2).map(|pair| (pair[1] - pair[0]).abs());
            steps.fold(0.0, f32::max)
        };
        let share = |of: &dyn Fn(&[f32]) -> f32| {
            of(edge.unwrap_or_default()) / of(&x).max(f32::MIN_POSITIVE)
        };
        Beside {
            peak: peak(&x),
            abrupt: share(&peak).max(share(&slope)),
        }
    }

    /// Since which sample it has been quiet, where it is.
    pub(super) fn open_since(&self) -> Option<u64> {
        let (start, _) = self.open?.start?;
        Some(start)
    }

    /// The file ends at `end`.
    pub(super) fn finish(&mut self, end: u64) {
        if let Some(open) = self.open.take()
            && let Some((start, before)) = open.start
        {
            self.keep(Quiet {
                start,
                end,
                digital: open.zero,
                before: before.peak,
                after: 0.0,
                abrupt: (before.abrupt, 0.0),
            });
        }
    }

    fn keep(&mut self, run: Quiet) {
        if run.len() >= self.shortest && self.runs.len() < MAX_ENTRIES {
            self.runs.push(run);
        }
    }
}
