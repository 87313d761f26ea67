//! Media files opened as sources, each once.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rayon::prelude::*;

use super::MediaError;
use super::codec;
use super::codes::{CHECKSUM, LENGTH, NOT_SOUND};
use super::container::{self, Containers};
use super::file::{BarePcm, MediaFile, Storage};
use super::header::find_frames;
use super::joined::JoinedSource;
use super::pcm::{Bytes, PcmSource};
use super::pool::{FilePool, Handle, MAX_OPEN};
use super::resample::{Kernel, ResampledSource};
use super::section::Section;
use super::source::{AudioSource, ByteOrder, PcmLayout, Planar, Scratch};
use super::spool::Spool;
use crate::audio::SampleRate;
use crate::finding::{Finding, Place, Severity};
use crate::timeline::Embedded;

/// The sources of a job: every file is opened once however many clips use it, at most some 200 at the
/// same time, and what has to be decoded is decoded once. Shared by all threads.
#[derive(Debug)]
pub struct SourcePool {
    files: Arc<FilePool>,
    spool: Arc<Spool>,
    sources: Mutex<BTreeMap<Key, Opened>>,
    containers: Mutex<Containers>,
    kernels: Mutex<BTreeMap<(SampleRate, SampleRate), Arc<Kernel>>>,
}

type Key = (PathBuf, Option<String>);

#[derive(Debug, Clone)]
enum Opened {
    Pcm(Arc<PcmSource>),
    Joined(Arc<JoinedSource>),
    Spooled(Arc<SpooledSource>),
}

/// Sound that is decoded or unpacked when it is first read.
#[derive(Debug)]
struct SpooledSource {
    /// The path for messages.
    name: String,
    file: MediaFile,
    handle: Arc<Handle>,
    spool: Arc<Spool>,
    ready: OnceLock<Result<Ready, MediaError>>,
}

#[derive(Debug)]
struct Ready {
    source: Box<dyn AudioSource>,
    findings: Vec<Finding>,
}

impl Default for SourcePool {
    fn default() -> Self {
        Self::new(None)
    }
}

impl SourcePool {
    /// A pool that keeps decoded sound in a nameless file in `temporary`, or in the system's folder
    /// for temporary files.
    pub fn new(temporary: Option<&Path>) -> Self {
        Self {
            files: FilePool::new(MAX_OPEN),
            spool: Arc::new(Spool::new(temporary)),
            sources: Mutex::default(),
            containers: Mutex::default(),
            kernels: Mutex::default(),
        }
    }

    /// The source for a file. Nothing is read yet: what is wrong with the file shows when it is.
    pub fn open(&self, file: &MediaFile) -> Arc<dyn AudioSource> {
        match self.opened(file) {
            Opened::Pcm(source) => source,
            Opened::Joined(source) => source,
            Opened::Spooled(source) => source,
        }
    }

    /// Reads the header of sound inside another file, as [`MediaFile::open_entry`] does; the outer file's
    /// table of contents is read once for all its entries.
    ///
    /// # Errors
    /// As [`MediaFile::open_entry`].
    pub fn entry(
        &self,
        container: &Path,
        entry: &str,
        pcm: Option<BarePcm>,
    ) -> Result<MediaFile, MediaError> {
        let container = container.to_string_lossy().into_owned();
        let mut containers = self
            .containers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        containers.open(&Embedded {
            container,
            entry: entry.to_owned(),
            pcm,
        })
    }

    /// The source for a file at a rate, from a sample frame of the file on: frame `k` lies exactly at
    /// `start + k·(rate of the file / rate)` of the file. Where the rates are the same the samples stay
    /// what they are.
    ///
    /// # Errors
    /// [`MediaError::Ratio`] for rates that lie too far apart.
    pub fn open_resampled(
        &self,
        file: &MediaFile,
        to: SampleRate,
        start: i64,
    ) -> Result<Arc<dyn AudioSource>, MediaError> {
        let kernel = self.kernel(file.rate, to)?;
        Ok(Arc::new(ResampledSource::at(
            self.open(file),
            kernel,
            start,
        )))
    }

    /// The kernel for a pair of rates, made once.
    ///
    /// # Errors
    /// As [`Kernel::new`].
    pub fn kernel(&self, from: SampleRate, to: SampleRate) -> Result<Arc<Kernel>, MediaError> {
        let mut kernels = self.kernels.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kernel) = kernels.get(&(from, to)) {
            return Ok(Arc::clone(kernel));
        }
        let kernel = Arc::new(Kernel::new(from, to)?);
        kernels.insert((from, to), Arc::clone(&kernel));
        Ok(kernel)
    }

    /// Decodes and unpacks whatever has to be among these files, in parallel, and says what was wrong
    /// with it: call it before anything is written. Without it the same happens when they are read.
    pub fn prepare(&self, files: &[&MediaFile]) -> Vec<Finding> {
        let findings: Vec<Vec<Finding>> = files
            .par_iter()
            .map(|file| match self.opened(file) {
                Opened::Pcm(_) | Opened::Joined(_) => Vec::new(),
                Opened::Spooled(source) => source.findings(),
            })
            .collect();
        let mut findings: Vec<Finding> = findings.into_iter().flatten().collect();
        // The same file may have been named more than once.
        findings.sort();
        findings.dedup();
        findings
    }

    fn opened(&self, file: &MediaFile) -> Opened {
        let key = (
            file.path.clone(),
            file.entry.as_ref().map(|entry| entry.name.clone()),
        );
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        let opened = sources.entry(key).or_insert_with(|| self.make(file));
        opened.clone()
    }

    fn make(&self, file: &MediaFile) -> Opened {
        let packed = file.entry.as_ref().is_some_and(|entry| entry.packed);
        match &file.storage {
            Storage::Pcm(layout) if !packed => Opened::Pcm(Arc::new(PcmSource {
                name: file.display(),
                bytes: Bytes::Pooled(self.files.handle(&file.path)),
                layout: *layout,
                rate: file.rate,
                frames: file.frames,
            })),
            Storage::Pieces(streams) if !packed => Opened::Joined(Arc::new(JoinedSource::new(
                &file.display(),
                &self.files.handle(&file.path),
                streams,
                (file.rate, file.frames),
            ))),
            _ => Opened::Spooled(Arc::new(SpooledSource {
                name: file.display(),
                file: file.clone(),
                handle: self.files.handle(&file.path),
                spool: Arc::clone(&self.spool),
                ready: OnceLock::new(),
            })),
        }
    }
}

impl SpooledSource {
    fn ready(&self) -> Result<&Ready, MediaError> {
        let ready = self.ready.get_or_init(|| match &self.file.storage {
            Storage::Pcm(layout) => self.unpack(*layout),
            Storage::Pieces(_) => Err(self.not_pcm()),
            Storage::Frames => self.frames(),
            Storage::Decoded => self.decode(),
        });
        ready.as_ref().map_err(Clone::clone)
    }

    fn findings(&self) -> Vec<Finding> {
        match self.ready() {
            Ok(ready) => ready.findings.clone(),
            Err(error) => {
                let place = Place::file(self.name.clone());
                let finding = Finding::new(NOT_SOUND, error.to_string()).at(place);
                vec![finding.severity(Severity::Error)]
            }
        }
    }

    /// A packed entry, byte for byte.
    fn unpack(&self, layout: PcmLayout) -> Result<Ready, MediaError> {
        let entry = self.file.entry.as_ref().ok_or_else(|| self.not_pcm())?;
        let mut region = self
            .spool
            .region(self.file.size)
            .map_err(|e| self.spool_error(e))?;
        let unpacked = container::unpack(&self.file.path, entry, &mut region)?;
        let layout = PcmLayout {
            data_offset: region.offset + layout.data_offset,
            ..layout
        };
        if unpacked != self.file.size {
            let message = format!("{unpacked} bytes unpacked, {} expected", self.file.size);
            return Err(MediaError::malformed(&self.name, unpacked, message));
        }
        let source = self.source(Bytes::Spool(region.file), layout, self.file.frames);
        Ok(Ready {
            source: Box::new(source),
            findings: Vec::new(),
        })
    }

    fn decode(&self) -> Result<Ready, MediaError> {
        let file = &self.file;
        let section = match &file.entry {
            Some(entry) => container::section(&file.path, entry)?,
            None => Section::whole(&file.path)?,
        };
        let layout = PcmLayout {
            sample: file.sample,
            order: ByteOrder::Little,
            channels: file.channels,
            data_offset: 0,
        };
        let size = file.frames.saturating_mul(layout.block() as u64);
        let mut region = self.spool.region(size).map_err(|e| self.spool_error(e))?;
        let form = (file.sample, file.channels);
        let decoded = codec::decode(section, &self.name, form, &mut region)?;
        let layout = PcmLayout {
            data_offset: region.offset,
            ..layout
        };
        let frames = region.filled() / layout.block().max(1) as u64;
        Ok(Ready {
            source: Box::new(self.source(Bytes::Spool(region.file), layout, frames)),
            findings: self.judge(decoded.frames, decoded.verified),
        })
    }

    /// The sound of every frame, found by walking the file.
    fn frames(&self) -> Result<Ready, MediaError> {
        let file = &self.file;
        let mut section = match &file.entry {
            Some(entry) if entry.packed => return Err(self.not_pcm()),
            Some(entry) => container::section(&file.path, entry)?,
            None => Section::whole(&file.path)?,
        };
        let (streams, frames) = find_frames(&mut section, &self.name)?;
        let form = (file.rate, frames);
        let source = JoinedSource::new(&self.name, &self.handle, &streams, form);
        Ok(Ready {
            source: Box::new(source),
            findings: self.judge(frames, None),
        })
    }

    fn judge(&self, found: u64, verified: Option<bool>) -> Vec<Finding> {
        let mut findings = Vec::new();
        if found != self.file.frames {
            let stated = self.file.frames;
            let message = format!("{stated} sample frames are stated, {found} were found");
            findings.push(Finding::new(LENGTH, message));
        }
        if verified == Some(false) {
            let message = "the decoded sound does not agree with the checksum in the file";
            findings.push(Finding::new(CHECKSUM, message));
        }
        let place = Place::file(self.name.clone());
        findings
            .into_iter()
            .map(|finding| finding.at(place.clone()))
            .collect()
    }

    fn source(&self, bytes: Bytes, layout: PcmLayout, frames: u64) -> PcmSource {
        PcmSource {
            name: self.name.clone(),
            bytes,
            layout,
            rate: self.file.rate,
            frames,
        }
    }

    fn spool_error(&self, source: std::io::Error) -> MediaError {
        MediaError::Spool {
            path: self.name.clone(),
            source: source.into(),
        }
    }

    fn not_pcm(&self) -> MediaError {
        MediaError::NotPcm {
            path: self.name.clone(),
        }
    }
}

impl AudioSource for SpooledSource {
    fn rate(&self) -> SampleRate {
        self.file.rate
    }

    fn channels(&self) -> usize {
        self.file.channels
    }

    fn frames(&self) -> u64 {
        self.file.frames
    }

    fn read(
        &self,
        range: Range<u64>,
        channels: &[usize],
        out: &mut Planar,
        scratch: &mut Scratch,
    ) -> Result<(), MediaError> {
        self.ready()?.source.read(range, channels, out, scratch)
    }

    fn pcm(&self) -> Option<PcmLayout> {
        self.ready().ok()?.source.pcm()
    }

    fn read_raw(&self, range: Range<u64>, bytes: &mut Vec<u8>) -> Result<(), MediaError> {
        self.ready()?.source.read_raw(range, bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::testing::Wav;

    #[test]
    fn a_file_is_opened_once_and_converted_from_any_frame() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.wav");
        let wav = Wav {
            rate: 44_100,
            frames: 4410,
            ..Wav::default()
        };
        wav.write(&path);
        let file = MediaFile::open(&path).unwrap();
        let pool = SourcePool::default();
        assert!(Arc::ptr_eq(&pool.open(&file), &pool.open(&file)));
        let (mut out, mut scratch) = (Planar::default(), Scratch::default());
        let same = pool.open_resampled(&file, file.rate, 100).unwrap();
        same.read(0..10, &[0], &mut out, &mut scratch).unwrap();
        for (frame, sample) in (100..).zip(out.channel(0)) {
            assert_eq!(*sample, f64::from(wav.sample(frame, 0)) / 8_388_608.0);
        }
        let converted = pool.open_resampled(&file, SampleRate::HZ_48000, 0).unwrap();
        assert_eq!(
            (converted.frames(), converted.rate()),
            (4800, SampleRate::HZ_48000)
        );
        let far = SampleRate::new(1).unwrap();
        assert!(pool.open_resampled(&file, far, 0).is_err());
    }

    #[test]
    fn a_file_that_shrank_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.wav");
        Wav::default().write(&path);
        let file = MediaFile::open(&path).unwrap();
        std::fs::write(&path, b"gone").unwrap();
        let source = SourcePool::default().open(&file);
        let error = source.read_raw(0..480, &mut Vec::new()).unwrap_err();
        assert!(matches!(error, MediaError::Io { .. }), "{error}");
    }
}
