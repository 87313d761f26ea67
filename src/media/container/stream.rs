//! Streams of structured storages: the sound inside a binary AAF.

use std::path::Path;

use super::io_error;
use crate::compound::{Storage, StorageError};
use crate::media::MediaError;
use crate::media::pieces::{PieceList, Pieces};

/// Opens a structured storage.
pub(super) fn open(path: &Path) -> Result<Storage, MediaError> {
    Storage::open(path).map_err(|error| match error {
        StorageError::Io(error) => io_error(path, error),
        damaged @ StorageError::Damaged(_) => {
            MediaError::malformed(&path.display().to_string(), 0, damaged.to_string())
        }
    })
}

/// Where a stream lies, by its folders and name.
pub(super) fn find(storage: &Storage, path: &Path, name: &str) -> Result<Pieces, MediaError> {
    let wrong = |message: String| {
        let path = path.display().to_string();
        MediaError::malformed(&path, 0, format!("stream `{name}`: {message}"))
    };
    let stream = storage
        .find(name)
        .ok_or_else(|| wrong("it is not there".into()))?;
    let mut pieces = PieceList::default();
    for run in storage.runs(stream).map_err(wrong)? {
        pieces.push(run.offset, run.length);
    }
    Ok(pieces.finish())
}
