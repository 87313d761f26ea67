//! Sound inside other files: entries of bundles, streams of structured storages, and files that a
//! timeline describes because they have no header of their own.
//!
//! A further kind of container is one more arm in [`Containers::open`]: it finds the entry and says where
//! its bytes lie. If they are stored as they are, they are read where they are, in however many pieces;
//! if they are packed, they are unpacked once into the temporary file.

mod bundle;
mod stream;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::MediaError;
use super::file::{BarePcm, Entry, MediaFile};
use super::pieces::Pieces;
use super::section::Section;
use crate::compound::Storage;
use crate::timeline::Embedded;

pub(super) use bundle::unpack;

/// Most structured storages that are kept open: their tables of contents are read once, however many
/// streams are asked for.
const MAX_KEPT: usize = 4;

/// The first bytes of a bundle and of a structured storage.
const BUNDLE: &[u8] = b"PK\x03\x04";
const STORAGE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Containers that were opened.
#[derive(Debug, Default)]
pub(super) struct Containers {
    storages: BTreeMap<PathBuf, Storage>,
}

impl Containers {
    /// Reads the header of sound that is stored inside another file, or that only its timeline
    /// describes.
    ///
    /// # Errors
    /// [`MediaError`] when the container or the entry is not there or cannot be read.
    pub(super) fn open(&mut self, embedded: &Embedded) -> Result<MediaFile, MediaError> {
        let path = Path::new(&embedded.container);
        let mut whole = Section::whole(path)?;
        let (head, length) = whole.head::<8>().map_err(|e| io_error(path, e))?;
        let head = head.get(..length).unwrap_or_default();
        let entry = if embedded.entry.is_empty() {
            let pieces = whole.place().clone();
            Entry {
                name: String::new(),
                pieces,
                packed: false,
                pcm: embedded.pcm,
            }
        } else if head.starts_with(BUNDLE) {
            bundle::find(path, &embedded.entry)?
        } else if head == STORAGE {
            let pieces = self.stream(path, &embedded.entry)?;
            Entry {
                name: embedded.entry.clone(),
                pieces,
                packed: false,
                pcm: embedded.pcm,
            }
        } else {
            let what = format!("sound inside this kind of file (`{}`)", embedded.entry);
            return Err(MediaError::unsupported(&embedded.container, what));
        };
        let mut file = section(path, &entry)?;
        MediaFile::read(&mut file, path, Some(entry))
    }

    /// Where a stream of a structured storage lies.
    fn stream(&mut self, path: &Path, name: &str) -> Result<Pieces, MediaError> {
        if !self.storages.contains_key(path) {
            if self.storages.len() >= MAX_KEPT {
                self.storages.clear();
            }
            let storage = stream::open(path)?;
            self.storages.insert(path.to_owned(), storage);
        }
        let storage = self.storages.get(path);
        storage.map_or_else(
            || Ok(Pieces::one(0, 0)),
            |storage| stream::find(storage, path, name),
        )
    }
}

impl MediaFile {
    /// Reads the header of sound inside another file: an entry of a bundle or a stream of a structured
    /// storage; with an empty `entry` the file itself. `pcm` says how samples without a header are stored.
    ///
    /// # Errors
    /// [`MediaError`] when the file or the entry is not there or cannot be read.
    pub fn open_entry(
        container: &Path,
        entry: &str,
        pcm: Option<BarePcm>,
    ) -> Result<Self, MediaError> {
        let container = container.to_string_lossy().into_owned();
        Containers::default().open(&Embedded {
            container,
            entry: entry.to_owned(),
            pcm,
        })
    }
}

/// The bytes of an entry as a file of its own; unpacked into a nameless file where they are packed.
pub(super) fn section(path: &Path, entry: &Entry) -> Result<Section, MediaError> {
    let io = |e| io_error(path, e);
    if !entry.packed {
        let file = File::open(path).map_err(io)?;
        let size = file.metadata().map_err(io)?.len();
        if let Some(at) = entry.pieces.beyond(size) {
            let name = path.display().to_string();
            return Err(MediaError::malformed(&name, at, "the entry is cut short"));
        }
        return Ok(Section::pieces(file, entry.pieces.clone()));
    }
    let mut file = tempfile::tempfile().map_err(io)?;
    let length = unpack(path, entry, &mut file)?;
    Ok(Section::part(file, 0, length))
}

fn io_error(path: &Path, error: io::Error) -> MediaError {
    MediaError::io(path.display().to_string(), error)
}
