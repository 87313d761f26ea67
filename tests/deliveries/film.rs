//! A small film to deliver, and a delivery read back.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::support::{Roll, read_wave};

/// Runs stemline in a folder, so that no path of the machine gets into the results.
pub(crate) fn run_in(folder: &Path, args: &[&str], status: i32) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_stemline"))
        .args(args)
        .current_dir(folder)
        .env("SOURCE_DATE_EPOCH", "1767268800")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(
        output.status.code(),
        Some(status),
        "stemline {}\n{said}",
        args.join(" ")
    );
    said
}

/// The demonstration film in a folder of its own.
pub(crate) fn demo() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    run_in(folder.path(), &["demo", "film"], 0);
    fs::remove_dir_all(folder.path().join("film/out")).unwrap();
    folder
}

/// Conforms the demonstration film by a spec into `out`.
pub(crate) fn deliver(folder: &Path, spec: &str, out: &str, more: &[&str]) -> Delivery {
    let mut args = vec!["conform", "film/film_r1_dx.edl", "film/film_r1_mx_fx.otio"];
    args.extend(["--media", "film/sound", "--title", "FILM", "--rate", "24"]);
    // Nobody has mixed the film to any client's loudness: other tests judge it.
    args.extend(["--spec", spec, "--out", out, "--no-qc"]);
    args.extend(more);
    run_in(folder, &args, 0);
    Delivery::read(&folder.join(out), "FILM")
}

/// A delivery with its plan.
pub(crate) struct Delivery {
    pub(crate) folder: PathBuf,
    pub(crate) plan: Value,
}

impl Delivery {
    pub(crate) fn read(folder: &Path, title: &str) -> Self {
        let text = fs::read_to_string(folder.join(format!("{title}_plan.json"))).unwrap();
        Self {
            folder: folder.to_owned(),
            plan: serde_json::from_str(&text).unwrap(),
        }
    }

    /// The files that the plan lists.
    pub(crate) fn files(&self) -> &Vec<Value> {
        self.plan["files"].as_array().unwrap()
    }

    /// The samples of one file, channel by channel.
    pub(crate) fn planes(&self, name: &str) -> Vec<Vec<i32>> {
        let (channels, samples) = read_wave(&self.folder.join(name));
        (0..channels)
            .map(|c| samples.iter().skip(c).step_by(channels).copied().collect())
            .collect()
    }

    /// The samples of an output by its channels' numbers, put together again from its long-play (or
    /// reel) files, without leader and tail.
    pub(crate) fn output(&self, code: &str, reel: Option<u64>) -> Option<BTreeMap<u64, Vec<i32>>> {
        let mut found = BTreeMap::new();
        for file in self.files() {
            if file["output"] != code || file.get("reel").and_then(Value::as_u64) != reel {
                continue;
            }
            let number = |key: &str| file[key].as_u64().unwrap() as usize;
            let planes = self.planes(file["file"].as_str().unwrap());
            for (plane, channel) in planes.iter().zip(file["channels"].as_array().unwrap()) {
                let stretch = &plane[number("head")..number("head") + number("length")];
                match channel.as_u64() {
                    Some(channel) => drop(found.insert(channel, stretch.to_vec())),
                    None => assert!(plane.iter().all(|&x| x == 0), "an unused channel sounds"),
                }
            }
        }
        (!found.is_empty()).then_some(found)
    }
}

/// White noise, the same every time.
pub(crate) fn noise(seed: u64, length: usize) -> Vec<i32> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 42) as i32 - (1 << 21)
        })
        .collect()
}

/// A mono roll of noise.
pub(crate) fn roll(folder: &Path, name: &str, seed: u64, frames: usize) {
    Roll::mono().write(&folder.join(name), noise(seed, frames));
}

/// A clip of an OTIO track: so many frames of a file from frame `from` on.
pub(crate) fn clip(file: &str, fps: f64, from: i64, frames: i64) -> Value {
    json!({
        "OTIO_SCHEMA": "Clip.2",
        "name": file.trim_end_matches(".wav"),
        "source_range": range(fps, from, frames),
        "media_references": {"DEFAULT_MEDIA": {
            "OTIO_SCHEMA": "ExternalReference.1",
            "target_url": file,
        }},
        "active_media_reference_key": "DEFAULT_MEDIA",
    })
}

pub(crate) fn gap(fps: f64, frames: i64) -> Value {
    json!({"OTIO_SCHEMA": "Gap.1", "source_range": range(fps, 0, frames)})
}

fn time(fps: f64, value: i64) -> Value {
    json!({"OTIO_SCHEMA": "RationalTime.1", "rate": fps, "value": value})
}

fn range(fps: f64, start: i64, frames: i64) -> Value {
    json!({"OTIO_SCHEMA": "TimeRange.1", "start_time": time(fps, start), "duration": time(fps, frames)})
}

/// An OTIO timeline of tracks, each a name and its children, with markers on its stack.
pub(crate) fn timeline(
    path: &Path,
    fps: f64,
    start: i64,
    tracks: &[(&str, Vec<Value>)],
    markers: &[(&str, i64)],
) {
    let track = |(name, children): &(&str, Vec<Value>)| json!({"OTIO_SCHEMA": "Track.1", "name": name, "kind": "Audio", "children": children});
    let marker = |&(name, at): &(&str, i64)| json!({"OTIO_SCHEMA": "Marker.2", "name": name, "marked_range": range(fps, at, 0)});
    let tracks: Vec<Value> = tracks.iter().map(track).collect();
    let markers: Vec<Value> = markers.iter().map(marker).collect();
    let whole = json!({
        "OTIO_SCHEMA": "Timeline.1",
        "name": path.file_stem().unwrap().to_str().unwrap(),
        "global_start_time": time(fps, start),
        "tracks": {"OTIO_SCHEMA": "Stack.1", "children": tracks, "markers": markers},
    });
    fs::write(path, format!("{whole:#}\n")).unwrap();
}
