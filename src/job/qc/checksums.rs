//! Checksums that are stated of the files of a package, held against the files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::bwf::hex;
use crate::deliver::{Algorithm, Listed, digests, md5_of, read_lines, read_mhl};
use crate::qc::{Checksum, FileFacts};

/// Longest list that is read, in bytes.
const MAX_LIST: u64 = 64 << 20;

/// What stands in lists: by file and kind the list and its checksum; of several lists the last one, which is the
/// newest generation, is right.
type Stated = BTreeMap<(usize, Algorithm), (String, String)>;

/// Looks at every list, and at the chunks `MD5 ` of the files themselves. Gives back the files that are listed and
/// not there, with their lists.
pub(super) fn verify(
    found: &[(PathBuf, String)],
    files: &mut [FileFacts],
) -> Vec<(String, String)> {
    let (stated, absent) = stated(found);
    let results: Vec<Vec<Checksum>> = found
        .par_iter()
        .enumerate()
        .map(|(index, (path, _))| {
            let mut sums = in_lists(path, index, &stated);
            sums.extend(files.get(index).and_then(|file| in_chunk(path, file)));
            sums
        })
        .collect();
    for (file, sums) in files.iter_mut().zip(results) {
        file.checksums = sums;
    }
    absent
}

/// What all lists say together.
fn stated(found: &[(PathBuf, String)]) -> (Stated, Vec<(String, String)>) {
    let (mut stated, mut absent) = (Stated::new(), Vec::new());
    let index: BTreeMap<&str, usize> = found
        .iter()
        .enumerate()
        .map(|(i, (_, name))| (name.as_str(), i))
        .collect();
    for (path, list) in found {
        let Some((base, entries)) = entries(path, list) else {
            continue;
        };
        for Listed { name, sums } in entries {
            let Some(file) = standing(&index, base, &name) else {
                absent.push((list.clone(), name));
                continue;
            };
            for (algorithm, sum) in sums {
                stated.insert((file, algorithm), (list.clone(), sum));
            }
        }
    }
    absent.sort();
    absent.dedup();
    (stated, absent)
}

/// The entries of a list, where the file is one, and the folder that their paths begin in.
fn entries<'a>(path: &Path, list: &'a str) -> Option<(&'a str, Vec<Listed>)> {
    let (folder, name) = list.rsplit_once('/').unwrap_or(("", list));
    let lower = name.to_ascii_lowercase();
    let suffix = lower.rsplit_once('.')?.1;
    let is_chain = lower == "ascmhl_chain.xml";
    if !is_chain && !matches!(suffix, "md5" | "mhl") {
        return None;
    }
    let small = fs::metadata(path).is_ok_and(|data| data.len() <= MAX_LIST);
    let text = small.then(|| fs::read(path).ok()).flatten()?;
    let text = String::from_utf8_lossy(&text);
    if suffix == "md5" {
        let own = name.get(..name.len() - ".md5".len()).unwrap_or(name);
        return Some((folder, read_lines(&text, own)));
    }
    // The lists of the ASC lie in a folder of their own, below that of the files.
    let above = match folder.rsplit_once('/') {
        Some((above, "ascmhl")) => above,
        None if folder == "ascmhl" => "",
        _ => folder,
    };
    Some((if is_chain { folder } else { above }, read_mhl(&text)))
}

/// The file that a list means: below its folder, else the only one of that name.
fn standing(index: &BTreeMap<&str, usize>, base: &str, name: &str) -> Option<usize> {
    let name = name.replace('\\', "/");
    let name = name.trim_start_matches("./");
    let below = if base.is_empty() {
        name.to_owned()
    } else {
        format!("{base}/{name}")
    };
    let exact = index.get(below.as_str()).copied();
    exact.or_else(|| {
        let last = name.rsplit('/').next()?;
        let alike = |known: &str| known.rsplit('/').next() == Some(last);
        let mut alike = index.iter().filter(|(known, _)| alike(known));
        let only = alike.next()?;
        alike.next().is_none().then_some(*only.1)
    })
}

/// What lists say of a file, in one pass over it.
fn in_lists(path: &Path, index: usize, stated: &Stated) -> Vec<Checksum> {
    let of_file = stated.range((index, Algorithm::Md5)..=(index, Algorithm::C4));
    let of_file: Vec<(Algorithm, &(String, String))> =
        of_file.map(|((_, kind), said)| (*kind, said)).collect();
    if of_file.is_empty() {
        return Vec::new();
    }
    let kinds: Vec<Algorithm> = of_file.iter().map(|(kind, _)| *kind).collect();
    let found = digests(path, &kinds).unwrap_or_default();
    let sums = of_file.into_iter().enumerate();
    sums.map(|(i, (kind, (list, sum)))| Checksum {
        stated_in: list.clone(),
        what: format!("{} of the file", kind.name()),
        stated: sum.clone(),
        found: found.get(i).cloned(),
    })
    .collect()
}

/// What the file's own chunk says of its samples.
fn in_chunk(path: &Path, file: &FileFacts) -> Option<Checksum> {
    let wave = file.header()?;
    let (stated, data) = (wave.md5?, wave.data?);
    let found = md5_of(path, data.offset, data.bytes).ok();
    Some(Checksum {
        stated_in: "its chunk `MD5 `".to_owned(),
        what: "MD5 of the samples".to_owned(),
        stated: hex(&stated),
        found: found.map(|found| hex(&found)),
    })
}
