//! From elements to a model in which references lead somewhere and never in a circle.

use std::collections::{BTreeMap, BTreeSet};

use super::codes::{CHNA_DIFFERS, DANGLING, GUESSED_FORMAT, LOOP, NO_TRACK, STREAM_PACK, TWICE};
use super::common;
use super::elements::Elements;
use super::id::AdmId;
use super::model::TrackUid;
use super::notes::Notes;
use crate::bwf::model::ChnaRow;

/// Where each identity is found, by kind.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    pub(super) programmes: BTreeMap<AdmId, usize>,
    pub(super) contents: BTreeMap<AdmId, usize>,
    pub(super) objects: BTreeMap<AdmId, usize>,
    pub(super) packs: BTreeMap<AdmId, usize>,
    pub(super) channels: BTreeMap<AdmId, usize>,
    pub(super) streams: BTreeMap<AdmId, usize>,
    pub(super) tracks: BTreeMap<AdmId, usize>,
    pub(super) uids: BTreeMap<AdmId, usize>,
    /// The stream that names a track as its own.
    pub(super) stream_of_track: BTreeMap<AdmId, usize>,
}

fn index<'a>(ids: impl Iterator<Item = &'a AdmId>, notes: &mut Notes) -> BTreeMap<AdmId, usize> {
    let mut map = BTreeMap::new();
    for (i, id) in ids.enumerate() {
        if map.contains_key(id) {
            notes.whole(TWICE, id.as_str(), || format!("{id} stands twice"));
        } else {
            map.insert(id.clone(), i);
        }
    }
    map
}

/// Ties tracks to the rows of the `chna` chunk, adds the common definitions that are used, and cuts
/// circles. `channels` is how many the file has.
pub(super) fn link(
    elements: &mut Elements,
    rows: &[ChnaRow],
    channels: u16,
    notes: &mut Notes,
) -> Index {
    tracks(elements, rows, channels, notes);
    complete(elements);
    cut_loops(elements, notes);
    let mut found = Index {
        programmes: index(elements.programmes.iter().map(|e| &e.id), notes),
        contents: index(elements.contents.iter().map(|e| &e.id), notes),
        objects: index(elements.objects.iter().map(|e| &e.id), notes),
        packs: index(elements.packs.iter().map(|e| &e.id), notes),
        channels: index(elements.channels.iter().map(|e| &e.id), notes),
        streams: index(elements.streams.iter().map(|e| &e.id), notes),
        tracks: index(elements.tracks.iter().map(|e| &e.id), notes),
        uids: index(elements.uids.iter().map(|e| &e.id), notes),
        stream_of_track: BTreeMap::new(),
    };
    for (i, stream) in elements.streams.iter().enumerate() {
        for track in &stream.tracks {
            found.stream_of_track.entry(track.clone()).or_insert(i);
        }
        if stream.channel.is_some() && !stream.packs.is_empty() && !stream.coded {
            notes.whole(STREAM_PACK, "", || format!("from {} on", stream.id));
        }
    }
    dangling(elements, &found, notes);
    for uid in &elements.uids {
        if channel_of(elements, &found, uid).is_some_and(|(_, guessed)| guessed) {
            notes.whole(GUESSED_FORMAT, "", || format!("from {} on", uid.id));
        }
    }
    found
}

/// The channel format of a track, and whether only its number tells.
pub(super) fn channel_of(
    elements: &Elements,
    index: &Index,
    uid: &TrackUid,
) -> Option<(AdmId, bool)> {
    if let Some(channel) = &uid.channel {
        return Some((channel.clone(), false));
    }
    let track = uid.track.as_ref()?;
    // Some tables refer to the channel in the place of the track.
    if track.has_prefix("AC") {
        return Some((track.under("AC")?, false));
    }
    let format = index
        .tracks
        .get(track)
        .and_then(|&i| elements.tracks.get(i));
    let stated = format.and_then(|track| track.stream.as_ref());
    let by_track = stated.and_then(|stream| index.streams.get(stream));
    let stream = by_track.or_else(|| index.stream_of_track.get(track));
    let channel = stream
        .and_then(|&i| elements.streams.get(i))
        .and_then(|stream| stream.channel.clone());
    if let Some(channel) = channel {
        return Some((channel, false));
    }
    let same = track.under("AC")?;
    let known = index.channels.contains_key(&same);
    known.then(|| {
        let guessed = !track.is_common();
        (same, guessed)
    })
}

fn tracks(elements: &mut Elements, rows: &[ChnaRow], channels: u16, notes: &mut Notes) {
    let mut by_id: BTreeMap<AdmId, usize> = BTreeMap::new();
    for (i, uid) in elements.uids.iter().enumerate() {
        by_id.entry(uid.id.clone()).or_insert(i);
    }
    for row in rows {
        let id = AdmId::new(&row.uid);
        if id.is_silent() {
            continue;
        }
        let next = elements.uids.len();
        let at = *by_id.entry(id.clone()).or_insert(next);
        if at == next {
            elements.uids.push(TrackUid {
                id,
                ..TrackUid::default()
            });
        }
        if let Some(uid) = elements.uids.get_mut(at) {
            tie(uid, row, channels, notes);
        }
    }
    if rows.is_empty() {
        // A stream or an XML file without the table: tracks in the order of their numbers.
        for uid in &mut elements.uids {
            let number = uid.id.number().and_then(|number| number.checked_sub(1));
            let number = number.and_then(|number| u16::try_from(number).ok());
            uid.index = number.filter(|number| *number < channels);
        }
    }
    for uid in &elements.uids {
        if uid.index.is_none() {
            let message = || format!("{} has no channel in the file", uid.id);
            notes.whole(NO_TRACK, uid.id.as_str(), message);
        }
    }
}

fn tie(uid: &mut TrackUid, row: &ChnaRow, channels: u16, notes: &mut Notes) {
    let index = row.track.checked_sub(1).filter(|index| *index < channels);
    uid.index = uid.index.or(index);
    let reference = AdmId::new(&row.reference);
    if reference.has_prefix("AC") {
        let channel = reference.under("AC").unwrap_or(reference);
        merge(
            &mut uid.channel,
            channel,
            &uid.id,
            uid.track.is_some(),
            notes,
        );
    } else if !reference.is_empty() {
        merge(
            &mut uid.track,
            reference,
            &uid.id,
            uid.channel.is_some(),
            notes,
        );
    }
    let pack = AdmId::new(&row.pack);
    if !pack.is_empty() {
        merge(&mut uid.pack, pack, &uid.id, false, notes);
    }
}

/// What the XML says stands; `otherwise` tells that it says it in another way.
fn merge(slot: &mut Option<AdmId>, row: AdmId, uid: &AdmId, otherwise: bool, notes: &mut Notes) {
    match slot {
        Some(stated) if *stated != row => {
            let message = || format!("{uid}: axml says {stated}, chna {row}");
            notes.whole(CHNA_DIFFERS, uid.as_str(), message);
        }
        None if !otherwise => *slot = Some(row),
        _ => {}
    }
}

/// Adds the common definitions that the file refers to and does not hold.
fn complete(elements: &mut Elements) {
    let held: BTreeSet<AdmId> = elements.packs.iter().map(|pack| pack.id.clone()).collect();
    let mut packs: Vec<AdmId> = Vec::new();
    let mut seen = held;
    let used = elements.objects.iter().flat_map(|object| &object.packs);
    let used = used.chain(elements.uids.iter().filter_map(|uid| uid.pack.as_ref()));
    let inner = elements.packs.iter().flat_map(|pack| {
        let ends = pack.input.iter().chain(&pack.output);
        pack.packs.iter().chain(ends).chain(&pack.encoders)
    });
    packs.extend(used.chain(inner).filter(|id| id.is_common()).cloned());
    // Common packs hold at most one pack each, seven deep: this ends.
    while let Some(id) = packs.pop() {
        if !seen.insert(id.clone()) {
            continue;
        }
        if let Some(pack) = common::pack(&id) {
            packs.extend(pack.packs.iter().cloned());
            elements.packs.push(pack);
        }
    }
    let mut seen: BTreeSet<AdmId> = elements.channels.iter().map(|c| c.id.clone()).collect();
    let of_packs = elements
        .packs
        .iter()
        .flat_map(|pack| &pack.channels)
        .cloned();
    let of_streams = elements
        .streams
        .iter()
        .filter_map(|stream| stream.channel.clone());
    let of_uids = elements.uids.iter().flat_map(|uid| {
        let track = uid.track.as_ref().and_then(|track| track.under("AC"));
        [uid.channel.clone(), track].into_iter().flatten()
    });
    let wanted: Vec<AdmId> = of_packs.chain(of_streams).chain(of_uids).collect();
    for id in wanted {
        if id.is_common() && seen.insert(id.clone()) {
            elements.channels.extend(common::channel(&id));
        }
    }
}

/// Removes references by which an object or a pack would contain itself.
fn cut_loops(elements: &mut Elements, notes: &mut Notes) {
    let objects = elements.objects.iter().map(|o| (&o.id, &o.objects));
    let cuts = closing(&objects.collect::<Vec<_>>());
    for (from, to) in cuts {
        notes.whole(LOOP, from.as_str(), || {
            format!("{from} contains {to}, which contains {from}")
        });
        let own = elements
            .objects
            .iter_mut()
            .filter(|object| object.id == from);
        own.for_each(|object| object.objects.retain(|id| *id != to));
    }
    let packs = elements.packs.iter().map(|p| (&p.id, &p.packs));
    let cuts = closing(&packs.collect::<Vec<_>>());
    for (from, to) in cuts {
        notes.whole(LOOP, from.as_str(), || {
            format!("{from} contains {to}, which contains {from}")
        });
        let own = elements.packs.iter_mut().filter(|pack| pack.id == from);
        own.for_each(|pack| pack.packs.retain(|id| *id != to));
    }
}

/// The edges that close a circle, found depth first without recursion.
fn closing(graph: &[(&AdmId, &Vec<AdmId>)]) -> Vec<(AdmId, AdmId)> {
    let edges: BTreeMap<&AdmId, &Vec<AdmId>> = graph.iter().rev().copied().collect();
    let mut cuts = Vec::new();
    let mut done: BTreeSet<&AdmId> = BTreeSet::new();
    for (root, _) in graph {
        let mut open: BTreeSet<&AdmId> = BTreeSet::new();
        let mut path: Vec<(&AdmId, usize)> = Vec::new();
        if !done.contains(root) {
            open.insert(root);
            path.push((root, 0));
        }
        while let Some((node, next)) = path.pop() {
            let child = edges.get(node).and_then(|children| children.get(next));
            let Some(child) = child else {
                open.remove(node);
                done.insert(node);
                continue;
            };
            path.push((node, next + 1));
            if open.contains(child) {
                cuts.push((node.clone(), child.clone()));
            } else if !done.contains(child) && edges.contains_key(child) {
                open.insert(child);
                path.push((child, 0));
            }
        }
    }
    cuts
}

/// Notes references that lead nowhere.
fn dangling(elements: &Elements, index: &Index, notes: &mut Notes) {
    let mut check = |map: &BTreeMap<AdmId, usize>, from: &AdmId, to: &AdmId| {
        if !map.contains_key(to) {
            notes.whole(DANGLING, to.as_str(), || format!("{from} refers to {to}"));
        }
    };
    for programme in &elements.programmes {
        let all = programme.contents.iter();
        all.for_each(|to| check(&index.contents, &programme.id, to));
    }
    for content in &elements.contents {
        let all = content.objects.iter();
        all.for_each(|to| check(&index.objects, &content.id, to));
    }
    for object in &elements.objects {
        let inner = object.objects.iter().chain(&object.complementary);
        inner.for_each(|to| check(&index.objects, &object.id, to));
        object
            .packs
            .iter()
            .for_each(|to| check(&index.packs, &object.id, to));
        let tracks = object.tracks.iter().flatten();
        tracks.for_each(|to| check(&index.uids, &object.id, to));
    }
    for pack in &elements.packs {
        pack.channels
            .iter()
            .for_each(|to| check(&index.channels, &pack.id, to));
        let ends = pack.input.iter().chain(&pack.output);
        let inner = pack.packs.iter().chain(ends).chain(&pack.encoders);
        inner.for_each(|to| check(&index.packs, &pack.id, to));
    }
    for uid in &elements.uids {
        uid.pack
            .iter()
            .for_each(|to| check(&index.packs, &uid.id, to));
        uid.channel
            .iter()
            .for_each(|to| check(&index.channels, &uid.id, to));
    }
}
