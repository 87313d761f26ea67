//! Files made by hand: header sets and elements, key by key.

use std::io::Write as _;
use std::path::Path;

use super::*;
use crate::media::{MediaFile, Planar, Scratch, SourcePool};

/// A key, a length and a value.
fn klv(key: [u8; 16], value: &[u8]) -> Vec<u8> {
    let mut out = key.to_vec();
    out.push(0x83);
    out.extend(&(value.len() as u32).to_be_bytes()[1..]);
    out.extend(value);
    out
}

fn set_key(kind: u8) -> [u8; 16] {
    [
        6, 0x0e, 0x2b, 0x34, 2, 0x53, 1, 1, 0x0d, 1, 1, 1, 1, 1, kind, 0,
    ]
}

fn element_key(number: u32) -> [u8; 16] {
    let [a, b, c, d] = number.to_be_bytes();
    [6, 0x0e, 0x2b, 0x34, 1, 2, 1, 1, 0x0d, 1, 3, 1, a, b, c, d]
}

fn uid(number: u8) -> [u8; 16] {
    [number; 16]
}

/// A set with its own number and these items.
fn a_set(kind: u8, number: u8, items: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let own = (tag::INSTANCE, uid(number).to_vec());
    let mut value = Vec::new();
    for (tag, bytes) in std::iter::once(&own).chain(items) {
        value.extend(tag.to_be_bytes());
        value.extend((bytes.len() as u16).to_be_bytes());
        value.extend(bytes);
    }
    klv(set_key(kind), &value)
}

fn uids(numbers: &[u8]) -> Vec<u8> {
    let mut out = vec![0, 0, 0, numbers.len() as u8, 0, 0, 0, 16];
    for number in numbers {
        out.extend(uid(*number));
    }
    out
}

fn rate(num: i32, den: i32) -> Vec<u8> {
    [num.to_be_bytes(), den.to_be_bytes()].concat()
}

fn long(n: i64) -> Vec<u8> {
    n.to_be_bytes().to_vec()
}

fn int(n: u32) -> Vec<u8> {
    n.to_be_bytes().to_vec()
}

/// A mono file of 48 kHz and 16 bits: package, tape with timecode, descriptor of this length.
fn header(length: i64) -> Vec<u8> {
    let mut file = klv(
        [6, 0x0e, 0x2b, 0x34, 2, 5, 1, 1, 0x0d, 1, 2, 1, 1, 2, 4, 0],
        &[0; 88],
    );
    let umid = |n: u8| {
        (0..32_u8)
            .map(|i| i.wrapping_mul(7).wrapping_add(n))
            .collect::<Vec<u8>>()
    };
    let track = |number: u8, segment: u8, edit: Vec<u8>| {
        let items = [
            (tag::TRACK_ID, int(1)),
            (tag::TRACK_NUMBER, int(0x1601_0200)),
            (tag::TRACK_SEGMENT, uid(segment).to_vec()),
            (tag::EDIT_RATE, edit),
        ];
        a_set(set::TRACK, number, &items)
    };
    let package = |kind, number, name: u8, track: u8, descriptor: Option<u8>| {
        let mut items = vec![
            (tag::PACKAGE_UID, umid(name)),
            (tag::TRACKS, uids(&[track])),
        ];
        items.extend(descriptor.map(|d| (tag::DESCRIPTOR, uid(d).to_vec())));
        items.push((tag::PACKAGE_NAME, vec![0, b'T', 0, b'1', 0, 0]));
        a_set(kind, number, &items)
    };
    file.extend(package(set::MATERIAL, 1, 101, 11, None));
    file.extend(package(set::SOURCE, 2, 102, 12, Some(22)));
    file.extend(package(set::SOURCE, 3, 103, 13, Some(23)));
    file.extend(track(11, 31, rate(48_000, 1)));
    file.extend(track(12, 32, rate(48_000, 1)));
    file.extend(track(13, 33, rate(25, 1)));
    let clip = |number, source: u8, start| {
        let items = [
            (tag::SOURCE_PACKAGE, umid(source)),
            (tag::SOURCE_TRACK, int(1)),
            (tag::START_POSITION, long(start)),
            (tag::DURATION, long(length)),
        ];
        a_set(set::CLIP, number, &items)
    };
    file.extend(clip(31, 102, 0));
    file.extend(clip(32, 103, 24_000));
    let timecode = [
        (tag::START_TIMECODE, long(90_000)),
        (tag::TIMECODE_BASE, vec![0, 25]),
    ];
    file.extend(a_set(set::TIMECODE, 33, &timecode));
    let sound = [
        (tag::SAMPLE_RATE, rate(48_000, 1)),
        (tag::CONTAINER_DURATION, long(length)),
        (tag::AUDIO_RATE, rate(48_000, 1)),
        (tag::CHANNELS, int(1)),
        (tag::QUANTIZATION_BITS, int(16)),
        (tag::BLOCK_ALIGN, vec![0, 2]),
    ];
    file.extend(a_set(set::WAVE, 22, &sound));
    let linked = [(tag::LINKED_PACKAGE, umid(102))];
    file.extend(a_set(set::ESSENCE_DATA, 4, &linked));
    file
}

fn samples(from: i16, count: i16) -> Vec<u8> {
    (from..from + count).flat_map(i16::to_le_bytes).collect()
}

fn opened(bytes: &[u8]) -> (tempfile::NamedTempFile, Result<MediaFile, MediaError>) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let media = MediaFile::open(file.path());
    (file, media)
}

/// All samples of a file as 16-bit integers.
fn read_all(media: &MediaFile) -> Vec<i16> {
    let pool = SourcePool::default();
    let (mut out, mut scratch) = (Planar::default(), Scratch::default());
    let source = pool.open(media);
    source
        .read(0..media.frames, &[0], &mut out, &mut scratch)
        .unwrap();
    out.channel(0)
        .iter()
        .map(|x| (x * 32768.0) as i16)
        .collect()
}

#[test]
fn one_element_for_the_clip() {
    let mut bytes = header(100);
    bytes.extend(klv(element_key(0x1601_0200), &samples(7, 100)));
    let (_file, media) = opened(&bytes);
    let media = media.unwrap();
    assert_eq!(
        (media.kind, media.channels, media.frames),
        (MediaKind::Mxf, 1, 100)
    );
    // 90,000 frames of tape timecode, and half a second into the tape.
    assert_eq!(media.time_reference, Some(3600 * 48_000 + 24_000));
    assert_eq!(media.labels.tape.as_deref(), Some("T1"));
    assert!(media.umid.as_ref().unwrap().starts_with("666d747b"));
    assert!(media.file_uid.as_ref().unwrap().starts_with("656c737a"));
    assert_eq!(read_all(&media), (7..107).collect::<Vec<i16>>());
    assert_eq!(media.findings, []);
}

#[test]
fn an_element_for_every_frame() {
    for stated in [2000, -1] {
        let mut bytes = header(stated);
        for frame in 0..100 {
            bytes.extend(klv(element_key(0x1501_0500), &[1; 33]));
            bytes.extend(klv(element_key(0x1601_0200), &samples(frame * 20, 20)));
        }
        let (_file, media) = opened(&bytes);
        let media = media.unwrap();
        assert_eq!(media.frames, 2000, "{stated}");
        assert_eq!(
            read_all(&media),
            (0..2000).collect::<Vec<i16>>(),
            "{stated}"
        );
    }
}

#[test]
fn files_cut_short_say_so() {
    let mut bytes = header(100);
    bytes.extend(klv(element_key(0x1601_0200), &samples(0, 100)));
    bytes.truncate(bytes.len() - 50);
    let (_file, media) = opened(&bytes);
    let media = media.unwrap();
    assert_eq!((media.frames, media.findings[0].code.id), (75, "MED016"));
    // Any cut ends in an answer.
    for length in 0..bytes.len() {
        let _ = opened(&bytes[..length]).1;
    }
}

#[test]
fn picture_alone_is_no_sound() {
    let bytes = klv(
        [6, 0x0e, 0x2b, 0x34, 2, 5, 1, 1, 0x0d, 1, 2, 1, 1, 2, 4, 0],
        &[0; 88],
    );
    let error = opened(&bytes).1.unwrap_err();
    assert!(matches!(error, MediaError::NotSound { .. }), "{error}");
    assert!(MediaFile::open(Path::new("/no/such.mxf")).is_err());
}
