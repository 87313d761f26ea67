//! Blocks in order of time.

use std::fmt;
use std::ops::ControlFlow;

use super::object::ObjectBlock;
use super::speaker::SpeakerBlock;
use crate::time::Rational;

/// `rtime` and `duration` of a block, in seconds from the start of its audioObject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BlockSpan {
    /// `rtime`.
    pub start: Rational,
    /// `duration`.
    pub duration: Rational,
}

impl BlockSpan {
    /// Where the block ends; `None` where that cannot be held exactly.
    pub const fn end(self) -> Option<Rational> {
        self.start.checked_add(self.duration)
    }
}

/// A block of an item.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// Of an object.
    Object(ObjectBlock),
    /// Of a channel of a bed.
    Speaker(SpeakerBlock),
}

impl Block {
    /// When it holds; absent for the whole time of the object.
    pub const fn span(&self) -> Option<BlockSpan> {
        match self {
            Self::Object(block) => block.span,
            Self::Speaker(block) => block.span,
        }
    }
}

/// The blocks of one item, by number, in the order of the file.
///
/// A feature has millions of them: they are made when asked for, from whatever compact form the
/// reader keeps.
pub trait Blocks: Send + Sync + fmt::Debug {
    /// How many there are.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The block of this number, from 0.
    fn get(&self, index: usize) -> Option<Block>;

    /// When the block of this number holds; `None` for no such block and for one without times.
    fn span(&self, index: usize) -> Option<BlockSpan>;

    /// Shows the blocks from this number on with their numbers, in order, until `visit` breaks off:
    /// cheaper than asking for one after another.
    fn walk(&self, from: usize, visit: &mut dyn FnMut(usize, Block) -> ControlFlow<()>) {
        for index in from..self.len() {
            if let Some(block) = self.get(index)
                && visit(index, block).is_break()
            {
                return;
            }
        }
    }

    /// How many blocks from the first on are early by their start (absent where they have no times); no
    /// early one comes after others.
    fn partition(&self, early: &dyn Fn(Option<Rational>) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if early(self.span(middle).map(|span| span.start)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}

impl Blocks for Vec<Block> {
    fn len(&self) -> usize {
        Self::len(self)
    }

    fn get(&self, index: usize) -> Option<Block> {
        self.as_slice().get(index).cloned()
    }

    fn span(&self, index: usize) -> Option<BlockSpan> {
        self.as_slice().get(index).and_then(Block::span)
    }
}
