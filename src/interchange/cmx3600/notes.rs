//! What the lines under an event say about it.

use nom::branch::alt;
use nom::bytes::complete::{tag_no_case, take_while1};
use nom::character::complete::{char, one_of, space0, space1};
use nom::combinator::{all_consuming, map, map_opt, opt, recognize, rest};
use nom::sequence::{delimited, preceded, terminated};
use nom::{IResult, Parser as _};

use super::position::{Position, digits, looks_like_timecode, position};
use crate::audio::Decibels;
use crate::time::Rational;

/// Which side of a transition a note speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The outgoing clip; the only one of a cut.
    From,
    /// The incoming clip of a transition.
    To,
}

/// A note that belongs to the event above it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Note<'a> {
    /// `FROM CLIP NAME`, `TO CLIP NAME`.
    Name(Side, &'a str),
    /// `SOURCE FILE`; empty where the list writes `(NULL)`.
    File(&'a str),
    /// `FROM CLIP`, `FROM FILE`, `TO CLIP`, `TO FILE`: a path.
    Path(Side, &'a str),
    /// `REEL`, `REEL NAME`: the reel untruncated.
    Reel(&'a str),
    /// `PATCH r: FROM SOURCE n TO RECORD m`.
    Patch(Patch<'a>),
    /// `AUDIO LEVEL AT tc IS x DB (REEL r An)`.
    Level(Level<'a>),
    /// `A10 VOL = +6.0 DB PAN L100`.
    Volume(Volume<'a>),
    /// `M2 reel speed tc`.
    Speed(Speed<'a>),
    /// `EFFECTS NAME IS`, `EFFECT NAME:`.
    Effect(&'a str),
    /// `REPAIR:`.
    Repair(&'a str),
    /// Anything else behind a star.
    Comment(&'a str),
}

/// Which source channel feeds a record channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Patch<'a> {
    /// Reel; real lists name another one than the event now and then.
    pub(super) reel: &'a str,
    /// Channel of the recording, from 1.
    pub(super) source: u32,
    /// Channel of the event, from 1.
    pub(super) record: u32,
}

/// A point of a gain curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Level<'a> {
    /// Record timecode.
    pub(super) at: Position,
    /// Gain there.
    pub(super) gain: Decibels,
    /// Reel that it speaks of, where named.
    pub(super) reel: Option<&'a str>,
    /// Channel that it speaks of, where named.
    pub(super) channel: Option<u32>,
}

/// A constant gain on a channel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Volume<'a> {
    /// Record channel from 1.
    pub(super) channel: u32,
    /// Gain.
    pub(super) gain: Decibels,
    /// Where the channel is panned, unless to the middle.
    pub(super) pan: Option<&'a str>,
}

/// A speed change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Speed<'a> {
    /// Reel, perhaps truncated otherwise than the event's.
    pub(super) reel: &'a str,
    /// Frames per second: negative backwards, 0 a freeze.
    pub(super) fps: Rational,
    /// Source in.
    pub(super) at: Option<Position>,
}

/// `SR005:  FROM SOURCE 1 TO RECORD 2`, as it stands behind PATCH.
pub(super) fn patch(input: &str) -> Option<Patch<'_>> {
    let upper = input.to_ascii_uppercase();
    let at = upper.rfind("FROM SOURCE")?;
    let (reel, numbers) = input.split_at_checked(at)?;
    let channel = || preceded(opt(one_of("aA")), digits(3));
    let parser = (
        preceded((tag_no_case("FROM SOURCE"), space1), channel()),
        preceded((space1, tag_no_case("TO RECORD"), space1), channel()),
        space0,
    );
    let (_, (source, record, _)) = all_consuming(parser).parse(numbers).ok()?;
    let reel = reel.trim().trim_end_matches(':').trim_end();
    (source > 0 && record > 0).then_some(Patch {
        reel,
        source,
        record,
    })
}

/// `01:00:00:00 IS -3.50 DB  (REEL AX A1)`, as it stands behind AUDIO LEVEL AT.
pub(super) fn level(input: &str) -> Option<Level<'_>> {
    let of = delimited(
        (space0, char('('), space0, tag_no_case("REEL"), space0),
        take_while1(|c: char| c != ')'),
        (char(')'), space0),
    );
    let parser = (
        terminated(position, (space1, tag_no_case("IS"), space1)),
        terminated(decibels, space0),
        opt(of),
    );
    let (_, (at, gain, of)) = all_consuming(parser).parse(input).ok()?;
    let (reel, channel) = of.map_or((None, None), reel_and_channel);
    Some(Level {
        at,
        gain,
        reel,
        channel,
    })
}

/// `AX       A1`: the last word is the channel if it looks like one.
fn reel_and_channel(text: &str) -> (Option<&str>, Option<u32>) {
    let text = text.trim();
    let last = text.split_whitespace().next_back().unwrap_or_default();
    let number = all_consuming(preceded(one_of("aA"), digits(3)));
    match { number }.parse(last) {
        Ok((_, channel)) => {
            let reel = text.strip_suffix(last).unwrap_or_default().trim();
            (Some(reel).filter(|reel| !reel.is_empty()), Some(channel))
        }
        Err(_) => (Some(text).filter(|reel| !reel.is_empty()), None),
    }
}

/// `-3.50 DB`, `+6.0DB`, `-INF DB`.
fn decibels(input: &str) -> IResult<&str, Decibels> {
    let number = recognize((
        opt(one_of("+-")),
        take_while1(|c: char| c.is_ascii_digit() || c == '.'),
    ));
    let finite = map_opt(number, |text: &str| text.parse().ok());
    let infinite = (opt(char('-')), alt((tag_no_case("INF"), tag_no_case("∞"))));
    let value = alt((finite, map(infinite, |_| f64::NEG_INFINITY)));
    map(
        terminated(value, (space0, tag_no_case("DB"))),
        Decibels::new,
    )
    .parse(input)
}

/// `A10 VOL =  +6.0 DB  PAN L100`.
pub(super) fn volume(input: &str) -> IResult<&str, Volume<'_>> {
    let channel = preceded(one_of("aA"), digits(3));
    let equals = (space1, tag_no_case("VOL"), space0, opt(char('=')), space0);
    let pan = preceded(
        (space1, tag_no_case("PAN"), space0, opt(char('=')), space0),
        rest,
    );
    let parser = (terminated(channel, equals), decibels, opt(pan), space0);
    map(all_consuming(parser), |(channel, gain, pan, _)| Volume {
        channel,
        gain,
        pan: pan.map(str::trim).filter(|pan| !is_middle(pan)),
    })
    .parse(input)
}

fn is_middle(pan: &str) -> bool {
    ["MID", "C", "CENTER", "CENTRE", "0", "M", ""]
        .iter()
        .any(|middle| pan.eq_ignore_ascii_case(middle))
}

/// `REEL       047.6       01:00:06:00`, as it stands behind M2; the reel may hold blanks or be absent,
/// the source in may be a count or absent.
pub(super) fn speed(input: &str) -> Option<Speed<'_>> {
    let text = input.trim();
    let last = text.split_whitespace().next_back()?;
    let before = text.strip_suffix(last)?.trim_end();
    let number = before.split_whitespace().next_back().unwrap_or_default();
    // Only a speed has a decimal point, so what follows one is a count of frames.
    let (number, before, at) = if looks_like_timecode(last) || number.contains('.') {
        let (_, at) = all_consuming(position).parse(last).ok()?;
        (number, before.strip_suffix(number)?, Some(at))
    } else {
        (last, before, None)
    };
    Some(Speed {
        reel: before.trim(),
        fps: decimal(number)?,
        at,
    })
}

/// A decimal number of at most six digits on either side of the point, exactly.
fn decimal(text: &str) -> Option<Rational> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let fine = |text: &str| text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !fine(whole) || !fine(part) {
        return None;
    }
    let scale = 10_i64.pow(part.len() as u32);
    let part: i64 = if part.is_empty() {
        0
    } else {
        part.parse().ok()?
    };
    let value = whole.parse::<i64>().ok()? * scale + part;
    Rational::new(if negative { -value } else { value }, scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patches() {
        let read = patch("SR005:  FROM SOURCE 1 TO RECORD 2").unwrap();
        assert_eq!((read.reel, read.source, read.record), ("SR005", 1, 2));
        assert_eq!(
            patch("A:B 2: FROM SOURCE A3 TO RECORD A12").unwrap().reel,
            "A:B 2"
        );
        for bad in [
            "X: FROM SOURCE 0 TO RECORD 2",
            "X: FROM SOURCE 1",
            "FROM SOURCE 1 TO RECORD x",
        ] {
            assert_eq!(patch(bad), None, "{bad}");
        }
    }

    #[test]
    fn levels() {
        let read = level("01:00:00:00 IS -3.50 DB  (REEL AX       A1)").unwrap();
        assert_eq!(read.gain, Decibels::new(-3.5));
        assert_eq!((read.reel, read.channel), (Some("AX"), Some(1)));
        let read = level("01:00:00:00 IS -INF DB").unwrap();
        assert_eq!(read.gain, Decibels::new(f64::NEG_INFINITY));
        assert_eq!((read.reel, read.channel), (None, None));
        assert_eq!(
            level("01:00:00:00 IS +2.0DB (REEL MY REEL)").unwrap().reel,
            Some("MY REEL")
        );
        assert_eq!(level("01:00:00:00 IS 1.2.3 DB"), None);
        assert_eq!(level("here IS -3 DB"), None);
    }

    #[test]
    fn volumes() {
        let (_, read) = volume("A10 VOL =  +6.0 DB  PAN L100 ").unwrap();
        assert_eq!((read.channel, read.pan), (10, Some("L100")));
        assert_eq!(volume("A1 VOL = -3 DB PAN MID").unwrap().1.pan, None);
        assert!(volume("A1 VOLUME").is_err());
    }

    #[test]
    fn speeds() {
        let check = |text, reel, num, den, timed: bool| {
            let read = speed(text).unwrap();
            assert_eq!(read.reel, reel, "{text}");
            assert_eq!(read.fps, Rational::new(num, den).unwrap(), "{text}");
            assert_eq!(read.at.is_some(), timed, "{text}");
        };
        check(
            "AX       -25.0                      00:00:00:00 ",
            "AX",
            -25,
            1,
            true,
        );
        check(
            "  B_0088C002       031.7   13:48:57:10",
            "B_0088C002",
            317,
            10,
            true,
        );
        check("MY REEL 000.0", "MY REEL", 0, 1, false);
        check("001 024.0", "001", 24, 1, false);
        check("001 024.0 86400", "001", 24, 1, true);
        check("001 24", "001", 24, 1, false);
        check("-5.6 ", "", -28, 5, false);
        assert_eq!(speed("AX fast 00:00:00:00"), None);
        assert_eq!(speed(""), None);
        assert_eq!(speed("1234567890123.0"), None);
    }
}
