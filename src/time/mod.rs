//! Time: exact rationals, frame rates, timecode, positions, and the one place where a position
//! becomes a sample.
//!
//! **Invariant:** everything here is exact. A position is a reduced fraction of seconds and keeps
//! the space it was measured in ([`Source`], [`Record`]) in its type; the only function of the crate
//! that rounds time is [`sample_at`], and it always starts from an absolute position.

mod frame_rate;
mod position;
mod rational;
mod timecode;

pub use frame_rate::{FrameRate, RateError};
pub use position::{Duration, Output, Pos, Record, Sample, SampleSpan, Source, Span, sample_at};
pub use rational::{ParseRationalError, Rational};
pub use timecode::{FeetFrames, Timecode, TimecodeError};
