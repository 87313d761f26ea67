//! From the document to XML and `chna` rows.

use std::io;

use super::blocks::BlockStyle;
use super::kept::AdmKept;
use super::model::{AdmContent, AdmDocument, AdmForm, AdmLoudness, AdmProgramme};
use super::number::{ChannelBlocks, ChannelFormat, FIRST, Numbering, Pack, Placed, Track};
use super::stream::AdmSource;
use super::text::{Xml, decimal_time, sample_time};
use crate::audio::scene::Screen;
use crate::audio::{AdmProfile, ContentKind};
use crate::bwf::ChnaRow;

impl AdmDocument {
    /// The table of tracks: which track is what, in order of tracks.
    pub fn rows(&self) -> Vec<ChnaRow> {
        Numbering::new(self).rows()
    }

    pub(super) fn is_dolby(&self) -> bool {
        self.profile == AdmProfile::Dolby
    }

    fn time(&self, samples: u64) -> String {
        match self.profile {
            AdmProfile::Bs2076v2 => sample_time(samples, self.rate),
            _ => decimal_time(samples, self.rate),
        }
    }
}

impl AdmSource for AdmDocument {
    fn write(&self, out: &mut dyn io::Write) -> io::Result<()> {
        Numbering::new(self).document(out)
    }
}

impl Numbering<'_> {
    fn document(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let mut xml = Xml::new(out);
        let root = [
            ("xmlns", "urn:ebu:metadata-schema:ebuCore_2016"),
            ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
            (
                "xsi:schemaLocation",
                "urn:ebu:metadata-schema:ebuCore_2016 ebucore.xsd",
            ),
            ("xml:lang", "en"),
        ];
        let version: &[_] = match self.document.profile {
            AdmProfile::Bs2076v2 => &[("version", "ITU-R_BS.2076-2")],
            _ => &[],
        };
        xml.element("ebuCoreMain", &root, |xml| {
            xml.element("coreMetadata", &[], |xml| {
                xml.element("format", &[], |xml| {
                    xml.element("audioFormatExtended", version, |xml| self.elements(xml));
                });
            });
        });
        xml.finish()
    }

    fn elements(&self, xml: &mut Xml<'_>) {
        for (i, programme) in self.document.programmes.iter().enumerate() {
            self.programme(xml, i, programme);
        }
        for (i, content) in self.document.contents.iter().enumerate() {
            self.content(xml, i, content);
        }
        self.objects.iter().for_each(|o| self.object(xml, o));
        self.packs.iter().for_each(|pack| pack.write(xml));
        self.channels
            .iter()
            .for_each(|c| self.channel_format(xml, c));
        if self.document.profile != AdmProfile::Bs2076v2 {
            self.channels.iter().for_each(|channel| channel.stream(xml));
        }
        self.tracks
            .iter()
            .for_each(|track| self.track_uid(xml, track));
    }

    fn programme(&self, xml: &mut Xml<'_>, index: usize, programme: &AdmProgramme) {
        let id = format!("APR_{:04x}", FIRST + index);
        let start = self.document.time(self.document.start);
        let end = self.document.start.saturating_add(self.document.length);
        let end = self.document.time(end);
        let mut attributes = vec![
            ("audioProgrammeID", id.as_str()),
            ("audioProgrammeName", programme.name.as_str()),
        ];
        let language = programme.language.as_deref();
        attributes.extend(language.map(|language| ("audioProgrammeLanguage", language)));
        attributes.extend([("start", start.as_str()), ("end", end.as_str())]);
        xml.element("audioProgramme", &attributes, |xml| {
            for content in &programme.contents {
                let id = format!("ACO_{:04x}", FIRST + content);
                xml.text("audioContentIDRef", &[], &id);
            }
            loudness(xml, programme.loudness);
            if let Some(shown) = self.document.screen {
                screen(xml, shown);
            }
        });
    }

    fn content(&self, xml: &mut Xml<'_>, index: usize, content: &AdmContent) {
        let id = format!("ACO_{:04x}", FIRST + index);
        let mut attributes = vec![
            ("audioContentID", id.as_str()),
            ("audioContentName", content.name.as_str()),
        ];
        let language = content.language.as_deref();
        attributes.extend(language.map(|language| ("audioContentLanguage", language)));
        xml.element("audioContent", &attributes, |xml| {
            for object in content.objects.iter().filter_map(|i| self.objects.get(*i)) {
                xml.text("audioObjectIDRef", &[], &object.id);
            }
            loudness(xml, content.loudness);
            let kind = if self.document.is_dolby() {
                ContentKind::Mixed
            } else {
                content.kind
            };
            let (dialogue, value) = kind.values();
            let value = value.to_string();
            xml.text(
                "dialogue",
                &[(kind.attribute(), &value)],
                &dialogue.to_string(),
            );
        });
    }

    fn object(&self, xml: &mut Xml<'_>, placed: &Placed<'_>) {
        let span = match &placed.object.form {
            AdmForm::Kept(kept) => kept.span,
            _ => None,
        };
        let whole = self
            .document
            .is_dolby()
            .then_some((0, self.document.length));
        let span = span.or(whole);
        let span =
            span.map(|(start, length)| (self.document.time(start), self.document.time(length)));
        let mut attributes = vec![
            ("audioObjectID", placed.id.as_str()),
            ("audioObjectName", placed.object.name.as_str()),
        ];
        if let Some((start, length)) = &span {
            attributes.extend([("start", start.as_str()), ("duration", length.as_str())]);
        }
        attributes.push(("interact", "0"));
        if self.document.is_dolby() {
            attributes.push(("disableDucking", "1"));
        }
        xml.element("audioObject", &attributes, |xml| {
            xml.text("audioPackFormatIDRef", &[], &placed.pack);
            for uid in &placed.uids {
                xml.text("audioTrackUIDRef", &[], uid);
            }
        });
    }

    fn channel_format(&self, xml: &mut Xml<'_>, channel: &ChannelFormat<'_>) {
        let (id, block) = (
            format!("AC_{}", channel.number),
            format!("AB_{}", channel.number),
        );
        let attributes = [
            ("audioChannelFormatID", id.as_str()),
            ("audioChannelFormatName", channel.name.as_str()),
            ("typeLabel", channel.kind.0),
            ("typeDefinition", channel.kind.1),
        ];
        xml.element("audioChannelFormat", &attributes, |xml| {
            match channel.blocks {
                ChannelBlocks::Still { label, position } => {
                    self.still(xml, &format!("{block}_00000001"), label, position);
                }
                ChannelBlocks::Kept(kept, index) => self.kept_blocks(xml, &block, kept, index),
            }
        });
    }

    /// The frequency and the blocks of a channel that is carried over.
    fn kept_blocks(&self, xml: &mut Xml<'_>, id: &str, kept: &AdmKept, index: usize) {
        let style = BlockStyle {
            profile: self.document.profile,
            rate: self.document.rate,
        };
        let Some(channel) = kept.channels.get(index) else {
            return;
        };
        let limits = [
            ("lowPass", channel.frequency.low_pass),
            ("highPass", channel.frequency.high_pass),
        ];
        for (kind, hertz) in limits {
            if let Some(hertz) = hertz {
                xml.text("frequency", &[("typeDefinition", kind)], &hertz.to_string());
            }
        }
        match kept.component(index) {
            Some(component) => style.component(component, id, &mut |line| xml.line(line)),
            None => style.blocks(kept, channel, id, &mut |line| xml.line(line)),
        }
    }

    /// The only block of something that does not move.
    fn still(&self, xml: &mut Xml<'_>, id: &str, label: Option<&str>, position: [&str; 3]) {
        let (zero, length) = (
            self.document.time(0),
            self.document.time(self.document.length),
        );
        let mut block = vec![("audioBlockFormatID", id)];
        if label.is_none() {
            block.extend([("rtime", zero.as_str()), ("duration", length.as_str())]);
        }
        xml.element("audioBlockFormat", &block, |xml| {
            if let Some(label) = label {
                xml.text("speakerLabel", &[], label);
            }
            xml.text("cartesian", &[], "1");
            for (axis, value) in ["X", "Y", "Z"].into_iter().zip(position) {
                xml.text("position", &[("coordinate", axis)], value);
            }
            if label.is_none() {
                xml.text("jumpPosition", &[("interpolationLength", "0")], "1");
            }
        });
    }

    fn track_uid(&self, xml: &mut Xml<'_>, track: &Track) {
        let rate = self.document.rate.hertz().to_string();
        let bits = self.document.bits.to_string();
        let attributes = [
            ("UID", track.uid.as_str()),
            ("sampleRate", rate.as_str()),
            ("bitDepth", bits.as_str()),
        ];
        xml.element("audioTrackUID", &attributes, |xml| {
            match self.document.profile {
                AdmProfile::Bs2076v2 => {
                    xml.text("audioChannelFormatIDRef", &[], &track.channel_id());
                }
                _ => xml.text("audioTrackFormatIDRef", &[], &track.format_id()),
            }
            xml.text("audioPackFormatIDRef", &[], &track.pack);
        });
    }
}

impl Pack {
    fn write(&self, xml: &mut Xml<'_>) {
        let attributes = [
            ("audioPackFormatID", self.id.as_str()),
            ("audioPackFormatName", self.name.as_str()),
            ("typeLabel", self.kind.0),
            ("typeDefinition", self.kind.1),
        ];
        xml.element("audioPackFormat", &attributes, |xml| {
            for channel in &self.channels {
                xml.text("audioChannelFormatIDRef", &[], channel);
            }
        });
    }
}

impl ChannelFormat<'_> {
    /// The stream and track formats that BS.2076-1 wants between a track and its channel.
    fn stream(&self, xml: &mut Xml<'_>) {
        let id = |prefix: &str| format!("{prefix}_{}", self.number);
        let name = format!("PCM_{}", self.name);
        let (stream, track) = (id("AS"), format!("{}_01", id("AT")));
        let pcm = [("formatLabel", "0001"), ("formatDefinition", "PCM")];
        let attributes = [
            ("audioStreamFormatID", stream.as_str()),
            ("audioStreamFormatName", name.as_str()),
        ];
        xml.element("audioStreamFormat", &[attributes, pcm].concat(), |xml| {
            xml.text("audioChannelFormatIDRef", &[], &id("AC"));
            xml.text("audioTrackFormatIDRef", &[], &track);
        });
        let attributes = [
            ("audioTrackFormatID", track.as_str()),
            ("audioTrackFormatName", name.as_str()),
        ];
        xml.element("audioTrackFormat", &[attributes, pcm].concat(), |xml| {
            xml.text("audioStreamFormatIDRef", &[], &stream);
        });
    }
}

/// `audioProgrammeReferenceScreen` (BS.2076-2 §5.8.10). The reference renderer wants its aspect ratio as an
/// attribute, the standard as an element: it stands in both.
fn screen(xml: &mut Xml<'_>, screen: Screen) {
    let (aspect_ratio, centre, width) = match screen {
        Screen::Polar {
            aspect_ratio,
            azimuth,
            elevation,
            distance,
            width,
        } => {
            let centre = [azimuth.value(), elevation.value(), distance.value()];
            let names = ["azimuth", "elevation", "distance"];
            (aspect_ratio, (names, centre), width.value())
        }
        Screen::Cartesian {
            aspect_ratio,
            x,
            y,
            z,
            width,
        } => {
            let centre = [x.value(), y.value(), z.value()];
            (aspect_ratio, (["X", "Y", "Z"], centre), width.value())
        }
    };
    let (names, values) = (centre.0, centre.1.map(|value| value.to_string()));
    let (ratio, width) = (aspect_ratio.to_string(), width.to_string());
    let attributes = [("aspectRatio", ratio.as_str())];
    xml.element("audioProgrammeReferenceScreen", &attributes, |xml| {
        xml.text("aspectRatio", &[], &ratio);
        let place: Vec<(&str, &str)> = names
            .into_iter()
            .zip(values.iter().map(String::as_str))
            .collect();
        xml.text("screenCentrePosition", &place, "");
        xml.text("screenWidth", &[(names[0], &width)], "");
    });
}

/// `loudnessMetadata`, where anything is known.
fn loudness(xml: &mut Xml<'_>, loudness: Option<AdmLoudness>) {
    let Some(loudness) = loudness.filter(|loudness| *loudness != AdmLoudness::default()) else {
        return;
    };
    let attributes = [
        ("loudnessMethod", "ITU-R BS.1770"),
        ("loudnessRecType", "EBU R128"),
        ("loudnessCorrectionType", "File-based"),
    ];
    let values = [
        ("integratedLoudness", loudness.integrated),
        ("loudnessRange", loudness.range),
        ("maxTruePeak", loudness.true_peak),
        ("maxMomentary", loudness.momentary),
        ("maxShortTerm", loudness.short_term),
        ("dialogueLoudness", loudness.dialogue),
    ];
    xml.element("loudnessMetadata", &attributes, |xml| {
        for (name, value) in values {
            if let Some(value) = value {
                xml.text(name, &[], &value.to_string());
            }
        }
    });
}
