//! What is known of a clip when its stem is decided.

use std::path::Path;

use crate::audio::SampleRate;
use crate::timeline::{Clip, Track};

/// A clip with everything around it that may tell what it is.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// The name of the timeline's file without suffix.
    pub timeline: &'a str,
    /// The track it stands on.
    pub track: &'a Track,
    /// The clip.
    pub clip: &'a Clip,
    /// The media file, where it was found.
    pub media: Option<MediaFacts<'a>>,
}

/// What a media file says of itself.
#[derive(Debug, Clone, Copy)]
pub struct MediaFacts<'a> {
    /// Where it is; its name and folders are evidence.
    pub path: &'a Path,
    /// How many channels it has.
    pub channels: usize,
    /// Its sample rate.
    pub rate: SampleRate,
    /// Bits of a sample.
    pub bits: u16,
    /// Names and functions of its channels (iXML `TRACK_LIST`).
    pub track_names: &'a [TrackName],
    /// iXML `SCENE`.
    pub scene: Option<&'a str>,
    /// iXML `TAKE`.
    pub take: Option<&'a str>,
    /// iXML `TAPE`: the sound roll.
    pub tape: Option<&'a str>,
    /// iXML `PROJECT`.
    pub project: Option<&'a str>,
    /// iXML `NOTE`.
    pub note: Option<&'a str>,
    /// bext `Originator`: the machine or program that wrote it.
    pub originator: Option<&'a str>,
    /// bext `Description`; recorders write `sSCENE=…` lines here.
    pub description: Option<&'a str>,
    /// bext `TimeReference` in samples since midnight.
    pub time_reference: Option<u64>,
}

impl<'a> MediaFacts<'a> {
    /// A file of which only the form is known.
    pub fn new(path: &'a Path, channels: usize, rate: SampleRate, bits: u16) -> Self {
        Self {
            path,
            channels,
            rate,
            bits,
            track_names: &[],
            scene: None,
            take: None,
            tape: None,
            project: None,
            note: None,
            originator: None,
            description: None,
            time_reference: None,
        }
    }
}

/// The name of one channel of a file (iXML `TRACK`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackName {
    /// Channel in the file, from 1 (iXML `INTERLEAVE_INDEX`).
    pub channel: u16,
    /// `NAME`: `BOOM`, an actor, `Ls`.
    pub name: String,
    /// `FUNCTION`: `MIX`, `L-5.1`, `M-MID_SIDE`; empty where there is none.
    pub function: String,
}

impl<'a> Evidence<'a> {
    /// The name of the media file: of the one found, else as the timeline says it.
    pub fn file_name(&self) -> &'a str {
        let found = self.media.and_then(|media| media.path.file_name());
        if let Some(name) = found.and_then(|name| name.to_str()) {
            return name;
        }
        let media = &self.clip.media;
        if !media.name.is_empty() {
            return &media.name;
        }
        let written = media.file.as_deref().unwrap_or_default();
        written.rsplit(['/', '\\']).next().unwrap_or_default()
    }

    /// The folder of the media file with `/` between its parts: of the file found, else as the
    /// timeline says it, percent-encoding undone.
    pub fn folder(&self) -> String {
        if let Some(parent) = self.media.and_then(|media| media.path.parent()) {
            return parent.to_string_lossy().replace('\\', "/");
        }
        let written = self.clip.media.file.as_deref().unwrap_or_default();
        let text = if written.contains("://") {
            percent_encoding::percent_decode_str(written)
                .decode_utf8_lossy()
                .into_owned()
        } else {
            written.replace('\\', "/")
        };
        let end = text.rfind('/').unwrap_or_default();
        text.get(..end).unwrap_or_default().to_owned()
    }

    /// What the source says of the clip's purpose, else of the track's.
    pub fn role(&self) -> Option<&'a str> {
        let clip = self.clip.role.as_deref();
        clip.or(self.track.role.as_deref())
    }
}
