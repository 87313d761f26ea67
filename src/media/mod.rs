//! (to be written)

#[cfg(feature = "codecs")]
mod codec;
#[cfg(not(feature = "codecs"))]
#[path = "no_codec.rs"]
mod codec;
mod codes;
mod container;
mod decode;
mod error;
mod file;
mod fingerprint;
mod header;
mod index;
mod keys;
mod locate;
mod names;
mod need;
mod pcm;
mod pool;
mod reference;
mod resample;
mod section;
mod source;
mod sources;
mod spans;
mod spool;
mod start;
#[cfg(test)]
mod testing;
mod walk;

pub use codes::CODES;
pub use error::MediaError;
pub use file::{Entry, Labels, MediaFile, MediaKind, MediaTrack, Storage};
pub use fingerprint::{Fingerprint, fingerprint};
pub use index::{IndexProgress, MediaIndex};
pub use locate::{Located, Match, Missing, locate};
pub use resample::{Kernel, ResampledSource};
pub use source::{AudioSource, ByteOrder, PcmLayout, Planar, Scratch};
pub use sources::SourcePool;
pub use start::{SourceStart, StartBasis, StartError, resolve_source};
