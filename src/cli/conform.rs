//! `stemline conform` and `stemline demo`.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::UNIX_EPOCH;

use time::OffsetDateTime;
use time::macros::format_description;

use super::Status;
use super::args::{ConformArgs, DemoArgs, VerifyArg};
use super::console::{err, fail};
use super::progress::Progress;
use super::qc;
use super::show;
use crate::bwf::VerifyLevel;
use crate::conform::{OnMissing, OnUnassigned, plan};
use crate::demo;
use crate::finding::Severity;
use crate::job::{self, Job, JobError, Judging};
use crate::qc::Verdict;
use crate::render::Renderer;
use crate::report::{self, REPORTS, ReportFormat};
use crate::spec::{Spec, SpecError};
use crate::time::FrameRate;
use crate::timeline::FadeShape;

/// `stemline conform`.
pub(super) fn run(args: &ConformArgs) -> Status {
    if let Some(option) = beside_plan(args) {
        let message = format!(
            "{option} does not go with a plan, which says it already; conform the timelines again"
        );
        return fail(Status::Usage, &message);
    }
    let on_unassigned = match args.on_unassigned.as_str() {
        "refuse" => OnUnassigned::Refuse,
        code => match code.parse() {
            Ok(code) => OnUnassigned::Stem(code),
            Err(error) => return fail(Status::Usage, &format!("--on-unassigned: {error}")),
        },
    };
    if let Some(threads) = args.jobs {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build_global();
        if let Err(error) = pool {
            return fail(Status::Usage, &format!("--jobs {threads}: {error}"));
        }
    }
    let reports = match reports(&args.report) {
        Ok(reports) => reports,
        Err(status) => return status,
    };
    let judge = match judging(args) {
        Ok(judge) => judge,
        Err(status) => return status,
    };
    let job = Job {
        timelines: args.timelines.clone(),
        media: args.media.clone(),
        out: args.out.clone(),
        spec: args.spec.clone(),
        settings: args.settings.clone(),
        rules: args.rules.clone(),
        title: args.title.clone(),
        rate: args.rate,
        start: args.start.clone(),
        law: args.fade,
        layout: args.layout.clone(),
        on_missing: args.on_missing.into(),
        on_unassigned,
        reels: args.reels,
        ffoa: args.ffoa.clone(),
        lfoa: args.lfoa.clone(),
        reel_marks: args.reel_marks.clone(),
        composition: args.composition.clone(),
        programme: args.programme.clone(),
        select: args.select.clone(),
        adm_strict: args.adm_strict,
        true_fades: !args.keep_drawn_fades,
        adm: args.adm,
        language: args.language.clone(),
        keep_objects: args.keep_objects,
        plan_only: args.plan_only,
        measure: !args.no_measure,
        judge,
        verify: args.verify.into(),
        reports,
        block: Renderer::BLOCK,
        origination: origination(&args.timelines),
    };
    conform(&job, args.json_events)
}

/// The first option that decides what is in a plan, where a plan is given.
fn beside_plan(args: &ConformArgs) -> Option<&'static str> {
    let [path] = args.timelines.as_slice() else {
        return None;
    };
    let named = spec_of_plan(path)?;
    // The plan's own spec may be given: the files are judged by it.
    let other = Spec::find(&args.spec).is_ok_and(|spec| spec.name != named);
    let given = [
        ("--spec", args.spec != "dme" && other),
        ("--set", !args.settings.is_empty()),
        ("--rules", args.rules.is_some()),
        ("--title", args.title.is_some()),
        ("--rate", args.rate.is_some()),
        ("--start", args.start.is_some()),
        ("--fade", args.fade != FadeShape::Linear),
        ("--layout", args.layout.is_some()),
        ("--reels", args.reels),
        ("--ffoa", !args.ffoa.is_empty()),
        ("--lfoa", !args.lfoa.is_empty()),
        ("--reel-mark", !args.reel_marks.is_empty()),
        ("--composition", args.composition.is_some()),
        ("--programme", args.programme.is_some()),
        ("--select", !args.select.is_empty()),
        ("--adm", args.adm.is_some()),
        ("--language", args.language.is_some()),
        ("--keep-objects", args.keep_objects),
    ];
    given.iter().find(|option| option.1).map(|option| option.0)
}

/// The name of the spec that a plan was made by; none where the file is no plan.
fn spec_of_plan(path: &Path) -> Option<String> {
    let mut head = Vec::new();
    let file = fs::File::open(path).ok()?;
    // Schema, title and spec stand at the start.
    file.take(4096).read_to_end(&mut head).ok()?;
    let head = String::from_utf8_lossy(&head);
    if !head.contains(plan::SCHEMA) {
        return None;
    }
    let rest = head.split_once("\"spec\": \"")?.1;
    rest.split_once('"').map(|(name, _)| name.to_owned())
}

/// How the files are judged. The day matters only to waivers: without any, the same input gives the same bytes
/// on every day.
fn judging(args: &ConformArgs) -> Result<Option<Judging>, Status> {
    if args.no_qc {
        return Ok(None);
    }
    let Some(path) = &args.waivers else {
        return Ok(Some(Judging::default()));
    };
    Ok(Some(Judging {
        waivers: qc::read_waivers(path)?,
        date: Some(args.date.clone().unwrap_or_else(qc::today)),
    }))
}

/// The formats of `--report`, and those that are always written.
pub(super) fn reports(names: &[String]) -> Result<Vec<&'static ReportFormat>, Status> {
    report::formats(names).map_err(|unknown| {
        let known: Vec<&str> = REPORTS.iter().map(|format| format.name).collect();
        let known = known.join(" ");
        fail(
            Status::Usage,
            &format!("--report: `{unknown}` is not a format; known are {known} and all"),
        )
    })
}

/// Runs a job and tells how it went.
fn conform(job: &Job, json_events: bool) -> Status {
    let interrupted = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&interrupted);
    // Without a handler an interrupt still leaves no finished file, only a temporary one.
    let _ = ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed));
    let progress = Progress::new(json_events);
    let result = job::run(job, &progress, &interrupted);
    progress.finish();
    match result {
        Ok(outcome) => {
            show::findings(&outcome.report.findings, Severity::Warning);
            err(&report::summary(&outcome.report));
            let judged = outcome.report.qc.as_ref();
            if let Some(judgement) = judged {
                err(qc::text(judgement).trim_end());
            }
            let lost = outcome
                .report
                .findings
                .iter()
                .any(|f| f.severity == Severity::Error);
            let failed = judged.is_some_and(|judgement| judgement.verdict == Verdict::Fail);
            if lost || failed {
                Status::Failed
            } else {
                Status::Done
            }
        }
        Err(error) => {
            show::findings(error.findings(), Severity::Warning);
            let status = fail(status(&error), &error);
            if let Some(hint) = error.hint() {
                err(&format!("help: {hint}"));
            }
            status
        }
    }
}

/// The exit status of a failure.
fn status(error: &JobError) -> Status {
    match error {
        JobError::Start(_)
        | JobError::Mark { .. }
        | JobError::Title(_)
        | JobError::UnknownStem(_)
        | JobError::Spec(SpecError::Unknown { .. } | SpecError::Set { .. }) => Status::Usage,
        JobError::Deliver(_)
        | JobError::Write { .. }
        | JobError::Folder { .. }
        | JobError::Interrupted => Status::NotWritten,
        _ => Status::Refused,
    }
}

/// Date and time that the files carry: `SOURCE_DATE_EPOCH` where it is set, else when the newest
/// timeline was last changed, so that the same input gives the same bytes.
fn origination(timelines: &[PathBuf]) -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "cli is where the environment is read"
    )]
    let set = std::env::var("SOURCE_DATE_EPOCH").ok();
    let set = set.and_then(|seconds| seconds.trim().parse::<i64>().ok());
    let changed = |path: &PathBuf| {
        let modified = fs::metadata(path).ok()?.modified().ok()?;
        i64::try_from(modified.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()
    };
    let seconds = set
        .or_else(|| timelines.iter().filter_map(changed).max())
        .unwrap_or_default();
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]");
    let date = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    date.format(&format).unwrap_or_default()
}

/// `stemline demo`.
pub(super) fn demo(args: &DemoArgs) -> Status {
    let film = match demo::write(&args.dir) {
        Ok(film) => film,
        Err(error) => return fail(Status::NotWritten, &error),
    };
    let quoted = |path: &PathBuf| {
        let text = path.display().to_string();
        if text.contains(' ') {
            format!("'{text}'")
        } else {
            text
        }
    };
    let timelines: Vec<String> = film.timelines.iter().map(quoted).collect();
    err(&format!(
        "A small film is in {}. Now this:\n\n  stemline conform {} --media {} --out {} --title {} --rate 24\n",
        args.dir.display(),
        timelines.join(" "),
        quoted(&film.media),
        quoted(&film.out),
        film.title,
    ));
    let job = Job {
        origination: demo::ORIGINATION.to_owned(),
        timelines: film.timelines,
        media: vec![film.media],
        out: film.out,
        spec: "dme".to_owned(),
        settings: Vec::new(),
        rules: None,
        title: Some(film.title),
        rate: Some(FrameRate::F24),
        start: None,
        law: FadeShape::Linear,
        layout: None,
        on_missing: OnMissing::Refuse,
        on_unassigned: OnUnassigned::Refuse,
        reels: false,
        ffoa: Vec::new(),
        lfoa: Vec::new(),
        reel_marks: Vec::new(),
        composition: None,
        programme: None,
        select: Vec::new(),
        adm_strict: false,
        true_fades: true,
        adm: None,
        language: None,
        keep_objects: false,
        plan_only: false,
        measure: true,
        judge: Some(Judging::default()),
        verify: VerifyLevel::from(VerifyArg::Samples),
        reports: report::formats(&[]).unwrap_or_default(),
        block: Renderer::BLOCK,
    };
    conform(&job, false)
}
