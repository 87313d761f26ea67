//! Small ADM masters: what is carried over sounds like what was rendered, and both like the reference
//! renderer where it is installed.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot prepare its files has failed; one that skips says so"
)]

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::{expect_status, read_wave};

/// Sample frames of every master.
const FRAMES: u64 = 24_000;

/// A master: its elements, and for each track what it is.
struct Master {
    axml: String,
    rows: Vec<(String, String)>,
}

impl Master {
    /// Objects with these elements beside their references and these blocks, in a programme with these.
    fn objects(programme: &str, objects: &[(&str, &str, &str)]) -> Self {
        let (mut axml, mut rows, mut references) = (String::new(), Vec::new(), String::new());
        for (i, (attributes, inside, blocks)) in objects.iter().enumerate() {
            let (object, own) = (
                format!("AO_{:04x}", 0x1001 + i),
                format!("0003{:04x}", 0x1001 + i),
            );
            write!(references, "<audioObjectIDRef>{object}</audioObjectIDRef>").unwrap();
            write!(axml,                 "<audioObject audioObjectID='{object}' audioObjectName='O{i}' {attributes}>{inside}\
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

    fn new(programme: &str, references: &str, axml: &str, rows: Vec<(String, String)>) -> Self {
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
    fn write(&self, path: &Path) {
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
fn streams(own: &str) -> String {
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
fn block(times: Option<(&str, &str)>, azimuth: f64, elevation: f64, more: &str) -> String {
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
fn conform(file: &Path, out: &str, options: &[&str]) -> (PathBuf, String) {
    let out = file.parent().unwrap().join(out);
    let mut args = vec!["conform", file.to_str().unwrap(), "--title", "T"];
    args.extend(["--out", out.to_str().unwrap(), "--layout", "7.1.4"]);
    args.extend(options);
    let said = expect_status(&args, 0);
    (out, String::from_utf8(said.stderr).unwrap())
}

/// The mix of two folders; how far they are apart in steps of 24 bits.
fn apart(one: &Path, other: &Path) -> i32 {
    let [one, other] = [one, other].map(|folder| read_wave(&folder.join("T_MIX.wav")));
    assert_eq!(one.1.len(), other.1.len());
    let pairs = one.1.iter().zip(&other.1);
    pairs.map(|(a, b)| (a - b).abs()).max().unwrap_or(0)
}

fn has_ear() -> bool {
    let found = Command::new("python3").args(["-c", "import ear"]).output();
    let found = found.is_ok_and(|output| output.status.success());
    if !found {
        println!("skipped: python3 with ear (the EBU ADM renderer) is not installed");
    }
    found
}

/// Renders to 4+7+0 and tells how far a file of 32-bit floats or 24-bit integers is from that.
const EAR: &str = "
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
fn from_ear(file: &Path, folder: &Path) -> f64 {
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
        numbers[1] > 0.01,
        sounds,
        "the reference renderer is silent"
    );
    numbers[0]
}

/// Times and gains of 24 bits: four tracks add their roundings.
const NEAR: i32 = 6;

/// What a delivery with objects holds sounds as the mix does, for us and for the reference renderer;
/// `kept` says whether all items are carried over.
fn carried(name: &str, master: &Master, options: &[&str], kept: bool) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("in.wav");
    master.write(&file);
    for profile in ["bs2076-1", "bs2076-2"] {
        let adm = ["--adm", profile, "--keep-objects"];
        let (out, said) = conform(&file, profile, &[&adm, options].concat());
        assert_eq!(!said.contains("ADM101"), kept, "{name} {profile}: {said}");
        let written = out.join("T_ADM.wav");
        let back = format!("{profile}_back");
        let rate: &[&str] = if options.is_empty() {
            &[]
        } else {
            &["--rate", "25"]
        };
        let (again, _) = conform(&written, &back, rate);
        let distance = apart(&out, &again);
        assert!(distance <= NEAR, "{name} {profile}: {distance} steps apart");
        expect_status(&["adm-check", written.to_str().unwrap()], 0);
        if profile == "bs2076-1" && has_ear() {
            let distance = from_ear(&written, &out);
            assert!(distance < 2e-6, "{name}: {distance} from the reference");
        }
    }
}

#[test]
fn carried_over_objects_sound_as_rendered_ones() {
    let still = block(None, 20.0, 10.0, "<gain>0.5</gain>");
    carried(
        "still",
        &Master::objects("", &[("", "", &still)]),
        &[],
        true,
    );
    let screen = "<audioProgrammeReferenceScreen aspectRatio='2.39'><screenCentrePosition azimuth='5' elevation='3' \
                  distance='1'/><screenWidth azimuth='40'/></audioProgrammeReferenceScreen>";
    let shown = block(None, 20.0, 10.0, "<screenRef>1</screenRef>");
    carried(
        "screen",
        &Master::objects(screen, &[("", "", &shown)]),
        &[],
        true,
    );
    let long = ["0", "1"].map(|at| block(Some((&format!("{at}.00000"), "1.00000")), 30.0, 0.0, ""));
    let ends = (
        "start='00:00:00.05000' duration='00:00:00.30000'",
        "",
        long.concat(),
    );
    let ends = Master::objects("", &[(ends.0, ends.1, &ends.2)]);
    carried("ends", &ends, &[], true);
    let odd = [
        ("0.00000", "0.01067"),
        ("0.01067", "0.01066"),
        ("0.02133", "0.10000"),
    ];
    let odd = odd.map(|times| block(Some(times), times.0.len() as f64 * 10.0, 0.0, ""));
    carried(
        "odd times",
        &Master::objects("", &[("", "", &odd.concat())]),
        &[],
        true,
    );
}

#[test]
fn ramps_that_the_programme_cuts_are_rendered() {
    let blocks = [
        block(Some(("0.00000", "0.10000")), 0.0, 0.0, ""),
        block(Some(("0.10000", "0.30000")), 90.0, 0.0, ""),
    ];
    let master = Master::objects("", &[("", "", &blocks.concat())]);
    let start = |frame: &str| {
        ["--rate", "25", "--start"]
            .map(str::to_owned)
            .into_iter()
            .chain([frame.to_owned()])
            .collect::<Vec<_>>()
    };
    // The ramp lasts from 2.5 frames to 10.
    for (frame, kept) in [
        ("00:00:00:02", true),
        ("00:00:00:05", false),
        ("00:00:00:11", false),
    ] {
        let options = start(frame);
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        carried(frame, &master, &options, kept);
    }
}

#[test]
fn gains_of_sound_fields_are_carried_over() {
    let (mut axml, mut rows, mut channels, mut tracks) =
        (String::new(), Vec::new(), String::new(), String::new());
    for (i, (order, degree)) in [(0, 0), (1, -1), (1, 0), (1, 1)].into_iter().enumerate() {
        let own = format!("0004{:04x}", 0x1001 + i);
        write!(axml,             "<audioChannelFormat audioChannelFormatID='AC_{own}' audioChannelFormatName='C' typeLabel='0004' \
             typeDefinition='HOA'><audioBlockFormat audioBlockFormatID='AB_{own}_00000001'><order>{order}</order>\
             <degree>{degree}</degree><gain>0.3</gain></audioBlockFormat></audioChannelFormat>"
        ).unwrap();
        axml += &streams(&own);
        write!(
            channels,
            "<audioChannelFormatIDRef>AC_{own}</audioChannelFormatIDRef>"
        )
        .unwrap();
        write!(
            tracks,
            "<audioTrackUIDRef>ATU_{:08x}</audioTrackUIDRef>",
            i + 1
        )
        .unwrap();
        rows.push((format!("AT_{own}_01"), "AP_00041001".to_owned()));
    }
    write!(
        axml,
        "<audioPackFormat audioPackFormatID='AP_00041001' audioPackFormatName='P' typeLabel='0004' \
         typeDefinition='HOA'>{channels}</audioPackFormat>\
         <audioObject audioObjectID='AO_1001' audioObjectName='H'>\
         <audioPackFormatIDRef>AP_00041001</audioPackFormatIDRef>{tracks}</audioObject>"
    )
    .unwrap();
    let master = Master::new(
        "",
        "<audioObjectIDRef>AO_1001</audioObjectIDRef>",
        &axml,
        rows,
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("in.wav");
    master.write(&file);
    let (out, said) = conform(&file, "out", &["--adm", "bs2076-1", "--keep-objects"]);
    assert!(!said.contains("ADM101"), "{said}");
    let (again, _) = conform(&out.join("T_ADM.wav"), "again", &[]);
    assert!(apart(&out, &again) <= NEAR);
}

#[test]
fn offsets_are_kept_within_the_sphere() {
    let blocks = block(None, 170.0, 80.0, "");
    let inside = "<positionOffset coordinate='azimuth'>30</positionOffset>\
                  <positionOffset coordinate='elevation'>20</positionOffset>";
    let master = Master::objects("", &[("", inside, &blocks)]);
    carried("offset", &master, &[], true);
}

#[test]
fn numbers_that_are_none_are_told_and_nothing_is_lost_to_them() {
    for text in ["NaN", "inf", "-inf", "1e400", "", "1e300", "x"] {
        for element in [
            "gain",
            "width",
            "height",
            "depth",
            "diffuse",
            "objectDivergence",
            "importance",
        ] {
            let blocks = block(None, 20.0, 0.0, &format!("<{element}>{text}</{element}>"));
            told(
                &Master::objects("", &[("", "", &blocks)]),
                &format!("{element} {text}"),
            );
        }
        let place = format!(
            "<audioBlockFormat audioBlockFormatID='AB_00031001_00000001' rtime='{text}' duration='{text}'>\
             <position coordinate='azimuth'>{text}</position><position coordinate='elevation'>{text}</position>\
             <position coordinate='distance'>{text}</position><jumpPosition interpolationLength='{text}'>1\
             </jumpPosition></audioBlockFormat>"
        );
        told(
            &Master::objects("", &[("", "", &place)]),
            &format!("position {text}"),
        );
        let ends = format!("start='{text}' duration='{text}'");
        let inside = format!("<gain>{text}</gain>");
        told(
            &Master::objects("", &[(&ends, &inside, &block(None, 0.0, 0.0, ""))]),
            &format!("object {text}"),
        );
    }
}

/// Some finding tells of the values, and the sound is whole numbers below full scale.
fn told(master: &Master, what: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("in.wav");
    master.write(&file);
    let (out, said) = conform(&file, "out", &["--no-measure"]);
    assert!(
        said.contains("ADM004") || said.contains("ADM037"),
        "{what}: {said}"
    );
    assert!(!said.contains("RND002"), "{what}: {said}");
    let (_, samples) = read_wave(&out.join("T_MIX.wav"));
    assert!(samples.iter().any(|x| *x != 0), "{what}");
}

#[test]
fn ears_are_passed_to_left_and_right() {
    let tracks = "<audioTrackUIDRef>ATU_00000001</audioTrackUIDRef><audioTrackUIDRef>ATU_00000002</audioTrackUIDRef>";
    let axml = format!(
        "<audioObject audioObjectID='AO_1001' audioObjectName='B'>\
         <audioPackFormatIDRef>AP_00050001</audioPackFormatIDRef>{tracks}</audioObject>"
    );
    let row = |n: u8| (format!("AT_0005000{n}_01"), "AP_00050001".to_owned());
    let master = Master::new(
        "",
        "<audioObjectIDRef>AO_1001</audioObjectIDRef>",
        &axml,
        vec![row(1), row(2)],
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("in.wav");
    master.write(&file);
    let (out, said) = conform(&file, "out", &[]);
    assert!(said.contains("ADM033"), "{said}");
    let (_, given) = read_wave(&file);
    let (channels, mix) = read_wave(&out.join("T_MIX.wav"));
    for (given, mix) in given.chunks(2).zip(mix.chunks(channels)) {
        assert_eq!(given, &mix[..2]);
        assert!(mix[2..].iter().all(|x| *x == 0));
    }
}
