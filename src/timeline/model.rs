//! The types of the timeline.

use super::scene::SceneItem;
use crate::audio::{Channel, Decibels, SampleFormat, SampleRate};
use crate::finding::Place;
use crate::time::{Duration, FrameRate, Pos, Rational, Record, Source, Span};

/// A cut: tracks of clips on one record axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// Short name of the format it was read from: `cmx3600`, `otio`, `aaf`.
    pub format: String,
    /// The title it gives itself, else the file's name.
    pub name: String,
    /// The file's name without folder and suffix: what the rule key `timeline` matches.
    pub file_name: String,
    /// Frame rate and counting of the record timecode.
    pub rate: FrameRate,
    /// Where the programme starts on the record axis.
    pub start: Pos<Record>,
    /// Where the programme ends, picture and trailing silence included, where the source says so;
    /// the last record out otherwise.
    pub end: Option<Pos<Record>>,
    /// Tracks with sound, in the order of the source.
    pub tracks: Vec<Track>,
    /// Markers and locators.
    pub markers: Vec<Marker>,
}

/// One track with sound. Picture tracks are not kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    /// Its name as the source says it, `A1` where the format only numbers.
    pub name: String,
    /// Its number from 1.
    pub number: u32,
    /// What the source says of its purpose, e.g. a role.
    pub role: Option<String>,
    /// Its clips, in order of [`Clip::record`] start.
    pub clips: Vec<Clip>,
    /// Gain of the whole track.
    pub gain: Decibels,
    /// Gain over time, on the record axis, in series with everything else.
    pub automation: Vec<Automation>,
    /// Where the track stands between left and right; absent where the source says nothing.
    pub pan: Option<Pan>,
    /// Muted or disabled: its clips do not sound.
    pub muted: bool,
}

impl Default for Track {
    fn default() -> Self {
        Self {
            name: String::new(),
            number: 1,
            role: None,
            clips: Vec::new(),
            gain: Decibels::ZERO,
            automation: Vec::new(),
            pan: None,
            muted: false,
        }
    }
}

/// A stretch of one recording placed on the record axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Clip {
    /// Its name for people, as the source says it.
    pub name: String,
    /// Event number or other identity in the source, for messages.
    pub event: Option<String>,
    /// Where it sounds.
    pub record: Span<Record>,
    /// Which part of the recording sounds there.
    pub source: SourceIn,
    /// The recording's own timecode at the sync point of [`Clip::source`], where the source states
    /// it beside an offset. Evidence for finding the file, never the position itself.
    pub source_timecode: Option<SourceTimecode>,
    /// Which recording.
    pub media: MediaRef,
    /// Constant gain of the clip.
    pub gain: Decibels,
    /// Gain over time, on the record axis, in series with [`Clip::gain`].
    pub automation: Vec<Automation>,
    /// Where the clip stands between left and right; absent where the source says nothing.
    pub pan: Option<Pan>,
    /// The loudspeaker that it feeds, where it is one channel of a stereo or surround clip that the
    /// source keeps as several recordings.
    pub speaker: Option<Channel>,
    /// Fade at the head, inside the clip.
    pub fade_in: Option<Fade>,
    /// Fade at the tail, inside the clip.
    pub fade_out: Option<Fade>,
    /// Disabled or muted in the source: kept, reported, not sounding.
    pub muted: bool,
    /// Playback speed where it is not 1: a clip that cannot be placed.
    pub speed: Option<Rational>,
    /// Set where the recording is a piece that the exporting program drew itself.
    pub rendered: Option<Rendered>,
    /// Set where the sound is an item of an audio scene, to be rendered to the stem's layout.
    pub scene: Option<Box<SceneItem>>,
    /// What the source says of its purpose, e.g. a role.
    pub role: Option<String>,
    /// Comments and attributes, as evidence and notes: name and value.
    pub notes: Vec<(String, String)>,
    /// Where it stands in the source file.
    pub place: Place,
}

impl Clip {
    /// A clip at unity gain without fades; the rest is set field by field.
    pub fn new(
        name: impl Into<String>,
        record: Span<Record>,
        source: SourceIn,
        media: MediaRef,
    ) -> Self {
        Self {
            name: name.into(),
            event: None,
            record,
            source,
            source_timecode: None,
            media,
            gain: Decibels::ZERO,
            automation: Vec::new(),
            pan: None,
            speaker: None,
            fade_in: None,
            fade_out: None,
            muted: false,
            speed: None,
            rendered: None,
            scene: None,
            role: None,
            notes: Vec::new(),
            place: Place::default(),
        }
    }
}

/// Which instant of the recording sounds at `sync`.
///
/// `sync` is nearly always the clip's own record in. It lies before it where the clip continues
/// another one, such as the outgoing side of a dissolve: the source position then follows from that
/// first edit and the two never disagree by a rounding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceIn {
    /// Seconds from the first sample of the media file.
    Offset {
        /// The offset; may be negative where the source says nonsense, and is refused later.
        at: Pos<Source>,
        /// The record position at which it sounds.
        sync: Pos<Record>,
    },
    /// The source's own timecode, in seconds since midnight.
    Timecode {
        /// The timecode as real time.
        at: Pos<Source>,
        /// The rate and counting it was written in.
        rate: FrameRate,
        /// The record position at which it sounds.
        sync: Pos<Record>,
    },
    /// From the file's first sample: the source has no timecode.
    Head {
        /// The record position at which the first sample sounds.
        sync: Pos<Record>,
    },
}

impl SourceIn {
    /// The record position that the source position belongs to.
    pub const fn sync(self) -> Pos<Record> {
        match self {
            Self::Offset { sync, .. } | Self::Timecode { sync, .. } | Self::Head { sync } => sync,
        }
    }
}

/// The timecode of a recording, beside an offset into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceTimecode {
    /// The timecode as real time, in seconds since midnight.
    pub at: Pos<Source>,
    /// The rate and counting it was written in.
    pub rate: FrameRate,
}

/// A recording that the exporting program drew itself, in place of an edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rendered {
    /// A fade or crossfade, drawn into a file of its own.
    Fade,
    /// The frame that an edit between frames falls into, drawn into a file of its own.
    SampleAccurateEdit,
}

/// What the source says of the recording that a clip uses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MediaRef {
    /// Name of the recording: source file or master clip.
    pub name: String,
    /// Path or URL as written.
    pub file: Option<String>,
    /// Further paths or URLs of the same recording, in order of preference.
    pub alternatives: Vec<String>,
    /// Reel, tape or roll.
    pub reel: Option<String>,
    /// UMID or mob id in lower-case hex.
    pub umid: Option<String>,
    /// Channel of the recording, from 1; all of them when absent.
    pub channel: Option<u32>,
    /// Sound that is stored inside the timeline file or its bundle.
    pub embedded: Option<Embedded>,
}

/// Sound stored in the timeline file itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embedded {
    /// The file that holds it, as a path to open.
    pub container: String,
    /// Its name inside: a stream of the structured storage, an entry of the bundle; empty where the
    /// container is itself the sound.
    pub entry: String,
    /// How its samples are stored, where they are bare; absent where the sound says so itself (WAV,
    /// AIFF, MXF).
    pub pcm: Option<PcmLayout>,
}

/// How bare samples are stored: interleaved, little-endian.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PcmLayout {
    /// Sample frames per second.
    pub sample_rate: SampleRate,
    /// Channels of a sample frame.
    pub channels: u32,
    /// How one sample is stored.
    pub format: SampleFormat,
}

/// A ramp at an end of a clip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fade {
    /// Its length in seconds.
    pub length: Duration,
    /// Its law; absent where the format names none and the job's default rules.
    pub shape: Option<FadeShape>,
}

/// The law of a fade: gain as a function of the way travelled, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FadeShape {
    /// `f(x) = x`
    Linear,
    /// `f(x) = sin(πx/2)`
    EqualPower,
    /// `f(x) = 10^(2(x−1))` scaled to reach 0: the 40 dB logarithmic fade.
    Logarithmic,
    /// `f(x) = (1 − cos πx)/2`
    SCurve,
}

impl FadeShape {
    /// Every law with its name in JSON, rules and options.
    const NAMES: [(Self, &'static str); 4] = [
        (Self::Linear, "linear"),
        (Self::EqualPower, "equal-power"),
        (Self::Logarithmic, "logarithmic"),
        (Self::SCurve, "s-curve"),
    ];

    /// The name in JSON, rules and options.
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|row| row.0 == self)
            .map_or("", |row| row.1)
    }

    /// The law of this name; `eqp` is another name of `equal-power`.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = if name == "eqp" { "equal-power" } else { name };
        Self::NAMES
            .iter()
            .find(|row| row.1 == name)
            .map(|row| row.0)
    }
}

impl Pan {
    /// Whether it stands in the middle all the time.
    pub fn is_centred(&self) -> bool {
        let centre = |point: &PanPoint| point.position == PanPosition::CENTRE;
        self.points.iter().all(centre)
    }
}

/// One gain curve on the record axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Automation {
    /// How gain moves between points.
    pub curve: Curve,
    /// Points in order of time. Before the first and after the last their values hold.
    pub points: Vec<GainPoint>,
}

/// How gain moves from one point to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Curve {
    /// Stays until the next point.
    Hold,
    /// Straight in linear gain.
    LinearGain,
    /// Straight in decibels.
    LinearDecibels,
}

impl Curve {
    /// Every curve with its name in JSON.
    const NAMES: [(Self, &'static str); 3] = [
        (Self::Hold, "hold"),
        (Self::LinearGain, "linear-gain"),
        (Self::LinearDecibels, "linear-db"),
    ];

    /// The name in JSON.
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|row| row.0 == self)
            .map_or("", |row| row.1)
    }

    /// The curve of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES
            .iter()
            .find(|row| row.1 == name)
            .map(|row| row.0)
    }
}

/// Gain at an instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GainPoint {
    /// When.
    pub at: Pos<Record>,
    /// How loud.
    pub gain: Decibels,
}

/// Where a signal stands between left and right, over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Pan {
    /// How it moves between points: [`Curve::Hold`], or straight ([`Curve::LinearGain`]).
    pub curve: Curve,
    /// Points in order of time, at least one. Before the first and after the last they hold.
    pub points: Vec<PanPoint>,
}

/// A place between left and right at an instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PanPoint {
    /// When.
    pub at: Pos<Record>,
    /// Where.
    pub position: PanPosition,
}

/// A place between left and right: 0 is left, 1/2 the middle, 1 right.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct PanPosition(f64);

impl PanPosition {
    /// The middle.
    pub const CENTRE: Self = Self(0.5);

    /// The nearest place from 0 to 1; the middle for what is not a number.
    pub const fn new(position: f64) -> Self {
        if position.is_nan() {
            Self::CENTRE
        } else {
            Self(position.clamp(0.0, 1.0))
        }
    }

    /// The number, 0 to 1.
    pub const fn value(self) -> f64 {
        self.0
    }
}

/// A marker or locator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// Where it stands.
    pub at: Pos<Record>,
    /// How long it lasts; zero for an instant.
    pub length: Duration,
    /// Its short name.
    pub name: String,
    /// Its text.
    pub comment: String,
    /// Its colour in the words of the source.
    pub colour: Option<String>,
}
