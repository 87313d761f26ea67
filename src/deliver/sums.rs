//! The checksums of files that are being completed: of the samples, for their `MD5 ` chunk, and of the whole file, for
//! what stands beside it. Every file is read once, several side by side.
//!
//! **Invariant:** what is summed is what the disk gives back; nothing is summed from memory. What was never written is
//! not read: it is silence.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::Xxh3;

use super::hash::FileHashes;
use super::holes::data_from;
use super::md5::{BLOCK, Md5Sum, Pair, advance};
use super::part_file::WriteError;

/// Blocks of a file that are read at once: 32 KiB, so that those of all files side by side stay near the processor.
const BLOCKS: usize = (32 << 10) / BLOCK;

/// The sums of a file, as far as it was read.
pub(super) struct Sums {
    file: File,
    /// What the file will be called.
    target: PathBuf,
    /// Where the next samples stand in the file, and how many of their bytes were not read yet.
    at: u64,
    left: u64,
    /// Nothing was written from there up to here.
    silent_to: u64,
    /// Of the whole file and of its samples.
    md5: Pair,
    xxh: Xxh3,
}

impl Sums {
    /// Of a file that stands at `part`, read up to its samples.
    ///
    /// # Errors
    /// [`WriteError`] when it cannot be read.
    pub(super) fn of_head(
        part: &Path,
        target: &Path,
        (data_offset, data_bytes): (u64, u64),
    ) -> Result<Self, WriteError> {
        let fail = |error| WriteError::new(target, error);
        let mut sums = Self {
            file: File::open(part).map_err(fail)?,
            target: target.to_owned(),
            at: data_offset,
            left: data_bytes,
            silent_to: 0,
            md5: [Md5Sum::new(), Md5Sum::new()],
            xxh: Xxh3::new(),
        };
        sums.read(data_offset).map_err(fail)?;
        Ok(sums)
    }

    /// The MD5 of the samples, once they were read.
    pub(super) fn of_sound(&self) -> [u8; 16] {
        let [_, sound] = &self.md5;
        sound.clone().finish()
    }

    /// Reads what stands behind the samples by now.
    ///
    /// # Errors
    /// [`WriteError`] when it cannot be read.
    pub(super) fn finish(mut self) -> Result<FileHashes, WriteError> {
        let read = self.read(u64::MAX);
        read.map_err(|error| WriteError::new(&self.target, error))?;
        let [whole, _] = self.md5;
        Ok(FileHashes {
            md5: Some(whole.finish()),
            xxh128: self.xxh.digest128(),
        })
    }

    /// Adds up to so many bytes to the sums of the whole file.
    fn read(&mut self, bytes: u64) -> io::Result<()> {
        let mut part = vec![0; BLOCKS * BLOCK];
        let mut left = bytes;
        while left > 0 {
            let most = left.min(part.len() as u64) as usize;
            let read = match self.file.read(part.get_mut(..most).unwrap_or_default()) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            if read == 0 {
                break;
            }
            let bytes = part.get(..read).unwrap_or_default();
            self.md5[0].update(bytes);
            self.xxh.update(bytes);
            left -= read as u64;
        }
        Ok(())
    }

    /// Fills `blocks` with the next samples; how many of their bytes there are.
    fn fill(&mut self, blocks: &mut [[u8; BLOCK]]) -> Result<usize, WriteError> {
        let bytes = blocks.as_flattened_mut();
        let count = self.left.min(bytes.len() as u64) as usize;
        let bytes = bytes.get_mut(..count).unwrap_or_default();
        self.at += count as u64;
        self.left -= count as u64;
        if self.at <= self.silent_to {
            bytes.fill(0);
        } else {
            let read = self.file.read_exact(bytes);
            let read = read.and_then(|()| self.look_ahead(bytes));
            read.map_err(|error| WriteError::new(&self.target, error))?;
        }
        self.xxh.update(bytes);
        Ok(count)
    }

    /// Behind silence there may be nothing that was written: goes to the next place from where blocks are read.
    fn look_ahead(&mut self, bytes: &[u8]) -> io::Result<()> {
        let sounds = |bytes: &[u8]| bytes.iter().fold(0, |any, byte| any | byte) != 0;
        let (_, last) = bytes.split_at(bytes.len() - bytes.len().min(BLOCK));
        if !sounds(last) && !sounds(bytes) {
            let most = bytes.len().max(1) as u64;
            let silent = data_from(&self.file, self.at).min(self.at + self.left);
            self.silent_to = self.at + (silent - self.at) / most * most;
            self.file.seek(SeekFrom::Start(self.silent_to))?;
        }
        Ok(())
    }
}

/// Reads the samples of files of which the heads were read, of as many as stand side by side.
///
/// # Errors
/// [`WriteError`] for a file that cannot be read.
pub(super) fn sum_sound(files: &mut [Sums]) -> Result<(), WriteError> {
    let mut blocks = vec![[0; BLOCK]; BLOCKS * files.len()];
    while files.iter().any(|file| file.left > 0) {
        let (mut pairs, mut streams) = (Vec::new(), Vec::new());
        for (file, part) in files.iter_mut().zip(blocks.chunks_exact_mut(BLOCKS)) {
            let count = file.fill(part)?;
            if count == BLOCKS * BLOCK && file.md5.iter().all(Md5Sum::is_at_block) {
                pairs.push(&mut file.md5);
                streams.push(&*part);
            } else {
                let bytes = part.as_flattened().get(..count).unwrap_or_default();
                for sum in &mut file.md5 {
                    sum.update(bytes);
                }
            }
        }
        advance(&mut pairs, &streams);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write as _;

    use md5::{Digest as _, Md5};
    use xxhash_rust::xxh3::xxh3_128;

    use super::*;

    /// Files of which only some places were written have the sums of what is read from them.
    #[test]
    fn silence_that_was_never_written_is_summed_as_what_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let (head, block) = (700_u64, (BLOCKS * BLOCK) as u64);
        let written: [&[u64]; 5] = [
            &[],
            &[0],
            &[3 * block + 5],
            &[9 * block, 40 * block],
            &[0, 70 * block + 900],
        ];
        let length = 70 * block + 1_001;
        let mut paths = Vec::new();
        for (number, places) in written.iter().enumerate() {
            let path = folder.path().join(number.to_string());
            let mut file = File::create(&path).unwrap();
            file.set_len(head + length + 99).unwrap();
            for place in *places {
                file.seek(SeekFrom::Start(head + place)).unwrap();
                file.write_all(&[7; 101]).unwrap();
            }
            paths.push(path);
        }
        let open = |path: &PathBuf| Sums::of_head(path, path, (head, length)).unwrap();
        let mut sums: Vec<Sums> = paths.iter().map(open).collect();
        sum_sound(&mut sums).unwrap();
        for (sums, path) in sums.into_iter().zip(paths) {
            let bytes = fs::read(path).unwrap();
            let sound = &bytes[head as usize..(head + length) as usize];
            assert_eq!(sums.of_sound(), <[u8; 16]>::from(Md5::digest(sound)));
            let whole = sums.finish().unwrap();
            assert_eq!(whole.md5, Some(Md5::digest(&bytes).into()));
            assert_eq!(whole.xxh128, xxh3_128(&bytes));
        }
    }
}
