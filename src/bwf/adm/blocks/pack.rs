//! Blocks of an object in little memory.

use super::STRIDE;
use crate::audio::Gain;
use crate::audio::scene::{
    BlockSpan, ChannelLock, Coordinate, Degrees, Divergence, Extent, HorizontalEdge, JumpPosition,
    ObjectBlock, Position, ScreenEdges, VerticalEdge, Zone,
};
use crate::time::Rational;

/// What differs from the block before.
mod changed {
    /// The block starts where the one before does not end.
    pub(super) const START: u16 = 1;
    pub(super) const DURATION: u16 = 1 << 1;
    /// The block has no times.
    pub(super) const TIMELESS: u16 = 1 << 2;
    pub(super) const POSITION: u16 = 1 << 3;
    pub(super) const GAIN: u16 = 1 << 4;
    pub(super) const EXTENT: u16 = 1 << 5;
    pub(super) const DIFFUSE: u16 = 1 << 6;
    pub(super) const JUMP: u16 = 1 << 7;
    /// Everything else.
    pub(super) const RARE: u16 = 1 << 8;
}

/// Blocks as what changes from one to the next.
#[derive(Debug, Default)]
pub(in crate::bwf::adm) struct Packed {
    bytes: Vec<u8>,
    /// Where each whole block begins.
    whole: Vec<usize>,
    count: usize,
    /// The block that was pushed last.
    last: Option<Box<ObjectBlock>>,
}

impl Packed {
    /// How many blocks there are.
    pub(in crate::bwf::adm) fn len(&self) -> usize {
        self.count
    }

    /// How much memory they take, nearly.
    pub(in crate::bwf::adm) fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Appends a block.
    pub(in crate::bwf::adm) fn push(&mut self, block: &ObjectBlock) {
        let whole = self.count.is_multiple_of(STRIDE);
        if whole {
            self.whole.push(self.bytes.len());
        }
        let before = if whole { None } else { self.last.take() };
        let start = self.bytes.len();
        self.bytes.extend([0, 0]);
        let mut writer = Writer {
            bytes: &mut self.bytes,
            flags: 0,
        };
        writer.block(block, before.as_deref());
        let flags = writer.flags.to_le_bytes();
        if let Some(head) = self.bytes.get_mut(start..start + 2) {
            head.copy_from_slice(&flags);
        }
        self.count += 1;
        match before.or_else(|| self.last.take()) {
            Some(mut last) => {
                (*last).clone_from(block);
                self.last = Some(last);
            }
            None => self.last = Some(Box::new(block.clone())),
        }
    }

    /// Frees what only pushing needs.
    pub(in crate::bwf::adm) fn finish(&mut self) {
        self.last = None;
        self.bytes.shrink_to_fit();
        self.whole.shrink_to_fit();
    }

    /// The block of a number and the start of the next one.
    pub(super) fn get(&self, index: usize) -> Option<(ObjectBlock, Option<Rational>)> {
        if index >= self.count {
            return None;
        }
        let first = *self.whole.get(index / STRIDE)?;
        let mut reader = Reader {
            bytes: self.bytes.get(first..)?,
        };
        let mut block = None;
        for _ in 0..=index % STRIDE {
            block = Some(reader.block(block)?);
        }
        let block = block?;
        let next = index + 1;
        let next = if next == self.count {
            None
        } else if next.is_multiple_of(STRIDE) {
            reader.block(None)?.span
        } else {
            reader.block(Some(block.clone()))?.span
        };
        Some((block, next.map(|span| span.start)))
    }

    /// The same blocks in order of their starts; of equal ones in the order of the file.
    pub(in crate::bwf::adm) fn sorted(&self) -> Self {
        let start = |index: usize| {
            let span = self.get(index).and_then(|(block, _)| block.span);
            span.map_or(Rational::ZERO, |span| span.start)
        };
        let mut order: Vec<(Rational, u32)> =
            (0..self.count).map(|i| (start(i), i as u32)).collect();
        order.sort_unstable();
        let mut sorted = Self::default();
        for (_, index) in order {
            if let Some((block, _)) = self.get(index as usize) {
                sorted.push(&block);
            }
        }
        sorted
    }
}

struct Writer<'a> {
    bytes: &'a mut Vec<u8>,
    flags: u16,
}

impl Writer<'_> {
    fn block(&mut self, block: &ObjectBlock, before: Option<&ObjectBlock>) {
        self.span(block.span, before.and_then(|before| before.span));
        self.position(block.position, before.map(|before| before.position));
        if before.is_none_or(|before| before.gain != block.gain) {
            self.flags |= changed::GAIN;
            self.float(block.gain.linear());
        }
        if before.is_none_or(|before| before.extent != block.extent) {
            self.flags |= changed::EXTENT;
            self.extent(block.extent);
        }
        if before.is_none_or(|before| before.diffuse != block.diffuse) {
            self.flags |= changed::DIFFUSE;
            self.float(block.diffuse);
        }
        if before.is_none_or(|before| before.jump != block.jump) {
            self.flags |= changed::JUMP;
            self.jump(block.jump);
        }
        if before.is_none_or(|before| !same_rare(before, block)) {
            self.flags |= changed::RARE;
            self.rare(block);
        }
    }

    fn span(&mut self, span: Option<BlockSpan>, before: Option<BlockSpan>) {
        let Some(span) = span else {
            self.flags |= changed::TIMELESS;
            return;
        };
        if before.and_then(BlockSpan::end) != Some(span.start) {
            self.flags |= changed::START;
            self.rational(span.start);
        }
        if before.is_none_or(|before| before.duration != span.duration) {
            self.flags |= changed::DURATION;
            self.rational(span.duration);
        }
    }

    /// The kind, which coordinates changed, and those.
    fn position(&mut self, position: Position, before: Option<Position>) {
        if before == Some(position) {
            return;
        }
        self.flags |= changed::POSITION;
        let (kind, values) = numbers(position);
        let known = before.map(numbers).filter(|before| before.0 == kind);
        let mut mask = kind;
        let mut written = Vec::with_capacity(3);
        for (i, value) in values.into_iter().enumerate() {
            let same = known.is_some_and(|(_, known)| known.get(i) == Some(&value));
            if !same {
                mask |= 2 << i;
                written.push(value);
            }
        }
        self.bytes.push(mask);
        for value in written {
            self.float(value);
        }
    }

    fn extent(&mut self, extent: Extent) {
        let one = extent.width == extent.height && extent.height == extent.depth;
        self.bytes.push(u8::from(one));
        self.float(extent.width);
        if !one {
            self.float(extent.height);
            self.float(extent.depth);
        }
    }

    fn jump(&mut self, jump: JumpPosition) {
        let mask = u8::from(jump.flag) | u8::from(jump.length.is_some()) << 1;
        self.bytes.push(mask);
        if let Some(length) = jump.length {
            self.rational(length);
        }
    }

    fn rare(&mut self, block: &ObjectBlock) {
        let flags = u8::from(block.cartesian)
            | u8::from(block.screen_ref) << 1
            | u8::from(block.head_locked) << 2
            | u8::from(block.channel_lock.is_some()) << 3
            | u8::from(block.divergence.is_some()) << 4;
        let edge = match block.edges.horizontal {
            None => 0,
            Some(HorizontalEdge::Left) => 1,
            Some(HorizontalEdge::Right) => 2,
        };
        let vertical = match block.edges.vertical {
            None => 0,
            Some(VerticalEdge::Top) => 4,
            Some(VerticalEdge::Bottom) => 8,
        };
        self.bytes
            .extend([flags, edge | vertical, block.importance]);
        if let Some(lock) = block.channel_lock {
            self.maybe(lock.max_distance.map(Coordinate::value));
        }
        if let Some(divergence) = block.divergence {
            self.float(divergence.value);
            self.maybe(divergence.azimuth_range.map(Degrees::value));
            self.maybe(divergence.position_range.map(Coordinate::value));
        }
        self.varint(block.zones.len() as u64);
        for zone in &block.zones {
            self.zone(*zone);
        }
    }

    fn zone(&mut self, zone: Zone) {
        match zone {
            Zone::Cartesian { min, max } => {
                self.bytes.push(0);
                for value in min.into_iter().chain(max) {
                    self.float(value.value());
                }
            }
            Zone::Polar { azimuth, elevation } => {
                self.bytes.push(1);
                for value in [azimuth.0, azimuth.1, elevation.0, elevation.1] {
                    self.float(value.value());
                }
            }
        }
    }

    /// A number that may be absent: NaN, which no block holds, stands for that.
    fn maybe(&mut self, value: Option<f64>) {
        self.float(value.unwrap_or(f64::NAN));
    }

    fn float(&mut self, value: f64) {
        self.bytes.extend(value.to_le_bytes());
    }

    fn rational(&mut self, value: Rational) {
        let sign = u64::from(value.is_negative());
        self.varint(value.num().unsigned_abs() << 1 | sign);
        self.varint(value.den().unsigned_abs());
    }

    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }
}

fn same_rare(a: &ObjectBlock, b: &ObjectBlock) -> bool {
    a.cartesian == b.cartesian
        && a.screen_ref == b.screen_ref
        && a.head_locked == b.head_locked
        && a.importance == b.importance
        && a.edges == b.edges
        && a.channel_lock == b.channel_lock
        && a.divergence == b.divergence
        && a.zones == b.zones
}

/// 1 for Cartesian, and the coordinates.
fn numbers(position: Position) -> (u8, [f64; 3]) {
    match position {
        Position::Polar {
            azimuth,
            elevation,
            distance,
        } => (0, [azimuth.value(), elevation.value(), distance.value()]),
        Position::Cartesian { x, y, z } => (1, [x.value(), y.value(), z.value()]),
    }
}

/// What [`Writer::maybe`] wrote.
fn present(value: f64) -> Option<f64> {
    (!value.is_nan()).then_some(value)
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl Reader<'_> {
    fn block(&mut self, before: Option<ObjectBlock>) -> Option<ObjectBlock> {
        let flags = u16::from_le_bytes(self.take()?);
        let has = |flag: u16| flags & flag != 0;
        let ended = before.as_ref().and_then(|before| before.span);
        let mut block = before.unwrap_or_else(|| ObjectBlock::at(Position::polar(0.0, 0.0, 1.0)));
        block.span = if has(changed::TIMELESS) {
            None
        } else {
            Some(self.span(flags, ended)?)
        };
        if has(changed::POSITION) {
            block.position = self.position(block.position)?;
        }
        if has(changed::GAIN) {
            block.gain = Gain::new(self.float()?);
        }
        if has(changed::EXTENT) {
            block.extent = self.extent()?;
        }
        if has(changed::DIFFUSE) {
            block.diffuse = self.float()?;
        }
        if has(changed::JUMP) {
            block.jump = self.jump()?;
        }
        if has(changed::RARE) {
            self.rare(&mut block)?;
        }
        Some(block)
    }

    fn span(&mut self, flags: u16, before: Option<BlockSpan>) -> Option<BlockSpan> {
        let start = if flags & changed::START == 0 {
            before?.end()?
        } else {
            self.rational()?
        };
        let duration = if flags & changed::DURATION == 0 {
            before?.duration
        } else {
            self.rational()?
        };
        Some(BlockSpan { start, duration })
    }

    fn position(&mut self, before: Position) -> Option<Position> {
        let mask = self.byte()?;
        let (_, mut values) = numbers(before);
        for (i, value) in values.iter_mut().enumerate() {
            if mask & 2 << i != 0 {
                *value = self.float()?;
            }
        }
        let [a, b, c] = values;
        Some(if mask & 1 == 0 {
            Position::polar(a, b, c)
        } else {
            Position::cartesian(a, b, c)
        })
    }

    fn extent(&mut self) -> Option<Extent> {
        let one = self.byte()? == 1;
        let width = self.float()?;
        Some(Extent {
            width,
            height: if one { width } else { self.float()? },
            depth: if one { width } else { self.float()? },
        })
    }

    fn jump(&mut self) -> Option<JumpPosition> {
        let mask = self.byte()?;
        let length = if mask & 2 == 0 {
            None
        } else {
            Some(self.rational()?)
        };
        let flag = mask & 1 == 1;
        Some(JumpPosition { flag, length })
    }

    fn rare(&mut self, block: &mut ObjectBlock) -> Option<()> {
        let [flags, edges, importance] = self.take()?;
        let has = |bit: u8| flags & 1 << bit != 0;
        block.cartesian = has(0);
        block.screen_ref = has(1);
        block.head_locked = has(2);
        block.importance = importance;
        block.edges = ScreenEdges {
            horizontal: match edges & 3 {
                1 => Some(HorizontalEdge::Left),
                2 => Some(HorizontalEdge::Right),
                _ => None,
            },
            vertical: match edges >> 2 {
                1 => Some(VerticalEdge::Top),
                2 => Some(VerticalEdge::Bottom),
                _ => None,
            },
        };
        block.channel_lock = if has(3) {
            let max_distance = present(self.float()?).map(Coordinate::new);
            Some(ChannelLock { max_distance })
        } else {
            None
        };
        block.divergence = if has(4) {
            Some(Divergence {
                value: self.float()?,
                azimuth_range: present(self.float()?).map(Degrees::new),
                position_range: present(self.float()?).map(Coordinate::new),
            })
        } else {
            None
        };
        block.zones.clear();
        for _ in 0..self.varint()? {
            let zone = self.zone()?;
            block.zones.push(zone);
        }
        Some(())
    }

    fn zone(&mut self) -> Option<Zone> {
        if self.byte()? == 0 {
            let mut corner = || -> Option<[Coordinate; 3]> {
                let mut values = [Coordinate::default(); 3];
                for value in &mut values {
                    *value = Coordinate::new(self.float()?);
                }
                Some(values)
            };
            return Some(Zone::Cartesian {
                min: corner()?,
                max: corner()?,
            });
        }
        let mut value = || self.float().map(Degrees::new);
        Some(Zone::Polar {
            azimuth: (value()?, value()?),
            elevation: (value()?, value()?),
        })
    }

    fn rational(&mut self) -> Option<Rational> {
        let num = self.varint()?;
        let den = self.varint()?;
        let size = (num >> 1) as i64;
        Rational::new(if num & 1 == 1 { -size } else { size }, den as i64)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn float(&mut self) -> Option<f64> {
        Some(f64::from_le_bytes(self.take()?))
    }

    fn byte(&mut self) -> Option<u8> {
        let [byte] = self.take()?;
        Some(byte)
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (front, rest) = self.bytes.split_first_chunk::<N>()?;
        self.bytes = rest;
        Some(*front)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn time() -> impl Strategy<Value = Rational> {
        (
            0_i64..1_000_000_000_000,
            prop_oneof![Just(100_000_i64), Just(48000), 1_i64..1 << 40],
        )
            .prop_map(|(num, den)| Rational::new(num, den).unwrap())
    }

    fn block() -> impl Strategy<Value = ObjectBlock> {
        let values = prop::array::uniform6(prop_oneof![Just(0.0), Just(1.0), -1e3_f64..1e3]);
        let times = (prop::option::of((time(), time())), prop::option::of(time()));
        (values, times, any::<[bool; 8]>(), 0_u8..=10).prop_map(
            |(v, (span, jump), b, importance)| {
                let [x, y, z, width, gain, diffuse] = v;
                let position = if b[0] {
                    Position::cartesian(x, y, z)
                } else {
                    Position::polar(x, y, z)
                };
                let zones = [
                    Zone::Polar {
                        azimuth: (Degrees::new(x), Degrees::new(y)),
                        elevation: (Degrees::new(z), Degrees::new(width)),
                    },
                    Zone::Cartesian {
                        min: [x, y, z].map(Coordinate::new),
                        max: [width, gain, diffuse].map(Coordinate::new),
                    },
                ];
                ObjectBlock {
                    span: span.map(|(start, duration)| BlockSpan { start, duration }),
                    gain: Gain::new(gain),
                    extent: Extent {
                        width,
                        height: if b[1] { width } else { x },
                        depth: width,
                    },
                    diffuse,
                    cartesian: b[2],
                    channel_lock: b[3].then(|| ChannelLock {
                        max_distance: b[4].then(|| Coordinate::new(x)),
                    }),
                    divergence: b[5].then(|| Divergence {
                        value: y,
                        azimuth_range: b[6].then(|| Degrees::new(z)),
                        position_range: None,
                    }),
                    zones: if b[7] { zones.to_vec() } else { Vec::new() },
                    jump: JumpPosition {
                        flag: b[6],
                        length: jump,
                    },
                    importance,
                    edges: ScreenEdges {
                        horizontal: b[4].then_some(HorizontalEdge::Right),
                        vertical: b[7].then_some(VerticalEdge::Bottom),
                    },
                    screen_ref: b[1],
                    head_locked: b[0],
                    ..ObjectBlock::at(position)
                }
            },
        )
    }

    proptest! {
        #[test]
        fn blocks_come_back_by_number(blocks in prop::collection::vec(block(), 1..60)) {
            let mut packed = Packed::default();
            for block in &blocks {
                packed.push(block);
            }
            packed.finish();
            for (i, block) in blocks.iter().enumerate() {
                let (got, next) = packed.get(i).unwrap();
                prop_assert_eq!(&got, block);
                let want = blocks.get(i + 1).and_then(|block| block.span);
                prop_assert_eq!(next, want.map(|span| span.start));
            }
            prop_assert!(packed.get(blocks.len()).is_none());
            prop_assert_eq!(packed.sorted().len(), blocks.len());
        }
    }

    #[test]
    fn a_moving_object_takes_little_memory() {
        let mut packed = Packed::default();
        let mut start = Rational::ZERO;
        let duration = Rational::new(1067, 100_000).unwrap();
        for i in 0..1000 {
            let x = f64::from(i) / 1000.0;
            let mut block = ObjectBlock::at(Position::cartesian(x, -x, 0.0));
            block.span = Some(BlockSpan { start, duration });
            start = start.checked_add(duration).unwrap();
            packed.push(&block);
        }
        assert!(packed.bytes() < 25_000, "{}", packed.bytes());
    }
}
