//! Checksums of files that are written.

use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};
use std::path::Path;

use md5::{Digest as _, Md5};
use xxhash_rust::xxh3::Xxh3;

/// Bytes that are read at once.
const BLOCK: usize = 1 << 20;

/// What identifies a file's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileHashes {
    pub(super) md5: Option<[u8; 16]>,
    pub(super) xxh128: u128,
}

/// The hashes of a whole file in one pass; the slow one only where it is wanted.
pub(super) fn file_hashes(path: &Path, with_md5: bool) -> io::Result<FileHashes> {
    let mut md5 = with_md5.then(Md5::new);
    let mut xxh = Xxh3::new();
    read_blocks(&mut File::open(path)?, |block| {
        if let Some(md5) = &mut md5 {
            md5.update(block);
        }
        xxh.update(block);
    })?;
    Ok(FileHashes {
        md5: md5.map(|md5| md5.finalize().into()),
        xxh128: xxh.digest128(),
    })
}

/// The MD5 of a stretch of a file.
pub(super) fn md5_of(path: &Path, offset: u64, length: u64) -> io::Result<[u8; 16]> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(offset))?;
    let mut md5 = Md5::new();
    read_blocks(&mut file.take(length), |block| md5.update(block))?;
    Ok(md5.finalize().into())
}

fn read_blocks(from: &mut impl Read, mut see: impl FnMut(&[u8])) -> io::Result<()> {
    let mut block = vec![0; BLOCK];
    loop {
        match from.read(&mut block) {
            Ok(0) => return Ok(()),
            Ok(read) => see(block.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
