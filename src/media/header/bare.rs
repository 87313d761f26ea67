//! Samples without a header, as the timeline describes them.

use super::{Sound, Stated};
use crate::audio::SampleFormat;
use crate::media::MediaError;
use crate::media::file::{BarePcm, MediaKind};
use crate::media::section::Section;
use crate::media::source::ByteOrder;

use super::Coding;

/// The sound of a stream of samples, from its first byte to its last. A stream that has a header after
/// all says itself what it is: descriptions are copied from the recording that was embedded.
pub(super) fn read(
    file: &mut Section,
    name: &str,
    path: &std::path::Path,
    pcm: BarePcm,
) -> Result<Sound, MediaError> {
    match super::read_sound(file, name, path) {
        Err(MediaError::NotSound { .. }) => {}
        known => return known,
    }
    let bytes = file.length();
    Stated {
        kind: MediaKind::Bare,
        channels: pcm.channels,
        rate: f64::from(pcm.sample_rate.hertz()),
        coding: Coding::Pcm(pcm.format, ByteOrder::Little),
        frames: Some(bytes / block(pcm.format, pcm.channels)),
        offset: 0,
        bytes,
    }
    .check(name, 0)
}

/// Bytes of a sample frame; never 0.
fn block(format: SampleFormat, channels: u32) -> u64 {
    (format.bytes() as u64 * u64::from(channels)).max(1)
}
