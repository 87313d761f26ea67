//! What an item asks for and the renderer does not do.

use super::codes::NOT_RENDERED;
use crate::audio::scene::{ItemFormat, ItemKind};
use crate::bwf::adm::Item;
use crate::finding::{Finding, Place};

/// The highest order of ambisonics that is decoded.
const MAX_ORDER: u32 = 3;

/// A finding for an item of which something is left out.
pub(super) fn limits(item: &Item, place: &Place) -> Option<Finding> {
    let mut left_out: Vec<&str> = item
        .parts
        .iter()
        .flat_map(|part| of_format(&part.format))
        .collect();
    left_out.sort_unstable();
    left_out.dedup();
    if left_out.is_empty() {
        return None;
    }
    let message = format!("{}: {} left out", item.id, left_out.join(", "));
    Some(Finding::new(&NOT_RENDERED, message).at(place.clone()))
}

fn of_format(format: &ItemFormat) -> Vec<&'static str> {
    let mut left_out = Vec::new();
    if let ItemKind::Hoa(hoa) = &format.kind {
        if hoa.channels.iter().any(|channel| channel.order > MAX_ORDER) {
            left_out.push("components above the third order");
        }
        if hoa.nfc_distance.is_some() {
            left_out.push("the near-field compensation (nfcRefDist)");
        }
        if hoa.screen_ref {
            left_out.push("the relation of the sound field to the screen");
        }
    }
    if format.offset.is_some() && format.kind != ItemKind::Object {
        left_out.push("the position offset, which only objects have");
    }
    left_out
}
