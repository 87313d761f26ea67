//! Which stem a clip goes to, by everything that may be known of it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail loudly and say what they skip"
)]

#[path = "stem/evidence.rs"]
mod evidence;

use std::path::{Path, PathBuf};

use evidence::Case;
use proptest::prelude::*;
use stemline::spec::Spec;
use stemline::stem::{
    Assignment, Decision, Evidence, Group, RuleSet, StemCode, StemSet, assign, assign_all,
};
use stemline::time::FrameRate;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/stem")
        .join(name)
}

fn set() -> StemSet {
    Spec::builtin("dme").unwrap().stem_set().unwrap()
}

/// Stem (with `?` where a person should look), group and rule, as `cases.txt` writes them.
fn outcome(assignment: &Assignment) -> (String, String) {
    let review = assignment.review.clone().unwrap_or_default();
    match &assignment.decision {
        Decision::Unassigned => ("-".to_owned(), review),
        Decision::Ignore => ("ignore".to_owned(), assignment.rule.clone()),
        Decision::Stem { code, group } => {
            let mark = if review.is_empty() { "" } else { "?" };
            let rule = assignment.rule.replace("built-in: ", "");
            (format!("{code}{mark} {group}"), rule)
        }
    }
}

/// The lines of `cases.txt`: their columns, with the number of the line.
fn cases() -> Vec<(usize, Vec<String>)> {
    let text = std::fs::read_to_string(fixture("cases.txt")).unwrap();
    let lines = text.lines().enumerate();
    let lines = lines.filter(|(_, line)| !line.starts_with('#') && !line.trim().is_empty());
    let columns = |line: &str| {
        line.split('|')
            .map(|column| column.trim().to_owned())
            .collect()
    };
    lines.map(|(i, line)| (i + 1, columns(line))).collect()
}

fn case(columns: &[String]) -> Case {
    Case::new(&columns[0], &columns[1], &columns[2], &columns[3])
}

#[test]
fn clips_go_where_the_trade_expects_them() {
    let (rules, set) = (RuleSet::default(), set());
    let mut wrong = Vec::new();
    let cases = cases();
    assert!(cases.len() >= 150, "{} cases", cases.len());
    for (line, columns) in &cases {
        let [.., stem, rule] = &columns[..] else {
            panic!("line {line} has {} columns", columns.len());
        };
        let assignment = assign(&rules, &set, &case(columns).evidence());
        let (got, why) = outcome(&assignment);
        let named = if stem == "-" {
            why.contains(rule.as_str())
        } else {
            why == *rule
        };
        if got != *stem || !named {
            let review = assignment.review.unwrap_or_default();
            let seen = assignment.evidence.iter();
            let seen = seen.map(|r| format!("{} {:?} {}", r.weight, r.says, r.rule));
            let seen: Vec<String> = seen.collect();
            let want = columns.join(" | ");
            wrong.push(format!(
                "line {line}: {want}\n  got {got} | {why} ({review}) {seen:?}"
            ));
        }
    }
    let list = wrong.join("\n");
    assert!(
        wrong.is_empty(),
        "{} of {} wrong:\n{list}",
        wrong.len(),
        cases.len()
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Neither the order of the clips of a job nor that of a clip's notes and tracks changes what a
    /// clip comes to, and nothing does the second time.
    #[test]
    fn the_order_of_evidence_does_not_matter(order in shuffled(), notes in prop::bool::ANY) {
        let (rules, set) = (RuleSet::default(), set());
        let lines = cases();
        let cases: Vec<Case> = lines.iter().map(|(_, columns)| case(columns)).collect();
        let evidence: Vec<Evidence> = cases.iter().map(Case::evidence).collect();
        let straight = assign_all(&rules, &set, &evidence);
        let mut turned = Vec::new();
        for &i in &order {
            let mut other = case(&lines[i].1);
            if notes {
                other.clip.notes.push(("Comment".to_owned(), "none".to_owned()));
                other.clip.notes.rotate_right(1);
            }
            turned.push(other);
        }
        let evidence: Vec<Evidence> = turned.iter().map(Case::evidence).collect();
        let again = assign_all(&rules, &set, &evidence);
        for (&i, assignment) in order.iter().zip(&again) {
            prop_assert_eq!(assignment, &straight[i]);
        }
    }

    /// Any text at all: no panic, and nothing becomes a stem without a reason.
    #[test]
    fn any_name_is_survived(track in ".*", clip in ".*", file in ".*", reel in ".*") {
        let mut case = Case::new(&track, &clip, &file, "");
        case.clip.media.reel = Some(reel);
        case.clip.media.file = Some(file);
        let got = assign(&RuleSet::default(), &set(), &case.evidence());
        prop_assert!(got.stem().is_none() || !got.evidence.is_empty());
        prop_assert!(got.stem().is_some() || got.review.is_some());
    }
}

fn shuffled() -> impl Strategy<Value = Vec<usize>> {
    let order: Vec<usize> = (0..cases().len()).collect();
    Just(order).prop_shuffle()
}

/// The message of a bad rules file or spec with its hint, as `errors/*.txt` hold it.
fn complaint(name: &str, text: &str) -> String {
    let (message, hint) = if name.starts_with("rules-") {
        let error = RuleSet::parse(text, name, &set()).unwrap_err();
        (error.to_string(), error.hint)
    } else {
        let error = Spec::parse(text, name).unwrap_err();
        (error.to_string(), error.hint())
    };
    let hint = hint.map(|hint| format!("hint: {hint}\n"));
    format!("{message}\n{}", hint.unwrap_or_default())
}

#[test]
fn faults_in_rules_and_specs_are_named_with_place_and_remedy() {
    let mut cases: Vec<PathBuf> = std::fs::read_dir(fixture("errors"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|suffix| suffix == "toml"))
        .collect();
    cases.sort();
    assert!(cases.len() >= 40, "{} cases", cases.len());
    let mut wrong = Vec::new();
    for path in cases {
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let got = complaint(name, &text);
        let want = std::fs::read_to_string(path.with_extension("txt")).unwrap_or_default();
        if got != want {
            wrong.push(format!("{name}\n got: {got}want: {want}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The keys that a document may have at a place, as the message about a wrong one lists them.
fn known_keys(message: &str) -> Vec<String> {
    let (_, list) = message.split_once("known keys are ").unwrap();
    let mut keys: Vec<String> = list.trim().split(", ").map(str::to_owned).collect();
    keys.sort();
    keys
}

#[test]
fn the_schemas_have_the_keys_that_are_read() {
    let read = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("specs/schema")
            .join(name);
        let text = std::fs::read_to_string(path).unwrap();
        serde_json::from_str::<serde_json::Value>(&text).unwrap()
    };
    let keys = |schema: &serde_json::Value, pointer: &str| {
        let properties = schema.pointer(pointer).unwrap().as_object().unwrap();
        let mut keys: Vec<String> = properties.keys().cloned().collect();
        keys.sort();
        keys
    };
    let wrong_rule = |text: &str| known_keys(&complaint("rules-x", text));
    let wrong_spec = |text: &str| known_keys(&complaint("spec-x", text));
    let (rules, spec) = (read("rules.json"), read("delivery.json"));
    assert_eq!(keys(&rules, "/properties"), wrong_rule("zzzzzz = 1"));
    let rule = wrong_rule("[[rule]]\nzzzzzz = 1");
    assert_eq!(keys(&rules, "/$defs/rule/properties"), rule);
    assert_eq!(keys(&spec, "/properties"), wrong_spec("zzzzzz = 1"));
    let stem = wrong_spec("[[stem]]\nzzzzzz = 1");
    assert_eq!(keys(&spec, "/$defs/stem/properties"), stem);
    let composite = wrong_spec("[[composite]]\nzzzzzz = 1");
    assert_eq!(keys(&spec, "/$defs/composite/properties"), composite);
    let groups = spec
        .pointer("/$defs/group/enum")
        .unwrap()
        .as_array()
        .unwrap();
    let groups: Vec<&str> = groups.iter().map(|group| group.as_str().unwrap()).collect();
    assert_eq!(groups, Group::all().map(Group::name).collect::<Vec<_>>());
}

#[test]
fn every_example_of_the_rules_page_is_valid() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/rules.md");
    let page = std::fs::read_to_string(path).unwrap();
    let blocks: Vec<&str> = page
        .split("```toml\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
        .collect();
    assert!(blocks.len() >= 4);
    for block in blocks {
        let rules = RuleSet::parse(block, "rules.md", &set());
        assert!(rules.is_ok(), "{block}\n{:?}", rules.err());
    }
}

#[test]
fn the_default_spec_is_what_the_manual_says() {
    let spec = Spec::builtin("dme").unwrap();
    assert_eq!(Spec::names().next(), Some("dme"));
    let codes: Vec<&str> = spec.stems.iter().map(|stem| stem.code.as_str()).collect();
    assert_eq!(codes, ["DX", "MX", "FX", "OPT"]);
    let recipes: Vec<String> = spec
        .composites
        .iter()
        .map(|c| {
            let parts: Vec<&str> = c.recipe.iter().map(StemCode::as_str).collect();
            format!("{}={}", c.code, parts.join("+"))
        })
        .collect();
    assert_eq!(recipes, ["ME=MX+FX", "MIX=DX+MX+FX+OPT"]);
    let wide = spec.clone().with_layout("5.1".parse().unwrap()).unwrap();
    assert_eq!(wide.composite_layout(&wide.composites[1]).len(), 6);
    let dx = &spec.stems[0];
    let fields = spec.fields_of("Film", &dx.code, spec.layout_of(dx), FrameRate::F24);
    let named = spec.name_file(&fields);
    assert_eq!((named.0.as_str(), named.1.len()), ("Film_DX.wav", 0));
    let (written, notes) = spec.written(&[dx.code.clone()].into());
    assert_eq!((written.len(), notes.len()), (3, 1));
    let (written, notes) = spec.written(&["OPT".parse().unwrap()].into());
    assert_eq!((written.len(), notes.len()), (4, 0));
    assert!(
        Spec::find("dmee")
            .unwrap_err()
            .hint()
            .unwrap()
            .contains("dme")
    );
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/delivery/dme.toml");
    assert_eq!(Spec::find(file.to_str().unwrap()).unwrap(), spec);
}

/// The sound events of a cut list, read just far enough: reel, track, clip and file names.
fn edl(path: &Path) -> Option<Vec<Case>> {
    let text = String::from_utf8_lossy(&std::fs::read(path).ok()?).into_owned();
    let timeline = path.file_stem()?.to_string_lossy().into_owned();
    let mut clips: Vec<Case> = Vec::new();
    let mut sound = false;
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        if let [event, reel, track, ..] = words[..]
            && event.bytes().all(|byte| byte.is_ascii_digit())
        {
            sound = track.starts_with('A');
            let track = if track == "A" { "A1" } else { track };
            let mut clip = Case::new(track, "", "", "");
            timeline.clone_into(&mut clip.timeline);
            clip.clip.media.reel = Some(reel.to_owned());
            clips.extend(sound.then_some(clip));
        }
        let after = |mark: &str| {
            line.split_once(mark)
                .map(|(_, text)| text.trim().to_owned())
        };
        if let Some(clip) = clips.last_mut().filter(|_| sound) {
            if let Some(name) = after("FROM CLIP NAME:") {
                clip.clip.name = name;
            }
            if let Some(name) = after("SOURCE FILE:") {
                clip.clip.media.name = name;
            }
        }
    }
    // The outgoing half of a dissolve has no name of its own.
    clips.retain(|clip| !clip.clip.name.is_empty());
    Some(clips)
}

/// A real cut list, and how many of its clips go to DX, MX, FX and nowhere.
fn check_edl(name: &str, want: [usize; 4]) {
    let corpus = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/corpus/timelines/edl"
    );
    let Some(clips) = edl(&Path::new(corpus).join(name)) else {
        println!("skipped: {corpus}/{name} is not here");
        return;
    };
    let evidence: Vec<Evidence> = clips.iter().map(Case::evidence).collect();
    let got = assign_all(&RuleSet::default(), &set(), &evidence);
    let mut counts = [0; 4];
    for assignment in &got {
        let stem = assignment.stem().map_or("-", |stem| stem.as_str());
        let at = ["DX", "MX", "FX", "-"]
            .iter()
            .position(|code| *code == stem);
        counts[at.unwrap()] += 1;
    }
    assert_eq!(counts, want, "{name}");
}

#[test]
fn real_cut_lists_are_sorted() {
    check_edl("INS4_R1_DX_092117.edl", [460, 0, 0, 6]);
    check_edl("TEST.edl", [43, 22, 49, 3]);
}
