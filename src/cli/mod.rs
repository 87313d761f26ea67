//! The command line: arguments in, jobs run, people and programs told.
//!
//! **Invariant:** thin, and nobody uses it. Only here are the clock, the environment, the terminal
//! and standard streams touched. JSON goes to standard output alone; people's text to standard
//! error; a reader that goes away ends the program quietly.

mod adm;
mod args;
mod conform;
mod console;
mod inspect;
mod measure;
mod progress;
mod qc;
mod reference;
mod show;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Cli, Command};

/// Exit statuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Done.
    Done,
    /// Done, and a check failed.
    Failed,
    /// The call's words are off.
    Usage,
    /// Input refused: unreadable, malformed, media missing, clips unassigned.
    Refused,
    /// Could not write.
    NotWritten,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(match status {
            Status::Done => 0,
            Status::Failed => 1,
            Status::Usage => 2,
            Status::Refused => 3,
            Status::NotWritten => 4,
        })
    }
}

/// Reads the command line, does it, and says how it went.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are not errors: they go to standard output with status 0.
            let status = if error.use_stderr() {
                Status::Usage
            } else {
                Status::Done
            };
            let _ = error.print();
            return status.into();
        }
    };
    let status = match &cli.command {
        Command::Conform(args) => conform::run(args),
        Command::Inspect(args) => inspect::run(args),
        Command::AdmCheck(args) => adm::check(args),
        Command::Measure(args) => measure::run(args),
        Command::Qc(args) => qc::run(args),
        Command::Specs(args) => reference::specs(args),
        Command::Explain(args) => reference::explain(args),
        Command::Demo(args) => conform::demo(args),
        Command::Completions(args) => reference::completions(args),
    };
    status.into()
}
