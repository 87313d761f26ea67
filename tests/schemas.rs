//! What the program writes for others to read, held against the schemas that it publishes.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot prepare its files has failed; one that skips says so"
)]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use support::expect_status;

/// Another implementation of JSON Schema; prints what is wrong.
const VALIDATE: &str = "
import json, sys, jsonschema
schema, document = (json.load(open(path)) for path in sys.argv[1:])
jsonschema.Draft202012Validator.check_schema(schema)
jsonschema.validate(document, schema)
";

fn has_validator() -> bool {
    let found = Command::new("python3")
        .args(["-c", "import jsonschema"])
        .output();
    let found = found.is_ok_and(|output| output.status.success());
    if !found {
        println!("skipped: python3 with jsonschema is not installed");
    }
    found
}

fn check(schema: &str, document: &Path) {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("specs/schema")
        .join(schema);
    let checked = Command::new("python3")
        .args(["-c", VALIDATE])
        .arg(&schema)
        .arg(document)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success(), "{}: {said}", document.display());
}

#[test]
fn every_json_form_keeps_to_its_schema() {
    if !has_validator() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |below: &str| folder.path().join(below);
    let text = |below: &str| path(below).to_str().unwrap().to_owned();
    expect_status(&["demo", &text("")], 0);
    check("plan.json", &path("out/FILM_R1_plan.json"));
    check("report.json", &path("out/FILM_R1_report.json"));
    let report = fs::read_to_string(path("out/FILM_R1_report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    fs::write(path("qc.json"), report["qc"].to_string()).unwrap();
    check("qc.json", &path("qc.json"));
    let shown = |name: &str, args: &[&str]| {
        fs::write(path(name), expect_status(args, 0).stdout).unwrap();
        path(name)
    };
    for timeline in ["film_r1_dx.edl", "film_r1_mx_fx.otio"] {
        let json = shown("timeline.json", &["inspect", "--json", &text(timeline)]);
        check("timeline.json", &json);
    }
    let wave = shown(
        "wave.json",
        &["inspect", "--json", &text("out/FILM_R1_DX.wav")],
    );
    check("wave.json", &wave);
    let (mix, silence) = (text("out/FILM_R1_MIX.wav"), text("sound/SR001-12B-T01.wav"));
    let args = [
        "measure", "--json", "--leq-m", "--overs", "-30", &mix, &silence,
    ];
    check("measure.json", &shown("measure.json", &args));
    let stem = text("out/FILM_R1_DX.wav");
    let args = ["measure", "--json", "--dialogue", &stem, &mix];
    check("measure.json", &shown("measure.json", &args));
    let args = ["measure", "--json", "--reels", &mix, &stem];
    check("measure.json", &shown("measure.json", &args));
}

#[test]
fn what_is_said_of_adm_keeps_to_its_schema() {
    let master = support::shared("corpus/adm/30a_dme_delivery_v1.wav");
    let (true, Some(master)) = (has_validator(), master) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let master = master.to_str().unwrap().to_owned();
    let document = folder.path().join("said.json");
    fs::write(
        &document,
        expect_status(&["inspect", "--json", &master], 0).stdout,
    )
    .unwrap();
    check("wave.json", &document);
    fs::write(
        &document,
        expect_status(&["adm-check", "--json", &master], 0).stdout,
    )
    .unwrap();
    check("adm-check.json", &document);
}
