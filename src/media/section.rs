//! A stretch of a file, in one piece or several, read as if it were a file of its own.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use super::MediaError;
use super::pieces::Pieces;
use super::pool::read_at;

/// Bytes that are read ahead.
const WINDOW: usize = 8 << 10;

/// Some bytes of a file.
#[derive(Debug)]
pub(super) struct Section {
    file: File,
    pieces: Pieces,
    at: u64,
    /// Bytes read ahead, and the position of the first: headers are read in small pieces.
    window: Vec<u8>,
    window_at: u64,
}

impl Section {
    /// The whole file.
    ///
    /// # Errors
    /// As opening it; and for anything but a regular file, because a device or a pipe has no length.
    pub(super) fn whole(path: &Path) -> Result<Self, MediaError> {
        let io = |source| MediaError::io(path.display().to_string(), source);
        // Looked at before it is opened: opening a pipe waits for its writer.
        let metadata = std::fs::metadata(path).map_err(io)?;
        if !metadata.is_file() {
            let reason = io::Error::new(io::ErrorKind::InvalidInput, "not a regular file");
            return Err(io(reason));
        }
        let file = File::open(path).map_err(io)?;
        Ok(Self::part(file, 0, metadata.len()))
    }

    /// A part of a file; the caller has held it against the file's length.
    pub(super) fn part(file: File, offset: u64, length: u64) -> Self {
        Self::pieces(file, Pieces::one(offset, length))
    }

    /// Several pieces of a file; the caller has held them against the file's length.
    pub(super) fn pieces(file: File, pieces: Pieces) -> Self {
        Self {
            file,
            pieces,
            at: 0,
            window: Vec::new(),
            window_at: 0,
        }
    }

    /// The same stretch once more, from its start.
    ///
    /// # Errors
    /// When the system has no more files to give.
    pub(super) fn again(&self) -> io::Result<Self> {
        let file = self.file.try_clone()?;
        Ok(Self::pieces(file, self.pieces.clone()))
    }

    /// Its length in bytes.
    pub(super) fn length(&self) -> u64 {
        self.pieces.length()
    }

    /// Where it lies in the file.
    pub(super) const fn place(&self) -> &Pieces {
        &self.pieces
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

impl Section {
    /// Reads into `buffer` from `at` on, as far as a piece reaches.
    fn fetch(&self, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let Some((offset, there)) = self.pieces.place(at) else {
            return Ok(0);
        };
        let most = usize::try_from(there)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        match buffer.get_mut(..most) {
            Some(part) if !part.is_empty() => read_at(&self.file, part, offset),
            _ => Ok(0),
        }
    }

    /// The bytes at the position that are in the window.
    fn ready(&self) -> &[u8] {
        let skip = self.at.checked_sub(self.window_at);
        let skip = skip.and_then(|skip| usize::try_from(skip).ok());
        skip.and_then(|skip| self.window.get(skip..))
            .unwrap_or_default()
    }

    fn fill_window(&mut self) -> io::Result<()> {
        let mut window = std::mem::take(&mut self.window);
        window.resize(WINDOW, 0);
        let read = self.fetch(self.at, &mut window);
        window.truncate(*read.as_ref().unwrap_or(&0));
        self.window = window;
        self.window_at = self.at;
        read.map(|_| ())
    }
}

impl Read for Section {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ready().is_empty() {
            if buffer.len() >= WINDOW {
                let read = self.fetch(self.at, buffer)?;
                self.at += read as u64;
                return Ok(read);
            }
            self.fill_window()?;
        }
        let read = self.ready().read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Section {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => i128::from(at),
            SeekFrom::End(by) => i128::from(self.length()) + i128::from(by),
            SeekFrom::Current(by) => i128::from(self.at) + i128::from(by),
        };
        self.at =
            u64::try_from(target).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::pieces::PieceList;
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
    fn pieces_are_read_as_one() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"0123456789").unwrap();
        let mut list = PieceList::default();
        list.push(7, 3);
        list.push(1, 2);
        let mut pieces = Section::pieces(file, list.finish());
        let mut text = String::new();
        pieces.read_to_string(&mut text).unwrap();
        assert_eq!(text, "78912");
    }

    #[test]
    fn devices_are_refused() {
        if cfg!(unix) {
            assert!(Section::whole(Path::new("/dev/null")).is_err());
        }
    }
}
