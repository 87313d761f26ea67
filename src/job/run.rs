//! A job from start to end.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::assemble::{Assembled, DialogueParts, assemble, dialogue_of};
use super::excerpt::{excerpts, spots};
use super::judge::Finished;
use super::prepare::{prepare, spec};
use super::taps::{Measured, Meters, TapError, Taps};
use super::{Event, Job, JobError, Listener};
use crate::audio::{ChannelLayout, SampleFormat, SampleRate};
use crate::bwf::adm::{Models, Selection};
use crate::conform::plan::{self, DeliveredFile, SceneSegment, Source};
use crate::conform::{Conformed, RenderPlan, Tally};
use crate::deliver::{KeptItems, Loudness, Package, file_names, write_texts};
use crate::media::{AudioSource, BarePcm, MediaError, MediaFile, Scene, SourcePool, fingerprint};
use crate::qc::Judgement;
use crate::render::{OutputStats, RenderError, Renderer, Sink, drive};
use crate::report::Report;
use crate::spec::Spec;
use rayon::prelude::*;

/// What a job came to.
#[derive(Debug)]
pub struct Outcome {
    /// The report, as it was written.
    pub report: Report,
    /// The files that stand under their names, with their sizes.
    pub files: Vec<(PathBuf, u64)>,
}

/// Longest plan that is read, in bytes.
const MAX_PLAN: u64 = 1 << 30;

/// Does a job. `interrupted` stops it between two blocks; then nothing is delivered.
///
/// # Errors
/// [`JobError`]; then no file of the delivery stands under its name, unless the very last step, giving
/// the finished files their names, failed.
pub fn run(
    job: &Job,
    listener: &dyn Listener,
    interrupted: &AtomicBool,
) -> Result<Outcome, JobError> {
    let result = stages(job, listener, interrupted);
    let error = result.as_ref().err();
    for finding in error.map_or(&[][..], JobError::findings) {
        listener.hear(&Event::Found { finding });
    }
    let error = error.map(ToString::to_string);
    let (delivered, error) = (error.is_none(), error.as_deref());
    listener.hear(&Event::Finished { delivered, error });
    result
}

/// The stages in their order.
fn stages(
    job: &Job,
    listener: &dyn Listener,
    interrupted: &AtomicBool,
) -> Result<Outcome, JobError> {
    let models = Models::default();
    let conformed = match plan_of_earlier_job(job)? {
        Some(plan) => {
            unchanged(&plan)?;
            replayed(plan)
        }
        None => prepare(job, listener, &models)?,
    };
    if interrupted.load(Ordering::Relaxed) {
        return Err(JobError::Interrupted);
    }
    for finding in &conformed.findings {
        listener.hear(&Event::Found { finding });
    }
    fs::create_dir_all(&job.out).map_err(|error| JobError::Folder {
        folder: job.out.display().to_string(),
        error,
    })?;
    let outcome = if job.plan_only {
        plan_only(job, conformed)?
    } else {
        deliver(job, conformed, &models, listener, interrupted)?
    };
    for (path, bytes) in &outcome.files {
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        listener.hear(&Event::Written {
            file: &name.unwrap_or_default(),
            bytes: *bytes,
        });
    }
    Ok(outcome)
}

/// The plan, where the only input is one.
fn plan_of_earlier_job(job: &Job) -> Result<Option<RenderPlan>, JobError> {
    let [path] = job.timelines.as_slice() else {
        return Ok(None);
    };
    let fail = |error| JobError::Plan {
        file: path.display().to_string(),
        error,
    };
    let mut head = String::new();
    let Ok(file) = fs::File::open(path) else {
        return Ok(None);
    };
    let looked = (&file).take(200).read_to_string(&mut head);
    if looked.is_err() || !head.contains(plan::SCHEMA) {
        return Ok(None);
    }
    let mut text = head;
    let rest = file.take(MAX_PLAN).read_to_string(&mut text);
    rest.map_err(|error| fail(plan::PlanError::Form(serde_json::Error::io(error))))?;
    Ok(Some(plan::read(&text).map_err(fail)?))
}

/// That the sources are still those that the plan was made from.
fn unchanged(plan: &RenderPlan) -> Result<(), JobError> {
    plan.get().sources.par_iter().try_for_each(|source| {
        let fail = |error| RenderError::Source {
            file: source.file.clone(),
            error,
        };
        let found = fingerprint(Path::new(&source.file))
            .map_err(fail)?
            .to_string();
        if found != source.hash {
            let (file, planned) = (source.file.clone(), source.hash.clone());
            return Err(RenderError::Changed {
                file,
                found,
                planned,
            }
            .into());
        }
        Ok(())
    })
}

/// A plan that is rendered again: what was noticed when it was made stands in its own report.
fn replayed(plan: RenderPlan) -> Conformed {
    let placed = plan
        .get()
        .stems
        .iter()
        .map(|stem| stem.segments.len())
        .sum();
    let tally = Tally {
        clips: placed,
        placed,
        ..Tally::default()
    };
    Conformed {
        plan,
        findings: Vec::new(),
        review: Vec::new(),
        tally,
    }
}

fn plan_only(job: &Job, conformed: Conformed) -> Result<Outcome, JobError> {
    let texts = texts(&conformed.plan)?;
    let plan = conformed.plan.clone();
    let stats = vec![OutputStats::default(); plan.outputs().len()];
    let spec = spec_of(job, &plan);
    let judged = judged(job, &plan, spec.as_ref(), (&stats, &[]), Vec::new());
    let mut report = assemble(&Assembled {
        conformed,
        stats,
        measured: Vec::new(),
        sizes: Vec::new(),
        spec: None,
    });
    report.qc = judged;
    let files = write_texts(&job.out, &with_reports(job, texts, &report))?;
    Ok(Outcome { report, files })
}

/// Renders, measures, writes, reads back, and gives the files their names.
fn deliver(
    job: &Job,
    mut conformed: Conformed,
    models: &Models,
    listener: &dyn Listener,
    interrupted: &AtomicBool,
) -> Result<Outcome, JobError> {
    let plan = conformed.plan.clone();
    let pool = SourcePool::new(None);
    let open = |source: &Source| open(&pool, source);
    let scenes = |source: &Source, scene: &SceneSegment| {
        let selection = Selection {
            programme: scene.programme.clone(),
            complementary: scene.select.clone(),
            strict: scene.strict,
        };
        Scene::open(Path::new(&source.file), &selection, models)
    };
    let renderer = Renderer::new(&plan, job.block, &open, &scenes)?;
    let kept = KeptItems::new(&plan, models);
    let kept = kept.map_err(|error| JobError::Internal(error.to_string()))?;
    for finding in kept.iter().flat_map(|kept| &kept.findings) {
        listener.hear(&Event::Found { finding });
        conformed.findings.push(finding.clone());
    }
    let mut package = Package::create(&plan, &job.out, kept.as_ref())?;
    let total = plan.get().length;
    let progress = |done| listener.hear(&Event::Rendering { done, total });
    progress(0);
    let internal = |error: crate::meter::MeterError| JobError::Internal(error.to_string());
    let meters = job.measure.then(|| Meters::new(&plan)).transpose();
    let adm_in = kept.is_none().then_some(&package);
    let mut taps = Taps::new(meters.map_err(internal)?, adm_in, plan.sample_format());
    let stats = drive(
        &renderer,
        &ToPackage(&package),
        Some(&mut taps),
        &progress,
        interrupted,
    )
    .map_err(|error| JobError::from_drive(error, &file_names(&plan)))?;
    let measured = taps.finish().map_err(|error| match error {
        TapError::Meter(error) => internal(error),
        TapError::Write(error) => adm_not_written(&plan, error),
    })?;
    if let Some(kept) = &kept {
        let renderer = Renderer::new(&kept.plan, job.block, &open, &scenes)?;
        carry_over(&renderer, &plan, &package, interrupted)?;
    }
    let loudness = loudness(&plan, &measured, renderer.outputs());
    let verifying = |file: &str| listener.hear(&Event::Verifying { file });
    package.complete(&loudness, job.verify, &verifying)?;
    let sizes = (0..renderer.outputs())
        .map(|output| package.size(output))
        .collect();
    let spec = spec_of(job, &plan);
    let parts = package.parts().map(|(file, path)| (file.clone(), path));
    let judged = judged(
        job,
        &plan,
        spec.as_ref(),
        (&stats, &measured),
        parts.collect(),
    );
    let mut report = assemble(&Assembled {
        conformed,
        stats,
        measured,
        sizes,
        spec,
    });
    report.qc = judged;
    let part = |file: &str| Some((package.part(file)?, layout_of(&plan, file)));
    report.course.excerpts = excerpts(&spots(&report), &part);
    for (name, text) in with_reports(job, texts(&plan)?, &report) {
        package.add_text(&name, &text)?;
    }
    package.seal()?;
    if interrupted.load(Ordering::Relaxed) {
        return Err(JobError::Interrupted);
    }
    let files = package.commit()?;
    Ok(Outcome { report, files })
}

/// What quality control says of the files, where it is asked and the spec is known.
fn judged(
    job: &Job,
    plan: &RenderPlan,
    spec: Option<&Spec>,
    (stats, measured): (&[OutputStats], &[Option<Measured>]),
    files: Vec<(DeliveredFile, &Path)>,
) -> Option<Judgement> {
    let finished = Finished {
        plan,
        ledger: beside(plan, "_plan.json"),
        spec: spec?,
        stats,
        measured,
        files,
    };
    Some(finished.judge(job.judge.as_ref()?))
}

/// What the headers of the outputs say, and behind them of the programmes that are no output.
fn loudness(plan: &RenderPlan, measured: &[Option<Measured>], outputs: usize) -> Vec<Loudness> {
    let of =
        |measured: &Option<Measured>| measured.as_ref().map(|m| m.loudness).unwrap_or_default();
    let mut loudness: Vec<Loudness> = measured.iter().map(of).collect();
    loudness.resize(outputs.max(loudness.len()), Loudness::default());
    let speech = dialogue_of(plan.get(), measured);
    if let (Some(speech), Some(parts)) = (speech, DialogueParts::of(plan.get())) {
        for (output, level) in [(parts.stem, speech.stem), (parts.mix, speech.mix)] {
            if let Some(loudness) = loudness.get_mut(output) {
                loudness.dialogue = level;
            }
        }
    }
    loudness
}

/// Writes the tracks of the ADM file that are carried over, and the beds of the rest.
fn carry_over(
    renderer: &Renderer,
    plan: &RenderPlan,
    package: &Package<'_>,
    interrupted: &AtomicBool,
) -> Result<(), JobError> {
    let mut taps = Taps::new(None, Some(package), plan.sample_format());
    let drawn = drive(renderer, &Nowhere, Some(&mut taps), &|_| {}, interrupted);
    drawn.map_err(|error| JobError::from_drive(error, &[]))?;
    match taps.finish() {
        Err(TapError::Write(error)) => Err(adm_not_written(plan, error)),
        _ => Ok(()),
    }
}

/// What nobody keeps.
struct Nowhere;

impl Sink for Nowhere {
    fn write(&self, _output: usize, _frame: u64, _bytes: &[u8]) -> std::io::Result<()> {
        Ok(())
    }
}

fn adm_not_written(plan: &RenderPlan, error: std::io::Error) -> JobError {
    let file = plan.get().adm.as_ref().map(|adm| adm.file.clone());
    JobError::Write {
        file: file.unwrap_or_default(),
        error,
    }
}

/// The renderer's way into the package.
struct ToPackage<'a>(&'a Package<'a>);

impl Sink for ToPackage<'_> {
    fn write(&self, file: usize, frame: u64, bytes: &[u8]) -> std::io::Result<()> {
        self.0.write(file, frame, bytes)
    }
}

/// Opens a source of the plan.
fn open(pool: &SourcePool, source: &Source) -> Result<Arc<dyn AudioSource>, MediaError> {
    let path = Path::new(&source.file);
    let media = match &source.entry {
        Some(entry) => pool.entry(path, entry, bare(source))?,
        None => MediaFile::open(path)?,
    };
    Ok(pool.open(&media))
}

/// How the samples of a source without a header are stored.
fn bare(source: &Source) -> Option<BarePcm> {
    let format = match source.bare_bits? {
        8 => SampleFormat::UInt8,
        16 => SampleFormat::Int16,
        24 => SampleFormat::Int24,
        _ => SampleFormat::Int32,
    };
    Some(BarePcm {
        sample_rate: SampleRate::new(source.sample_rate).ok()?,
        channels: u32::try_from(source.channels).ok()?,
        format,
    })
}

/// The spec of a plan: the user's, or the one of that name where an earlier job made the plan.
fn spec_of(job: &Job, plan: &RenderPlan) -> Option<Spec> {
    let name = &plan.get().spec;
    let users = spec(job).ok().filter(|spec| spec.name == *name);
    let spec = users.or_else(|| Spec::find(name).ok())?;
    // An earlier job may have had another layout.
    let other = plan.get().stems.iter().find(|stem| {
        let said = stem.code.parse().ok().and_then(|code| spec.stem(&code));
        said.is_some_and(|said| *spec.layout_of(said) != stem.layout)
    });
    match other {
        Some(stem) if is_plan(job) => spec.with_layout(stem.layout.clone()).ok(),
        _ => Some(spec),
    }
}

/// Whether the job renders a plan again.
fn is_plan(job: &Job) -> bool {
    matches!(plan_of_earlier_job(job), Ok(Some(_)))
}

/// The channels of an output.
fn layout_of(plan: &RenderPlan, file: &str) -> Option<ChannelLayout> {
    let said = plan.get();
    let stems = said.stems.iter().map(|stem| (&stem.file, &stem.layout));
    let sums = said.composites.iter().map(|sum| (&sum.file, &sum.layout));
    let (_, layout) = stems.chain(sums).find(|(name, _)| *name == file)?;
    Some(layout.clone())
}

/// The plan as a file.
fn texts(plan: &RenderPlan) -> Result<Vec<(String, String)>, JobError> {
    let text = plan
        .to_json()
        .map_err(|error| JobError::Internal(error.to_string()))?;
    Ok(vec![(beside(plan, "_plan.json"), text)])
}

fn with_reports(
    job: &Job,
    mut texts: Vec<(String, String)>,
    report: &Report,
) -> Vec<(String, String)> {
    for format in &job.reports {
        texts.push((
            format!("{}{}", safe(&report.title), format.suffix),
            (format.show)(report),
        ));
    }
    texts
}

fn beside(plan: &RenderPlan, suffix: &str) -> String {
    format!("{}{suffix}", safe(&plan.get().title))
}

/// The title as part of a file name.
fn safe(title: &str) -> String {
    crate::spec::safe_title(title)
}
