//! What is known of the files that clips use.

use std::collections::BTreeMap;

use super::essence;
use super::ids;
use super::mobs::Mobs;
use super::names::{Class, Prop};
use super::objects::{Auid, MobId, ObjectId};
use super::source::Leaf;
use super::walk::Hop;
use crate::time::Rational;
use crate::timeline::{Embedded, MediaRef};

/// Which channel of a file a clip is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ChannelChoice {
    /// The channel from 1; all where absent.
    pub(super) channel: Option<u32>,
    /// Channels of the file, where known.
    pub(super) count: Option<u32>,
}

/// Files by mob, with the names of effects.
pub(super) struct MediaIndex<'a> {
    mobs: &'a Mobs<'a>,
    /// The AAF itself, which holds embedded essence of the binary form.
    container: String,
    /// Name of an effect, and whether it changes the speed.
    operations: BTreeMap<Auid, (&'a str, bool)>,
    files: BTreeMap<ObjectId, MediaRef>,
}

impl<'a> MediaIndex<'a> {
    /// An index over the mobs of a file and its dictionary.
    pub(super) fn new(mobs: &'a Mobs<'a>, container: String, header: ObjectId) -> Self {
        let objects = mobs.objects;
        let mut operations = BTreeMap::new();
        let dictionary = objects.object(header, Prop::Dictionary);
        let list = dictionary.map_or(&[][..], |d| objects.objects(d, Prop::OperationDefinitions));
        for &definition in list {
            if let Some(id) = objects.auid(definition, Prop::DefinitionId) {
                let warps = objects.integer(definition, Prop::IsTimeWarp) == Some(1);
                operations.insert(id, (objects.text(definition, Prop::DefinitionName), warps));
            }
        }
        Self {
            mobs,
            container,
            operations,
            files: BTreeMap::new(),
        }
    }

    /// The name of an effect, else its identifier.
    pub(super) fn operation_name(&self, operation: Option<Auid>) -> String {
        let Some(id) = operation else {
            return "without a definition".into();
        };
        match self.operations.get(&id) {
            Some((name, _)) if !name.is_empty() => format!("`{name}`"),
            _ => id.to_string(),
        }
    }

    /// Whether an effect changes the speed of what it plays.
    pub(super) fn is_time_warp(&self, operation: Option<Auid>) -> bool {
        let known = operation.and_then(|id| self.operations.get(&id));
        known.is_some_and(|(_, warps)| *warps)
    }

    /// Whether a source is a file, or was imported from one whose path is stated.
    pub(super) fn has_file(&self, mob: ObjectId) -> bool {
        let objects = self.mobs.objects;
        let id = objects.mob_id(mob, Prop::MobId).unwrap_or(MobId::NULL);
        if self.mobs.essence(id).is_some() {
            return true;
        }
        let Some(descriptor) = objects.object(mob, Prop::Descriptor) else {
            return false;
        };
        match objects.class(descriptor) {
            Class::TapeDescriptor | Class::FilmDescriptor => false,
            Class::ImportDescriptor | Class::RecordingDescriptor | Class::PhysicalDescriptor => {
                !objects.objects(descriptor, Prop::Locators).is_empty()
            }
            _ => true,
        }
    }

    /// How long the recording is from its first sample, by its own slot.
    pub(super) fn length(&self, leaf: &Leaf) -> Option<Rational> {
        let slot = leaf.slot?;
        let length = self.mobs.objects.integer(slot.segment, Prop::Length)?;
        let length = Rational::from_int(length).checked_div(slot.rate)?;
        (length > Rational::ZERO).then_some(length)
    }

    /// The file at the end of a chain, without the choice of channel.
    pub(super) fn file(&mut self, leaf: &Leaf, hops: &[Hop]) -> MediaRef {
        let objects = self.mobs.objects;
        let master = hops
            .iter()
            .rev()
            .find(|hop| objects.class(hop.mob) == Class::MasterMob);
        let master = master.map_or("", |hop| objects.text(hop.mob, Prop::MobName));
        let mut media = match leaf.mob {
            Some(mob) => self.files.get(&mob).cloned().unwrap_or_else(|| {
                let media = self.describe(mob, leaf.id);
                self.files.insert(mob, media.clone());
                media
            }),
            None => MediaRef {
                umid: Some(leaf.id.to_string()),
                ..MediaRef::default()
            },
        };
        if !master.is_empty() {
            master.clone_into(&mut media.name);
        }
        media
    }

    fn describe(&self, mob: ObjectId, id: MobId) -> MediaRef {
        let objects = self.mobs.objects;
        let descriptor = objects.object(mob, Prop::Descriptor);
        let mut paths = descriptor
            .map_or(Vec::new(), |d| self.locators(d))
            .into_iter();
        let file = paths.next();
        let mut name = objects.text(mob, Prop::MobName).to_owned();
        if name.is_empty() {
            let last = file
                .as_deref()
                .and_then(|path| path.rsplit(['/', '\\']).next());
            let last = last.unwrap_or_default();
            name = percent_encoding::percent_decode_str(last)
                .decode_utf8_lossy()
                .into_owned();
        }
        MediaRef {
            name,
            file,
            alternatives: paths.collect(),
            reel: None,
            umid: Some(id.to_string()),
            channel: None,
            embedded: self.embedded(id, descriptor),
        }
    }

    /// Paths as written: of the descriptor, then of its parts.
    fn locators(&self, descriptor: ObjectId) -> Vec<String> {
        let objects = self.mobs.objects;
        let parts = objects.objects(descriptor, Prop::FileDescriptors).iter();
        let owners = std::iter::once(&descriptor).chain(parts);
        let all = owners.flat_map(|&owner| objects.objects(owner, Prop::Locators));
        let paths = all.map(|&locator| match objects.class(locator) {
            Class::TextLocator => objects.text(locator, Prop::LocationName),
            _ => objects.text(locator, Prop::Url),
        });
        let mut kept: Vec<String> = Vec::new();
        for path in paths.filter(|path| !path.is_empty()) {
            if kept.iter().all(|known| known != path) {
                kept.push(path.to_owned());
            }
        }
        kept
    }

    fn embedded(&self, id: MobId, descriptor: Option<ObjectId>) -> Option<Embedded> {
        let (path, inside) = self.mobs.essence(id)?;
        let objects = self.mobs.objects;
        let sound = descriptor.and_then(|d| essence::sound(objects, d));
        let (container, entry) = if inside {
            (self.container.clone(), path.to_owned())
        } else {
            (path.to_owned(), String::new())
        };
        Some(Embedded {
            container,
            entry,
            pcm: sound.and_then(|sound| essence::pcm(objects, sound)),
        })
    }

    /// Which channel of the file a clip is. The slot of the file says so by its number; where the
    /// file has only one slot, the numbers of its own and of the master clip's slot do.
    pub(super) fn channel(&self, leaf: &Leaf, hops: &[Hop]) -> ChannelChoice {
        let objects = self.mobs.objects;
        let sound = leaf
            .mob
            .and_then(|mob| objects.object(mob, Prop::Descriptor))
            .and_then(|descriptor| essence::sound(objects, descriptor));
        let count = sound.and_then(|sound| essence::channels(objects, sound));
        let (Some(mob), Some(slot)) = (leaf.mob, leaf.slot) else {
            return ChannelChoice {
                channel: None,
                count,
            };
        };
        if count == Some(1) {
            return ChannelChoice {
                channel: Some(1),
                count,
            };
        }
        let fits = |number: u32| number >= 1 && count.is_none_or(|count| number <= count);
        let own = self.number(slot.id).filter(|number| fits(*number));
        let sounds = self.sound_slots(mob);
        let master = hops
            .iter()
            .rev()
            .find(|hop| objects.class(hop.mob) == Class::MasterMob);
        let master = master.and_then(|hop| {
            let number = self.number(hop.slot?).filter(|number| fits(*number))?;
            Some((number, self.sound_slots(hop.mob).len()))
        });
        let channel = if sounds.len() > 1 {
            let ordinal = sounds.iter().position(|id| *id == slot.id);
            own.or_else(|| u32::try_from(ordinal? + 1).ok().filter(|n| fits(*n)))
        } else {
            match (own, master) {
                (Some(number), _) if number > 1 => Some(number),
                (_, Some((number, _))) if number > 1 && count.is_some() => Some(number),
                (Some(1), Some((1, slots))) if slots > 1 && count.is_some() => Some(1),
                _ => None,
            }
        };
        ChannelChoice { channel, count }
    }

    fn number(&self, slot: ObjectId) -> Option<u32> {
        let number = self.mobs.objects.integer(slot, Prop::TrackNumber)?;
        u32::try_from(number).ok()
    }

    fn sound_slots(&self, mob: ObjectId) -> Vec<ObjectId> {
        let objects = self.mobs.objects;
        let sound = |segment| ids::is_sound(objects.auid(segment, Prop::DataDefinition));
        let slots = self.mobs.slots(mob).filter(|slot| sound(slot.segment));
        slots.map(|slot| slot.id).collect()
    }
}
