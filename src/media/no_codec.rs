//! The codecs of a build without any: everything compressed is refused by name.

use super::MediaError;
use super::section::Section;
use super::spool::Region;
use crate::audio::SampleFormat;

/// What decoding came to: nothing, ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decoded {
    /// Sample frames.
    pub(super) frames: u64,
    /// Whether they agree with the checksum in the file.
    pub(super) verified: Option<bool>,
}

/// Refuses.
pub(super) fn decode(
    _: Section,
    name: &str,
    _: (SampleFormat, usize),
    _: &mut Region,
) -> Result<Decoded, MediaError> {
    Err(refused(name))
}

/// Refuses.
pub(super) fn count(_: Section, name: &str) -> Result<u64, MediaError> {
    Err(refused(name))
}

fn refused(name: &str) -> MediaError {
    MediaError::unsupported(name, "compressed sound (this build has no codecs)")
}
