//! Data flows one way: every `use crate::…` path of the sources against the table of who may use
//! whom, and the house rules that the compiler does not know.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read the sources has failed"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What each module may use besides itself and [`COMMON`].
const MAY_USE: &[(&str, &[&str])] = &[
    ("time", &[]),
    ("audio", &[]),
    ("finding", &[]),
    ("timeline", &[]),
    ("interchange", &["timeline", "bwf", "compound"]),
    ("bwf", &[]),
    ("compound", &[]),
    ("media", &["timeline", "bwf", "compound"]),
    ("stem", &["timeline", "media"]),
    ("spec", &["stem"]),
    ("conform", &["timeline", "stem", "spec", "media", "spatial"]),
    (
        "render",
        &[
            "conform::plan",
            "conform::RenderPlan",
            "media",
            "timeline",
            "spatial",
        ],
    ),
    ("spatial", &[]),
    ("meter", &[]),
    (
        "deliver",
        &["bwf", "conform::plan", "conform::RenderPlan", "spec"],
    ),
    (
        "qc",
        &[
            "conform::plan",
            "conform::RenderPlan",
            "meter",
            "spec",
            "stem",
            "bwf",
        ],
    ),
    ("report", &["qc", "meter", "conform::plan", "spec"]),
    ("demo", &["bwf"]),
    ("job", &["*"]),
    ("cli", &["*"]),
];

/// Below everything.
const COMMON: [&str; 3] = ["time", "audio", "finding"];

/// Nobody may use these.
const ON_TOP: [&str; 1] = ["cli"];

fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|suffix| suffix == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found.sort();
    found
}

/// The module that a file belongs to: the first folder or file below `src`.
fn module_of(path: &Path) -> String {
    let below = path
        .strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
        .unwrap();
    let first = below
        .components()
        .next()
        .unwrap()
        .as_os_str()
        .to_string_lossy()
        .into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// Every path after `crate::` in the code of a file, up to two segments, outside comments.
fn crate_paths(text: &str) -> Vec<String> {
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let mut paths = Vec::new();
    for line in code {
        for (at, _) in line.match_indices("crate::") {
            let rest = &line[at + "crate::".len()..];
            let word = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
            let path: String = rest.chars().take_while(|c| word(*c)).collect();
            let mut parts = path.split("::").filter(|part| !part.is_empty());
            let first = parts.next().unwrap_or_default();
            let second = parts.next();
            paths.push(second.map_or(first.to_owned(), |second| format!("{first}::{second}")));
        }
    }
    paths
}

fn allowed(module: &str, path: &str) -> bool {
    let target = path.split("::").next().unwrap_or_default();
    let table: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    let Some(may) = table.get(module) else {
        return false;
    };
    let listed = may
        .iter()
        .any(|ok| *ok == "*" || *ok == target || *ok == path);
    target == module
        || COMMON.contains(&target)
        || (listed && !ON_TOP.contains(&target))
        // The item's own macros and types at the crate root.
        || target.is_empty()
}

#[test]
fn data_flows_one_way() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (path, text) in sources() {
        let module = module_of(&path);
        if matches!(module.as_str(), "lib" | "main") {
            continue;
        }
        for target in crate_paths(&text) {
            seen += 1;
            if !allowed(&module, &target) {
                wrong.push(format!("{} uses crate::{target}", path.display()));
            }
        }
    }
    assert!(
        seen > 100,
        "only {seen} paths found: the test reads the wrong files"
    );
    assert!(wrong.is_empty(), "against the table:\n{}", wrong.join("\n"));
}

#[test]
fn every_module_is_in_the_table() {
    for (path, _) in sources() {
        let module = module_of(&path);
        let known = MAY_USE.iter().any(|row| row.0 == module);
        assert!(
            known || matches!(module.as_str(), "lib" | "main"),
            "{module} has no row"
        );
    }
}

#[test]
fn every_module_states_its_invariant() {
    for (path, text) in sources() {
        let top = path.parent().is_some_and(|folder| folder.ends_with("src"));
        let room = path.file_name().is_some_and(|name| name == "mod.rs");
        if room || (top && !path.ends_with("lib.rs") && !path.ends_with("main.rs")) {
            assert!(
                text.starts_with("//!"),
                "{} has no module doc",
                path.display()
            );
            let depth = path.components().count()
                - Path::new(env!("CARGO_MANIFEST_DIR")).components().count();
            let states = text.contains("**Invariant:**");
            assert!(
                states || depth > 3,
                "{} states no invariant",
                path.display()
            );
        }
    }
}

#[test]
fn nothing_is_switched_off_or_left_over() {
    for (path, text) in sources() {
        for word in [
            "#[allow(",
            "todo!(",
            "unimplemented!(",
            "FIXME",
            "XXX",
            "#[ignore",
        ] {
            assert!(!text.contains(word), "{} has {word}", path.display());
        }
    }
}
