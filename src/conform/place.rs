//! One clip onto the output axis: exact edges, source range, fades, automation.

use super::plan::{CurvePoint, GainCurve, Ramp};
use super::programme::{OutputSpan, Programme};
use crate::audio::SampleRate;
use crate::time::{Pos, Record};
use crate::timeline::{Automation, Clip, Fade, FadeShape};

/// What the media says about a clip's source.
#[derive(Debug, Clone, Copy)]
pub(super) struct SourceFacts {
    /// Sample rate of the file.
    pub(super) rate: SampleRate,
    /// Sample frames of the file.
    pub(super) frames: u64,
    /// Sample frame of the file that sounds at the clip's sync; may lie outside the file.
    pub(super) at_sync: i64,
}

/// A clip on the output axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Placed {
    pub(super) start: u64,
    pub(super) length: u64,
    pub(super) source_start: i64,
    pub(super) lead: u64,
    pub(super) fade_in: Option<Ramp>,
    pub(super) fade_out: Option<Ramp>,
    pub(super) automation: Vec<GainCurve>,
    /// The instant of the first sample frame on the timeline's record axis.
    pub(super) origin: Option<Pos<Record>>,
    /// Sample frames at the head and tail that the source does not have; they are cut off here.
    pub(super) missing: (u64, u64),
    /// Sample frames at the head and tail that lie outside the files.
    pub(super) outside: (u64, u64),
}

/// A clip in its context.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placing<'a> {
    pub(super) programme: &'a Programme,
    /// Which timeline of the programme.
    pub(super) timeline: usize,
    pub(super) clip: &'a Clip,
    /// The track's curves, in series with the clip's own.
    pub(super) track_automation: &'a [Automation],
    /// The law where the clip's fades name none.
    pub(super) law: FadeShape,
}

impl Placing<'_> {
    /// Places the clip; `None` where nothing of it lies in the files.
    pub(super) fn place(&self, source: SourceFacts) -> Option<Placed> {
        let whole = self.span();
        let from_sync = whole.start - self.sample(self.clip.source.sync());
        // What lies in the files, as offsets from the clip's first sample frame.
        let window = self.programme.window(self.timeline);
        let first = (window.start - whole.start).max(0).unsigned_abs();
        let last = (whole.end.min(window.end) - whole.start)
            .max(0)
            .unsigned_abs();
        let in_files = first..last;
        // What the source has, likewise: offsets from the clip's first sample frame.
        let had = available(source, self.programme.rate);
        let low = (had.0 - from_sync).max(0).unsigned_abs();
        let high = (had.1 - from_sync).max(0).unsigned_abs();
        let sounding = in_files.start.max(low)..in_files.end.min(high);
        if in_files.is_empty() {
            return None;
        }
        let missing = if sounding.is_empty() && low >= in_files.end {
            (in_files.end - in_files.start, 0)
        } else if sounding.is_empty() {
            (0, in_files.end - in_files.start)
        } else {
            (sounding.start - in_files.start, in_files.end - sounding.end)
        };
        let length = sounding.end.saturating_sub(sounding.start);
        let (source_start, lead) = self.source_start(source, from_sync, sounding.start);
        let total = (whole.end - whole.start).unsigned_abs();
        let first = whole.start + sounding.start as i64;
        let origin = self.programme.instant(self.timeline, first);
        Some(Placed {
            start: (whole.start + sounding.start as i64).max(0).unsigned_abs(),
            length,
            source_start,
            lead,
            fade_in: self.fade_in(sounding.start),
            fade_out: self.fade_out(total.saturating_sub(sounding.end)),
            automation: origin.map_or_else(Vec::new, |origin| self.automation(origin)),
            origin,
            missing,
            outside: (in_files.start, total.saturating_sub(in_files.end)),
        })
    }

    fn sample(&self, at: Pos<Record>) -> i64 {
        self.programme.sample(self.timeline, at)
    }

    fn span(&self) -> OutputSpan {
        self.programme
            .span(self.timeline, self.clip.record.start, self.clip.record.end)
    }

    /// Source sample frame and lead for the clip's sample frame `offset`.
    ///
    /// At the session's rate the source sample is counted on; at another rate the instant of sync
    /// stays the anchor, so that the resampler's phase is exact.
    fn source_start(&self, source: SourceFacts, from_sync: i64, offset: u64) -> (i64, u64) {
        let ahead = from_sync + offset as i64;
        if source.rate == self.programme.rate {
            (source.at_sync + ahead, 0)
        } else {
            (source.at_sync, ahead.max(0).unsigned_abs())
        }
    }

    fn fade_in(&self, cut: u64) -> Option<Ramp> {
        let fade = self.clip.fade_in?;
        let start = self.clip.record.start;
        self.ramp(
            fade,
            self.programme
                .length_after(self.timeline, start, fade.length),
            cut,
        )
    }

    fn fade_out(&self, cut: u64) -> Option<Ramp> {
        let fade = self.clip.fade_out?;
        let end = self.clip.record.end;
        self.ramp(
            fade,
            self.programme
                .length_before(self.timeline, end, fade.length),
            cut,
        )
    }

    /// A ramp of so many sample frames, unless all of it was cut off.
    fn ramp(&self, fade: Fade, length: u64, offset: u64) -> Option<Ramp> {
        let shape = fade.shape.unwrap_or(self.law);
        (length > 0 && offset < length).then_some(Ramp {
            length,
            shape,
            offset,
        })
    }

    /// The curves of clip and track with their points counted from `origin`.
    fn automation(&self, origin: Pos<Record>) -> Vec<GainCurve> {
        let point = |p: &crate::timeline::GainPoint| {
            Some(CurvePoint {
                at: p.at.since(origin)?,
                gain_db: p.gain,
            })
        };
        let curve = |curve: &Automation| GainCurve {
            curve: curve.curve,
            points: curve.points.iter().filter_map(point).collect(),
        };
        self.clip
            .automation
            .iter()
            .chain(self.track_automation)
            .map(curve)
            .collect()
    }
}

/// The output sample frames, counted from sync, that a source can fill: `[first, end)`.
///
/// Output sample frame `k` stands on source sample frame `at_sync + floor(k·from/to)`.
fn available(source: SourceFacts, to: SampleRate) -> (i64, i64) {
    let (from, to) = (i128::from(source.rate.hertz()), i128::from(to.hertz()));
    let ceil = |frames: i128| -> i64 {
        let outputs = (frames * to + from - 1).div_euclid(from);
        outputs.clamp(i128::from(i64::MIN / 4), i128::from(i64::MAX / 4)) as i64
    };
    let at = i128::from(source.at_sync);
    (ceil(-at), ceil(i128::from(source.frames) - at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::reels::ReelGroup;
    use crate::time::{FrameRate, Rational, Span};
    use crate::timeline::{MediaRef, SourceIn, Timeline, Track, validate};

    const RATE: SampleRate = SampleRate::HZ_48000;

    fn at(seconds: &str) -> Pos<Record> {
        Pos::new(seconds.parse().unwrap())
    }

    fn clip(start: &str, end: &str) -> Clip {
        let source = SourceIn::Head { sync: at(start) };
        Clip::new(
            "c",
            Span::new(at(start), at(end)),
            source,
            MediaRef::default(),
        )
    }

    /// Places a clip in a programme that starts at one hour.
    fn check(clip: &Clip, frames: u64, at_sync: i64, rate: SampleRate) -> Option<Placed> {
        let timeline = Timeline {
            format: "test".into(),
            name: "t".into(),
            file_name: "t".into(),
            rate: FrameRate::F24,
            start: at("3600"),
            end: None,
            tracks: vec![Track {
                clips: vec![clip.clone()],
                ..Track::default()
            }],
            markers: Vec::new(),
        };
        let valid = [validate(timeline).0];
        let reels = [ReelGroup::of(vec![0])];
        let programme = Programme::new(&valid, None, RATE, FrameRate::F24, &reels);
        let placing = Placing {
            programme: &programme,
            timeline: 0,
            clip,
            track_automation: &[],
            law: FadeShape::Linear,
        };
        placing.place(SourceFacts {
            rate,
            frames,
            at_sync,
        })
    }

    #[test]
    fn a_clip_inside_its_source_is_whole() {
        let placed = check(&clip("3601", "3603"), 200_000, 500, RATE).unwrap();
        assert_eq!(
            (placed.start, placed.length, placed.source_start),
            (48_000, 96_000, 500)
        );
        assert_eq!((placed.missing, placed.outside), ((0, 0), (0, 0)));
    }

    #[test]
    fn a_clip_before_the_programme_is_cut_at_its_head() {
        let mut early = clip("3599", "3602");
        early.fade_in = Some(Fade {
            length: Rational::from_int(2),
            shape: None,
        });
        let placed = check(&early, 200_000, 0, RATE).unwrap();
        assert_eq!(
            (placed.start, placed.length, placed.source_start),
            (0, 96_000, 48_000)
        );
        assert_eq!(placed.outside, (48_000, 0));
        let ramp = placed.fade_in.unwrap();
        assert_eq!((ramp.length, ramp.offset), (96_000, 48_000));
        assert_eq!(check(&clip("3598", "3599"), 200_000, 0, RATE), None);
    }

    #[test]
    fn what_the_source_lacks_is_told_and_cut() {
        let placed = check(&clip("3601", "3603"), 50_000, -1000, RATE).unwrap();
        assert_eq!(placed.missing, (1000, 96_000 - 51_000));
        assert_eq!(
            (placed.start, placed.length, placed.source_start),
            (49_000, 50_000, 0)
        );
        let placed = check(&clip("3601", "3603"), 50_000, 60_000, RATE).unwrap();
        assert_eq!((placed.missing, placed.length), ((0, 96_000), 0));
        let placed = check(&clip("3601", "3603"), 50_000, -100_000, RATE).unwrap();
        assert_eq!((placed.missing, placed.length), ((96_000, 0), 0));
    }

    #[test]
    fn another_rate_keeps_its_anchor() {
        let half = SampleRate::new(24_000).unwrap();
        let mut early = clip("3599", "3603");
        let placed = check(&early, 96_000, 7, half).unwrap();
        assert_eq!(
            (placed.source_start, placed.lead, placed.length),
            (7, 48_000, 143_986)
        );
        early.source = SourceIn::Head { sync: at("3598") };
        let placed = check(&early, 960_000, 7, half).unwrap();
        assert_eq!((placed.source_start, placed.lead), (7, 96_000));
    }

    #[test]
    fn neighbours_meet_at_any_rate() {
        let edges = ["3600", "108109/30", "216221/60", "3605"];
        for pair in edges.windows(3) {
            let left = check(&clip(pair[0], pair[1]), 1_000_000, 0, RATE).unwrap();
            let right = check(&clip(pair[1], pair[2]), 1_000_000, 0, RATE).unwrap();
            assert_eq!(left.start + left.length, right.start);
        }
    }
}
