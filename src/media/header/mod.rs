//! Headers of sound files of every kind into a [`MediaFile`].
//!
//! **Invariant:** only headers and metadata are read, never the sound; what a header states is held
//! against the length of the file before anybody believes it.

mod aiff;
mod bare;
mod caf;
mod chunks;
mod description;
mod flac;
mod mxf;
mod wave;

use std::path::Path;

pub(super) use mxf::find_frames;

use super::MediaError;
use super::codec;
use super::codes::{METADATA, NO_LENGTH, TRUNCATED};
use super::file::{Entry, Labels, MediaFile, MediaKind, MediaTrack, PcmPieces, Storage};
use super::pieces::Pieces;
use super::section::Section;
use super::source::{ByteOrder, PcmLayout};
use crate::audio::{SampleFormat, SampleRate};
use crate::finding::{Finding, Place};
use crate::time::FrameRate;

/// Most channels of a file; Nuendo and Pyramix write up to 64 and ADM masters 128.
const MAX_CHANNELS: u32 = 4096;

/// A time stamp is at most so many seconds: 100 days, as everywhere.
const MAX_STAMP: u64 = 100 * 86_400;

/// What a header said of the sound.
#[derive(Debug)]
struct Sound {
    kind: MediaKind,
    rate: SampleRate,
    channels: usize,
    frames: u64,
    sample: SampleFormat,
    storage: Storage,
    time_reference: Option<u64>,
    timecode_rate: Option<FrameRate>,
    labels: Labels,
    tracks: Vec<MediaTrack>,
    umid: Option<String>,
    file_uid: Option<String>,
    findings: Vec<Finding>,
}

/// How samples are stored, in the words of AIFF and CAF.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Coding {
    /// Read where they lie.
    Pcm(SampleFormat, ByteOrder),
    /// Decoded first, into this format; the name of the coding.
    Decoded(SampleFormat, &'static str),
    /// Not read.
    Unknown(String),
}

/// What a header of AIFF, CAF or FLAC states, not yet believed.
struct Stated {
    kind: MediaKind,
    channels: u32,
    /// In Hz; any float.
    rate: f64,
    coding: Coding,
    /// Sample frames, where it says so.
    frames: Option<u64>,
    /// Where the sound starts.
    offset: u64,
    /// Bytes of it that are in the file.
    bytes: u64,
}

impl MediaFile {
    /// Reads the header of a file on disk.
    ///
    /// # Errors
    /// [`MediaError`] for what cannot be read, is no sound, or is sound of a kind that is not read.
    pub fn open(path: &Path) -> Result<Self, MediaError> {
        let metadata =
            std::fs::metadata(path).map_err(|e| MediaError::io(path.display().to_string(), e))?;
        let mut file = Section::whole(path)?;
        let mut media = Self::read(&mut file, path, None)?;
        media.identity = identity(&metadata);
        Ok(media)
    }

    /// Reads the header of a file or of an entry of a bundle.
    pub(super) fn read(
        file: &mut Section,
        path: &Path,
        entry: Option<Entry>,
    ) -> Result<Self, MediaError> {
        let own_name = |name: &str| {
            name.rsplit(['/', '\\'])
                .next()
                .unwrap_or_default()
                .to_owned()
        };
        let on_disk = || {
            path.file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        };
        let inside = entry.as_ref().filter(|entry| !entry.name.is_empty());
        let file_name = inside.map_or_else(on_disk, |entry| own_name(&entry.name));
        let name = match inside {
            Some(entry) => format!("{} ({})", path.display(), entry.name),
            None => path.display().to_string(),
        };
        let bare = entry.as_ref().and_then(|entry| entry.pcm);
        let mut sound = match bare {
            Some(pcm) => bare::read(file, &name, path, pcm)?,
            None => read_sound(file, &name, path)?,
        };
        for finding in &mut sound.findings {
            finding
                .place
                .get_or_insert_with(|| Place::file(name.clone()));
        }
        let packed = entry.as_ref().is_some_and(|entry| entry.packed);
        sound.storage = on_disk_as(sound.storage, file.place(), packed);
        Ok(Self {
            path: path.to_owned(),
            entry,
            file_name,
            kind: sound.kind,
            size: file.length(),
            rate: sound.rate,
            channels: sound.channels,
            frames: sound.frames,
            sample: sound.sample,
            storage: sound.storage,
            time_reference: sound.time_reference,
            timecode_rate: sound.timecode_rate,
            labels: sound.labels,
            tracks: sound.tracks,
            umid: sound.umid,
            file_uid: sound.file_uid,
            identity: None,
            findings: sound.findings,
        })
    }
}

/// Storage that was counted from the start of a section, as it lies in the file.
fn on_disk_as(storage: Storage, place: &Pieces, packed: bool) -> Storage {
    match (storage, place.offset()) {
        // What is packed is unpacked into one piece.
        (storage, _) if packed => storage,
        (Storage::Pcm(layout), Some(offset)) => Storage::Pcm(PcmLayout {
            data_offset: layout.data_offset + offset,
            ..layout
        }),
        (Storage::Pcm(layout), None) => Storage::Pieces(vec![PcmPieces {
            channels: layout.channels,
            words: false,
            layout,
            pieces: place.clone(),
        }]),
        (storage, _) => storage,
    }
}

/// By content; suffixes lie.
fn read_sound(file: &mut Section, name: &str, path: &Path) -> Result<Sound, MediaError> {
    let (head, length) = file.head::<12>().map_err(|e| MediaError::io(name, e))?;
    let mut sound = match (head.get(..length.min(4)), head.get(8..length)) {
        (Some(b"FORM"), Some(b"AIFF")) => aiff::read(file, name, MediaKind::Aiff),
        (Some(b"FORM"), Some(b"AIFC")) => aiff::read(file, name, MediaKind::AiffC),
        (Some(b"caff"), _) => caf::read(file, name),
        (Some(b"fLaC"), _) => flac::read(file, name),
        (Some(b"RIFF" | b"RF64" | b"BW64" | b"riff"), _) => wave::read(file, name, path),
        _ if head
            .get(..length)
            .is_some_and(|head| head.starts_with(&mxf::PARTITION)) =>
        {
            mxf::read(file, name)
        }
        _ => Err(MediaError::NotSound {
            path: name.to_owned(),
        }),
    }?;
    if sound.storage == Storage::Decoded && sound.frames == 0 {
        let again = file.again().map_err(|e| MediaError::io(name, e))?;
        sound.frames = codec::count(again, name)?;
        let message = format!(
            "the length is not stated; {} sample frames were counted",
            sound.frames
        );
        sound.findings.push(Finding::new(NO_LENGTH, message));
    }
    let limit = MAX_STAMP * u64::from(sound.rate.hertz());
    if let Some(stamp) = sound.time_reference.filter(|stamp| *stamp > limit) {
        sound.time_reference = None;
        let message = format!("time stamp of {stamp} samples is no time of a day and is not used");
        sound.findings.push(Finding::new(METADATA, message));
    }
    Ok(sound)
}

impl Stated {
    /// Holds everything against limits and the file's length.
    fn check(self, name: &str, offset: u64) -> Result<Sound, MediaError> {
        let bad = |message: String| MediaError::malformed(name, offset, message);
        if self.channels == 0 || self.channels > MAX_CHANNELS {
            return Err(bad(format!("{} channels", self.channels)));
        }
        let channels = self.channels as usize;
        let mut findings = Vec::new();
        let rate =
            whole_rate(self.rate, &mut findings).ok_or_else(|| bad(format!("{} Hz", self.rate)))?;
        let (sample, storage, frames) = match self.coding {
            Coding::Unknown(what) => return Err(MediaError::unsupported(name, what)),
            Coding::Decoded(sample, what) if cfg!(not(feature = "codecs")) => {
                let what = format!("{what} (this build has no codecs; {sample:?})");
                return Err(MediaError::unsupported(name, what));
            }
            Coding::Decoded(sample, _) => {
                let frames = self.frames.unwrap_or_default();
                (sample, Storage::Decoded, frames)
            }
            Coding::Pcm(sample, order) => {
                let layout = PcmLayout {
                    sample,
                    order,
                    channels,
                    data_offset: self.offset,
                };
                let frames = measure(
                    self.frames,
                    self.bytes / layout.block() as u64,
                    &mut findings,
                );
                (sample, Storage::Pcm(layout), frames)
            }
        };
        Ok(Sound {
            kind: self.kind,
            rate,
            channels,
            frames,
            sample,
            storage,
            time_reference: None,
            timecode_rate: None,
            labels: Labels::default(),
            tracks: Vec::new(),
            umid: None,
            file_uid: None,
            findings,
        })
    }
}

/// Sample frames that there are, out of those stated and those the file has room for.
fn measure(stated: Option<u64>, present: u64, findings: &mut Vec<Finding>) -> u64 {
    match stated {
        Some(0) | None if present > 0 => {
            let message = format!("the length is not stated; {present} sample frames were found");
            findings.push(Finding::new(NO_LENGTH, message));
            present
        }
        Some(stated) if stated > present => {
            let message = format!("{stated} sample frames are stated, {present} are there");
            findings.push(Finding::new(TRUNCATED, message));
            present
        }
        stated => stated.unwrap_or(present),
    }
}

/// The sample rate, which AIFF and CAF write as a float: some pulled-down ones are not whole.
fn whole_rate(hertz: f64, findings: &mut Vec<Finding>) -> Option<SampleRate> {
    let whole = libm::round(hertz);
    if !(1.0..=4.0e9).contains(&whole) {
        return None;
    }
    if whole != hertz {
        let message = format!("sample rate of {hertz} Hz was read as {whole} Hz");
        findings.push(Finding::new(METADATA, message));
    }
    SampleRate::new(whole as u32).ok()
}

/// What the file system calls a file.
#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems cannot say")]
fn identity(metadata: &std::fs::Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    Some((metadata.dev(), metadata.ino()))
}

/// What the file system calls a file: nothing that can be had here.
#[cfg(not(unix))]
fn identity(_: &std::fs::Metadata) -> Option<(u64, u64)> {
    None
}
