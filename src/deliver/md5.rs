//! MD5 (RFC 1321) of several files at once. One sum is a chain in which every step waits for the one before it; here
//! eight files stand side by side in the lanes of a vector, and each has two sums over the same bytes, of the whole
//! file and of its sound, so that one chain runs while the other waits.
//!
//! **Invariant:** every sum is the one that RFC 1321 defines, however its bytes were divided and whatever stood
//! beside it.

use std::array::from_fn;

use md5::block_api::compress;
use multiversion::multiversion;

/// Files that are summed side by side.
pub(super) const LANES: usize = 8;

/// Bytes of a block, RFC 1321 §3.4.
pub(super) const BLOCK: usize = 64;

/// The words of a sum before its first block, RFC 1321 §3.3.
const FIRST: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];

/// The sines of 1 to 64 in units of 2⁻³², RFC 1321 §3.4.
#[rustfmt::skip]
const SINES: [u32; 64] = [
    0xd76a_a478, 0xe8c7_b756, 0x2420_70db, 0xc1bd_ceee, 0xf57c_0faf, 0x4787_c62a, 0xa830_4613, 0xfd46_9501,
    0x6980_98d8, 0x8b44_f7af, 0xffff_5bb1, 0x895c_d7be, 0x6b90_1122, 0xfd98_7193, 0xa679_438e, 0x49b4_0821,
    0xf61e_2562, 0xc040_b340, 0x265e_5a51, 0xe9b6_c7aa, 0xd62f_105d, 0x0244_1453, 0xd8a1_e681, 0xe7d3_fbc8,
    0x21e1_cde6, 0xc337_07d6, 0xf4d5_0d87, 0x455a_14ed, 0xa9e3_e905, 0xfcef_a3f8, 0x676f_02d9, 0x8d2a_4c8a,
    0xfffa_3942, 0x8771_f681, 0x6d9d_6122, 0xfde5_380c, 0xa4be_ea44, 0x4bde_cfa9, 0xf6bb_4b60, 0xbebf_bc70,
    0x289b_7ec6, 0xeaa1_27fa, 0xd4ef_3085, 0x0488_1d05, 0xd9d4_d039, 0xe6db_99e5, 0x1fa2_7cf8, 0xc4ac_5665,
    0xf429_2244, 0x432a_ff97, 0xab94_23a7, 0xfc93_a039, 0x655b_59c3, 0x8f0c_cc92, 0xffef_f47d, 0x8584_5dd1,
    0x6fa8_7e4f, 0xfe2c_e6e0, 0xa301_4314, 0x4e08_11a1, 0xf753_7e82, 0xbd3a_f235, 0x2ad7_d2bb, 0xeb86_d391,
];

/// A sum as far as its bytes are known.
#[derive(Debug, Clone)]
pub(super) struct Md5Sum {
    state: [u32; 4],
    /// Whole blocks so far.
    blocks: u64,
    /// The bytes behind them, fewer than a block.
    rest: Vec<u8>,
}

impl Md5Sum {
    /// Of no bytes.
    pub(super) const fn new() -> Self {
        Self {
            state: FIRST,
            blocks: 0,
            rest: Vec::new(),
        }
    }

    /// Adds bytes.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.rest.extend(bytes);
        let (blocks, rest) = self.rest.as_chunks::<BLOCK>();
        compress(&mut self.state, blocks);
        self.blocks += blocks.len() as u64;
        self.rest = rest.to_vec();
    }

    /// Whether the bytes so far are whole blocks, so that [`advance`] may go on.
    pub(super) const fn is_at_block(&self) -> bool {
        self.rest.is_empty()
    }

    /// The digest of all bytes.
    pub(super) fn finish(mut self) -> [u8; 16] {
        // RFC 1321 §3.1 and §3.2: a one, zeros to 8 bytes before the end of a block, the length in bits.
        let bits = (self.blocks * BLOCK as u64 + self.rest.len() as u64).wrapping_mul(8);
        let zeros = (2 * BLOCK - 9 - self.rest.len()) % BLOCK;
        self.update(&[0x80]);
        self.update(&vec![0; zeros]);
        self.update(&bits.to_le_bytes());
        bytemuck::cast(self.state.map(u32::to_le_bytes))
    }
}

/// The two sums of a file.
pub(super) type Pair = [Md5Sum; 2];

/// Adds the same number of blocks to each of up to [`LANES`] pairs of sums: those of a stream to both sums of its
/// pair. All of them must be at a block.
pub(super) fn advance(pairs: &mut [&mut Pair], streams: &[&[[u8; BLOCK]]]) {
    let Some(&first) = streams.first() else {
        return;
    };
    let count = streams.iter().map(|stream| stream.len()).min().unwrap_or(0);
    // Lanes without a file go along with the first.
    let lanes = from_fn(|lane| *streams.get(lane).unwrap_or(&first));
    let mut states = [0, 1].map(|sum| {
        let word = |word: usize| {
            Words(from_fn(|lane| {
                pairs.get(lane).map_or(0, |pair| pair[sum].state[word])
            }))
        };
        from_fn(word)
    });
    compress_lanes(&mut states, lanes, count);
    for (lane, pair) in pairs.iter_mut().enumerate().take(LANES) {
        for (sum, state) in pair.iter_mut().zip(&states) {
            sum.state = state.map(|words| words.0[lane]);
            sum.blocks += count as u64;
        }
    }
}

/// A word of each lane.
#[derive(Clone, Copy)]
struct Words([u32; LANES]);

/// What is done to the lanes of one or two words at once.
#[expect(
    clippy::inline_always,
    reason = "the body of the hottest loop, compiled anew inside each version of its caller"
)]
impl Words {
    #[inline(always)]
    fn with(self, other: Self, of: impl Fn(u32, u32) -> u32) -> Self {
        Self(from_fn(|lane| of(self.0[lane], other.0[lane])))
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self.with(other, u32::wrapping_add)
    }

    #[inline(always)]
    fn and(self, other: Self) -> Self {
        self.with(other, |a, b| a & b)
    }

    #[inline(always)]
    fn or_not(self, other: Self) -> Self {
        self.with(other, |a, b| a | !b)
    }

    #[inline(always)]
    fn xor(self, other: Self) -> Self {
        self.with(other, |a, b| a ^ b)
    }

    #[inline(always)]
    fn turned(self, bits: u32) -> Self {
        Self(self.0.map(|word| word.rotate_left(bits)))
    }
}

/// A, B, C and D of RFC 1321 §3.3 in each lane.
type State = [Words; 4];

/// The four rounds of RFC 1321 §3.4 for each block. F and G are written with one operation less than there.
#[multiversion(targets("x86_64+avx2"))]
fn compress_lanes(states: &mut [State; 2], streams: [&[[u8; BLOCK]]; LANES], count: usize) {
    for block in 0..count {
        let rows = streams.map(|stream| stream[block].as_chunks::<4>().0);
        let words = from_fn(|word| Words(from_fn(|lane| u32::from_le_bytes(rows[lane][word]))));
        let before = *states;
        let [one, two, three, four] = from_fn(|number| &SINES[16 * number..16 * number + 16]);
        round(states, &words, (0, 1, one, [7, 12, 17, 22]), |b, c, d| {
            d.xor(b.and(c.xor(d)))
        });
        round(states, &words, (1, 5, two, [5, 9, 14, 20]), |b, c, d| {
            c.xor(d.and(b.xor(c)))
        });
        round(states, &words, (5, 3, three, [4, 11, 16, 23]), |b, c, d| {
            b.xor(c).xor(d)
        });
        round(states, &words, (0, 7, four, [6, 10, 15, 21]), |b, c, d| {
            c.xor(b.or_not(d))
        });
        for (state, before) in states.iter_mut().zip(before) {
            *state = from_fn(|word| state[word].plus(before[word]));
        }
    }
}

/// Sixteen steps: the first word of the block that is taken and how far the next is, the sines, and by how many bits
/// the sum is turned in each of four steps.
#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "the body of the hottest loop, compiled anew inside each version of its caller"
)]
fn round(
    states: &mut [State; 2],
    words: &[Words; 16],
    (from, stride, sines, turns): (usize, usize, &[u32], [u32; 4]),
    mix: impl Fn(Words, Words, Words) -> Words,
) {
    for (step, sine) in sines.iter().enumerate() {
        let added = words[(from + stride * step) % 16].plus(Words([*sine; LANES]));
        for state in states.iter_mut() {
            let [a, b, c, d] = *state;
            let sum = a.plus(added).plus(mix(b, c, d));
            *state = [d, b.plus(sum.turned(turns[step % 4])), b, c];
        }
    }
}

#[cfg(test)]
mod tests {
    use md5::{Digest as _, Md5};
    use proptest::prelude::*;

    use super::*;

    fn check(bytes: &[u8], sum: Md5Sum) {
        assert_eq!(sum.finish(), <[u8; 16]>::from(Md5::digest(bytes)));
    }

    #[test]
    fn every_length_around_a_block_is_summed_as_the_standard_says() {
        let bytes: Vec<u8> = (0..200).collect();
        for length in 0..bytes.len() {
            let mut sum = Md5Sum::new();
            sum.update(&bytes[..length]);
            check(&bytes[..length], sum);
        }
    }

    proptest! {
        #[test]
        fn files_side_by_side_have_the_sums_they_have_alone(
            files in 1..=LANES,
            counts in prop::collection::vec(0_usize..5, 1..5),
            seed in any::<u8>(),
            tail in 0_usize..130,
        ) {
            let head = [seed; 3 * BLOCK];
            let mut pairs: Vec<Pair> = vec![[Md5Sum::new(), Md5Sum::new()]; files];
            let mut sounds = vec![Vec::new(); files];
            for pair in &mut pairs {
                pair[0].update(&head);
            }
            for count in counts {
                let blocks: Vec<Vec<[u8; BLOCK]>> = (0..files)
                    .map(|file| (0..count).map(|block| from_fn(|byte| (byte * (file + 3) + block) as u8 ^ seed)).collect())
                    .collect();
                let streams: Vec<&[[u8; BLOCK]]> = blocks.iter().map(Vec::as_slice).collect();
                advance(&mut pairs.iter_mut().collect::<Vec<_>>(), &streams);
                for (sound, blocks) in sounds.iter_mut().zip(&blocks) {
                    sound.extend(blocks.as_flattened());
                }
            }
            for (mut pair, mut sound) in pairs.into_iter().zip(sounds) {
                let end = vec![seed; tail];
                for sum in &mut pair {
                    sum.update(&end);
                }
                sound.extend(&end);
                let [whole, alone] = pair;
                check(&[&head[..], &sound].concat(), whole);
                check(&sound, alone);
            }
        }
    }
}
