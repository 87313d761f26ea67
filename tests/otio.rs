//! OpenTimelineIO: golden folders, and files of others with what is known of them.
#![cfg(test)]

use std::path::{Path, PathBuf};

use serde_json::Value;
use stemline::interchange::{self, ReadError, ReadOptions, Reading};
use stemline::timeline;

/// Rewrites the expected files of the fixtures instead of comparing with them.
const REGENERATE: &str = "STEMLINE_REGENERATE";

fn read(path: &Path) -> Result<Reading, ReadError> {
    let options = read_options(&path.with_file_name("options.json"));
    interchange::read(path, &options)
}

/// `options.json` of a golden folder: `rate`, `composition`.
fn read_options(path: &Path) -> ReadOptions {
    let Ok(text) = std::fs::read_to_string(path) else {
        return ReadOptions::default();
    };
    let said: Value = serde_json::from_str(&text).unwrap();
    ReadOptions {
        rate: said["rate"].as_str().map(|rate| rate.parse().unwrap()),
        composition: said["composition"].as_str().map(str::to_owned),
        true_fades: false,
        ..ReadOptions::default()
    }
}

fn entries(root: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    all.sort();
    all
}

#[test]
fn golden_folders() {
    let folders = entries(Path::new("fixtures/otio"));
    assert!(folders.len() > 20);
    for folder in folders {
        let input = ["input.otio", "input.otioz"]
            .map(|name| folder.join(name))
            .into_iter()
            .find(|path| path.exists())
            .unwrap();
        let actual = match read(&input) {
            Ok(reading) => timeline::to_json(&reading.timeline, &reading.findings),
            Err(error) => Value::String(error.to_string()),
        };
        let mut actual = serde_json::to_string_pretty(&actual).unwrap();
        actual.push('\n');
        let path = folder.join("expected.json");
        #[expect(
            clippy::disallowed_methods,
            reason = "a switch for the developer, in a test"
        )]
        if std::env::var_os(REGENERATE).is_some() {
            std::fs::write(&path, &actual).unwrap();
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        let differing = expected.lines().zip(actual.lines()).find(|(a, b)| a != b);
        assert!(expected == actual, "{}: {differing:?}", folder.display());
    }
}

/// Record in, record out and source in of every clip, in order.
fn edges(timeline: &Value) -> Vec<[String; 3]> {
    let tracks = timeline["tracks"].as_array().unwrap().iter();
    let clips = tracks.flat_map(|track| track["clips"].as_array().unwrap());
    let edge =
        |clip: &Value| ["record_in", "record_out", "source_in"].map(|key| clip[key].to_string());
    let mut all: Vec<[String; 3]> = clips.map(edge).collect();
    all.sort();
    all
}

#[test]
fn files_of_others() {
    let corpus = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/corpus/timelines/otio"
    );
    if !Path::new(corpus).exists() {
        println!("skipped: no files of others at {corpus}");
        return;
    }
    let is_otio = |path: &PathBuf| path.extension().is_some_and(|suffix| suffix == "otio");
    for path in entries(Path::new(corpus)).into_iter().filter(is_otio) {
        let reading = read(&path).unwrap();
        let known = std::fs::read_to_string(format!("{}.events.json", path.display()));
        if let Ok(known) = known {
            let known: Value = serde_json::from_str(&known).unwrap();
            let ours = timeline::to_json(&reading.timeline, &[]);
            assert_eq!(edges(&ours), edges(&known), "{}", path.display());
        }
    }
}
