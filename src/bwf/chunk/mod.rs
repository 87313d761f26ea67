//! The bodies of single chunks, both ways.
//!
//! **Invariant:** a parser gets a body that is already bounded and never fails: it gives what is
//! whole and says what is not.

pub(super) mod bext;
pub(super) mod chna;
pub(super) mod cue;
pub(super) mod ds64;
pub(super) mod fmt;
