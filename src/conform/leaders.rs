//! Leaders, pops and tones of the cut itself: they tell where the picture begins and ends, and are made anew.

use super::codes::{END_ASSUMED, POP_ELSEWHERE, POP_INSIDE, START_ASSUMED};
use super::framing::FramingInput;
use crate::finding::Finding;
use crate::spec::{PopRule, TcLength};
use crate::time::{Pos, Rational, Record, Timecode};
use crate::timeline::{Clip, Timeline};

/// How far a pop stands from the picture where the spec has none: both head conventions and tails agree on two
/// seconds.
const USUAL: TcLength = TcLength::Seconds(2);

impl FramingInput<'_> {
    /// The first frame of picture of a cut that begins with leaders: as far behind its pop as the spec
    /// has it (two seconds where it says nothing), else where the first other clip begins. With it comes the first
    /// instant at which the picture can begin: a pop says it for certain.
    pub(super) fn behind_leaders(
        &self,
        first: Pos<Record>,
        timelines: &[&Timeline],
        findings: &mut Vec<Finding>,
    ) -> (Pos<Record>, Option<Pos<Record>>) {
        let sound = sounding(timelines).map(|clip| clip.record.start).min();
        let leaders = leaders(timelines).filter(|clip| Some(clip.record.end) <= sound);
        let last = leaders.max_by_key(|clip| clip.record.start);
        let (Some(sound), Some(leader)) = (sound, last) else {
            return (first, None);
        };
        let distance = match self.spec.head.pop {
            PopRule::At(before) => before,
            _ => USUAL,
        };
        let frame = self.frame_rate.frame_at(leader.record.start.seconds());
        let frame = frame.map(|frame| frame + distance.frames(self.frame_rate));
        let by_pop = frame.and_then(|frame| self.frame_rate.seconds_at(frame));
        let by_pop = by_pop
            .map(Pos::new)
            .filter(|at| self.is_brief(leader) && *at <= sound);
        let start = by_pop.unwrap_or(sound);
        let message = format!(
            "the first frame of picture is taken to be {}, behind the leader {}",
            self.timecode(start),
            self.timecode(leader.record.start)
        );
        let hint = "give --ffoa, or a marker FFOA in the timeline";
        findings.push(Finding::new(&START_ASSUMED, message).hint(hint));
        (start, Some(by_pop.unwrap_or(leader.record.end)))
    }

    /// The end of the picture of a cut that ends with a pop: as far before it as the spec has it, else where the
    /// last other clip ends.
    pub(super) fn before_tail(
        &self,
        last: Pos<Record>,
        timelines: &[&Timeline],
        findings: &mut Vec<Finding>,
    ) -> Pos<Record> {
        let sound = sounding(timelines).map(|clip| clip.record.end).max();
        let pops = leaders(timelines).filter(|clip| self.is_brief(clip));
        let pops = pops.filter(|clip| Some(clip.record.start) >= sound);
        let first = pops.min_by_key(|clip| clip.record.start);
        let (Some(sound), Some(pop)) = (sound, first) else {
            return last;
        };
        let distance = match self.spec.tail.pop {
            PopRule::At(after) => after,
            _ => USUAL,
        };
        // Counted from the last frame of picture, which the end stands behind.
        let frame = self.frame_rate.frame_at(pop.record.start.seconds());
        let frame = frame.map(|frame| frame - distance.frames(self.frame_rate) + 1);
        let by_pop = frame.and_then(|frame| self.frame_rate.seconds_at(frame));
        let by_pop = by_pop.map(Pos::new).filter(|at| *at >= sound);
        let end = by_pop.unwrap_or(sound);
        let message = format!(
            "the picture is taken to end at {}, before the pop {}",
            self.timecode(end),
            self.timecode(pop.record.start)
        );
        let hint = "give --lfoa, or a marker LFOA in the timeline";
        findings.push(Finding::new(&END_ASSUMED, message).hint(hint));
        end
    }

    /// Whether a clip is no longer than a pop: two frames.
    fn is_brief(&self, clip: &Clip) -> bool {
        let frame = self.frame_rate.frame_duration();
        let longest = frame.checked_mul(Rational::from_int(2));
        let length = clip.record.duration().zip(longest);
        length.is_some_and(|(length, longest)| length <= longest)
    }

    /// Pops of the cut itself. Outside the programme they are not written again, but one that stands elsewhere than
    /// the spec has it shows that the picture begins or ends elsewhere; inside it they sound.
    pub(super) fn check_pops(
        &self,
        timelines: &[&Timeline],
        (start, end): (Pos<Record>, Pos<Record>),
        findings: &mut Vec<Finding>,
    ) {
        let frame = |at: Pos<Record>| self.frame_rate.frame_at(at.seconds()).unwrap_or_default();
        let frames = |rule: PopRule| match rule {
            PopRule::At(distance) => Some(distance.frames(self.frame_rate)),
            _ => None,
        };
        let head = frames(self.spec.head.pop).map(|before| frame(start) - before);
        let tail = frames(self.spec.tail.pop).map(|after| frame(end) - 1 + after);
        for pop in leaders(timelines).filter(|clip| self.is_brief(clip)) {
            let there = self.timecode(pop.record.start);
            let wanted = if pop.record.end <= start {
                head
            } else if pop.record.start >= end {
                tail
            } else {
                let message = format!("the cut has a pop at {there}, inside the programme");
                findings.push(Finding::new(&POP_INSIDE, message).at(pop.place.clone()));
                continue;
            };
            if let Some(wanted) = wanted.filter(|wanted| *wanted != frame(pop.record.start)) {
                let want = Timecode::from_frame(wanted, self.frame_rate);
                let message = format!("the cut has a pop at {there}, the spec at {want}");
                findings.push(Finding::new(&POP_ELSEWHERE, message).at(pop.place.clone()));
            }
        }
    }
}

/// The clips that sound, but for leaders, pops and tones.
pub(super) fn sounding<'a>(timelines: &'a [&Timeline]) -> impl Iterator<Item = &'a Clip> {
    let tracks = timelines.iter().flat_map(|timeline| &timeline.tracks);
    tracks
        .filter(|track| !track.muted)
        .flat_map(|track| &track.clips)
        .filter(|clip| !clip.muted && !crate::stem::is_leader_name(&clip.name))
}

/// The leaders, pops and tones of the cut.
fn leaders<'a>(timelines: &'a [&Timeline]) -> impl Iterator<Item = &'a Clip> {
    let tracks = timelines.iter().flat_map(|timeline| &timeline.tracks);
    let clips = tracks.flat_map(|track| &track.clips);
    clips.filter(|clip| crate::stem::is_leader_name(&clip.name))
}
