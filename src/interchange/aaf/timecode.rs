//! Timecode slots: what timecode a mob has at its zero.

use super::axis::Axis;
use super::mobs::{Mobs, Slot};
use super::names::{Class, Prop};
use super::objects::{ObjectId, Objects};
use super::source::pulldown_rate;
use crate::time::{FrameRate, Rational};

/// How far a timecode may stand inside sequences and pulldowns of its slot.
const MAX_DEPTH: usize = 8;

/// A timecode track of a mob.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Track {
    /// The timecode at the mob's zero, in seconds since midnight.
    pub(super) zero: Rational,
    /// Its rate and counting.
    pub(super) rate: FrameRate,
    /// Whether the file's own numbers for rate and dropping contradict.
    pub(super) doubtful: bool,
    /// How much it is the mob's own: its number, and after all others those in another rate.
    rank: (bool, i64),
}

/// The timecode that a mob goes by: the one numbered 1, before others; those that are converted
/// from it by a pulldown come last.
pub(super) fn of(mobs: &Mobs<'_>, mob: ObjectId) -> Option<Track> {
    let ntsc = mobs.slots(mob).any(|slot| is_ntsc(slot.rate));
    let tracks = mobs
        .slots(mob)
        .filter_map(|slot| track(mobs.objects, slot, ntsc));
    tracks.min_by_key(|track| track.rank)
}

/// Whether a rate is a multiple of a thousand-and-first, or the rounding of one: 2997/100.
fn is_ntsc(rate: Rational) -> bool {
    let meant = FrameRate::from_f64(rate.to_f64());
    rate.den() == 1001 || meant.is_ok_and(|rate| rate.fps().den() == 1001)
}

fn track(objects: &Objects, slot: Slot, ntsc: bool) -> Option<Track> {
    let axis = Axis {
        zero: Rational::ZERO,
        rate: slot.rate,
    };
    let (timecode, axis, pulled) = find(objects, slot.segment, axis)?;
    let fps = objects.integer(timecode, Prop::FramesPerSecond)?;
    let start = objects.integer(timecode, Prop::TimecodeStart).unwrap_or(0);
    let drop = objects.integer(timecode, Prop::DropFrame).unwrap_or(0) != 0;
    let (rate, doubtful) = frame_rate(fps, drop, axis.rate, ntsc)?;
    let at_start = rate.seconds_at(start)?;
    // The timecode's first frame stands at `axis.zero` from the segment's start, the mob's zero at
    // the slot's origin.
    let origin = slot.origin_seconds()?.checked_sub(axis.zero)?;
    let number = objects.integer(slot.id, Prop::TrackNumber).unwrap_or(0);
    let number = if number < 1 {
        i64::from(u16::MAX)
    } else {
        number
    };
    Some(Track {
        zero: at_start.checked_add(origin)?,
        rate,
        doubtful,
        rank: (pulled, number),
    })
}

/// The first timecode of a segment, where it begins, and whether a pulldown stands before it.
fn find(objects: &Objects, segment: ObjectId, axis: Axis) -> Option<(ObjectId, Axis, bool)> {
    let (mut id, mut axis, mut pulled) = (segment, axis, false);
    for _ in 0..MAX_DEPTH {
        match objects.class(id) {
            Class::Timecode => return Some((id, axis, pulled)),
            Class::Sequence => {
                let components = objects.objects(id, Prop::Components);
                let mut position = 0_i64;
                let wanted = |class| matches!(class, Class::Timecode | Class::Pulldown);
                id = *components.iter().find(|&&c| {
                    let found = wanted(objects.class(c));
                    if !found {
                        let length = objects.integer(c, Prop::Length).unwrap_or(0);
                        position = position.saturating_add(length);
                    }
                    found
                })?;
                axis = axis.from(position)?;
            }
            Class::Pulldown => {
                let kind = objects.integer(id, Prop::PulldownKind).unwrap_or(2);
                let to_film = objects.integer(id, Prop::PulldownDirection) != Some(1);
                axis.rate = pulldown_rate(axis.rate, kind, to_film)?;
                id = objects.object(id, Prop::InputSegment)?;
                pulled = true;
            }
            _ => return None,
        }
    }
    None
}

/// The rate of timecode that counts `fps` frame numbers a second in a slot of this edit rate, and
/// whether the two, or the counting, contradict. `ntsc` says whether the mob's other slots run at
/// a thousand-and-first, which decides where the slot counts samples.
fn frame_rate(fps: i64, drop: bool, edit: Rational, ntsc: bool) -> Option<(FrameRate, bool)> {
    let whole = Rational::from_int(fps);
    let slow = whole.checked_mul(Rational::new(1000, 1001)?)?;
    let pulled = is_ntsc(edit) || (ntsc && edit > Rational::from_int(1000));
    let real = if pulled { slow } else { whole };
    let known = FrameRate::from_rational(real).ok();
    let (rate, doubtful) = match known {
        Some(rate) => (rate, false),
        // A count that no timecode has: the edit rate alone is taken.
        None => (FrameRate::from_rational(edit).ok()?, true),
    };
    match rate.with_drop(drop) {
        Ok(rate) => Some((rate, doubtful)),
        Err(_) => Some((rate, true)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(fps: i64, drop: bool, edit: &str, ntsc: bool, expect: &str, doubtful: bool) {
        let (rate, doubt) = frame_rate(fps, drop, edit.parse().unwrap(), ntsc).unwrap();
        assert_eq!((rate.to_string(), doubt), (expect.to_owned(), doubtful));
    }

    #[test]
    fn rates_of_timecode() {
        check(24, false, "24000/1001", true, "23.976", false);
        check(24, false, "24", false, "24", false);
        check(30, true, "30000/1001", true, "29.97 DF", false);
        check(120, true, "120000/1001", true, "119.88 DF", false);
        // Counting 30 in a slot of 59.94.
        check(30, false, "60000/1001", true, "29.97", false);
        check(30, true, "2997/100", true, "29.97 DF", false);
        // A slot that counts samples.
        check(24, false, "48000", true, "23.976", false);
        check(24, false, "48000", false, "24", false);
        check(24, true, "24", false, "24", true);
        check(0, false, "25", false, "25", true);
        assert_eq!(frame_rate(0, false, "48000".parse().unwrap(), false), None);
    }
}
