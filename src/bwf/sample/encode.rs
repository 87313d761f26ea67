//! From numbers to bytes. Samples come interleaved; each packer fills as many as both slices hold and
//! returns how many.

/// Packs samples into unsigned 8-bit ones around 128; the low 8 bits of each are kept.
pub fn encode_uint8(samples: &[i32], out: &mut [u8]) -> usize {
    pack(samples, out, |sample| [(sample as u8) ^ 0x80])
}

/// Packs samples into 16 bits; the low 16 bits of each are kept.
pub fn encode_int16(samples: &[i32], out: &mut [u8]) -> usize {
    pack(samples, out, |sample| (sample as i16).to_le_bytes())
}

/// Packs samples into 24 bits; the low 24 bits of each are kept.
pub fn encode_int24(samples: &[i32], out: &mut [u8]) -> usize {
    let count = samples.len().min(out.len() / 3);
    let (groups, rest) = samples.get(..count).unwrap_or_default().as_chunks::<4>();
    let (head, tail) = out.split_at_mut(groups.len() * 12);
    // Four samples are three 32-bit words.
    for ([a, b, c, d], out) in groups.iter().zip(head.as_chunks_mut::<12>().0) {
        let [a, b, c, d] = [*a, *b, *c, *d].map(|sample| sample as u32 & 0x00FF_FFFF);
        let words = [a | b << 24, b >> 8 | c << 16, c >> 16 | d << 8];
        for (to, word) in out.as_chunks_mut::<4>().0.iter_mut().zip(words) {
            *to = word.to_le_bytes();
        }
    }
    pack(rest, tail, |sample| {
        let [a, b, c, _] = sample.to_le_bytes();
        [a, b, c]
    });
    count
}

/// Packs samples into 32 bits.
pub fn encode_int32(samples: &[i32], out: &mut [u8]) -> usize {
    pack(samples, out, i32::to_le_bytes)
}

/// Packs floats.
pub fn encode_float32(samples: &[f32], out: &mut [u8]) -> usize {
    pack(samples, out, f32::to_le_bytes)
}

fn pack<T: Copy, const N: usize>(
    samples: &[T],
    out: &mut [u8],
    bytes: impl Fn(T) -> [u8; N],
) -> usize {
    let (chunks, _) = out.as_chunks_mut::<N>();
    let count = samples.len().min(chunks.len());
    for (to, sample) in chunks.iter_mut().zip(samples) {
        *to = bytes(*sample);
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::SampleFormat;
    use crate::bwf::decode_channel;
    use proptest::prelude::*;

    type Packer = fn(&[i32], &mut [u8]) -> usize;

    /// Packer, format and shift from 32 bits.
    const PACKERS: [(Packer, SampleFormat, u32); 4] = [
        (encode_uint8, SampleFormat::UInt8, 24),
        (encode_int16, SampleFormat::Int16, 16),
        (encode_int24, SampleFormat::Int24, 8),
        (encode_int32, SampleFormat::Int32, 0),
    ];

    proptest! {
        #[test]
        fn what_is_packed_decodes_to_itself(
            samples in proptest::collection::vec(any::<i32>(), 0..50),
            pick in 0..PACKERS.len(),
        ) {
            let (encode, format, shift) = PACKERS[pick];
            let samples: Vec<i32> = samples.iter().map(|sample| sample >> shift).collect();
            let mut bytes = vec![0; samples.len() * format.bytes()];
            prop_assert_eq!(encode(&samples, &mut bytes), samples.len());
            let mut out = vec![0.0; samples.len()];
            decode_channel(format, 1, 0, &bytes, &mut out);
            let expected: Vec<f64> = samples.iter().map(|&s| f64::from(s) * format.step()).collect();
            prop_assert_eq!(out, expected);
        }
    }

    #[test]
    fn fills_what_there_is_room_for() {
        let mut out = [7; 8];
        assert_eq!(encode_int24(&[1, -2, 3], &mut out), 2);
        assert_eq!(out, [1, 0, 0, 254, 255, 255, 7, 7]);
        let mut out = [0; 4];
        assert_eq!(encode_float32(&[0.5, 1.0], &mut out), 1);
        assert_eq!(out, 0.5_f32.to_le_bytes());
    }
}
