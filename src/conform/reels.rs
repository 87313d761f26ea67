//! Which timelines are which reel.

use super::codes::{NO_REEL, REEL_MISSING, REEL_ORDER};
use super::framing::{FramingInput, Reel};
use crate::finding::Finding;
use crate::time::{Pos, Record, Timecode};

/// The timelines of a reel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReelGroup {
    /// The hour that they belong to.
    hour: u32,
    /// The place among the reels as they were given, from 0: what options of a reel count by, where hours do not tell.
    pub(super) given: usize,
    /// Whether no other reel has its hour.
    by_hour: bool,
    /// Indices.
    pub(super) timelines: Vec<usize>,
}

#[cfg(test)]
impl ReelGroup {
    /// One reel of these timelines.
    pub(super) const fn of(timelines: Vec<usize>) -> Self {
        Self {
            hour: 0,
            given: 0,
            by_hour: false,
            timelines,
        }
    }
}

impl FramingInput<'_> {
    /// The reels with their timelines in the order of their hours, with a finding where they were given
    /// in another. Where the hours differ, the timelines of one hour belong to one reel.
    pub(super) fn groups(&self, findings: &mut Vec<Finding>) -> Vec<ReelGroup> {
        let hours: Vec<u32> = self.starts().map(|start| self.hour(start)).collect();
        let one = |given: usize, hour: u32, timelines: Vec<usize>| ReelGroup {
            hour,
            given,
            by_hour: false,
            timelines,
        };
        if !self.reels {
            let hour = hours.first().copied().unwrap_or_default();
            return vec![one(0, hour, (0..hours.len()).collect())];
        }
        let numbered = hours.iter().enumerate();
        if hours.windows(2).all(|pair| pair.first() == pair.last()) {
            return numbered.map(|(i, &hour)| one(i, hour, vec![i])).collect();
        }
        let mut groups: Vec<ReelGroup> = Vec::new();
        for (timeline, &hour) in numbered {
            match groups.iter_mut().find(|group| group.hour == hour) {
                Some(group) => group.timelines.push(timeline),
                None => groups.push(one(groups.len(), hour, vec![timeline])),
            }
        }
        let list = |groups: &[ReelGroup]| {
            let hours = groups.iter().map(|group| format!("{:02}", group.hour));
            hours.collect::<Vec<_>>().join(", ")
        };
        let given = list(&groups);
        groups.sort_by_key(|group| group.hour);
        for group in &mut groups {
            group.by_hour = true;
        }
        let taken = list(&groups);
        if given != taken {
            let message = format!("reels of the hours {given} are taken in the order {taken}");
            findings.push(Finding::new(&REEL_ORDER, message));
        }
        groups
    }

    /// The numbers of the reels: by their hours, where they have hours of their own.
    pub(super) fn numbers(&self, groups: &[ReelGroup]) -> Vec<u32> {
        let hours = || groups.iter().map(|group| group.hour);
        let lowest = hours().min().unwrap_or_default();
        if groups.len() < 2 || hours().all(|hour| hour == lowest) {
            return (1..=groups.len() as u32).collect();
        }
        let counted = self.spec.programme.start;
        let counted = counted.map(crate::spec::StartTimecode::hour);
        let first = counted.filter(|&hour| hour <= lowest).unwrap_or(lowest);
        hours().map(|hour| hour - first + 1).collect()
    }

    /// Options of a reel that there is not.
    pub(super) fn tell_unused(&self, groups: &[ReelGroup], findings: &mut Vec<Finding>) {
        let options = [("--ffoa", &self.said.ffoa), ("--lfoa", &self.said.lfoa)];
        for (option, said) in options {
            let used: Vec<usize> = groups
                .iter()
                .filter_map(|group| self.place_of(said, group))
                .collect();
            let unused = said.iter().enumerate().filter(|(i, _)| !used.contains(i));
            for (_, &at) in unused {
                let message = format!("{option} {} is of no reel", self.timecode(at));
                findings.push(Finding::new(&NO_REEL, message));
            }
        }
    }

    /// Numbers that no reel has: between two reels, and before the first of a long-play.
    pub(super) fn tell_missing(&self, reels: &[Reel], findings: &mut Vec<Finding>) {
        if reels.len() < 2 {
            return;
        }
        let numbers: Vec<u32> = reels.iter().map(|reel| reel.number).collect();
        let whole = self.spec.programme.reels.long_play();
        let first = if whole {
            1
        } else {
            numbers.iter().copied().min().unwrap_or(1)
        };
        let last = numbers.iter().copied().max().unwrap_or(first);
        let missing = (first..=last).filter(|number| !numbers.contains(number));
        let missing: Vec<String> = missing.map(|number| number.to_string()).collect();
        if !missing.is_empty() {
            let message = format!("no timeline has the hour of reel {}", missing.join(", "));
            findings.push(Finding::new(&REEL_MISSING, message));
        }
    }

    fn starts(&self) -> impl Iterator<Item = Pos<Record>> + '_ {
        self.timelines.iter().map(|timeline| timeline.get().start)
    }

    /// What an option says of a reel: the timecode in its hour, or where hours do not tell reels apart the one that
    /// was given in its place.
    pub(super) fn said_of(&self, said: &[Pos<Record>], group: &ReelGroup) -> Option<Pos<Record>> {
        said.get(self.place_of(said, group)?).copied()
    }

    fn place_of(&self, said: &[Pos<Record>], group: &ReelGroup) -> Option<usize> {
        if !group.by_hour {
            return Some(group.given).filter(|place| *place < said.len());
        }
        // The end of a long reel is none of the next one's leader.
        let hour = |at: &Pos<Record>| {
            let timecode = self.frame_rate.timecode_at(at.seconds());
            timecode.map(|timecode| timecode.fields().0)
        };
        said.iter().position(|at| hour(at) == Some(group.hour))
    }

    /// The hour that a timeline belongs to: leaders begin up to five minutes before it.
    pub(super) fn hour(&self, start: Pos<Record>) -> u32 {
        const LEADER: i64 = 5 * 60;
        let nominal = i64::from(self.frame_rate.nominal());
        let frame = self
            .frame_rate
            .frame_at(start.seconds())
            .unwrap_or_default();
        Timecode::from_frame(frame + LEADER * nominal, self.frame_rate)
            .fields()
            .0
    }

    /// The number of a reel that comes alone: by its hour, where the spec counts from an earlier one.
    pub(super) fn number_by_hour(&self, start: Pos<Record>) -> u32 {
        let wanted = self
            .spec
            .programme
            .start
            .filter(|_| self.spec.programme.reels.reels());
        let first = wanted.map(crate::spec::StartTimecode::hour);
        let hour = self.hour(start);
        first
            .and_then(|first| hour.checked_sub(first))
            .map_or(1, |after| after + 1)
    }
}
