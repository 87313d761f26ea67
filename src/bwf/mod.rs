//! Broadcast WAV files both ways: RIFF, RF64 and BW64 chunks, `fmt `, `bext`, iXML, cue lists, `MD5 `,
//! and where the ADM chunks lie. Wave64 is read too.
//!
//! [`open`] reads headers and metadata, never the sound; [`decode_channel`] turns bytes of the sound
//! into numbers; [`WaveSpec::layout`] makes the bytes that stand before and after the samples of a
//! file that is written; [`verify()`] reads a finished file back with other people's code.
//!
//! **Invariant:** a size read from a file is held against the file's real length and a limit before
//! memory is taken, and what was tolerated, guessed or left out is a finding. The same
//! [`WaveSpec`] gives the same bytes, and the place of the sound depends only on what is known
//! before it is rendered.

pub mod adm;
mod axml;
mod channels;
mod chunk;
mod codes;
mod coding_history;
mod error;
mod ixml;
mod json;
mod layout;
mod model;
mod read;
mod sample;
mod start;
mod text;
mod umid;
mod verify;

pub use axml::{
    AdmContent, AdmDocument, AdmForm, AdmKept, AdmKeptChannel, AdmKind, AdmLoudness, AdmObject,
    AdmProgramme, AdmSource, AdmText, DolbyParts, bed_order, dolby_parts,
};
pub use chunk::chna::bytes as chna_bytes;
pub use codes::CODES;
pub use coding_history::add_coding_history;
pub use error::WaveError;
pub use ixml::{
    Ixml, IxmlFileSet, IxmlHistory, IxmlSpeed, IxmlSyncPoint, IxmlTrack, track_function,
};
pub use json::to_json;
pub use layout::{AdmChunks, FileLayout, LayoutError, WaveSpec};
pub use model::{
    AdmSummary, Bext, ChnaRow, ChunkId, ChunkInfo, Container, Cue, DataSpan, Hundredths, Wave,
    WaveFormat,
};
pub use read::{SpanReader, adm_text, open, read_chna, read_from, read_span, span_reader};
pub use sample::{
    decode_channel, decode_four_24, encode_float32, encode_int16, encode_int24, encode_int32,
    encode_uint8,
};
pub(crate) use text::hex;
pub use umid::umid;
pub use verify::{VerifyError, VerifyLevel, verify, verify_adm};
