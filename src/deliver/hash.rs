//! Checksums of files that are written.

use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};
use std::path::Path;

use md5::{Digest as _, Md5};
use sha2::Sha512;
use xxhash_rust::xxh3::Xxh3;
use xxhash_rust::xxh64::Xxh64;

use super::mhl::c4_of;
use crate::bwf::hex;

/// Bytes that are read at once.
const BLOCK: usize = 1 << 20;

/// What identifies a file's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileHashes {
    pub(super) md5: Option<[u8; 16]>,
    pub(super) xxh128: u128,
}

/// The XXH3 of 128 bits of a whole file.
pub(super) fn xxh128_of(path: &Path) -> io::Result<u128> {
    let mut xxh = Xxh3::new();
    read_blocks(&mut File::open(path)?, |block| xxh.update(block))?;
    Ok(xxh.digest128())
}

/// A kind of checksum that media hash lists state of whole files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Algorithm {
    /// RFC 1321.
    Md5,
    /// `xxHash` of 64 bits.
    Xxh64,
    /// XXH3 of 64 bits.
    Xxh3,
    /// XXH3 of 128 bits.
    Xxh128,
    /// SMPTE ST 2114.
    C4,
}

impl Algorithm {
    /// By the name of its element in a media hash list.
    pub(crate) fn named(element: &str) -> Option<Self> {
        match element {
            "md5" => Some(Self::Md5),
            "xxh64" | "xxhash64be" => Some(Self::Xxh64),
            "xxh3" => Some(Self::Xxh3),
            "xxh128" => Some(Self::Xxh128),
            "c4" => Some(Self::C4),
            _ => None,
        }
    }

    /// What people call it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Xxh64 => "XXH64",
            Self::Xxh3 => "XXH3",
            Self::Xxh128 => "XXH128",
            Self::C4 => "C4",
        }
    }
}

/// The checksums of a whole file, as lists state them, in one pass.
pub(crate) fn digests(path: &Path, wanted: &[Algorithm]) -> io::Result<Vec<String>> {
    let is = |algorithm| wanted.contains(&algorithm);
    let mut md5 = is(Algorithm::Md5).then(Md5::new);
    let mut c4 = is(Algorithm::C4).then(Sha512::new);
    let mut xxh64 = is(Algorithm::Xxh64).then(|| Xxh64::new(0));
    let mut xxh3 = (is(Algorithm::Xxh3) || is(Algorithm::Xxh128)).then(Xxh3::new);
    read_blocks(&mut File::open(path)?, |block| {
        if let Some(hash) = &mut md5 {
            hash.update(block);
        }
        if let Some(hash) = &mut c4 {
            hash.update(block);
        }
        if let Some(hash) = &mut xxh64 {
            hash.update(block);
        }
        if let Some(hash) = &mut xxh3 {
            hash.update(block);
        }
    })?;
    let xxh3 = xxh3.unwrap_or_default();
    let of = |algorithm: &Algorithm| match algorithm {
        Algorithm::Md5 => hex(&md5.clone().unwrap_or_default().finalize()),
        Algorithm::C4 => c4_of(c4.clone().unwrap_or_default().finalize().to_vec()),
        Algorithm::Xxh64 => format!("{:016x}", xxh64.as_ref().map_or(0, Xxh64::digest)),
        Algorithm::Xxh3 => format!("{:016x}", xxh3.digest()),
        Algorithm::Xxh128 => format!("{:032x}", xxh3.digest128()),
    };
    Ok(wanted.iter().map(of).collect())
}

/// The MD5 of a stretch of a file.
pub(crate) fn md5_of(path: &Path, offset: u64, length: u64) -> io::Result<[u8; 16]> {
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
