//! Where ADM lies in a file: chunks as streams, tables of tracks, sizes past 4 GiB.

use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use stemline::bwf::{self, Wave};

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus/adm");

fn adm_text(wave: &Wave) -> String {
    let mut text = String::new();
    let mut reader = bwf::adm_text(wave).unwrap().unwrap();
    reader.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn every_file_of_the_corpus_gives_its_text_and_its_rows() {
    let Ok(folder) = std::fs::read_dir(CORPUS) else {
        eprintln!("skipped: {CORPUS} is not here");
        return;
    };
    let mut count = 0;
    for entry in folder {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|suffix| suffix != "wav") {
            continue;
        }
        let wave = bwf::open(&path).unwrap();
        let adm = wave.adm.unwrap();
        let (rows, findings) = bwf::read_chna(&path, adm.chna.unwrap()).unwrap();
        assert_eq!(findings, [], "{}", path.display());
        assert_eq!(Some(rows.len() as u16), adm.uids);
        assert!(rows.iter().all(|row| row.track <= wave.format.channels));
        if adm.axml.is_some() {
            let text = adm_text(&wave);
            assert!(rows.iter().all(|row| text.contains(&row.uid)));
        }
        count += 1;
    }
    assert!(count > 10);
}

/// A chunk.
fn chunk(id: [u8; 4], body: &[u8]) -> Vec<u8> {
    let size = (body.len() as u32).to_le_bytes();
    [&id, &size[..], body, &[0][..body.len() % 2]].concat()
}

/// 48 kHz, mono, 16 bit.
const FMT: [u8; 16] = [1, 0, 1, 0, 0x80, 0xBB, 0, 0, 0, 0x77, 1, 0, 2, 0, 16, 0];

/// A BW64 file with a table of sizes and these chunks behind it.
fn bw64(sizes: [u64; 3], table: &[([u8; 4], u64)], chunks: &[u8]) -> Vec<u8> {
    let mut ds64: Vec<u8> = sizes.into_iter().flat_map(u64::to_le_bytes).collect();
    ds64.extend((table.len() as u32).to_le_bytes());
    for (id, size) in table {
        ds64.extend(id);
        ds64.extend(size.to_le_bytes());
    }
    let head = [&b"BW64\xFF\xFF\xFF\xFFWAVE"[..], &chunk(*b"ds64", &ds64)];
    [&head.concat(), chunks].concat()
}

#[test]
fn text_past_4_gib_lies_where_the_table_says() {
    let long = (4_u64 << 30) + 6;
    let before = [chunk(*b"fmt ", &FMT), chunk(*b"data", &[0; 4])].concat();
    let mut bytes = bw64([0; 3], &[(*b"axml", long)], &before);
    bytes.extend(*b"axml\xFF\xFF\xFF\xFF<ebu>");
    let size = bytes.len() as u64 - 5 + long;
    let behind = chunk(*b"_PMX", b"kept");
    bytes[20..28].copy_from_slice(&(size + behind.len() as u64 - 8).to_le_bytes());
    bytes[28..36].copy_from_slice(&4_u64.to_le_bytes());
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&bytes).unwrap();
    file.as_file().set_len(size).unwrap();
    file.seek(SeekFrom::Start(size)).unwrap();
    file.write_all(&behind).unwrap();
    let wave = bwf::open(file.path()).unwrap();
    assert_eq!(wave.findings, []);
    assert_eq!((wave.frames, wave.chunks.len()), (2, 5));
    assert_eq!(wave.adm.unwrap().axml.unwrap().bytes, long);
    assert_eq!(wave.chunks[4].id.to_string(), "_PMX");
    let mut start = [0; 5];
    let mut reader = bwf::adm_text(&wave).unwrap().unwrap();
    reader.read_exact(&mut start).unwrap();
    assert_eq!(&start, b"<ebu>");
}

#[test]
fn compressed_text_in_any_place_is_read() {
    let mut packed = flate2::write::GzEncoder::new(vec![1, 0], flate2::Compression::fast());
    packed.write_all(b"<ebuCoreMain/>").unwrap();
    let bxml = chunk(*b"bxml", &packed.finish().unwrap());
    let (fmt, data) = (chunk(*b"fmt ", &FMT), chunk(*b"data", &[1, 0, 2, 0]));
    for order in [
        [&bxml, &fmt, &data],
        [&data, &bxml, &fmt],
        [&fmt, &data, &bxml],
    ] {
        let order: Vec<u8> = order.into_iter().flatten().copied().collect();
        let bytes = bw64([0, 4, 2], &[], &order);
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&bytes).unwrap();
        let wave = bwf::open(file.path()).unwrap();
        assert_eq!(
            (wave.frames, adm_text(&wave).as_str()),
            (2, "<ebuCoreMain/>")
        );
    }
}

#[test]
fn a_file_without_adm_has_no_text() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/wave/pcm8/input.wav");
    assert!(bwf::adm_text(&bwf::open(&path).unwrap()).unwrap().is_none());
}

/// Whatever the file says: an answer or a refusal, and nothing that lies outside of the file.
fn check_damaged(path: &Path) {
    let Ok(wave) = bwf::open(path) else { return };
    let len = std::fs::metadata(path).unwrap().len();
    let inside = |chunk: &bwf::ChunkInfo| chunk.offset + chunk.size <= len;
    assert!(wave.chunks.iter().all(inside), "{wave:?}");
    let Some(adm) = wave.adm else { return };
    if let Some(chna) = adm.chna {
        let (rows, _) = bwf::read_chna(path, chna).unwrap();
        assert!(rows.len() as u64 <= chna.bytes / 40);
    }
    if let Ok(Some(mut text)) = bwf::adm_text(&wave) {
        let mut bytes = 0;
        let mut buffer = [0; 4096];
        while let Ok(read @ 1..) = text.read(&mut buffer) {
            bytes += read as u64;
        }
        assert!(adm.axml.is_none_or(|span| bytes <= span.bytes));
    }
    if let Ok(Some(model)) = bwf::adm::read(&wave) {
        let _ = model.items(&bwf::adm::Selection::default());
    }
}

/// Sound is of no interest here: a file whose data chunk is shortened to a few frames.
fn shortened(path: &Path) -> Vec<u8> {
    let mut bytes = std::fs::read(path).unwrap();
    let wave = bwf::open(path).unwrap();
    if let Some(data) = wave.data.filter(|data| data.bytes > 4096) {
        let (start, end) = (data.offset as usize, (data.offset + data.bytes) as usize);
        bytes.drain(start + 2048..end);
        if wave.container == bwf::Container::Riff {
            bytes[start - 4..start].copy_from_slice(&2048_u32.to_le_bytes());
        }
    }
    bytes
}

#[test]
fn damaged_masters_are_answered() {
    let Ok(folder) = std::fs::read_dir(CORPUS) else {
        eprintln!("skipped: {CORPUS} is not here");
        return;
    };
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("damaged.wav");
    for entry in folder {
        let original = entry.unwrap().path();
        if original.extension().is_none_or(|suffix| suffix != "wav") {
            continue;
        }
        let bytes = shortened(&original);
        // A fixed walk through the file, another for each size.
        let mut state = bytes.len() as u64;
        let mut next = |below: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) as usize % below
        };
        for _ in 0..64 {
            std::fs::write(&path, &bytes[..next(bytes.len())]).unwrap();
            check_damaged(&path);
        }
        for _ in 0..256 {
            let mut flipped = bytes.clone();
            for _ in 0..=next(3) {
                flipped[next(bytes.len())] ^= 1 << next(8);
            }
            std::fs::write(&path, &flipped).unwrap();
            check_damaged(&path);
        }
    }
}

#[test]
fn tables_and_texts_that_lie_about_their_size_are_bounded() {
    let rows: Vec<bwf::ChnaRow> = (1..=3).map(row).collect();
    let table = bwf::chna_bytes(&rows);
    for (tracks, uids, size) in [(0, 0, 124), (3, 65_535, 124), (3, 3, 44), (3, 3, 9000)] {
        let mut body = table.clone();
        body[..2].copy_from_slice(&u16::to_le_bytes(tracks));
        body[2..4].copy_from_slice(&u16::to_le_bytes(uids));
        let mut chna = chunk(*b"chna", &body);
        chna[4..8].copy_from_slice(&u32::to_le_bytes(size));
        let chunks = [chunk(*b"fmt ", &FMT), chunk(*b"data", &[0; 4]), chna].concat();
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&bw64([0, 4, 2], &[], &chunks)).unwrap();
        let wave = bwf::open(file.path()).unwrap();
        let span = wave.adm.unwrap().chna.unwrap();
        let (read, _) = bwf::read_chna(file.path(), span).unwrap();
        let expected = if size == 44 { 1 } else { 3 };
        assert_eq!(read[..], rows[..expected], "{size}");
    }
}

fn row(track: u16) -> bwf::ChnaRow {
    bwf::ChnaRow {
        track,
        uid: format!("ATU_{track:08x}"),
        reference: "AT_00010003_01".to_owned(),
        pack: "AP_00010001".to_owned(),
    }
}
