//! Programmes, contents and what both have.

use std::io::BufRead;

use super::value::{attribute, byte, float, time, value};
use super::{Broken, Parser, Step};
use crate::audio::ContentKind;
use crate::audio::scene::{Coordinate, Degrees, Screen};
use crate::bwf::adm::codes::{DIALOGUE, NO_ID, VALUE};
use crate::bwf::adm::id::AdmId;
use crate::bwf::adm::model::{Content, Dialogue, Label, Loudness, Profile, Programme};
use crate::bwf::adm::xml::Tag;

/// Most references of one kind in one element.
const MAX_REFS: usize = 70_000;

/// Most labels and loudness sets of one element.
const MAX_LABELS: usize = 1000;

impl<R: BufRead> Parser<'_, R> {
    pub(super) fn programme(&mut self) -> Result<(), Broken> {
        let known = [
            "audioProgrammeID",
            "audioProgrammeName",
            "audioProgrammeLanguage",
            "start",
            "end",
            "maxDuckingDepth",
        ];
        self.attributes(&known);
        let tag = &self.xml.tag;
        let mut programme = Programme {
            id: AdmId::new(tag.attribute("audioProgrammeID").unwrap_or_default()),
            name: tag.owned("audioProgrammeName"),
            language: tag.owned("audioProgrammeLanguage"),
            start: time(self.notes, tag, "start"),
            end: time(self.notes, tag, "end"),
            ..Programme::default()
        };
        if programme.id.is_empty() {
            self.no_id("audioProgramme");
            programme.id = AdmId::new("APR_0000");
        }
        while self.xml.next()? == Step::Open {
            match self.xml.tag.name() {
                "audioContentIDRef" => self.reference(&mut programme.contents)?,
                "alternativeValueSetIDRef" => self.reference(&mut programme.value_sets)?,
                "audioProgrammeLabel" => self.label(&mut programme.labels)?,
                "loudnessMetadata" => self.loudness(&mut programme.loudness)?,
                "audioProgrammeReferenceScreen" => programme.screen = self.screen()?,
                "authoringInformation" => self.xml.skip()?,
                _ => self.unknown("audioProgramme")?,
            }
        }
        self.elements.programmes.push(programme);
        Ok(())
    }

    pub(super) fn content(&mut self) -> Result<(), Broken> {
        self.attributes(&["audioContentID", "audioContentName", "audioContentLanguage"]);
        let tag = &self.xml.tag;
        let mut content = Content {
            id: AdmId::new(tag.attribute("audioContentID").unwrap_or_default()),
            name: tag.owned("audioContentName"),
            language: tag.owned("audioContentLanguage"),
            ..Content::default()
        };
        while self.xml.next()? == Step::Open {
            match self.xml.tag.name() {
                "audioObjectIDRef" => self.reference(&mut content.objects)?,
                "alternativeValueSetIDRef" => self.reference(&mut content.value_sets)?,
                "audioContentLabel" => self.label(&mut content.labels)?,
                "loudnessMetadata" => self.loudness(&mut content.loudness)?,
                "dialogue" => content.dialogue = Some(self.dialogue(&content.id)?),
                _ => self.unknown("audioContent")?,
            }
        }
        if content.id.is_empty() {
            self.no_id("audioContent");
            return Ok(());
        }
        self.elements.contents.push(content);
        Ok(())
    }

    /// `dialogue`: a value and a kind. The Dolby tools write 2 and 0 for everything, libraries refuse
    /// what has no kind, and real files have kinds that belong to another value.
    fn dialogue(&mut self, content: &AdmId) -> Result<Dialogue, Broken> {
        let names = [
            "nonDialogueContentKind",
            "dialogueContentKind",
            "mixedContentKind",
        ];
        self.attributes(&names);
        let offset = self.xml.tag.offset;
        let stated: Vec<(String, String)> = names
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), self.xml.tag.attribute(name)?.to_owned())))
            .collect();
        let text = self.xml.text()?;
        let number = value(self.notes, offset, "dialogue", text, byte).filter(|value| *value <= 2);
        let fitting = number.and_then(|number| names.get(usize::from(number)));
        let own = stated
            .iter()
            .find(|(name, _)| Some(&name.as_str()) == fitting);
        let of = |number: u8, kind: &str| ContentKind::from_values(number, byte(kind.trim())?);
        let exact = number.and_then(|number| own.and_then(|(_, kind)| of(number, kind)));
        let undefined = number.and_then(|number| ContentKind::from_values(number, 0));
        if exact.is_none() || stated.len() != 1 {
            let shown: Vec<String> = stated.iter().map(|(k, v)| format!("{k}={v}")).collect();
            let shown = if shown.is_empty() {
                "no kind".to_owned()
            } else {
                shown.join(" ")
            };
            let value = number.map_or("none".to_owned(), |number| number.to_string());
            let message = || format!("content {content}: dialogue {value} with {shown}");
            self.notes.at(DIALOGUE, offset, content.as_str(), message);
        }
        let first = own.or(stated.first()).cloned();
        Ok(Dialogue {
            value: number,
            stated: first,
            kind: exact.or(undefined),
        })
    }

    fn loudness(&mut self, all: &mut Vec<Loudness>) -> Result<(), Broken> {
        let tag = &self.xml.tag;
        let mut loudness = Loudness {
            method: tag.owned("loudnessMethod"),
            recommendation: tag.owned("loudnessRecType"),
            correction: tag.owned("loudnessCorrectionType"),
            ..Loudness::default()
        };
        while self.xml.next()? == Step::Open {
            let field = match self.xml.tag.name() {
                "integratedLoudness" => &mut loudness.integrated,
                "loudnessRange" => &mut loudness.range,
                "maxTruePeak" => &mut loudness.max_true_peak,
                "maxMomentary" => &mut loudness.max_momentary,
                "maxShortTerm" => &mut loudness.max_short_term,
                "dialogueLoudness" => &mut loudness.dialogue,
                "renderer" => {
                    self.xml.skip()?;
                    continue;
                }
                _ => {
                    self.unknown("loudnessMetadata")?;
                    continue;
                }
            };
            let offset = self.xml.tag.offset;
            *field = value(self.notes, offset, "loudness", self.xml.text()?, float);
        }
        if all.len() < MAX_LABELS {
            all.push(loudness);
        }
        Ok(())
    }

    pub(super) fn label(&mut self, labels: &mut Vec<Label>) -> Result<(), Broken> {
        let language = self.xml.tag.owned("language");
        let text = self.xml.text()?.to_owned();
        if labels.len() < MAX_LABELS {
            labels.push(Label { language, text });
        }
        Ok(())
    }

    /// The text of the open element as an identity.
    pub(super) fn reference(&mut self, references: &mut Vec<AdmId>) -> Result<(), Broken> {
        let id = AdmId::new(self.xml.text()?);
        if references.len() < MAX_REFS && !id.is_empty() {
            references.push(id);
        }
        Ok(())
    }

    /// `audioProgrammeReferenceScreen` (BS.2076-2 §5.4.8.1): `None`, with a note, where it is not
    /// whole.
    fn screen(&mut self) -> Result<Option<Screen>, Broken> {
        let offset = self.xml.tag.offset;
        // The reference renderer writes it as an attribute, BS.2076 as an element.
        let mut aspect_ratio = attribute(self.notes, &self.xml.tag, "aspectRatio", float);
        // Azimuth, elevation, distance, X, Y, Z of the centre; width as angle and in X.
        let mut centre = [None; 6];
        let mut width = [None; 2];
        while self.xml.next()? == Step::Open {
            let at = self.xml.tag.offset;
            match self.xml.tag.name() {
                "aspectRatio" => {
                    aspect_ratio = value(self.notes, at, "aspectRatio", self.xml.text()?, float);
                }
                "screenCentrePosition" => {
                    for (axis, slot) in AXES.iter().zip(&mut centre) {
                        *slot = coordinate(self, axis).or(*slot);
                    }
                    self.xml.skip()?;
                }
                "screenWidth" => {
                    let axes = ["azimuth", "X"];
                    for (axis, slot) in axes.iter().zip(&mut width) {
                        *slot = coordinate(self, axis).or(*slot);
                    }
                    self.xml.skip()?;
                }
                _ => self.unknown("audioProgrammeReferenceScreen")?,
            }
        }
        let screen = whole_screen(aspect_ratio.unwrap_or(1.78), centre, width);
        if screen.is_none() {
            let message = || "the reference screen is not whole and was ignored".to_owned();
            self.notes.at(VALUE, offset, "screen", message);
        }
        Ok(screen)
    }

    pub(super) fn profile(&mut self) -> Result<(), Broken> {
        let tag = &self.xml.tag;
        let mut profile = Profile {
            name: tag.owned("profileName"),
            version: tag.owned("profileVersion"),
            level: tag.owned("profileLevel"),
            text: String::new(),
        };
        self.xml.text()?.clone_into(&mut profile.text);
        if self.elements.profiles.len() < MAX_LABELS {
            self.elements.profiles.push(profile);
        }
        Ok(())
    }

    pub(super) fn no_id(&mut self, element: &str) {
        let message = || format!("an {element} has no identity");
        self.notes.at(NO_ID, self.xml.tag.offset, element, message);
    }
}

const AXES: [&str; 6] = ["azimuth", "elevation", "distance", "X", "Y", "Z"];

/// A coordinate that stands in an attribute of the open element.
fn coordinate<R: BufRead>(parser: &mut Parser<'_, R>, axis: &str) -> Option<f64> {
    let tag: &Tag = &parser.xml.tag;
    attribute(parser.notes, tag, axis, float)
}

fn whole_screen(
    aspect_ratio: f64,
    centre: [Option<f64>; 6],
    width: [Option<f64>; 2],
) -> Option<Screen> {
    let [azimuth, elevation, distance, x, y, z] = centre;
    match (azimuth, elevation, x, y, z, width) {
        (Some(azimuth), Some(elevation), None, None, None, [Some(width), None]) => {
            Some(Screen::Polar {
                aspect_ratio,
                azimuth: Degrees::new(azimuth),
                elevation: Degrees::new(elevation),
                distance: Coordinate::new(distance.unwrap_or(1.0)),
                width: Degrees::new(width),
            })
        }
        (None, None, Some(x), Some(y), Some(z), [None, Some(width)]) => Some(Screen::Cartesian {
            aspect_ratio,
            x: Coordinate::new(x),
            y: Coordinate::new(y),
            z: Coordinate::new(z),
            width: Coordinate::new(width),
        }),
        _ => None,
    }
}
