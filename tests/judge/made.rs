//! The job judges what it has made: the verdict stands in every report, and tells the exit status.

use std::fs;
use std::path::Path;

use serde_json::Value;
use stemline::spec::Spec;

use crate::support::{Film, expect_status, stemline};

impl Film {
    /// Conforms it into a folder; the status and what was said.
    fn conform(&self, out: &str, more: &[&str]) -> (Option<i32>, String) {
        let args = self.conforming(out, more);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let done = stemline(&args);
        (
            done.status.code(),
            String::from_utf8_lossy(&done.stderr).into_owned(),
        )
    }

    fn report(&self, out: &str) -> Value {
        let text = fs::read_to_string(self.path(out).join("T_report.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }
}

/// The faults of a judgement that fail it, by code.
fn failing(judgement: &Value) -> Vec<String> {
    let checks = judgement["checks"].as_array().unwrap();
    let faults = checks
        .iter()
        .flat_map(|run| run["faults"].as_array().unwrap());
    let failing = faults.filter(|fault| fault["severity"] == "error" && fault["waiver"].is_null());
    failing
        .map(|fault| fault["code"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn every_report_of_a_job_has_its_verdict() {
    let film = Film::new();
    let (status, said) = film.conform("out", &["--report", "all"]);
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("T: passed ("), "{said}");
    assert!(
        said.contains("proved: no clip of a dialogue class sounds in ME (MX + FX)"),
        "{said}"
    );
    let judgement = &film.report("out")["qc"];
    assert_eq!(judgement["verdict"], "pass", "{judgement:#}");
    let run = |check: &str| {
        let checks = judgement["checks"].as_array().unwrap();
        checks
            .iter()
            .find(|run| run["check"] == check)
            .unwrap()
            .clone()
    };
    for check in [
        "F1", "F2", "F3", "F4", "F5", "F6", "F7", "L1", "N1", "N4", "M2",
    ] {
        assert_eq!(run(check)["outcome"], "passed", "{check}");
    }
    for check in ["S1", "C1", "P1", "Y1", "Y3", "M1", "M3", "F8"] {
        let run = run(check);
        assert_eq!(run["outcome"], "not_applicable", "{check}");
        let reason = run["reason"].as_str().unwrap();
        assert!(reason.contains("run `stemline qc`"), "{check}: {reason}");
    }
    let read = |name: &str| fs::read_to_string(film.path("out").join(name)).unwrap();
    let page = read("T_report.html");
    assert!(page.contains("Passed") && !page.contains("Not judged"));
    let junit = read("T_junit.xml");
    for name in ["T_DX.wav", "T_MX.wav", "T_FX.wav", "T_ME.wav", "T_MIX.wav"] {
        assert!(
            junit.contains(&format!("name=\"{name}\"")),
            "{name}: {junit}"
        );
    }
    assert!(
        junit.contains("M2 dialogue clips in the M&amp;E"),
        "{junit}"
    );
    assert!(read("T_qc.xml").contains("pass"));
}

#[test]
fn what_a_job_makes_by_any_spec_is_right_but_for_the_level_of_its_mix() {
    let film = Film::new();
    for name in Spec::names() {
        let (status, said) = film.conform(name, &["--spec", name]);
        let failing = failing(&film.report(name)["qc"]);
        let level = |code: &String| code.starts_with("QCL") || code.starts_with("QCM7");
        assert!(failing.iter().all(level), "{name}: {failing:?}\n{said}");
        let want = i32::from(!failing.is_empty());
        assert_eq!(status, Some(want), "{name}: {said}");
        fs::remove_dir_all(film.path(name)).unwrap();
    }
}

/// A waiver of the one fault of the film under EBU R 128.
const WAIVER: &str = "[[waiver]]\ncode = 'QCL101'\nreason = 'before the mix'\nby = 'A. Mixer'\nexpires = 2026-12-31\n";

#[test]
fn the_status_follows_failures_warnings_and_waivers() {
    let film = Film::new();
    fs::write(film.path("w.toml"), WAIVER).unwrap();
    let waivers = film.text("w.toml");
    let check = |more: &[&str], want: i32, verdict: &str| {
        let out = format!("out{}", more.len());
        let (status, said) = film.conform(&out, &[&["--spec", "ebu-r128"], more].concat());
        assert_eq!(status, Some(want), "{more:?}: {said}");
        assert!(
            film.path(&out).join("T_MIX_und_2.0.wav").exists(),
            "the files are written all the same"
        );
        let judged = film.report(&out)["qc"]["verdict"].clone();
        assert_eq!(judged, Value::from(verdict), "{more:?}");
        let package = film.text(&out);
        let qc: Vec<&str> = ["qc", &package, "--spec", "ebu-r128"]
            .into_iter()
            .chain(more.iter().copied())
            .collect();
        expect_status(&qc, want);
        fs::remove_dir_all(film.path(&out)).unwrap();
    };
    check(&[], 1, "fail");
    check(&["--set", "checks.L1=warning"], 0, "warnings");
    check(
        &["--waivers", &waivers, "--date", "2026-12-31"],
        0,
        "warnings",
    );
    check(&["--waivers", &waivers, "--date", "2027-01-01"], 1, "fail");
    let (status, said) = film.conform("none", &["--spec", "ebu-r128", "--no-qc"]);
    assert_eq!(status, Some(0), "{said}");
    assert!(film.report("none").get("qc").is_none());
    let (status, said) = film.conform("bad", &["--waivers", "no such file"]);
    assert_eq!(status, Some(3), "{said}");
}

#[test]
fn a_plan_without_sound_is_judged_by_its_ledger() {
    let film = Film::new();
    let rule = "[[rule]]\nclip = \"^12B\"\nstem = \"FX\"\n";
    fs::write(film.path("r.toml"), rule).unwrap();
    let rules = film.text("r.toml");
    let (status, said) = film.conform("plan", &["--plan-only", "--rules", &rules]);
    assert_eq!(status, Some(1), "{said}");
    assert!(
        said.contains("fail[QCM201]") && said.contains("REFUTED"),
        "{said}"
    );
    assert!(
        film.report("plan")["qc"]["files"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let (status, said) = film.conform("clean", &["--plan-only"]);
    assert_eq!(status, Some(0), "{said}");
}

#[test]
fn odd_titles_and_layouts_are_no_faults() {
    let film = Film::new();
    let titles = ["My Film: R1/2", "X_ME", "MIX", "Übung 7", "a.b", "T_DX_FX"];
    for (i, title) in titles.iter().enumerate() {
        let out = format!("o{i}");
        let args = ["--title", title, "--plan-only"];
        let (edl, otio) = (film.text("film_r1_dx.edl"), film.text("film_r1_mx_fx.otio"));
        let (media, to) = (film.text("sound"), film.text(&out));
        let base = [
            "conform", &edl, &otio, "--media", &media, "--out", &to, "--rate", "24",
        ];
        let all: Vec<&str> = base.into_iter().chain(args).collect();
        expect_status(&all, 0);
    }
    let (status, said) = film.conform("wide", &["--layout", "5.1"]);
    assert_eq!(status, Some(0), "{said}");
    let plan = film.text("wide/T_plan.json");
    expect_status(&["conform", &plan, "--out", &film.text("again")], 0);
    assert_eq!(film.report("again")["qc"]["verdict"], "pass");
    let start = ["--start", "00:59:58:00"];
    let (status, said) = film.conform("early", &start);
    assert_eq!(status, Some(0), "{said}");
    // Music so loud that the mix cannot hold it: files are written, and the sum is said not to hold.
    fs::write(
        film.path("loud.toml"),
        "[[rule]]\nclip = \"1M1\"\nstem = \"MX\"\ngain_db = 24\n",
    )
    .unwrap();
    let (status, said) = film.conform("loud", &["--rules", &film.text("loud.toml")]);
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("warn[QCN406]"), "{said}");
}

#[test]
fn what_a_changed_spec_makes_is_right_by_it_and_wrong_by_the_plain_one() {
    let film = Film::new();
    let check = |spec: &str, settings: &[&str], plain: &[&str]| {
        let out = film.text("changed");
        let set: Vec<&str> = settings.iter().flat_map(|set| ["--set", set]).collect();
        let (_, said) = film.conform("changed", &[&["--spec", spec], &set[..]].concat());
        // Without the plan beside it, as somebody else's.
        for paper in ["T_plan.json", "T_report.json"] {
            fs::remove_file(film.path("changed").join(paper)).unwrap();
        }
        let judged = |more: &[&str]| {
            let args = [&["qc", &out, "--spec", spec, "--json"], more].concat();
            let judged: Value = serde_json::from_slice(&stemline(&args).stdout).unwrap();
            let mut codes = failing(&judged);
            codes.retain(|code| !code.starts_with("QCL"));
            codes.dedup();
            codes
        };
        assert_eq!(judged(&set), [""; 0], "{spec} {settings:?}: {said}");
        let without = judged(&[]);
        let told = plain.iter().all(|code| without.iter().any(|is| is == code));
        assert!(
            told && without.is_empty() == plain.is_empty(),
            "{spec} without {settings:?}: {without:?}"
        );
        fs::remove_dir_all(film.path("changed")).unwrap();
    };
    let order = "channel_order=[\"L\",\"C\",\"R\",\"Ls\",\"Rs\",\"LFE\"]";
    check("wbd-component", &[order], &["QCF202"]);
    check("dme", &["layout=5.1", order], &["QCF201"]);
    let name = "file_name={title}_{version}_{asset}_{language}_{layout}.wav";
    check("wbd-component", &[name], &["QCF301"]);
}

#[test]
fn a_mix_that_lacks_a_stem_is_no_dialogue() {
    let film = Film::new();
    let shown = stemline(&["specs", "dme"]).stdout;
    let text = String::from_utf8(shown).unwrap();
    let mute = "[[composite]]\ncode = \"MUTE\"\nlabel = \"Without effects\"\nrecipe = [\"MIX\"]\nwithout = [\"FX\"]\n\n[[source]]";
    fs::write(film.path("mute.toml"), text.replacen("[[source]]", mute, 1)).unwrap();
    let spec = film.text("mute.toml");
    let (status, said) = film.conform("mute", &["--spec", &spec]);
    assert_eq!(status, Some(0), "{said}");
    expect_status(&["qc", &film.text("mute"), "--spec", &spec], 0);
}

#[test]
fn a_mix_under_the_name_of_the_m_and_e_is_found() {
    let film = Film::new();
    let args = ["--spec", "wbd-component"];
    film.conform("wbd", &args);
    let codes = || {
        let args = ["qc", &film.text("wbd"), "--spec", "wbd-component", "--json"];
        let judged: Value = serde_json::from_slice(&stemline(&args).stdout).unwrap();
        failing(&judged)
    };
    assert!(!codes().iter().any(|code| code == "QCM103"));
    let file = |asset: &str| film.path("wbd").join(format!("T_v01_{asset}_und_6ch.wav"));
    fs::copy(file("PM"), file("ME")).unwrap();
    assert!(codes().iter().any(|code| code == "QCM103"), "{:?}", codes());
}

#[test]
fn a_fold_down_is_held_against_what_it_folds() {
    let film = Film::new();
    film.conform("wbd", &["--spec", "wbd-component"]);
    let codes = || {
        let args = ["qc", &film.text("wbd"), "--spec", "wbd-component", "--json"];
        let judged: Value = serde_json::from_slice(&stemline(&args).stdout).unwrap();
        let mut codes = failing(&judged);
        codes.retain(|code| !code.starts_with("QCL"));
        codes
    };
    assert_eq!(codes(), [""; 0]);
    let small = film.path("wbd").join("T_v01_PM_und_2ch.wav");
    let bytes = fs::read(&small).unwrap();
    let data = bytes.windows(4).position(|id| id == b"data").unwrap() + 8;
    let check = |what: &str, change: fn(&mut [u8])| {
        let mut bytes = bytes.clone();
        bytes[data..].chunks_exact_mut(6).for_each(change);
        fs::write(&small, &bytes).unwrap();
        let codes = codes();
        assert!(
            codes.iter().any(|code| code == "QCN107"),
            "{what}: {codes:?}"
        );
    };
    check("exchanged", |frame| frame.rotate_left(3));
    check("without its right side", |frame| frame[3..].fill(0));
    check("inverted", |frame| {
        for sample in frame.chunks_exact_mut(3) {
            let value = i32::from_le_bytes([0, sample[0], sample[1], sample[2]]) >> 8;
            sample.copy_from_slice(&(-value.max(-8_388_607)).to_le_bytes()[..3]);
        }
    });
}

#[test]
fn channels_that_a_fold_down_leaves_out_are_told() {
    let film = Film::new();
    let told = |layout: &str| {
        let layout = format!("layout={layout}");
        let (_, said) = film.conform("o", &["--spec", "wbd-component", "--set", &layout]);
        fs::remove_dir_all(film.path("o")).unwrap();
        said.contains("CNF059")
    };
    assert!(told("7.1.4") && !told("7.1"));
}

#[test]
fn a_day_is_a_day() {
    let film = Film::new();
    for day in ["", "1.1.2026", "2026-13-01", "garbage"] {
        expect_status(&["qc", &film.text("."), "--date", day], 2);
    }
}

#[test]
fn a_start_that_the_spec_has_already_is_refused() {
    let film = Film::new();
    let (status, said) = film.conform("o", &["--spec", "netflix-me", "--start", "00:59:50:00"]);
    assert_eq!(status, Some(3), "{said}");
    assert!(
        said.contains("in `netflix-me` the picture starts at 01:00:00:00"),
        "{said}"
    );
    assert!(said.contains("programme.start"), "{said}");
}

#[test]
fn the_same_package_is_judged_alike_by_the_job_and_by_qc() {
    let film = Film::new();
    let (status, said) = film.conform("me", &["--spec", "netflix-me"]);
    assert_eq!(status, Some(0), "{said}");
    let judged = expect_status(
        &["qc", &film.text("me"), "--spec", "netflix-me", "--json"],
        0,
    );
    let judged: Value = serde_json::from_slice(&judged.stdout).unwrap();
    let made = &film.report("me")["qc"];
    for field in ["title", "spec", "frame_rate"] {
        assert_eq!(judged[field], made[field], "{field}");
    }
    let files = |of: &Value| -> Vec<(String, Value, Value)> {
        let files = of["files"].as_array().unwrap().iter();
        let mut files: Vec<_> = files
            .map(|f| {
                (
                    f["name"].as_str().unwrap().to_owned(),
                    f["role"].clone(),
                    f["start_sample"].clone(),
                )
            })
            .collect();
        files.sort_by(|a, b| a.0.cmp(&b.0));
        files
    };
    assert_eq!(files(&judged), files(made));
    assert!(Path::new(&film.text("me/T_lp_v01_ME_Nearfield_6ch_48k_24b_24.L.wav")).exists());
    assert_eq!(
        judged["certificate"]["outputs"],
        made["certificate"]["outputs"]
    );
}
