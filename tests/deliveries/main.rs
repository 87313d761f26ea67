//! Deliveries by spec: packages with their names, order, pops, padding and metadata; reels and
//! long-play; versions as integer sums; what other programs read in the files.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot prepare its files has failed"
)]

#[path = "../support/mod.rs"]
mod support;

mod drop_frame;
mod film;
mod golden;
mod own;
mod places;
mod reels;
mod tools;
mod versions;
