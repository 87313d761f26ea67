//! Sound at another rate: exact rational phase, any stretch of the output from any position.
//!
//! Output frame `k` of a clip whose source starts at frame `s` reads the input at exactly
//! `s + k·(input rate / output rate)`: the phase is a fraction of integers, never an accumulated
//! float. Frames before the file's first and after its last are silence; neighbours of the clip
//! inside the file are heard by the filter, as if the whole file had been converted and then cut.
//!
//! **Invariant:** an output sample depends on its index alone: any split into blocks, on any machine,
//! gives the same bits (fixed order of summation, `libm`, no fused multiply-add).

mod kernel;
mod source;
#[cfg(test)]
mod tests;

pub use kernel::Kernel;
pub use source::ResampledSource;

use super::MediaError;
