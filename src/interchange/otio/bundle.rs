//! `.otioz`: a zip with `content.otio` and the media beside it.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::rc::Rc;

use zip::ZipArchive;
use zip::result::ZipError;

use super::clip::Bundle;
use crate::finding::Place;
use crate::interchange::{Input, MAX_TEXT, ReadError};

/// The timeline inside.
pub(super) const CONTENT: &str = "content.otio";

/// Most files in a bundle.
const MAX_ENTRIES: u64 = 100_000;

/// Most bytes that the list of files takes.
const MAX_DIRECTORY: u64 = 32 << 20;

/// Where the end records of a zip lie: at most so many bytes before its end (APPNOTE 4.3.14 to 4.3.16;
/// the comment has at most 65,535 bytes).
const TAIL: u64 = 128 << 10;

/// Whether a file starts like a zip.
pub(super) fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04")
}

/// The text of the timeline, and what else is in the bundle.
///
/// # Errors
/// [`ReadError::Io`], or [`ReadError::Malformed`] where it is no bundle or breaks a limit.
pub(super) fn open(input: &Input) -> Result<(Vec<u8>, Bundle), ReadError> {
    let damaged = |error| damaged(input, error);
    let mut file = File::open(&input.path).map_err(|error| damaged(error.into()))?;
    let count = stated_entries(&mut file, input.size).map_err(|error| damaged(error.into()))?;
    if count > MAX_ENTRIES {
        let message = format!("{count} files are more than a bundle has ({MAX_ENTRIES})");
        return Err(malformed(input, message));
    }
    let left = Rc::new(Cell::new(MAX_DIRECTORY));
    let metered = Metered {
        inner: BufReader::new(file),
        left: Rc::clone(&left),
    };
    let mut archive = ZipArchive::new(metered).map_err(damaged)?;
    let entries = archive
        .file_names()
        .filter_map(Result::ok)
        .map(std::borrow::Cow::into_owned)
        .collect();
    left.set(MAX_TEXT);
    let content = archive.by_name(CONTENT).map_err(damaged)?;
    let mut bytes = Vec::new();
    content
        .take(MAX_TEXT + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| damaged(error.into()))?;
    if bytes.len() as u64 > MAX_TEXT {
        let message = format!("`{CONTENT}` is larger than {MAX_TEXT} bytes");
        return Err(malformed(input, message));
    }
    let container = input.path.to_string_lossy().into_owned();
    Ok((bytes, Bundle { container, entries }))
}

/// How many files the end records of the zip state, before anything is believed.
fn stated_entries(file: &mut File, size: u64) -> io::Result<u64> {
    let mut tail = Vec::new();
    file.seek(SeekFrom::Start(size.saturating_sub(TAIL)))?;
    file.by_ref().take(TAIL).read_to_end(&mut tail)?;
    file.rewind()?;
    // Zip64 end of central directory: total entries at byte 32. The record without 64 bits counts to
    // 65,535 only.
    let stated = tail
        .windows(40)
        .filter(|record| record.starts_with(b"PK\x06\x06"));
    let counts = stated.filter_map(|record| record.get(32..)?.try_into().ok());
    Ok(counts.map(u64::from_le_bytes).max().unwrap_or_default())
}

/// A file of which only so many bytes are read.
#[derive(Debug)]
struct Metered<R> {
    inner: R,
    left: Rc<Cell<u64>>,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let left = self.left.get().checked_sub(count as u64);
        let too_large = || io::Error::other("its list of files or timeline is too large");
        self.left.set(left.ok_or_else(too_large)?);
        Ok(count)
    }
}

impl<R: Seek> Seek for Metered<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

fn damaged(input: &Input, error: ZipError) -> ReadError {
    let message = match error {
        ZipError::FileNotFound => format!("the bundle holds no `{CONTENT}`"),
        other => format!("the bundle cannot be read: {other}"),
    };
    malformed(input, message)
}

fn malformed(input: &Input, message: String) -> ReadError {
    ReadError::Malformed {
        place: Box::new(Place::file(input.name())),
        message,
        hint: Some("write the bundle again, or unpack it and read content.otio".to_owned()),
    }
}
