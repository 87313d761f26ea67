//! What other programs read in our files.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use stemline::spec::Spec;

use crate::film::{Delivery, deliver, demo, run_in};
use crate::support::has_tool;

fn said(program: &str, args: &[&str], folder: &Path) -> (bool, String) {
    let output = Command::new(program)
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&text).into_owned(),
    )
}

/// That a program says these things of a file.
fn check(program: &str, args: &[&str], folder: &Path, wanted: &[impl AsRef<str>]) {
    if !has_tool(program) {
        return;
    }
    let (done, text) = said(program, args, folder);
    assert!(done, "{program} {}: {text}", args.join(" "));
    // Versions of a program differ in white space.
    let text = text.replace(' ', "");
    for want in wanted {
        let want = want.as_ref().replace(' ', "");
        assert!(
            text.contains(&want),
            "{program} {} has no `{want}`:\n{text}",
            args.join(" ")
        );
    }
}

/// What a file of a delivery is meant to be, as the programs print it.
struct Meant {
    name: String,
    channels: usize,
    rate: u64,
    bits: u64,
    frames: u64,
    /// The time reference.
    start: u64,
    function: Option<String>,
}

impl Meant {
    /// Of the files that a plan leads to: the first and the last of them.
    fn of(delivery: &Delivery) -> Vec<Self> {
        let plan = &delivery.plan;
        let number = |value: &Value| value.as_u64().unwrap();
        let (rate, bits) = (number(&plan["sample_rate"]), number(&plan["bits"]));
        let stated = |file: &Value| Self {
            name: file["file"].as_str().unwrap().to_owned(),
            channels: file["channels"].as_array().unwrap().len(),
            rate,
            bits,
            frames: ["head", "length", "tail"]
                .map(|key| number(&file[key]))
                .iter()
                .sum(),
            start: number(&file["start_sample"]),
            function: None,
        };
        let implied = |file: &Value| Self {
            name: file["file"].as_str().unwrap().to_owned(),
            channels: 2,
            rate,
            bits,
            frames: number(&plan["length"]),
            start: number(&plan["start_sample"]),
            function: None,
        };
        let files: Vec<Self> = match plan["files"].as_array() {
            Some(files) => files.iter().map(stated).collect(),
            None => plan["stems"]
                .as_array()
                .unwrap()
                .iter()
                .map(implied)
                .collect(),
        };
        let last = files.len() - 1;
        let ends = files
            .into_iter()
            .enumerate()
            .filter(|(i, _)| [0, last].contains(i));
        ends.map(|(_, file)| file.told(delivery)).collect()
    }

    /// With the name of its first track, as our own reader finds it.
    fn told(mut self, delivery: &Delivery) -> Self {
        let wave = stemline::bwf::open(&delivery.folder.join(&self.name)).unwrap();
        let tracks = wave.ixml.map(|ixml| ixml.tracks).unwrap_or_default();
        self.function = tracks.into_iter().next().and_then(|track| track.function);
        self
    }

    /// That every program that is there reads it so.
    fn check(&self, folder: &Path) {
        let Self {
            channels,
            rate,
            bits,
            frames,
            start,
            ..
        } = self;
        let name = self.name.as_str();
        let ffprobe = [
            format!("codec_name=pcm_s{bits}le"),
            format!("\nchannels={channels}\n"),
            format!("sample_rate={rate}\n"),
            format!("duration_ts={frames}\n"),
            format!("time_reference={start}\n"),
        ];
        check(
            "ffprobe",
            &["-v", "error", "-show_format", "-show_streams", name],
            folder,
            &ffprobe,
        );
        let sndfile = [
            format!("Channels : {channels}\n"),
            format!("Sample Rate : {rate}\n"),
            format!("Frames : {frames}\n"),
            format!("Time ref : 0x{start:09x}"),
        ];
        check(
            "sndfile-info",
            &["--broadcast", name],
            folder,
            &sndfile[3..],
        );
        check("sndfile-info", &[name], folder, &sndfile[..3]);
        let delay = *start as f64 / *rate as f64;
        let mediainfo = [
            format!("\"Channels\":\"{channels}\""),
            format!("\"SamplingRate\":\"{rate}\""),
            format!("\"BitDepth\":\"{bits}\""),
            format!("\"SamplingCount\":\"{frames}\""),
            format!("\"Delay\":\"{delay:.3}"),
        ];
        check("mediainfo", &["--Output=JSON", name], folder, &mediainfo);
        let mut wavinfo = vec![start.to_string()];
        wavinfo.extend(self.function.clone());
        check("wavinfo", &[name], folder, &wavinfo);
        check(
            "bwfmetaedit",
            &["--out-core-xml=-", name],
            folder,
            &[start.to_string()],
        );
    }
}

#[test]
fn other_programs_read_every_spec() {
    let film = demo();
    for spec in Spec::names() {
        let delivery = deliver(film.path(), spec, spec, &[]);
        let files = Meant::of(&delivery);
        for file in &files {
            file.check(&delivery.folder);
        }
    }
}

#[test]
fn other_programs_read_what_the_specs_demand() {
    let film = demo();
    let near = deliver(film.path(), "netflix-nearfield", "near", &[]);
    let name = "FILM_lp_v01_PM_Nearfield_6ch_48k_24b_24.Ls.wav";
    let reference = "172800000";
    check(
        "ffprobe",
        &["-v", "error", "-show_format", "-show_streams", name],
        &near.folder,
        &[
            "codec_name=pcm_s24le",
            "channels=1",
            "sample_rate=48000",
            "time_reference=172800000",
        ],
    );
    check(
        "sndfile-info",
        &["--broadcast", name],
        &near.folder,
        &["0x00a4cb800", "FILM PM Print master Ls"],
    );
    check(
        "mediainfo",
        &["--Output=JSON", name],
        &near.folder,
        &["\"Delay\":\"3600.000", "\"BitDepth\":\"24\""],
    );
    check("wavinfo", &[name], &near.folder, &[reference, "Ls-5.1"]);
    check(
        "bwfmetaedit",
        &["--out-core-xml=-", name],
        &near.folder,
        &[reference],
    );
    let wbd = deliver(film.path(), "wbd-component", "wbd", &[]);
    let name = "FILM_v01_PM_und_6ch.wav";
    check(
        "ffprobe",
        &["-v", "error", "-show_format", "-show_streams", name],
        &wbd.folder,
        &[
            "channels=6",
            "channel_layout=5.1",
            "time_reference=172800000",
        ],
    );
    check(
        "mediainfo",
        &["--Output=JSON", name],
        &wbd.folder,
        &["\"Channels\":\"6\"", "\"Delay\":\"3600.000"],
    );
    check(
        "wavinfo",
        &[name],
        &wbd.folder,
        &[reference, "L-5.1", "LFE-5.1"],
    );
    check(
        "sndfile-info",
        &[name],
        &wbd.folder,
        &["Channels    : 6", "Sample Rate : 48000"],
    );
}

#[test]
fn the_media_hash_list_is_verified_by_the_reference_implementation() {
    let film = demo();
    let delivery = deliver(film.path(), "netflix-nearfield", "out", &[]);
    let listed = || {
        let mut names = crate::support::names(&delivery.folder.join("ascmhl"));
        names.sort();
        assert_eq!(
            names,
            ["0001_FILM_2026-01-01_120000Z.mhl", "ascmhl_chain.xml"]
        );
    };
    listed();
    // A delivery in place of an earlier one replaces its history whole.
    for earlier in [
        "0001_OLD_2025-01-01_120000Z.mhl",
        "0002_OLD_2025-01-02_120000Z.mhl",
    ] {
        fs::write(delivery.folder.join("ascmhl").join(earlier), "<hashlist/>").unwrap();
    }
    deliver(film.path(), "netflix-nearfield", "out", &[]);
    listed();
    // That of files that are not replaced stays, and nothing is delivered over it.
    let theirs = delivery
        .folder
        .join("ascmhl/0001_THEIRS_2025-01-01_120000Z.mhl");
    let hash = "<hash><path>notes.txt</path><md5>00</md5></hash>";
    fs::write(
        &theirs,
        format!("<hashlist><hashes>{hash}</hashes></hashlist>"),
    )
    .unwrap();
    fs::write(delivery.folder.join("notes.txt"), "").unwrap();
    let mut args = vec!["conform", "film/film_r1_dx.edl", "film/film_r1_mx_fx.otio"];
    args.extend([
        "--media",
        "film/sound",
        "--title",
        "FILM",
        "--rate",
        "24",
        "--out",
        "out",
    ]);
    args.extend(["--spec", "netflix-nearfield"]);
    let refused = run_in(film.path(), &args, 4);
    assert!(
        refused.contains("lists `notes.txt`, which is of another delivery"),
        "{refused}"
    );
    assert!(theirs.is_file());
    fs::remove_file(theirs).unwrap();
    fs::remove_file(delivery.folder.join("notes.txt")).unwrap();
    listed();
    if !has_tool("ascmhl") {
        return;
    }
    let verify = |wanted: bool| {
        let (done, text) = said("ascmhl-debug", &["verify", "."], &delivery.folder);
        assert_eq!(done, wanted, "{text}");
    };
    verify(true);
    // The next one who copies it: nothing is new or missing, and its hashes are checked again.
    for args in [&["diff", "."][..], &["create", "-h", "xxh128", "."]] {
        let (done, text) = said("ascmhl", args, &delivery.folder);
        assert!(done, "{text}");
    }
    let file = delivery
        .folder
        .join(delivery.files()[0]["file"].as_str().unwrap());
    let mut bytes = std::fs::read(&file).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&file, bytes).unwrap();
    verify(false);
}

#[test]
fn checksums_are_those_of_other_programs() {
    let film = demo();
    let set = ["--set", "metadata.md5=both"];
    let delivery = deliver(film.path(), "wbd-component", "out", &set);
    let name = delivery.files()[0]["file"].as_str().unwrap();
    if has_tool("md5sum") {
        let (done, text) = said("md5sum", &["-c", &format!("{name}.md5")], &delivery.folder);
        assert!(done, "{text}");
    }
    let wave = stemline::bwf::open(&delivery.folder.join(name)).unwrap();
    let digest = wave.md5.unwrap();
    if has_tool("ffmpeg") {
        let args = [
            "-v",
            "error",
            "-i",
            name,
            "-map",
            "0:a",
            "-c:a",
            "pcm_s24le",
            "-f",
            "md5",
            "-",
        ];
        let (done, text) = said("ffmpeg", &args, &delivery.folder);
        let hex = format!("{:032x}", u128::from_be_bytes(digest));
        assert!(done && text.contains(&hex), "{text} {hex}");
    }
}
