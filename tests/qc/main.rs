//! Faults planted in clean packages, and clean packages left alone.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot make its files has failed"
)]

mod cases;
mod confused;
mod dither;
mod dubs;
mod faults;
mod headers;
mod holes;
mod leak;
mod support;
mod ticks;
mod whole;

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use faults::{PLANTERS, Planted, Wanted};
use stemline::job::{QcJob, run_qc};
use stemline::qc::{CHECKS, Check, Fault, Judgement, Verdict, Waivers};
use stemline::spec::Spec;
use support::{Package, Random};

fn judge(folder: &Path, waivers: &Waivers) -> Judgement {
    judge_by(&Spec::builtin("dme").unwrap(), folder, waivers)
}

/// What is said of a folder by a spec.
fn judge_by(spec: &Spec, folder: &Path, waivers: &Waivers) -> Judgement {
    let job = QcJob {
        inputs: vec![folder.to_owned()],
        spec,
        waivers,
        date: Some("2026-11-22".to_owned()),
        rate: None,
        compare: true,
    };
    run_qc(&job).unwrap()
}

fn folder(name: &str) -> tempfile::TempDir {
    tempfile::Builder::new().prefix(name).tempdir().unwrap()
}

fn said(judgement: &Judgement) -> Vec<String> {
    let line = |fault: &Fault| {
        let at = fault.stretch.as_ref().map(|stretch| stretch.first_sample);
        format!(
            "{} {:?} {at:?} {:?} {}",
            fault.code.id, fault.file, fault.measured, fault.message
        )
    };
    judgement.faults().map(|(_, fault)| line(fault)).collect()
}

fn is_found(wanted: &Wanted, fault: &Fault) -> bool {
    let place = fault
        .stretch
        .as_ref()
        .map_or(0, |stretch| stretch.first_sample);
    fault.code.id.starts_with(wanted.code)
        && wanted
            .file
            .as_ref()
            .is_none_or(|file| fault.file.as_ref() == Some(file))
        && wanted.at.is_none_or(|(at, off)| place.abs_diff(at) <= off)
        && wanted
            .value
            .as_ref()
            .is_none_or(|value| fault.measured.as_ref() == Some(value))
}

/// Plants fault `number` and says what was not found.
fn plant(number: usize, seconds: usize) -> Option<String> {
    let mut random = Random::new(number as u64 + 31);
    let mut package = Package::clean(number as u64 % 23 + 5, seconds);
    let planted: Planted = PLANTERS[number % PLANTERS.len()](&mut package, &mut random);
    let folder = folder("fault");
    package.write(folder.path());
    if let Some(change) = &planted.on_disk {
        change(folder.path());
    }
    let judgement = judge(folder.path(), &Waivers::default());
    let found = judgement
        .faults()
        .any(|(_, fault)| is_found(&planted.wanted, fault));
    (!found).then(|| {
        format!(
            "{number} {}: {:?}, said {:#?}",
            planted.name,
            planted.wanted,
            said(&judgement)
        )
    })
}

#[test]
fn planted_faults_are_found() {
    let missed: Vec<String> = (0..200)
        .into_par_iter()
        .filter_map(|i| plant(i, 9))
        .collect();
    let found = 200 - missed.len();
    println!("{found} of 200 planted faults found\n{}", missed.join("\n"));
    assert!(
        missed.len() <= 2,
        "{} missed:\n{}",
        missed.len(),
        missed.join("\n")
    );
}

#[test]
fn clean_packages_have_no_findings() {
    let alarms: Vec<String> = (0..50_u64)
        .into_par_iter()
        .filter_map(|seed| {
            let folder = folder("clean");
            Package::clean(seed + 400, 9).write(folder.path());
            let judgement = judge(folder.path(), &Waivers::default());
            (judgement.verdict != Verdict::Pass).then(|| format!("{seed}: {:#?}", said(&judgement)))
        })
        .collect();
    assert!(
        alarms.is_empty(),
        "{} alarms:\n{}",
        alarms.len(),
        alarms.join("\n")
    );
}

#[test]
fn a_waived_fault_stays_and_no_longer_fails() {
    let folder = folder("waived");
    let mut package = Package::clean(3, 5);
    for plane in &mut package.take_mut("FX").planes {
        for v in plane.iter_mut() {
            *v = -*v;
        }
    }
    package.write(folder.path());
    let text = |expires: &str| {
        format!(
            "[[waiver]]\ncode = 'QCP201'\nfile = '*_FX.wav'\nreason = 'meant'\nby = 'A. Mixer'\nexpires = {expires}\n"
        )
    };
    let with = |expires: &str| {
        judge(
            folder.path(),
            &Waivers::read(&text(expires), "w.toml").unwrap(),
        )
    };
    assert_eq!(with("2026-12-31").verdict, Verdict::Warnings);
    assert_eq!(with("2026-01-31").verdict, Verdict::Fail);
    let kept = with("2026-12-31");
    assert_eq!(
        kept.faults()
            .filter(|(_, fault)| fault.waiver.is_some())
            .count(),
        1
    );
}

#[test]
fn whatever_lies_there_is_judged() {
    let folder = folder("junk");
    let path: PathBuf = folder.path().join("Film_DX.wav");
    for bytes in [
        &b""[..],
        b"RIFF",
        b"RIFF\xff\xff\xff\xffWAVEfmt ",
        b"not sound at all",
    ] {
        std::fs::write(&path, bytes).unwrap();
        let judgement = judge(folder.path(), &Waivers::default());
        assert_eq!(judgement.verdict, Verdict::Fail, "{:?}", said(&judgement));
    }
}

/// The codes of a check, from the first to the last.
fn codes(check: &Check) -> String {
    let (first, last) = (check.codes.first().unwrap(), check.codes.last().unwrap());
    if first.id == last.id {
        first.id.to_owned()
    } else {
        format!("{} … {}", first.id, last.id)
    }
}

/// A table of the documentation as the checks themselves have it.
fn table(head: &str, row: impl Fn(&Check) -> String) -> String {
    let rows = CHECKS.iter().map(row);
    head.to_owned() + &rows.collect::<String>()
}

/// The file holds the table.
fn holds(path: &str, table: &str) {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    assert!(text.contains(table), "{path} should hold:\n{table}");
}

#[test]
fn the_documentation_has_the_checks_as_they_are() {
    let head = "| check | looks at | how | faults |\n|---|---|---|---|\n";
    let whole = table(head, |check| {
        let (id, title, how) = (check.id, check.title, check.explanation);
        format!("| {id} | {title} | {how} | {} |\n", codes(check))
    });
    holds("specs/qc.md", &whole);
    let head = "| check | looks at | faults |\n|---|---|---|\n";
    let short = table(head, |check| {
        format!("| {} | {} | {} |\n", check.id, check.title, codes(check))
    });
    holds("README.md", &short);
}

#[test]
fn explain_says_what_the_checks_say() {
    for code in CHECKS.iter().flat_map(|check| check.codes) {
        let mut stemline = std::process::Command::new(env!("CARGO_BIN_EXE_stemline"));
        let said = stemline.args(["explain", code.id]).output().unwrap();
        assert!(said.status.success(), "{}", code.id);
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = words(&String::from_utf8_lossy(&said.stdout));
        for part in [code.id, code.title, code.explanation] {
            assert!(text.contains(&words(part)), "{}: {text}", code.id);
        }
    }
}

#[test]
fn every_check_is_one_that_specs_know_and_codes_are_its_own() {
    let mut seen = std::collections::BTreeSet::new();
    for check in CHECKS {
        assert!(
            stemline::spec::CHECKS
                .iter()
                .any(|known| known.id == check.id),
            "{}",
            check.id
        );
        for code in check.codes {
            assert!(
                code.id.starts_with(&format!("QC{}", check.id)),
                "{}",
                code.id
            );
            assert!(seen.insert(code.id), "{} stands twice", code.id);
            assert!(code.explanation.len() > 40, "{} is not explained", code.id);
        }
    }
}
