//! The elements of the Audio Definition Model as the file states them (ITU-R BS.2076-0 to -3).
//!
//! References are kept as identities; [`super::Adm`] finds what they lead to.

use std::sync::Arc;

use serde::Serialize;

use super::blocks::BlockStore;
use super::id::AdmId;
use crate::audio::scene::{Frequency, Normalization, PositionOffset, Screen};
use crate::audio::{ContentKind, Gain};
use crate::time::Rational;

/// What a format describes (`typeDefinition`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FormatType {
    /// Channels for loudspeakers (0001).
    DirectSpeakers,
    /// Sums of other channels (0002).
    Matrix,
    /// Objects with positions (0003).
    Objects,
    /// Higher-order ambisonics (0004).
    Hoa,
    /// Sound for headphones (0005).
    Binaural,
    /// A type of the user's own, or none that is known.
    Other,
}

impl FormatType {
    const NAMES: [(Self, &'static str, &'static str); 5] = [
        (Self::DirectSpeakers, "DirectSpeakers", "0001"),
        (Self::Matrix, "Matrix", "0002"),
        (Self::Objects, "Objects", "0003"),
        (Self::Hoa, "HOA", "0004"),
        (Self::Binaural, "Binaural", "0005"),
    ];

    /// `typeDefinition`.
    pub fn name(self) -> &'static str {
        let row = Self::NAMES.iter().find(|row| row.0 == self);
        row.map_or("other", |row| row.1)
    }

    /// The type of a `typeDefinition` or `typeLabel`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let row = Self::NAMES
            .iter()
            .find(|row| row.1.eq_ignore_ascii_case(text) || row.2 == text);
        row.map(|row| row.0)
    }

    /// The type that an identity such as `AP_0003…` tells.
    pub(super) fn of_id(id: &AdmId) -> Option<Self> {
        let number = id.number()? >> 16;
        Self::parse(&format!("{number:04x}"))
    }
}

impl Serialize for FormatType {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// A name in a language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Label {
    /// The language; empty where none is stated.
    pub language: String,
    /// The name.
    pub text: String,
}

/// A profile that the file claims to follow (BS.2076-3 §5.1).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its level.
    pub level: String,
    /// The document that defines it.
    pub text: String,
}

/// `loudnessMetadata`: numbers as the file states them.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Loudness {
    /// `loudnessMethod`.
    pub method: String,
    /// `loudnessRecType`.
    pub recommendation: String,
    /// `loudnessCorrectionType`.
    pub correction: String,
    /// LUFS.
    pub integrated: Option<f64>,
    /// LU.
    pub range: Option<f64>,
    /// dBTP.
    pub max_true_peak: Option<f64>,
    /// LUFS.
    pub max_momentary: Option<f64>,
    /// LUFS.
    pub max_short_term: Option<f64>,
    /// LUFS.
    pub dialogue: Option<f64>,
}

/// `audioProgramme`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Programme {
    /// Its identity.
    pub id: AdmId,
    /// Its name.
    pub name: String,
    /// Its language; empty where none is stated.
    pub language: String,
    /// Where it starts; often the timecode of the file's first sample.
    pub start: Option<Rational>,
    /// Where it ends, on the same axis.
    pub end: Option<Rational>,
    /// Its contents.
    pub contents: Vec<AdmId>,
    /// Its names in other languages.
    pub labels: Vec<Label>,
    /// Its loudness, once per method.
    pub loudness: Vec<Loudness>,
    /// The screen it was made for.
    pub screen: Option<Screen>,
    /// The alternative value sets that hold in it.
    pub value_sets: Vec<AdmId>,
}

/// `dialogue` of a content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dialogue {
    /// The text of the element.
    pub value: Option<u8>,
    /// The name and value of its kind attribute, as they stand there.
    pub stated: Option<(String, String)>,
    /// What it comes to: without a usable attribute the undefined kind of the value.
    pub kind: Option<ContentKind>,
}

/// `audioContent`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Content {
    /// Its identity.
    pub id: AdmId,
    /// Its name.
    pub name: String,
    /// Its language; empty where none is stated.
    pub language: String,
    /// Its objects.
    pub objects: Vec<AdmId>,
    /// Its names in other languages.
    pub labels: Vec<Label>,
    /// Its loudness, once per method.
    pub loudness: Vec<Loudness>,
    /// What it holds; absent where the element is.
    pub dialogue: Option<Dialogue>,
    /// The alternative value sets that hold in it.
    pub value_sets: Vec<AdmId>,
}

/// `alternativeValueSet` of an object (BS.2076-2 §5.6.7): values that a programme or content may
/// choose instead of the object's own.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ValueSet {
    /// Its identity.
    pub id: AdmId,
    /// Instead of the object's gain.
    pub gain: Option<Gain>,
    /// Instead of the object's mute.
    pub mute: Option<bool>,
    /// Instead of the object's position offset.
    pub offset: Option<PositionOffset>,
}

/// `audioObject`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AudioObject {
    /// Its identity.
    pub id: AdmId,
    /// Its name.
    pub name: String,
    /// When it starts, in seconds from the file's first sample.
    pub start: Option<Rational>,
    /// How long it lasts.
    pub duration: Option<Rational>,
    /// 0 not dialogue, 1 dialogue, 2 both.
    pub dialogue: Option<u8>,
    /// 0 to 10.
    pub importance: Option<u8>,
    /// Whether the listener may change it.
    pub interact: Option<bool>,
    /// Whether it has limits for what the listener may change.
    pub interaction: bool,
    /// Objects inside it.
    pub objects: Vec<AdmId>,
    /// Objects of which one is chosen instead of it.
    pub complementary: Vec<AdmId>,
    /// Its packs.
    pub packs: Vec<AdmId>,
    /// Its tracks; `None` for tracks without sound.
    pub tracks: Vec<Option<AdmId>>,
    /// How loud (version 2).
    pub gain: Option<Gain>,
    /// Whether it is muted (version 2).
    pub mute: Option<bool>,
    /// Whether its positions turn with the head (version 2).
    pub head_locked: Option<bool>,
    /// Added to its positions (version 2).
    pub offset: Option<PositionOffset>,
    /// Its names in other languages.
    pub labels: Vec<Label>,
    /// The names of its complementary group.
    pub group_labels: Vec<Label>,
    /// Values that programmes and contents may choose.
    pub value_sets: Vec<ValueSet>,
}

/// `audioPackFormat`.
#[derive(Debug, Clone, PartialEq)]
pub struct Pack {
    /// Its identity.
    pub id: AdmId,
    /// Its name.
    pub name: String,
    /// What its channels are.
    pub kind: FormatType,
    /// 0 to 10.
    pub importance: Option<u8>,
    /// Its channels.
    pub channels: Vec<AdmId>,
    /// Packs inside it.
    pub packs: Vec<AdmId>,
    /// Metres that distance 1 stands for; of no effect on the rendering.
    pub absolute_distance: Option<f64>,
    /// HOA: how its components are scaled.
    pub normalization: Option<Normalization>,
    /// HOA: reference distance of near-field compensation in metres.
    pub nfc_distance: Option<f64>,
    /// HOA: whether it is related to the screen.
    pub screen_ref: Option<bool>,
    /// Matrix: the pack of what goes in.
    pub input: Option<AdmId>,
    /// Matrix: the pack of what comes out.
    pub output: Option<AdmId>,
    /// Matrix: what it decodes.
    pub encoders: Vec<AdmId>,
}

impl Pack {
    /// A pack of nothing, of the type that its identity tells.
    pub(super) fn new(id: AdmId) -> Self {
        Self {
            kind: FormatType::of_id(&id).unwrap_or(FormatType::Other),
            id,
            name: String::new(),
            importance: None,
            channels: Vec::new(),
            packs: Vec::new(),
            absolute_distance: None,
            normalization: None,
            nfc_distance: None,
            screen_ref: None,
            input: None,
            output: None,
            encoders: Vec::new(),
        }
    }
}

/// `audioChannelFormat`.
#[derive(Debug, Clone)]
pub struct ChannelFormat {
    /// Its identity.
    pub id: AdmId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: FormatType,
    /// Its bounds in frequency.
    pub frequency: Frequency,
    /// Its blocks.
    pub(super) blocks: Arc<BlockStore>,
}

/// `audioStreamFormat`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StreamFormat {
    /// Its identity.
    pub id: AdmId,
    /// Its name.
    pub name: String,
    /// The channel that it carries.
    pub channel: Option<AdmId>,
    /// The packs that it carries; Dolby's tools write one beside the channel.
    pub packs: Vec<AdmId>,
    /// The tracks that carry it.
    pub tracks: Vec<AdmId>,
    /// Whether it is something else than PCM.
    pub coded: bool,
}

/// `audioTrackFormat`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrackFormat {
    /// Its identity.
    pub id: AdmId,
    /// Its name.
    pub name: String,
    /// The stream that it carries.
    pub stream: Option<AdmId>,
}

/// `audioTrackUID`, with what the `chna` chunk says of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrackUid {
    /// Its identity.
    pub id: AdmId,
    /// Sample rate in hertz.
    pub sample_rate: Option<u32>,
    /// Bits of a sample.
    pub bit_depth: Option<u16>,
    /// Its track format.
    pub track: Option<AdmId>,
    /// Its channel format, in place of a track format (version 2).
    pub channel: Option<AdmId>,
    /// Its pack.
    pub pack: Option<AdmId>,
    /// Channel of the file, from 0.
    pub index: Option<u16>,
    /// Whether the XML names it, not only the `chna` chunk.
    pub in_xml: bool,
}
