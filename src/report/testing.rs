//! A report with one of everything, for the tests of the formats.

use super::{
    Aim, Course, Excerpt, FileReport, Lane, Levels, Null, PeakMark, Placement, Report, Sounding,
};
use crate::audio::{ChannelLayout, DbFs, DbTp, LoudnessUnits, Lufs};
use crate::finding::{Code, Finding, Place, Severity};
use crate::meter::{Outliner, Samples, Trace};
use crate::qc::{CheckRun, Fault, Judgement, Outcome, Reading, Stretch, Waiver};

const LENGTH: u64 = 96_000;

static SILENT: Code = Code::new("QCT001", Severity::Error, "a hole", "For the tests.");
static LOUD: Code = Code::new("QCT002", Severity::Warning, "loud & long", "For the tests.");
static NOTED: Code = Code::new("TST001", Severity::Info, "a guess", "For the tests.");

/// Two seconds at 24 frames from one o'clock; a hole in DX, a waived and a plain warning in the mix, a note about
/// a cut list. The title is hostile.
pub(super) fn report() -> Report {
    let checks = checks();
    let qc = Judgement {
        schema: crate::qc::SCHEMA,
        version: "0.0.0",
        title: "</script>".to_owned(),
        spec: "dme".to_owned(),
        date: Some("2026-01-01".to_owned()),
        frame_rate: Some("24".to_owned()),
        verdict: Judgement::verdict_of(&checks),
        files: Vec::new(),
        checks,
        certificate: None,
        unused_waivers: Vec::new(),
    };
    let place = Place::line("reel1.edl", 12);
    let noted = Finding::new(&NOTED, "the rate is taken for 24").at(place);
    Report {
        schema: "stemline.report/1",
        version: "0.0.0",
        title: "</script><b>R1".to_owned(),
        spec: "dme".to_owned(),
        origination: "2026-01-01T12:00:00".to_owned(),
        timelines: vec!["reel1".to_owned()],
        frame_rate: "24".to_owned(),
        start_timecode: "01:00:00:00".to_owned(),
        start_sample: 172_800_000,
        sample_rate: 48_000,
        length_samples: LENGTH,
        length_timecode: "00:00:02:00".to_owned(),
        files: vec![file("DX", &[]), file("MIX", &["DX"])],
        dialogue: None,
        null: vec![Null {
            composite: "MIX".to_owned(),
            stems: vec!["DX".to_owned()],
            differing_samples: 0,
            first_differing: None,
        }],
        decisions: Vec::new(),
        review: Vec::new(),
        sounding: Sounding::default(),
        findings: vec![noted],
        qc: Some(qc),
        course: course(),
    }
}

fn checks() -> Vec<CheckRun> {
    let stretch = |first_sample, samples, from: &str, to: &str| {
        Some(Stretch {
            first_sample,
            samples,
            timecode_in: Some(from.to_owned()),
            timecode_out: Some(to.to_owned()),
        })
    };
    let hole = Fault {
        file: Some("R1_DX.wav".to_owned()),
        channel: Some("L".to_owned()),
        stretch: stretch(48_000, 4_000, "01:00:01:00", "01:00:01:02"),
        hint: Some("look at the source".to_owned()),
        ..Fault::new(&SILENT, "digital silence for 83.3 ms, \"mute\"?")
    };
    let loud = Fault {
        file: Some("R1_MIX.wav".to_owned()),
        stretch: stretch(24_000, 1, "01:00:00:12", "01:00:00:13"),
        measured: Some("-1.0 dBTP".to_owned()),
        limit: Some("-2.0 dBTP".to_owned()),
        ..Fault::new(&LOUD, "peak over the limit")
    };
    let waived = Fault {
        waiver: Some(Waiver {
            reason: "creative intent".to_owned(),
            by: "A. Mixer".to_owned(),
            expires: Some("2027-01-01".to_owned()),
            expired: false,
        }),
        ..loud.clone()
    };
    let run = |check, title, family, files: &[&str], faults: Vec<Fault>| CheckRun {
        check,
        title,
        family,
        outcome: CheckRun::outcome_of(&faults),
        files: files.iter().map(|&file| file.to_owned()).collect(),
        readings: Vec::new(),
        faults,
    };
    let none = CheckRun {
        outcome: Outcome::NotApplicable("there is no pop in the spec".to_owned()),
        ..run("Y1", "sync pop", "sync", &[], Vec::new())
    };
    let peak = CheckRun {
        readings: vec![Reading {
            file: Some("R1_MIX.wav".to_owned()),
            channel: None,
            measured: "-1.0 dBTP".to_owned(),
            limit: Some("-2.0 dBTP".to_owned()),
        }],
        ..run(
            "L4",
            "true peak",
            "loudness",
            &["R1_MIX.wav"],
            vec![waived, loud],
        )
    };
    vec![
        run(
            "F1",
            "format",
            "file",
            &["R1_DX.wav", "R1_MIX.wav"],
            Vec::new(),
        ),
        peak,
        run(
            "S3",
            "dropouts",
            "silence",
            &["R1_DX.wav", "R1_MIX.wav"],
            vec![hole],
        ),
        none,
    ]
}

fn file(code: &str, sum_of: &[&str]) -> FileReport {
    FileReport {
        code: code.to_owned(),
        label: format!("{code} label"),
        file: format!("R1_{code}.wav"),
        delivered: true,
        bytes: Some(580_096),
        layout: Some(ChannelLayout::stereo()),
        sum_of: sum_of.iter().map(|&stem| stem.to_owned()).collect(),
        clips: 1,
        saturated_samples: 0,
        first_saturated: None,
        levels: Some(Levels {
            integrated_lufs: Some(Lufs::new(-27.04)),
            loudness_range_lu: Some(LoudnessUnits::new(4.0)),
            max_momentary_lufs: Some(Lufs::new(-20.0)),
            max_short_term_lufs: Some(Lufs::new(-22.0)),
            true_peak_dbtp: Some(DbTp::new(-1.0)),
            sample_peak_dbfs: Some(DbFs::new(-1.2)),
            channel_true_peak_dbtp: vec![Some(DbTp::new(-1.0)), None],
            max_momentary_sample: Some(4_800),
            max_short_term_sample: Some(480),
            true_peak_sample: Some(7_200),
            channel_true_peak_sample: vec![Some(7_200), None],
        }),
    }
}

fn course() -> Course {
    let clip = Placement {
        file: "R1_DX.wav".to_owned(),
        start: 24_000,
        length: 48_000,
        fades: (0, 480),
        clip: "12A-3 <&>".to_owned(),
        event: Some("001".to_owned()),
        timeline: "reel1".to_owned(),
        track: "A1".to_owned(),
        source: "12A-3.wav".to_owned(),
        source_start: 1_000,
        found_by: "name".to_owned(),
        gain: "-3.00 dB".to_owned(),
        rule: "built-in: recorder notes".to_owned(),
        evidence: vec!["scene 12A".to_owned()],
    };
    let excerpt = Excerpt {
        file: "R1_DX.wav".to_owned(),
        start: 36_000,
        length: 36_000,
        rate: 16_000,
        raised_db: 6,
        samples: (0..12_000).map(|i| (i % 64) * 256).collect(),
    };
    Course {
        lanes: vec![lane("DX"), lane("MIX")],
        clips: vec![clip],
        excerpts: vec![excerpt],
    }
}

fn lane(code: &str) -> Lane {
    let mut outliner = Outliner::new(1, LENGTH);
    let ramp: Vec<f32> = (0..LENGTH)
        .map(|i| (i % 480) as f32 / 960.0 - 0.25)
        .collect();
    // A block of whole frames cannot fail.
    let _ = outliner.push(&Samples::Floats(&ramp));
    let trace = |level: f64| Trace {
        first: 4,
        step: 1,
        values: vec![Some(Lufs::new(level)); 17],
    };
    Lane {
        file: format!("R1_{code}.wav"),
        also: Vec::new(),
        start_sample: Some(172_800_000),
        sample_rate: 48_000,
        length: LENGTH,
        channels: vec!["L".to_owned(), "R".to_owned()],
        outline: outliner.finish(),
        momentary: trace(-24.0),
        short_term: trace(-26.0),
        peaks: vec![PeakMark {
            channel: 0,
            level: DbTp::new(-1.0),
            at: 24_000,
        }],
        speech: vec![(24_000, 72_000)],
        aim: Aim {
            loudness: Some((Lufs::new(-27.0), LoudnessUnits::new(2.0))),
            true_peak: Some(DbTp::new(-2.0)),
            ..Aim::default()
        },
    }
}
