//! Entries of bundles and streams of structured storages.

use std::io::Write as _;

use super::*;
use crate::media::testing::Wav;
use crate::media::{MediaIndex, MediaKind, Planar, Scratch, SourcePool};
use crate::timeline::MediaRef;

/// A bundle with stored and compressed entries.
fn bundle(path: &Path, entries: &[(&str, &[u8], bool)]) {
    let mut zip = zip::ZipWriter::new(File::create(path).unwrap());
    for (name, bytes, packed) in entries {
        let method = if *packed {
            zip::CompressionMethod::Deflated
        } else {
            zip::CompressionMethod::Stored
        };
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}

fn inside(container: &Path, entry: &str) -> MediaRef {
    MediaRef {
        embedded: Some(Embedded {
            container: container.display().to_string(),
            entry: entry.to_owned(),
            pcm: None,
        }),
        ..MediaRef::default()
    }
}

/// The index with these entries of a bundle, and the codes of what was wrong.
fn index(path: &Path, names: &[&str]) -> (MediaIndex, Vec<&'static str>) {
    let references: Vec<MediaRef> = names.iter().map(|name| inside(path, name)).collect();
    let mut index = MediaIndex::empty();
    let findings = index.add_references(&references, Path::new("/"));
    (index, findings.iter().map(|f| f.code.id).collect())
}

#[test]
fn stored_and_packed_entries_are_the_same_sound() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.otioz");
    let wav = Wav {
        channels: 2,
        time_reference: Some(7),
        ..Wav::default()
    };
    bundle(
        &path,
        &[
            ("media/a.wav", &wav.bytes(), false),
            ("media/b.wav", &wav.bytes(), true),
        ],
    );
    let (index, codes) = index(&path, &["media/a.wav", "media/b.wav"]);
    assert_eq!(codes, [""; 0]);
    let pool = SourcePool::default();
    let (mut out, mut scratch) = (Planar::default(), Scratch::default());
    for (file, name) in index.files().iter().zip(["a.wav", "b.wav"]) {
        assert_eq!(
            (file.file_name.as_str(), file.time_reference),
            (name, Some(7))
        );
        pool.open(file)
            .read(100..200, &[1], &mut out, &mut scratch)
            .unwrap();
        for (frame, sample) in (100..).zip(out.channel(0)) {
            assert_eq!(
                *sample,
                f64::from(wav.sample(frame, 1)) / 8_388_608.0,
                "{name}"
            );
        }
    }
}

#[cfg(feature = "codecs")]
#[test]
fn compressed_sound_may_be_packed_again() {
    let flac = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/media/flac_24.flac");
    let flac = std::fs::read(flac).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.otioz");
    bundle(&path, &[("a.flac", &flac, false), ("b.flac", &flac, true)]);
    let (index, codes) = index(&path, &["a.flac", "b.flac"]);
    assert_eq!(codes, [""; 0]);
    let pool = SourcePool::default();
    let mut bytes = [Vec::new(), Vec::new()];
    for (file, bytes) in index.files().iter().zip(&mut bytes) {
        pool.open(file).read_raw(0..1000, bytes).unwrap();
    }
    assert_eq!(bytes[0], bytes[1]);
    assert_eq!(bytes[0].len(), 6000);
}

#[test]
fn what_is_not_there_is_a_finding() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.otioz");
    bundle(&path, &[("text.wav", b"no sound", false)]);
    assert_eq!(index(&path, &["gone.wav", "text.wav"]).1, ["MED017"; 2]);
    std::fs::write(&path, b"PK\x03\x04 and no more").unwrap();
    assert_eq!(index(&path, &["a.wav"]).1, ["MED017"]);
    std::fs::write(&path, b"\xd0\xcf\x11\xe0").unwrap();
    assert_eq!(index(&path, &["a.wav"]).1, ["MED017"]);
    assert_eq!(
        index(&folder.path().join("no.otioz"), &["a.wav"]).1,
        ["MED017"]
    );
}

/// A structured storage with these streams in a folder `/a`, written in turns so that no stream lies
/// in one piece.
fn storage(path: &Path, streams: &[(&str, &[u8])]) {
    let mut file = cfb::create(path).unwrap();
    file.create_storage("/a").unwrap();
    for (name, _) in streams {
        file.create_new_stream(format!("/a/{name}")).unwrap();
    }
    let longest = streams.iter().map(|(_, bytes)| bytes.len()).max().unwrap();
    for from in (0..longest).step_by(5000) {
        for (name, bytes) in streams {
            let part = bytes.get(from..bytes.len().min(from + 5000));
            let mut stream = file.open_stream(format!("/a/{name}")).unwrap();
            std::io::Seek::seek(&mut stream, std::io::SeekFrom::End(0)).unwrap();
            stream.write_all(part.unwrap_or_default()).unwrap();
        }
    }
    file.flush().unwrap();
}

/// Bare samples of 16 bits in so many channels.
fn bare(channels: u32) -> BarePcm {
    BarePcm {
        sample_rate: crate::audio::SampleRate::HZ_48000,
        channels,
        format: crate::audio::SampleFormat::Int16,
    }
}

fn stream(container: &Path, entry: &str, pcm: Option<BarePcm>) -> MediaRef {
    let mut media = inside(container, entry);
    if let Some(embedded) = &mut media.embedded {
        embedded.pcm = pcm;
    }
    media
}

#[test]
fn streams_of_a_storage_are_read_in_their_pieces() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.aaf");
    let wav = Wav {
        frames: 20_000,
        ..Wav::default()
    };
    let samples: Vec<u8> = (0..30_000_i16).flat_map(i16::to_le_bytes).collect();
    let small: Vec<u8> = (0..100_i16).flat_map(i16::to_le_bytes).collect();
    storage(
        &path,
        &[("wav", &wav.bytes()), ("bare", &samples), ("small", &small)],
    );
    let references = [
        stream(&path, "/a/wav", None),
        stream(&path, "/a/bare", Some(bare(2))),
        stream(&path, "/a/small", Some(bare(1))),
    ];
    let mut index = MediaIndex::empty();
    assert_eq!(index.add_references(&references, Path::new("/")), []);
    let find = |entry: &str| {
        let named = |file: &&MediaFile| file.entry.as_ref().is_some_and(|e| e.name == entry);
        index.files().iter().find(named).unwrap()
    };
    let (whole, plain) = (find("/a/wav"), find("/a/bare"));
    assert_eq!(
        (whole.frames, plain.frames, plain.channels),
        (20_000, 15_000, 2)
    );
    assert_eq!(find("/a/small").frames, 100);
    let pool = SourcePool::default();
    let (mut out, mut scratch) = (Planar::default(), Scratch::default());
    let source = pool.open(whole);
    source
        .read(0..20_000, &[0], &mut out, &mut scratch)
        .unwrap();
    for (frame, sample) in (0..).zip(out.channel(0)) {
        assert_eq!(*sample, f64::from(wav.sample(frame, 0)) / 8_388_608.0);
    }
    let mut bytes = Vec::new();
    pool.open(plain).read_raw(0..15_000, &mut bytes).unwrap();
    assert!(bytes == samples);
    // Again from the plan's words, through the pool.
    let again = pool.entry(&path, "/a/bare", Some(bare(2))).unwrap();
    assert_eq!(again, *plain);
}

#[test]
fn a_file_without_a_header_is_what_its_timeline_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stream_0");
    let samples: Vec<u8> = (0..1000_i16).flat_map(i16::to_le_bytes).collect();
    std::fs::write(&path, &samples).unwrap();
    let media = MediaFile::open_entry(&path, "", Some(bare(1))).unwrap();
    assert_eq!((media.kind, media.frames), (MediaKind::Bare, 1000));
    assert_eq!(media.file_name, "stream_0");
    // One with a header says itself what it is.
    Wav::default().write(&path);
    let media = MediaFile::open_entry(&path, "", Some(bare(7))).unwrap();
    assert_eq!(media.kind, MediaKind::Wave);
    assert!(MediaFile::open_entry(&path, "", None).is_ok());
}

#[test]
fn damaged_storages_are_findings() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.aaf");
    let samples = vec![1; 60_000];
    storage(&path, &[("bare", &samples)]);
    let codes = |entry: &str| {
        let mut index = MediaIndex::empty();
        let references = [stream(&path, entry, Some(bare(1)))];
        let findings = index.add_references(&references, Path::new("/"));
        findings.iter().map(|f| f.code.id).collect::<Vec<_>>()
    };
    assert_eq!(codes("/a/bare"), [""; 0]);
    assert_eq!(codes("/a/none"), ["MED017"]);
    assert_eq!(codes("/b/bare"), ["MED017"]);
    let whole = std::fs::read(&path).unwrap();
    for length in (0..whole.len()).step_by(701) {
        std::fs::write(&path, &whole[..length]).unwrap();
        // The last sector may be cut short and nothing be lost.
        let lost = codes("/a/bare");
        assert!(
            lost == ["MED017"] || (lost.is_empty() && length + 4096 > whole.len()),
            "{length}"
        );
    }
}
