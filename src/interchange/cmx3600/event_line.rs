//! An event line: number, reel, channels, transition, source in and out, record in and out.
//!
//! Dialects differ in the width of the columns (reels of 8, 24, 32 or 128 characters, event numbers of
//! three to six digits) and some write reels with blanks. The columns behind the reel have shapes of
//! their own, so they are found from the right and the reel is what remains: every dialect reads
//! the same way.

use nom::branch::alt;
use nom::bytes::complete::{tag, tag_no_case, take_while, take_while1};
use nom::character::complete::{char, digit1, space0, space1};
use nom::combinator::{all_consuming, map, opt, peek, recognize, value};
use nom::sequence::{delimited, preceded, terminated};
use nom::{IResult, Parser as _};

use super::channels::{Channels, channels};
use super::position::{Position, digits, looks_like_timecode, position};
use super::report::{Spot, offset};

/// How an event enters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transition {
    /// At once.
    Cut,
    /// A dissolve or a wipe over so many frames of the record: for sound the same.
    Mix(u32),
    /// Laid over another picture.
    Key,
}

/// One event line, its texts as written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct EventLine<'a> {
    /// Event number.
    pub(super) number: &'a str,
    /// Reel; may be empty and may hold blanks.
    pub(super) reel: &'a str,
    /// Record channels.
    pub(super) channels: Channels,
    /// How it enters.
    pub(super) transition: Transition,
    /// Source in and out.
    pub(super) source: (Position, Position),
    /// Record in and out.
    pub(super) record: (Position, Position),
    /// Counting that the last FCM line before it states: `true` is drop-frame.
    pub(super) fcm: Option<bool>,
    /// Where it stands.
    pub(super) spot: Spot,
}

impl EventLine<'_> {
    /// Whether record in and out are the same.
    pub(super) fn is_empty(&self) -> bool {
        self.record.0.label(1 << 10) == self.record.1.label(1 << 10)
    }

    /// Whether its reel stands for silence.
    pub(super) fn is_silent(&self) -> bool {
        ["BL", "BLK", "BLACK", "MUTE"]
            .iter()
            .any(|name| self.reel.eq_ignore_ascii_case(name))
    }

    /// Whether its reel stands for anything without a tape number.
    pub(super) fn is_aux(&self) -> bool {
        self.reel.is_empty() || self.reel.eq_ignore_ascii_case("AX")
    }
}

/// Why a line that starts like an event is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Failure<'a> {
    /// The piece that does not fit.
    pub(super) part: &'a str,
    /// What it should have been.
    pub(super) expected: &'static str,
    /// Whether the line is an event for certain: it has timecodes in the right place.
    pub(super) certain: bool,
}

/// The columns of an event, and what stands behind the last.
type Columns<'a> = (EventLine<'a>, &'a str);

/// Reads an event line, without its counting and place.
pub(super) fn event_line(line: &str) -> Result<Columns<'_>, Failure<'_>> {
    let vague = |part, expected| Failure {
        part,
        expected,
        certain: false,
    };
    let (after, number) = number(line).map_err(|_| vague(line, "an event number"))?;
    let start = positions_start(after).ok_or_else(|| vague(line, "four timecodes"))?;
    let (middle, tail) = after.split_at(start);
    let certain = tail
        .split_whitespace()
        .next()
        .is_some_and(looks_like_timecode);
    let (trailing, positions) = positions(tail).map_err(|error| {
        let rest = input_of(error);
        Failure {
            part: word_at(tail, offset(tail, rest)),
            expected: if rest.trim().is_empty() {
                "followed by all of source in, source out, record in, record out"
            } else {
                "a timecode"
            },
            certain,
        }
    })?;
    let (reel, channels, transition) =
        columns(middle.trim_end()).map_err(|failure| Failure { certain, ..failure })?;
    let event = EventLine {
        number,
        reel,
        channels,
        transition,
        source: (positions.0, positions.1),
        record: (positions.2, positions.3),
        fcm: None,
        spot: Spot::default(),
    };
    Ok((event, trailing.trim()))
}

/// Where a parser gave up.
fn input_of(error: nom::Err<nom::error::Error<&str>>) -> &str {
    match error {
        nom::Err::Error(error) | nom::Err::Failure(error) => error.input,
        nom::Err::Incomplete(_) => "",
    }
}

/// The word of a text that reaches to or past a byte, else its last word.
fn word_at(text: &str, byte: usize) -> &str {
    let past = |word: &&str| offset(text, word) + word.len() > byte;
    let last = text.split_whitespace().next_back();
    text.split_whitespace().find(past).or(last).unwrap_or(text)
}

fn blank(c: char) -> bool {
    c.is_whitespace()
}

/// Digits, perhaps with a letter behind (`012A`), then a blank.
fn number(line: &str) -> IResult<&str, &str> {
    let digits = recognize((digit1, take_while(|c: char| c.is_ascii_alphabetic())));
    preceded(
        take_while(blank),
        terminated(digits, peek(take_while1(blank))),
    )
    .parse(line)
}

/// Where the four positions start: at the first word that is meant as a timecode, else at the fourth
/// word from the end.
fn positions_start(text: &str) -> Option<usize> {
    let mut words = text.split_whitespace();
    if let Some(first) = words.find(|word| looks_like_timecode(word)) {
        return Some(offset(text, first));
    }
    let fourth = text.split_whitespace().rev().nth(3)?;
    Some(offset(text, fourth))
}

fn positions(text: &str) -> IResult<&str, (Position, Position, Position, Position)> {
    let one = || {
        delimited(
            take_while(blank),
            position,
            peek(alt((take_while1(blank), nom::combinator::eof))),
        )
    };
    (one(), one(), one(), one()).parse(text)
}

/// Reel, channels and transition: the channels start at the last word from which on everything reads
/// as channels and transition.
fn columns(middle: &str) -> Result<(&str, Channels, Transition), Failure<'_>> {
    /// A key with all its numbers has five words from the channels on.
    const WORDS: usize = 6;
    let mut transition_at = None;
    for word in middle.split_whitespace().rev().take(WORDS) {
        let start = offset(middle, word);
        let rest = middle.get(start..).unwrap_or_default();
        let both = terminated(channels, take_while1(blank)).and(transition);
        if let Ok((_, (channels, transition))) = all_consuming(both).parse(rest) {
            let reel = middle.get(..start).unwrap_or_default().trim();
            return Ok((reel, channels, transition));
        }
        if all_consuming(transition).parse(rest).is_ok() {
            transition_at = Some(start);
        }
    }
    let before = transition_at.and_then(|start| middle.get(..start));
    let (part, expected) = match before.and_then(|text| text.split_whitespace().next_back()) {
        Some(channels) => (channels, "channels such as A, A2, AA/V or NONE"),
        None => (
            middle.split_whitespace().next_back().unwrap_or(middle),
            "a transition: C, D or Wnnn with a length, K",
        ),
    };
    Err(Failure {
        part,
        expected,
        certain: false,
    })
}

/// `C`, `D 030`, `W001 030`, and the keys `K`, `K 024`, `K B`, `KB (F) 024`, `KO`.
fn transition(input: &str) -> IResult<&str, Transition> {
    let frames = || preceded(space0, digits(6));
    let cut = (tag_no_case("C"), opt((space1, digit1)));
    let mix = alt((
        preceded(tag_no_case("D"), frames()),
        preceded((tag_no_case("W"), digit1, space1), digits(6)),
    ));
    let key = (
        tag_no_case("K"),
        opt(preceded(space0, alt((tag_no_case("B"), tag_no_case("O"))))),
        opt(preceded(
            space0,
            delimited(char('('), tag_no_case("F"), tag(")")),
        )),
        opt(preceded(space0, digit1)),
        opt(preceded(
            space0,
            delimited(char('('), tag_no_case("F"), tag(")")),
        )),
    );
    alt((
        value(Transition::Cut, cut),
        map(mix, |frames| match frames {
            0 => Transition::Cut,
            frames => Transition::Mix(frames),
        }),
        value(Transition::Key, key),
    ))
    .parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMES: &str = "01:00:04:05 01:00:05:12 00:59:53:11 00:59:54:18";

    fn check(columns: &str, reel: &str, sound: &[u32], transition: Transition) {
        let line = format!("{columns} {TIMES}");
        let (event, rest) = event_line(&line).unwrap_or_else(|f| panic!("{columns}: {f:?}"));
        assert_eq!((event.reel, rest), (reel, ""), "{columns}");
        assert_eq!(
            event.channels.sound().collect::<Vec<_>>(),
            sound,
            "{columns}"
        );
        assert_eq!(event.transition, transition, "{columns}");
        assert_eq!(event.record.1.to_string(), "00:59:54:18");
    }

    #[test]
    fn columns_of_every_dialect() {
        use Transition::{Cut, Key, Mix};
        check("001  ZZ100_50 A     C       ", "ZZ100_50", &[1], Cut);
        check(
            "000001  A056C006_160819_R1BY             AA    C       ",
            "A056C006_160819_R1BY",
            &[1, 2],
            Cut,
        );
        check(
            "000001  MY REEL  01                      A12   C       ",
            "MY REEL  01",
            &[12],
            Cut,
        );
        check("0001 R1 NONE C", "R1", &[], Cut);
        check("002  TST A     D    010", "TST", &[1], Mix(10));
        check("002  BL  AA    W001 025", "BL", &[1, 2], Mix(25));
        check("002  BL  AA    W001    025", "BL", &[1, 2], Mix(25));
        check("002  R1  A D 000", "R1", &[1], Cut);
        check("003  R1  B     K B 024", "R1", &[1], Key);
        check("003  R1  V     KB (F) 024", "R1", &[], Key);
        check("003  R1  V     K    024", "R1", &[], Key);
        check("003  R1  V     KO", "R1", &[], Key);
        check("003           A2    C       ", "", &[2], Cut);
        check("\t003\tR1\tA2\tC\t", "R1", &[2], Cut);
        check("003  REEL V A  C", "REEL V", &[1], Cut);
    }

    #[test]
    fn frame_counts_and_feet() {
        let (event, _) = event_line("001  R1 A C 86501 86533 100 132").unwrap();
        assert_eq!(event.record, (Position::Frames(100), Position::Frames(132)));
        let (event, rest) = event_line("001  R1 A C 1+00 3+00 0+00 2+00  ").unwrap();
        assert_eq!((event.record.1, rest), (Position::Feet(32), ""));
    }

    #[test]
    fn text_behind_is_handed_on() {
        let line = format!("001  R1 A C {TIMES} // note");
        assert_eq!(event_line(&line).unwrap().1, "// note");
    }

    fn refuse(line: &str, part: &str, certain: bool) {
        let failure = event_line(line).unwrap_err();
        assert_eq!((failure.part, failure.certain), (part, certain), "{line}");
    }

    #[test]
    fn failures_point_at_the_column() {
        refuse(
            "001  R1 A C 01:00:04:05 01:00:75:12 00:59:53:11 00:59:54:18",
            "01:00:75:12",
            true,
        );
        refuse(
            "001  R1 QQ C 01:00:04:05 01:00:05:12 00:59:53:11 00:59:54:18",
            "QQ",
            true,
        );
        refuse(
            "001  R1 A X 01:00:04:05 01:00:05:12 00:59:53:11 00:59:54:18",
            "X",
            true,
        );
        refuse(
            "001  R1 A D 01:00:04:05 01:00:05:12 00:59:53:11 00:59:54:18",
            "D",
            true,
        );
        refuse("2013 all rights reserved by nobody", "rights", false);
        refuse("001", "001", false);
    }
}
