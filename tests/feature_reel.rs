//! A feature's dialogue reel for real: rolls whose every sample says which file and which sample it
//! is, for every reel that the cut list names; the reel is conformed and every event is found where
//! it belongs, sample by sample.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot prepare its files has failed"
)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;
use support::{Roll, expect_status, read_wave, shared};

/// 24 frames a second at 48 kHz: every frame edge is a whole sample.
const FRAME: i64 = 2000;

/// Seconds of sound around what the events of a take use, as a recorder leaves.
const HANDLES: i64 = 5 * 48_000;

/// One event of the list.
#[derive(Debug, Clone)]
struct Event {
    number: String,
    track: usize,
    reel: String,
    file: String,
    /// Record in and out in samples since midnight.
    record: (i64, i64),
    /// Source timecode in samples since midnight.
    source: i64,
    /// Channel of the source that a patch names, from 1.
    patch: Option<usize>,
}

impl Event {
    /// The channel of a source of so many: the patched one, else the record channel's number; a mono
    /// file has only one.
    fn channel(&self, of: usize) -> usize {
        self.patch.unwrap_or(self.track).min(of)
    }
}

/// A take: one file.
#[derive(Debug, Clone)]
struct Take {
    id: u64,
    start: i64,
    end: i64,
    channels: usize,
}

/// What sample `n` of channel `channel` of a take holds: a value of its own within 22 bits.
fn sample(take: u64, channel: usize, n: i64) -> i32 {
    let key = take.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (channel as u64) << 56 ^ n.cast_unsigned();
    let mixed = (key ^ key >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ((mixed >> 42) as i32) - (1 << 21)
}

fn samples(text: &Value) -> i64 {
    let (num, den) = text.as_str().unwrap().split_once('/').unwrap();
    let (num, den): (i64, i64) = (num.parse().unwrap(), den.parse().unwrap());
    assert_eq!(num * 48_000 % den, 0);
    num * 48_000 / den
}

/// `* SOURCE FILE` and `* PATCH … SOURCE n` of each event number, read plainly.
fn remarks(edl: &str) -> BTreeMap<String, (String, Option<usize>)> {
    let mut found: BTreeMap<String, (String, Option<usize>)> = BTreeMap::new();
    let mut event = String::new();
    for line in edl.lines() {
        let first = line.split_whitespace().next().unwrap_or_default();
        if first.len() == 3 && first.bytes().all(|b| b.is_ascii_digit()) {
            first.clone_into(&mut event);
            found.entry(event.clone()).or_insert((String::new(), None));
        } else if let Some(file) = line.strip_prefix("* SOURCE FILE:") {
            file.trim()
                .clone_into(&mut found.get_mut(&event).unwrap().0);
        } else if line.starts_with("* PATCH") {
            let source = line
                .split("SOURCE")
                .nth(1)
                .unwrap()
                .split_whitespace()
                .next()
                .unwrap();
            found.get_mut(&event).unwrap().1 = Some(source.parse().unwrap());
        }
    }
    found
}

fn events(known: &Value, edl: &str) -> Vec<Event> {
    let remarks = remarks(edl);
    let mut events = Vec::new();
    for track in known["tracks"].as_array().unwrap() {
        let number = track["number"].as_u64().unwrap() as usize;
        for clip in track["clips"].as_array().unwrap() {
            let event = clip["event"].as_str().unwrap();
            let (file, patch) = remarks[event].clone();
            events.push(Event {
                number: event.to_owned(),
                track: number,
                reel: clip["reel"].as_str().unwrap().to_owned(),
                file,
                record: (samples(&clip["record_in"]), samples(&clip["record_out"])),
                source: samples(&clip["source_timecode_in"]),
                patch,
            });
        }
    }
    events
}

/// Sound with timecode goes by its roll, sound without by its file name.
fn roll_name(event: &Event) -> String {
    let plain = event
        .file
        .rsplit_once('.')
        .map_or(event.file.as_str(), |(stem, _)| stem);
    if event.source == 0 {
        plain.to_owned()
    } else {
        event.reel.clone()
    }
}

/// Writes the takes of every roll and returns them by roll.
fn write_rolls(folder: &Path, events: &[Event]) -> BTreeMap<String, Vec<Take>> {
    let mut rolls: BTreeMap<String, Vec<Take>> = BTreeMap::new();
    let mut sorted = events.to_vec();
    sorted.sort_by_key(|event| event.source);
    for event in &sorted {
        let end = event.source + event.record.1 - event.record.0;
        let takes = rolls.entry(roll_name(event)).or_default();
        match takes.last_mut() {
            Some(take) if event.source <= take.end + 4 * HANDLES => {
                take.end = take.end.max(end);
                take.channels = take.channels.max(event.patch.unwrap_or(1));
            }
            _ => {
                let channels = event.patch.unwrap_or(1);
                takes.push(Take {
                    id: 0,
                    start: event.source,
                    end,
                    channels,
                });
            }
        }
    }
    let mut id = 0;
    for (roll, takes) in &mut rolls {
        for (number, take) in takes.iter_mut().enumerate() {
            id += 1;
            take.id = id;
            let timed = take.start > 0;
            if timed {
                take.start -= HANDLES;
            }
            take.end += HANDLES;
            write_take(folder, roll, number, take, timed);
        }
    }
    rolls
}

fn write_take(folder: &Path, roll: &str, number: usize, take: &Take, timed: bool) {
    let channels = take.channels;
    let interleaved = (0..take.end - take.start)
        .flat_map(|n| (1..=channels).map(move |channel| (n, channel)))
        .map(|(n, channel)| sample(take.id, channel, n));
    let ixml = format!("<BWFXML><TAPE>{roll}</TAPE><TAKE>{number}</TAKE></BWFXML>");
    let file = Roll {
        channels: channels as u16,
        rate: 48_000,
        time_reference: timed.then_some(take.start.unsigned_abs()),
        ixml: timed.then_some(ixml),
    };
    let name = if timed {
        format!("{number:04}-{roll}.WAV")
    } else {
        format!("{roll}.wav")
    };
    file.write(&folder.join(name), interleaved);
}

#[test]
fn every_event_of_a_feature_reel_is_placed_exactly() {
    let Some(edl_path) = shared("corpus/timelines/edl/INS4_R1_DX_092117.edl") else {
        return;
    };
    let edl = fs::read_to_string(&edl_path).unwrap();
    let known = fs::read_to_string(edl_path.with_extension("edl.events.json")).unwrap();
    let events = events(&serde_json::from_str(&known).unwrap(), &edl);
    assert_eq!(events.len(), 466);

    let work = tempfile::tempdir().unwrap();
    let (media, out) = (work.path().join("rolls"), work.path().join("out"));
    fs::create_dir(&media).unwrap();
    let rolls = write_rolls(&media, &events);

    // One track a channel, so that nothing is summed.
    let rules = work.path().join("rules.toml");
    let rule = |track: usize, to: &str| {
        let map = format!("[{}]", vec![format!("[\"{to}\"]"); 4].join(", "));
        format!("[[rule]]\ntrack = \"^A{track}$\"\nstem = \"DX\"\nmap = {map}\n\n")
    };
    fs::write(&rules, [rule(1, "L"), rule(2, "R"), rule(3, "C")].concat()).unwrap();
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    expect_status(
        &[
            "conform",
            &path(&edl_path),
            "--media",
            &path(&media),
            "--out",
            &path(&out),
            "--title",
            "INS4",
            "--rules",
            &path(&rules),
            "--rate",
            "24",
            "--layout",
            "5.1",
            "--no-measure",
        ],
        0,
    );

    let (channels, written) = read_wave(&out.join("INS4_DX.wav"));
    assert_eq!(channels, 6);
    let start = 3600 * 48_000;
    let channel_of = |track: usize| track - 1;
    for event in &events {
        let take = rolls[&roll_name(event)]
            .iter()
            .find(|take| take.start <= event.source && event.source < take.end)
            .unwrap();
        let channel = event.channel(take.channels);
        assert_eq!(event.record.0 % FRAME, 0);
        for n in event.record.0..event.record.1 {
            let want = sample(
                take.id,
                channel,
                n - event.record.0 + event.source - take.start,
            );
            let got = written[(n - start) as usize * channels + channel_of(event.track)];
            assert_eq!(got, want, "event {} sample {n}", event.number);
        }
    }
}
