//! Beyond the file: the tape or recording that it came from, and the timecode there.

use super::mobs::Mobs;
use super::names::{Class, Prop};
use super::objects::{MobId, ObjectId};
use super::source::{Leaf, pulldown_rate};
use super::timecode;
use crate::time::{Pos, Rational};
use crate::timeline::SourceTimecode;

/// How many mobs a recording may have come through.
const MAX_HOPS: usize = 32;

/// How far a reference may stand inside the segments of its slot.
const MAX_DEPTH: usize = 32;

/// What is known of a recording's origin.
#[derive(Debug, Default)]
pub(super) struct Origin {
    /// Timecode at an instant of the record axis.
    pub(super) timecode: Option<SourceTimecode>,
    /// Name of the tape or roll.
    pub(super) reel: Option<String>,
}

/// Follows a file to its tape, for the instant `sync` of the record axis. The first timecode on the
/// way counts.
pub(super) fn origin(mobs: &Mobs<'_>, leaf: &Leaf, sync: Rational) -> Origin {
    let mut origin = Origin::default();
    let mut next = leaf
        .mob
        .zip(leaf.slot)
        .map(|(mob, slot)| (mob, slot, leaf.zero));
    for _ in 0..MAX_HOPS {
        let Some((mob, slot, zero)) = next else { break };
        if origin.reel.is_none() && is_tape(mobs, mob) {
            let name = mobs.objects.text(mob, Prop::MobName);
            origin.reel = (!name.is_empty()).then(|| name.to_owned());
        }
        if origin.timecode.is_none() {
            origin.timecode = timecode::of(mobs, mob).and_then(|track| {
                let at = sync.checked_sub(zero)?.checked_add(track.zero)?;
                Some(SourceTimecode {
                    at: Pos::new(at),
                    rate: track.rate,
                })
            });
        }
        next = (|| {
            let start = zero.checked_sub(slot.origin_seconds()?)?;
            let (source, number, zero) = reference(mobs, slot.segment, start, slot.rate, sync)?;
            let mob = mobs.get(source)?;
            Some((mob, mobs.slot(mob, number)?, zero))
        })();
    }
    origin
}

fn is_tape(mobs: &Mobs<'_>, mob: ObjectId) -> bool {
    let descriptor = mobs.objects.object(mob, Prop::Descriptor);
    let class = descriptor.map(|id| mobs.objects.class(id));
    matches!(class, Some(Class::TapeDescriptor | Class::FilmDescriptor))
}

/// The reference that plays at `sync` in a segment that begins at `start`: mob, slot, and where the
/// mob's zero stands.
fn reference(
    mobs: &Mobs<'_>,
    segment: ObjectId,
    start: Rational,
    rate: Rational,
    sync: Rational,
) -> Option<(MobId, i64, Rational)> {
    let objects = mobs.objects;
    let seconds = |units: i64, rate| Rational::from_int(units).checked_div(rate);
    let (mut id, mut start, mut rate) = (segment, start, rate);
    for _ in 0..MAX_DEPTH {
        match objects.class(id) {
            Class::SourceClip => {
                let source = objects.mob_id(id, Prop::SourceId)?;
                let into = objects.integer(id, Prop::StartTime).unwrap_or(0);
                let number = objects.integer(id, Prop::SourceSlotId).unwrap_or(0);
                let zero = start.checked_sub(seconds(into, rate)?)?;
                return (source != MobId::NULL).then_some((source, number, zero));
            }
            Class::Sequence => {
                let mut position = 0_i64;
                let mut found = None;
                for &component in objects.objects(id, Prop::Components) {
                    let length = objects.integer(component, Prop::Length).unwrap_or(0).max(0);
                    if objects.class(component) == Class::Transition {
                        position = position.saturating_sub(length);
                        continue;
                    }
                    let at = start.checked_add(seconds(position, rate)?)?;
                    if at > sync && found.is_some() {
                        break;
                    }
                    found = Some((component, at));
                    position = position.saturating_add(length);
                }
                (id, start) = found?;
            }
            Class::OperationGroup => id = *objects.objects(id, Prop::InputSegments).first()?,
            Class::EssenceGroup => id = *objects.objects(id, Prop::Choices).first()?,
            Class::Selector => id = objects.object(id, Prop::Selected)?,
            Class::Pulldown => {
                let kind = objects.integer(id, Prop::PulldownKind).unwrap_or(2);
                let to_film = objects.integer(id, Prop::PulldownDirection) != Some(1);
                rate = pulldown_rate(rate, kind, to_film)?;
                id = objects.object(id, Prop::InputSegment)?;
            }
            _ => return None,
        }
    }
    None
}
