//! Film cuts into dialogue, music and effects stems, sample-exact and provable.
//!
//! Data flows one way: [`interchange`] reads a timeline of any format into the neutral
//! [`timeline`]; `conform` turns it, the found media and the stem decisions into a render plan;
//! `render` draws the plan; `deliver` writes it as Broadcast WAVs; `meter` measures, `qc` judges,
//! `report` shows. `job` is the only conductor, `cli` is thin and nobody uses it. The types that all
//! of them speak live in [`time`], [`audio`] and [`finding`].
//!
//! **Invariant:** same input, same bytes: no clock, environment, hash order or random number is
//! looked at below `cli`, and time is exact until [`time::sample_at`].

pub mod audio;
pub mod bwf;
pub mod cli;
mod compound;
pub mod conform;
pub mod deliver;
pub mod demo;
pub mod finding;
pub mod interchange;
pub mod job;
pub mod media;
pub mod meter;
pub mod qc;
pub mod render;
pub mod report;
pub mod spatial;
pub mod spec;
pub mod stem;
pub mod time;
pub mod timeline;
