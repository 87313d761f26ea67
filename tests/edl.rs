//! CMX3600 lists: golden fixtures, real lists against what is known of them, properties.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says what it skips"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::Value;
use stemline::finding::Severity;
use stemline::interchange::{Input, ReadError, ReadOptions, Reading, probe, read};
use stemline::time::{FrameRate, Rational, Timecode};
use stemline::timeline::{SourceIn, to_json, validate};

/// Rewrites the expected files of the fixtures instead of comparing with them.
const REGENERATE: &str = "STEMLINE_REGENERATE";

fn with_rate(rate: Option<&str>) -> ReadOptions {
    ReadOptions {
        rate: rate.map(|rate| rate.parse().unwrap()),
        ..ReadOptions::default()
    }
}

/// Reads a list that stands in memory.
fn read_bytes(bytes: &[u8], rate: Option<&str>) -> Result<Reading, ReadError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list.edl");
    fs::write(&path, bytes).unwrap();
    read(&path, &with_rate(rate))
}

fn json_of(reading: &Reading) -> Value {
    to_json(&reading.timeline, &reading.findings)
}

// Golden fixtures: fixtures/edl/<case>/input.edl, expected.json, perhaps rate.txt.

#[test]
fn fixtures_read_as_expected() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/edl");
    let entries = fs::read_dir(&root).unwrap().map(|e| e.unwrap().path());
    let mut cases: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    cases.sort();
    assert!(cases.len() > 20, "{} cases", cases.len());
    let different: Vec<String> = cases.iter().filter_map(|case| golden(case)).collect();
    assert!(different.is_empty(), "{}", different.join("\n"));
}

/// What differs in a case; `None` where nothing does.
fn golden(case: &Path) -> Option<String> {
    let rate = fs::read_to_string(case.join("rate.txt")).ok();
    let options = with_rate(rate.as_deref().map(str::trim));
    let actual = match read(&case.join("input.edl"), &options) {
        Ok(reading) => json_of(&reading),
        Err(error) => Value::String(error.to_string()),
    };
    // Paths differ from machine to machine.
    let folder = format!("{}/", case.display());
    let actual = serde_json::to_string_pretty(&actual)
        .unwrap()
        .replace(&folder, "")
        + "\n";
    let path = case.join("expected.json");
    #[expect(
        clippy::disallowed_methods,
        reason = "a switch for the developer, in a test"
    )]
    if std::env::var_os(REGENERATE).is_some() {
        fs::write(&path, &actual).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    let first = expected.lines().zip(actual.lines()).find(|(a, b)| a != b);
    (expected != actual).then(|| format!("{}: {first:?}", case.display()))
}

// Real lists.

fn corpus() -> Option<PathBuf> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/corpus/timelines/edl"
    );
    let path = PathBuf::from(path);
    if !path.is_dir() {
        println!("skipped: no corpus of real lists at {}", path.display());
        return None;
    }
    Some(path)
}

/// Record in, record out, source in.
type Known = (Rational, Rational, Option<Rational>);

fn known(timeline: &Value, base: Rational) -> Vec<Known> {
    let at = |value: &Value| value.as_str().map(|text| text.parse::<Rational>().unwrap());
    let clips = timeline["tracks"].as_array().unwrap().iter();
    let clips = clips.flat_map(|track| track["clips"].as_array().unwrap());
    clips
        .map(|clip| {
            let record = |name: &str| at(&clip[name]).unwrap().checked_add(base).unwrap();
            (
                record("record_in"),
                record("record_out"),
                at(&clip["source_timecode_in"]),
            )
        })
        .collect()
}

#[test]
fn real_lists_have_the_clips_that_are_known_of_them() {
    let Some(corpus) = corpus() else { return };
    let mut checked = 0;
    for entry in fs::read_dir(corpus).unwrap() {
        let path = entry.unwrap().path();
        let events = PathBuf::from(format!("{}.events.json", path.display()));
        if let Ok(text) = fs::read_to_string(events) {
            compare(&path, &serde_json::from_str(&text).unwrap());
            checked += 1;
        }
    }
    assert!(checked > 20, "{checked} lists");
}

fn compare(path: &Path, want: &Value) {
    let reading = read(path, &with_rate(want["rate"].as_str())).unwrap();
    let got = json_of(&reading);
    let start = got["start"].as_str().unwrap().parse().unwrap();
    let mut pool: BTreeMap<(Rational, Rational), Vec<Option<Rational>>> = BTreeMap::new();
    for (from, to, source) in known(&got, start) {
        pool.entry((from, to)).or_default().push(source);
    }
    for (from, to, source) in known(want, Rational::ZERO) {
        let there = pool.entry((from, to)).or_default();
        let same = |have: &Option<Rational>| have.is_none() || source.is_none() || *have == source;
        let found = there.iter().position(same);
        let found = found.unwrap_or_else(|| panic!("{}: {from} to {to}", path.display()));
        there.swap_remove(found);
    }
    let whole = want["cuts_only"] != true && want["whole_clips_only"] != true;
    let extra: usize = pool.values().map(Vec::len).sum();
    assert!(
        !whole || extra == 0,
        "{}: {extra} clips too many",
        path.display()
    );
}

#[test]
fn real_lists_are_understood_line_by_line() {
    let Some(corpus) = corpus() else { return };
    for entry in fs::read_dir(corpus).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|suffix| suffix == "edl") {
            let reading = read(&path, &ReadOptions::default()).unwrap();
            let unknown = |id| ["EDL007", "EDL008", "EDL009"].contains(&id);
            let lines: Vec<_> = reading
                .findings
                .iter()
                .filter(|f| unknown(f.code.id))
                .collect();
            assert!(lines.is_empty(), "{}: {lines:?}", path.display());
        }
    }
}

#[test]
fn other_formats_are_not_claimed() {
    let Some(corpus) = corpus() else { return };
    let mut others = 0;
    for entry in fs::read_dir(corpus.parent().unwrap()).unwrap() {
        let folder = entry.unwrap().path();
        if folder.ends_with("edl") {
            continue;
        }
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let format = probe(&Input::open(&path).unwrap());
                let claimed = format.is_some_and(|format| format.name == "cmx3600");
                assert!(!claimed, "{}", path.display());
                others += 1;
            }
        }
    }
    assert!(others > 50, "{others} files");
}

// What no input may do.

#[test]
fn refuses_what_is_no_list() {
    for (bytes, words) in [
        (&b""[..], "empty"),
        (b" \r\n\r\n", "empty"),
        (b"\0\x01\x02\x03", "binary"),
        (
            b"TITLE: x\nFCM: DROP FRAME\n",
            "none of 3 lines is an event",
        ),
        (
            b"001 R A C 01:00:00:00 01:00:75:00 01:00:00:00 01:00:05:00",
            "01:00:75:00",
        ),
    ] {
        let error = read_bytes(bytes, None).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn a_truncated_list_is_read_as_far_as_it_goes() {
    let list = fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/edl/avid_dissolves/input.edl"
    ));
    let list = list.unwrap();
    for end in 0..list.len() {
        if let Ok(reading) = read_bytes(&list[..end], Some("24")) {
            assert_eq!(reading.timeline.format, "cmx3600");
        }
    }
}

/// A fragment of a list: what hostile lists are mixed of.
fn fragment() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,40}",
        "\\PC{0,20}",
        Just("001  R1 A C ".to_owned()),
        Just("002  R1 AA D 010 ".to_owned()),
        Just("002  R1 NONE W001 999999 ".to_owned()),
        Just("01:00:00:00 01:00:01:00 01:00:00:00 01:00:01:00".to_owned()),
        Just("01:00:01:00 01:00:01:00 01:00:01:00 01:00:01:00".to_owned()),
        Just("23:59:59;29 99:59:59:999 00:00:00:00 23:59:59:23".to_owned()),
        Just("999999999 0 5 999999999".to_owned()),
        Just("\n".to_owned()),
        Just("\r\n* ".to_owned()),
        Just("\nAUD 3 128".to_owned()),
        Just("\nM2 R1 -999999.999999 01:00:00:00".to_owned()),
        Just("\n* AUDIO LEVEL AT 01:00:00:10 IS -INF DB (REEL R1 A1)".to_owned()),
        Just("\n* A1 VOL = +6.0 DB PAN L100".to_owned()),
        Just("\n* PATCH R1: FROM SOURCE 999 TO RECORD 1".to_owned()),
        Just("\nFCM: DROP FRAME\n".to_owned()),
        Just("\nSPLIT: AUDIO DELAY= 00:00:01:00\n".to_owned()),
        Just("\n* LOC: 99:00:00:00 RED x\n".to_owned()),
    ]
}

proptest! {
    #[test]
    fn any_mixture_is_answered(parts in proptest::collection::vec(fragment(), 0..60)) {
        if let Ok(reading) = read_bytes(parts.concat().as_bytes(), None) {
            let (_, _) = validate(reading.timeline);
        }
    }

    #[test]
    fn flipped_bytes_are_answered(flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..30)) {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/edl/avid_dissolves/input.edl");
        let mut list = fs::read(path).unwrap();
        for (at, byte) in flips {
            let at = at.index(list.len());
            list[at] = byte;
        }
        if let Ok(reading) = read_bytes(&list, Some("24")) {
            let (_, _) = validate(reading.timeline);
        }
    }

    #[test]
    fn printed_events_read_back_exactly(
        pick in 0..FrameRate::ALL.len(),
        events in proptest::collection::vec((1_u32..100, 1_u32..9, 0_i64..80_000, 0_i64..1_000_000, 1_i64..500), 1..40),
    ) {
        let rate = FrameRate::ALL[pick];
        let text = print(rate, &events);
        let reading = read_bytes(text.as_bytes(), Some(&rate.to_string())).unwrap();
        let errors = reading.findings.iter().filter(|f| f.severity != Severity::Info);
        prop_assert_eq!(errors.count(), 0, "{:?}", reading.findings);
        let mut read_back = Vec::new();
        for track in &reading.timeline.tracks {
            for clip in &track.clips {
                let frames = |at: Rational| rate.frame_at(at).unwrap();
                let SourceIn::Timecode { at, rate: source_rate, .. } = clip.source else {
                    return Err(TestCaseError::fail("no timecode"));
                };
                prop_assert_eq!(source_rate, rate);
                prop_assert_eq!(clip.media.channel, Some(track.number));
                let (start, end) = (clip.record.start.seconds(), clip.record.end.seconds());
                prop_assert_eq!(rate.seconds_at(frames(start)), Some(start));
                read_back.push((track.number, frames(at.seconds()), frames(start), frames(end)));
            }
        }
        let mut printed: Vec<_> = events.iter().map(|(channel, _, source, record, length)| {
            (*channel, *source + 1, *record, *record + *length)
        }).collect();
        printed.sort_unstable();
        read_back.sort_unstable();
        prop_assert_eq!(read_back, printed);
    }
}

/// A list of cuts: channel, width of the reel, source in, record in, length. Half a day at 24 frames
/// and more, so that it never passes midnight; sources start a frame late, so that none is all zero.
fn print(rate: FrameRate, events: &[(u32, u32, i64, i64, i64)]) -> String {
    let mut text = String::from("TITLE: printed\n");
    let counting = if rate.drop_frame() {
        "DROP FRAME"
    } else {
        "NON-DROP FRAME"
    };
    let _ = writeln!(text, "FCM: {counting}");
    let timecode = |frame| Timecode::from_frame(frame, rate).to_string();
    for (i, (channel, reel, source, record, length)) in events.iter().enumerate() {
        let (reel, source) = ("R".repeat(4 * *reel as usize), source + 1);
        let _ = writeln!(
            text,
            "{:03}  {reel:8} A{channel:<4} C        {} {} {} {}",
            i + 1,
            timecode(source),
            timecode(source + length),
            timecode(*record),
            timecode(record + length),
        );
    }
    text
}
