//! The clips of all timelines in one list.

use crate::timeline::{Clip, Timeline, Track, ValidTimeline};

/// A clip in its context.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClipJob<'a> {
    /// Which timeline.
    pub(super) number: usize,
    pub(super) timeline: &'a Timeline,
    pub(super) track: &'a Track,
    pub(super) clip: &'a Clip,
}

impl ClipJob<'_> {
    /// Muted, by itself or with its track.
    pub(super) fn muted(&self) -> bool {
        self.clip.muted || self.track.muted
    }

    /// The clip in the words of a message: name and event.
    pub(super) fn name(&self) -> String {
        match &self.clip.event {
            Some(event) => format!("`{}` (event {event})", self.clip.name),
            None => format!("`{}`", self.clip.name),
        }
    }

    /// Its record in.
    pub(super) fn timecode(&self) -> String {
        let timecode = self
            .timeline
            .rate
            .timecode_at(self.clip.record.start.seconds());
        timecode
            .map(|timecode| timecode.to_string())
            .unwrap_or_default()
    }
}

/// Every clip, timeline by timeline, track by track, in order of record in.
pub(super) fn all(timelines: &[ValidTimeline]) -> Vec<ClipJob<'_>> {
    let mut jobs = Vec::new();
    for (number, timeline) in timelines.iter().map(ValidTimeline::get).enumerate() {
        for track in &timeline.tracks {
            let job = |clip| ClipJob {
                number,
                timeline,
                track,
                clip,
            };
            jobs.extend(track.clips.iter().map(job));
        }
    }
    jobs
}
