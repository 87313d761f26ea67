//! AAF: the binary structured storage and the XML form, read into the same objects, and those into
//! the timeline.
//!
//! Rooms: `properties` and `binary` read the binary form from a structured storage, `text`, `values` and `dtd` the XML
//! one; `objects`, `names` and `ids` are what both give. `composition` makes the timeline; `walk`,
//! `operation`, `scope` and `source` go down from a track to the recordings, collecting `layers`;
//! `leaf` makes the clip, with `media`, `tape`, `speakers` and `notes`.
//!
//! **Invariant:** everything above [`objects`] is written once and does not know which stored form
//! an object came from; both forms of one file give the same timeline. Every loop and every
//! recursion over a file's objects has a limit.

mod axis;
mod binary;
mod codes;
mod composition;
mod curve;
mod dtd;
mod essence;
mod gain;
mod ids;
mod layers;
mod leaf;
mod markers;
mod media;
mod mobs;
mod names;
mod notes;
mod objects;
mod operation;
mod properties;
mod rendered;
mod scope;
mod source;
mod speakers;
mod tables;
mod tape;
mod text;
mod timecode;
mod transition;
mod values;
mod walk;

use objects::{ObjectId, Objects};

use super::{Format, Input, ReadError, ReadOptions, Reading};

/// The binary form.
pub(super) const BINARY: Format = Format {
    name: "aaf",
    title: "AAF, as editors hand over sound",
    suffixes: &["aaf"],
    probe: |input| binary::is_storage(&input.head),
    read: read_binary,
    codes: codes::CODES,
};

/// The XML form.
pub(super) const XML: Format = Format {
    name: "aaf_xml",
    title: "AAF in its XML form",
    suffixes: &["aafxml"],
    probe: |input| text::is_aaf_xml(&input.head),
    read: read_xml,
    codes: codes::CODES,
};

fn read_binary(input: &Input, options: &ReadOptions) -> Result<Reading, ReadError> {
    composition::read(&binary::read(input)?, BINARY.name, input, options)
}

fn read_xml(input: &Input, options: &ReadOptions) -> Result<Reading, ReadError> {
    composition::read(&text::read(input)?, XML.name, input, options)
}

/// A file's objects.
struct Model {
    objects: Objects,
    header: ObjectId,
    container: Container,
    problems: Vec<String>,
}

/// Where essence streams of a file are.
enum Container {
    /// Inside the file itself.
    Binary,
    /// In files beside it.
    Xml,
}
