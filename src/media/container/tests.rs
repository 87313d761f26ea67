//! Entries of bundles and streams of structured storages.

use std::io::Write as _;

use super::*;
use crate::media::testing::Wav;
use crate::media::{MediaIndex, Planar, Scratch, SourcePool};
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
