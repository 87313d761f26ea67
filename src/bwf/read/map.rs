//! The chunks of a RIFF, RF64 or BW64 file, without their content.

use std::io::{self, Read, Seek};
use std::path::Path;

use super::source::Source;
use super::w64;
use crate::bwf::chunk::ds64::Ds64;
use crate::bwf::codes::{
    DS64, NO_PAD, OPEN_ENDED, RIFF_SIZE, TOO_MANY, TRAILING, TRUNCATED, WRAPPED, WRONG_SIZE,
};
use crate::bwf::error::WaveError;
use crate::bwf::model::{ChunkId, ChunkInfo, Container};
use crate::finding::{Code, Finding, Place};

/// Chunks that are listed; real files have fewer than a hundred.
pub(super) const MAX_CHUNKS: usize = 10_000;

/// The size that says "see ds64", or in RIFF "not known".
const NO_SIZE: u32 = u32::MAX;

/// How often the size of the sound may have overflowed: 1 TiB.
const MAX_WRAPS: u64 = 256;

/// Bytes that are searched for the next chunk where the size of one is wrong, and how often.
const RESYNC: u64 = 1 << 16;
const MAX_RESYNCS: usize = 4;

/// Largest `ds64` that is read, in bytes.
const MAX_DS64: u64 = 1 << 16;

/// Chunks that are met in the field: where one of these stands, a chunk begins.
const KNOWN: [&[u8; 4]; 44] = [
    b"fmt ", b"data", b"bext", b"iXML", b"LIST", b"list", b"JUNK", b"junk", b"FLLR", b"PAD ",
    b"fact", b"cue ", b"smpl", b"inst", b"axml", b"bxml", b"sxml", b"chna", b"ds64", b"MD5 ",
    b"levl", b"link", b"cart", b"mext", b"qlty", b"_PMX", b"id3 ", b"ID3 ", b"elm1", b"minf",
    b"regn", b"umid", b"DGDA", b"ovwf", b"plst", b"peak", b"PEAK", b"acid", b"strc", b"dbmd",
    b"SMED", b"iXTC", b"Fake", b"afsp",
];

/// What the file consists of.
#[derive(Debug)]
pub(super) struct Map {
    pub container: Container,
    pub chunks: Vec<ChunkInfo>,
    pub findings: Vec<Finding>,
}

/// A chunk's name and stated size.
#[derive(Debug, Clone, Copy)]
struct Header {
    id: [u8; 4],
    size: u32,
    /// Where its content begins.
    offset: u64,
}

/// The walk from chunk to chunk.
struct Walk<'a, R> {
    source: &'a mut Source<R>,
    file: String,
    container: Container,
    ds64: Option<Ds64>,
    /// Where the RIFF size says that the chunks end.
    riff_end: u64,
    chunks: Vec<ChunkInfo>,
    findings: Vec<Finding>,
}

/// Finds the chunks of a file.
///
/// # Errors
/// [`WaveError::NotWave`] for a file of another kind, [`WaveError::Io`].
pub(super) fn map<R: Read + Seek>(source: &mut Source<R>, path: &Path) -> Result<Map, WaveError> {
    let io = |source| WaveError::io(path, source);
    let head = source.bytes(0, 40).map_err(io)?;
    let container = match head.get(..12) {
        Some([b'R', b'I', b'F', b'F', .., b'W', b'A', b'V', b'E']) => Container::Riff,
        Some([b'R', b'F', b'6', b'4', .., b'W', b'A', b'V', b'E']) => Container::Rf64,
        Some([b'B', b'W', b'6', b'4', .., b'W', b'A', b'V', b'E']) => Container::Bw64,
        _ if w64::is_w64(&head) => return w64::map(source, path).map_err(io),
        _ => {
            return Err(WaveError::NotWave {
                path: path.display().to_string(),
                found: kind(&head),
            });
        }
    };
    let mut walk = Walk {
        source,
        file: path.display().to_string(),
        container,
        ds64: None,
        riff_end: u64::from(size_at(&head, 4)) + 8,
        chunks: Vec::new(),
        findings: Vec::new(),
    };
    walk.run().map_err(io)?;
    Ok(Map {
        container,
        chunks: walk.chunks,
        findings: walk.findings,
    })
}

/// What the first bytes of another kind of file say.
fn kind(head: &[u8]) -> String {
    let form = head.get(8..12).unwrap_or_default().escape_ascii();
    match head {
        [] => "empty".to_owned(),
        [b'R', b'I', b'F', b'F', ..] => format!("a RIFF file of form `{form}`"),
        [b'R', b'I', b'F', b'X', ..] => "a big-endian RIFX file".to_owned(),
        [b'F', b'O', b'R', b'M', ..] => format!("an IFF file of form `{form}`"),
        [b'f', b'L', b'a', b'C', ..] => "a FLAC file".to_owned(),
        [b'c', b'a', b'f', b'f', ..] => "a Core Audio file".to_owned(),
        _ => {
            let first = head.get(..head.len().min(12)).unwrap_or_default();
            format!("a file that begins with `{}`", first.escape_ascii())
        }
    }
}

fn size_at(bytes: &[u8], at: usize) -> u32 {
    let field = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>());
    field.map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

impl<R: Read + Seek> Walk<'_, R> {
    fn run(&mut self) -> io::Result<()> {
        let mut at = Some(12);
        let mut end = 12;
        for _ in 0..=MAX_RESYNCS {
            let Some(start) = at else { break };
            end = self.walk(start)?;
            at = self.resync()?;
        }
        self.behind(end);
        Ok(())
    }

    /// Goes from chunk to chunk and stops where there is none.
    fn walk(&mut self, mut at: u64) -> io::Result<u64> {
        while let Some(header) = self.header(at)? {
            if self.chunks.len() >= MAX_CHUNKS {
                let message = format!("more than {MAX_CHUNKS} chunks; the rest is ignored");
                self.note(TOO_MANY, at, message);
                break;
            }
            let chunk = self.chunk(header)?;
            self.chunks.push(chunk);
            if header.id == *b"ds64" && self.ds64.is_none() {
                self.read_ds64(chunk)?;
            }
            at = self.next(chunk)?;
        }
        Ok(at)
    }

    /// Where the walk ended before the sound: the next chunk of the field that stands near the start
    /// of the last one, whose size is then wrong.
    fn resync(&mut self) -> io::Result<Option<u64>> {
        let Some(last) = self.chunks.last().copied() else {
            return Ok(None);
        };
        if self.chunks.iter().any(|chunk| chunk.id.0 == *b"data") {
            return Ok(None);
        }
        let bytes = self.source.bytes(last.offset, RESYNC)?;
        let rest = self.source.len - last.offset;
        let begins = |(i, window): (usize, &[u8])| {
            let (id, size) = (window.first_chunk::<4>()?, u64::from(size_at(window, 4)));
            let fits = size > 0 && (i as u64 + 8 + size <= rest || size == u64::from(NO_SIZE));
            (fits && KNOWN.contains(&id)).then_some(i as u64)
        };
        let Some(size) = bytes.windows(8).enumerate().find_map(begins) else {
            return Ok(None);
        };
        let message = format!(
            "chunk `{}` states another size than the {size} bytes it has",
            last.id
        );
        self.note(WRONG_SIZE, last.offset, message);
        if let Some(last) = self.chunks.last_mut() {
            last.size = size;
        }
        Ok(Some(last.offset + size))
    }

    fn note(&mut self, code: &'static Code, at: u64, message: impl Into<String>) {
        let place = Place::offset(self.file.clone(), at);
        self.findings.push(Finding::new(code, message).at(place));
    }

    /// The chunk that begins here; `None` where there is none.
    fn header(&mut self, at: u64) -> io::Result<Option<Header>> {
        let Some([a, b, c, d, size @ ..]) = self.source.array::<8>(at)? else {
            return Ok(None);
        };
        let id = [a, b, c, d];
        let printable = id.iter().all(|b| (0x20..0x7F).contains(b));
        // Behind the end that RIFF states only a chunk of the field is believed.
        let outside = at >= self.riff_end && self.riff_end > 12 && self.plausible(at)? < 2;
        let header = Header {
            id,
            size: u32::from_le_bytes(size),
            offset: at + 8,
        };
        Ok((printable && !outside).then_some(header))
    }

    /// Its real extent: the stated one, the 64-bit one, or up to the end of the file.
    fn chunk(&mut self, header: Header) -> io::Result<ChunkInfo> {
        let rest = self.source.len.saturating_sub(header.offset);
        let stated = self.stated(header)?;
        if let Some(stated) = stated.filter(|&size| size > rest) {
            let id = ChunkId(header.id);
            let message = format!("chunk `{id}` has {rest} of {stated} bytes");
            self.note(TRUNCATED, header.offset, message);
        }
        Ok(ChunkInfo {
            id: ChunkId(header.id),
            offset: header.offset,
            size: stated.unwrap_or(rest).min(rest),
        })
    }

    /// The size that the file states; `None` when it states none and everything that follows belongs
    /// to the chunk.
    fn stated(&mut self, header: Header) -> io::Result<Option<u64>> {
        let size = u64::from(header.size);
        if header.id != *b"data" {
            if header.size != NO_SIZE {
                return Ok(Some(size));
            }
            let long = self.ds64.as_mut().and_then(|ds64| ds64.take(header.id));
            return Ok(Some(long.unwrap_or(size)));
        }
        let long = self.ds64.as_ref().map_or(0, |ds64| ds64.data);
        match header.size {
            0 | NO_SIZE if long > 0 => return Ok(Some(long)),
            0 | NO_SIZE => {}
            _ => return self.unwrapped(header, size).map(Some),
        }
        // Nothing is stated. Zero may be the truth: then the next chunk or the end follows.
        let empty = header.size == 0 || self.ds64.is_some();
        if empty && (self.plausible(header.offset)? == 2 || header.offset == self.riff_end) {
            return Ok(Some(0));
        }
        let message = format!("the size of the data chunk is stated as {}", header.size);
        self.note(OPEN_ENDED, header.offset, message);
        Ok(None)
    }

    /// The size of the sound where it overflowed its 32 bits: the first that is larger by a multiple
    /// of 2^32 and leads to a chunk or to the end of the file.
    fn unwrapped(&mut self, header: Header, size: u64) -> io::Result<u64> {
        let long = self.source.len - header.offset > u64::from(NO_SIZE);
        if !long || self.container != Container::Riff || self.leads_on(header.offset + size)? {
            return Ok(size);
        }
        for times in 1..=MAX_WRAPS {
            let larger = size + (times << 32);
            if self.leads_on(header.offset + larger)? {
                let message = format!("{size} bytes are stated, {larger} are there");
                self.note(WRAPPED, header.offset, message);
                return Ok(larger);
            }
        }
        Ok(size)
    }

    /// Whether a chunk of the field or the end follows here or behind a pad byte.
    fn leads_on(&mut self, end: u64) -> io::Result<bool> {
        Ok(self.plausible(end)? == 2 || self.plausible(end + 1)? == 2)
    }

    fn read_ds64(&mut self, chunk: ChunkInfo) -> io::Result<()> {
        let body = self.source.bytes(chunk.offset, chunk.size.min(MAX_DS64))?;
        self.ds64 = Ds64::parse(&body);
        match &self.ds64 {
            Some(ds64) => self.riff_end = ds64.riff.saturating_add(8),
            None => self.note(
                DS64,
                chunk.offset,
                "the ds64 chunk is shorter than 28 bytes",
            ),
        }
        Ok(())
    }

    /// Where the next chunk begins. Behind an odd chunk there is a pad byte, except where leaving it
    /// out leads to something that looks more like a chunk.
    fn next(&mut self, chunk: ChunkInfo) -> io::Result<u64> {
        let end = chunk.offset + chunk.size;
        if chunk.size.is_multiple_of(2) {
            return Ok(end);
        }
        if self.plausible(end)? > self.plausible(end + 1)? {
            self.note(
                NO_PAD,
                end,
                format!("no pad byte behind chunk `{}`", chunk.id),
            );
            return Ok(end);
        }
        Ok(end + 1)
    }

    /// How much a place looks like the start of a chunk: 2 for a chunk of the field that fits the
    /// file, or the end of the file; 1 for any printable name that fits; else 0.
    fn plausible(&mut self, at: u64) -> io::Result<u8> {
        if at == self.source.len {
            return Ok(2);
        }
        let Some([a, b, c, d, size @ ..]) = self.source.array::<8>(at)? else {
            return Ok(0);
        };
        let id = [a, b, c, d];
        let size = u32::from_le_bytes(size);
        let fits = u64::from(size) <= self.source.len - at - 8 || size == NO_SIZE;
        let printable = id.iter().all(|b| (0x20..0x7F).contains(b));
        Ok(match fits && printable {
            true if KNOWN.contains(&&id) => 2,
            true => 1,
            false => 0,
        })
    }

    /// What is left, and whether the sizes of the whole file are right.
    fn behind(&mut self, at: u64) {
        let len = self.source.len;
        let explains =
            |finding: &Finding| [TRUNCATED, OPEN_ENDED, WRAPPED, TOO_MANY].contains(&finding.code);
        if self.container != Container::Riff && self.ds64.is_none() {
            self.note(
                DS64,
                12,
                format!(
                    "there is no ds64 chunk in this {} file",
                    self.container.name()
                ),
            );
        } else if at < len {
            self.note(
                TRAILING,
                at,
                format!("{} bytes behind the last chunk", len - at),
            );
        } else if self.riff_end != len && !self.findings.iter().any(explains) {
            let message = format!(
                "the RIFF size says {} bytes, the file has {len}",
                self.riff_end
            );
            self.note(RIFF_SIZE, 4, message);
        }
    }
}
