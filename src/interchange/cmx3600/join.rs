//! Outgoing sides of transitions joined to the clips that they continue.

use std::collections::BTreeMap;

use super::about::Media;
use super::codes::{FILE_ELSEWHERE, JOINED, LONE_TRANSITION};
use super::draft::{Draft, From, Part};
use super::events::List;
use super::lower::{Lowered, Wanted};
use super::report::Report;
use crate::interchange::ReadError;
use crate::time::{FrameRate, Rational};

/// How many clips that end at one place of one track are looked at.
const CANDIDATES: usize = 16;

/// Joins every outgoing side to the clip of its track that ends where the transition starts.
///
/// A two-line transition states its outgoing side itself; where reel, name and source timecode say
/// that it is the earlier clip going on, it takes that clip's source position, so that the two
/// never part by a rounding, and its gain. A one-line transition states none: the clip before it
/// goes on.
pub(super) fn join(
    lowered: &mut Lowered<'_>,
    list: &List<'_>,
    rate: FrameRate,
    report: &mut Report<'_>,
) -> Result<(), ReadError> {
    let ends = Ends::of(&lowered.drafts);
    let mut tails: Vec<usize> = (0..lowered.drafts.len())
        .filter(|i| lowered.drafts.get(*i).is_some_and(|d| d.part != Part::Body))
        .collect();
    tails.sort_by_key(|i| lowered.drafts.get(*i).map(|tail| tail.record.0));
    for tail in tails {
        join_tail(lowered, &ends, tail, list, rate, report)?;
    }
    for wanted in std::mem::take(&mut lowered.wanted) {
        let before = ends.at(wanted.channel, wanted.at).next();
        let before = before.and_then(|i| lowered.drafts.get(i)).cloned();
        let Some(line) = list.lines.get(wanted.line) else {
            continue;
        };
        let Some(before) = before else {
            report.add(&LONE_TRANSITION, line.spot, || {
                format!(
                    "event {} mixes from nothing on channel {}",
                    line.number, wanted.channel
                )
            });
            continue;
        };
        let tail = continued(before, &wanted);
        lowered.budget.clip(&tail, 0, line.spot.line)?;
        lowered.drafts.push(tail);
    }
    Ok(())
}

/// Gives drafts without a source file the one that other events state for the same reel and clip
/// name, where all of them state the same: transitions name the file of one side only.
pub(super) fn complete_files(drafts: &mut [Draft<'_>], list: &List<'_>, report: &mut Report<'_>) {
    let mut known: BTreeMap<(&str, &str), Option<&str>> = BTreeMap::new();
    for media in drafts
        .iter()
        .map(|draft| draft.media)
        .filter(Media::is_named)
    {
        if let Some(file) = media.file {
            known
                .entry((media.reel, media.name))
                .and_modify(|one| *one = one.filter(|one| *one == file))
                .or_insert(Some(file));
        }
    }
    for draft in drafts.iter_mut().filter(|draft| draft.media.file.is_none()) {
        let name = (draft.media.reel, draft.media.name);
        draft.media.file = known.get(&name).copied().flatten();
        if let (Some(_), Some(line)) = (draft.media.file, list.lines.get(draft.line)) {
            let what = "clips whose source file is named by other events";
            report.count(&FILE_ELSEWHERE, what, line.spot);
        }
    }
}

/// Where the edits of each channel end: channel, record frame, index; sorted.
struct Ends(Vec<(u32, i64, usize)>);

impl Ends {
    fn of(drafts: &[Draft<'_>]) -> Self {
        let bodies = drafts
            .iter()
            .enumerate()
            .filter(|(_, draft)| draft.part == Part::Body);
        let mut ends: Vec<_> = bodies.map(|(i, d)| (d.channel, d.record.1, i)).collect();
        ends.sort_unstable();
        Self(ends)
    }

    /// The edits that end there, the last of the list first.
    fn at(&self, channel: u32, end: i64) -> impl Iterator<Item = usize> {
        let from = self.0.partition_point(|e| (e.0, e.1) < (channel, end));
        let to = self.0.partition_point(|e| (e.0, e.1) <= (channel, end));
        let there = self.0.get(from..to).unwrap_or_default();
        there.iter().rev().take(CANDIDATES).map(|(_, _, i)| *i)
    }
}

/// The clip before a one-line transition, going on.
fn continued<'a>(before: Draft<'a>, wanted: &Wanted) -> Draft<'a> {
    Draft {
        event: wanted.event,
        line: wanted.line,
        part: Part::Tail {
            incoming: None,
            one_volume: false,
        },
        record: (
            wanted.at,
            wanted.at.saturating_add(i64::from(wanted.ramp.frames)),
        ),
        fade_in: None,
        fade_out: Some(wanted.ramp),
        ..before
    }
}

fn join_tail(
    lowered: &mut Lowered<'_>,
    ends: &Ends,
    index: usize,
    list: &List<'_>,
    rate: FrameRate,
    report: &mut Report<'_>,
) -> Result<(), ReadError> {
    let Some(tail) = lowered.drafts.get(index) else {
        return Ok(());
    };
    let fits = |i: &usize| {
        let before = lowered.drafts.get(*i)?;
        let fit = fit(before, tail, rate).filter(|_| before.media.may_be(&tail.media))?;
        Some((*i, fit))
    };
    let candidates: Vec<_> = ends
        .at(tail.channel, tail.record.0)
        .filter_map(|i| fits(&i))
        .collect();
    let exact = candidates.iter().find(|(_, fit)| *fit == Fit::Exact);
    let Some((before, fit)) = exact.or(candidates.first()).copied() else {
        return Ok(());
    };
    let Some(before) = lowered.drafts.get(before).cloned() else {
        return Ok(());
    };
    let line = list.lines.get(tail.line);
    lowered
        .budget
        .take(before.levels.len() * 64, line.map_or(0, |l| l.spot.line))?;
    if let (Fit::OneFrame, Some(line)) = (fit, line) {
        report.add(&JOINED, line.spot, || {
            format!(
                "event {} goes on from the clip before it, a frame from its source in",
                line.number
            )
        });
    }
    take_over(&mut lowered.drafts, index, before);
    Ok(())
}

/// Gives a tail what the clip that it continues has.
fn take_over<'a>(drafts: &mut [Draft<'a>], index: usize, before: Draft<'a>) {
    let Some(tail) = drafts.get_mut(index) else {
        return;
    };
    tail.source = before.source;
    tail.sync = before.sync;
    tail.media = before.media;
    tail.source_channel = before.source_channel;
    tail.speed = tail.speed.or(before.speed);
    tail.volume = tail.volume.or(before.volume);
    if tail.levels.is_empty() {
        tail.levels = before.levels;
    }
    // The one volume of the event is the outgoing side's if the clip before already had it: Avid
    // writes one for each side that has any.
    if let Part::Tail {
        incoming: Some(incoming),
        one_volume: true,
    } = tail.part
        && let Some(incoming) = drafts.get_mut(incoming)
        && before.volume.is_some()
        && incoming.volume == before.volume
    {
        incoming.volume = None;
    }
}

/// How well a tail goes on from a clip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// The source timecodes agree to the frame.
    Exact,
    /// The tail starts where the clip's source ends, which is a frame off its record length.
    OneFrame,
}

fn fit(before: &Draft<'_>, tail: &Draft<'_>, rate: FrameRate) -> Option<Fit> {
    let (start, end, at) = match (before.source, tail.source) {
        (From::Head, From::Head) => return Some(Fit::Exact),
        (From::Timecode { start, end, .. }, From::Timecode { start: at, .. }) => (start, end, at),
        _ => return None,
    };
    let elapsed = rate.seconds_at(tail.record.0.checked_sub(before.sync)?)?;
    let off = at.checked_sub(start.checked_add(elapsed)?)?;
    if off.is_zero() {
        return Some(Fit::Exact);
    }
    let frame = rate.frame_duration();
    let back = Rational::ZERO.checked_sub(frame)?;
    (at == end && (back..=frame).contains(&off)).then_some(Fit::OneFrame)
}
