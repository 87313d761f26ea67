//! The neutral timeline: what every format is read into and what the conform reads from.
//!
//! # What it means
//!
//! A [`Timeline`] is a set of tracks on one axis, the record timecode, measured in exact seconds
//! since midnight of real time (frame number times frame duration). A [`Clip`] occupies the half-open
//! stretch [`Clip::record`]: its first instant sounds, its last does not. Where no clip stands there
//! is silence; there is no gap object. Clips of one track may overlap: both sound, and their fades
//! make it a crossfade. A clip that a transition touches has its full extent here, overlap included.
//!
//! Where a clip's sound comes from is said by [`Clip::source`] and [`Clip::media`], in the words of
//! the source format; nothing is looked up here. Nothing is rounded here either.
//!
//! **Invariant:** a [`ValidTimeline`] comes only from [`validate()`], and everything behind it may rely
//! on what `validate` promises. No I/O.

mod json;
mod model;
mod scene;
mod validate;

pub use json::{Document, to_json};
pub use model::{
    Automation, Clip, Curve, Embedded, Fade, FadeShape, GainPoint, Marker, MediaRef, Pan, PanPoint,
    PanPosition, PcmLayout, Rendered, SourceIn, SourceTimecode, Timeline, Track,
};
pub use scene::{SceneContent, SceneEvidence, SceneItem, SceneName, SceneObject};
pub use validate::{CODES, MAX_CLIPS, ValidTimeline, validate};
