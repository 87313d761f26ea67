//! When blocks hold, in samples (BS.2127-0 §5.3 and §7.2).

use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use crate::audio::SampleRate;
use crate::audio::scene::{Block, BlockSpan, Blocks, JumpPosition};
use crate::time::{Rational, sample_at};

/// Gaps and overlaps up to this many millionths of a second are roundings of a file that writes
/// times with five decimals: the sum of two such roundings.
const ROUNDED: i64 = 20;

/// How times become samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Grid {
    /// Sample frames per second.
    pub(super) rate: SampleRate,
    /// What position counts as 0: sample frames from the file's first, possibly a fraction.
    pub(super) origin: Rational,
    /// Times are taken as they stand, and a sample is in a block from the first at or after its
    /// start; else they go to the nearest sample.
    pub(super) strict: bool,
}

impl Grid {
    /// A time in sample frames from the origin.
    pub(super) fn position(&self, seconds: Rational) -> Option<Rational> {
        if !self.strict && self.origin.is_zero() {
            return Some(Rational::from_int(sample_at(seconds, self.rate)));
        }
        let rate = Rational::from_int(i64::from(self.rate.hertz()));
        let at = seconds.checked_mul(rate)?.checked_sub(self.origin)?;
        if self.strict {
            return Some(at);
        }
        // Seconds at one sample frame a second are sample frames.
        let one = SampleRate::new(1).ok()?;
        Some(Rational::from_int(sample_at(at, one)))
    }
}

/// The first sample at or after a position.
pub(super) fn first_sample(position: Rational) -> i64 {
    // ⌈x⌉ = −⌊−x⌋
    Rational::ZERO
        .checked_sub(position)
        .map_or(i64::MAX, |minus| -minus.floor())
}

/// When a block holds, in sample frames from the origin; to the end where `end` is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) start: Rational,
    pub(super) end: Option<Rational>,
}

impl Bounds {
    /// Which samples of a window lie in it.
    pub(super) fn samples(&self, window: &Range<i64>) -> Range<i64> {
        let end = self.end.map_or(i64::MAX, first_sample);
        first_sample(self.start).max(window.start)..end.min(window.end)
    }
}

/// The time of an audioObject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ObjectTime {
    pub(super) start: Rational,
    pub(super) end: Option<Rational>,
}

impl ObjectTime {
    pub(super) fn new(start: Option<Rational>, duration: Option<Rational>) -> Self {
        let start = start.unwrap_or(Rational::ZERO);
        Self {
            start,
            end: duration.and_then(|duration| start.checked_add(duration)),
        }
    }

    /// Start and end of a block in seconds, within the object.
    fn within(&self, span: Option<BlockSpan>) -> Option<Seconds> {
        let Some(span) = span else {
            return Some((self.start, self.end));
        };
        let start = self.start.checked_add(span.start)?;
        let end = start.checked_add(span.duration)?;
        Some((start, Some(self.end.map_or(end, |last| last.min(end)))))
    }

    /// When a block that stands alone holds.
    pub(super) fn bounds(&self, span: Option<BlockSpan>, grid: &Grid) -> Option<Bounds> {
        let (start, end) = self.within(span)?;
        Some(Bounds {
            start: grid.position(start)?,
            end: match end {
                Some(end) => Some(grid.position(end)?),
                None => None,
            },
        })
    }
}

/// Start and end in seconds; without an end, to that of the file.
type Seconds = (Rational, Option<Rational>);

/// When a block holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    /// Its start in seconds.
    start: Rational,
    pub(super) bounds: Bounds,
    /// Whether it starts just where the one before it ends.
    pub(super) continues: bool,
}

/// The blocks of an item in order of time.
#[derive(Debug, Clone)]
pub(super) struct Schedule {
    blocks: Arc<dyn Blocks>,
    object: ObjectTime,
    grid: Grid,
    /// The order of time, where it is not that of the file.
    order: Option<Vec<u32>>,
}

impl Schedule {
    pub(super) fn new(blocks: Arc<dyn Blocks>, object: ObjectTime, grid: Grid) -> Self {
        let mut last = None;
        let mut sorted = true;
        blocks.walk(0, &mut |_, block| {
            let start = block.span().map_or(Rational::ZERO, |span| span.start);
            sorted = last.replace(start) <= Some(start);
            if sorted {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        });
        let start = |i: usize| blocks.span(i).map_or(Rational::ZERO, |span| span.start);
        let order = (!sorted).then(|| {
            let mut order: Vec<u32> = (0..blocks.len() as u32).collect();
            order.sort_by_cached_key(|i| start(*i as usize));
            order
        });
        Self {
            blocks,
            object,
            grid,
            order,
        }
    }

    /// The block in which the window starts, or the first one after its start.
    fn first_in(&self, window: &Range<i64>) -> usize {
        let early = |start: Option<Rational>| {
            let seconds = self
                .object
                .start
                .checked_add(start.unwrap_or(Rational::ZERO));
            let start = seconds.and_then(|seconds| self.grid.position(seconds));
            start.is_none_or(|start| first_sample(start) <= window.start)
        };
        let number = |i: &u32| self.blocks.span(*i as usize).map(|span| span.start);
        let count = match &self.order {
            None => self.blocks.partition(&early),
            Some(order) => order.partition_point(|i| early(number(i))),
        };
        count.saturating_sub(1)
    }

    /// Shows the blocks from the one before the window's first on, with their times, in order of time,
    /// until `visit` breaks off.
    pub(super) fn walk(
        &self,
        window: &Range<i64>,
        visit: &mut dyn FnMut(Placed, Block) -> ControlFlow<()>,
    ) {
        let from = self.first_in(window).saturating_sub(1);
        let mut waiting: Option<(Block, Option<Seconds>)> = None;
        let mut before = None;
        let mut broken = false;
        self.in_order(from, &mut |block| {
            let seconds = self.object.within(block.span());
            let next = seconds.map(|(start, _)| start);
            if let Some(last) = waiting.replace((block, seconds)) {
                let flow = self.show(last, next, &mut before, visit);
                broken = flow.is_break();
                return flow;
            }
            ControlFlow::Continue(())
        });
        if let Some(last) = waiting.filter(|_| !broken) {
            let _ = self.show(last, None, &mut before, visit);
        }
    }

    /// The blocks from this one in time on.
    fn in_order(&self, from: usize, visit: &mut dyn FnMut(Block) -> ControlFlow<()>) {
        let Some(order) = &self.order else {
            self.blocks.walk(from, &mut |_, block| visit(block));
            return;
        };
        for number in order.iter().skip(from) {
            if let Some(block) = self.blocks.get(*number as usize)
                && visit(block).is_break()
            {
                return;
            }
        }
    }

    /// Shows a block, `next` being the start of the one after it and `before` the bounds of that before.
    fn show(
        &self,
        (block, seconds): (Block, Option<Seconds>),
        next: Option<Rational>,
        before: &mut Option<Bounds>,
        visit: &mut dyn FnMut(Placed, Block) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let bounds = seconds.and_then(|seconds| self.bounds(seconds, next));
        let last = std::mem::replace(before, bounds);
        let (Some((start, _)), Some(bounds)) = (seconds, bounds) else {
            return ControlFlow::Continue(());
        };
        let continues = last.is_some_and(|last| last.end == Some(bounds.start));
        let placed = Placed {
            start,
            bounds,
            continues,
        };
        visit(placed, block)
    }

    /// When a block holds. One that overlaps the next or ends a rounding before it ends where that
    /// starts: files with five decimals cannot say it better.
    fn bounds(&self, (start, mut end): Seconds, next: Option<Rational>) -> Option<Bounds> {
        const ROUNDING: Option<Rational> = Rational::new(ROUNDED, 1_000_000);
        if let Some(next) = next.filter(|next| end != Some(*next)) {
            let gap = end.and_then(|end| next.checked_sub(end));
            if gap.is_none() || gap <= ROUNDING {
                end = Some(next.max(start));
            }
        }
        let whole = ObjectTime { start, end };
        whole.bounds(None, &self.grid)
    }

    /// Where the gains of a block have arrived: at its end unless it jumps, never after it.
    pub(super) fn target(&self, placed: &Placed, jump: JumpPosition) -> Rational {
        let bounds = &placed.bounds;
        let end = bounds.end.unwrap_or(bounds.start);
        if !jump.flag {
            return end;
        }
        let length = jump.length.unwrap_or(Rational::ZERO);
        let arrives = placed.start.checked_add(length);
        let target = arrives.and_then(|time| self.grid.position(time));
        let target = target.unwrap_or(bounds.start).max(bounds.start);
        bounds.end.map_or(target, |end| target.min(end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::scene::{Block, ObjectBlock, Position};

    fn seconds(text: &str) -> Rational {
        text.parse().unwrap()
    }

    /// The blocks at these times (in seconds), as `start..end` in samples; `+` follows on the one before.
    fn check(strict: bool, object: (&str, Option<&str>), blocks: &[(&str, &str)], wanted: &str) {
        let block = |(start, duration): &(&str, &str)| {
            let mut block = ObjectBlock::at(Position::polar(0.0, 0.0, 1.0));
            block.span = Some(BlockSpan {
                start: seconds(start),
                duration: seconds(duration),
            });
            Block::Object(block)
        };
        let blocks: Vec<Block> = blocks.iter().map(block).collect();
        let grid = Grid {
            rate: SampleRate::HZ_48000,
            origin: Rational::ZERO,
            strict,
        };
        let object = ObjectTime::new(Some(seconds(object.0)), object.1.map(seconds));
        let schedule = Schedule::new(Arc::new(blocks), object, grid);
        let mut all = Vec::new();
        schedule.walk(&(0..i64::MAX), &mut |placed, _| {
            let samples = placed.bounds.samples(&(0..i64::MAX));
            let follows = if placed.continues { "+" } else { "" };
            all.push(format!("{follows}{}..{}", samples.start, samples.end));
            ControlFlow::Continue(())
        });
        assert_eq!(all.join(" "), wanted);
    }

    #[test]
    fn five_decimals_go_to_the_nearest_sample_or_up() {
        let rounded = [("0", "1067/100000"), ("1067/100000", "1066/100000")];
        check(false, ("0", None), &rounded, "0..512 +512..1024");
        check(true, ("0", None), &rounded, "0..513 +513..1024");
    }

    #[test]
    fn gaps_are_kept_and_cracks_closed() {
        let gap = [("0", "1/100"), ("2/100", "1/100")];
        check(false, ("0", None), &gap, "0..480 960..1440");
        let crack = [("0", "1066/100000"), ("1067/100000", "1/100")];
        check(false, ("0", None), &crack, "0..512 +512..992");
        check(true, ("0", None), &crack, "0..513 +513..993");
    }

    #[test]
    fn overlaps_end_at_the_next_block() {
        let overlap = [("0", "2/100"), ("1/100", "1/100")];
        check(true, ("0", None), &overlap, "0..480 +480..960");
        let unsorted = [("1/100", "1/100"), ("0", "1/100")];
        check(true, ("0", None), &unsorted, "0..480 +480..960");
    }

    #[test]
    fn objects_start_and_end() {
        let blocks = [("0", "1"), ("1", "10")];
        check(
            true,
            ("1/2", Some("2")),
            &blocks,
            "24000..72000 +72000..120000",
        );
    }
}
