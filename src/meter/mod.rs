//! Meters: loudness, true peak and what follows from them (ITU-R BS.1770-5, EBU Tech 3341 and 3342 v4).
//!
//! [`Meter`] listens to one file, [`Bank`] to several side by side; both take sound in order of time and give
//! a [`Measurement`] of each. On the way nothing is kept but the weighted energy and the sample peak of every
//! 10 ms ([`Energies`]) and the running peaks: every window, gate and series is a sum of those, so reels,
//! scenes and lines are slices, and [`dialogue()`] is a pure function of the energies of stem and mix.
//! `specs/loudness.md` names what is measured how, and every constant with its section.
//!
//! How one pass goes: `samples` and `decode` turn blocks of any form into single precision on the `stage`, a
//! sub-block of 10 ms (`grid`) at a time; `lanes` weighs eight channels at once (`kweight`) and notes energy
//! and peak of every 32 samples; `peak` looks between the samples (`interpolate`), but only in blocks that by
//! a proven bound could hold a new peak. Then `energy` and `gate` work out the figures.
//!
//! **Invariant:** meters measure and never judge; a figure that does not exist is `None`, never a made-up
//! number; and no bit of a result depends on block lengths, threads or instruction sets.

mod bank;
mod code;
pub mod cross;
mod decode;
mod dialogue;
mod energy;
mod gate;
mod grid;
mod interpolate;
mod kweight;
mod lanes;
mod leq_m;
mod levels;
mod measurement;
mod outline;
mod overs;
mod peak;
mod record;
mod samples;
pub mod scan;
mod series;
mod sinc;
mod single;
mod spec;
mod stage;

pub use bank::Bank;
pub use code::CODES;
#[cfg(feature = "speech")]
pub use dialogue::SpeechDetector;
pub use dialogue::{
    Anchor, Dialogue, DialogueInput, DialogueSettings, FoundBy, Line, dialogue, dialogue_above,
    dialogue_where, speech_gate,
};
pub use energy::{Energies, Hop, Reading, Stretch, Window};
pub use gate::LoudnessRange;
pub use leq_m::LeqM;
pub use levels::Levels;
pub use measurement::{ChannelPeaks, Measurement, Over, Peak};
pub use outline::{MAX_BINS, Outline, Outliner};
pub use overs::MAX_OVERS;
pub use record::{FileRecord, OverRecord, Record, SCHEMA};
pub use samples::Samples;
pub use series::{Trace, trace, write_series};
pub use single::Meter;
pub use spec::{MAX_CHANNELS, MeterError, MeterSpec, Positions, TruePeakFilter, weight};
