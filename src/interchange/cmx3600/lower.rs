//! Events into drafts: one for each sounding line and channel.

use std::ops::Range;

use super::about::{About, Media, Role};
use super::axis::{Axis, Misplaced};
use super::codes::{
    BACKWARDS, FADE_LAW, FROM_HEAD, KEY, LENGTHS_DIFFER, NO_CHANNEL, NO_LENGTH, NO_SUCH_NUMBER,
    NOT_AT_RATE, ONE_FRAME_LONGER, PICTURE, REPAIR, SOURCE_RATE, SPEED, STRAY_NOTE,
};
use super::draft::{Budget, Draft, From, Part, Ramp};
use super::event_line::{EventLine, Transition};
use super::events::{Event, List};
use super::levels;
use super::notes::{Note, Speed};
use super::rate::Rates;
use super::report::{Report, quote};
use crate::finding::Severity;
use crate::interchange::ReadError;
use crate::time::{FrameRate, Rational};

/// A one-line transition that waits for the clip before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    /// Index of its event.
    pub(super) event: usize,
    /// Index of its line.
    pub(super) line: usize,
    /// Record channel.
    pub(super) channel: u32,
    /// Record frame at which it starts.
    pub(super) at: i64,
    /// The fade.
    pub(super) ramp: Ramp,
}

/// What lowering makes.
#[derive(Debug)]
pub(super) struct Lowered<'a> {
    /// Clips in the making, in order of the file.
    pub(super) drafts: Vec<Draft<'a>>,
    /// Outgoing sides still to be made.
    pub(super) wanted: Vec<Wanted>,
    /// What memory is left.
    pub(super) budget: Budget,
    /// First record frame of any sounding event.
    pub(super) first_sound: Option<i64>,
    /// First record frame of any event.
    pub(super) first: Option<i64>,
}

/// Lowers a whole list.
pub(super) fn lower<'a>(
    list: &List<'a>,
    rates: &Rates,
    axis: &Axis,
    report: &mut Report<'_>,
) -> Result<Lowered<'a>, ReadError> {
    let out = Lowered {
        drafts: Vec::new(),
        wanted: Vec::new(),
        budget: Budget::new(report.file()),
        first_sound: None,
        first: None,
    };
    let mut lowering = Lowering {
        list,
        rates,
        axis,
        report,
        out,
    };
    for (index, event) in list.events.iter().enumerate() {
        lowering.event(index, event)?;
    }
    Ok(lowering.out)
}

struct Lowering<'l, 'a, 'r, 'f> {
    list: &'l List<'a>,
    rates: &'l Rates,
    axis: &'l Axis,
    report: &'r mut Report<'f>,
    out: Lowered<'a>,
}

/// A line in its event.
#[derive(Clone, Copy)]
struct Edit<'e, 'a> {
    event: usize,
    /// Index in the list.
    index: usize,
    line: &'e EventLine<'a>,
    about: &'e About<'a>,
    /// First record frame and first after it.
    span: (i64, i64),
    speed: Option<Speed<'a>>,
}

impl<'a> Lowering<'_, 'a, '_, '_> {
    fn event(&mut self, index: usize, event: &Event) -> Result<(), ReadError> {
        let list = self.list;
        let lines = list.lines_of(event);
        let about = About::event(list, event, self.report);
        let first_draft = self.out.drafts.len();
        for position in 0..lines.len() {
            self.line(index, event, position, &about)?;
        }
        self.remarks(event, &about);
        let drafts = self.out.drafts.get_mut(first_draft..).unwrap_or_default();
        levels::Event {
            drafts,
            lines,
            first_line: event.lines.start,
            axis: self.axis,
            budget: &mut self.out.budget,
            report: self.report,
        }
        .apply(list.notes_of(event))
    }

    /// Notes that concern the event as a whole.
    fn remarks(&mut self, event: &Event, about: &About<'_>) {
        let lines = self.list.lines_of(event);
        let notes = self.list.notes_of(event);
        let sounding = || lines.iter().filter(|line| line.channels.has_sound());
        for (spot, note) in notes {
            match note {
                Note::Repair(text) => {
                    let message = || format!("the exporting system says: {}", quote(text));
                    self.report.add(&REPAIR, *spot, message);
                }
                Note::Patch(patch)
                    if sounding().next().is_some()
                        && !sounding().any(|line| line.channels.has(patch.record)) =>
                {
                    let message =
                        || format!("the event does not cut record channel {}", patch.record);
                    self.report.add(&STRAY_NOTE, *spot, message);
                }
                Note::Effect(name)
                    if about.law.is_some_and(|(_, near)| near) && sounding().next().is_some() =>
                {
                    let message = || format!("`{}` is faded by the nearest law known", quote(name));
                    self.report.add(&FADE_LAW, *spot, message);
                }
                _ => {}
            }
        }
    }

    fn line(
        &mut self,
        event_index: usize,
        event: &Event,
        position: usize,
        about: &About<'a>,
    ) -> Result<(), ReadError> {
        let lines = self.list.lines_of(event);
        let Some(line) = lines.get(position) else {
            return Ok(());
        };
        let next = lines.get(position + 1);
        let before = position.checked_sub(1).and_then(|before| lines.get(before));
        if line.transition == Transition::Key {
            self.key(line);
            return Ok(());
        }
        let span = self.axis.span(line);
        if let Ok((start, _)) = span {
            self.out.first = Some(self.out.first.map_or(start, |first| first.min(start)));
        }
        if !line.channels.has_sound() {
            self.without_sound(line);
            return Ok(());
        }
        let span = match span {
            Ok(span) => span,
            Err(misplaced) => {
                self.misplaced(line, misplaced);
                return Ok(());
            }
        };
        let first = self
            .out
            .first_sound
            .map_or(span.0, |first| first.min(span.0));
        self.out.first_sound = Some(first);
        let edit = Edit {
            event: event_index,
            index: event.lines.start + position,
            line,
            about,
            span,
            speed: about.speed(line, lines),
        };
        match line.transition {
            Transition::Cut if span.0 == span.1 => {
                let enters = |next: &EventLine<'_>| next.transition != Transition::Cut;
                if !next.is_some_and(enters) {
                    self.empty(line);
                }
                Ok(())
            }
            Transition::Cut => {
                let role = match next.filter(|next| next.transition != Transition::Cut) {
                    Some(next) => Role::From(next),
                    None => Role::Sole,
                };
                self.cut(edit, role, None).map(|_| ())
            }
            Transition::Mix(frames) => {
                let meets = |out: &&EventLine<'_>| {
                    let end = out.record.1.label(1 << 10) == line.record.0.label(1 << 10);
                    out.transition == Transition::Cut && out.is_empty() && end
                };
                self.mix(edit, before.filter(meets), lines, frames)
            }
            Transition::Key => Ok(()),
        }
    }

    fn key(&mut self, line: &EventLine<'_>) {
        let message = || format!("key event {} is left out", line.number);
        if line.channels.has_sound() {
            self.report.list(&KEY, Severity::Error, line.spot, message);
        } else {
            self.report.add(&KEY, line.spot, message);
        }
    }

    fn without_sound(&mut self, line: &EventLine<'_>) {
        if line.channels.picture {
            self.report
                .count(&PICTURE, "event lines cut the picture only", line.spot);
        } else {
            self.report
                .count(&NO_CHANNEL, "event lines have no channel", line.spot);
        }
    }

    fn empty(&mut self, line: &EventLine<'_>) {
        let message = || format!("event {} starts and ends at {}", line.number, line.record.0);
        self.report.add(&NO_LENGTH, line.spot, message);
    }

    fn misplaced(&mut self, line: &EventLine<'_>, why: Misplaced) {
        let (number, (start, end)) = (line.number, line.record);
        match why {
            Misplaced::NotAtRate(position) => {
                let rate = self.rates.record;
                self.report.add(&NOT_AT_RATE, line.spot, || {
                    format!("event {number}: record timecode {position} does not exist at {rate}; give the list's rate with --rate")
                });
            }
            Misplaced::Backwards => self.report.add(&BACKWARDS, line.spot, || {
                format!("event {number} ends at {end}, before it starts at {start}")
            }),
        }
    }

    /// The clips of a line, one a channel; returns their indices.
    fn cut(
        &mut self,
        edit: Edit<'_, 'a>,
        role: Role<'_>,
        fade_in: Option<Ramp>,
    ) -> Result<Range<usize>, ReadError> {
        let from = self.out.drafts.len();
        let line = edit.line;
        if line.is_silent() {
            return Ok(from..from);
        }
        let Some(source) = self.source(line) else {
            return Ok(from..from);
        };
        self.check_numbers(line);
        if source == From::Head {
            self.report
                .count(&FROM_HEAD, "events have no source timecode", line.spot);
        }
        let speed = self.speed(edit);
        if edit.speed.is_none() {
            self.check_lengths(line, edit.span, source);
        }
        let media = edit.about.media(line, role);
        for channel in line.channels.sound() {
            let draft = Draft {
                event: edit.event,
                line: edit.index,
                channel,
                part: Part::Body,
                record: edit.span,
                source,
                sync: edit.span.0,
                media,
                source_channel: edit.about.source_channel(channel, line, role),
                volume: None,
                levels: Vec::new(),
                speed,
                fade_in,
                fade_out: None,
            };
            self.push(draft, edit)?;
        }
        Ok(from..self.out.drafts.len())
    }

    fn push(&mut self, draft: Draft<'a>, edit: Edit<'_, 'a>) -> Result<(), ReadError> {
        let comments = edit.about.comment_bytes;
        self.out
            .budget
            .clip(&draft, comments, edit.line.spot.line)?;
        self.out.drafts.push(draft);
        Ok(())
    }

    /// A transition: the incoming clips, and the outgoing ones over its length.
    fn mix(
        &mut self,
        edit: Edit<'_, 'a>,
        outgoing: Option<&EventLine<'a>>,
        lines: &[EventLine<'a>],
        frames: u32,
    ) -> Result<(), ReadError> {
        if edit.span.0 == edit.span.1 {
            self.empty(edit.line);
            return Ok(());
        }
        let shape = edit.about.law.map(|(shape, _)| shape);
        let ramp = Ramp { frames, shape };
        let bodies = self.cut(edit, Role::To(outgoing), Some(ramp))?;
        let incoming = |drafts: &[Draft<'_>], channel| {
            let on_channel = |draft: &Draft<'_>| draft.channel == channel;
            let found = drafts.get(bodies.clone())?.iter().position(on_channel)?;
            Some(bodies.start + found)
        };
        for channel in edit.line.channels.sound() {
            if let Some(line) = outgoing.filter(|line| line.channels.has(channel)) {
                let incoming = incoming(&self.out.drafts, channel);
                let out = Edit {
                    index: edit.index.saturating_sub(1),
                    line,
                    speed: edit.about.speed(line, lines),
                    ..edit
                };
                self.tail(out, edit.line, channel, incoming, ramp)?;
                continue;
            }
            let bytes = size_of::<Wanted>();
            self.out.budget.take(bytes, edit.line.spot.line)?;
            self.out.wanted.push(Wanted {
                event: edit.event,
                line: edit.index,
                channel,
                at: edit.span.0,
                ramp,
            });
        }
        Ok(())
    }

    /// The outgoing side of a transition on one channel, as its own line states it.
    fn tail(
        &mut self,
        edit: Edit<'_, 'a>,
        enters: &EventLine<'_>,
        channel: u32,
        incoming: Option<usize>,
        ramp: Ramp,
    ) -> Result<(), ReadError> {
        let line = edit.line;
        if line.is_silent() {
            return Ok(());
        }
        let Some(source) = self.source(line) else {
            return Ok(());
        };
        let role = Role::From(enters);
        let start = edit.span.0;
        let draft = Draft {
            event: edit.event,
            line: edit.index,
            channel,
            part: Part::Tail {
                incoming,
                one_volume: false,
            },
            record: (start, start.saturating_add(i64::from(ramp.frames))),
            source,
            sync: start,
            media: edit.about.media(line, role),
            source_channel: edit.about.source_channel(channel, line, role),
            volume: None,
            levels: Vec::new(),
            speed: self.speed(edit),
            fade_in: None,
            fade_out: Some(ramp),
        };
        self.push(draft, edit)
    }

    /// Where the source of a line starts and ends; `None` where no rate has its frame numbers.
    fn source(&mut self, line: &EventLine<'_>) -> Option<From> {
        if line.source.0.is_zero() && line.source.1.is_zero() {
            return Some(From::Head);
        }
        let (number, (start, end)) = (line.number, line.source);
        let Some(rate) = self.rates.source(line) else {
            self.report.add(&NOT_AT_RATE, line.spot, || {
                format!("event {number}: no rate has the source timecodes {start} and {end}")
            });
            return None;
        };
        if rate.fps() != self.rates.record.fps() {
            let record = self.rates.record;
            self.report.add(&SOURCE_RATE, line.spot, || {
                format!("event {number}: source timecode {start} to {end} is read at {rate}, the list at {record}")
            });
        }
        let (from, to) = (start.frame(rate)?, end.frame(rate)?);
        // A recording may pass midnight.
        let to = if to < from {
            to + rate.frames_per_day()
        } else {
            to
        };
        Some(From::Timecode {
            start: rate.seconds_at(from)?,
            end: rate.seconds_at(to)?,
            rate,
        })
    }

    /// Counts frame numbers that drop-frame counting does not have.
    fn check_numbers(&mut self, line: &EventLine<'_>) {
        let record = [line.record.0, line.record.1].map(|p| p.is_skipped(self.rates.record));
        let rate = self.rates.source(line).unwrap_or(self.rates.record);
        let source = [line.source.0, line.source.1].map(|p| p.is_skipped(rate));
        for _ in record.iter().chain(&source).filter(|skipped| **skipped) {
            let what = "timecodes do not exist in drop-frame counting; the next frames are used";
            self.report.count(&NO_SUCH_NUMBER, what, line.spot);
        }
    }

    /// The speed of a line where it is not that of its recording, with the finding.
    fn speed(&mut self, edit: Edit<'_, 'a>) -> Option<Rational> {
        let rate = self.rates.record;
        let fps = edit.speed?.fps;
        if is_normal(fps, rate) {
            return None;
        }
        let line = edit.line;
        self.report.add(&SPEED, line.spot, || {
            format!(
                "event {}: M2 plays it at {:.1} frames a second, the list has {rate}",
                line.number,
                fps.to_f64()
            )
        });
        fps.checked_div(rate.fps())
    }

    /// Compares source and record length of a line at normal speed.
    fn check_lengths(&mut self, line: &EventLine<'_>, span: (i64, i64), source: From) {
        let From::Timecode { start, end, rate } = source else {
            return;
        };
        let record = span.1 - span.0;
        let own = |rate: FrameRate| Some(end.checked_sub(start)?.checked_mul(rate.fps())?.floor());
        let Some(length) = own(rate) else {
            return;
        };
        // Of another rate: the same time to within a frame of the list.
        let in_record = own(self.rates.record).unwrap_or(length);
        let other_rate = rate.fps() != self.rates.record.fps();
        if length == record || (other_rate && (in_record - record).abs() <= 1) {
            return;
        }
        if length == record + 1 {
            let what =
                "events have a source one frame longer than their record stretch, which rules";
            self.report.count(&ONE_FRAME_LONGER, what, line.spot);
            return;
        }
        let number = line.number;
        self.report.add(&LENGTHS_DIFFER, line.spot, || {
            format!("event {number}: the source lasts {length} frames, the record {record}; the record rules")
        });
    }
}

/// Whether a speed is the list's own rate, exactly, rounded or cut to the one decimal that M2 has.
fn is_normal(fps: Rational, rate: FrameRate) -> bool {
    let ten = Rational::from_int(10);
    let cut = |value: Rational| value.checked_mul(ten).map(Rational::floor);
    let near = |exact: Rational| {
        let off = fps.checked_sub(exact);
        off.is_some_and(|off| off.num().unsigned_abs() * 20 <= off.den().unsigned_abs())
    };
    let nominal = Rational::from_int(i64::from(rate.nominal()));
    near(rate.fps()) || near(nominal) || cut(fps) == cut(rate.fps())
}

impl<'a> Media<'a> {
    /// Whether two edits may be of one recording: the same reel, and no different names.
    pub(super) fn may_be(&self, other: &Media<'a>) -> bool {
        let same_file = match (self.file, other.file) {
            (Some(own), Some(theirs)) => own == theirs,
            _ => true,
        };
        self.reel.eq_ignore_ascii_case(other.reel)
            && (self.name == other.name || !self.is_named() || !other.is_named())
            && same_file
    }

    /// Whether its name is more than the reel again.
    fn is_named(&self) -> bool {
        !self.name.is_empty() && self.name != self.reel
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_speed_is_the_rate_itself() {
        let check = |num, den, rate: &str, expected| {
            let fps = Rational::new(num, den).unwrap();
            assert_eq!(
                is_normal(fps, rate.parse().unwrap()),
                expected,
                "{num}/{den} at {rate}"
            );
        };
        check(24, 1, "24", true);
        check(24, 1, "23.976", true);
        check(239, 10, "23.976", true);
        check(2398, 100, "23.976", true);
        check(299, 10, "29.97", true);
        check(30, 1, "29.97", true);
        check(241, 10, "24", false);
        check(25, 1, "24", false);
        check(-24, 1, "24", false);
        check(0, 1, "24", false);
    }
}
