//! How long items are, and what transitions do to them.

use super::codes;
use super::context::{Context, Edge, Slot};
use super::fade::shape_of;
use super::layout::Layout;
use super::level::Stand;
use super::model::{Class, Object};
use super::time::TimeError;
use crate::finding::Place;
use crate::time::Rational;

/// Why an item's length is not known.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoLength {
    #[error("it has neither a source_range nor media with an available_range")]
    Unstated,
    #[error("{0}")]
    Time(#[from] TimeError),
}

impl Layout<'_> {
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
            silent: item.disabled || context.muted,
            place: Place {
                timecode: self.rate.timecode_at(slot.start).map(|tc| tc.to_string()),
                ..self.place_of(item, context)
            },
        }
    }

    /// What a transition does to the item before it (`outgoing`) or after it.
    pub(super) fn edge(&mut self, transition: &Object, outgoing: bool) -> Option<Edge> {
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
    pub(super) fn check_transition(&mut self, transition: &Object, context: &Context) {
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
    pub(super) fn known_length(&mut self, item: &Object, context: &Context) -> Option<Rational> {
        let error = match self.length(item) {
            Ok(length) => return Some(length),
            Err(error) => error,
        };
        if context.sounding {
            let (code, message) = match (&item.class, &error) {
                (Class::Shared, _) => (
                    &codes::SHARED_OBJECT,
                    "a reference to another object of the file is not followed".to_owned(),
                ),
                (_, NoLength::Unstated) => (&codes::NO_LENGTH, left_out(item, &error)),
                (_, NoLength::Time(_)) => (&codes::BAD_TIME, left_out(item, &error)),
            };
            self.note(code, &self.place_of(item, context), message);
        }
        None
    }

    /// The length of an item, as OTIO computes it: transitions at the ends of a track count.
    pub(super) fn length(&mut self, item: &Object) -> Result<Rational, NoLength> {
        if let Some(range) = item.source_range {
            return Ok(self.clock.length(range.length)?);
        }
        if let Some(extent) = item.extent.get() {
            return Ok(extent);
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
        item.extent.set(Some(total));
        Ok(total)
    }
}

fn left_out(item: &Object, why: &NoLength) -> String {
    format!("{} is left out: {why}", item.class_name())
}
