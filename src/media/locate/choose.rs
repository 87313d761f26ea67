//! One file out of several that fit.

use crate::finding::Finding;
use crate::media::codes::DUPLICATE;
use crate::media::file::MediaFile;
use crate::media::index::MediaIndex;
use crate::media::names::loose;
use crate::media::need::{Cover, Need};
use crate::timeline::{Clip, MediaRef};

/// What came of it.
#[derive(Debug)]
pub(super) enum Choice {
    /// This file.
    One(Pick),
    /// The evidence is the same for all of these, and they are different recordings.
    Several(Vec<usize>, Cover),
}

/// A chosen file.
#[derive(Debug)]
pub(super) struct Pick {
    pub(super) file: usize,
    pub(super) cover: Cover,
    pub(super) findings: Vec<Finding>,
}

/// How much speaks for a file, in the order in which it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Evidence {
    same_umid: bool,
    cover: Cover,
    channel: u8,
    same_reel: bool,
    exact_name: bool,
}

/// The file that most speaks for; among copies of it the one with the shortest path.
pub(super) fn choose(
    index: &MediaIndex,
    clip: &Clip,
    need: Option<&Need>,
    name: &str,
    candidates: &[usize],
) -> Option<Choice> {
    let umids = clip
        .media
        .umid
        .as_deref()
        .map(|umid| index.keys().umid(umid));
    let weigh = |number: &usize| {
        let file = index.file(*number)?;
        let evidence = Evidence {
            same_umid: umids.as_ref().is_some_and(|umids| umids.contains(number)),
            cover: need.map_or(Cover::None, |need| need.cover(file)),
            channel: channel_rank(file, clip.media.channel),
            same_reel: same_reel(file, &clip.media),
            exact_name: file.file_name == name,
        };
        Some((evidence, file, *number))
    };
    let weighed: Vec<_> = candidates.iter().filter_map(weigh).collect();
    let best = weighed.iter().map(|(evidence, ..)| *evidence).max()?;
    let mut equal: Vec<_> = weighed
        .into_iter()
        .filter(|(evidence, ..)| *evidence == best)
        .map(|(_, file, number)| (file, number))
        .collect();
    equal.sort_by_key(|(file, number)| {
        let path = file.path.as_os_str();
        (file.kind, path.len(), path, *number)
    });
    let (first, number) = *equal.first()?;
    let others = equal.get(1..).unwrap_or_default();
    if others
        .iter()
        .any(|(_, other)| !index.same_recording(number, *other))
    {
        let numbers = equal.into_iter().map(|(_, number)| number).collect();
        return Some(Choice::Several(numbers, best.cover));
    }
    let copies = others
        .iter()
        .map(|(file, _)| *file)
        .filter(|other| !same_file(first, other));
    let copies: Vec<&MediaFile> = copies.collect();
    let findings = duplicate(clip, first, &copies).into_iter().collect();
    Some(Choice::One(Pick {
        file: number,
        cover: best.cover,
        findings,
    }))
}

/// Two paths to one file on disk.
fn same_file(a: &MediaFile, b: &MediaFile) -> bool {
    a.identity.is_some() && a.identity == b.identity && a.entry == b.entry
}

fn duplicate(clip: &Clip, taken: &MediaFile, copies: &[&MediaFile]) -> Option<Finding> {
    let paths: Vec<String> = copies.iter().take(4).map(|file| file.display()).collect();
    if paths.is_empty() {
        return None;
    }
    let more = copies.len() - paths.len();
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    let (taken, copies) = (taken.display(), paths.join(", "));
    let message = format!(
        "clip `{}`: {taken} was taken; the same is in {copies}{more}",
        clip.name
    );
    Some(Finding::new(DUPLICATE, message).at(clip.place.clone()))
}

/// Whether the file's own metadata name the reel that the cut names.
fn same_reel(file: &MediaFile, media: &MediaRef) -> bool {
    let reel = media
        .reel
        .as_deref()
        .map(loose)
        .filter(|reel| !reel.is_empty());
    let tape = file.labels.tape.as_deref().map(loose);
    reel.zip(tape)
        .is_some_and(|(reel, tape)| tape.starts_with(&reel))
}

/// How well a file has the channel that the cut names: a mono file of exactly that recorder track,
/// then any file with so many channels, then a mono file, then none.
fn channel_rank(file: &MediaFile, channel: Option<u32>) -> u8 {
    let Some(channel) = channel else { return 2 };
    let track = mono_track(file);
    match track {
        Some(track) if track == channel => 3,
        Some(_) => 1,
        None if channel as usize <= file.channels => 2,
        None => u8::from(file.channels == 1),
    }
}

/// The recorder track of a file with one channel.
fn mono_track(file: &MediaFile) -> Option<u32> {
    match file.tracks.as_slice() {
        [track] if file.channels == 1 => track.recorder_track,
        _ => None,
    }
}
