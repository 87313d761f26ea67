//! Mobs, their slots and their essence, by identifier.

use std::collections::BTreeMap;

use super::names::{Class, Prop};
use super::objects::{MobId, ObjectId, Objects, Value};
use super::{Container, Model};
use crate::time::Rational;

/// A slot of a mob: a segment and how positions in it are counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    /// The slot itself.
    pub(super) id: ObjectId,
    /// What it holds.
    pub(super) segment: ObjectId,
    /// Edit units a second; above zero.
    pub(super) rate: Rational,
    /// Edit units from the start of the segment to the mob's zero.
    pub(super) origin: i64,
}

impl Slot {
    /// Seconds from the start of the segment to the mob's zero.
    pub(super) fn origin_seconds(&self) -> Option<Rational> {
        Rational::from_int(self.origin).checked_div(self.rate)
    }
}

/// The mobs of a file.
pub(super) struct Mobs<'a> {
    /// All objects.
    pub(super) objects: &'a Objects,
    all: &'a [ObjectId],
    by_id: BTreeMap<MobId, ObjectId>,
    essence: BTreeMap<MobId, &'a str>,
    /// Slots of a mob in order of their identifier.
    slots: BTreeMap<(ObjectId, i64), ObjectId>,
    inside: bool,
}

impl<'a> Mobs<'a> {
    /// Indexes the mobs of a file. Where an identifier stands twice, the first counts.
    pub(super) fn new(model: &'a Model) -> Self {
        let objects = &model.objects;
        let content = objects.object(model.header, Prop::Content);
        let list = |prop| content.map_or(&[][..], |content| objects.objects(content, prop));
        let mut mobs = Self {
            objects,
            all: list(Prop::Mobs),
            by_id: BTreeMap::new(),
            essence: BTreeMap::new(),
            slots: BTreeMap::new(),
            inside: matches!(model.container, Container::Binary),
        };
        for &mob in mobs.all {
            if !objects.class(mob).is_mob() {
                continue;
            }
            if let Some(id) = objects.mob_id(mob, Prop::MobId) {
                mobs.by_id.entry(id).or_insert(mob);
            }
            for &slot in objects.objects(mob, Prop::Slots) {
                let number = objects.integer(slot, Prop::SlotId).unwrap_or(0);
                mobs.slots.entry((mob, number)).or_insert(slot);
            }
        }
        for &data in list(Prop::EssenceData) {
            let stream = objects.get(data, Prop::EssenceStream);
            if let (Some(id), Some(Value::Stream(path))) =
                (objects.mob_id(data, Prop::EssenceMobId), stream)
            {
                mobs.essence.entry(id).or_insert(path);
            }
        }
        mobs
    }

    /// All mobs in their stored order.
    pub(super) fn all(&self) -> &'a [ObjectId] {
        self.all
    }

    /// The mob with this identifier.
    pub(super) fn get(&self, id: MobId) -> Option<ObjectId> {
        self.by_id.get(&id).copied()
    }

    /// The slot of a mob with this number, where it has a segment and an edit rate.
    pub(super) fn slot(&self, mob: ObjectId, number: i64) -> Option<Slot> {
        let slot = self.slots.get(&(mob, number))?;
        self.read_slot(*slot)
    }

    /// The timeline slots of a mob, in their stored order.
    pub(super) fn slots(&self, mob: ObjectId) -> impl Iterator<Item = Slot> + use<'a, '_> {
        let slots = self.objects.objects(mob, Prop::Slots).iter();
        slots.filter_map(|&slot| self.read_slot(slot))
    }

    fn read_slot(&self, id: ObjectId) -> Option<Slot> {
        if self.objects.class(id) != Class::TimelineMobSlot {
            return None;
        }
        let rate = self.objects.rational(id, Prop::EditRate)?;
        Some(Slot {
            id,
            segment: self.objects.object(id, Prop::Segment)?,
            rate: Some(rate).filter(|rate| *rate > Rational::ZERO)?,
            origin: self.objects.integer(id, Prop::Origin).unwrap_or(0),
        })
    }

    /// The stream of a file mob's essence, and whether it is inside the AAF itself.
    pub(super) fn essence(&self, id: MobId) -> Option<(&'a str, bool)> {
        self.essence.get(&id).map(|path| (*path, self.inside))
    }
}
