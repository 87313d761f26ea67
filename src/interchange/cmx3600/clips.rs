//! Drafts into the tracks and markers of a timeline.

use super::axis::Axis;
use super::codes::NOT_AT_RATE;
use super::draft::{Draft, From, Part, Ramp};
use super::event_line::EventLine;
use super::events::List;
use super::notes::Note;
use super::report::Report;
use crate::audio::Decibels;
use crate::finding::Severity;
use crate::time::{FrameRate, Pos, Rational, Span};
use crate::timeline::{
    Automation, Clip, Curve, Fade, GainPoint, Marker, MediaRef, SourceIn, Track,
};

/// One track for each record channel, its clips in order of their record in, an outgoing side before
/// the clip that comes in.
pub(super) fn tracks(
    list: &List<'_>,
    mut drafts: Vec<Draft<'_>>,
    axis: &Axis,
    rate: FrameRate,
    file: &str,
) -> Vec<Track> {
    drafts.sort_by_key(|d| (d.channel, d.record.0, d.part == Part::Body));
    let mut tracks: Vec<Track> = Vec::new();
    for draft in drafts {
        let channel = draft.channel;
        let Some(clip) = clip(list, &draft, axis, rate, file) else {
            continue;
        };
        match tracks.last_mut().filter(|track| track.number == channel) {
            Some(track) => track.clips.push(clip),
            None => tracks.push(Track {
                name: format!("A{channel}"),
                number: channel,
                clips: vec![clip],
                ..Track::default()
            }),
        }
    }
    tracks
}

/// A clip; `None` only for positions that no timecode writes.
fn clip(
    list: &List<'_>,
    draft: &Draft<'_>,
    axis: &Axis,
    rate: FrameRate,
    file: &str,
) -> Option<Clip> {
    let line = list.lines.get(draft.line)?;
    let record = Span::new(axis.seconds(draft.record.0)?, axis.seconds(draft.record.1)?);
    let sync = axis.seconds(draft.sync)?;
    let source = match draft.source {
        From::Head => SourceIn::Head { sync },
        From::Timecode { start, rate, .. } => SourceIn::Timecode {
            at: Pos::new(start),
            rate,
            sync,
        },
    };
    let fade = |ramp: Ramp| {
        let length = rate.seconds_at(i64::from(ramp.frames))?;
        let shape = ramp.shape;
        Some(Fade { length, shape })
    };
    let (gain, automation) = gains(draft, axis);
    let name = if draft.media.name.is_empty() {
        format!("event {}", line.number)
    } else {
        draft.media.name.to_owned()
    };
    Some(Clip {
        event: Some(line.number.to_owned()),
        gain,
        automation,
        fade_in: draft.fade_in.and_then(fade),
        fade_out: draft.fade_out.and_then(fade),
        speed: draft.speed,
        notes: notes(list, draft, line),
        place: line.spot.place(file),
        ..Clip::new(name, record, source, media(draft))
    })
}

fn media(draft: &Draft<'_>) -> MediaRef {
    let media = draft.media;
    MediaRef {
        name: media.name.to_owned(),
        file: media.file.map(str::to_owned),
        alternatives: media.other.map(str::to_owned).into_iter().collect(),
        reel: Some(media.reel.to_owned()).filter(|reel| !reel.is_empty()),
        channel: Some(draft.source_channel),
        ..MediaRef::default()
    }
}

/// Constant gain and curve: levels that are all the same are a constant.
fn gains(draft: &Draft<'_>, axis: &Axis) -> (Decibels, Vec<Automation>) {
    let volume = draft.volume.unwrap_or(Decibels::ZERO);
    let Some((_, first)) = draft.levels.first() else {
        return (volume, Vec::new());
    };
    if draft.levels.iter().all(|(_, gain)| gain == first) {
        return (volume.plus(*first), Vec::new());
    }
    let point = |(frame, gain): &(i64, Decibels)| {
        let at = axis.seconds(*frame)?;
        Some(GainPoint { at, gain: *gain })
    };
    let mut points: Vec<_> = draft.levels.iter().filter_map(point).collect();
    points.sort_by_key(|point| point.at);
    let curve = Curve::LinearDecibels;
    (volume, vec![Automation { curve, points }])
}

/// Evidence: the reel in full, the source file beside a path, the comments of the event.
fn notes(list: &List<'_>, draft: &Draft<'_>, line: &EventLine<'_>) -> Vec<(String, String)> {
    let note = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let media = draft.media;
    let reel = media
        .full_reel
        .or_else(|| list.reels.get(line.reel).copied());
    let mut notes: Vec<_> = reel.map(|reel| note("reel", reel)).into_iter().collect();
    notes.extend(media.other.map(|file| note("source file", file)));
    if draft.part == Part::Body
        && let Some(event) = list.events.get(draft.event)
    {
        let comments = list
            .notes_of(event)
            .iter()
            .filter_map(|(_, note)| match note {
                Note::Comment(text) => Some(*text),
                _ => None,
            });
        notes.extend(comments.map(|text| note("comment", text)));
    }
    notes
}

/// The markers of the list, in order of time.
pub(super) fn markers(
    list: &List<'_>,
    axis: &Axis,
    rate: FrameRate,
    report: &mut Report<'_>,
) -> Vec<Marker> {
    let mut markers = Vec::new();
    for (spot, position, locator) in &list.markers {
        let Some(at) = axis.frame(*position).and_then(|frame| axis.seconds(frame)) else {
            let message =
                || format!("marker timecode {position} does not exist at {rate}; it is left out");
            report.list(&NOT_AT_RATE, Severity::Warning, *spot, message);
            continue;
        };
        markers.push(Marker {
            at,
            length: rate
                .seconds_at(i64::from(locator.frames))
                .unwrap_or(Rational::ZERO),
            name: locator.name.to_owned(),
            comment: locator.text.to_owned(),
            colour: Some(locator.colour.to_owned()).filter(|colour| !colour.is_empty()),
        });
    }
    markers.sort_by_key(|marker| marker.at);
    markers
}
