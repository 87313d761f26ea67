//! The command line as typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::audio::{AdmProfile, ChannelLayout};
use crate::bwf::VerifyLevel;
use crate::bwf::adm::CheckProfile;
use crate::conform::OnMissing;
use crate::meter::Hop;
use crate::time::FrameRate;
use crate::timeline::FadeShape;

/// Film cuts into dialogue, music and effects stems: sample-exact, headless, provable.
#[derive(Debug, Parser)]
#[command(name = "stemline", version, arg_required_else_help = true)]
#[command(
    after_help = "Exit status: 0 done, 1 done and a check failed, 2 usage, 3 input refused, 4 could not write.\n\
                        Start with: stemline demo demo"
)]
pub(super) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(super) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Turn timelines and folders of sound into stems, composites, a plan and reports
    Conform(Box<ConformArgs>),
    /// Show what is in a timeline or a sound file
    Inspect(InspectArgs),
    /// Hold the ADM metadata of a file against the standard and the profiles of the trade
    AdmCheck(AdmCheckArgs),
    /// Measure loudness, true peak and the rest of sound files
    Measure(MeasureArgs),
    /// Judge a delivery, one's own or anyone's, against a spec
    Qc(QcArgs),
    /// List the delivery specs, or print one
    Specs(SpecsArgs),
    /// Say what a finding means and what to do about it
    Explain(ExplainArgs),
    /// Write a small film with sound and conform it
    Demo(DemoArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
}

/// `stemline conform`.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch that a user may give"
)]
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  stemline conform reel1.edl --media ROLLS --media MUSIC --out OUT --title R1 --rate 24\n\n\
                        Several timelines are laid over each other by timecode (one list per track, say); with --reels they follow one another.\n\
                        A T_plan.json of an earlier run may stand in place of the timelines: it renders the same bytes again."
)]
pub(super) struct ConformArgs {
    /// Cut lists: EDL, OTIO, AAF; ADM masters (BW64); or a plan written by an earlier run
    #[arg(required = true, value_name = "TIMELINE")]
    pub(super) timelines: Vec<PathBuf>,
    /// Folder with source sound, searched with its subfolders; may be given several times
    #[arg(long, value_name = "DIR")]
    pub(super) media: Vec<PathBuf>,
    /// Folder for the results
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,
    /// Delivery spec: a name of `stemline specs` or a TOML file
    #[arg(long, value_name = "NAME|FILE", default_value = "dme")]
    pub(super) spec: String,
    /// Another value for one key of the spec, e.g. head.pop="2 s"; may be given several times
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(super) settings: Vec<String>,
    /// Rules that decide which stem a clip belongs to (TOML), tried before the built-in ones
    #[arg(long, value_name = "FILE")]
    pub(super) rules: Option<PathBuf>,
    /// Title of the delivery: the first part of every file name [default: the timeline's name]
    #[arg(long)]
    pub(super) title: Option<String>,
    /// Frame rate, where the timeline does not state it: 23.976, 24, 25, 29.97, 29.97df, 24000/1001 …
    #[arg(long, value_name = "R")]
    pub(super) rate: Option<FrameRate>,
    /// Timecode of the first sample of every file, where the spec has no start of its own [default: where the
    /// timeline starts]
    #[arg(long, value_name = "TC")]
    pub(super) start: Option<String>,
    /// Fade law where the timeline names none
    #[arg(long, value_name = "LAW", default_value = "linear", value_parser = fade_law)]
    pub(super) fade: FadeShape,
    /// Channel layout of the stems [default: the spec's]
    #[arg(long, value_name = "LAYOUT")]
    pub(super) layout: Option<ChannelLayout>,
    /// What to do with clips whose sound is missing or too short
    #[arg(long, value_name = "refuse|silence", default_value = "refuse")]
    pub(super) on_missing: OnMissingArg,
    /// What to do with clips that no rule can place: refuse, or the stem that takes them
    #[arg(long, value_name = "refuse|STEM", default_value = "refuse")]
    pub(super) on_unassigned: String,
    /// The timelines are reels that follow one another
    #[arg(long)]
    pub(super) reels: bool,
    /// Timecode of the first frame of picture; once for each reel [default: marker FFOA, else the spec's]
    #[arg(long, value_name = "TC")]
    pub(super) ffoa: Vec<String>,
    /// Timecode of the last frame of picture; once for each reel [default: marker LFOA, else the end]
    #[arg(long, value_name = "TC")]
    pub(super) lfoa: Vec<String>,
    /// Timecode at which a reel begins in a long-play timeline; once for each [default: markers R2, R3 …]
    #[arg(long = "reel-mark", value_name = "TC", conflicts_with = "reels")]
    pub(super) reel_marks: Vec<String>,
    /// Which composition of a file that holds several
    #[arg(long, value_name = "NAME")]
    pub(super) composition: Option<String>,
    /// Which programme of an ADM file: its identity or name [default: the one with the lowest identity]
    #[arg(long, value_name = "APR_…")]
    pub(super) programme: Option<String>,
    /// Which object of an ADM file is used of complementary ones; may be given several times
    #[arg(long, value_name = "AO_…")]
    pub(super) select: Vec<String>,
    /// Take times and choices of an ADM file to the letter of ITU-R BS.2127
    #[arg(long)]
    pub(super) adm_strict: bool,
    /// Keep fades that the editor drew into files of their own as they sound
    #[arg(long)]
    pub(super) keep_drawn_fades: bool,
    /// Write an ADM file (BW64) of all stems too, with programmes for each language and for music and effects;
    /// PROFILE is bs2076-1 (where none is given), bs2076-2 or dolby
    #[arg(long, value_name = "PROFILE", num_args = 0..=1, default_missing_value = "bs2076-1")]
    pub(super) adm: Option<AdmProfile>,
    /// Language of the dialogue in the ADM file: en, fre, pt-BR …
    #[arg(long, value_name = "CODE", value_parser = language)]
    pub(super) language: Option<String>,
    /// Carry beds and objects of ADM sources over to the ADM file instead of rendering them
    #[arg(long)]
    pub(super) keep_objects: bool,
    /// Write the plan and the report, no sound
    #[arg(long)]
    pub(super) plan_only: bool,
    /// Do not measure loudness and peaks
    #[arg(long)]
    pub(super) no_measure: bool,
    /// Do not judge the files against the spec
    #[arg(long)]
    pub(super) no_qc: bool,
    /// Faults that a person has accepted (TOML), as `stemline qc` reads them
    #[arg(long, value_name = "FILE", conflicts_with = "no_qc")]
    pub(super) waivers: Option<PathBuf>,
    /// The day that waivers expire against [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", requires = "waivers", value_parser = day)]
    pub(super) date: Option<String>,
    /// How finished files are read back before they get their names
    #[arg(long, value_name = "LEVEL", default_value = "header")]
    pub(super) verify: VerifyArg,
    /// Reports beside the usual JSON, HTML and `JUnit`: csv, xml, protools, resolve, avid, or all
    #[arg(long, value_name = "FORMAT", value_delimiter = ',')]
    pub(super) report: Vec<String>,
    /// Threads [default: all processors]
    #[arg(long, value_name = "N")]
    pub(super) jobs: Option<usize>,
    /// Print events as JSON lines on standard output
    #[arg(long)]
    pub(super) json_events: bool,
}

/// `stemline inspect`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  stemline inspect reel1.edl --rate 24\n  stemline inspect --json take7.wav"
)]
pub(super) struct InspectArgs {
    /// A timeline or a sound file
    pub(super) file: PathBuf,
    /// Print JSON on standard output
    #[arg(long)]
    pub(super) json: bool,
    /// Frame rate, where the file does not state it
    #[arg(long, value_name = "R")]
    pub(super) rate: Option<FrameRate>,
    /// Which composition of a file that holds several
    #[arg(long, value_name = "NAME")]
    pub(super) composition: Option<String>,
}

/// `stemline adm-check`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit status 1 when the file is against BS.2076 or a profile that it claims (a programme named Atmos_Master claims dolby).\n\
                        Example:\n  stemline adm-check master.wav\n  stemline adm-check --profile bs2168 master.wav"
)]
pub(super) struct AdmCheckArgs {
    /// A WAV file with ADM metadata
    pub(super) file: PathBuf,
    /// Only this profile, claimed or not: bs2076, dolby, ebu, bs2168; may be given several times
    #[arg(long, value_name = "NAME", value_parser = super::adm::profile)]
    pub(super) profile: Vec<CheckProfile>,
    /// Print JSON on standard output
    #[arg(long)]
    pub(super) json: bool,
}

/// `stemline measure`.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch that a user may give"
)]
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  stemline measure OUT/R1_DX.wav OUT/R1_MIX.wav\n  stemline measure --json mix.wav | jq .files[0].integrated_lufs"
)]
pub(super) struct MeasureArgs {
    /// Sound files
    #[arg(required = true, value_name = "WAV")]
    pub(super) files: Vec<PathBuf>,
    /// Print JSON on standard output
    #[arg(long, conflicts_with = "csv")]
    pub(super) json: bool,
    /// Print the course of momentary and short-term loudness as comma-separated values
    #[arg(long)]
    pub(super) csv: bool,
    /// Step of the course
    #[arg(long, value_name = "STEP", default_value = "100ms")]
    hop: HopArg,
    /// A file of one channel is heard from two loudspeakers: 3 LU louder
    #[arg(long)]
    pub(super) dual_mono: bool,
    /// Find true peaks with sixteen times oversampling instead of four times
    #[arg(long)]
    pub(super) precise: bool,
    /// Measure Leq(m) too, for trailers and advertisements
    #[arg(long)]
    pub(super) leq_m: bool,
    /// List every place whose true peak is above this level in dBTP
    #[arg(long, value_name = "DBTP", allow_negative_numbers = true)]
    pub(super) overs: Option<f64>,
    /// The files follow one another as the reels of a programme: measure each and all as one
    #[arg(long, conflicts_with_all = ["dialogue", "csv"])]
    pub(super) reels: bool,
    /// Loudness of the dialogue in the files, by this dialogue stem
    #[arg(long, value_name = "STEM")]
    pub(super) dialogue: Option<PathBuf>,
    /// Loudness of the dialogue in the files, by the sound of voices: an estimate
    #[cfg(feature = "speech")]
    #[arg(long, conflicts_with_all = ["dialogue", "reels"])]
    pub(super) speech: bool,
}

impl MeasureArgs {
    /// The step of the course.
    pub(super) fn hop(&self) -> Hop {
        match self.hop {
            HopArg::Tenth => Hop::Tenth,
            HopArg::Hundredth => Hop::Hundredth,
        }
    }
}

/// `--hop`.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum HopArg {
    /// Ten a second
    #[value(name = "100ms")]
    Tenth,
    /// A hundred a second
    #[value(name = "10ms")]
    Hundredth,
}

/// `stemline qc`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  stemline qc OUT --spec dme --waivers accepted.toml\n\n\
                        Exit status 1 when a fault fails that nobody has waived, 0 with warnings or waivers only."
)]
pub(super) struct QcArgs {
    /// The folder of the delivery, or its files
    #[arg(required = true, value_name = "FILE|DIR")]
    pub(super) inputs: Vec<PathBuf>,
    /// Delivery spec: a name of `stemline specs` or a TOML file
    #[arg(long, value_name = "NAME|FILE", default_value = "dme")]
    pub(super) spec: String,
    /// Another value for one key of the spec, e.g. head.pop="2 s"; may be given several times
    #[arg(long, value_name = "KEY=VALUE")]
    pub(super) set: Vec<String>,
    /// Channel layout of the stems [default: the spec's]
    #[arg(long, value_name = "LAYOUT")]
    pub(super) layout: Option<ChannelLayout>,
    /// Faults that a person has accepted (TOML), with reason, name and expiry
    #[arg(long, value_name = "FILE")]
    pub(super) waivers: Option<PathBuf>,
    /// Frame rate of timecodes, where the files do not state it
    #[arg(long, value_name = "R")]
    pub(super) rate: Option<FrameRate>,
    /// The day that waivers expire against, as 2026-12-31 [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) date: Option<String>,
    /// Leave out what compares files with one another: sums, offsets, leaks
    #[arg(long)]
    pub(super) no_compare: bool,
    /// Folder for the judgement and the reports
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Another report to write, beside the usual ones; `all` for every one
    #[arg(long, value_name = "NAME", requires = "out")]
    pub(super) report: Vec<String>,
    /// Print the judgement as JSON on standard output
    #[arg(long)]
    pub(super) json: bool,
}

/// `stemline specs`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  stemline specs netflix-me > mine.toml\n  (edit it)\n  stemline conform … --spec mine.toml"
)]
pub(super) struct SpecsArgs {
    /// The spec to print, with the source of every value: a name of the list, or a TOML file
    pub(super) name: Option<String>,
    /// Another value for one key of the spec; may be given several times
    #[arg(long = "set", value_name = "KEY=VALUE", requires = "name")]
    pub(super) settings: Vec<String>,
}

/// `stemline explain`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  stemline explain EDL001")]
pub(super) struct ExplainArgs {
    /// The code of a finding; all of them when absent
    pub(super) code: Option<String>,
}

/// `stemline demo`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  stemline demo demo && open demo/out")]
pub(super) struct DemoArgs {
    /// Folder to write to
    pub(super) dir: PathBuf,
}

/// `stemline completions`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  stemline completions bash > ~/.local/share/bash-completion/completions/stemline"
)]
pub(super) struct CompletionsArgs {
    /// The shell
    pub(super) shell: clap_complete::Shell,
}

/// `--on-missing`.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum OnMissingArg {
    /// Stop before anything is written
    Refuse,
    /// Write silence in their place and report it
    Silence,
}

impl From<OnMissingArg> for OnMissing {
    fn from(arg: OnMissingArg) -> Self {
        match arg {
            OnMissingArg::Refuse => Self::Refuse,
            OnMissingArg::Silence => Self::Silence,
        }
    }
}

/// `--verify`.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum VerifyArg {
    /// Headers and metadata
    Header,
    /// Every sample as well
    Samples,
}

impl From<VerifyArg> for VerifyLevel {
    fn from(arg: VerifyArg) -> Self {
        match arg {
            VerifyArg::Header => Self::Header,
            VerifyArg::Samples => Self::Samples,
        }
    }
}

fn language(code: &str) -> Result<String, String> {
    if crate::spec::is_language(code) {
        return Ok(code.to_owned());
    }
    Err("a language is a code such as `en`, `fre` or `pt-BR`".to_owned())
}

/// A day as waivers have it: dates that are compared letter by letter have to be whole.
fn day(text: &str) -> Result<String, String> {
    let form = time::macros::format_description!("[year]-[month]-[day]");
    match time::Date::parse(text, form) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("a day is written as 2026-12-31".to_owned()),
    }
}

fn fade_law(name: &str) -> Result<FadeShape, String> {
    let laws = [FadeShape::Linear, FadeShape::EqualPower];
    FadeShape::from_name(name)
        .filter(|shape| laws.contains(shape))
        .ok_or_else(|| "a fade law is `linear` or `equal-power`".to_owned())
}
