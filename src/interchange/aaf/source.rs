//! References to mobs: following a source clip from mob to mob down to a file.

use super::axis::{Axis, Window};
use super::codes;
use super::ids;
use super::layers::{Edge, Law, Layer};
use super::mobs::Slot;
use super::names::{Class, Prop};
use super::objects::{MobId, ObjectId};
use super::walk::{Hop, Walker};
use crate::interchange::ReadError;
use crate::time::Rational;
use crate::timeline::FadeShape;

/// What is said of a clip whose chain of mobs ends in none.
const NO_SOURCE: &str =
    "a clip refers to no recording (a generator of the editor, or nothing): it is silent";

/// Where a chain of mobs ends: what sounds and since when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leaf {
    /// The identifier of the mob that the last reference names.
    pub(super) id: MobId,
    /// The mob, where the file describes it.
    pub(super) mob: Option<ObjectId>,
    /// Its slot, where there is one.
    pub(super) slot: Option<Slot>,
    /// Where the mob's zero stands on the record axis.
    pub(super) zero: Rational,
}

impl Walker<'_> {
    /// Walks a reference to a slot of a mob.
    pub(super) fn source_clip(
        &mut self,
        id: ObjectId,
        axis: Axis,
        window: Window,
        own_length: bool,
    ) -> Result<(), ReadError> {
        let Some(own) = self.stretch(id, axis, window, own_length) else {
            return Ok(());
        };
        let objects = self.mobs.objects;
        // Without an identifier it is a slot of the same mob (AAF Object Specification, SourceReference).
        let here = self.hops.last().map(|hop| hop.mob);
        let stated = objects.mob_id(id, Prop::SourceId);
        let source = stated.or_else(|| objects.mob_id(here?, Prop::MobId));
        let source = source.unwrap_or(MobId::NULL);
        if source == MobId::NULL {
            self.note(&codes::STRUCTURE, own.start, NO_SOURCE);
            return Ok(());
        }
        let start = objects.integer(id, Prop::StartTime).unwrap_or(0);
        let into = axis
            .length(start)
            .and_then(|into| axis.zero.checked_sub(into));
        let Some(zero) = into else {
            self.out_of_bounds(own.start, start);
            return Ok(());
        };
        let mob = self.mobs.get(source);
        let slot = mob.and_then(|mob| {
            let number = objects.integer(id, Prop::SourceSlotId).unwrap_or(0);
            self.mobs.slot(mob, number)
        });
        let kept = self.layers.len();
        self.own_fades(id, axis);
        self.references.push(id);
        let leaf = Leaf {
            id: source,
            mob,
            slot,
            zero,
        };
        let result = match (mob, slot) {
            (Some(mob), Some(slot)) if !self.is_end(mob) => self.hop(mob, slot, zero, own),
            _ => {
                self.leaf(leaf, own);
                Ok(())
            }
        };
        self.references.pop();
        self.layers.truncate(kept);
        result
    }

    /// Whether a chain ends at this mob: a source, be it a file or a tape.
    fn is_end(&self, mob: ObjectId) -> bool {
        self.mobs.objects.class(mob) == Class::SourceMob
    }

    /// Goes on into a mob that refers to others.
    fn hop(
        &mut self,
        mob: ObjectId,
        slot: Slot,
        zero: Rational,
        window: Window,
    ) -> Result<(), ReadError> {
        if self
            .hops
            .iter()
            .any(|hop| hop.mob == mob && hop.slot == Some(slot.id))
        {
            let name = self.mobs.objects.text(mob, Prop::MobName);
            return Err(self.refuse(format!("mob `{name}` refers to itself")));
        }
        let origin = slot.origin_seconds();
        let Some(zero) = origin.and_then(|origin| zero.checked_sub(origin)) else {
            self.out_of_bounds(window.start, slot.origin);
            return Ok(());
        };
        let axis = Axis {
            zero,
            rate: slot.rate,
        };
        self.hops.push(Hop {
            mob,
            slot: Some(slot.id),
            layers: self.layers.len(),
        });
        // Scopes do not reach into other mobs.
        let scopes = self.leave_scopes();
        let before = self.gain_is_superseded;
        self.gain_is_superseded |= self.has_gain_of_its_own(mob);
        let made = self.mobs.objects.class(mob) != Class::CompositionMob;
        if made && self.is_silence(slot.segment) {
            self.note(&codes::STRUCTURE, window.start, NO_SOURCE);
        }
        let result = self.segment(slot.segment, axis, window, self.is_sequence(mob));
        self.gain_is_superseded = before;
        self.enter_scopes(scopes);
        self.hops.pop();
        result
    }

    /// Whether a mob is a sequence used as a clip: beyond its ends it is silent, where a clip would
    /// go on and find its recording too short.
    fn is_sequence(&self, mob: ObjectId) -> bool {
        let usage = self.mobs.objects.auid(mob, Prop::UsageCode);
        self.mobs.objects.class(mob) == Class::CompositionMob
            && usage != Some(ids::SUB_CLIP)
            && usage != Some(ids::ADJUSTED_CLIP)
    }

    /// Whether a mob is a clip that Media Composer keeps with a gain, and its use here has a gain
    /// too: cutting a clip in copies its gain, and from then on only the copy counts.
    fn has_gain_of_its_own(&self, mob: ObjectId) -> bool {
        let usage = self.mobs.objects.auid(mob, Prop::UsageCode);
        let kept = usage == Some(ids::SUB_CLIP) || usage == Some(ids::ADJUSTED_CLIP);
        // Gains over a nested sequence are not the clip's own.
        let [.., user, _] = self.hops[..] else {
            return false;
        };
        let own = self.layers.get(user.layers..).unwrap_or_default();
        let gain = |layer: &Layer| matches!(layer, Layer::Gain(_) | Layer::Automation(_));
        kept && own.iter().any(gain)
    }

    /// The fades that a source clip may carry itself, in files before transitions had effects.
    fn own_fades(&mut self, id: ObjectId, axis: Axis) {
        let objects = self.mobs.objects;
        let number = |prop| objects.integer(id, prop).unwrap_or(0);
        let ends = self.length(id);
        for (length, kind, incoming) in [
            (Prop::FadeInLength, Prop::FadeInType, true),
            (Prop::FadeOutLength, Prop::FadeOutType, false),
        ] {
            let length = number(length);
            let shape = match number(kind) {
                1 => FadeShape::Linear,
                2 => FadeShape::EqualPower,
                _ => continue,
            };
            let start = if incoming {
                Some(axis.zero)
            } else {
                ends.checked_sub(length).and_then(|at| axis.at(at))
            };
            let length = axis.length(length).filter(|l| *l > Rational::ZERO);
            if let (Some(start), Some(length)) = (start, length) {
                self.layers.push(Layer::Fade(Edge {
                    incoming,
                    start,
                    length,
                    law: Law::Shape(Some(shape)),
                }));
            }
        }
    }

    /// Several versions of one recording: the first that ends at a file.
    pub(super) fn essence_group(
        &mut self,
        id: ObjectId,
        axis: Axis,
        window: Window,
        own_length: bool,
    ) -> Result<(), ReadError> {
        let Some(own) = self.stretch(id, axis, window, own_length) else {
            return Ok(());
        };
        let objects = self.mobs.objects;
        let choices = objects.objects(id, Prop::Choices);
        let has_file = |choice: &&ObjectId| {
            let source = objects.mob_id(**choice, Prop::SourceId);
            let mob = source.and_then(|id| self.mobs.get(id));
            mob.is_some_and(|mob| self.media.has_file(mob))
        };
        let Some(&choice) = choices.iter().find(has_file).or(choices.first()) else {
            return Ok(());
        };
        if choices.len() > 1 {
            let message = format!("one of {} versions is taken", choices.len());
            self.note(&codes::CHOICE, own.start, message);
        }
        self.segment(choice, axis, own, false)
    }

    /// A pulldown counts what is inside in another rate; real time stays.
    pub(super) fn pulldown(
        &mut self,
        id: ObjectId,
        axis: Axis,
        window: Window,
    ) -> Result<(), ReadError> {
        let objects = self.mobs.objects;
        let Some(input) = objects.object(id, Prop::InputSegment) else {
            return Ok(());
        };
        let inner = pulldown_rate(
            axis.rate,
            objects.integer(id, Prop::PulldownKind).unwrap_or(2),
            objects.integer(id, Prop::PulldownDirection) != Some(1),
        );
        let Some(rate) = inner else {
            self.out_of_bounds(window.start, 0);
            return Ok(());
        };
        self.segment(input, Axis { rate, ..axis }, window, true)
    }
}

/// The rate inside a pulldown (AAF Object Specification, `PulldownKind`): tape frames for film
/// frames, or the other way round.
pub(super) fn pulldown_rate(rate: Rational, kind: i64, to_film: bool) -> Option<Rational> {
    let (tape, film) = match kind {
        0 => (5, 4),
        1 => (25, 24),
        6 => (5, 2),
        7 => (2, 1),
        _ => (1, 1),
    };
    let ratio = Rational::new(tape, film)?;
    if to_film {
        rate.checked_mul(ratio)
    } else {
        rate.checked_div(ratio)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pulldowns_keep_real_time() {
        let film = Rational::from_int(24);
        let check = |kind, to_film, expect: i64| {
            let rate = pulldown_rate(film, kind, to_film);
            assert_eq!(rate, Some(Rational::from_int(expect)), "{kind}");
        };
        check(0, true, 30);
        check(1, true, 25);
        check(6, true, 60);
        check(2, true, 24);
        check(7, false, 12);
    }
}
