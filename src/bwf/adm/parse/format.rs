//! Packs, channels, streams, tracks and track UIDs.

use std::io::BufRead;
use std::sync::Arc;

use super::value::{attribute, flag, float, importance, value};
use super::{Broken, Parser, Step};
use crate::audio::scene::{Frequency, Normalization};
use crate::bwf::adm::codes::VALUE;
use crate::bwf::adm::id::AdmId;
use crate::bwf::adm::model::{
    ChannelFormat, FormatType, Pack, StreamFormat, TrackFormat, TrackUid,
};

impl<R: BufRead> Parser<'_, R> {
    /// The type of the open element: by `typeDefinition`, `typeLabel`, else by its identity.
    fn kind(&mut self, id: &AdmId) -> FormatType {
        let tag = &self.xml.tag;
        let stated = tag.attribute("typeDefinition").and_then(FormatType::parse);
        let label = tag.attribute("typeLabel").and_then(FormatType::parse);
        let found = stated.or(label).or_else(|| FormatType::of_id(id));
        if let (Some(stated), Some(label)) = (stated, label)
            && stated != label
        {
            let message = || format!("{id}: typeDefinition {} is not typeLabel", stated.name());
            self.notes.at(VALUE, tag.offset, id.as_str(), message);
        }
        found.unwrap_or(FormatType::Other)
    }

    pub(super) fn pack(&mut self) -> Result<(), Broken> {
        self.attributes(&["audioPackFormatID", "audioPackFormatName", "importance"]);
        let id = AdmId::new(
            self.xml
                .tag
                .attribute("audioPackFormatID")
                .unwrap_or_default(),
        );
        let mut pack = Pack {
            kind: self.kind(&id),
            name: self.xml.tag.owned("audioPackFormatName"),
            importance: attribute(self.notes, &self.xml.tag, "importance", importance),
            ..Pack::new(id)
        };
        while self.xml.next()? == Step::Open {
            self.pack_child(&mut pack)?;
        }
        if pack.id.is_empty() {
            self.no_id("audioPackFormat");
            return Ok(());
        }
        self.elements.packs.push(pack);
        Ok(())
    }

    fn pack_child(&mut self, pack: &mut Pack) -> Result<(), Broken> {
        let at = self.xml.tag.offset;
        match self.xml.tag.name() {
            "audioChannelFormatIDRef" => self.reference(&mut pack.channels)?,
            "audioPackFormatIDRef" => self.reference(&mut pack.packs)?,
            "encodePackFormatIDRef" => self.reference(&mut pack.encoders)?,
            // A decoder may be named from its encoder's side; the decoder names it too.
            "decodePackFormatIDRef" => self.xml.skip()?,
            "inputPackFormatIDRef" => pack.input = one(self.xml.text()?),
            "outputPackFormatIDRef" => pack.output = one(self.xml.text()?),
            "absoluteDistance" => {
                let text = self.xml.text()?;
                pack.absolute_distance = value(self.notes, at, "absoluteDistance", text, float);
            }
            "normalization" => {
                let text = self.xml.text()?;
                pack.normalization = value(self.notes, at, "normalization", text, normalization);
            }
            "nfcRefDist" => {
                let text = self.xml.text()?;
                pack.nfc_distance = value(self.notes, at, "nfcRefDist", text, float);
            }
            "screenRef" => {
                let text = self.xml.text()?;
                pack.screen_ref = value(self.notes, at, "screenRef", text, flag);
            }
            _ => self.unknown("audioPackFormat")?,
        }
        Ok(())
    }

    pub(super) fn channel(&mut self) -> Result<(), Broken> {
        self.attributes(&["audioChannelFormatID", "audioChannelFormatName"]);
        let tag = &self.xml.tag;
        let id = AdmId::new(tag.attribute("audioChannelFormatID").unwrap_or_default());
        let name = tag.owned("audioChannelFormatName");
        let kind = self.kind(&id);
        let mut frequency = Frequency::default();
        let mut blocks = super::block::Building::new(kind, &id);
        while self.xml.next()? == Step::Open {
            match self.xml.tag.name() {
                "audioBlockFormat" => self.block(&mut blocks)?,
                "frequency" => self.frequency(&mut frequency)?,
                _ => self.unknown("audioChannelFormat")?,
            }
        }
        let blocks = Arc::new(self.finish_blocks(blocks));
        if id.is_empty() {
            self.no_id("audioChannelFormat");
            return Ok(());
        }
        self.elements.channels.push(ChannelFormat {
            id,
            name,
            kind,
            frequency,
            blocks,
        });
        Ok(())
    }

    fn frequency(&mut self, frequency: &mut Frequency) -> Result<(), Broken> {
        let offset = self.xml.tag.offset;
        let bound = self.xml.tag.owned("typeDefinition").to_ascii_lowercase();
        let number = value(self.notes, offset, "frequency", self.xml.text()?, float);
        match bound.as_str() {
            "lowpass" => frequency.low_pass = number,
            "highpass" => frequency.high_pass = number,
            _ => {
                let message = || format!("frequency of type `{bound}`");
                self.notes
                    .at(VALUE, offset, "frequency@typeDefinition", message);
            }
        }
        Ok(())
    }

    pub(super) fn stream(&mut self) -> Result<(), Broken> {
        self.attributes(&["audioStreamFormatID", "audioStreamFormatName"]);
        let tag = &self.xml.tag;
        let pcm = |text: &str| matches!(text.trim(), "PCM" | "0001");
        let definition = tag
            .attribute("formatDefinition")
            .or(tag.attribute("formatLabel"));
        let mut stream = StreamFormat {
            id: AdmId::new(tag.attribute("audioStreamFormatID").unwrap_or_default()),
            name: tag.owned("audioStreamFormatName"),
            coded: definition.is_some_and(|text| !pcm(text)),
            ..StreamFormat::default()
        };
        while self.xml.next()? == Step::Open {
            match self.xml.tag.name() {
                "audioChannelFormatIDRef" => stream.channel = one(self.xml.text()?),
                "audioPackFormatIDRef" => self.reference(&mut stream.packs)?,
                "audioTrackFormatIDRef" => self.reference(&mut stream.tracks)?,
                _ => self.unknown("audioStreamFormat")?,
            }
        }
        if stream.id.is_empty() {
            self.no_id("audioStreamFormat");
            return Ok(());
        }
        self.elements.streams.push(stream);
        Ok(())
    }

    pub(super) fn track(&mut self) -> Result<(), Broken> {
        self.attributes(&["audioTrackFormatID", "audioTrackFormatName"]);
        let tag = &self.xml.tag;
        let mut track = TrackFormat {
            id: AdmId::new(tag.attribute("audioTrackFormatID").unwrap_or_default()),
            name: tag.owned("audioTrackFormatName"),
            stream: None,
        };
        while self.xml.next()? == Step::Open {
            match self.xml.tag.name() {
                "audioStreamFormatIDRef" => track.stream = one(self.xml.text()?),
                _ => self.unknown("audioTrackFormat")?,
            }
        }
        if track.id.is_empty() {
            self.no_id("audioTrackFormat");
            return Ok(());
        }
        self.elements.tracks.push(track);
        Ok(())
    }

    pub(super) fn uid(&mut self) -> Result<(), Broken> {
        self.attributes(&["UID", "sampleRate", "bitDepth"]);
        let tag = &self.xml.tag;
        let mut uid = TrackUid {
            id: AdmId::new(tag.attribute("UID").unwrap_or_default()),
            sample_rate: attribute(self.notes, tag, "sampleRate", |text| text.parse().ok()),
            bit_depth: attribute(self.notes, tag, "bitDepth", |text| text.parse().ok()),
            in_xml: true,
            ..TrackUid::default()
        };
        while self.xml.next()? == Step::Open {
            match self.xml.tag.name() {
                "audioTrackFormatIDRef" => uid.track = one(self.xml.text()?),
                "audioChannelFormatIDRef" => uid.channel = one(self.xml.text()?),
                "audioPackFormatIDRef" => uid.pack = one(self.xml.text()?),
                // What an MXF file calls the track.
                "audioMXFLookUp" => self.xml.skip()?,
                _ => self.unknown("audioTrackUID")?,
            }
        }
        if uid.id.is_empty() || uid.id.is_silent() {
            self.no_id("audioTrackUID");
            return Ok(());
        }
        self.elements.uids.push(uid);
        Ok(())
    }
}

/// The identity of a text, where there is one.
fn one(text: &str) -> Option<AdmId> {
    Some(AdmId::new(text)).filter(|id| !id.is_empty())
}

/// How HOA components are scaled.
pub(super) fn normalization(text: &str) -> Option<Normalization> {
    match text {
        "N3D" => Some(Normalization::N3d),
        "SN3D" => Some(Normalization::Sn3d),
        "FuMa" => Some(Normalization::FuMa),
        _ => None,
    }
}
