//! Channels that are lost: those of the media that no clip uses (an event names two channels and its file has six),
//! and those that a fold-down leaves out.

use std::collections::BTreeSet;

use super::codes::{CHANNELS_UNUSED, FOLD_LEAVES_OUT};
use super::plan::Plan;
use crate::audio::Channel;
use crate::finding::{Finding, Severity};

/// Files that are named in one finding.
const NAMED: usize = 5;

/// One finding of all files that have channels which nothing of the plan reads; the sound of scenes is the renderer's.
pub(super) fn unused_channels(plan: &Plan) -> Option<Finding> {
    let mut used: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); plan.sources.len()];
    for segment in plan.stems.iter().flat_map(|stem| &stem.segments) {
        let channels = plan.sources.get(segment.source)?.channels;
        let routes = segment.routes.iter().map(|route| route.from);
        if let Some(used) = used.get_mut(segment.source) {
            match segment.scene {
                Some(_) => used.extend(0..channels),
                None => used.extend(routes),
            }
        }
    }
    let mut files: Vec<String> = Vec::new();
    let mut first_two = false;
    for (source, used) in plan.sources.iter().zip(&used) {
        let left = (0..source.channels).filter(|channel| !used.contains(channel));
        let left: Vec<String> = left.map(|channel| (channel + 1).to_string()).collect();
        if !used.is_empty() && !left.is_empty() {
            // A recorder's microphones are chosen; of a file that is taken as a stereo pair the rest is forgotten.
            first_two |= source.channels > 2 && *used == BTreeSet::from([0, 1]);
            let file = source.file.rsplit(['/', '\\']).next().unwrap_or_default();
            let (left, all) = (left.join(" "), source.channels);
            files.push(format!("{file} ({left} of {all})"));
        }
    }
    let more = files.len().saturating_sub(NAMED);
    files.truncate(NAMED);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    let message = format!("channels that no clip uses: {}{more}", files.join(", "));
    let severity = if first_two {
        Severity::Warning
    } else {
        Severity::Info
    };
    let finding = || Finding::new(&CHANNELS_UNUSED, message).severity(severity);
    (!files.is_empty()).then(finding)
}

/// A finding of each fold-down that has no factor for channels of what it is made of.
pub(super) fn lost_in_folds(plan: &Plan) -> Vec<Finding> {
    let mut told = BTreeSet::new();
    let folds = plan.composites.iter().filter_map(|c| c.fold.as_ref());
    let folds = folds.filter(|fold| told.insert(&fold.name));
    let lost = folds.filter_map(|fold| {
        let channels = fold.from.channels().iter().enumerate();
        let lost = channels.filter(|(i, channel)| {
            let feeds = fold.routes.iter().any(|route| route.from == *i);
            **channel != Channel::Lfe && !feeds
        });
        let lost: Vec<&str> = lost.map(|(_, channel)| channel.name()).collect();
        let message = format!(
            "`{}` of the spec folds {} down without {}",
            fold.name,
            fold.from,
            lost.join(" ")
        );
        (!lost.is_empty()).then(|| Finding::new(&FOLD_LEAVES_OUT, message))
    });
    lost.collect()
}
