//! What an OTIO file says: its objects as written, metadata reduced to what matters for sound.

use std::cell::Cell;

use super::json::Number;
use super::time::{Moment, Range};
use crate::time::Rational;

/// An object of a composition, or the root of the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Object {
    /// Line on which it starts.
    pub(super) line: u32,
    /// What it is.
    pub(super) class: Class,
    /// Its name; empty where it has none.
    pub(super) name: String,
    /// Not enabled: it does not sound.
    pub(super) disabled: bool,
    /// The part of it that is used.
    pub(super) source_range: Option<Range>,
    /// Effects, in order.
    pub(super) effects: Vec<Effect>,
    /// Markers, in its own time.
    pub(super) markers: Vec<Marker>,
    /// What its metadata say.
    pub(super) facts: Option<Box<Facts>>,
    /// The length of a composition without `source_range`, once it was added up.
    pub(super) extent: Cell<Option<Rational>>,
}

/// The classes of OTIO that matter, older names included.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Class {
    /// `Timeline`
    Timeline {
        /// `global_start_time`
        start: Option<Moment>,
        /// Its stack.
        tracks: Option<Box<Object>>,
    },
    /// `SerializableCollection`: a bin.
    Collection(Vec<Object>),
    /// `Stack`: children sound together.
    Stack(Vec<Object>),
    /// `Track`, once `Sequence`: children follow one another.
    Track {
        /// `kind`, where it says one.
        kind: Option<TrackKind>,
        /// Items and transitions.
        children: Vec<Object>,
    },
    /// `Clip`
    Clip {
        /// Media references by key, in the order of the file.
        media: Vec<(String, Media)>,
        /// The key of the one that plays.
        active: Option<String>,
    },
    /// `Gap`, once `Filler`.
    Gap,
    /// `Transition`
    Transition {
        /// How much of the outgoing item it overlaps.
        in_offset: Option<Moment>,
        /// How much of the incoming item it overlaps.
        out_offset: Option<Moment>,
        /// `transition_type`
        style: Option<String>,
    },
    /// `SerializableObjectRef`: another object of the file.
    Shared,
    /// Anything else: its schema.
    Unknown(String),
}

impl Default for Class {
    fn default() -> Self {
        Self::Unknown(String::new())
    }
}

impl Object {
    /// The class without version, for messages.
    pub(super) fn class_name(&self) -> &str {
        match &self.class {
            Class::Timeline { .. } => "Timeline",
            Class::Collection(_) => "SerializableCollection",
            Class::Stack(_) => "Stack",
            Class::Track { .. } => "Track",
            Class::Clip { .. } => "Clip",
            Class::Gap => "Gap",
            Class::Transition { .. } => "Transition",
            Class::Shared => "SerializableObjectRef",
            Class::Unknown(schema) => schema,
        }
    }

    /// The children of a composition.
    pub(super) fn children(&self) -> &[Self] {
        match &self.class {
            Class::Collection(children)
            | Class::Stack(children)
            | Class::Track { children, .. } => children,
            _ => &[],
        }
    }

    /// The media reference that plays, if the clip has any.
    ///
    /// The key that OTIO gives a single reference is `DEFAULT_MEDIA`.
    pub(super) fn active_media(&self) -> Option<&Media> {
        let Class::Clip { media, active } = &self.class else {
            return None;
        };
        let key = active.as_deref().unwrap_or("DEFAULT_MEDIA");
        let named = media.iter().find(|(name, _)| name == key);
        named.or(media.first()).map(|(_, media)| media)
    }
}

/// What a track carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TrackKind {
    /// Sound.
    Audio,
    /// Picture, subtitles or a kind of someone's own, as written.
    Other(String),
}

/// A media reference.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Media {
    /// Its class.
    pub(super) class: MediaClass,
    /// Its name; empty where it has none.
    pub(super) name: String,
    /// `target_url`, or what an editor states instead.
    pub(super) url: Option<String>,
    /// What of the media exists, on the media's own timecode.
    pub(super) available: Option<Range>,
    /// Reel or tape.
    pub(super) reel: Option<String>,
    /// UMID or mob id.
    pub(super) umid: Option<String>,
}

/// The classes of media references.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum MediaClass {
    /// `ExternalReference`, and classes of plug-ins that name a file.
    External,
    /// `MissingReference`
    #[default]
    Missing,
    /// `GeneratorReference`: its kind.
    Generator(String),
    /// `ImageSequenceReference`
    Images,
}

/// An effect.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Effect {
    /// What it does.
    pub(super) class: EffectClass,
    /// Its kind and name for messages.
    pub(super) name: String,
    /// Switched off.
    pub(super) disabled: bool,
    /// What our metadata or a key that ends in `_db` say.
    pub(super) gain_db: Option<f64>,
    /// What an editor says of it.
    pub(super) plugin: Option<Box<Plugin>>,
}

/// The classes of effects.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) enum EffectClass {
    /// `Effect`, and classes of plug-ins.
    #[default]
    Other,
    /// `LinearTimeWarp`: its scalar; `FreezeFrame` is 0.
    Speed(Number),
    /// `TimeEffect`: speed that changes.
    VariableSpeed,
    /// `AudioVolume` of development versions: linear gain.
    Volume(Number),
}

/// An effect in an editor's own words.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plugin {
    /// Whose words.
    pub(super) maker: Maker,
    /// The name that does not depend on the language of the program.
    pub(super) name: String,
    /// Switched off.
    pub(super) disabled: bool,
    /// Parameters.
    pub(super) parameters: Vec<Parameter>,
}

/// Who writes effects into metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Maker {
    /// `DaVinci` Resolve: `Resolve_OTIO`.
    Resolve,
    /// Premiere Pro: `PremierePro_OTIO`.
    Premiere,
    /// Final Cut Pro 7 XML, as its converter keeps it: `fcp_xml`.
    Fcp,
}

/// A parameter of an effect.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Parameter {
    /// Its id or name, lower case.
    pub(super) name: String,
    /// Its number (Premiere).
    pub(super) id: Option<i64>,
    /// Its value, if it is a number or switch.
    pub(super) value: Option<f64>,
    /// The value that changes nothing, where the editor says so.
    pub(super) default: Option<f64>,
    /// Its value over time.
    pub(super) keys: Vec<Key>,
}

/// A keyframe.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Key {
    /// When: media time where it states a rate, else frames.
    pub(super) at: Moment,
    /// The value.
    pub(super) value: f64,
    /// Whether the way to or from it is curved.
    pub(super) curved: bool,
}

/// What the metadata of a clip, transition or composition say.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Facts {
    /// `stemline.gain_db`
    pub(super) gain_db: Option<f64>,
    /// `stemline.law`
    pub(super) law: Option<String>,
    /// Purpose: `role`, `audioRole`, `stemline.stem`.
    pub(super) role: Option<String>,
    /// Names that may tell a transition's law.
    pub(super) labels: Vec<String>,
    /// Channels of the file that are used.
    pub(super) channels: Vec<SourceChannel>,
    /// Track or clip format in the editor's words: `Mono`, `Stereo`, `5.1`.
    pub(super) format: Option<String>,
    /// `fcp_xml.sourcetrack.trackindex`, from 1.
    pub(super) fcp_channel: Option<i64>,
    /// `fcp_xml.@totalExplodedTrackCount`: tracks that one stereo track was written as.
    pub(super) fcp_exploded: Option<i64>,
    /// Switched off in the words of the editor.
    pub(super) disabled: bool,
    /// Soloed.
    pub(super) solo: bool,
    /// Frame rate of the sequence.
    pub(super) frame_rate: Option<Number>,
    /// Effects that stand in the metadata.
    pub(super) plugins: Vec<Plugin>,
}

/// A channel of the file, both numbers from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SourceChannel {
    /// The stream of the file.
    pub(super) stream: i64,
    /// The channel in that stream.
    pub(super) channel: i64,
}

/// A marker.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Marker {
    /// Where it stands in the time of its item.
    pub(super) range: Option<Range>,
    /// Its name.
    pub(super) name: String,
    /// Its text.
    pub(super) comment: String,
    /// Its colour.
    pub(super) colour: Option<String>,
}
