//! The reader as a whole: small cases, hostile ones, and nesting against an independent model.

mod bundles;
mod hostile;
mod levels;
mod media;
mod nesting;

use serde_json::{Value, json};

use super::*;
use crate::time::Duration;
use crate::timeline::{Clip, FadeShape, SourceIn};

/// Reads a text as a file `t.otio`.
fn read_text(text: impl Into<Vec<u8>>) -> Result<Reading, ReadError> {
    let input = Input {
        path: "t.otio".into(),
        head: Vec::new(),
        size: 0,
    };
    understand(text.into(), None, &input, &ReadOptions::default())
}

fn time(value: i64) -> Value {
    json!({"OTIO_SCHEMA": "RationalTime.1", "value": value, "rate": 24})
}

fn range(start: i64, length: i64) -> Value {
    json!({"OTIO_SCHEMA": "TimeRange.1", "start_time": time(start), "duration": time(length)})
}

/// A clip of a file that starts at 0 and is long.
fn clip(name: &str, start: i64, length: i64) -> Value {
    let available = range(0, 100_000);
    json!({
        "OTIO_SCHEMA": "Clip.1",
        "name": name,
        "source_range": range(start, length),
        "media_reference": {
            "OTIO_SCHEMA": "ExternalReference.1",
            "target_url": format!("{name}.wav"),
            "available_range": available,
        },
    })
}

fn gap(length: i64) -> Value {
    json!({"OTIO_SCHEMA": "Gap.1", "source_range": range(0, length)})
}

fn transition(before: i64, after: i64) -> Value {
    json!({"OTIO_SCHEMA": "Transition.1", "in_offset": time(before), "out_offset": time(after)})
}

/// A timeline of one audio track.
fn timeline(children: impl Into<Value>) -> String {
    let children: Value = children.into();
    let track =
        json!({"OTIO_SCHEMA": "Track.1", "kind": "Audio", "name": "A1", "children": children});
    json!({
        "OTIO_SCHEMA": "Timeline.1",
        "name": "t",
        "tracks": {"OTIO_SCHEMA": "Stack.1", "children": [track]},
    })
    .to_string()
}

/// A clip in frames at 24: name, record in, record out, source in.
type Edges<'a> = (&'a str, i64, i64, i64);

fn frames(seconds: Duration) -> i64 {
    let frames = seconds.checked_mul(Rational::from_int(24)).unwrap();
    assert!(frames.is_integer(), "{seconds}");
    frames.num()
}

fn edges(clip: &Clip) -> Edges<'_> {
    let SourceIn::Offset { at, sync } = clip.source else {
        panic!("{clip:?}");
    };
    let start = clip.record.start;
    let late = start.since(sync).unwrap();
    let source = at.seconds().checked_add(late).unwrap();
    let end = clip.record.end.seconds();
    (
        &clip.name,
        frames(start.seconds()),
        frames(end),
        frames(source),
    )
}

/// Holds the clips and the codes of findings of a track against what is expected.
fn check(children: impl Into<Value>, clips: &[Edges], codes: &[&str]) -> Reading {
    let reading = read_text(timeline(children)).unwrap();
    let found: Vec<&str> = reading.findings.iter().map(|f| f.code.id).collect();
    assert_eq!(found, codes, "{:?}", reading.findings);
    let track = &reading.timeline.tracks[0];
    let found: Vec<Edges> = track.clips.iter().map(edges).collect();
    assert_eq!(found, clips);
    reading
}

#[test]
fn items_follow_one_another() {
    check(
        vec![gap(10), clip("a", 5, 20), clip("b", 0, 10)],
        &[("a", 10, 30, 5), ("b", 30, 40, 0)],
        &[],
    );
}

#[test]
fn a_transition_extends_both_neighbours() {
    let reading = check(
        vec![clip("a", 0, 48), transition(4, 8), clip("b", 100, 48)],
        &[("a", 0, 56, 0), ("b", 44, 96, 96)],
        &[],
    );
    let clips = &reading.timeline.tracks[0].clips;
    for fade in [clips[0].fade_out, clips[1].fade_in] {
        assert_eq!(frames(fade.unwrap().length), 12);
    }
}

#[test]
fn a_transition_beside_a_gap_or_an_end_is_a_fade() {
    let reading = check(
        vec![
            transition(0, 3),
            clip("a", 10, 20),
            transition(5, 0),
            gap(4),
            transition(2, 2),
            clip("b", 10, 20),
        ],
        &[("a", 0, 20, 10), ("b", 22, 44, 8)],
        &[],
    );
    let lengths: Vec<[Option<i64>; 2]> = reading.timeline.tracks[0]
        .clips
        .iter()
        .map(|c| [c.fade_in, c.fade_out].map(|fade| fade.map(|fade| frames(fade.length))))
        .collect();
    assert_eq!(lengths, [[Some(3), Some(5)], [Some(4), None]]);
}

#[test]
fn the_law_of_a_transition_is_read_from_its_words() {
    let laws = [
        (
            json!({"metadata": {"stemline": {"law": "eqp"}}}),
            Some(FadeShape::EqualPower),
        ),
        (
            json!({"metadata": {"stemline": {"law": "linear"}}}),
            Some(FadeShape::Linear),
        ),
        (json!({"name": "Constant Gain"}), Some(FadeShape::Linear)),
        (json!({"transition_type": "SMPTE_Dissolve"}), None),
    ];
    for (words, shape) in laws {
        let mut fade = transition(0, 5);
        for (key, value) in words.as_object().unwrap() {
            fade[key] = value.clone();
        }
        let reading = read_text(timeline(vec![fade, clip("a", 0, 20)])).unwrap();
        let clip = &reading.timeline.tracks[0].clips[0];
        assert_eq!(clip.fade_in.unwrap().shape, shape, "{words}");
    }
}

#[test]
fn findings_name_line_track_clip_and_timecode() {
    let text = "{\"OTIO_SCHEMA\": \"Track.1\", \"kind\": \"Audio\", \"name\": \"DX\", \"children\": [\n\
                {\"OTIO_SCHEMA\": \"Gap.1\", \"source_range\": {\"duration\": {\"value\": 48, \"rate\": 24}}},\n\
                {\"OTIO_SCHEMA\": \"Clip.1\", \"name\": \"fast\",\n\
                 \"source_range\": {\"duration\": {\"value\": 24, \"rate\": 24}},\n\
                 \"effects\": [{\"OTIO_SCHEMA\": \"LinearTimeWarp.1\", \"time_scalar\": 2}]}]}";
    let findings = read_text(text).unwrap().findings;
    let shown: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown[0],
        "error[OTIO015]: it plays at 2 times the speed (t.otio:3, track DX, fast, 00:00:02:00)"
    );
}

#[test]
fn picture_makes_no_findings() {
    let broken = json!({"OTIO_SCHEMA": "Clip.1", "effects": [{"OTIO_SCHEMA": "FreezeFrame.1"}]});
    let track = |range: Value| {
        json!({"OTIO_SCHEMA": "Track.1", "kind": "Video", "source_range": range,
            "children": [broken, transition(-1, 2)]})
    };
    let mut text: Value = serde_json::from_str(&timeline(vec![clip("a", 0, 5)])).unwrap();
    let tracks = text["tracks"]["children"].as_array_mut().unwrap();
    tracks.extend([track(Value::Null), track(range(0, -5))]);
    assert_eq!(read_text(text.to_string()).unwrap().findings, []);
}

/// A text that is refused: where, and a part of the message.
fn refuse(text: &str, place: &str, message: &str) {
    let ReadError::Malformed {
        place: found,
        message: said,
        ..
    } = read_text(text).unwrap_err()
    else {
        panic!("{text}");
    };
    assert_eq!(found.to_string(), place);
    assert!(said.contains(message), "{said}");
}

#[test]
fn refuses_what_is_no_timeline() {
    refuse("{", "t.otio:1:2", "the text ends where a key");
    refuse("[]", "t.otio:1:1", "an OTIO file is one JSON object");
    refuse(
        "{}",
        "t.otio",
        "an object without OTIO_SCHEMA, not a timeline",
    );
    refuse(
        "{\"OTIO_SCHEMA\": \"Clip.2\"}",
        "t.otio",
        "holds Clip, not a timeline",
    );
    refuse(
        "{\"OTIO_SCHEMA\": \"SerializableCollection.1\", \"children\": []}",
        "t.otio",
        "holds no timeline",
    );
    refuse(
        "{\"a\": 1}\n{}",
        "t.otio:2:1",
        "expected the end of the file",
    );
}

#[test]
fn a_missing_composition_is_refused_with_the_ones_there() {
    let one = |name| json!({"OTIO_SCHEMA": "Timeline.1", "name": name});
    let bin = json!({"OTIO_SCHEMA": "SerializableCollection.1", "children": [one("a"), one("b")]});
    let input = Input {
        path: "t.otio".into(),
        head: Vec::new(),
        size: 0,
    };
    let options = ReadOptions {
        composition: Some("c".into()),
        ..ReadOptions::default()
    };
    let error = understand(bin.to_string().into_bytes(), None, &input, &options).unwrap_err();
    assert_eq!(
        error.to_string(),
        "t.otio: no timeline `c`; there are `a`, `b`"
    );
}

#[test]
fn probes_text_and_bundles() {
    assert!(probe(b"\xef\xbb\xbf \n{\"OTIO_SCHEMA\": \"Timeline.1\"}"));
    assert!(!probe(b"{\"name\": 1}"));
    assert!(!probe(b"<xml OTIO_SCHEMA>"));
    assert!(probe(b"PK\x03\x04....content.otio"));
    assert!(!probe(b"PK\x03\x04....word/document.xml"));
}

#[test]
fn codes_are_in_order_and_explained() {
    for (number, code) in codes::CODES.iter().enumerate() {
        assert_eq!(code.id, format!("OTIO{:03}", number + 1));
        assert!(code.explanation.ends_with('.') && !code.title.ends_with('.'));
    }
}
