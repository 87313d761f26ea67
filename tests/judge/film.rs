//! Small films that are made at random, and one clip of dialogue planted where it does not belong.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::Roll;

/// Frames a second.
pub(crate) const FPS: i64 = 24;

/// A generator of numbers (Knuth, MMIX constants).
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        random.range(0, 2);
        random
    }

    /// From `low` up to `high`.
    pub(crate) fn range(&mut self, low: i64, high: i64) -> i64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        low + (self.0 >> 33) as i64 % (high - low).max(1)
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.range(0, from.len() as i64) as usize]
    }
}

/// A clip on a track: its name, its file, first frame of the file, frames.
#[derive(Debug, Clone)]
pub(crate) struct Cut {
    pub(crate) name: String,
    pub(crate) file: String,
    pub(crate) from: i64,
    pub(crate) frames: i64,
}

/// A film: tracks of clips with gaps before them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Film {
    pub(crate) tracks: Vec<(String, Vec<(i64, Cut)>)>,
    pub(crate) rules: Option<String>,
    pub(crate) spec: Option<String>,
}

/// Frames of every source file.
const LENGTH: i64 = 4 * FPS;

fn noise(seed: u64, frames: i64) -> Vec<i32> {
    let mut random = Random::new(seed);
    (0..frames * 2_000)
        .map(|_| random.range(-200_000, 200_000) as i32)
        .collect()
}

/// A take of a field recorder with what recorders write.
fn take(folder: &Path, scene: &str, take: i64) -> String {
    let name = format!("SR001-{scene}-T{take:02}.wav");
    let ixml = format!(
        "<?xml version=\"1.0\"?><BWFXML><IXML_VERSION>1.5</IXML_VERSION><PROJECT>FILM</PROJECT><SCENE>{scene}</SCENE>\
         <TAKE>{take}</TAKE><TAPE>SR001</TAPE><TRACK_LIST><TRACK_COUNT>1</TRACK_COUNT><TRACK><CHANNEL_INDEX>1\
         </CHANNEL_INDEX><INTERLEAVE_INDEX>1</INTERLEAVE_INDEX><NAME>BOOM</NAME></TRACK></TRACK_LIST></BWFXML>"
    );
    let roll = Roll {
        time_reference: Some(1_755_000_000),
        ixml: Some(ixml),
        ..Roll::mono()
    };
    roll.write(&folder.join(&name), noise(take as u64 + 7, LENGTH));
    name
}

fn plain(folder: &Path, name: &str, seed: u64) -> String {
    Roll::mono().write(&folder.join(name), noise(seed, LENGTH));
    name.to_owned()
}

/// The words of the library and of the set.
const SCENES: [&str; 6] = ["12A", "12B", "34C", "7", "101D", "55"];
const EFFECTS: [&str; 4] = [
    "DOORWood_Door Slam_LIB.wav",
    "AMBRoom_Office_LIB.wav",
    "FEETHmn_Boots_LIB.wav",
    "VEHCar_Pass By_LIB.wav",
];
const MUSIC: [&str; 3] = ["1M1_Main Theme.wav", "2M3 Chase.wav", "1M7_End.wav"];

impl Film {
    /// A film with its sound in `media`: dialogue, music and effects, each clip where it belongs.
    pub(crate) fn new(random: &mut Random, media: &Path) -> Self {
        fs::create_dir_all(media).unwrap();
        let mut film = Self::default();
        let mut dialogue = Vec::new();
        for number in 0..random.range(2, 5) {
            let scene = SCENES[number as usize];
            let file = take(media, scene, number + 1);
            let from = random.range(0, FPS);
            let frames = random.range(12, 2 * FPS);
            let name = format!("{scene}-{}", number + 1);
            let cut = Cut {
                name,
                file,
                from,
                frames,
            };
            dialogue.push((random.range(0, 20), cut));
        }
        film.tracks.push(("DX 1".to_owned(), dialogue));
        for (track, names) in [("MX 1", &MUSIC[..]), ("FX 1", &EFFECTS)] {
            let mut cuts = Vec::new();
            for (i, name) in names.iter().enumerate().take(random.range(1, 4) as usize) {
                let file = plain(media, name, i as u64 + 90);
                let frames = random.range(12, 2 * FPS);
                let name = name.trim_end_matches(".wav").to_owned();
                cuts.push((
                    random.range(0, 12),
                    Cut {
                        name,
                        file,
                        from: 0,
                        frames,
                    },
                ));
            }
            film.tracks.push((track.to_owned(), cuts));
        }
        film
    }

    /// Puts a clip behind the last one of a track, and says where it begins, in frames.
    pub(crate) fn append(&mut self, random: &mut Random, track: &str, cut: Cut) -> i64 {
        let at = self.tracks.iter().position(|(name, _)| name == track);
        let at = at.unwrap_or_else(|| {
            self.tracks.push((track.to_owned(), Vec::new()));
            self.tracks.len() - 1
        });
        let cuts = &mut self.tracks[at].1;
        let gap = random.range(0, 20);
        let before: i64 = cuts.iter().map(|(gap, cut)| gap + cut.frames).sum();
        cuts.push((gap, cut));
        before + gap
    }

    /// Writes the timeline, rules and spec, and gives back the arguments that conform them.
    pub(crate) fn write(&self, folder: &Path) -> Vec<PathBuf> {
        let track = |(name, cuts): &(String, Vec<(i64, Cut)>)| {
            let children: Vec<Value> = cuts
                .iter()
                .flat_map(|(gap, cut)| [gap_of(*gap), clip_of(cut)])
                .collect();
            json!({"OTIO_SCHEMA": "Track.1", "name": name, "kind": "Audio", "children": children})
        };
        let tracks: Vec<Value> = self.tracks.iter().map(track).collect();
        let whole = json!({
            "OTIO_SCHEMA": "Timeline.1",
            "name": "film",
            "global_start_time": time(FPS * 3600),
            "tracks": {"OTIO_SCHEMA": "Stack.1", "children": tracks},
        });
        fs::write(folder.join("film.otio"), whole.to_string()).unwrap();
        let mut written = vec![folder.join("film.otio")];
        for (name, text) in [("rules.toml", &self.rules), ("spec.toml", &self.spec)] {
            if let Some(text) = text {
                fs::write(folder.join(name), text).unwrap();
                written.push(folder.join(name));
            }
        }
        written
    }
}

fn time(value: i64) -> Value {
    json!({"OTIO_SCHEMA": "RationalTime.1", "rate": FPS, "value": value})
}

fn range(start: i64, frames: i64) -> Value {
    json!({"OTIO_SCHEMA": "TimeRange.1", "start_time": time(start), "duration": time(frames)})
}

fn gap_of(frames: i64) -> Value {
    json!({"OTIO_SCHEMA": "Gap.1", "source_range": range(0, frames)})
}

fn clip_of(cut: &Cut) -> Value {
    json!({
        "OTIO_SCHEMA": "Clip.1",
        "name": cut.name,
        "source_range": range(cut.from, cut.frames),
        "media_reference": {
            "OTIO_SCHEMA": "ExternalReference.1",
            "target_url": format!("sound/{}", cut.file),
            "available_range": range(0, LENGTH),
        },
    })
}
