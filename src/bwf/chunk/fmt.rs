//! `fmt `: how the sound is stored (Microsoft, `WAVEFORMATEX` and `WAVEFORMATEXTENSIBLE`).

use nom::bytes::complete::take;
use nom::number::complete::{le_u16, le_u32};
use nom::{IResult, Parser as _};

use uuid::Uuid;

use super::super::codes::{FORMAT_FIELD, UNUSED_BITS};
use super::super::error::WaveError;
use super::super::model::WaveFormat;
use crate::audio::{SampleFormat, SampleRate};
use crate::finding::{Finding, Place};

/// Format tag of integer PCM.
pub(crate) const PCM: u16 = 1;
/// Format tag of IEEE float.
pub(crate) const FLOAT: u16 = 3;
/// Format tag that says "see the sub-format".
pub(crate) const EXTENSIBLE: u16 = 0xFFFE;

/// The sub-format GUIDs are a tag and this (ksmedia.h, `KSDATAFORMAT_SUBTYPE_*`).
pub(crate) const GUID_TAIL: [u8; 14] = [
    0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71,
];

/// The same for first-order ambisonics, which is PCM or float like any other.
const AMBISONIC_TAIL: [u8; 14] = [
    0x00, 0x00, 0x21, 0x07, 0xD3, 0x11, 0x86, 0x44, 0xC8, 0xC1, 0xCA, 0x00, 0x00, 0x00,
];

/// Names of the format tags that are met and refused (mmreg.h).
const CODECS: [(u16, &str); 22] = [
    (0x0002, "Microsoft ADPCM"),
    (0x0006, "A-law"),
    (0x0007, "mu-law"),
    (0x0008, "DTS"),
    (0x0010, "OKI ADPCM"),
    (0x0011, "IMA ADPCM"),
    (0x0016, "G.723 ADPCM"),
    (0x0031, "GSM 6.10"),
    (0x0040, "G.721 ADPCM"),
    (0x0045, "G.726 ADPCM"),
    (0x0050, "MPEG-1 layer 1 or 2"),
    (0x0055, "MP3"),
    (0x0064, "G.726 ADPCM"),
    (0x0092, "AC-3 in S/PDIF"),
    (0x00FF, "AAC"),
    (0x0161, "Windows Media Audio"),
    (0x0162, "Windows Media Audio Professional"),
    (0x0163, "Windows Media Audio lossless"),
    (0x2000, "AC-3"),
    (0x2001, "DTS"),
    (0x566F, "Vorbis"),
    (0xF1AC, "FLAC"),
];

/// The fields as they stand.
#[derive(Debug, Clone, Copy)]
struct Raw {
    tag: u16,
    channels: u16,
    rate: u32,
    byte_rate: u32,
    block: u16,
    bits: u16,
    extension: Option<Extension>,
}

/// The extension of `WAVEFORMATEXTENSIBLE`.
#[derive(Debug, Clone, Copy)]
struct Extension {
    size: u16,
    valid_bits: u16,
    mask: u32,
    guid: [u8; 16],
}

/// Reads the body.
///
/// # Errors
/// [`WaveError::Compressed`] and [`WaveError::Malformed`] for sound that cannot be read.
pub(crate) fn parse(body: &[u8], place: &Place) -> Result<(WaveFormat, Vec<Finding>), WaveError> {
    let check = Check { place };
    let (rest, mut raw) = fields(body).map_err(|_| {
        check.refuse(
            "length",
            body.len().to_string(),
            "at least 16 bytes".to_owned(),
        )
    })?;
    if raw.tag == EXTENSIBLE {
        let (_, extension) = extension(rest).map_err(|_| {
            check.refuse(
                "length",
                body.len().to_string(),
                "40 bytes for extensible".to_owned(),
            )
        })?;
        raw.extension = Some(extension);
    }
    let format = check.format(&raw)?;
    Ok((format, notes(&raw, &format)))
}

fn fields(body: &[u8]) -> IResult<&[u8], Raw> {
    let (rest, (tag, channels, rate, byte_rate, block, bits)) =
        (le_u16, le_u16, le_u32, le_u32, le_u16, le_u16).parse(body)?;
    let raw = Raw {
        tag,
        channels,
        rate,
        byte_rate,
        block,
        bits,
        extension: None,
    };
    Ok((rest, raw))
}

fn extension(body: &[u8]) -> IResult<&[u8], Extension> {
    let (rest, (size, valid_bits, mask, guid)) =
        (le_u16, le_u16, le_u32, take(16_usize)).parse(body)?;
    let guid = guid.try_into().unwrap_or_default();
    Ok((
        rest,
        Extension {
            size,
            valid_bits,
            mask,
            guid,
        },
    ))
}

/// Refusals with their place.
struct Check<'a> {
    place: &'a Place,
}

impl Check<'_> {
    fn refuse(&self, what: &'static str, found: String, expected: String) -> WaveError {
        WaveError::Malformed {
            place: Box::new(self.place.clone()),
            chunk: "fmt ".to_owned(),
            what,
            found,
            expected,
        }
    }

    fn format(&self, raw: &Raw) -> Result<WaveFormat, WaveError> {
        let tag = self.tag(raw)?;
        let rate = SampleRate::new(raw.rate).map_err(|e| {
            self.refuse("sample rate", e.0.to_string(), "1 to 1536000 Hz".to_owned())
        })?;
        if raw.channels == 0 {
            return Err(self.refuse("channel count", "0".to_owned(), "at least 1".to_owned()));
        }
        let sample = self.sample(raw, tag)?;
        let stated = raw.extension.map_or(raw.bits, |e| e.valid_bits);
        let fits = (1..=sample.bits()).contains(&stated) && !sample.is_float();
        Ok(WaveFormat {
            rate,
            channels: raw.channels,
            sample,
            valid_bits: if fits { stated } else { sample.bits() },
            mask: raw.extension.map_or(0, |e| e.mask),
            extensible: raw.extension.is_some(),
        })
    }

    /// PCM or float, looked up in the sub-format where there is one.
    fn tag(&self, raw: &Raw) -> Result<u16, WaveError> {
        let Some(extension) = raw.extension else {
            return self.known(raw.tag, None);
        };
        let [low, high, tail @ ..] = extension.guid;
        let tag = u16::from_le_bytes([low, high]);
        if tail == GUID_TAIL || tail == AMBISONIC_TAIL {
            self.known(tag, None)
        } else {
            self.known(EXTENSIBLE, Some(Uuid::from_bytes_le(extension.guid)))
        }
    }

    fn known(&self, tag: u16, guid: Option<Uuid>) -> Result<u16, WaveError> {
        if matches!(tag, PCM | FLOAT) {
            return Ok(tag);
        }
        let named = CODECS.iter().find(|codec| codec.0 == tag);
        let codec = match (guid, named) {
            (Some(guid), _) => format!("of the unknown sub-format {guid}"),
            (None, Some((_, name))) => (*name).to_owned(),
            (None, None) => "of an unknown codec".to_owned(),
        };
        Err(WaveError::Compressed {
            place: Box::new(self.place.clone()),
            tag,
            codec,
        })
    }

    /// The bytes of a sample come from the block alignment, which also says where channels lie.
    fn sample(&self, raw: &Raw, tag: u16) -> Result<SampleFormat, WaveError> {
        let whole = raw.block != 0 && raw.block.is_multiple_of(raw.channels);
        let bytes = raw.block.checked_div(raw.channels).filter(|_| whole);
        let format = match (tag, bytes.unwrap_or(0)) {
            (PCM, 1) => Some(SampleFormat::UInt8),
            (PCM, 2) => Some(SampleFormat::Int16),
            (PCM, 3) => Some(SampleFormat::Int24),
            (PCM, 4) => Some(SampleFormat::Int32),
            (FLOAT, 4) => Some(SampleFormat::Float32),
            (FLOAT, 8) => Some(SampleFormat::Float64),
            _ => None,
        };
        let fits = |f: &SampleFormat| {
            let bits = if f.is_float() { f.bits() } else { 1 };
            (bits..=f.bits()).contains(&raw.bits)
        };
        format.filter(fits).ok_or_else(|| {
            let (channels, bits) = (raw.channels, raw.bits);
            let expected = u64::from(channels) * u64::from(bits).div_ceil(8);
            let kinds = "8, 16, 24 or 32 bit PCM, or 32 or 64 bit float";
            self.refuse(
                "block alignment",
                format!("{} for {channels} channels of {bits} bits", raw.block),
                format!("{expected} bytes, with {kinds}"),
            )
        })
    }
}

/// Fields that contradict the others and are not needed.
fn notes(raw: &Raw, format: &WaveFormat) -> Vec<Finding> {
    let mut notes = Vec::new();
    let mut note = |message: String| notes.push(Finding::new(FORMAT_FIELD, message));
    let byte_rate = byte_rate(format);
    if raw.byte_rate != byte_rate {
        note(format!(
            "the byte rate is {}, expected {byte_rate}",
            raw.byte_rate
        ));
    }
    if raw.extension.is_none() && format.valid_bits + 8 <= format.sample.bits() {
        let (valid, bits) = (format.valid_bits, format.sample.bits());
        let message = format!("{valid} bits are stated for samples of {bits}");
        notes.push(Finding::new(UNUSED_BITS, message));
    }
    let mut note = |message: String| notes.push(Finding::new(FORMAT_FIELD, message));
    if let Some(extension) = raw.extension {
        if extension.size != 22 {
            note(format!(
                "the extension's size is {}, expected 22",
                extension.size
            ));
        }
        if extension.valid_bits != format.valid_bits {
            note(format!(
                "{} valid bits are stated for samples of {}",
                extension.valid_bits,
                format.sample.bits()
            ));
        }
    }
    notes
}

/// The body: 16 bytes for PCM, 18 for float, 40 for `WAVEFORMATEXTENSIBLE`.
pub(crate) fn bytes(format: &WaveFormat, extensible: bool) -> Vec<u8> {
    let tag = if format.sample.is_float() { FLOAT } else { PCM };
    let frame = format.frame_bytes();
    let bits = if extensible {
        format.sample.bits()
    } else {
        format.valid_bits
    };
    let mut out = Vec::with_capacity(40);
    out.extend((if extensible { EXTENSIBLE } else { tag }).to_le_bytes());
    out.extend(format.channels.to_le_bytes());
    out.extend(format.rate.hertz().to_le_bytes());
    out.extend(byte_rate(format).to_le_bytes());
    out.extend((frame as u16).to_le_bytes());
    out.extend(bits.to_le_bytes());
    if extensible {
        out.extend(22_u16.to_le_bytes());
        out.extend(format.valid_bits.to_le_bytes());
        out.extend(format.mask.to_le_bytes());
        out.extend(tag.to_le_bytes());
        out.extend(GUID_TAIL);
    } else if tag == FLOAT {
        out.extend(0_u16.to_le_bytes());
    }
    out
}

/// Bytes per second; the largest number that the field holds for more.
fn byte_rate(format: &WaveFormat) -> u32 {
    let rate = u64::from(format.rate.hertz()) * format.frame_bytes();
    u32::try_from(rate).unwrap_or(u32::MAX)
}

/// Whether the format is `WAVEFORMATEXTENSIBLE`: above two channels always.
pub(crate) const fn is_extensible(format: &WaveFormat) -> bool {
    format.extensible || format.channels > 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &[u8]) -> Result<(WaveFormat, Vec<Finding>), WaveError> {
        parse(body, &Place::offset("t.wav", 20))
    }

    #[test]
    fn every_format_reads_back() {
        for sample in [
            SampleFormat::UInt8,
            SampleFormat::Int16,
            SampleFormat::Int24,
            SampleFormat::Int32,
            SampleFormat::Float32,
            SampleFormat::Float64,
        ] {
            for channels in [1, 2, 3, 6, 12, 128] {
                let format = WaveFormat::new(SampleRate::HZ_48000, channels, sample, 0x3F);
                let body = bytes(&format, format.extensible);
                let size = match (format.extensible, sample.is_float()) {
                    (true, _) => 40,
                    (false, float) => 16 + 2 * usize::from(float),
                };
                assert_eq!(body.len(), size);
                assert_eq!(check(&body).unwrap(), (format, vec![]));
            }
        }
    }

    #[test]
    fn a_wrong_byte_rate_is_told_and_not_needed() {
        let format = WaveFormat::new(SampleRate::HZ_48000, 2, SampleFormat::Int16, 0);
        let mut body = bytes(&format, false);
        body[8..12].copy_from_slice(&[0; 4]);
        let (read, findings) = check(&body).unwrap();
        assert_eq!(read, format);
        assert_eq!(findings[0].message, "the byte rate is 0, expected 192000");
    }

    #[test]
    fn codecs_are_refused_by_name() {
        for (tag, name) in [
            (0x0055, "MP3"),
            (0x0011, "IMA ADPCM"),
            (0x9999, "an unknown codec"),
        ] {
            let format = WaveFormat::new(SampleRate::HZ_48000, 2, SampleFormat::Int16, 0);
            let mut body = bytes(&format, false);
            body[..2].copy_from_slice(&u16::to_le_bytes(tag));
            let told = check(&body).unwrap_err().to_string();
            assert!(
                told.contains(name) && told.starts_with("t.wav, byte 20"),
                "{told}"
            );
        }
    }
}
