//! A file read a page at a time, with the last pages kept.
//!
//! Small streams of a structured storage lie side by side; a read of each from the file would cost a
//! system call. Memory follows what is asked for, not the size of the file.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// Bytes of a page, and how many are kept.
const PAGE: u64 = 64 << 10;
const PAGES: usize = 64;

/// A file with its last pages.
#[derive(Debug)]
pub(super) struct Pages {
    file: File,
    size: u64,
    kept: Vec<Page>,
}

#[derive(Debug, Clone, Default)]
struct Page {
    number: Option<u64>,
    bytes: Vec<u8>,
}

impl Pages {
    /// The pages of a file of this size.
    pub(super) fn new(file: File, size: u64) -> Self {
        Self {
            file,
            size,
            kept: vec![Page::default(); PAGES],
        }
    }

    /// The size of the file in bytes.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Appends `length` bytes from an offset.
    ///
    /// # Errors
    /// When the file ends before, or cannot be read.
    pub(super) fn read(&mut self, offset: u64, length: u64, into: &mut Vec<u8>) -> io::Result<()> {
        let end = offset.checked_add(length).filter(|end| *end <= self.size);
        let end = end.ok_or(io::ErrorKind::UnexpectedEof)?;
        let mut at = offset;
        while at < end {
            let page = self.page(at / PAGE)?;
            let from = (at % PAGE) as usize;
            let wanted = (end - at).min(PAGE) as usize;
            let part = page.get(from..).unwrap_or_default();
            let part = part.get(..part.len().min(wanted)).unwrap_or_default();
            if part.is_empty() {
                // The file has become shorter since its size was taken.
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            into.extend_from_slice(part);
            at += part.len() as u64;
        }
        Ok(())
    }

    /// The page with this number, from memory or from the file.
    fn page(&mut self, number: u64) -> io::Result<&[u8]> {
        let page = &mut self.kept[(number % PAGES as u64) as usize];
        if page.number != Some(number) {
            page.number = None;
            page.bytes.clear();
            self.file.seek(SeekFrom::Start(number * PAGE))?;
            (&mut self.file).take(PAGE).read_to_end(&mut page.bytes)?;
            page.number = Some(number);
        }
        Ok(&page.bytes)
    }
}
