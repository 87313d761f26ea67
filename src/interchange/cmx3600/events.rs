//! Statements into events: which lines make one event, and which notes belong to it.

use std::collections::BTreeMap;
use std::ops::Range;

use super::channels::Channels;
use super::codes::{AFTER_EVENT, BAD_EVENT, LONG_LINE, NOT_UNDERSTOOD, SPLIT, STRAY_NOTE};
use super::event_line::{EventLine, Failure, Transition};
use super::lines::Lines;
use super::markers::{Locator, marker_row};
use super::notes::Note;
use super::position::Position;
use super::report::{Report, Spot, quote};
use super::statements::{Statement, statement};
use crate::finding::{Place, Severity};
use crate::interchange::ReadError;

/// Most lines of a file; with all its notes a feature has some 20,000.
const MOST_FILE_LINES: usize = 10_000_000;

/// Most event lines of one list: a feature has some 3,000.
const MOST_LINES: usize = 500_000;

/// Most notes of one list; real lists have three or four an event.
const MOST_NOTES: usize = 1_500_000;

/// Most markers, and most reel names that were replaced.
const MOST_MARKERS: usize = 200_000;

/// Most lines of one event; a key over two pictures has four.
const MOST_IN_EVENT: usize = 8;

/// A whole list, its texts borrowed from the file.
#[derive(Debug, Default)]
pub(super) struct List<'a> {
    /// How many lines the file has.
    pub(super) length: u32,
    /// `TITLE:`.
    pub(super) title: Option<&'a str>,
    /// The first FCM before any event: how the record timecode counts; `true` is drop-frame.
    pub(super) head: Option<bool>,
    /// Event lines in order of the file.
    pub(super) lines: Vec<EventLine<'a>>,
    /// Notes in order of the file.
    pub(super) notes: Vec<(Spot, Note<'a>)>,
    /// The events.
    pub(super) events: Vec<Event>,
    /// Markers, each with its position.
    pub(super) markers: Vec<(Spot, Position, Locator<'a>)>,
    /// Reels as the events write them, and their full names.
    pub(super) reels: BTreeMap<&'a str, &'a str>,
}

/// One event: its lines and notes, as indices into the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Event {
    /// Into [`List::lines`]; never empty.
    pub(super) lines: Range<usize>,
    /// Into [`List::notes`].
    pub(super) notes: Range<usize>,
}

impl<'a> List<'a> {
    /// The lines of an event.
    pub(super) fn lines_of(&self, event: &Event) -> &[EventLine<'a>] {
        self.lines.get(event.lines.clone()).unwrap_or_default()
    }

    /// The notes of an event.
    pub(super) fn notes_of(&self, event: &Event) -> &[(Spot, Note<'a>)] {
        self.notes.get(event.notes.clone()).unwrap_or_default()
    }
}

/// Reads the statements of a text.
pub(super) fn list<'a>(text: &'a str, report: &mut Report<'_>) -> Result<List<'a>, ReadError> {
    let mut builder = Builder {
        list: List::default(),
        report,
        counting: None,
        split: None,
        fresh: false,
        state: State::Events,
    };
    for (number, line) in Lines::of(text) {
        builder.list.length = number;
        builder.take(number, line);
        builder.check_limits(number)?;
    }
    Ok(builder.list)
}

/// What the reader is among.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Events and their notes.
    Events,
    /// The table of sources behind the events: its notes are not the last event's.
    Sources,
    /// The table of markers behind the events.
    Markers,
}

struct Builder<'a, 'r, 'f> {
    list: List<'a>,
    report: &'r mut Report<'f>,
    /// The last FCM.
    counting: Option<bool>,
    /// A SPLIT that waits for its event.
    split: Option<(Spot, &'a str)>,
    /// Whether nothing but FCM stands between the last event line and here.
    fresh: bool,
    state: State,
}

impl<'a> Builder<'a, '_, '_> {
    fn take(&mut self, number: u32, line: &'a str) {
        let statement = statement(line);
        let spot = || Spot::of(number, line, line.trim());
        match statement {
            Statement::Ignored => {}
            Statement::Title(title) => {
                self.list.title.get_or_insert(title);
            }
            Statement::Counting(drop) => {
                if self.list.lines.is_empty() {
                    self.list.head.get_or_insert(drop);
                }
                self.counting = Some(drop);
            }
            Statement::Event(event, behind) => self.event(event, behind, spot()),
            Statement::Channels(channels) => self.channels(channels, spot(), line),
            Statement::Split(delay) => self.split = Some((spot(), delay)),
            Statement::ReelName { short, full } => {
                self.list.reels.insert(short, full);
            }
            Statement::SourceTable => self.state = State::Sources,
            Statement::MarkerTable => self.state = State::Markers,
            Statement::Marker(marker) => self.marker(marker, spot(), line),
            Statement::Note(note) => self.note(note, spot(), line),
            Statement::Failed(failure) => self.failed(failure, number, line),
            Statement::Unknown => self.unknown(spot(), line),
            Statement::TooLong => {
                let message = || format!("a line of {} bytes is left out", line.len());
                self.report
                    .add(&LONG_LINE, Spot::of(number, "", ""), message);
            }
        }
    }

    fn check_limits(&self, line: u32) -> Result<(), ReadError> {
        let limits = [
            (line as usize, MOST_FILE_LINES, "lines"),
            (self.list.lines.len(), MOST_LINES, "events"),
            (self.list.notes.len(), MOST_NOTES, "notes"),
            (self.list.markers.len(), MOST_MARKERS, "markers"),
            (self.list.reels.len(), MOST_MARKERS, "replaced reels"),
        ];
        for (count, most, what) in limits {
            if count > most {
                return Err(ReadError::Malformed {
                    place: Box::new(Place::line(self.report.file(), line)),
                    message: format!("more than {most} {what} are no edit list"),
                    hint: Some("split the list into reels".into()),
                });
            }
        }
        Ok(())
    }

    fn event(&mut self, mut line: EventLine<'a>, behind: &str, spot: Spot) {
        line.spot = spot;
        line.fcm = self.counting;
        if !behind.is_empty() {
            let message = || format!("`{}` behind the event is left out", quote(behind));
            self.report.add(&AFTER_EVENT, spot, message);
        }
        if let Some((spot, delay)) = self.split.take() {
            self.split_edit(delay, line.channels, spot);
        }
        if self.joins(&line) {
            let outgoing = self.list.lines.last().map(|last| last.channels);
            if let Some(channels) = outgoing.filter(|_| line.channels == Channels::default()) {
                line.channels = channels;
            }
        } else {
            let (line, note) = (self.list.lines.len(), self.list.notes.len());
            self.list.events.push(Event {
                lines: line..line,
                notes: note..note,
            });
        }
        self.list.lines.push(line);
        if let Some(event) = self.list.events.last_mut() {
            event.lines.end += 1;
        }
        self.fresh = true;
        self.state = State::Events;
    }

    /// Whether a line belongs to the event of the line before it: a transition behind the cut without
    /// length that is its outgoing side (some systems number the two differently), or a line of the
    /// same number with no note between.
    fn joins(&self, line: &EventLine<'_>) -> bool {
        let (Some(last), Some(event)) = (self.list.lines.last(), self.list.events.last()) else {
            return false;
        };
        if self.state != State::Events || event.lines.len() >= MOST_IN_EVENT {
            return false;
        }
        let waits = last.transition == Transition::Cut && last.is_empty();
        if waits && line.transition != Transition::Cut {
            let meets = last.record.1 == line.record.0 && last.channels.shares(line.channels);
            return last.number == line.number || meets;
        }
        self.fresh && last.number == line.number
    }

    fn split_edit(&mut self, delay: &str, channels: Channels, spot: Spot) {
        let delay = quote(delay);
        if channels.picture && channels.has_sound() {
            self.report.add(&SPLIT, spot, || {
                format!("split of {delay} is not applied to the event below, which cuts picture and sound in one line")
            });
        } else {
            self.report.list(&SPLIT, Severity::Info, spot, || {
                format!("split of {delay}: sound and picture carry their own timecodes below")
            });
        }
    }

    /// AUD names further channels of the line above, and of the outgoing side that belongs to it.
    fn channels(&mut self, channels: Channels, spot: Spot, line: &str) {
        let first = self.list.events.last().map_or(0, |event| event.lines.start);
        let lines = self.list.lines.get_mut(first..).unwrap_or_default();
        let Some((last, before)) = lines.split_last_mut() else {
            return self.stray(spot, line);
        };
        if self.state != State::Events {
            return self.stray(spot, line);
        }
        last.channels = last.channels.and(channels);
        let outgoing = before.last_mut().filter(|line| line.is_empty());
        if let (Transition::Mix(_), Some(outgoing)) = (last.transition, outgoing) {
            outgoing.channels = outgoing.channels.and(channels);
        }
        self.fresh = false;
    }

    fn marker(&mut self, marker: Locator<'a>, spot: Spot, line: &str) {
        let above = self.list.lines.last().map(|event| event.record.0);
        match marker.at.or(above) {
            Some(at) => self.list.markers.push((spot, at, marker)),
            None => self.stray(spot, line),
        }
        self.fresh = false;
    }

    fn note(&mut self, note: Note<'a>, spot: Spot, line: &str) {
        if let (State::Markers, Note::Comment(text)) = (self.state, note) {
            let marker = marker_row(text);
            self.list
                .markers
                .extend(marker.and_then(|m| Some((spot, m.at?, m))));
            return;
        }
        let is_comment = matches!(note, Note::Comment(_));
        match (self.state, self.list.events.last_mut()) {
            (State::Events, Some(event)) => {
                self.list.notes.push((spot, note));
                event.notes.end += 1;
                self.fresh = self.fresh && matches!(note, Note::Effect(_));
            }
            // Remarks at the head of a list, and the file names of the table of sources.
            _ if is_comment => {}
            (State::Sources, _) if matches!(note, Note::File(_)) => {}
            _ => self.stray(spot, line),
        }
    }

    fn stray(&mut self, spot: Spot, line: &str) {
        self.report.add(&STRAY_NOTE, spot, || {
            format!("`{}` belongs to no event", quote(line.trim()))
        });
    }

    fn unknown(&mut self, spot: Spot, line: &str) {
        self.report.add(&NOT_UNDERSTOOD, spot, || {
            format!("`{}` is no statement of an edit list", quote(line.trim()))
        });
    }

    fn failed(&mut self, failure: Failure<'_>, number: u32, line: &str) {
        let is_event = line.trim_start().starts_with(|c: char| c.is_ascii_digit());
        let code = if failure.certain {
            &BAD_EVENT
        } else if is_event {
            return self.unknown(Spot::of(number, line, line.trim()), line);
        } else {
            &NOT_UNDERSTOOD
        };
        let spot = Spot::of(number, line, failure.part);
        self.report.add(code, spot, || {
            format!("`{}` is not {}", quote(failure.part), failure.expected)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZERO: &str = "01:00:00:09 01:00:00:09 02:00:00:09 02:00:00:09";
    const TEN: &str = "01:00:00:09 01:00:00:19 02:00:00:09 02:00:00:19";

    /// Lines, notes and codes that a text makes.
    fn check(text: &str, lines: &[usize], notes: &[usize], codes: &[&str]) -> Vec<Vec<u32>> {
        let mut report = Report::new("a.edl");
        let list = list(text, &mut report).unwrap();
        let count = |of: fn(&Event) -> usize| list.events.iter().map(of).collect::<Vec<_>>();
        assert_eq!(count(|event| event.lines.len()), lines, "{text}");
        assert_eq!(count(|event| event.notes.len()), notes, "{text}");
        let findings = report.finish();
        let found: Vec<&str> = findings.iter().map(|f| f.code.id).collect();
        assert_eq!(found, codes, "{text}");
        list.lines
            .iter()
            .map(|line| line.channels.sound().collect())
            .collect()
    }

    #[test]
    fn two_lines_make_a_transition() {
        check(
            &format!("2 R A C {ZERO}\nFCM: DROP FRAME\n2 R A D 010 {TEN}\n* COMMENT: x"),
            &[2],
            &[1],
            &[],
        );
        check(
            &format!("1 R A C {ZERO}\n2 R A D 010 {TEN}"),
            &[2],
            &[0],
            &[],
        );
        check(
            &format!("1 R A C {ZERO}\n* COMMENT: x\n1 R A D 010 {TEN}"),
            &[2],
            &[1],
            &[],
        );
        check(
            &format!("1 R A C {TEN}\n2 R A D 010 {TEN}"),
            &[1, 1],
            &[0, 0],
            &[],
        );
        check(
            &format!("1 R A C {ZERO}\n2 R A2 D 010 {TEN}"),
            &[1, 1],
            &[0, 0],
            &[],
        );
    }

    #[test]
    fn split_lines_share_an_event_until_a_note() {
        check(
            &format!("2 R A C {TEN}\n2 R V C {TEN}\n* x"),
            &[2],
            &[1],
            &[],
        );
        check(
            &format!("2 R A C {TEN}\n* x\n2 R A2 C {TEN}\n* y"),
            &[1, 1],
            &[1, 1],
            &[],
        );
    }

    #[test]
    fn aud_adds_channels() {
        let sound = check(&format!("1 R NONE C {TEN}\nAUD  3  4"), &[1], &[0], &[]);
        assert_eq!(sound, [[3, 4]]);
        let sound = check(
            &format!("1 R NONE C {ZERO}\n1 BL NONE D 002 {TEN}\nAUD 3"),
            &[2],
            &[0],
            &[],
        );
        assert_eq!(sound, [[3], [3]]);
        let sound = check(
            &format!("1 R NONE C {ZERO}\nAUD 3\n1 BL NONE D 002 {TEN}"),
            &[2],
            &[0],
            &[],
        );
        assert_eq!(sound, [[3], [3]]);
        check("AUD 3", &[], &[], &["EDL027"]);
    }

    #[test]
    fn tables_behind_the_events_are_not_theirs() {
        let text = format!(
            "1 R A C {TEN}\n>>> SOURCE R R 060a\n* SOURCE FILE: x\n* Marker Metadata\n* 1  White  N  01:00:00:00  V1  text"
        );
        check(&text, &[1], &[0], &[]);
    }

    #[test]
    fn nothing_is_lost_in_silence() {
        check(
            "hello\n* SOURCE FILE: x\n* remark",
            &[],
            &[],
            &["EDL007", "EDL027"],
        );
        check(&format!("1 R A Q {TEN}"), &[], &[], &["EDL008"]);
        check(
            &format!("SPLIT: AUDIO DELAY= 00:00:01:00\n1 R B C {TEN} x"),
            &[1],
            &[0],
            &["EDL021", "EDL030"],
        );
        check(&"x".repeat(10_000), &[], &[], &["EDL009"]);
    }
}
