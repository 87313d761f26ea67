//! What sound there is: every file of the media folders by its header.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::MediaError;
use super::codes::{EMBEDDED, NOT_SOUND};
use super::container::Containers;
use super::file::MediaFile;
use super::fingerprint::{Fingerprint, fingerprint};
use super::keys::Keys;
use super::names::{fold, stem};
use super::reference::{Reference, normal};
use super::walk::{has_sound_suffix, list};
use crate::finding::{Finding, Place};
use crate::timeline::MediaRef;

/// How far the index has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexProgress {
    /// Files looked at.
    pub read: usize,
    /// Files to look at.
    pub total: usize,
}

/// The sound files of the media folders, and the ways to find them.
///
/// Only headers and metadata are read. The order of the files depends on their paths alone.
#[derive(Debug, Clone, Default)]
pub struct MediaIndex {
    files: Vec<MediaFile>,
    keys: Keys,
    folders: Vec<PathBuf>,
    /// Fingerprints of files that had to be compared, by number.
    prints: Vec<OnceLock<Option<Fingerprint>>>,
    /// Files that are there and cannot be used, by folded name without suffix.
    unusable: BTreeMap<String, (PathBuf, String)>,
}

impl MediaIndex {
    /// An index without files.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Looks through folders (or single files). `progress` is called from many threads.
    ///
    /// A folder or file that cannot be read is a finding: the cut may not need it.
    pub fn build(
        folders: &[PathBuf],
        progress: &(dyn Fn(IndexProgress) + Sync),
    ) -> (Self, Vec<Finding>) {
        let folders: Vec<PathBuf> = folders.iter().map(|folder| absolute(folder)).collect();
        let listing = list(&folders);
        let mut findings = listing.findings;
        let mut index = Self {
            folders,
            ..Self::default()
        };
        for path in listing.foreign {
            index.note_unusable(&path, "its format is not read; export its sound as WAV");
        }
        let paths: Vec<PathBuf> = listing.sound.into_iter().collect();
        for (path, media) in paths.iter().zip(open_all(&paths, progress)) {
            match media {
                Ok(media) => index.add(media),
                Err(error) => findings.extend(index.refuse(path, &error)),
            }
        }
        (index, findings)
    }

    /// The files, in the order of their numbers.
    pub fn files(&self) -> &[MediaFile] {
        &self.files
    }

    /// The file with a number, as [`locate`](super::locate()) returns it.
    pub fn file(&self, number: usize) -> Option<&MediaFile> {
        self.files.get(number)
    }

    /// Adds one file and returns its number; a file that is in the index already keeps its own.
    ///
    /// # Errors
    /// As [`MediaFile::open`].
    pub fn add_file(&mut self, path: &Path) -> Result<usize, MediaError> {
        let path = absolute(path);
        if let Some(number) = self.keys.path(&path) {
            return Ok(number);
        }
        let media = MediaFile::open(&path)?;
        self.add(media);
        Ok(self.files.len() - 1)
    }

    /// Adds what a timeline names by a path that exists, or holds inside its own file or bundle, so
    /// that [`locate`](super::locate()) finds it. `base` is the timeline's folder.
    pub fn add_references<'a>(
        &mut self,
        references: impl IntoIterator<Item = &'a MediaRef>,
        base: &Path,
    ) -> Vec<Finding> {
        let mut paths = std::collections::BTreeSet::new();
        let mut embedded = BTreeMap::new();
        for media in references {
            for text in media.file.iter().chain(&media.alternatives) {
                paths.extend(self.places(text, base));
            }
            if let Some(inside) = &media.embedded {
                embedded.insert((&inside.container, &inside.entry), inside);
            }
        }
        paths.retain(|path| self.keys.path(path).is_none());
        let paths: Vec<PathBuf> = paths.into_iter().collect();
        let there: Vec<PathBuf> = paths
            .into_par_iter()
            .filter(|path| path.is_file())
            .collect();
        let mut findings = Vec::new();
        for (path, media) in there.iter().zip(open_all(&there, &|_| {})) {
            match media {
                Ok(media) => self.add(media),
                Err(error) => {
                    findings.extend(self.refuse(path, &error));
                    self.note_unusable(path, &error.to_string());
                }
            }
        }
        let mut containers = Containers::default();
        for inside in embedded.into_values() {
            if self
                .keys
                .entry(Path::new(&inside.container), &inside.entry)
                .is_some()
            {
                continue;
            }
            match containers.open(inside) {
                Ok(media) => self.add(media),
                Err(error) => findings.push(refused_entry(&error, &inside.container)),
            }
        }
        findings
    }

    /// The lookups.
    pub(super) const fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Where a path or URL may lie on this machine: as it stands, beside the timeline, in the media
    /// folders.
    pub(super) fn places(&self, text: &str, base: &Path) -> Vec<PathBuf> {
        let readings = Reference::readings(text);
        let mut places = Vec::new();
        for path in readings.iter().flat_map(|reading| &reading.paths) {
            if path.is_absolute() {
                places.push(normal(path));
                continue;
            }
            let folders = std::iter::once(base).chain(self.folders.iter().map(PathBuf::as_path));
            places.extend(folders.map(|folder| absolute(&folder.join(path))));
        }
        places
    }

    /// A file of this name that is there but cannot be used, and why.
    pub(super) fn unusable(&self, name: &str) -> Option<(&Path, &str)> {
        let (path, reason) = self.unusable.get(&fold(stem(name)))?;
        Some((path, reason))
    }

    /// Whether two files are the same recording: one file, or copies of it; or, where their kinds
    /// differ and content cannot be compared, of the same length, format and time.
    pub(super) fn same_recording(&self, a: usize, b: usize) -> bool {
        let (Some(first), Some(second)) = (self.file(a), self.file(b)) else {
            return false;
        };
        if first.identity.is_some() && first.identity == second.identity {
            return true;
        }
        let header =
            |file: &MediaFile| (file.frames, file.rate, file.channels, file.time_reference);
        if header(first) != header(second) {
            return false;
        }
        if first.kind != second.kind {
            return true;
        }
        let print = |number| self.print(number);
        first.size == second.size && print(a).is_some_and(|a| Some(a) == print(b))
    }

    fn print(&self, number: usize) -> Option<Fingerprint> {
        let file = self.file(number).filter(|file| file.entry.is_none())?;
        let print = self.prints.get(number)?;
        *print.get_or_init(|| fingerprint(&file.path).ok())
    }

    /// Adds a file that is nowhere on disk.
    #[cfg(test)]
    pub(super) fn add_for_test(&mut self, media: MediaFile) {
        self.add(media);
    }

    fn add(&mut self, media: MediaFile) {
        self.keys.add(self.files.len(), &media);
        self.files.push(media);
        self.prints.push(OnceLock::new());
    }

    fn refuse(&mut self, path: &Path, error: &MediaError) -> Option<Finding> {
        // Without a suffix of sound it was only looked at in case.
        if matches!(error, MediaError::NotSound { .. }) && !has_sound_suffix(path) {
            return None;
        }
        self.note_unusable(path, &error.to_string());
        let place = Place::file(path.display().to_string());
        Some(Finding::new(NOT_SOUND, error.to_string()).at(place))
    }

    fn note_unusable(&mut self, path: &Path, reason: &str) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let entry = (path.to_owned(), reason.to_owned());
        self.unusable.entry(fold(stem(&name))).or_insert(entry);
    }
}

fn refused_entry(error: &MediaError, container: &str) -> Finding {
    Finding::new(EMBEDDED, error.to_string()).at(Place::file(container))
}

/// Reads headers in parallel; the answers stand in the order of the paths.
fn open_all(
    paths: &[PathBuf],
    progress: &(dyn Fn(IndexProgress) + Sync),
) -> Vec<Result<MediaFile, MediaError>> {
    let read = AtomicUsize::new(0);
    let open = |path: &PathBuf| {
        let media = MediaFile::open(path);
        progress(IndexProgress {
            read: read.fetch_add(1, Ordering::Relaxed) + 1,
            total: paths.len(),
        });
        media
    };
    paths.par_iter().map(open).collect()
}

/// From the root and without dots; as it stands where the system cannot say.
fn absolute(path: &Path) -> PathBuf {
    normal(&std::path::absolute(path).unwrap_or_else(|_| path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::testing::Wav;
    use std::fs;
    use std::sync::Mutex;

    fn codes(findings: &[Finding]) -> Vec<&'static str> {
        findings.iter().map(|finding| finding.code.id).collect()
    }

    #[test]
    fn holds_good_files_and_reports_bad_ones() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for name in ["a/b/2.wav", "a/1.WAV", "no_suffix"] {
            Wav::default().write(&root.join(name));
        }
        for name in ["empty.wav", "text.wav", "text"] {
            fs::write(
                root.join(name),
                if name == "empty.wav" { "" } else { "no sound" },
            )
            .unwrap();
        }
        let folders = [root.to_owned(), root.join("a"), root.join("gone")];
        let last = Mutex::new((0, 0));
        let (index, findings) = MediaIndex::build(&folders, &|progress| {
            let mut last = last.lock().unwrap();
            *last = (last.0.max(progress.read), progress.total);
        });
        let names: Vec<&str> = index.files().iter().map(|f| f.file_name.as_str()).collect();
        assert_eq!(names, ["1.WAV", "2.wav", "no_suffix"]);
        assert_eq!(
            codes(&findings),
            ["MED001", "MED002", "MED002"],
            "{findings:?}"
        );
        assert_eq!(*last.lock().unwrap(), (6, 6));
    }

    #[test]
    fn the_order_is_that_of_the_paths() {
        let folder = tempfile::tempdir().unwrap();
        for i in 0..200 {
            Wav {
                frames: 1,
                ..Wav::default()
            }
            .write(&folder.path().join(format!("{:03}.wav", 199 - i)));
        }
        let (index, _) = MediaIndex::build(&[folder.path().to_owned()], &|_| {});
        assert!(index.files().is_sorted_by_key(|file| file.path.clone()));
        assert_eq!(index.files().len(), 200);
    }

    #[test]
    fn a_file_is_added_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.wav");
        Wav::default().write(&path);
        let mut index = MediaIndex::empty();
        assert_eq!(index.add_file(&path).unwrap(), 0);
        assert_eq!(
            index.add_file(&folder.path().join("./y/../x.wav")).unwrap(),
            0
        );
        assert!(index.add_file(&folder.path().join("y.wav")).is_err());
        assert_eq!(index.files().len(), 1);
    }

    #[test]
    fn references_bring_what_exists_and_remember_what_is_unfit() {
        let folder = tempfile::tempdir().unwrap();
        Wav::default().write(&folder.path().join("x.wav"));
        fs::write(folder.path().join("film.mov"), b"film").unwrap();
        let media = |file: &str| MediaRef {
            file: Some(file.to_owned()),
            ..MediaRef::default()
        };
        let references = [
            media("x.wav"),
            media("film.mov"),
            media("gone.wav"),
            media("x.wav"),
        ];
        let mut index = MediaIndex::empty();
        let findings = index.add_references(&references, folder.path());
        assert_eq!((index.files().len(), codes(&findings)), (1, Vec::new()));
        assert!(index.unusable("film").is_some());
        assert!(index.unusable("gone.wav").is_none());
    }

    #[cfg(unix)]
    #[test]
    fn a_read_only_folder_is_enough() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.wav");
        Wav::default().write(&path);
        let mode = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        };
        mode(&path, 0o444);
        mode(folder.path(), 0o555);
        let before = fs::metadata(&path).unwrap().modified().unwrap();
        let (index, findings) = MediaIndex::build(&[folder.path().to_owned()], &|_| {});
        assert_eq!((index.files().len(), codes(&findings)), (1, Vec::new()));
        let source = crate::media::SourcePool::default().open(&index.files()[0]);
        source.read_raw(0..480, &mut Vec::new()).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), before);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        mode(folder.path(), 0o755);
    }
}
