//! Compressed sound, decoded packet by packet with symphonia; memory does not grow with its length.

use symphonia::core::audio::GenericAudioBufferRef;
use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;

use super::MediaError;
use super::section::Section;
use super::spool::Region;
use crate::audio::SampleFormat;

/// What decoding came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decoded {
    /// Sample frames.
    pub(super) frames: u64,
    /// Whether they agree with the checksum in the file, where it has one.
    pub(super) verified: Option<bool>,
}

impl MediaSource for Section {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.length())
    }
}

/// A file that is being taken apart.
struct Reader {
    format: Box<dyn FormatReader>,
    track: u32,
    name: String,
}

/// Decodes all of `file` into `out` as interleaved little-endian samples of `sample`.
///
/// # Errors
/// When a packet is damaged: leaving it out would move everything behind it.
pub(super) fn decode(
    file: Section,
    name: &str,
    (sample, channels): (SampleFormat, usize),
    out: &mut Region,
) -> Result<Decoded, MediaError> {
    let (mut reader, mut decoder) = open(file, name)?;
    let mut packer = Packer::default();
    let mut frames = 0;
    while let Some(packet) = reader.packet()? {
        let damaged = |error: Error| reader.damaged(frames, &error);
        let sound = decoder.decode(&packet).map_err(damaged)?;
        if sound.num_planes() != channels && sound.frames() > 0 {
            let what = format!("a change to {} channels in mid-file", sound.num_planes());
            return Err(MediaError::unsupported(name, what));
        }
        frames += sound.frames() as u64;
        out.append(packer.pack(&sound, sample))
            .map_err(|source| MediaError::Spool {
                path: name.to_owned(),
                source: source.into(),
            })?;
    }
    let verified = decoder.finalize().verify_ok;
    Ok(Decoded { frames, verified })
}

/// Counts the sample frames without decoding them.
pub(super) fn count(file: Section, name: &str) -> Result<u64, MediaError> {
    let (mut reader, _) = open(file, name)?;
    let mut frames = 0_u64;
    while let Some(packet) = reader.packet()? {
        frames = frames.saturating_add(packet.dur.get());
    }
    Ok(frames)
}

fn open(file: Section, name: &str) -> Result<(Reader, Box<dyn AudioDecoder>), MediaError> {
    let refused = |error: Error| MediaError::unsupported(name, error.to_string());
    let stream = MediaSourceStream::new(Box::new(file), MediaSourceStreamOptions::default());
    let (options, metadata) = (FormatOptions::default(), MetadataOptions::default());
    let format = symphonia::default::get_probe()
        .probe(&Hint::new(), stream, options, metadata)
        .map_err(refused)?;
    let track = format.default_track(TrackType::Audio);
    let audio = track.and_then(|track| Some((track.id, track.codec_params.as_ref()?.audio()?)));
    let (track, parameters) = audio.ok_or_else(|| MediaError::unsupported(name, "its coding"))?;
    let mut options = AudioDecoderOptions::default();
    options.verify = true;
    let decoder = symphonia::default::get_codecs()
        .make_audio_decoder(parameters, &options)
        .map_err(refused)?;
    let name = name.to_owned();
    let reader = Reader {
        format,
        track,
        name,
    };
    Ok((reader, decoder))
}

impl Reader {
    /// The next packet of the track.
    fn packet(&mut self) -> Result<Option<Packet>, MediaError> {
        loop {
            match self.format.next_packet() {
                Ok(Some(packet)) if packet.track_id != self.track => {}
                Ok(packet) => return Ok(packet),
                // A file that is cut short; what is missing shows in the count.
                Err(Error::IoError(e)) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
                    return Ok(None);
                }
                Err(Error::IoError(e)) => return Err(MediaError::io(self.name.clone(), e)),
                Err(error) => return Err(MediaError::unsupported(&self.name, error.to_string())),
            }
        }
    }

    fn damaged(&self, frames: u64, error: &Error) -> MediaError {
        let what = format!("damaged sound after sample frame {frames} ({error})");
        MediaError::unsupported(&self.name, what)
    }
}

/// Buffers between decoder and spool.
#[derive(Default)]
struct Packer {
    ints: Vec<i32>,
    singles: Vec<f32>,
    doubles: Vec<f64>,
    bytes: Vec<u8>,
}

impl Packer {
    /// The sound of a packet as bytes. Integers of any width come as the upper bits of 32, so the upper
    /// bytes are the sample.
    fn pack(&mut self, sound: &GenericAudioBufferRef<'_>, sample: SampleFormat) -> &[u8] {
        self.bytes.clear();
        match sample {
            SampleFormat::Float32 => {
                sound.copy_to_vec_interleaved(&mut self.singles);
                self.bytes
                    .extend(self.singles.iter().flat_map(|s| s.to_le_bytes()));
            }
            SampleFormat::Float64 => {
                sound.copy_to_vec_interleaved(&mut self.doubles);
                self.bytes
                    .extend(self.doubles.iter().flat_map(|s| s.to_le_bytes()));
            }
            int => {
                sound.copy_to_vec_interleaved(&mut self.ints);
                let skip = 4_usize.saturating_sub(int.bytes());
                let upper = self
                    .ints
                    .iter()
                    .flat_map(|s| s.to_le_bytes().into_iter().skip(skip));
                self.bytes.extend(upper);
            }
        }
        &self.bytes
    }
}
