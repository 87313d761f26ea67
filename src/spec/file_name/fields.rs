//! What a file name can say.

use crate::audio::{Channel, ChannelLayout, SampleRate};
use crate::spec::model::{Naming, Spec};
use crate::stem::StemCode;
use crate::time::FrameRate;

/// The identity of a file: everything that tells it from the others of its delivery. Its name is made
/// of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFields {
    /// Title of the delivery.
    pub title: String,
    /// The reel, from 1; `None` for the whole programme.
    pub reel: Option<u32>,
    /// Version of the mix.
    pub version: String,
    /// The stem or composite.
    pub code: StemCode,
    /// Near field, theatrical …
    pub soundfield: String,
    /// Language of the dialogue.
    pub language: String,
    /// The channels of the stem or composite, of which this file may hold one.
    pub layout: ChannelLayout,
    /// Its sample rate.
    pub rate: SampleRate,
    /// Bits of a sample.
    pub bits: u16,
    /// Frame rate of its timecode; names do not say whether it drops numbers.
    pub frame_rate: FrameRate,
    /// The channel that a mono file holds.
    pub channel: Option<Channel>,
}

/// A field of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::spec) enum Field {
    Title,
    Code,
    Asset,
    Part,
    Version,
    Soundfield,
    Language,
    Layout,
    Channels,
    Rate,
    Bits,
    FrameRate,
    Channel,
}

/// Every field with its name.
const FIELDS: [(&str, Field); 13] = [
    ("title", Field::Title),
    ("code", Field::Code),
    ("layout", Field::Layout),
    ("asset", Field::Asset),
    ("part", Field::Part),
    ("version", Field::Version),
    ("soundfield", Field::Soundfield),
    ("language", Field::Language),
    ("channels", Field::Channels),
    ("rate", Field::Rate),
    ("bits", Field::Bits),
    ("frame_rate", Field::FrameRate),
    ("channel", Field::Channel),
];

impl Field {
    pub(super) fn of_name(name: &str) -> Option<Self> {
        FIELDS.iter().find(|row| row.0 == name).map(|row| row.1)
    }

    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        FIELDS.iter().map(|row| row.0)
    }

    /// What the field says of a file.
    pub(super) fn value(self, of: &FileFields, spec: &Spec) -> String {
        match self {
            Self::Title => of.title.clone(),
            Self::Code => of.code.to_string(),
            Self::Asset => spec.asset(&of.code),
            Self::Part => match of.reel {
                Some(reel) => format!("r{reel:02}"),
                None => spec.fields.long_play.clone(),
            },
            Self::Version => of.version.clone(),
            Self::Soundfield => of.soundfield.clone(),
            Self::Language => of.language.clone(),
            Self::Layout => of.layout.to_string(),
            Self::Channels => match of.layout.len() {
                1 => "mono".to_owned(),
                many => format!("{many}ch"),
            },
            Self::Rate => kilohertz(of.rate),
            Self::Bits => format!("{}b", of.bits),
            Self::FrameRate => without_point(of.frame_rate),
            Self::Channel => of
                .channel
                .map_or_else(String::new, |channel| channel.to_string()),
        }
    }
}

/// `48k`, `44.1k`.
pub(super) fn kilohertz(rate: SampleRate) -> String {
    let text = format!("{:.3}", f64::from(rate.hertz()) / 1000.0);
    format!("{}k", text.trim_end_matches('0').trim_end_matches('.'))
}

/// `23976`, `24`, `2997`.
pub(super) fn without_point(rate: FrameRate) -> String {
    let plain = rate.with_drop(false).unwrap_or(rate);
    plain.to_string().replace('.', "")
}

impl Spec {
    /// The naming of a stem or composite.
    fn naming(&self, code: &StemCode) -> Option<&Naming> {
        let stem = self.stem(code).map(|stem| &stem.naming);
        let composite = || {
            self.composites
                .iter()
                .find(|composite| composite.code == *code)
        };
        stem.or_else(|| composite().map(|composite| &composite.naming))
    }

    /// What file names call a stem or composite.
    pub fn asset(&self, code: &StemCode) -> String {
        let named = self.naming(code).and_then(|naming| naming.asset.clone());
        named.unwrap_or_else(|| code.to_string())
    }

    /// The fields of a file of a stem or composite that follow from the spec; the long-play file of
    /// all channels.
    pub fn fields_of(
        &self,
        title: &str,
        code: &StemCode,
        layout: &ChannelLayout,
        frame_rate: FrameRate,
    ) -> FileFields {
        let naming = self.naming(code).cloned().unwrap_or_default();
        let fields = &self.fields;
        FileFields {
            title: title.to_owned(),
            reel: None,
            version: fields.version.clone(),
            code: code.clone(),
            soundfield: naming
                .soundfield
                .unwrap_or_else(|| fields.soundfield.clone()),
            language: naming.language.unwrap_or_else(|| fields.language.clone()),
            layout: layout.clone(),
            rate: self.sample_rate,
            bits: self.sample_format.bits(),
            frame_rate: frame_rate.with_drop(false).unwrap_or(frame_rate),
            channel: None,
        }
    }
}
