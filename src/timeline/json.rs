//! The timeline as JSON, schema `stemline.timeline/1` (`specs/schema/timeline.json`).

use serde_json::{Value, json};

use super::model::{
    Automation, Clip, Fade, FadeShape, Marker, Pan, Rendered, SourceIn, Timeline, Track,
};
use crate::finding::Finding;
use crate::time::{FrameRate, Pos, Rational, Record};

/// The whole timeline with the findings of its reading.
///
/// Times are exact rationals of seconds as text. Record positions count from the timeline's start.
pub fn to_json(timeline: &Timeline, findings: &[Finding]) -> Value {
    let view = View {
        start: timeline.start,
        rate: timeline.rate,
    };
    json!({
        "schema": "stemline.timeline/1",
        "format": timeline.format,
        "name": timeline.name,
        "frame_rate": timeline.rate,
        "drop_frame": timeline.rate.drop_frame(),
        "start": timeline.start,
        "end": timeline.end.and_then(|end| end.since(timeline.start)),
        "start_timecode": timeline.rate.timecode_at(timeline.start.seconds()).map(|tc| tc.to_string()),
        "tracks": timeline.tracks.iter().map(|track| view.track(track)).collect::<Vec<_>>(),
        "markers": timeline.markers.iter().map(|marker| view.marker(marker)).collect::<Vec<_>>(),
        "findings": findings,
    })
}

/// What relative times and timecodes need to know.
struct View {
    start: Pos<Record>,
    rate: FrameRate,
}

impl View {
    fn relative(&self, at: Pos<Record>) -> Option<Rational> {
        at.since(self.start)
    }

    fn timecode(&self, at: Pos<Record>) -> Option<String> {
        self.rate.timecode_at(at.seconds()).map(|tc| tc.to_string())
    }

    fn track(&self, track: &Track) -> Value {
        json!({
            "name": track.name,
            "number": track.number,
            "role": track.role,
            "gain_db": track.gain,
            "automation": self.automation(&track.automation),
            "pan": track.pan.as_ref().map(|pan| self.pan(pan)),
            "muted": track.muted,
            "clips": track.clips.iter().map(|clip| self.clip(clip)).collect::<Vec<_>>(),
        })
    }

    fn clip(&self, clip: &Clip) -> Value {
        let mut value = self.plain_clip(clip);
        // Only timelines of audio scenes have it.
        if let (Some(scene), Some(object)) = (&clip.scene, value.as_object_mut()) {
            object.insert("scene".to_owned(), json!(scene));
        }
        value
    }

    fn plain_clip(&self, clip: &Clip) -> Value {
        let (source_in, source_timecode_in) = source(clip);
        let media = &clip.media;
        json!({
            "name": clip.name,
            "event": clip.event,
            "record_in": self.relative(clip.record.start),
            "record_out": self.relative(clip.record.end),
            "record_timecode_in": self.timecode(clip.record.start),
            "record_timecode_out": self.timecode(clip.record.end),
            "source_in": source_in,
            "source_timecode_in": source_timecode_in,
            "media": {
                "name": media.name,
                "file": media.file,
                "reel": media.reel,
                "umid": media.umid,
                "channel": media.channel,
                "embedded": media.embedded.is_some(),
            },
            "gain_db": clip.gain,
            "automation": self.automation(&clip.automation),
            "pan": clip.pan.as_ref().map(|pan| self.pan(pan)),
            "speaker": clip.speaker,
            "fade_in": clip.fade_in.as_ref().map(fade),
            "fade_out": clip.fade_out.as_ref().map(fade),
            "muted": clip.muted,
            "speed": clip.speed,
            "rendered": clip.rendered.map(Rendered::name),
            "role": clip.role,
        })
    }

    fn automation(&self, curves: &[Automation]) -> Vec<Value> {
        let points = |curve: &Automation| -> Vec<Value> {
            let point =
                |p: &super::GainPoint| json!({"at": self.relative(p.at), "gain_db": p.gain});
            curve.points.iter().map(point).collect()
        };
        curves
            .iter()
            .map(|curve| json!({"curve": curve.curve.name(), "points": points(curve)}))
            .collect()
    }

    fn pan(&self, pan: &Pan) -> Value {
        let point = |p: &super::PanPoint| json!({"at": self.relative(p.at), "position": p.position.value()});
        let points: Vec<Value> = pan.points.iter().map(point).collect();
        json!({"curve": pan.curve.name(), "points": points})
    }

    fn marker(&self, marker: &Marker) -> Value {
        json!({
            "at": self.relative(marker.at),
            "timecode": self.timecode(marker.at),
            "length": marker.length,
            "name": marker.name,
            "comment": marker.comment,
            "colour": marker.colour,
        })
    }
}

/// Offset in the file and source timecode, both at the clip's own record in.
fn source(clip: &Clip) -> (Option<Rational>, Option<Rational>) {
    let late = clip.record.start.since(clip.source.sync());
    let at_in = |at: Rational| late.and_then(|late| at.checked_add(late));
    match clip.source {
        SourceIn::Offset { at, .. } => {
            let timecode = clip.source_timecode.and_then(|tc| at_in(tc.at.seconds()));
            (at_in(at.seconds()), timecode)
        }
        SourceIn::Timecode { at, .. } => (None, at_in(at.seconds())),
        SourceIn::Head { .. } => (at_in(Rational::ZERO), None),
    }
}

fn fade(fade: &Fade) -> Value {
    json!({"length": fade.length, "shape": fade.shape.map(FadeShape::name)})
}

impl Rendered {
    /// The name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fade => "fade",
            Self::SampleAccurateEdit => "sample-accurate-edit",
        }
    }
}
