//! What the user may have meant.

use crate::media::index::MediaIndex;
use crate::media::names::{distance, loose, stem};
use crate::media::need::Need;
use crate::media::reference::Reference;
use crate::timeline::Clip;

/// Most suggestions for one clip.
const MOST: usize = 3;

/// Names looked at on each side of the one that is missing.
const EACH: usize = 8;

/// Suggestions for a clip whose file was not found.
pub(super) fn near(index: &MediaIndex, clip: &Clip, need: Option<&Need>) -> Vec<String> {
    let media = &clip.media;
    let texts = media.file.iter().chain([&media.name, &clip.name]);
    let names: Vec<String> = texts
        .map(|text| Reference::parse(text).name().to_owned())
        .filter(|name| !name.is_empty())
        .collect();
    let mut near = Vec::new();
    for name in &names {
        if let Some((path, reason)) = index.unusable(name) {
            near.push(format!("{}: {reason}", path.display()));
        }
    }
    near.extend(names.iter().filter_map(|name| like(index, name)));
    near.extend(need.and_then(|need| covering(index, need)));
    let mut seen = std::collections::BTreeSet::new();
    near.retain(|text| seen.insert(text.clone()));
    near.truncate(MOST);
    near
}

/// The file whose name is nearest, if at most a quarter of it differs.
fn like(index: &MediaIndex, name: &str) -> Option<String> {
    let key = loose(stem(name));
    let limit = (key.chars().count() / 4).min(6);
    let weigh = |number: usize| {
        let file = index.file(number)?;
        let changes = distance(&key, &loose(stem(&file.file_name)), limit)?;
        Some((changes, file.display()))
    };
    let neighbours = index.keys().neighbours(stem(name), EACH);
    let (_, file) = neighbours.into_iter().filter_map(weigh).min()?;
    Some(file)
}

/// A file whose time stamp covers the timecode.
fn covering(index: &MediaIndex, need: &Need) -> Option<String> {
    need.rate?;
    let numbers = index.keys().clock().meeting(need.start, need.end, 1);
    let file = index.file(*numbers.first()?)?;
    Some(format!("{}, which covers the timecode", file.display()))
}
