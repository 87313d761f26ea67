//! Blocks as a renderer sees them: with the times mended that writers round.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::BlockStore;
use crate::audio::scene::{Block, BlockSpan, Blocks, JumpPosition, ObjectBlock, SpeakerBlock};
use crate::time::Rational;

/// A gap up to this is the rounding of times with five decimals (twice half a step).
const ROUNDING: Option<Rational> = Rational::new(2, 100_000);

/// What stands between a block and the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::bwf::adm) enum Seam {
    /// The next begins where it ends.
    Closed,
    /// They overlap by no more than the rounding of five decimals.
    Rounded,
    /// They overlap.
    Overlap,
    /// There is a gap by the rounding of five decimals.
    Crack,
    /// There is a gap.
    Gap,
}

impl Seam {
    pub(in crate::bwf::adm) fn of(span: BlockSpan, next: Rational) -> Self {
        let Some(apart) = span.end().and_then(|end| next.checked_sub(end)) else {
            return Self::Gap;
        };
        let negative = apart.is_negative();
        let size = if negative {
            Rational::ZERO.checked_sub(apart)
        } else {
            Some(apart)
        };
        match (
            size.is_some_and(Rational::is_zero),
            size <= ROUNDING,
            negative,
        ) {
            (true, _, _) => Self::Closed,
            (_, true, true) => Self::Rounded,
            (_, false, true) => Self::Overlap,
            (_, true, false) => Self::Crack,
            (_, false, false) => Self::Gap,
        }
    }
}

/// The span of a block up to the next one: overlaps end where the next begins, and so do cracks
/// unless `strict`, as BS.2127 has no word for them.
fn mended(span: BlockSpan, next: Option<Rational>, strict: bool) -> BlockSpan {
    let Some(next) = next else {
        return span;
    };
    let close = match Seam::of(span, next) {
        Seam::Closed | Seam::Gap => false,
        Seam::Rounded | Seam::Overlap => true,
        Seam::Crack => !strict,
    };
    match next.checked_sub(span.start) {
        Some(duration) if close && !duration.is_negative() => BlockSpan { duration, ..span },
        _ => span,
    }
}

/// No interpolation is longer than its block.
fn clamped(jump: JumpPosition, span: Option<BlockSpan>) -> JumpPosition {
    let longest = span.map(|span| span.duration);
    let length = match (jump.length, longest) {
        (Some(length), Some(longest)) => Some(length.min(longest)),
        (length, _) => length,
    };
    JumpPosition { length, ..jump }
}

/// The blocks of an object.
#[derive(Debug, Clone)]
pub(in crate::bwf::adm) struct ObjectView {
    pub(in crate::bwf::adm) store: Arc<BlockStore>,
    pub(in crate::bwf::adm) strict: bool,
}

impl ObjectView {
    /// A block with its times mended, `next` being the start of the one after it.
    fn shown(&self, mut block: ObjectBlock, next: Option<Rational>) -> Block {
        block.span = block.span.map(|span| mended(span, next, self.strict));
        block.jump = clamped(block.jump, block.span);
        Block::Object(block)
    }
}

impl Blocks for ObjectView {
    fn len(&self) -> usize {
        self.store.len()
    }

    fn get(&self, index: usize) -> Option<Block> {
        let BlockStore::Objects(packed) = &*self.store else {
            return None;
        };
        let (block, next) = packed.get(index)?;
        Some(self.shown(block, next))
    }

    fn walk(&self, from: usize, visit: &mut dyn FnMut(usize, Block) -> ControlFlow<()>) {
        let BlockStore::Objects(packed) = &*self.store else {
            return;
        };
        let mut waiting: Option<(usize, ObjectBlock)> = None;
        let mut broken = false;
        packed.walk(from, &mut |index, block| {
            if let Some((number, before)) = waiting.replace((index, block.clone())) {
                let next = block.span.map(|span| span.start);
                let flow = visit(number, self.shown(before, next));
                broken = flow.is_break();
                return flow;
            }
            ControlFlow::Continue(())
        });
        if let Some((number, last)) = waiting.filter(|_| !broken) {
            let _ = visit(number, self.shown(last, None));
        }
    }

    fn span(&self, index: usize) -> Option<BlockSpan> {
        let BlockStore::Objects(packed) = &*self.store else {
            return None;
        };
        let (block, next) = packed.get(index)?;
        block.span.map(|span| mended(span, next, self.strict))
    }

    fn partition(&self, early: &dyn Fn(Option<Rational>) -> bool) -> usize {
        match &*self.store {
            BlockStore::Objects(packed) => packed.partition(early),
            _ => 0,
        }
    }
}

/// The blocks of a channel of a bed.
#[derive(Debug, Clone)]
pub(in crate::bwf::adm) struct SpeakerView {
    pub(in crate::bwf::adm) store: Arc<BlockStore>,
    pub(in crate::bwf::adm) strict: bool,
}

impl SpeakerView {
    fn at(&self, index: usize) -> Option<(&SpeakerBlock, Option<BlockSpan>)> {
        let BlockStore::Speakers(blocks) = &*self.store else {
            return None;
        };
        let block = blocks.get(index)?;
        let next = blocks.get(index + 1).and_then(|next| next.span);
        let next = next.map(|next| next.start);
        Some((
            block,
            block.span.map(|span| mended(span, next, self.strict)),
        ))
    }
}

impl Blocks for SpeakerView {
    fn len(&self) -> usize {
        self.store.len()
    }

    fn get(&self, index: usize) -> Option<Block> {
        let (block, span) = self.at(index)?;
        let mut block = block.clone();
        block.span = span;
        Some(Block::Speaker(block))
    }

    fn span(&self, index: usize) -> Option<BlockSpan> {
        self.at(index)?.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::scene::Position;
    use crate::bwf::adm::blocks::Packed;

    #[test]
    fn a_walk_shows_what_asking_gives() {
        let mut packed = Packed::default();
        for i in 0..40 {
            let mut block = ObjectBlock::at(Position::polar(i as f64, 0.0, 1.0));
            // Each a little longer than until the next one.
            let time = |micros: i64| Rational::new(micros, 1_000_000).unwrap();
            block.span = Some(BlockSpan {
                start: time(i * 10_000),
                duration: time(10_010),
            });
            packed.push(&block);
        }
        let view = ObjectView {
            store: Arc::new(BlockStore::Objects(packed)),
            strict: false,
        };
        for (from, to) in [(0, 40), (7, 40), (16, 17), (39, 40), (40, 40), (0, 5)] {
            let mut seen = from;
            view.walk(from, &mut |index, block| {
                assert_eq!((index, Some(block)), (seen, view.get(seen)));
                seen += 1;
                if seen == to {
                    return ControlFlow::Break(());
                }
                ControlFlow::Continue(())
            });
            assert_eq!(seen, to, "{from}");
        }
    }

    fn check(start: (i64, i64), next: (i64, i64), seam: Seam, strict: i64, loose: i64) {
        let time = |micros: i64| Rational::new(micros, 1_000_000).unwrap();
        let span = BlockSpan {
            start: time(start.0),
            duration: time(start.1),
        };
        let next = Rational::new(next.0, next.1).unwrap();
        assert_eq!(Seam::of(span, next), seam);
        assert_eq!(mended(span, Some(next), true).duration, time(strict));
        assert_eq!(mended(span, Some(next), false).duration, time(loose));
    }

    #[test]
    fn seams_are_mended_by_their_size() {
        check((0, 10_000), (1, 100), Seam::Closed, 10_000, 10_000);
        check((0, 10_010), (1, 100), Seam::Rounded, 10_000, 10_000);
        check((0, 20_000), (1, 100), Seam::Overlap, 10_000, 10_000);
        check((0, 9_990), (1, 100), Seam::Crack, 9_990, 10_000);
        check((0, 5_000), (1, 100), Seam::Gap, 5_000, 5_000);
    }
}
