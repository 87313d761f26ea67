//! MD5 (RFC 1321) of several files at once. One sum is a chain in which every step waits for the one before it; here
//! eight files stand side by side in the lanes of a vector, and each has two sums over the same bytes, of the whole
//! file and of its sound, so that one chain runs while the other waits.
//!
//! **Invariant:** every sum is the one that RFC 1321 defines, however its bytes were divided and whatever stood
//! beside it.

use std::array::from_fn;

use md5::block_api::compress;

use super::md5_lanes::compress_lanes;
pub(super) use super::md5_lanes::{BLOCK, LANES};

/// The words of a sum before its first block, RFC 1321 §3.3.
const FIRST: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];

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
        from_fn(|word| from_fn(|lane| pairs.get(lane).map_or(0, |pair| pair[sum].state[word])))
    });
    compress_lanes(&mut states, lanes, count);
    for (lane, pair) in pairs.iter_mut().enumerate().take(LANES) {
        for (sum, state) in pair.iter_mut().zip(&states) {
            sum.state = state.map(|words| words[lane]);
            sum.blocks += count as u64;
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
