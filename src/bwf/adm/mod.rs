//! The Audio Definition Model (ITU-R BS.2076-0 to -3) of a WAV file: read as a stream, resolved, and
//! turned into the items that a renderer plays.
//!
//! [`read`] gives the model, [`Adm::items`] what of it sounds in a programme (ITU-R BS.2127 §5),
//! [`Adm::blocks`] the blocks of an item in order.
//!
//! **Invariant:** what is not understood is a finding and never an error; references that lead
//! nowhere or in a circle are cut before anything follows them; memory is bounded by
//! the limits of this module, whatever the file says, and blocks are kept packed.

mod blocks;
mod check;
mod codes;
mod common;
mod elements;
mod id;
mod items;
mod link;
mod model;
mod models;
mod notes;
mod parse;
#[cfg(test)]
mod tests;
mod text;
mod time;
mod whole;
mod xml;

pub use check::{
    CheckProfile, DOLBY_CODES, EMISSION_CODES, PRODUCTION_CODES, ProfileCheck, STANDARD_CODES,
    check,
};
pub use codes::CODES;
pub use id::AdmId;
pub use items::{Item, ItemPart, SelectError, Selected, Selection};
pub use model::{
    AudioObject, ChannelFormat, Content, Dialogue, FormatType, Label, Loudness, Pack, Profile,
    Programme, StreamFormat, TrackFormat, TrackUid, ValueSet,
};
pub use models::Models;
pub use whole::{Adm, read, read_xml};
