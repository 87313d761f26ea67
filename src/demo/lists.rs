//! The cut of the demonstration film: dialogue as picture editorial's EDL, music and effects as an
//! OTIO timeline.

use serde_json::{Value, json};

/// Frames a second of the film.
pub(super) const FPS: i64 = 24;

/// The dialogue of the film as an Avid-like cut list: two sound rolls, a dissolve between takes.
pub(super) const DIALOGUE_EDL: &str = "\
TITLE:   FILM_R1_DX
FCM: NON-DROP FRAME
001  SR001    A     C        10:15:31:00 10:15:35:12 01:00:01:00 01:00:05:12
* FROM CLIP NAME:  12A-3
* SOURCE FILE: SR001-12A-T03
002  SR001    A     C        10:20:02:00 10:20:05:00 01:00:07:00 01:00:10:00
* FROM CLIP NAME:  12B-1
* SOURCE FILE: SR001-12B-T01
* AUDIO LEVEL AT 01:00:07:00 IS -2.00 DB  (REEL SR001 A1)
003  SR001    A     C        10:20:05:00 10:20:05:00 01:00:10:00 01:00:10:00
003  SR001    A     D    012 10:15:36:00 10:15:40:00 01:00:10:00 01:00:14:00
* FROM CLIP NAME:  12B-1
* TO CLIP NAME:  12A-3
* SOURCE FILE: SR001-12B-T01
* SOURCE FILE: SR001-12A-T03
004  SR001    A     C        10:20:06:00 10:20:09:06 01:00:16:00 01:00:19:06
* FROM CLIP NAME:  12B-1
* SOURCE FILE: SR001-12B-T01
* LOC: 01:00:16:00 YELLOW  ADR?
";

/// A stretch of frames.
fn range(start: i64, frames: i64) -> Value {
    let time = |value: i64| json!({"OTIO_SCHEMA": "RationalTime.1", "rate": FPS, "value": value});
    json!({"OTIO_SCHEMA": "TimeRange.1", "start_time": time(start), "duration": time(frames)})
}

fn gap(frames: i64) -> Value {
    json!({"OTIO_SCHEMA": "Gap.1", "source_range": range(0, frames)})
}

/// So many frames of a file from frame `from` on; the file has `length` frames.
fn clip(file: &str, from: i64, frames: i64, length: i64, gain_db: f64) -> Value {
    json!({
        "OTIO_SCHEMA": "Clip.1",
        "name": file.trim_end_matches(".wav"),
        "metadata": {"stemline": {"gain_db": gain_db}},
        "source_range": range(from, frames),
        "media_reference": {
            "OTIO_SCHEMA": "ExternalReference.1",
            "target_url": format!("sound/{file}"),
            "available_range": range(0, length),
        },
    })
}

/// A transition: so many frames before and after the cut.
fn transition(before: i64, after: i64) -> Value {
    let time = |value: i64| json!({"OTIO_SCHEMA": "RationalTime.1", "rate": FPS, "value": value});
    json!({
        "OTIO_SCHEMA": "Transition.1",
        "transition_type": "SMPTE_Dissolve",
        "in_offset": time(before),
        "out_offset": time(after),
        "metadata": {"stemline": {"law": "eqp"}},
    })
}

/// Music and effects of the film.
pub(super) fn music_and_effects() -> Value {
    let track = |name: &str, children: Vec<Value>| json!({"OTIO_SCHEMA": "Track.1", "name": name, "kind": "Audio", "children": children});
    let music = vec![
        transition(0, 24),
        clip("1M1_Main Theme.wav", 0, 20 * FPS, 20 * FPS, -6.0),
        transition(48, 0),
    ];
    let door = |from_gap: i64, gain: f64| {
        [
            gap(from_gap),
            clip("DOORWood_Door Creak And Slam_DEMO_LIB.wav", 0, 60, 72, gain),
        ]
    };
    let doors = [door(130, 0.0), door(160, -4.5)].concat();
    let air = vec![
        transition(0, 12),
        clip(
            "AMBRoom_Dull Office_DEMO_LIB.wav",
            0,
            10 * FPS,
            20 * FPS,
            -3.0,
        ),
        transition(12, 12),
        clip(
            "AMBRoom_Dull Office_DEMO_LIB.wav",
            8 * FPS,
            10 * FPS,
            20 * FPS,
            -3.0,
        ),
        transition(24, 0),
    ];
    json!({
        "OTIO_SCHEMA": "Timeline.1",
        "name": "FILM_R1_MX_FX",
        "global_start_time": {"OTIO_SCHEMA": "RationalTime.1", "rate": FPS, "value": 3600 * FPS},
        "tracks": {
            "OTIO_SCHEMA": "Stack.1",
            "children": [track("MX 1", music), track("A2", doors), track("A3", air)],
        },
    })
}
