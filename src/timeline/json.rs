//! The timeline as JSON, schema `stemline.timeline/1` (`specs/schema/timeline.json`).

use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Value, json};

use super::model::{
    Automation, Clip, Fade, FadeShape, GainPoint, Marker, Pan, Rendered, SourceIn, Timeline, Track,
};
use crate::finding::Finding;
use crate::time::{FrameRate, Pos, Rational, Record};

/// The whole timeline with the findings of its reading, to be written as it is gone through: a timeline may
/// have millions of points of gain.
///
/// Times are exact rationals of seconds as text. Record positions count from the timeline's start.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// The timeline.
    pub timeline: &'a Timeline,
    /// What was noticed when it was read.
    pub findings: &'a [Finding],
    /// Whether gain over time is told.
    pub automation: bool,
}

/// The document as a value.
pub fn to_json(timeline: &Timeline, findings: &[Finding]) -> Value {
    let document = Document {
        timeline,
        findings,
        automation: true,
    };
    serde_json::to_value(document).unwrap_or_default()
}

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let timeline = self.timeline;
        let view = &View {
            start: timeline.start,
            rate: timeline.rate,
            automation: self.automation,
        };
        let named = timeline.rate.timecode_at(timeline.start.seconds());
        let markers = timeline.markers.iter().map(|marker| view.marker(marker));
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("schema", "stemline.timeline/1")?;
        map.serialize_entry("format", &timeline.format)?;
        map.serialize_entry("name", &timeline.name)?;
        map.serialize_entry("frame_rate", &timeline.rate)?;
        map.serialize_entry("drop_frame", &timeline.rate.drop_frame())?;
        map.serialize_entry("start", &timeline.start)?;
        map.serialize_entry("end", &timeline.end.and_then(|end| view.relative(end)))?;
        map.serialize_entry("start_timecode", &named.map(|tc| tc.to_string()))?;
        let track = |track| TrackJson { view, track };
        let tracks: Vec<TrackJson<'_>> = timeline.tracks.iter().map(track).collect();
        map.serialize_entry("tracks", &tracks)?;
        map.serialize_entry("markers", &markers.collect::<Vec<_>>())?;
        map.serialize_entry("findings", self.findings)?;
        map.end()
    }
}

/// A track.
struct TrackJson<'a> {
    view: &'a View,
    track: &'a Track,
}

impl Serialize for TrackJson<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let (view, track) = (self.view, self.track);
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("name", &track.name)?;
        map.serialize_entry("number", &track.number)?;
        map.serialize_entry("role", &track.role)?;
        map.serialize_entry("gain_db", &track.gain)?;
        map.serialize_entry("automation", &view.curves(&track.automation))?;
        map.serialize_entry("pan", &track.pan.as_ref().map(|pan| view.pan(pan)))?;
        map.serialize_entry("muted", &track.muted)?;
        let clip = |clip| ClipJson { view, clip };
        let clips: Vec<ClipJson<'_>> = track.clips.iter().map(clip).collect();
        map.serialize_entry("clips", &clips)?;
        map.end()
    }
}

/// A clip.
struct ClipJson<'a> {
    view: &'a View,
    clip: &'a Clip,
}

impl Serialize for ClipJson<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        let said = self.view.clip(self.clip);
        for (key, value) in said.as_object().into_iter().flatten() {
            map.serialize_entry(key, value)?;
        }
        map.serialize_entry("automation", &self.view.curves(&self.clip.automation))?;
        // Only timelines of audio scenes have it.
        if let Some(scene) = &self.clip.scene {
            map.serialize_entry("scene", scene)?;
        }
        map.end()
    }
}

/// A gain over time.
struct CurveJson<'a> {
    view: &'a View,
    curve: &'a Automation,
}

impl Serialize for CurveJson<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(2))?;
        map.serialize_entry("curve", self.curve.curve.name())?;
        let points = PointsJson {
            view: self.view,
            points: &self.curve.points,
        };
        map.serialize_entry("points", &points)?;
        map.end()
    }
}

/// The points of a gain over time.
struct PointsJson<'a> {
    view: &'a View,
    points: &'a [GainPoint],
}

impl Serialize for PointsJson<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let point = |p: &GainPoint| json!({"at": self.view.relative(p.at), "gain_db": p.gain});
        to.collect_seq(self.points.iter().map(point))
    }
}

/// What relative times and timecodes need to know.
struct View {
    start: Pos<Record>,
    rate: FrameRate,
    automation: bool,
}

impl View {
    fn relative(&self, at: Pos<Record>) -> Option<Rational> {
        at.since(self.start)
    }

    fn timecode(&self, at: Pos<Record>) -> Option<String> {
        self.rate.timecode_at(at.seconds()).map(|tc| tc.to_string())
    }

    /// All but the gain over time.
    fn clip(&self, clip: &Clip) -> Value {
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

    fn curves<'a>(&'a self, curves: &'a [Automation]) -> Vec<CurveJson<'a>> {
        let told = curves.iter().filter(|_| self.automation);
        told.map(|curve| CurveJson { view: self, curve }).collect()
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
