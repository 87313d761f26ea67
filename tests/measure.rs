//! `stemline measure` from outside: reels of a programme, dialogue by its stem, formats of the answer.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot prepare its files has failed"
)]

mod support;

use std::path::Path;

use serde_json::Value;
use support::{Roll, expect_status};

/// Deterministic noise of a level, with a slow swell so that loudness has a course.
fn noise(seed: u64, frames: u64, level: f64) -> Vec<i32> {
    let mut state = seed;
    (0..frames)
        .map(|n| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let white = (state >> 40) as f64 / f64::from(1_u32 << 23) - 1.0;
            let swell = 0.6 + 0.4 * libm::sin(n as f64 / 30_000.0);
            (white * swell * level * 8_388_607.0) as i32
        })
        .collect()
}

fn measure(folder: &Path, args: &[&str]) -> Value {
    let args: Vec<String> = ["measure", "--json"]
        .into_iter()
        .map(str::to_owned)
        .chain(args.iter().map(|arg| {
            if arg.starts_with("--") {
                (*arg).to_owned()
            } else {
                folder.join(arg).display().to_string()
            }
        }))
        .collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    serde_json::from_slice(&expect_status(&args, 0).stdout).unwrap()
}

/// The figures that a joined file and its reels must share.
fn figures(record: &Value) -> Vec<(String, Value)> {
    let object = record.as_object().unwrap().iter();
    let own = ["file", "findings"];
    object
        .filter(|(key, _)| !own.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

#[test]
fn reels_are_measured_each_and_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let all = noise(1, 480_000 + 333, 0.4);
    let cuts = [0, 100_001, 100_040, 300_000, all.len()];
    Roll::mono().write(&folder.path().join("all.wav"), all.clone());
    let names = ["r1.wav", "r2.wav", "r3.wav", "r4.wav"];
    for (name, cut) in names.iter().zip(cuts.windows(2)) {
        Roll::mono().write(&folder.path().join(name), all[cut[0]..cut[1]].to_vec());
    }
    let reels = measure(
        folder.path(),
        &[&["--reels", "--precise"], &names[..]].concat(),
    );
    let joined = measure(folder.path(), &["--precise", "all.wav"]);
    assert_eq!(
        figures(&reels["programme"]),
        figures(&joined["files"][0]),
        "the programme is its reels in a row"
    );
    let highest = |record: &Value| record["true_peak_dbtp"].as_f64().unwrap();
    let of_reels = reels["files"].as_array().unwrap().iter().map(highest);
    assert_eq!(
        of_reels.fold(f64::NEG_INFINITY, f64::max),
        highest(&reels["programme"]),
        "true peaks at the joins are found with the true neighbours"
    );
    assert_eq!(reels["files"][1]["length_samples"], 39);
}

#[test]
fn reels_of_other_kinds_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    Roll::mono().write(&folder.path().join("a.wav"), noise(1, 4_800, 0.1));
    let stereo = Roll {
        channels: 2,
        ..Roll::mono()
    };
    stereo.write(&folder.path().join("b.wav"), noise(2, 4_800, 0.1));
    let output = expect_status(&["measure", "--reels", &path("a.wav"), &path("b.wav")], 3);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("b.wav") && said.contains("a.wav"), "{said}");
}

/// A mix of 20 s at 01:00:00:00 in which somebody speaks from second 5 to 15, and its stem, which begins
/// `early` sample frames before the mix.
fn check_dialogue(early: i64) {
    let folder = tempfile::tempdir().unwrap();
    let start = 172_800_000_i64;
    let (speech, bed) = (noise(3, 480_000, 0.2), noise(4, 960_000, 0.004));
    let mut stem = vec![0; 240_000];
    stem.extend(&speech);
    let mixed = |n: usize| bed[n] + stem.get(n).copied().unwrap_or(0);
    let mix: Vec<i32> = (0..960_000).map(mixed).collect();
    let placed: Vec<i32> = if early >= 0 {
        vec![0; early as usize]
            .into_iter()
            .chain(stem.clone())
            .collect()
    } else {
        stem[early.unsigned_abs() as usize..].to_vec()
    };
    let roll = |reference: i64| Roll {
        time_reference: Some(reference.unsigned_abs()),
        ..Roll::mono()
    };
    roll(start).write(&folder.path().join("mix.wav"), mix);
    let stem_path = folder.path().join("dx.wav");
    roll(start - early).write(&stem_path, placed);
    let option = format!("--dialogue={}", stem_path.display());
    let answer = measure(folder.path(), &[&option, "mix.wav"]);
    let dialogue = &answer["files"][0]["dialogue"];
    let line = &dialogue["lines"][0];
    assert_eq!(dialogue["lines"].as_array().unwrap().len(), 1, "{dialogue}");
    let near = |value: &Value, expected: u64| value.as_u64().unwrap().abs_diff(expected) <= 19_200;
    assert!(
        near(&line["start"], 240_000) && near(&line["end"], 720_000),
        "{line}"
    );
    let level = |key: &str| dialogue[key].as_f64().unwrap();
    assert!((level("mix") - level("stem")).abs() < 0.3, "{dialogue}");
    assert_eq!(dialogue["found_by"], "stem");
}

#[test]
fn dialogue_is_laid_over_the_mix_by_timecode() {
    check_dialogue(0);
    check_dialogue(96_000);
    check_dialogue(-48_123);
}

#[test]
fn places_are_told_as_timecode_where_the_file_has_one() {
    let folder = tempfile::tempdir().unwrap();
    let film = folder.path().join("film");
    expect_status(&["demo", film.to_str().unwrap()], 0);
    let file = film.join("out/FILM_R1_MIX.wav");
    let record = measure(&film, &["out/FILM_R1_MIX.wav", "--overs=-20"]);
    let record = &record["files"][0];
    // The reel is at 24 frames a second from 01:00:00:00.
    let timecode = |sample: &Value| {
        let frame = sample.as_u64().unwrap() / 2_000;
        format!("01:00:{:02}:{:02}", frame / 24, frame % 24)
    };
    for what in ["max_momentary", "max_short_term", "true_peak"] {
        let stated = &record[format!("{what}_timecode")];
        assert_eq!(
            *stated,
            timecode(&record[format!("{what}_sample")]),
            "{what}"
        );
    }
    let overs = record["overs"].as_array().unwrap();
    assert!(!overs.is_empty());
    for over in overs {
        assert_eq!(over["first_timecode"], timecode(&over["first_sample"]));
        assert_eq!(over["last_timecode"], timecode(&over["last_sample"]));
    }
    let said = expect_status(&["measure", file.to_str().unwrap()], 0).stdout;
    let said = String::from_utf8(said).unwrap();
    let place = format!("at {}", record["true_peak_timecode"].as_str().unwrap());
    assert!(said.contains(&place), "{said}");
}
