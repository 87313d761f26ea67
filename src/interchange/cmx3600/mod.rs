//! CMX3600 edit decision lists, in the dialects of Avid, Premiere, Resolve, Final Cut and Nucoda.
//!
//! A list goes through rooms of their own: text into [`lines`], lines into [`statements`] (with
//! [`event_line`], [`notes`], [`markers`], [`position`] and [`channels`] for their parts), statements into
//! [`events`]; [`rate`] decides (and [`infer`] guesses) how timecode counts and [`axis`] where it stands; [`lower`] makes a
//! draft of each sounding line and channel (with [`about`] and [`levels`] for what the notes say, [`checks`] for what is odd),
//! [`join`] continues clips into the transitions behind them, and [`clips`] makes the tracks. What is
//! read, ignored and refused is written down in `specs/formats/cmx3600.md`.
//!
//! **Invariant:** every line of a list is either understood or named in a finding, record timecode
//! rules over source lengths, and memory is bounded by the size of the file and a fixed budget for
//! what it makes.

mod about;
mod axis;
mod channels;
mod checks;
mod clips;
mod codes;
mod draft;
mod event_line;
mod events;
mod infer;
mod join;
mod levels;
mod lines;
mod lower;
mod markers;
mod notes;
mod position;
mod rate;
mod report;
mod statements;

use super::text::decode;
use super::{Format, Input, ReadError, ReadOptions, Reading};
use crate::finding::Place;
use crate::time::Pos;
use crate::timeline::Timeline;
use axis::Axis;
use codes::{CODES, MIDNIGHT, NO_SOUND, NO_TITLE};
use events::List;
use lines::Lines;
use rate::Rates;
use report::{Report, Spot};
use statements::{Statement, statement};

/// Largest list in bytes; a feature's lists have some megabytes in all.
const LARGEST: u64 = 256 << 20;

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "cmx3600",
    title: "CMX3600 edit decision list",
    suffixes: &["edl"],
    probe: |input| probe(&input.head),
    read,
    codes: CODES,
};

/// Whether the head of a file holds a title, a counting line or an event, and is no other format's.
fn probe(head: &[u8]) -> bool {
    let decoded = decode(head.to_vec());
    let text = decoded.text.trim_start();
    // XML, JSON, and the heading of Pro Tools' session text.
    let others = ["<", "{", "[", "SESSION NAME:"];
    if decoded.binary || others.iter().any(|start| text.starts_with(start)) {
        return false;
    }
    let starts_list = |(_, line): (u32, &str)| {
        matches!(
            statement(line),
            Statement::Title(_) | Statement::Counting(_) | Statement::Event(..)
        )
    };
    Lines::of(text).any(starts_list)
}

fn read(input: &Input, options: &ReadOptions) -> Result<Reading, ReadError> {
    let file = input.name();
    if input.size > LARGEST {
        let message = format!(
            "{} bytes are more than an edit list has ({LARGEST})",
            input.size
        );
        return Err(ReadError::malformed(Place::file(file), message));
    }
    let decoded = decode(input.bytes()?);
    if decoded.binary {
        let message = "this is binary data, not an edit list";
        return Err(ReadError::malformed(Place::file(file), message));
    }
    let mut report = Report::new(&file);
    report.extend(decoded.findings(&file));
    let list = events::list(&decoded.text, &mut report)?;
    if list.lines.is_empty() {
        return Err(no_events(&list, &decoded.text, report));
    }
    let timeline = timeline(&list, input.stem(), options, &mut report)?;
    Ok(Reading {
        timeline,
        findings: report.finish(),
    })
}

/// The error for a list without events: at the first line that was meant as one, if any.
fn no_events(list: &List<'_>, text: &str, report: Report<'_>) -> ReadError {
    let file = report.file().to_owned();
    let lines = list.length;
    let meant = report
        .finish()
        .into_iter()
        .find(|finding| finding.code == &codes::BAD_EVENT);
    let (place, message) = match meant {
        Some(finding) => {
            let place = finding.place.unwrap_or_else(|| Place::file(&file));
            (
                place,
                format!(
                    "no line is an event; the first that looks like one: {}",
                    finding.message
                ),
            )
        }
        None if text.trim().is_empty() => (Place::file(&file), "the file is empty".to_owned()),
        None => (
            Place::line(&file, 1),
            format!("none of {lines} lines is an event"),
        ),
    };
    ReadError::Malformed {
        place: Box::new(place),
        message,
        hint: Some(
            "an event reads: 001 REEL A C 01:00:00:00 01:00:05:00 01:00:00:00 01:00:05:00".into(),
        ),
    }
}

fn timeline(
    list: &List<'_>,
    stem: String,
    options: &ReadOptions,
    report: &mut Report<'_>,
) -> Result<Timeline, ReadError> {
    let rates = Rates::of(list, options.rate, report);
    let rate = rates.record;
    let axis = Axis::of(list, rate);
    let mut lowered = lower::lower(list, &rates, &axis, report)?;
    join::join(&mut lowered, list, rate, report)?;
    join::complete_files(&mut lowered.drafts, list, report);
    let start = lowered.first_sound.or(lowered.first).unwrap_or_default();
    let whole = Spot::default();
    if axis.passes_midnight {
        report.add(&MIDNIGHT, whole, || "the list passes midnight".to_owned());
    }
    if lowered.first_sound.is_none() {
        report.add(&NO_SOUND, whole, || "no event cuts sound".to_owned());
    }
    let title = list.title.filter(|title| !title.is_empty());
    if title.is_none() {
        report.add(&NO_TITLE, whole, || {
            format!("there is no title; `{stem}` is used")
        });
    }
    Ok(Timeline {
        format: FORMAT.name.to_owned(),
        name: title.map_or_else(|| stem.clone(), str::to_owned),
        file_name: stem,
        rate,
        start: axis.seconds(start).unwrap_or(Pos::ZERO),
        end: lowered.last.and_then(|last| axis.seconds(last)),
        markers: clips::markers(list, &axis, rate, report),
        tracks: clips::tracks(list, lowered.drafts, &axis, rate, report.file()),
    })
}
