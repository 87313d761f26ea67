//! The frame rate of a list that nobody states: frame numbers, lengths and drop-frame marks.

use super::codes::RATE_GUESSED;
use super::event_line::Transition;
use super::events::List;
use super::notes::Note;
use super::position::Position;
use super::rate::{COUNTS, Seen, ntsc, whole};
use super::report::{Report, Spot};
use crate::time::FrameRate;

/// How many event lines inference looks at.
const SAMPLE: usize = 20_000;

/// A rate is ruled out when a list of it would look like this one in fewer cases than that.
const UNLIKELY: f64 = 0.05;

/// The likeliest rate: drop-frame counting exists at 29.97 and its multiples only; else the highest
/// record frame number and the lengths decide.
pub(super) fn guess(
    list: &List<'_>,
    seen: &Seen,
    claims_drop: bool,
    report: &mut Report<'_>,
) -> FrameRate {
    let lengths: Vec<Lengths> = lengths(list);
    let rate = if claims_drop {
        let counts = [30, 60, 120];
        let count = counts.into_iter().find(|count| seen.highest < *count);
        ntsc(count.unwrap_or(120), true)
    } else {
        let count = likeliest(seen.highest, list.lines.len(), &lengths);
        if count.is_multiple_of(30) && (seen.source_marked || seen.source_switched) {
            // Sources that drop frame numbers belong to the rates a thousandth below 30 and 60.
            ntsc(count, false)
        } else {
            whole(count)
        }
    };
    let count = rate.nominal();
    let agreeing = agreeing(&lengths, count);
    let message = format!(
        "the list does not state its frame rate; {rate} is assumed: its highest record frame number \
         is {}, and at {count} frames {agreeing} of {} sources are as long as their events",
        seen.highest,
        lengths.len(),
    );
    let hint = "give the rate of the sequence with --rate, for example --rate 23.976";
    report.advise(&RATE_GUESSED, Spot::default(), message, hint);
    rate
}

/// Source and record positions of one event.
type Lengths = [Position; 4];

/// The events whose lengths say something: cut or dissolved at normal speed, timecoded, not empty.
fn lengths(list: &List<'_>) -> Vec<Lengths> {
    let is_speed = |(_, note): &(Spot, Note<'_>)| matches!(note, Note::Speed(_));
    list.events
        .iter()
        .take(SAMPLE)
        .filter(|event| !list.notes_of(event).iter().any(is_speed))
        .flat_map(|event| list.lines_of(event))
        .filter(|line| line.transition != Transition::Key && !line.is_empty())
        .map(|line| [line.source.0, line.source.1, line.record.0, line.record.1])
        .filter(|all| all.iter().all(|p| p.frame_field().is_some()))
        .filter(|[from, to, ..]| !(from.is_zero() && to.is_zero()))
        .take(SAMPLE)
        .collect()
}

/// How many sources are as long as their events, or a frame longer as Avid writes them, at so many
/// frames a second.
fn agreeing(lengths: &[Lengths], count: u32) -> usize {
    let agrees = |all: &&Lengths| {
        let fields = all.iter().filter_map(|p| p.frame_field());
        let [a, b, c, d] = all.map(|p| p.label(i64::from(count)));
        fields.max().is_some_and(|field| u32::from(field) < count)
            && matches!(b - a - (d - c), 0 | 1)
    };
    lengths.iter().filter(agrees).count()
}

/// Frames a second of the record timecode.
///
/// Its highest frame number sets the lowest rate. A higher one is taken where the lengths agree with
/// it better, unless so many events would have shown one of its higher frame numbers: what is left
/// then are sources of another rate.
fn likeliest(highest: u32, events: usize, lengths: &[Lengths]) -> u32 {
    let mut possible = COUNTS.into_iter().filter(|count| *count > highest);
    let lowest = possible.next().unwrap_or(120);
    let mut best = (agreeing(lengths, lowest), lowest);
    for count in possible {
        let share = f64::from(lowest) / f64::from(count);
        let mut chance = 1.0;
        for _ in 0..events.min(100) {
            chance *= share;
        }
        let agree = agreeing(lengths, count);
        if chance >= UNLIKELY && agree > best.0 {
            best = (agree, count);
        }
    }
    best.1
}
