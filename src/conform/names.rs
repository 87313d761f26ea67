//! Files of a delivery that would have one name.

use std::fmt::Write as _;

use super::codes::ONE_NAME;
use super::plan::{DeliveredFile, Plan};
use crate::finding::Finding;

/// What a file would be called, and what it is.
#[derive(Debug, Clone)]
struct Named<'a> {
    file: &'a str,
    /// Code of its stem or composite, `ADM` for the file of all stems.
    output: &'a str,
    /// As the plan lists it.
    listed: Option<&'a DeliveredFile>,
}

/// The first two files that one file system or another would take for the same, as an error that
/// names what to change in the spec.
pub(super) fn clash(plan: &Plan) -> Option<Finding> {
    let adm = plan.adm.iter().map(|adm| Named {
        file: &adm.file,
        output: "ADM",
        listed: None,
    });
    let stems = plan.stems.iter().map(|stem| (&stem.file, &stem.code));
    let composites = plan.composites.iter().map(|sum| (&sum.file, &sum.code));
    let outputs = stems.chain(composites).map(|(file, output)| Named {
        file,
        output,
        listed: None,
    });
    let listed = plan.files.iter().map(|file| Named {
        file: &file.file,
        output: &file.output,
        listed: Some(file),
    });
    let whole = adm.clone().chain(outputs);
    first_clash(listed.chain(adm)).or_else(|| first_clash(whole))
}

fn first_clash<'a>(files: impl Iterator<Item = Named<'a>>) -> Option<Finding> {
    let mut seen: std::collections::BTreeMap<String, Named<'a>> = std::collections::BTreeMap::new();
    for file in files {
        if let Some(first) = seen.get(&file.file.to_lowercase()) {
            return Some(finding(first, &file));
        }
        seen.insert(file.file.to_lowercase(), file);
    }
    None
}

fn finding(first: &Named<'_>, second: &Named<'_>) -> Finding {
    let (one, other) = (described(first), described(second));
    let message = if first.file == second.file {
        format!("`{}` would be the name of {one} and of {other}", first.file)
    } else {
        let names = (first.file, second.file);
        format!(
            "`{}` of {one} and `{}` of {other} are one name where case does not count",
            names.0, names.1
        )
    };
    Finding::new(&ONE_NAME, message).hint(hint(first, second))
}

/// `DX reel 2 channel 3`, channels from 1.
fn described(named: &Named<'_>) -> String {
    let mut text = named.output.to_owned();
    let Some(file) = named.listed else {
        return text;
    };
    match file.reel {
        Some(reel) => {
            let _ = write!(text, " reel {reel}");
        }
        None => text.push_str(" long-play"),
    }
    if let [Some(channel)] = file.channels.as_slice() {
        let _ = write!(text, " channel {}", channel + 1);
    }
    text
}

/// The key of the spec that makes names differ.
fn hint(first: &Named<'_>, second: &Named<'_>) -> String {
    let reels = |named: &Named<'_>| named.listed.map(|file| file.reel);
    if first.output != second.output {
        format!(
            "give {} or {} another `asset` in the spec, or write {{code}} or {{layout}} in `file_name`",
            first.output, second.output
        )
    } else if reels(first) != reels(second) {
        "give `fields.long_play` a word that no reel has, or write {part} in `file_name`".to_owned()
    } else {
        "write {channel} in `file_name`, or set `files` to interleaved".to_owned()
    }
}
