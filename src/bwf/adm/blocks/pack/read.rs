//! A block from bytes. Every step may find no more of them: then there is no block.

use super::{changed, numbers};
use crate::audio::Gain;
use crate::audio::scene::{
    BlockSpan, ChannelLock, Coordinate, Degrees, Divergence, Extent, HorizontalEdge, JumpPosition,
    ObjectBlock, Position, ScreenEdges, VerticalEdge, Zone,
};
use crate::time::Rational;

/// A number that may be absent: NaN, which no block holds, stands for that.
fn present(value: f64) -> Option<f64> {
    (!value.is_nan()).then_some(value)
}

/// Reads what differs from the block before.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// Makes `block` the next one; it holds the one before, unless the next is a `whole` one.
    pub(super) fn next(&mut self, block: &mut ObjectBlock, whole: bool) -> Option<()> {
        let flags = u16::from_le_bytes(self.take()?);
        let has = |flag: u16| flags & flag != 0;
        if whole {
            *block = ObjectBlock::at(Position::polar(0.0, 0.0, 1.0));
        }
        block.span = if has(changed::TIMELESS) {
            None
        } else {
            Some(self.span(flags, block.span)?)
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
            self.rare(block)?;
        }
        Some(())
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
