//! `audioObject`.

use std::io::BufRead;

use super::value::{attribute, byte, flag, float, gain, importance, in_decibels, time, value};
use super::{Broken, Parser, Step};
use crate::audio::scene::{Coordinate, Degrees, PositionOffset};
use crate::bwf::adm::codes::VALUE;
use crate::bwf::adm::id::AdmId;
use crate::bwf::adm::model::{AudioObject, ValueSet};

/// Most tracks of one object, and most value sets.
const MAX_TRACKS: usize = 70_000;

/// Offsets by coordinate: azimuth, elevation, distance, X, Y, Z.
type Offsets = [Option<f64>; 6];

const AXES: [&str; 6] = ["azimuth", "elevation", "distance", "X", "Y", "Z"];

/// What objects and value sets have in common.
#[derive(Default)]
struct Values {
    gain: Option<crate::audio::Gain>,
    mute: Option<bool>,
    offsets: Offsets,
}

impl<R: BufRead> Parser<'_, R> {
    pub(super) fn object(&mut self) -> Result<(), Broken> {
        let known = [
            "audioObjectID",
            "audioObjectName",
            "start",
            "startTime",
            "duration",
            "dialogue",
            "importance",
            "interact",
            "disableDucking",
        ];
        self.attributes(&known);
        let offset = self.xml.tag.offset;
        let mut object = self.object_attributes();
        let mut values = Values::default();
        while self.xml.next()? == Step::Open {
            match self.xml.tag.name() {
                "audioObjectIDRef" => self.reference(&mut object.objects)?,
                "audioComplementaryObjectIDRef" => self.reference(&mut object.complementary)?,
                "audioPackFormatIDRef" => self.reference(&mut object.packs)?,
                "audioTrackUIDRef" => self.track_reference(&mut object.tracks)?,
                "audioObjectLabel" => self.label(&mut object.labels)?,
                "audioComplementaryObjectGroupLabel" => self.label(&mut object.group_labels)?,
                "audioObjectInteraction" => {
                    object.interaction = true;
                    self.xml.skip()?;
                }
                "headLocked" => object.head_locked = self.flag("headLocked")?,
                "headphoneVirtualise" => self.xml.skip()?,
                "alternativeValueSet" => self.value_set(&mut object.value_sets)?,
                "gain" | "mute" | "positionOffset" => self.one_value(&mut values)?,
                _ => self.unknown("audioObject")?,
            }
        }
        object.gain = values.gain;
        object.mute = values.mute;
        object.offset = self.position_offset(offset, values.offsets);
        if object.id.is_empty() {
            self.no_id("audioObject");
            return Ok(());
        }
        self.elements.objects.push(object);
        Ok(())
    }

    fn object_attributes(&mut self) -> AudioObject {
        let tag = &self.xml.tag;
        // Old files of one maker write `startTime`.
        let start = if tag.attribute("start").is_some() {
            "start"
        } else {
            "startTime"
        };
        AudioObject {
            id: AdmId::new(tag.attribute("audioObjectID").unwrap_or_default()),
            name: tag.owned("audioObjectName"),
            start: time(self.notes, tag, start),
            duration: time(self.notes, tag, "duration"),
            dialogue: attribute(self.notes, tag, "dialogue", |text| {
                byte(text).filter(|value| *value <= 2)
            }),
            importance: attribute(self.notes, tag, "importance", importance),
            interact: attribute(self.notes, tag, "interact", flag),
            ..AudioObject::default()
        }
    }

    fn track_reference(&mut self, tracks: &mut Vec<Option<AdmId>>) -> Result<(), Broken> {
        let id = AdmId::new(self.xml.text()?);
        if tracks.len() < MAX_TRACKS && !id.is_empty() {
            tracks.push((!id.is_silent()).then_some(id));
        }
        Ok(())
    }

    fn flag(&mut self, what: &str) -> Result<Option<bool>, Broken> {
        let offset = self.xml.tag.offset;
        Ok(value(self.notes, offset, what, self.xml.text()?, flag))
    }

    fn one_value(&mut self, values: &mut Values) -> Result<(), Broken> {
        let offset = self.xml.tag.offset;
        match self.xml.tag.name() {
            "gain" => {
                let decibels = in_decibels(&self.xml.tag);
                values.gain = gain(self.notes, offset, self.xml.text()?, decibels);
            }
            "mute" => values.mute = self.flag("mute")?,
            _ => {
                let axis = self.xml.tag.owned("coordinate");
                let number = value(
                    self.notes,
                    offset,
                    "positionOffset",
                    self.xml.text()?,
                    float,
                );
                let slot = AXES.iter().position(|known| *known == axis);
                if let Some(slot) = slot.and_then(|slot| values.offsets.get_mut(slot)) {
                    *slot = number;
                } else {
                    let message = || format!("positionOffset of coordinate `{axis}`");
                    self.notes
                        .at(VALUE, offset, "positionOffset@coordinate", message);
                }
            }
        }
        Ok(())
    }

    fn value_set(&mut self, sets: &mut Vec<ValueSet>) -> Result<(), Broken> {
        let offset = self.xml.tag.offset;
        let mut set = ValueSet {
            id: AdmId::new(
                self.xml
                    .tag
                    .attribute("alternativeValueSetID")
                    .unwrap_or_default(),
            ),
            ..ValueSet::default()
        };
        let mut values = Values::default();
        while self.xml.next()? == Step::Open {
            match self.xml.tag.name() {
                "gain" | "mute" | "positionOffset" => self.one_value(&mut values)?,
                "audioObjectInteraction" | "alternativeValueSetLabel" => self.xml.skip()?,
                _ => self.unknown("alternativeValueSet")?,
            }
        }
        set.gain = values.gain;
        set.mute = values.mute;
        set.offset = self.position_offset(offset, values.offsets);
        if sets.len() < MAX_TRACKS {
            sets.push(set);
        }
        Ok(())
    }

    /// The offset of one kind of coordinates; of two kinds the polar one, with a note.
    fn position_offset(&mut self, offset: u64, offsets: Offsets) -> Option<PositionOffset> {
        let [azimuth, elevation, distance, x, y, z] = offsets;
        let polar = [azimuth, elevation, distance];
        let cartesian = [x, y, z];
        let any = |values: &[Option<f64>]| values.iter().any(Option::is_some);
        if any(&polar) && any(&cartesian) {
            let message = || "a positionOffset mixes polar and Cartesian coordinates".to_owned();
            self.notes.at(VALUE, offset, "positionOffset", message);
        }
        if any(&polar) {
            let [azimuth, elevation, distance] = polar.map(Option::unwrap_or_default);
            return Some(PositionOffset::Polar {
                azimuth: Degrees::new(azimuth),
                elevation: Degrees::new(elevation),
                distance: Coordinate::new(distance),
            });
        }
        any(&cartesian).then(|| {
            let [x, y, z] = cartesian.map(|value| Coordinate::new(value.unwrap_or_default()));
            PositionOffset::Cartesian { x, y, z }
        })
    }
}
