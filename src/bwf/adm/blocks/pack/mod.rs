//! Blocks of an object in little memory.

//!
//! Each block begins with two bytes that say what differs from the one before; [`write`] and [`read`] agree on
//! the rest.
//!
//! **Invariant:** what was pushed comes back bit for bit, by its number.

mod read;
mod write;

use std::ops::ControlFlow;

use super::STRIDE;
use crate::audio::scene::{ObjectBlock, Position};
use crate::time::Rational;
use read::Reader;
use write::Writer;

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
        let mut writer = Writer::new(&mut self.bytes);
        writer.block(block, before.as_deref());
        let flags = writer.flags().to_le_bytes();
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
        let mut found = None;
        let mut next = None;
        self.walk(index, &mut |number, block| {
            if number == index {
                found = Some(block.clone());
                return ControlFlow::Continue(());
            }
            next = block.span.map(|span| span.start);
            ControlFlow::Break(())
        });
        Some((found?, next))
    }

    /// Shows the blocks from this number on, in order, until `visit` breaks off.
    pub(super) fn walk(
        &self,
        from: usize,
        visit: &mut dyn FnMut(usize, &ObjectBlock) -> ControlFlow<()>,
    ) {
        let number = from / STRIDE * STRIDE;
        let first = self.whole.get(from / STRIDE);
        let Some(bytes) = first.and_then(|&first| self.bytes.get(first..)) else {
            return;
        };
        let mut reader = Reader::new(bytes);
        let mut block = ObjectBlock::at(Position::polar(0.0, 0.0, 1.0));
        for index in number..self.count {
            if reader
                .next(&mut block, index.is_multiple_of(STRIDE))
                .is_none()
            {
                return;
            }
            if index >= from && visit(index, &block).is_break() {
                return;
            }
        }
    }

    /// How many blocks from the first on are early by their start; no early one comes after others.
    pub(super) fn partition(&self, early: &dyn Fn(Option<Rational>) -> bool) -> usize {
        let start = |block: &ObjectBlock| block.span.map(|span| span.start);
        let mut block = ObjectBlock::at(Position::polar(0.0, 0.0, 1.0));
        let mut whole = |first: &usize| {
            let mut reader = Reader::new(self.bytes.get(*first..).unwrap_or_default());
            reader.next(&mut block, true).is_some() && early(start(&block))
        };
        let (mut low, mut high) = (0, self.whole.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.whole.get(middle).is_some_and(&mut whole) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        // The border lies behind the last whole block that is early.
        let Some(from) = low.checked_sub(1).map(|last| last * STRIDE) else {
            return 0;
        };
        let mut count = from;
        self.walk(from, &mut |index, block| {
            if index == low * STRIDE || !early(start(block)) {
                return ControlFlow::Break(());
            }
            count = index + 1;
            ControlFlow::Continue(())
        });
        count
    }

    /// The same blocks in order of their starts; of equal ones in the order of the file.
    pub(in crate::bwf::adm) fn sorted(&self) -> Self {
        let mut order: Vec<(Rational, u32)> = Vec::with_capacity(self.count);
        self.walk(0, &mut |index, block| {
            let start = block.span.map_or(Rational::ZERO, |span| span.start);
            order.push((start, index as u32));
            ControlFlow::Continue(())
        });
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::audio::Gain;
    use crate::audio::scene::{
        BlockSpan, ChannelLock, Coordinate, Degrees, Divergence, Extent, HorizontalEdge,
        JumpPosition, ScreenEdges, VerticalEdge, Zone,
    };

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
            let from = blocks.len() / 2;
            let mut walked = Vec::new();
            packed.walk(from, &mut |index, block| {
                walked.push((index, block.clone()));
                ControlFlow::Continue(())
            });
            let want: Vec<_> = blocks.iter().cloned().enumerate().skip(from).collect();
            prop_assert_eq!(walked, want);
            let sorted = packed.sorted();
            let start = |i: usize| sorted.get(i).unwrap().0.span.map(|span| span.start);
            for border in [start(0), start(from), start(blocks.len() - 1), None] {
                let early = |start: Option<Rational>| start.unwrap_or(Rational::ZERO) <= border.unwrap_or(Rational::ZERO);
                let want = (0..blocks.len()).filter(|i| early(start(*i))).count();
                prop_assert_eq!(sorted.partition(&early), want);
            }
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
