//! Two channels together.

use super::found::{MAX_ENTRIES, PairScan};

/// Spans in a window of 400 ms.
const WINDOW: u64 = 4;

/// Windows below this mean square (−60 dBFS) say nothing about phase.
const LEAST: f64 = 1e-6;

/// What two channels have in common.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    pub(super) channels: (usize, usize),
    /// Correlation below which a window is noted.
    limit: f64,
    /// `Σxy, Σx², Σy²` of everything, and of the window.
    whole: [f64; 3],
    window: [f64; 3],
    /// Spans and samples in the window.
    spans: u64,
    start: u64,
    scan: PairScan,
}

impl Pair {
    pub(super) fn new(channels: (usize, usize), limit: f64) -> Self {
        let scan = PairScan {
            channels,
            ..PairScan::default()
        };
        Self {
            channels,
            limit,
            whole: [0.0; 3],
            window: [0.0; 3],
            spans: 0,
            start: 0,
            scan,
        }
    }

    /// The next span, `Σxy, Σx², Σy²`, from sample `first` up to `end`.
    pub(super) fn push(&mut self, sums: [f64; 3], first: u64, end: u64) {
        if self.spans == 0 {
            self.start = first;
        }
        for (total, sum) in self.window.iter_mut().zip(sums) {
            *total += sum;
        }
        self.spans += 1;
        if self.spans == WINDOW {
            self.close(end);
        }
    }

    fn close(&mut self, end: u64) {
        let [xy, xx, yy] = self.window;
        let samples = (end - self.start).max(1) as f64;
        for (total, sum) in self.whole.iter_mut().zip(self.window) {
            *total += sum;
        }
        if xx / samples > LEAST && yy / samples > LEAST {
            self.scan.windows += 1;
            if xy / (xx * yy).sqrt() < self.limit {
                self.scan.below += 1;
                self.note(end);
            }
        }
        self.window = [0.0; 3];
        self.spans = 0;
    }

    fn note(&mut self, end: u64) {
        let stretches = &mut self.scan.stretches;
        if let Some(last) = stretches.last_mut().filter(|last| last.1 == self.start) {
            last.1 = end;
        } else if stretches.len() < MAX_ENTRIES {
            stretches.push((self.start, end));
        }
    }

    pub(super) fn finish(mut self, end: u64) -> PairScan {
        if self.spans > 0 {
            self.close(end);
        }
        let [xy, xx, yy] = self.whole;
        self.scan.correlation = (xx > 0.0 && yy > 0.0).then(|| xy / (xx * yy).sqrt());
        self.scan
    }
}

/// `Σxy` of two channels of a span, to double precision every 64 frames.
pub(super) fn product(
    samples: &[f32],
    stride: usize,
    frames: usize,
    (x, y): (usize, usize),
) -> f64 {
    let frames = samples.chunks_exact(stride.max(1)).take(frames);
    let mut total = 0.0;
    let (mut sum, mut count) = (0.0_f32, 0);
    for frame in frames {
        let at = |channel: usize| frame.get(channel).copied().unwrap_or_default();
        sum += at(x) * at(y);
        count += 1;
        if count == 64 {
            total += f64::from(sum);
            (sum, count) = (0.0, 0);
        }
    }
    total + f64::from(sum)
}
