//! What the program knows by itself: specs, the meaning of findings, shell completions.

use std::fmt::Write as _;

use clap::CommandFactory as _;

use super::Status;
use super::args::{Cli, CompletionsArgs, ExplainArgs, SpecsArgs};
use super::console::{err, fail, out};
use crate::finding::Code;
use crate::job;
use crate::qc::{CHECKS, Check};
use crate::spec::{Spec, SpecError};

/// `stemline specs`.
pub(super) fn specs(args: &SpecsArgs) -> Status {
    let text = match &args.name {
        None => {
            let line = |name| {
                let title = Spec::builtin(name)
                    .map(|spec| spec.title)
                    .unwrap_or_default();
                format!("{name:24} {title}\n")
            };
            Spec::names().map(line).collect::<String>()
        }
        Some(name) => match spec_of(name, &args.settings) {
            Ok(spec) => spec.annotated(),
            Err(error) => {
                let status = fail(Status::Usage, &error);
                if let Some(hint) = error.hint() {
                    err(&format!("help: {hint}"));
                }
                return status;
            }
        },
    };
    out(&text).err().unwrap_or(Status::Done)
}

fn spec_of(name: &str, settings: &[String]) -> Result<Spec, SpecError> {
    Spec::find(name)?.set_all(settings)
}

/// `stemline explain`.
pub(super) fn explain(args: &ExplainArgs) -> Status {
    let codes = job::codes();
    let text = match &args.code {
        None => list(&codes),
        Some(wanted) => {
            if let Some(check) = CHECKS
                .iter()
                .find(|check| check.id.eq_ignore_ascii_case(wanted))
            {
                return out(&check_explanation(check)).err().unwrap_or(Status::Done);
            }
            let Some(code) = codes
                .iter()
                .find(|code| code.id.eq_ignore_ascii_case(wanted))
            else {
                let message =
                    format!("no finding is called `{wanted}`; `stemline explain` lists them");
                return fail(Status::Usage, &message);
            };
            explanation(code)
        }
    };
    out(&text).err().unwrap_or(Status::Done)
}

/// Every code with its title.
fn list(codes: &[&Code]) -> String {
    let mut text = String::new();
    for code in codes {
        let _ = writeln!(text, "{}  {}", code.id, code.title);
    }
    text
}

/// A check of a delivery with the faults that it can find.
fn check_explanation(check: &Check) -> String {
    let mut text = format!("{}: {}\n\n", check.id, check.title);
    wrap(&mut text, check.explanation);
    text.push('\n');
    text + &list(check.codes)
}

/// A code for people.
fn explanation(code: &Code) -> String {
    let mut text = format!("{} ({}): {}\n\n", code.id, code.severity, code.title);
    wrap(&mut text, code.explanation);
    text
}

/// Adds words in lines of 80 columns.
fn wrap(text: &mut String, words: &str) {
    const WIDTH: usize = 80;
    let mut column = 0;
    for word in words.split_whitespace() {
        let length = word.chars().count();
        if column + 1 + length > WIDTH {
            text.push('\n');
            column = 0;
        } else if column > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += length;
    }
    text.push('\n');
}

/// `stemline completions`.
pub(super) fn completions(args: &CompletionsArgs) -> Status {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "stemline", &mut script);
    out(&String::from_utf8_lossy(&script))
        .err()
        .unwrap_or(Status::Done)
}
