//! Delivery specs: every built-in one is whole, says where its values come from, keeps to the schema
//! and can be edited and given back; every fault is named.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot prepare its files has failed"
)]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use stemline::audio::{DbTp, LoudnessUnits, Lufs};
use stemline::finding::Severity;
use stemline::spec::{Gate, PopRule, Spec, TcLength, ValueSource};
use support::expect_status;

/// The specs that come with the program.
fn all() -> Vec<Spec> {
    Spec::names()
        .map(|name| Spec::builtin(name).unwrap())
        .collect()
}

#[test]
fn the_clients_are_there() {
    let names: Vec<&str> = Spec::names().collect();
    let want = "dme netflix-nearfield netflix-me netflix-dub-premix wbd-component amazon-mgm ebu-r128 \
                rtl france-pad dpp-as11 arib-tr-b32 atsc-a85 academy-archive-stems dcp-71";
    assert_eq!(names, want.split_whitespace().collect::<Vec<_>>());
    for spec in all() {
        assert!(
            spec.stem_set().is_ok() && !spec.title.is_empty(),
            "{}",
            spec.name
        );
    }
}

#[test]
fn every_value_says_where_it_comes_from() {
    for spec in all() {
        let printed = spec.annotated();
        assert!(!printed.contains("no source"), "{}:\n{printed}", spec.name);
        assert!(!printed.contains("yours"), "{}:\n{printed}", spec.name);
        let (values, sources) = printed.split_once("# Where the values come from").unwrap();
        for line in values.lines() {
            let value = line.contains(" = ") && !line.starts_with('#');
            assert_eq!(value, line.contains("  #: ["), "{}: {line}", spec.name);
        }
        assert!(sources.contains("[[source]]"));
        assert_eq!(
            Spec::parse(&printed, "printed").unwrap().annotated(),
            printed
        );
    }
}

#[test]
fn a_printed_spec_is_the_spec_and_a_changed_value_is_yours() {
    let folder = tempfile::tempdir().unwrap();
    let mine = folder.path().join("mine.toml");
    let printed = expect_status(&["specs", "netflix-nearfield"], 0).stdout;
    let text = String::from_utf8(printed).unwrap();
    assert!(
        text.contains("target = \"-27 LKFS\"  #: [S] https://www.knut"),
        "{text}"
    );
    fs::write(&mine, text.replace("-27 LKFS", "-26 LKFS")).unwrap();
    let spec = Spec::load(&mine).unwrap();
    assert_eq!(spec.loudness[0].target, Lufs::new(-26.0));
    assert_eq!(spec.source_of("loudness.1.target"), ValueSource::Yours);
    assert!(matches!(
        spec.source_of("loudness.1.tolerance"),
        ValueSource::Note(_)
    ));
    let again = expect_status(&["specs", mine.to_str().unwrap()], 0).stdout;
    let again = String::from_utf8(again).unwrap();
    assert!(again.contains("target = \"-26 LKFS\"  #: yours"), "{again}");
    let set = [
        "specs",
        "netflix-nearfield",
        "--set",
        "loudness.1.target=-26 LKFS",
    ];
    let set = String::from_utf8(expect_status(&set, 0).stdout).unwrap();
    assert!(set.contains("target = \"-26 LKFS\"  #: yours"), "{set}");
}

#[test]
fn limits_are_those_of_the_clients() {
    let spec = |name| Spec::builtin(name).unwrap();
    let netflix = spec("netflix-nearfield");
    let pm = "PM".parse().unwrap();
    let limits = netflix.loudness_of(&pm);
    assert_eq!(
        limits.len(),
        2,
        "the second way is tried where the first fails"
    );
    assert_eq!(
        (limits[0].gate, limits[0].target),
        (Gate::Dialogue, Lufs::new(-27.0))
    );
    assert_eq!(limits[0].tolerance, LoudnessUnits::new(2.0));
    assert_eq!(limits[0].qc_tolerance, LoudnessUnits::new(3.0));
    assert_eq!(
        (limits[1].gate, limits[1].target),
        (Gate::Programme, Lufs::new(-24.0))
    );
    let peak = netflix.peak_of(&pm).unwrap();
    assert_eq!(
        (peak.true_peak, peak.qc_true_peak),
        (DbTp::new(-2.0), DbTp::new(-1.0))
    );
    assert_eq!(netflix.head.pop, PopRule::Forbidden);
    let me = spec("netflix-me");
    assert!(
        me.loudness_of(&"ME".parse().unwrap()).is_empty(),
        "loudness of an M&E is not looked at"
    );
    assert_eq!(
        me.peak_of(&"ME".parse().unwrap()).unwrap().qc_true_peak,
        DbTp::new(-1.0)
    );
    let rtl = spec("rtl").loudness[0].qc_tolerance;
    assert_eq!(rtl, LoudnessUnits::new(0.2));
    for name in ["france-pad", "dpp-as11"] {
        assert_eq!(spec(name).peak[0].true_peak, DbTp::new(-3.0), "{name}");
    }
    let academy = spec("academy-archive-stems");
    assert_eq!(academy.head.pop, PopRule::At(TcLength::Seconds(2)));
    assert_eq!(academy.programme.start.unwrap().of_reel(3), "03:00:08:00");
    let check = spec("netflix-me").check("M1").unwrap();
    assert_eq!(check.severity, Some(Severity::Error));
    assert_eq!(check.threshold("fail").unwrap().to_string(), "-30 dB");
    let unsaid = spec("dme").check("S1").unwrap();
    assert_eq!(unsaid.threshold("level").unwrap().to_string(), "-60 dBFS");
    assert_eq!(spec("dme").check("M8").unwrap().severity, None);
    assert_eq!(spec("dme").check("Z9"), None);
}

#[test]
fn recipes_are_worked_out() {
    let recipe = |name: &str, code: &str| {
        let spec = Spec::builtin(name).unwrap();
        let composite = spec
            .composites
            .iter()
            .find(|c| c.code.as_str() == code)
            .unwrap();
        composite
            .recipe
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("+")
    };
    assert_eq!(recipe("netflix-me", "PM"), "DX+NARR+MX+FX+OPT");
    assert_eq!(recipe("netflix-me", "MMN"), "DX+MX+FX+OPT");
    assert_eq!(
        recipe("academy-archive-stems", "MX"),
        "MX-SCORE+MX-SRC+MX-VOX"
    );
    let spec = Spec::builtin("dme").unwrap();
    let spec = spec.set("composite.MIX.without=[\"DX\"]").unwrap();
    let spec = spec.set("composite.ME.instead={ MX = \"OPT\" }").unwrap();
    let recipes: Vec<String> = spec
        .composites
        .iter()
        .map(|c| format!("{:?}", c.recipe))
        .collect();
    assert!(
        recipes[0].contains("OPT") && !recipes[0].contains("MX"),
        "{recipes:?}"
    );
    assert!(!recipes[1].contains("DX"), "{recipes:?}");
    assert_eq!(spec.composites[0].when.len(), 1);
}

/// What is said of a setting of the default spec that cannot be.
fn refused(setting: &str) -> String {
    let error = Spec::builtin("dme").unwrap().set(setting).unwrap_err();
    format!("{error}; {}", error.hint().unwrap_or_default())
}

#[test]
fn settings_that_cannot_be_are_named() {
    let check = |setting: &str, want: &str| {
        let said = refused(setting);
        assert!(said.contains(want), "{setting}: {said}");
    };
    check("layout", "there is no `=`");
    check(
        "layot=5.1",
        "there is no key `layot`; did you mean `layout`?",
    );
    check("layout=9.9", "`9.9` is not a layout");
    check("stem.DZ.layout=5.1", "stem");
    check(
        "head.length=8 sec",
        "`sec` is not a unit of this value; units here are s, frames, frame",
    );
    check("head.pop=2 s", "a pop, but no length to stand in");
    check(
        "programme.start=1:00",
        "`1:00` is not a timecode of every rate",
    );
    check(
        "checks.S1={ levl = \"-50 dBFS\" }",
        "the check S1 has no `levl`; did you mean `level`?",
    );
    check("checks.S9=\"error\"", "there is no check `S9`");
    check("checks.S1=\"eror\"", "did you mean `error`?");
    check("composite.ME.fold=loro", "there is no fold-down `loro`");
    check("metadata.md5=chunks", "did you mean `chunk`?");
    check("fields.version=v_1", "`v_1` cannot be part of a file name");
    let set = ["conform", "x.edl", "--out", "o", "--set", "layot=5.1"];
    let said = String::from_utf8(expect_status(&set, 2).stderr).unwrap();
    assert!(said.contains("did you mean `layout`?"), "{said}");
}

/// TOML read by another reader, held against the schema by another implementation.
const VALIDATE: &str = "
import json, sys, tomllib, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
for path in sys.argv[2:]:
    jsonschema.validate(tomllib.load(open(path, 'rb')), schema)
";

#[test]
fn every_spec_keeps_to_the_schema() {
    let probe = Command::new("python3")
        .args(["-c", "import jsonschema, tomllib"])
        .output();
    if !probe.is_ok_and(|output| output.status.success()) {
        println!("skipped: python3 with jsonschema and tomllib is not installed");
        return;
    }
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs");
    let files = Spec::names().map(|name| specs.join(format!("delivery/{name}.toml")));
    let checked = Command::new("python3")
        .args(["-c", VALIDATE])
        .arg(specs.join("schema/delivery.json"))
        .args(files)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success(), "{said}");
}
