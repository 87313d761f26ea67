//! Versions: every recipe holds as an integer sum of the files, fold-downs as one rounding of it.

use std::fs;

use serde_json::Value;

use crate::film::{Delivery, clip, deliver, demo, gap, roll, run_in, timeline};
use crate::support::read_wave;

/// The integer sum of the stems of a composite, each a file of the delivery, for each channel.
fn sums(delivery: &Delivery, composite: &Value, channels: u64, length: usize) -> Vec<Vec<i64>> {
    let mut sums = vec![vec![0_i64; length]; channels as usize];
    for stem in composite["stems"].as_array().unwrap() {
        let sound = delivery.output(stem.as_str().unwrap(), None).unwrap();
        for (channel, plane) in sound {
            for (sum, sample) in sums[channel as usize].iter_mut().zip(plane) {
                *sum += i64::from(sample);
            }
        }
    }
    sums
}

/// Holds the composites of a delivery against sums of its stems' files; returns how many.
fn check(delivery: &Delivery) -> usize {
    const FULL: i64 = 1 << 23;
    let mut checked = 0;
    for composite in delivery.plan["composites"].as_array().unwrap() {
        let code = composite["code"].as_str().unwrap();
        let made = delivery.output(code, None).unwrap();
        let fold = composite.get("fold").filter(|fold| !fold.is_null());
        let length = made[&0].len();
        let channels = if fold.is_some() { 6 } else { made.len() as u64 };
        let sums = sums(delivery, composite, channels, length);
        for (channel, plane) in &made {
            for (i, &sample) in plane.iter().enumerate() {
                let want = match fold {
                    None => sums[*channel as usize][i],
                    Some(fold) => {
                        let routes = fold["routes"].as_array().unwrap();
                        let to = routes.iter().filter(|route| route["to"] == *channel);
                        let sum: f64 = to
                            .map(|route| {
                                let from = route["from"].as_u64().unwrap() as usize;
                                sums[from][i] as f64 * route["gain"].as_f64().unwrap()
                            })
                            .sum();
                        sum.round_ties_even() as i64
                    }
                };
                assert_eq!(
                    i64::from(sample),
                    want.clamp(-FULL, FULL - 1),
                    "{code} {channel} {i}"
                );
            }
        }
        checked += 1;
    }
    checked
}

#[test]
fn every_recipe_is_the_sum_of_the_files() {
    let film = demo();
    let stems = [
        "--set",
        "stem.MX.deliver=true",
        "--set",
        "stem.FX.deliver=true",
    ];
    let netflix = deliver(film.path(), "netflix-me", "me", &stems);
    assert_eq!(check(&netflix), 2, "no narration, no mix without it");
    assert_eq!(
        check(&deliver(film.path(), "netflix-nearfield", "near", &[])),
        2
    );
    let academy = deliver(film.path(), "academy-archive-stems", "academy", &[]);
    assert_eq!(check(&academy), 7);
    let rules = "[[rule]]\ntrack = \"A3\"\nstem = \"NARR\"\n";
    fs::write(film.path().join("rules.toml"), rules).unwrap();
    let narrated = [&stems[..], &["--rules", "rules.toml"]].concat();
    let narrated = deliver(film.path(), "netflix-me", "narrated", &narrated);
    assert_eq!(check(&narrated), 3, "a mix without narration too");
    let mix = narrated.output("PM", None).unwrap();
    let without = narrated.output("MMN", None).unwrap();
    assert!(mix != without);
}

#[test]
fn an_alternate_has_a_stem_in_place_of_another() {
    let film = demo();
    let text =
        String::from_utf8(crate::support::expect_status(&["specs", "dme"], 0).stdout).unwrap();
    let alternate = "[[stem]]\ncode = \"DXC\"\nlabel = \"Clean dialogue\"\ngroups = [\"adr\"]\noptional = true\n\n\
                     [[composite]]\ncode = \"ALT\"\nlabel = \"Alternate\"\nrecipe = [\"MIX\"]\n\
                     instead = { DX = \"DXC\" }\nwithout = [\"FX\"]\n\n[[source]]";
    fs::write(
        film.path().join("mine.toml"),
        text.replacen("[[source]]", alternate, 1),
    )
    .unwrap();
    let rules = "[[rule]]\nclip = \"^12B\"\nstem = \"DXC\"\n";
    fs::write(film.path().join("rules.toml"), rules).unwrap();
    let more = [
        "--rules",
        "rules.toml",
        "--set",
        "file_name={title}-{code}.wav",
    ];
    deliver(film.path(), "mine.toml", "out", &more);
    let plane = |code: &str| read_wave(&film.path().join(format!("out/FILM-{code}.wav"))).1;
    let (alternate, clean, music) = (plane("ALT"), plane("DXC"), plane("MX"));
    let sums = clean.iter().zip(&music).map(|(a, b)| a + b);
    assert!(sums.eq(alternate));
    assert!(clean.iter().any(|&x| x != 0));
}

#[test]
fn cinema_rears_stand_on_channels_11_and_12() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    roll(path, "MUS BACK.wav", 3, 96_000);
    roll(path, "MUS SIDE.wav", 4, 96_000);
    let tracks = [
        ("MX 1", vec![clip("MUS BACK.wav", 24.0, 0, 24)]),
        (
            "MX 2",
            vec![gap(24.0, 12), clip("MUS SIDE.wav", 24.0, 0, 24)],
        ),
    ];
    timeline(&path.join("r2.otio"), 24.0, 2 * 3600 * 24, &tracks, &[]);
    let rules = "[[rule]]\ntrack = \"MX 1\"\nstem = \"MX\"\nmap = [[\"Lrs\", \"Rrs\"]]\n\
                 [[rule]]\ntrack = \"MX 2\"\nstem = \"MX\"\nmap = [[\"Ls\"]]\n";
    fs::write(path.join("rules.toml"), rules).unwrap();
    let args = [
        "conform",
        "r2.otio",
        "--media",
        ".",
        "--rules",
        "rules.toml",
        "--title",
        "T",
        "--spec",
        "dcp-71",
        "--out",
        "out",
    ];
    run_in(path, &args, 0);
    let delivery = Delivery::read(&path.join("out"), "T");
    let [file] = delivery.files().as_slice() else {
        unreachable!("one file: the mix of the reel");
    };
    let name = file["file"].as_str().unwrap();
    assert_eq!(name, "T_r02_v01_PM_und_71DS_48k_24b_24.wav");
    let planes = delivery.planes(name);
    assert_eq!(planes.len(), 14);
    let wave = stemline::bwf::open(&path.join("out").join(name)).unwrap();
    let tracks = wave.ixml.unwrap().tracks;
    let numbers = tracks.iter().map(|t| (t.channel_index, t.interleave_index));
    assert!(numbers.eq((1..=14).map(|n| (Some(n), Some(n)))));
    let names = [&tracks[10], &tracks[11]].map(|track| track.name.clone().unwrap());
    assert!(
        names[0].ends_with("Lrs") && names[1].ends_with("Rrs"),
        "{names:?}"
    );
    let sounding: Vec<usize> = (0..14)
        .filter(|&c| planes[c].iter().any(|&x| x != 0))
        .collect();
    assert_eq!(sounding, [4, 10, 11], "Lss, Lrs and Rrs, from 0");
    assert!(planes[10] == planes[11]);
}

#[test]
fn a_long_5_1_file_is_rf64_and_mono_files_are_riff() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    roll(path, "MUS END.wav", 5, 96_000);
    // 84 minutes of 24 bits, 48 kHz and six channels are 4.35 GB.
    let tracks = [(
        "MX 1",
        vec![gap(24.0, 84 * 60 * 24), clip("MUS END.wav", 24.0, 0, 24)],
    )];
    timeline(&path.join("lp.otio"), 24.0, 3600 * 24, &tracks, &[]);
    let conform = |out: &str, more: &[&str]| {
        let mut args = vec![
            "conform", "lp.otio", "--media", ".", "--title", "T", "--layout", "5.1",
        ];
        args.extend(["--no-measure", "--out", out]);
        args.extend(more);
        run_in(path, &args, 0);
        let mut kinds = Vec::new();
        for name in crate::support::names(&path.join(out)) {
            let file = path.join(out).join(name);
            if file.extension().is_some_and(|suffix| suffix == "wav") {
                let wave = stemline::bwf::open(&file).unwrap();
                assert_eq!(wave.frames, (84 * 60 + 1) * 48_000);
                kinds.push(wave.container.name());
            }
        }
        fs::remove_dir_all(path.join(out)).unwrap();
        kinds
    };
    assert_eq!(conform("poly", &[]), ["RF64"; 5]);
    let mono = [
        "--set",
        "files=mono",
        "--set",
        "file_name={title}_{code}{.channel}.wav",
    ];
    assert_eq!(conform("mono", &mono), ["RIFF"; 30]);
}

#[test]
fn what_is_not_delivered_is_told_so_and_measured_only_for_the_dialogue() {
    let film = demo();
    let delivery = deliver(film.path(), "wbd-component", "out", &[]);
    let text = std::fs::read_to_string(delivery.folder.join("FILM_report.json")).unwrap();
    let report: Value = serde_json::from_str(&text).unwrap();
    let told = |file: &Value| {
        let there = delivery
            .folder
            .join(file["file"].as_str().unwrap())
            .exists();
        assert_eq!(file["delivered"], there, "{}", file["code"]);
        assert_eq!(file["bytes"].is_u64(), there, "{}", file["code"]);
        let code = file["code"].as_str().unwrap().to_owned();
        (code, there, file["levels"].is_object())
    };
    let told: Vec<(String, bool, bool)> = report["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(told)
        .collect();
    let told: Vec<(&str, bool, bool)> = told.iter().map(|(c, d, l)| (&**c, *d, *l)).collect();
    let wanted = [
        ("DX", false, true),
        ("MX", false, false),
        ("FX", false, false),
        ("MIX", true, true),
        ("MIX20", true, true),
        ("ME", true, true),
        ("ME20", true, true),
    ];
    assert_eq!(told, wanted);
}

#[test]
fn two_files_of_one_name_are_refused_with_what_to_change() {
    let film = demo();
    let check = |spec: &str, setting: &str, wanted: &str| {
        let args = [
            "conform",
            "film/film_r1_dx.edl",
            "film/film_r1_mx_fx.otio",
            "--media",
            "film/sound",
            "--title",
            "FILM",
            "--rate",
            "24",
            "--spec",
            spec,
            "--set",
            setting,
            "--out",
            "out",
            "--plan-only",
        ];
        let said = run_in(film.path(), &args, 3);
        assert!(
            said.contains("CNF051") && said.contains(wanted),
            "{setting}: {said}"
        );
    };
    check("dcp-71", "files=mono", "{channel}");
    check("netflix-nearfield", "stem.DX.asset=MXStem", "`asset`");
    check("netflix-nearfield", "stem.DX.asset=mxstem", "case");
    check("netflix-nearfield", "fold.loro.to=5.1", "{layout}");
}

#[test]
fn options_that_a_plan_has_answered_are_refused_beside_it() {
    let film = demo();
    deliver(film.path(), "dme", "out", &["--plan-only"]);
    let check = |more: &[&str], status: i32| {
        let plan = "out/FILM_plan.json";
        let args = [&["conform", plan, "--out", "again", "--plan-only"], more].concat();
        let said = run_in(film.path(), &args, status);
        let named = more.first().is_none_or(|option| said.contains(option));
        assert_eq!(named, more.is_empty() || status == 2, "{more:?}: {said}");
    };
    check(&[], 0);
    check(&["--spec", "dme"], 0);
    check(&["--spec", "rtl"], 2);
    check(&["--set", "sample_rate=96000"], 2);
    check(&["--title", "OTHER"], 2);
    check(&["--ffoa", "01:00:00:00"], 2);
    check(&["--layout", "5.1"], 2);
    check(&["--reels"], 2);
}
