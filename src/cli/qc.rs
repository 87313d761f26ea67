//! `stemline qc`: a package judged against a spec.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use time::OffsetDateTime;
use time::macros::format_description;

use super::Status;
use super::args::QcArgs;
use super::console::{err, fail, out};
use crate::deliver::write_texts;
use crate::finding::Severity;
use crate::job::{QcError, QcJob, report_qc, run_qc};
use crate::qc::{Fault, Judgement, Outcome, Verdict, Waivers};
use crate::report::{self, Course, Report};
use crate::spec::{Spec, SpecError};

/// Most faults of one check that are shown; the rest are counted.
const MOST: usize = 12;

/// `stemline qc`.
pub(super) fn run(args: &QcArgs) -> Status {
    let spec = match find_spec(args) {
        Ok(spec) => spec,
        Err(error) => {
            let status = match &error {
                SpecError::Unknown { .. } => Status::Usage,
                _ => Status::Refused,
            };
            return fail(status, &error);
        }
    };
    let waivers = match args
        .waivers
        .as_deref()
        .map_or_else(|| Ok(Waivers::default()), read_waivers)
    {
        Ok(waivers) => waivers,
        Err(status) => return status,
    };
    let job = QcJob {
        inputs: args.inputs.clone(),
        spec: &spec,
        waivers: &waivers,
        date: Some(args.date.clone().unwrap_or_else(today)),
        rate: args.rate,
        compare: !args.no_compare,
    };
    let report = match reported(&job, args) {
        Ok(report) => report,
        Err(error) => return fail(Status::Refused, &error),
    };
    if let Some(dir) = &args.out
        && let Err(status) = write(dir, &report, &args.report)
    {
        return status;
    }
    let Some(judgement) = &report.qc else {
        return Status::Done;
    };
    let json = serde_json::to_string_pretty(judgement).unwrap_or_default() + "\n";
    if args.json
        && let Err(status) = out(&json)
    {
        return status;
    }
    err(text(judgement).trim_end());
    if judgement.verdict == Verdict::Fail {
        Status::Failed
    } else {
        Status::Done
    }
}

/// The spec with the values that the user set.
fn find_spec(args: &QcArgs) -> Result<Spec, SpecError> {
    let spec = Spec::find(&args.spec)?.set_all(&args.set)?;
    match &args.layout {
        Some(layout) => spec.with_layout(layout.clone()),
        None => Ok(spec),
    }
}

/// The judgement as a report, drawn only where it is written.
fn reported(job: &QcJob<'_>, args: &QcArgs) -> Result<Report, QcError> {
    if args.out.is_some() {
        return report_qc(job);
    }
    Ok(Report::of_package(
        run_qc(job)?,
        Course::default(),
        Vec::new(),
    ))
}

/// Writes the judgement and the reports into a folder.
fn write(dir: &Path, report: &Report, formats: &[String]) -> Result<(), Status> {
    let formats = report::formats(formats).map_err(|unknown| {
        let known: Vec<&str> = report::REPORTS.iter().map(|format| format.name).collect();
        let message = format!(
            "no report is called `{unknown}`; known: {}",
            known.join(", ")
        );
        fail(Status::Usage, &message)
    })?;
    let title = crate::spec::safe_title(&report.title);
    let judgement = serde_json::to_string_pretty(&report.qc).unwrap_or_default() + "\n";
    let mut texts = vec![(format!("{title}_qc.json"), judgement)];
    texts.extend(
        formats
            .iter()
            .map(|f| (format!("{title}{}", f.suffix), (f.show)(report))),
    );
    fs::create_dir_all(dir).map_err(|error| fail(Status::NotWritten, &error))?;
    write_texts(dir, &texts).map_err(|error| fail(Status::NotWritten, &error))?;
    Ok(())
}

/// The waivers of a file.
pub(super) fn read_waivers(path: &Path) -> Result<Waivers, Status> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path)
        .map_err(|error| fail(Status::Refused, &format!("cannot read {name}: {error}")))?;
    Waivers::read(&text, &name).map_err(|error| fail(Status::Refused, &error))
}

/// The day, as `SOURCE_DATE_EPOCH` has it, else the clock.
pub(super) fn today() -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "cli is where clock and environment are read"
    )]
    let (set, now) = (
        std::env::var("SOURCE_DATE_EPOCH").ok(),
        std::time::SystemTime::now(),
    );
    let set = set.and_then(|seconds| seconds.trim().parse::<i64>().ok());
    let date = set
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .unwrap_or_else(|| OffsetDateTime::from(now));
    date.format(format_description!("[year]-[month]-[day]"))
        .unwrap_or_default()
}

/// The judgement for people: faults first, then the verdict.
pub(super) fn text(judgement: &Judgement) -> String {
    let mut text = String::new();
    for run in judgement.checks.iter().filter(|run| !run.faults.is_empty()) {
        let _ = writeln!(text, "{} {}", run.check, run.title);
        for fault in run.faults.iter().take(MOST) {
            line(&mut text, fault);
        }
        if run.faults.len() > MOST {
            let _ = writeln!(text, "  and {} more", run.faults.len() - MOST);
        }
    }
    for statement in judgement
        .certificate
        .iter()
        .flat_map(|certificate| &certificate.statements)
    {
        let holds = if statement.holds { "proved" } else { "REFUTED" };
        let _ = writeln!(text, "{holds}: {}", statement.text);
    }
    for waiver in &judgement.unused_waivers {
        let _ = writeln!(
            text,
            "a waiver of {} matches nothing: {}",
            waiver.by, waiver.reason
        );
    }
    let count = |wanted: fn(&Outcome) -> bool| {
        judgement
            .checks
            .iter()
            .filter(|run| wanted(&run.outcome))
            .count()
    };
    let verdict = match judgement.verdict {
        Verdict::Pass => "passed",
        Verdict::Warnings => "passed with warnings",
        Verdict::Fail => "FAILED",
    };
    let _ = writeln!(
        text,
        "{}: {verdict} ({} checks passed, {} warned, {} failed, {} waived, {} did not apply{})",
        judgement.title,
        count(|o| *o == Outcome::Passed),
        count(|o| *o == Outcome::Warned),
        count(|o| *o == Outcome::Failed),
        count(|o| *o == Outcome::Waived),
        count(|o| matches!(o, Outcome::NotApplicable(_)) && !o.is_left()),
        match count(Outcome::is_left) {
            0 => String::new(),
            left => format!(", {left} are left to `stemline qc`"),
        },
    );
    text
}

fn line(text: &mut String, fault: &Fault) {
    let kind = match (fault.counts(), fault.severity) {
        (false, _) => "waived",
        (_, Severity::Error) => "fail",
        (_, Severity::Warning) => "warn",
        (_, Severity::Info) => "note",
    };
    let place: Vec<String> = [
        fault.file.clone(),
        fault.channel.clone(),
        fault.stretch.as_ref().map(|stretch| {
            let timecode = stretch.timecode_in.clone();
            timecode.map_or_else(String::new, |tc| tc + " ")
                + &format!("sample {}", stretch.first_sample)
        }),
    ]
    .into_iter()
    .flatten()
    .collect();
    let place = if place.is_empty() {
        String::new()
    } else {
        format!(" ({})", place.join(", "))
    };
    let _ = writeln!(
        text,
        "  {kind}[{}]: {}{place}",
        fault.code.id, fault.message
    );
    if let Some(waiver) = &fault.waiver {
        let until = waiver
            .expires
            .as_ref()
            .map_or_else(String::new, |day| format!(", until {day}"));
        let expired = if waiver.expired { "expired: " } else { "" };
        let _ = writeln!(
            text,
            "    {expired}{} ({}{until})",
            waiver.reason, waiver.by
        );
    }
}
