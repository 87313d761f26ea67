//! Clips that are items of scenes: they are rendered to the stem's layout, not mapped channel by
//! channel.

use super::clips::ClipJob;
use super::codes::{MAP_UNUSED, NO_LAYOUT};
use super::plan::SceneSegment;
use crate::audio::{Channel, ChannelLayout};
use crate::finding::Finding;
use crate::spatial::Spatial;
use crate::stem::{Assignment, NO_LFE};
use crate::timeline::SceneItem;

/// The plan's reference to an item.
pub(super) fn reference(item: &SceneItem) -> SceneSegment {
    SceneSegment {
        item: item.item.clone(),
        programme: item.programme.clone(),
        select: item.select.clone(),
        strict: item.strict,
    }
}

/// Why an item cannot go to a stem of this layout.
pub(super) fn refusal(job: &ClipJob<'_>, layout: &ChannelLayout) -> Option<Finding> {
    let error = Spatial::supports(layout).err()?;
    let message = format!("{}: {error}", job.name());
    Some(Finding::new(&NO_LAYOUT, message).at(job.clip.place.clone()))
}

/// That the LFE channel of an item has no loudspeaker in a layout.
pub(super) fn unheard_low(job: &ClipJob<'_>, layout: &ChannelLayout) -> Option<Finding> {
    let low = job.clip.scene.as_ref().is_some_and(|scene| scene.low);
    if !low || layout.index_of(Channel::Lfe).is_some() {
        return None;
    }
    let message = format!("{}: {layout} has no channel for its LFE", job.name());
    Some(Finding::new(&NO_LFE, message).at(job.clip.place.clone()))
}

/// That a rule's map was not used.
pub(super) fn unused_map(job: &ClipJob<'_>, assignment: &Assignment) -> Option<Finding> {
    assignment.map.as_ref()?;
    let message = format!(
        "{} is an item of a scene: the map of {} is not used",
        job.name(),
        assignment.rule
    );
    Some(Finding::new(&MAP_UNUSED, message).at(job.clip.place.clone()))
}
