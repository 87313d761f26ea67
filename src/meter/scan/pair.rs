//! Two channels together.

use multiversion::multiversion;

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

    /// The next span, which begins at sample `first`.
    pub(super) fn push(&mut self, x: &[f32], y: &[f32], first: u64) {
        if self.spans == 0 {
            self.start = first;
        }
        let sums = products(x, y);
        for (total, sum) in self.window.iter_mut().zip(sums) {
            *total += sum;
        }
        self.spans += 1;
        if self.spans == WINDOW {
            self.close(first + x.len() as u64);
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

/// `Σxy, Σx², Σy²` in eight lanes, to double precision every 64 samples.
#[multiversion(targets("x86_64+avx2"))]
fn products(x: &[f32], y: &[f32]) -> [f64; 3] {
    let mut out = [0.0_f64; 3];
    for (x, y) in x.chunks(64).zip(y.chunks(64)) {
        let mut lanes = [[0.0_f32; 8]; 3];
        let ((xs, x_rest), (ys, y_rest)) = (x.as_chunks::<8>(), y.as_chunks::<8>());
        for (x, y) in xs.iter().zip(ys) {
            for i in 0..8 {
                lanes[0][i] += x[i] * y[i];
                lanes[1][i] += x[i] * x[i];
                lanes[2][i] += y[i] * y[i];
            }
        }
        for (x, y) in x_rest.iter().zip(y_rest) {
            lanes[0][0] += x * y;
            lanes[1][0] += x * x;
            lanes[2][0] += y * y;
        }
        for (total, lanes) in out.iter_mut().zip(lanes) {
            *total += f64::from(lanes.iter().sum::<f32>());
        }
    }
    out
}
