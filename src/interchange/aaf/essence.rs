//! What descriptors say of the sound in a file.

use super::names::{Class, Prop};
use super::objects::{ObjectId, Objects};
use crate::audio::{SampleFormat, SampleRate};
use crate::timeline::PcmLayout;

/// The descriptor of the sound in a file: the file's own, or the one of its parts that is sound.
pub(super) fn sound(objects: &Objects, descriptor: ObjectId) -> Option<ObjectId> {
    match objects.class(descriptor) {
        Class::MultipleDescriptor => {
            let mut parts = objects.objects(descriptor, Prop::FileDescriptors).iter();
            let found = parts.find(|&&part| is_sound(objects.class(part)));
            found.copied()
        }
        class if is_sound(class) => Some(descriptor),
        _ => None,
    }
}

fn is_sound(class: Class) -> bool {
    matches!(
        class,
        Class::SoundDescriptor
            | Class::Aes3Descriptor
            | Class::PcmDescriptor
            | Class::WaveDescriptor
            | Class::AifcDescriptor
    )
}

/// How many channels the file has, where its descriptor says so.
pub(super) fn channels(objects: &Objects, sound: ObjectId) -> Option<u32> {
    let count = match objects.class(sound) {
        Class::WaveDescriptor => wave_channels(objects.bytes(sound, Prop::WaveSummary))?,
        Class::AifcDescriptor => aiff_channels(objects.bytes(sound, Prop::AifcSummary))?,
        _ => u32::try_from(objects.integer(sound, Prop::ChannelCount)?).ok()?,
    };
    (count > 0).then_some(count)
}

/// The channel count in the `fmt ` chunk of the head of a WAV.
fn wave_channels(head: &[u8]) -> Option<u32> {
    let body = head.get(chunk(head, *b"fmt ", u32::from_le_bytes)?..)?;
    let count: [u8; 2] = body.get(2..4)?.try_into().ok()?;
    Some(u16::from_le_bytes(count).into())
}

/// The channel count in the `COMM` chunk of the head of an AIFF or AIFF-C.
fn aiff_channels(head: &[u8]) -> Option<u32> {
    let body = head.get(chunk(head, *b"COMM", u32::from_be_bytes)?..)?;
    let count: [u8; 2] = body.get(..2)?.try_into().ok()?;
    Some(u16::from_be_bytes(count).into())
}

/// Where the body of a chunk begins in a file of chunks with 12 bytes of head.
fn chunk(head: &[u8], name: [u8; 4], size: fn([u8; 4]) -> u32) -> Option<usize> {
    let mut at = 12;
    loop {
        let id = head.get(at..at + 4)?;
        let length = head.get(at + 4..at + 8)?.try_into().ok()?;
        if id == name {
            return Some(at + 8);
        }
        // Chunks have even lengths.
        let length = usize::try_from(size(length)).ok()?;
        at = at
            .checked_add(8)?
            .checked_add(length)?
            .checked_add(length % 2)?;
    }
}

/// The layout of bare samples; `None` where the essence says so itself, or the descriptor does not.
pub(super) fn pcm(objects: &Objects, sound: ObjectId) -> Option<PcmLayout> {
    if !matches!(
        objects.class(sound),
        Class::PcmDescriptor | Class::SoundDescriptor | Class::Aes3Descriptor
    ) {
        return None;
    }
    let rate = objects
        .rational(sound, Prop::AudioSampleRate)
        .or_else(|| objects.rational(sound, Prop::SampleRate))
        .filter(|rate| rate.is_integer())?;
    let channels = channels(objects, sound)?;
    let bits = objects.integer(sound, Prop::QuantizationBits);
    let block = objects.integer(sound, Prop::BlockAlign);
    // The size of a sample as stored is the block's; the bits may be fewer.
    let stored = block.map_or(bits, |block| {
        block.checked_mul(8)?.checked_div(i64::from(channels))
    });
    let format = match stored.or(bits)? {
        8 => SampleFormat::UInt8,
        16 => SampleFormat::Int16,
        24 => SampleFormat::Int24,
        32 => SampleFormat::Int32,
        _ => return None,
    };
    Some(PcmLayout {
        sample_rate: SampleRate::new(u32::try_from(rate.num()).ok()?).ok()?,
        channels,
        format,
    })
}

#[cfg(test)]
mod tests {
    use super::super::objects::Value;
    use super::*;
    use crate::time::Rational;

    #[test]
    fn channels_of_summaries() {
        let wave = b"RIFF\0\0\0\0WAVEjunk\x03\0\0\0abc\0fmt \x10\0\0\0\x01\0\x06\0";
        assert_eq!(wave_channels(wave), Some(6));
        let aiff = b"FORM\0\0\0\0AIFFCOMM\0\0\0\x12\0\x02";
        assert_eq!(aiff_channels(aiff), Some(2));
        assert_eq!(wave_channels(&wave[..24]), None);
        assert_eq!(wave_channels(b"RIFF\0\0\0\0WAVEjunk\xff\xff\xff\xff"), None);
    }

    #[test]
    fn bare_samples_need_a_layout() {
        let mut objects = Objects::default();
        let id = objects.add(Class::PcmDescriptor).unwrap();
        assert_eq!(pcm(&objects, id), None);
        let rate = Rational::from_int(16_000);
        objects.set(id, Prop::AudioSampleRate, Value::Rational(rate));
        objects.set(id, Prop::ChannelCount, Value::Integer(2));
        objects.set(id, Prop::QuantizationBits, Value::Integer(20));
        objects.set(id, Prop::BlockAlign, Value::Integer(6));
        let layout = pcm(&objects, id).unwrap();
        assert_eq!(layout.format, SampleFormat::Int24);
        assert_eq!(layout.sample_rate.hertz(), 16_000);
    }
}
