//! Lines into statements: one parser call a line, so that a place is a line and a column.

use nom::branch::alt;
use nom::bytes::complete::{tag_no_case, take};
use nom::character::complete::{char, satisfy, space0};
use nom::combinator::{map, map_opt, not, opt, peek, value};
use nom::{IResult, Parser as _};

use super::channels::{Channels, aud};
use super::event_line::{EventLine, Failure, event_line};
use super::markers::{Locator, locator, resolve_marker};
use super::notes::{self, Note, Side};

/// Most bytes of a statement; no list has longer lines.
const LONGEST: usize = 8 << 10;

/// What a line says.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Statement<'a> {
    /// Nothing, or something that does not touch sound.
    Ignored,
    /// `TITLE:`.
    Title(&'a str),
    /// `FCM:`; `true` is drop-frame.
    Counting(bool),
    /// An event and what stands behind its columns.
    Event(EventLine<'a>, &'a str),
    /// `AUD`: more channels of the event above.
    Channels(Channels),
    /// `SPLIT:`.
    Split(&'a str),
    /// `FINAL CUT PRO REEL: full REPLACED BY: short`.
    ReelName {
        /// As the events write it.
        short: &'a str,
        /// As the material is named.
        full: &'a str,
    },
    /// `>>> SOURCE`: the table of sources behind the last event.
    SourceTable,
    /// The heading of Avid's table of markers.
    MarkerTable,
    /// A marker.
    Marker(Locator<'a>),
    /// A note to the event above.
    Note(Note<'a>),
    /// A known statement whose value cannot be read, or an event that is none.
    Failed(Failure<'a>),
    /// Nothing known.
    Unknown,
    /// Longer than any statement.
    TooLong,
}

/// What stands under a label.
#[derive(Debug, Clone, Copy)]
enum Label {
    Ignored,
    Name(Side),
    Path(Side),
    File,
    Reel,
    Patch,
    Level,
    Marker,
    MarkerTable,
    Effect,
    Repair,
    Comment,
    Title,
    Counting,
    Channels,
    Speed,
    Split,
    ReelName,
    SourceTable,
}

/// How a label is told from the words of a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Colon {
    /// The colon is a must.
    Must,
    /// The label is enough.
    May,
}

/// Labels that stand behind a star; systems that forget the star exist. Longer ones first.
const STARRED: &[(&str, Colon, Label)] = &[
    ("FROM CLIP NAME", Colon::May, Label::Name(Side::From)),
    ("FROM CLIP IS", Colon::May, Label::Ignored),
    ("FROM CLIP", Colon::Must, Label::Path(Side::From)),
    ("FROM FILE", Colon::Must, Label::Path(Side::From)),
    ("TO CLIP NAME", Colon::May, Label::Name(Side::To)),
    ("TO CLIP IS", Colon::May, Label::Ignored),
    ("TO CLIP", Colon::Must, Label::Path(Side::To)),
    ("TO FILE", Colon::Must, Label::Path(Side::To)),
    ("KEY CLIP NAME", Colon::May, Label::Ignored),
    ("KEY CLIP IS", Colon::May, Label::Ignored),
    ("CLIP NAME", Colon::Must, Label::Name(Side::From)),
    ("SOURCE FILE", Colon::Must, Label::File),
    ("REEL NAME", Colon::May, Label::Reel),
    ("REEL", Colon::May, Label::Reel),
    ("PATCH", Colon::May, Label::Patch),
    ("AUDIO LEVEL AT", Colon::May, Label::Level),
    ("LOC", Colon::Must, Label::Marker),
    ("MARKER METADATA", Colon::May, Label::MarkerTable),
    ("EFFECTS NAME IS", Colon::May, Label::Effect),
    ("EFFECT NAME", Colon::May, Label::Effect),
    ("REPAIR", Colon::Must, Label::Repair),
    ("COMMENT", Colon::Must, Label::Comment),
    ("ASC_SOP", Colon::May, Label::Ignored),
    ("ASC_SAT", Colon::May, Label::Ignored),
    ("FRMC", Colon::May, Label::Ignored),
    ("BLEND,", Colon::May, Label::Ignored),
    ("DESCRIPT", Colon::Must, Label::Ignored),
    ("FREEZE FRAME", Colon::May, Label::Ignored),
    ("IN BITC", Colon::May, Label::Ignored),
    ("OUT BITC", Colon::May, Label::Ignored),
    ("AVX", Colon::May, Label::Ignored),
];

/// Labels at the start of a line.
const PLAIN: &[(&str, Colon, Label)] = &[
    ("TITLE", Colon::Must, Label::Title),
    ("FCM", Colon::Must, Label::Counting),
    ("AUD", Colon::May, Label::Channels),
    ("M2", Colon::May, Label::Speed),
    ("SPLIT", Colon::Must, Label::Split),
    ("FINAL CUT PRO REEL", Colon::Must, Label::ReelName),
    (">>> SOURCE", Colon::May, Label::SourceTable),
    (">>>", Colon::May, Label::Ignored),
    ("REM", Colon::May, Label::Ignored),
    ("GPI", Colon::May, Label::Ignored),
    ("DLEDL", Colon::May, Label::Ignored),
    ("MASTER", Colon::Must, Label::Ignored),
];

/// What a line says; the line comes without its end.
pub(super) fn statement(line: &str) -> Statement<'_> {
    if line.len() > LONGEST {
        return Statement::TooLong;
    }
    let text = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{1a}' || c == '\u{feff}');
    let Some(first) = text.chars().next() else {
        return Statement::Ignored;
    };
    if let Some(marker) = resolve_marker(text) {
        return Statement::Marker(marker);
    }
    match first {
        '*' => starred(text.trim_start_matches(['*', ' ', '\t'])),
        '0'..='9' => event(text),
        _ => labelled(text, PLAIN)
            .or_else(|| labelled(text, STARRED))
            .unwrap_or(Statement::Unknown),
    }
}

fn event(text: &str) -> Statement<'_> {
    match event_line(text) {
        Ok((event, behind)) => Statement::Event(event, behind),
        Err(failure) => Statement::Failed(failure),
    }
}

/// A line behind its star: a known note, a level, or a comment.
fn starred(text: &str) -> Statement<'_> {
    if let Some(known) = labelled(text, STARRED) {
        return known;
    }
    match notes::volume(text) {
        Ok((_, volume)) => Statement::Note(Note::Volume(volume)),
        Err(_) => comment(text),
    }
}

/// A comment; rules drawn of dashes say nothing.
fn comment(text: &str) -> Statement<'_> {
    if text.contains(char::is_alphanumeric) {
        Statement::Note(Note::Comment(text))
    } else {
        Statement::Ignored
    }
}

fn labelled<'a>(text: &'a str, table: &[(&str, Colon, Label)]) -> Option<Statement<'a>> {
    let first = text.as_bytes().first()?.to_ascii_uppercase();
    let of_letter = table
        .iter()
        .filter(|(label, ..)| label.as_bytes().first() == Some(&first));
    for (label, colon, meaning) in of_letter {
        if let Ok((value, found)) = self::label(label, text)
            && (found || *colon == Colon::May)
        {
            return Some(meant(*meaning, value.trim_start(), text));
        }
    }
    None
}

/// A label and whether a colon follows it.
fn label<'a>(label: &str, text: &'a str) -> IResult<&'a str, bool> {
    // Cheaper than a parser that folds every letter of Unicode: labels are ASCII.
    let word = |word: &&str| word.eq_ignore_ascii_case(label);
    let (rest, _) = map_opt(take(label.len()), |text| Some(text).filter(word)).parse(text)?;
    let goes_on = label.ends_with(|c: char| !c.is_alphanumeric()) || label == "AVX";
    let whole = peek(not(satisfy(char::is_alphanumeric)));
    let (rest, ()) = if goes_on {
        (rest, ())
    } else {
        { whole }.parse(rest)?
    };
    map(opt((space0, char(':'))), |colon| colon.is_some()).parse(rest)
}

/// The statement that a label and its value make.
fn meant<'a>(label: Label, value: &'a str, line: &'a str) -> Statement<'a> {
    let failed = |expected| {
        Statement::Failed(Failure {
            part: line,
            expected,
            certain: false,
        })
    };
    let note = |note: Option<Note<'a>>, expected| note.map_or(failed(expected), Statement::Note);
    match label {
        Label::Ignored => Statement::Ignored,
        Label::Name(side) => Statement::Note(Note::Name(side, value)),
        Label::Path(side) => Statement::Note(Note::Path(side, value)),
        Label::File if value.eq_ignore_ascii_case("(NULL)") => Statement::Note(Note::File("")),
        Label::File => Statement::Note(Note::File(value)),
        Label::Reel => Statement::Note(Note::Reel(value)),
        Label::Effect => Statement::Note(Note::Effect(value)),
        Label::Repair => Statement::Note(Note::Repair(value)),
        Label::Comment => comment(value),
        Label::Patch => note(
            notes::patch(value).map(Note::Patch),
            "PATCH reel: FROM SOURCE n TO RECORD m",
        ),
        Label::Level => note(
            notes::level(value).map(Note::Level),
            "AUDIO LEVEL AT timecode IS n DB (REEL r An)",
        ),
        Label::Speed => note(
            notes::speed(value).map(Note::Speed),
            "M2 reel speed timecode",
        ),
        Label::Marker => {
            locator(value).map_or(failed("LOC: timecode colour text"), Statement::Marker)
        }
        Label::MarkerTable => Statement::MarkerTable,
        Label::Title => Statement::Title(value),
        Label::Counting => counting(value).unwrap_or(failed("DROP FRAME or NON-DROP FRAME")),
        Label::Channels => match aud(value) {
            Ok((_, channels)) => Statement::Channels(channels),
            // The channels of an event are at stake: as grave as an event that cannot be read.
            Err(_) => Statement::Failed(Failure {
                part: line,
                expected: "AUD and channel numbers from 1 to 128",
                certain: true,
            }),
        },
        Label::Split => Statement::Split(value),
        Label::ReelName => reel_name(value),
        Label::SourceTable => Statement::SourceTable,
    }
}

/// `DROP FRAME`, `NON-DROP FRAME`, and whatever some systems write behind.
fn counting<'a>(text: &str) -> Option<Statement<'a>> {
    let mut counting = alt((
        value(false, alt((tag_no_case("NON"), tag_no_case("NDF")))),
        value(true, alt((tag_no_case("DROP"), tag_no_case("DF")))),
    ));
    let parsed: IResult<&str, bool> = counting.parse(text);
    parsed.ok().map(|(_, drop)| Statement::Counting(drop))
}

fn reel_name(value: &str) -> Statement<'_> {
    let upper = value.to_ascii_uppercase();
    let parts = upper
        .find("REPLACED BY:")
        .and_then(|at| Some((value.get(..at)?.trim(), value.get(at + 12..)?.trim())));
    match parts {
        Some((full, short)) => Statement::ReelName { short, full },
        None => Statement::Ignored,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(line: &str, expected: Note<'_>) {
        assert_eq!(statement(line), Statement::Note(expected), "{line}");
    }

    #[test]
    fn names_in_every_spelling() {
        let name = Note::Name(Side::From, "clip A");
        note("* FROM CLIP NAME:  clip A", name);
        note("*FROM CLIP NAME: clip A ", name);
        note("FROM CLIP NAME: clip A", name);
        note("* from clip name clip A", name);
        note("* FROM CLIP NAME : clip A", name);
        note("* TO CLIP NAME: clip A", Note::Name(Side::To, "clip A"));
        note(
            "* FROM CLIP: S:\\a\\b.wav",
            Note::Path(Side::From, "S:\\a\\b.wav"),
        );
        note("* TO FILE: /a/b.wav", Note::Path(Side::To, "/a/b.wav"));
        note("* SOURCE FILE: (NULL)", Note::File(""));
        note("*SOURCE FILE: a.wav", Note::File("a.wav"));
        note("* REEL: A001", Note::Reel("A001"));
        note(
            "* EFFECT NAME: CROSS DISSOLVE",
            Note::Effect("CROSS DISSOLVE"),
        );
        note(
            "EFFECTS NAME IS Constant Power",
            Note::Effect("Constant Power"),
        );
        note("* COMMENT: wild", Note::Comment("wild"));
        note("* from clip to clip", Note::Comment("from clip to clip"));
        note("* REELS are fun", Note::Comment("REELS are fun"));
    }

    #[test]
    fn counting_with_anything_behind() {
        for (line, drop) in [
            ("FCM: DROP FRAME", true),
            ("FCM: NON-DROP FRAME", false),
            ("FCM: NON DROP FRAME", false),
            ("FCM: NON-DROP FRAME   /Volumes/a/b.wav", false),
            ("fcm:drop frame", true),
        ] {
            assert_eq!(statement(line), Statement::Counting(drop), "{line}");
        }
        assert!(matches!(statement("FCM: SOMETIMES"), Statement::Failed(_)));
    }

    #[test]
    fn known_and_ignored() {
        for line in [
            "",
            "\u{1a}",
            "*",
            "* ------",
            "REM The licence",
            "REM",
            "*ASC_SOP (0.1 0.2 0.3) (1 2 3) (1 0 1)",
            "* ASC_SAT: 0.9",
            "* BLEND, DISSOLVE ",
            "* * FREEZE FRAME",
            "** FREEZE FRAME",
            "*Descript: ",
            "*AVX2 EFFECT, RESIZE",
            "* FROM CLIP IS A STILL",
            "GPI 1",
        ] {
            assert_eq!(statement(line), Statement::Ignored, "{line}");
        }
    }

    #[test]
    fn the_unknown_is_said() {
        assert_eq!(statement("hello"), Statement::Unknown);
        assert_eq!(statement("REMEMBER"), Statement::Unknown);
        assert_eq!(statement(&"x".repeat(9000)), Statement::TooLong);
        assert!(matches!(statement("AUD x"), Statement::Failed(_)));
        assert!(matches!(
            statement("* PATCH nobody knows"),
            Statement::Failed(_)
        ));
        assert!(matches!(statement("* LOC: nowhere"), Statement::Failed(_)));
    }

    #[test]
    fn reels_of_final_cut() {
        let line = "FINAL CUT PRO REEL: A001_C002 REPLACED BY: A001C002";
        let (short, full) = ("A001C002", "A001_C002");
        assert_eq!(statement(line), Statement::ReelName { short, full });
    }
}
