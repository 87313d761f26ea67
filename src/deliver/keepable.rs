//! Which items of ADM sources can be carried over without losing any of what they do.

use std::ops::ControlFlow;

use crate::audio::scene::{Block, BlockSpan, JumpPosition, ObjectBlock, Screen, SpeakerPosition};
use crate::bwf::{AdmKept, AdmKind};
use crate::time::Rational;

/// Whether the blocks of an object say all of it that the segment plays: some of them are left, and none of
/// its ramps is cut in two. `None` for times that cannot be held.
pub(super) fn keeps_ramps(kept: &AdmKept, rate: i128) -> Option<bool> {
    if kept.kind != AdmKind::Objects {
        return Some(true);
    }
    let sample = Rational::from_wide(1, rate)?;
    let head = kept.cut;
    let tail = match kept.span {
        Some((_, length)) => Some(head.checked_add(Rational::from_wide(length.into(), rate)?)?),
        None => None,
    };
    let mut all = true;
    for channel in &kept.channels {
        let mut left = false;
        let mut before: Option<ObjectBlock> = None;
        channel.blocks.walk(0, &mut |_, block| {
            let Block::Object(block) = block else {
                return ControlFlow::Continue(());
            };
            let cut = cuts(&block, before.as_ref(), (head, tail), sample);
            let reach = block.span.map(|span| (span.start, span.end()));
            left |= reach.is_none_or(|(start, end)| {
                end.is_none_or(|end| end > head) && tail.is_none_or(|tail| start < tail)
            });
            all &= cut == Some(false);
            before = Some(block);
            if all {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        });
        all &= left;
    }
    Some(all)
}

/// Whether a stretch of an object begins or ends within the ramp of a block, by more than a sample.
fn cuts(
    block: &ObjectBlock,
    before: Option<&ObjectBlock>,
    (head, tail): (Rational, Option<Rational>),
    sample: Rational,
) -> Option<bool> {
    let (Some(span), Some(before)) = (block.span, before) else {
        return Some(false);
    };
    let state = |block: &ObjectBlock| ObjectBlock {
        span: None,
        jump: JumpPosition::default(),
        ..block.clone()
    };
    let end = span.end()?;
    if before.span.and_then(BlockSpan::end) != Some(span.start) || state(before) == state(block) {
        return Some(false);
    }
    let jump = block.jump.length.unwrap_or(Rational::ZERO);
    let arrives = if block.jump.flag {
        span.start.checked_add(jump)?.min(end)
    } else {
        end
    };
    let last = arrives.checked_sub(sample)?;
    let begins = span.start <= head && head < last;
    let ends = tail.is_some_and(|tail| span.start < tail && tail < last);
    Some(begins || ends)
}

/// Whether an item can stand in the Dolby form as it is, for the whole file: a bed of room-centric channels,
/// or an object whose blocks have times, Cartesian positions, one size, and are diffuse altogether or not
/// at all.
pub(super) fn dolby_has(kept: &AdmKept) -> bool {
    if kept.span.is_some() || kept.screen != Screen::default() {
        return false;
    }
    let fits: fn(&Block) -> bool = match kept.kind {
        AdmKind::Objects => dolby_object,
        AdmKind::Speakers => dolby_speaker,
        AdmKind::Hoa(_) => return false,
    };
    kept.channels.iter().all(|channel| {
        let mut all = kept.kind == AdmKind::Objects || channel.blocks.len() == 1;
        channel.blocks.walk(0, &mut |_, block| {
            all &= fits(&block);
            if all {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        });
        all
    })
}

fn dolby_object(block: &Block) -> bool {
    let Block::Object(block) = block else {
        return false;
    };
    let size = block.extent;
    let even = size.width == size.height && size.height == size.depth;
    let whole = block.diffuse == 0.0 || block.diffuse == 1.0;
    block.span.is_some() && block.cartesian && even && whole && block.divergence.is_none()
}

fn dolby_speaker(block: &Block) -> bool {
    let Block::Speaker(block) = block else {
        return false;
    };
    let cartesian = matches!(block.position, SpeakerPosition::Cartesian { .. });
    let label = block.labels.first();
    block.span.is_none() && cartesian && label.is_some_and(|label| label.starts_with("RC_"))
}
