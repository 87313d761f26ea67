//! Which track carries which channel of which pack (ITU-R BS.2127-0 §5.2.5).

use std::collections::{BTreeMap, BTreeSet};

use super::matrix;
use crate::bwf::adm::codes::{ALLOCATION, AMBIGUOUS, DANGLING, MISFIT, TOO_MANY};
use crate::bwf::adm::id::AdmId;
use crate::bwf::adm::model::{FormatType, Pack};
use crate::bwf::adm::notes::Notes;
use crate::bwf::adm::whole::Adm;

/// Most tracks of one object, and most channels of its packs.
const MAX_SLOTS: usize = 8192;

/// How deep packs may nest: the common definitions of HOA go six deep.
const MAX_NESTING: usize = 16;

/// A track that wants a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Track {
    pub(super) uid: AdmId,
    /// Channel of the file; `None` for one that the file does not have.
    pub(super) index: Option<u16>,
    pub(super) channel: AdmId,
    pub(super) pack: Option<AdmId>,
}

/// A channel of a pack that wants a track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) channel: AdmId,
    /// The packs from the outermost to the channel's own; a track may refer to any of them.
    pub(super) packs: Vec<AdmId>,
    /// The track that it got; none for silence.
    pub(super) track: Option<Track>,
    taken: bool,
}

/// A pack with its channels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Allocated {
    pub(super) pack: AdmId,
    pub(super) slots: Vec<Slot>,
}

/// The channels of a pack and of the packs inside it.
pub(super) fn slots(adm: &Adm, pack: &Pack) -> Vec<Slot> {
    let mut slots = Vec::new();
    let mut open = vec![vec![pack.id.clone()]];
    // No pack may be reached twice from another one (BS.2127-0 §5.2.1).
    let mut seen = BTreeSet::new();
    while let Some(path) = open.pop() {
        let own = path.last().and_then(|id| adm.pack(id));
        let Some(own) = own.filter(|own| seen.len() < MAX_SLOTS && seen.insert(&own.id)) else {
            continue;
        };
        for channel in &own.channels {
            if slots.len() < MAX_SLOTS {
                slots.push(slot(channel.clone(), path.clone()));
            }
        }
        if path.len() < MAX_NESTING && open.len() < MAX_SLOTS {
            for inner in own.packs.iter().rev() {
                let mut longer = path.clone();
                longer.push(inner.clone());
                open.push(longer);
            }
        }
    }
    slots
}

pub(super) fn slot(channel: AdmId, packs: Vec<AdmId>) -> Slot {
    Slot {
        channel,
        packs,
        track: None,
        taken: false,
    }
}

/// The tracks of an object in the channels of its packs; `silent` more tracks have no sound.
///
/// Where references contradict each other, what can sound does, with a note: an empty channel is silent, a
/// track may go to a channel of another pack, and packs that the object does not name are those of
/// its tracks. `None`, with an error, where a track is left over.
pub(super) fn allocate(
    adm: &Adm,
    of: &AdmId,
    packs: &[AdmId],
    tracks: &[Track],
    silent: usize,
    notes: &mut Notes,
) -> Option<Vec<Allocated>> {
    if tracks.len() > MAX_SLOTS || packs.len() > MAX_SLOTS {
        notes.whole(TOO_MANY, of.as_str(), || {
            format!("{of} has {} tracks", tracks.len())
        });
        return None;
    }
    let known: Vec<&Pack> = packs.iter().filter_map(|id| adm.pack(id)).collect();
    if known.is_empty() {
        notes_missing(of, packs, notes);
        return Some(by_tracks(adm, of, tracks, notes));
    }
    for form in 0..matrix::FORMS {
        let mut filled = shapes(adm, &known, form)?;
        notes.spend(tracks.len() + filled.iter().map(|pack| pack.slots.len()).sum::<usize>());
        let left = fill(&mut filled, tracks, true);
        let empty = empty(&filled);
        if left.is_empty() && empty == silent {
            ambiguous(of, tracks, &known, notes);
            return Some(filled);
        }
        if known.iter().all(|pack| pack.kind != FormatType::Matrix) {
            break;
        }
    }
    lenient(adm, of, &known, tracks, silent, notes)
}

fn notes_missing(of: &AdmId, packs: &[AdmId], notes: &mut Notes) {
    let names: Vec<&str> = packs.iter().map(AdmId::as_str).collect();
    let packs = if names.is_empty() {
        "no pack".to_owned()
    } else {
        format!("packs that are not there ({})", names.join(" "))
    };
    let message = || format!("{of} refers to {packs}; those of its tracks are used");
    notes.whole(DANGLING, of.as_str(), message);
}

/// The channels of all packs, in one of the forms that matrices have.
fn shapes(adm: &Adm, packs: &[&Pack], form: usize) -> Option<Vec<Allocated>> {
    let mut total = 0;
    let mut all = Vec::new();
    for pack in packs {
        let slots = if pack.kind == FormatType::Matrix {
            matrix::slots(adm, pack, form)
        } else {
            slots(adm, pack)
        };
        total += slots.len();
        if total > MAX_SLOTS {
            return None;
        }
        all.push(Allocated {
            pack: pack.id.clone(),
            slots,
        });
    }
    Some(all)
}

/// Gives each track a free channel; those that find none come back. With `strict` the pack must fit,
/// too.
fn fill<'a>(packs: &mut [Allocated], tracks: &'a [Track], strict: bool) -> Vec<&'a Track> {
    // By channel the places of its free slots, those that fewest tracks fit first.
    let mut free: BTreeMap<AdmId, Vec<(usize, usize, usize)>> = BTreeMap::new();
    for (p, pack) in packs.iter().enumerate() {
        for (s, slot) in pack.slots.iter().enumerate() {
            let places = free.entry(slot.channel.clone()).or_default();
            places.push((slot.packs.len(), p, s));
        }
    }
    for places in free.values_mut() {
        places.sort_unstable();
    }
    let mut left = Vec::new();
    for track in tracks {
        let places = free.get_mut(&track.channel);
        let found = places.and_then(|places| {
            let fits = |(_, p, s): &(usize, usize, usize)| {
                let slot = packs.get(*p).and_then(|pack| pack.slots.get(*s));
                let named = |pack: &AdmId| slot.is_some_and(|slot| slot.packs.contains(pack));
                !strict || track.pack.as_ref().is_none_or(named)
            };
            let at = places.iter().position(fits)?;
            Some(places.remove(at))
        });
        let slot = found.and_then(|(_, p, s)| packs.get_mut(p)?.slots.get_mut(s));
        match slot {
            Some(slot) => {
                slot.taken = true;
                slot.track = Some(track.clone());
            }
            None => left.push(track),
        }
    }
    left
}

fn empty(packs: &[Allocated]) -> usize {
    let slots = packs.iter().flat_map(|pack| &pack.slots);
    slots.filter(|slot| !slot.taken).count()
}

/// Notes where tracks could be exchanged between packs: they are taken in order.
fn ambiguous(of: &AdmId, tracks: &[Track], packs: &[&Pack], notes: &mut Notes) {
    if packs.len() < 2 {
        return;
    }
    let mut seen = BTreeSet::new();
    if tracks
        .iter()
        .any(|track| !seen.insert((&track.channel, &track.pack)))
    {
        let message = || format!("the tracks of {of} are taken in their order");
        notes.whole(AMBIGUOUS, of.as_str(), message);
    }
}

/// What can be made of references that contradict each other.
fn lenient(
    adm: &Adm,
    of: &AdmId,
    packs: &[&Pack],
    tracks: &[Track],
    silent: usize,
    notes: &mut Notes,
) -> Option<Vec<Allocated>> {
    let mut filled = shapes(adm, packs, 0)?;
    let left = fill(&mut filled, tracks, false);
    if let Some(track) = left.first() {
        let message = || {
            format!(
                "{of}: track {} of channel {} fits no channel of its packs ({} tracks in all)",
                track.uid,
                track.channel,
                left.len()
            )
        };
        notes.whole(ALLOCATION, of.as_str(), message);
        return None;
    }
    let empty = empty(&filled);
    let message = || {
        if empty == silent {
            format!("{of}: tracks refer to other packs than the object; the channels decide")
        } else {
            format!(
                "{of}: {empty} channels of its packs have no track and {silent} tracks are silent"
            )
        }
    };
    notes.whole(MISFIT, of.as_str(), message);
    Some(filled)
}

/// Packs as the tracks themselves name them, for files without objects: the nth track of a channel goes to
/// the nth copy of its pack. Channels without a track stay silent.
pub(super) fn by_tracks(
    adm: &Adm,
    of: &AdmId,
    tracks: &[Track],
    notes: &mut Notes,
) -> Vec<Allocated> {
    let mut copies: BTreeMap<(AdmId, usize), usize> = BTreeMap::new();
    let mut counts: BTreeMap<(AdmId, AdmId), usize> = BTreeMap::new();
    let mut all: Vec<Allocated> = Vec::new();
    for track in tracks {
        let named = track.pack.as_ref().and_then(|id| adm.pack(id));
        let pack = named.map(|pack| matrix::decoder_of(adm, pack));
        let id = pack.map(|pack| pack.id.clone()).unwrap_or_default();
        let count = counts
            .entry((id.clone(), track.channel.clone()))
            .or_default();
        let copy = (id.clone(), *count);
        *count += 1;
        let at = *copies.entry(copy).or_insert_with(|| {
            let slots = pack.map(|pack| matrix::slots_for(adm, pack, &track.channel));
            all.push(Allocated {
                pack: id,
                slots: slots.unwrap_or_default(),
            });
            all.len() - 1
        });
        let Some(found) = all.get_mut(at) else {
            continue;
        };
        if found.pack.is_empty() {
            found.slots.push(slot(track.channel.clone(), Vec::new()));
        }
        let mut own = found
            .slots
            .iter_mut()
            .filter(|slot| slot.channel == track.channel);
        if let Some(slot) = own.find(|slot| !slot.taken) {
            slot.taken = true;
            slot.track = Some(track.clone());
        } else {
            let message = || {
                format!(
                    "{}: channel {} is not in its pack",
                    track.uid, track.channel
                )
            };
            notes.whole(ALLOCATION, track.uid.as_str(), message);
        }
    }
    let missing = empty(&all);
    if missing > 0 {
        let message = || format!("{of}: {missing} channels of the packs have no track");
        notes.whole(MISFIT, of.as_str(), message);
    }
    all
}
