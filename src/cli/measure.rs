//! `stemline measure`: loudness, true peak and the rest of sound files.

use std::fmt::Write as _;
use std::path::Path;

use rayon::prelude::*;

use super::Status;
use super::args::MeasureArgs;
use super::console::{err, fail, out};
use super::show;
use crate::audio::DbTp;
use crate::finding::Severity;
use crate::job::{MeasureOptions, MeasuredFile, measure_file};
use crate::meter::{FileRecord, Hop, Record, write_series};

/// `stemline measure`.
pub(super) fn run(args: &MeasureArgs) -> Status {
    if args.csv && args.files.len() != 1 {
        return fail(Status::Usage, &"--csv is for one file at a time");
    }
    let options = MeasureOptions {
        dual_mono: args.dual_mono,
        precise: args.precise,
        leq_m: args.leq_m,
        overs: args.overs.map(DbTp::new),
    };
    let results: Vec<_> = args
        .files
        .par_iter()
        .map(|file| (file.as_path(), measure_file(file, options)))
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
        json(&measured)
    } else if args.csv {
        measured
            .iter()
            .map(|(_, file)| csv(file, args.hop()))
            .collect()
    } else {
        measured
            .iter()
            .map(|(path, file)| text(path, file))
            .collect()
    };
    if let Err(status) = out(&text) {
        return status;
    }
    for (path, file) in measured.iter().filter(|_| !args.json) {
        let findings = [file.findings.as_slice(), &file.measured.findings].concat();
        if !findings.is_empty() {
            err(&format!("{}:", path.display()));
            show::findings(&findings, Severity::Info);
        }
    }
    status
}

fn json(measured: &[(&Path, MeasuredFile)]) -> String {
    let record = |(path, file): &(&Path, MeasuredFile)| {
        let mut record = FileRecord::new(path.display().to_string(), &file.measured);
        record.findings.extend(file.findings.iter().cloned());
        record
    };
    let record = Record::new(measured.iter().map(record).collect());
    serde_json::to_string_pretty(&record).unwrap_or_default() + "\n"
}

fn csv(file: &MeasuredFile, hop: Hop) -> String {
    let mut text = Vec::new();
    // Writing to memory cannot fail.
    let _ = write_series(&mut text, file.measured.energies.whole(), hop);
    String::from_utf8_lossy(&text).into_owned()
}

fn text(path: &Path, file: &MeasuredFile) -> String {
    let measured = &file.measured;
    let figure = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
    let loudest = |reading: Option<crate::meter::Reading>| {
        figure(
            reading
                .and_then(|reading| reading.loudness)
                .map(|v| v.to_string()),
        )
    };
    let mut text = format!(
        "{}: {}, {}, {} sample frames\n  integrated {}, range {}, max momentary {}, max short-term {}\n  \
         true peak {} ({}), sample peak {}\n",
        path.display(),
        measured.spec.positions,
        measured.spec.rate,
        measured.length,
        figure(measured.integrated.map(|v| v.to_string())),
        figure(measured.loudness_range.map(|range| range.lu.to_string())),
        loudest(measured.max_momentary),
        loudest(measured.max_short_term),
        figure(measured.true_peak.map(|peak| peak.level.to_string())),
        measured.spec.true_peak.name(),
        figure(measured.sample_peak.map(|peak| peak.level.to_string())),
    );
    for over in &measured.overs {
        let channel = measured.spec.positions.channel_name(over.channel);
        let _ = writeln!(
            text,
            "  {} in {channel} at samples {} to {}",
            over.level, over.first, over.last
        );
    }
    text
}
