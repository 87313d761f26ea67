//! Reels and long-play: joined without a sample lost or doubled, and cut again.

use std::fs;
use std::path::Path;

use crate::film::{Delivery, clip, gap, roll, run_in, timeline};
use crate::support::{Roll, read_wave};

/// Settings of a delivery of reels with pops, and of long-play.
const SETTINGS: [&str; 14] = [
    "--set",
    "file_name={title}_{part}_{code}.wav",
    "--set",
    "programme.start=01:00:00:00",
    "--set",
    "programme.reels=both",
    "--set",
    "head.length=8 s",
    "--set",
    "head.pop=2 s",
    "--set",
    "tail.length=4 s",
    "--set",
    "tail.pop=2 s",
];

/// Six reels of different lengths; each with a leader and a pop of its own before the picture and
/// something behind the last frame of picture.
fn write_reels(folder: &Path, fps: f64) -> Vec<String> {
    roll(folder, "1A-1 DIA.wav", 7, 10 * 48_000);
    roll(folder, "MUS CUE.wav", 8, 10 * 48_000);
    roll(folder, "2POP.wav", 9, 4 * 48_000);
    let nominal = fps.ceil() as i64;
    let mut names = Vec::new();
    for reel in 1..=6_i64 {
        let length = 3 * nominal + reel * 7;
        let name = format!("reel{reel}.otio");
        let start = (reel * 3600 - 8) * nominal;
        let tracks = [
            (
                "DX 1",
                vec![
                    gap(fps, 6 * nominal),
                    clip("2POP.wav", fps, 0, 1),
                    gap(fps, 2 * nominal - 1),
                    clip("1A-1 DIA.wav", fps, reel * 5, length + 20),
                ],
            ),
            (
                "MX 1",
                vec![
                    gap(fps, 7 * nominal),
                    clip("MUS CUE.wav", fps, reel, 6 * nominal),
                ],
            ),
        ];
        let markers = [("FFOA", 8 * nominal), ("LFOA", 8 * nominal + length - 1)];
        timeline(&folder.join(&name), fps, start, &tracks, &markers);
        names.push(name);
    }
    names
}

fn conform(folder: &Path, timelines: &[String], out: &str, more: &[&str]) -> Delivery {
    let mut args = vec!["conform"];
    args.extend(timelines.iter().map(String::as_str));
    args.extend(["--media", ".", "--title", "T", "--out", out]);
    args.extend(SETTINGS);
    args.extend(more);
    run_in(folder, &args, 0);
    Delivery::read(&folder.join(out), "T")
}

/// The sound of every stem and composite of a part, in order.
fn sound(delivery: &Delivery, reel: Option<u64>) -> Vec<Vec<Vec<i32>>> {
    let codes = ["DX", "MX", "FX", "ME", "MIX"];
    let sound = codes.map(|code| delivery.output(code, reel).unwrap().into_values().collect());
    sound.into_iter().collect()
}

fn check(fps: f64) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let reels = write_reels(path, fps);
    let joined = conform(path, &reels, "joined", &["--reels"]);
    let whole = sound(&joined, None);
    // Long-play is the reels end to end.
    let mut at = 0;
    for reel in 1..=6 {
        let part = sound(&joined, Some(reel));
        let length = part[0][0].len();
        let same = whole.iter().zip(&part).all(|(whole, part)| {
            whole
                .iter()
                .zip(part)
                .all(|(whole, part)| whole[at..at + length] == part[..])
        });
        assert!(same, "reel {reel} at {fps}");
        at += length;
    }
    assert_eq!(at, whole[0][0].len(), "nothing is left at {fps}");
    // The long-play starts on a sample: its length is that of its frames.
    let (nominal, whole_rate) = (fps.ceil() as usize, fps.fract() == 0.0);
    let frames: usize = (1..=6).map(|reel| 3 * nominal + reel * 7).sum();
    let (num, den) = if whole_rate { (1, 1) } else { (1001, 1000) };
    let twice = 2 * frames * 48_000 * num / (nominal * den);
    assert_eq!(at, twice.div_ceil(2), "long-play at {fps}");
    let exact = (48_000 * num).is_multiple_of(nominal * den);
    assert!(whole[0][0].iter().any(|&x| x != 0));
    // Each reel alone is the same file, where frames have whole samples.
    for (i, reel) in reels.iter().enumerate() {
        let number = i as u64 + 1;
        let alone = conform(
            path,
            std::slice::from_ref(reel),
            &format!("alone{number}"),
            &["--reels"],
        );
        let name = format!("T_r{number:02}_MIX.wav");
        let of = |delivery: &Delivery| read_wave(&delivery.folder.join(&name)).1;
        if exact {
            assert!(of(&alone) == of(&joined), "{name} at {fps}");
        } else {
            // It stands on its own axis then, not on that of a long-play.
            let lengths = [of(&alone).len(), of(&joined).len()];
            assert!(lengths[0].abs_diff(lengths[1]) <= 6, "{name} at {fps}");
        }
    }
    cut_again(path, fps, &joined);
}

/// Cuts the long-play files at their marks, as timelines of one clip a track.
fn cut_again(path: &Path, fps: f64, joined: &Delivery) {
    let nominal = fps.ceil() as i64;
    let lp = path.join("lp");
    fs::create_dir_all(&lp).unwrap();
    let total: i64 = (1..=6).map(|reel| 3 * nominal + reel * 7).sum();
    let mut tracks = Vec::new();
    for code in ["DX", "MX"] {
        let name = format!("{code} LP.wav");
        fs::copy(
            joined.folder.join(format!("T_lp_{code}.wav")),
            lp.join(&name),
        )
        .unwrap();
        tracks.push((code, vec![clip(&name, fps, 0, total + 12 * nominal)]));
    }
    let start = (3600 - 8) * nominal;
    timeline(&lp.join("lp.otio"), fps, start, &tracks, &[]);
    let mut args: Vec<String> = ["--ffoa", "01:00:00:00"].map(str::to_owned).to_vec();
    let mut frames = 3600 * nominal;
    for reel in 1..=6 {
        frames += 3 * nominal + reel * 7;
        let (s, f) = (frames / nominal, frames % nominal);
        let timecode = format!("{:02}:{:02}:{:02}:{f:02}", s / 3600, s / 60 % 60, s % 60);
        if reel < 6 {
            args.extend(["--reel-mark".to_owned(), timecode]);
        } else {
            let last = frames - 1;
            let (s, f) = (last / nominal, last % nominal);
            args.push("--lfoa".to_owned());
            args.push(format!(
                "{:02}:{:02}:{:02}:{f:02}",
                s / 3600,
                s / 60 % 60,
                s % 60
            ));
        }
    }
    let more: Vec<&str> = args.iter().map(String::as_str).collect();
    let more = [&more[..], &["--set", "stem.DX.layout=2.0"]].concat();
    let cut = conform(path, &["lp/lp.otio".to_owned()], "cut", &more);
    for reel in 1..=6 {
        assert!(
            sound(&cut, Some(reel)) == sound(joined, Some(reel)),
            "reel {reel} at {fps}"
        );
        for code in ["DX", "MX"] {
            let name = format!("T_r{reel:02}_{code}.wav");
            let of = |delivery: &Delivery| read_wave(&delivery.folder.join(&name)).1;
            assert!(
                of(&cut) == of(joined),
                "{name} at {fps}, leader and pops too"
            );
        }
    }
}

#[test]
fn six_reels_join_and_cut_bit_for_bit() {
    for fps in [24.0, 25.0, 24_000.0 / 1001.0] {
        check(fps);
    }
}

#[test]
fn reels_whose_frames_have_no_whole_samples_join_and_cut_bit_for_bit() {
    for fps in [30_000.0 / 1001.0, 60_000.0 / 1001.0] {
        check(fps);
    }
}

/// The reels of the plan's files in order, each once, after joining these timelines.
fn numbered(folder: &Path, timelines: &[&str], told: &[&str]) -> Vec<(Option<u64>, String)> {
    let mut args = vec!["conform"];
    args.extend(timelines);
    args.extend(["--media", ".", "--title", "T", "--out", "out", "--reels"]);
    args.extend(SETTINGS);
    args.push("--plan-only");
    let said = run_in(folder, &args, 0);
    for code in ["CNF049", "CNF050"] {
        let expected = told.contains(&code);
        assert_eq!(said.contains(code), expected, "{timelines:?}: {said}");
    }
    let mut reels: Vec<(Option<u64>, String)> = Vec::new();
    for file in Delivery::read(&folder.join("out"), "T").files() {
        let start = file["start_timecode"].as_str().unwrap().to_owned();
        let reel = (file["reel"].as_u64(), start);
        if !reels.contains(&reel) {
            reels.push(reel);
        }
    }
    reels
}

#[test]
fn reels_are_numbered_by_their_hours() {
    let folder = tempfile::tempdir().unwrap();
    write_reels(folder.path(), 24.0);
    let check = |timelines: &[&str], told: &[&str], wanted: &[(Option<u64>, &str)]| {
        let wanted: Vec<_> = wanted.iter().map(|&(n, at)| (n, at.to_owned())).collect();
        let got = numbered(folder.path(), timelines, told);
        assert_eq!(got, wanted, "{timelines:?}");
    };
    let [one, two, three] = ["00:59:52:00", "01:59:52:00", "02:59:52:00"];
    check(
        &["reel3.otio", "reel1.otio", "reel2.otio"],
        &["CNF049"],
        &[
            (None, one),
            (Some(1), one),
            (Some(2), two),
            (Some(3), three),
        ],
    );
    check(
        &["reel1.otio", "reel3.otio"],
        &["CNF050"],
        &[(None, one), (Some(1), one), (Some(3), three)],
    );
    check(
        &["reel2.otio", "reel3.otio"],
        &["CNF050"],
        &[(None, two), (Some(2), two), (Some(3), three)],
    );
    check(
        &["reel1.otio", "reel2.otio"],
        &[],
        &[(None, one), (Some(1), one), (Some(2), two)],
    );
}

#[test]
fn what_is_trimmed_and_what_is_of_no_reel_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    write_reels(path, 24.0);
    let mut args = vec!["conform", "reel1.otio", "reel2.otio"];
    args.extend(["--media", ".", "--title", "T", "--out", "out", "--reels"]);
    args.extend(SETTINGS);
    args.push("--plan-only");
    let said = run_in(path, &args, 0);
    // Twenty frames of dialogue stand behind the last frame of picture, one second of music before the first.
    for want in [
        "CNF013",
        "loses its last 0.833 s outside the programme",
        "loses its first 1.000 s and its last",
    ] {
        assert!(said.contains(want), "{want}: {said}");
    }
    assert!(!said.contains("CNF052"), "{said}");
    args.extend(["--ffoa", "01:00:00:00", "--ffoa", "02:00:00:00"]);
    args.extend(["--ffoa", "03:00:00:00"]);
    let said = run_in(path, &args, 0);
    assert!(said.contains("CNF052"), "{said}");
    assert!(said.contains("--ffoa 03:00:00:00 is of no reel"), "{said}");
}

#[test]
fn reels_have_their_hours_and_their_pops() {
    let folder = tempfile::tempdir().unwrap();
    let reels = write_reels(folder.path(), 24.0);
    let joined = conform(folder.path(), &reels, "joined", &["--reels"]);
    for reel in 1..=6_u64 {
        let mut files = joined.files().iter().filter(|file| file["reel"] == reel);
        let file = files.next().unwrap();
        let start = file["start_sample"].as_u64().unwrap();
        assert_eq!(start, (reel * 3600 - 8) * 48_000);
        let planes = joined.planes(file["file"].as_str().unwrap());
        let (head, length) = (8 * 48_000, file["length"].as_u64().unwrap() as usize);
        for plane in planes {
            let pop = &plane[head - 96_000..head - 94_000];
            // A quarter of a turn of 1 kHz is twelve samples; -20 dBFS is a tenth of full scale.
            assert_eq!(
                (pop[0], pop[12], pop[24], pop[36]),
                (0, 838_861, 0, -838_861)
            );
            let mut silence = plane[..head].to_vec();
            silence[head - 96_000..head - 94_000].fill(0);
            assert!(
                silence.iter().all(|&x| x == 0),
                "the pop of the cut is gone"
            );
            let last = head + length;
            let tail = last - 2000 + 96_000;
            assert!(plane[tail..tail + 2000] == *pop);
            assert!(
                plane[last..tail]
                    .iter()
                    .chain(&plane[tail + 2000..])
                    .all(|&x| x == 0)
            );
        }
    }
}

/// A cut list with a pop two seconds before the picture at one hour.
const POPPED: &str = "TITLE: A\nFCM: NON-DROP FRAME\n\
    001  2POP  A     C        00:00:00:00 00:00:00:01 00:59:58:00 00:59:58:01\n\
    * FROM CLIP NAME: 2POP\n\
    002  1A-1  A     C        00:00:01:00 00:00:03:00 01:00:00:00 01:00:02:00\n\
    * FROM CLIP NAME: 1A-1 DIA\n";

#[test]
fn a_pop_of_the_cut_needs_no_stem_and_is_not_the_first_frame_of_picture() {
    let folder = tempfile::tempdir().unwrap();
    roll(folder.path(), "1A-1 DIA.wav", 7, 10 * 48_000);
    fs::write(folder.path().join("a.edl"), POPPED).unwrap();
    fs::write(
        folder.path().join("rules.toml"),
        "[[rule]]\nclip = \"^1A\"\nstem = \"DX\"\n",
    )
    .unwrap();
    let check = |spec: &str, more: &[&str], start: &str, length: u64| {
        let mut args = vec![
            "conform",
            "a.edl",
            "--media",
            ".",
            "--title",
            "T",
            "--rate",
            "24",
            "--spec",
            spec,
            "--plan-only",
            "--out",
            spec,
        ];
        args.extend(more);
        run_in(folder.path(), &args, 0);
        let delivery = Delivery::read(&folder.path().join(spec), "T");
        let file = &delivery.files()[0];
        assert_eq!(file["start_timecode"], start, "{spec}");
        assert_eq!(file["length"], length, "{spec}");
    };
    let rules = ["--rules", "rules.toml"];
    check("netflix-me", &rules, "01:00:00:00", 96_000);
    // The reel's own head starts eight seconds before its picture.
    let unassigned = ["--on-unassigned", "DX-PROD"];
    check("academy-archive-stems", &unassigned, "01:00:00:00", 96_000);
}

/// A dialogue clip of 100 frames at 01:00:08:00, between pops two seconds before its first and behind its last
/// frame, and another in the middle of it.
fn popped(path: &Path, inside: bool) {
    roll(path, "DX_A.wav", 5, 20 * 48_000);
    Roll::mono().write(&path.join("2-POP.wav"), vec![800_000; 2_000]);
    let pop = || clip("2-POP.wav", 24.0, 0, 1);
    let sound = |frames| clip("DX_A.wav", 24.0, 0, frames);
    let mut cut = vec![gap(24.0, 144), pop(), gap(24.0, 47), sound(100)];
    cut.extend(if inside {
        vec![pop(), sound(40)]
    } else {
        vec![gap(24.0, 47), pop()]
    });
    timeline(&path.join("a.otio"), 24.0, 86_400, &[("DX 1", cut)], &[]);
}

#[test]
fn pops_of_the_cut_say_where_the_picture_ends_or_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let plan = |more: &[&str]| {
        let mut args = vec!["conform", "a.otio", "--media", ".", "--title", "T"];
        args.extend([
            "--out",
            "out",
            "--plan-only",
            "--spec",
            "academy-archive-stems",
        ]);
        args.extend(more);
        let said = run_in(path, &args, 0);
        let delivery = Delivery::read(&path.join("out"), "T");
        (said, delivery.files()[0]["length"].as_u64().unwrap())
    };
    popped(path, false);
    let (_, length) = plan(&[]);
    assert_eq!(length, 100 * 2_000);
    // A frame further, and the pop stands a frame early.
    let (said, length) = plan(&["--lfoa", "01:00:12:04"]);
    assert!(
        said.contains("the cut has a pop at 01:00:14:03, the spec at 01:00:14:04"),
        "{said}"
    );
    assert_eq!(length, 101 * 2_000);
    popped(path, true);
    let (said, length) = plan(&[]);
    assert!(
        said.contains("pop at 01:00:12:04, inside the programme"),
        "{said}"
    );
    assert_eq!(length, 141 * 2_000);
}

#[test]
fn a_head_pop_says_where_the_picture_begins_in_specs_without_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    popped(path, false);
    for spec in ["netflix-me", "dcp-71"] {
        let mut args = vec!["conform", "a.otio", "--media", ".", "--title", "T"];
        args.extend(["--out", spec, "--plan-only", "--spec", spec]);
        let said = run_in(path, &args, 0);
        assert!(!said.contains("inside the programme"), "{spec}: {said}");
        let delivery = Delivery::read(&path.join(spec), "T");
        let file = &delivery.files()[0];
        assert_eq!(file["length"], 100 * 2_000, "{spec}: {said}");
    }
}

#[test]
fn marks_of_reels_go_by_their_hours() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    roll(path, "1A-1 DIA.wav", 7, 20 * 48_000);
    for reel in 1..=3_i64 {
        let tracks = [("DX 1", vec![clip("1A-1 DIA.wav", 24.0, 0, 100 + reel)])];
        let file = path.join(format!("r{reel}.otio"));
        timeline(&file, 24.0, reel * 86_400, &tracks, &[]);
    }
    let check = |marks: &[&str], wanted: [u64; 3], told: &str| {
        let mut args = vec!["conform", "r1.otio", "r2.otio", "r3.otio", "--reels"];
        args.extend([
            "--media",
            ".",
            "--title",
            "T",
            "--out",
            "out",
            "--plan-only",
        ]);
        args.extend(SETTINGS);
        args.extend(marks);
        let said = run_in(path, &args, 0);
        assert!(said.contains(told), "{marks:?}: {said}");
        let delivery = Delivery::read(&path.join("out"), "T");
        let of_reels = delivery.files().iter().filter(|file| {
            file["output"] == "DX" && file.get("reel").is_some_and(|reel| !reel.is_null())
        });
        let picture = |file: &serde_json::Value| file["length"].as_u64().unwrap() / 2_000;
        let lengths: Vec<u64> = of_reels.map(picture).collect();
        assert_eq!(lengths, wanted, "{marks:?}: {said}");
    };
    check(&[], [101, 102, 103], "");
    check(&["--lfoa", "02:00:02:01"], [101, 50, 103], "");
    let both = [
        "--lfoa",
        "03:00:02:01",
        "--ffoa",
        "02:00:01:00",
        "--lfoa",
        "01:00:00:23",
    ];
    check(&both, [24, 78, 50], "");
    check(
        &["--lfoa", "05:00:00:00"],
        [101, 102, 103],
        "--lfoa 05:00:00:00 is of no reel",
    );
}

#[test]
fn markers_that_contradict_the_reels_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    roll(path, "1A-1 DIA.wav", 7, 20 * 48_000);
    let check = |markers: &[(&str, i64)], wanted: &[&str]| {
        let tracks = [("DX 1", vec![clip("1A-1 DIA.wav", 24.0, 0, 400)])];
        timeline(&path.join("cut.otio"), 24.0, 3600 * 24, &tracks, markers);
        let mut args = vec!["conform", "cut.otio", "--media", ".", "--title", "T"];
        args.extend(["--out", "out", "--plan-only"]);
        args.extend(SETTINGS);
        let said = run_in(path, &args, 0);
        for want in wanted {
            assert!(said.contains(want), "{markers:?}, {want}: {said}");
        }
        let told = said.matches("CNF056").count() + said.matches("CNF057").count();
        assert_eq!(told, wanted.len(), "{markers:?}: {said}");
    };
    check(&[("R2", 100), ("REEL 3 START", 200)], &[]);
    check(&[("Reel 1", 0), ("Reel 2", 100)], &[]);
    check(
        &[("R2", 100), ("R4", 200)],
        &["the marker of reel 4 at 01:00:08:08 begins reel 3"],
    );
    check(
        &[("REEL 3", 100), ("R2", 200)],
        &[
            "the marker of reel 3 at 01:00:04:04 begins reel 2",
            "the marker of reel 2 at 01:00:08:08 begins reel 3",
        ],
    );
    check(
        &[("FFOA", 10), ("FFOA", 30), ("LFOA", 300)],
        &["FFOA stands at 01:00:00:10 and at 01:00:01:06; the first is taken"],
    );
}
