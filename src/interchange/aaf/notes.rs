//! Comments and attributes of mobs and clips, as evidence and notes.

use super::names::Prop;
use super::objects::{ObjectId, Objects, Value};
use super::walk::Hop;

/// The most notes of one clip, and the most characters of one.
const MAX_NOTES: usize = 64;
const MAX_TEXT: usize = 2000;

/// The notes of a clip: its own comments, then those of the mobs on its way. Where a name stands
/// twice, the one nearest to the clip counts.
pub(super) fn of(
    objects: &Objects,
    hops: &[Hop],
    references: &[ObjectId],
    file: Option<ObjectId>,
) -> Vec<(String, String)> {
    let mut notes = Vec::new();
    for &reference in references {
        take(objects, reference, Prop::ComponentComments, &mut notes);
        take(objects, reference, Prop::ComponentAttributeList, &mut notes);
        take(objects, reference, Prop::ComponentAttributes, &mut notes);
    }
    // The composition itself says nothing of one clip.
    let mobs = hops.iter().skip(1).map(|hop| hop.mob).chain(file);
    for mob in mobs {
        take(objects, mob, Prop::MobComments, &mut notes);
        take(objects, mob, Prop::MobAttributeList, &mut notes);
        take(objects, mob, Prop::MobAttributes, &mut notes);
    }
    notes
}

/// Adds the values of a list that people wrote: those that programs keep for themselves begin with
/// an underscore or are not text.
fn take(objects: &Objects, owner: ObjectId, list: Prop, notes: &mut Vec<(String, String)>) {
    for &tag in objects.objects(owner, list) {
        let name = objects.text(tag, Prop::TagName);
        let Some(Value::Text(value)) = objects.get(tag, Prop::TagValue) else {
            continue;
        };
        let internal = name.starts_with('_') || value.starts_with("__");
        let known = notes.iter().any(|(known, _)| known == name);
        if internal || known || value.trim().is_empty() || notes.len() >= MAX_NOTES {
            continue;
        }
        notes.push((name.to_owned(), value.chars().take(MAX_TEXT).collect()));
    }
}

#[cfg(test)]
mod tests {
    use super::super::names::Class;
    use super::*;

    #[test]
    fn what_people_wrote_is_kept_once() {
        let mut objects = Objects::default();
        let mob = objects.add(Class::MasterMob).unwrap();
        let values = [
            ("Scene", "12A"),
            ("_PJ", "project"),
            ("Set", "__AttributeList"),
            ("Scene", "13"),
            ("Take", " "),
        ];
        let tags = values.map(|(name, value)| {
            let tag = objects.add(Class::TaggedValue).unwrap();
            objects.set(tag, Prop::TagName, Value::Text(name.into()));
            objects.set(tag, Prop::TagValue, Value::Text(value.into()));
            tag
        });
        objects.set(mob, Prop::MobComments, Value::Objects(tags.to_vec()));
        let notes = of(&objects, &[], &[], Some(mob));
        assert_eq!(notes, [("Scene".to_owned(), "12A".to_owned())]);
    }
}
