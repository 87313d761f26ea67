//! Measuring sound: loudness (ITU-R BS.1770-5, EBU Tech 3341 and 3342), true peak, dialogue, Leq(m).
//!
//! A [`Meter`] measures one file, a [`Bank`] several that run side by side, in one pass over their
//! samples. What is kept of the sound are energies per 10 ms ([`Energies`]): windows, gates, ranges,
//! series and figures of parts all come from those.
//!
//! **Invariant:** it measures and never judges. A figure that does not exist (silence, too short) is
//! absent, never made up. No bit of any figure depends on how the sound is cut into blocks, on threads
//! or on the instruction set.

mod bank;
mod code;
mod decode;
mod dialogue;
mod energy;
mod gate;
mod grid;
mod interpolate;
mod kweight;
mod lanes;
mod leq_m;
mod measurement;
mod overs;
mod peak;
mod record;
mod samples;
mod series;
mod single;
mod spec;
mod stage;

pub use bank::Bank;
pub use code::CODES;
pub use dialogue::{
    Anchor, Dialogue, DialogueInput, DialogueSettings, Line, dialogue, dialogue_above, speech_gate,
};
pub use energy::{Energies, Hop, Reading, Stretch, Window};
pub use gate::LoudnessRange;
pub use leq_m::LeqM;
pub use measurement::{ChannelPeaks, Measurement, Over, Peak};
pub use overs::MAX_OVERS;
pub use record::{FileRecord, OverRecord, Record, SCHEMA};
pub use samples::Samples;
pub use series::write_series;
pub use single::Meter;
pub use spec::{MAX_CHANNELS, MeterError, MeterSpec, Positions, TruePeakFilter, weight};
