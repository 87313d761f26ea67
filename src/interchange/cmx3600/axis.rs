//! The record axis: frames of the list as exact seconds, across midnight.

use super::event_line::EventLine;
use super::events::List;
use super::position::Position;
use crate::time::{FrameRate, Pos, Record};

/// An event that ends before it starts may pass midnight if it starts in the last and ends in the
/// first so many hours of the day.
const NEAR_MIDNIGHT: i64 = 2;

/// Why an event has no stretch on the axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Misplaced {
    /// The rate does not have this position.
    NotAtRate(Position),
    /// It ends before it starts.
    Backwards,
}

/// Record timecode as frames that never run backwards at midnight.
#[derive(Debug, Clone, Copy)]
pub(super) struct Axis {
    rate: FrameRate,
    /// Whether positions of the day's first half stand behind those of its second half.
    pub(super) passes_midnight: bool,
}

impl Axis {
    /// The axis of a list: it passes midnight if an event does, or if it starts late in the day, and
    /// all of it fits in less than half a day that way.
    pub(super) fn of(list: &List<'_>, rate: FrameRate) -> Self {
        let axis = Self {
            rate,
            passes_midnight: false,
        };
        let (day, noon) = (rate.frames_per_day(), rate.frames_per_day() / 2);
        let (mut morning_end, mut evening_start) = (0, day);
        let (mut starts_late, mut morning, mut passing) = (None, false, false);
        for (start, end) in list.lines.iter().filter_map(|line| axis.span(line).ok()) {
            starts_late.get_or_insert(start >= noon);
            if start < noon {
                morning = true;
                morning_end = morning_end.max(end);
            } else {
                passing |= end > day;
                evening_start = evening_start.min(start);
            }
        }
        let late = starts_late == Some(true) && morning;
        Self {
            passes_midnight: (late || passing) && evening_start - morning_end > noon,
            ..axis
        }
    }

    /// The frame of a position; behind midnight where the list passes it.
    pub(super) fn frame(&self, position: Position) -> Option<i64> {
        let frame = position.frame(self.rate)?;
        let day = self.rate.frames_per_day();
        let behind = self.passes_midnight && frame < day / 2;
        Some(if behind { frame + day } else { frame })
    }

    /// The stretch of an event: first frame and first frame after it.
    pub(super) fn span(&self, line: &EventLine<'_>) -> Result<(i64, i64), Misplaced> {
        let frame = |position| self.frame(position).ok_or(Misplaced::NotAtRate(position));
        let (start, end) = (frame(line.record.0)?, frame(line.record.1)?);
        if end >= start {
            return Ok((start, end));
        }
        let day = self.rate.frames_per_day();
        let near = day / 24 * NEAR_MIDNIGHT;
        if start >= day - near && start < day && end <= near {
            Ok((start, end + day))
        } else {
            Err(Misplaced::Backwards)
        }
    }

    /// Where a frame starts, in seconds.
    pub(super) fn seconds(&self, frame: i64) -> Option<Pos<Record>> {
        self.rate.seconds_at(frame).map(Pos::new)
    }
}

#[cfg(test)]
mod tests {
    use super::super::events::list;
    use super::super::report::Report;
    use super::*;

    fn check(records: &[(&str, &str)], expected: &[Option<(i64, i64)>]) {
        let event = |(start, end): &(&str, &str)| {
            format!("1 R A C 00:00:00:00 00:00:01:00 {start} {end}\n")
        };
        let text: String = records.iter().map(event).collect();
        let list = list(&text, &mut Report::new("a.edl")).unwrap();
        let axis = Axis::of(&list, FrameRate::F25);
        let spans: Vec<_> = list.lines.iter().map(|line| axis.span(line).ok()).collect();
        assert_eq!(spans, expected, "{records:?}");
    }

    const DAY: i64 = 2_160_000;

    #[test]
    fn midnight_is_passed_forwards() {
        check(
            &[
                ("23:59:58:00", "23:59:59:00"),
                ("23:59:59:00", "00:00:01:00"),
                ("00:00:01:00", "00:00:02:00"),
            ],
            &[
                Some((DAY - 50, DAY - 25)),
                Some((DAY - 25, DAY + 25)),
                Some((DAY + 25, DAY + 50)),
            ],
        );
        check(
            &[
                ("23:59:50:00", "23:59:59:00"),
                ("00:00:01:00", "01:00:00:00"),
            ],
            &[Some((DAY - 250, DAY - 25)), Some((DAY + 25, DAY + 90_000))],
        );
        check(
            &[
                ("23:59:59:00", "24:00:01:00"),
                ("24:00:01:00", "24:00:02:00"),
            ],
            &[Some((DAY - 25, DAY + 25)), Some((DAY + 25, DAY + 50))],
        );
    }

    #[test]
    fn a_long_day_is_no_midnight() {
        check(
            &[
                ("13:00:00:00", "13:00:01:00"),
                ("10:00:00:00", "10:00:01:00"),
            ],
            &[Some((1_170_000, 1_170_025)), Some((900_000, 900_025))],
        );
        check(
            &[
                ("00:00:00:00", "00:00:01:00"),
                ("23:00:00:00", "23:00:01:00"),
            ],
            &[Some((0, 25)), Some((2_070_000, 2_070_025))],
        );
    }

    #[test]
    fn backwards_is_refused() {
        check(
            &[
                ("01:00:02:00", "01:00:01:00"),
                ("01:00:00:25", "01:00:01:00"),
            ],
            &[None, None],
        );
    }
}
