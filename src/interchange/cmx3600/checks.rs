//! What is wrong or unusual with an event line, said in findings.

use super::axis::Misplaced;
use super::codes::{
    BACKWARDS, KEY, LENGTHS_DIFFER, NO_CHANNEL, NO_LENGTH, NO_SUCH_NUMBER, NOT_AT_RATE,
    ONE_FRAME_LONGER, PICTURE, SOURCE_RATE, SPEED,
};
use super::draft::From;
use super::event_line::EventLine;
use super::notes::Speed;
use super::rate::Rates;
use super::report::Report;
use crate::finding::Severity;
use crate::time::{FrameRate, Rational};

/// A key: an error where it names sound channels.
pub(super) fn key(line: &EventLine<'_>, report: &mut Report<'_>) {
    let message = || format!("key event {} is left out", line.number);
    if line.channels.has_sound() {
        report.list(&KEY, Severity::Error, line.spot, message);
    } else {
        report.add(&KEY, line.spot, message);
    }
}

/// A line without sound channels.
pub(super) fn without_sound(line: &EventLine<'_>, report: &mut Report<'_>) {
    if line.channels.picture {
        report.count(&PICTURE, "event lines that cut the picture only", line.spot);
    } else {
        report.count(&NO_CHANNEL, "event lines without a channel", line.spot);
    }
}

/// A line without length.
pub(super) fn empty(line: &EventLine<'_>, report: &mut Report<'_>) {
    let message = || format!("event {} starts and ends at {}", line.number, line.record.0);
    report.add(&NO_LENGTH, line.spot, message);
}

/// A line that has no stretch on the record axis.
pub(super) fn misplaced(
    line: &EventLine<'_>,
    why: Misplaced,
    rates: &Rates,
    report: &mut Report<'_>,
) {
    let (number, (start, end)) = (line.number, line.record);
    match why {
        Misplaced::NotAtRate(position) => {
            let rate = rates.record;
            report.add(&NOT_AT_RATE, line.spot, || {
                format!(
                    "event {number}: record timecode {position} does not exist at {rate}; give \
                     the list's rate with --rate"
                )
            });
        }
        Misplaced::Backwards => report.add(&BACKWARDS, line.spot, || {
            format!("event {number} ends at {end}, before it starts at {start}")
        }),
    }
}

/// Where the source of a line starts and ends; `None` where no rate has its frame numbers.
pub(super) fn source(line: &EventLine<'_>, rates: &Rates, report: &mut Report<'_>) -> Option<From> {
    let (number, (start, end)) = (line.number, line.source);
    if start.is_zero() && end.is_zero() {
        return Some(From::Head);
    }
    let Some(rate) = rates.source(line) else {
        report.add(&NOT_AT_RATE, line.spot, || {
            format!("event {number}: no rate has the source timecodes {start} and {end}")
        });
        return None;
    };
    if rate.fps() != rates.record.fps() {
        report.add(&SOURCE_RATE, line.spot, || {
            format!(
                "event {number}: source timecode {start} to {end} is read at {rate}, the list at {}",
                rates.record
            )
        });
    }
    let (from, to) = (start.frame(rate)?, end.frame(rate)?);
    // A recording may pass midnight.
    let to = if to < from {
        to + rate.frames_per_day()
    } else {
        to
    };
    Some(From::Timecode {
        start: rate.seconds_at(from)?,
        end: rate.seconds_at(to)?,
        rate,
    })
}

/// Counts frame numbers that drop-frame counting does not have.
pub(super) fn numbers(line: &EventLine<'_>, rates: &Rates, report: &mut Report<'_>) {
    let record = [line.record.0, line.record.1].map(|p| p.is_skipped(rates.record));
    let rate = rates.source(line).unwrap_or(rates.record);
    let source = [line.source.0, line.source.1].map(|p| p.is_skipped(rate));
    for _ in record.iter().chain(&source).filter(|skipped| **skipped) {
        let what = "timecodes that drop-frame counting skips, read as the next frame";
        report.count(&NO_SUCH_NUMBER, what, line.spot);
    }
}

/// The speed of a line where it is not that of its recording, with the finding.
pub(super) fn speed(
    line: &EventLine<'_>,
    speed: Option<Speed<'_>>,
    rates: &Rates,
    report: &mut Report<'_>,
) -> Option<Rational> {
    let rate = rates.record;
    let fps = speed?.fps;
    if is_normal(fps, rate) {
        return None;
    }
    report.add(&SPEED, line.spot, || {
        let (number, fps) = (line.number, fps.to_f64());
        format!("event {number}: M2 plays it at {fps:.1} frames a second, the list has {rate}")
    });
    fps.checked_div(rate.fps())
}

/// Compares source and record length of a line at normal speed.
pub(super) fn lengths(
    line: &EventLine<'_>,
    span: (i64, i64),
    source: From,
    rates: &Rates,
    report: &mut Report<'_>,
) {
    let From::Timecode { start, end, rate } = source else {
        return;
    };
    let record = span.1 - span.0;
    let own = |rate: FrameRate| Some(end.checked_sub(start)?.checked_mul(rate.fps())?.floor());
    let Some(length) = own(rate) else {
        return;
    };
    // Of another rate: the same time to within a frame of the list.
    let in_record = own(rates.record).unwrap_or(length);
    let other_rate = rate.fps() != rates.record.fps();
    if length == record || (other_rate && (in_record - record).abs() <= 1) {
        return;
    }
    if length == record + 1 {
        let what = "sources one frame longer than their record stretch, which rules";
        report.count(&ONE_FRAME_LONGER, what, line.spot);
        return;
    }
    let number = line.number;
    report.add(&LENGTHS_DIFFER, line.spot, || {
        format!(
            "event {number}: the source lasts {length} frames, the record {record}; the record \
             rules"
        )
    });
}

/// Whether a speed is the list's own rate, exactly, rounded or cut to the one decimal that M2 has.
fn is_normal(fps: Rational, rate: FrameRate) -> bool {
    let ten = Rational::from_int(10);
    let cut = |value: Rational| value.checked_mul(ten).map(Rational::floor);
    let near = |exact: Rational| {
        let off = fps.checked_sub(exact);
        off.is_some_and(|off| off.num().unsigned_abs() * 20 <= off.den().unsigned_abs())
    };
    let nominal = Rational::from_int(i64::from(rate.nominal()));
    near(rate.fps()) || near(nominal) || cut(fps) == cut(rate.fps())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_speed_is_the_rate_itself() {
        let check = |num, den, rate: &str, expected| {
            let fps = Rational::new(num, den).unwrap();
            assert_eq!(
                is_normal(fps, rate.parse().unwrap()),
                expected,
                "{num}/{den} at {rate}"
            );
        };
        check(24, 1, "24", true);
        check(24, 1, "23.976", true);
        check(239, 10, "23.976", true);
        check(2398, 100, "23.976", true);
        check(299, 10, "29.97", true);
        check(30, 1, "29.97", true);
        check(241, 10, "24", false);
        check(25, 1, "24", false);
        check(-24, 1, "24", false);
        check(0, 1, "24", false);
    }
}
