//! Bundles: what is inside, and what is not a bundle.

use std::io::Write as _;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;
use crate::timeline::Embedded;

/// Writes a bundle of these files and reads it.
fn read_bundle(files: &[(&str, &[u8])]) -> Result<Reading, ReadError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b.otioz");
    let mut writer = ZipWriter::new(std::fs::File::create(&path).unwrap());
    for (name, bytes) in files {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap();
    read(&Input::open(&path).unwrap(), &ReadOptions::default())
}

#[test]
fn media_inside_are_found_by_their_relative_url() {
    let mut item = clip("c", 0, 10);
    item["media_reference"]["target_url"] = json!("./media/a%20b.wav");
    let content = timeline(vec![item]);
    let reading = read_bundle(&[
        ("content.otio", content.as_bytes()),
        ("media/a b.wav", b"RIFF"),
    ])
    .unwrap();
    let media = &reading.timeline.tracks[0].clips[0].media;
    let Some(Embedded {
        container,
        entry,
        pcm: None,
    }) = &media.embedded
    else {
        panic!("{media:?}");
    };
    assert!(container.ends_with("b.otioz") && entry == "media/a b.wav");
    assert_eq!(media.file.as_deref(), Some("./media/a%20b.wav"));
}

#[test]
fn a_zip_without_timeline_is_refused() {
    let error = read_bundle(&[("media/a.wav", b"RIFF")]).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("the bundle holds no `content.otio`"),
        "{error}"
    );
}

#[test]
fn a_damaged_zip_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b.otioz");
    for bytes in [
        &b"PK\x03\x04"[..],
        b"PK\x03\x04 content.otio PK\x05\x06 no more",
    ] {
        std::fs::write(&path, bytes).unwrap();
        let error = read(&Input::open(&path).unwrap(), &ReadOptions::default()).unwrap_err();
        assert!(
            error.to_string().contains("the bundle cannot be read"),
            "{error}"
        );
    }
}

#[test]
fn a_bundle_that_states_too_many_files_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b.otioz");
    // A zip64 end record: total entries at byte 32.
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.extend(b"PK\x06\x06");
    bytes.extend([0; 28]);
    bytes.extend(1_000_000_u64.to_le_bytes());
    std::fs::write(&path, bytes).unwrap();
    let error = read(&Input::open(&path).unwrap(), &ReadOptions::default()).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("1000000 files are more than a bundle has"),
        "{error}"
    );
}
