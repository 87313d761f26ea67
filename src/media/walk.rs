//! Which files lie in the media folders.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::codes::FOLDER;
use crate::finding::{Finding, Place, Severity};

/// Folders nested deeper than this are not looked into.
const MAX_DEPTH: usize = 64;

/// Suffixes of what can be read, in lower case.
const SOUND: &[&str] = &[
    "wav", "wave", "bwf", "rf64", "bw64", "w64", "aif", "aiff", "aifc", "afc", "caf", "flac", "fla",
];

/// Suffixes of what holds sound or only picture, in lower case.
const PERHAPS: &[&str] = &["mxf"];

/// Suffixes of what holds sound but is not read: worth a hint when the cut asks for it.
const FOREIGN: &[&str] = &[
    "mov", "mp4", "m4v", "m4a", "mp3", "mp2", "aac", "ac3", "eac3", "ec3", "ogg", "oga", "opus",
    "wma", "avi", "mkv", "mts", "m2ts", "ts", "sd2", "wv", "ape", "dts", "thd", "r3d", "braw",
    "mka", "webm", "amr",
];

/// What a folder holds.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// Files that may be sound.
    pub(super) sound: BTreeSet<PathBuf>,
    /// Files that hold sound in a form that is not read.
    pub(super) foreign: BTreeSet<PathBuf>,
    /// What could not be listed.
    pub(super) findings: Vec<Finding>,
}

/// Lists folders and everything in them. Links are followed, each folder is listed once, and hidden
/// files, `._` doubles of macOS and unfinished `.part` files are left out.
pub(super) fn list(folders: &[PathBuf]) -> Listing {
    let mut listing = Listing::default();
    let mut seen = BTreeSet::new();
    for folder in folders {
        list_folder(folder, &mut seen, &mut listing);
    }
    listing
}

fn list_folder(folder: &Path, seen: &mut BTreeSet<FolderId>, listing: &mut Listing) {
    let walk = WalkDir::new(folder)
        .follow_links(true)
        .max_depth(MAX_DEPTH)
        .sort_by_file_name();
    let mut once = |entry: &DirEntry| {
        wanted(entry) && (!entry.file_type().is_dir() || seen.insert(folder_id(entry)))
    };
    for entry in walk.into_iter().filter_entry(|entry| once(entry)) {
        match entry {
            Ok(entry) if entry.file_type().is_file() => sort_out(entry.into_path(), listing),
            Ok(_) => {}
            Err(error) => listing.findings.push(complaint(folder, &error)),
        }
    }
}

/// Everything but hidden files; the folder that the user named may be called as it likes.
fn wanted(entry: &DirEntry) -> bool {
    entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn sort_out(path: PathBuf, listing: &mut Listing) {
    let suffix = path
        .extension()
        .map(|suffix| suffix.to_string_lossy().to_ascii_lowercase());
    match suffix.as_deref() {
        // Systems that keep the kind elsewhere write no suffix; the content decides.
        None => listing.sound.insert(path),
        Some(suffix) if SOUND.contains(&suffix) || PERHAPS.contains(&suffix) => {
            listing.sound.insert(path)
        }
        Some(suffix) if FOREIGN.contains(&suffix) => listing.foreign.insert(path),
        Some(_) => false,
    };
}

/// Whether a suffix is one of a sound file, so that content which is none is worth a word.
pub(super) fn has_sound_suffix(path: &Path) -> bool {
    let suffix = path
        .extension()
        .map(|suffix| suffix.to_string_lossy().to_ascii_lowercase());
    suffix.is_some_and(|suffix| SOUND.contains(&suffix.as_str()))
}

fn complaint(folder: &Path, error: &walkdir::Error) -> Finding {
    let path = error.path().unwrap_or(folder).display().to_string();
    if let Some(ancestor) = error.loop_ancestor() {
        let message = format!(
            "{path} links back to {}; it was not followed",
            ancestor.display()
        );
        return Finding::new(FOLDER, message)
            .severity(Severity::Info)
            .at(Place::file(path));
    }
    let reason = error
        .io_error()
        .map_or_else(|| error.to_string(), ToString::to_string);
    let message = format!("{path} cannot be read: {reason}");
    Finding::new(FOLDER, message)
        .at(Place::file(path))
        .hint("check that it exists and that you may read it")
}

/// What tells folders apart, however they are reached.
type FolderId = (u64, u64, PathBuf);

#[cfg(unix)]
fn folder_id(entry: &DirEntry) -> FolderId {
    use std::os::unix::fs::MetadataExt as _;
    match entry.metadata() {
        Ok(metadata) => (metadata.dev(), metadata.ino(), PathBuf::new()),
        Err(_) => (0, 0, entry.path().to_owned()),
    }
}

#[cfg(not(unix))]
fn folder_id(entry: &DirEntry) -> FolderId {
    let path = entry.path().canonicalize();
    (0, 0, path.unwrap_or_else(|_| entry.path().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(paths: &BTreeSet<PathBuf>) -> Vec<String> {
        let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
        paths.iter().map(name).collect()
    }

    #[test]
    fn keeps_what_may_be_sound() {
        let folder = tempfile::tempdir().unwrap();
        let wanted = ["a.wav", "b.AIFF", "c", "d.caf"];
        let unwanted = ["._a.wav", ".hidden.wav", "e.wav.part", "f.txt", "g.exr"];
        for name in wanted.iter().chain(&unwanted).chain(&["film.mov"]) {
            std::fs::write(folder.path().join(name), b"x").unwrap();
        }
        let listing = list(&[folder.path().to_owned()]);
        assert_eq!(names(&listing.sound), wanted);
        assert_eq!(names(&listing.foreign), ["film.mov"]);
        assert_eq!(listing.findings, []);
    }

    #[test]
    fn a_folder_that_is_not_there_is_a_finding() {
        let listing = list(&[PathBuf::from("/no/such/folder")]);
        let codes: Vec<&str> = listing.findings.iter().map(|f| f.code.id).collect();
        assert_eq!(codes, ["MED001"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_may_form_loops_and_meshes() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::write(root.join("a.wav"), b"x").unwrap();
        symlink(root, root.join("loop")).unwrap();
        // Twenty levels, each with two links to the next: a million ways through.
        for level in 0..20 {
            std::fs::create_dir(root.join(format!("m{level}"))).unwrap();
        }
        for level in 0..19 {
            for side in ["x", "y"] {
                let next = root.join(format!("m{}", level + 1));
                symlink(next, root.join(format!("m{level}/{side}"))).unwrap();
            }
        }
        std::fs::write(root.join("m19/deep.wav"), b"x").unwrap();
        let listing = list(&[root.to_owned(), root.join("m19")]);
        assert_eq!(names(&listing.sound), ["a.wav", "deep.wav"]);
        assert!(
            listing
                .findings
                .iter()
                .all(|f| f.severity == Severity::Info)
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_without_rights_is_a_finding() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let shut = folder.path().join("shut");
        std::fs::create_dir(&shut).unwrap();
        std::fs::set_permissions(&shut, std::fs::Permissions::from_mode(0o000)).unwrap();
        if std::fs::read_dir(&shut).is_ok() {
            println!("skipped: this user may read every folder");
            return;
        }
        let listing = list(&[folder.path().to_owned()]);
        assert_eq!(listing.findings.len(), 1);
        std::fs::set_permissions(&shut, std::fs::Permissions::from_mode(0o700)).unwrap();
    }
}
