//! Recordings along the clock: which of them cover an instant.

use std::collections::BTreeMap;

use crate::time::Rational;

/// Stretches of time with the number of the file that covers each.
#[derive(Debug, Clone, Default)]
pub(super) struct Spans {
    /// By start: when it ends.
    ends: BTreeMap<(Rational, usize), Rational>,
    /// The longest stretch: nothing that started earlier than this before an instant covers it.
    longest: Option<Rational>,
}

impl Spans {
    /// Adds the stretch from `start` up to `end`, in seconds.
    pub(super) fn add(&mut self, start: Rational, end: Rational, file: usize) {
        self.ends.insert((start, file), end);
        self.longest = self.longest.max(end.checked_sub(start));
    }

    /// Files whose stretch meets the one from `start` up to `end`, at most `limit`, in the order of
    /// their starts. An empty stretch is an instant.
    pub(super) fn meeting(&self, start: Rational, end: Rational, limit: usize) -> Vec<usize> {
        let Some(from) = self.longest.and_then(|longest| start.checked_sub(longest)) else {
            return Vec::new();
        };
        self.ends
            .range((from, 0)..=(end.max(start), usize::MAX))
            .filter(|((first, _), last)| **last > start && (*first < end || *first <= start))
            .map(|((_, file), _)| *file)
            .take(limit)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(spans: &[(i64, i64)], (start, end): (i64, i64), expect: &[usize]) {
        let mut all = Spans::default();
        for (i, (start, end)) in spans.iter().enumerate() {
            all.add(Rational::from_int(*start), Rational::from_int(*end), i);
        }
        let found = all.meeting(Rational::from_int(start), Rational::from_int(end), 100);
        assert_eq!(found, expect, "{start} to {end}");
    }

    #[test]
    fn neighbours_touch_but_do_not_meet() {
        let takes = [(10, 20), (20, 30), (5, 100)];
        check(&takes, (12, 18), &[2, 0]);
        check(&takes, (19, 21), &[2, 0, 1]);
        check(&takes, (20, 20), &[2, 1]);
        check(&takes, (0, 5), &[]);
        check(&takes, (100, 110), &[]);
        check(&[], (0, 1), &[]);
    }

    proptest! {
        #[test]
        fn finds_what_a_plain_search_finds(
            spans in prop::collection::vec((0_i64..100, 1_i64..40), 0..30),
            start in 0_i64..120,
            length in 1_i64..30,
        ) {
            let mut all = Spans::default();
            let mut expect = Vec::new();
            for (i, (from, size)) in spans.iter().enumerate() {
                all.add(Rational::from_int(*from), Rational::from_int(from + size), i);
                if *from < start + length && from + size > start {
                    expect.push(i);
                }
            }
            let end = Rational::from_int(start + length);
            let mut found = all.meeting(Rational::from_int(start), end, 100);
            found.sort_unstable();
            prop_assert_eq!(found, expect);
        }
    }
}
