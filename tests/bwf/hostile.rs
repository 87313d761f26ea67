//! Files that are cut, flipped, lie, or were made to hurt: an answer or a refusal, never a panic.

use std::io::{Cursor, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use proptest::prelude::*;
use stemline::audio::SampleFormat;
use stemline::bwf::{self, Ixml, Wave, WaveError, WaveSpec};

use crate::support::{corpus, samples, spec};

fn read(bytes: &[u8]) -> Result<Wave, WaveError> {
    bwf::read_from(Cursor::new(bytes), Path::new("hostile.wav"))
}

/// A small file with a chunk of every kind that is read.
fn whole() -> Vec<u8> {
    let spec = WaveSpec {
        frames: 101,
        adm: Some(crate::support::adm("<a/>", 1)),
        ..spec("1.0", SampleFormat::Int24)
    };
    let layout = spec.layout().unwrap();
    [crate::support::head(&spec), samples(&spec), layout.tail].concat()
}

/// What holds of everything that is read: nothing lies outside the file.
fn check(bytes: &[u8]) {
    let Ok(wave) = read(bytes) else { return };
    let len = bytes.len() as u64;
    let spans = wave.chunks.iter().map(|chunk| (chunk.offset, chunk.size));
    for (offset, size) in spans.chain(wave.data.map(|data| (data.offset, data.bytes))) {
        assert!(offset + size <= len, "{wave:?}");
    }
    let frames = wave.frames * wave.format.frame_bytes();
    assert!(frames <= wave.data.map_or(0, |data| data.bytes));
    assert!(bwf::to_json(&wave, None)["schema"] == "stemline.wave/1");
}

/// Chunk by chunk: id and size, with so many bytes of content.
fn riff(chunks: &[(&[u8; 4], u32, &[u8])]) -> Vec<u8> {
    let mut bytes = b"RIFF\0\0\0\0WAVE".to_vec();
    for (id, size, body) in chunks {
        bytes.extend(*id);
        bytes.extend(size.to_le_bytes());
        bytes.extend(*body);
        bytes.extend(&[0][..body.len() % 2]);
    }
    let size = bytes.len() as u32 - 8;
    bytes[4..8].copy_from_slice(&size.to_le_bytes());
    bytes
}

/// 48 kHz, mono, 16 bit.
const FMT: [u8; 16] = [1, 0, 1, 0, 0x80, 0xBB, 0, 0, 0, 0x77, 1, 0, 2, 0, 16, 0];

fn with_metadata(id: [u8; 4], body: &[u8]) -> Wave {
    let bytes = riff(&[
        (b"fmt ", 16, &FMT),
        (b"data", 2, &[0, 0]),
        (&id, body.len() as u32, body),
    ]);
    read(&bytes).unwrap()
}

fn codes(wave: &Wave) -> Vec<&str> {
    wave.findings
        .iter()
        .map(|finding| finding.code.id)
        .collect()
}

#[test]
fn a_file_cut_anywhere_is_answered() {
    let whole = whole();
    for length in 0..whole.len() {
        check(&whole[..length]);
    }
    let Some(folder) = corpus() else { return };
    let real = std::fs::read(folder.join("Sr001-2C-01_01.WAV")).unwrap();
    let (head, tail) = (0..1200, real.len() - 3000..real.len());
    for length in head.chain(tail) {
        check(&real[..length]);
    }
}

#[test]
fn what_is_left_of_a_cut_file_is_used() {
    let whole = whole();
    let full = read(&whole).unwrap();
    let data = full.data.unwrap();
    let cut = read(&whole[..data.offset as usize + 100]).unwrap();
    assert_eq!((cut.frames, codes(&cut)), (33, vec!["WAV002", "WAV009"]));
    assert_eq!(cut.bext, full.bext);
    let none = read(&whole[..data.offset as usize - 8]).unwrap();
    assert_eq!((none.frames, none.data), (0, None));
    assert!(codes(&none).contains(&"WAV017"));
    assert!(read(&whole[..130]).is_err(), "no format chunk");
}

#[test]
fn many_chunks_are_counted_and_left() {
    let mut chunks: Vec<(&[u8; 4], u32, &[u8])> = vec![(b"fmt ", 16, &FMT), (b"data", 0, &[])];
    chunks.extend(std::iter::repeat_n((b"junk", 0, &[][..]), 20_000));
    let wave = read(&riff(&chunks)).unwrap();
    assert_eq!(wave.chunks.len(), 10_000);
    assert!(codes(&wave).contains(&"WAV008"));
}

#[test]
fn sizes_past_the_end_take_no_memory() {
    for id in [
        b"bext", b"iXML", b"cue ", b"LIST", b"chna", b"MD5 ", b"axml", b"wild",
    ] {
        for size in [0xFFFF_FFFF, 0xFFFF_FFFE, 0x7FFF_FFFF] {
            let bytes = riff(&[
                (b"fmt ", 16, &FMT),
                (b"data", 2, &[0, 0]),
                (id, size, b"adtllabl"),
            ]);
            check(&bytes);
            assert!(codes(&read(&bytes).unwrap()).contains(&"WAV002"));
            check(&riff(&[
                (b"fmt ", 16, &FMT),
                (id, size, &[]),
                (b"data", 2, &[0, 0]),
            ]));
        }
    }
}

#[test]
fn a_metadata_chunk_of_100_mib_is_skipped() {
    let mut bytes = riff(&[
        (b"fmt ", 16, &FMT),
        (b"data", 2, &[0, 0]),
        (b"iXML", 100 << 20, &[]),
    ]);
    bytes.resize(bytes.len() + (100 << 20), b' ');
    let wave = read(&bytes).unwrap();
    assert_eq!(
        (wave.ixml.as_ref(), codes(&wave)),
        (None, vec!["WAV001", "WAV007"])
    );
}

#[test]
fn xml_made_to_hurt_is_cut_short() {
    let deep = "<a>".repeat(1_000_000);
    let wide = format!("<BWFXML>{}</BWFXML>", "<a/>".repeat(1_000_000));
    let many = format!("<BWFXML {}/>", "a='1' ".repeat(1_000_000));
    let long = format!("<BWFXML><{}>x", "n".repeat(10_000_000));
    let laughs =
        "<!DOCTYPE a [<!ENTITY b \"&c;&c;\"><!ENTITY c \"x\">]><BWFXML><NOTE>&b;</NOTE></BWFXML>";
    let tracks = "<BWFXML><TRACK_LIST><TRACK[4000000000]><NAME>x</NAME></TRACK[4000000000]></TRACK_LIST></BWFXML>";
    for (xml, fault) in [
        (deep.as_str(), Some("WAV008")),
        (wide.as_str(), Some("WAV008")),
        (many.as_str(), Some("WAV008")),
        (long.as_str(), Some("WAV013")),
        (laughs, None),
        (tracks, None),
        ("<BWFXML><NOTE>cut", Some("WAV013")),
        ("<BWFXML><NOTE>x</SCENE></BWFXML>", Some("WAV013")),
        ("no xml at all", Some("WAV013")),
        ("", None),
    ] {
        let wave = with_metadata(*b"iXML", xml.as_bytes());
        let found = codes(&wave);
        let found: Vec<&str> = found.into_iter().filter(|code| *code != "WAV001").collect();
        assert_eq!(
            found,
            Vec::from_iter(fault),
            "{}",
            &xml[..xml.len().min(80)]
        );
    }
    let (ixml, _) = Ixml::parse(laughs.as_bytes());
    assert_eq!(
        ixml.unwrap().note.as_deref(),
        Some("&b;"),
        "no entity is expanded"
    );
}

#[test]
fn many_cues_are_counted_and_left() {
    let mut body = 3_000_000_u32.to_le_bytes().to_vec();
    body.resize(4 + 24 * 200_000, 1);
    assert_eq!(with_metadata(*b"cue ", &body).cues.len(), 100_000);
    let mut body = b"adtl".to_vec();
    for i in 0..200_000_u32 {
        body.extend(*b"labl\x06\0\0\0");
        body.extend(i.to_le_bytes());
        body.extend(*b"x\0");
    }
    assert!(codes(&with_metadata(*b"LIST", &body)).contains(&"WAV008"));
}

#[test]
fn a_riff_file_whose_sizes_overflowed_keeps_all_its_sound() {
    let data = 5_000_000_000_u64;
    for behind in [&b"LIST\x04\0\0\0INFO"[..], &[]] {
        let mut file = tempfile::tempfile().unwrap();
        let head = riff(&[(b"fmt ", 16, &FMT), (b"data", data as u32, &[])]);
        file.write_all(&head).unwrap();
        file.set_len(head.len() as u64 + data).unwrap();
        file.seek(SeekFrom::End(0)).unwrap();
        file.write_all(behind).unwrap();
        let wave = bwf::read_from(file, Path::new("long.wav")).unwrap();
        assert_eq!((wave.frames, codes(&wave)), (data / 2, vec!["WAV022"]));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn flipped_bytes_are_answered(flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut bytes = whole();
        // Most of the head is filler: aim at what is before and behind it.
        let (len, ends) = (bytes.len(), 2600);
        for (at, value) in flips {
            let at = at.index(ends);
            let at = if at < 2000 { at } else { len - (at - 1999) };
            bytes[at] = value;
        }
        check(&bytes);
    }

    #[test]
    fn lying_sizes_are_answered(
        pick in any::<prop::sample::Index>(),
        size in prop_oneof![Just(0), Just(1), Just(u32::MAX), Just(u32::MAX - 1), 0_u32..9000, any::<u32>()],
        magic in prop_oneof![Just(*b"RIFF"), Just(*b"RF64"), Just(*b"BW64")],
    ) {
        let mut bytes = whole();
        let chunks = read(&bytes).unwrap().chunks;
        let at = chunks[pick.index(chunks.len())].offset as usize - 4;
        bytes[at..at + 4].copy_from_slice(&size.to_le_bytes());
        bytes[..4].copy_from_slice(&magic);
        check(&bytes);
    }

    #[test]
    fn noise_behind_a_head_is_answered(
        noise in proptest::collection::vec(any::<u8>(), 0..600),
        id in prop_oneof![Just(*b"bext"), Just(*b"iXML"), Just(*b"cue "), Just(*b"LIST"), Just(*b"chna"), Just(*b"MD5 "), Just(*b"ds64"), Just(*b"fmt ")],
    ) {
        let size = noise.len() as u32;
        check(&riff(&[(b"fmt ", 16, &FMT), (&id, size, &noise), (b"data", 2, &[0, 0])]));
        check(&[b"RF64\xff\xff\xff\xffWAVE", &noise[..]].concat());
        check(&riff(&[(b"fmt ", size.min(40), &noise), (b"data", 2, &[0, 0])]));
    }

    #[test]
    fn noisy_xml_is_answered(xml in "(<[A-C]{1,2}( a='b')?/?>|</[A-C]{1,2}>|&(amp|#13|x);|<!--|-->|<!\\[CDATA\\[|\\]\\]>|[ -~]|\\PC){0,60}") {
        let (ixml, _) = Ixml::parse(xml.as_bytes());
        let (written, _) = ixml.unwrap_or_default().to_xml();
        prop_assert!(Ixml::parse(written.as_bytes()).1.is_empty(), "{}", written);
    }
}
