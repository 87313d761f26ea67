//! `stemline measure`: loudness, true peak and the rest of sound files.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;

use super::Status;
use super::args::MeasureArgs;
use super::console::{err, fail, out};
use super::show;
use crate::audio::DbTp;
use crate::finding::Severity;
use crate::job::{self, MeasureError, MeasureOptions, MeasuredFile, measure_file, measure_reels};
use crate::meter::{Dialogue, FileRecord, FoundBy, Hop, Reading, Record, write_series};

/// What was measured, with the names that it is shown under.
#[derive(Default)]
struct Shown {
    files: Vec<(PathBuf, MeasuredFile)>,
    programme: Option<MeasuredFile>,
}

/// `stemline measure`.
pub(super) fn run(args: &MeasureArgs) -> Status {
    if args.csv && args.files.len() != 1 {
        return fail(Status::Usage, &"--csv is for one file at a time");
    }
    let bar = bar(&args.files);
    let (shown, status) = if args.reels {
        reels(args, &bar)
    } else {
        each(args, &bar)
    };
    bar.finish_and_clear();
    let text = if args.json {
        json(&shown)
    } else if args.csv {
        let files = shown.files.iter();
        files.map(|(_, file)| csv(file, args.hop())).collect()
    } else {
        let files = shown.files.iter().map(|(path, file)| text(path, file));
        let programme = shown.programme.iter();
        let programme = programme.map(|file| text(Path::new("programme"), file));
        files.chain(programme).collect()
    };
    if let Err(status) = out(&text) {
        return status;
    }
    for (path, file) in shown.files.iter().filter(|_| !args.json) {
        let findings = [file.findings.as_slice(), &file.measured.findings].concat();
        if !findings.is_empty() {
            err(&format!("{}:", path.display()));
            show::findings(&findings, Severity::Info);
        }
    }
    status
}

fn options(args: &MeasureArgs) -> MeasureOptions {
    MeasureOptions {
        dual_mono: args.dual_mono,
        precise: args.precise,
        leq_m: args.leq_m,
        overs: args.overs.map(DbTp::new),
    }
}

/// Every file for itself.
fn each(args: &MeasureArgs, bar: &ProgressBar) -> (Shown, Status) {
    let files = args.files.par_iter();
    let results: Vec<_> = files.map(|file| (file, one(args, file, bar))).collect();
    let (mut shown, mut status) = (Shown::default(), Status::Done);
    for (path, result) in results {
        match result {
            Ok(file) => shown.files.push((path.clone(), file)),
            Err(error) => status = fail(Status::Refused, &error),
        }
    }
    (shown, status)
}

fn one(args: &MeasureArgs, path: &Path, bar: &ProgressBar) -> Result<MeasuredFile, MeasureError> {
    let mut file = measure_file(path, options(args), &ahead(bar, path))?;
    if let Some(stem) = &args.dialogue {
        file.dialogue = Some(job::dialogue_by_stem(&file, path, stem)?);
    }
    #[cfg(feature = "speech")]
    if args.speech {
        file.dialogue = Some(job::dialogue_by_voice(&file, path)?);
    }
    Ok(file)
}

/// The files as the reels of a programme.
fn reels(args: &MeasureArgs, bar: &ProgressBar) -> (Shown, Status) {
    let first = args.files.first().map_or(Path::new(""), PathBuf::as_path);
    match measure_reels(&args.files, options(args), &ahead(bar, first)) {
        Ok(Some(measured)) => {
            let files = args.files.iter().cloned().zip(measured.reels).collect();
            let programme = Some(measured.programme);
            (Shown { files, programme }, Status::Done)
        }
        Ok(None) => (Shown::default(), Status::Done),
        Err(error) => (Shown::default(), fail(Status::Refused, &error)),
    }
}

/// A bar over the bytes of all files; on a terminal only.
fn bar(files: &[PathBuf]) -> ProgressBar {
    let bar = ProgressBar::new(files.iter().map(|file| size(file)).sum());
    let style = ProgressStyle::with_template("measuring [{bar:40}] {percent:>3}%  {eta}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar
}

fn size(file: &Path) -> u64 {
    std::fs::metadata(file).map_or(0, |meta| meta.len())
}

/// Moves the bar on by the share of a file that was measured since the last call.
fn ahead<'a>(bar: &'a ProgressBar, file: &Path) -> impl Fn(u64, u64) + Sync + 'a {
    let size = u128::from(size(file));
    let shown = std::sync::atomic::AtomicU64::new(0);
    move |done, frames| {
        let bytes = (size * u128::from(done) / u128::from(frames.max(1))) as u64;
        let before = shown.swap(bytes, std::sync::atomic::Ordering::Relaxed);
        bar.inc(bytes.saturating_sub(before));
    }
}

fn json(shown: &Shown) -> String {
    let record = |name: String, file: &MeasuredFile| {
        let timecode = |at| file.clock.timecode(at).map(|timecode| timecode.to_string());
        let mut record = FileRecord::new(name, &file.measured, &timecode);
        record.findings.extend(file.findings.iter().cloned());
        record.dialogue.clone_from(&file.dialogue);
        record
    };
    let files = shown.files.iter();
    let files = files.map(|(path, file)| record(path.display().to_string(), file));
    let programme = shown.programme.as_ref();
    let record = Record::new(
        files.collect(),
        programme.map(|file| record("programme".to_owned(), file)),
    );
    serde_json::to_string_pretty(&record).unwrap_or_default() + "\n"
}

fn csv(file: &MeasuredFile, hop: Hop) -> String {
    let mut text = Vec::new();
    // Writing to memory cannot fail.
    let _ = write_series(&mut text, file.measured.energies.whole(), hop);
    String::from_utf8_lossy(&text).into_owned()
}

/// A figure, or a dash where it does not exist.
fn figure(value: Option<impl std::fmt::Display>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

fn text(path: &Path, file: &MeasuredFile) -> String {
    let measured = &file.measured;
    let at = |at: u64| format!("at {}", file.clock.show(at));
    let loudest = |reading: Option<Reading>| {
        let level = |reading: Reading| Some(format!("{} {}", reading.loudness?, at(reading.start)));
        figure(reading.and_then(level))
    };
    let peak = measured.true_peak.map(|peak| {
        let channel = measured.spec.positions.channel_name(peak.channel);
        format!("{} in {channel} {}", peak.level, at(peak.at))
    });
    let stable = measured.loudness_range.is_none() || measured.is_range_stable();
    let mut text = format!(
        "{}: {}, {}, {} sample frames\n  integrated {}, range {}{}, max momentary {}, max short-term {}\n  \
         true peak {} ({}), sample peak {}, peak to loudness {}\n",
        path.display(),
        measured.spec.positions,
        measured.spec.rate,
        measured.length,
        figure(measured.integrated),
        figure(measured.loudness_range.map(|range| range.lu)),
        if stable { "" } else { " (not stable)" },
        loudest(measured.max_momentary),
        loudest(measured.max_short_term),
        figure(peak),
        measured.spec.true_peak.name(),
        figure(measured.sample_peak.map(|peak| peak.level)),
        figure(measured.plr),
    );
    if let Some(dialogue) = &file.dialogue {
        text += &dialogue_text(dialogue);
    }
    for over in &measured.overs {
        let channel = measured.spec.positions.channel_name(over.channel);
        let _ = writeln!(
            text,
            "  {} in {channel} from {} to {} (samples {} to {})",
            over.level,
            file.clock.show(over.first),
            file.clock.show(over.last),
            over.first,
            over.last
        );
    }
    text
}

fn dialogue_text(dialogue: &Dialogue) -> String {
    let by = match dialogue.found_by {
        FoundBy::Stem => "by the stem",
        FoundBy::Detector => "by the sound of voices",
    };
    let mut text = format!(
        "  dialogue {by}: in the mix {}, {} % of the time, loudness to dialogue {}, range {}\n",
        figure(dialogue.mix),
        dialogue.share_percent(),
        figure(dialogue.ldr_mix),
        figure(dialogue.range.map(|range| range.lu)),
    );
    if dialogue.found_by == FoundBy::Stem {
        let _ = writeln!(
            text,
            "  the stem alone {}, while there is speech {}",
            figure(dialogue.stem_integrated),
            figure(dialogue.stem),
        );
    }
    text
}
