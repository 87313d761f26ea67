//! Blocks of objects: nearly all of a feature's XML is these.

use std::io::BufRead;

use super::super::value::{attribute, flag, float, gain, importance, in_decibels, seconds, value};
use super::super::{Broken, Parser, Step};
use super::position::Gathered;
use crate::audio::scene::{
    BlockSpan, ChannelLock, Coordinate, Degrees, Divergence, JumpPosition, ObjectBlock, Position,
    Zone,
};
use crate::bwf::adm::codes::{CARTESIAN, VALUE};
use crate::bwf::adm::id::AdmId;

/// Most zones of one block: Dolby's tools know eleven.
const MAX_ZONES: usize = 64;

/// Largest size that is believed: a full circle.
const FULL: f64 = 360.0;

impl<R: BufRead> Parser<'_, R> {
    pub(super) fn object_block(
        &mut self,
        span: Option<BlockSpan>,
        channel: &AdmId,
    ) -> Result<ObjectBlock, Broken> {
        let offset = self.xml.tag.offset;
        let mut block = ObjectBlock::at(Position::polar(0.0, 0.0, 1.0));
        block.span = span;
        let mut position = Gathered::default();
        let mut cartesian = None;
        while self.xml.next()? == Step::Open {
            match self.xml.tag.name() {
                "position" => self.position(&mut position)?,
                "cartesian" => cartesian = self.text_flag("cartesian")?,
                _ => self.object_child(&mut block)?,
            }
        }
        block.edges = position.edges;
        let place = placed(&position);
        if place.is_none() {
            let message = || format!("{channel}: a block has no position and stands in front");
            self.notes.at(VALUE, offset, channel.as_str(), message);
        }
        block.position = place.unwrap_or(block.position);
        block.cartesian = matches!(block.position, Position::Cartesian { .. });
        if place.is_some() && cartesian.unwrap_or(false) != block.cartesian {
            let message = || format!("{channel}: blocks");
            self.notes.at(CARTESIAN, offset, channel.as_str(), message);
        }
        Ok(block)
    }

    fn object_child(&mut self, block: &mut ObjectBlock) -> Result<(), Broken> {
        match self.xml.tag.name() {
            "gain" => block.gain = self.block_gain()?.unwrap_or(block.gain),
            "width" => block.extent.width = self.ranged("width", FULL)?,
            "height" => block.extent.height = self.ranged("height", FULL)?,
            "depth" => block.extent.depth = self.ranged("depth", FULL)?,
            "diffuse" => block.diffuse = self.ranged("diffuse", 1.0)?,
            "jumpPosition" => {
                let length = seconds(self.notes, &self.xml.tag, "interpolationLength");
                let flag = self.text_flag("jumpPosition")?.unwrap_or(false);
                block.jump = JumpPosition { flag, length };
            }
            "channelLock" => {
                let distance = attribute(self.notes, &self.xml.tag, "maxDistance", float);
                let max_distance = distance.map(Coordinate::new);
                let locked = self.text_flag("channelLock")?.unwrap_or(false);
                block.channel_lock = locked.then_some(ChannelLock { max_distance });
            }
            "objectDivergence" => {
                let tag = &self.xml.tag;
                let azimuth = attribute(self.notes, tag, "azimuthRange", float);
                let room = attribute(self.notes, tag, "positionRange", float);
                block.divergence = Some(Divergence {
                    value: self.ranged("objectDivergence", 1.0)?,
                    azimuth_range: azimuth.map(Degrees::new),
                    position_range: room.map(Coordinate::new),
                });
            }
            "zoneExclusion" => self.zones(&mut block.zones)?,
            "screenRef" => block.screen_ref = self.text_flag("screenRef")?.unwrap_or(false),
            "headLocked" => block.head_locked = self.text_flag("headLocked")?.unwrap_or(false),
            "importance" => {
                let offset = self.xml.tag.offset;
                let text = self.xml.text()?;
                let number = value(self.notes, offset, "importance", text, importance);
                block.importance = number.unwrap_or(block.importance);
            }
            // Of use for headphones only.
            "headphoneVirtualise" => self.xml.skip()?,
            _ => self.unknown("audioBlockFormat")?,
        }
        Ok(())
    }

    /// The text of the open element as a flag.
    pub(super) fn text_flag(&mut self, what: &str) -> Result<Option<bool>, Broken> {
        let offset = self.xml.tag.offset;
        Ok(value(self.notes, offset, what, self.xml.text()?, flag))
    }

    /// The text of the open element as a number from 0 to `most`; what lies outside is set to the
    /// nearest of both, with a note.
    fn ranged(&mut self, what: &str, most: f64) -> Result<f64, Broken> {
        let offset = self.xml.tag.offset;
        let text = self.xml.text()?;
        let number = value(self.notes, offset, what, text, float).unwrap_or_default();
        let inside = number.clamp(0.0, most);
        if inside != number {
            let message = || format!("`{what}` is {number}, outside of 0 to {most}");
            self.notes.at(VALUE, offset, what, message);
        }
        Ok(inside)
    }

    /// The `gain` of a block.
    pub(super) fn block_gain(&mut self) -> Result<Option<crate::audio::Gain>, Broken> {
        let offset = self.xml.tag.offset;
        let decibels = in_decibels(&self.xml.tag);
        Ok(gain(self.notes, offset, self.xml.text()?, decibels))
    }

    fn zones(&mut self, zones: &mut Vec<Zone>) -> Result<(), Broken> {
        while self.xml.next()? == Step::Open {
            if self.xml.tag.name() != "zone" {
                self.unknown("zoneExclusion")?;
                continue;
            }
            let offset = self.xml.tag.offset;
            let zone = self.zone();
            if zone.is_none() || zones.len() == MAX_ZONES {
                let message = || "a zone has not all its bounds, or there are too many".to_owned();
                self.notes.at(VALUE, offset, "zone", message);
            } else {
                zones.extend(zone);
            }
            self.xml.skip()?;
        }
        Ok(())
    }

    fn zone(&mut self) -> Option<Zone> {
        let tag = &self.xml.tag;
        let notes = &mut *self.notes;
        let mut bound = |name: &str| attribute(notes, tag, name, float);
        if tag.attribute("minX").is_some() {
            let mut three = |names: [&str; 3]| -> Option<[Coordinate; 3]> {
                let [a, b, c] = names.map(&mut bound);
                Some([a?, b?, c?].map(Coordinate::new))
            };
            let min = three(["minX", "minY", "minZ"])?;
            let max = three(["maxX", "maxY", "maxZ"])?;
            return Some(Zone::Cartesian { min, max });
        }
        let mut pair = |min: &str, max: &str| -> Option<(Degrees, Degrees)> {
            Some((Degrees::new(bound(min)?), Degrees::new(bound(max)?)))
        };
        Some(Zone::Polar {
            azimuth: pair("minAzimuth", "maxAzimuth")?,
            elevation: pair("minElevation", "maxElevation")?,
        })
    }
}

/// The position that the coordinates make; of both kinds the Cartesian one.
fn placed(position: &Gathered) -> Option<Position> {
    let [azimuth, elevation, distance, x, y, z] = position.axes.map(|axis| axis.value);
    if position.is_cartesian() {
        let [x, y, z] = [x, y, z].map(Option::unwrap_or_default);
        return Some(Position::cartesian(x, y, z));
    }
    position.is_polar().then(|| {
        let [azimuth, elevation] = [azimuth, elevation].map(Option::unwrap_or_default);
        Position::polar(azimuth, elevation, distance.unwrap_or(1.0).max(0.0))
    })
}
