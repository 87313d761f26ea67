//! Nested scopes: segments side by side, of which the last one plays and may refer to the others.

use super::axis::{Axis, Window};
use super::codes;
use super::names::Prop;
use super::objects::ObjectId;
use super::walk::Walker;
use crate::interchange::ReadError;

impl Walker<'_> {
    /// A nested scope plays its last segment; the others are there to be referred to.
    pub(super) fn nested_scope(
        &mut self,
        id: ObjectId,
        axis: Axis,
        window: Window,
        own_length: bool,
    ) -> Result<(), ReadError> {
        let slots = self.mobs.objects.objects(id, Prop::ScopeSlots);
        let own = self.stretch(id, axis, window, own_length);
        let (Some(own), Some(last)) = (own, slots.last()) else {
            return Ok(());
        };
        self.scopes.push((id, slots.len() - 1, axis));
        self.segment(*last, axis, own, false)?;
        self.scopes.pop();
        Ok(())
    }

    /// A scope reference plays an earlier segment of the scope that it stands in.
    pub(super) fn scope_reference(
        &mut self,
        id: ObjectId,
        axis: Axis,
        window: Window,
        own_length: bool,
    ) -> Result<(), ReadError> {
        let objects = self.mobs.objects;
        let number = |prop| {
            objects
                .integer(id, prop)
                .and_then(|n| usize::try_from(n).ok())
        };
        let outer = number(Prop::RelativeScope).unwrap_or(0);
        let back = number(Prop::RelativeSlot).unwrap_or(0);
        let at = self.scopes.len().checked_sub(outer + 1);
        let target = at.and_then(|at| {
            let (scope, slot, axis) = *self.scopes.get(at)?;
            let slot = slot.checked_sub(back).filter(|_| back > 0)?;
            let segment = objects.objects(scope, Prop::ScopeSlots).get(slot)?;
            Some(((scope, slot, axis), *segment))
        });
        let Some(own) = self.stretch(id, axis, window, own_length) else {
            return Ok(());
        };
        let Some((scope, segment)) = target else {
            self.note(
                &codes::STRUCTURE,
                own.start,
                "a reference to a scope that is not there",
            );
            return Ok(());
        };
        let kept = self.scopes.split_off(at.unwrap_or(0));
        self.scopes.push(scope);
        // What it refers to runs beside it, from the start of the scope.
        self.segment(segment, scope.2, own, false)?;
        self.scopes.pop();
        self.scopes.extend(kept);
        Ok(())
    }

    /// Forgets the open scopes; returns them for [`Walker::enter_scopes`].
    pub(super) fn leave_scopes(&mut self) -> Vec<(ObjectId, usize, Axis)> {
        std::mem::take(&mut self.scopes)
    }

    /// Opens scopes again.
    pub(super) fn enter_scopes(&mut self, scopes: Vec<(ObjectId, usize, Axis)>) {
        self.scopes = scopes;
    }
}
