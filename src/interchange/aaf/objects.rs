//! Objects as both stored forms give them: a class, and properties with values.

use std::fmt;

use super::names::{Class, Prop};
use crate::time::Rational;

/// The most objects one file may hold; the largest turnovers have some 300,000.
pub(super) const MAX_OBJECTS: usize = 8_000_000;

/// The identifier of a definition, a usage or a type (AAF Object Specification §AUID).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Auid(pub(super) u128);

impl Auid {
    /// The identifier of a structure of four numbers as the binary form stores it, in either byte order.
    pub(super) fn from_bytes(bytes: [u8; 16], big_endian: bool) -> Self {
        if big_endian {
            return Self(u128::from_be_bytes(bytes));
        }
        let [a0, a1, a2, a3, b0, b1, c0, c1, d @ ..] = bytes;
        let head = [a3, a2, a1, a0, b1, b0, c1, c0];
        let (high, low) = (u64::from_be_bytes(head), u64::from_be_bytes(d));
        Self(u128::from(high) << 64 | u128::from(low))
    }

    /// Reads `urn:uuid:…` and, with its halves swapped, `urn:smpte:ul:…`.
    pub(super) fn from_urn(text: &str) -> Option<Self> {
        if let Some(uuid) = text.strip_prefix("urn:uuid:") {
            return hex(uuid, '-').map(Self);
        }
        let label = hex(text.strip_prefix("urn:smpte:ul:")?, '.')?;
        Some(Self(label.rotate_left(64)))
    }
}

/// The number of 32 hexadecimal digits between separators.
fn hex(text: &str, separator: char) -> Option<u128> {
    let digits: String = text.chars().filter(|&c| c != separator).collect();
    if digits.len() != 32 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    u128::from_str_radix(&digits, 16).ok()
}

impl fmt::Display for Auid {
    /// `9d2ea894-0968-11d3-8a38-0050040ef7d2`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&uuid::Uuid::from_u128(self.0).hyphenated(), f)
    }
}

impl fmt::Debug for Auid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The identifier of a mob: a UMID in the byte order of SMPTE ST 330.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct MobId(pub(super) [u8; 32]);

impl MobId {
    /// The null identifier: the end of a chain.
    pub(super) const NULL: Self = Self([0; 32]);

    /// The identifier as the binary form stores it: twelve bytes of label, the length, three of
    /// instance, and a structure of four numbers as material.
    ///
    /// Where the label says that no method made the number and the material is a swapped universal
    /// label, the halves of the material stand the other way round in a UMID.
    pub(super) fn from_bytes(bytes: [u8; 32], big_endian: bool) -> Self {
        let (mut out, mut material) = ([0; 32], [0; 16]);
        out[..16].copy_from_slice(&bytes[..16]);
        material.copy_from_slice(&bytes[16..]);
        let material = Auid::from_bytes(material, big_endian).0;
        let swapped = bytes[11] == 0 && (material as u64) >> 16 == 0x060e_2b34_7f7f_u64;
        let material = if swapped {
            material.rotate_left(64)
        } else {
            material
        };
        out[16..].copy_from_slice(&material.to_be_bytes());
        Self(out)
    }

    /// Reads `urn:smpte:umid:` and eight groups of eight digits.
    pub(super) fn from_urn(text: &str) -> Option<Self> {
        let digits: String = text
            .strip_prefix("urn:smpte:umid:")?
            .chars()
            .filter(|&c| c != '.')
            .collect();
        let (high, low) = digits.split_at_checked(32)?;
        let (high, low) = (hex(high, '.')?, hex(low, '.')?);
        let mut out = [0; 32];
        out[..16].copy_from_slice(&high.to_be_bytes());
        out[16..].copy_from_slice(&low.to_be_bytes());
        Some(Self(out))
    }
}

impl fmt::Display for MobId {
    /// 64 lower-case digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for MobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Which object of [`Objects`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ObjectId(u32);

/// The value of a property.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// Any integer, boolean or enumeration with numbers.
    Integer(i64),
    /// A fraction whose denominator is not zero.
    Rational(Rational),
    /// Text up to its terminator.
    Text(String),
    /// An identifier, or a weak reference to the definition that has it.
    Auid(Auid),
    /// A reference to a mob.
    MobId(MobId),
    /// An owned object.
    Object(ObjectId),
    /// Owned objects, in their stored order.
    Objects(Vec<ObjectId>),
    /// Several integers: identifiers of slots, the parts of a colour.
    Integers(Vec<i64>),
    /// Uninterpreted bytes.
    Bytes(Vec<u8>),
    /// Where a stream of essence is stored: a path inside the file, or a file beside it.
    Stream(String),
}

/// One object.
#[derive(Debug)]
struct Object {
    class: Class,
    values: Vec<(Prop, Value)>,
}

/// All objects of a file that this reader knows, whatever the stored form.
#[derive(Debug, Default)]
pub(super) struct Objects {
    objects: Vec<Object>,
    /// How many of them are control points.
    control_points: usize,
}

impl Objects {
    /// Adds an object without properties; `None` above [`MAX_OBJECTS`].
    pub(super) fn add(&mut self, class: Class) -> Option<ObjectId> {
        if self.objects.len() >= MAX_OBJECTS {
            return None;
        }
        let id = ObjectId(u32::try_from(self.objects.len()).ok()?);
        self.control_points += usize::from(class == Class::ControlPoint);
        self.objects.push(Object {
            class,
            values: Vec::new(),
        });
        Some(id)
    }

    /// How many control points of curves there are.
    pub(super) const fn control_points(&self) -> usize {
        self.control_points
    }

    /// Sets a property; a second value of the same property is ignored.
    pub(super) fn set(&mut self, id: ObjectId, prop: Prop, value: Value) {
        if let Some(object) = self.objects.get_mut(id.0 as usize)
            && object.values.iter().all(|(known, _)| *known != prop)
        {
            object.values.push((prop, value));
        }
    }

    /// The class of an object.
    pub(super) fn class(&self, id: ObjectId) -> Class {
        self.objects
            .get(id.0 as usize)
            .map_or(Class::Other, |object| object.class)
    }

    /// The value of a property, where the object has it.
    pub(super) fn get(&self, id: ObjectId, prop: Prop) -> Option<&Value> {
        let object = self.objects.get(id.0 as usize)?;
        let found = object.values.iter().find(|(known, _)| *known == prop);
        found.map(|(_, value)| value)
    }

    /// An integer, boolean or enumeration.
    pub(super) fn integer(&self, id: ObjectId, prop: Prop) -> Option<i64> {
        match self.get(id, prop)? {
            Value::Integer(n) => Some(*n),
            _ => None,
        }
    }

    /// A fraction; an integer is one too.
    pub(super) fn rational(&self, id: ObjectId, prop: Prop) -> Option<Rational> {
        match self.get(id, prop)? {
            Value::Rational(r) => Some(*r),
            Value::Integer(n) => Some(Rational::from_int(*n)),
            _ => None,
        }
    }

    /// Text; empty where there is none.
    pub(super) fn text(&self, id: ObjectId, prop: Prop) -> &str {
        match self.get(id, prop) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// An identifier or weak reference.
    pub(super) fn auid(&self, id: ObjectId, prop: Prop) -> Option<Auid> {
        match self.get(id, prop)? {
            Value::Auid(auid) => Some(*auid),
            _ => None,
        }
    }

    /// A reference to a mob.
    pub(super) fn mob_id(&self, id: ObjectId, prop: Prop) -> Option<MobId> {
        match self.get(id, prop)? {
            Value::MobId(mob) => Some(*mob),
            _ => None,
        }
    }

    /// An owned object.
    pub(super) fn object(&self, id: ObjectId, prop: Prop) -> Option<ObjectId> {
        match self.get(id, prop)? {
            Value::Object(object) => Some(*object),
            Value::Objects(objects) => objects.first().copied(),
            _ => None,
        }
    }

    /// Owned objects; none where the property is absent.
    pub(super) fn objects(&self, id: ObjectId, prop: Prop) -> &[ObjectId] {
        match self.get(id, prop) {
            Some(Value::Objects(objects)) => objects,
            Some(Value::Object(object)) => std::slice::from_ref(object),
            _ => &[],
        }
    }

    /// Several integers; none where the property is absent.
    pub(super) fn integers(&self, id: ObjectId, prop: Prop) -> &[i64] {
        match self.get(id, prop) {
            Some(Value::Integers(integers)) => integers,
            _ => &[],
        }
    }

    /// Bytes; none where the property is absent.
    pub(super) fn bytes(&self, id: ObjectId, prop: Prop) -> &[u8] {
        match self.get(id, prop) {
            Some(Value::Bytes(bytes)) => bytes,
            _ => &[],
        }
    }

    /// The first attribute with this name in any of the lists that a producer may have put it in.
    pub(super) fn tag(&self, id: ObjectId, lists: &[Prop], name: &str) -> Option<&Value> {
        let mut tags = lists.iter().flat_map(|&list| self.objects(id, list));
        tags.find(|&&tag| self.text(tag, Prop::TagName) == name)
            .and_then(|&tag| self.get(tag, Prop::TagValue))
    }

    /// The same as an integer.
    pub(super) fn tag_integer(&self, id: ObjectId, lists: &[Prop], name: &str) -> Option<i64> {
        match self.tag(id, lists, name)? {
            Value::Integer(n) => Some(*n),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_of_both_forms_are_the_same() {
        let sound = Auid(0x0103_0202_0200_0000_060e_2b34_0401_0101);
        assert_eq!(
            Auid::from_urn("urn:smpte:ul:060e2b34.04010101.01030202.02000000"),
            Some(sound)
        );
        let stored = [2, 2, 3, 1, 0, 2, 0, 0, 6, 0x0e, 0x2b, 0x34, 4, 1, 1, 1];
        assert_eq!(Auid::from_bytes(stored, false), sound);
        assert_eq!(sound.to_string(), "01030202-0200-0000-060e-2b3404010101");
        assert_eq!(Auid::from_urn("urn:uuid:01030202"), None);
        assert_eq!(
            Auid::from_urn("urn:uuid:+1030202-0200-0000-060e-2b3404010101"),
            None
        );
    }

    #[test]
    fn the_material_of_a_umid_stands_swapped_where_it_is_a_label() {
        let urn = "urn:smpte:umid:060a2b34.01010101.01010f00.13000000.060e2b34.7f7f2a80.65a2bc50.949c1271";
        let mut stored = [0; 32];
        stored[..16]
            .copy_from_slice(&[6, 10, 0x2b, 0x34, 1, 1, 1, 1, 1, 1, 0x0f, 0, 0x13, 0, 0, 0]);
        stored[16..].copy_from_slice(&[
            0x50, 0xbc, 0xa2, 0x65, 0x9c, 0x94, 0x71, 0x12, 6, 0x0e, 0x2b, 0x34, 0x7f, 0x7f, 0x2a,
            0x80,
        ]);
        assert_eq!(Some(MobId::from_bytes(stored, false)), MobId::from_urn(urn));
        assert_eq!(MobId::from_urn("urn:smpte:umid:06"), None);
    }

    #[test]
    fn a_second_value_does_not_replace_the_first() {
        let mut objects = Objects::default();
        let id = objects.add(Class::Filler).unwrap();
        objects.set(id, Prop::Length, Value::Integer(1));
        objects.set(id, Prop::Length, Value::Integer(2));
        assert_eq!(objects.integer(id, Prop::Length), Some(1));
        assert_eq!(objects.text(id, Prop::MobName), "");
    }
}
