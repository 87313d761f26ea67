//! What is written.

use std::sync::Arc;

use super::kept::{AdmKept, AdmKind};
use crate::audio::scene::Screen;
use crate::audio::{AdmProfile, Channel, ContentKind, SampleRate};
use crate::bwf::Hundredths;

/// A document. Programmes refer to contents, contents to objects, by their place in the lists.
#[derive(Debug, Clone)]
pub struct AdmDocument {
    /// The rules that it follows.
    pub profile: AdmProfile,
    /// Sample rate of the file; times are counted in its samples.
    pub rate: SampleRate,
    /// Bits of a sample.
    pub bits: u16,
    /// Sample frames of the file.
    pub length: u64,
    /// Start of the programmes in sample frames since midnight.
    pub start: u64,
    /// The screen of all programmes, where it is another than the usual one.
    pub screen: Option<Screen>,
    /// What can be listened to; the first one is the main one.
    pub programmes: Vec<AdmProgramme>,
    /// The parts of the programmes.
    pub contents: Vec<AdmContent>,
    /// What the parts are made of. Their tracks follow one another in the file.
    pub objects: Vec<AdmObject>,
}

/// Something that can be listened to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdmProgramme {
    /// `Full Mix English`.
    pub name: String,
    /// Language of its dialogue (BCP 47 or ISO 639-2/B).
    pub language: Option<String>,
    /// Its contents.
    pub contents: Vec<usize>,
    /// How loud it is.
    pub loudness: Option<AdmLoudness>,
}

/// A part of programmes: the dialogue of a language, the music.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdmContent {
    /// `Dialogue English`.
    pub name: String,
    /// Its language.
    pub language: Option<String>,
    /// What it is; the Dolby profile has one kind for everything.
    pub kind: ContentKind,
    /// Its objects.
    pub objects: Vec<usize>,
    /// How loud it is.
    pub loudness: Option<AdmLoudness>,
}

/// Tracks that belong together.
#[derive(Debug, Clone)]
pub struct AdmObject {
    /// `DX 5.1`.
    pub name: String,
    /// What its tracks are.
    pub form: AdmForm,
}

/// What the tracks of an object are.
#[derive(Debug, Clone)]
pub enum AdmForm {
    /// Loudspeaker channels, in the order of [`super::bed_order`].
    Bed(Vec<Channel>),
    /// One object that stands where a loudspeaker would.
    Point(Channel),
    /// An item of another file.
    Kept(Arc<AdmKept>),
}

impl AdmForm {
    /// Whether it is an object, neither a bed nor a sound field.
    pub(super) fn is_object(&self) -> bool {
        match self {
            Self::Bed(_) => false,
            Self::Point(_) => true,
            Self::Kept(kept) => kept.kind == AdmKind::Objects,
        }
    }

    /// How many tracks of the file it takes.
    pub fn tracks(&self) -> usize {
        match self {
            Self::Bed(channels) => channels.len(),
            Self::Point(_) => 1,
            Self::Kept(kept) => kept.channels.len(),
        }
    }
}

/// `loudnessMetadata` (ITU-R BS.2076-1 §5.7.4) by ITU-R BS.1770; what is absent is left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AdmLoudness {
    /// Integrated loudness in LUFS.
    pub integrated: Option<Hundredths>,
    /// Loudness range in LU.
    pub range: Option<Hundredths>,
    /// Largest true peak in dBTP.
    pub true_peak: Option<Hundredths>,
    /// Largest momentary loudness in LUFS.
    pub momentary: Option<Hundredths>,
    /// Largest short-term loudness in LUFS.
    pub short_term: Option<Hundredths>,
    /// Loudness of the dialogue in LUFS.
    pub dialogue: Option<Hundredths>,
}

impl AdmLoudness {
    /// Numbers that take the most room.
    pub fn widest() -> Self {
        let widest = Hundredths::new(-9999);
        Self {
            integrated: widest,
            range: widest,
            true_peak: widest,
            momentary: widest,
            short_term: widest,
            dialogue: widest,
        }
    }
}
