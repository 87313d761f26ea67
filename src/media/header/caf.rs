//! Core Audio Format (Apple, Core Audio Format Specification 1.0).

use super::chunks::{Chunk, Sizes, bytes_at, walk};
use super::{Coding, Sound, Stated};
use crate::audio::SampleFormat;
use crate::media::MediaError;
use crate::media::file::MediaKind;
use crate::media::section::Section;
use crate::media::source::ByteOrder::{Big, Little};

/// `desc` flags of linear PCM.
const IS_FLOAT: u32 = 1;
const IS_LITTLE_ENDIAN: u32 = 2;

/// The `desc` chunk.
struct Description {
    rate: f64,
    format: [u8; 4],
    flags: u32,
    packet_bytes: u32,
    channels: u32,
    bits: u32,
}

/// Reads the header of a file that starts with `caff`.
pub(super) fn read(file: &mut Section, name: &str) -> Result<Sound, MediaError> {
    let io = |e| MediaError::io(name, e);
    let chunks = walk(file, 8, Sizes::Signed64).map_err(io)?;
    let find = |id: &[u8; 4]| chunks.iter().find(|chunk| chunk.id == *id);
    let no = |what| MediaError::malformed(name, 8, what);
    let desc = find(b"desc").ok_or_else(|| no("no desc chunk"))?;
    let description = description(file, desc)
        .map_err(io)?
        .ok_or_else(|| no("the desc chunk is cut short"))?;
    let data = find(b"data").ok_or_else(|| no("no data chunk"))?;
    let coding = description.coding();
    let frames = match coding {
        Coding::Pcm(..) => stated_frames(data, &description),
        _ => packet_frames(file, find(b"pakt"))
            .map_err(io)?
            .or_else(|| stated_frames(data, &description)),
    };
    Stated {
        kind: MediaKind::Caf,
        channels: description.channels,
        rate: description.rate,
        coding,
        frames,
        // The data start with a count of edits.
        offset: data.offset + 4,
        bytes: data.size.saturating_sub(4),
    }
    .check(name, desc.offset)
}

fn description(file: &mut Section, desc: &Chunk) -> std::io::Result<Option<Description>> {
    let Some(rate) = bytes_at::<8>(file, desc.offset)? else {
        return Ok(None);
    };
    let mut words = [0_u32; 6];
    for (i, word) in words.iter_mut().enumerate() {
        let Some(bytes) = bytes_at::<4>(file, desc.offset + 8 + 4 * i as u64)? else {
            return Ok(None);
        };
        *word = u32::from_be_bytes(bytes);
    }
    let [format, flags, packet_bytes, _, channels, bits] = words;
    Ok(Some(Description {
        rate: f64::from_be_bytes(rate),
        format: format.to_be_bytes(),
        flags,
        packet_bytes,
        channels,
        bits,
    }))
}

/// Frames that the size of the data says; a packet of PCM is a frame.
fn stated_frames(data: &Chunk, description: &Description) -> Option<u64> {
    let bytes = data.stated?.checked_sub(4)?;
    bytes.checked_div(description.packet_bytes.into())
}

/// Frames of a compressed file: the second number of the packet table.
fn packet_frames(file: &mut Section, table: Option<&Chunk>) -> std::io::Result<Option<u64>> {
    let Some(table) = table else {
        return Ok(None);
    };
    let frames = bytes_at::<8>(file, table.offset + 8)?;
    Ok(frames.and_then(|frames| u64::try_from(i64::from_be_bytes(frames)).ok()))
}

impl Description {
    fn coding(&self) -> Coding {
        let unknown = |what: &str| Coding::Unknown(what.to_owned());
        match &self.format {
            b"lpcm" => {}
            b"ulaw" => return Coding::Decoded(SampleFormat::Int16, "µ-law"),
            b"alaw" => return Coding::Decoded(SampleFormat::Int16, "A-law"),
            b"alac" => return unknown("Apple Lossless"),
            other => return unknown(&format!("CAF coding `{}`", other.escape_ascii())),
        }
        let order = if self.flags & IS_LITTLE_ENDIAN != 0 {
            Little
        } else {
            Big
        };
        let sample = match (self.flags & IS_FLOAT != 0, self.bits) {
            (true, 32) => SampleFormat::Float32,
            (true, 64) => SampleFormat::Float64,
            (false, 8) => return Coding::Decoded(SampleFormat::Int16, "8-bit signed samples"),
            (false, 16) => SampleFormat::Int16,
            (false, 24) => SampleFormat::Int24,
            (false, 32) => SampleFormat::Int32,
            (_, bits) => return unknown(&format!("a sample of {bits} bits")),
        };
        let packed = u64::from(self.channels) * sample.bytes() as u64;
        if packed != u64::from(self.packet_bytes) {
            return unknown("samples with padding between them");
        }
        Coding::Pcm(sample, order)
    }
}
