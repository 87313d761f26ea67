//! Cases of whole documents. A document is written as the elements inside `audioFormatExtended`.

mod blocks;
mod hostile;
mod model;
mod select;

use super::{Adm, Selection, read_xml};
use crate::bwf::ChnaRow;

/// A row of the `chna` table: track from 1, UID, reference, pack.
pub(super) fn row(track: u16, uid: &str, reference: &str, pack: &str) -> ChnaRow {
    ChnaRow {
        track,
        uid: uid.to_owned(),
        reference: reference.to_owned(),
        pack: pack.to_owned(),
    }
}

/// The model of these elements, in a file of eight channels whose table names tracks by their numbers.
pub(super) fn adm(elements: &str) -> Adm {
    let text = format!("<audioFormatExtended>{elements}</audioFormatExtended>");
    read_xml(text.as_bytes(), &[], 8, "a.wav")
}

/// Codes of the findings, without those of the track table.
pub(super) fn codes(model: &Adm) -> String {
    let ids: Vec<&str> = model.findings.iter().map(|f| f.code.id).collect();
    ids.join(" ")
}

/// Identities of the items, each with the channels of the file that it plays; codes of the findings but
/// for unused tracks; or why nothing can be selected.
pub(super) fn items(model: &Adm, selection: &Selection) -> (String, String) {
    let selected = match model.items(selection) {
        Ok(selected) => selected,
        Err(error) => return (error.to_string(), String::new()),
    };
    let shown = selected.items.iter().map(|item| {
        let feeds = item.parts.iter().flat_map(|part| &part.format.feeds);
        let taps: Vec<String> = feeds
            .map(|feed| match feed.taps.as_slice() {
                [] => "-".to_owned(),
                taps => {
                    let all: Vec<String> = taps.iter().map(|tap| tap.channel.to_string()).collect();
                    all.join("+")
                }
            })
            .collect();
        format!("{}[{}]", item.id, taps.join(" "))
    });
    let items: Vec<String> = shown.collect();
    let codes: Vec<&str> = selected
        .findings
        .iter()
        .map(|f| f.code.id)
        .filter(|id| *id != "ADM038")
        .collect();
    (items.join(", "), codes.join(" "))
}

/// A programme of contents.
pub(super) fn programme(id: u16, contents: &[u16]) -> String {
    let refs = contents
        .iter()
        .map(|c| format!("<audioContentIDRef>ACO_{c}</audioContentIDRef>"));
    let refs: String = refs.collect();
    format!(
        "<audioProgramme audioProgrammeID='APR_{id}' audioProgrammeName='P{id}'>{refs}</audioProgramme>"
    )
}

/// A content of objects.
pub(super) fn content(id: u16, objects: &[u16]) -> String {
    let refs = objects
        .iter()
        .map(|o| format!("<audioObjectIDRef>AO_{o}</audioObjectIDRef>"));
    let refs: String = refs.collect();
    format!(
        "<audioContent audioContentID='ACO_{id}' audioContentName='C{id}'>{refs}</audioContent>"
    )
}

/// An object of tracks in a pack, with further children.
pub(super) fn object(id: u16, pack: &str, tracks: &[u32], more: &str) -> String {
    let pack = if pack.is_empty() {
        String::new()
    } else {
        format!("<audioPackFormatIDRef>{pack}</audioPackFormatIDRef>")
    };
    let refs = tracks
        .iter()
        .map(|t| format!("<audioTrackUIDRef>ATU_{t:08X}</audioTrackUIDRef>"));
    let refs: String = refs.collect();
    format!(
        "<audioObject audioObjectID='AO_{id}' audioObjectName='O{id}'>{pack}{refs}{more}</audioObject>"
    )
}

/// A track of a format in a pack.
pub(super) fn uid(id: u32, format: &str, pack: &str) -> String {
    let element = if format.starts_with("AC") {
        "audioChannelFormatIDRef"
    } else {
        "audioTrackFormatIDRef"
    };
    format!(
        "<audioTrackUID UID='ATU_{id:08x}'><{element}>{format}</{element}>\
         <audioPackFormatIDRef>{pack}</audioPackFormatIDRef></audioTrackUID>"
    )
}

/// Mono tracks in the middle with these numbers.
pub(super) fn monos(ids: &[u32]) -> String {
    ids.iter()
        .map(|id| uid(*id, "AT_00010003_01", "AP_00010001"))
        .collect()
}
