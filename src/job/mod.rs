//! The order of the stages and the events they emit: the only conductor.
//!
//! **Invariant:** everything a job needs to know stands in its [`Job`]; no output gets its name
//! before every output is complete, synced and read back.

mod assemble;
mod course;
mod error;
mod event;
mod excerpt;
mod judge;
mod measure;
mod prepare;
mod qc;
mod run;
mod scene;
mod taps;

use std::path::PathBuf;

use crate::audio::{AdmProfile, ChannelLayout};
use crate::bwf::VerifyLevel;
use crate::conform::{OnMissing, OnUnassigned};
use crate::finding::Code;
use crate::report::ReportFormat;
use crate::time::FrameRate;
use crate::timeline::FadeShape;

pub use error::JobError;
pub use event::{Event, Listener};
pub use judge::Judging;
#[cfg(feature = "speech")]
pub use measure::dialogue_by_voice;
pub use measure::{
    Clock, Heard, MeasureError, MeasureOptions, MeasuredFile, MeasuredReels, dialogue_by_stem,
    measure_file, measure_reels,
};
pub use qc::{QcError, QcJob, report_qc, run_qc};
pub use run::{Outcome, run};
pub use scene::adm_json;

/// What is to be done.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the user's"
)]
#[derive(Debug, Clone)]
pub struct Job {
    /// Timelines, or one plan of an earlier job.
    pub timelines: Vec<PathBuf>,
    /// Folders of sound.
    pub media: Vec<PathBuf>,
    /// Folder for the results.
    pub out: PathBuf,
    /// Delivery spec: a built-in name or a file.
    pub spec: String,
    /// Values of the spec that are other for this job, `key=value`.
    pub settings: Vec<String>,
    /// Rules file.
    pub rules: Option<PathBuf>,
    /// Title of the delivery; the first timeline's name where absent.
    pub title: Option<String>,
    /// Frame rate, where the timelines do not state it.
    pub rate: Option<FrameRate>,
    /// Timecode of the start of the files; the earliest timeline's where absent.
    pub start: Option<String>,
    /// Fade law where a timeline names none.
    pub law: FadeShape,
    /// Layout of the stems; the spec's where absent.
    pub layout: Option<ChannelLayout>,
    /// What to do with clips without sound.
    pub on_missing: OnMissing,
    /// What to do with clips without a stem.
    pub on_unassigned: OnUnassigned,
    /// Whether the timelines follow one another.
    pub reels: bool,
    /// Timecode of the first frame of picture of each reel.
    pub ffoa: Vec<String>,
    /// Timecode of the last frame of picture of each reel.
    pub lfoa: Vec<String>,
    /// Timecodes at which one long-play timeline is cut into reels.
    pub reel_marks: Vec<String>,
    /// Which composition of a file that holds several.
    pub composition: Option<String>,
    /// Which programme of an audio scene.
    pub programme: Option<String>,
    /// Which objects of an audio scene are used of complementary ones.
    pub select: Vec<String>,
    /// Whether times of an audio scene are taken to the letter of BS.2127.
    pub adm_strict: bool,
    /// Whether fades that the editor drew into files of their own become true fades again.
    pub true_fades: bool,
    /// The ADM file, where the spec asks for none or for another one.
    pub adm: Option<AdmProfile>,
    /// Language of what is spoken, for the ADM file.
    pub language: Option<String>,
    /// Whether the ADM file carries items of ADM sources over instead of rendering them.
    pub keep_objects: bool,
    /// Plan and report only.
    pub plan_only: bool,
    /// Whether loudness and peaks are measured.
    pub measure: bool,
    /// How the files are judged against the spec; not at all where absent.
    pub judge: Option<Judging>,
    /// How finished files are read back.
    pub verify: VerifyLevel,
    /// The reports that are written.
    pub reports: Vec<&'static ReportFormat>,
    /// Sample frames in a block of the renderer; the result does not depend on it.
    pub block: u64,
    /// Date and time of origination, `YYYY-MM-DDThh:mm:ss`.
    pub origination: String,
}

/// Every code of the program, in order of its name.
pub fn codes() -> Vec<&'static Code> {
    let modules: [&[&'static Code]; 10] = [
        crate::deliver::CODES,
        crate::timeline::CODES,
        crate::bwf::CODES,
        crate::bwf::adm::CODES,
        crate::media::CODES,
        crate::stem::CODES,
        crate::spec::CODES,
        crate::conform::CODES,
        crate::render::CODES,
        crate::meter::CODES,
    ];
    let formats = crate::interchange::FORMATS
        .iter()
        .map(|format| format.codes);
    let profiles = crate::bwf::adm::CheckProfile::all().map(crate::bwf::adm::CheckProfile::codes);
    let mut codes: Vec<&Code> = modules
        .into_iter()
        .chain(formats)
        .chain(profiles)
        .flatten()
        .copied()
        .chain(crate::qc::codes())
        .collect();
    codes.sort();
    codes.dedup();
    codes
}
