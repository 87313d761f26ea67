//! Packages that lack files, hold others or damaged ones: a judgement every time, and the right status.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use stemline::qc::Verdict;

use crate::film::{Film, Random};
use crate::judge;
use crate::support::{expect_status, names, stemline};

/// A whole package of a second or so, with plan, reports and checksums, made once.
static PACKAGE: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let mut random = Random::new(3);
    let film = Film::new(&mut random, &folder.path().join("sound"));
    let timeline = film.write(folder.path())[0].to_str().unwrap().to_owned();
    let text = |below: &str| folder.path().join(below).to_str().unwrap().to_owned();
    let (media, out) = (text("sound"), text("out"));
    let args = [
        "conform", &timeline, "--media", &media, "--out", &out, "--title", "T",
    ];
    let more = ["--set", "metadata.md5=both"];
    expect_status(&[&args[..], &more].concat(), 0);
    let out = folder.path().join("out");
    let read = |name: String| (name.clone(), fs::read(out.join(&name)).unwrap());
    names(&out).into_iter().map(read).collect()
});

fn write(folder: &Path) {
    for (name, bytes) in PACKAGE.iter() {
        fs::write(folder.join(name), bytes).unwrap();
    }
}

/// Breaks a package, and expects a status of `stemline qc` and a code with a file.
#[track_caller]
fn check(status: i32, code: &str, file: Option<&str>, damage: impl Fn(&Path)) {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    damage(folder.path());
    let path = folder.path().to_str().unwrap().to_owned();
    let done = expect_status(&["qc", &path, "--spec", "dme", "--json"], status);
    let said: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    let checks = said["checks"].as_array().unwrap().iter();
    let mut faults = checks.flat_map(|run| run["faults"].as_array().unwrap());
    let found = faults.any(|fault| fault["code"] == code && fault["file"].as_str() == file);
    assert!(
        found,
        "{code} {file:?}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}

fn cut(path: &Path, keep: usize) {
    let bytes = fs::read(path).unwrap();
    fs::write(path, &bytes[..keep.min(bytes.len())]).unwrap();
}

#[test]
fn what_is_missing_cut_off_or_foreign_is_said() {
    let music = "T_MX.wav";
    check(1, "QCF303", None, |folder| {
        fs::remove_file(folder.join(music)).unwrap();
    });
    check(1, "QCF802", Some("T_MX.wav.md5"), |folder| {
        fs::remove_file(folder.join(music)).unwrap();
    });
    for keep in [0, 4, 11, 40] {
        check(1, "QCF104", Some(music), |folder| {
            cut(&folder.join(music), keep);
        });
    }
    for keep in [600, 5_000, 20_000, 40_001] {
        check(1, "QCF105", Some(music), |folder| {
            cut(&folder.join(music), keep);
        });
    }
    check(1, "QCF604", Some(music), |folder| {
        cut(&folder.join(music), 20_000);
    });
    check(1, "QCF801", Some(music), |folder| {
        cut(&folder.join(music), 20_000);
    });
    check(1, "QCF104", Some(music), |folder| {
        fs::write(folder.join(music), "not sound at all").unwrap();
    });
    for name in [".DS_Store", "Thumbs.db", "notes.docx", "._T_MX.wav"] {
        check(0, "QCF304", Some(name), |folder| {
            fs::write(folder.join(name), "x").unwrap();
        });
    }
    check(1, "QCF305", Some("sub/T_MX.wav"), |folder| {
        fs::create_dir(folder.join("sub")).unwrap();
        fs::copy(folder.join(music), folder.join("sub").join(music)).unwrap();
    });
}

#[test]
fn a_damaged_plan_proves_nothing_and_stops_nothing() {
    for text in [
        "",
        "{",
        "{\"schema\": \"stemline.plan/1\"",
        "[1, 2]",
        "\u{0}",
    ] {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path());
        fs::remove_file(folder.path().join("T_plan.json.md5")).unwrap_or_default();
        fs::write(folder.path().join("T_plan.json"), text).unwrap();
        let judgement = judge(folder.path(), true);
        assert!(judgement.certificate.is_none(), "{text}");
        assert_ne!(judgement.verdict, Verdict::Fail, "{text}");
    }
    // A plan of other files is no ledger of these.
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    for (name, _) in PACKAGE.iter().filter(|(name, _)| name.contains(".wav")) {
        let other = name.replacen('T', "Other", 1);
        fs::rename(folder.path().join(name), folder.path().join(other)).unwrap();
    }
    assert!(judge(folder.path(), true).certificate.is_none());
}

#[test]
fn there_has_to_be_something() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap().to_owned();
    expect_status(&["qc", &path, "--spec", "dme"], 3);
    expect_status(&["qc", &format!("{path}/none"), "--spec", "dme"], 3);
    expect_status(&["qc", &path, "--spec", "no-such-spec"], 2);
    fs::write(folder.path().join("a.txt"), "x").unwrap();
    expect_status(&["qc", &path, "--spec", "dme"], 1);
    // Folders that are called like sound are folders.
    fs::create_dir(folder.path().join("T_DX.wav")).unwrap();
    let done = stemline(&["qc", &path, "--spec", "dme"]);
    assert_eq!(done.status.code(), Some(1));
}

/// What happens to a file.
#[derive(Debug, Clone)]
enum Damage {
    Cut(usize),
    Byte(usize, u8),
    Grow(Vec<u8>),
    Remove,
    Rename(String),
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        (0..60_000_usize).prop_map(Damage::Cut),
        // Headers are where most can go wrong.
        (0..6_000_usize, any::<u8>()).prop_map(|(at, byte)| Damage::Byte(at, byte)),
        prop::collection::vec(any::<u8>(), 1..64).prop_map(Damage::Grow),
        Just(Damage::Remove),
        "[A-Za-z_.]{1,8}\\.(wav|md5|mhl|json|xml)".prop_map(Damage::Rename),
    ]
}

fn apply(folder: &Path, name: &str, damage: &Damage) {
    let path = folder.join(name);
    let mut bytes = fs::read(&path).unwrap_or_default();
    match damage {
        Damage::Cut(keep) => bytes.truncate(*keep),
        Damage::Byte(at, byte) => {
            if let Some(slot) = bytes.get_mut(*at) {
                *slot ^= byte;
            }
        }
        Damage::Grow(more) => bytes.extend(more),
        Damage::Remove => return drop(fs::remove_file(&path)),
        Damage::Rename(to) => return drop(fs::rename(&path, folder.join(to))),
    }
    fs::write(&path, bytes).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_to_a_package_it_is_judged(damages in prop::collection::vec((any::<usize>(), damage()), 1..5)) {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path());
        for (which, damage) in &damages {
            let (name, _) = &PACKAGE[which % PACKAGE.len()];
            apply(folder.path(), name, damage);
        }
        let judgement = judge(folder.path(), true);
        let worst = judgement.faults().filter(|(_, fault)| fault.counts()).map(|(_, fault)| fault.severity).max();
        let fails = worst == Some(stemline::finding::Severity::Error);
        prop_assert_eq!(judgement.verdict == Verdict::Fail, fails);
    }
}
