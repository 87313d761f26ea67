//! ADM for people: the tree of `inspect`, and `stemline adm-check`.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Status;
use super::args::AdmCheckArgs;
use super::console::{fail, out};
use crate::bwf::adm::{self, CheckProfile, ProfileCheck};
use crate::bwf::{self, Wave};
use crate::finding::{Finding, Severity};
use crate::job::adm_json;
use crate::spec::Spec;

/// The spec whose stems the tree names.
const SPEC: &str = "dme";

/// The model of a file as JSON, with the findings of reading it; null where it has none.
pub(super) fn model(wave: &Wave) -> Result<(Value, Vec<Finding>), Box<dyn std::error::Error>> {
    if wave.adm.is_none() {
        return Ok((Value::Null, Vec::new()));
    }
    let Some(model) = adm::read(wave)? else {
        return Ok((Value::Null, Vec::new()));
    };
    let stems = Spec::find(SPEC)?.stem_set()?;
    let json = adm_json(&model, &stems);
    Ok((json, model.findings))
}

/// The tree, from its JSON form so that both say the same.
pub(super) fn tree(model: &Value) -> String {
    let mut text = String::new();
    if !model.is_object() {
        return text;
    }
    let version = model["version"].as_str().unwrap_or("version not stated");
    let counts = (&model["objects"], &model["channels"], &model["blocks"]);
    let _ = writeln!(
        text,
        "\nADM ({version}): {} objects, {} channels, {} blocks",
        counts.0, counts.1, counts.2
    );
    for programme in list(&model["programmes"]) {
        let default = if programme["default"] == true {
            " (default)"
        } else {
            ""
        };
        let _ = writeln!(
            text,
            "programme {}{default}{}",
            named(programme),
            language(programme)
        );
        for content in list(&programme["contents"]) {
            let kind = content["kind"].as_str().unwrap_or("no kind");
            let _ = writeln!(
                text,
                "  content {}{} · {kind}",
                named(content),
                language(content)
            );
            for object in list(&content["objects"]) {
                write_object(&mut text, object, 2);
            }
        }
    }
    for item in list(&model["items"]) {
        let _ = writeln!(text, "item {}{}", named(item), stem(&item["stem"]));
    }
    text
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn named(element: &Value) -> String {
    let word = |key: &str| element[key].as_str().unwrap_or_default().to_owned();
    format!("{} `{}`", word("id"), word("name"))
}

fn language(element: &Value) -> String {
    let language = element["language"].as_str();
    language.map_or_else(String::new, |language| format!(" [{language}]"))
}

fn write_object(text: &mut String, object: &Value, depth: usize) {
    let pad = "  ".repeat(depth);
    let mute = if object["mute"] == true { " muted" } else { "" };
    let times = match (object["start"].as_str(), object["duration"].as_str()) {
        (None, None) => String::new(),
        (start, duration) => {
            format!(
                " from {} s for {} s",
                start.unwrap_or("0/1"),
                duration.unwrap_or("-")
            )
        }
    };
    let _ = writeln!(
        text,
        "{pad}object {}{times}{mute}{}",
        named(object),
        stem(&object["stem"])
    );
    for pack in list(&object["packs"]) {
        write_pack(text, pack, depth + 1);
    }
    for inner in list(&object["objects"]) {
        write_object(text, inner, depth + 1);
    }
}

fn write_pack(text: &mut String, pack: &Value, depth: usize) {
    let pad = "  ".repeat(depth);
    let kind = pack["type"].as_str().unwrap_or_default();
    let _ = writeln!(text, "{pad}pack {} · {kind}", named(pack));
    for channel in list(&pack["channels"]) {
        let _ = writeln!(
            text,
            "{pad}  {} · {} blocks",
            named(channel),
            channel["blocks"]
        );
    }
    for inner in list(&pack["packs"]) {
        write_pack(text, inner, depth + 1);
    }
}

/// `→ DX, by …`; why not where there is none.
fn stem(decision: &Value) -> String {
    let word = |key: &str| decision[key].as_str();
    match (word("stem"), word("rule")) {
        (Some(stem), Some(rule)) => {
            let review = word("review").map_or_else(String::new, |why| format!(" (check: {why})"));
            format!(" → {stem}, {rule}{review}")
        }
        _ => word("review").map_or_else(String::new, |why| format!(" → no stem: {why}")),
    }
}

/// `stemline adm-check`.
pub(super) fn check(args: &AdmCheckArgs) -> Status {
    let wave = match bwf::open(&args.file) {
        Ok(wave) => wave,
        Err(error) => return fail(Status::Refused, &error),
    };
    let model = match adm::read(&wave) {
        Ok(Some(model)) if !model.is_empty() => model,
        Ok(_) => {
            let message = format!(
                "{}: there is no ADM metadata in the file",
                args.file.display()
            );
            return fail(Status::Refused, &message);
        }
        Err(error) => return fail(Status::Refused, &error),
    };
    let mut checks = adm::check(&model, &wave);
    if !args.profile.is_empty() {
        checks.retain(|check| args.profile.contains(&check.profile));
    }
    let failed = checks
        .iter()
        .any(|check| counts(check, args) && errors(check) > 0);
    let text = if args.json {
        let json = json!({
            "schema": "stemline.adm-check/1",
            "file": args.file.display().to_string(),
            "profiles": checks,
            "failed": failed,
        });
        serde_json::to_string_pretty(&json).unwrap_or_default() + "\n"
    } else {
        checks.iter().map(|check| shown(check, args)).collect()
    };
    match out(&text) {
        Err(status) => status,
        Ok(()) if failed => Status::Failed,
        Ok(()) => Status::Done,
    }
}

/// Whether errors of a profile fail the check: those that were asked for, else those that the file means to
/// follow.
fn counts(check: &ProfileCheck, args: &AdmCheckArgs) -> bool {
    !args.profile.is_empty() || check.claimed
}

fn errors(check: &ProfileCheck) -> usize {
    let error = |finding: &&Finding| finding.severity == Severity::Error;
    check.findings.iter().filter(error).count()
}

fn shown(check: &ProfileCheck, args: &AdmCheckArgs) -> String {
    let warning = |finding: &&Finding| finding.severity == Severity::Warning;
    let warnings = check.findings.iter().filter(warning).count();
    let for_information = if counts(check, args) {
        ""
    } else {
        " (not claimed by the file)"
    };
    let mut text = format!(
        "{}{for_information}: {} errors, {warnings} warnings\n",
        check.profile.title(),
        errors(check)
    );
    for finding in &check.findings {
        let _ = writeln!(
            text,
            "  {}[{}] {}: {}",
            finding.severity, finding.code.id, finding.code.title, finding.message
        );
    }
    text
}

/// A profile as typed.
pub(super) fn profile(name: &str) -> Result<CheckProfile, String> {
    CheckProfile::from_name(name).ok_or_else(|| {
        let known: Vec<&str> = CheckProfile::all().map(CheckProfile::name).collect();
        format!("a profile is one of {}", known.join(", "))
    })
}
