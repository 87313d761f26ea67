//! The reports of whole jobs: the same bytes for any number of threads, and every form valid.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot prepare its files has failed"
)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::{expect_status, has_tool, names};

/// The demonstration film with its music 24 dB louder, so that samples are lost, in every form of report.
struct Loud {
    folder: tempfile::TempDir,
}

impl Loud {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        expect_status(&["demo", folder.path().to_str().unwrap()], 0);
        let rule = "[[rule]]\nclip = \"1M1\"\nstem = \"MX\"\ngain_db = 24\n";
        fs::write(folder.path().join("loud.toml"), rule).unwrap();
        Self { folder }
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    fn conform(&self, out: &str, more: &[&str], status: i32) -> std::process::Output {
        let text = |below: &str| self.path(below).to_str().unwrap().to_owned();
        let inputs = [
            "film_r1_dx.edl",
            "film_r1_mx_fx.otio",
            "sound",
            out,
            "loud.toml",
        ];
        let [edl, otio, sound, out, rules] = inputs.map(text);
        let mut args = vec!["conform", &edl, &otio, "--media", &sound, "--out", &out];
        args.extend(["--title", "T", "--rate", "24", "--rules", &rules]);
        args.extend(more);
        expect_status(&args, status)
    }
}

/// The file is valid against a schema of ours.
fn check_xml(schema: &str, path: &Path) {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("specs/schema")
        .join(schema);
    let checked = Command::new("xmllint")
        .args(["--noout", "--nonet", "--schema"])
        .args([&schema, path])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success(), "{}: {said}", path.display());
}

#[test]
fn every_report_is_the_same_for_any_number_of_threads() {
    let film = Loud::new();
    film.conform("one", &["--report", "all", "--jobs", "1"], 0);
    film.conform("many", &["--report", "all", "--jobs", "5"], 0);
    let (one, many) = (names(&film.path("one")), names(&film.path("many")));
    assert_eq!(one, many);
    let expected = [
        "T_DX.wav",
        "T_FX.wav",
        "T_ME.wav",
        "T_MIX.wav",
        "T_MX.wav",
        "T_faults.csv",
        "T_junit.xml",
        "T_markers_avid.txt",
        "T_markers_protools.txt",
        "T_markers_resolve.edl",
        "T_plan.json",
        "T_qc.xml",
        "T_report.html",
        "T_report.json",
    ];
    assert_eq!(one, expected);
    for name in expected {
        let read = |folder: &str| fs::read(film.path(folder).join(name)).unwrap();
        assert!(read("one") == read("many"), "{name} differs");
    }
    let page = fs::read_to_string(film.path("one/T_report.html")).unwrap();
    assert!(page.contains("samples above full scale"));
    assert!(page.contains("Go and listen"), "there is something to hear");
}

#[test]
fn the_usual_reports_are_json_page_and_junit() {
    let film = Loud::new();
    film.conform("usual", &["--plan-only"], 0);
    let usual = [
        "T_junit.xml",
        "T_plan.json",
        "T_report.html",
        "T_report.json",
    ];
    assert_eq!(names(&film.path("usual")), usual);
    let said = film.conform("none", &["--report", "csv,pdf"], 2).stderr;
    let said = String::from_utf8_lossy(&said);
    assert!(said.contains("`pdf` is not a format"), "{said}");
    assert!(!film.path("none").exists());
}

#[test]
fn xml_reports_keep_to_their_schemas() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/report");
    if !has_tool("xmllint") {
        return;
    }
    let film = Loud::new();
    film.conform("out", &["--report", "xml"], 0);
    check_xml("junit.xsd", &film.path("out/T_junit.xml"));
    check_xml("qc-report.xsd", &film.path("out/T_qc.xml"));
    check_xml("junit.xsd", &fixtures.join("R1_junit.xml"));
    check_xml("qc-report.xsd", &fixtures.join("R1_qc.xml"));
}

#[test]
fn marker_lists_read_back() {
    let film = Loud::new();
    film.conform("out", &["--report", "resolve"], 0);
    let list = film.path("out/T_markers_resolve.edl");
    let read = expect_status(
        &["inspect", "--json", "--rate", "24", list.to_str().unwrap()],
        0,
    );
    let read = String::from_utf8_lossy(&read.stdout).into_owned();
    assert!(read.contains("RND001 samples above full scale"), "{read}");
}
