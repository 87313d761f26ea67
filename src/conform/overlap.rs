//! Clips of one track that overlap without a fade.

use super::codes::OVERLAP;
use crate::finding::Finding;
use crate::timeline::{Clip, Timeline};

/// A finding for each pair of neighbours that overlap where neither fades.
pub(super) fn overlaps(timeline: &Timeline) -> Vec<Finding> {
    let mut findings = Vec::new();
    for track in &timeline.tracks {
        for pair in track.clips.windows(2) {
            let [left, right] = pair else { continue };
            if left.record.end > right.record.start && !crossfade(left, right) {
                let message = format!(
                    "`{}` overlaps `{}` on track {} without a fade; both sound there",
                    right.name, left.name, track.name
                );
                findings.push(Finding::new(&OVERLAP, message).at(right.place.clone()));
            }
        }
    }
    findings
}

/// Whether one of two clips fades where they meet, or does not sound; objects of a scene are meant to
/// sound together.
fn crossfade(left: &Clip, right: &Clip) -> bool {
    let silent = left.muted || right.muted;
    let scene = left.scene.is_some() && right.scene.is_some();
    left.fade_out.is_some() || right.fade_in.is_some() || silent || scene
}
