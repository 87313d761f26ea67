//! From interleaved bytes to one channel.

use crate::audio::SampleFormat;

/// Takes one channel out of interleaved frames: `out[i]` becomes its sample in frame `i`, full scale
/// ±1, exactly (integers over `2^(bits-1)`; 8-bit ones less 128; floats as they are).
///
/// `bytes` begins with a whole frame of `channels` samples. As many frames are written as both slices
/// hold; the rest of `out` is left as it is. How many is returned, 0 for a channel that does not
/// exist.
pub fn decode_channel(
    format: SampleFormat,
    channels: usize,
    channel: usize,
    bytes: &[u8],
    out: &mut [f64],
) -> usize {
    if channel >= channels {
        return 0;
    }
    let stride = channels * format.bytes();
    let offset = channel * format.bytes();
    let lane = Lane { stride, offset };
    match format {
        SampleFormat::UInt8 => lane.each(bytes, out, |[a]: [u8; 1]| {
            f64::from(i16::from(a) - 128) * format.step()
        }),
        SampleFormat::Int16 if channels == 1 => lane.each(bytes, out, |b| {
            f64::from(i16::from_le_bytes(b)) * SampleFormat::Int16.step()
        }),
        SampleFormat::Int24 if channels <= 2 => packed_24(channels, channel, bytes, out),
        SampleFormat::Int16 | SampleFormat::Int24 => lane.upper(format.bytes(), bytes, out),
        SampleFormat::Int32 => lane.each(bytes, out, |b| left_justified(i32::from_le_bytes(b))),
        SampleFormat::Float32 => lane.each(bytes, out, |b| f64::from(f32::from_le_bytes(b))),
        SampleFormat::Float64 => lane.each(bytes, out, f64::from_le_bytes),
    }
}

/// A 32-bit integer as a fraction of full scale; fewer bits in its upper part give the same as they
/// do over their own full scale.
fn left_justified(sample: i32) -> f64 {
    f64::from(sample) * SampleFormat::Int32.step()
}

/// Where a channel lies in every frame, in bytes.
#[derive(Debug, Clone, Copy)]
struct Lane {
    stride: usize,
    offset: usize,
}

impl Lane {
    /// One sample of `N` bytes from each frame.
    fn each<const N: usize>(
        self,
        bytes: &[u8],
        out: &mut [f64],
        value: impl Fn([u8; N]) -> f64,
    ) -> usize {
        let frames = out.len().min(bytes.len() / self.stride);
        if self.stride == N {
            // Mono: samples follow each other, which the compiler turns into vector code.
            for (out, sample) in out.iter_mut().zip(bytes.as_chunks::<N>().0) {
                *out = value(*sample);
            }
            return frames;
        }
        for (out, frame) in out.iter_mut().zip(bytes.chunks_exact(self.stride)) {
            let sample = frame
                .get(self.offset..)
                .and_then(|rest| rest.first_chunk::<N>());
            *out = value(sample.copied().unwrap_or([0; N]));
        }
        frames
    }
}

impl Lane {
    /// A sample of two or three bytes from each frame of at least four, by way of 32 bits, which is
    /// one load: the four bytes that end with the sample, or for the first of a frame begin with it.
    fn upper(self, size: usize, bytes: &[u8], out: &mut [f64]) -> usize {
        let unwanted = 8 * (4 - size as u32);
        match self.offset.checked_sub(4 - size) {
            Some(offset) => {
                let lane = Self { offset, ..self };
                let mask = u32::MAX << unwanted;
                lane.each(bytes, out, |b| {
                    left_justified((u32::from_le_bytes(b) & mask) as i32)
                })
            }
            None => self.each(bytes, out, |b| {
                left_justified((u32::from_le_bytes(b) << unwanted) as i32)
            }),
        }
    }
}

/// 24-bit mono and stereo: four samples are three 32-bit words, taken apart by shifts, which run in
/// vector registers where single bytes do not.
fn packed_24(channels: usize, channel: usize, bytes: &[u8], out: &mut [f64]) -> usize {
    let frames = out.len().min(bytes.len() / (3 * channels));
    let per_group = 4 / channels;
    let (groups, _) = bytes.as_chunks::<12>();
    let whole = groups.len().min(frames / per_group);
    let (head, tail) = out.split_at_mut(whole * per_group);
    let groups = groups.iter().take(whole);
    match (channels, channel) {
        (1, _) => {
            for (out, group) in head.as_chunks_mut::<4>().0.iter_mut().zip(groups) {
                *out = four(group).map(left_justified);
            }
        }
        (_, 0) => {
            for (out, group) in head.as_chunks_mut::<2>().0.iter_mut().zip(groups) {
                let [a, _, c, _] = four(group);
                *out = [a, c].map(left_justified);
            }
        }
        _ => {
            for (out, group) in head.as_chunks_mut::<2>().0.iter_mut().zip(groups) {
                let [_, b, _, d] = four(group);
                *out = [b, d].map(left_justified);
            }
        }
    }
    let lane = Lane {
        stride: 3 * channels,
        offset: 3 * channel,
    };
    let rest = bytes.get(12 * whole..).unwrap_or_default();
    lane.each(rest, tail, |[a, b, c]: [u8; 3]| {
        left_justified(i32::from_le_bytes([0, a, b, c]))
    });
    frames
}

/// Four 24-bit samples in the upper bits of 32.
fn four(group: &[u8; 12]) -> [i32; 4] {
    let mut words = [0; 3];
    for (word, bytes) in words.iter_mut().zip(group.as_chunks::<4>().0) {
        *word = u32::from_le_bytes(*bytes);
    }
    let [x, y, z] = words;
    [
        (x << 8) as i32,
        (x >> 16 & 0xFF00 | y << 16) as i32,
        (y >> 8 & 0x00FF_FF00 | z << 24) as i32,
        (z & 0xFFFF_FF00) as i32,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FORMATS: [SampleFormat; 6] = [
        SampleFormat::UInt8,
        SampleFormat::Int16,
        SampleFormat::Int24,
        SampleFormat::Int32,
        SampleFormat::Float32,
        SampleFormat::Float64,
    ];

    /// One sample the obvious way.
    fn plain(format: SampleFormat, b: &[u8]) -> f64 {
        match format {
            SampleFormat::UInt8 => (f64::from(b[0]) - 128.0) / 128.0,
            SampleFormat::Int16 => f64::from(i16::from_le_bytes([b[0], b[1]])) / 32_768.0,
            SampleFormat::Int24 => {
                let value = i32::from(b[0]) | i32::from(b[1]) << 8 | i32::from(b[2] as i8) << 16;
                f64::from(value) / 8_388_608.0
            }
            SampleFormat::Int32 => {
                f64::from(i32::from_le_bytes(b.try_into().unwrap())) / 2_147_483_648.0
            }
            SampleFormat::Float32 => f64::from(f32::from_le_bytes(b.try_into().unwrap())),
            SampleFormat::Float64 => f64::from_le_bytes(b.try_into().unwrap()),
        }
    }

    proptest! {
        #[test]
        fn equals_the_obvious_way(
            bytes in proptest::collection::vec(any::<u8>(), 0..400),
            pick in 0..FORMATS.len(),
            channels in 1_usize..8,
            length in 0_usize..60,
        ) {
            let format = FORMATS[pick];
            for channel in 0..channels {
                let mut out = vec![9.0; length];
                let frames = decode_channel(format, channels, channel, &bytes, &mut out);
                prop_assert_eq!(frames, length.min(bytes.len() / (channels * format.bytes())));
                for (i, value) in out.iter().enumerate() {
                    let at = (i * channels + channel) * format.bytes();
                    let expected = if i < frames { plain(format, &bytes[at..at + format.bytes()]) } else { 9.0 };
                    prop_assert_eq!(value.to_bits(), expected.to_bits());
                }
            }
        }
    }

    #[test]
    fn a_channel_that_does_not_exist_gives_nothing() {
        assert_eq!(
            decode_channel(SampleFormat::Int16, 2, 2, &[0; 8], &mut [0.0; 2]),
            0
        );
        assert_eq!(
            decode_channel(SampleFormat::Int16, 0, 0, &[0; 8], &mut [0.0; 2]),
            0
        );
    }
}
