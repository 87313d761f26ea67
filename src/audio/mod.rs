//! The quantities of sound: sample rates and formats, levels with their units, channels and layouts.
//!
//! **Invariant:** a level never travels as a bare float; its unit is its type. The order of the
//! channels of a file is always data (a [`ChannelLayout`]), never an assumption.

mod adm;
mod channel;
mod content;
mod fft;
mod level;
mod sample;
pub mod scene;

pub use adm::{AdmProfile, AdmProfileError};
pub use channel::{Channel, ChannelLayout, LayoutError};
pub use content::ContentKind;
pub use fft::{Complex, Fft};
pub use level::{DbFs, DbTp, Decibels, Gain, LoudnessUnits, Lufs};
pub use sample::{SampleFormat, SampleRate, SampleRateError};
