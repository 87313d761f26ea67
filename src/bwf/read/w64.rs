//! The chunks of a Sony Wave64 file (Sonic Foundry, Wave 64 file format): names are GUIDs, sizes are
//! 64 bits wide and include the 24 bytes of name and size, chunks begin at multiples of 8.

use std::io::{self, Read, Seek};
use std::path::Path;

use nom::bytes::complete::take;
use nom::number::complete::le_u64;
use nom::{IResult, Parser as _};

use super::map::{MAX_CHUNKS, Map};
use super::source::Source;
use crate::bwf::codes::{TOO_MANY, TRAILING, TRUNCATED};
use crate::bwf::model::{ChunkId, ChunkInfo, Container};
use crate::finding::{Finding, Place};

/// `riff` and its tail.
const RIFF: [u8; 16] = *b"riff\x2E\x91\xCF\x11\xA5\xD6\x28\xDB\x04\xC1\x00\x00";
/// `wave`.
const WAVE: [u8; 16] = *b"wave\xF3\xAC\xD3\x11\x8C\xD1\x00\xC0\x4F\x8E\xDB\x8A";
/// Bytes of name and size.
const HEADER: u64 = 24;

/// Whether the first 40 bytes are those of a Wave64 file.
pub(super) fn is_w64(head: &[u8]) -> bool {
    head.starts_with(&RIFF) && head.get(24..40) == Some(&WAVE)
}

/// The first four bytes of the name, and the size.
fn header(bytes: &[u8]) -> IResult<&[u8], (ChunkId, u64)> {
    let (rest, (id, _, size)) = (take(4_usize), take(12_usize), le_u64).parse(bytes)?;
    Ok((rest, (ChunkId(id.try_into().unwrap_or_default()), size)))
}

/// Finds the chunks. Their names become the four letters that the GUIDs begin with; any other GUID
/// is listed by its first four bytes.
pub(super) fn map<R: Read + Seek>(source: &mut Source<R>, path: &Path) -> io::Result<Map> {
    let mut map = Map {
        container: Container::W64,
        chunks: Vec::new(),
        findings: Vec::new(),
    };
    let file = path.display().to_string();
    let mut note = |code, at, message: String| {
        let place = Place::offset(file.clone(), at);
        map.findings.push(Finding::new(code, message).at(place));
    };
    let mut at = 40;
    while let Ok((_, (id, size))) = header(&source.bytes(at, HEADER)?) {
        if size < HEADER {
            note(
                TRAILING,
                at,
                format!("a chunk of {size} bytes; the rest is ignored"),
            );
            break;
        }
        if map.chunks.len() >= MAX_CHUNKS {
            note(
                TOO_MANY,
                at,
                format!("more than {MAX_CHUNKS} chunks; the rest is ignored"),
            );
            break;
        }
        let left = source.len - at;
        if size > left {
            note(
                TRUNCATED,
                at,
                format!("chunk `{id}` has {left} of {size} bytes"),
            );
        }
        map.chunks.push(ChunkInfo {
            id,
            offset: at + HEADER,
            size: size.min(left) - HEADER,
        });
        at = at.saturating_add(size).div_ceil(8).saturating_mul(8);
    }
    Ok(map)
}
