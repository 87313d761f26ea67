//! The media layer on files that others made.

#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use stemline::audio::SampleFormat;
use stemline::media::{
    AudioSource, Match, MediaError, MediaFile, MediaIndex, MediaKind, Planar, Scratch, SourcePool,
    StartBasis, Storage, locate, resolve_source,
};
use stemline::time::{FrameRate, Pos, Rational, Span};
use stemline::timeline::{Clip, MediaRef, SourceIn};

fn fixture(name: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/media")).join(name)
}

/// A folder of real files; absent outside the place where they are kept.
fn corpus(name: &str) -> Option<PathBuf> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus")).join(name);
    if !folder.is_dir() {
        println!("skipped: {} is not here", folder.display());
        return None;
    }
    Some(folder)
}

fn open(path: &Path) -> MediaFile {
    MediaFile::open(path).unwrap_or_else(|error| panic!("{error}"))
}

/// Every channel of a source, whole.
fn whole(source: &dyn AudioSource) -> Vec<Vec<f64>> {
    let (mut out, mut scratch) = (Planar::default(), Scratch::default());
    let channels: Vec<usize> = (0..source.channels()).collect();
    source
        .read(0..source.frames(), &channels, &mut out, &mut scratch)
        .unwrap();
    channels
        .iter()
        .map(|channel| out.channel(*channel).to_vec())
        .collect()
}

fn sound(path: &Path) -> Vec<Vec<f64>> {
    whole(&*SourcePool::default().open(&open(path)))
}

/// The samples of a PCM WAV file as `hound` reads them.
fn by_hound(path: &Path) -> Vec<Vec<f64>> {
    let mut reader = hound::WavReader::open(path).unwrap();
    let spec = reader.spec();
    let scale = f64::from(1_u32 << (spec.bits_per_sample - 1));
    let mut channels = vec![Vec::new(); spec.channels.into()];
    for (i, sample) in reader.samples::<i32>().enumerate() {
        channels[i % usize::from(spec.channels)].push(f64::from(sample.unwrap()) / scale);
    }
    channels
}

fn check(name: &str, reference: &str, kind: MediaKind, sample: SampleFormat) -> MediaFile {
    let media = open(&fixture(name));
    assert_eq!(
        (media.kind, media.sample, media.frames),
        (kind, sample, 1000),
        "{name}"
    );
    assert_eq!(
        sound(&fixture(name)),
        by_hound(&fixture(reference)),
        "{name}"
    );
    media
}

#[test]
fn every_kind_gives_the_same_samples() {
    use SampleFormat::{Float32, Float64, Int16, Int24, Int32};
    for (name, kind, sample) in [
        ("noise24.wav", MediaKind::Wave, Int24),
        ("ff_s24be.aif", MediaKind::Aiff, Int24),
        ("sox_24.aiff", MediaKind::Aiff, Int24),
        ("sox_32.aiff", MediaKind::Aiff, Int32),
        ("ff_fl32.aifc", MediaKind::AiffC, Float32),
        ("ff_fl64.aifc", MediaKind::AiffC, Float64),
        ("sf_24_LITTLE.aifc", MediaKind::AiffC, Int24),
        ("sf_24_BIG.aifc", MediaKind::AiffC, Int24),
        ("ff_s24be.caf", MediaKind::Caf, Int24),
        ("ff_s24le.caf", MediaKind::Caf, Int24),
        ("ff_f32le.caf", MediaKind::Caf, Float32),
        ("sox_24.w64", MediaKind::W64, Int24),
    ] {
        let media = check(name, "noise24.wav", kind, sample);
        assert!(matches!(media.storage, Storage::Pcm(_)), "{name}");
        assert_eq!(media.rate.hertz(), 48_000, "{name}");
        assert_eq!(media.findings, [], "{name}");
    }
    check("ff_sowt16.aifc", "noise16.wav", MediaKind::AiffC, Int16);
}

#[cfg(feature = "codecs")]
#[test]
fn compressed_kinds_give_them_too() {
    for (name, reference, kind, sample) in [
        (
            "ff_24.flac",
            "noise24.wav",
            MediaKind::Flac,
            SampleFormat::Int24,
        ),
        (
            "flac_24.flac",
            "noise24.wav",
            MediaKind::Flac,
            SampleFormat::Int24,
        ),
        (
            "flac_no_length.flac",
            "noise24.wav",
            MediaKind::Flac,
            SampleFormat::Int24,
        ),
        (
            "flac_16_small_blocks.flac",
            "noise16.wav",
            MediaKind::Flac,
            SampleFormat::Int16,
        ),
        (
            "ff_ulaw.aifc",
            "ff_ulaw_decoded.wav",
            MediaKind::AiffC,
            SampleFormat::Int16,
        ),
        (
            "sox_8.aiff",
            "sox_8_as_16.wav",
            MediaKind::Aiff,
            SampleFormat::Int16,
        ),
    ] {
        let media = check(name, reference, kind, sample);
        assert_eq!(media.storage, Storage::Decoded, "{name}");
        assert_eq!(SourcePool::default().prepare(&[&media]), [], "{name}");
        let codes: Vec<&str> = media.findings.iter().map(|f| f.code.id).collect();
        let expect: &[&str] = if name.contains("no_length") {
            &["MED015"]
        } else {
            &[]
        };
        assert_eq!(codes, expect, "{name}");
    }
    assert_eq!(
        open(&fixture("flac_24.flac")).time_reference,
        Some(172_800_000)
    );
}

#[test]
fn what_is_not_read_says_so() {
    let refused = MediaFile::open(&fixture("ff_alac.caf"))
        .unwrap_err()
        .to_string();
    assert!(refused.contains("Apple Lossless"), "{refused}");
    let text = MediaFile::open(&fixture("README.md")).unwrap_err();
    assert!(matches!(text, MediaError::NotSound { .. }), "{text}");
}

#[cfg(feature = "codecs")]
#[test]
fn a_damaged_flac_file_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.flac");
    let bytes = fs::read(fixture("flac_16_small_blocks.flac")).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let media = open(&path);
    let pool = SourcePool::default();
    let codes: Vec<&str> = pool
        .prepare(&[&media, &media])
        .iter()
        .map(|f| f.code.id)
        .collect();
    assert!(codes.contains(&"MED014"), "{codes:?}");
    let (mut out, mut scratch) = (Planar::default(), Scratch::default());
    let source = pool.open(&media);
    assert!(source.read(0..100, &[0], &mut out, &mut scratch).is_ok());
    assert!(source.read(0..1000, &[0], &mut out, &mut scratch).is_err());
}

#[test]
fn headers_that_lie_are_held_against_the_file() {
    let folder = tempfile::tempdir().unwrap();
    for name in [
        "ff_s24be.aif",
        "sf_24_LITTLE.aifc",
        "ff_s24be.caf",
        "sox_24.w64",
        "noise24.wav",
    ] {
        let bytes = fs::read(fixture(name)).unwrap();
        let path = folder.path().join(name);
        for cut in [bytes.len() - 1, bytes.len() - 999, 60, 30, 13, 12, 4, 0] {
            fs::write(&path, &bytes[..cut]).unwrap();
            let Ok(media) = MediaFile::open(&path) else {
                continue;
            };
            assert!(media.frames < 1000, "{name} cut to {cut}");
            assert!(!media.findings.is_empty(), "{name} cut to {cut}");
            let read = whole(&*SourcePool::default().open(&media));
            assert_eq!(read[0].len() as u64, media.frames, "{name} cut to {cut}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_range_is_a_part_of_the_whole(
        name in prop::sample::select(vec!["noise24.wav", "ff_s24be.aif", "ff_f32le.caf", "sox_24.w64"]),
        start in 0_u64..=1000,
        length in 0_u64..=1000,
        channels in prop::collection::vec(0_usize..2, 1..5),
    ) {
        let source = SourcePool::default().open(&open(&fixture(name)));
        let all = whole(&*source);
        let (mut out, mut scratch) = (Planar::default(), Scratch::default());
        let range = start..start + length;
        let read = source.read(range.clone(), &channels, &mut out, &mut scratch);
        prop_assert_eq!(read.is_ok(), range.end <= 1000);
        if read.is_ok() {
            let part = start as usize..(start + length) as usize;
            for (i, channel) in channels.iter().enumerate() {
                prop_assert_eq!(out.channel(i), &all[*channel][part.clone()]);
            }
        }
    }

    #[test]
    fn damaged_headers_never_panic(
        name in prop::sample::select(vec!["noise24.wav", "ff_s24be.aif", "sf_24_LITTLE.aifc", "ff_s24le.caf", "flac_24.flac", "sox_24.w64"]),
        damage in prop::collection::vec((0_usize..160, any::<u8>()), 1..6),
    ) {
        let mut bytes = fs::read(fixture(name)).unwrap();
        for (at, value) in damage {
            bytes[at] = value;
        }
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), &bytes).unwrap();
        if let Ok(media) = MediaFile::open(file.path()) {
            let source = SourcePool::default().open(&media);
            let (mut out, mut scratch) = (Planar::default(), Scratch::default());
            let end = media.frames.min(100);
            let read = source.read(0..end, &[0], &mut out, &mut scratch);
            prop_assert!(read.is_ok() || media.storage == Storage::Decoded, "{:?}", read);
        }
    }
}

#[test]
fn raw_bytes_are_those_of_the_file() {
    let media = open(&fixture("sox_24.aiff"));
    let source = SourcePool::default().open(&media);
    let layout = source.pcm().unwrap();
    let mut bytes = Vec::new();
    source.read_raw(10..20, &mut bytes).unwrap();
    let file = fs::read(fixture("sox_24.aiff")).unwrap();
    let start = layout.data_offset as usize + 10 * layout.block();
    assert_eq!(bytes, file[start..start + 10 * layout.block()]);
}

#[test]
fn real_recordings_say_what_they_are() {
    let Some(folder) = corpus("bwf") else { return };
    let (index, _) = MediaIndex::build(&[folder], &|_| {});
    let file = |name: &str| {
        index
            .files()
            .iter()
            .find(|file| file.file_name == name)
            .unwrap()
    };
    let sd = file("A101_4.WAV");
    assert_eq!(
        (sd.time_reference, sd.frames, sd.channels),
        (Some(2_191_709_524), 144_140, 2)
    );
    assert_eq!(sd.timecode_rate.unwrap().to_string(), "23.976");
    let labels = &sd.labels;
    let said = [&labels.tape, &labels.scene, &labels.take, &labels.project].map(Option::as_deref);
    assert_eq!(
        said,
        [Some("18Y12M31"), Some("A101"), Some("4"), Some("BMH")]
    );
    let names: Vec<_> = sd
        .tracks
        .iter()
        .map(|t| (t.channel, t.name.as_deref()))
        .collect();
    assert_eq!(
        names,
        [(Some(1), Some("MKH516 A")), (Some(2), Some("Boom"))]
    );
    let mixpre = file("sounddevices_6_cue_points.wav");
    assert_eq!(mixpre.labels.tape.as_deref(), Some("210816"));
    assert_eq!(
        file("Sr001-2C-01_01.WAV").labels.tape.as_deref(),
        Some("Sr001")
    );
    assert_eq!(file("izotoperx_cues_test.wav").time_reference, None);
    let umid = file("umid.wav").umid.as_deref().unwrap();
    assert!(umid.starts_with("060a2b34") && umid.len() == 64, "{umid}");
    let track = file("Scene_1_2AG-T001_Tr1.WAV").tracks.first().unwrap();
    assert_eq!((track.channel, track.recorder_track), (Some(1), Some(3)));
}

/// A clip of two seconds with a source timecode at 23.976.
fn take(name: &str, reel: &str, timecode: &str) -> Clip {
    let rate = FrameRate::F23_976;
    let at = Pos::new(rate.seconds_of(timecode).unwrap());
    let sync = Pos::new(Rational::from_int(3600));
    let end = Pos::new(Rational::from_int(3602));
    let media = MediaRef {
        reel: Some(reel.to_owned()),
        ..MediaRef::default()
    };
    let source = SourceIn::Timecode { at, rate, sync };
    Clip::new(name, Span::new(sync, end), source, media)
}

#[test]
fn real_recordings_are_found_by_reel_scene_and_timecode() {
    let Some(folder) = corpus("bwf") else { return };
    let (index, _) = MediaIndex::build(&[folder], &|_| {});
    for (name, reel, timecode, expect, frame) in [
        // The recorder started four samples into the frame.
        ("x", "18Y12M31", "12:40:15:00", "A101_4.WAV", -4),
        ("x", "18Y12M31", "12:40:15:12", "A101_4.WAV", 12 * 2002 - 4),
        ("A101-1", "AX", "12:39:59:00", "A101_1.WAV", -1),
    ] {
        let clip = take(name, reel, timecode);
        let found = locate(&index, &clip, Path::new("/")).unwrap();
        let file = index.file(found.file).unwrap();
        assert_eq!(
            (file.file_name.as_str(), found.by),
            (expect, Match::ReelTimecode)
        );
        let start = resolve_source(&clip, file).unwrap();
        assert_eq!(start.basis, StartBasis::Timecode);
        assert_eq!(start.frame, frame, "{timecode}");
    }
    let missing = locate(
        &index,
        &take("x", "18Y12M31", "13:00:00:00"),
        Path::new("/"),
    );
    assert_eq!(missing.unwrap_err().finding.code.id, "MED008");
}

#[test]
fn real_recordings_are_read_sample_by_sample() {
    let Some(folder) = corpus("bwf") else { return };
    for name in [
        "A101_3.WAV",
        "STE-000.wav",
        "pt_24bit_stereo.wav",
        "ff_bwav_51.wav",
        "umid.wav",
    ] {
        assert_eq!(
            sound(&folder.join(name)),
            by_hound(&folder.join(name)),
            "{name}"
        );
    }
}

#[test]
fn an_aiff_and_a_wav_of_one_tone_are_equal() {
    let Some(folder) = corpus("media") else {
        return;
    };
    let wav = sound(&folder.join("1000hz-18dbs16b44.1k.wav"));
    let aiff = sound(&folder.join("1000hz-18dbs16b44.1k.aiff"));
    assert_eq!(wav, aiff);
    assert!(!wav[0].is_empty());
}
