//! `stemline measure`: loudness, true peak and the rest of sound files.

use std::path::Path;

use rayon::prelude::*;
use serde_json::{Value, json};

use super::Status;
use super::args::MeasureArgs;
use super::console::{err, fail, out};
use super::show;
use crate::finding::Severity;
use crate::job::{MeasuredFile, measure_file};

/// `stemline measure`.
pub(super) fn run(args: &MeasureArgs) -> Status {
    let results: Vec<_> = args
        .files
        .par_iter()
        .map(|file| (file.as_path(), measure_file(file)))
        .collect();
    let mut status = Status::Done;
    let mut measured = Vec::new();
    for (path, result) in results {
        match result {
            Ok(file) => measured.push((path, file)),
            Err(error) => status = fail(Status::Refused, &error),
        }
    }
    let text = if args.json {
        let files: Vec<Value> = measured
            .iter()
            .map(|(path, file)| to_json(path, file))
            .collect();
        let document = json!({"schema": "stemline.measure/1", "files": files});
        serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
    } else {
        measured
            .iter()
            .map(|(path, file)| to_text(path, file))
            .collect()
    };
    if let Err(status) = out(&text) {
        return status;
    }
    for (path, file) in &measured {
        if !file.findings.is_empty() {
            err(&format!("{}:", path.display()));
            show::findings(&file.findings, Severity::Info);
        }
    }
    status
}

fn to_json(path: &Path, file: &MeasuredFile) -> Value {
    let mut json = json!(file.levels);
    let about = json!({
        "file": path.display().to_string(),
        "sample_rate": file.rate,
        "channels": file.channels,
        "layout": file.layout,
        "length_samples": file.length,
        "findings": file.findings,
    });
    if let (Some(to), Value::Object(about)) = (json.as_object_mut(), about) {
        to.extend(about);
    }
    json
}

fn to_text(path: &Path, file: &MeasuredFile) -> String {
    let levels = &file.levels;
    let figure = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
    format!(
        "{}: {}, {} Hz, {} channels\n  integrated {}, range {}, max momentary {}, max short-term {}\n  \
         true peak {} ({}), sample peak {}\n",
        path.display(),
        file.layout,
        file.rate.hertz(),
        file.channels,
        figure(levels.integrated_lufs.map(|v| v.to_string())),
        figure(levels.loudness_range_lu.map(|v| v.to_string())),
        figure(levels.max_momentary_lufs.map(|v| v.to_string())),
        figure(levels.max_short_term_lufs.map(|v| v.to_string())),
        figure(levels.true_peak_dbtp.map(|v| v.to_string())),
        file.filter,
        figure(levels.sample_peak_dbfs.map(|v| v.to_string())),
    )
}
