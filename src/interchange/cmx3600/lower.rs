//! Events into drafts: one for each sounding line and channel.

use std::ops::Range;

use super::about::{About, Role};
use super::axis::Axis;
use super::checks;
use super::codes::{FADE_LAW, FROM_HEAD, PATCH, REPAIR, STRAY_NOTE};
use super::draft::{Budget, Draft, From, Part, Ramp};
use super::event_line::{EventLine, Transition};
use super::events::{Event, List};
use super::levels;
use super::notes::{Note, Speed};
use super::rate::Rates;
use super::report::{Report, quote};
use crate::interchange::ReadError;

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
    /// The first record frame after all events, picture included.
    pub(super) last: Option<i64>,
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
        last: None,
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
        let about = About::event(list, event);
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
                Note::Patch(patch) if about.contradicts(patch.record, lines) => {
                    let message = || {
                        format!(
                            "several source channels for record channel {}",
                            patch.record
                        )
                    };
                    self.report.add(&PATCH, *spot, message);
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
            checks::key(line, self.report);
            return Ok(());
        }
        let span = self.axis.span(line);
        if let Ok((start, end)) = span {
            self.out.first = Some(self.out.first.map_or(start, |first| first.min(start)));
            self.out.last = self.out.last.max(Some(end));
        }
        if !line.channels.has_sound() {
            checks::without_sound(line, self.report);
            return Ok(());
        }
        let span = match span {
            Ok(span) => span,
            Err(misplaced) => {
                checks::misplaced(line, misplaced, self.rates, self.report);
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
                    checks::empty(line, self.report);
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

    /// The clips of a line, one a channel; returns their indices.
    fn cut(
        &mut self,
        edit: Edit<'_, 'a>,
        role: Role<'_>,
        fade_in: Option<Ramp>,
    ) -> Result<Range<usize>, ReadError> {
        let from = self.out.drafts.len();
        let line = edit.line;
        let Some(draft) = self.draft(edit, role) else {
            return Ok(from..from);
        };
        checks::numbers(line, self.rates, self.report);
        if draft.source == From::Head {
            let what = "events without source timecode";
            self.report.count(&FROM_HEAD, what, line.spot);
        }
        if edit.speed.is_none() {
            checks::lengths(line, edit.span, draft.source, self.rates, self.report);
        }
        for channel in line.channels.sound() {
            let draft = Draft {
                channel,
                source_channel: edit.about.source_channel(channel, line, role),
                fade_in,
                ..draft.clone()
            };
            self.push(draft, edit)?;
        }
        Ok(from..self.out.drafts.len())
    }

    /// What the clips of a line have in common; `None` where it is silent or cannot be placed.
    fn draft(&mut self, edit: Edit<'_, 'a>, role: Role<'_>) -> Option<Draft<'a>> {
        let line = edit.line;
        if line.is_silent() {
            return None;
        }
        Some(Draft {
            event: edit.event,
            line: edit.index,
            channel: 0,
            part: Part::Body,
            record: edit.span,
            source: checks::source(line, self.rates, self.report)?,
            sync: edit.span.0,
            media: edit.about.media(line, role),
            source_channel: 0,
            volume: None,
            levels: Vec::new(),
            speed: checks::speed(line, edit.speed, self.rates, self.report),
            fade_in: None,
            fade_out: None,
        })
    }

    fn push(&mut self, draft: Draft<'a>, edit: Edit<'_, 'a>) -> Result<(), ReadError> {
        let (comments, line) = (edit.about.comment_bytes, edit.line.spot.line);
        self.out.budget.clip(&draft, comments, line)?;
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
            checks::empty(edit.line, self.report);
            return Ok(());
        }
        let shape = edit.about.law.map(|(shape, _)| shape);
        let ramp = Ramp { frames, shape };
        let bodies = self.cut(edit, Role::To(outgoing), Some(ramp))?;
        if let Some(line) = outgoing {
            let out = Edit {
                index: edit.index.saturating_sub(1),
                line,
                speed: edit.about.speed(line, lines),
                ..edit
            };
            self.tails(out, edit.line, &bodies, ramp)?;
        }
        let stated = |channel| outgoing.is_some_and(|line| line.channels.has(channel));
        for channel in edit
            .line
            .channels
            .sound()
            .filter(|channel| !stated(*channel))
        {
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

    /// The outgoing side of a transition as its own line states it, one a channel.
    fn tails(
        &mut self,
        edit: Edit<'_, 'a>,
        enters: &EventLine<'_>,
        bodies: &Range<usize>,
        ramp: Ramp,
    ) -> Result<(), ReadError> {
        let (line, role) = (edit.line, Role::From(enters));
        let Some(draft) = self.draft(edit, role) else {
            return Ok(());
        };
        let start = edit.span.0;
        for channel in enters
            .channels
            .sound()
            .filter(|channel| line.channels.has(*channel))
        {
            let incoming = self.out.drafts.get(bodies.clone()).unwrap_or_default();
            let incoming = incoming.iter().position(|body| body.channel == channel);
            let draft = Draft {
                channel,
                part: Part::Tail {
                    incoming: incoming.map(|body| bodies.start + body),
                    one_volume: false,
                },
                record: (start, start.saturating_add(i64::from(ramp.frames))),
                source_channel: edit.about.source_channel(channel, line, role),
                fade_out: Some(ramp),
                ..draft.clone()
            };
            self.push(draft, edit)?;
        }
        Ok(())
    }
}
