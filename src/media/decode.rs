//! PCM bytes into samples: exact, one channel at a time, without a branch per sample.

use super::source::{ByteOrder, PcmLayout};
use crate::audio::SampleFormat;
use crate::bwf;

/// Decodes one channel of interleaved PCM into `out`; stops at the shorter of the two.
///
/// Integers become `n · step`, which a float of 64 bits holds exactly; floats stay what they are.
pub(super) fn decode_channel(bytes: &[u8], layout: &PcmLayout, channel: usize, out: &mut [f64]) {
    if layout.order == ByteOrder::Little {
        bwf::decode_channel(layout.sample, layout.channels, channel, bytes, out);
        return;
    }
    let at = Place {
        block: layout.block(),
        offset: channel * layout.sample.bytes(),
    };
    let step = layout.sample.step();
    match layout.sample {
        SampleFormat::UInt8 => fill(bytes, at, out, |[b]| (f64::from(b) - 128.0) * step),
        SampleFormat::Int16 => fill(bytes, at, out, |b| f64::from(i16::from_be_bytes(b)) * step),
        SampleFormat::Int24 => fill(bytes, at, out, |[a, b, c]| {
            f64::from(i32::from_be_bytes([a, b, c, 0]) >> 8) * step
        }),
        SampleFormat::Int32 => fill(bytes, at, out, |b| f64::from(i32::from_be_bytes(b)) * step),
        SampleFormat::Float32 => fill(bytes, at, out, |b| f64::from(f32::from_be_bytes(b))),
        SampleFormat::Float64 => fill(bytes, at, out, f64::from_be_bytes),
    }
}

/// Where the samples of a channel stand: every `block` bytes, `offset` bytes in.
#[derive(Clone, Copy)]
struct Place {
    block: usize,
    offset: usize,
}

fn fill<const N: usize>(bytes: &[u8], at: Place, out: &mut [f64], value: impl Fn([u8; N]) -> f64) {
    let frames = bytes.chunks_exact(at.block.max(1));
    for (sample, frame) in out.iter_mut().zip(frames) {
        let raw = frame.get(at.offset..).and_then(|rest| rest.first_chunk());
        if let Some(raw) = raw {
            *sample = value(*raw);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sample: SampleFormat, order: ByteOrder, bytes: &[u8], expect: &[f64]) {
        let layout = PcmLayout {
            sample,
            order,
            channels: 2,
            data_offset: 0,
        };
        for channel in 0..2 {
            let mut out = [9.0; 2];
            decode_channel(bytes, &layout, channel, &mut out);
            assert_eq!(
                out,
                [expect[channel], expect[2 + channel]],
                "{sample:?} {order:?}"
            );
        }
    }

    #[test]
    fn every_format_comes_over_exactly() {
        use ByteOrder::{Big, Little};
        check(
            SampleFormat::UInt8,
            Little,
            &[128, 0, 255, 129],
            &[0.0, -1.0, 127.0 / 128.0, 1.0 / 128.0],
        );
        let values = [0.5, -1.0, 1.0 - 1.0 / 32768.0, -1.0 / 32768.0];
        check(
            SampleFormat::Int16,
            Little,
            &[0, 0x40, 0, 0x80, 0xff, 0x7f, 0xff, 0xff],
            &values,
        );
        check(
            SampleFormat::Int16,
            Big,
            &[0x40, 0, 0x80, 0, 0x7f, 0xff, 0xff, 0xff],
            &values,
        );
        let step = 1.0 / 8_388_608.0;
        let values = [step, -1.0, 1.0 - step, -step];
        let little = [1, 0, 0, 0, 0, 0x80, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff];
        check(SampleFormat::Int24, Little, &little, &values);
        let big = [0, 0, 1, 0x80, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff];
        check(SampleFormat::Int24, Big, &big, &values);
    }

    #[test]
    fn wide_formats_and_floats_too() {
        let values = [1.0 / 2_147_483_648.0, -1.0, 0.5, -0.5];
        let words = [1_i32, i32::MIN, 1 << 30, -(1 << 30)];
        let little: Vec<u8> = words.iter().flat_map(|w| w.to_le_bytes()).collect();
        let big: Vec<u8> = words.iter().flat_map(|w| w.to_be_bytes()).collect();
        check(SampleFormat::Int32, ByteOrder::Little, &little, &values);
        check(SampleFormat::Int32, ByteOrder::Big, &big, &values);
        let values = [0.1_f32, -3.5, 1e-30, 0.0];
        let wide: Vec<f64> = values.iter().map(|v| f64::from(*v)).collect();
        let little: Vec<u8> = values.iter().flat_map(|w| w.to_le_bytes()).collect();
        let big: Vec<u8> = values.iter().flat_map(|w| w.to_be_bytes()).collect();
        check(SampleFormat::Float32, ByteOrder::Little, &little, &wide);
        check(SampleFormat::Float32, ByteOrder::Big, &big, &wide);
        let little: Vec<u8> = wide.iter().flat_map(|w| w.to_le_bytes()).collect();
        let big: Vec<u8> = wide.iter().flat_map(|w| w.to_be_bytes()).collect();
        check(SampleFormat::Float64, ByteOrder::Little, &little, &wide);
        check(SampleFormat::Float64, ByteOrder::Big, &big, &wide);
    }

    #[test]
    fn short_bytes_leave_the_rest_alone() {
        let layout = PcmLayout {
            sample: SampleFormat::Int16,
            order: ByteOrder::Little,
            channels: 1,
            data_offset: 0,
        };
        let mut out = [9.0; 2];
        decode_channel(&[0, 0x40, 1], &layout, 0, &mut out);
        assert_eq!(out, [0.5, 9.0]);
    }
}
