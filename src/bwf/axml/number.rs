//! Identities: which pack, channels and tracks each object has.

use super::beds::{BedPack, bed_channels, bed_pack};
use super::dolby::{point, room_centric};
use super::kept::{AdmKept, AdmKind};
use super::model::{AdmDocument, AdmForm, AdmObject};
use crate::audio::{AdmProfile, Channel};
use crate::bwf::ChnaRow;

/// Numbers of elements that a document defines begin here (ITU-R BS.2076-1 §6.2).
pub(super) const FIRST: usize = 0x1001;

/// Numbers of objects that are no beds in the Dolby profile.
const FIRST_POINT: usize = 0x100B;

/// Types of packs and channels (ITU-R BS.2076-1 §5.4).
const SPEAKERS: (&str, &str) = ("0001", "DirectSpeakers");
const OBJECTS: (&str, &str) = ("0003", "Objects");
const HOA: (&str, &str) = ("0004", "HOA");

/// A track of the file.
#[derive(Debug, Clone)]
pub(super) struct Track {
    pub(super) uid: String,
    /// Type and number of its channel: `00011001`.
    pub(super) channel: String,
    pub(super) pack: String,
}

impl Track {
    pub(super) fn channel_id(&self) -> String {
        format!("AC_{}", self.channel)
    }

    pub(super) fn format_id(&self) -> String {
        format!("AT_{}_01", self.channel)
    }
}

/// A channel that the document defines.
#[derive(Debug, Clone)]
pub(super) struct ChannelFormat<'a> {
    /// Type and number: `00011001`.
    pub(super) number: String,
    pub(super) kind: (&'static str, &'static str),
    pub(super) name: String,
    pub(super) blocks: ChannelBlocks<'a>,
}

/// What the blocks of a channel say.
#[derive(Debug, Clone)]
pub(super) enum ChannelBlocks<'a> {
    /// One for a place in the room, with a label for beds.
    Still {
        label: Option<&'static str>,
        position: [&'static str; 3],
    },
    /// Those of a channel of an item that is carried over.
    Kept(&'a AdmKept, usize),
}

/// A pack that the document defines.
#[derive(Debug, Clone)]
pub(super) struct Pack {
    pub(super) id: String,
    pub(super) kind: (&'static str, &'static str),
    pub(super) name: String,
    pub(super) channels: Vec<String>,
}

/// An object with its identities.
#[derive(Debug)]
pub(super) struct Placed<'a> {
    pub(super) id: String,
    pub(super) object: &'a AdmObject,
    pub(super) pack: String,
    pub(super) uids: Vec<String>,
}

/// Numbers handed out so far, and what they were given to.
pub(super) struct Numbering<'a> {
    pub(super) document: &'a AdmDocument,
    pub(super) packs: Vec<Pack>,
    pub(super) channels: Vec<ChannelFormat<'a>>,
    pub(super) tracks: Vec<Track>,
    pub(super) objects: Vec<Placed<'a>>,
}

impl<'a> Numbering<'a> {
    /// The identities of everything in a document.
    pub(super) fn new(document: &'a AdmDocument) -> Self {
        let mut numbering = Self {
            document,
            packs: Vec::new(),
            channels: Vec::new(),
            tracks: Vec::new(),
            objects: Vec::new(),
        };
        for object in &document.objects {
            numbering.add(object);
        }
        numbering
    }

    fn add(&mut self, object: &'a AdmObject) {
        let pack = match &object.form {
            AdmForm::Bed(channels) if self.document.is_dolby() => self.room_bed(channels),
            AdmForm::Bed(channels) => self.bed(channels, &object.name),
            AdmForm::Point(channel) => self.point(*channel, &object.name),
            AdmForm::Kept(kept) => self.kept(kept),
        };
        let id = self.object_id(&object.form);
        let uids = self.tracks.len() - object.form.tracks().min(self.tracks.len());
        let uids = self.tracks.iter().skip(uids).map(|track| track.uid.clone());
        self.objects.push(Placed {
            id,
            object,
            pack,
            uids: uids.collect(),
        });
    }

    /// Beds count from 1001, objects of the Dolby profile from 100b.
    fn object_id(&self, form: &AdmForm) -> String {
        let objects = |placed: &&Placed<'_>| placed.object.form.is_object();
        let before = self.objects.len();
        let objects_before = self.objects.iter().filter(objects).count();
        let number = match form.is_object() {
            _ if !self.document.is_dolby() => FIRST + before,
            true => FIRST_POINT + objects_before,
            false => FIRST + before - objects_before,
        };
        format!("AO_{number:04x}")
    }

    fn track(&mut self, channel: String, pack: &str) {
        self.tracks.push(Track {
            uid: format!("ATU_{:08x}", self.tracks.len() + 1),
            channel,
            pack: pack.to_owned(),
        });
    }

    /// The identity of a pack that the document defines.
    fn pack_id(&self, kind: (&str, &str)) -> String {
        format!("AP_{}{:04x}", kind.0, FIRST + self.packs.len())
    }

    /// An item that is carried over: its pack and channels are common where they were.
    fn kept(&mut self, kept: &'a AdmKept) -> String {
        let kind = match kept.kind {
            AdmKind::Speakers => SPEAKERS,
            AdmKind::Objects => OBJECTS,
            AdmKind::Hoa(_) => HOA,
        };
        let id = kept.common_pack.clone();
        let id = id.unwrap_or_else(|| self.pack_id(kind));
        let mut ids = Vec::new();
        for (i, channel) in kept.channels.iter().enumerate() {
            let common = channel
                .common
                .as_deref()
                .and_then(|id| id.strip_prefix("AC_"));
            let number = match common {
                Some(number) => number.to_owned(),
                None => self.channel(kind, channel.name.clone(), ChannelBlocks::Kept(kept, i)),
            };
            ids.push(format!("AC_{number}"));
            self.track(number, &id);
        }
        if kept.common_pack.is_none() {
            self.packs.push(Pack {
                id: id.clone(),
                kind,
                name: kept.pack_name.clone(),
                channels: ids,
            });
        }
        id
    }

    /// A pack of common channels, itself common where there is one.
    fn bed(&mut self, channels: &[Channel], name: &str) -> String {
        let parts = bed_channels(channels);
        let id = match bed_pack(channels) {
            BedPack::Common(number) => format!("AP_0001{number:04x}"),
            BedPack::Own => {
                let id = self.pack_id(SPEAKERS);
                let channels = parts.iter().map(|c| format!("AC_0001{:04x}", c.definition));
                self.packs.push(Pack {
                    id: id.clone(),
                    kind: SPEAKERS,
                    name: name.to_owned(),
                    channels: channels.collect(),
                });
                id
            }
        };
        for part in parts {
            self.track(format!("0001{:04x}", part.definition), &id);
        }
        id
    }

    /// A bed of room-centric channels of its own.
    fn room_bed(&mut self, channels: &[Channel]) -> String {
        let id = self.pack_id(SPEAKERS);
        let mut ids = Vec::new();
        for channel in channels {
            if let Some((name, label, position)) = room_centric(*channel, channels) {
                let label = Some(label);
                let blocks = ChannelBlocks::Still { label, position };
                let number = self.channel(SPEAKERS, name.to_owned(), blocks);
                ids.push(format!("AC_{number}"));
                self.track(number, &id);
            }
        }
        self.packs.push(Pack {
            id: id.clone(),
            kind: SPEAKERS,
            name: format!("AtmosCustomPackFormat{}", self.packs.len() + 1),
            channels: ids,
        });
        id
    }

    /// An object that does not move.
    fn point(&mut self, channel: Channel, name: &str) -> String {
        let id = self.pack_id(OBJECTS);
        let blocks = ChannelBlocks::Still {
            label: None,
            position: point(channel),
        };
        let number = self.channel(OBJECTS, name.to_owned(), blocks);
        self.packs.push(Pack {
            id: id.clone(),
            kind: OBJECTS,
            name: name.to_owned(),
            channels: vec![format!("AC_{number}")],
        });
        self.track(number, &id);
        id
    }

    fn channel(
        &mut self,
        kind: (&'static str, &'static str),
        name: String,
        blocks: ChannelBlocks<'a>,
    ) -> String {
        let number = format!("{}{:04x}", kind.0, FIRST + self.channels.len());
        self.channels.push(ChannelFormat {
            number: number.clone(),
            kind,
            name,
            blocks,
        });
        number
    }

    pub(super) fn rows(&self) -> Vec<ChnaRow> {
        let row = |(i, track): (usize, &Track)| ChnaRow {
            track: u16::try_from(i + 1).unwrap_or(u16::MAX),
            uid: track.uid.clone(),
            reference: match self.document.profile {
                AdmProfile::Bs2076v2 => format!("{}_00", track.channel_id()),
                _ => track.format_id(),
            },
            pack: track.pack.clone(),
        };
        self.tracks.iter().enumerate().map(row).collect()
    }
}
