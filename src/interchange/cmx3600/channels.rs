//! Which channels of the record tape an event cuts.

use nom::branch::alt;
use nom::bytes::complete::{tag, tag_no_case};
use nom::character::complete::{char, digit0, one_of, space0, space1};
use nom::combinator::{all_consuming, map, map_opt, not, opt, value};
use nom::multi::{fold_many1, separated_list1};
use nom::sequence::{preceded, terminated};
use nom::{IResult, Parser as _};

use super::position::digits;

/// A picture channel and any of 128 sound channels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Channels {
    /// Whether the picture is cut.
    pub(super) picture: bool,
    /// Bit n − 1 is sound channel n.
    sound: u128,
}

impl Channels {
    /// Largest sound channel; no system has more in an edit list.
    pub(super) const MOST: u32 = 128;

    /// The picture alone.
    const PICTURE: Self = Self {
        picture: true,
        sound: 0,
    };

    /// One sound channel from 1; `None` out of range.
    pub(super) fn one(channel: u32) -> Option<Self> {
        (1..=Self::MOST).contains(&channel).then(|| Self {
            picture: false,
            sound: 1 << (channel - 1),
        })
    }

    /// The channels of either.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            picture: self.picture || other.picture,
            sound: self.sound | other.sound,
        }
    }

    /// The sound channels, ascending.
    pub(super) fn sound(self) -> impl Iterator<Item = u32> {
        (1..=Self::MOST).filter(move |channel| self.has(*channel))
    }

    /// Whether any sound is cut.
    pub(super) fn has_sound(self) -> bool {
        self.sound != 0
    }

    /// Whether this sound channel is cut.
    pub(super) fn has(self, channel: u32) -> bool {
        Self::one(channel).is_some_and(|one| self.shares(one))
    }

    /// Whether both cut a common sound channel.
    pub(super) fn shares(self, other: Self) -> bool {
        self.sound & other.sound != 0
    }

    /// Channels 1 and 2.
    fn pair() -> Self {
        Self {
            picture: false,
            sound: 0b11,
        }
    }
}

/// A channel column: `A`, `A12`, `AA`, `B` (picture and channel 1), `V`, `VA2`, `AA/V`, `NONE`.
pub(super) fn channels(input: &str) -> IResult<&str, Channels> {
    alt((
        value(Channels::default(), tag_no_case("NONE")),
        fold_many1(
            terminated(unit, opt(one_of("/,+&"))),
            Channels::default,
            Channels::and,
        ),
    ))
    .parse(input)
}

fn unit(input: &str) -> IResult<&str, Channels> {
    let bare = |name| terminated(tag_no_case(name), not(one_of("0123456789")));
    let numbered = preceded(tag_no_case("A"), digits(3));
    alt((
        map(bare("AA"), |_| Channels::pair()),
        map_opt(numbered, Channels::one),
        map_opt(bare("A"), |_| Channels::one(1)),
        map(bare("B"), |_| Channels {
            picture: true,
            sound: 1,
        }),
        value(Channels::PICTURE, (tag_no_case("V"), digit0)),
    ))
    .parse(input)
}

/// The body of an AUD line: channel numbers, apart by blanks or commas, each perhaps with an `A`.
pub(super) fn aud(input: &str) -> IResult<&str, Channels> {
    let separator = alt((value((), (space0, tag(","), space0)), value((), space1)));
    let channel = map_opt(preceded(opt(one_of("aA")), digits(3)), Channels::one);
    let list = map(separated_list1(separator, channel), |list| {
        list.into_iter().fold(Channels::default(), Channels::and)
    });
    all_consuming(preceded((opt(char(':')), space0), terminated(list, space0))).parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, picture: bool, sound: &[u32]) {
        let (rest, read) = channels(text).unwrap();
        assert_eq!(rest, "", "{text}");
        assert_eq!(read.picture, picture, "{text}");
        assert_eq!(read.sound().collect::<Vec<_>>(), sound, "{text}");
    }

    #[test]
    fn every_spelling() {
        check("A", false, &[1]);
        check("A2", false, &[2]);
        check("A99", false, &[99]);
        check("AA", false, &[1, 2]);
        check("AAV", true, &[1, 2]);
        check("AA/V", true, &[1, 2]);
        check("A2/V", true, &[2]);
        check("B", true, &[1]);
        check("V", true, &[]);
        check("V2", true, &[]);
        check("VA", true, &[1]);
        check("VA2", true, &[2]);
        check("VA1A2", true, &[1, 2]);
        check("A1,A2", false, &[1, 2]);
        check("NONE", false, &[]);
        check("a4", false, &[4]);
    }

    #[test]
    fn what_is_no_channel() {
        for text in ["", "X", "A0", "A129", "C"] {
            assert!(all_consuming(channels).parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn aud_takes_any_numbers() {
        let read = |text| aud(text).map(|(_, read)| read.sound().collect::<Vec<_>>());
        assert_eq!(read("  3    4").unwrap(), [3, 4]);
        assert_eq!(read("  3    ").unwrap(), [3]);
        assert_eq!(read(" 5,6 , 24").unwrap(), [5, 6, 24]);
        assert!(read(" 3 x").is_err());
        assert!(read("").is_err());
    }
}
