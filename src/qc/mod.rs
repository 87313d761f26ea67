//! Quality control: what a client would find, found first.
//!
//! **Invariant:** `qc` judges and never measures: it compares what headers, meters and the ledger say
//! with what the spec asks, and every objection is a [`Fault`] with a code, a place and a value. A
//! waiver hides nothing.

mod judgement;

pub use judgement::{
    Certificate, CheckRun, Fault, JudgedFile, Judgement, Outcome, Reading, SCHEMA, Statement,
    Stretch, Verdict, Waiver,
};
