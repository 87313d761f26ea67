//! MXF with PCM (SMPTE ST 377-1, ST 382, ST 331): OP-Atom as Avid keeps it, and the interleaved OP-1a.
//!
//! The file is walked key by key from its start: the header's sets say what sound there is, the keys
//! of the elements where it lies. An element for the whole clip is found at once; where every frame
//! has its own, the walk is put off until the sound is read, because it takes as many reads as there
//! are frames.

mod klv;
mod origin;
mod sets;
#[cfg(test)]
mod tests;

use std::io;

use super::{MAX_CHANNELS, Sound, measure};
use crate::audio::{SampleFormat, SampleRate};
use crate::finding::Finding;
use crate::media::MediaError;
use crate::media::file::{Labels, MediaKind, PcmPieces, Storage};
use crate::media::pieces::PieceList;
use crate::media::section::Section;
use crate::media::source::{ByteOrder, PcmLayout};
use klv::Kind;
use sets::{Set, Sets, set, tag};

pub(super) use klv::PARTITION;

/// Most sets of a header; an Avid file has some hundred.
const MAX_SETS: usize = 100_000;

/// Elements of sound, and keys of all kinds, that are looked at before the walk is put off. Sets and
/// fill items of a header come to some thousand.
const FEW: Limits = Limits {
    elements: 64,
    keys: 20_000,
};

/// The most of a file: 24 hours of 30 frames with four elements of sound each.
const ALL: Limits = Limits {
    elements: 12_000_000,
    keys: 100_000_000,
};

/// Coding of compressed sound: the ninth to twelfth byte of its label (SMPTE ST 400, 04.02.02.02).
const COMPRESSED: [u8; 4] = [4, 2, 2, 2];

/// The channels and bytes of a sample frame of eight-channel AES3 (SMPTE ST 331 §5): four bytes before
/// the samples, then a word of four for each of eight channels.
const WORDS: usize = 8;
const WORDS_HEAD: u64 = 4;

/// One stream of sound as its descriptor states it.
#[derive(Debug, Clone)]
struct Stream {
    /// The number in the keys of its elements; none where it is the only one.
    number: Option<u32>,
    rate: SampleRate,
    channels: usize,
    layout: PcmLayout,
    /// Sample frames, where stated.
    frames: Option<u64>,
}

/// How far a walk goes.
#[derive(Debug, Clone, Copy)]
struct Limits {
    elements: usize,
    keys: usize,
}

/// What a walk found.
struct Walk {
    sets: Sets,
    /// Key and place of each element of sound, neighbours of a number not yet joined.
    elements: Vec<(u32, u64, u64)>,
    /// Whether the walk came to the end of the file.
    whole: bool,
}

/// Reads the header of an MXF.
pub(super) fn read(file: &mut Section, name: &str) -> Result<Sound, MediaError> {
    let mut walk = walk(file, FEW).map_err(|e| MediaError::io(name, e))?;
    let mut streams = streams(&walk.sets, name)?;
    if !walk.whole && streams.iter().any(|stream| stream.frames.is_none()) {
        walk = self::walk(file, ALL).map_err(|e| MediaError::io(name, e))?;
    }
    let first = streams.first().ok_or_else(|| no_sound(name))?;
    let rate = first.rate;
    if streams.iter().any(|stream| stream.rate != rate) {
        return Err(MediaError::unsupported(
            name,
            "sound at several sample rates",
        ));
    }
    let mut findings = Vec::new();
    let (storage, frames) = if walk.whole {
        let (pieces, present) = place(&mut streams, &walk.elements, file, name)?;
        let stated = streams.iter().filter_map(|stream| stream.frames).min();
        let frames = measure(stated, present, &mut findings);
        (Storage::Pieces(pieces), frames)
    } else {
        let stated = streams.iter().filter_map(|stream| stream.frames).min();
        (Storage::Frames, stated.unwrap_or(0))
    };
    let sample = streams
        .first()
        .map_or(SampleFormat::Int24, |stream| stream.layout.sample);
    Ok(sound(
        &walk.sets,
        &streams,
        (rate, frames),
        (sample, storage),
        findings,
    ))
}

/// Walks the whole file for the sound of every frame: the streams, and their sample frames.
///
/// # Errors
/// As [`read`].
pub(in crate::media) fn find_frames(
    file: &mut Section,
    name: &str,
) -> Result<(Vec<PcmPieces>, u64), MediaError> {
    let walk = walk(file, ALL).map_err(|e| MediaError::io(name, e))?;
    let mut streams = streams(&walk.sets, name)?;
    place(&mut streams, &walk.elements, file, name)
}

fn no_sound(name: &str) -> MediaError {
    MediaError::NotSound {
        path: name.to_owned(),
    }
}

fn sound(
    sets: &Sets,
    streams: &[Stream],
    (rate, frames): (SampleRate, u64),
    (sample, storage): (SampleFormat, Storage),
    findings: Vec<Finding>,
) -> Sound {
    let origin = origin::of(sets, rate);
    Sound {
        kind: MediaKind::Mxf,
        rate,
        channels: streams.iter().map(|stream| stream.channels).sum(),
        frames,
        sample,
        storage,
        time_reference: origin.time_reference,
        timecode_rate: origin.timecode_rate,
        labels: Labels {
            tape: origin.tape,
            ..Labels::default()
        },
        tracks: Vec::new(),
        umid: origin.file_package,
        file_uid: origin.material_package,
        findings,
    }
}

/// Walks keys from the start.
fn walk(file: &mut Section, most: Limits) -> io::Result<Walk> {
    let mut walk = Walk {
        sets: Sets::default(),
        elements: Vec::new(),
        whole: false,
    };
    let (mut at, mut keys) = (0, 0);
    while let Some(klv) = klv::next(file, at)? {
        at = klv.end();
        match klv.kind() {
            Kind::Sound(number) => {
                if walk.elements.len() >= most.elements {
                    return Ok(walk);
                }
                walk.elements.push((number, klv.offset, klv.length));
            }
            Kind::Set(kind) if set::KNOWN.contains(&kind) && walk.sets.len() < MAX_SETS => {
                let items = klv.items(file)?;
                walk.sets.add(Set::new(kind, items));
            }
            _ => {}
        }
        keys += 1;
        if keys > most.keys {
            return Ok(walk);
        }
    }
    walk.whole = true;
    Ok(walk)
}

/// The descriptors of sound, in the order of the file.
fn streams(sets: &Sets, name: &str) -> Result<Vec<Stream>, MediaError> {
    let Some(package) = file_package(sets) else {
        return Err(no_sound(name));
    };
    let descriptor = package.uid(tag::DESCRIPTOR).and_then(|uid| sets.get(uid));
    let Some(descriptor) = descriptor else {
        return Err(no_sound(name));
    };
    let parts: Vec<&Set> = if descriptor.kind == set::MULTIPLE {
        let parts = descriptor.uids(tag::SUB_DESCRIPTORS);
        parts.filter_map(|uid| sets.get(uid)).collect()
    } else {
        vec![descriptor]
    };
    let sound: Vec<&Set> = parts
        .into_iter()
        .filter(|part| set::SOUND.contains(&part.kind))
        .collect();
    let only = sound.len() == 1;
    let mut streams = Vec::new();
    for part in sound {
        streams.push(stream(sets, package, part, only, name)?);
    }
    if streams.is_empty() {
        return Err(no_sound(name));
    }
    let channels: usize = streams.iter().map(|stream| stream.channels).sum();
    if channels > MAX_CHANNELS as usize {
        return Err(MediaError::malformed(
            name,
            0,
            format!("{channels} channels"),
        ));
    }
    Ok(streams)
}

/// The package that describes what is in the file: the one that its essence belongs to, else the one
/// with a descriptor of sound.
fn file_package(sets: &Sets) -> Option<&Set> {
    let linked = sets.of(set::ESSENCE_DATA).filter_map(|data| {
        let package = sets.package(data.array(tag::LINKED_PACKAGE)?)?;
        package.uid(tag::DESCRIPTOR).map(|_| package)
    });
    let describes = |package: &&Set| {
        let descriptor = package.uid(tag::DESCRIPTOR).and_then(|uid| sets.get(uid));
        descriptor.is_some_and(|d| d.kind == set::MULTIPLE || set::SOUND.contains(&d.kind))
    };
    let described = sets.of(set::SOURCE).filter(describes);
    linked.chain(described).next()
}

/// A stream from its descriptor and track.
fn stream(
    sets: &Sets,
    package: &Set,
    descriptor: &Set,
    only: bool,
    name: &str,
) -> Result<Stream, MediaError> {
    let bad = |message: String| MediaError::malformed(name, 0, message);
    let coding = descriptor.array::<16>(tag::CODING);
    if coding.is_some_and(|label| label[8..12] == COMPRESSED) {
        return Err(MediaError::unsupported(name, "compressed sound in MXF"));
    }
    let stated = descriptor.rate(tag::AUDIO_RATE);
    let rate = stated.filter(|rate| rate.is_integer()).and_then(|rate| {
        let hertz = u32::try_from(rate.num()).ok()?;
        SampleRate::new(hertz).ok()
    });
    let rate = rate.ok_or_else(|| bad(format!("sample rate {stated:?}")))?;
    let channels = descriptor.number(tag::CHANNELS).unwrap_or(1) as usize;
    if channels == 0 || channels > MAX_CHANNELS as usize {
        return Err(bad(format!("{channels} channels")));
    }
    let bits = descriptor.number(tag::QUANTIZATION_BITS).unwrap_or(0) as usize;
    let block = descriptor
        .number(tag::BLOCK_ALIGN)
        .filter(|block| *block > 0);
    // A block of several channels; some writers state that of one.
    let bytes = block.map_or(bits.div_ceil(8), |block| {
        let whole = block as usize / channels;
        if whole * 8 >= bits {
            whole
        } else {
            block as usize
        }
    });
    let sample = match bytes {
        1 => SampleFormat::UInt8,
        2 => SampleFormat::Int16,
        3 => SampleFormat::Int24,
        4 => SampleFormat::Int32,
        _ => return Err(bad(format!("samples of {bits} bits in {bytes} bytes"))),
    };
    let linked = descriptor.number(tag::LINKED_TRACK);
    let mut tracks = sets.tracks(package);
    let track = tracks.find(|track| linked.is_some() && track.number(tag::TRACK_ID) == linked);
    let number = track.and_then(|track| track.number(tag::TRACK_NUMBER));
    Ok(Stream {
        number: number.filter(|number| !only && *number != 0),
        rate,
        channels,
        layout: PcmLayout {
            sample,
            order: ByteOrder::Little,
            channels,
            data_offset: 0,
        },
        frames: stated_frames(sets, descriptor, track, rate),
    })
}

/// Sample frames as descriptor or track state them.
fn stated_frames(
    sets: &Sets,
    descriptor: &Set,
    track: Option<&Set>,
    rate: SampleRate,
) -> Option<u64> {
    let by_descriptor = descriptor
        .position(tag::CONTAINER_DURATION)
        .zip(descriptor.rate(tag::SAMPLE_RATE));
    let by_track = || {
        let track = track?;
        let component = sets.component(track)?;
        component
            .position(tag::DURATION)
            .zip(track.rate(tag::EDIT_RATE))
    };
    let (length, edit_rate) = by_descriptor
        .filter(|(length, _)| *length > 0)
        .or_else(by_track)?;
    origin::samples(length, edit_rate, rate).filter(|frames| *frames > 0)
}

/// Where the sound of each stream lies, and how many sample frames all of them have.
fn place(
    streams: &mut [Stream],
    elements: &[(u32, u64, u64)],
    file: &Section,
    name: &str,
) -> Result<(Vec<PcmPieces>, u64), MediaError> {
    let mut placed = Vec::new();
    let mut frames = u64::MAX;
    for stream in streams {
        let own = |element: &&(u32, u64, u64)| stream.number.is_none_or(|n| n == element.0);
        let mut list = PieceList::default();
        let mut words = false;
        // Several streams without numbers cannot be told apart: the first key's elements are taken.
        let first = elements.iter().find(own).map(|element| element.0);
        for &(number, offset, length) in elements.iter().filter(own) {
            if Some(number) != first {
                continue;
            }
            // Content packages (D-10) have sound of element type 0x10: words of AES3.
            words = number >> 24 == 0x06 && (number >> 8) as u8 == 0x10;
            let skip = if words { WORDS_HEAD.min(length) } else { 0 };
            file.place()
                .copy_part(offset + skip, length - skip, &mut list);
        }
        if words {
            stream.layout.sample = SampleFormat::Int32;
            stream.layout.channels = WORDS;
            stream.channels = stream.channels.min(WORDS);
        }
        let pieces = list.finish();
        frames = frames.min(pieces.length() / stream.layout.block() as u64);
        placed.push(PcmPieces {
            channels: stream.channels,
            words,
            layout: stream.layout,
            pieces,
        });
    }
    if placed.is_empty() {
        return Err(no_sound(name));
    }
    Ok((placed, frames))
}
