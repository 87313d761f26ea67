//! Files that we write, read by other programs.

use std::path::{Path, PathBuf};
use std::process::Command;

use md5::{Digest as _, Md5};
use serde_json::{Value, json};
use stemline::audio::SampleFormat;
use stemline::bwf::{self, Container, VerifyLevel, WaveSpec};

use crate::support::{FORMATS, LAYOUTS, hex, samples, spec, write, write_whole};

/// What a program prints, or nothing with the reason printed when it is not installed.
fn run(program: &str, arguments: &[&str], files: &[&Path]) -> Option<String> {
    let output = Command::new(program).args(arguments).args(files).output();
    let output = match output {
        // A version manager stands in for a program that it does not have with status 127.
        Ok(output) if output.status.code() != Some(127) => output,
        other => {
            println!("skipped: {program} cannot be run: {other:?}");
            return None;
        }
    };
    assert!(output.status.success(), "{program} {files:?}: {output:?}");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn json(program: &str, arguments: &[&str], file: &Path) -> Option<Value> {
    run(program, arguments, &[file]).map(|text| serde_json::from_str(&text).unwrap())
}

/// All files in one run: the program takes longer to start than to read.
fn check_wavinfo(files: &[(PathBuf, WaveSpec)]) {
    let paths: Vec<&Path> = files.iter().map(|(path, _)| path.as_path()).collect();
    let Some(told) = run("wavinfo", &[], &paths) else {
        return;
    };
    let told = serde_json::Deserializer::from_str(&told).into_iter::<Value>();
    let told: Vec<Value> = told.map(Result::unwrap).collect();
    assert_eq!(told.len(), files.len());
    for (told, (_, spec)) in told.iter().zip(files) {
        check_wavinfo_one(told, spec);
    }
}

fn check_wavinfo_one(told: &Value, spec: &WaveSpec) {
    let told = &told["scopes"];
    let format = &spec.format;
    let tag = match format.sample.is_float() {
        _ if format.channels > 2 => 0xFFFE,
        true => 3,
        false => 1,
    };
    assert_eq!(told["fmt"]["audio_format"], tag);
    assert_eq!(told["fmt"]["channel_count"], format.channels);
    assert_eq!(told["fmt"]["sample_rate"], 48_000);
    assert_eq!(told["fmt"]["bits_per_sample"], format.sample.bits());
    assert_eq!(told["data"]["frame_count"], spec.frames);
    let bext = &told["bext"];
    assert_eq!(bext["description"], spec.bext.description);
    assert_eq!(bext["originator_ref"], spec.bext.originator_reference);
    assert_eq!(bext["time_reference"], spec.bext.time_reference);
    assert_eq!(bext["version"], 2);
    assert_eq!(bext["loudness_value"], -27.01);
    assert_eq!(bext["max_true_peak"], -2.03);
    assert_eq!(bext["coding_history"], spec.bext.coding_history);
    let (ixml, ours) = (&told["ixml"], spec.ixml.as_ref().unwrap());
    assert_eq!(ixml["project"], ours.project.as_deref().unwrap());
    assert_eq!(ixml["scene"], "R1");
    assert_eq!(ixml["family_name"], "Reel 1");
    let functions: Vec<&str> = ixml["track_list"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| t["function"].as_str().unwrap())
        .collect();
    let written: Vec<&str> = ours
        .tracks
        .iter()
        .map(|t| t.function.as_deref().unwrap())
        .collect();
    assert_eq!(functions, written);
    assert_eq!(
        told["cues"],
        json!({"1": {"frame": 48, "label": "2-pop", "note": "reel 1", "length": 2002}, "2": {"frame": 4000}})
    );
}

#[track_caller]
pub(crate) fn check_ffprobe(path: &Path, spec: &WaveSpec, codec: &str) {
    let entries = "stream=codec_name,channels,sample_rate,bits_per_sample,duration_ts:format_tags";
    let arguments = ["-v", "error", "-show_entries", entries, "-of", "json"];
    let Some(told) = json("ffprobe", &arguments, path) else {
        return;
    };
    let stream = &told["streams"][0];
    assert_eq!(stream["codec_name"], codec);
    assert_eq!(stream["channels"], spec.format.channels);
    assert_eq!(stream["sample_rate"], "48000");
    assert_eq!(stream["bits_per_sample"], spec.format.sample.bits());
    assert_eq!(stream["duration_ts"], spec.frames);
    let tags = &told["format"]["tags"];
    assert_eq!(tags["time_reference"], spec.bext.time_reference.to_string());
    assert_eq!(
        tags["umid"],
        "0x060A2B3401010105010109201300000030313233343536373839616263646566"
    );
    assert_eq!(tags["coding_history"], spec.bext.coding_history);
    assert_eq!(tags["date"], "2024-05-01");
}

/// Every bit of sound, through another decoder.
#[track_caller]
fn check_ffmpeg(path: &Path, spec: &WaveSpec, codec: &str) {
    let name = path.to_str().unwrap();
    let arguments = [
        "-v", "error", "-i", name, "-map", "0:a", "-c:a", codec, "-f", "md5",
    ];
    let Some(told) = run("ffmpeg", &arguments, &[Path::new("-")]) else {
        return;
    };
    let digest: [u8; 16] = Md5::digest(samples(spec)).into();
    assert_eq!(told.trim(), format!("MD5={}", hex(&digest)));
}

#[track_caller]
fn check_mediainfo(path: &Path, spec: &WaveSpec) {
    let Some(told) = json("mediainfo", &["--Output=JSON"], path) else {
        return;
    };
    let (general, audio) = (&told["media"]["track"][0], &told["media"]["track"][1]);
    let container = spec.layout().unwrap().container;
    let profile = (container == Container::Rf64).then_some("RF64");
    assert_eq!(general["Format_Profile"].as_str(), profile);
    assert_eq!(general["IsTruncated"], Value::Null);
    assert_eq!(general["extra"]["bext_Version"], "2");
    assert_eq!(audio["Channels"], spec.format.channels.to_string());
    assert_eq!(audio["BitDepth"], spec.format.sample.bits().to_string());
    assert_eq!(audio["SamplingCount"], spec.frames.to_string());
    assert_eq!(
        audio["Delay"].as_str().unwrap().trim_end_matches('0'),
        "3603.6"
    );
    assert_eq!(audio["extra"]["LoudnessValue"], "-27.01");
    let digest = hex(&spec.md5.unwrap()).to_uppercase();
    assert_eq!(audio["extra"]["MD5"], digest);
}

#[track_caller]
fn check_sndfile(path: &Path, spec: &WaveSpec, number: u32) {
    let Some(told) = run("sndfile-info", &[], &[path]) else {
        return;
    };
    let value = |key: &str| {
        let line = told
            .lines()
            .rev()
            .find(|line| line.starts_with(key))
            .unwrap();
        line.split(':').nth(1).unwrap().trim().to_owned()
    };
    assert_eq!(value("Frames"), spec.frames.to_string());
    assert_eq!(value("Channels"), spec.format.channels.to_string());
    let format = u32::from_str_radix(value("Format").trim_start_matches("0x"), 16).unwrap();
    assert_eq!(format & 0xFFFF, number);
    let Some(told) = run("sndfile-info", &["--broadcast"], &[path]) else {
        return;
    };
    assert!(
        told.contains("Time ref                 : 0x00a4f5b00"),
        "{told}"
    );
    assert!(
        told.contains("Loudness value           : -27.01 LUFS"),
        "{told}"
    );
}

#[test]
fn other_programs_read_what_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for layout in LAYOUTS {
        for (sample, codec, number) in FORMATS {
            let path = folder.path().join(format!("{layout}_{codec}.wav"));
            let spec = write_whole(&path, &spec(layout, sample));
            check_ffprobe(&path, &spec, codec);
            check_ffmpeg(&path, &spec, codec);
            check_mediainfo(&path, &spec);
            check_sndfile(&path, &spec, number);
            files.push((path, spec));
        }
    }
    check_wavinfo(&files);
}

#[test]
fn other_programs_read_more_than_4_gib() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.wav");
    let spec = WaveSpec {
        frames: 5_000_000_000 / 18,
        ..spec("5.1", SampleFormat::Int24)
    };
    // The file is sparse: it takes the disk a few kilobytes.
    write(&path, &spec, &[1; 1800]);
    assert_eq!(spec.layout().unwrap().container, Container::Rf64);
    bwf::verify(&path, &spec, VerifyLevel::Header).unwrap();
    check_ffprobe(&path, &spec, "pcm_s24le");
    check_mediainfo(&path, &spec);
    check_sndfile(&path, &spec, 3);
    check_wavinfo(&[(path, spec)]);
}
