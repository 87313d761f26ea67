//! Chunks of AIFF and CAF: a name, a size, a body.

use std::io::{self, Read as _, Seek as _, SeekFrom};

use super::super::section::Section;

/// Most chunks that are looked at; a file has some ten.
const MAX_CHUNKS: usize = 10_000;

/// A chunk of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chunk {
    pub(super) id: [u8; 4],
    /// Byte where the body starts.
    pub(super) offset: u64,
    /// Bytes of the body that are there.
    pub(super) size: u64,
    /// Bytes of the body as stated; `None` where it says "to the end".
    pub(super) stated: Option<u64>,
}

/// How the sizes of chunks are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sizes {
    /// 32 bits, bodies padded to even length: AIFF.
    Padded32,
    /// 64 bits signed, −1 for "to the end", no padding: CAF.
    Signed64,
}

/// All chunks from a byte on, in the order of the file. The last may be cut short by its end.
pub(super) fn walk(file: &mut Section, start: u64, sizes: Sizes) -> io::Result<Vec<Chunk>> {
    let mut chunks = Vec::new();
    let mut at = start;
    while chunks.len() < MAX_CHUNKS {
        let Some((id, stated, offset)) = chunk_head(file, at, sizes)? else {
            break;
        };
        let left = file.length() - offset;
        let size = stated.map_or(left, |stated| stated.min(left));
        let chunk = Chunk {
            id,
            offset,
            size,
            stated,
        };
        chunks.push(chunk);
        let padding = if sizes == Sizes::Padded32 {
            size % 2
        } else {
            0
        };
        at = offset + size + padding;
    }
    Ok(chunks)
}

type Head = ([u8; 4], Option<u64>, u64);

fn chunk_head(file: &mut Section, at: u64, sizes: Sizes) -> io::Result<Option<Head>> {
    match sizes {
        Sizes::Padded32 => {
            let Some([a, b, c, d, size @ ..]) = bytes_at::<8>(file, at)? else {
                return Ok(None);
            };
            let stated = u32::from_be_bytes(size).into();
            Ok(Some(([a, b, c, d], Some(stated), at + 8)))
        }
        Sizes::Signed64 => {
            let Some([a, b, c, d, size @ ..]) = bytes_at::<12>(file, at)? else {
                return Ok(None);
            };
            let stated = u64::try_from(i64::from_be_bytes(size)).ok();
            Ok(Some(([a, b, c, d], stated, at + 12)))
        }
    }
}

/// `N` bytes at an offset; `None` where the file ends before that.
pub(super) fn bytes_at<const N: usize>(file: &mut Section, at: u64) -> io::Result<Option<[u8; N]>> {
    let end = at.checked_add(N as u64);
    if end.is_none_or(|end| end > file.length()) {
        return Ok(None);
    }
    let mut bytes = [0; N];
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(&mut bytes)?;
    Ok(Some(bytes))
}
