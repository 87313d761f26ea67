//! Delivery specs: which stems and composites a delivery has, how they are laid out and named. Read
//! from TOML files in `specs/delivery`; a new spec is a new file there and a line in the table
//! of built-in ones.
//!
//! **Invariant:** a [`Spec`] is checked when it is read: codes and file names are unique, kinds of
//! sound go to one stem each, and composites sum stems that exist and have one layout.

mod adm;
mod checks;
mod demands;
mod edit;
mod file_name;
mod model;
mod quantity;
mod raw;
mod read;
mod sources;

pub use adm::{AdmContentSpec, AdmProgrammeSpec, AdmSpec, is_language};
pub use checks::{CHECKS, CheckDefault};
pub use demands::{
    BextDemand, CheckRule, Gate, LoudnessLimit, Md5Demand, MetadataDemand, OtherLimits, Padding,
    PeakLimit, PopRule, PopTone, ProgrammeDemand, RangeLimit, ReelForm, StartTimecode,
};
pub use file_name::{Alphabet, FileFields, FileName, safe_title};
pub use model::{ChannelOrder, Composite, FileForm, Fold, NameFields, Naming, Spec, SpecStem};
pub use quantity::{Quantity, TcLength, Unit};
pub use read::SpecError;
pub use sources::{SourceNote, Trust, ValueSource};

use crate::finding::{Code, Severity};

/// The specs that come with the program: name and text.
const BUILTIN: &[(&str, &str)] = &[
    ("dme", include_str!("../../specs/delivery/dme.toml")),
    (
        "netflix-nearfield",
        include_str!("../../specs/delivery/netflix-nearfield.toml"),
    ),
    (
        "netflix-me",
        include_str!("../../specs/delivery/netflix-me.toml"),
    ),
    (
        "netflix-dub-premix",
        include_str!("../../specs/delivery/netflix-dub-premix.toml"),
    ),
    (
        "wbd-component",
        include_str!("../../specs/delivery/wbd-component.toml"),
    ),
    (
        "amazon-mgm",
        include_str!("../../specs/delivery/amazon-mgm.toml"),
    ),
    (
        "ebu-r128",
        include_str!("../../specs/delivery/ebu-r128.toml"),
    ),
    ("rtl", include_str!("../../specs/delivery/rtl.toml")),
    (
        "france-pad",
        include_str!("../../specs/delivery/france-pad.toml"),
    ),
    (
        "dpp-as11",
        include_str!("../../specs/delivery/dpp-as11.toml"),
    ),
    (
        "arib-tr-b32",
        include_str!("../../specs/delivery/arib-tr-b32.toml"),
    ),
    (
        "atsc-a85",
        include_str!("../../specs/delivery/atsc-a85.toml"),
    ),
    (
        "academy-archive-stems",
        include_str!("../../specs/delivery/academy-archive-stems.toml"),
    ),
    ("dcp-71", include_str!("../../specs/delivery/dcp-71.toml")),
];

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

/// A name from which the fields cannot be told again.
const NAME_AMBIGUOUS: Code = Code {
    id: "SPC003",
    severity: Severity::Warning,
    title: "file name does not lead back to its fields",
    explanation: "The name was made from the spec's template, but reading it with the same template gives \
                  other fields: a code that ends in another code, or fields without a separator between \
                  them. People and programs that sort deliveries by name will go wrong. Change the \
                  template or the codes of the spec.",
};

/// The codes of this module.
pub const CODES: &[&Code] = &[&TITLE_CHANGED, &OPTIONAL_EMPTY, &NAME_AMBIGUOUS];
