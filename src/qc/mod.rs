//! Quality control: what a client would find, found first.
//!
//! [`Facts`] are what headers, meters and the ledger say of a package; each of [`CHECKS`] looks at them under the
//! [`Limits`] of the spec; [`judge`] runs all of them, applies [`Waivers`], and gives a [`Judgement`].
//!
//! **Invariant:** `qc` judges and never measures: it compares what headers, meters and the ledger say
//! with what the spec asks, and every objection is a [`Fault`] with a code, a place and a value. A
//! waiver hides nothing.

mod check;
mod checks;
mod facts;
mod judge;
mod judgement;
mod ledger;
mod limits;
mod waivers;

pub use check::Check;
pub use checks::{CHECKS, culprit};
pub use facts::{
    Checksum, Culprit, Drift, DubFacts, DubWindow, Facts, FileFacts, Floor, FoldFacts, Kind,
    LeakFacts, Made, Rest, Seen, Sound, Sum, SumWindow,
};
pub use judge::judge;
pub use judgement::{
    Certificate, CheckRun, Fault, JudgedFile, Judgement, Outcome, Provenance, Reading, RuleShare,
    SCHEMA, Statement, Stretch, Verdict, Waiver,
};
pub use limits::Limits;
pub use waivers::{WaiverError, Waivers};

use crate::finding::Code;

/// Every code of the checks.
pub fn codes() -> impl Iterator<Item = &'static Code> {
    CHECKS.iter().flat_map(|check| check.codes.iter().copied())
}
