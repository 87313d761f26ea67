//! Blocks of channels for loudspeakers.

use std::io::BufRead;

use super::super::value::{importance, value};
use super::super::{Broken, Parser, Step};
use super::position::{Axis, Gathered};
use crate::audio::Gain;
use crate::audio::scene::{BlockSpan, Bounded, Coordinate, Degrees, SpeakerBlock, SpeakerPosition};
use crate::bwf::adm::codes::VALUE;
use crate::bwf::adm::common;
use crate::bwf::adm::id::AdmId;

/// Most labels of one block.
const MAX_LABELS: usize = 32;

impl<R: BufRead> Parser<'_, R> {
    pub(super) fn speaker_block(
        &mut self,
        span: Option<BlockSpan>,
        channel: &AdmId,
    ) -> Result<SpeakerBlock, Broken> {
        let offset = self.xml.tag.offset;
        let mut position = Gathered::default();
        let mut labels = Vec::new();
        let mut loud = Gain::UNITY;
        let mut rank = 10;
        while self.xml.next()? == Step::Open {
            match self.xml.tag.name() {
                "position" => self.position(&mut position)?,
                "speakerLabel" => {
                    let label = self.xml.text()?;
                    if labels.len() < MAX_LABELS {
                        labels.push(label.to_owned());
                    }
                }
                "gain" => loud = self.block_gain()?.unwrap_or(loud),
                "importance" => {
                    let at = self.xml.tag.offset;
                    let text = self.xml.text()?;
                    rank = value(self.notes, at, "importance", text, importance).unwrap_or(rank);
                }
                // The coordinates say it themselves.
                "cartesian" | "headLocked" | "headphoneVirtualise" => self.xml.skip()?,
                _ => self.unknown("audioBlockFormat")?,
            }
        }
        let edges = position.edges;
        let place = placed(&position).or_else(|| {
            let named = labels.iter().find_map(|label| common::position(label));
            if named.is_none() {
                let message = || format!("{channel}: a block has no position and stands in front");
                self.notes.at(VALUE, offset, channel.as_str(), message);
            }
            named
        });
        Ok(SpeakerBlock {
            span,
            labels,
            position: place.unwrap_or_else(|| common::polar(0.0, 0.0)),
            edges,
            gain: loud,
            importance: rank,
        })
    }
}

fn placed(position: &Gathered) -> Option<SpeakerPosition> {
    let [azimuth, elevation, distance, x, y, z] = position.axes;
    if position.is_cartesian() {
        return Some(SpeakerPosition::Cartesian {
            x: bounded(x, 0.0, Coordinate::new),
            y: bounded(y, 0.0, Coordinate::new),
            z: bounded(z, 0.0, Coordinate::new),
        });
    }
    position.is_polar().then(|| SpeakerPosition::Polar {
        azimuth: bounded(azimuth, 0.0, Degrees::new),
        elevation: bounded(elevation, 0.0, Degrees::new),
        distance: bounded(distance, 1.0, Coordinate::new),
    })
}

fn bounded<T>(axis: Axis, otherwise: f64, unit: impl Fn(f64) -> T) -> Bounded<T> {
    Bounded {
        value: unit(axis.value.unwrap_or(otherwise)),
        min: axis.min.map(&unit),
        max: axis.max.map(&unit),
    }
}
