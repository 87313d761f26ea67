//! AAF: the binary structured storage and the XML form, read into the same objects, and those into
//! the timeline.
//!
//! Rooms: `storage`, `properties` and `binary` read the binary form, `text` and `values` the XML one;
//! `objects`, `names` and `ids` are what both give.
//!
//! **Invariant:** everything above [`objects`] is written once and does not know which stored form
//! an object came from; both forms of one file give the same timeline. Every loop and every
//! recursion over a file's objects has a limit.

mod binary;
mod dtd;
mod ids;
mod names;
mod objects;
mod properties;
mod storage;
mod text;
mod values;

use objects::{ObjectId, Objects};

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
