//! Which stem a clip belongs to, why, and which of its channels feed which of the stem's.
//!
//! The user's rules come first, in their order; then everything that names and metadata tell is
//! weighed: roles, tags, the category system's CatIDs, the recorder's notes, names of clips, files
//! and tracks, folders. Explicit evidence wins by its rank, other evidence adds up.
//!
//! **Invariant:** nothing becomes an effect because nothing is known of it. What is not known is
//! [`Decision::Unassigned`], and every decision carries its reasons.

mod assign;
mod assignment;
mod code;
mod decide;
pub(crate) mod document;
mod evidence;
mod gather;
pub mod mapping;
mod names;
mod recorder;
mod rules;
mod scene;
mod set;
mod text;
mod tokens;
mod ucs;

pub use assign::{assign, assign_all};
pub use assignment::{Assignment, Decibans, Decision, Reason};
pub use code::{CodeError, Group, GroupError, StemCode};
pub use document::{DocumentError, LoadError};
pub use evidence::{Evidence, MediaFacts, TrackName};
pub(crate) use mapping::NO_LFE;
pub use mapping::{ChannelMap, MapError, Route};
pub use rules::RuleSet;
pub use scene::assign_scenes;
pub use set::{Stem, StemSet, StemSetError, UnknownStem};
pub use ucs::{CatId, cat_id};

use crate::finding::{Code, Severity};

/// Whether a name is that of a leader, pop or tone and of nothing else: `2-POP`, `HEAD LEADER`.
pub fn is_leader_name(name: &str) -> bool {
    tokens::is_leader(&text::words(name))
}

/// A clip that goes nowhere.
pub(crate) const UNASSIGNED: Code = Code {
    id: "STM001",
    severity: Severity::Error,
    title: "clip without a stem",
    explanation: "Nothing tells whether the clip is dialogue, music or effects, or as much speaks \
                  for one as for another. The job stops rather than guess. Write a rule for it \
                  (specs/rules.md shows how), or send all such clips to a stem with \
                  --on-unassigned STEM.",
};

/// What to do about [`UNASSIGNED`].
pub(crate) const UNASSIGNED_HINT: &str = "write a rule for it (--rules), or --on-unassigned STEM";

/// A decision that a person should look at.
pub(crate) const REVIEW: Code = Code {
    id: "STM002",
    severity: Severity::Warning,
    title: "stem to be checked",
    explanation: "The clip has a stem, but two kinds of sound are close, the evidence is weak, or the \
                  sound may hold words that must not reach an M&E. Listen to it, and write a rule \
                  where the decision is wrong.",
};

/// A decision that only the other clips of the track made.
pub(crate) const BY_NEIGHBOURS: Code = Code {
    id: "STM003",
    severity: Severity::Warning,
    title: "stem taken from the track's other clips",
    explanation: "Nothing tells what the clip is, but most other clips of its track are of one kind, \
                  and it follows them. Check it, and write a rule where it is another kind.",
};

/// A clip that a rule leaves out.
pub(crate) const IGNORED: Code = Code {
    id: "STM004",
    severity: Severity::Info,
    title: "clip left out by a rule",
    explanation: "A rule of the rules file has stem = \"ignore\" for this clip. It is in no stem and \
                  in no mix.",
};

/// An item of a scene that belongs beside the stems.
pub(crate) const BESIDE: Code = Code {
    id: "STM005",
    severity: Severity::Warning,
    title: "sound beside the stems is left out",
    explanation: "The metadata or a name says that this is audio description, a mix for the hearing \
                  impaired, or other sound that is never summed into dialogue, music and effects. It \
                  is in no stem and in no mix. Give it a rule with a stem of its own where it is \
                  wanted.",
};

/// The codes of this module.
pub const CODES: &[&Code] = &[
    &UNASSIGNED,
    &REVIEW,
    &BY_NEIGHBOURS,
    &IGNORED,
    &BESIDE,
    &mapping::FOLDED,
    &mapping::NO_LFE,
    &mapping::ONE_OF_POLY,
    &mapping::ORDER_GUESSED,
    &mapping::CHANNEL_OF_MONO,
    &mapping::CHANNEL_OF_PAIR,
    &mapping::MID_SIDE,
    &mapping::MAP_MISFIT,
    &mapping::HALF_OF_PAIR,
    &mapping::PAIR_OF_MIX,
];
