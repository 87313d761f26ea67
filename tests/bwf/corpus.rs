//! Files of real recorders and workstations, and damaged ones.

use std::path::Path;

use serde_json::Value;
use stemline::audio::SampleFormat;
use stemline::bwf::{self, Hundredths, Wave, WaveFormat};

use crate::support::{corpus, hex};

fn expected(folder: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join("expected.json")).unwrap();
    serde_json::from_str::<Vec<Value>>(&text).unwrap()
}

/// Text that a reader showed as Latin 1 though it is UTF-8, as it was meant.
fn mended(text: &str) -> String {
    let bytes: Option<Vec<u8>> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).ok())
        .collect();
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_else(|| text.to_owned())
}

fn text(value: &Value) -> String {
    value.as_str().map(mended).unwrap_or_default()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

#[track_caller]
fn check_format(name: &str, wave: &Wave, fmt: &Value) {
    let WaveFormat {
        rate,
        channels,
        sample,
        extensible,
        ..
    } = wave.format;
    assert_eq!(u64::from(channels), number(&fmt["channel_count"]), "{name}");
    assert_eq!(
        u64::from(rate.hertz()),
        number(&fmt["sample_rate"]),
        "{name}"
    );
    assert_eq!(
        u64::from(sample.bits()),
        number(&fmt["bits_per_sample"]),
        "{name}"
    );
    assert_eq!(
        wave.format.frame_bytes(),
        number(&fmt["block_align"]),
        "{name}"
    );
    match number(&fmt["audio_format"]) {
        0xFFFE => assert!(extensible, "{name}"),
        tag => assert_eq!(tag == 3, sample.is_float(), "{name}"),
    }
}

#[track_caller]
fn check_bext(name: &str, wave: &Wave, bext: &Value) {
    let Some(read) = &wave.bext else {
        assert!(bext.is_null(), "{name}");
        return;
    };
    for (value, key) in [
        (&read.description, "description"),
        (&read.originator, "originator"),
        (&read.originator_reference, "originator_ref"),
        (&read.origination_date, "originator_date"),
        (&read.origination_time, "originator_time"),
        (&read.coding_history, "coding_history"),
    ] {
        assert_eq!(*value, text(&bext[key]), "{name} {key}");
    }
    assert_eq!(
        read.time_reference,
        number(&bext["time_reference"]),
        "{name}"
    );
    assert_eq!(u64::from(read.version), number(&bext["version"]), "{name}");
    let umid = read.umid.map(|umid| hex(&umid));
    let stated = bext["umid"]
        .as_str()
        .filter(|umid| umid.bytes().any(|b| b != b'0'));
    assert_eq!(umid.as_deref(), stated, "{name}");
    for (value, key) in [
        (read.loudness_value, "loudness_value"),
        (read.loudness_range, "loudness_range"),
        (read.max_true_peak, "max_true_peak"),
        (read.max_momentary, "max_momentary_loudness"),
        (read.max_short_term, "max_shortterm_loudness"),
    ] {
        let value = value.map(|level: Hundredths| f64::from(level.get()) / 100.0);
        assert_eq!(value, bext[key].as_f64(), "{name} {key}");
    }
}

/// The value of an iXML path in the model, as text.
fn ixml_value(wave: &Wave, path: &str) -> Option<String> {
    let ixml = wave.ixml.as_ref()?;
    let speed = ixml.speed.clone().unwrap_or_default();
    let set = ixml.file_set.clone().unwrap_or_default();
    let rate = |rate: Option<stemline::time::Rational>| rate.map(|rate| rate.to_string());
    let stamp = speed.timestamp_samples;
    match path {
        "IXML_VERSION" => ixml.version.clone(),
        "PROJECT" => ixml.project.clone(),
        "SCENE" => ixml.scene.clone(),
        "TAKE" => ixml.take.clone(),
        "TAPE" => ixml.tape.clone(),
        "CIRCLED" => ixml
            .circled
            .map(|circled| circled.to_string().to_uppercase()),
        "FILE_UID" => ixml.file_uid.clone(),
        "UBITS" => ixml.ubits.clone(),
        "NOTE" => ixml.note.clone(),
        "SPEED/MASTER_SPEED" => rate(speed.master_speed),
        "SPEED/CURRENT_SPEED" => rate(speed.current_speed),
        "SPEED/TIMECODE_RATE" => rate(speed.timecode_rate),
        "SPEED/TIMECODE_FLAG" => speed
            .drop_frame
            .map(|df| if df { "DF" } else { "NDF" }.to_owned()),
        "SPEED/FILE_SAMPLE_RATE" => speed.file_sample_rate.map(|n| n.to_string()),
        "SPEED/DIGITIZER_SAMPLE_RATE" => speed.digitizer_sample_rate.map(|n| n.to_string()),
        "SPEED/TIMESTAMP_SAMPLE_RATE" => speed.timestamp_sample_rate.map(|n| n.to_string()),
        "SPEED/TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI" => stamp.map(|n| format!("{:010}", n >> 32)),
        "SPEED/TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO" => stamp.map(|n| format!("{:010}", n as u32)),
        "FILE_SET/FAMILY_UID" => set.family_uid,
        "FILE_SET/FAMILY_NAME" => set.family_name,
        "FILE_SET/TOTAL_FILES" => set.total_files.map(|n| n.to_string()),
        "FILE_SET/FILE_SET_INDEX" => set.file_set_index,
        other => panic!("{other} is not in the table"),
    }
}

#[track_caller]
fn check_ixml(name: &str, wave: &Wave, ixml: &Value) {
    let Some(stated) = ixml.as_object() else {
        assert_eq!(wave.ixml, None, "{name}");
        return;
    };
    for (path, value) in stated.iter().filter(|(path, _)| *path != "TRACKS") {
        assert_eq!(ixml_value(wave, path), Some(text(value)), "{name} {path}");
    }
    let tracks = &wave.ixml.as_ref().unwrap().tracks;
    let stated = stated.get("TRACKS").and_then(Value::as_array).unwrap();
    assert_eq!(tracks.len(), stated.len(), "{name}");
    let shown = |number: Option<u32>| number.map(|n| n.to_string()).unwrap_or_default();
    for (track, stated) in tracks.iter().zip(stated) {
        assert_eq!(
            shown(track.channel_index),
            text(&stated["channel_index"]),
            "{name}"
        );
        assert_eq!(
            shown(track.interleave_index),
            text(&stated["interleave_index"]),
            "{name}"
        );
        assert_eq!(
            track.name.clone().unwrap_or_default(),
            text(&stated["name"]),
            "{name}"
        );
        assert_eq!(
            track.function.clone().unwrap_or_default(),
            text(&stated["function"]),
            "{name}"
        );
    }
}

#[track_caller]
fn check_cues(name: &str, wave: &Wave, cues: &Value) {
    let stated = cues
        .as_object()
        .map(serde_json::Map::len)
        .unwrap_or_default();
    assert_eq!(wave.cues.len(), stated, "{name}");
    for cue in &wave.cues {
        let stated = &cues[cue.id.to_string()];
        assert_eq!(cue.position, number(&stated["frame"]), "{name}");
        assert_eq!(cue.length, stated["length"].as_u64(), "{name}");
        assert_eq!(
            cue.label.clone().unwrap_or_default(),
            text(&stated["label"]),
            "{name}"
        );
        assert_eq!(
            cue.note.clone().unwrap_or_default(),
            text(&stated["note"]),
            "{name}"
        );
    }
}

#[test]
fn files_of_the_field_read_as_another_reader_reads_them() {
    let Some(folder) = corpus() else { return };
    let entries = expected(&folder);
    assert!(entries.len() > 20);
    for entry in entries {
        let name = entry["file"].as_str().unwrap();
        let wave = bwf::open(&folder.join(name)).unwrap();
        check_format(name, &wave, &entry["fmt"]);
        assert_eq!(
            wave.data.unwrap().bytes,
            number(&entry["data"]["byte_count"]),
            "{name}"
        );
        assert_eq!(wave.frames, number(&entry["data"]["frame_count"]), "{name}");
        check_bext(name, &wave, &entry["bext"]);
        check_ixml(name, &wave, &entry["ixml"]);
        check_cues(name, &wave, &entry["cues"]);
        assert_eq!(wave.findings, [], "{name}");
    }
}

/// File, frames of sound, codes of the findings: what is said of every damaged file.
const DAMAGED: [(&str, u64, &[&str]); 18] = [
    ("bext_latin1.wav", 102, &["WAV011"]),
    ("bext_v2_unset.wav", 102, &[]),
    ("bw64_small.wav", 102, &[]),
    ("cue_short_ltxt.wav", 102, &["WAV019"]),
    ("even_bext_RF64.wav", 102, &[]),
    ("ext_cb24.wav", 102, &["WAV010"]),
    ("odd_bext_RF64.wav", 102, &[]),
    ("odd_data_nopad.wav", 101, &["WAV004"]),
    ("odd_data_padded.wav", 101, &[]),
    ("odd_unknown_RF64.wav", 102, &["WAV013"]),
    ("odd_unpadded_chunk_before_data.wav", 102, &["WAV004"]),
    ("rf64_data32_real.wav", 102, &[]),
    ("rf64_ds64_96.wav", 102, &[]),
    ("rf64_small.wav", 102, &[]),
    ("rf64_tbl_huge_count.wav", 102, &[]),
    ("stream_sizes_ffff.wav", 102, &["WAV003"]),
    ("trailing_garbage.wav", 102, &["WAV005"]),
    ("two_data.wav", 102, &["WAV006"]),
];

#[test]
fn damaged_files_give_their_sound_and_say_what_is_wrong() {
    let Some(folder) = corpus() else { return };
    for (name, frames, codes) in DAMAGED {
        let wave = bwf::open(&folder.join("malformed").join(name)).unwrap();
        assert_eq!(wave.format.sample, SampleFormat::Int24, "{name}");
        assert_eq!(wave.frames, frames, "{name}");
        let found: Vec<&str> = wave
            .findings
            .iter()
            .map(|finding| finding.code.id)
            .collect();
        assert_eq!(found, codes, "{name}: {:?}", wave.findings);
    }
    let files = std::fs::read_dir(folder.join("malformed")).unwrap().count();
    assert_eq!(
        files,
        DAMAGED.len(),
        "every damaged file stands in the table"
    );
}

/// File and start timecode by its own iXML.
#[test]
fn the_start_timecode_follows_from_the_rate_in_the_ixml() {
    let Some(folder) = corpus() else { return };
    for (name, timecode) in [
        ("A101_1.WAV", Some("12:39:59:00")),
        ("A101_4.WAV", Some("12:40:15:00")),
        ("Scene_1_2AG-T001_Tr1.WAV", Some("22:40:10:00")),
        ("sounddevices_6_cue_points.wav", Some("00:00:00:01")),
        ("umid.wav", None),
        ("wavinfo Test Project - Audio - LRC.wav", None),
    ] {
        let wave = bwf::open(&folder.join(name)).unwrap();
        let start = wave
            .start_timecode(None)
            .map(|timecode| timecode.to_string());
        assert_eq!(start.as_deref(), timecode, "{name}");
    }
}
