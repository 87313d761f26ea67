//! From a track's segment down to the clips: sequences, selectors, scopes, groups and mobs.
//!
//! Everything is placed on the record axis at once: a reference into another mob only moves the
//! axis, so that no rate conversion ever rounds and a clip's source position is a difference.

use std::collections::BTreeSet;

use super::axis::{Axis, Window};
use super::codes;
use super::layers::{Edge, Layer};
use super::media::MediaIndex;
use super::mobs::Mobs;
use super::names::{Class, Prop};
use super::objects::ObjectId;
use super::rendered::Lengths;
use super::transition::{self, Laws};
use crate::finding::{Code, Finding, Place};
use crate::interchange::ReadError;
use crate::time::{FrameRate, Rational};
use crate::timeline::Clip;

/// How deep segments and mobs may nest; real compositions of nested effects stay below 60.
const MAX_DEPTH: usize = 200;

/// How many components may be visited in one file: compositions that refer to compositions could
/// otherwise grow without bound.
const MAX_VISITS: u64 = 5_000_000;

/// The most clips of one file; a feature in eight channels has some 160,000.
const MAX_CLIPS: usize = 300_000;

/// The most points of gain of one file: of all clips together.
const MAX_GAIN_POINTS: usize = 4 << 20;

/// The most findings of one file.
const MAX_FINDINGS: usize = 100_000;

/// A mob on the way from the composition to a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hop {
    /// The mob.
    pub(super) mob: ObjectId,
    /// The slot that was entered; none of the composition itself.
    pub(super) slot: Option<ObjectId>,
    /// How many layers lay over it when it was entered.
    pub(super) layers: usize,
}

/// Walks the segments of one composition.
pub(super) struct Walker<'a> {
    /// The mobs that are referred to.
    pub(super) mobs: &'a Mobs<'a>,
    /// What is known of files.
    pub(super) media: MediaIndex<'a>,
    /// The rate of the composition's timecode, for places.
    pub(super) rate: FrameRate,
    /// The file, for refusals.
    pub(super) file: String,
    /// The track that is walked.
    pub(super) track: String,
    /// What applies to everything below, outermost first.
    pub(super) layers: Vec<Layer>,
    /// Whether gains belong to a source clip whose use in the composition has one of its own.
    pub(super) gain_is_superseded: bool,
    /// The mobs on the way from the composition.
    pub(super) hops: Vec<Hop>,
    /// The source clips on the way.
    pub(super) references: Vec<ObjectId>,
    /// Clips found.
    pub(super) clips: Vec<Clip>,
    /// How long the recordings of the clips are.
    pub(super) lengths: Lengths,
    /// What was noticed.
    pub(super) findings: Vec<Finding>,
    seen: BTreeSet<Finding>,
    /// Open nested scopes: which, its segment that is walked, and where it begins.
    pub(super) scopes: Vec<(ObjectId, usize, Axis)>,
    depth: usize,
    visits: u64,
    clips_before: usize,
    /// Points of gain over all clips.
    pub(super) gain_points: usize,
}

impl<'a> Walker<'a> {
    /// A walker at a composition.
    pub(super) fn new(
        mobs: &'a Mobs<'a>,
        media: MediaIndex<'a>,
        rate: FrameRate,
        file: String,
        composition: ObjectId,
    ) -> Self {
        Self {
            mobs,
            media,
            rate,
            file,
            track: String::new(),
            layers: Vec::new(),
            gain_is_superseded: false,
            hops: vec![Hop {
                mob: composition,
                slot: None,
                layers: 0,
            }],
            references: Vec::new(),
            clips: Vec::new(),
            lengths: Lengths::new(),
            findings: Vec::new(),
            seen: BTreeSet::new(),
            scopes: Vec::new(),
            depth: 0,
            visits: 0,
            clips_before: 0,
            gain_points: 0,
        }
    }

    /// The clips of the track that was walked.
    pub(super) fn take_clips(&mut self) -> Vec<Clip> {
        self.clips_before += self.clips.len();
        std::mem::take(&mut self.clips)
    }

    /// Notes something at a place of the track. The same note at the same place counts once: the
    /// channels of a clip would each make it.
    pub(super) fn note(&mut self, code: &'static Code, at: Rational, message: impl Into<String>) {
        let clip = self.name();
        let place = Place {
            track: Some(self.track.clone()),
            clip: (!clip.is_empty()).then_some(clip),
            timecode: self.rate.timecode_at(at).map(|tc| tc.to_string()),
            ..Place::default()
        };
        let finding = Finding::new(code, message).at(place);
        if self.findings.len() < MAX_FINDINGS && self.seen.insert(finding.clone()) {
            self.findings.push(finding);
        }
    }

    /// A refusal of the whole file.
    pub(super) fn refuse(&self, message: impl Into<String>) -> ReadError {
        let place = Place {
            track: Some(self.track.clone()),
            ..Place::file(self.file.clone())
        };
        ReadError::malformed(place, message)
    }

    /// Walks a segment that begins at `axis`, as far as it is within `window`. `own_length` says
    /// whether its own length counts; that of an effect's input does not, the effect's does.
    pub(super) fn segment(
        &mut self,
        id: ObjectId,
        axis: Axis,
        window: Window,
        own_length: bool,
    ) -> Result<(), ReadError> {
        self.depth += 1;
        self.visits += 1;
        if self.depth > MAX_DEPTH {
            let message = format!("the composition nests more than {MAX_DEPTH} deep");
            return Err(self.refuse(message));
        }
        if self.visits > MAX_VISITS || self.clips_before + self.clips.len() > MAX_CLIPS {
            return Err(
                self.refuse("the composition unfolds into more clips than any real one has")
            );
        }
        if self.gain_points > MAX_GAIN_POINTS {
            let message = format!("the gains of its clips have more than {MAX_GAIN_POINTS} points");
            return Err(self.refuse(message));
        }
        let class = self.mobs.objects.class(id);
        match class {
            Class::Sequence => self.sequence(id, axis, window, own_length)?,
            Class::SourceClip => self.source_clip(id, axis, window, own_length)?,
            Class::OperationGroup => self.operation(id, axis, window, own_length)?,
            Class::Selector => self.selector(id, axis, window, own_length)?,
            Class::NestedScope => self.nested_scope(id, axis, window, own_length)?,
            Class::ScopeReference => self.scope_reference(id, axis, window, own_length)?,
            Class::EssenceGroup => self.essence_group(id, axis, window, own_length)?,
            Class::Pulldown => self.pulldown(id, axis, window)?,
            Class::Filler | Class::Transition => {}
            _ => self.note(
                &codes::STRUCTURE,
                window.start,
                "a component of unknown class",
            ),
        }
        self.depth -= 1;
        Ok(())
    }

    /// The stretch of a component, cut to the window; `None` where nothing of it is to be seen.
    pub(super) fn stretch(
        &mut self,
        id: ObjectId,
        axis: Axis,
        window: Window,
        own_length: bool,
    ) -> Option<Window> {
        if !own_length {
            return Some(window);
        }
        let length = self.length(id);
        let own = Window::of(axis, length);
        if own.is_none() {
            self.out_of_bounds(window.start, length);
        }
        own.and_then(|own| own.common(window))
    }

    /// The length of a component in edit units; 0 where it has none.
    pub(super) fn length(&self, id: ObjectId) -> i64 {
        let length = self.mobs.objects.integer(id, Prop::Length);
        length.unwrap_or(0).max(0)
    }

    pub(super) fn out_of_bounds(&mut self, at: Rational, value: i64) {
        self.note(
            &codes::BOUNDS,
            at,
            format!("{value} edit units cannot be placed"),
        );
    }

    /// Walks components one after the other; a transition overlaps its neighbours. Where its own
    /// length does not count, the first and the last component reach as far as the window does.
    fn sequence(
        &mut self,
        id: ObjectId,
        axis: Axis,
        window: Window,
        own_length: bool,
    ) -> Result<(), ReadError> {
        let objects = self.mobs.objects;
        let components = objects.objects(id, Prop::Components);
        let transition = |at: Option<usize>| {
            let id = *components.get(at?)?;
            (objects.class(id) == Class::Transition).then_some(id)
        };
        let plain = |id: &ObjectId| objects.class(*id) != Class::Transition;
        let first = components.iter().position(plain).filter(|_| !own_length);
        let last = components.iter().rposition(plain).filter(|_| !own_length);
        let mut position = 0_i64;
        for (i, &component) in components.iter().enumerate() {
            self.visits += 1;
            let length = self.length(component);
            if objects.class(component) == Class::Transition {
                position = position.saturating_sub(length);
                continue;
            }
            let placed = axis.from(position);
            let next = position.checked_add(length);
            let (Some(own_axis), Some(next)) = (placed, next) else {
                self.out_of_bounds(window.start, position);
                return Ok(());
            };
            position = next;
            let own = Window::of(own_axis, length).and_then(|mut own| {
                if first == Some(i) {
                    own.start = own.start.min(window.start);
                }
                if last == Some(i) {
                    own.end = own.end.max(window.end);
                }
                own.common(window)
            });
            let Some(own) = own else { continue };
            if objects.class(component) == Class::Filler {
                continue;
            }
            let layers = self.layers.len();
            self.fade(transition(i.checked_sub(1)), own_axis, length, true);
            self.fade(transition(i.checked_add(1)), own_axis, length, false);
            self.segment(component, own_axis, own, own_length)?;
            self.layers.truncate(layers);
        }
        Ok(())
    }

    /// The fade that a transition beside a component makes of it.
    fn fade(&mut self, transition: Option<ObjectId>, axis: Axis, length: i64, incoming: bool) {
        let Some(transition) = transition else { return };
        let overlap = self.length(transition);
        if overlap == 0 {
            return;
        }
        let Laws {
            incoming: comes,
            outgoing: goes,
            unknown,
            guessed,
        } = transition::laws(self.mobs.objects, transition);
        let start = if incoming {
            Some(axis.zero)
        } else {
            length.checked_sub(overlap).and_then(|at| axis.at(at))
        };
        let (Some(start), Some(length)) = (start, axis.length(overlap)) else {
            self.out_of_bounds(axis.zero, overlap);
            return;
        };
        if guessed {
            self.note(&codes::GAIN_CURVE, start, "a fade moves along a curve");
        }
        if let Some(unknown) = unknown {
            self.note(&codes::FADE_CURVE, start, unknown);
        }
        self.layers.push(Layer::Fade(Edge {
            incoming,
            start,
            length,
            law: if incoming { comes } else { goes },
        }));
    }

    /// Whether a segment is nothing but filler.
    pub(super) fn is_silence(&self, id: ObjectId) -> bool {
        let objects = self.mobs.objects;
        let filler = |id: ObjectId| objects.class(id) == Class::Filler;
        let parts = objects.objects(id, Prop::Components);
        filler(id) || objects.class(id) == Class::Sequence && parts.iter().all(|&id| filler(id))
    }

    /// A selector plays one of its segments. Editors use it to switch a clip off: the clip then
    /// stands among the alternates and nothing is selected.
    fn selector(
        &mut self,
        id: ObjectId,
        axis: Axis,
        window: Window,
        own_length: bool,
    ) -> Result<(), ReadError> {
        let objects = self.mobs.objects;
        let lists = [Prop::ComponentAttributeList, Prop::ComponentAttributes];
        let flag = objects.tag_integer(id, &lists, "_DISABLE_CLIP_FLAG");
        let selected = objects.object(id, Prop::Selected);
        let mut alternates = objects.objects(id, Prop::Alternates).iter().copied();
        let alternate = alternates.find(|&id| !self.is_silence(id));
        let empty = selected.is_none_or(|id| self.is_silence(id));
        let muted = flag.map_or(empty && alternate.is_some(), |flag| flag != 0);
        let off = empty && flag != Some(0);
        let played = if off { alternate } else { selected };
        let Some(own) = self.stretch(id, axis, window, own_length) else {
            return Ok(());
        };
        let Some(played) = played else { return Ok(()) };
        let layers = self.layers.len();
        if muted {
            self.layers.push(Layer::Muted);
        }
        self.segment(played, axis, own, false)?;
        self.layers.truncate(layers);
        Ok(())
    }
}
