//! The numbers that events stand at: timecode, frame counts, feet and frames.

use std::fmt;

use nom::branch::alt;
use nom::bytes::complete::take_while_m_n;
use nom::character::complete::{char, one_of};
use nom::combinator::{map, map_opt, verify};
use nom::sequence::separated_pair;
use nom::{IResult, Parser as _};

use crate::time::{FeetFrames, FrameRate, Timecode};

/// A position as an event writes it: the name of a frame, not yet at a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    /// `hh:mm:ss:ff`, with whether one of its marks (`;` or `,`) says drop-frame.
    Timecode {
        /// 0 to 99; lists that pass midnight may count on.
        hours: u8,
        /// 0 to 59.
        minutes: u8,
        /// 0 to 59.
        seconds: u8,
        /// Not bounded before the rate is known.
        frames: u16,
        /// Marked as drop-frame.
        drop: bool,
    },
    /// A decimal count of frames since midnight.
    Frames(u32),
    /// Feet and frames of 35 mm film, as a count of frames.
    Feet(u32),
}

impl Position {
    /// The frame field of a timecode.
    pub(super) fn frame_field(self) -> Option<u16> {
        match self {
            Self::Timecode { frames, .. } => Some(frames),
            Self::Frames(_) | Self::Feet(_) => None,
        }
    }

    /// Whether it is a timecode with (`true`) or without a drop-frame mark.
    pub(super) fn mark(self) -> Option<bool> {
        match self {
            Self::Timecode { drop, .. } => Some(drop),
            Self::Frames(_) | Self::Feet(_) => None,
        }
    }

    /// Whether it is the zero of its kind.
    pub(super) fn is_zero(self) -> bool {
        self.label(1) == 0
    }

    /// The number of the frame when `per_second` numbers are counted each second and none dropped.
    pub(super) fn label(self, per_second: i64) -> i64 {
        match self {
            Self::Timecode {
                hours,
                minutes,
                seconds,
                frames,
                ..
            } => {
                let minutes = i64::from(hours) * 60 + i64::from(minutes);
                (minutes * 60 + i64::from(seconds)) * per_second + i64::from(frames)
            }
            Self::Frames(count) | Self::Feet(count) => i64::from(count),
        }
    }

    /// The frame since midnight at a rate; `None` for a frame number that the rate does not have.
    /// Hours past 23 count on.
    pub(super) fn frame(self, rate: FrameRate) -> Option<i64> {
        match self {
            Self::Timecode {
                hours,
                minutes,
                seconds,
                frames,
                ..
            } => {
                let fields = (
                    u32::from(hours % 24),
                    u32::from(minutes),
                    u32::from(seconds),
                    u32::from(frames),
                );
                let frame = Timecode::from_fields(fields, rate).ok()?.frame();
                Some(frame + i64::from(hours / 24) * rate.frames_per_day())
            }
            Self::Frames(count) | Self::Feet(count) => Some(i64::from(count)),
        }
    }

    /// Whether drop-frame counting at `rate` skips this number.
    pub(super) fn is_skipped(self, rate: FrameRate) -> bool {
        matches!(self, Self::Timecode { minutes, seconds: 0, frames, .. }
            if minutes % 10 != 0 && u32::from(frames) < rate.dropped_per_minute())
    }
}

impl fmt::Display for Position {
    /// As an event writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Timecode {
                hours,
                minutes,
                seconds,
                frames,
                drop,
            } => {
                let mark = if drop { ';' } else { ':' };
                write!(f, "{hours:02}:{minutes:02}:{seconds:02}{mark}{frames:02}")
            }
            Self::Frames(count) => write!(f, "{count}"),
            Self::Feet(count) => FeetFrames::from_frame(i64::from(count)).fmt(f),
        }
    }
}

/// A position at the start of the input.
pub(super) fn position(input: &str) -> IResult<&str, Position> {
    alt((timecode, feet, map(digits(9), Position::Frames))).parse(input)
}

/// A timecode at the start of the input: one or two digits a field, up to three of frames.
pub(super) fn timecode(input: &str) -> IResult<&str, Position> {
    let sixty = || verify(digits(2), |n| *n < 60);
    let mark = || one_of(":;.,");
    let fields = (
        (digits(2), mark(), sixty()),
        (mark(), sixty()),
        (mark(), digits(3)),
    );
    map_opt(
        fields,
        |((hours, a, minutes), (b, seconds), (c, frames))| {
            Some(Position::Timecode {
                hours: u8::try_from(hours).ok()?,
                minutes: u8::try_from(minutes).ok()?,
                seconds: u8::try_from(seconds).ok()?,
                frames: u16::try_from(frames).ok()?,
                drop: [a, b, c].iter().any(|mark| matches!(mark, ';' | ',')),
            })
        },
    )
    .parse(input)
}

/// Feet and frames: fewer than 16 frames a foot.
fn feet(input: &str) -> IResult<&str, Position> {
    let per_foot = FeetFrames::FRAMES_PER_FOOT as u32;
    let frames = verify(digits(2), move |n| *n < per_foot);
    map(
        separated_pair(digits(7), char('+'), frames),
        move |(feet, frames)| Position::Feet(feet * per_foot + frames),
    )
    .parse(input)
}

/// One to `most` decimal digits, at most nine.
pub(super) fn digits<'a>(
    most: usize,
) -> impl nom::Parser<&'a str, Output = u32, Error = nom::error::Error<&'a str>> {
    map_opt(
        take_while_m_n(1, most, |c: char| c.is_ascii_digit()),
        |text: &str| text.parse().ok(),
    )
}

/// Whether a word is meant as a timecode, be it a valid one or not.
pub(super) fn looks_like_timecode(word: &str) -> bool {
    let mut marks = 0;
    let mut colon = false;
    for c in word.chars() {
        match c {
            '0'..='9' => {}
            ':' | ';' => {
                colon = true;
                marks += 1;
            }
            '.' | ',' => marks += 1,
            _ => return false,
        }
    }
    colon && marks == 3 && word.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, rate: FrameRate, frame: i64) {
        let (rest, position) = position(text).unwrap();
        assert_eq!((rest, position.frame(rate)), ("", Some(frame)), "{text}");
    }

    #[test]
    fn every_way_of_counting() {
        check("01:00:00:00", FrameRate::F24, 86_400);
        check("1:00:00:00", FrameRate::F24, 86_400);
        check("01:00:00;00", FrameRate::F29_97_DF, 107_892);
        check("24:00:00:01", FrameRate::F25, 2_160_001);
        check("86501", FrameRate::F24, 86_501);
        check("90+08", FrameRate::F24, 1448);
    }

    #[test]
    fn marks_are_remembered() {
        for (text, drop) in [
            ("01:00:00;00", true),
            ("01;00;00;00", true),
            ("01:00:00,00", true),
            ("01:00:00.00", false),
        ] {
            let (_, position) = position(text).unwrap();
            assert_eq!(position.mark(), Some(drop), "{text}");
        }
        assert!(
            position("00:01:00;01")
                .unwrap()
                .1
                .is_skipped(FrameRate::F29_97_DF)
        );
        assert!(
            !position("00:10:00;01")
                .unwrap()
                .1
                .is_skipped(FrameRate::F29_97_DF)
        );
    }

    #[test]
    fn frames_beyond_the_rate_have_no_place() {
        assert_eq!(
            position("00:00:00:24").unwrap().1.frame(FrameRate::F24),
            None
        );
    }

    #[test]
    fn what_is_meant_as_timecode() {
        assert!(looks_like_timecode("01:75:00:00"));
        assert!(!looks_like_timecode("10.0.0.1"));
        assert!(!looks_like_timecode("A1:00:00:00"));
    }
}
