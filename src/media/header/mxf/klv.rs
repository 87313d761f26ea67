//! Keys, lengths and values (SMPTE ST 336).

use std::io::{self, Read as _, Seek as _, SeekFrom};

use crate::media::header::chunks::bytes_at;
use crate::media::section::Section;

/// The first bytes of every key that SMPTE registered.
const LABEL: [u8; 4] = [6, 0x0e, 0x2b, 0x34];

/// A partition pack up to its kind (SMPTE ST 377-1 §7.1): the first bytes of a file.
pub(in crate::media::header) const PARTITION: [u8; 11] =
    [6, 0x0e, 0x2b, 0x34, 2, 5, 1, 1, 0x0d, 1, 2];

/// Most bytes of one set that are read: a package of a thousand tracks has some 20,000.
const MAX_SET: u64 = 1 << 20;

/// A value and its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Klv {
    pub(super) key: [u8; 16],
    /// Byte where the value starts.
    pub(super) offset: u64,
    /// Bytes of it that are in the file.
    pub(super) length: u64,
}

/// What a key announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A set of the header, by its number.
    Set(u8),
    /// An element of sound, by its track number.
    Sound(u32),
    /// An element of picture, data or a system item.
    Element,
    /// Anything else: partitions, indexes, fill.
    Other,
}

impl Klv {
    /// What the key announces: local sets of the header (ST 377-1 annex A), essence elements of generic
    /// containers and content packages (ST 379-1 §7).
    pub(super) fn kind(&self) -> Kind {
        match self.key {
            [
                6,
                0x0e,
                0x2b,
                0x34,
                2,
                0x53,
                1,
                _,
                0x0d,
                1,
                1,
                1,
                1,
                1,
                set,
                _,
            ] => Kind::Set(set),
            [6, 0x0e, 0x2b, 0x34, 1, 2, 1, _, 0x0d, 1, 3, 1, number @ ..] => match number {
                [6 | 0x16, ..] => Kind::Sound(u32::from_be_bytes(number)),
                _ => Kind::Element,
            },
            _ => Kind::Other,
        }
    }

    /// Byte after the value.
    pub(super) const fn end(&self) -> u64 {
        self.offset + self.length
    }

    /// The items of a local set: tag and value (ST 336 §9.3).
    pub(super) fn items(&self, file: &mut Section) -> io::Result<Vec<(u16, Vec<u8>)>> {
        let mut bytes = vec![0; self.length.min(MAX_SET) as usize];
        file.seek(SeekFrom::Start(self.offset))?;
        file.read_exact(&mut bytes)?;
        let (mut items, mut rest) = (Vec::new(), &bytes[..]);
        while let Some(([t0, t1, l0, l1], after)) = rest.split_first_chunk::<4>() {
            let length = usize::from(u16::from_be_bytes([*l0, *l1]));
            let Some((value, next)) = after.split_at_checked(length) else {
                break;
            };
            items.push((u16::from_be_bytes([*t0, *t1]), value.to_vec()));
            rest = next;
        }
        Ok(items)
    }
}

/// The key and length at a byte; `None` at the end and where no key stands.
pub(super) fn next(file: &mut Section, at: u64) -> io::Result<Option<Klv>> {
    let Some([k0, k1, k2, k3, rest @ ..]) = bytes_at::<17>(file, at)? else {
        return Ok(None);
    };
    if [k0, k1, k2, k3] != LABEL {
        return Ok(None);
    }
    let mut key = [k0, k1, k2, k3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    for (to, from) in key.iter_mut().skip(4).zip(rest) {
        *to = from;
    }
    let [.., first] = rest;
    let Some((length, size)) = length(file, at + 16, first)? else {
        return Ok(None);
    };
    let offset = at + 16 + size;
    let length = length.min(file.length().saturating_sub(offset));
    Ok(Some(Klv {
        key,
        offset,
        length,
    }))
}

/// A length in one to nine bytes (ISO/IEC 8825-1 basic encoding) and how many; the indefinite form is
/// none.
fn length(file: &mut Section, at: u64, first: u8) -> io::Result<Option<(u64, u64)>> {
    if first < 0x80 {
        return Ok(Some((first.into(), 1)));
    }
    let count = u64::from(first & 0x7f);
    if count == 0 || count > 8 {
        return Ok(None);
    }
    let mut value = 0_u64;
    for i in 0..count {
        let Some([byte]) = bytes_at::<1>(file, at + 1 + i)? else {
            return Ok(None);
        };
        value = value << 8 | u64::from(byte);
    }
    Ok(Some((value, 1 + count)))
}
