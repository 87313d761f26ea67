//! Markers: Avid's locators and its table of them, Resolve's marker lines.

use nom::Parser as _;
use nom::character::complete::{alpha1, space0, space1};
use nom::combinator::{all_consuming, opt};
use nom::sequence::preceded;

use super::position::{Position, digits, looks_like_timecode, timecode};

/// A marker on the record axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Locator<'a> {
    /// Record timecode; that of the event above where it states none.
    pub(super) at: Option<Position>,
    /// Its colour in the words of the list.
    pub(super) colour: &'a str,
    /// Its name.
    pub(super) name: &'a str,
    /// Its text.
    pub(super) text: &'a str,
    /// How many frames it lasts.
    pub(super) frames: u32,
}

/// `01:00:01:14 RED     ANIM FIX NEEDED`, as it stands behind LOC.
pub(super) fn locator(input: &str) -> Option<Locator<'_>> {
    let colour = preceded(space1, alpha1);
    let (text, (at, colour)) = (preceded(space0, timecode), opt(colour))
        .parse(input)
        .ok()?;
    Some(Locator {
        at: Some(at),
        colour: colour.unwrap_or_default(),
        name: "",
        text: text.trim(),
        frames: 0,
    })
}

/// `a note |C:ResolveColorBlue |M:Marker 1 |D:1`: the line that Resolve writes under an event for a
/// marker; the note may be missing.
pub(super) fn resolve_marker(input: &str) -> Option<Locator<'_>> {
    let (text, fields) = input.split_at(input.find("|C:")?);
    let mut marker = Locator {
        at: None,
        colour: "",
        name: "",
        text: text.trim(),
        frames: 0,
    };
    for field in fields.strip_prefix('|')?.split('|') {
        match field.trim().split_once(':')? {
            ("C", colour) => marker.colour = colour.strip_prefix("ResolveColor").unwrap_or(colour),
            ("M", name) => marker.name = name.trim(),
            ("D", frames) => marker.frames = frames.trim().parse().ok()?,
            _ => return None,
        }
    }
    Some(marker)
}

/// A row of the table that Avid appends: number, colour, name, start, perhaps end and duration,
/// perhaps a track, comment.
pub(super) fn marker_row(row: &str) -> Option<Locator<'_>> {
    let (_, (_, _, colour, _)) = (
        digits(9),
        space1,
        alpha1::<&str, nom::error::Error<&str>>,
        space1,
    )
        .parse(row)
        .ok()?;
    let start = row
        .split_whitespace()
        .find(|word| looks_like_timecode(word))?;
    let (_, at) = all_consuming(timecode).parse(start).ok()?;
    let (before, after) = row.split_once(start)?;
    let name = before.split_once(colour)?.1.trim();
    let mut text = after.trim();
    while let Some(word) = text.split_whitespace().next() {
        if !looks_like_timecode(word) && !is_track(word) {
            break;
        }
        text = text.strip_prefix(word)?.trim_start();
        if is_track(word) {
            break;
        }
    }
    Some(Locator {
        at: Some(at),
        colour,
        name,
        text,
        frames: 0,
    })
}

/// `V1`, `A12`, `TC1`.
fn is_track(word: &str) -> bool {
    let number = word.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = word.len() - number.len();
    (1..=2).contains(&letters) && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers() {
        let read = locator("1:00:01:00  YELLOW  DRA_001_0001").unwrap();
        assert_eq!((read.colour, read.text), ("YELLOW", "DRA_001_0001"));
        assert_eq!(locator("01:00:15:13 GREEN").unwrap().text, "");
        assert_eq!(locator("somewhere"), None);
        let read = resolve_marker("|C:ResolveColorBlue |M:Marker 1 |D:12").unwrap();
        assert_eq!(
            (read.colour, read.name, read.frames),
            ("Blue", "Marker 1", 12)
        );
        let read = resolve_marker("2 pops here |C:ResolveColorRed |M:x |D:1").unwrap();
        assert_eq!((read.text, read.name), ("2 pops here", "x"));
        let row = "     9  White   WBROGO     01:05:44:00              V1     008_020 - Phone";
        let read = marker_row(row.trim()).unwrap();
        assert_eq!(
            (read.colour, read.name, read.text),
            ("White", "WBROGO", "008_020 - Phone")
        );
        assert_eq!(marker_row("Number  Color   Marker Name"), None);
    }
}
