//! From allocated packs to items.

use super::allocate::{Allocated, Slot, Track, allocate, by_tracks};
use super::matrix;
use super::part::{Common, Fed, Making, first_uid};
use super::paths::Path;
use super::{Item, note_silent};
use crate::audio::Gain;
use crate::audio::scene::{Feed, PositionOffset, Screen};
use crate::bwf::adm::codes::{BINAURAL, GROUP_VALUES, MUTED, UNUSABLE, UNUSABLE_MATRIX, VALUE_SET};
use crate::bwf::adm::id::AdmId;
use crate::bwf::adm::model::{AudioObject, FormatType, TrackUid, ValueSet};
use crate::bwf::adm::notes::Notes;
use crate::bwf::adm::whole::Adm;

/// The items of a file without objects: every track with the formats that it names.
pub(super) fn loose(adm: &Adm, notes: &mut Notes) -> Vec<Item> {
    let there = adm.uids().iter().filter(|uid| uid.index.is_some());
    let tracks: Vec<Track> = there.filter_map(|uid| track(adm, uid, notes)).collect();
    let of = AdmId::new("chna");
    let common = Common {
        contents: Vec::new(),
        objects: Vec::new(),
        start: None,
        duration: None,
        gain: 1.0,
        mute: false,
        offset: None,
        screen: Screen::default(),
    };
    let packs = by_tracks(adm, &of, &tracks, notes);
    let items = packs
        .iter()
        .flat_map(|pack| items(adm, &common, pack, notes));
    items.collect()
}

/// The items of the object that a path leads to.
pub(super) fn object(
    adm: &Adm,
    programme: Option<&AdmId>,
    path: &Path,
    notes: &mut Notes,
) -> Vec<Item> {
    let Some(own) = path.objects.last().and_then(|id| adm.object(id)) else {
        return Vec::new();
    };
    if own.tracks.is_empty() {
        if own.objects.is_empty() {
            note_silent(&own.id, notes);
        }
        return Vec::new();
    }
    let common = common(adm, programme, path, notes);
    if common.mute {
        notes.whole(MUTED, own.id.as_str(), || {
            format!("{} ({})", own.id, own.name)
        });
    }
    let uids = own.tracks.iter().flatten().filter_map(|id| adm.uid(id));
    let tracks: Vec<Track> = uids.filter_map(|uid| track(adm, uid, notes)).collect();
    let silent = own.tracks.iter().filter(|id| id.is_none()).count();
    let packs = allocate(adm, &own.id, &own.packs, &tracks, silent, notes);
    let mut made = Vec::new();
    for pack in packs.iter().flatten() {
        made.extend(items(adm, &common, pack, notes));
    }
    if tracks.iter().all(|track| track.index.is_none()) {
        note_silent(&own.id, notes);
    }
    made
}

fn track(adm: &Adm, uid: &TrackUid, notes: &mut Notes) -> Option<Track> {
    let channel = adm.channel_of(uid);
    if channel.is_none() {
        let message = || format!("track {} leads to no channel format", uid.id);
        notes.whole(UNUSABLE, uid.id.as_str(), message);
    }
    Some(Track {
        uid: uid.id.clone(),
        index: uid.index,
        channel: channel?,
        pack: uid.pack.clone(),
    })
}

/// What the objects of a path say together, with the values that programme and contents choose.
fn common(adm: &Adm, programme: Option<&AdmId>, path: &Path, notes: &mut Notes) -> Common {
    let programme = programme.and_then(|id| adm.programme(id));
    let contents = path.contents.iter().filter_map(|id| adm.content(id));
    let of_programme = programme.iter().flat_map(|programme| &programme.value_sets);
    let chosen: Vec<&AdmId> = of_programme
        .chain(contents.flat_map(|content| &content.value_sets))
        .collect();
    let mut common = Common {
        contents: path.contents.clone(),
        objects: path.objects.clone(),
        start: None,
        duration: None,
        gain: 1.0,
        mute: false,
        offset: None,
        screen: programme
            .and_then(|programme| programme.screen)
            .unwrap_or_default(),
    };
    let objects: Vec<&AudioObject> = path
        .objects
        .iter()
        .filter_map(|id| adm.object(id))
        .collect();
    for (i, object) in objects.iter().enumerate() {
        let set = object
            .value_sets
            .iter()
            .find(|set| chosen.contains(&&set.id));
        if let Some(set) = set {
            let message = || format!("{} for {}", set.id, object.id);
            notes.whole(VALUE_SET, set.id.as_str(), message);
        }
        let (gain, mute, offset) = values(object, set);
        let group = i + 1 < objects.len();
        let own = gain.is_some() || mute || offset.is_some();
        if group && (own || object.start.is_some() || object.duration.is_some()) {
            notes.whole(GROUP_VALUES, object.id.as_str(), || object.id.to_string());
        }
        common.gain *= gain.map_or(1.0, Gain::linear);
        common.mute |= mute;
        common.offset = offset.or(common.offset);
        if object.start.is_some() || object.duration.is_some() {
            common.start = object.start;
            common.duration = object.duration;
        }
    }
    common
}

/// Gain, mute and offset of an object, those of the chosen set before its own.
fn values(
    object: &AudioObject,
    set: Option<&ValueSet>,
) -> (Option<Gain>, bool, Option<PositionOffset>) {
    let gain = set.and_then(|set| set.gain).or(object.gain);
    let mute = set.and_then(|set| set.mute).or(object.mute);
    let offset = set.and_then(|set| set.offset).or(object.offset);
    (gain, mute.unwrap_or(false), offset)
}

fn items(adm: &Adm, common: &Common, allocated: &Allocated, notes: &mut Notes) -> Vec<Item> {
    let pack = adm.pack(&allocated.pack);
    let fed = match pack {
        Some(pack) if pack.kind == FormatType::Matrix => matrixed(adm, pack, &allocated.slots),
        _ => Ok(plain(adm, &allocated.slots, notes)),
    };
    let fed = match fed {
        Ok(fed) => fed,
        Err(reason) => {
            let message = || format!("{}: {reason}", allocated.pack);
            notes.whole(UNUSABLE_MATRIX, allocated.pack.as_str(), message);
            return Vec::new();
        }
    };
    let first = fed.first().map(|fed| fed.channel.kind);
    let kind = first.unwrap_or(FormatType::Other);
    let making = Making {
        adm,
        common,
        allocated,
        kind,
    };
    match kind {
        FormatType::Objects => fed
            .iter()
            .filter_map(|fed| making.item(fed.uid.as_ref(), vec![making.part(fed, notes)?]))
            .collect(),
        FormatType::DirectSpeakers | FormatType::Binaural => {
            if kind == FormatType::Binaural {
                notes.whole(BINAURAL, allocated.pack.as_str(), || {
                    allocated.pack.to_string()
                });
            }
            let parts = fed
                .iter()
                .filter_map(|fed| making.part(fed, notes))
                .collect();
            making.item(making.uid(), parts).into_iter().collect()
        }
        FormatType::Hoa => {
            let parts = making.hoa(&fed, notes).into_iter().collect();
            making.item(making.uid(), parts).into_iter().collect()
        }
        FormatType::Matrix | FormatType::Other => {
            let message = || format!("{} is of type {}", allocated.pack, kind.name());
            notes.whole(UNUSABLE, allocated.pack.as_str(), message);
            Vec::new()
        }
    }
}

/// The channels of a pack; an error for those that the file does not describe.
fn plain<'a>(adm: &'a Adm, slots: &[Slot], notes: &mut Notes) -> Vec<Fed<'a>> {
    let mut all = Vec::new();
    for slot in slots {
        let Some(channel) = adm.channel(&slot.channel) else {
            let message = || format!("channel {} is not in the file", slot.channel);
            notes.whole(UNUSABLE, slot.channel.as_str(), message);
            continue;
        };
        let index = slot.track.as_ref().and_then(|track| track.index);
        all.push(Fed {
            channel,
            uid: first_uid(slot).cloned(),
            packs: slot.packs.clone(),
            feed: index.map(Feed::channel).unwrap_or_default(),
        });
    }
    all
}

/// The channels of a matrix's output pack, fed through it.
fn matrixed<'a>(
    adm: &'a Adm,
    pack: &super::super::Pack,
    slots: &[Slot],
) -> Result<Vec<Fed<'a>>, String> {
    let output = pack.output.as_ref().and_then(|id| adm.pack(id));
    let output = output.ok_or_else(|| "it has no output pack".to_owned())?;
    let places = super::allocate::slots(adm, output);
    let mut all = Vec::new();
    for (id, feed) in matrix::outputs(adm, pack, slots)? {
        let place = places.iter().find(|slot| slot.channel == id);
        let place = place.ok_or_else(|| format!("{id} is not in its output pack {}", output.id))?;
        let channel = adm
            .channel(&id)
            .ok_or_else(|| format!("{id} is not there"))?;
        all.push(Fed {
            channel,
            uid: None,
            packs: place.packs.clone(),
            feed,
        });
    }
    Ok(all)
}
