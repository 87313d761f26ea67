//! From the model to XML.

use std::collections::BTreeMap;

use quick_xml::Writer;
use quick_xml::escape::escape;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::super::codes::IXML_DROPPED;
use super::super::text;
use super::flat::MAX_DEPTH;
use super::{Ixml, IxmlFileSet, IxmlHistory, IxmlSpeed, IxmlSyncPoint, IxmlTrack};
use crate::finding::Finding;

/// Paths and texts in the order in which they are written.
#[derive(Debug, Default)]
struct Entries(Vec<(String, String)>);

/// An element with what is in it.
#[derive(Debug, Default)]
struct Node {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Self>,
    /// Where the children of a name stand in `children`.
    index: BTreeMap<String, Vec<usize>>,
}

/// The XML, and what of it could not be written.
pub(super) fn xml(ixml: &Ixml) -> (String, Vec<Finding>) {
    let mut root = Node {
        name: "BWFXML".to_owned(),
        ..Node::default()
    };
    let mut findings = Vec::new();
    for (path, text) in entries(ixml) {
        if root.insert(&path, &text).is_none() {
            let path = text::short(&path);
            let message = format!("{path:?} is not a path of XML names; it was left out");
            findings.push(Finding::new(IXML_DROPPED, message));
        }
    }
    let mut writer = Writer::new_with_indent(Vec::new(), b'\t', 1);
    // Writing to memory does not fail.
    let _ = writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
    let _ = root.write(&mut writer);
    (
        String::from_utf8_lossy(&writer.into_inner()).into_owned() + "\n",
        findings,
    )
}

fn entries(ixml: &Ixml) -> Vec<(String, String)> {
    let mut entries = Entries::default();
    let circled = ixml
        .circled
        .map(|circled| if circled { "TRUE" } else { "FALSE" });
    entries.text("IXML_VERSION", ixml.version.as_deref());
    entries.text("PROJECT", ixml.project.as_deref());
    entries.text("SCENE", ixml.scene.as_deref());
    entries.text("TAKE", ixml.take.as_deref());
    entries.text("TAPE", ixml.tape.as_deref());
    entries.text("CIRCLED", circled);
    entries.text("FILE_UID", ixml.file_uid.as_deref());
    entries.text("UBITS", ixml.ubits.as_deref());
    entries.text("NOTE", ixml.note.as_deref());
    ixml.speed.iter().for_each(|speed| entries.speed(speed));
    ixml.history
        .iter()
        .for_each(|history| entries.history(history));
    ixml.file_set.iter().for_each(|set| entries.file_set(set));
    entries.tracks(&ixml.tracks);
    entries.sync_points(&ixml.sync_points);
    entries.text("USER", ixml.user.as_deref());
    entries.0.extend(ixml.others.iter().cloned());
    entries.0
}

impl Entries {
    fn text(&mut self, path: &str, text: Option<&str>) {
        self.0
            .extend(text.map(|text| (path.to_owned(), text.to_owned())));
    }

    fn number(&mut self, path: &str, number: Option<impl ToString>) {
        self.text(path, number.map(|number| number.to_string()).as_deref());
    }

    fn speed(&mut self, speed: &IxmlSpeed) {
        let stamp = speed.timestamp_samples;
        let flag = speed.drop_frame.map(|drop| if drop { "DF" } else { "NDF" });
        self.text("SPEED/NOTE", speed.note.as_deref());
        self.number("SPEED/MASTER_SPEED", speed.master_speed);
        self.number("SPEED/CURRENT_SPEED", speed.current_speed);
        self.text("SPEED/TIMECODE_FLAG", flag);
        self.number("SPEED/TIMECODE_RATE", speed.timecode_rate);
        self.number("SPEED/FILE_SAMPLE_RATE", speed.file_sample_rate);
        self.number("SPEED/AUDIO_BIT_DEPTH", speed.audio_bit_depth);
        self.number("SPEED/DIGITIZER_SAMPLE_RATE", speed.digitizer_sample_rate);
        let halves = stamp.map(|stamp| (stamp >> 32, stamp & 0xFFFF_FFFF));
        self.number(
            "SPEED/TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI",
            halves.map(|h| h.0),
        );
        self.number(
            "SPEED/TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO",
            halves.map(|h| h.1),
        );
        self.number("SPEED/TIMESTAMP_SAMPLE_RATE", speed.timestamp_sample_rate);
    }

    fn history(&mut self, history: &IxmlHistory) {
        self.text(
            "HISTORY/ORIGINAL_FILENAME",
            history.original_filename.as_deref(),
        );
        self.text(
            "HISTORY/PARENT_FILENAME",
            history.parent_filename.as_deref(),
        );
        self.text("HISTORY/PARENT_UID", history.parent_uid.as_deref());
    }

    fn file_set(&mut self, set: &IxmlFileSet) {
        self.number("FILE_SET/TOTAL_FILES", set.total_files);
        self.text("FILE_SET/FAMILY_UID", set.family_uid.as_deref());
        self.text("FILE_SET/FAMILY_NAME", set.family_name.as_deref());
        self.text("FILE_SET/FILE_SET_INDEX", set.file_set_index.as_deref());
    }

    fn tracks(&mut self, tracks: &[IxmlTrack]) {
        if tracks.is_empty() {
            return;
        }
        self.number("TRACK_LIST/TRACK_COUNT", Some(tracks.len()));
        for (i, track) in tracks.iter().enumerate() {
            let path = format!("TRACK_LIST/TRACK[{}]", i + 1);
            // Also a track without anything keeps its place.
            self.text(&path, Some(""));
            self.number(&format!("{path}/CHANNEL_INDEX"), track.channel_index);
            self.number(&format!("{path}/INTERLEAVE_INDEX"), track.interleave_index);
            self.text(&format!("{path}/NAME"), track.name.as_deref());
            self.text(&format!("{path}/FUNCTION"), track.function.as_deref());
        }
    }

    fn sync_points(&mut self, points: &[IxmlSyncPoint]) {
        if points.is_empty() {
            return;
        }
        self.number("SYNC_POINT_LIST/SYNC_POINT_COUNT", Some(points.len()));
        for (i, point) in points.iter().enumerate() {
            let path = format!("SYNC_POINT_LIST/SYNC_POINT[{}]", i + 1);
            self.text(&path, Some(""));
            let path = format!("{path}/SYNC_POINT");
            self.text(&format!("{path}_TYPE"), point.kind.as_deref());
            self.text(&format!("{path}_FUNCTION"), point.function.as_deref());
            self.text(&format!("{path}_COMMENT"), point.comment.as_deref());
            let halves = point
                .samples
                .map(|samples| (samples >> 32, samples & 0xFFFF_FFFF));
            self.number(&format!("{path}_LOW"), halves.map(|halves| halves.1));
            self.number(&format!("{path}_HIGH"), halves.map(|halves| halves.0));
            self.number(&format!("{path}_EVENT_DURATION"), point.event_duration);
        }
    }
}

impl Node {
    /// Puts a text or attribute at its path; `None` when the path is not one.
    fn insert(&mut self, path: &str, text: &str) -> Option<()> {
        let mut node = self;
        let steps: Vec<&str> = path.split('/').collect();
        if steps.len() > MAX_DEPTH {
            return None;
        }
        for step in &steps {
            if let Some(name) = step.strip_prefix('@') {
                let name = is_name(name).then(|| name.to_owned())?;
                node.attributes.push((name, writable(text)));
                return Some(());
            }
            node = node.child(step)?;
        }
        node.text.push_str(&writable(text));
        Some(())
    }

    /// The k-th child of a name, made where there are fewer.
    fn child(&mut self, step: &str) -> Option<&mut Self> {
        let (name, k) = match step.strip_suffix(']').and_then(|step| step.split_once('[')) {
            Some((name, k)) => (name, k.parse::<usize>().ok()?.checked_sub(1)?),
            None => (step, 0),
        };
        if !is_name(name) {
            return None;
        }
        let places = self.index.entry(name.to_owned()).or_default();
        let place = if let Some(&place) = places.get(k) {
            place
        } else {
            let place = self.children.len();
            places.push(place);
            self.children.push(Self {
                name: name.to_owned(),
                ..Self::default()
            });
            place
        };
        self.children.get_mut(place)
    }

    /// Writes the element; as deep as `MAX_DEPTH` at most.
    fn write(&self, writer: &mut Writer<Vec<u8>>) -> std::io::Result<()> {
        let attributes = self.attributes.iter();
        let start = BytesStart::new(self.name.as_str())
            .with_attributes(attributes.map(|(name, value)| (name.as_str(), value.as_str())));
        if self.text.is_empty() && self.children.is_empty() {
            return writer.write_event(Event::Empty(start));
        }
        writer.write_event(Event::Start(start))?;
        if !self.text.is_empty() {
            // A bare carriage return would be read back as a line feed.
            let escaped = escape(self.text.as_str()).replace('\r', "&#13;");
            writer.write_event(Event::Text(BytesText::from_escaped(escaped)))?;
        }
        for child in &self.children {
            child.write(writer)?;
        }
        writer.write_event(Event::End(BytesEnd::new(self.name.as_str())))
    }
}

/// Whether it is a name by XML 1.0 §2.3, of letters and digits.
fn is_name(name: &str) -> bool {
    let first = |c: char| c.is_alphabetic() || c == '_' || c == ':';
    let rest = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '-' | '.');
    name.starts_with(first) && name.chars().all(rest)
}

/// The text without the characters that XML 1.0 §2.2 forbids.
fn writable(text: &str) -> String {
    let allowed = |c: &char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{1_0000}'..);
    text.chars().filter(allowed).collect()
}
