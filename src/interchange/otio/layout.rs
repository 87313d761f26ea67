//! Where everything stands: compositions laid out on the record axis.
//!
//! OTIO says where an item stands by what precedes it. An item's own time runs from the start of its
//! `source_range` (of a clip: in the time of its media); a composition's children live in that time and
//! are cut off at its ends.

use super::clip::Bundle;
use super::codes;
use super::fade::{Ramp, handles, shape_of};
use super::level::{Levels, Stand};
use super::log::Log;
use super::model::{Class, Object, TrackKind};
use super::time::{Clock, TimeError};
use crate::audio::Decibels;
use crate::finding::Place;
use crate::time::{FrameRate, Rational};
use crate::timeline::{Automation, Clip, FadeShape, Marker, Track};

/// The state of laying out.
#[derive(Debug)]
pub(super) struct Layout<'l> {
    pub(super) log: &'l mut Log,
    pub(super) clock: Clock,
    /// The timeline's frame rate.
    pub(super) rate: FrameRate,
    /// The bundle that the file came in.
    pub(super) bundle: Option<Bundle>,
    /// Markers so far.
    pub(super) markers: Vec<Marker>,
    /// Markers outside their items.
    pub(super) markers_outside: usize,
    /// Clips whose media name no file.
    pub(super) nameless: usize,
    /// Whether the laws of levels were explained.
    pub(super) levels_explained: bool,
    /// Points of gain curves that may still be handed down to nested clips.
    pub(super) points_left: usize,
}

/// What surrounds an item.
#[derive(Debug, Clone)]
pub(super) struct Context {
    /// Record seconds before which nothing sounds.
    pub(super) from: Option<Rational>,
    /// Record seconds from which nothing sounds.
    pub(super) to: Option<Rational>,
    /// Whether this is sound; else only markers are looked for.
    pub(super) sounding: bool,
    /// Disabled or muted further out.
    pub(super) muted: bool,
    /// Gain of everything around.
    pub(super) gain: Decibels,
    /// Gain curves of everything around.
    pub(super) curves: Vec<Automation>,
    /// Fades of everything around.
    pub(super) ramps: Vec<Ramp>,
    /// Speed of everything around, where it is not 1.
    pub(super) speed: Option<Rational>,
    /// The track, for messages.
    pub(super) track: Option<String>,
    /// Names of the compositions around, each followed by a separator.
    pub(super) path: String,
    /// Whether the track is one of several that a stereo track was written as (Final Cut Pro 7 XML).
    pub(super) exploded: bool,
}

/// The room an item gets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    /// Record seconds of its start, without transitions.
    pub(super) start: Rational,
    /// Its length, without transitions.
    pub(super) length: Rational,
    /// The transition before it.
    pub(super) head: Option<Edge>,
    /// The transition after it.
    pub(super) tail: Option<Edge>,
}

/// What a transition does to one of its neighbours.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    /// How far the neighbour reaches over the cut.
    pub(super) reach: Rational,
    /// The length of the fade.
    pub(super) length: Rational,
    /// Its law.
    pub(super) shape: Option<FadeShape>,
}

/// Why an item's length is not known.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoLength {
    #[error("it has neither a source_range nor media with an available_range")]
    Unstated,
    #[error("{0}")]
    Time(#[from] TimeError),
}

impl Slot {
    /// Without transitions.
    const fn plain(start: Rational, length: Rational) -> Self {
        Self {
            start,
            length,
            head: None,
            tail: None,
        }
    }

    /// Its extent with transitions, and where the fades of those lie.
    pub(super) fn extent(&self) -> Option<(Rational, Rational, Vec<Ramp>)> {
        let reach = |edge: Option<Edge>| edge.map_or(Rational::ZERO, |edge| edge.reach);
        let from = self.start.checked_sub(reach(self.head))?;
        let end = self.start.checked_add(self.length)?;
        let to = end.checked_add(reach(self.tail))?;
        let mut ramps = Vec::new();
        if let Some(Edge { length, shape, .. }) = self.head {
            ramps.push(Ramp {
                from,
                to: from.checked_add(length)?,
                rising: true,
                shape,
            });
        }
        if let Some(Edge { length, shape, .. }) = self.tail {
            ramps.push(Ramp {
                from: to.checked_sub(length)?,
                to,
                rising: false,
                shape,
            });
        }
        Some((from, to, ramps))
    }
}

impl Context {
    /// The same cut off at both ends.
    pub(super) fn cut(mut self, from: Rational, to: Rational) -> Self {
        self.from = Some(self.from.map_or(from, |outer| outer.max(from)));
        self.to = Some(self.to.map_or(to, |outer| outer.min(to)));
        self
    }

    /// Hands what an item does to its sound down to its children.
    fn absorb(&mut self, item: &Object, levels: Levels, slot: &Slot) {
        self.muted |= item.disabled || levels.muted;
        self.gain = self.gain.plus(levels.gain);
        self.curves.extend(levels.curves);
        self.speed = times(self.speed, levels.speed);
        let end = slot.start.checked_add(slot.length);
        self.ramps
            .extend(handles(levels.fades, Some(slot.start), end));
    }

    /// Takes out what a track says once for all its clips.
    fn release(&mut self) -> Self {
        let quiet = Self {
            muted: false,
            gain: Decibels::ZERO,
            curves: Vec::new(),
            path: String::new(),
            ..self.clone()
        };
        std::mem::replace(self, quiet)
    }

    /// The part of a stretch that may sound.
    pub(super) fn visible(&self, from: Rational, to: Rational) -> (Rational, Rational) {
        (
            self.from.map_or(from, |outer| outer.max(from)),
            self.to.map_or(to, |outer| outer.min(to)),
        )
    }
}

impl Layout<'_> {
    /// The tracks of a timeline whose stack starts at `start` on the record axis.
    pub(super) fn timeline(&mut self, stack: &Object, start: Rational) -> Vec<Track> {
        let context = Context {
            from: None,
            to: None,
            sounding: true,
            muted: false,
            gain: Decibels::ZERO,
            curves: Vec::new(),
            ramps: Vec::new(),
            speed: None,
            track: None,
            path: String::new(),
            exploded: false,
        };
        let length = self.length(stack).unwrap_or(Rational::ZERO);
        let mut tracks = Vec::new();
        self.group(stack, Slot::plain(start, length), &context, &mut tracks);
        tracks
    }

    /// A stack whose tracks stay tracks: the outermost one, and stacks directly in it.
    fn group(&mut self, stack: &Object, slot: Slot, context: &Context, tracks: &mut Vec<Track>) {
        let limited = stack.source_range.is_some();
        let Some((mut inner, origin)) = self.enter(stack, &slot, context, limited) else {
            return;
        };
        let stand = self.stand(stack, &slot, context);
        let levels = self.levels(stack, &stand);
        inner.absorb(stack, levels, &slot);
        for child in stack.children() {
            let length = self.length(child).unwrap_or(Rational::ZERO);
            let slot = Slot::plain(origin, length);
            match &child.class {
                Class::Track { kind, .. } => match kind {
                    Some(TrackKind::Audio) => self.track(child, slot, &inner, tracks),
                    Some(TrackKind::Other(_)) => self.picture(child, slot, &inner),
                    None => {
                        let message =
                            format!("track `{}` states no kind and is not read", child.name);
                        self.stray(child, &inner, &message);
                        self.picture(child, slot, &inner);
                    }
                },
                Class::Stack(_) => self.group(child, slot, &inner, tracks),
                Class::Gap => {}
                _ => {
                    let (class, name) = (child.class_name(), &child.name);
                    let message =
                        format!("{class} `{name}` stands beside the tracks and is not read");
                    self.stray(child, &inner, &message);
                }
            }
        }
    }

    /// Looks for markers only.
    fn picture(&mut self, item: &Object, slot: Slot, context: &Context) {
        let silent = Context {
            sounding: false,
            ..context.clone()
        };
        self.place(item, slot, &silent, &mut Vec::new());
    }

    /// An audio track of the timeline.
    fn track(&mut self, item: &Object, slot: Slot, context: &Context, tracks: &mut Vec<Track>) {
        let number = u32::try_from(tracks.len() + 1).unwrap_or(u32::MAX);
        let name = match item.name.as_str() {
            "" => format!("A{number}"),
            name => name.to_owned(),
        };
        let limited = item.source_range.is_some();
        let Some((mut inner, origin)) = self.enter(item, &slot, context, limited) else {
            return;
        };
        // What the track and its surroundings do to all clips is said once, by the track.
        let outer = inner.release();
        inner.track = Some(name.clone());
        let stand = self.stand(item, &slot, &inner);
        let levels = self.levels(item, &stand);
        let facts = item.facts.as_deref();
        inner.exploded = facts.and_then(|f| f.fcp_exploded).is_some_and(|n| n > 1);
        inner.speed = times(inner.speed, levels.speed);
        if facts.is_some_and(|facts| facts.solo) {
            let message = "the track is soloed; the other tracks are read all the same";
            self.note(&codes::NOT_APPLIED, &stand.place, message);
        }
        let mut clips = Vec::new();
        self.sequence(item.children(), origin, &inner, &mut clips);
        clips.sort_by_key(|clip| clip.record.start);
        tracks.push(Track {
            name,
            number,
            role: facts.and_then(|facts| facts.role.clone()),
            clips,
            gain: outer.gain.plus(levels.gain),
            automation: [outer.curves, levels.curves].concat(),
            muted: outer.muted || item.disabled || levels.muted,
        });
    }

    /// An item in its slot.
    fn place(&mut self, item: &Object, slot: Slot, context: &Context, out: &mut Vec<Clip>) {
        match &item.class {
            Class::Clip { .. } => self.clip(item, slot, context, out),
            Class::Stack(_) | Class::Track { .. } => self.compose(item, slot, context, out),
            Class::Gap if item.markers.is_empty() => {}
            Class::Gap => drop(self.enter(item, &slot, context, true)),
            Class::Shared if context.sounding => {
                let message = "a reference to another object of the file is not followed";
                self.note(
                    &codes::SHARED_OBJECT,
                    &self.place_of(item, context),
                    message,
                );
            }
            _ if context.sounding => {
                let class = item.class_name();
                let message = format!("`{class}` is not a class of items; silence stands there");
                self.note(
                    &codes::UNKNOWN_CLASS,
                    &self.place_of(item, context),
                    message,
                );
            }
            _ => {}
        }
    }

    /// A composition inside a track.
    fn compose(&mut self, item: &Object, slot: Slot, context: &Context, out: &mut Vec<Clip>) {
        let Some((mut inner, origin)) = self.enter(item, &slot, context, true) else {
            return;
        };
        if inner.sounding {
            let stand = self.stand(item, &slot, context);
            let levels = self.levels(item, &stand);
            inner.absorb(item, levels, &slot);
        }
        if !item.name.is_empty() {
            inner.path = format!("{}{} / ", context.path, item.name);
        }
        match &item.class {
            Class::Track { children, .. } => self.sequence(children, origin, &inner, out),
            _ => self.stack(item, origin, &inner, out),
        }
    }

    /// Children that follow one another.
    fn sequence(
        &mut self,
        children: &[Object],
        origin: Rational,
        context: &Context,
        out: &mut Vec<Clip>,
    ) {
        let mut at = origin;
        for (index, child) in children.iter().enumerate() {
            if let Class::Transition { .. } = child.class {
                self.check_transition(child, context);
                continue;
            }
            if let (
                Class::Track {
                    kind: Some(TrackKind::Other(kind)),
                    ..
                },
                true,
            ) = (&child.class, context.sounding)
            {
                let message =
                    format!("a track of kind `{kind}` stands on an audio track and is read");
                self.stray(child, context, &message);
            }
            let Some(length) = self.known_length(child, context) else {
                continue;
            };
            let before = index.checked_sub(1).and_then(|i| children.get(i));
            let after = children.get(index + 1);
            let slot = Slot {
                start: at,
                length,
                head: before.and_then(|t| self.edge(t, false)),
                tail: after.and_then(|t| self.edge(t, true)),
            };
            self.place(child, slot, context, out);
            let Some(next) = at.checked_add(length) else {
                let message = "the positions from here on are beyond what can be counted";
                self.note(&codes::BAD_TIME, &self.place_of(child, context), message);
                return;
            };
            at = next;
        }
    }

    /// Children that sound together.
    fn stack(&mut self, item: &Object, origin: Rational, context: &Context, out: &mut Vec<Clip>) {
        let mut pictures = 0;
        for child in item.children() {
            let Some(length) = self.known_length(child, context) else {
                continue;
            };
            let slot = Slot::plain(origin, length);
            match &child.class {
                Class::Track {
                    kind: Some(TrackKind::Other(_)),
                    ..
                } => {
                    pictures += 1;
                    self.picture(child, slot, context);
                }
                _ => self.place(child, slot, context, out),
            }
        }
        if context.sounding && pictures > 0 && pictures == item.children().len() {
            let message = format!("none of the {pictures} tracks in it is of kind Audio");
            self.stray(item, context, &message);
        }
    }

    /// Steps into an item: its markers are placed, and what surrounds its children is returned with
    /// the record seconds of the zero of its own time. `limited`: nothing sounds outside its slot.
    fn enter(
        &mut self,
        item: &Object,
        slot: &Slot,
        context: &Context,
        limited: bool,
    ) -> Option<(Context, Rational)> {
        let own = match item.source_range {
            Some(range) => self.clock.seconds(range.start),
            None => Ok(Rational::ZERO),
        };
        let entered = own.map_err(|error| error.to_string()).and_then(|own| {
            let origin = slot.start.checked_sub(own);
            let too_far = || "its position is beyond what can be counted".to_owned();
            let (from, to, ramps) = slot.extent().ok_or_else(too_far)?;
            Ok((origin.ok_or_else(too_far)?, own, from, to, ramps))
        });
        let (origin, own, from, to, ramps) = match entered {
            Ok(entered) => entered,
            Err(message) => {
                if context.sounding {
                    let message = format!("{} is left out: {message}", item.class_name());
                    self.note(&codes::BAD_TIME, &self.place_of(item, context), message);
                }
                return None;
            }
        };
        let end = own.checked_add(slot.length)?;
        let beside = own.is_negative() && end <= Rational::ZERO && !item.children().is_empty();
        let mut inner = context.clone();
        if limited && beside && item.source_range.is_some() {
            let message = "its source_range ends before its first child; it is read as a position";
            self.note(
                &codes::SHIFTED_RANGE,
                &self.place_of(item, context),
                message,
            );
            self.place_markers(&item.markers, origin, None, None);
        } else if limited {
            inner = inner.cut(from, to);
            self.place_markers(&item.markers, origin, inner.from, inner.to);
        } else {
            self.place_markers(&item.markers, origin, None, None);
        }
        inner.ramps.extend(ramps);
        Some((inner, origin))
    }

    /// Where an item stands, for its keyframes.
    pub(super) fn stand(&mut self, item: &Object, slot: &Slot, context: &Context) -> Stand {
        let available = item.active_media().and_then(|media| media.available);
        let media = available.and_then(|range| self.clock.seconds(range.start).ok());
        let source = item
            .source_range
            .and_then(|range| self.clock.seconds(range.start).ok());
        let media = media.unwrap_or(Rational::ZERO);
        Stand {
            start: slot.start,
            source: source.unwrap_or(media),
            media,
            place: self.place_of(item, context),
        }
    }

    /// What a transition does to the item before it (`outgoing`) or after it.
    fn edge(&mut self, transition: &Object, outgoing: bool) -> Option<Edge> {
        let Class::Transition {
            in_offset,
            out_offset,
            style,
        } = &transition.class
        else {
            return None;
        };
        let mut offset = |moment: &Option<_>| {
            moment.map_or(Rational::ZERO, |moment| {
                self.clock.length(moment).unwrap_or(Rational::ZERO)
            })
        };
        let (before, after) = (offset(in_offset), offset(out_offset));
        let facts = transition.facts.as_deref();
        let law = facts.and_then(|facts| facts.law.as_deref());
        let labels = facts.into_iter().flat_map(|facts| &facts.labels);
        let names = [law, Some(transition.name.as_str()), style.as_deref()];
        let names = names
            .into_iter()
            .flatten()
            .chain(labels.map(String::as_str));
        Some(Edge {
            reach: if outgoing { after } else { before },
            length: before.checked_add(after)?,
            shape: shape_of(names),
        })
    }

    /// Reports what is wrong with a transition, once.
    fn check_transition(&mut self, transition: &Object, context: &Context) {
        let Class::Transition {
            in_offset,
            out_offset,
            ..
        } = &transition.class
        else {
            return;
        };
        for (name, offset) in [("in_offset", in_offset), ("out_offset", out_offset)] {
            if let Some(Err(error)) = offset.map(|offset| self.clock.length(offset))
                && context.sounding
            {
                let message = format!("{name} of a transition is taken as 0: {error}");
                self.note(
                    &codes::TRANSITION,
                    &self.place_of(transition, context),
                    message,
                );
            }
        }
    }

    /// The length of an item; reported where it has none.
    fn known_length(&mut self, item: &Object, context: &Context) -> Option<Rational> {
        let error = match self.length(item) {
            Ok(length) => return Some(length),
            Err(error) => error,
        };
        if context.sounding {
            let code = match (&item.class, &error) {
                (Class::Shared, _) => &codes::SHARED_OBJECT,
                (_, NoLength::Unstated) => &codes::NO_LENGTH,
                (_, NoLength::Time(_)) => &codes::BAD_TIME,
            };
            let message = format!("{} is left out: {error}", item.class_name());
            self.note(code, &self.place_of(item, context), message);
        }
        None
    }

    /// The length of an item, as OTIO computes it: transitions at the ends of a track count.
    fn length(&mut self, item: &Object) -> Result<Rational, NoLength> {
        if let Some(range) = item.source_range {
            return Ok(self.clock.length(range.length)?);
        }
        let mut total = Rational::ZERO;
        match &item.class {
            Class::Clip { .. } => {
                let available = item.active_media().and_then(|media| media.available);
                let range = available.ok_or(NoLength::Unstated)?;
                return Ok(self.clock.length(range.length)?);
            }
            Class::Gap | Class::Transition { .. } => {}
            Class::Track { children, .. } => {
                for child in children {
                    let length = self.length(child).unwrap_or(Rational::ZERO);
                    total = total.checked_add(length).unwrap_or(total);
                }
                let ends = [(children.first(), false), (children.last(), true)];
                for (end, outgoing) in ends {
                    let edge = end.and_then(|end| self.edge(end, outgoing));
                    let reach = edge.map_or(Rational::ZERO, |edge| edge.reach);
                    total = total.checked_add(reach).unwrap_or(total);
                }
            }
            Class::Stack(children) => {
                for child in children {
                    total = total.max(self.length(child).unwrap_or(Rational::ZERO));
                }
            }
            _ => return Err(NoLength::Unstated),
        }
        Ok(total)
    }

    /// The place of an item, for findings and clips.
    pub(super) fn place_of(&self, item: &Object, context: &Context) -> Place {
        let name = match item.name.as_str() {
            "" => item.class_name(),
            name => name,
        };
        Place {
            line: Some(item.line),
            track: context.track.clone(),
            clip: Some(format!("{}{name}", context.path)),
            ..Place::file(self.log.file())
        }
    }

    fn stray(&mut self, item: &Object, context: &Context, message: &str) {
        if context.sounding {
            self.note(&codes::STRAY_ITEM, &self.place_of(item, context), message);
        }
    }
}

/// Two speeds in series.
pub(super) fn times(a: Option<Rational>, b: Option<Rational>) -> Option<Rational> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.checked_mul(b).unwrap_or(Rational::ZERO)),
        (one, None) | (None, one) => one,
    }
}
