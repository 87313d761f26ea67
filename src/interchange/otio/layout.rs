//! Where everything stands: compositions laid out on the record axis.
//!
//! OTIO says where an item stands by what precedes it. An item's own time runs from the start of its
//! `source_range` (of a clip: in the time of its media); a composition's children live in that time and
//! are cut off at its ends.

use super::clip::{Bundle, INNER_TRACK};
use super::codes;
use super::context::{Context, Slot, times};
use super::fade::Ramp;
use super::log::{Log, short};
use super::model::{Class, Object, TrackKind};
use super::time::{Clock, Moment, TimeError};
use crate::finding::Place;
use crate::time::{FrameRate, Rational};
use crate::timeline::{Clip, Marker, Track};

/// The state of laying out.
#[derive(Debug)]
pub(super) struct Layout<'l> {
    pub(super) log: &'l mut Log,
    pub(super) clock: Clock,
    /// The rate of the timecode that is shown.
    pub(super) rate: FrameRate,
    /// The rate of the timeline's frames.
    pub(super) frames: FrameRate,
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

/// Longest path of names, in bytes, that is carried on to another level.
const MAX_PATH: usize = 240;

/// Most named tracks inside one track that become tracks of their own; sequences have dozens.
const MAX_INNER_TRACKS: usize = 512;

/// What [`Layout::frame`] finds.
type Frame = (Rational, bool, (Rational, Rational, Vec<Ramp>));

/// A track, and behind it one for each named track of the compositions nested in it: the names tell
/// what the clips are, and what sounds together there is no overlap.
fn unfold(mut track: Track) -> Vec<Track> {
    let inner = |clip: &Clip| {
        let note = clip.notes.iter().find(|(name, _)| name == INNER_TRACK);
        note.map(|(_, track)| track.clone())
    };
    let (nested, own): (Vec<Clip>, Vec<Clip>) = std::mem::take(&mut track.clips)
        .into_iter()
        .partition(|clip| inner(clip).is_some());
    let mut tracks = vec![Track {
        clips: own,
        ..track.clone()
    }];
    for clip in nested {
        let name = inner(&clip).unwrap_or_default();
        let known = tracks.iter().skip(1).position(|track| track.name == name);
        if known.is_none() && tracks.len() <= MAX_INNER_TRACKS {
            tracks.push(Track {
                name,
                clips: vec![clip],
                ..track.clone()
            });
        } else if let Some(track) = tracks.get_mut(known.map_or(0, |i| i + 1)) {
            track.clips.push(clip);
        }
    }
    for (number, track) in (track.number..).zip(&mut tracks) {
        track.number = number;
    }
    tracks
}

impl Layout<'_> {
    /// The tracks of a timeline whose stack starts at `start` on the record axis.
    pub(super) fn timeline(&mut self, stack: &Object, start: Rational) -> Vec<Track> {
        let length = self.length(stack).unwrap_or(Rational::ZERO);
        let mut tracks = Vec::new();
        self.group(
            stack,
            Slot::plain(start, length),
            &Context::outermost(),
            &mut tracks,
        );
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
            match &child.class {
                Class::Track {
                    kind: Some(TrackKind::Audio),
                    ..
                }
                | Class::Stack(_) => {
                    if let Some(length) = self.known_length(child, &inner) {
                        let slot = Slot::plain(origin, length);
                        if matches!(child.class, Class::Stack(_)) {
                            self.group(child, slot, &inner, tracks);
                        } else {
                            self.track(child, slot, &inner, tracks);
                        }
                    }
                }
                Class::Track { kind, .. } => {
                    if kind.is_none() {
                        let message = format!(
                            "track `{}` states no kind and is not read",
                            short(&child.name)
                        );
                        self.stray(child, &inner, &message);
                    }
                    let length = self.length(child).unwrap_or(Rational::ZERO);
                    self.picture(child, Slot::plain(origin, length), &inner);
                }
                Class::Gap => {}
                _ => {
                    let (class, name) = (child.class_name(), short(&child.name));
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
        inner.track = Some(short(&name));
        inner.format = item.facts.as_ref().and_then(|facts| facts.format.clone());
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
        let track = Track {
            name,
            number,
            role: facts.and_then(|facts| facts.role.clone()),
            clips,
            gain: outer.gain.plus(levels.gain),
            automation: [outer.curves, levels.curves].concat(),
            pan: None,
            muted: outer.muted || item.disabled || levels.muted,
        };
        tracks.extend(unfold(track));
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
        if inner.sounding && item.children().is_empty() && slot.length > Rational::ZERO {
            let message = "the composition is empty; silence stands there";
            self.note(&codes::NO_AUDIO, &self.place_of(item, context), message);
        }
        if inner.sounding {
            let stand = self.stand(item, &slot, context);
            let levels = self.levels(item, &stand);
            inner.absorb(item, levels, &slot);
        }
        if !item.name.is_empty() {
            inner.path = deeper(&context.path, &item.name);
        }
        match &item.class {
            Class::Track { children, .. } => {
                if !item.name.is_empty() {
                    inner.inner_track = Some(short(&item.name));
                }
                self.sequence(children, origin, &inner, out);
            }
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
        let entered = self.frame(item, slot);
        let (origin, beside, (from, to, ramps)) = match entered {
            Ok(entered) => entered,
            Err(error) => {
                if context.sounding {
                    let message = format!("{} is left out: {error}", item.class_name());
                    self.note(&codes::BAD_TIME, &self.place_of(item, context), message);
                }
                return None;
            }
        };
        let mut inner = context.clone();
        if limited && beside {
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

    /// The zero of an item's own time in record seconds, whether its source range lies before that
    /// zero, and its extent with fades.
    fn frame(&mut self, item: &Object, slot: &Slot) -> Result<Frame, TimeError> {
        let start = item.source_range.map_or(Moment::ZERO, |range| range.start);
        let too_far = || TimeError::TooLarge(start.value, start.rate);
        let own = self.clock.seconds(start)?;
        let origin = slot.start.checked_sub(own).ok_or_else(too_far)?;
        let end = own.checked_add(slot.length).ok_or_else(too_far)?;
        let beside = own.is_negative() && end <= Rational::ZERO && !item.children().is_empty();
        Ok((origin, beside, slot.extent().ok_or_else(too_far)?))
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
            clip: Some(format!("{}{}", context.path, short(name))),
            ..Place::file(self.log.file())
        }
    }

    fn stray(&mut self, item: &Object, context: &Context, message: &str) {
        if context.sounding {
            self.note(&codes::STRAY_ITEM, &self.place_of(item, context), message);
        }
    }
}

/// The path into a composition; where it gets long, only its end.
fn deeper(path: &str, name: &str) -> String {
    let path = if path.len() > MAX_PATH {
        "… / "
    } else {
        path
    };
    format!("{path}{} / ", short(name))
}
