//! The binary form's property and index streams (AAF Low-Level Container Specification §§5–7).

use super::ids::types;
use super::names::Kind;
use super::objects::{Auid, MobId, Value};
use crate::time::Rational;

/// How a property is stored.
const DATA: u16 = 0x82;
const STREAM: u16 = 0x42;
const OBJECT: u16 = 0x22;
const OBJECT_VECTOR: u16 = 0x32;
const OBJECT_SET: u16 = 0x3a;
const REFERENCE: u16 = 0x02;

/// One property of an object as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    /// Its number.
    pub(super) number: u16,
    form: u16,
    data: &'a [u8],
}

/// What a property says, before objects are followed.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Stored {
    /// A value.
    Value(Value),
    /// The folder of one owned object.
    Object(String),
    /// The name of the index of several, and whether it is a set's.
    Objects(String, bool),
    /// The stream of essence beside the properties.
    Stream(String),
}

/// Reads numbers of a stream in its byte order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Order {
    big: bool,
}

impl Order {
    /// The order that a mark names: `L` or `B`.
    fn of(mark: u8) -> Option<Self> {
        match mark {
            b'L' => Some(Self { big: false }),
            b'B' => Some(Self { big: true }),
            _ => None,
        }
    }

    /// An unsigned integer of up to eight bytes.
    fn unsigned(self, bytes: &[u8]) -> u64 {
        let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        if self.big {
            bytes.iter().take(8).fold(0, add)
        } else {
            bytes.iter().take(8).rev().fold(0, add)
        }
    }

    fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        Some(self.unsigned(bytes.get(at..at + 2)?) as u16)
    }

    fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        Some(self.unsigned(bytes.get(at..at + 4)?) as u32)
    }

    /// Integers of 1, 2, 4 or 8 bytes. Positions and lengths are the only ones of eight and signed.
    fn integer(self, bytes: &[u8], signed: bool) -> Option<i64> {
        let value = self.unsigned(bytes);
        Some(match (bytes.len(), signed) {
            (1, true) => i64::from(value as u8 as i8),
            (2, true) => i64::from(value as u16 as i16),
            (4, true) => i64::from(value as u32 as i32),
            (1 | 2 | 4 | 8, _) => value as i64,
            _ => return None,
        })
    }

    fn rational(self, bytes: &[u8]) -> Option<Rational> {
        let (num, den) = bytes.split_at_checked(4)?;
        Rational::new(self.integer(num, true)?, self.integer(den.get(..4)?, true)?)
    }

    fn text(self, bytes: &[u8]) -> String {
        let units = bytes.chunks_exact(2).map(|pair| self.unsigned(pair) as u16);
        let units: Vec<u16> = units.take_while(|&unit| unit != 0).collect();
        String::from_utf16_lossy(&units)
    }

    fn auid(self, bytes: &[u8]) -> Option<Auid> {
        let bytes: [u8; 16] = bytes.get(..16)?.try_into().ok()?;
        Some(Auid::from_bytes(bytes, self.big))
    }

    fn integers(self, bytes: &[u8], size: usize) -> Vec<i64> {
        let parts = bytes.chunks_exact(size);
        parts.map(|part| self.unsigned(part) as i64).collect()
    }
}

/// The properties in a property stream. A table that promises more than there is gives what there is.
pub(super) fn entries(bytes: &[u8]) -> Option<(Order, Vec<Entry<'_>>)> {
    let order = Order::of(*bytes.first()?)?;
    let count = usize::from(order.u16(bytes, 2)?);
    let mut data = bytes.get(4 + 6 * count..)?;
    let mut entries = Vec::with_capacity(count);
    for at in (4..).step_by(6).take(count) {
        let size = usize::from(order.u16(bytes, at + 4)?);
        let Some((own, rest)) = data.split_at_checked(size) else {
            break;
        };
        data = rest;
        entries.push(Entry {
            number: order.u16(bytes, at)?,
            form: order.u16(bytes, at + 2)?,
            data: own,
        });
    }
    Some((order, entries))
}

/// What a property of this kind says; `None` where its stored form is another kind's.
pub(super) fn decode(kind: Kind, order: Order, entry: Entry<'_>) -> Option<Stored> {
    let Entry { form, data, .. } = entry;
    match (kind, form) {
        (Kind::Object, OBJECT) => return Some(Stored::Object(order.text(data))),
        (Kind::Objects, OBJECT_VECTOR) => return Some(Stored::Objects(order.text(data), false)),
        (Kind::Objects, OBJECT_SET) => return Some(Stored::Objects(order.text(data), true)),
        // The first byte of a stream's property is the byte order of the stream's own content.
        (Kind::Stream, STREAM) => return Some(Stored::Stream(order.text(data.get(1..)?))),
        (Kind::Reference, REFERENCE) => {
            let size = usize::from(*data.get(4)?);
            let id = data.get(5..5 + size)?;
            return Some(Stored::Value(Value::Auid(order.auid(id)?)));
        }
        (_, DATA) => {}
        _ => return None,
    }
    Some(Stored::Value(match kind {
        // Eight bytes are positions and lengths, which are signed; smaller ones count.
        Kind::Integer => Value::Integer(order.integer(data, false)?),
        Kind::Rational => Value::Rational(order.rational(data)?),
        Kind::Text => Value::Text(order.text(data)),
        Kind::Auid => Value::Auid(order.auid(data)?),
        Kind::MobId => {
            let bytes: [u8; 32] = data.get(..32)?.try_into().ok()?;
            Value::MobId(MobId::from_bytes(bytes, order.big))
        }
        // Identifiers of slots are 32 bits, the parts of a colour 16.
        Kind::Integers if data.len() == 6 => Value::Integers(order.integers(data, 2)),
        Kind::Integers => Value::Integers(order.integers(data, 4)),
        Kind::Bytes => Value::Bytes(data.to_vec()),
        Kind::Indirect => indirect(data)?,
        Kind::Reference | Kind::Object | Kind::Objects | Kind::Stream => return None,
    }))
}

/// A value with its own byte order and type.
fn indirect(data: &[u8]) -> Option<Value> {
    let order = Order::of(*data.first()?)?;
    let kind = order.auid(data.get(1..)?)?;
    let value = data.get(17..)?;
    let integer = types::INTEGERS.iter().find(|known| known.1 == kind);
    Some(match kind {
        types::TEXT => Value::Text(order.text(value)),
        types::RATIONAL => Value::Rational(order.rational(value)?),
        types::BOOLEAN => Value::Integer(order.integer(value, false)?),
        _ => match integer {
            Some((_, _, signed)) => Value::Integer(order.integer(value, *signed)?),
            None => Value::Bytes(value.to_vec()),
        },
    })
}

/// The folders of the objects that an index lists, from the name of their property.
pub(super) fn indexed(name: &str, index: &[u8], set: bool, order: Order) -> Option<Vec<String>> {
    let count = order.u32(index, 0)? as usize;
    let (head, size) = if set {
        // A set's index also has the number of the key property and the size of the keys.
        (15, 8 + usize::from(*index.get(14)?))
    } else {
        (12, 4)
    };
    let keys = index.get(head..)?.chunks_exact(size).take(count);
    let folder = |key: &[u8]| Some(format!("{name}{{{:x}}}", order.u32(key, 0)?));
    keys.map(folder).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LITTLE: Order = Order { big: false };

    /// A property stream of one property.
    fn stream(number: u16, form: u16, data: &[u8]) -> Vec<u8> {
        let mut out = vec![b'L', 32, 1, 0];
        for n in [number, form, data.len() as u16] {
            out.extend(n.to_le_bytes());
        }
        out.extend(data);
        out
    }

    fn check(kind: Kind, form: u16, data: &[u8], expect: Option<&Stored>) {
        let bytes = stream(0x0202, form, data);
        let (order, entries) = entries(&bytes).unwrap();
        assert_eq!(entries[0].number, 0x0202);
        assert_eq!(decode(kind, order, entries[0]).as_ref(), expect);
    }

    #[test]
    fn values_by_kind() {
        let value = |kind, data: &[u8], value| check(kind, DATA, data, Some(&Stored::Value(value)));
        value(Kind::Integer, &[0xff; 8], Value::Integer(-1));
        value(Kind::Integer, &[0xff, 0xff], Value::Integer(65535));
        value(Kind::Text, b"a\0b\0\0\0c\0", Value::Text("ab".into()));
        let half = Rational::new(1, 2).unwrap();
        let stored = [2, 0, 0, 0, 4, 0, 0, 0];
        value(Kind::Rational, &stored, Value::Rational(half));
        value(
            Kind::Integers,
            &[1, 0, 2, 0, 3, 0],
            Value::Integers(vec![1, 2, 3]),
        );
        check(Kind::Integer, DATA, &[1, 2, 3], None);
        check(Kind::Rational, DATA, &[1, 0, 0, 0, 0, 0, 0, 0], None);
    }

    #[test]
    fn objects_and_streams_by_stored_form() {
        check(Kind::Object, DATA, b"a\0", None);
        check(
            Kind::Object,
            OBJECT,
            b"a\0",
            Some(&Stored::Object("a".into())),
        );
        let set = Stored::Objects("a".into(), true);
        check(Kind::Objects, OBJECT_SET, b"a\0", Some(&set));
        let stream = Stored::Stream("d".into());
        check(Kind::Stream, STREAM, b"\x55d\0", Some(&stream));
    }

    #[test]
    fn values_with_their_own_type() {
        let mut data = vec![b'L'];
        data.extend([0, 7, 1, 1, 0, 0, 0, 0, 6, 0x0e, 0x2b, 0x34, 1, 4, 1, 1]);
        data.extend((-5_i32).to_le_bytes());
        let value = Stored::Value(Value::Integer(-5));
        check(Kind::Indirect, DATA, &data, Some(&value));
        check(Kind::Indirect, DATA, &data[..10], None);
    }

    #[test]
    fn indexes_list_folders() {
        let vector = [
            2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0x1f, 0, 0, 0,
        ];
        let folders = indexed("C", &vector, false, LITTLE).unwrap();
        assert_eq!(folders, ["C{1}", "C{1f}"]);
        // A count beyond the stream gives what there is.
        let lying = [9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0];
        assert_eq!(indexed("C", &lying, false, LITTLE).unwrap().len(), 1);
        assert_eq!(indexed("C", &[1], true, LITTLE), None);
    }

    #[test]
    fn truncated_tables_give_what_there_is() {
        assert!(entries(b"").is_none());
        assert!(entries(b"U\x20\x01\0").is_none());
        let bytes = stream(1, DATA, &[1, 2, 3, 4]);
        assert_eq!(entries(&bytes[..bytes.len() - 1]).unwrap().1, []);
    }
}
