//! `specs/schema/wave.json` says what is really written, and nothing else.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn schema() -> Value {
    let text = std::fs::read_to_string(root().join("specs/schema/wave.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The name of a value's type, as JSON Schema has it.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Holds a value against the keywords that the schema uses; notes which properties were met.
fn check(value: &Value, schema: &Value, at: &str, met: &mut BTreeSet<String>) {
    if let Some(constant) = schema.get("const") {
        assert_eq!(value, constant, "{at}");
    }
    if let Some(allowed) = schema.get("enum").and_then(Value::as_array) {
        assert!(allowed.contains(value), "{at} is {value}");
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => vec![kind(value)],
    };
    let number = kind(value) == "integer" && kinds.contains(&"number");
    assert!(number || kinds.contains(&kind(value)), "{at} is {value}");
    if let (Some(pattern), Some(text)) = (schema["pattern"].as_str(), value.as_str()) {
        assert!(
            regex::Regex::new(pattern).unwrap().is_match(text),
            "{at} is {text}"
        );
    }
    for (i, item) in value.as_array().into_iter().flatten().enumerate() {
        check(item, &schema["items"], &format!("{at}[{i}]"), met);
    }
    let Some(object) = value.as_object() else {
        return;
    };
    for required in schema["required"].as_array().into_iter().flatten() {
        assert!(
            object.contains_key(required.as_str().unwrap()),
            "{at} has no {required}"
        );
    }
    let general = at.split(['[', ']']).step_by(2).collect::<String>();
    for (key, inner) in object {
        let property = schema["properties"].get(key);
        let property = property.unwrap_or_else(|| panic!("{at}.{key} is not in the schema"));
        if !inner.is_null() {
            met.insert(format!("{general}.{key}"));
        }
        check(inner, property, &format!("{at}.{key}"), met);
    }
}

/// Every property of the schema by its path.
fn properties(schema: &Value, at: &str, all: &mut BTreeSet<String>) {
    for (key, property) in schema["properties"].as_object().into_iter().flatten() {
        let path = format!("{at}.{key}");
        properties(property, &path, all);
        all.insert(path);
    }
    if schema["items"].is_object() {
        properties(&schema["items"], at, all);
    }
}

#[test]
fn what_is_written_is_what_the_schema_says() {
    let (schema, mut met) = (schema(), BTreeSet::new());
    for entry in std::fs::read_dir(root().join("fixtures/wave")).unwrap() {
        let folder = entry.unwrap().path();
        let Ok(text) = std::fs::read_to_string(folder.join("expected.json")) else {
            continue;
        };
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        check(
            &serde_json::from_str(&text).unwrap(),
            &schema,
            &name,
            &mut met,
        );
    }
    let met: BTreeSet<String> = met
        .iter()
        .filter_map(|path| path.split_once('.').map(|(_, rest)| format!(".{rest}")))
        .collect();
    let mut all = BTreeSet::new();
    properties(&schema, "", &mut all);
    // Parts of a place that only other kinds of file have, and advice, which no finding here gives.
    let foreign = ["line", "column", "width", "track", "clip", "timecode"];
    let foreign = foreign.map(|part| format!(".findings.place.{part}"));
    let foreign: BTreeSet<String> = foreign
        .into_iter()
        .chain([".findings.hint".to_owned()])
        .collect();
    let mut expected: BTreeSet<String> = all.difference(&foreign).cloned().collect();
    // The model inside a master's text is shown by the command, not by the container.
    expected.retain(|path| !path.starts_with(".adm.model"));
    assert_eq!(met, expected);
}
