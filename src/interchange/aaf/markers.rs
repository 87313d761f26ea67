//! Markers of a composition: events on event slots, and markers with a length on timeline slots.

use super::axis::Axis;
use super::mobs::Mobs;
use super::names::{Class, Prop};
use super::objects::{ObjectId, Objects, Value};
use crate::time::{Pos, Rational};
use crate::timeline::Marker;

/// The most markers of one file.
const MAX_MARKERS: usize = 100_000;

/// Lists of attributes of a marker.
const LISTS: [Prop; 2] = [Prop::MarkerAttributeList, Prop::ComponentAttributeList];

/// The markers of a composition that begins at `start` on the record axis.
pub(super) fn of(mobs: &Mobs<'_>, composition: ObjectId, start: Rational) -> Vec<Marker> {
    let objects = mobs.objects;
    let mut markers = Vec::new();
    for &slot in objects.objects(composition, Prop::Slots) {
        let (rate, origin) = match objects.class(slot) {
            Class::EventMobSlot => (Prop::EventEditRate, Prop::EventOrigin),
            Class::TimelineMobSlot => (Prop::EditRate, Prop::Origin),
            _ => continue,
        };
        let rate = objects.rational(slot, rate).filter(|r| *r > Rational::ZERO);
        let (Some(rate), Some(segment)) = (rate, objects.object(slot, Prop::Segment)) else {
            continue;
        };
        let origin = objects.integer(slot, origin).unwrap_or(0);
        let axis = Axis { zero: start, rate }.from(origin.saturating_neg());
        if let Some(axis) = axis {
            let left = MAX_MARKERS.saturating_sub(markers.len());
            markers.extend(in_segment(objects, segment, axis).take(left));
        }
    }
    markers.sort_by_key(|marker| marker.at);
    markers
}

/// The markers of a segment, which is a sequence of them or one alone.
fn in_segment(
    objects: &Objects,
    segment: ObjectId,
    axis: Axis,
) -> impl Iterator<Item = Marker> + '_ {
    let components = match objects.class(segment) {
        Class::Sequence => objects.objects(segment, Prop::Components).to_vec(),
        _ => vec![segment],
    };
    let mut position = 0_i64;
    components.into_iter().filter_map(move |component| {
        let before = position;
        let length = objects.integer(component, Prop::Length).unwrap_or(0);
        position = position.saturating_add(length.max(0));
        marker(objects, component, axis, before)
    })
}

fn marker(objects: &Objects, id: ObjectId, axis: Axis, before: i64) -> Option<Marker> {
    let class = objects.class(id);
    if !matches!(
        class,
        Class::Event | Class::CommentMarker | Class::DescriptiveMarker
    ) {
        return None;
    }
    let position = objects.integer(id, Prop::Position).unwrap_or(before);
    let attribute = |name: &str| match objects.tag(id, &LISTS, name) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let length = objects
        .integer(id, Prop::Length)
        .filter(|length| *length > 0)
        .or_else(|| objects.tag_integer(id, &LISTS, "_ATN_CRM_LENGTH"))
        .unwrap_or(0);
    let comment = objects.text(id, Prop::EventComment).to_owned();
    let name = objects.text(id, Prop::MarkerUser);
    Some(Marker {
        at: Pos::new(axis.at(position)?),
        length: axis.length(length.max(0))?,
        name: if name.is_empty() {
            attribute("_ATN_CRM_USER").unwrap_or_default()
        } else {
            name.to_owned()
        },
        comment: if comment.is_empty() {
            attribute("_ATN_CRM_COM").unwrap_or_default()
        } else {
            comment
        },
        colour: attribute("_ATN_CRM_COLOR").or_else(|| colour(objects, id)),
    })
}

/// A colour of three 16-bit parts as `#rrggbb`.
fn colour(objects: &Objects, id: ObjectId) -> Option<String> {
    let [red, green, blue] = objects.integers(id, Prop::MarkerColour) else {
        return None;
    };
    let part = |value: &i64| (*value).clamp(0, 0xffff) >> 8;
    Some(format!(
        "#{:02x}{:02x}{:02x}",
        part(red),
        part(green),
        part(blue)
    ))
}
