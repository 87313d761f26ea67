//! The ADM file of a delivery: the stems as written, metadata that other programs read, programmes
//! that sum to each other.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot prepare its files has failed; one that skips says so"
)]

mod support;

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;
use stemline::bwf::{self, Wave};
use support::{expect_status, has_tool, read_wave};

/// Two languages of dialogue, and programmes that single stems are.
const SPEC: &str = r#"
name = "two"
title = "Two languages"
layout = "5.1"
sample_rate = 48000
sample_format = "int24"
file_name = "{title}_{code}.wav"

[[stem]]
code = "DX"
label = "Dialogue"
groups = ["dialogue"]

[[stem]]
code = "DXFR"
label = "Dialogue"
groups = []

[[stem]]
code = "MX"
label = "Music"
groups = ["music"]

[[stem]]
code = "FX"
label = "Effects"
groups = ["effects"]
layout = "2.0"

[adm]
language = "en"

[[adm.content]]
stem = "DXFR"
language = "fr"
kind = "storyline-dialogue"
"#;

const SINGLES: &str = r#"
[[adm.programme]]
name = "Full"
stems = ["DX", "DXFR", "MX", "FX"]

[[adm.programme]]
name = "D"
stems = ["DX"]

[[adm.programme]]
name = "DFR"
stems = ["DXFR"]

[[adm.programme]]
name = "M"
stems = ["MX"]

[[adm.programme]]
name = "E"
stems = ["FX"]
"#;

const RULES: &str = r#"
[[rule]]
file = "12B"
stem = "DXFR"
"#;

/// A small film, written once.
struct Film {
    folder: tempfile::TempDir,
}

impl Film {
    fn get() -> &'static Self {
        static FILM: OnceLock<Film> = OnceLock::new();
        FILM.get_or_init(|| {
            let folder = tempfile::tempdir().unwrap();
            let film = Self { folder };
            expect_status(&["demo", &film.path("film")], 0);
            fs::write(film.path("two.toml"), SPEC).unwrap();
            fs::write(film.path("singles.toml"), [SPEC, SINGLES].concat()).unwrap();
            fs::write(film.path("rules.toml"), RULES).unwrap();
            film
        })
    }

    fn path(&self, below: &str) -> String {
        self.folder.path().join(below).to_str().unwrap().to_owned()
    }

    /// Conforms it with these options; the folder of the results.
    fn conform(&self, out: &str, options: &[&str]) -> PathBuf {
        let given = [
            "conform".to_owned(),
            self.path("film/film_r1_dx.edl"),
            self.path("film/film_r1_mx_fx.otio"),
            "--media".to_owned(),
            self.path("film/sound"),
            "--out".to_owned(),
            self.path(out),
        ];
        let mut args: Vec<&str> = given.iter().map(String::as_str).collect();
        args.extend(["--title", "T", "--rate", "24"]);
        args.extend(options);
        expect_status(&args, 0);
        PathBuf::from(self.path(out))
    }
}

fn text(wave: &Wave) -> String {
    let mut text = String::new();
    let mut reader = bwf::adm_text(wave).unwrap().unwrap();
    reader.read_to_string(&mut text).unwrap();
    text
}

/// What stands between two texts, each time.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    let parts = text.split(before).skip(1);
    parts
        .filter_map(|part| Some(part.split_once(after)?.0))
        .collect()
}

/// Every track of the ADM file is the channel of the stem that its name says, bit for bit.
fn check_tracks(out: &Path, wave: &Wave) {
    let (channels, tracks) = read_wave(&out.join("T_ADM.wav"));
    let names = &wave.ixml.as_ref().unwrap().tracks;
    assert_eq!(names.len(), channels);
    let mut sounding = 0;
    for (i, track) in names.iter().enumerate() {
        let (code, channel) = track.name.as_ref().unwrap().split_once(' ').unwrap();
        let file = out.join(format!("T_{code}.wav"));
        let of_stem = bwf::open(&file).unwrap().ixml.unwrap().tracks;
        let named = |t: &bwf::IxmlTrack| {
            t.name
                .as_deref()
                .is_some_and(|n| n.ends_with(&format!(" {channel}")))
        };
        let at = of_stem.iter().position(named).unwrap();
        let (of, stem) = read_wave(&file);
        let stem = stem.into_iter().skip(at).step_by(of);
        let track = tracks.iter().copied().skip(i).step_by(channels);
        assert!(track.clone().eq(stem), "{code} {channel}");
        sounding += usize::from(track.into_iter().any(|x| x != 0));
    }
    assert!(sounding > 2);
}

/// What the file says of its start and of its tracks agrees in all places.
fn check_metadata(wave: &Wave) {
    let text = text(wave);
    let adm = wave.adm.unwrap();
    let (rows, findings) = bwf::read_chna(&wave.path, adm.chna.unwrap()).unwrap();
    assert_eq!((findings, &wave.findings), (vec![], &vec![]));
    assert_eq!(rows.len(), usize::from(wave.format.channels));
    for (i, row) in rows.iter().enumerate() {
        assert_eq!(usize::from(row.track), i + 1);
        let track = between(&text, &format!("UID=\"{}\"", row.uid), "</audioTrackUID>");
        let reference = row.reference.trim_end_matches("_00");
        assert!(
            track[0].contains(reference) && track[0].contains(&row.pack),
            "{row:?}"
        );
    }
    let bext = wave.bext.as_ref().unwrap().time_reference;
    assert_eq!(wave.ixml.as_ref().unwrap().time_stamp(), Some(bext));
    let starts = between(&text, " start=\"", "\"");
    let starts = starts.iter().filter(|start| **start != "00:00:00.00000");
    for start in starts {
        let (clock, part) = start.split_once('.').unwrap();
        let clock = clock
            .split(':')
            .fold(0, |sum, n| sum * 60 + n.parse::<u64>().unwrap());
        let part = match part.split_once('S') {
            Some((samples, _)) => samples.parse::<u64>().unwrap(),
            None => (part.parse::<u64>().unwrap() * 48_000 + 50_000) / 100_000,
        };
        assert_eq!(clock * 48_000 + part, bext, "{start}");
    }
}

#[test]
fn every_form_holds_the_stems_as_written() {
    let film = Film::get();
    for (profile, layout) in [
        ("bs2076-1", "5.1"),
        ("bs2076-2", "7.1.4"),
        ("dolby", "5.1.4"),
    ] {
        let name = format!("{profile}_{layout}");
        let options = ["--adm", profile, "--layout", layout, "--language", "en"];
        let out = film.conform(&name, &options);
        let wave = bwf::open(&out.join("T_ADM.wav")).unwrap();
        check_tracks(&out, &wave);
        check_metadata(&wave);
        let text = text(&wave);
        let contents = between(&text, "audioContentName=\"", "\"");
        let kinds = between(&text, "ContentKind=\"", "</dialogue>");
        if profile == "dolby" {
            assert_eq!(contents, ["Dialogue", "Music", "Effects"]);
            assert_eq!(kinds, ["0\">2"; 3]);
            assert_eq!(
                between(&text, "audioProgrammeName=\"", "\""),
                ["Atmos_Master"]
            );
        } else {
            assert_eq!(contents, ["Dialogue English", "Music", "Effects"]);
            assert_eq!(kinds, ["1\">1", "1\">0", "2\">0"]);
            let programmes = between(&text, "audioProgrammeName=\"", "\"");
            assert_eq!(programmes, ["Full Mix English", "Music and Effects"]);
        }
        let report: Value =
            serde_json::from_slice(&fs::read(out.join("T_report.json")).unwrap()).unwrap();
        let mix = report["files"].as_array().unwrap().last().unwrap();
        let loudness = mix["integrated_lufs"].as_f64();
        let loudness = loudness
            .or(mix["levels"]["integrated_lufs"].as_f64())
            .unwrap();
        let first = between(&text, "<integratedLoudness>", "<")[0]
            .parse::<f64>()
            .unwrap();
        assert!((first - loudness).abs() < 0.006, "{first} {loudness}");
    }
}

#[test]
fn a_plan_gives_the_same_adm_file_again() {
    let film = Film::get();
    let out = film.conform("planned", &["--adm", "bs2076-2", "--jobs", "1"]);
    let plan = out.join("T_plan.json");
    let again = film.path("again");
    expect_status(&["conform", plan.to_str().unwrap(), "--out", &again], 0);
    let same = fs::read(out.join("T_ADM.wav")).unwrap()
        == fs::read(Path::new(&again).join("T_ADM.wav")).unwrap();
    assert!(same);
}

#[test]
fn each_language_has_a_programme_and_shares_the_rest() {
    let film = Film::get();
    let (spec, rules) = (film.path("two.toml"), film.path("rules.toml"));
    let out = film.conform("two", &["--spec", &spec, "--rules", &rules]);
    let wave = bwf::open(&out.join("T_ADM.wav")).unwrap();
    check_tracks(&out, &wave);
    check_metadata(&wave);
    let text = text(&wave);
    let programmes = between(&text, "<audioProgramme ", "</audioProgramme>");
    let told: Vec<(&str, Vec<&str>)> = programmes
        .iter()
        .map(|programme| {
            let name = between(programme, "audioProgrammeName=\"", "\"")[0];
            (name, between(programme, "<audioContentIDRef>", "<"))
        })
        .collect();
    let expected = [
        ("Full Mix English", vec!["ACO_1001", "ACO_1003", "ACO_1004"]),
        ("Full Mix French", vec!["ACO_1002", "ACO_1003", "ACO_1004"]),
        ("Music and Effects", vec!["ACO_1003", "ACO_1004"]),
    ];
    assert_eq!(told, expected);
    // The effects are of another layout: nobody can say how loud such a sum is.
    let stated = |part: &&&str| part.contains("<integratedLoudness>");
    assert_eq!(programmes.iter().filter(stated).count(), 0);
    let contents = between(&text, "<audioContent ", "</audioContent>");
    assert_eq!(contents.iter().filter(stated).count(), 4);
    assert!(contents[1].contains("audioContentLanguage=\"fr\""));
    assert!(contents[1].contains("audioContentName=\"Dialogue French\""));
}

#[test]
fn a_programme_that_is_no_output_is_measured() {
    let film = Film::get();
    let spec = film.path("alike.toml");
    fs::write(&spec, SPEC.replace("layout = \"2.0\"", "")).unwrap();
    let out = film.conform("alike", &["--spec", &spec]);
    let text = text(&bwf::open(&out.join("T_ADM.wav")).unwrap());
    let full = between(&text, "<integratedLoudness>", "<")[0]
        .parse::<f64>()
        .unwrap();
    let reference = film.conform("alike_dme", &["--layout", "5.1"]);
    let mix = reference.join("T_MIX.wav");
    let measured = expect_status(&["measure", "--json", mix.to_str().unwrap()], 0);
    let measured: Value = serde_json::from_slice(&measured.stdout).unwrap();
    let mix = measured["files"][0]["integrated_lufs"].as_f64().unwrap();
    assert!((full - mix).abs() < 0.006, "{full} {mix}");
}

/// Renders programmes with the reference renderer and prints the largest sample of the first one and
/// of the first one less the others.
const RENDER: &str = "
import sys, warnings
warnings.simplefilter('ignore')
import numpy as np
from ear.cmdline.render_file import OfflineRenderDriver
from ear.fileio import openBw64Adm
def render(path, programme, system):
    driver = OfflineRenderDriver(target_layout=system, speakers_file=None, output_gain_db=0,
        fail_on_overload=False, enable_block_duration_fix=False, programme_id=programme)
    layout, upmix, _ = driver.load_output_layout()
    with openBw64Adm(path) as infile:
        infile.adm.validate()
        return np.concatenate(list(driver.render_input_file(infile, layout, upmix)))
path, system, *programmes = sys.argv[1:]
full, *parts = [render(path, programme, system) for programme in programmes]
print(np.abs(full).max(), np.abs(full - sum(parts)).max())
";

/// Whether Python has the reference renderer, or a printed reason to skip.
fn has_renderer() -> bool {
    let found = Command::new("python3").args(["-c", "import ear"]).output();
    let found = found.is_ok_and(|output| output.status.success());
    if !found {
        println!("skipped: python3 with ear (the EBU ADM renderer) is not installed");
    }
    found
}

#[test]
fn the_reference_renderer_takes_it_and_the_parts_sum_to_the_whole() {
    if !has_renderer() {
        return;
    }
    let film = Film::get();
    let (spec, rules) = (film.path("singles.toml"), film.path("rules.toml"));
    for profile in ["bs2076-1", "dolby"] {
        let name = format!("singles_{profile}");
        let options = ["--spec", &spec, "--rules", &rules, "--adm", profile];
        let file = film.conform(&name, &options).join("T_ADM.wav");
        let programmes = ["APR_1001", "APR_1002", "APR_1003", "APR_1004", "APR_1005"];
        let programmes = if profile == "dolby" {
            &programmes[..1]
        } else {
            &programmes
        };
        for system in ["0+2+0", "0+5+0", "4+7+0"] {
            let output = Command::new("python3")
                .args(["-c", RENDER, file.to_str().unwrap(), system])
                .args(programmes)
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{said}");
            let numbers = String::from_utf8_lossy(&output.stdout).into_owned();
            let numbers: Vec<f64> = numbers
                .split_whitespace()
                .map(|n| n.parse().unwrap())
                .collect();
            assert!(numbers[0] > 0.01, "{numbers:?}");
            if profile != "dolby" {
                assert!(numbers[1] < 1e-6, "{system}: {numbers:?}");
                println!("{system}: full less parts {:e}", numbers[1]);
            }
        }
    }
}

#[test]
fn mediainfo_shows_programmes_and_contents() {
    if !has_tool("mediainfo") {
        return;
    }
    let film = Film::get();
    let out = film.conform("shown", &["--adm", "--language", "en"]);
    let shown = Command::new("mediainfo")
        .arg(out.join("T_ADM.wav"))
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    for line in [
        "Full Mix English",
        "Music and Effects",
        "Dialogue English",
        "Effects",
    ] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
}

#[test]
fn what_cannot_be_written_is_refused() {
    let film = Film::get();
    let check = |from: &str, to: &str, told: &str| {
        let spec = film.path("wrong.toml");
        fs::write(&spec, SPEC.replace(from, to)).unwrap();
        let output = expect_status(
            &[
                "conform",
                "x.edl",
                "--out",
                &film.path("none"),
                "--spec",
                &spec,
            ],
            3,
        );
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(told), "{said}");
    };
    check(
        "\"fr\"",
        "\"french language\"",
        "is not the code of a language",
    );
    check(
        "\"storyline-dialogue\"",
        "\"storyline\"",
        "did you mean `storyline-dialogue`",
    );
    check(
        "\"storyline-dialogue\"",
        "\"music-and-effects\"",
        "is not a kind that is written",
    );
    check("stem = \"DXFR\"", "stem = \"DY\"", "there is no stem DY");
    let args = ["conform", "x.edl", "--out", "y", "--adm", "atmos"];
    let said = expect_status(&args, 2);
    assert!(String::from_utf8_lossy(&said.stderr).contains("bs2076-1"));
}

/// The file of an ADM delivery as a timeline again.
fn again(film: &Film, file: &Path, out: &str, options: &[&str]) -> PathBuf {
    let out = film.path(out);
    let mut args = vec![
        "conform",
        file.to_str().unwrap(),
        "--out",
        &out,
        "--title",
        "T",
    ];
    args.extend(options);
    expect_status(&args, 0);
    PathBuf::from(out)
}

#[test]
fn a_delivery_comes_back_as_the_stems_it_was_made_of() {
    let film = Film::get();
    for (profile, layout) in [
        ("bs2076-1", "2.0"),
        ("bs2076-2", "5.1"),
        ("bs2076-1", "7.1.4"),
    ] {
        let (name, back) = (format!("go_{layout}"), format!("back_{layout}"));
        let options = ["--adm", profile, "--layout", layout, "--language", "fre"];
        let out = film.conform(&name, &options);
        let file = out.join("T_ADM.wav");
        let back = again(film, &file, &back, &["--layout", layout, "--rate", "24"]);
        for code in ["DX", "MX", "FX", "ME", "MIX"] {
            let stem = format!("T_{code}.wav");
            let same = read_wave(&out.join(&stem)) == read_wave(&back.join(&stem));
            assert!(same, "{code} in {layout}");
        }
        let starts = [&out, &back].map(|folder| bwf::open(&folder.join("T_DX.wav")).unwrap());
        let [start, again] = starts.map(|wave| wave.bext.unwrap().time_reference);
        assert_eq!(start, again);
    }
}

#[test]
fn objects_are_carried_over_with_their_tracks_and_places() {
    let film = Film::get();
    let options = ["--adm", "dolby", "--layout", "7.1.4"];
    let out = film.conform("objects", &options);
    let file = out.join("T_ADM.wav");
    for profile in ["dolby", "bs2076-1", "bs2076-2"] {
        let options = [
            "--adm",
            profile,
            "--keep-objects",
            "--layout",
            "5.1",
            "--rate",
            "24",
        ];
        let kept = again(film, &file, &format!("kept_{profile}"), &options).join("T_ADM.wav");
        let [was, is] = [&file, &kept].map(|path| bwf::open(path).unwrap());
        let [was_text, is_text] = [&was, &is].map(text);
        let names = |text: &str| {
            let names = between(text, "audioObjectName=\"", "\"");
            let mut names: Vec<String> = names.into_iter().map(str::to_owned).collect();
            names.sort();
            names
        };
        assert_eq!(names(&was_text), names(&is_text), "{profile}");
        let points = |text: &str| text.matches("audioChannelFormatName=\"DX Ltf\"").count();
        assert_eq!((points(&was_text), points(&is_text)), (1, 1));
        let (channels, samples) = read_wave(&file);
        let (kept_channels, kept_samples) = read_wave(&kept);
        assert_eq!(channels, kept_channels);
        let silent = |samples: &[i32]| {
            let track = |i: usize| samples.iter().skip(i).step_by(channels).all(|x| *x == 0);
            (0..channels).filter(|i| track(*i)).count()
        };
        assert_eq!(silent(&samples), silent(&kept_samples), "{profile}");
        let loud = |samples: &[i32]| samples.iter().map(|x| i64::from(*x).abs()).sum::<i64>();
        assert_eq!(loud(&samples), loud(&kept_samples), "{profile}");
    }
}

#[test]
fn our_reader_finds_the_model_that_was_written() {
    let film = Film::get();
    let (spec, rules) = (film.path("two.toml"), film.path("rules.toml"));
    for profile in ["bs2076-1", "bs2076-2"] {
        let options = ["--spec", &spec, "--rules", &rules, "--adm", profile];
        let out = film.conform(&format!("read_{profile}"), &options);
        let wave = bwf::open(&out.join("T_ADM.wav")).unwrap();
        let model = bwf::adm::read(&wave).unwrap().unwrap();
        let warnings = model.findings.iter();
        let warnings = warnings.filter(|f| f.severity > stemline::finding::Severity::Info);
        assert_eq!(warnings.count(), 0, "{:?}", model.findings);
        let contents: Vec<(&str, &str, &str)> = model
            .contents()
            .iter()
            .map(|content| {
                let kind = content.dialogue.as_ref().unwrap().kind.unwrap().name();
                (content.name.as_str(), content.language.as_str(), kind)
            })
            .collect();
        let expected = [
            ("Dialogue English", "en", "storyline-dialogue"),
            ("Dialogue French", "fr", "storyline-dialogue"),
            ("Music", "", "music"),
            ("Effects", "", "effects"),
        ];
        assert_eq!(contents, expected);
        let start = model.programmes()[0].start.unwrap();
        let samples = wave.bext.as_ref().unwrap().time_reference as i64;
        assert_eq!(start.num() * 48_000, samples * start.den());
        for (programme, tracks) in [("APR_1001", 14), ("APR_1002", 14), ("APR_1003", 8)] {
            let selection = bwf::adm::Selection {
                programme: Some(programme.to_owned()),
                ..Default::default()
            };
            let selected = model.items(&selection).unwrap();
            let parts: usize = selected.items.iter().map(|item| item.parts.len()).sum();
            assert_eq!(parts, tracks, "{programme}: {:?}", selected.findings);
        }
    }
}
