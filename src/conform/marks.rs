//! Markers of the cut: the first and last frame of picture, and where reels begin.

use super::codes::{REEL_MARKS, TWO_MARKERS};
use super::framing::{FramingInput, Reel};
use crate::finding::Finding;
use crate::time::{Pos, Record};
use crate::timeline::{Marker, Timeline};

impl FramingInput<'_> {
    /// The position of the first marker of this name; others elsewhere are told.
    pub(super) fn at_marker(
        &self,
        timelines: &[&Timeline],
        name: &str,
        findings: &mut Vec<Finding>,
    ) -> Option<Pos<Record>> {
        let has = |text: &str| {
            let mut words = text.split(|c: char| !c.is_alphanumeric());
            words.any(|word| word.eq_ignore_ascii_case(name))
        };
        let markers = timelines.iter().flat_map(|timeline| &timeline.markers);
        let mut named = markers.filter(|marker| has(&marker.name) || has(&marker.comment));
        let first = named.next()?.at;
        if let Some(other) = named.find(|marker| marker.at != first) {
            let message = format!(
                "{name} stands at {} and at {}; the first is taken",
                self.timecode(first),
                self.timecode(other.at)
            );
            findings.push(Finding::new(&TWO_MARKERS, message));
        }
        Some(first)
    }

    /// Where a long-play timeline is cut: as the user says, else at markers such as `R2`, `REEL 3`.
    pub(super) fn marks(&self) -> Vec<Pos<Record>> {
        let mut marks = self.said.marks.clone();
        if marks.is_empty() && !self.reels && self.spec.programme.reels.reels() {
            marks.extend(self.reel_markers().map(|(marker, _)| marker.at));
        }
        marks.sort();
        marks.dedup();
        marks
    }

    /// Markers whose number is not that of the reel that begins at them.
    pub(super) fn tell_numbers(&self, reels: &[Reel], findings: &mut Vec<Finding>) {
        if !self.said.marks.is_empty() {
            return;
        }
        for (marker, number) in self.reel_markers() {
            let begun = reels.iter().find(|reel| reel.start == marker.at);
            if let Some(reel) = begun.filter(|reel| reel.number != number) {
                let message = format!(
                    "the marker of reel {number} at {} begins reel {}",
                    self.timecode(marker.at),
                    reel.number
                );
                findings.push(Finding::new(&REEL_MARKS, message));
            }
        }
    }

    /// Markers that begin reels, with the numbers in them.
    fn reel_markers(&self) -> impl Iterator<Item = (&Marker, u32)> {
        let markers = self.timelines.iter();
        let markers = markers.flat_map(|timeline| &timeline.get().markers);
        markers.filter_map(|marker| Some((marker, reel_number(marker)?)))
    }
}

/// The number of the reel that a marker begins: `R2`, `Reel 3`, `REEL_04 START`.
fn reel_number(marker: &Marker) -> Option<u32> {
    let reel = |text: &str| {
        let upper = text.trim().to_ascii_uppercase();
        let rest = upper
            .strip_prefix("REEL")
            .or_else(|| upper.strip_prefix('R'))?;
        let rest = rest.trim_start_matches([' ', '_', '-']);
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let after = rest
            .get(digits.len()..)?
            .trim_start_matches([' ', '_', '-']);
        let plain = after.is_empty() || matches!(after, "START" | "HEAD" | "FFOA" | "BEGIN");
        let number = digits.parse::<u32>().ok().filter(|number| *number > 0);
        number.filter(|_| plain)
    };
    reel(&marker.name).or_else(|| reel(&marker.comment))
}
