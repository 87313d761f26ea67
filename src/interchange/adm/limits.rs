//! What an item asks for and the renderer does not do.

use super::codes::NOT_RENDERED;
use crate::audio::scene::{Block, ItemFormat, ItemKind};
use crate::bwf::adm::{Adm, Item, ItemPart};
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

/// Names of the LFE channels (BS.2051-2, BS.2127-0 §8.2, Dolby Atmos Master ADM Profile 1.1).
const LOW: [&str; 6] = ["LFE", "LFE1", "LFE2", "LFEL", "LFER", "RC_LFE"];

/// Whether a channel of a bed is for low-frequency effects: by its labels, or nothing above 200 Hz
/// (BS.2127-0 §8.2).
pub(super) fn is_low(model: &Adm, part: &ItemPart) -> bool {
    let ItemKind::Speakers { frequency, .. } = &part.format.kind else {
        return false;
    };
    let limit = frequency.low_pass.filter(|_| frequency.high_pass.is_none());
    let named = |label: &String| {
        let bare = label.rsplit(':').next().unwrap_or(label);
        LOW.iter().any(|low| low.eq_ignore_ascii_case(bare))
    };
    let first = model.blocks(part, false).get(0);
    let labelled = matches!(first, Some(Block::Speaker(block)) if block.labels.iter().any(named));
    labelled || limit.is_some_and(|hertz| hertz <= 200.0)
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
