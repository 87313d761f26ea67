//! Reels and long-play: where the programme stands in each timeline, how the reels join, and which
//! timecode the files of a delivery have.

use super::codes::{
    ENDS_BEFORE_START, FRAME_RATE, NO_MARK, PADDING_TOO_LONG, RESTAMPED, START_ASSUMED,
};
use super::leaders::sounding;
use super::programme::record_out;
use super::reels::ReelGroup;
use crate::audio::SampleRate;
use crate::finding::{Finding, Place};
use crate::spec::{Spec, StartTimecode};
use crate::time::{FrameRate, Pos, Rational, Record};
use crate::timeline::{Timeline, ValidTimeline};

/// What the user says of the programme's place in the timelines; each list has one entry a reel and
/// may be shorter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Framing {
    /// Timecode of the first frame of picture.
    pub ffoa: Vec<Pos<Record>>,
    /// Timecode of the last frame of picture, which still belongs to the programme.
    pub lfoa: Vec<Pos<Record>>,
    /// Timecodes at which a long-play timeline is cut into reels.
    pub marks: Vec<Pos<Record>>,
}

impl Framing {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.ffoa.is_empty() && self.lfoa.is_empty() && self.marks.is_empty()
    }
}

/// One reel: a stretch of the record axis of its timelines, and its place in the programme.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reel {
    /// Its number, from 1.
    pub(super) number: u32,
    /// Its first frame on the record axis of its timelines.
    pub(super) start: Pos<Record>,
    /// The first instant behind it.
    pub(super) end: Pos<Record>,
    /// Exact seconds from the start of the programme to its own.
    pub(super) offset: Rational,
    /// Its first sample frame in the programme.
    pub(super) at: u64,
    /// Its sample frames in the programme: between two rounded places of the programme's own axis.
    pub(super) length: u64,
}

/// The programme as reels.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Framed {
    /// In order; one for a programme that is not in reels.
    pub(super) reels: Vec<Reel>,
    /// Timecode of the programme's first frame of picture in the files.
    pub(super) start: Pos<Record>,
    /// For each timeline its reel, an index.
    pub(super) reel_of: Vec<usize>,
    /// Whether a single timeline was cut into these reels.
    pub(super) cut: bool,
    /// What was noticed.
    pub(super) findings: Vec<Finding>,
}

/// What decides the framing.
#[derive(Debug, Clone, Copy)]
pub(super) struct FramingInput<'a> {
    pub(super) timelines: &'a [ValidTimeline],
    pub(super) spec: &'a Spec,
    pub(super) said: &'a Framing,
    pub(super) reels: bool,
    pub(super) rate: SampleRate,
    pub(super) frame_rate: FrameRate,
}

/// Whether a spec or a user speaks of the programme's place: otherwise the files are the timelines.
pub(super) fn is_framed(spec: &Spec, said: &Framing) -> bool {
    spec.programme.start.is_some() || !spec.is_plain() || !said.is_empty()
}

impl Reel {
    /// A reel that has no place in the programme yet.
    const fn new(number: u32, start: Pos<Record>, end: Pos<Record>) -> Self {
        Self {
            number,
            start,
            end,
            offset: Rational::ZERO,
            at: 0,
            length: 0,
        }
    }
}

impl FramingInput<'_> {
    /// Finds the reels.
    pub(super) fn frame(self) -> Framed {
        let mut findings = Vec::new();
        let groups = self.groups(&mut findings);
        let numbers = self.numbers(&groups);
        self.tell_unused(&groups, &mut findings);
        let mut reels = Vec::new();
        let mut reel_of = vec![0; self.timelines.len()];
        for (index, (group, number)) in groups.iter().zip(numbers).enumerate() {
            let (start, end) = self.stretch(group, &mut findings);
            reels.push(Reel::new(number, start, end));
            for &timeline in &group.timelines {
                if let Some(slot) = reel_of.get_mut(timeline) {
                    *slot = index;
                }
            }
        }
        self.tell_missing(&reels, &mut findings);
        let marks = self.marks();
        let cut = reels.len() == 1 && !marks.is_empty();
        if let ([whole], true) = (reels.as_slice(), cut) {
            reels = self.cut(*whole, &marks, &mut findings);
            self.tell_numbers(&reels, &mut findings);
            reel_of.fill(0);
        } else if let [only] = reels.as_mut_slice() {
            only.number = self.number_by_hour(only.start);
        }
        let start = self.programme_start(&reels);
        self.lay(&mut reels, start);
        self.check_rate(&mut findings);
        self.check_padding(&mut findings);
        Framed {
            reels,
            start,
            reel_of,
            cut,
            findings,
        }
    }

    /// The timecode that the programme starts at in the files: that of its first reel, or where only
    /// long-play is delivered the one that the spec names.
    fn programme_start(&self, reels: &[Reel]) -> Pos<Record> {
        let programme = &self.spec.programme;
        let (number, own) = reels
            .first()
            .map_or((1, Pos::ZERO), |reel| (reel.number, reel.start));
        let number = if programme.reels.reels() { number } else { 1 };
        stamped(programme.start, number, own, self.frame_rate).unwrap_or(own)
    }

    /// Puts the reels on the axis of the programme. Each begins at the rounded sample of its exact place
    /// there, so that the long-play file has the length of its frames, no sample is lost or doubled
    /// where two reels meet, and a cut of the long-play finds the same edges.
    fn lay(&self, reels: &mut [Reel], programme: Pos<Record>) {
        let sample = |offset: Rational| {
            let at = programme.checked_add(offset).unwrap_or(programme);
            at.sample(self.rate).index()
        };
        let first = sample(Rational::ZERO);
        let mut offset = Rational::ZERO;
        for reel in reels {
            reel.offset = offset;
            let duration = reel.end.since(reel.start).unwrap_or(Rational::ZERO);
            let end = offset.checked_add(duration).unwrap_or(offset);
            reel.at = (sample(offset) - first).max(0).unsigned_abs();
            reel.length = (sample(end) - sample(offset)).max(0).unsigned_abs();
            offset = end;
        }
    }

    /// First frame of picture and the end behind the last one.
    fn stretch(
        &self,
        group: &ReelGroup,
        findings: &mut Vec<Finding>,
    ) -> (Pos<Record>, Pos<Record>) {
        let timelines: Vec<&Timeline> = group
            .timelines
            .iter()
            .filter_map(|&i| self.timelines.get(i).map(ValidTimeline::get))
            .collect();
        let first = timelines.iter().map(|timeline| timeline.start).min();
        let first = first.unwrap_or(Pos::ZERO);
        let last = timelines.iter().map(|timeline| record_out(timeline)).max();
        let last = last.unwrap_or(first);
        let said = self.said_of(&self.said.ffoa, group);
        let start = said
            .or_else(|| self.at_marker(&timelines, "FFOA", findings))
            .unwrap_or_else(|| self.assumed_start(first, &timelines, findings));
        let lfoa = self.said_of(&self.said.lfoa, group);
        // The last frame of picture belongs to the programme.
        let lfoa = lfoa.or_else(|| self.at_marker(&timelines, "LFOA", findings));
        let behind = lfoa.and_then(|at| at.checked_add(self.frame_rate.frame_duration()));
        let end = behind.unwrap_or_else(|| self.before_tail(last, &timelines, findings));
        if end <= start {
            let message = format!(
                "the programme would end at {} and start at {}",
                self.timecode(end),
                self.timecode(start)
            );
            findings.push(Finding::new(&ENDS_BEFORE_START, message));
            return (start, start);
        }
        self.check_pops(&timelines, (start, end), findings);
        (start, end)
    }

    /// Where the picture starts when nobody says so: where the spec has it, in the hour of the
    /// timeline, unless that is out of reach or something sounds before it.
    fn assumed_start(
        &self,
        first: Pos<Record>,
        timelines: &[&Timeline],
        findings: &mut Vec<Finding>,
    ) -> Pos<Record> {
        /// A first event may stand this far behind the first frame of picture, in seconds.
        const REACH: i64 = 5 * 60;
        let (first, earliest) = self.behind_leaders(first, timelines, findings);
        if earliest == Some(first) {
            return first;
        }
        let Some(wanted) = self.spec.programme.start else {
            return first;
        };
        let wanted = wanted.in_hour(self.hour(first));
        let Ok(seconds) = self.frame_rate.seconds_of(&wanted) else {
            return first;
        };
        let start = Pos::new(seconds);
        let behind = start.checked_add(Rational::from_int(REACH));
        let too_late = sounding(timelines).any(|clip| clip.record.start < start);
        let too_early = earliest.is_some_and(|earliest| start < earliest);
        if start == first || too_early || too_late || behind.is_none_or(|limit| first > limit) {
            return first;
        }
        let message = format!(
            "the first frame of picture is taken to be {}; the timeline starts at {}",
            self.timecode(start),
            self.timecode(first)
        );
        let hint = "give --ffoa, or a marker FFOA in the timeline";
        findings.push(Finding::new(&START_ASSUMED, message).hint(hint));
        start
    }

    /// One timeline cut into reels at its marks.
    fn cut(&self, whole: Reel, marks: &[Pos<Record>], findings: &mut Vec<Finding>) -> Vec<Reel> {
        let mut edges = vec![whole.start];
        for &mark in marks {
            if mark > whole.start && mark < whole.end {
                edges.push(mark);
            } else if mark != whole.start {
                let message = format!("no reel can begin at {}", self.timecode(mark));
                findings.push(Finding::new(&NO_MARK, message));
            }
        }
        edges.push(whole.end);
        let mut reels = Vec::new();
        for (i, edge) in edges.windows(2).enumerate() {
            if let &[start, end] = edge {
                reels.push(Reel::new(i as u32 + 1, start, end));
            }
        }
        reels
    }

    fn check_rate(&self, findings: &mut Vec<Finding>) {
        let taken = &self.spec.frame_rates;
        let same = |rate: &FrameRate| rate.fps() == self.frame_rate.fps();
        if !taken.is_empty() && !taken.iter().any(same) {
            let list: Vec<String> = taken.iter().map(ToString::to_string).collect();
            let message = format!(
                "the timelines have {} frames a second; {} takes {}",
                self.frame_rate,
                self.spec.name,
                list.join(", ")
            );
            findings.push(Finding::new(&FRAME_RATE, message));
        }
    }

    /// Lengths in seconds and in frames can be compared at a frame rate alone.
    fn check_padding(&self, findings: &mut Vec<Finding>) {
        let sides = [("head", self.spec.head), ("tail", self.spec.tail)];
        for (side, padding) in sides {
            let frames = padding.length.frames(self.frame_rate);
            let most = padding.max.map(|most| most.frames(self.frame_rate));
            if let Some(most) = most.filter(|most| frames > *most) {
                let message = format!(
                    "`{side}.length` is {frames} frames at {} frames a second; the client takes {most}",
                    self.frame_rate
                );
                findings.push(Finding::new(&PADDING_TOO_LONG, message));
            }
        }
    }

    pub(super) fn timecode(&self, at: Pos<Record>) -> String {
        let timecode = self.frame_rate.timecode_at(at.seconds());
        timecode
            .map(|timecode| timecode.to_string())
            .unwrap_or_default()
    }
}

/// The first frame of a reel in the files, where the spec says it.
fn stamped(
    wanted: Option<StartTimecode>,
    reel: u32,
    own: Pos<Record>,
    rate: FrameRate,
) -> Option<Pos<Record>> {
    let seconds = rate.seconds_of(&wanted?.of_reel(reel)).ok()?;
    (seconds != own.seconds()).then(|| Pos::new(seconds))
}

/// The timecode of the first frame of a reel in the files, with a finding where the cut has another.
pub(super) fn delivered_start(
    wanted: Option<StartTimecode>,
    reel: u32,
    own: Pos<Record>,
    rate: FrameRate,
    findings: &mut Vec<Finding>,
) -> Pos<Record> {
    let Some(at) = stamped(wanted, reel, own, rate) else {
        return own;
    };
    let timecode = |at: Pos<Record>| {
        let timecode = rate.timecode_at(at.seconds());
        timecode
            .map(|timecode| timecode.to_string())
            .unwrap_or_default()
    };
    let (had, has) = (timecode(own), timecode(at));
    let message = format!("the picture starts at {had} in the cut and at {has} in the files");
    let place = Place {
        timecode: Some(had),
        ..Place::default()
    };
    // The first reel and the long-play file say the same.
    if !findings.iter().any(|known| known.message == message) {
        findings.push(Finding::new(&RESTAMPED, message).at(place));
    }
    at
}
