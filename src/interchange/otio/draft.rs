//! From the keys of an object to its class.

use super::codes;
use super::log::Log;
use super::model::{Class, Media, Object, TrackKind};
use super::time::Moment;

/// The keys of an object in any order, before its class is known.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) object: Object,
    pub(super) schema: String,
    pub(super) children: Vec<Object>,
    pub(super) tracks: Option<Box<Object>>,
    pub(super) kind: Option<String>,
    pub(super) media: Vec<(String, Media)>,
    pub(super) active: Option<String>,
    pub(super) start: Option<Moment>,
    pub(super) offsets: [Option<Moment>; 2],
    pub(super) style: Option<String>,
}

/// The class of a schema such as `Clip.2`, without its version.
pub(super) fn class_name(schema: &str, newest: u32, line: u32, log: &mut Log) -> String {
    let (name, version) = schema.rsplit_once('.').unwrap_or((schema, "1"));
    if version.parse::<u32>().is_ok_and(|version| version > newest) {
        let message = format!("`{schema}` is newer than {name}.{newest}; it is read like that");
        log.line_note(&codes::NEWER_SCHEMA, line, message);
    }
    name.to_owned()
}

impl Draft {
    /// The object, now that all its keys are known.
    pub(super) fn finish(self, log: &mut Log) -> Object {
        let newest = if self.schema.starts_with("Clip.") {
            2
        } else {
            1
        };
        let class = match class_name(&self.schema, newest, self.object.line, log).as_str() {
            "Timeline" => Class::Timeline {
                start: self.start,
                tracks: self.tracks,
            },
            // The old name is spelled as it was.
            "SerializableCollection" | "SerializeableCollection" => {
                Class::Collection(self.children)
            }
            "Stack" => Class::Stack(self.children),
            "Track" | "Sequence" => Class::Track {
                kind: self.kind.filter(|kind| !kind.is_empty()).map(track_kind),
                children: self.children,
            },
            "Clip" => Class::Clip {
                media: self.media,
                active: self.active.filter(|key| !key.is_empty()),
            },
            "Gap" | "Filler" => Class::Gap,
            "Transition" => {
                let [in_offset, out_offset] = self.offsets;
                Class::Transition {
                    in_offset,
                    out_offset,
                    style: self.style,
                }
            }
            "SerializableObjectRef" => Class::Shared,
            _ => Class::Unknown(self.schema),
        };
        let mut object = self.object;
        object.class = class;
        object.disabled |= object.facts.as_ref().is_some_and(|facts| facts.disabled);
        object
    }
}

fn track_kind(kind: String) -> TrackKind {
    if kind.eq_ignore_ascii_case("audio") {
        TrackKind::Audio
    } else {
        TrackKind::Other(kind)
    }
}
