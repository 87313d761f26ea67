//! Source media: which sound files there are, which of them a clip means, and their samples.
//!
//! [`MediaIndex`] knows every file of the media folders by its header. [`locate()`] finds the file that a
//! clip means and says why; [`resolve_source`] says which of its samples sounds where the clip begins.
//! [`SourcePool`] opens files as [`AudioSource`]s, which are read from any exact sample by any number
//! of threads; [`ResampledSource`] is one of them at another rate. [`fingerprint()`] tells whether a file is
//! still the one that a plan was made with.
//!
//! Another kind of file is one more file in `header` and one more line in its `read_sound`; another
//! kind of container is one more arm in `container`.
//!
//! **Invariant:** sources are never opened for writing and nothing is put beside them. An answer never
//! depends on the order in which threads run, and a sample never on how a file is read: any split
//! into blocks gives the same bits.

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
mod joined;
mod keys;
mod locate;
mod names;
mod need;
mod pcm;
mod pieces;
mod pool;
mod reference;
mod resample;
mod scene;
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
pub use file::{BarePcm, Entry, Labels, MediaFile, MediaKind, MediaTrack, PcmPieces, Storage};
pub use fingerprint::{Fingerprint, fingerprint};
pub use index::{IndexProgress, MediaIndex};
pub use locate::{Located, Match, Missing, locate};
pub use pieces::Pieces;
pub use resample::{Kernel, ResampledSource};
pub use scene::{Scene, ScenePart};
pub use source::{AudioSource, ByteOrder, PcmLayout, Planar, Scratch};
pub use sources::SourcePool;
pub use start::{SourceStart, StartBasis, StartError, resolve_source};
