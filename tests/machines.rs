//! The same bytes on every machine: what a processor without AVX and one with AVX2 write and report is what this
//! one does. Other processors are emulated by QEMU, so that the paths that are chosen at run time all run.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot prepare its files has failed"
)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use support::has_tool;

/// Processors as QEMU names them: SSE 4.2 alone; AVX2 and FMA.
const PROCESSORS: [&str; 2] = ["Nehalem", "Haswell"];

/// What stemline prints in a folder, on this machine or on an emulated one.
fn run(folder: &Path, processor: Option<&str>, args: &[&str]) -> Vec<u8> {
    let program = env!("CARGO_BIN_EXE_stemline");
    let mut command = match processor {
        Some(name) => {
            let mut emulator = Command::new("qemu-x86_64");
            emulator.args(["-cpu", name, program]);
            emulator
        }
        None => Command::new(program),
    };
    let output = command
        .args(args)
        .current_dir(folder)
        .env("SOURCE_DATE_EPOCH", "1767268800")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{processor:?} {args:?}: {said}");
    output.stdout
}

/// The files of a folder by their names.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// Conforms the demonstration film on a machine; the files are taken away again.
fn conform(folder: &Path, processor: Option<&str>) -> BTreeMap<String, Vec<u8>> {
    let lists = ["film/film_r1_dx.edl", "film/film_r1_mx_fx.otio"];
    let settings = ["--media", "film/sound", "--title", "FILM", "--rate", "24"];
    let args = [&["conform"], &lists[..], &settings, &["--out", "out"]].concat();
    run(folder, processor, &args);
    let written = files(&folder.join("out"));
    fs::remove_dir_all(folder.join("out")).unwrap();
    written
}

#[test]
fn every_processor_writes_and_reports_the_same() {
    if !cfg!(target_arch = "x86_64") || !has_tool("qemu-x86_64") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    run(path, None, &["demo", "film"]);
    let sound = [
        "film/out/FILM_R1_DX.wav",
        "film/out/FILM_R1_FX.wav",
        "film/out/FILM_R1_MIX.wav",
    ];
    let measures = ["measure", "--json", "--precise"];
    let measure = [&measures[..], &sound].concat();
    let (written, measured) = (conform(path, None), run(path, None, &measure));
    assert!(written.len() >= 9, "{:?}", written.keys());
    for processor in PROCESSORS {
        for (name, bytes) in conform(path, Some(processor)) {
            assert!(written[&name] == bytes, "{name} on {processor}");
        }
        assert!(
            run(path, Some(processor), &measure) == measured,
            "measure on {processor}"
        );
    }
}
