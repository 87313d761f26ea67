//! Clips and their media for tests, owned so that evidence can borrow from them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use stemline::audio::SampleRate;
use stemline::stem::{Evidence, MediaFacts, TrackName};
use stemline::time::{Pos, Rational, Span};
use stemline::timeline::{Clip, MediaRef, SourceIn, Track};

/// A clip of a second, named and nothing else.
fn clip(name: &str, file: &str) -> Clip {
    let span = Span::new(Pos::ZERO, Pos::new(Rational::ONE));
    let source = SourceIn::Head { sync: Pos::ZERO };
    let media = MediaRef {
        name: file.to_owned(),
        ..MediaRef::default()
    };
    Clip::new(name, span, source, media)
}

fn track(name: &str) -> Track {
    Track {
        name: name.to_owned(),
        ..Track::default()
    }
}

/// A line of `cases.txt`.
pub(crate) struct Case {
    pub(crate) timeline: String,
    pub(crate) track: Track,
    pub(crate) clip: Clip,
    media: Option<Media>,
}

#[derive(Default)]
struct Media {
    path: PathBuf,
    channels: usize,
    rate: u32,
    bits: u16,
    tracks: Vec<TrackName>,
    text: BTreeMap<String, String>,
    reference: Option<u64>,
}

impl Case {
    pub(crate) fn new(track_name: &str, clip_name: &str, file: &str, more: &str) -> Self {
        let mut case = Self {
            timeline: String::new(),
            track: track(track_name),
            clip: clip(clip_name, file),
            media: None,
        };
        for pair in more.split(';').filter(|pair| !pair.trim().is_empty()) {
            let (key, value) = pair.split_once('=').unwrap();
            case.set(key.trim(), value.trim(), file);
        }
        case
    }

    fn set(&mut self, key: &str, value: &str, file: &str) {
        match key {
            "timeline" => value.clone_into(&mut self.timeline),
            "reel" => self.clip.media.reel = Some(value.to_owned()),
            "role" => self.track.role = Some(value.to_owned()),
            "clip_role" => self.clip.role = Some(value.to_owned()),
            "folder" => self.clip.media.file = Some(format!("{value}/{file}")),
            "note" => {
                let (name, value) = value.split_once(':').unwrap();
                self.clip.notes.push((name.to_owned(), value.to_owned()));
            }
            _ => {
                let media = self.media.get_or_insert_with(|| Media {
                    path: file.into(),
                    channels: 1,
                    rate: 48_000,
                    bits: 24,
                    ..Media::default()
                });
                media.set(key, value);
            }
        }
    }

    pub(crate) fn evidence(&self) -> Evidence<'_> {
        Evidence {
            timeline: &self.timeline,
            track: &self.track,
            clip: &self.clip,
            media: self.media.as_ref().map(Media::facts),
        }
    }
}

impl Media {
    fn set(&mut self, key: &str, value: &str) {
        match key {
            "channels" => self.channels = value.parse().unwrap(),
            "rate" => self.rate = value.parse().unwrap(),
            "bits" => self.bits = value.parse().unwrap(),
            "reference" => self.reference = Some(value.parse().unwrap()),
            "tracks" => {
                for (i, name) in value.split('+').enumerate() {
                    self.tracks.push(TrackName {
                        channel: i as u16 + 1,
                        name: name.to_owned(),
                        function: String::new(),
                    });
                }
                self.channels = self.tracks.len();
            }
            "description" => {
                self.text.insert(key.to_owned(), value.replace('/', "\r\n"));
            }
            "scene" | "take" | "tape" | "originator" => {
                self.text.insert(key.to_owned(), value.to_owned());
            }
            other => panic!("unknown key {other}"),
        }
    }

    fn facts(&self) -> MediaFacts<'_> {
        let text = |key: &str| self.text.get(key).map(String::as_str);
        let rate = SampleRate::new(self.rate).unwrap();
        MediaFacts {
            track_names: &self.tracks,
            scene: text("scene"),
            take: text("take"),
            tape: text("tape"),
            originator: text("originator"),
            description: text("description"),
            time_reference: self.reference,
            ..MediaFacts::new(&self.path, self.channels, rate, self.bits)
        }
    }
}
