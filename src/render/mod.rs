//! The renderer: a plan and its sources become blocks of samples.
//!
//! It knows segments, not timelines: everything relative, inherited or implied was resolved by the
//! conform. A block of an output depends on the plan and the sources alone, so blocks may be drawn
//! in any order, of any size, by any number of threads.
//!
//! **Invariant:** a stem's sample is the sum, in plan order and in double precision, of gain · fade ·
//! source; then one rounding to the output's integer format, ties to even, saturating. A composite's
//! sample is the integer sum of its stems' samples as written, saturating; a fold-down is one rounding
//! of that sum times its factors. Items of scenes are drawn by `spatial`; their diffuse paths are summed
//! and decorrelated last.

mod block;
mod composite;
mod drive;
mod envelope;
mod output;
mod pack;
mod pan;
mod prepare;
mod quantise;
mod scene;
mod slice;

use crate::finding::Code;

pub use block::{Buffers, Renderer};
pub use drive::{DriveError, Sink, Tap, drive};
pub use output::OutputStats;
pub use pack::pack;
pub use prepare::{RenderError, SourceOpener};
pub use scene::SceneOpener;
pub use slice::Slice;

/// The codes of this module.
pub const CODES: &[&Code] = &[&SATURATED, &NOT_A_NUMBER];

/// Samples that did not fit the output format.
pub const SATURATED: Code = Code {
    id: "RND001",
    severity: crate::finding::Severity::Warning,
    title: "samples above full scale",
    explanation: "The sum of the clips is louder than the file can hold; those samples were set to \
                  full scale. Lower the clips that meet there, or the gain of the rule. Where a \
                  composite saturates, the stems no longer sum to it.",
};

/// Samples that were not numbers.
pub const NOT_A_NUMBER: Code = Code {
    id: "RND002",
    severity: crate::finding::Severity::Error,
    title: "samples that are not numbers",
    explanation: "A floating-point source holds NaN samples, which no level can be given; they were \
                  written as silence. Find the source in the plan and make it anew.",
};
