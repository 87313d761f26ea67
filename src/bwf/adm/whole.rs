//! The model as it is used.

use std::sync::Arc;

use super::blocks::{BlockStore, ObjectView, SpeakerView};
use super::codes::CHNA_ONLY;
use super::elements::Elements;
use super::id::AdmId;
use super::items::ItemPart;
use super::link::{Index, channel_of, link};
use super::model::{
    AudioObject, ChannelFormat, Content, Pack, Profile, Programme, StreamFormat, TrackFormat,
    TrackUid,
};
use super::notes::Notes;
use super::parse::parse;
use super::text::Decoded;
use crate::audio::scene::{Block, Blocks};
use crate::bwf::error::WaveError;
use crate::bwf::model::{ChnaRow, Wave};
use crate::bwf::read::{adm_text, read_chna};
use crate::finding::Finding;

/// The Audio Definition Model of a file.
#[derive(Debug, Clone)]
pub struct Adm {
    pub(super) elements: Elements,
    pub(super) index: Index,
    /// The file, for places.
    pub(super) file: String,
    /// Channels of the file.
    pub(super) channels: u16,
    /// What was mended, passed over or not understood.
    pub findings: Vec<Finding>,
}

/// Reads the model of a file; `None` where it has neither XML nor a `chna` table.
///
/// # Errors
/// [`WaveError`] when the file cannot be read. Whatever the XML says is no error.
pub fn read(wave: &Wave) -> Result<Option<Adm>, WaveError> {
    let span = wave.adm.and_then(|adm| adm.chna);
    let table = span.map(|span| read_chna(&wave.path, span)).transpose()?;
    let (rows, table) = table.unwrap_or_default();
    let text = adm_text(wave)?;
    if text.is_none() && rows.is_empty() {
        return Ok(None);
    }
    let file = wave.path.display().to_string();
    let base = wave
        .adm
        .and_then(|adm| adm.axml)
        .map_or(0, |span| span.offset);
    let mut notes = Notes::new(file.as_str(), base);
    let elements = match text.map(Decoded::new) {
        Some(Ok(text)) => parse(text, &mut notes),
        Some(Err(error)) => return Err(WaveError::io(&wave.path, error)),
        None => Elements::default(),
    };
    let mut adm = Adm::link(elements, &rows, wave.format.channels, file, notes);
    adm.findings.extend(table);
    Ok(Some(adm))
}

/// Reads the model of an XML document that stands alone; `rows` and `channels` say what a file would.
pub fn read_xml(text: &[u8], rows: &[ChnaRow], channels: u16, file: &str) -> Adm {
    let mut notes = Notes::new(file, 0);
    let elements =
        Decoded::new(text).map_or_else(|_| Elements::default(), |text| parse(text, &mut notes));
    Adm::link(elements, rows, channels, file.to_owned(), notes)
}

/// The element of an identity.
fn find<'a, T>(
    all: &'a [T],
    index: &std::collections::BTreeMap<AdmId, usize>,
    id: &AdmId,
) -> Option<&'a T> {
    all.get(*index.get(id)?)
}

impl Adm {
    fn link(
        mut elements: Elements,
        rows: &[ChnaRow],
        channels: u16,
        file: String,
        mut notes: Notes,
    ) -> Self {
        let index = link(&mut elements, rows, channels, &mut notes);
        if elements.programmes.is_empty() && elements.objects.is_empty() && !rows.is_empty() {
            let message = || format!("{} rows of the chna chunk are used", rows.len());
            notes.whole(CHNA_ONLY, "", message);
        }
        let findings = notes.into_findings();
        Self {
            elements,
            index,
            file,
            channels,
            findings,
        }
    }

    /// Whether there is nothing that could sound.
    pub fn is_empty(&self) -> bool {
        self.elements.objects.is_empty() && self.elements.uids.is_empty()
    }

    /// The version as the file states it: `ITU-R_BS.2076-2`; the first two have none.
    pub fn version(&self) -> Option<&str> {
        self.elements.version.as_deref()
    }

    /// The profiles that the file claims to follow.
    pub fn profiles(&self) -> &[Profile] {
        &self.elements.profiles
    }

    /// The programmes.
    pub fn programmes(&self) -> &[Programme] {
        &self.elements.programmes
    }

    /// The contents.
    pub fn contents(&self) -> &[Content] {
        &self.elements.contents
    }

    /// The objects.
    pub fn objects(&self) -> &[AudioObject] {
        &self.elements.objects
    }

    /// The packs, with those of the common definitions that are used.
    pub fn packs(&self) -> &[Pack] {
        &self.elements.packs
    }

    /// The channels, with those of the common definitions that are used.
    pub fn channels(&self) -> &[ChannelFormat] {
        &self.elements.channels
    }

    /// The streams.
    pub fn streams(&self) -> &[StreamFormat] {
        &self.elements.streams
    }

    /// The track formats.
    pub fn tracks(&self) -> &[TrackFormat] {
        &self.elements.tracks
    }

    /// The track UIDs.
    pub fn uids(&self) -> &[TrackUid] {
        &self.elements.uids
    }

    /// The programme of an identity.
    pub fn programme(&self, id: &AdmId) -> Option<&Programme> {
        find(&self.elements.programmes, &self.index.programmes, id)
    }

    /// The content of an identity.
    pub fn content(&self, id: &AdmId) -> Option<&Content> {
        find(&self.elements.contents, &self.index.contents, id)
    }

    /// The object of an identity.
    pub fn object(&self, id: &AdmId) -> Option<&AudioObject> {
        find(&self.elements.objects, &self.index.objects, id)
    }

    /// The pack of an identity.
    pub fn pack(&self, id: &AdmId) -> Option<&Pack> {
        find(&self.elements.packs, &self.index.packs, id)
    }

    /// The channel of an identity.
    pub fn channel(&self, id: &AdmId) -> Option<&ChannelFormat> {
        find(&self.elements.channels, &self.index.channels, id)
    }

    /// The track UID of an identity.
    pub fn uid(&self, id: &AdmId) -> Option<&TrackUid> {
        find(&self.elements.uids, &self.index.uids, id)
    }

    /// The channel format that a track leads to.
    pub fn channel_of(&self, uid: &TrackUid) -> Option<AdmId> {
        channel_of(&self.elements, &self.index, uid).map(|(channel, _)| channel)
    }

    /// How many blocks a channel has.
    pub fn block_count(&self, channel: &AdmId) -> usize {
        self.channel(channel)
            .map_or(0, |channel| channel.blocks.len())
    }

    /// The blocks of a channel with their times as near as can be to what the file states.
    pub(super) fn stated_blocks(&self, channel: &AdmId) -> ObjectView {
        let store = self
            .channel(channel)
            .map(|channel| Arc::clone(&channel.blocks));
        ObjectView {
            store: store.unwrap_or_default(),
            strict: true,
        }
    }

    /// The blocks of a part of an item, in order of time. Overlaps end where the next block begins and no
    /// interpolation outlasts its block; cracks of rounded times are closed unless `strict`. Components
    /// of HOA have none: their format says it all.
    pub fn blocks(&self, part: &ItemPart, strict: bool) -> Arc<dyn Blocks> {
        let store = self
            .channel(&part.channel)
            .map(|channel| Arc::clone(&channel.blocks));
        match store {
            Some(store) if matches!(*store, BlockStore::Objects(_)) => {
                Arc::new(ObjectView { store, strict })
            }
            Some(store) if matches!(*store, BlockStore::Speakers(_)) => {
                Arc::new(SpeakerView { store, strict })
            }
            _ => Arc::new(Vec::<Block>::new()),
        }
    }
}
