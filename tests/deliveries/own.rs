//! What was delivered here passes its own quality control.

use rayon::prelude::*;
use serde_json::Value;

use super::film::{deliver, demo};
use crate::support::stemline;

/// Faults of a delivery of the film, judged as anyone's: without its plan where that is taken away.
fn faults(spec: &str, more: &[&str], with_plan: bool) -> Vec<String> {
    let film = demo();
    let out = deliver(film.path(), spec, "out", more).folder;
    if !with_plan {
        std::fs::remove_file(out.join("FILM_plan.json")).unwrap();
        // Lists that name the plan would miss it.
        let lists = out.join("ascmhl");
        if lists.is_dir() {
            std::fs::remove_dir_all(lists).unwrap();
        }
    }
    let path = out.to_string_lossy().into_owned();
    let mut args = vec![
        "qc",
        path.as_str(),
        "--spec",
        spec,
        "--json",
        "--rate",
        "24",
    ];
    args.extend(more);
    let done = stemline(&args);
    let judged: Value = serde_json::from_slice(&done.stdout).unwrap();
    let judged = judged.get("qc").unwrap_or(&judged);
    let checks = judged["checks"].as_array().unwrap();
    assert!(checks.len() > 40, "{spec}");
    let faults = checks
        .iter()
        .flat_map(|check| check["faults"].as_array().cloned().unwrap_or_default());
    faults.map(|fault| fault.to_string()).collect()
}

/// Nobody has mixed the film to any client's loudness; everything else is as the spec wants it.
fn check(spec: &str, more: &[&str], with_plan: bool) {
    let undeserved: Vec<String> = faults(spec, more, with_plan)
        .into_iter()
        .filter(|fault| !fault.contains("\"QCL") && fault.contains("\"error\""))
        .collect();
    assert!(undeserved.is_empty(), "{spec} {more:?}: {undeserved:#?}");
}

#[test]
fn a_delivery_of_every_spec_passes_its_own_judgement() {
    let names: Vec<&str> = ::stemline::spec::Spec::names().collect();
    assert!(names.len() > 10);
    names.par_iter().for_each(|spec| {
        check(spec, &[], true);
        check(spec, &[], false);
    });
}

#[test]
fn a_file_without_the_silent_places_of_the_order_is_told() {
    let eight = [
        "--set",
        "channel_order=[\"L\", \"R\", \"C\", \"LFE\", \"Lss\", \"Rss\", \"Lrs\", \"Rrs\"]",
    ];
    let film = demo();
    let out = deliver(film.path(), "dcp-71", "out", &eight).folder;
    std::fs::remove_file(out.join("FILM_plan.json")).unwrap();
    let path = out.to_string_lossy().into_owned();
    let done = stemline(&["qc", &path, "--spec", "dcp-71", "--rate", "24"]);
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(said.contains("8 channels instead of 14"), "{said}");
}

#[test]
fn padding_over_the_most_that_the_client_takes_is_told() {
    let film = demo();
    let long = ["--set", "head.max=\"10 s\"", "--set", "head.length=\"6 s\""];
    let out = deliver(film.path(), "wbd-component", "out", &long).folder;
    let path = out.to_string_lossy().into_owned();
    let done = stemline(&["qc", &path, "--spec", "wbd-component", "--rate", "24"]);
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(
        said.contains("288000 samples of padding at the head, the client takes 240000"),
        "{said}"
    );
    // What it takes is no fault, with the plan and without.
    check("wbd-component", &["--set", "head.length=\"4 s\""], false);
    let short = ["--set", "head.length=\"4 s\""];
    let out = deliver(film.path(), "wbd-component", "short", &short).folder;
    std::fs::remove_file(out.join("FILM_plan.json")).unwrap();
    let path = out.to_string_lossy().into_owned();
    let done = stemline(&["qc", &path, "--spec", "wbd-component", "--rate", "24"]);
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(!said.contains("QCF5"), "{said}");
}

#[test]
fn pops_of_one_level_in_every_file_are_no_fault() {
    let leader = [
        "--set",
        "head.length=\"8 s\"",
        "--set",
        "head.pop=\"2 s\"",
        "--set",
        "tail.length=\"4 s\"",
        "--set",
        "tail.pop=\"2 s\"",
    ];
    check("dme", &leader, true);
    check("dme", &leader, false);
    check("wbd-component", &["--set", "head.length=\"4 s\""], true);
}
