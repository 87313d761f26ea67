//! Entries of bundles (ZIP: `.otioz`).

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use super::io_error;
use crate::media::MediaError;
use crate::media::file::Entry;
use crate::media::pieces::Pieces;

/// Largest entry that is unpacked, in bytes: a bundle is made by anybody, and a few bytes of it can
/// stand for as many as the disk has.
const MAX_UNPACKED: u64 = 64 << 30;

/// Writes the unpacked bytes of an entry and returns how many.
pub(in crate::media) fn unpack(
    path: &Path,
    entry: &Entry,
    out: &mut dyn Write,
) -> Result<u64, MediaError> {
    let refused = |e: zip::result::ZipError| zip_error(path, &e);
    let mut archive = zip::ZipArchive::new(open(path)?).map_err(refused)?;
    let mut file = archive.by_name(&entry.name).map_err(refused)?;
    let limited = &mut io::Read::take(&mut file, MAX_UNPACKED);
    io::copy(limited, out).map_err(|e| io_error(path, e))
}

/// Where an entry lies.
pub(super) fn find(path: &Path, name: &str) -> Result<Entry, MediaError> {
    let refused = |e: zip::result::ZipError| zip_error(path, &e);
    let mut archive = zip::ZipArchive::new(open(path)?).map_err(refused)?;
    let file = archive.by_name(name).map_err(refused)?;
    if file.encrypted() {
        let what = format!("the encrypted entry `{name}`");
        return Err(MediaError::unsupported(&path.display().to_string(), what));
    }
    if file.size() > MAX_UNPACKED {
        let what = format!("the entry `{name}` of {} bytes", file.size());
        return Err(MediaError::unsupported(&path.display().to_string(), what));
    }
    Ok(Entry {
        name: name.to_owned(),
        pieces: Pieces::one(
            file.data_start().unwrap_or_default(),
            file.compressed_size(),
        ),
        packed: file.compression() != zip::CompressionMethod::Stored || file.data_start().is_none(),
        pcm: None,
    })
}

/// Buffered: the table of contents is read field by field.
fn open(path: &Path) -> Result<io::BufReader<File>, MediaError> {
    File::open(path)
        .map(io::BufReader::new)
        .map_err(|e| io_error(path, e))
}

fn zip_error(path: &Path, error: &zip::result::ZipError) -> MediaError {
    let what = format!("this bundle ({error})");
    MediaError::unsupported(&path.display().to_string(), what)
}
