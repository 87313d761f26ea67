//! The WAVE family: read by `bwf`, taken over here with what its metadata say of the recording.

use std::path::Path;

use super::{Sound, description};
use crate::bwf::{self, Container, Ixml, Wave, WaveError};
use crate::media::MediaError;
use crate::media::file::{Labels, MediaKind, MediaTrack, Storage};
use crate::media::section::Section;
use crate::media::source::{ByteOrder, PcmLayout};

/// Reads the header and metadata of a WAV, RF64, BW64 or W64 file.
pub(super) fn read(file: &mut Section, name: &str, path: &Path) -> Result<Sound, MediaError> {
    let wave = bwf::read_from(file, path).map_err(|error| refused(error, name))?;
    let said = description::parse(wave.bext.as_ref().map_or("", |bext| &bext.description));
    let format = &wave.format;
    let channels = usize::from(format.channels);
    let layout = PcmLayout {
        sample: format.sample,
        order: ByteOrder::Little,
        channels,
        data_offset: wave.data.map_or(0, |data| data.offset),
    };
    let umid = wave.bext.as_ref().and_then(|bext| bext.umid);
    let described = wave.ixml.as_ref().filter(|ixml| !ixml.tracks.is_empty());
    Ok(Sound {
        kind: match wave.container {
            Container::Riff => MediaKind::Wave,
            Container::Rf64 => MediaKind::Rf64,
            Container::Bw64 => MediaKind::Bw64,
            Container::W64 => MediaKind::W64,
        },
        rate: format.rate,
        channels,
        frames: wave.frames,
        sample: format.sample,
        storage: Storage::Pcm(layout),
        time_reference: time_reference(&wave),
        timecode_rate: wave.frame_rate().or(said.timecode_rate),
        tracks: described.map_or_else(|| in_order(said.tracks, channels), tracks),
        labels: labels(&wave, said.labels),
        umid: umid.and_then(|umid| unpadded(&umid)),
        file_uid: wave.ixml.and_then(|ixml| present(ixml.file_uid)),
        findings: wave.findings,
    })
}

fn refused(error: WaveError, name: &str) -> MediaError {
    match error {
        WaveError::Io { source, .. } => MediaError::io(name, source),
        other => MediaError::Wave {
            message: other.to_string(),
        },
    }
}

/// Samples since midnight at the file's own rate.
fn time_reference(wave: &Wave) -> Option<u64> {
    let start = wave.start()?.sample(wave.format.rate).index();
    u64::try_from(start).ok()
}

/// iXML where it says something, else the lines of the description.
fn labels(wave: &Wave, said: Labels) -> Labels {
    let ixml = wave.ixml.as_ref();
    let stated =
        |field: fn(&Ixml) -> &Option<String>| present(ixml.and_then(|ixml| field(ixml).clone()));
    let bext = wave.bext.as_ref();
    Labels {
        tape: stated(|ixml| &ixml.tape).or(said.tape),
        scene: stated(|ixml| &ixml.scene).or(said.scene),
        take: stated(|ixml| &ixml.take).or(said.take),
        project: stated(|ixml| &ixml.project).or(said.project),
        note: stated(|ixml| &ixml.note).or(said.note),
        description: present(bext.map(|bext| bext.description.clone())),
        originator: present(bext.map(|bext| bext.originator.clone())),
    }
}

/// The text without the spaces that pad it, if any is left.
fn present(text: Option<String>) -> Option<String> {
    let text = text?.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

fn tracks(ixml: &Ixml) -> Vec<MediaTrack> {
    let track = |track: &bwf::IxmlTrack| MediaTrack {
        channel: track.interleave_index,
        recorder_track: track.channel_index,
        name: present(track.name.clone()),
        function: present(track.function.clone()),
    };
    ixml.tracks.iter().map(track).collect()
}

/// Tracks of a description, which does not say in which channel they lie: in order, where there are
/// as many of them as channels.
fn in_order(mut tracks: Vec<MediaTrack>, channels: usize) -> Vec<MediaTrack> {
    if tracks.len() == channels {
        for (track, channel) in tracks.iter_mut().zip(1..) {
            track.channel = Some(channel);
        }
    }
    tracks
}

/// Lower-case digits without the zeros that pad it; `None` where nothing is left.
fn unpadded(umid: &[u8; 64]) -> Option<String> {
    let last = umid.iter().rposition(|byte| *byte != 0)?;
    // A basic UMID has 32 bytes, a bare GUID 16: a zero at the end of either belongs to it.
    let length = (last + 1).next_multiple_of(16);
    umid.get(..length).map(bwf::hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn umids_keep_whole_parts() {
        let mut umid = [0; 64];
        assert_eq!(unpadded(&umid), None);
        umid[0] = 0x6e;
        umid[14] = 1;
        assert_eq!(unpadded(&umid).unwrap().len(), 32);
        umid[16] = 0xff;
        let text = unpadded(&umid).unwrap();
        assert_eq!(text.len(), 64);
        assert!(text.starts_with("6e00"), "{text}");
    }
}
