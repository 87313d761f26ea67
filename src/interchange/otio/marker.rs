//! Markers on the record axis.

use super::layout::Layout;
use super::model;
use crate::time::{Pos, Rational};
use crate::timeline::Marker;

impl Layout<'_> {
    /// Places the markers of an item whose own time starts at `origin`; those outside the part that is
    /// used are counted and left out.
    pub(super) fn place_markers(
        &mut self,
        markers: &[model::Marker],
        origin: Rational,
        from: Option<Rational>,
        to: Option<Rational>,
    ) {
        for marker in markers {
            let Some((at, length)) = self.marked(marker, origin) else {
                self.markers_outside += 1;
                continue;
            };
            // A marker at the very end of a clip is still its marker.
            if from.is_some_and(|from| at < from) || to.is_some_and(|to| at > to) {
                self.markers_outside += 1;
                continue;
            }
            self.markers.push(Marker {
                at: Pos::new(at),
                length,
                name: marker.name.clone(),
                comment: marker.comment.clone(),
                colour: marker.colour.clone(),
            });
        }
    }

    fn marked(&mut self, marker: &model::Marker, origin: Rational) -> Option<(Rational, Rational)> {
        let range = marker.range?;
        let start = self.clock.seconds(range.start).ok()?;
        let length = self.clock.length(range.length).unwrap_or(Rational::ZERO);
        Some((origin.checked_add(start)?, length))
    }
}
