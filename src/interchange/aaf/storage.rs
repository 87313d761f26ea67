//! The binary form's container: a structured storage, read a page at a time.
//!
//! Memory follows what is asked for, not the size of the file: essence streams are never touched here.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use cfb::CompoundFile;

use super::objects::Auid;
use crate::finding::Place;
use crate::interchange::{Input, ReadError};

/// The most that may be read from one file's property and index streams, in bytes.
const BUDGET: u64 = 512 << 20;

/// Bytes of a page, and how many are kept.
const PAGE: u64 = 64 << 10;
const PAGES: usize = 64;

/// A structured storage open for reading.
pub(super) struct Storage {
    file: CompoundFile<Pages>,
    name: String,
    left: u64,
}

impl Storage {
    /// Opens the container of a file.
    ///
    /// # Errors
    /// [`ReadError::Io`] when the file cannot be read, [`ReadError::Malformed`] when its sector
    /// tables or folders are damaged.
    pub(super) fn open(input: &Input) -> Result<Self, ReadError> {
        let io = |source| ReadError::Io {
            path: input.name(),
            source,
        };
        let pages = Pages::new(File::open(&input.path).map_err(io)?, input.size);
        let file = cfb::OpenOptions::new()
            .max_buffer_size(PAGE as usize)
            .open_with(pages)
            .map_err(|e| ReadError::Malformed {
                place: Box::new(Place::file(input.name())),
                message: format!("the structured storage is damaged: {e}"),
                hint: Some("copy the file again or export it anew".into()),
            })?;
        Ok(Self {
            file,
            name: input.name(),
            left: BUDGET,
        })
    }

    /// The file's name for messages.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The class identifier of a folder; `None` where there is no such folder.
    pub(super) fn class_id(&self, folder: &str) -> Option<Auid> {
        let entry = self.file.entry(folder).ok()?;
        (!entry.is_stream()).then(|| Auid(entry.clsid().as_u128()))
    }

    /// Whether there is a stream of this path.
    pub(super) fn has_stream(&self, path: &str) -> bool {
        self.file.is_stream(path)
    }

    /// A whole stream; `None` where there is none.
    ///
    /// # Errors
    /// Text that says what is wrong, when it is damaged or larger than `limit` bytes.
    pub(super) fn stream(&mut self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, String> {
        if !self.file.is_stream(path) {
            return Ok(None);
        }
        let mut stream = self.file.open_stream(path).map_err(|e| e.to_string())?;
        let size = stream.len();
        if size > limit.min(self.left) {
            return Err(format!("stream `{path}` of {size} bytes is too large"));
        }
        self.left -= size;
        let mut bytes = Vec::new();
        stream
            .read_to_end(&mut bytes)
            .map_err(|e| format!("stream `{path}`: {e}"))?;
        Ok(Some(bytes))
    }
}

/// A file with its last pages kept: small streams lie side by side, and a read of each from the
/// file would cost a system call.
struct Pages {
    file: File,
    size: u64,
    position: u64,
    pages: Vec<Page>,
}

#[derive(Clone, Default)]
struct Page {
    number: Option<u64>,
    bytes: Vec<u8>,
}

impl Pages {
    fn new(file: File, size: u64) -> Self {
        Self {
            file,
            size,
            position: 0,
            pages: vec![Page::default(); PAGES],
        }
    }

    /// The page with this number, from memory or from the file.
    fn page(&mut self, number: u64) -> io::Result<&[u8]> {
        let slot = (number % PAGES as u64) as usize;
        let page = &mut self.pages[slot];
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

impl Read for Pages {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.position >= self.size || into.is_empty() {
            return Ok(0);
        }
        let at = (self.position % PAGE) as usize;
        let page = self.page(self.position / PAGE)?;
        let from = page.get(at..).unwrap_or_default();
        let length = from.len().min(into.len());
        into[..length].copy_from_slice(&from[..length]);
        self.position += length as u64;
        Ok(length)
    }
}

impl Seek for Pages {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => i128::from(at),
            SeekFrom::End(by) => i128::from(self.size) + i128::from(by),
            SeekFrom::Current(by) => i128::from(self.position) + i128::from(by),
        };
        self.position = u64::try_from(target).map_err(|_| io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}
