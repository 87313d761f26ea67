//! Sound inside other files: entries of bundles.
//!
//! A further kind of container is one more arm in [`open_entry`] and in [`unpack`]: it finds the entry
//! and says whether its bytes lie in one piece. If they do, they are read where they are; if not, they
//! are unpacked once into the temporary file.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use super::MediaError;
use super::file::{Entry, MediaFile};
use super::section::Section;
use crate::timeline::Embedded;

/// Largest entry that is unpacked, in bytes: a bundle is made by anybody, and a few bytes of it can
/// stand for as many as the disk has.
const MAX_UNPACKED: u64 = 64 << 30;

/// Reads the header of sound that is stored inside another file.
///
/// # Errors
/// [`MediaError`] when the container or the entry is not there or cannot be read.
pub(super) fn open_entry(embedded: &Embedded) -> Result<MediaFile, MediaError> {
    let path = Path::new(&embedded.container);
    let (head, length) = Section::whole(path)?
        .head::<4>()
        .map_err(|e| io_error(path, e))?;
    if head.get(..length) != Some(b"PK\x03\x04") {
        let what = format!("sound inside this kind of file (`{}`)", embedded.entry);
        return Err(MediaError::unsupported(&embedded.container, what));
    }
    let entry = zip_entry(path, &embedded.entry)?;
    let mut file = section(path, &entry)?;
    MediaFile::read(&mut file, path, Some(entry))
}

impl MediaFile {
    /// Reads the header of an entry of a bundle.
    ///
    /// # Errors
    /// [`MediaError`] when the bundle or the entry is not there or cannot be read.
    pub fn open_entry(bundle: &Path, entry: &str) -> Result<Self, MediaError> {
        let container = bundle.to_string_lossy().into_owned();
        open_entry(&Embedded {
            container,
            entry: entry.to_owned(),
            pcm: None,
        })
    }
}

/// The bytes of an entry as a file of its own; unpacked into a nameless file where they are packed.
pub(super) fn section(path: &Path, entry: &Entry) -> Result<Section, MediaError> {
    let io = |e| io_error(path, e);
    if !entry.packed {
        let file = File::open(path).map_err(io)?;
        let end = entry.offset.checked_add(entry.length);
        if end.is_none_or(|end| file.metadata().is_ok_and(|m| end > m.len())) {
            let name = path.display().to_string();
            return Err(MediaError::malformed(
                &name,
                entry.offset,
                "the entry is cut short",
            ));
        }
        return Ok(Section::part(file, entry.offset, entry.length));
    }
    let mut file = tempfile::tempfile().map_err(io)?;
    let length = unpack(path, entry, &mut file)?;
    Ok(Section::part(file, 0, length))
}

/// Writes the unpacked bytes of an entry and returns how many.
pub(super) fn unpack(path: &Path, entry: &Entry, out: &mut dyn Write) -> Result<u64, MediaError> {
    let refused = |e: zip::result::ZipError| zip_error(path, &e);
    let mut archive = zip::ZipArchive::new(open(path)?).map_err(refused)?;
    let mut file = archive.by_name(&entry.name).map_err(refused)?;
    let limited = &mut io::Read::take(&mut file, MAX_UNPACKED);
    io::copy(limited, out).map_err(|e| io_error(path, e))
}

fn zip_entry(path: &Path, name: &str) -> Result<Entry, MediaError> {
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
        offset: file.data_start().unwrap_or_default(),
        length: file.compressed_size(),
        packed: file.compression() != zip::CompressionMethod::Stored || file.data_start().is_none(),
    })
}

/// Buffered: the table of contents is read field by field.
fn open(path: &Path) -> Result<io::BufReader<File>, MediaError> {
    File::open(path)
        .map(io::BufReader::new)
        .map_err(|e| io_error(path, e))
}

fn io_error(path: &Path, error: io::Error) -> MediaError {
    MediaError::io(path.display().to_string(), error)
}

fn zip_error(path: &Path, error: &zip::result::ZipError) -> MediaError {
    let what = format!("this bundle ({error})");
    MediaError::unsupported(&path.display().to_string(), what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::testing::Wav;
    use crate::media::{MediaIndex, Planar, Scratch, SourcePool};
    use crate::timeline::MediaRef;

    /// A bundle with stored and compressed entries.
    fn bundle(path: &Path, entries: &[(&str, &[u8], bool)]) {
        let mut zip = zip::ZipWriter::new(File::create(path).unwrap());
        for (name, bytes, packed) in entries {
            let method = if *packed {
                zip::CompressionMethod::Deflated
            } else {
                zip::CompressionMethod::Stored
            };
            let options = zip::write::SimpleFileOptions::default().compression_method(method);
            zip.start_file(*name, options).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap();
    }

    fn inside(container: &Path, entry: &str) -> MediaRef {
        MediaRef {
            embedded: Some(Embedded {
                container: container.display().to_string(),
                entry: entry.to_owned(),
                pcm: None,
            }),
            ..MediaRef::default()
        }
    }

    /// The index with these entries of a bundle, and the codes of what was wrong.
    fn index(path: &Path, names: &[&str]) -> (MediaIndex, Vec<&'static str>) {
        let references: Vec<MediaRef> = names.iter().map(|name| inside(path, name)).collect();
        let mut index = MediaIndex::empty();
        let findings = index.add_references(&references, Path::new("/"));
        (index, findings.iter().map(|f| f.code.id).collect())
    }

    #[test]
    fn stored_and_packed_entries_are_the_same_sound() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cut.otioz");
        let wav = Wav {
            channels: 2,
            time_reference: Some(7),
            ..Wav::default()
        };
        bundle(
            &path,
            &[
                ("media/a.wav", &wav.bytes(), false),
                ("media/b.wav", &wav.bytes(), true),
            ],
        );
        let (index, codes) = index(&path, &["media/a.wav", "media/b.wav"]);
        assert_eq!(codes, [""; 0]);
        let pool = SourcePool::default();
        let (mut out, mut scratch) = (Planar::default(), Scratch::default());
        for (file, name) in index.files().iter().zip(["a.wav", "b.wav"]) {
            assert_eq!(
                (file.file_name.as_str(), file.time_reference),
                (name, Some(7))
            );
            pool.open(file)
                .read(100..200, &[1], &mut out, &mut scratch)
                .unwrap();
            for (frame, sample) in (100..).zip(out.channel(0)) {
                assert_eq!(
                    *sample,
                    f64::from(wav.sample(frame, 1)) / 8_388_608.0,
                    "{name}"
                );
            }
        }
    }

    #[cfg(feature = "codecs")]
    #[test]
    fn compressed_sound_may_be_packed_again() {
        let flac = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/media/flac_24.flac");
        let flac = std::fs::read(flac).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cut.otioz");
        bundle(&path, &[("a.flac", &flac, false), ("b.flac", &flac, true)]);
        let (index, codes) = index(&path, &["a.flac", "b.flac"]);
        assert_eq!(codes, [""; 0]);
        let pool = SourcePool::default();
        let mut bytes = [Vec::new(), Vec::new()];
        for (file, bytes) in index.files().iter().zip(&mut bytes) {
            pool.open(file).read_raw(0..1000, bytes).unwrap();
        }
        assert_eq!(bytes[0], bytes[1]);
        assert_eq!(bytes[0].len(), 6000);
    }

    #[test]
    fn what_is_not_there_is_a_finding() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cut.otioz");
        bundle(&path, &[("text.wav", b"no sound", false)]);
        assert_eq!(index(&path, &["gone.wav", "text.wav"]).1, ["MED017"; 2]);
        std::fs::write(&path, b"PK\x03\x04 and no more").unwrap();
        assert_eq!(index(&path, &["a.wav"]).1, ["MED017"]);
        std::fs::write(&path, b"\xd0\xcf\x11\xe0").unwrap();
        assert_eq!(index(&path, &["a.wav"]).1, ["MED017"]);
        assert_eq!(
            index(&folder.path().join("no.otioz"), &["a.wav"]).1,
            ["MED017"]
        );
    }
}
