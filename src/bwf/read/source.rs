//! Bytes at offsets.

use std::io::{self, Read, Seek, SeekFrom};

/// A file of known length.
#[derive(Debug)]
pub(super) struct Source<R> {
    inner: R,
    /// Its length in bytes.
    pub len: u64,
}

impl<R: Read + Seek> Source<R> {
    pub(super) fn new(mut inner: R) -> io::Result<Self> {
        let len = inner.seek(SeekFrom::End(0))?;
        Ok(Self { inner, len })
    }

    /// Up to `size` bytes from `offset`; fewer where the file ends. Memory is taken as bytes arrive.
    pub(super) fn bytes(&mut self, offset: u64, size: u64) -> io::Result<Vec<u8>> {
        let size = size.min(self.len.saturating_sub(offset));
        let mut bytes = Vec::new();
        if size > 0 {
            self.inner.seek(SeekFrom::Start(offset))?;
            self.inner.by_ref().take(size).read_to_end(&mut bytes)?;
        }
        Ok(bytes)
    }

    /// Exactly `N` bytes from `offset`; `None` where the file ends before.
    pub(super) fn array<const N: usize>(&mut self, offset: u64) -> io::Result<Option<[u8; N]>> {
        Ok(self.bytes(offset, N as u64)?.try_into().ok())
    }
}
