//! FLAC (RFC 9639): the stream information and the comments; the sound is decoded elsewhere.

use std::io;

use super::chunks::bytes_at;
use super::{Coding, Sound, Stated};
use crate::audio::SampleFormat;
use crate::media::MediaError;
use crate::media::file::MediaKind;
use crate::media::section::Section;

/// Most metadata blocks that are looked at.
const MAX_BLOCKS: usize = 1000;

/// Most comments that are looked at, and most bytes of one.
const MAX_COMMENTS: u32 = 1000;
const MAX_COMMENT: u32 = 4096;

/// Block types (RFC 9639 §8.1).
const STREAM_INFO: u8 = 0;
const COMMENTS: u8 = 4;

/// Reads the header of a file that starts with `fLaC`.
pub(super) fn read(file: &mut Section, name: &str) -> Result<Sound, MediaError> {
    let io = |e| MediaError::io(name, e);
    let mut info = None;
    let mut time_reference = None;
    let mut at = 4;
    for _ in 0..MAX_BLOCKS {
        let Some([kind, size @ ..]) = bytes_at::<4>(file, at).map_err(io)? else {
            break;
        };
        let [a, b, c] = size;
        match kind & 0x7f {
            STREAM_INFO => info = bytes_at::<18>(file, at + 4).map_err(io)?,
            COMMENTS => time_reference = comment(file, at + 4, "TIME_REFERENCE").map_err(io)?,
            _ => {}
        }
        at += 4 + u64::from(u32::from_be_bytes([0, a, b, c]));
        if kind & 0x80 != 0 {
            break;
        }
    }
    let info = info.ok_or_else(|| MediaError::malformed(name, 4, "no stream information"))?;
    let mut sound = stated(info, at, file.length().saturating_sub(at)).check(name, 8)?;
    sound.time_reference = time_reference.and_then(|text| text.trim().parse().ok());
    Ok(sound)
}

/// RFC 9639 §8.2: rate 20 bits, channels − 1 three bits, bits − 1 five bits, frames 36 bits.
fn stated(info: [u8; 18], offset: u64, bytes: u64) -> Stated {
    let packed = info
        .last_chunk()
        .map_or(0, |packed| u64::from_be_bytes(*packed));
    let frames = packed & 0xf_ffff_ffff;
    let bits = (packed >> 36 & 0x1f) + 1;
    let sample = match bits {
        ..=16 => SampleFormat::Int16,
        17..=24 => SampleFormat::Int24,
        _ => SampleFormat::Int32,
    };
    Stated {
        kind: MediaKind::Flac,
        channels: (packed >> 41 & 7) as u32 + 1,
        rate: (packed >> 44) as f64,
        coding: Coding::Decoded(sample, "FLAC"),
        frames: (frames > 0).then_some(frames),
        offset,
        bytes,
    }
}

/// The value of a comment; names are compared without case (Vorbis comment header §1).
fn comment(file: &mut Section, at: u64, name: &str) -> io::Result<Option<String>> {
    let word =
        |file: &mut Section, at| Ok::<_, io::Error>(bytes_at(file, at)?.map(u32::from_le_bytes));
    let Some(vendor) = word(file, at)? else {
        return Ok(None);
    };
    let mut at = at + 4 + u64::from(vendor);
    let count = word(file, at)?.unwrap_or(0).min(MAX_COMMENTS);
    at += 4;
    for _ in 0..count {
        let Some(length) = word(file, at)? else { break };
        if let Some(text) = text_at(file, at + 4, length)?
            && let Some((key, value)) = text.split_once('=')
            && key.eq_ignore_ascii_case(name)
        {
            return Ok(Some(value.to_owned()));
        }
        at += 4 + u64::from(length);
    }
    Ok(None)
}

fn text_at(file: &mut Section, at: u64, length: u32) -> io::Result<Option<String>> {
    use std::io::{Read as _, Seek as _, SeekFrom};
    if length > MAX_COMMENT || at + u64::from(length) > file.length() {
        return Ok(None);
    }
    let mut bytes = vec![0; length as usize];
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(&mut bytes)?;
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}
