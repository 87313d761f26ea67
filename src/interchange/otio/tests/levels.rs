//! Gain, mute, fades and speed in the words of each editor.

use super::*;
use crate::timeline::Curve;

/// Reads a clip of 10 to 58 at source 100 with these effects and metadata.
fn read_clip(effects: &Value, metadata: &Value) -> (Clip, Vec<&'static str>) {
    let mut item = clip("c", 100, 48);
    item["effects"] = effects.clone();
    item["metadata"] = metadata.clone();
    let reading = read_text(timeline(vec![gap(10), item])).unwrap();
    let codes = reading.findings.iter().map(|f| f.code.id).collect();
    (reading.timeline.tracks[0].clips[0].clone(), codes)
}

fn check_gain(effects: &Value, metadata: &Value, gain: f64, codes: &[&str]) {
    let (clip, found) = read_clip(effects, metadata);
    assert_eq!(found, codes, "{effects} {metadata}");
    assert!(
        (clip.gain.value() - gain).abs() < 1e-9,
        "{effects} {metadata}: {}",
        clip.gain
    );
}

fn effect(metadata: &Value) -> Value {
    json!([{"OTIO_SCHEMA": "Effect.1", "effect_name": "gain", "metadata": metadata}])
}

#[test]
fn our_own_gain_is_applied_once() {
    let ours = json!({"stemline": {"gain_db": -3}});
    let none = json!({});
    check_gain(&json!([]), &ours, -3.0, &[]);
    check_gain(&effect(&ours), &none, -3.0, &[]);
    check_gain(&effect(&ours), &ours, -3.0, &[]);
    check_gain(
        &effect(&json!({"stemline": {"gain_db": -4}})),
        &ours,
        -3.0,
        &["OTIO022"],
    );
    check_gain(&effect(&json!({"desk": {"gain_db": "2"}})), &none, 2.0, &[]);
    check_gain(
        &json!([]),
        &json!({"stemline": {"gain_db": 101}}),
        0.0,
        &["OTIO023"],
    );
    check_gain(
        &json!([]),
        &json!({"stemline": {"gain_db": null}}),
        0.0,
        &[],
    );
    check_gain(&json!([]), &json!({"stemline": 5}), 0.0, &[]);
}

fn resolve(parameters: &Value) -> Value {
    effect(&json!({"Resolve_OTIO": {
        "Effect Name": "Fairlight Clip Volume and Fades",
        "Enabled": true,
        "Parameters": parameters,
    }}))
}

#[test]
fn resolve_states_decibels_and_frames_of_the_timeline() {
    let none = json!({});
    let volume = json!([{"Parameter ID": "volume", "Parameter Value": -4.5}]);
    check_gain(&resolve(&volume), &none, -4.5, &[]);
    check_gain(&resolve(&json!([])), &none, 0.0, &[]);
    let keys = json!([{"Parameter ID": "volume", "Parameter Value": 9,
        "Key Frames": {"12": {"Value": -6.0}, "2": {"Value": 0.0}}}]);
    let (clip, codes) = read_clip(&resolve(&keys), &none);
    assert_eq!((codes.len(), clip.gain.value()), (0, 0.0));
    let curve = &clip.automation[0];
    assert_eq!(curve.curve, Curve::LinearDecibels);
    let points: Vec<(i64, f64)> = curve
        .points
        .iter()
        .map(|p| (frames(p.at.seconds()), p.gain.value()))
        .collect();
    assert_eq!(points, [(12, 0.0), (22, -6.0)]);
}

#[test]
fn resolve_fade_handles_are_fades_unless_a_transition_is_there() {
    let handles = json!([
        {"Parameter ID": "faderIn", "Parameter Value": 6.0},
        {"Parameter ID": "faderOut", "Parameter Value": 12.0},
    ]);
    let (clip, _) = read_clip(&resolve(&handles), &json!({}));
    let lengths = [clip.fade_in, clip.fade_out].map(|fade| frames(fade.unwrap().length));
    assert_eq!(lengths, [6, 12]);
    let mut item = self::clip("c", 100, 48);
    item["effects"] = resolve(&handles);
    let reading = read_text(timeline(vec![transition(0, 4), item])).unwrap();
    let clip = &reading.timeline.tracks[0].clips[0];
    assert_eq!(frames(clip.fade_in.unwrap().length), 4);
    assert_eq!(reading.findings[0].code.id, "OTIO025");
}

fn premiere(parameters: &Value) -> Value {
    effect(&json!({"PremierePro_OTIO": {
        "MatchName": "Internal Volume Mono",
        "Parameters": parameters,
    }}))
}

#[test]
fn premiere_levels_are_full_at_fifteen_decibels() {
    let level = |value: f64| json!([{"DisplayName": "级别", "ID": 1, "StartValue": {"Position": time(-9), "Value": value}}]);
    let none = json!({});
    check_gain(&premiere(&level(1.0)), &none, 15.0, &["OTIO024"]);
    check_gain(&premiere(&level(0.177_827_939_391_14)), &none, 0.0, &[]);
    check_gain(
        &premiere(&json!([{"ID": 1, "Keyframes": []}])),
        &none,
        0.0,
        &[],
    );
    let (clip, _) = read_clip(&premiere(&level(0.0)), &none);
    assert_eq!(clip.gain.value(), f64::NEG_INFINITY);
    let mute = json!([{"ID": 0, "StartValue": {"Value": true}}]);
    assert!(read_clip(&premiere(&mute), &none).0.muted);
}

#[test]
fn premiere_keyframes_stand_in_media_time() {
    let keys = json!([{"ID": 1, "Keyframes": [
        {"Position": time(112), "Value": 0.0},
        {"Position": time(106), "Value": 0.177_827_939_391_14},
    ]}]);
    let (clip, codes) = read_clip(&premiere(&keys), &json!({}));
    assert_eq!(codes, ["OTIO024"]);
    let at: Vec<i64> = clip.automation[0]
        .points
        .iter()
        .map(|p| frames(p.at.seconds()))
        .collect();
    assert_eq!(at, [16, 22]);
    assert_eq!(clip.automation[0].curve, Curve::LinearGain);
}

#[test]
fn final_cut_levels_are_linear() {
    let levels = |value: &Value| {
        effect(
            &json!({"fcp_xml": {"effectid": "audiolevels", "name": "Audio Levels",
            "parameter": {"parameterid": "level", "name": "Level", "value": value}}}),
        )
    };
    check_gain(&levels(&json!("0.1")), &json!({}), -20.0, &[]);
    check_gain(&levels(&json!("1")), &json!({}), 0.0, &[]);
    let old = json!({"fcp_xml": {"filter": [{"enabled": "TRUE", "effect":
        {"effectid": "audiolevels", "parameter": [{"parameterid": "level", "value": "0.1"}]}}]}});
    check_gain(&json!([]), &old, -20.0, &[]);
}

#[test]
fn what_is_not_applied_is_said() {
    let plugin = |name: &str, value: f64| {
        effect(
            &json!({"Resolve_OTIO": {"Effect Name": name, "Enabled": true,
            "Parameters": [{"Parameter ID": "p", "Parameter Value": value, "Default Parameter Value": 0.0}]}}),
        )
    };
    for (effects, said) in [
        (plugin("Fairlight Clip Pan", 0.0), false),
        (plugin("Fairlight Clip Pan", -20.0), true),
        (plugin("Fairlight FX Reverb", 0.0), true),
        (plugin("Transform", 2.0), false),
        (
            json!([{"OTIO_SCHEMA": "Effect.1", "effect_name": "Chorus"}]),
            true,
        ),
        (
            json!([{"OTIO_SCHEMA": "Effect.1", "effect_name": "Chorus", "enabled": false}]),
            false,
        ),
    ] {
        let (_, codes) = read_clip(&effects, &json!({}));
        assert_eq!(codes.contains(&"OTIO021"), said, "{effects}");
    }
}

#[test]
fn changed_speed_is_an_error_where_it_would_sound() {
    let warp = json!([{"OTIO_SCHEMA": "LinearTimeWarp.1", "time_scalar": 0.5}]);
    for enabled in [true, false] {
        let mut item = clip("c", 0, 10);
        item["effects"] = warp.clone();
        item["enabled"] = json!(enabled);
        let reading = read_text(timeline(vec![item])).unwrap();
        let clip = &reading.timeline.tracks[0].clips[0];
        assert_eq!(clip.speed, Rational::new(1, 2));
        let severity = reading.findings[0].severity;
        assert_eq!(severity == crate::finding::Severity::Error, enabled);
    }
}
