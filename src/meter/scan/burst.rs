//! Short tones between silences: sync pops.

use std::f64::consts::TAU;

use super::column::Spans;
use super::found::{Burst, MAX_ENTRIES};
use super::quiet::QuietRuns;
use crate::audio::SampleRate;

/// Finds tones.
#[derive(Debug, Clone)]
pub(super) struct Bursts {
    /// Radians a sample.
    turn: f64,
    /// Longest sound that is looked at, in samples: 90 ms.
    longest: u64,
    /// Shortest: 5 ms.
    shortest: u64,
    /// End of the last sound that was looked at.
    done: u64,
    pub(super) found: Vec<Burst>,
}

impl Bursts {
    pub(super) fn new(hertz: f64, rate: SampleRate) -> Self {
        let samples = u64::from(rate.hertz());
        Self {
            turn: TAU * hertz / f64::from(rate.hertz()),
            longest: samples * 9 / 100,
            shortest: samples / 200,
            done: 0,
            found: Vec::new(),
        }
    }

    /// Looks at the sound that the latest silence has ended.
    pub(super) fn look(&mut self, spans: &Spans<'_>, silences: &QuietRuns) {
        if let Some(end) = silences.open_since() {
            self.sound(spans, silences, end);
        }
    }

    /// Looks at the sound with which the file ends after `length` samples.
    pub(super) fn last(&mut self, spans: &Spans<'_>, silences: &QuietRuns, length: u64) {
        if silences.open_since().is_none() {
            self.sound(spans, silences, length);
        }
    }

    /// The sound between the last silence and `end`.
    fn sound(&mut self, spans: &Spans<'_>, silences: &QuietRuns, end: u64) {
        let (start, before) = silences
            .runs
            .last()
            .map_or((0, 0), |run| (run.end, run.len()));
        let len = end.saturating_sub(start);
        let new = end > self.done;
        self.done = self.done.max(end);
        if !new || len < self.shortest || len > self.longest || self.found.len() >= MAX_ENTRIES {
            return;
        }
        self.found.extend(self.fit(spans, start, end, before));
    }

    /// The sine of the pop's frequency that fits best, by least squares; `None` where it is less than half
    /// of the sound.
    fn fit(&self, spans: &Spans<'_>, start: u64, end: u64, before: u64) -> Option<Burst> {
        let x = spans.window(start, end);
        let (mut c, mut s, mut energy) = (0.0, 0.0, 0.0);
        let turn = (libm::cos(self.turn), libm::sin(self.turn));
        let mut now = (1.0, 0.0);
        for v in x.iter().map(|&v| f64::from(v)) {
            c += v * now.0;
            s += v * now.1;
            energy += v * v;
            // Within the longest sound this is off by less than 10⁻¹².
            now = (
                now.0 * turn.0 - now.1 * turn.1,
                now.0 * turn.1 + now.1 * turn.0,
            );
        }
        let half = x.len() as f64 / 2.0;
        let (c, s) = (c / half, s / half);
        let amplitude = (c * c + s * s).sqrt();
        let purity = amplitude * amplitude * half / energy.max(f64::MIN_POSITIVE);
        if purity < 0.5 {
            return None;
        }
        // A sine that begins at zero has its first sample before the first that is heard.
        let first = c * libm::cos(self.turn) - s * libm::sin(self.turn);
        let hidden = u64::from(first.abs() < 0.03 * amplitude && start > 0);
        Some(Burst {
            start: start - hidden,
            len: end - start + hidden,
            amplitude,
            purity: purity.min(1.0),
            before: before.saturating_sub(hidden),
            after: 0,
        })
    }

    /// Notes the silence after each tone, and drops what is neither followed by any nor by the file's end.
    pub(super) fn finish(&mut self, silences: &QuietRuns, length: u64) {
        for burst in &mut self.found {
            let end = burst.start + burst.len;
            let next = silences
                .runs
                .iter()
                .find(|run| run.start.abs_diff(end) <= 2);
            burst.after = next.map_or(0, super::found::Quiet::len);
        }
        self.found
            .retain(|burst| burst.after > 0 || burst.start + burst.len + 2 >= length);
    }
}
