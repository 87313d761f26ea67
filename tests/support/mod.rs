//! What several tests need: the program, sound files written and read by hand, the shared corpus.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test binary uses its own part"
)]
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot prepare its files has failed; one that skips says so"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The folder of reference material beside the project, or a printed reason to skip.
pub fn shared(below: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared")
        .join(below);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {below} of the reference material is not here");
    None
}

/// Whether an external program is there, or a printed reason to skip.
pub fn has_tool(program: &str) -> bool {
    let found = Command::new(program).arg("-h").output().is_ok();
    if !found {
        println!("skipped: {program} is not installed");
    }
    found
}

/// Runs stemline.
pub fn stemline(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_stemline"))
        .args(args)
        .output()
        .unwrap()
}

/// Runs stemline and expects a status; shows what it said otherwise.
pub fn expect_status(args: &[&str], status: i32) -> Output {
    let output = stemline(args);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        output.status.code(),
        Some(status),
        "stemline {}\n{said}",
        args.join(" ")
    );
    assert!(!said.contains("panicked"), "{said}");
    output
}

/// A sound file to be written by hand: 24 bits.
#[derive(Debug, Clone, Default)]
pub struct Roll {
    pub channels: u16,
    pub rate: u32,
    /// bext TimeReference in samples since midnight.
    pub time_reference: Option<u64>,
    /// iXML, whole.
    pub ixml: Option<String>,
}

impl Roll {
    pub fn mono() -> Self {
        Self {
            channels: 1,
            rate: 48_000,
            ..Self::default()
        }
    }

    /// Writes interleaved 24-bit samples.
    pub fn write(&self, path: &Path, samples: impl IntoIterator<Item = i32>) {
        let data: Vec<u8> = samples
            .into_iter()
            .flat_map(|x| x.to_le_bytes().into_iter().take(3))
            .collect();
        let mut chunks = Vec::new();
        if let Some(reference) = self.time_reference {
            let mut bext = vec![0; 602];
            bext[338..346].copy_from_slice(&reference.to_le_bytes());
            push_chunk(&mut chunks, *b"bext", &bext);
        }
        if let Some(ixml) = &self.ixml {
            push_chunk(&mut chunks, *b"iXML", ixml.as_bytes());
        }
        let block = self.channels * 3;
        let mut fmt = Vec::new();
        fmt.extend([1_u16, self.channels].iter().flat_map(|n| n.to_le_bytes()));
        fmt.extend(
            [self.rate, self.rate * u32::from(block)]
                .iter()
                .flat_map(|n| n.to_le_bytes()),
        );
        fmt.extend([block, 24].iter().flat_map(|n| n.to_le_bytes()));
        push_chunk(&mut chunks, *b"fmt ", &fmt);
        push_chunk(&mut chunks, *b"data", &data);
        let mut file = b"RIFF".to_vec();
        file.extend((chunks.len() as u32 + 4).to_le_bytes());
        file.extend(b"WAVE");
        file.extend(chunks);
        fs::write(path, file).unwrap();
    }
}

fn push_chunk(to: &mut Vec<u8>, id: [u8; 4], body: &[u8]) {
    to.extend(id);
    to.extend((body.len() as u32).to_le_bytes());
    to.extend(body);
    to.extend(vec![0; body.len() % 2]);
}

/// A sound file read by hand: channels and interleaved 24-bit samples.
pub fn read_wave(path: &Path) -> (usize, Vec<i32>) {
    let bytes = fs::read(path).unwrap();
    assert!(
        matches!(&bytes[..4], b"RIFF" | b"RF64"),
        "{}",
        path.display()
    );
    let (mut at, mut channels) = (12, 0);
    loop {
        let size = u32::from_le_bytes(bytes[at + 4..at + 8].try_into().unwrap()) as usize;
        let body = at + 8;
        match &bytes[at..at + 4] {
            b"fmt " => channels = usize::from(bytes[body + 2]),
            b"data" => {
                let int = |b: &[u8]| i32::from_le_bytes([0, b[0], b[1], b[2]]) >> 8;
                return (
                    channels,
                    bytes[body..body + size].chunks_exact(3).map(int).collect(),
                );
            }
            _ => (),
        }
        at = body + size + size % 2;
    }
}

/// Names of the files in a folder, sorted.
pub fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// The demonstration film, written once for each test that wants it.
pub struct Film {
    folder: tempfile::TempDir,
}

impl Film {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        expect_status(&["demo", folder.path().to_str().unwrap()], 0);
        Self { folder }
    }

    pub fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    pub fn text(&self, below: &str) -> String {
        self.path(below).to_str().unwrap().to_owned()
    }

    /// The arguments that conform it into a folder of its own.
    pub fn conforming(&self, out: &str, more: &[&str]) -> Vec<String> {
        let cuts = ["film_r1_dx.edl", "film_r1_mx_fx.otio"].map(|cut| self.text(cut));
        let (media, out) = (self.text("sound"), self.text(out));
        let given = [
            "--media", &media, "--out", &out, "--title", "T", "--rate", "24",
        ];
        let given = given.iter().chain(more).map(|&arg| arg.to_owned());
        ["conform".to_owned()]
            .into_iter()
            .chain(cuts)
            .chain(given)
            .collect()
    }
}
