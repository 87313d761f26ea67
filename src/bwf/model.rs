//! What is known of a WAV file.

use std::fmt;
use std::path::PathBuf;

use serde::{Serialize, Serializer};

use super::ixml::Ixml;
use crate::audio::{DbTp, LoudnessUnits, Lufs, SampleFormat, SampleRate};
use crate::finding::Finding;

/// The kinds of file that hold WAVE chunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Container {
    /// RIFF/WAVE: 32-bit sizes.
    Riff,
    /// RF64 (EBU Tech 3306): 64-bit sizes in `ds64`.
    Rf64,
    /// BW64 (ITU-R BS.2088): the same with ADM.
    Bw64,
    /// Sony Wave64: GUIDs for names, 64-bit sizes everywhere.
    W64,
}

impl Container {
    /// The name of the file's first bytes: `RIFF`, `RF64`, `BW64`, `W64`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Riff => "RIFF",
            Self::Rf64 => "RF64",
            Self::Bw64 => "BW64",
            Self::W64 => "W64",
        }
    }
}

/// A stretch of bytes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DataSpan {
    /// Offset of its first byte.
    pub offset: u64,
    /// How many bytes, without the pad byte; never past the end of the file.
    pub bytes: u64,
}

/// The four characters that name a chunk.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChunkId(pub [u8; 4]);

impl fmt::Display for ChunkId {
    /// As text; bytes that are not printable ASCII as `\xNN`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.escape_ascii())
    }
}

impl fmt::Debug for ChunkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for ChunkId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A chunk of the file, known or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ChunkInfo {
    /// Its name.
    pub id: ChunkId,
    /// Offset of its content in the file, behind name and size.
    pub offset: u64,
    /// Bytes of content that are there, without the pad byte.
    pub size: u64,
}

/// How the sound is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaveFormat {
    /// Frames per second.
    pub rate: SampleRate,
    /// Samples in a frame; never 0.
    pub channels: u16,
    /// How one sample is stored.
    pub sample: SampleFormat,
    /// Bits of a sample that carry sound, left-justified; at most the sample's own.
    pub valid_bits: u16,
    /// Loudspeaker mask (Microsoft, ksmedia.h); 0 where none is stated.
    pub mask: u32,
    /// Whether the format chunk is `WAVEFORMATEXTENSIBLE`.
    pub extensible: bool,
}

impl WaveFormat {
    /// A format with all bits valid: extensible above two channels, as the Microsoft specification
    /// wants it; a mask is stated only there.
    pub const fn new(rate: SampleRate, channels: u16, sample: SampleFormat, mask: u32) -> Self {
        let extensible = channels > 2;
        Self {
            rate,
            channels,
            sample,
            valid_bits: sample.bits(),
            mask: if extensible { mask } else { 0 },
            extensible,
        }
    }

    /// Bytes of one frame.
    pub const fn frame_bytes(&self) -> u64 {
        self.channels as u64 * self.sample.bytes() as u64
    }
}

/// A level in hundredths of its unit, as the bext chunk stores it (EBU Tech 3285 v2 §2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hundredths(i16);

impl Hundredths {
    /// The number that means "not used" (EBU Tech 3285 v2 §2.3).
    pub(super) const UNSET: i16 = 0x7FFF;

    /// So many hundredths; `None` for 32767, which means "not used".
    pub const fn new(hundredths: i16) -> Option<Self> {
        if hundredths == Self::UNSET {
            None
        } else {
            Some(Self(hundredths))
        }
    }

    /// How many hundredths.
    pub const fn get(self) -> i16 {
        self.0
    }

    /// A loudness, rounded half away from zero; `None` outside −99.99 … 99.99, the valid range.
    pub fn from_lufs(level: Lufs) -> Option<Self> {
        Self::round(level.value())
    }

    /// A loudness range, rounded likewise.
    pub fn from_lu(range: LoudnessUnits) -> Option<Self> {
        Self::round(range.value())
    }

    /// A true peak, rounded likewise.
    pub fn from_dbtp(level: DbTp) -> Option<Self> {
        Self::round(level.value())
    }

    fn round(value: f64) -> Option<Self> {
        let hundredths = (value * 100.0).round();
        (hundredths.abs() <= 9999.0).then_some(Self(hundredths as i16))
    }
}

impl fmt::Display for Hundredths {
    /// `-23.01`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let value = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", value / 100, value % 100)
    }
}

impl Serialize for Hundredths {
    /// The value as a number: −27.01.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(f64::from(self.0) / 100.0)
    }
}

/// The broadcast extension chunk (EBU Tech 3285 v2).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bext {
    /// Free text, at most 256 characters.
    pub description: String,
    /// Who made it, at most 32 characters.
    pub originator: String,
    /// Their reference, a USID by EBU R 99; at most 32 characters.
    pub originator_reference: String,
    /// `yyyy-mm-dd`.
    pub origination_date: String,
    /// `hh:mm:ss`.
    pub origination_time: String,
    /// Frames since midnight at the file's sample rate.
    pub time_reference: u64,
    /// 0, 1 (with UMID) or 2 (with loudness).
    pub version: u16,
    /// SMPTE ST 330 UMID, padded with zeros; `None` where it is all zeros.
    pub umid: Option<[u8; 64]>,
    /// Integrated loudness in LUFS.
    pub loudness_value: Option<Hundredths>,
    /// Loudness range in LU.
    pub loudness_range: Option<Hundredths>,
    /// Maximum true peak in dBTP.
    pub max_true_peak: Option<Hundredths>,
    /// Maximum momentary loudness in LUFS.
    pub max_momentary: Option<Hundredths>,
    /// Maximum short-term loudness in LUFS.
    pub max_short_term: Option<Hundredths>,
    /// EBU R 98 lines.
    pub coding_history: String,
}

/// A point or region in the sound.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cue {
    /// Number that labels refer to.
    pub id: u32,
    /// First frame, counted from the first of the sound.
    pub position: u64,
    /// Length in frames; `None` for a point.
    pub length: Option<u64>,
    /// Its name.
    pub label: Option<String>,
    /// A comment.
    pub note: Option<String>,
}

/// A row of the `chna` chunk: a track of the file and what the Audio Definition Model calls it
/// (ITU-R BS.2088 §7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChnaRow {
    /// Track of the file, from 1.
    pub track: u16,
    /// `ATU_00000001`.
    pub uid: String,
    /// The track format (`AT_00010001_01`) or channel format (`AC_00010001`, sometimes with `_00`
    /// behind it) that it has; may be empty.
    pub reference: String,
    /// The pack that it belongs to; may be empty.
    pub pack: String,
}

/// Where the Audio Definition Model lies (ITU-R BS.2076, BS.2088); it is not read here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AdmSummary {
    /// The XML.
    pub axml: Option<DataSpan>,
    /// The XML in compressed form.
    pub bxml: Option<DataSpan>,
    /// The table that ties tracks to it.
    pub chna: Option<DataSpan>,
    /// Tracks that the table names.
    pub tracks: Option<u16>,
    /// Rows of the table: track UIDs.
    pub uids: Option<u16>,
}

/// What is known of a WAV file without its sound.
#[derive(Debug, Clone, PartialEq)]
pub struct Wave {
    /// The file.
    pub path: PathBuf,
    /// Its kind.
    pub container: Container,
    /// How the sound is stored.
    pub format: WaveFormat,
    /// Where the sound is; `None` when there is none, which is an error finding.
    pub data: Option<DataSpan>,
    /// Whole frames of sound.
    pub frames: u64,
    /// The broadcast extension.
    pub bext: Option<Bext>,
    /// The iXML.
    pub ixml: Option<Ixml>,
    /// Cue points with their labels, in the order of the file.
    pub cues: Vec<Cue>,
    /// Whether and where there is ADM metadata.
    pub adm: Option<AdmSummary>,
    /// MD5 of the sound as the file states it, in the usual byte order; it is not checked.
    pub md5: Option<[u8; 16]>,
    /// Every chunk in the order of the file.
    pub chunks: Vec<ChunkInfo>,
    /// What was tolerated, guessed or ignored.
    pub findings: Vec<Finding>,
}
