//! Names for wrong timecodes.

use crate::audio::SampleRate;

/// What kind of mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TimeFault {
    /// Whole hours.
    Hours,
    /// A thousandth of the timecode itself.
    PullDown,
    /// Anything else.
    Other,
}

/// An hour of timecode in seconds: whole frame rates; 23.976 and 29.97 without drop; 107,892 frames of 29.97 with it.
const HOURS: [(i64, i64); 3] = [(3_600, 1), (18_018, 5), (107_892 * 1_001, 30_000)];

/// What kind of mistake puts a start at `is` instead of `wanted`, and the difference in words. Hours are
/// those of 24 as well as of 23.976 frames a second, and those of drop-frame timecode.
pub(super) fn name_offset(is: i64, wanted: i64, rate: SampleRate) -> (TimeFault, String) {
    let off = is - wanted;
    let hertz = i64::from(rate.hertz());
    let side = if off < 0 { "before" } else { "after" };
    for (num, den) in HOURS {
        let (hour, off) = (hertz * num, off * den);
        let hours = (off + off.signum() * hour / 2) / hour;
        if hours != 0 && (off - hours * hour).abs() <= 2 * den {
            let plural = if hours.abs() == 1 { "" } else { "s" };
            let words = format!("exactly {} hour{plural} {side}", hours.abs());
            return (TimeFault::Hours, words);
        }
    }
    // In the first seconds a thousandth is as little as any slip.
    let long = wanted.min(is) >= 10 * i64::from(rate.hertz());
    let thousandth = |a: i64, b: i64| long && (a - b - b / 1_000).abs() <= 2 + b / 500_000;
    if thousandth(is, wanted) || thousandth(wanted, is) {
        let words = format!("0.1 % ({} samples) {side}", off.abs());
        return (TimeFault::PullDown, words);
    }
    let seconds = off.unsigned_abs() as f64 / f64::from(rate.hertz());
    (
        TimeFault::Other,
        format!("{} samples ({seconds:.3} s) {side}", off.abs()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(is: i64, wanted: i64, want: TimeFault, words: &str) {
        let (kind, said) = name_offset(is, wanted, SampleRate::HZ_48000);
        assert_eq!((kind, said.as_str()), (want, words), "{is} {wanted}");
    }

    #[test]
    fn hours_and_thousandths_have_names() {
        check(0, 172_800_000, TimeFault::Hours, "exactly 1 hour before");
        check(172_799_827, 0, TimeFault::Hours, "exactly 1 hour after");
        check(
            172_799_827,
            345_599_654,
            TimeFault::Hours,
            "exactly 1 hour before",
        );
        check(
            345_945_600,
            172_972_800,
            TimeFault::Hours,
            "exactly 1 hour after",
        );
        check(
            1_728_000_000,
            172_800_000,
            TimeFault::Hours,
            "exactly 9 hours after",
        );
        check(
            172_972_800,
            172_800_000,
            TimeFault::PullDown,
            "0.1 % (172800 samples) after",
        );
        check(
            172_800_000,
            172_972_800,
            TimeFault::PullDown,
            "0.1 % (172800 samples) before",
        );
        check(
            172_802_000,
            172_800_000,
            TimeFault::Other,
            "2000 samples (0.042 s) after",
        );
        check(
            30_030,
            30_000,
            TimeFault::Other,
            "30 samples (0.001 s) after",
        );
        check(0, 1, TimeFault::Other, "1 samples (0.000 s) before");
    }
}
