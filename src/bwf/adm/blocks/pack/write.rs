//! A block as bytes.

use super::{changed, numbers};
use crate::audio::scene::{
    BlockSpan, Coordinate, Degrees, Extent, HorizontalEdge, JumpPosition, ObjectBlock, Position,
    VerticalEdge, Zone,
};
use crate::time::Rational;

/// Writes what differs from the block before.
pub(super) struct Writer<'a> {
    bytes: &'a mut Vec<u8>,
    flags: u16,
}

impl<'a> Writer<'a> {
    pub(super) fn new(bytes: &'a mut Vec<u8>) -> Self {
        Self { bytes, flags: 0 }
    }

    /// What was written, to stand before it.
    pub(super) fn flags(&self) -> u16 {
        self.flags
    }

    pub(super) fn block(&mut self, block: &ObjectBlock, before: Option<&ObjectBlock>) {
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
