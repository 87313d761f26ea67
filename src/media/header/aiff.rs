//! AIFF (Apple, Audio Interchange File Format 1.3, 1989) and AIFF-C (draft of 1991).

use super::chunks::{Chunk, Sizes, bytes_at, walk};
use super::{Coding, Sound, Stated};
use crate::audio::SampleFormat;
use crate::media::MediaError;
use crate::media::file::MediaKind;
use crate::media::section::Section;
use crate::media::source::ByteOrder::{Big, Little};

/// Reads the header of a file that starts with `FORM`.
pub(super) fn read(file: &mut Section, name: &str, kind: MediaKind) -> Result<Sound, MediaError> {
    let chunks = walk(file, 12, Sizes::Padded32).map_err(|e| MediaError::io(name, e))?;
    let find = |id: &[u8; 4]| chunks.iter().find(|chunk| chunk.id == *id);
    let comm = find(b"COMM").ok_or_else(|| MediaError::malformed(name, 12, "no COMM chunk"))?;
    let io = |e| MediaError::io(name, e);
    let Some([c0, c1, f0, f1, f2, f3, b0, b1, rate @ ..]) =
        bytes_at::<18>(file, comm.offset).map_err(io)?
    else {
        return Err(MediaError::malformed(
            name,
            comm.offset,
            "the COMM chunk is cut short",
        ));
    };
    let mut compression = *b"NONE";
    if kind == MediaKind::AiffC {
        compression = bytes_at(file, comm.offset + 18)
            .map_err(io)?
            .unwrap_or(compression);
    }
    let bits = u16::from_be_bytes([b0, b1]);
    let (offset, bytes) = match find(b"SSND") {
        Some(ssnd) => sound_data(file, ssnd).map_err(io)?,
        // The standard leaves it out where there are no frames.
        None => (comm.offset, 0),
    };
    Stated {
        kind,
        channels: u16::from_be_bytes([c0, c1]).into(),
        rate: extended(rate),
        coding: coding(compression, bits),
        frames: Some(u32::from_be_bytes([f0, f1, f2, f3]).into()),
        offset,
        bytes,
    }
    .check(name, comm.offset)
}

/// Where the first sample frame lies and how many bytes follow. A size that is not the file's, as a
/// recorder leaves it that lost power, means everything up to the end.
fn sound_data(file: &mut Section, ssnd: &Chunk) -> std::io::Result<(u64, u64)> {
    let skip = bytes_at::<4>(file, ssnd.offset)?.map_or(0, u32::from_be_bytes);
    let start = (ssnd.offset + 8).saturating_add(skip.into());
    let size = if ssnd.size > 8 {
        ssnd.size
    } else {
        file.length() - ssnd.offset
    };
    let end = ssnd.offset + size;
    Ok((start.min(end), end.saturating_sub(start)))
}

/// How samples are stored: Apple's four letters, and the bits of a sample, which stand left-justified
/// in the fewest bytes that hold them (AIFF 1.3, `COMM`).
fn coding(compression: [u8; 4], bits: u16) -> Coding {
    let int = |order| match bits {
        1..=8 => Coding::Decoded(SampleFormat::Int16, "8-bit signed samples"),
        9..=16 => Coding::Pcm(SampleFormat::Int16, order),
        17..=24 => Coding::Pcm(SampleFormat::Int24, order),
        25..=32 => Coding::Pcm(SampleFormat::Int32, order),
        _ => Coding::Unknown(format!("a sample of {bits} bits")),
    };
    match &compression {
        b"NONE" | b"none" | b"twos" | b"TWOS" | b"in16" => int(Big),
        b"sowt" | b"SOWT" => int(Little),
        b"in24" | b"IN24" => Coding::Pcm(SampleFormat::Int24, Big),
        b"in32" | b"IN32" => Coding::Pcm(SampleFormat::Int32, Big),
        // Both spellings of `in24` backwards are in use.
        b"42ni" | b"42NI" | b"42n1" => Coding::Pcm(SampleFormat::Int24, Little),
        b"23ni" | b"23NI" => Coding::Pcm(SampleFormat::Int32, Little),
        b"fl32" | b"FL32" => Coding::Pcm(SampleFormat::Float32, Big),
        b"fl64" | b"FL64" => Coding::Pcm(SampleFormat::Float64, Big),
        b"raw " | b"RAW " => Coding::Pcm(SampleFormat::UInt8, Big),
        b"ulaw" | b"ULAW" => Coding::Decoded(SampleFormat::Int16, "µ-law"),
        b"alaw" | b"ALAW" => Coding::Decoded(SampleFormat::Int16, "A-law"),
        other => Coding::Unknown(format!("AIFF-C coding `{}`", other.escape_ascii())),
    }
}

/// The value of an 80-bit float (IEEE 754 extended; Apple Numerics Manual): sign and exponent, then a
/// mantissa with its leading one written out. NaN for what is not a positive number.
fn extended([e0, e1, m @ ..]: [u8; 10]) -> f64 {
    let head = u16::from_be_bytes([e0, e1]);
    let mantissa = u64::from_be_bytes(m) as f64;
    if head & 0x8000 != 0 || mantissa == 0.0 {
        return f64::NAN;
    }
    libm::scalbn(mantissa, i32::from(head) - 16_383 - 63)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eighty_bit_rates() {
        for (bytes, expect) in [
            ([0x40, 0x0e, 0xac, 0x44, 0, 0, 0, 0, 0, 0], 44_100.0),
            ([0x40, 0x0e, 0xbb, 0x80, 0, 0, 0, 0, 0, 0], 48_000.0),
            ([0x40, 0x0f, 0xbb, 0x80, 0, 0, 0, 0, 0, 0], 96_000.0),
            ([0x3f, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0], 1.0),
        ] {
            assert_eq!(extended(bytes), expect);
        }
        assert!(extended([0xc0, 0x0e, 0xac, 0x44, 0, 0, 0, 0, 0, 0]).is_nan());
        assert!(extended([0; 10]).is_nan());
        assert_eq!(
            extended([0x7f, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0]),
            f64::INFINITY
        );
    }

    #[test]
    fn codings() {
        assert_eq!(
            coding(*b"sowt", 24),
            Coding::Pcm(SampleFormat::Int24, Little)
        );
        assert_eq!(coding(*b"NONE", 20), Coding::Pcm(SampleFormat::Int24, Big));
        assert!(matches!(coding(*b"NONE", 8), Coding::Decoded(..)));
        assert!(matches!(coding(*b"NONE", 0), Coding::Unknown(_)));
        assert!(matches!(coding(*b"ima4", 16), Coding::Unknown(_)));
    }
}
