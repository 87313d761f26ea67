//! Crests that are flat: clipped at full scale, or clipped below it and turned down since.

use super::cells::CELL;
use super::column::Spans;
use super::found::{FlatTop, MAX_ENTRIES};
use crate::audio::SampleRate;

/// Crests below this are not looked at: −40 dBFS.
const QUIETEST: f32 = 0.01;

/// Only cells whose peak is this share of the span's can hold a crest that was cut off.
const NEAR: f32 = 0.85;

/// Samples of a plateau differ from one another by at most this share of its height: what a later
/// gain and its rounding leave of equal samples.
const EVEN: f32 = 2e-5;

/// Equal samples that make a plateau below full scale.
const PLATEAU: u64 = 4;

/// Equal samples that make a clip at full scale.
const CLIP: u64 = 3;

/// The way into a plateau is at least so many times steeper than the plateau is uneven.
const STEEP: f32 = 20.0;

/// Finds both kinds.
#[derive(Debug, Clone)]
pub(super) struct Flats {
    /// Magnitudes from here on are full scale.
    full: f32,
    pub(super) clips: Vec<FlatTop>,
    pub(super) below: Vec<FlatTop>,
    /// First sample that was not looked at yet.
    next: u64,
    /// Least difference of two neighbours that is a slope.
    slope: f32,
}

impl Flats {
    pub(super) fn new(full: f32, rate: SampleRate) -> Self {
        Self {
            full,
            clips: Vec::new(),
            below: Vec::new(),
            next: 0,
            // A sine of 40 Hz cut off at 0.7 of its height crosses the edge this steeply.
            slope: 0.5 * 40.0 * std::f32::consts::TAU / rate.hertz() as f32,
        }
    }

    /// Looks at the crests of the current span, whose largest magnitude is `peak`.
    pub(super) fn look(&mut self, spans: &Spans<'_>, peak: f32) {
        if peak < QUIETEST {
            return;
        }
        let least = (peak * NEAR).min(self.full);
        for (i, &cell) in spans.peaks().iter().enumerate() {
            if cell < least {
                continue;
            }
            let from = spans.first() + (i * CELL) as u64;
            let to = from + CELL as u64;
            // One sample more than the cell: a plateau may begin with its last.
            let samples = spans.cell(i);
            let next = samples.iter().copied().skip(1).chain([spans.sample(to)]);
            if samples
                .iter()
                .zip(next)
                .any(|(&a, b)| is_level(a, b, least))
            {
                self.cell(spans, from.max(self.next), to, least);
            }
        }
    }

    /// Looks for plateaus that begin in one cell.
    fn cell(&mut self, spans: &Spans<'_>, from: u64, to: u64, least: f32) {
        let mut at = from;
        while at < to {
            let level = spans.sample(at);
            if level.abs() < least {
                at += 1;
                continue;
            }
            let even = level.abs() * EVEN;
            let same = |k: &u64| (spans.sample(*k) - level).abs() <= even;
            // A plateau longer than a span is no crest.
            let end = at + (at..at + 4_096).take_while(same).count() as u64;
            self.plateau(spans, at, end, level);
            at = end.max(at + 1);
            self.next = at;
        }
    }

    fn plateau(&mut self, spans: &Spans<'_>, start: u64, end: u64, level: f32) {
        let (len, level) = (end - start, level.abs());
        let found = FlatTop { start, len, level };
        if level >= self.full {
            if len >= CLIP && self.clips.len() < MAX_ENTRIES {
                self.clips.push(found);
            }
        } else if len >= PLATEAU && self.is_cut(spans, start, end) && self.below.len() < MAX_ENTRIES
        {
            self.below.push(found);
        }
    }

    /// Whether sound rises into the plateau and falls out of it at a kink, as nothing does by itself:
    /// the step into it is steep against the crest's own unevenness, and comes off a slope, not out of
    /// a jump as in a square wave.
    fn is_cut(&self, spans: &Spans<'_>, start: u64, end: u64) -> bool {
        let sign = spans.sample(start).signum();
        let height = |at: u64| sign * spans.sample(at);
        let top = height(start);
        if start < 2 {
            return false;
        }
        let ways = [
            (height(start - 1), height(start - 2)),
            (height(end), height(end + 1)),
        ];
        let cut = |(near, far): (f32, f32)| {
            let step = top - near;
            let slope = (self.slope * top).max(STEEP * EVEN * top);
            step > slope && near - far > 0.3 * step && near > 0.2 * top
        };
        // The first sample after the edge can lie just below it, so one clear side is enough when the
        // other at least falls.
        let falls = |(near, far): (f32, f32)| near < top && far < near;
        let (a, b) = (ways[0], ways[1]);
        (cut(a) && falls(b)) || (cut(b) && falls(a))
    }
}

/// Whether two neighbours are high and nearly equal.
#[inline]
fn is_level(a: f32, b: f32, least: f32) -> bool {
    a.abs() >= least && (a - b).abs() <= a.abs() * EVEN
}
