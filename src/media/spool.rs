//! The temporary file that decoded sound is kept in.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::pool::write_all_at;

/// One file for all that is decoded: without a name, so that it is gone when the program ends, however
/// it ends. Made when first needed.
#[derive(Debug)]
pub(super) struct Spool {
    folder: Option<PathBuf>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    file: Option<Arc<File>>,
    /// Bytes given away so far.
    end: u64,
}

/// A stretch of the spool, filled from its start.
#[derive(Debug)]
pub(super) struct Region {
    pub(super) file: Arc<File>,
    /// Byte of the file where it starts.
    pub(super) offset: u64,
    /// Bytes it can hold.
    size: u64,
    /// Bytes written.
    filled: u64,
}

impl Spool {
    /// A spool in a folder; in the system's folder for temporary files where none is named.
    pub(super) fn new(folder: Option<&Path>) -> Self {
        Self {
            folder: folder.map(Path::to_owned),
            state: Mutex::new(State::default()),
        }
    }

    /// Room for so many bytes.
    ///
    /// # Errors
    /// As making the file; and when so much was asked for that offsets do not fit.
    pub(super) fn region(&self, size: u64) -> io::Result<Region> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let file = match &state.file {
            Some(file) => Arc::clone(file),
            None => Arc::new(match &self.folder {
                Some(folder) => tempfile::tempfile_in(folder)?,
                None => tempfile::tempfile()?,
            }),
        };
        let offset = state.end;
        let too_large = || io::Error::from(io::ErrorKind::StorageFull);
        state.end = offset.checked_add(size).ok_or_else(too_large)?;
        state.file = Some(Arc::clone(&file));
        Ok(Region {
            file,
            offset,
            size,
            filled: 0,
        })
    }
}

impl Region {
    /// Bytes written so far.
    pub(super) const fn filled(&self) -> u64 {
        self.filled
    }

    /// Appends bytes; what does not fit is left out.
    ///
    /// # Errors
    /// As writing.
    pub(super) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let room = usize::try_from(self.size - self.filled).unwrap_or(usize::MAX);
        let part = bytes.get(..room).unwrap_or(bytes);
        write_all_at(&self.file, part, self.offset + self.filled)?;
        self.filled += part.len() as u64;
        Ok(())
    }
}

impl io::Write for Region {
    /// Takes all; what does not fit is an error, unlike [`Region::append`].
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() as u64 > self.size - self.filled {
            return Err(io::ErrorKind::WriteZero.into());
        }
        self.append(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::pool::read_exact_at;
    use std::io::Write as _;

    #[test]
    fn regions_do_not_touch_each_other() {
        let spool = Spool::new(None);
        let mut first = spool.region(4).unwrap();
        let mut second = spool.region(3).unwrap();
        second.append(b"xyz").unwrap();
        first.append(b"ab").unwrap();
        first.append(b"cdef").unwrap();
        assert_eq!((first.filled(), second.filled()), (4, 3));
        assert!(second.write_all(b"!").is_err());
        let mut bytes = [0; 7];
        read_exact_at(&first.file, &mut bytes, first.offset).unwrap();
        assert_eq!(&bytes, b"abcdxyz");
        assert!(spool.region(u64::MAX).is_err());
    }
}
