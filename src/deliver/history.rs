//! Media hash lists that stand in a folder already.
//!
//! **Invariant:** a list is replaced only together with every file that it lists.

use std::io;
use std::path::{Path, PathBuf};

use super::hash_list::read_mhl;
use super::package::DeliverError;
use super::part_file::WriteError;
use crate::conform::plan::DeliveredFile;

/// Longest list that is read, in bytes: some 100,000 files.
const MAX_LIST: u64 = 64 << 20;

/// The manifests of a folder's history, `0001_NAME_DATE.mhl`, but the new one.
pub(super) fn earlier_manifests(folder: &Path, new: &str) -> io::Result<Vec<PathBuf>> {
    let is_manifest = |name: &str| {
        let generation = name.split('_').next().unwrap_or_default();
        let numbered = generation.len() >= 4 && generation.bytes().all(|b| b.is_ascii_digit());
        numbered && name != new
    };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let list = path.extension().is_some_and(|suffix| suffix == "mhl");
        if list && name.is_some_and(is_manifest) && path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Looks whether the history of a folder lists files that are there and that this delivery will not replace: the
/// sound files by their names, what stands beside them by the title that its names begin with.
///
/// # Errors
/// [`DeliverError::OthersHistory`] for the first such file; [`DeliverError::Write`] for a list that cannot be read.
pub(super) fn others_history(
    folder: &Path,
    files: &[DeliveredFile],
    title: &str,
) -> Result<(), DeliverError> {
    let lists = folder.join("ascmhl");
    if !lists.is_dir() {
        return Ok(());
    }
    let fail = |error| WriteError::new(&lists, error);
    for manifest in earlier_manifests(&lists, "").map_err(fail)? {
        let size = std::fs::metadata(&manifest).map_err(fail)?.len();
        let text = match size {
            0..=MAX_LIST => std::fs::read(&manifest).map_err(fail)?,
            _ => Vec::new(),
        };
        for listed in read_mhl(&String::from_utf8_lossy(&text)) {
            let name = listed.name.as_str();
            let sound = name.to_ascii_lowercase().ends_with(".wav");
            let beside = !sound && name.starts_with(title) && !name.contains('/');
            let ours = beside || files.iter().any(|file| file.file == name);
            if !ours && folder.join(name).is_file() {
                return Err(DeliverError::OthersHistory {
                    manifest: manifest.display().to_string(),
                    file: listed.name,
                });
            }
        }
    }
    Ok(())
}
