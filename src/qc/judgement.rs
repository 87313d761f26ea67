//! What a package came to: the one typed result that every report shows.

use serde::{Deserialize, Serialize};

use crate::audio::ChannelLayout;
use crate::finding::{Code, Severity};
use crate::meter::Levels;

/// The name and version of the JSON form.
pub const SCHEMA: &str = "stemline.qc/1";

/// The judgement of a package.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Judgement {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// The program's version.
    pub version: &'static str,
    /// What was judged, for people: the title of the job or the folder's name.
    pub title: String,
    /// Name of the spec that it was judged against.
    pub spec: String,
    /// The day of the judgement, `YYYY-MM-DD`, which expiries are compared with; absent where
    /// nobody said.
    pub date: Option<String>,
    /// Frame rate of every timecode here as people write it, where one is known.
    pub frame_rate: Option<String>,
    /// The worst of all outcomes.
    pub verdict: Verdict,
    /// The files in order of their names.
    pub files: Vec<JudgedFile>,
    /// Every check in the order of the table, also those that did not apply.
    pub checks: Vec<CheckRun>,
    /// What the ledger proves, where there is one.
    pub certificate: Option<Certificate>,
    /// Waivers that nothing matched: they can be deleted.
    pub unused_waivers: Vec<Waiver>,
}

/// The whole result in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing to object to.
    Pass,
    /// Something to look at, or something accepted by a waiver.
    Warnings,
    /// At least one fault that is not waived.
    Fail,
}

/// A file of the package.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct JudgedFile {
    /// Its name, or its path below the folder that was judged; faults refer to it.
    pub name: String,
    /// The code of the stem or composite that it was taken for (`DX`, `ME`, `MIX`).
    pub role: Option<String>,
    /// What it is for people, from the spec.
    pub label: Option<String>,
    /// Its channels in file order.
    pub layout: Option<ChannelLayout>,
    /// How many channels it has.
    pub channels: Option<u16>,
    /// Sample rate in Hz.
    pub sample_rate: Option<u32>,
    /// Bits of a sample as stored.
    pub bits: Option<u16>,
    /// Whether samples are floats.
    pub float: bool,
    /// `RIFF`, `RF64`, `BW64`, `W64`.
    pub container: Option<&'static str>,
    /// First sample frame since midnight, at the file's rate.
    pub start_sample: Option<i64>,
    /// The same as timecode.
    pub start_timecode: Option<String>,
    /// Length in sample frames.
    pub length_samples: Option<u64>,
    /// The same as timecode.
    pub length_timecode: Option<String>,
    /// Its size in bytes.
    pub bytes: Option<u64>,
    /// Its levels, where its sound was measured: of files that hold a channel each, the first has those of all.
    pub levels: Option<Levels>,
    /// The levels of the programme alone, from the first frame of action to the last, where the
    /// file holds more than that.
    pub programme: Option<Levels>,
}

/// A check and what it came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckRun {
    /// The number of the check: `F5`, `N1`.
    pub check: &'static str,
    /// What it looks at, for lists.
    pub title: &'static str,
    /// The family: `file`, `loudness`, `silence`, `corruption`, `phase`, `sync`, `null`,
    /// `music_and_effects`, `dub`.
    pub family: &'static str,
    /// How it went.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// Names of the files that it looked at.
    pub files: Vec<String>,
    /// What was measured, file by file.
    pub readings: Vec<Reading>,
    /// What is wrong, by file and then by place.
    pub faults: Vec<Fault>,
}

/// How a check went.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "outcome", content = "reason", rename_all = "snake_case")]
pub enum Outcome {
    /// It had nothing to look at, or the spec does not ask: why.
    NotApplicable(String),
    /// Nothing was found.
    Passed,
    /// Every fault is waived.
    Waived,
    /// Warnings that are not waived.
    Warned,
    /// Failures that are not waived.
    Failed,
}

impl Outcome {
    /// How the reason of a check begins that was left to `stemline qc`.
    pub const NOT_RUN: &'static str = "not run here";

    /// Whether the check was left to `stemline qc`.
    pub fn is_left(&self) -> bool {
        matches!(self, Self::NotApplicable(why) if why.starts_with(Self::NOT_RUN))
    }
}

/// A value that a check compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// The file; absent where the value belongs to the package.
    pub file: Option<String>,
    /// The channel, where it belongs to one.
    pub channel: Option<String>,
    /// What was measured, with its unit.
    pub measured: String,
    /// What it was compared with, with its unit.
    pub limit: Option<String>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fault {
    /// What kind; `stemline explain` tells more.
    pub code: &'static Code,
    /// How much it matters under this spec.
    pub severity: Severity,
    /// What exactly, with the values: lower case, no final stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The file.
    pub file: Option<String>,
    /// The channel.
    pub channel: Option<String>,
    /// Where in the file; absent where it is all of it.
    pub stretch: Option<Stretch>,
    /// The value that is out, with its unit.
    pub measured: Option<String>,
    /// What it should be, with its unit.
    pub limit: Option<String>,
    /// The person's decision that it may stay.
    pub waiver: Option<Waiver>,
}

/// A part of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stretch {
    /// Its first sample frame, counted from the file's first.
    pub first_sample: u64,
    /// Its length in sample frames; at least 1.
    pub samples: u64,
    /// Timecode of the first, where the file has one.
    pub timecode_in: Option<String>,
    /// Timecode of the first frame after it.
    pub timecode_out: Option<String>,
}

/// A fault that a person has accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver {
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// The last day that it holds, `YYYY-MM-DD`.
    pub expires: Option<String>,
    /// Whether that day has passed: the fault counts again.
    #[serde(default)]
    pub expired: bool,
}

/// What the ledger proves about where the sound of each file came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Certificate {
    /// The plan it was read from.
    pub plan: String,
    /// Clips that were followed from source to output.
    pub clips: usize,
    /// What is proved or refuted, one sentence each.
    pub statements: Vec<Statement>,
    /// What went into each output and by which rule, stems first.
    pub outputs: Vec<Provenance>,
}

/// What an output is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Provenance {
    /// Code of the stem or composite.
    pub output: String,
    /// Clips that sound in it.
    pub clips: usize,
    /// Source files that they read.
    pub sources: usize,
    /// The rules that placed them, in order of their names.
    pub rules: Vec<RuleShare>,
}

/// What a rule has placed in an output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleShare {
    /// The rule.
    pub rule: String,
    /// Clips that it placed.
    pub clips: usize,
    /// Their sample frames together.
    pub samples: u64,
}

/// One thing that the ledger says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// In words: `no clip of a dialogue class sounds in ME`.
    pub text: String,
    /// Whether it holds.
    pub holds: bool,
    /// How many clips or samples were looked at to say so.
    pub looked_at: u64,
}

impl Fault {
    /// A fault of the code's own severity that says what, nothing more.
    pub fn new(code: &'static Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity,
            message: message.into(),
            hint: None,
            file: None,
            channel: None,
            stretch: None,
            measured: None,
            limit: None,
            waiver: None,
        }
    }

    /// Whether it counts: nobody has accepted it, or no longer.
    pub fn counts(&self) -> bool {
        self.waiver.as_ref().is_none_or(|waiver| waiver.expired)
    }
}

impl CheckRun {
    /// The outcome that the faults give.
    pub fn outcome_of(faults: &[Fault]) -> Outcome {
        let worst = faults
            .iter()
            .filter(|fault| fault.counts())
            .map(|fault| fault.severity)
            .max();
        match worst {
            Some(Severity::Error) => Outcome::Failed,
            Some(Severity::Warning) => Outcome::Warned,
            _ if faults.iter().any(|fault| !fault.counts()) => Outcome::Waived,
            _ => Outcome::Passed,
        }
    }
}

impl Judgement {
    /// The verdict that the checks give.
    pub fn verdict_of(checks: &[CheckRun]) -> Verdict {
        match checks.iter().map(|run| &run.outcome).max() {
            Some(Outcome::Failed) => Verdict::Fail,
            Some(Outcome::Warned | Outcome::Waived) => Verdict::Warnings,
            _ => Verdict::Pass,
        }
    }

    /// Every fault with the check that found it.
    pub fn faults(&self) -> impl Iterator<Item = (&CheckRun, &Fault)> {
        self.checks
            .iter()
            .flat_map(|run| run.faults.iter().map(move |fault| (run, fault)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static CODE: Code = Code::new("QCX001", Severity::Error, "a fault", "For the test.");

    fn waived(expired: bool) -> Fault {
        let waiver = Waiver {
            reason: "creative intent".to_owned(),
            by: "A. Mixer".to_owned(),
            expires: None,
            expired,
        };
        Fault {
            waiver: Some(waiver),
            ..Fault::new(&CODE, "x")
        }
    }

    #[test]
    fn the_worst_fault_that_counts_decides() {
        let warning = Fault {
            severity: Severity::Warning,
            ..Fault::new(&CODE, "x")
        };
        let check = |faults: &[Fault], want: Outcome| {
            assert_eq!(CheckRun::outcome_of(faults), want);
        };
        check(&[], Outcome::Passed);
        check(&[waived(false)], Outcome::Waived);
        check(&[waived(true)], Outcome::Failed);
        check(&[waived(false), warning.clone()], Outcome::Warned);
        check(&[warning, Fault::new(&CODE, "x")], Outcome::Failed);
    }

    #[test]
    fn an_outcome_is_a_word_and_perhaps_a_reason() {
        let json = |outcome: Outcome| serde_json::to_string(&outcome).unwrap();
        assert_eq!(json(Outcome::Passed), r#"{"outcome":"passed"}"#);
        assert_eq!(
            json(Outcome::NotApplicable("no plan".to_owned())),
            r#"{"outcome":"not_applicable","reason":"no plan"}"#
        );
    }
}
