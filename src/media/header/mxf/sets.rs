//! The sets of the header that say what sound there is and where it comes from (SMPTE ST 377-1
//! annexes A to F).

use std::collections::BTreeMap;

use crate::time::Rational;

/// Numbers of the sets that are read.
pub(super) mod set {
    pub(in super::super) const ESSENCE_DATA: u8 = 0x23;
    pub(in super::super) const SEQUENCE: u8 = 0x0f;
    pub(in super::super) const CLIP: u8 = 0x11;
    pub(in super::super) const TIMECODE: u8 = 0x14;
    pub(in super::super) const MATERIAL: u8 = 0x36;
    pub(in super::super) const SOURCE: u8 = 0x37;
    pub(in super::super) const STATIC_TRACK: u8 = 0x3a;
    pub(in super::super) const TRACK: u8 = 0x3b;
    pub(in super::super) const GENERIC_SOUND: u8 = 0x42;
    pub(in super::super) const MULTIPLE: u8 = 0x44;
    pub(in super::super) const AES3: u8 = 0x47;
    pub(in super::super) const WAVE: u8 = 0x48;
    /// All of them.
    pub(in super::super) const KNOWN: [u8; 12] = [
        ESSENCE_DATA,
        SEQUENCE,
        CLIP,
        TIMECODE,
        MATERIAL,
        SOURCE,
        STATIC_TRACK,
        TRACK,
        GENERIC_SOUND,
        MULTIPLE,
        AES3,
        WAVE,
    ];
    /// Descriptors of sound.
    pub(in super::super) const SOUND: [u8; 3] = [GENERIC_SOUND, AES3, WAVE];
}

/// Tags of their items.
pub(super) mod tag {
    pub(in super::super) const INSTANCE: u16 = 0x3c0a;
    pub(in super::super) const DURATION: u16 = 0x0202;
    pub(in super::super) const COMPONENTS: u16 = 0x1001;
    pub(in super::super) const SOURCE_PACKAGE: u16 = 0x1101;
    pub(in super::super) const SOURCE_TRACK: u16 = 0x1102;
    pub(in super::super) const START_POSITION: u16 = 0x1201;
    pub(in super::super) const START_TIMECODE: u16 = 0x1501;
    pub(in super::super) const TIMECODE_BASE: u16 = 0x1502;
    pub(in super::super) const LINKED_PACKAGE: u16 = 0x2701;
    pub(in super::super) const SAMPLE_RATE: u16 = 0x3001;
    pub(in super::super) const CONTAINER_DURATION: u16 = 0x3002;
    pub(in super::super) const LINKED_TRACK: u16 = 0x3006;
    pub(in super::super) const QUANTIZATION_BITS: u16 = 0x3d01;
    pub(in super::super) const AUDIO_RATE: u16 = 0x3d03;
    pub(in super::super) const CODING: u16 = 0x3d06;
    pub(in super::super) const CHANNELS: u16 = 0x3d07;
    pub(in super::super) const BLOCK_ALIGN: u16 = 0x3d0a;
    pub(in super::super) const SUB_DESCRIPTORS: u16 = 0x3f01;
    pub(in super::super) const PACKAGE_UID: u16 = 0x4401;
    pub(in super::super) const PACKAGE_NAME: u16 = 0x4402;
    pub(in super::super) const TRACKS: u16 = 0x4403;
    pub(in super::super) const DESCRIPTOR: u16 = 0x4701;
    pub(in super::super) const TRACK_ID: u16 = 0x4801;
    pub(in super::super) const TRACK_SEGMENT: u16 = 0x4803;
    pub(in super::super) const TRACK_NUMBER: u16 = 0x4804;
    pub(in super::super) const EDIT_RATE: u16 = 0x4b01;
}

/// How a set is referred to.
pub(super) type Uid = [u8; 16];

/// A set of the header.
#[derive(Debug)]
pub(super) struct Set {
    pub(super) kind: u8,
    items: Vec<(u16, Vec<u8>)>,
}

impl Set {
    pub(super) fn new(kind: u8, items: Vec<(u16, Vec<u8>)>) -> Self {
        Self { kind, items }
    }

    /// The bytes of an item.
    pub(super) fn bytes(&self, tag: u16) -> Option<&[u8]> {
        let found = self.items.iter().find(|item| item.0 == tag)?;
        Some(&found.1)
    }

    /// Exactly so many bytes.
    pub(super) fn array<const N: usize>(&self, tag: u16) -> Option<[u8; N]> {
        self.bytes(tag)?.try_into().ok()
    }

    /// An unsigned number of up to 32 bits.
    pub(super) fn number(&self, tag: u16) -> Option<u32> {
        let bytes = self
            .bytes(tag)
            .filter(|bytes| (1..=4).contains(&bytes.len()))?;
        Some(
            bytes
                .iter()
                .fold(0, |sum, byte| sum << 8 | u32::from(*byte)),
        )
    }

    /// A position or length.
    pub(super) fn position(&self, tag: u16) -> Option<i64> {
        self.array(tag).map(i64::from_be_bytes)
    }

    /// A rate above zero.
    pub(super) fn rate(&self, tag: u16) -> Option<Rational> {
        let [n0, n1, n2, n3, d @ ..] = self.array::<8>(tag)?;
        let num = i32::from_be_bytes([n0, n1, n2, n3]);
        let rate = Rational::new(num.into(), i32::from_be_bytes(d).into())?;
        (rate > Rational::ZERO).then_some(rate)
    }

    /// One reference.
    pub(super) fn uid(&self, tag: u16) -> Option<Uid> {
        self.array(tag)
    }

    /// Several: how many, the size of each, then they.
    pub(super) fn uids(&self, tag: u16) -> impl Iterator<Item = Uid> + '_ {
        let list = self.bytes(tag).and_then(|bytes| bytes.get(8..));
        list.unwrap_or_default()
            .chunks_exact(16)
            .filter_map(|uid| uid.try_into().ok())
    }

    /// UTF-16 text up to its terminator.
    pub(super) fn text(&self, tag: u16) -> Option<String> {
        let units = self.bytes(tag)?.chunks_exact(2);
        let units = units.map(|unit| unit.iter().fold(0, |sum, b| sum << 8 | u16::from(*b)));
        let units: Vec<u16> = units.take_while(|unit| *unit != 0).collect();
        let text = String::from_utf16_lossy(&units).trim().to_owned();
        (!text.is_empty()).then_some(text)
    }
}

/// All sets, by what they are referred to as.
#[derive(Debug, Default)]
pub(super) struct Sets(BTreeMap<Uid, Set>);

impl Sets {
    /// Adds a set; a later partition repeats it more complete.
    pub(super) fn add(&mut self, set: Set) {
        if let Some(uid) = set.uid(tag::INSTANCE) {
            self.0.insert(uid, set);
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn get(&self, uid: Uid) -> Option<&Set> {
        self.0.get(&uid)
    }

    /// The sets of a kind.
    pub(super) fn of(&self, kind: u8) -> impl Iterator<Item = &Set> {
        self.0.values().filter(move |set| set.kind == kind)
    }

    /// The tracks of a package.
    pub(super) fn tracks<'a>(&'a self, package: &'a Set) -> impl Iterator<Item = &'a Set> {
        package.uids(tag::TRACKS).filter_map(|uid| self.get(uid))
    }

    /// What a track plays: its segment, or the first component of its sequence.
    pub(super) fn component(&self, track: &Set) -> Option<&Set> {
        let segment = self.get(track.uid(tag::TRACK_SEGMENT)?)?;
        if segment.kind != set::SEQUENCE {
            return Some(segment);
        }
        segment.uids(tag::COMPONENTS).find_map(|uid| self.get(uid))
    }

    /// The package with a UMID.
    pub(super) fn package(&self, umid: [u8; 32]) -> Option<&Set> {
        let mut packages = self.of(set::SOURCE).chain(self.of(set::MATERIAL));
        packages.find(|package| package.array(tag::PACKAGE_UID) == Some(umid))
    }
}
