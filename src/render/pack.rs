//! Planes of integers to the bytes of a file: interleaved, little-endian.

use crate::audio::SampleFormat;

/// Makes `bytes` the frames of `planes`; all planes are of one length.
///
/// Samples are taken modulo the format's width; the renderer has limited them before.
pub fn pack(planes: &[&[i32]], format: SampleFormat, bytes: &mut Vec<u8>) {
    let frames = planes.first().map_or(0, |plane| plane.len());
    // What is left from an earlier block is overwritten, not cleared first.
    bytes.resize(frames * planes.len() * format.bytes(), 0);
    let out = bytes.as_mut_slice();
    match (planes, format) {
        ([left, right], SampleFormat::Int24) => pack_stereo_24(left, right, out),
        ([plane], SampleFormat::Int24) => pack_mono_24(plane, out),
        (_, SampleFormat::Int24) => pack_any::<3>(planes, out),
        (_, SampleFormat::Int16) => pack_any::<2>(planes, out),
        _ => pack_any::<4>(planes, out),
    }
}

/// Bytes that get all their channels before the next ones: they stay in the first-level cache.
const NEAR: usize = 16 << 10;

fn pack_any<const BYTES: usize>(planes: &[&[i32]], out: &mut [u8]) {
    let frame = planes.len() * BYTES;
    let frames = (NEAR / frame.max(1)).max(1);
    for (part, out) in out.chunks_mut((frames * frame).max(1)).enumerate() {
        let mut done = 0;
        if BYTES == 3 {
            while let Some(four) = planes.get(done..).and_then(|rest| rest.first_chunk::<4>()) {
                let four = four.map(|plane| plane.get(part * frames..).unwrap_or_default());
                pack_four_24(four, (done * 3, frame), out);
                done += 4;
            }
        }
        for (channel, plane) in planes.iter().enumerate().skip(done) {
            let (Some(from_channel), Some(plane)) =
                (out.get_mut(channel * BYTES..), plane.get(part * frames..))
            else {
                return;
            };
            for (slot, sample) in from_channel.chunks_mut(frame).zip(plane) {
                slot[..BYTES].copy_from_slice(&sample.to_le_bytes()[..BYTES]);
            }
        }
    }
}

/// Four channels side by side are three whole 32-bit words of every frame.
fn pack_four_24(planes: [&[i32]; 4], (offset, frame): (usize, usize), out: &mut [u8]) {
    let [a, b, c, d] = planes;
    let samples = a.iter().zip(b).zip(c.iter().zip(d));
    for (row, ((a, b), (c, d))) in out.chunks_exact_mut(frame).zip(samples) {
        let slot = row
            .get_mut(offset..)
            .and_then(|from| from.first_chunk_mut::<12>());
        if let Some(slot) = slot {
            *slot = twelve([*a, *b, *c, *d]);
        }
    }
}

/// Four samples in their lower 24 bits as bytes.
fn twelve(samples: [i32; 4]) -> [u8; 12] {
    const LOW: u32 = 0x00ff_ffff;
    let [a, b, c, d] = samples.map(|sample| sample.cast_unsigned() & LOW);
    let words = [a | b << 24, b >> 8 | c << 16, c >> 16 | d << 8];
    bytemuck::cast(words.map(u32::to_le_bytes))
}

/// Four samples are three whole 32-bit words.
fn pack_mono_24(plane: &[i32], out: &mut [u8]) {
    let fours = plane.len() / 4;
    let (whole, rest) = out.split_at_mut(fours * 12);
    let slots = whole.as_chunks_mut::<12>().0.iter_mut();
    for (slot, samples) in slots.zip(plane.as_chunks::<4>().0) {
        *slot = twelve(*samples);
    }
    pack_any::<3>(&[&plane[fours * 4..]], rest);
}

/// Two frames of two channels are three whole 32-bit words.
fn pack_stereo_24(left: &[i32], right: &[i32], out: &mut [u8]) {
    const LOW: u32 = 0x00ff_ffff;
    let words = |l: i32, r: i32| (l.cast_unsigned() & LOW, r.cast_unsigned() & LOW);
    let pairs = left.len() / 2;
    let (whole, rest) = out.split_at_mut(pairs * 12);
    for ((slot, l), r) in whole
        .chunks_exact_mut(12)
        .zip(left.chunks_exact(2))
        .zip(right.chunks_exact(2))
    {
        let ((l0, r0), (l1, r1)) = (words(l[0], r[0]), words(l[1], r[1]));
        slot[..4].copy_from_slice(&(l0 | r0 << 24).to_le_bytes());
        slot[4..8].copy_from_slice(&(r0 >> 8 | l1 << 16).to_le_bytes());
        slot[8..].copy_from_slice(&(l1 >> 16 | r1 << 8).to_le_bytes());
    }
    pack_any::<3>(&[&left[pairs * 2..], &right[pairs * 2..]], rest);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every sample's bytes, one after another.
    fn plain(planes: &[&[i32]], width: usize) -> Vec<u8> {
        let frames = planes.first().map_or(0, |plane| plane.len());
        let samples = (0..frames).flat_map(|i| planes.iter().map(move |plane| plane[i]));
        samples
            .flat_map(|x| x.to_le_bytes()[..width].to_vec())
            .collect()
    }

    proptest! {
        #[test]
        fn packs_like_the_plain_way(
            frames in prop_oneof![0_usize..9, 1000_usize..1010],
            channels in prop_oneof![1_usize..7, Just(40)],
            seed in proptest::collection::vec(-8_388_608_i32..8_388_608, 64),
        ) {
            let seed: Vec<i32> = seed.into_iter().cycle().take(1100).collect();
            let planes: Vec<&[i32]> = (0..channels).map(|c| &seed[c..c + frames]).collect();
            for (format, width) in [(SampleFormat::Int24, 3), (SampleFormat::Int16, 2)] {
                let mut bytes = vec![7];
                pack(&planes, format, &mut bytes);
                prop_assert_eq!(&bytes[..], plain(&planes, width));
            }
        }
    }
}
