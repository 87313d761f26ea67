//! The bytes of a file around its samples.
//!
//! The XML of the Audio Definition Model is streamed between two parts of the head, for it can be large.
//! Order: RIFF or RF64 head, `JUNK` of 92 or `ds64`, `fmt `, `fact` for floats, `bext`, iXML, `chna`
//! and `axml` where there is ADM, `FLLR` so that the samples begin at a multiple of 4096, `data`;
//! behind them a pad byte, `cue `, `LIST adtl`, `MD5 `. Every chunk before the samples has an even length: several readers lose
//! their way behind an odd one.

use std::io;

use super::axml::AdmText;
use super::chunk::{bext, chna, cue, fmt};
use super::model::{Bext, ChnaRow, Container, Cue, WaveFormat};
use super::{Ixml, ixml};
use crate::finding::Finding;

/// The samples begin at a multiple of this, in bytes: a page, so that whole blocks are written.
const ALIGN: usize = 4096;

/// Content of `JUNK` or `ds64`, in bytes: 28 fixed ones and a table with room for five rows, of which
/// one is used where the XML is past 4 GiB.
const SIZES: usize = 92;

/// Largest metadata chunk that is written, in bytes: what our own reader takes.
const MAX_METADATA: usize = 64 << 20;

/// Largest XML of the Audio Definition Model that is written, in bytes: many features.
const MAX_ADM: u64 = 64 << 30;

/// Largest size that a 32-bit field states; the next one means "see ds64".
const MAX_32: u64 = 0xFFFF_FFFE;

/// Everything that is written into a file but its samples.
#[derive(Debug, Clone)]
pub struct WaveSpec {
    /// How the samples are stored.
    pub format: WaveFormat,
    /// How many frames there are.
    pub frames: u64,
    /// The broadcast extension; its version is written as the lowest that holds what is set.
    pub bext: Bext,
    /// The iXML. A `BEXT` group in it is left out: a copy that may differ from the chunk.
    pub ixml: Option<Ixml>,
    /// The Audio Definition Model. With it PCM has the plain format chunk of 16 bytes, whatever the
    /// number of channels (ITU-R BS.2088 §4), and a file past 4 GiB is BW64.
    pub adm: Option<AdmChunks>,
    /// Cue points and regions.
    pub cues: Vec<Cue>,
    /// MD5 of the samples, in the usual byte order.
    pub md5: Option<[u8; 16]>,
}

/// The chunks of the Audio Definition Model (ITU-R BS.2088 §7, §8).
#[derive(Debug, Clone)]
pub struct AdmChunks {
    /// Which track of the file is which ADM track.
    pub rows: Vec<ChnaRow>,
    /// The XML.
    pub text: AdmText,
    /// Bytes that the XML may grow to without moving the samples.
    pub room: u64,
    /// Whether the file has a bext chunk too; else its start stands in the XML and in the iXML alone.
    pub with_bext: bool,
}

/// The bytes of a file around its samples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileLayout {
    /// Everything before the samples, or before the XML where there is one; the samples begin at a
    /// multiple of 4096 that does not depend on time reference, levels, UMID or the texts of fixed
    /// length, so it can be written again at the end.
    pub head: Vec<u8>,
    /// Everything between the XML and the samples; nothing where there is no XML.
    pub middle: Vec<u8>,
    /// Where the samples begin.
    pub data_offset: u64,
    /// Bytes of samples.
    pub data_bytes: u64,
    /// Everything behind the samples, the pad byte first where there is one; its length does not
    /// depend on the MD5.
    pub tail: Vec<u8>,
    /// Bytes of the whole file.
    pub file_size: u64,
    /// RIFF or RF64, by the size; BW64 where it was asked for.
    pub container: Container,
    /// Texts and cue points that could not be written as they are.
    pub findings: Vec<Finding>,
}

/// Why there can be no such file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LayoutError {
    /// The format contradicts itself or does not fit its fields.
    #[error("a WAV file cannot have {channels} channels of {bits} valid bits in {sample} bits")]
    Format {
        /// Channels.
        channels: u16,
        /// Valid bits.
        bits: u16,
        /// Bits of a sample.
        sample: u16,
    },
    /// More sound than 64 bits can count.
    #[error("{frames} frames of {bytes} bytes are more than a file can hold")]
    TooLong {
        /// Frames.
        frames: u64,
        /// Bytes of a frame.
        bytes: u64,
    },
    /// A metadata chunk that readers would refuse.
    #[error("chunk `{chunk}` would have {bytes} bytes, more than {most}; leave some of it out")]
    TooLarge {
        /// The chunk.
        chunk: &'static str,
        /// Its size in bytes.
        bytes: u64,
        /// The most that it may have.
        most: u64,
    },
}

impl FileLayout {
    /// Writes everything before the samples.
    ///
    /// # Errors
    /// Whatever `out` says.
    pub fn write_head(&self, spec: &WaveSpec, out: &mut dyn io::Write) -> io::Result<()> {
        out.write_all(&self.head)?;
        if let Some(adm) = &spec.adm {
            adm.text.write(out)?;
        }
        out.write_all(&self.middle)
    }
}

impl WaveSpec {
    /// The bytes before and behind the samples, with final sizes.
    ///
    /// # Errors
    /// [`LayoutError`] for a file that cannot be.
    pub fn layout(&self) -> Result<FileLayout, LayoutError> {
        let data_bytes = self.data_bytes()?;
        let mut findings = Vec::new();
        let metadata = self.before(&mut findings)?;
        let xml = self.xml()?;
        let tail = self.behind(data_bytes, &mut findings)?;
        let plain = (12 + 8 + SIZES + metadata.len()) as u64 + xml.map_or(0, |xml| 8 + even(xml));
        let spare = self.spare();
        let filler = spare + filler(plain + spare);
        let data_offset = plain + 8 + filler + 8;
        let file_size = data_offset
            .checked_add(data_bytes)
            .and_then(|size| size.checked_add(tail.len() as u64))
            .ok_or(self.too_long())?;
        let container = match file_size - 8 > MAX_32 || data_bytes > MAX_32 {
            true if self.adm.is_some() => Container::Bw64,
            true => Container::Rf64,
            false => Container::Riff,
        };
        let sizes = Sizes {
            container,
            file: file_size,
            data: data_bytes,
            frames: self.frames,
            xml: xml.map(even),
        };
        let mut head = sizes.head();
        head.extend(metadata);
        let mut middle = Vec::new();
        let rest = if let Some(xml) = xml {
            sizes.xml_header(&mut head);
            // A text of odd length ends with a line break.
            middle.extend(&b"\n"[..(xml % 2) as usize]);
            &mut middle
        } else {
            &mut head
        };
        chunk(rest, *b"FLLR", &vec![0; filler as usize]);
        sizes.data_header(rest);
        Ok(FileLayout {
            head,
            middle,
            data_offset,
            data_bytes,
            tail,
            file_size,
            container,
            findings,
        })
    }

    fn data_bytes(&self) -> Result<u64, LayoutError> {
        let WaveFormat {
            channels,
            valid_bits,
            sample,
            ..
        } = self.format;
        let frame = self.format.frame_bytes();
        let valid = (1..=sample.bits()).contains(&valid_bits)
            && (!sample.is_float() || valid_bits == sample.bits());
        if channels == 0 || !valid || frame > u64::from(u16::MAX) {
            return Err(LayoutError::Format {
                channels,
                bits: valid_bits,
                sample: sample.bits(),
            });
        }
        self.frames.checked_mul(frame).ok_or(self.too_long())
    }

    fn too_long(&self) -> LayoutError {
        LayoutError::TooLong {
            frames: self.frames,
            bytes: self.format.frame_bytes(),
        }
    }

    /// Whether the format chunk is written as `WAVEFORMATEXTENSIBLE`.
    pub(super) fn extensible(&self) -> bool {
        let plain = self.adm.is_some() && !self.format.extensible && !self.format.sample.is_float();
        !plain && fmt::is_extensible(&self.format)
    }

    /// Bytes that are kept free for the XML, which is padded to an even length.
    fn spare(&self) -> u64 {
        let spare = |adm: &AdmChunks| adm.room.saturating_sub(adm.text.bytes()) / 2 * 2;
        self.adm.as_ref().map_or(0, spare)
    }

    /// The length of the XML.
    fn xml(&self) -> Result<Option<u64>, LayoutError> {
        let bytes = self.adm.as_ref().map(|adm| adm.text.bytes());
        match bytes {
            Some(bytes) if bytes > MAX_ADM => Err(LayoutError::TooLarge {
                chunk: "axml",
                bytes,
                most: MAX_ADM,
            }),
            _ => Ok(bytes),
        }
    }

    /// Whether the file has a bext chunk: always, unless its ADM metadata stands for it.
    pub(super) fn has_bext(&self) -> bool {
        self.adm.as_ref().is_none_or(|adm| adm.with_bext)
    }

    /// The chunks from `fmt ` to `chna`.
    fn before(&self, findings: &mut Vec<Finding>) -> Result<Vec<u8>, LayoutError> {
        let mut out = Vec::new();
        chunk(
            &mut out,
            *b"fmt ",
            &fmt::bytes(&self.format, self.extensible()),
        );
        if self.format.sample.is_float() {
            // All formats but PCM state their frames (Microsoft, Multimedia Data Standards Update 3.0).
            let frames = u32::try_from(self.frames).unwrap_or(u32::MAX);
            chunk(&mut out, *b"fact", &frames.to_le_bytes());
        }
        if self.has_bext() {
            let (body, told) = bext::bytes(&self.bext);
            findings.extend(told);
            chunk(&mut out, *b"bext", limited("bext", &body)?);
        }
        if let Some(ixml) = &self.ixml {
            let (body, told) = self::ixml_body(ixml);
            findings.extend(told);
            chunk(&mut out, *b"iXML", limited("iXML", &body)?);
        }
        if let Some(adm) = &self.adm {
            let rows = chna::bytes(&adm.rows);
            chunk(&mut out, *b"chna", limited("chna", &rows)?);
        }
        Ok(out)
    }

    /// The pad byte and the chunks behind the samples.
    fn behind(&self, data_bytes: u64, findings: &mut Vec<Finding>) -> Result<Vec<u8>, LayoutError> {
        let mut out = vec![0; (data_bytes % 2) as usize];
        let (points, labels, told) = cue::bytes(&self.cues);
        findings.extend(told);
        if !points.is_empty() {
            chunk(&mut out, *b"cue ", limited("cue ", &points)?);
        }
        if !labels.is_empty() {
            chunk(&mut out, *b"LIST", limited("LIST", &labels)?);
        }
        if let Some(mut digest) = self.md5 {
            // A little-endian number of 128 bits, as BWF MetaEdit writes and checks it.
            digest.reverse();
            chunk(&mut out, *b"MD5 ", &digest);
        }
        Ok(out)
    }
}

/// The iXML without its copy of the bext chunk, padded to an even length with white space.
pub(super) fn ixml_body(ixml: &Ixml) -> (Vec<u8>, Vec<Finding>) {
    let copy =
        |path: &str| path == "BEXT" || path.starts_with("BEXT/") || path.starts_with("BEXT[");
    let mut ixml = ixml.clone();
    ixml.others.retain(|(path, _)| !copy(path));
    let (mut xml, findings) = ixml::Ixml::to_xml(&ixml);
    if !xml.len().is_multiple_of(2) {
        xml.push('\n');
    }
    (xml.into_bytes(), findings)
}

fn limited<'a>(chunk: &'static str, body: &'a [u8]) -> Result<&'a [u8], LayoutError> {
    let (bytes, most) = (body.len() as u64, MAX_METADATA as u64);
    if bytes > most {
        return Err(LayoutError::TooLarge { chunk, bytes, most });
    }
    Ok(body)
}

/// Content of `FLLR` for so many bytes before it; never none, for a chunk without content confuses
/// some readers.
const fn filler(before: u64) -> u64 {
    let align = ALIGN as u64;
    align - (before + 16) % align
}

const fn even(bytes: u64) -> u64 {
    bytes + bytes % 2
}

/// Adds a chunk, with a pad byte where its content is odd.
fn chunk(out: &mut Vec<u8>, id: [u8; 4], body: &[u8]) {
    out.extend(id);
    out.extend((body.len() as u32).to_le_bytes());
    out.extend(body);
    if !body.len().is_multiple_of(2) {
        out.push(0);
    }
}

/// The sizes of a file.
#[derive(Debug, Clone, Copy)]
struct Sizes {
    container: Container,
    file: u64,
    data: u64,
    frames: u64,
    /// Content of `axml`.
    xml: Option<u64>,
}

impl Sizes {
    /// The form, and `JUNK` or `ds64` (EBU Tech 3306 §3).
    fn head(self) -> Vec<u8> {
        let mut out = Vec::with_capacity(2 * ALIGN);
        out.extend(self.container.name().as_bytes());
        out.extend(self.short(self.file - 8).to_le_bytes());
        out.extend(*b"WAVE");
        let mut sizes = [0; SIZES];
        if self.container == Container::Riff {
            chunk(&mut out, *b"JUNK", &sizes);
            return out;
        }
        let values = [self.file - 8, self.data, self.frames];
        for (to, value) in sizes.chunks_exact_mut(8).zip(values) {
            to.copy_from_slice(&value.to_le_bytes());
        }
        if let Some(xml) = self.xml.filter(|xml| *xml > MAX_32) {
            // One row: name and size (ITU-R BS.2088 §5).
            sizes[24] = 1;
            sizes[28..32].copy_from_slice(b"axml");
            sizes[32..40].copy_from_slice(&xml.to_le_bytes());
        }
        chunk(&mut out, *b"ds64", &sizes);
        out
    }

    /// The head of the chunk of the XML; one past 4 GiB makes the file larger, so there is a `ds64`.
    fn xml_header(self, out: &mut Vec<u8>) {
        let size = self.xml.unwrap_or(0);
        let size = if size > MAX_32 { u32::MAX } else { size as u32 };
        out.extend(*b"axml");
        out.extend(size.to_le_bytes());
    }

    fn data_header(self, out: &mut Vec<u8>) {
        out.extend(*b"data");
        out.extend(self.short(self.data).to_le_bytes());
    }

    /// The size in a 32-bit field: the real one in RIFF, "see ds64" elsewhere.
    fn short(self, size: u64) -> u32 {
        match self.container {
            Container::Riff => size as u32,
            _ => u32::MAX,
        }
    }
}
