//! Packages judged: by the job that makes them, by the ledger, and by `stemline qc` whatever lies in the folder.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot prepare its files has failed"
)]

mod broken;
mod checksums;
mod film;
mod ledger;
mod made;
#[path = "../support/mod.rs"]
mod support;
