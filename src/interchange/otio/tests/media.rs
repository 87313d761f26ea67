//! Which recording plays, from where, and which of its channels.

use proptest::prelude::*;

use super::*;
use crate::time::FrameRate;
use crate::timeline::MediaRef;

fn read_one(item: Value) -> (Clip, Vec<&'static str>) {
    let reading = read_text(timeline(vec![item])).unwrap();
    let codes = reading.findings.iter().map(|f| f.code.id).collect();
    (reading.timeline.tracks[0].clips[0].clone(), codes)
}

/// A clip of source 24 and length 10 on media of this range: its offset or timecode in frames.
fn check_source(
    available: Option<(i64, i64)>,
    start: i64,
    expect: Result<i64, i64>,
    codes: &[&str],
) {
    let mut item = clip("c", start, 10);
    item["media_reference"]["available_range"] =
        available.map_or(Value::Null, |(start, length)| range(start, length));
    let (clip, found) = read_one(item);
    let source = match clip.source {
        SourceIn::Offset { at, .. } => Ok(frames(at.seconds())),
        SourceIn::Timecode { at, rate, .. } => {
            assert_eq!(rate, FrameRate::F24);
            Err(frames(at.seconds()))
        }
        SourceIn::Head { .. } => panic!("{clip:?}"),
    };
    assert_eq!((source, found.as_slice()), (expect, codes));
}

#[test]
fn positions_count_from_the_available_range() {
    check_source(Some((86_400, 500)), 86_424, Ok(24), &[]);
    check_source(Some((0, 500)), 24, Ok(24), &[]);
    check_source(None, 86_424, Err(86_424), &[]);
    check_source(None, 0, Ok(0), &[]);
}

#[test]
fn positions_outside_the_available_range_are_read_and_said() {
    check_source(Some((86_400, 500)), 24, Ok(24), &["OTIO019"]);
    check_source(Some((0, 500)), 86_424, Err(86_424), &["OTIO019"]);
    check_source(Some((86_400, 500)), 90_000, Ok(3600), &[]);
    check_source(Some((0, 500)), -5, Ok(-5), &["OTIO019"]);
    check_source(Some((86_400, 0)), 86_424, Err(86_424), &[]);
}

fn check_media(media: &Value, expect: &MediaRef) {
    let mut item = clip("the clip", 0, 10);
    item["media_reference"] = media.clone();
    assert_eq!(read_one(item).0.media, *expect, "{media}");
}

#[test]
fn a_recording_has_a_name() {
    let named = |name: &str, file: Option<&str>| MediaRef {
        name: name.into(),
        file: file.map(str::to_owned),
        ..MediaRef::default()
    };
    let url = "file:///vol/day%201/take%20%C3%A9.wav";
    check_media(
        &json!({"OTIO_SCHEMA": "ExternalReference.1", "target_url": url}),
        &named("take é.wav", Some(url)),
    );
    check_media(
        &json!({"OTIO_SCHEMA": "ExternalReference.1", "name": "T1", "target_url": "C:\\a\\b.wav"}),
        &named("T1", Some("C:\\a\\b.wav")),
    );
    check_media(
        &json!({"OTIO_SCHEMA": "MissingReference.1"}),
        &named("the clip", None),
    );
    check_media(&Value::Null, &named("the clip", None));
}

fn check_channel(metadata: &Value, channel: Option<u32>, codes: &[&str]) {
    let mut item = clip("c", 0, 10);
    item["metadata"] = metadata.clone();
    let (clip, found) = read_one(item);
    assert_eq!(
        (clip.media.channel, found.as_slice()),
        (channel, codes),
        "{metadata}"
    );
}

#[test]
fn a_single_channel_is_told_and_others_are_said() {
    let resolve = |channels: &[(i64, i64)]| {
        let list: Vec<Value> = channels
            .iter()
            .map(|(c, t)| json!({"Source Channel ID": c, "Source Track ID": t}))
            .collect();
        json!({"Resolve_OTIO": {"Channels": list}})
    };
    check_channel(&resolve(&[(2, 0)]), Some(3), &[]);
    check_channel(&resolve(&[(0, 0), (1, 0)]), None, &[]);
    check_channel(&resolve(&[(0, 0), (0, 1)]), None, &[]);
    check_channel(&resolve(&[(0, 4)]), Some(5), &["OTIO020"]);
    check_channel(&resolve(&[(1, 4)]), None, &["OTIO020"]);
    check_channel(&resolve(&[(1, 0), (0, 0)]), None, &["OTIO020"]);
    check_channel(&resolve(&[(-1, 0)]), None, &["OTIO020"]);
    check_channel(&resolve(&[]), None, &[]);
    let premiere = |index: i64| {
        json!({"PremierePro_OTIO": {"AudioChannels":
            {"ChannelType": "Mono", "SecondaryAssignments": [{"SecondaryChannelIndex": index}]}}})
    };
    check_channel(&premiere(1), Some(2), &[]);
    let xml = |kind: &str| {
        json!({"fcp_xml": {"@premiereChannelType": kind,
            "sourcetrack": {"mediatype": "audio", "trackindex": "2"}}})
    };
    check_channel(&xml("mono"), Some(2), &[]);
    check_channel(&xml("stereo"), None, &[]);
}

#[test]
fn formats_are_kept_as_notes() {
    let mut item = clip("c", 0, 10);
    item["metadata"] = json!({"PremierePro_OTIO": {"AudioChannels": {"ChannelType": "Stereo",
        "SecondaryAssignments": [{"SecondaryChannelIndex": 0}, {"SecondaryChannelIndex": 1}]}}});
    let mut text: Value = serde_json::from_str(&timeline(vec![item])).unwrap();
    text["tracks"]["children"][0]["metadata"] = json!({"Resolve_OTIO": {"Audio Type": "5.1"}});
    let reading = read_text(text.to_string()).unwrap();
    let notes = &reading.timeline.tracks[0].clips[0].notes;
    let notes: Vec<(&str, &str)> = notes.iter().map(|(n, v)| (&**n, &**v)).collect();
    let expected = [
        ("source channels", "channel 1, channel 2"),
        ("clip format", "Stereo"),
        ("track format", "5.1"),
    ];
    assert_eq!(notes, expected);
}

proptest! {
    #[test]
    fn any_channel_number_is_answered(channel in any::<i64>(), stream in any::<i64>()) {
        let mut item = clip("c", 0, 10);
        item["metadata"] = json!({"Resolve_OTIO": {"Channels":
            [{"Source Channel ID": channel, "Source Track ID": stream}]}});
        let _ = read_one(item);
    }
}
