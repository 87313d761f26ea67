//! What is written reads back as the same model.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use proptest::option::of;
use proptest::prelude::*;
use stemline::audio::{SampleFormat, SampleRate};
use stemline::bwf::{
    self, AdmChunks, AdmText, Bext, Cue, Hundredths, Ixml, IxmlFileSet, IxmlHistory, IxmlSpeed,
    IxmlSyncPoint, IxmlTrack, WaveFormat, WaveSpec,
};
use stemline::time::Rational;

use crate::support::{self, corpus};

/// Text that the fields of iXML keep: not empty, no white space around it.
fn words() -> impl Strategy<Value = String> {
    "[!-~é漢&<>\"']{1,4}([ \t\r\n][!-~é漢]{1,6}){0,2}"
}

fn ascii(most: usize) -> impl Strategy<Value = String> {
    proptest::collection::vec(prop_oneof![32_u8..127, Just(b'\r'), Just(b'\n')], 0..=most)
        .prop_map(|bytes| bytes.into_iter().map(char::from).collect())
}

fn level() -> impl Strategy<Value = Option<Hundredths>> {
    any::<i16>().prop_map(Hundredths::new)
}

fn rate() -> impl Strategy<Value = Option<Rational>> {
    of((1_i64..200_000, 1_i64..2000).prop_map(|(num, den)| Rational::new(num, den).unwrap()))
}

prop_compose! {
    fn bext()(
        texts in (ascii(256), ascii(32), ascii(32), ascii(10), ascii(8)),
        time_reference in any::<u64>(),
        umid in of(any::<[u8; 32]>().prop_map(|half| std::array::from_fn(|i| half[i / 2] | 1))),
        levels in (level(), level(), level(), level(), level()),
        coding_history in ascii(300),
    ) -> Bext {
        let (description, originator, originator_reference, origination_date, origination_time) = texts;
        let (loudness_value, loudness_range, max_true_peak, max_momentary, max_short_term) = levels;
        let mut bext = Bext {
            description, originator, originator_reference, origination_date, origination_time,
            time_reference, umid, loudness_value, loudness_range, max_true_peak, max_momentary,
            max_short_term, coding_history, version: u16::from(umid.is_some()),
        };
        let levels = [loudness_value, loudness_range, max_true_peak, max_momentary, max_short_term];
        if levels.iter().any(Option::is_some) {
            bext.version = 2;
        }
        bext
    }
}

prop_compose! {
    fn speed()(
        note in of(words()),
        rates in (rate(), rate(), rate()),
        drop_frame in of(any::<bool>()),
        numbers in (of(any::<u32>()), of(any::<u32>()), of(any::<u32>()), of(any::<u32>())),
        timestamp_samples in of(any::<u64>().prop_map(|samples| samples >> 1)),
    ) -> IxmlSpeed {
        let (master_speed, current_speed, timecode_rate) = rates;
        let (file_sample_rate, audio_bit_depth, digitizer_sample_rate, timestamp_sample_rate) = numbers;
        IxmlSpeed {
            note, master_speed, current_speed, timecode_rate, drop_frame, file_sample_rate,
            audio_bit_depth, digitizer_sample_rate, timestamp_samples, timestamp_sample_rate,
        }
    }
}

prop_compose! {
    fn track()(
        channel_index in of(any::<u32>()),
        interleave_index in of(any::<u32>()),
        name in of(words()),
        function in of(words()),
    ) -> IxmlTrack {
        IxmlTrack { channel_index, interleave_index, name, function }
    }
}

prop_compose! {
    fn sync_point()(
        texts in (of(words()), of(words()), of(words())),
        samples in of(any::<u64>()),
        event_duration in of(any::<u64>()),
    ) -> IxmlSyncPoint {
        let (kind, function, comment) = texts;
        IxmlSyncPoint { kind, function, comment, samples, event_duration }
    }
}

prop_compose! {
    /// Elements that no field takes, some inside groups that are known.
    fn others()(
        texts in proptest::collection::vec(prop_oneof![words(), Just(String::new()), Just("  x ".to_owned())], 6),
        count in 0_usize..=6,
    ) -> Vec<(String, String)> {
        let paths = [
            "USER/FULL_TITLE", "SPEED/ODD", "LOCATION/LOCATION_NAME", "ASWG/notes",
            "STEINBERG/ATTR_LIST/ATTR/NAME", "STEINBERG/ATTR_LIST/ATTR[2]/NAME",
        ];
        paths.iter().map(|path| (*path).to_owned()).zip(texts).take(count).collect()
    }
}

prop_compose! {
    fn ixml()(
        texts in proptest::collection::vec(of(words()), 9),
        circled in of(any::<bool>()),
        speed in of(speed()),
        set in (of(words()), of(words()), of(any::<u32>()), of(words())),
        history in proptest::collection::vec(of(words()), 3),
        tracks in proptest::collection::vec(track(), 0..4),
        sync_points in proptest::collection::vec(sync_point(), 0..3),
        others in others(),
    ) -> Ixml {
        let mut texts = texts.into_iter();
        let mut next = || texts.next().flatten();
        let mut history = history.into_iter();
        let mut past = || history.next().flatten();
        let (family_uid, family_name, total_files, file_set_index) = set;
        let set = IxmlFileSet { family_uid, family_name, total_files, file_set_index };
        let history = IxmlHistory {
            original_filename: past(), parent_filename: past(), parent_uid: past(),
        };
        Ixml {
            version: next(), project: next(), scene: next(), take: next(), tape: next(), circled,
            file_uid: next(), ubits: next(), note: next(), user: next(),
            speed: speed.filter(|speed| *speed != IxmlSpeed::default()),
            file_set: Some(set).filter(|set| *set != IxmlFileSet::default()),
            history: Some(history).filter(|history| *history != IxmlHistory::default()),
            tracks, sync_points, others,
        }
    }
}

prop_compose! {
    fn cues()(
        cues in proptest::collection::btree_map(any::<u32>(), (any::<u32>(), of(1..=u32::MAX), of(words()), of(words())), 0..4),
    ) -> Vec<Cue> {
        let cue = |(id, (position, length, label, note)): (u32, (u32, Option<u32>, _, _))| Cue {
            id, position: u64::from(position), length: length.map(u64::from), label, note,
        };
        cues.into_iter().map(cue).collect()
    }
}

const SAMPLES: [SampleFormat; 6] = [
    SampleFormat::UInt8,
    SampleFormat::Int16,
    SampleFormat::Int24,
    SampleFormat::Int32,
    SampleFormat::Float32,
    SampleFormat::Float64,
];

prop_compose! {
    fn format()(
        rate in 1_u32..=192_000,
        channels in 1_u16..20,
        pick in 0..SAMPLES.len(),
        mask in any::<u32>(),
        fewer in 0_u16..4,
    ) -> WaveFormat {
        let format = WaveFormat::new(SampleRate::new(rate).unwrap(), channels, SAMPLES[pick], mask);
        let fewer = if format.sample.is_float() { 0 } else { fewer };
        WaveFormat { valid_bits: format.valid_bits - fewer, ..format }
    }
}

prop_compose! {
    fn spec()(
        format in format(),
        frames in 0_u64..40,
        bext in bext(),
        ixml in of(ixml()),
        adm in of((proptest::collection::vec(any::<u8>(), 0..50), 0_u16..3)),
        cues in cues(),
        md5 in of(any::<[u8; 16]>()),
    ) -> WaveSpec {
        let adm = adm.map(|(text, rows)| AdmChunks { text: AdmText::new(Arc::new(text)), ..support::adm("", rows) });
        WaveSpec { format, frames, bext, ixml, adm, cues, md5 }
    }
}

/// Elements of the file come in the order of the known groups: as a set they are the same.
fn sorted(ixml: Option<Ixml>) -> Option<(Ixml, BTreeSet<(String, String)>)> {
    ixml.map(|ixml| {
        let others = ixml.others.iter().cloned().collect();
        (
            Ixml {
                others: Vec::new(),
                ..ixml
            },
            others,
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn what_is_written_reads_back(spec in spec()) {
        let layout = spec.layout().unwrap();
        prop_assert_eq!(&spec.layout().unwrap(), &layout, "the same bytes every time");
        prop_assert_eq!(layout.data_offset % 4096, 0);
        prop_assert_eq!(&layout.findings, &[]);
        let data = vec![0; layout.data_bytes as usize];
        let bytes = [support::head(&spec), data, layout.tail].concat();
        prop_assert_eq!(bytes.len() as u64, layout.file_size);
        let wave = bwf::read_from(Cursor::new(&bytes), Path::new("t.wav")).unwrap();
        prop_assert_eq!(wave.container, layout.container);
        prop_assert_eq!(wave.format, spec.format);
        prop_assert_eq!(wave.frames, spec.frames);
        prop_assert_eq!(wave.data.map(|data| data.offset), Some(layout.data_offset));
        prop_assert_eq!(wave.bext.as_ref(), Some(&spec.bext));
        prop_assert_eq!(sorted(wave.ixml), sorted(spec.ixml));
        prop_assert_eq!(wave.cues, spec.cues);
        prop_assert_eq!(wave.md5, spec.md5);
        prop_assert_eq!(wave.adm.is_some(), spec.adm.is_some());
        // The rates and copies in the iXML were made up, so they differ; nothing else does.
        let told: Vec<&str> = wave.findings.iter().map(|finding| finding.code.id).collect();
        prop_assert!(told.iter().all(|id| ["WAV014", "WAV015", "WAV016"].contains(id)), "{:?}", wave.findings);

    }
}

#[test]
fn the_ixml_of_real_files_survives() {
    let Some(folder) = corpus() else { return };
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let Some(ixml) = bwf::open(&path).ok().and_then(|wave| wave.ixml) else {
            continue;
        };
        let (xml, lost) = ixml.to_xml();
        let (again, faults) = Ixml::parse(xml.as_bytes());
        assert_eq!((lost, faults), (vec![], vec![]), "{}", path.display());
        assert_eq!(
            again.as_ref().unwrap().to_xml().0,
            xml,
            "{}",
            path.display()
        );
        assert_eq!(sorted(again), sorted(Some(ixml)), "{}", path.display());
        seen += 1;
    }
    assert!(seen > 8, "{seen}");
}
