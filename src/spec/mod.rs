//! Delivery specs: which stems and composites a delivery has, how they are laid out and named. Read
//! from TOML files in `specs/delivery`; a new spec is a new file there and a line in the table
//! of built-in ones.
//!
//! **Invariant:** a [`Spec`] is checked when it is read: codes and file names are unique, kinds of
//! sound go to one stem each, and composites sum stems that exist and have one layout.

mod file_name;
mod model;
mod raw;
mod read;

pub use file_name::{FileName, safe_title};
pub use model::{Composite, Spec, SpecStem};
pub use read::SpecError;

use crate::finding::{Code, Severity};

/// The specs that come with the program: name and text.
const BUILTIN: &[(&str, &str)] = &[("dme", include_str!("../../specs/delivery/dme.toml"))];

/// A title that is no file name.
const TITLE_CHANGED: Code = Code {
    id: "SPC001",
    severity: Severity::Warning,
    title: "title changed for file names",
    explanation: "The title holds characters that file systems refuse or that lead to other folders. \
                  They are replaced by underscores in the names of the files. Give another --title.",
};

/// A stem of the spec that is not written.
const OPTIONAL_EMPTY: Code = Code {
    id: "SPC002",
    severity: Severity::Info,
    title: "optional stem not written",
    explanation: "The spec writes this stem only when something is assigned to it, and nothing is.",
};

/// The codes of this module.
pub const CODES: &[&Code] = &[&TITLE_CHANGED, &OPTIONAL_EMPTY];
