//! The Audio Definition Model as it is written: a small document of programmes, contents and
//! objects, and its XML and `chna` rows (ITU-R BS.2076, BS.2088).
//!
//! Beds are common definitions (BS.2094) where they are the same in every program, else packs of
//! their own made of common channels. The Dolby form has one programme, room-centric beds and
//! names for labels.
//!
//! **Invariant:** the same document gives the same bytes; every reference leads to an element of the
//! document or to a common definition; tracks are numbered in the order of the objects.

mod beds;
mod blocks;
mod dolby;
mod kept;
mod model;
mod number;
mod stream;
mod text;
mod write;

pub use beds::bed_order;
pub use dolby::{DolbyParts, dolby_parts};
pub use kept::{AdmKept, AdmKeptChannel, AdmKind};
pub use model::{AdmContent, AdmDocument, AdmForm, AdmLoudness, AdmObject, AdmProgramme};
pub use stream::{AdmSource, AdmText};
