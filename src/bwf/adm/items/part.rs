//! The parts of an item: what is rendered as one.

use super::allocate::{Allocated, Slot};
use super::{Item, ItemPart};
use crate::audio::Gain;
use crate::audio::scene::{
    Coordinate, Ear, Feed, HoaFormat, ItemFormat, ItemKind, PositionOffset, Screen,
};
use crate::bwf::adm::blocks::BlockStore;
use crate::bwf::adm::codes::UNUSABLE;
use crate::bwf::adm::id::AdmId;
use crate::bwf::adm::model::{ChannelFormat, FormatType};
use crate::bwf::adm::notes::Notes;
use crate::bwf::adm::whole::Adm;
use crate::time::Rational;

/// What all parts of an item have in common.
#[derive(Debug, Clone)]
pub(super) struct Common {
    pub(super) contents: Vec<AdmId>,
    pub(super) objects: Vec<AdmId>,
    pub(super) start: Option<Rational>,
    pub(super) duration: Option<Rational>,
    pub(super) gain: f64,
    pub(super) mute: bool,
    pub(super) offset: Option<PositionOffset>,
    pub(super) screen: Screen,
}

/// A channel with where its signal comes from.
pub(super) struct Fed<'a> {
    pub(super) channel: &'a ChannelFormat,
    /// Its own track, where it has one.
    pub(super) uid: Option<AdmId>,
    pub(super) packs: Vec<AdmId>,
    pub(super) feed: Feed,
}

fn is_silent(part: &ItemPart) -> bool {
    part.format.feeds.iter().all(|feed| feed.taps.is_empty())
}

pub(super) fn first_uid(slot: &Slot) -> Option<&AdmId> {
    slot.track.as_ref().map(|track| &track.uid)
}

/// Makes the items of a pack.
pub(super) struct Making<'a> {
    pub(super) adm: &'a Adm,
    pub(super) common: &'a Common,
    pub(super) allocated: &'a Allocated,
    pub(super) kind: FormatType,
}

impl Making<'_> {
    /// The first track.
    pub(super) fn uid(&self) -> Option<&AdmId> {
        self.allocated.slots.iter().find_map(first_uid)
    }

    /// An item of these parts; `None` where nothing of it can sound.
    pub(super) fn item(&self, uid: Option<&AdmId>, parts: Vec<ItemPart>) -> Option<Item> {
        if parts.is_empty() || parts.iter().all(is_silent) {
            return None;
        }
        let last = uid.unwrap_or(&self.allocated.pack);
        let path = self.common.objects.iter().chain([last]);
        let path: Vec<&str> = path.map(AdmId::as_str).collect();
        Some(Item {
            id: path.join("/"),
            contents: self.common.contents.clone(),
            objects: self.common.objects.clone(),
            pack: self.allocated.pack.clone(),
            kind: self.kind,
            start: self.common.start,
            duration: self.common.duration,
            mute: self.common.mute,
            parts,
        })
    }

    fn format(&self, kind: ItemKind, feeds: Vec<Feed>) -> ItemFormat {
        ItemFormat {
            kind,
            feeds,
            start: self.common.start,
            duration: self.common.duration,
            gain: Gain::new(self.common.gain),
            mute: self.common.mute,
            offset: self.common.offset,
            screen: self.common.screen,
        }
    }

    /// The part that a channel is; `None`, with an error, for one without blocks or of another type than the
    /// first.
    pub(super) fn part(&self, fed: &Fed<'_>, notes: &mut Notes) -> Option<ItemPart> {
        let channel = fed.channel;
        let kind = match (&*channel.blocks, self.kind) {
            (BlockStore::Objects(_), FormatType::Objects) => ItemKind::Object,
            (BlockStore::Speakers(_), FormatType::DirectSpeakers) => ItemKind::Speakers {
                common_pack: fed
                    .packs
                    .last()
                    .filter(|id| id.is_common())
                    .map(ToString::to_string),
                frequency: channel.frequency,
            },
            (_, FormatType::Binaural) => ItemKind::Binaural(self.ear(channel)),
            _ => {
                let message =
                    || format!("{} has no blocks of type {}", channel.id, self.kind.name());
                notes.whole(UNUSABLE, channel.id.as_str(), message);
                return None;
            }
        };
        Some(ItemPart {
            name: channel.name.clone(),
            channel: channel.id.clone(),
            format: self.format(kind, vec![fed.feed.clone()]),
        })
    }

    /// The ear of a channel: as the common definitions have it (BS.2094), else as its name says, else left
    /// and right by turns.
    fn ear(&self, channel: &ChannelFormat) -> Ear {
        let name = channel.name.to_ascii_lowercase();
        let slots = &self.allocated.slots;
        let place = slots.iter().position(|slot| slot.channel == channel.id);
        let right = match channel.id.as_str() {
            "AC_00050001" => false,
            "AC_00050002" => true,
            _ if name.contains("left") != name.contains("right") => name.contains("right"),
            _ => place.is_some_and(|place| place % 2 == 1),
        };
        if right { Ear::Right } else { Ear::Left }
    }

    /// A set of components: what holds for all must be the same in all.
    pub(super) fn hoa(&self, fed: &[Fed<'_>], notes: &mut Notes) -> Option<ItemPart> {
        let mut format: Option<HoaFormat> = None;
        for fed in fed {
            let reason = match self.component(fed) {
                Ok(own) => match &mut format {
                    None => {
                        format = Some(own);
                        continue;
                    }
                    Some(all) if agree(all, &own) => {
                        all.channels.extend(own.channels);
                        continue;
                    }
                    Some(_) => "differs from the other components".to_owned(),
                },
                Err(reason) => reason,
            };
            let message = || format!("HOA channel {} {reason}", fed.channel.id);
            notes.whole(UNUSABLE, fed.channel.id.as_str(), message);
            return None;
        }
        let format = format?;
        let first = fed.first()?;
        let feeds = fed.iter().map(|fed| fed.feed.clone()).collect();
        Some(ItemPart {
            name: self
                .adm
                .pack(&self.allocated.pack)
                .map_or_else(String::new, |p| p.name.clone()),
            channel: first.channel.id.clone(),
            format: self.format(ItemKind::Hoa(format), feeds),
        })
    }

    /// One component with what its packs say of it.
    fn component(&self, fed: &Fed<'_>) -> Result<HoaFormat, String> {
        let BlockStore::Hoa(blocks) = &*fed.channel.blocks else {
            return Err("has no blocks".to_owned());
        };
        let [block] = blocks.as_slice() else {
            return Err(format!("has {} blocks, BS.2127 renders one", blocks.len()));
        };
        if block.equation {
            return Err("has an equation, which the standard gives no form".to_owned());
        }
        let channel = block.channel.ok_or("has no order and degree")?;
        let packs = || fed.packs.iter().filter_map(|id| self.adm.pack(id));
        let normalization = block
            .normalization
            .or_else(|| packs().find_map(|pack| pack.normalization));
        let stated = block.nfc_distance.map(Coordinate::value);
        let nfc = stated.or_else(|| packs().find_map(|pack| pack.nfc_distance));
        let screen_ref = block
            .screen_ref
            .or_else(|| packs().find_map(|pack| pack.screen_ref));
        Ok(HoaFormat {
            channels: vec![channel],
            normalization: normalization.unwrap_or_default(),
            nfc_distance: nfc.filter(|distance| *distance != 0.0).map(Coordinate::new),
            screen_ref: screen_ref.unwrap_or(false),
            span: block.span,
        })
    }
}

/// Whether two components may stand in one set.
fn agree(a: &HoaFormat, b: &HoaFormat) -> bool {
    let twice = b.channels.iter().any(|own| {
        let same = |other: &crate::audio::scene::HoaChannel| {
            (other.order, other.degree) == (own.order, own.degree)
        };
        a.channels.iter().any(same)
    });
    !twice
        && a.normalization == b.normalization
        && a.nfc_distance == b.nfc_distance
        && a.screen_ref == b.screen_ref
        && a.span == b.span
}
