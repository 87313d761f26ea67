//! Files that we write: their layout, and what verification finds.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write};
use std::sync::Arc;

use md5::{Digest as _, Md5};
use stemline::audio::SampleFormat;
use stemline::bwf::{
    self, AdmChunks, AdmSource, AdmText, Bext, Container, Hundredths, Ixml, VerifyLevel,
    WaveFormat, WaveSpec,
};

use crate::support::{FORMATS, LAYOUTS, adm, head, samples, spec, write_whole};
use crate::tools::check_ffprobe;

/// Writing the same stem gives the same bytes, in every version that does not say otherwise.
#[test]
fn a_stem_is_written_as_the_fixture_was() {
    let mut stem = spec("5.1", SampleFormat::Int24);
    stem.frames = 8;
    stem.bext.loudness_range = Hundredths::new(1250);
    if let Some(ixml) = &mut stem.ixml {
        ixml.speed.as_mut().unwrap().note = Some("as shot".to_owned());
        let history = ixml.history.as_mut().unwrap();
        history.parent_filename = Some("F_MIX.wav".to_owned());
        history.parent_uid = Some("6ba7b811".to_owned());
    }
    let samples = samples(&stem);
    stem.md5 = Some(Md5::digest(&samples).into());
    let layout = stem.layout().unwrap();
    let bytes = [head(&stem), samples, layout.tail].concat();
    let fixture = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/wave/stem_5_1/input.wav"
    );
    assert_eq!(std::fs::read(fixture).unwrap(), bytes);
}

#[test]
fn finished_files_pass_verification_of_every_sample() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.wav");
    for layout in LAYOUTS {
        for sample in FORMATS
            .map(|row| row.0)
            .into_iter()
            .chain([SampleFormat::UInt8])
        {
            let spec = write_whole(&path, &spec(layout, sample));
            bwf::verify(&path, &spec, VerifyLevel::Samples).unwrap();
            let wave = bwf::open(&path).unwrap();
            assert_eq!(wave.format, spec.format);
            assert_eq!(
                (wave.bext.as_ref(), wave.ixml.as_ref()),
                (Some(&spec.bext), spec.ixml.as_ref())
            );
            assert_eq!((&wave.cues, wave.md5), (&spec.cues, spec.md5));
            assert_eq!(wave.stated_layout(), Some(layout.parse().unwrap()));
            assert_eq!(
                wave.start_timecode(None).unwrap().to_string(),
                "01:00:00:00"
            );
        }
    }
}

#[test]
fn files_without_sound_or_metadata_pass_verification() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.wav");
    let bare = WaveSpec {
        ixml: None,
        cues: Vec::new(),
        md5: None,
        bext: Bext::default(),
        ..spec("7.1.4", SampleFormat::Float32)
    };
    for frames in [0, 1, 99] {
        let spec = write_whole(
            &path,
            &WaveSpec {
                frames,
                ..bare.clone()
            },
        );
        bwf::verify(&path, &spec, VerifyLevel::Samples).unwrap();
    }
}

#[test]
fn long_metadata_passes_verification() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.wav");
    for length in [1, 100, 4095, 8192, 20_000, 3_000_000] {
        let mut spec = spec("2.0", SampleFormat::Int24);
        spec.bext.coding_history = "A=PCM,T=x\r\n".repeat(length / 11);
        if let Some(ixml) = &mut spec.ixml {
            ixml.others
                .push(("USER/NOTES".to_owned(), "x".repeat(length)));
        }
        let spec = write_whole(&path, &spec);
        bwf::verify(&path, &spec, VerifyLevel::Header).unwrap();
    }
}

#[test]
fn verification_finds_what_went_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.wav");
    let spec = write_whole(&path, &spec("2.0", SampleFormat::Int24));
    let whole = std::fs::read(&path).unwrap();
    let data = spec.layout().unwrap().data_offset as usize;
    let with_byte_at = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        bytes
    };
    for (bytes, word) in [
        (with_byte_at(130), "the header"),
        (with_byte_at(whole.len() - 1), "what follows"),
        (with_byte_at(data + 5), "the MD5"),
        (whole[..whole.len() - 2].to_vec(), "file size"),
        ([&whole[..], &[0]].concat(), "file size"),
    ] {
        std::fs::write(&path, bytes).unwrap();
        let told = bwf::verify(&path, &spec, VerifyLevel::Samples)
            .unwrap_err()
            .to_string();
        assert!(told.contains(word), "{told}");
    }
    std::fs::write(&path, with_byte_at(data + 5)).unwrap();
    bwf::verify(&path, &spec, VerifyLevel::Header).unwrap();
    assert!(bwf::verify(&folder.path().join("none.wav"), &spec, VerifyLevel::Header).is_err());
}

#[test]
fn the_samples_stay_where_they_are_when_levels_and_names_are_filled_in() {
    let late = spec("5.1", SampleFormat::Int24);
    let mut early = late.clone();
    early.bext = Bext {
        coding_history: late.bext.coding_history.clone(),
        ..Bext::default()
    };
    let (late, early) = (late.layout().unwrap(), early.layout().unwrap());
    assert_eq!(late.data_offset, early.data_offset);
    assert_eq!(late.head.len(), early.head.len());
    assert_eq!(late.tail.len(), early.tail.len());
    assert_eq!(late.data_offset % 4096, 0);
    assert_ne!(late.head, early.head);
}

#[test]
fn rf64_begins_where_riff_ends() {
    let with_frames = |frames: u64| WaveSpec {
        frames,
        ..spec("1.0", SampleFormat::Int16)
    };
    let around = with_frames(0).layout().unwrap().file_size;
    let most = (0xFFFF_FFFE_u64 + 8 - around) / 2;
    assert_eq!(
        with_frames(most).layout().unwrap().container,
        Container::Riff
    );
    let next = with_frames(most + 1).layout().unwrap();
    assert_eq!(next.container, Container::Rf64);
    assert_eq!(next.head[..16], *b"RF64\xff\xff\xff\xffWAVEds64");
    assert_eq!(next.head[20..28], (next.file_size - 8).to_le_bytes());
    assert_eq!(next.head[28..36], next.data_bytes.to_le_bytes());
    assert_eq!(next.head[36..44], (most + 1).to_le_bytes());
    assert_eq!(next.head[44..48], [0; 4], "no table");
    let riff = with_frames(most).layout().unwrap();
    assert_eq!(riff.head[12..16], *b"JUNK");
    assert_eq!(riff.head.len(), next.head.len());
    assert!(with_frames(u64::MAX).layout().is_err());
}

#[test]
fn adm_stands_before_the_samples_with_a_plain_format() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("adm.wav");
    for (layout, rows, text) in [
        ("2.0", 2, "<ebuCoreMain/>"),
        ("7.1.4", 2000, "<a>odd</a>\u{e9}"),
    ] {
        let mut spec = spec(layout, SampleFormat::Int24);
        spec.format.extensible = false;
        spec.format.mask = 0;
        spec.adm = Some(adm(text, rows));
        let spec = write_whole(&path, &spec);
        bwf::verify(&path, &spec, VerifyLevel::Samples).unwrap();
        let wave = bwf::open(&path).unwrap();
        assert_eq!(
            (wave.container, wave.format),
            (Container::Riff, spec.format)
        );
        let summary = wave.adm.unwrap();
        let (axml, chna) = (summary.axml.unwrap(), summary.chna.unwrap());
        let read = bwf::read_span(&path, axml, 1 << 20).unwrap();
        assert_eq!(read.trim_ascii_end(), text.as_bytes());
        assert_eq!(
            bwf::read_chna(&path, chna).unwrap(),
            (spec.adm.clone().unwrap().rows, vec![])
        );
        assert!(chna.offset < axml.offset && axml.offset < wave.data.unwrap().offset);
        assert!(bwf::read_span(&path, axml, 3).is_err());
        check_ffprobe(&path, &spec, "pcm_s24le");
    }
}

#[test]
fn adm_past_4_gib_is_bw64_and_its_text_may_grow() {
    let mut spec = WaveSpec {
        adm: Some(AdmChunks {
            room: 5001,
            ..adm("<ebuCoreMain/>", 2)
        }),
        ..spec("2.0", SampleFormat::Int24)
    };
    let place = spec.layout().unwrap().data_offset;
    for text in [1, 4096, 5000, 5001] {
        spec.adm = Some(AdmChunks {
            text: AdmText::new(Arc::new(vec![b' '; text])),
            ..spec.adm.clone().unwrap()
        });
        assert_eq!(spec.layout().unwrap().data_offset, place, "{text}");
    }
    spec.frames = 1 << 30;
    let layout = spec.layout().unwrap();
    assert_eq!(layout.container, Container::Bw64);
    assert_eq!(layout.head[..16], *b"BW64\xff\xff\xff\xffWAVEds64");
}

#[test]
fn adm_may_stand_for_bext() {
    let has = |with_bext: bool| {
        let spec = WaveSpec {
            adm: Some(AdmChunks {
                with_bext,
                ..adm("<ebuCoreMain/>", 2)
            }),
            ..spec("2.0", SampleFormat::Int24)
        };
        let head = spec.layout().unwrap().head;
        head.windows(4).any(|id| id == b"bext")
    };
    assert!(has(true) && !has(false));
}

/// XML of so many bytes: an element, then zeros.
#[derive(Debug)]
struct Long(u64);

impl AdmSource for Long {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"<ebu>")?;
        let zeros = vec![0; 1 << 20];
        let mut left = self.0 - 5;
        while left > 0 {
            let part = left.min(zeros.len() as u64) as usize;
            out.write_all(&zeros[..part])?;
            left -= part as u64;
        }
        Ok(())
    }
}

/// A file in which zeros take no room.
struct Sparse(File);

impl Write for Sparse {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() == 1 << 20 {
            self.0.seek(SeekFrom::Current(1 << 20))?;
            return Ok(bytes.len());
        }
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn text_past_4_gib_has_its_size_in_the_table() {
    for (long, in_table) in [
        (0xFFFF_FFFE, false),
        (0xFFFF_FFFF, true),
        ((4 << 30) + 7, true),
    ] {
        let spec = WaveSpec {
            adm: Some(AdmChunks {
                text: AdmText::new(Arc::new(Long(long))),
                ..adm("", 2)
            }),
            ..spec("2.0", SampleFormat::Int24)
        };
        let layout = spec.layout().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("long.wav");
        let mut file = Sparse(File::create(&path).unwrap());
        layout.write_head(&spec, &mut file).unwrap();
        file.0.seek(SeekFrom::Start(layout.data_offset)).unwrap();
        file.write_all(&samples(&spec)).unwrap();
        file.write_all(&layout.tail).unwrap();
        let wave = bwf::open(&path).unwrap();
        assert_eq!(wave.findings, [], "{long}");
        assert_eq!(wave.container, Container::Bw64);
        let text = wave.adm.unwrap().axml.unwrap();
        assert_eq!((text.bytes, wave.frames), (long + long % 2, spec.frames));
        assert_eq!(layout.head[44] == 1, in_table, "{long}");
        assert_eq!(wave.data.unwrap().offset, layout.data_offset);
    }
}

#[test]
fn impossible_files_are_refused() {
    let good = spec("2.0", SampleFormat::Int24);
    let with = |change: fn(&mut WaveFormat)| {
        let mut spec = good.clone();
        change(&mut spec.format);
        spec.layout()
    };
    for wrong in [
        with(|format| format.channels = 0),
        with(|format| format.channels = 30_000),
        with(|format| format.valid_bits = 25),
        with(|format| format.valid_bits = 0),
    ] {
        assert!(
            matches!(wrong, Err(bwf::LayoutError::Format { .. })),
            "{wrong:?}"
        );
    }
    let large = WaveSpec {
        ixml: Some(Ixml {
            note: Some("x".repeat((64 << 20) + 1)),
            ..Ixml::default()
        }),
        ..good.clone()
    };
    assert!(large.layout().is_err());
}
