//! Files that the tests write.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use md5::{Digest as _, Md5};
use stemline::audio::{ChannelLayout, SampleFormat, SampleRate};
use stemline::bwf::{
    self, AdmChunks, AdmText, Bext, ChnaRow, Cue, Hundredths, Ixml, IxmlFileSet, IxmlHistory,
    IxmlSpeed, IxmlTrack, WaveFormat, WaveSpec,
};

/// The folder of reference files, or nothing with the reason printed.
pub(crate) fn corpus() -> Option<PathBuf> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus/bwf"));
    if !folder.is_dir() {
        println!("skipped: there is no {}", folder.display());
        return None;
    }
    Some(folder.to_owned())
}

/// Frames of the small files: odd, so that odd data is met too.
pub(crate) const FRAMES: u64 = 4803;

pub(crate) fn spec(layout: &str, sample: SampleFormat) -> WaveSpec {
    let layout: ChannelLayout = layout.parse().unwrap();
    let format = WaveFormat::new(
        SampleRate::HZ_48000,
        layout.len() as u16,
        sample,
        layout.speaker_mask(),
    );
    let start = 172_972_800;
    WaveSpec {
        format,
        frames: FRAMES,
        bext: Bext {
            description: "Reel 1 dialogue".to_owned(),
            originator: "stemline".to_owned(),
            originator_reference: "ZZSTM000000000001120000000000001".to_owned(),
            origination_date: "2024-05-01".to_owned(),
            origination_time: "12:00:00".to_owned(),
            time_reference: start,
            umid: Some(bwf::umid(*b"0123456789abcdef")),
            loudness_value: Hundredths::new(-2701),
            loudness_range: None,
            max_true_peak: Hundredths::new(-203),
            max_momentary: Hundredths::new(-2000),
            max_short_term: Hundredths::new(-2200),
            version: 2,
            coding_history: bwf::add_coding_history("", &format, "stemline"),
        },
        ixml: Some(ixml(&layout, sample, start)),
        adm: None,
        cues: vec![
            Cue {
                id: 1,
                position: 48,
                label: Some("2-pop".to_owned()),
                note: Some("reel 1".to_owned()),
                length: Some(2002),
            },
            Cue {
                id: 2,
                position: 4000,
                ..Cue::default()
            },
        ],
        md5: Some([0; 16]),
    }
}

/// ADM with so many rows.
pub(crate) fn adm(text: &str, rows: u16) -> AdmChunks {
    let row = |track: u16| ChnaRow {
        track,
        uid: format!("ATU_{track:08x}"),
        reference: "AT_00010001_01".to_owned(),
        pack: "AP_00010002".to_owned(),
    };
    AdmChunks {
        rows: (1..=rows).map(row).collect(),
        text: AdmText::new(Arc::new(text.as_bytes().to_vec())),
        room: 0,
        with_bext: true,
    }
}

pub(crate) fn ixml(layout: &ChannelLayout, sample: SampleFormat, start: u64) -> Ixml {
    let some = |text: &str| Some(text.to_owned());
    let speed = stemline::time::FrameRate::F23_976.fps();
    let track = |(i, channel): (usize, &stemline::audio::Channel)| IxmlTrack {
        channel_index: Some(i as u32 + 1),
        interleave_index: Some(i as u32 + 1),
        name: some(channel.name()),
        function: some(bwf::track_function(*channel, layout)),
    };
    Ixml {
        version: some("2.10"),
        project: some("Première & Co"),
        scene: some("R1"),
        tape: some("R1v3"),
        file_uid: some("6ba7b810-9dad-51d1-80b4-00c04fd430c8"),
        note: some("dialogue <stem>"),
        speed: Some(IxmlSpeed {
            master_speed: Some(speed),
            current_speed: Some(speed),
            timecode_rate: Some(speed),
            drop_frame: Some(false),
            file_sample_rate: Some(48_000),
            audio_bit_depth: Some(u32::from(sample.bits())),
            digitizer_sample_rate: Some(48_000),
            timestamp_samples: Some(start),
            timestamp_sample_rate: Some(48_000),
            note: None,
        }),
        file_set: Some(IxmlFileSet {
            family_uid: some("b810"),
            family_name: some("Reel 1"),
            total_files: Some(3),
            file_set_index: some("1"),
        }),
        tracks: layout.channels().iter().enumerate().map(track).collect(),
        history: Some(IxmlHistory {
            original_filename: some("F_DX.wav"),
            ..IxmlHistory::default()
        }),
        others: vec![("USER/FULL_TITLE".to_owned(), "The Film".to_owned())],
        ..Ixml::default()
    }
}

/// Bytes of a signal that no two samples of share.
pub(crate) fn samples(spec: &WaveSpec) -> Vec<u8> {
    let count = spec.frames as usize * usize::from(spec.format.channels);
    let value = |i: usize| (i as i32).wrapping_mul(0x0101_3DA7);
    let ints = |shift: u32| (0..count).map(|i| value(i) >> shift).collect::<Vec<i32>>();
    let mut out = vec![0; count * spec.format.sample.bytes()];
    let packed = match spec.format.sample {
        SampleFormat::UInt8 => bwf::encode_uint8(&ints(24), &mut out),
        SampleFormat::Int16 => bwf::encode_int16(&ints(16), &mut out),
        SampleFormat::Int24 => bwf::encode_int24(&ints(8), &mut out),
        SampleFormat::Int32 => bwf::encode_int32(&ints(0), &mut out),
        SampleFormat::Float32 => {
            let floats: Vec<f32> = ints(8).iter().map(|&i| i as f32 / 8_388_608.0).collect();
            bwf::encode_float32(&floats, &mut out)
        }
        SampleFormat::Float64 => count,
    };
    assert_eq!(packed, count);
    out
}

/// Everything before the samples.
pub(crate) fn head(spec: &WaveSpec) -> Vec<u8> {
    let (layout, mut head) = (spec.layout().unwrap(), Vec::new());
    layout.write_head(spec, &mut head).unwrap();
    assert_eq!(head.len() as u64, layout.data_offset);
    head
}

/// Writes a file with these bytes of samples; past them it is sparse.
pub(crate) fn write(path: &Path, spec: &WaveSpec, samples: &[u8]) {
    let layout = spec.layout().unwrap();
    let mut file = File::create(path).unwrap();
    file.write_all(&head(spec)).unwrap();
    file.write_all(samples).unwrap();
    file.seek(SeekFrom::Start(layout.data_offset + layout.data_bytes))
        .unwrap();
    file.write_all(&layout.tail).unwrap();
    assert_eq!(file.metadata().unwrap().len(), layout.file_size);
}

/// A file with its own MD5 in it; gives the specification that it was written to.
pub(crate) fn write_whole(path: &Path, spec: &WaveSpec) -> WaveSpec {
    let samples = samples(spec);
    let spec = WaveSpec {
        md5: spec.md5.map(|_| Md5::digest(&samples).into()),
        ..spec.clone()
    };
    write(path, &spec, &samples);
    spec
}

pub(crate) const LAYOUTS: [&str; 4] = ["1.0", "2.0", "5.1", "7.1.4"];

/// Format, the name of its decoder, libsndfile's sub-format number.
pub(crate) const FORMATS: [(SampleFormat, &str, u32); 4] = [
    (SampleFormat::Int16, "pcm_s16le", 2),
    (SampleFormat::Int24, "pcm_s24le", 3),
    (SampleFormat::Int32, "pcm_s32le", 4),
    (SampleFormat::Float32, "pcm_f32le", 6),
];

pub(crate) fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|b| [b >> 4, b & 15]);
    digits
        .filter_map(|d| char::from_digit(u32::from(d), 16))
        .collect()
}
