//! The file that a clip means.
//!
//! Evidence is tried in the order of its weight: a path that exists, the end of a path, a name, a
//! unique identifier, a reel with a timecode that the file covers, a similar name. Among several files
//! with the same weight of evidence those decide that hold the stretch which the clip needs; what then
//! still fits equally is one recording in several copies, or it is nobody's to guess.
//!
//! **Invariant:** the answer depends on the index, the clip and the base folder alone. Every lookup is
//! by key: a clip costs the same among a hundred files and among a hundred thousand.

mod choose;
mod search;
mod suggest;
#[cfg(test)]
mod tests;

use std::path::Path;

use super::codes::{AMBIGUOUS, MISSING};
use super::index::MediaIndex;
use crate::finding::Finding;
use crate::timeline::Clip;

/// What led to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Match {
    /// It is stored in the timeline's own file or bundle.
    Embedded,
    /// The path in the cut exists.
    ExplicitPath,
    /// The path in the cut ends like the file's: this many parts, the name included.
    PathTail(usize),
    /// The name.
    FileName,
    /// UMID, mob id or unique name of the file.
    Umid,
    /// Reel, tape, scene or take, and a time stamp that covers the timecode.
    ReelTimecode,
    /// A name that differs in suffix or punctuation, or is cut off.
    SimilarName,
}

/// A file that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Located {
    /// Its number in the index.
    pub file: usize,
    /// What led to it.
    pub by: Match,
    /// What was guessed.
    pub findings: Vec<Finding>,
}

/// Nothing that could be taken was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// What was looked for, in the order of the attempts.
    pub tried: Vec<String>,
    /// Files that fit equally and differ, by their numbers; empty where nothing fits.
    pub candidates: Vec<usize>,
    /// What the user may have meant, the likeliest first.
    pub near: Vec<String>,
    /// The same as a finding that stops the job.
    pub finding: Box<Finding>,
}

/// Finds the file that a clip means.
///
/// `base` is the folder of the timeline, for relative paths. Paths that lie outside the media folders,
/// and embedded sound, are found when [`MediaIndex::add_references`] has seen them.
///
/// # Errors
/// [`Missing`] when nothing fits, or several different recordings do.
pub fn locate(index: &MediaIndex, clip: &Clip, base: &Path) -> Result<Located, Missing> {
    let mut search = search::Search::new(index, clip, base);
    match search.run() {
        Ok(Some(located)) => Ok(located),
        Ok(None) => Err(missing(index, clip, &search)),
        Err(candidates) => Err(ambiguous(index, clip, search.tried, candidates)),
    }
}

fn missing(index: &MediaIndex, clip: &Clip, search: &search::Search<'_>) -> Missing {
    let tried = search.tried.clone();
    let near = suggest::near(index, clip, search.need.as_ref());
    let what = if tried.is_empty() {
        "the cut does not say which".to_owned()
    } else {
        format!("looked for {}", tried.join(", "))
    };
    let message = format!(
        "the recording of clip `{}` was not found: {what}",
        clip.name
    );
    let mut finding = Finding::new(MISSING, message).at(clip.place.clone());
    if !near.is_empty() {
        finding = finding.hint(format!("perhaps {}", near.join("; ")));
    }
    Missing {
        tried,
        candidates: Vec::new(),
        near,
        finding: Box::new(finding),
    }
}

fn ambiguous(
    index: &MediaIndex,
    clip: &Clip,
    tried: Vec<String>,
    candidates: Vec<usize>,
) -> Missing {
    let files = candidates
        .iter()
        .take(8)
        .filter_map(|number| index.file(*number));
    let near: Vec<String> = files.map(super::MediaFile::display).collect();
    let count = candidates.len();
    let message = format!(
        "{count} different recordings fit clip `{}`: {}",
        clip.name,
        near.join(", ")
    );
    let finding = Finding::new(AMBIGUOUS, message)
        .at(clip.place.clone())
        .hint("name only the folder that holds the right one");
    Missing {
        tried,
        candidates,
        near,
        finding: Box::new(finding),
    }
}
