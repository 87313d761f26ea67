//! Jumps and spikes of single samples that the sound around them does not explain.

use multiversion::multiversion;

use super::cells::{CELL, bend, extremes};
use super::column::Spans;
use super::found::{Click, MAX_ENTRIES};
use crate::audio::SampleRate;
use crate::meter::lanes::larger;

/// Fourth differences below this are not looked at: a jump of some −56 dBFS.
const LEAST: f32 = 0.005;

/// A click's fourth difference is at least so many times any other within 20 ms.
const OVER: f32 = 5.0;

/// And so many times any within 1 ms but the click's own: a sound rings on, a click does not.
const OVER_NEAR: f32 = 8.0;

/// The widest pulse that is one click, in samples.
const WIDEST: usize = 12;

/// Samples on either side that belong to the click itself.
const OWN: u64 = 8;

/// What rings after an attack is at least such a share of the jump, ...
const RINGS: f32 = 0.05;

/// ... so many times anything within 20 ms before, ...
const BEGINS: f32 = 3.0;

/// ... and down to such a share after 10 or after 60 ms.
const GONE: f32 = 0.4;

/// Cells that are looked at together.
const SOME: usize = 32;

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
    /// Where sounds begin at once.
    pub(super) attacks: Vec<u64>,
}

impl Clicks {
    pub(super) fn new(rate: SampleRate) -> Self {
        let hertz = u64::from(rate.hertz());
        Self {
            far: hertz / 50,
            near: hertz / 1_000,
            done: 0,
            found: Vec::new(),
            attacks: Vec::new(),
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
        for first in (cells..cells + bends.len()).step_by(SOME) {
            let part = all.get(first - 2..).unwrap_or_default();
            if part.first_chunk().is_some_and(|part| !may_stand_out(part)) {
                continue;
            }
            for place in first..(first + SOME).min(cells + bends.len()) {
                let here = all.get(place).copied().unwrap_or_default();
                let stands_out = |distance: usize| {
                    let side =
                        |k: Option<usize>| k.and_then(|k| all.get(k)).copied().unwrap_or_default();
                    let around =
                        side(place.checked_sub(distance)).max(side(place.checked_add(distance)));
                    here > OVER * around
                };
                // The cells next to it may hold a part of it; two away is the sound around.
                if here >= LEAST && (2..reach).all(stands_out) {
                    self.cell(spans, spans.first() + ((place - cells) * CELL) as u64);
                }
            }
        }
    }

    /// Looks at the samples of a cell that stands out.
    fn cell(&mut self, spans: &Spans<'_>, cell: u64) {
        let x = |at: u64| spans.sample(at);
        // What is before a file that begins in the middle of a sound is not silence, but unknown.
        let unknown = if cell == 0 && x(0) != 0.0 { 4 } else { 0 };
        // `fourth(k)` ends at sample k.
        let fourth = |k: u64| {
            if k < unknown {
                return 0.0;
            }
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
        let around = |own: u64, reach: u64| {
            let before = top.saturating_sub(reach)..top.saturating_sub(own);
            let after = top + own + 1..top + reach + 1;
            before.chain(after).map(|k| size(&k)).fold(0.0, f32::max)
        };
        let alone = |own: u64| {
            most >= OVER * around(own, self.far) && most >= OVER_NEAR * around(own, self.near)
        };
        let shape = |reach: u64| -> Vec<f32> {
            (top.saturating_sub(reach)..=top + reach)
                .map(fourth)
                .collect()
        };
        let one = alone(OWN).then(|| place(&shape(4), top)).flatten();
        let wide = || {
            let reach = WIDEST as u64 + 4;
            (top >= reach && alone(reach))
                .then(|| pulse(&shape(reach), top))
                .flatten()
        };
        let own = if one.is_some() {
            OWN
        } else {
            WIDEST as u64 + 4
        };
        let Some((at, height, jump)) = one.or_else(wide) else {
            return;
        };
        if self.is_attack(spans, (at, height), own) {
            self.done = top + WIDEST as u64 + 4;
            self.attacks.push(at);
            return;
        }
        let far = around(WIDEST as u64 + 4, self.far);
        self.done = top + WIDEST as u64 + 4;
        self.found.push(Click {
            at,
            size: height,
            jump,
            around: spans.peak(at.saturating_sub(self.far), at + self.far),
            over: most / far.max(f32::MIN_POSITIVE),
        });
    }
}

impl Clicks {
    /// Whether a sound begins with the jump and rings away: a tick of a clock, a stick on a rim, castanets. Where a
    /// clip is cut without a fade its sound goes on, and a lost sample leaves what is around it as it was.
    ///
    /// Looked for in the samples and in their differences up to the third, so that neither a bass under a bright
    /// tick nor hiss over a dull one hides it.
    fn is_attack(&self, spans: &Spans<'_>, (at, height): (u64, f32), own: u64) -> bool {
        let (from, to) = (at.saturating_sub(self.far), at + 5 * self.far);
        // `own` samples on either side are the jump itself.
        let mut x = spans.window(from, to);
        let place = |at: u64| at.saturating_sub(from) as usize;
        let peak = |x: &[f32], from: u64, to: u64| -> f32 {
            let part = x.get(place(from)..place(to)).unwrap_or_default();
            part.iter().fold(0.0, |top: f32, v| top.max(v.abs()))
        };
        if peak(&x, at + own, at + own + self.near) < RINGS * height {
            return false;
        }
        (0..4).any(|_| {
            let before = peak(&x, from, at.saturating_sub(own));
            let rings = peak(&x, at + own, at + own + self.near);
            let soon = peak(&x, at + self.far / 2, at + self.far);
            let later = peak(&x, at + 3 * self.far, to);
            x = steps(&x);
            let dies = soon < GONE * rings || (soon < 0.9 * rings && later < GONE * rings);
            rings > BEGINS * before && dies
        })
    }
}

/// Whether one of [`SOME`] cells, of which the first is the third here, may stand out over those two before and behind.
#[multiversion(targets("x86_64+avx2"))]
fn may_stand_out(bends: &[f32; SOME + 4]) -> bool {
    let mut any = false;
    for i in 0..SOME {
        let around = larger(bends[i], bends[i + 4]);
        any |= bends[i + 2] >= larger(LEAST, OVER * around);
    }
    any
}

/// The difference of each sample from the one before; none of the first, of which that is not known.
fn steps(x: &[f32]) -> Vec<f32> {
    let pairs = x.windows(2).map(|pair| pair[1] - pair[0]);
    std::iter::once(0.0).chain(pairs).collect()
}

/// The first sample and the height of a pulse of some samples, when the fourth differences around `top` have the
/// shape of two jumps, one there and one back.
fn pulse(shape: &[f32], top: u64) -> Option<(u64, f32, bool)> {
    let energy: f32 = shape.iter().map(|v| v * v).sum();
    let middle = shape.len() / 2;
    let mut best: Option<(f32, usize, f32)> = None;
    for width in 2..=WIDEST {
        let pattern = |k: usize| {
            let jump = |k: usize| JUMP.get(k).copied().unwrap_or_default();
            jump(k) - k.checked_sub(width).map_or(0.0, jump)
        };
        let len = width + JUMP.len() - 1;
        let norm: f32 = (0..len).map(|k| pattern(k) * pattern(k)).sum();
        for from in 0..=shape.len().saturating_sub(len) {
            let part = shape.iter().skip(from).take(len).enumerate();
            let product: f32 = part.map(|(k, v)| v * pattern(k)).sum();
            let share = product * product / (norm * energy);
            if best.is_none_or(|(most, ..)| share > most) {
                best = Some((share, from, product / norm));
            }
        }
    }
    let (share, from, height) = best?;
    let at = (top + from as u64).saturating_sub(middle as u64);
    (share > 0.9).then(|| (at, height.abs(), false))
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
