//! The K filter over eight channels at a time, with the energy and the peak of every block of 32.
//!
//! One channel is one lane of a vector, so the bits of a channel do not depend on which instruction
//! set runs it or on what its neighbours hold: plain multiplications and additions in a fixed order,
//! no fused multiply-add, no sum across lanes.

use multiversion::multiversion;

use super::kweight::KWeight;

/// Channels in a vector.
pub(super) const LANES: usize = 8;

/// Sample frames in a block: the grain of the true-peak search and of the sums in single precision.
pub(super) const BLOCK: usize = 32;

/// Filter states below this are silence (−300 dBFS). They are set to zero at the end of every
/// sub-block, so that a stem's digital silence costs no denormal arithmetic, and always at the same
/// sample whatever the blocks in which it comes.
const FLUSH: f32 = 1e-15;

/// What one block of eight channels holds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Block {
    /// Largest magnitude per channel.
    pub(super) peak: [f32; LANES],
    /// Sum of the squares of the weighted samples per channel, without the energy gain.
    pub(super) energy: [f32; LANES],
}

/// The filter state of eight channels.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct LaneState {
    w: [f32; LANES],
    d: [f32; LANES],
    shelf_w: [f32; LANES],
    shelf_d: [f32; LANES],
}

impl LaneState {
    /// Whether digital silence would come out as digital silence.
    pub(super) fn is_rest(&self) -> bool {
        *self == Self::default()
    }

    fn flush(&mut self) {
        for part in [
            &mut self.w,
            &mut self.d,
            &mut self.shelf_w,
            &mut self.shelf_d,
        ] {
            for value in part {
                if value.abs() < FLUSH {
                    *value = 0.0;
                }
            }
        }
    }
}

/// Interleaved samples: frame `n` of the eight channels begins at `samples[n·stride]`. Lanes past the
/// last channel read what comes next; nobody looks at them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) samples: &'a [f32],
    pub(super) stride: usize,
    pub(super) frames: usize,
}

/// Filters the rows and fills `blocks` with one entry for each 32 of them, the last may be shorter.
pub(super) fn weigh(rows: Rows<'_>, k: &KWeight, state: &mut LaneState, blocks: &mut Vec<Block>) {
    blocks.clear();
    blocks.resize(rows.frames.div_ceil(BLOCK), Block::default());
    run(rows, k, state, blocks);
    state.flush();
}

/// The blocks of digital silence through filters at rest.
pub(super) fn rest(rows: Rows<'_>, blocks: &mut Vec<Block>) {
    blocks.clear();
    blocks.resize(rows.frames.div_ceil(BLOCK), Block::default());
}

/// What a sub-block of eight channels holds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Totals {
    /// Sum of the weighted energies, without the energy gain.
    pub(super) energy: [f64; LANES],
    /// Largest magnitude.
    pub(super) peak: [f32; LANES],
    /// Largest magnitude in the last `tail` blocks.
    pub(super) tail: [f32; LANES],
}

/// Adds up the blocks of a sub-block in order.
#[multiversion(targets("x86_64+avx2"))]
pub(super) fn totals(blocks: &[Block], tail: usize) -> Totals {
    let mut out = Totals::default();
    let tail_from = blocks.len().saturating_sub(tail);
    for (i, block) in blocks.iter().enumerate() {
        for lane in 0..LANES {
            out.energy[lane] += f64::from(block.energy[lane]);
            out.peak[lane] = larger(out.peak[lane], block.peak[lane]);
            if i >= tail_from {
                out.tail[lane] = larger(out.tail[lane], block.peak[lane]);
            }
        }
    }
    out
}

/// The same loop for machines with AVX2 (one vector is one register) and for all others.
#[multiversion(targets("x86_64+avx2"))]
fn run(rows: Rows<'_>, k: &KWeight, state: &mut LaneState, blocks: &mut [Block]) {
    run_plain(rows, k, state, blocks);
}

#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "must be compiled anew inside each version of `run`"
)]
fn run_plain(rows: Rows<'_>, k: &KWeight, state: &mut LaneState, blocks: &mut [Block]) {
    let (k, mut s) = (*k, *state);
    let mut left = rows.frames;
    let mut at = 0;
    for block in blocks {
        let frames = left.min(BLOCK);
        left -= frames;
        let mut out = Block::default();
        for _ in 0..frames {
            let Some(x) = rows
                .samples
                .get(at..)
                .and_then(|tail| tail.first_chunk::<LANES>())
            else {
                return;
            };
            at += rows.stride;
            step(x, &k, &mut s, &mut out);
        }
        *block = out;
    }
    *state = s;
}

/// The larger of two magnitudes, none of them NaN: one instruction, unlike `f32::max`.
#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "must be compiled anew inside each version of its callers"
)]
pub(super) fn larger(a: f32, b: f32) -> f32 {
    if b > a { b } else { a }
}

/// One sample frame: see [`KWeight`] for the recursion.
#[inline(always)]
#[expect(clippy::inline_always, reason = "the body of the hottest loop")]
#[expect(
    clippy::needless_range_loop,
    reason = "lanes side by side become one vector"
)]
fn step(x: &[f32; LANES], k: &KWeight, state: &mut LaneState, out: &mut Block) {
    for i in 0..LANES {
        out.peak[i] = larger(out.peak[i], x[i].abs());
    }
    for i in 0..LANES {
        let d1 = state.d[i];
        state.d[i] = (x[i] - k.leak * state.w[i]) + k.keep * d1;
        state.w[i] += d1;
        let high_passed = state.d[i] - d1;
        let d1 = state.shelf_d[i];
        let weighted = (high_passed + k.tilt * state.shelf_w[i]) + k.bend * d1;
        state.shelf_d[i] = (high_passed - k.shelf_leak * state.shelf_w[i]) + k.shelf_keep * d1;
        state.shelf_w[i] += d1;
        out.energy[i] += weighted * weighted;
    }
}

#[cfg(test)]
mod tests {
    use super::super::kweight::reference_energies;
    use super::*;
    use crate::audio::SampleRate;
    use std::f64::consts::TAU;

    /// Deterministic noise in ±1.
    fn noise(seed: u64) -> impl FnMut() -> f64 {
        let mut state = seed;
        move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f64 / f64::from(1_u32 << 23) - 1.0
        }
    }

    fn fast_energies(x: &[f32], rate: SampleRate, frames: usize) -> Vec<f64> {
        let k = KWeight::new(rate);
        let mut state = LaneState::default();
        let mut blocks = Vec::new();
        let mut padded = x.to_vec();
        padded.resize(x.len() + LANES, 0.0);
        (0..x.len() / frames)
            .map(|i| {
                let samples = &padded[i * frames..(i + 1) * frames + LANES];
                let rows = Rows {
                    samples,
                    stride: 1,
                    frames,
                };
                weigh(rows, &k, &mut state, &mut blocks);
                let sum: f64 = blocks.iter().map(|b| f64::from(b.energy[0])).sum();
                sum * k.energy_gain
            })
            .collect()
    }

    /// The worst difference in LU of any 400 ms after the first 2 s.
    fn worst(hertz: u32, signal: impl Fn(f64, f64) -> f64) -> f64 {
        let rate = SampleRate::new(hertz).unwrap();
        let mut random = noise(u64::from(hertz));
        let x: Vec<f32> = (0..hertz * 4)
            .map(|n| signal(f64::from(n) / f64::from(hertz), random()) as f32)
            .collect();
        let tenth = hertz as usize / 10;
        let (fast, exact) = (
            fast_energies(&x, rate, tenth),
            reference_energies(&x, rate, tenth),
        );
        let level = |e: &[f64]| 10.0 * libm::log10(e.iter().sum());
        (20..36)
            .map(|i| (level(&fast[i..i + 4]) - level(&exact[i..i + 4])).abs())
            .fold(0.0, f64::max)
    }

    #[test]
    fn single_precision_is_enough() {
        let sine = |f: f64, t: f64| libm::sin(TAU * f * t);
        for hertz in [32_000, 44_100, 48_000, 96_000, 192_000] {
            let cases = [
                ("1 kHz", worst(hertz, |t, _| 0.07 * sine(1_000.0, t)), 1e-5),
                (
                    "10 kHz",
                    worst(hertz, |t, _| 0.07 * sine(10_000.0, t)),
                    1e-5,
                ),
                ("noise", worst(hertz, |_, r| 0.07 * r), 1e-5),
                (
                    "30 Hz at full scale",
                    worst(hertz, |t, _| sine(30.0, t)),
                    1e-4,
                ),
                (
                    "rumble",
                    worst(hertz, |t, r| 0.99 * sine(3.0, t) + 0.001 * r),
                    1e-4,
                ),
                ("offset", worst(hertz, |_, r| 0.99 + 0.003 * r), 1e-4),
            ];
            for (name, difference, limit) in cases {
                assert!(difference < limit, "{name} at {hertz} Hz: {difference} LU");
            }
        }
    }

    #[test]
    fn every_instruction_set_gives_the_same_bits() {
        let mut random = noise(3);
        let x: Vec<f32> = (0..13 * 500 + LANES).map(|_| random() as f32).collect();
        let k = KWeight::new(SampleRate::HZ_48000);
        let rows = Rows {
            samples: &x,
            stride: 13,
            frames: 500,
        };
        let mut states = [LaneState::default(); 2];
        let mut blocks = [vec![Block::default(); 16], vec![Block::default(); 16]];
        run(rows, &k, &mut states[0], &mut blocks[0]);
        run_plain(rows, &k, &mut states[1], &mut blocks[1]);
        assert_eq!(states[0], states[1]);
        assert_eq!(blocks[0], blocks[1]);
        assert!(
            blocks[0][15].peak[0] > 0.0,
            "the short last block is filled"
        );
    }

    #[test]
    fn a_lane_does_not_see_its_neighbours() {
        let mut random = noise(4);
        let k = KWeight::new(SampleRate::HZ_48000);
        let x: Vec<f32> = (0..480).map(|_| random() as f32).collect();
        let alone: Vec<f32> = x.iter().copied().chain([0.0; LANES]).collect();
        let among: Vec<f32> = x
            .iter()
            .flat_map(|&v| [random() as f32, v, random() as f32])
            .chain([0.0; LANES])
            .collect();
        let energies = |samples: &[f32], stride: usize, lane: usize| {
            let (mut state, mut blocks) = (LaneState::default(), Vec::new());
            weigh(
                Rows {
                    samples,
                    stride,
                    frames: 480,
                },
                &k,
                &mut state,
                &mut blocks,
            );
            blocks
                .iter()
                .map(|b| (b.energy[lane], b.peak[lane]))
                .collect::<Vec<_>>()
        };
        assert_eq!(energies(&alone, 1, 0), energies(&among, 3, 1));
    }

    #[test]
    fn silence_comes_to_rest() {
        let k = KWeight::new(SampleRate::HZ_48000);
        let (mut state, mut blocks) = (LaneState::default(), Vec::new());
        let loud = vec![0.9_f32; 480 + LANES];
        weigh(
            Rows {
                samples: &loud,
                stride: 1,
                frames: 480,
            },
            &k,
            &mut state,
            &mut blocks,
        );
        assert!(!state.is_rest());
        let silence = vec![0.0_f32; 480 + LANES];
        let rest = (0..100).find(|_| {
            weigh(
                Rows {
                    samples: &silence,
                    stride: 1,
                    frames: 480,
                },
                &k,
                &mut state,
                &mut blocks,
            );
            state.is_rest()
        });
        assert!(rest.is_some(), "at rest within a second: {rest:?}");
    }
}
