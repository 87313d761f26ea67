//! The order of the stages and the events they emit: the only conductor.
//!
//! **Invariant:** everything a job needs to know stands in its [`Job`]; no output gets its name
//! before every output is complete, synced and read back.

mod event;

pub use event::{Event, Listener};
