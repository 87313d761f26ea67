//! The checksums of files that are being completed: of the samples, for their `MD5 ` chunk, and of the whole file, for
//! what stands beside it. Every file is read once, several side by side.
//!
//! **Invariant:** what is summed is what the disk gives back; nothing is summed from memory.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::Xxh3;

use super::hash::FileHashes;
use super::md5::{BLOCK, Md5Sum, Pair, advance};
use super::part_file::WriteError;

/// Blocks of a file that are read at once: 32 KiB, so that those of all files side by side stay near the processor.
const BLOCKS: usize = (32 << 10) / BLOCK;

/// The sums of a file, as far as it was read.
pub(super) struct Sums {
    file: File,
    /// What the file will be called.
    target: PathBuf,
    /// Bytes of samples that were not read yet.
    left: u64,
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
            left: data_bytes,
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
        let read = self.file.read_exact(bytes);
        read.map_err(|error| WriteError::new(&self.target, error))?;
        self.xxh.update(bytes);
        self.left -= count as u64;
        Ok(count)
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
