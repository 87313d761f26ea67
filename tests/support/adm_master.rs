//! Small ADM masters with noise in their tracks, and the reference renderer to hold them against.

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

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::support::{expect_status, read_wave};

/// Sample frames of every master.
pub const FRAMES: u64 = 24_000;

/// A master: its elements, and for each track what it is.
pub struct Master {
    pub axml: String,
    pub rows: Vec<(String, String)>,
}

impl Master {
    /// Objects with these elements beside their references and these blocks, in a programme with these.
    pub fn objects(programme: &str, objects: &[(&str, &str, &str)]) -> Self {
        let (mut axml, mut rows, mut references) = (String::new(), Vec::new(), String::new());
        for (i, (attributes, inside, blocks)) in objects.iter().enumerate() {
            let (object, own) = (
                format!("AO_{:04x}", 0x1001 + i),
                format!("0003{:04x}", 0x1001 + i),
            );
            write!(references, "<audioObjectIDRef>{object}</audioObjectIDRef>").unwrap();
            write!(axml, "<audioObject audioObjectID='{object}' audioObjectName='O{i}' {attributes}>{inside}\
                 <audioPackFormatIDRef>AP_{own}</audioPackFormatIDRef>\
                 <audioTrackUIDRef>ATU_{:08x}</audioTrackUIDRef></audioObject>\
                 <audioPackFormat audioPackFormatID='AP_{own}' audioPackFormatName='P' typeLabel='0003' \
                 typeDefinition='Objects'><audioChannelFormatIDRef>AC_{own}</audioChannelFormatIDRef></audioPackFormat>\
                 <audioChannelFormat audioChannelFormatID='AC_{own}' audioChannelFormatName='C' typeLabel='0003' \
                 typeDefinition='Objects'>{blocks}</audioChannelFormat>",
                i + 1
            ).unwrap();
            axml += &streams(&own);
            rows.push((format!("AT_{own}_01"), format!("AP_{own}")));
        }
        Self::new(programme, &references, &axml, rows)
    }

    pub fn new(programme: &str, references: &str, axml: &str, rows: Vec<(String, String)>) -> Self {
        let mut uids = String::new();
        for (i, (track, pack)) in rows.iter().enumerate() {
            write!(
                uids,
                "<audioTrackUID UID='ATU_{:08x}' sampleRate='48000' bitDepth='24'>\
                 <audioTrackFormatIDRef>{track}</audioTrackFormatIDRef>\
                 <audioPackFormatIDRef>{pack}</audioPackFormatIDRef></audioTrackUID>",
                i + 1
            )
            .unwrap();
        }
        let axml = format!(
            "<ebuCoreMain xmlns='urn:ebu:metadata-schema:ebuCore_2016'><coreMetadata><format><audioFormatExtended>\
             <audioProgramme audioProgrammeID='APR_1001' audioProgrammeName='P'>\
             <audioContentIDRef>ACO_1001</audioContentIDRef>{programme}</audioProgramme>\
             <audioContent audioContentID='ACO_1001' audioContentName='Effects'>{references}\
             <dialogue nonDialogueContentKind='2'>0</dialogue></audioContent>{axml}{uids}\
             </audioFormatExtended></format></coreMetadata></ebuCoreMain>"
        );
        Self { axml, rows }
    }

    /// Writes it with noise in its tracks.
    pub fn write(&self, path: &Path) {
        let channels = self.rows.len() as u16;
        let mut fmt = vec![1, 0];
        fmt.extend(channels.to_le_bytes());
        fmt.extend(48_000_u32.to_le_bytes());
        fmt.extend((144_000 * u32::from(channels)).to_le_bytes());
        fmt.extend((3 * channels).to_le_bytes());
        fmt.extend([24, 0]);
        let mut chna = [channels.to_le_bytes(), channels.to_le_bytes()].concat();
        for (i, (track, pack)) in (1_u16..).zip(&self.rows) {
            chna.extend(i.to_le_bytes());
            chna.extend(format!("ATU_{i:08x}{track}{pack}\0").bytes());
        }
        let mut state = 1_u32;
        let noise = (0..FRAMES * u64::from(channels)).flat_map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let [_, low, middle, high] = ((state.cast_signed() >> 3) & !0xFF).to_le_bytes();
            [low, middle, high]
        });
        let noise: Vec<u8> = noise.collect();
        let mut body = b"WAVE".to_vec();
        for (id, content) in [
            (b"fmt ", fmt.as_slice()),
            (b"chna", &chna),
            (b"axml", self.axml.as_bytes()),
            (b"data", &noise),
        ] {
            body.extend(id);
            body.extend((content.len() as u32).to_le_bytes());
            body.extend(content);
            body.extend(vec![0; content.len() % 2]);
        }
        let head = [b"RIFF".as_slice(), &(body.len() as u32).to_le_bytes()].concat();
        fs::write(path, [head, body].concat()).unwrap();
    }
}

/// The stream and track format of a channel.
pub fn streams(own: &str) -> String {
    let pcm = "formatLabel='0001' formatDefinition='PCM'";
    format!(
        "<audioStreamFormat audioStreamFormatID='AS_{own}' audioStreamFormatName='S' {pcm}>\
         <audioChannelFormatIDRef>AC_{own}</audioChannelFormatIDRef>\
         <audioTrackFormatIDRef>AT_{own}_01</audioTrackFormatIDRef></audioStreamFormat>\
         <audioTrackFormat audioTrackFormatID='AT_{own}_01' audioTrackFormatName='T' {pcm}>\
         <audioStreamFormatIDRef>AS_{own}</audioStreamFormatIDRef></audioTrackFormat>"
    )
}

/// A block at an azimuth and elevation with other elements.
pub fn block(times: Option<(&str, &str)>, azimuth: f64, elevation: f64, more: &str) -> String {
    let times = times
        .map(|(start, duration)| format!("rtime='00:00:0{start}' duration='00:00:0{duration}'"));
    format!(
        "<audioBlockFormat audioBlockFormatID='AB_00031001_00000001' {}>\
         <position coordinate='azimuth'>{azimuth}</position><position coordinate='elevation'>{elevation}</position>\
         <position coordinate='distance'>1</position>{more}</audioBlockFormat>",
        times.unwrap_or_default()
    )
}

/// The file as a timeline; the folder of the results and what was said.
pub fn conform(file: &Path, out: &str, options: &[&str]) -> (PathBuf, String) {
    let out = file.parent().unwrap().join(out);
    let mut args = vec!["conform", file.to_str().unwrap(), "--title", "T"];
    args.extend(["--out", out.to_str().unwrap(), "--layout", "7.1.4"]);
    args.extend(options);
    let said = expect_status(&args, 0);
    (out, String::from_utf8(said.stderr).unwrap())
}

/// The mix of two folders; how far they are apart in steps of 24 bits.
pub fn apart(one: &Path, other: &Path) -> i32 {
    let [one, other] = [one, other].map(|folder| read_wave(&folder.join("T_MIX.wav")));
    assert_eq!(one.1.len(), other.1.len());
    let pairs = one.1.iter().zip(&other.1);
    pairs.map(|(a, b)| (a - b).abs()).max().unwrap_or(0)
}

pub fn has_ear() -> bool {
    let found = Command::new("python3").args(["-c", "import ear"]).output();
    let found = found.is_ok_and(|output| output.status.success());
    if !found {
        println!("skipped: python3 with ear (the EBU ADM renderer) is not installed");
    }
    found
}

/// Renders to 4+7+0 and tells how far a file of 32-bit floats or 24-bit integers is from that.
pub const EAR: &str = "
import sys, numpy as np
from ear.core import bs2051
from ear.fileio import openBw64Adm
from ear.core.metadata_processing import preprocess_rendering_items
from ear.core.select_items import select_rendering_items
from ear.core.renderer import Renderer
from ear.fileio.adm.elements import AudioProgramme
path, mix = sys.argv[1:]
layout = bs2051.get_layout('4+7+0')
with openBw64Adm(path) as infile:
    infile.adm.validate() if hasattr(infile.adm, 'validate') else None
    items = preprocess_rendering_items(select_rendering_items(infile.adm))
    renderer = Renderer(layout)
    renderer.set_rendering_items(items)
    parts = [renderer.render(infile.sampleRate, block) for block in infile.iter_sample_blocks(4096)]
    parts.append(renderer.get_tail(infile.sampleRate, infile.channels))
    want = np.concatenate(parts)
raw = np.fromfile(mix, dtype='<i4').reshape(-1, 12) / 8388608.0
print(np.abs(want[: len(raw)] - raw).max(), np.abs(want).max())
";

/// How far the mix of a folder is from what the reference renderer makes of a file, in full scale.
pub fn from_ear(file: &Path, folder: &Path) -> f64 {
    let (_, samples) = read_wave(&folder.join("T_MIX.wav"));
    let raw = folder.join("mix.raw");
    let bytes: Vec<u8> = samples.iter().flat_map(|x| x.to_le_bytes()).collect();
    fs::write(&raw, bytes).unwrap();
    let run = Command::new("python3")
        .args(["-W", "ignore", "-c", EAR])
        .args([file, &raw])
        .output();
    let run = run.unwrap();
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{said}");
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    let numbers: Vec<f64> = said
        .split_whitespace()
        .map(|n| n.parse().unwrap())
        .collect();
    let sounds = samples.iter().any(|x| *x != 0);
    assert_eq!(
        numbers[1] > 1e-4,
        sounds,
        "{} in the reference renderer",
        numbers[1]
    );
    numbers[0]
}
