//! CPU time of a conform against copying its files: `cargo bench --bench reel`.
//!
//! A generated reel of 20 minutes, 800 clips from 60 rolls, into three stereo stems, M&E and mix. The
//! peer reads the rolls once (`cat`) and copies the five results (`cp`): the least that any program
//! that reads the sound and writes the files has to do. Runs take turns.
#![expect(clippy::print_stdout, reason = "a benchmark prints")]

mod support;

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use support::cpu_seconds;

/// How often each contender runs.
const ROUNDS: usize = 3;
/// Seconds of the programme.
const SECONDS: u32 = 1200;
/// Clips in it.
const CLIPS: u32 = 800;
/// Rolls that they come from, a minute each.
const ROLLS: u32 = 60;

fn main() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let at = |below: &str| folder.path().join(below).display().to_string();
    fs::create_dir(folder.path().join("rolls"))?;
    fs::create_dir(folder.path().join("copy"))?;
    for roll in 0..ROLLS {
        write_roll(
            &folder
                .path()
                .join(format!("rolls/{}_{roll:03}.wav", kind(roll))),
            roll,
        )?;
    }
    let lists = ["DX", "MX", "FX"].map(|stem| (stem, at(&format!("{stem}.edl"))));
    for (stem, path) in &lists {
        fs::write(path, list(stem))?;
    }
    let mut conform = Command::new(env!("CARGO_BIN_EXE_stemline"));
    conform
        .arg("conform")
        .args(lists.iter().map(|(_, path)| path));
    conform.args([
        "--media",
        &at("rolls"),
        "--out",
        &at("out"),
        "--title",
        "R",
        "--rate",
        "24",
    ]);
    let mut plain = Command::new(conform.get_program());
    plain.args(conform.get_args()).arg("--no-measure");
    let copy = format!(
        "cat {0}/* > /dev/null; cp {1}/*.wav {2}",
        at("rolls"),
        at("out"),
        at("copy")
    );
    let mut peer = Command::new("sh");
    peer.args(["-c", &copy]);
    let contenders = [
        ("conform", &conform),
        ("conform --no-measure", &plain),
        ("cat and cp", &peer),
    ];
    cpu_seconds(&conform)?;
    let mut spent = [0.0; 3];
    for _ in 0..ROUNDS {
        for ((_, command), total) in contenders.iter().zip(&mut spent) {
            *total += cpu_seconds(command)?.unwrap_or(f64::NAN);
        }
    }
    for ((name, _), total) in contenders.iter().zip(spent) {
        let (time, ratio) = (total / ROUNDS as f64, total / spent[2]);
        println!("{name:<22} {time:7.2} CPU s  {ratio:5.2} times cat and cp");
    }
    Ok(())
}

/// Every third roll is dialogue, music or effects.
fn kind(roll: u32) -> &'static str {
    ["DX", "MX", "FX"][(roll % 3) as usize]
}

/// A minute of noise: mono for dialogue, else stereo.
fn write_roll(path: &Path, roll: u32) -> io::Result<()> {
    let format = hound::WavSpec {
        channels: if kind(roll) == "DX" { 1 } else { 2 },
        sample_rate: 48_000,
        bits_per_sample: 24,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, format).map_err(io::Error::other)?;
    let mut state = u64::from(roll) + 1;
    for _ in 0..48_000 * 60 * u32::from(format.channels) {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        // A sixteenth of full scale.
        writer
            .write_sample((state >> 44) as i32 - (1 << 19))
            .map_err(io::Error::other)?;
    }
    writer.finalize().map_err(io::Error::other)
}

/// The cut list of one stem on four pairs of tracks: clips of 3 to 18 seconds with gain and fades.
fn list(stem: &str) -> String {
    let mut text = format!("TITLE: {stem}\nFCM: NON-DROP FRAME\n");
    let first = ["DX", "MX", "FX"]
        .iter()
        .position(|s| *s == stem)
        .unwrap_or_default() as u32;
    let tracks = if stem == "DX" {
        ["A", "A2", "A3", "A4"]
    } else {
        ["AA"; 4]
    };
    let each = CLIPS / 3;
    for clip in 0..each {
        let record = clip * (SECONDS - 20) / each;
        let (length, source) = (3 + clip % 16, clip % 40);
        let roll = first + 3 * (clip % (ROLLS / 3));
        let track = tracks[(clip % 4) as usize];
        let time = |s: u32, hour: u32| format!("{hour:02}:{:02}:{:02}:00", s / 60, s % 60);
        let _ = writeln!(
            text,
            "{:03}  AX       {track:<5} C        {} {} {} {}",
            clip + 1,
            time(source, 0),
            time(source + length, 0),
            time(record, 1),
            time(record + length, 1),
        );
        let _ = writeln!(text, "* FROM CLIP NAME: {stem}_{roll:03}.wav");
        let _ = writeln!(
            text,
            "* AUDIO LEVEL AT {} IS -{}.50 DB",
            time(record, 1),
            clip % 12
        );
    }
    text
}
