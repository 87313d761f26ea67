//! Four neighbouring channels of interleaved 24-bit integers at once.

#[cfg(not(target_feature = "avx2"))]
use multiversion::{multiversion, target::match_target};

use super::decode::decode_channel;
use crate::audio::SampleFormat;

/// Takes four channels that follow each other, from `first` on, out of interleaved 24-bit frames; the same
/// as [`decode_channel`] for each of them.
///
/// As many frames are written as `bytes` and the shortest of `out` hold; none where there are no such
/// channels. How many is returned.
pub fn decode_four_24(channels: usize, first: usize, bytes: &[u8], out: [&mut [f64]; 4]) -> usize {
    if first.checked_add(4).is_none_or(|end| end > channels) {
        return 0;
    }
    let shortest = out.iter().map(|plane| plane.len()).min().unwrap_or(0);
    let frames = shortest.min(bytes.len() / (3 * channels));
    let [a, b, c, d] = out;
    let mut planes = [
        &mut a[..frames],
        &mut b[..frames],
        &mut c[..frames],
        &mut d[..frames],
    ];
    let done = squares(3 * channels, 3 * first, bytes, &mut planes);
    let rest = bytes.get(done * 3 * channels..).unwrap_or_default();
    for (channel, plane) in (first..).zip(planes) {
        let plane = plane.get_mut(done..).unwrap_or_default();
        decode_channel(SampleFormat::Int24, channels, channel, rest, plane);
    }
    frames
}

/// Four frames of four channels at a time, where the machine has AVX2: four loads, a shuffle each that puts
/// the samples into the upper three bytes of words, and the square turned over its diagonal. How many frames
/// were done; the planes are of one length.
#[cfg(not(target_feature = "avx2"))]
#[multiversion(targets("x86_64+avx2"))]
fn squares(stride: usize, offset: usize, bytes: &[u8], planes: &mut [&mut [f64]; 4]) -> usize {
    match_target! {
        "x86_64+avx2" => {
            use std::arch::x86_64::{
                __m128i, _mm_shuffle_epi8, _mm_unpackhi_epi32, _mm_unpackhi_epi64, _mm_unpacklo_epi32,
                _mm_unpacklo_epi64, _mm256_cvtepi32_pd, _mm256_mul_pd, _mm256_set1_pd,
            };
            // −1 is a zero byte.
            let order: [i8; 16] = [-1, 0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11];
            let order: __m128i = bytemuck::cast(order);
            let step = _mm256_set1_pd(STEP);
            let [a, b, c, d] = planes;
            let slots = a.as_chunks_mut::<4>().0.iter_mut().zip(b.as_chunks_mut::<4>().0);
            let slots = slots.zip(c.as_chunks_mut::<4>().0.iter_mut().zip(d.as_chunks_mut::<4>().0));
            let mut done = 0;
            // The last four bytes of a load are not used, but must be there.
            for (((a, b), (c, d)), square) in slots.zip(bytes.windows(4 * stride + 4).step_by(4 * stride)) {
                let mut rows: [__m128i; 4] = [order; 4];
                for (row, frame) in rows.iter_mut().zip(square.windows(stride + 4).step_by(stride)) {
                    let Some(samples) = frame.get(offset..).and_then(|from| from.first_chunk::<16>()) else {
                        return done;
                    };
                    *row = _mm_shuffle_epi8(bytemuck::cast(*samples), order);
                }
                let [w, x, y, z] = rows;
                let (low, high) = (_mm_unpacklo_epi32(w, x), _mm_unpacklo_epi32(y, z));
                let (low_2, high_2) = (_mm_unpackhi_epi32(w, x), _mm_unpackhi_epi32(y, z));
                let columns = [
                    _mm_unpacklo_epi64(low, high),
                    _mm_unpackhi_epi64(low, high),
                    _mm_unpacklo_epi64(low_2, high_2),
                    _mm_unpackhi_epi64(low_2, high_2),
                ];
                for (slot, column) in [a, b, c, d].into_iter().zip(columns) {
                    *slot = bytemuck::cast(_mm256_mul_pd(_mm256_cvtepi32_pd(column), step));
                }
                done += 4;
            }
            done
        }
        _ => {
            let _ = (stride, offset, bytes, planes);
            0
        }
    }
}

/// No frame at all, where the whole program is built for AVX2: there is no version to choose then, without which
/// the shuffles cannot be called safely, and the channels are decoded one by one.
#[cfg(target_feature = "avx2")]
const fn squares(_: usize, _: usize, _: &[u8], _: &mut [&mut [f64]; 4]) -> usize {
    0
}

/// The value of one step of an integer in the upper part of 32 bits.
#[cfg(not(target_feature = "avx2"))]
const STEP: f64 = 1.0 / 2_147_483_648.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_at_once_are_each_by_itself() {
        for channels in [4, 5, 24] {
            for frames in [0, 1, 4, 5, 19] {
                let size = channels * frames * 3;
                let bytes: Vec<u8> = (0..size).map(|i| (i * i * 37 % 251) as u8).collect();
                for first in 0..=channels - 4 {
                    let mut got = [const { [9.0; 20] }; 4];
                    let [a, b, c, d] = &mut got;
                    let done = decode_four_24(channels, first, &bytes, [a, b, c, d]);
                    assert_eq!(done, frames);
                    for (channel, got) in (first..).zip(got) {
                        let mut want = [9.0; 20];
                        let format = SampleFormat::Int24;
                        decode_channel(format, channels, channel, &bytes, &mut want);
                        assert_eq!(got, want, "{channels} {frames} {channel}");
                    }
                }
            }
        }
        let [mut a, mut b, mut c, mut d] = [[9.0]; 4];
        let out = [&mut a[..], &mut b[..], &mut c[..], &mut d[..]];
        assert_eq!(decode_four_24(4, 1, &[0; 24], out), 0);
    }
}
