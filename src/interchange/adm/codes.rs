//! What becomes of ADM on a timeline. What the metadata itself is about has its codes with its
//! reader.

use crate::finding::{Code, Severity};

/// The codes of this format.
pub(super) const CODES: &[&Code] = &[&NO_RATE, &START_DIFFERS, &RANGE, &EMPTY, &NOT_RENDERED];

/// No frame rate.
pub(super) const NO_RATE: Code = Code::new(
    "ADM060",
    Severity::Info,
    "the frame rate is not stated",
    "ADM has no frame rate, and the file has no iXML that states one. 24 frames per second were taken for \
         timecodes in plan and reports; the sound does not depend on it. State it with --rate.",
);

/// Two starts.
pub(super) const START_DIFFERS: Code = Code::new(
    "ADM061",
    Severity::Warning,
    "programme and file state different start times",
    "The start of the programme is not the start that the bext chunk or the iXML states. That of the file was \
         used.",
);

/// Two lengths.
pub(super) const RANGE: Code = Code::new(
    "ADM062",
    Severity::Warning,
    "the programme's length is not the file's",
    "End and start of the programme are further apart, or closer together, than the sound is long. The whole file \
         is used.",
);

/// An object without length.
pub(super) const EMPTY: Code = Code::new(
    "ADM063",
    Severity::Warning,
    "an object lies outside of the sound",
    "The object starts after the end of the file, or has no length. It does not sound.",
);

/// What is not rendered of an item.
pub(super) const NOT_RENDERED: Code = Code::new(
    "ADM065",
    Severity::Warning,
    "a part of an item is not rendered",
    "Sound fields are decoded to the third order, as BS.2127 designs the decoder, without near-field compensation \
         and without relation to the screen; position offsets move objects, not beds and sound fields. The rest of \
         the item sounds. Render the item elsewhere and conform the result where that is not enough.",
);
