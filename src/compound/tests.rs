//! The container against another reader, and damaged.

use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;

use super::*;

fn open(path: &Path) -> Result<Storage, StorageError> {
    Storage::open(path)
}

/// Every stream of a file as another reader sees it, by folders and name.
fn check(path: &Path) {
    let mut other = cfb::open(path).unwrap();
    let streams: Vec<cfb::Entry> = other.walk().filter(cfb::Entry::is_stream).collect();
    let mut storage = open(path).unwrap();
    let file = std::fs::read(path).unwrap();
    for stream in streams {
        let mut expect = Vec::new();
        let mut reader = other.open_stream(stream.path()).unwrap();
        reader.read_to_end(&mut expect).unwrap();
        let folder = stream.path().parent().unwrap().iter().skip(1);
        let folder = folder.fold(Storage::root(), |folder, name| {
            storage.folder(folder, name.to_str().unwrap()).unwrap()
        });
        let name = format!("{}/{}", storage.path(folder), stream.name());
        let runs = storage.runs(storage.find(&name).unwrap()).unwrap();
        assert!(in_runs(&file, &runs) == expect, "{name}");
        let found = storage.stream(folder, stream.name(), u64::MAX).unwrap();
        assert!(
            found == Some(expect),
            "{}: {:?}",
            path.display(),
            stream.path()
        );
        assert_eq!(Path::new(&storage.path(folder)).join(""), {
            let parent = stream.path().parent().unwrap();
            if parent == Path::new("/") {
                Path::new("").join("")
            } else {
                parent.join("")
            }
        });
    }
}

/// The bytes that lie in these runs.
fn in_runs(file: &[u8], runs: &[Run]) -> Vec<u8> {
    let part = |run: &Run| &file[run.offset as usize..(run.offset + run.length) as usize];
    runs.iter().flat_map(part).copied().collect()
}

/// A storage with a large and some small streams, in memory.
fn made(version: cfb::Version) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let mut file = cfb::CompoundFile::create_with_version(version, &mut bytes).unwrap();
    file.create_storage("/a").unwrap();
    for (name, size) in [
        ("/a/small", 100),
        ("/a/large", 300_000),
        ("/edge", 4096),
        ("/none", 0),
    ] {
        let mut stream = file.create_stream(name).unwrap();
        let content: Vec<u8> = (0..size).map(|i| (i * 7 % 251) as u8).collect();
        stream.write_all(&content).unwrap();
    }
    file.flush().unwrap();
    drop(file);
    bytes.into_inner()
}

fn in_file(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

#[test]
fn both_sizes_of_sectors() {
    for version in [cfb::Version::V3, cfb::Version::V4] {
        check(in_file(&made(version)).path());
    }
}

#[test]
fn real_files_as_another_reader_sees_them() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/corpus/timelines/aaf"
    );
    let Ok(files) = std::fs::read_dir(folder) else {
        println!("skipped: {folder} is not there");
        return;
    };
    for file in files {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|suffix| suffix == "aaf") {
            check(&path);
        }
    }
}

#[test]
fn damage_is_named() {
    let whole = made(cfb::Version::V3);
    let refused = |change: &dyn Fn(&mut Vec<u8>), part: &str| {
        let mut bytes = whole.clone();
        change(&mut bytes);
        let file = in_file(&bytes);
        let error = open(file.path())
            .err()
            .map(|e| e.to_string())
            .unwrap_or_default();
        assert!(error.contains(part), "{part}: {error}");
    };
    refused(&|bytes| bytes.truncate(300), "ends within its header");
    refused(&|bytes| bytes[0x1e] = 7, "sectors of 2^7 bytes");
    refused(&|bytes| bytes[0x30..0x34].fill(0xff), "no root folder");
    refused(&|bytes| bytes[0x31] = 0xf0, "not in the table");
    refused(&|bytes| bytes.truncate(1024), "not in the table");
    refused(&|bytes| bytes[0x4e] = 0xff, "beyond the end");
}
