//! (to be written)

mod decode;
mod error;
mod resample;
mod source;

pub use error::MediaError;
pub use resample::{Kernel, ResampledSource};
pub use source::{AudioSource, ByteOrder, PcmLayout, Planar, Scratch};
