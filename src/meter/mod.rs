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
mod meter;
mod overs;
mod peak;
mod record;
mod samples;
mod series;
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
pub use meter::Meter;
pub use overs::MAX_OVERS;
pub use record::{FileRecord, OverRecord, Record, SCHEMA};
pub use samples::Samples;
pub use series::write_series;
pub use spec::{MAX_CHANNELS, MeterError, MeterSpec, Positions, TruePeakFilter, weight};
