//! AAF and AAF-XML against real files and files of our own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use stemline::interchange::{self, ReadOptions};
use stemline::time::Rational;
use stemline::timeline;

/// The folder of real files; tests say that they skip where it is missing.
fn corpus(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/corpus/timelines")
        .join(name);
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: {} is not there", path.display());
    None
}

/// The files of a folder with this suffix, in order of name.
fn files(folder: &Path, suffix: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|s| s == suffix))
        .collect();
    files.sort();
    files
}

/// The timeline form of a file, as `inspect --json` shows it.
fn inspect(path: &Path, options: &ReadOptions) -> Result<Value, String> {
    let reading = interchange::read(path, options).map_err(|e| e.to_string())?;
    Ok(timeline::to_json(&reading.timeline, &reading.findings))
}

/// Record in, record out and source in of every clip of a timeline in JSON.
type Key = (Rational, Rational);

fn clips(timeline: &Value) -> Vec<(Key, Option<Rational>)> {
    let time = |clip: &Value, field: &str| clip[field].as_str().map(|s| s.parse().unwrap());
    let mut out = Vec::new();
    for track in timeline["tracks"].as_array().unwrap() {
        for clip in track["clips"].as_array().unwrap() {
            let key = (
                time(clip, "record_in").unwrap(),
                time(clip, "record_out").unwrap(),
            );
            out.push((key, time(clip, "source_in")));
        }
    }
    out
}

/// What differs between a timeline and what is known of it; empty where nothing does.
fn differences(found: &Value, known: &Value) -> Vec<String> {
    let mut pool: BTreeMap<Key, Vec<Option<Rational>>> = BTreeMap::new();
    for (key, source) in clips(found) {
        pool.entry(key).or_default().push(source);
    }
    let mut out = Vec::new();
    for (key, source) in clips(known) {
        let there = pool.entry(key).or_default();
        let same = |s: &Option<Rational>| s.is_none() || source.is_none() || *s == source;
        match there.iter().position(same) {
            Some(at) => drop(there.remove(at)),
            None => out.push(format!(
                "{key:?} from {source:?} not found, there: {there:?}"
            )),
        }
    }
    let more: usize = pool.values().map(Vec::len).sum();
    if more > 0 {
        out.push(format!("{more} clips too many"));
    }
    out
}

/// The first place where two values differ.
fn first_difference(a: &Value, b: &Value, at: &str) -> Option<String> {
    match (a, b) {
        (Value::Object(x), Value::Object(y)) if x.len() == y.len() => x
            .iter()
            .find_map(|(key, value)| first_difference(value, y.get(key)?, &format!("{at}.{key}"))),
        (Value::Array(x), Value::Array(y)) if x.len() == y.len() => x
            .iter()
            .zip(y)
            .enumerate()
            .find_map(|(i, (x, y))| first_difference(x, y, &format!("{at}[{i}]"))),
        _ => (a != b).then(|| format!("{at}: {a} and {b}")),
    }
}

#[test]
fn every_clip_of_the_real_files_is_exact() {
    let (mut checked, mut wrong) = (0, Vec::new());
    for (folder, suffix) in [("aaf", "aaf"), ("aafxml", "xml")] {
        let Some(folder) = corpus(folder) else {
            continue;
        };
        for path in files(&folder, suffix) {
            let known = path.with_extension(format!("{suffix}.events.json"));
            let Ok(known) = std::fs::read(known) else {
                continue;
            };
            let known: Value = serde_json::from_slice(&known).unwrap();
            let name = path.display();
            checked += 1;
            match inspect(&path, &ReadOptions::default()) {
                Ok(found) => {
                    let different = differences(&found, &known);
                    if !different.is_empty() {
                        wrong.push(format!("{name}: {different:?}"));
                    }
                    let start = &known["start"];
                    let frames: Rational = format!("{}", start["frames"]).parse().unwrap();
                    let rate: Rational = start["edit_rate"].as_str().unwrap().parse().unwrap();
                    let seconds = frames.checked_div(rate).unwrap().to_string();
                    if found["start"] != seconds || found["drop_frame"] != start["drop"] {
                        wrong.push(format!(
                            "{name}: starts at {} not {seconds}",
                            found["start"]
                        ));
                    }
                }
                Err(error) => wrong.push(error),
            }
        }
    }
    println!("{checked} files");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn both_forms_of_a_file_give_the_same_timeline() {
    let (Some(binary), Some(xml)) = (corpus("aaf"), corpus("aafxml")) else {
        return;
    };
    let mut wrong = Vec::new();
    for path in files(&binary, "aaf") {
        let twin = xml.join(path.file_name().unwrap()).with_extension("xml");
        if !twin.is_file() {
            continue;
        }
        let read = |path: &Path| inspect(path, &ReadOptions::default());
        match (read(&path), read(&twin)) {
            (Ok(mut a), Ok(mut b)) => {
                assert_eq!(
                    (&a["format"], &b["format"]),
                    (&"aaf".into(), &"aaf_xml".into())
                );
                a["format"] = Value::Null;
                b["format"] = Value::Null;
                let different = first_difference(&a, &b, "");
                wrong.extend(different.map(|d| format!("{}: {d}", path.display())));
            }
            (Err(_), Err(_)) => {}
            (a, b) => wrong.push(format!("{}: {:?} {:?}", path.display(), a.err(), b.err())),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
