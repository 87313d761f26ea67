//! Broadcast WAV files: read, written, read back by others, and broken on purpose.

#![cfg(test)]

mod adm;
mod corpus;
mod golden;
mod hostile;
mod round_trip;
mod schema;
mod support;
mod tools;
mod write;
