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

#[test]
fn what_is_made_of_a_composite_needs_what_it_needs() {
    let text = Spec::builtin_text("dme").unwrap();
    let more = "[[composite]]\ncode = \"ALT\"\nlabel = \"Alternate\"\nrecipe = [\"MIX\"]\n\
                instead = { MX = \"OPT\" }\n\n\
                [[composite]]\ncode = \"ALT2\"\nlabel = \"Of it\"\nrecipe = [\"ALT\"]\n\n\
                [[composite]]\ncode = \"ALT3\"\nlabel = \"Without\"\nrecipe = [\"ALT2\"]\n\
                without = [\"OPT\"]\n\n[[source]]";
    // The mix of this spec has the optional stem already.
    let text = text.replacen("[[source]]", more, 1);
    let text = text.replacen("\"FX\", \"OPT\"]", "\"FX\"]", 1);
    let spec = Spec::parse(&text, "mine.toml").unwrap();
    let needs = |code: &str| {
        let composite = spec.composites.iter().find(|c| c.code.as_str() == code);
        let needs = composite.unwrap().when.iter().map(ToString::to_string);
        needs.collect::<Vec<_>>()
    };
    assert_eq!(needs("ALT"), ["OPT"]);
    assert_eq!(needs("ALT2"), ["OPT"]);
    assert!(needs("ALT3").is_empty());
}

#[test]
fn the_note_of_a_field_counts_before_that_of_its_table() {
    let check = |name: &str, key: &str, tag: &str| {
        let spec = Spec::builtin(name).unwrap();
        let source = spec.source_of(key).to_string();
        assert!(source.starts_with(tag), "{name} {key}: {source}");
    };
    check("wbd-component", "composite.MIX.asset", "[U]");
    check("wbd-component", "composite.MIX.code", "[P]");
    check("wbd-component", "composite.MIX.recipe", "[V]");
    check("wbd-component", "head.length", "[U]");
    check("wbd-component", "programme.reels", "[U]");
    check("wbd-component", "programme.start", "[V]");
    check("wbd-component", "checks.F6", "[P]");
    check("amazon-mgm", "composite.PM20.asset", "[U]");
    check("amazon-mgm", "composite.ME20.recipe", "[U]");
    check("academy-archive-stems", "sample_rate", "[U]");
    check("atsc-a85", "loudness.1.measurement", "[U]");
    check("atsc-a85", "loudness.2.measurement", "[S]");
    check("netflix-dub-premix", "peak.1.qc_true_peak", "[P]");
    check("netflix-dub-premix", "peak.1.true_peak", "[V]");
}

#[test]
fn a_spec_of_another_name_does_not_speak_for_the_client() {
    let text = Spec::builtin_text("amazon-mgm").unwrap();
    let text = text
        .replace("name = \"amazon-mgm\"", "name = \"mine\"")
        .replace("-27 LKFS", "-20 LKFS");
    let spec = Spec::parse(&text, "mine.toml").unwrap();
    assert_eq!(spec.source_of("loudness.1.target"), ValueSource::Yours);
    let tolerance = spec.source_of("loudness.1.tolerance").to_string();
    assert!(tolerance.starts_with("[V]"), "{tolerance}");
    // A page of one's own is kept.
    let own = "[[source]]\ntag = \"V\"\nurl = \"https://example.org/spec\"\ndate = \"2026-01-01\"\n\
               for = [\"loudness.1.target\"]\n\n[[source]]";
    let spec = Spec::parse(&text.replacen("[[source]]", own, 1), "mine.toml").unwrap();
    let target = spec.source_of("loudness.1.target").to_string();
    assert!(target.contains("example.org"), "{target}");
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
    let wbd = |setting: &str| Spec::builtin("wbd-component").unwrap().set(setting);
    for (setting, want) in [
        ("loudness.1.target=27 LKFS", "is not a level"),
        ("loudness.1.target=-2700 LKFS", "is not a level"),
        ("peak.1.true_peak=2 dBTP", "is not a level"),
        ("range.1.min=20 LU", "`20 LU` is over `max`"),
    ] {
        let spec = Spec::builtin("netflix-nearfield").unwrap();
        let said = spec.set(setting).unwrap_err().to_string();
        assert!(said.contains(want), "{setting}: {said}");
    }
    check(
        "loudness.1.target=-27 LKFS",
        "the spec has no `loudness.1`; add [[loudness]]",
    );
    check(
        "checks.F4={ tolerance = \"-1 samples\" }",
        "`-1 samples` is below zero",
    );
    for (setting, max) in [("head.length=8 s", "5 s"), ("tail.length=1 frame", "0 s")] {
        let said = wbd(setting).unwrap_err().to_string();
        assert!(said.contains(&format!("is over `max`, {max}")), "{said}");
    }
    assert!(wbd("head.length=5 s").is_ok());
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

#[test]
fn settings_hold_together_in_any_order() {
    let set = |settings: &[&str]| {
        let settings: Vec<String> = settings.iter().map(|&s| s.to_owned()).collect();
        Spec::builtin("academy-archive-stems")
            .unwrap()
            .set_all(&settings)
    };
    let both = ["head.length=0 s", "head.pop=forbidden"];
    let spec = set(&both).unwrap();
    assert_eq!(spec.head.pop, PopRule::Forbidden);
    assert_eq!(set(&[both[1], both[0]]).unwrap(), spec);
    let error = set(&["head.length=0 s", "fields.version=v02"]).unwrap_err();
    assert!(error.to_string().contains("head.length"), "{error}");
    // No pop is left out in silence where another layout has not its channel.
    let spec = set(&["pop.channels=[\"Ls\"]"]).unwrap();
    let error = spec.with_layout("2.0".parse().unwrap()).unwrap_err();
    assert!(error.to_string().contains("pops in Ls"), "{error}");
}
