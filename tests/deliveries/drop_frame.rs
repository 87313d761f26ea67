//! Reels counted in drop-frame timecode: joined over a minute whose first two numbers are dropped, and cut again.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::film::{Delivery, roll, run_in};

/// Frames of an hour of drop-frame timecode: SMPTE ST 12-1, 108,000 less two in nine of ten minutes.
const HOUR: u64 = 107_892;

/// Three seconds before the first minute ends: 57 s of 30 frames.
const FIRST: u64 = 57 * 30;

const SETTINGS: [&str; 6] = [
    "file_name={title}_{part}_{code}.wav",
    "programme.start=01:00:57:00",
    "programme.reels=both",
    "head.length=8 s",
    "head.pop=2 s",
    "tail.length=4 s",
];

const RULES: &str = "[[rule]]\nclip = \"^1A|^DX\"\nstem = \"DX\"\n\n\
    [[rule]]\nclip = \"^MUS|^MX\"\nstem = \"MX\"\n";

/// Frames of picture of a reel; the first one ends behind the minute.
const fn frames(reel: u64) -> u64 {
    100 + 11 * reel
}

/// The timecode of a frame since midnight, counted by stepping from number to number.
fn timecode(frame: u64) -> String {
    let (hours, mut left) = (frame / HOUR, frame % HOUR);
    let mut minute = 0;
    loop {
        let dropped = if minute % 10 == 0 { 0 } else { 2 };
        let length = 1_800 - dropped;
        if left < length {
            let number = left + dropped;
            let (seconds, frame) = (number / 30, number % 30);
            return format!("{hours:02}:{minute:02}:{seconds:02};{frame:02}");
        }
        left -= length;
        minute += 1;
    }
}

/// One event: a clip of a file from a frame of its own on, at a frame of the record; long-play files are stereo.
fn event(number: usize, clip: &str, source: u64, record: u64, length: u64) -> String {
    let [a, b, c, d] = [source, source + length, record, record + length].map(timecode);
    let tracks = if clip.ends_with("LP") { "AA" } else { "A " };
    format!(
        "{number:03}  AX       {tracks}    C        {a} {b} {c} {d}\n* FROM CLIP NAME: {clip}\n"
    )
}

fn list(path: &Path, events: &[(&str, u64, u64, u64)]) {
    let mut text = "TITLE: REEL\nFCM: DROP FRAME\n\n".to_owned();
    for (i, &(clip, source, record, length)) in events.iter().enumerate() {
        let _ = write!(text, "{}", event(i + 1, clip, source, record, length));
    }
    fs::write(path, text).unwrap();
}

/// A delivery of these lists; `more` are options.
fn conform(folder: &Path, lists: &[String], out: &str, more: &[String]) -> Delivery {
    let mut args = vec!["conform"];
    args.extend(lists.iter().map(String::as_str));
    args.extend(["--media", ".", "--title", "T", "--out", out]);
    args.extend(["--rate", "29.97df", "--rules", "rules.toml"]);
    for setting in SETTINGS {
        args.extend(["--set", setting]);
    }
    args.extend(more.iter().map(String::as_str));
    run_in(folder, &args, 0);
    Delivery::read(&folder.join(out), "T")
}

/// The six reels from the first frame of picture of each on, and the options that say where they are.
fn reels(folder: &Path) -> (Vec<String>, Vec<String>) {
    roll(folder, "1A-1 DIA.wav", 7, 10 * 48_000);
    roll(folder, "MUS CUE.wav", 8, 10 * 48_000);
    fs::write(folder.join("rules.toml"), RULES).unwrap();
    let (mut names, mut options) = (Vec::new(), vec!["--reels".to_owned()]);
    for reel in 1..=6 {
        let (start, length) = (reel * HOUR + FIRST, frames(reel));
        let name = format!("reel{reel}.edl");
        let half = length / 2;
        let dialogue = [
            ("1A-1 DIA", reel * 5, start, half),
            ("1A-1 DIA", reel * 3, start + half, length - half),
            ("MUS CUE", reel, start, length),
        ];
        list(&folder.join(&name), &dialogue);
        names.push(name);
        for (option, at) in [("--ffoa", start), ("--lfoa", start + length - 1)] {
            options.extend([option.to_owned(), timecode(at)]);
        }
    }
    (names, options)
}

/// The sound of the outputs of a part, without leader and tail.
fn sound(delivery: &Delivery, reel: Option<u64>) -> Vec<Vec<i32>> {
    let outputs = ["DX", "MX", "MIX"].map(|code| delivery.output(code, reel).unwrap());
    outputs
        .into_iter()
        .flat_map(std::collections::BTreeMap::into_values)
        .collect()
}

#[test]
fn six_drop_frame_reels_join_and_cut_bit_for_bit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let (names, options) = reels(path);
    let joined = conform(path, &names, "joined", &options);
    let whole = sound(&joined, None);
    let mut at = 0;
    for reel in 1..=6 {
        let part = sound(&joined, Some(reel));
        let length = part[0].len();
        let same = whole
            .iter()
            .zip(&part)
            .all(|(whole, part)| whole[at..at + length] == part[..]);
        assert!(same, "reel {reel}");
        assert!(part[0].iter().any(|&x| x != 0), "reel {reel} sounds");
        at += length;
    }
    // A frame has 8008/5 sample frames; edges are rounded on the axis since midnight, half up.
    let edge = |frame: u64| (frame * 8008 * 2 + 5) / 10;
    let total: u64 = (1..=6).map(frames).sum();
    let first = HOUR + FIRST;
    assert_eq!(at as u64, edge(first + total) - edge(first));
    assert_eq!(at, whole[0].len());
    for file in joined.files() {
        let hour = file["reel"].as_u64().unwrap_or(1);
        let start = timecode(hour * HOUR + FIRST - 240);
        assert_eq!(file["start_timecode"], start, "{file}");
    }
    cut_again(path, &joined, total);
}

/// Cuts the long-play files where their reels begin, as lists by the files' own timecode.
fn cut_again(path: &Path, joined: &Delivery, total: u64) {
    let first = HOUR + FIRST;
    for code in ["DX", "MX"] {
        let from = joined.folder.join(format!("T_lp_{code}.wav"));
        fs::copy(from, path.join(format!("{code} LP.wav"))).unwrap();
    }
    let span = (first - 240, first - 240, total + 300);
    let events = ["DX LP", "MX LP"].map(|clip| (clip, span.0, span.1, span.2));
    list(&path.join("lp.edl"), &events);
    let mut options = vec!["--ffoa".to_owned(), timecode(first)];
    let mut at = first;
    for reel in 1..=6 {
        at += frames(reel);
        let (option, at) = if reel < 6 {
            ("--reel-mark", at)
        } else {
            ("--lfoa", at - 1)
        };
        options.extend([option.to_owned(), timecode(at)]);
    }
    options.extend(["--set".to_owned(), "stem.DX.layout=2.0".to_owned()]);
    let cut = conform(path, &["lp.edl".to_owned()], "cut", &options);
    for reel in 1..=6 {
        assert!(
            sound(&cut, Some(reel)) == sound(joined, Some(reel)),
            "reel {reel}"
        );
    }
}
