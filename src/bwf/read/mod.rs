//! Reading a WAV file: its map of chunks first, then the content of those that are known.
//!
//! **Invariant:** the sound is never loaded, and what is read of the rest is bounded by
//! [`MAX_BODY`], [`MAX_METADATA`] and the file's real length.

mod body;
mod map;
mod source;
mod stream;
mod w64;

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use super::chunk::chna;
use super::error::WaveError;
use super::model::{ChnaRow, DataSpan, Wave};
use crate::finding::{Finding, Place};
use source::Source;
pub use stream::{SpanReader, adm_text, span_reader};

/// Largest metadata chunk that is read, in bytes.
const MAX_BODY: u64 = 64 << 20;

/// Bytes of all metadata chunks together that are read.
const MAX_METADATA: u64 = 256 << 20;

/// Reads the headers and metadata of a WAV file.
///
/// # Errors
/// [`WaveError`] when the file cannot be read, is not a WAV file, or its sound cannot be read.
pub fn open(path: &Path) -> Result<Wave, WaveError> {
    let io = |source| WaveError::io(path, source);
    // A pipe or device would block or never end.
    if !std::fs::metadata(path).map_err(io)?.is_file() {
        let kind = std::io::Error::new(std::io::ErrorKind::InvalidInput, "not a regular file");
        return Err(io(kind));
    }
    read_from(File::open(path).map_err(io)?, path)
}

/// The same from anything that can be read and sought, such as a file inside another one.
///
/// # Errors
/// As [`open`]; `path` is only named in them and in the findings.
pub fn read_from<R: Read + Seek>(reader: R, path: &Path) -> Result<Wave, WaveError> {
    let io = |source| WaveError::io(path, source);
    let mut source = Source::new(reader).map_err(io)?;
    let map = map::map(&mut source, path)?;
    body::wave(&mut source, path, map)
}

/// The bytes of a chunk, such as the ADM's XML, which [`open`] only locates.
///
/// # Errors
/// [`WaveError::Io`] when the file cannot be read or has fewer bytes there, [`WaveError::Malformed`]
/// for a chunk of more than `limit` bytes.
pub fn read_span(path: &Path, span: DataSpan, limit: u64) -> Result<Vec<u8>, WaveError> {
    let io = |source| WaveError::io(path, source);
    if span.bytes > limit {
        let place = Place::offset(path.display().to_string(), span.offset);
        return Err(WaveError::Malformed {
            place: Box::new(place),
            chunk: "metadata".to_owned(),
            what: "size",
            found: format!("{} bytes", span.bytes),
            expected: format!("at most {limit}"),
        });
    }
    let mut source = Source::new(File::open(path).map_err(io)?).map_err(io)?;
    let bytes = source.bytes(span.offset, span.bytes).map_err(io)?;
    if (bytes.len() as u64) < span.bytes {
        return Err(io(std::io::ErrorKind::UnexpectedEof.into()));
    }
    Ok(bytes)
}

/// The rows of a `chna` chunk that are filled, in its order, whatever count it states.
///
/// # Errors
/// As [`read_span`]; a chunk of more than 64 MiB, 1.6 million rows, is refused.
pub fn read_chna(path: &Path, span: DataSpan) -> Result<(Vec<ChnaRow>, Vec<Finding>), WaveError> {
    let (rows, findings) = chna::parse(&read_span(path, span, MAX_BODY)?);
    let place = Place::offset(path.display().to_string(), span.offset);
    let findings = findings.into_iter().map(|f| f.at(place.clone())).collect();
    Ok((rows, findings))
}
