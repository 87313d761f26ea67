//! Jumps and spikes of single samples that the sound around them does not explain.

use super::cells::{CELL, bend, extremes};
use super::column::Spans;
use super::found::{Click, MAX_ENTRIES};
use crate::audio::SampleRate;

/// Fourth differences below this are not looked at: a jump of some −56 dBFS.
const LEAST: f32 = 0.005;

/// A click's fourth difference is at least so many times any other within 20 ms.
const OVER: f32 = 5.0;

/// And so many times any within 1 ms but the click's own: a sound rings on, a click does not.
const OVER_NEAR: f32 = 8.0;

/// Samples on either side that belong to the click itself.
const OWN: u64 = 8;

/// The patterns that a spike of one sample and a jump leave in the fourth difference.
const SPIKE: [f32; 5] = [1.0, -4.0, 6.0, -4.0, 1.0];
const JUMP: [f32; 5] = [1.0, -3.0, 3.0, -1.0, 0.0];

/// Finds clicks.
#[derive(Debug, Clone)]
pub(super) struct Clicks {
    /// Samples in 20 ms and in 1 ms.
    far: u64,
    near: u64,
    /// Samples that were looked at already.
    done: u64,
    pub(super) found: Vec<Click>,
}

impl Clicks {
    pub(super) fn new(rate: SampleRate) -> Self {
        let hertz = u64::from(rate.hertz());
        Self {
            far: hertz / 50,
            near: hertz / 1_000,
            done: 0,
            found: Vec::new(),
        }
    }

    /// Looks at the current span.
    pub(super) fn look(&mut self, spans: &Spans<'_>, peak: f32) {
        // No fourth difference is larger than 16 times the largest sample.
        if peak * 16.0 < LEAST || self.found.len() >= MAX_ENTRIES {
            return;
        }
        let bends = spans.bends();
        // What stands out is larger than what is two cells away, and so than the smallest of the span.
        let (low, high) = extremes(bends);
        if high < LEAST || high <= OVER * low {
            return;
        }
        let (all, cells) = spans.all_bends();
        let reach = (self.far as usize).div_ceil(CELL);
        for (i, &here) in bends.iter().enumerate() {
            if here < LEAST {
                continue;
            }
            let place = cells + i;
            let stands_out = |distance: usize| {
                let side =
                    |k: Option<usize>| k.and_then(|k| all.get(k)).copied().unwrap_or_default();
                let around =
                    side(place.checked_sub(distance)).max(side(place.checked_add(distance)));
                here > OVER * around
            };
            // The cells next to it may hold a part of it; two away is the sound around.
            if (2..reach).all(stands_out) {
                self.cell(spans, spans.first() + (i * CELL) as u64);
            }
        }
    }

    /// Looks at the samples of a cell that stands out.
    fn cell(&mut self, spans: &Spans<'_>, cell: u64) {
        let x = |at: u64| spans.sample(at);
        // `fourth(k)` ends at sample k.
        let fourth = |k: u64| {
            let at = |back: u64| k.checked_sub(back).map_or(0.0, &x);
            bend([at(4), at(3), at(2), at(1), at(0)])
        };
        let size = |k: &u64| fourth(*k).abs();
        let (from, to) = (cell.saturating_sub(4), cell + CELL as u64);
        let Some(top) = (from..to + 4).max_by(|a, b| size(a).total_cmp(&size(b)).then(b.cmp(a)))
        else {
            return;
        };
        if top < self.done || !(cell..to).contains(&top) {
            return;
        }
        let most = size(&top);
        let around = |reach: u64| {
            let before = top.saturating_sub(reach)..top.saturating_sub(OWN);
            let after = top + OWN + 1..top + reach + 1;
            before.chain(after).map(|k| size(&k)).fold(0.0, f32::max)
        };
        let far = around(self.far);
        if most < OVER * far || most < OVER_NEAR * around(self.near) {
            return;
        }
        let shape: Vec<f32> = (top.saturating_sub(4)..=top + 4).map(fourth).collect();
        let Some((at, height, jump)) = place(&shape, top) else {
            return;
        };
        self.done = top + OWN;
        self.found.push(Click {
            at,
            size: height,
            jump,
            around: spans.peak(at.saturating_sub(self.far), at + self.far),
            over: most / far.max(f32::MIN_POSITIVE),
        });
    }
}

/// The sample that jumps and how far, when the fourth differences around `top` (nine of them) have the
/// shape of a spike or a jump; not that of a mere kink, with which sounds begin.
fn place(shape: &[f32], top: u64) -> Option<(u64, f32, bool)> {
    let energy: f32 = shape.iter().map(|v| v * v).sum();
    let fit = |pattern: &[f32; 5], from: usize| -> (f32, f32) {
        let part = shape.iter().skip(from).zip(pattern);
        let product: f32 = part.map(|(a, b)| a * b).sum();
        let norm: f32 = pattern.iter().map(|v| v * v).sum();
        (product * product / (norm * energy), product / norm)
    };
    let mut best: Option<(f32, u64, f32, bool)> = None;
    for from in 0..5_usize {
        for (pattern, jump) in [(&SPIKE, false), (&JUMP, true)] {
            let (share, height) = fit(pattern, from);
            // The pattern's first entry ends at the sample that jumps.
            let at = (top + from as u64).saturating_sub(4);
            if best.is_none_or(|(most, ..)| share > most) {
                best = Some((share, at, height.abs(), jump));
            }
        }
    }
    best.filter(|(share, ..)| *share > 0.85)
        .map(|(_, at, height, jump)| (at, height, jump))
}
