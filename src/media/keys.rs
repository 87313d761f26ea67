//! The ways to a file: every name, number and time that a cut may know it by.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::file::MediaFile;
use super::names::{fold, loose, stem};
use super::spans::Spans;

/// Most files that one question answers with. Above it the answer is "too many to tell", never a
/// long search.
pub(super) const MAX_CANDIDATES: usize = 500;

/// Lookups by key, each holding the numbers of files in ascending order.
#[derive(Debug, Clone, Default)]
pub(super) struct Keys {
    paths: BTreeMap<PathBuf, usize>,
    entries: BTreeMap<(PathBuf, String), usize>,
    /// Folded path parts from the file name up, each closed by a NUL.
    tails: BTreeMap<String, Vec<usize>>,
    /// Folded file name without suffix.
    stems: BTreeMap<String, Vec<usize>>,
    /// Letters and digits of the same.
    loose: BTreeMap<String, Vec<usize>>,
    /// The same backwards, for suggestions.
    backwards: BTreeMap<String, usize>,
    umids: BTreeMap<String, Vec<usize>>,
    /// Letters and digits of tape, scene, take and file name.
    reels: BTreeMap<String, Spans>,
    clock: Spans,
}

impl Keys {
    /// Enters a file under all its keys.
    pub(super) fn add(&mut self, number: usize, file: &MediaFile) {
        match &file.entry {
            Some(entry) => {
                self.entries
                    .insert((file.path.clone(), entry.name.clone()), number);
            }
            None => {
                self.paths.entry(file.path.clone()).or_insert(number);
            }
        }
        let stem = stem(&file.file_name);
        let plain = loose(stem);
        self.tails.entry(tail_of(file)).or_default().push(number);
        self.stems.entry(fold(stem)).or_default().push(number);
        self.backwards
            .entry(plain.chars().rev().collect())
            .or_insert(number);
        self.loose.entry(plain).or_default().push(number);
        for key in file
            .umid
            .iter()
            .chain(&file.file_uid)
            .flat_map(|umid| umid_keys(umid))
        {
            self.umids.entry(key).or_default().push(number);
        }
        self.add_times(number, file, stem);
    }

    fn add_times(&mut self, number: usize, file: &MediaFile, stem: &str) {
        let Some(start) = file.start().map(crate::time::Pos::seconds) else {
            return;
        };
        let Some(end) = start.checked_add(file.duration()) else {
            return;
        };
        self.clock.add(start, end, number);
        for key in reel_keys(file, stem) {
            self.reels.entry(key).or_default().add(start, end, number);
        }
    }

    /// The file at exactly this path.
    pub(super) fn path(&self, path: &Path) -> Option<usize> {
        self.paths.get(path).copied()
    }

    /// The entry of a bundle.
    pub(super) fn entry(&self, container: &Path, name: &str) -> Option<usize> {
        self.entries
            .get(&(container.to_owned(), name.to_owned()))
            .copied()
    }

    /// The files that share most path parts with this one, counted from the file name up, and how
    /// many; the file name must be shared.
    pub(super) fn tail(&self, parts: &[String]) -> (usize, Vec<usize>) {
        for shared in (1..=parts.len()).rev() {
            let key = tail_key(parts.iter().rev().take(shared));
            let files = below(&self.tails, &key);
            if !files.is_empty() {
                return (shared, files);
            }
        }
        (0, Vec::new())
    }

    /// Files of this name, without case, accents and suffix.
    pub(super) fn stem(&self, stem: &str) -> Vec<usize> {
        limited(self.stems.get(&fold(stem)))
    }

    /// Files whose name has the same letters and digits, suffix aside.
    pub(super) fn loose(&self, stem: &str) -> Vec<usize> {
        limited(self.loose.get(&loose(stem)).filter(|_| !stem.is_empty()))
    }

    /// Files whose name starts with these letters and digits.
    pub(super) fn starting(&self, start: &str) -> Vec<usize> {
        below(&self.loose, &loose(start))
    }

    /// Files with this UMID, mob id or other unique name.
    pub(super) fn umid(&self, umid: &str) -> Vec<usize> {
        let mut files: Vec<usize> = umid_keys(umid)
            .iter()
            .flat_map(|key| limited(self.umids.get(key)))
            .collect();
        files.sort_unstable();
        files.dedup();
        files
    }

    /// The recordings of a reel, tape, scene or take.
    pub(super) fn reel(&self, name: &str) -> Option<&Spans> {
        self.reels.get(&loose(name))
    }

    /// The recordings of all reels whose name starts with this one, as a cut list writes it that has
    /// room for so many characters only.
    pub(super) fn reels_starting(&self, start: &str) -> impl Iterator<Item = &Spans> {
        let start = loose(start);
        let from = self.reels.range(start.clone()..);
        from.take_while(move |(key, _)| key.starts_with(&start))
            .map(|(_, spans)| spans)
            .take(MAX_CANDIDATES)
    }

    /// All recordings along the clock.
    pub(super) const fn clock(&self) -> &Spans {
        &self.clock
    }

    /// Files whose names stand near this one in order, forwards and backwards: where a name that
    /// is nearly the same is sure to be found unless it differs at both ends.
    pub(super) fn neighbours(&self, stem: &str, each: usize) -> Vec<usize> {
        let key = loose(stem);
        let reverse: String = key.chars().rev().collect();
        let mut near = Vec::new();
        let first = |files: &Vec<usize>| files.first().copied();
        near.extend(
            self.loose
                .range(key.clone()..)
                .take(each)
                .filter_map(|(_, f)| first(f)),
        );
        near.extend(
            self.loose
                .range(..key)
                .rev()
                .take(each)
                .filter_map(|(_, f)| first(f)),
        );
        near.extend(
            self.backwards
                .range(reverse.clone()..)
                .take(each)
                .map(|(_, f)| *f),
        );
        near.extend(
            self.backwards
                .range(..reverse)
                .rev()
                .take(each)
                .map(|(_, f)| *f),
        );
        near.sort_unstable();
        near.dedup();
        near
    }
}

/// Every file under a key that starts so, in ascending order.
fn below(map: &BTreeMap<String, Vec<usize>>, start: &str) -> Vec<usize> {
    if start.is_empty() {
        return Vec::new();
    }
    let mut files: Vec<usize> = map
        .range(start.to_owned()..)
        .take_while(|(key, _)| key.starts_with(start))
        .flat_map(|(_, files)| files.iter().copied())
        .take(MAX_CANDIDATES)
        .collect();
    files.sort_unstable();
    files
}

fn limited(files: Option<&Vec<usize>>) -> Vec<usize> {
    files.map_or_else(Vec::new, |files| {
        files.iter().copied().take(MAX_CANDIDATES).collect()
    })
}

fn tail_of(file: &MediaFile) -> String {
    let folders = |path: &Path| -> Vec<String> {
        let part = |part: std::path::Component<'_>| part.as_os_str().to_string_lossy().into_owned();
        path.components().map(part).collect()
    };
    let mut parts = folders(&file.path);
    if let Some(entry) = &file.entry {
        parts.extend(folders(Path::new(&entry.name)));
    }
    tail_key(parts.iter().rev())
}

fn tail_key<'a>(parts: impl Iterator<Item = &'a String>) -> String {
    let mut key = String::new();
    for part in parts {
        key.push_str(&fold(part));
        key.push('\0');
    }
    key
}

/// Names that cuts give a recording in their reel column.
fn reel_keys(file: &MediaFile, stem: &str) -> Vec<String> {
    let labels = &file.labels;
    let mut names = vec![stem.to_owned()];
    names.extend(labels.tape.clone());
    if let Some(scene) = &labels.scene {
        names.push(scene.clone());
        names.extend(labels.take.as_ref().map(|take| format!("{scene}{take}")));
    }
    let mut keys: Vec<String> = names.iter().map(|name| loose(name)).collect();
    keys.retain(|key| !key.is_empty());
    keys.sort();
    keys.dedup();
    keys
}

/// The forms in which two systems write one identifier. Of a UMID the material number alone counts
/// (SMPTE ST 330 §6.4), as it stands, with the numbers of a GUID turned round and with its halves
/// exchanged, as AAF and MXF store it. One that many files have, because somebody filled it with a
/// constant, is none.
fn umid_keys(umid: &str) -> Vec<String> {
    let key = loose(umid);
    let hex = key.bytes().all(|b| b.is_ascii_hexdigit());
    let number = match key.len() {
        64.. if hex => key.get(32..64).unwrap_or_default(),
        32 if hex => key.as_str(),
        8.. => return vec![key],
        _ => return Vec::new(),
    };
    let varied = number.bytes().collect::<BTreeSet<u8>>().len() >= 4;
    if !varied {
        return Vec::new();
    }
    let (first, second) = number.split_at(16);
    let halves = format!("{second}{first}");
    let forms = [turned(number), turned(&halves), number.to_owned(), halves];
    forms
        .into_iter()
        .collect::<BTreeSet<String>>()
        .into_iter()
        .collect()
}

/// A GUID with its first three numbers in the other byte order.
fn turned(hex: &str) -> String {
    const ORDER: [usize; 16] = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
    let pair = |i: &usize| hex.get(2 * i..2 * i + 2).unwrap_or_default();
    ORDER.iter().map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_meet_in_every_byte_order() {
        let umid = "060a2b340101010501010f10130000006ee0925c5dff4377b1d22946c5b91dab";
        let shares = |other: &str| {
            let keys: BTreeSet<String> = umid_keys(umid).into_iter().collect();
            umid_keys(other).iter().any(|key| keys.contains(key))
        };
        for other in [
            umid,
            "6EE0925C-5DFF-4377-B1D2-2946C5B91DAB",
            "5c92e06eff5d7743b1d22946c5b91dab",
            "060a2b340101010501010f1013000000b1d22946c5b91dab6ee0925c5dff4377",
        ] {
            assert!(shares(other), "{other}");
        }
        assert!(!shares("7ee0925c5dff4377b1d22946c5b91dab"));
    }

    #[test]
    fn constants_are_no_identifiers() {
        for umid in [
            "",
            "abc",
            "00000000000000000000000000000000",
            "7fffffffffffffff7fffffffffffffff",
            "060a2b340101010501010f1013000000ffffffffffffffffffffffffffffffff",
        ] {
            assert_eq!(umid_keys(umid), Vec::<String>::new(), "{umid}");
        }
        assert_eq!(umid_keys("USSDVGR1112089007124001008206301").len(), 1);
    }
}
