//! A stretch of a file, read as if it were a file of its own.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use super::MediaError;

/// `length` bytes of a file from `offset` on.
#[derive(Debug)]
pub(super) struct Section {
    file: File,
    offset: u64,
    length: u64,
    at: u64,
}

impl Section {
    /// The whole file.
    ///
    /// # Errors
    /// As opening it; and for anything but a regular file, because a device or a pipe has no length.
    pub(super) fn whole(path: &Path) -> Result<Self, MediaError> {
        let io = |source| MediaError::io(path.display().to_string(), source);
        // Looked at before it is opened: opening a pipe waits for its writer.
        if !std::fs::metadata(path).map_err(io)?.is_file() {
            let reason = io::Error::new(io::ErrorKind::InvalidInput, "not a regular file");
            return Err(io(reason));
        }
        let file = File::open(path).map_err(io)?;
        let length = file.metadata().map_err(io)?.len();
        Ok(Self::part(file, 0, length))
    }

    /// A part of a file; the caller has held it against the file's length.
    pub(super) const fn part(file: File, offset: u64, length: u64) -> Self {
        Self {
            file,
            offset,
            length,
            at: 0,
        }
    }

    /// The same stretch once more; the two must not be read in turns, they share a position.
    ///
    /// # Errors
    /// When the system has no more files to give.
    pub(super) fn again(&self) -> io::Result<Self> {
        let file = self.file.try_clone()?;
        Ok(Self::part(file, self.offset, self.length))
    }

    /// Its length in bytes.
    pub(super) const fn length(&self) -> u64 {
        self.length
    }

    /// Where it starts in the file, in bytes.
    pub(super) const fn offset(&self) -> u64 {
        self.offset
    }

    /// The first bytes, fewer where it is shorter; the position is at its start afterwards.
    ///
    /// # Errors
    /// As reading.
    pub(super) fn head<const N: usize>(&mut self) -> io::Result<([u8; N], usize)> {
        let mut head = [0; N];
        let mut filled = 0;
        self.rewind()?;
        while let Some(rest) = head.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.read(rest)? {
                0 => break,
                n => filled += n,
            }
        }
        self.rewind()?;
        Ok((head, filled))
    }
}

impl Read for Section {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.length.saturating_sub(self.at);
        let most = usize::try_from(left)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        let Some(part) = buffer.get_mut(..most).filter(|part| !part.is_empty()) else {
            return Ok(0);
        };
        let read = self.file.read(part)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Section {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => i128::from(at),
            SeekFrom::End(by) => i128::from(self.length) + i128::from(by),
            SeekFrom::Current(by) => i128::from(self.at) + i128::from(by),
        };
        let inside = u64::try_from(target)
            .ok()
            .and_then(|at| Some((at, at.checked_add(self.offset)?)));
        let (at, absolute) = inside.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        self.file.seek(SeekFrom::Start(absolute))?;
        self.at = at;
        Ok(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn a_part_is_a_file_of_its_own() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"0123456789").unwrap();
        let mut part = Section::part(file, 3, 4);
        assert_eq!(part.head::<8>().unwrap(), (*b"3456\0\0\0\0", 4));
        let mut text = String::new();
        assert_eq!(part.seek(SeekFrom::End(-2)).unwrap(), 2);
        part.read_to_string(&mut text).unwrap();
        assert_eq!(text, "56");
        assert_eq!(part.seek(SeekFrom::Current(100)).unwrap(), 104);
        assert_eq!(part.read(&mut [0; 4]).unwrap(), 0);
        assert!(part.seek(SeekFrom::Current(-200)).is_err());
    }

    #[test]
    fn devices_are_refused() {
        if cfg!(unix) {
            assert!(Section::whole(Path::new("/dev/null")).is_err());
        }
    }
}
