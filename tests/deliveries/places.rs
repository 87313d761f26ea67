//! Where the samples of leader, pop and programme stand, at every rate: against numbers of the trade
//! and against an independent calculation.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;
use stemline::bwf::VerifyLevel;
use stemline::conform::{OnMissing, OnUnassigned};
use stemline::job::{Event, Job, Listener};
use stemline::timeline::FadeShape;

struct Deaf;

impl Listener for Deaf {
    fn hear(&self, _: &Event<'_>) {}
}

/// A cut list of one event, without its sound.
fn one_event(folder: &Path, drop: bool, record: (&str, &str)) -> std::path::PathBuf {
    let mut text = String::from("TITLE: ONE\n");
    let _ = writeln!(text, "FCM: {}DROP FRAME", if drop { "" } else { "NON-" });
    let _ = writeln!(
        text,
        "001  ROLL  A     C        {0} {1} {0} {1}",
        record.0, record.1
    );
    text.push_str("* FROM CLIP NAME: 1A-1\n");
    let path = folder.join("one.edl");
    fs::write(&path, text).unwrap();
    path
}

/// The first file of the plan that settings and marks lead to.
fn planned(folder: &Path, timeline: &Path, rate: &str, settings: &[String], ffoa: &str) -> Value {
    let out = folder.join("out");
    let job = Job {
        timelines: vec![timeline.to_owned()],
        media: Vec::new(),
        out: out.clone(),
        spec: "dme".to_owned(),
        settings: settings.to_vec(),
        rules: None,
        title: Some("T".to_owned()),
        rate: Some(rate.parse().unwrap()),
        start: None,
        law: FadeShape::Linear,
        layout: None,
        on_missing: OnMissing::Silence,
        on_unassigned: OnUnassigned::Stem("DX".parse().unwrap()),
        reels: false,
        ffoa: if ffoa.is_empty() {
            Vec::new()
        } else {
            vec![ffoa.to_owned()]
        },
        lfoa: Vec::new(),
        reel_marks: Vec::new(),
        composition: None,
        adm: None,
        keep_objects: false,
        language: None,
        programme: None,
        select: Vec::new(),
        adm_strict: false,
        true_fades: true,
        plan_only: true,
        reports: stemline::report::formats(&[]).unwrap(),
        judge: None,
        measure: false,
        verify: VerifyLevel::Header,
        block: 16_384,
        origination: "2026-01-01T12:00:00".to_owned(),
    };
    stemline::job::run(&job, &Deaf, &AtomicBool::new(false)).unwrap();
    let plan = fs::read_to_string(out.join("T_plan.json")).unwrap();
    let plan: Value = serde_json::from_str(&plan).unwrap();
    plan["files"][0].clone()
}

/// Settings of a head: where the picture starts, how long the leader is.
fn settings(start: &str, head: &str, pop: &str, tail: &str) -> Vec<String> {
    vec![
        format!("programme.start={start}"),
        format!("head.length={head}"),
        format!("head.pop={pop}"),
        format!("tail.length={tail}"),
        format!("tail.pop={pop}"),
    ]
}

/// One row of the table: rate, whether it drops, samples of eight timecode seconds, of two, and of
/// 01:00:00:00 since midnight, and of one frame at the pop.
type Row = (&'static str, bool, i64, i64, i64, i64);

/// The numbers of the trade at 48 kHz.
const TABLE: &[Row] = &[
    ("23.976", false, 384_384, 96_096, 172_972_800, 2002),
    ("24", false, 384_000, 96_000, 172_800_000, 2000),
    ("25", false, 384_000, 96_000, 172_800_000, 1920),
    ("29.97", false, 384_384, 96_096, 172_972_800, 1602),
    // 107,892 frames are 172,799,827.2 sample frames; 240 and 60 of them are 384,384 and 96,096.
    ("29.97df", true, 384_384, 96_096, 172_799_827, 1602),
    ("30", false, 384_000, 96_000, 172_800_000, 1600),
    ("47.952", false, 384_384, 96_096, 172_972_800, 1001),
    ("48", false, 384_000, 96_000, 172_800_000, 1000),
    ("50", false, 384_000, 96_000, 172_800_000, 960),
    ("59.94", false, 384_384, 96_096, 172_972_800, 801),
    ("60", false, 384_000, 96_000, 172_800_000, 800),
];

#[test]
fn leader_pop_and_time_reference_stand_at_the_sample_by_both_conventions() {
    let folder = tempfile::tempdir().unwrap();
    for &(rate, drop, eight, two, hour, _) in TABLE {
        let list = one_event(folder.path(), drop, ("01:00:00:00", "01:00:10:00"));
        let home = settings("01:00:00:00", "8 s", "2 s", "4 s");
        let file = planned(folder.path(), &list, rate, &home, "");
        let number = |file: &Value, key: &str| file[key].as_i64().unwrap();
        // Home video: the file begins at 00:59:52:00, the pop at 00:59:58:00.
        assert_eq!(number(&file, "head"), eight, "{rate}");
        assert_eq!(number(&file, "start_sample") + eight, hour, "{rate}");
        let pop = &file["pops"][0];
        assert_eq!(eight - number(pop, "at"), two, "{rate}: pop before picture");
        assert_eq!(
            file["start_timecode"].as_str().unwrap().replace(';', ":"),
            "00:59:52:00",
            "{rate}"
        );
        // Theatrical reel: picture start at 01:00:00:00, the pop at :06, the picture at :08.
        let theatrical = settings("01:00:08:00", "8 s", "2 s", "4 s");
        let list = one_event(folder.path(), drop, ("01:00:08:00", "01:00:18:00"));
        let file = planned(folder.path(), &list, rate, &theatrical, "");
        assert_eq!(number(&file, "start_sample"), hour, "{rate}");
        let pop = &file["pops"][0];
        let (at, picture) = (number(pop, "at"), number(&file, "head"));
        assert_eq!(
            at,
            expected(rate, hour_frames(rate) + 6 * nominal(rate)) - hour,
            "{rate}"
        );
        assert_eq!(
            picture,
            expected(rate, hour_frames(rate) + 8 * nominal(rate)) - hour,
            "{rate}"
        );
        let _ = fs::remove_dir_all(folder.path().join("out"));
    }
}

#[test]
fn a_pop_is_one_frame_and_a_frame_of_the_table() {
    let folder = tempfile::tempdir().unwrap();
    for &(rate, drop, .., frame) in TABLE {
        let list = one_event(folder.path(), drop, ("01:00:00:00", "01:00:10:00"));
        let home = settings("01:00:00:00", "8 s", "2 s", "4 s");
        let file = planned(folder.path(), &list, rate, &home, "");
        let length = |i: usize| file["pops"][i]["length"].as_i64().unwrap();
        assert_eq!(length(0), frame, "{rate}");
        assert!((length(1) - frame).abs() <= 1, "{rate}");
        let _ = fs::remove_dir_all(folder.path().join("out"));
    }
}

fn nominal(rate: &str) -> i64 {
    let number: f64 = rate.trim_end_matches("df").parse().unwrap();
    number.ceil() as i64
}

/// Frames at 01:00:00:00.
fn hour_frames(rate: &str) -> i64 {
    match rate {
        "29.97df" => 107_892,
        "59.94df" => 215_784,
        other => 3600 * nominal(other),
    }
}

/// The sample frame at a frame number, ties up, by integers alone.
fn expected(rate: &str, frame: i64) -> i64 {
    let den = if rate.contains('.') { 1001 } else { 1000 };
    let (num, den) = (
        i128::from(frame) * 48_000 * den,
        i128::from(nominal(rate)) * 1000,
    );
    ((2 * num + den).div_euclid(2 * den)) as i64
}

/// A timecode of a frame number, by division; drop-frame numbers are searched for.
fn timecode(rate: &str, frame: i64) -> String {
    let fps = nominal(rate);
    let show = |count: i64| {
        let (s, f) = (count / fps, count % fps);
        format!("{:02}:{:02}:{:02}:{f:02}", s / 3600, s / 60 % 60, s % 60)
    };
    if !rate.ends_with("df") {
        return show(frame);
    }
    let drop = fps / 15;
    // Count numbers up to the one whose dropped companions make up the difference.
    let dropped = |count: i64| {
        let minutes = count / (60 * fps);
        drop * (minutes - minutes / 10)
    };
    let exists = |count: i64| {
        let (minute, within) = (count / (60 * fps), count % (60 * fps));
        minute % 10 == 0 || within >= drop
    };
    let mut count = frame + dropped(frame);
    while !(count - dropped(count) == frame && exists(count)) {
        count += 1;
    }
    show(count)
}

/// Minutes, seconds and frames behind 01:00:00:00 that every way of counting has.
type Restamped = Option<(i64, i64, i64)>;

/// Rate, first frame of picture as frames behind 01:00:00:00, frames of picture, of leader and tail,
/// from pop to picture, and where the files are to start instead.
fn any_timeline() -> impl Strategy<Value = (usize, i64, i64, i64, i64, i64, Restamped)> {
    let head = (1_i64..600).prop_flat_map(|head| (Just(head), 1..=head));
    let tail = 1_i64..400;
    let start = prop::option::of((0_i64..60, 0_i64..60, 4_i64..24));
    (
        0..TABLE.len(),
        0_i64..40_000,
        48_i64..40_000,
        head,
        tail,
        start,
    )
        .prop_map(|(rate, first, length, (head, pop), tail, start)| {
            (rate, first, length, head, pop, tail, start)
        })
}

/// The frame number of a timecode in the first hour.
fn frame_of(rate: &str, (minutes, seconds, frames): (i64, i64, i64)) -> i64 {
    let dropped = if rate.ends_with("df") {
        nominal(rate) / 15 * (minutes - minutes / 10)
    } else {
        0
    };
    hour_frames(rate) + (minutes * 60 + seconds) * nominal(rate) + frames - dropped
}

#[test]
fn a_thousand_timelines_agree_with_an_independent_calculation() {
    let folder = tempfile::tempdir().unwrap();
    let mut runner = TestRunner::new(Config {
        cases: 1000,
        failure_persistence: None,
        ..Config::default()
    });
    let checked = runner.run(
        &any_timeline(),
        |(rate, start, length, head, pop, tail, stamp)| {
            let (rate, drop, ..) = TABLE[rate];
            let first = hour_frames(rate) + start;
            let (from, to) = (timecode(rate, first), timecode(rate, first + length));
            let list = one_event(folder.path(), drop, (&from, &to));
            let mut said = vec![
                format!("head.length={head} frames"),
                format!("head.pop={pop} frames"),
            ];
            said.push(format!("tail.length={} frames", tail + pop));
            said.push(format!("tail.pop={pop} frames"));
            // Files that start elsewhere than the cut stand on the frames of their own axis.
            let first = stamp.map_or(first, |stamp| frame_of(rate, stamp));
            if let Some((m, s, f)) = stamp {
                said.push(format!("programme.start=01:{m:02}:{s:02}:{f:02}"));
            }
            let file = planned(folder.path(), &list, rate, &said, &from);
            let at = |frame: i64| expected(rate, frame) - expected(rate, first - head);
            let number = |value: &Value| value.as_i64().unwrap();
            prop_assert_eq!(number(&file["start_sample"]), expected(rate, first - head));
            prop_assert_eq!(number(&file["head"]), at(first));
            prop_assert_eq!(number(&file["length"]), at(first + length) - at(first));
            prop_assert_eq!(
                number(&file["tail"]),
                at(first + length + tail + pop) - at(first + length)
            );
            let pops = [first - pop, first + length - 1 + pop];
            for (said, frame) in file["pops"].as_array().unwrap().iter().zip(pops) {
                prop_assert_eq!(number(&said["at"]), at(frame));
                prop_assert_eq!(number(&said["length"]), at(frame + 1) - at(frame));
            }
            prop_assert_eq!(file["pops"].as_array().unwrap().len(), 2);
            Ok(())
        },
    );
    checked.unwrap();
}
