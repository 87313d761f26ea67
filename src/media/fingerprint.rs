//! The identity of a file's content without reading all of it.

use std::fmt;
use std::fs::File;
use std::path::Path;

use serde::{Serialize, Serializer};
use xxhash_rust::xxh3::Xxh3;

use super::MediaError;
use super::pool::read_exact_at;

/// Bytes of one block.
const BLOCK: u64 = 64 << 10;

/// Blocks that are read of a large file: the first, the last, and 14 between.
const BLOCKS: u64 = 16;

/// A file up to this size is read whole: 1 MiB.
const WHOLE: u64 = BLOCK * BLOCKS;

/// XXH3-128 of the size and of samples of the content.
///
/// Hashed are the size in bytes (64 bits, little-endian) and then the whole content up to 1 MiB; of a
/// larger file 16 blocks of 64 KiB, of which block `i` starts at byte `floor(i·(size − 65,536)/15)`, so
/// that the first and the last block of the file are among them. Two files with one fingerprint are
/// taken for equal; a change that keeps the size and misses every block goes unseen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(u128);

impl fmt::Display for Fingerprint {
    /// `xxh3-128-sampled:` and 32 hex digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "xxh3-128-sampled:{:032x}", self.0)
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The fingerprint of a file.
///
/// # Errors
/// [`MediaError::Io`] when it cannot be read.
pub fn fingerprint(path: &Path) -> Result<Fingerprint, MediaError> {
    let io = |source| MediaError::io(path.display().to_string(), source);
    let file = File::open(path).map_err(io)?;
    let size = file.metadata().map_err(io)?.len();
    let mut hash = Xxh3::new();
    hash.update(&size.to_le_bytes());
    let mut block = vec![0; size.min(BLOCK) as usize];
    for offset in offsets(size) {
        let length = size.saturating_sub(offset).min(BLOCK) as usize;
        let part = block.get_mut(..length).unwrap_or_default();
        read_exact_at(&file, part, offset).map_err(io)?;
        hash.update(part);
    }
    Ok(Fingerprint(hash.digest128()))
}

/// Where the blocks start that are read of a file of this size.
fn offsets(size: u64) -> Vec<u64> {
    if size <= WHOLE {
        return (0..size.div_ceil(BLOCK)).map(|i| i * BLOCK).collect();
    }
    let room = u128::from(size - BLOCK);
    let last = u128::from(BLOCKS - 1);
    (0..u128::from(BLOCKS))
        .map(|i| (i * room / last) as u64)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print_of(bytes: &[u8]) -> String {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        fingerprint(file.path()).unwrap().to_string()
    }

    #[test]
    fn small_files_are_hashed_whole() {
        let expect = |bytes: &[u8]| {
            let mut all = (bytes.len() as u64).to_le_bytes().to_vec();
            all.extend(bytes);
            format!(
                "xxh3-128-sampled:{:032x}",
                xxhash_rust::xxh3::xxh3_128(&all)
            )
        };
        for size in [0, 1, 65_536, 65_537, 1_048_576] {
            let bytes: Vec<u8> = (0..size).map(|i: u32| (i * 31 % 251) as u8).collect();
            assert_eq!(print_of(&bytes), expect(&bytes), "{size}");
        }
    }

    #[test]
    fn large_files_are_sampled_from_end_to_end() {
        assert_eq!(offsets(WHOLE + 15).first(), Some(&0));
        assert_eq!(
            offsets(10_000_000_000).last(),
            Some(&(10_000_000_000 - BLOCK))
        );
        assert_eq!(offsets(u64::MAX).len(), 16);
        let mut bytes = vec![7; 3_000_000];
        let before = print_of(&bytes);
        for at in [0, 2_999_999] {
            bytes[at] = 8;
            assert_ne!(print_of(&bytes), before, "byte {at}");
            bytes[at] = 7;
        }
        bytes.push(7);
        assert_ne!(print_of(&bytes), before);
    }
}
