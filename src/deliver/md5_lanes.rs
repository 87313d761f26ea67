//! The rounds of MD5 (RFC 1321 §3.4) for eight streams side by side, each with two sums.
//!
//! **Invariant:** with vectors and without, the sums are those of the standard.

use md5::block_api::compress;
#[cfg(not(target_feature = "avx2"))]
use multiversion::{multiversion, target::match_target};

/// Files that are summed side by side.
pub(super) const LANES: usize = 8;

/// Bytes of a block, RFC 1321 §3.4.
pub(super) const BLOCK: usize = 64;

/// A, B, C and D of RFC 1321 §3.3, each in all lanes.
pub(super) type States = [[u32; LANES]; 4];

/// The sines of 1 to 64 in units of 2⁻³², RFC 1321 §3.4.
#[cfg(not(target_feature = "avx2"))]
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

/// The same number of blocks of every lane through both sums of the lane. With AVX2 every step of eight lanes is
/// written out, because compilers do not find the vectors in it again and again; one sum runs while the other waits.
#[cfg(not(target_feature = "avx2"))]
#[multiversion(targets("x86_64+avx2"))]
pub(super) fn compress_lanes(
    states: &mut [States; 2],
    streams: [&[[u8; BLOCK]]; LANES],
    count: usize,
) {
    match_target! {
        "x86_64+avx2" => vectors::compress(states, streams, count),
        _ => one_by_one(states, streams, count),
    }
}

// Where the whole program is built for AVX2 there is no version to choose, without which the vectors cannot be written
// out safely.
#[cfg(target_feature = "avx2")]
pub(super) use one_by_one as compress_lanes;

/// The same without vectors.
pub(super) fn one_by_one(states: &mut [States; 2], streams: [&[[u8; BLOCK]]; LANES], count: usize) {
    for states in states {
        for (lane, stream) in streams.iter().enumerate() {
            let mut state = states.map(|words| words[lane]);
            compress(&mut state, stream.get(..count).unwrap_or_default());
            for (words, word) in states.iter_mut().zip(state) {
                words[lane] = word;
            }
        }
    }
}

/// With AVX2.
#[cfg(all(target_arch = "x86_64", not(target_feature = "avx2")))]
mod vectors {
    use std::arch::x86_64::{
        __m256i, _mm256_add_epi32, _mm256_and_si256, _mm256_or_si256, _mm256_permute2x128_si256,
        _mm256_set1_epi32, _mm256_setzero_si256, _mm256_sllv_epi32, _mm256_srlv_epi32,
        _mm256_unpackhi_epi32, _mm256_unpackhi_epi64, _mm256_unpacklo_epi32, _mm256_unpacklo_epi64,
        _mm256_xor_si256,
    };

    use super::{BLOCK, LANES, SINES, States};

    /// A, B, C and D.
    type Four = [__m256i; 4];

    #[target_feature(enable = "avx2")]
    pub(super) fn compress(
        states: &mut [States; 2],
        streams: [&[[u8; BLOCK]]; LANES],
        count: usize,
    ) {
        let mut sums: [Four; 2] = bytemuck::cast(*states);
        for block in 0..count {
            let words = turned(streams.map(|stream| stream.get(block).unwrap_or(&[0; BLOCK])));
            let before = sums;
            rounds(&mut sums, &words);
            for (sum, before) in sums.iter_mut().flatten().zip(before.iter().flatten()) {
                *sum = _mm256_add_epi32(*sum, *before);
            }
        }
        *states = bytemuck::cast(sums);
    }

    /// The words of a block of every lane, each in all lanes: two squares turned over their diagonal.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn turned(blocks: [&[u8; BLOCK]; LANES]) -> [__m256i; 16] {
        let rows = blocks.map(|block| bytemuck::cast::<[u8; BLOCK], [__m256i; 2]>(*block));
        let mut words = [_mm256_setzero_si256(); 16];
        for (half, words) in words.as_chunks_mut::<8>().0.iter_mut().enumerate() {
            // Words of two rows, then of four, next to one another.
            let mut pairs = [_mm256_setzero_si256(); 8];
            for (i, pair) in pairs.as_chunks_mut::<2>().0.iter_mut().enumerate() {
                let (a, b) = (rows[2 * i][half], rows[2 * i + 1][half]);
                *pair = [_mm256_unpacklo_epi32(a, b), _mm256_unpackhi_epi32(a, b)];
            }
            let mut fours = [_mm256_setzero_si256(); 8];
            for (i, four) in fours.as_chunks_mut::<4>().0.iter_mut().enumerate() {
                let [a, b, c, d] = [
                    pairs[4 * i],
                    pairs[4 * i + 1],
                    pairs[4 * i + 2],
                    pairs[4 * i + 3],
                ];
                *four = [
                    _mm256_unpacklo_epi64(a, c),
                    _mm256_unpackhi_epi64(a, c),
                    _mm256_unpacklo_epi64(b, d),
                    _mm256_unpackhi_epi64(b, d),
                ];
            }
            for i in 0..4 {
                words[i] = _mm256_permute2x128_si256::<0x20>(fours[i], fours[i + 4]);
                words[i + 4] = _mm256_permute2x128_si256::<0x31>(fours[i], fours[i + 4]);
            }
        }
        words
    }

    /// RFC 1321 §3.4. F and G are written with one operation less than there.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn rounds(sums: &mut [Four; 2], words: &[__m256i; 16]) {
        round(sums, words, (0, 0, 1, [7, 12, 17, 22]), |b, c, d| {
            _mm256_xor_si256(d, _mm256_and_si256(b, _mm256_xor_si256(c, d)))
        });
        round(sums, words, (16, 1, 5, [5, 9, 14, 20]), |b, c, d| {
            _mm256_xor_si256(c, _mm256_and_si256(d, _mm256_xor_si256(b, c)))
        });
        round(sums, words, (32, 5, 3, [4, 11, 16, 23]), |b, c, d| {
            _mm256_xor_si256(_mm256_xor_si256(b, c), d)
        });
        round(sums, words, (48, 0, 7, [6, 10, 15, 21]), |b, c, d| {
            let not = _mm256_xor_si256(d, _mm256_set1_epi32(-1));
            _mm256_xor_si256(c, _mm256_or_si256(b, not))
        });
    }

    /// Sixteen steps: the first sine, the first word of the block that is taken, how far the next is, and by how many
    /// bits the sum is turned in each of four steps.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn round(
        sums: &mut [Four; 2],
        words: &[__m256i; 16],
        (sine, from, stride, turns): (usize, usize, usize, [i32; 4]),
        mix: impl Fn(__m256i, __m256i, __m256i) -> __m256i,
    ) {
        for four in 0..4 {
            for (turn, &bits) in turns.iter().enumerate() {
                let step = 4 * four + turn;
                let sine = _mm256_set1_epi32(SINES[sine + step].cast_signed());
                let added = _mm256_add_epi32(words[(from + stride * step) % 16], sine);
                let (left, right) = (_mm256_set1_epi32(bits), _mm256_set1_epi32(32 - bits));
                for [a, b, c, d] in sums.iter_mut() {
                    let sum = _mm256_add_epi32(_mm256_add_epi32(*a, added), mix(*b, *c, *d));
                    let sum = _mm256_or_si256(
                        _mm256_sllv_epi32(sum, left),
                        _mm256_srlv_epi32(sum, right),
                    );
                    (*a, *d, *c, *b) = (*d, *c, *b, _mm256_add_epi32(*b, sum));
                }
            }
        }
    }
}
