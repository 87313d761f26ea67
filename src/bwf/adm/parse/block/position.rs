//! `position` elements, gathered coordinate by coordinate.

use std::io::BufRead;

use super::super::value::{float, value};
use super::super::{Broken, Parser};
use crate::audio::scene::{HorizontalEdge, ScreenEdges, VerticalEdge};
use crate::bwf::adm::codes::VALUE;

/// Largest coordinate that is believed: every angle and distance of a room lies far below.
const LARGEST: f64 = 1e6;

/// Azimuth, elevation, distance, X, Y, Z.
const AXES: [&str; 6] = ["azimuth", "elevation", "distance", "X", "Y", "Z"];

/// A coordinate and its bounds.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Axis {
    pub(super) value: Option<f64>,
    pub(super) min: Option<f64>,
    pub(super) max: Option<f64>,
}

/// What the `position` elements of a block say.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Gathered {
    pub(super) axes: [Axis; 6],
    pub(super) edges: ScreenEdges,
}

impl Gathered {
    /// Whether any coordinate of the room stands there.
    pub(super) fn is_cartesian(&self) -> bool {
        let [.., x, y, z] = self.axes;
        [x, y, z].iter().any(|axis| axis.value.is_some())
    }

    /// Whether any angle stands there.
    pub(super) fn is_polar(&self) -> bool {
        let [azimuth, elevation, ..] = self.axes;
        azimuth.value.is_some() || elevation.value.is_some()
    }
}

impl<R: BufRead> Parser<'_, R> {
    /// One `position` element.
    pub(super) fn position(&mut self, to: &mut Gathered) -> Result<(), Broken> {
        let tag = &self.xml.tag;
        let offset = tag.offset;
        let axis = tag.attribute("coordinate").unwrap_or_default();
        let slot = AXES.iter().position(|known| *known == axis);
        let lock = tag.attribute("screenEdgeLock").map(str::trim);
        match (lock, slot) {
            (Some("left"), Some(0 | 3)) => to.edges.horizontal = Some(HorizontalEdge::Left),
            (Some("right"), Some(0 | 3)) => to.edges.horizontal = Some(HorizontalEdge::Right),
            (Some("top"), Some(1 | 5)) => to.edges.vertical = Some(VerticalEdge::Top),
            (Some("bottom"), Some(1 | 5)) => to.edges.vertical = Some(VerticalEdge::Bottom),
            (Some(other), _) => {
                let message = || format!("screenEdgeLock `{other}` of coordinate `{axis}`");
                self.notes.at(VALUE, offset, "screenEdgeLock", message);
            }
            (None, _) => {}
        }
        let bound = match tag.attribute("bound").map(str::trim) {
            Some("min") => 1,
            Some("max") => 2,
            _ => 0,
        };
        if slot.is_none() {
            let message = || format!("position of coordinate `{axis}`");
            self.notes.at(VALUE, offset, "position@coordinate", message);
        }
        let believed = |text: &str| float(text).filter(|number| number.abs() <= LARGEST);
        let number = value(self.notes, offset, "position", self.xml.text()?, believed);
        if let Some(axis) = slot.and_then(|slot| to.axes.get_mut(slot)) {
            match bound {
                1 => axis.min = number,
                2 => axis.max = number,
                _ => axis.value = number,
            }
        }
        Ok(())
    }
}
