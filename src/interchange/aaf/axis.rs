//! Positions of segments on the record axis, exact.

use crate::time::Rational;

/// How positions in a segment map to seconds of the composition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Axis {
    /// Where the segment's first edit unit stands, in seconds from the composition's zero.
    pub(super) zero: Rational,
    /// Edit units a second; above zero.
    pub(super) rate: Rational,
}

impl Axis {
    /// The instant of an edit unit; `None` where it cannot be counted.
    pub(super) fn at(self, position: i64) -> Option<Rational> {
        self.zero.checked_add(self.length(position)?)
    }

    /// The duration of so many edit units.
    pub(super) fn length(self, units: i64) -> Option<Rational> {
        Rational::from_int(units).checked_div(self.rate)
    }

    /// The axis of what begins at an edit unit.
    pub(super) fn from(self, position: i64) -> Option<Self> {
        let zero = self.at(position)?;
        Some(Self { zero, ..self })
    }
}

/// A half-open stretch of the composition, in seconds from its zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    /// First instant.
    pub(super) start: Rational,
    /// First instant after it.
    pub(super) end: Rational,
}

impl Window {
    /// What this and another stretch have in common; `None` where that is nothing.
    pub(super) fn common(self, other: Self) -> Option<Self> {
        let start = self.start.max(other.start);
        let end = self.end.min(other.end);
        (start < end).then_some(Self { start, end })
    }

    /// The stretch of so many edit units from the start of an axis.
    pub(super) fn of(axis: Axis, length: i64) -> Option<Self> {
        Some(Self {
            start: axis.zero,
            end: axis.at(length)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn r(text: &str) -> Rational {
        text.parse().unwrap()
    }

    #[test]
    fn positions_are_exact_at_any_rate() {
        let axis = Axis {
            zero: r("1/3"),
            rate: r("30000/1001"),
        };
        assert_eq!(axis.at(30), Some(r("4003/3000")));
        assert_eq!(axis.from(30).unwrap().at(-30), Some(r("1/3")));
        assert_eq!(axis.at(i64::MAX), None);
    }

    #[test]
    fn windows_meet_or_do_not() {
        let window = |a: &str, b: &str| Window {
            start: r(a),
            end: r(b),
        };
        assert_eq!(
            window("0", "2").common(window("1", "3")),
            Some(window("1", "2"))
        );
        assert_eq!(window("0", "1").common(window("1", "3")), None);
    }
}
