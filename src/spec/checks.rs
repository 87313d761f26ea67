//! The checks that a spec can speak of, with what holds where it does not.

use std::collections::BTreeMap;

use super::demands::CheckRule;
use super::quantity::{Quantity, Unit};
use crate::finding::Severity;

/// A check: its id, what it looks at, how much a fault matters, its thresholds.
#[derive(Debug)]
pub struct CheckDefault {
    /// Family and number, e.g. `S1`.
    pub id: &'static str,
    /// What it looks at.
    pub title: &'static str,
    /// How much a fault matters unless the spec says otherwise; off where absent.
    pub severity: Option<Severity>,
    /// Name, value and unit of each threshold.
    pub thresholds: &'static [(&'static str, f64, Unit)],
}

use Severity::{Error, Info, Warning};
use Unit::{
    Bits, Db, Dbfs, Frames, Hertz, Lsb, Lu, Milliseconds, One, Percent, Ppm, Samples, Seconds,
    Sigma,
};

const fn row(
    id: &'static str,
    title: &'static str,
    severity: Severity,
    thresholds: &'static [(&'static str, f64, Unit)],
) -> CheckDefault {
    CheckDefault {
        id,
        title,
        severity: Some(severity),
        thresholds,
    }
}

const fn off(id: &'static str, title: &'static str) -> CheckDefault {
    CheckDefault {
        id,
        title,
        severity: None,
        thresholds: &[],
    }
}

/// Every check that a spec's `[checks]` may name. The values are this program's proposals; a spec
/// that has the client's own says where they come from.
pub const CHECKS: &[CheckDefault] = &[
    row(
        "F1",
        "sample rate, bit depth and coding",
        Error,
        &[("effective_bits", 16.0, Bits)],
    ),
    row("F2", "channel count and order", Error, &[]),
    row("F3", "file names", Error, &[]),
    row(
        "F4",
        "start timecode in every place",
        Error,
        &[("tolerance", 0.0, Samples)],
    ),
    row(
        "F5",
        "start timecode of the client",
        Error,
        &[("tolerance", 0.0, Samples)],
    ),
    row(
        "F6",
        "one length and start for all files",
        Error,
        &[("tolerance", 0.0, Samples)],
    ),
    row(
        "F7",
        "a whole number of frames",
        Warning,
        &[("tolerance", 0.0, Samples)],
    ),
    row("F8", "checksums", Error, &[]),
    row("L1", "integrated loudness, range and maxima", Error, &[]),
    row("L2", "dialogue loudness", Error, &[]),
    row("L3", "the client's second way to measure", Error, &[]),
    row("L4", "true peak", Error, &[]),
    row(
        "L5",
        "what the measured stretch changes",
        Warning,
        &[("difference", 0.2, Lu)],
    ),
    row(
        "S1",
        "silence",
        Warning,
        &[("level", -60.0, Dbfs), ("duration", 3.0, Seconds)],
    ),
    row(
        "S2",
        "digital silence at head and tail",
        Warning,
        &[("duration", 1.0, Frames)],
    ),
    row(
        "S3",
        "dropouts",
        Error,
        &[
            ("level", -90.0, Dbfs),
            ("around", -50.0, Dbfs),
            ("edge", 5.0, Milliseconds),
            ("shortest", 1.0, Milliseconds),
            ("longest", 2.0, Seconds),
        ],
    ),
    row("S4", "channels without sound", Error, &[]),
    row(
        "C1",
        "clipped samples",
        Error,
        &[("level", -0.01, Dbfs), ("run", 3.0, Samples)],
    ),
    row(
        "C2",
        "flat tops below full scale",
        Warning,
        &[("step", 0.001, One)],
    ),
    row("C3", "clicks at edits", Error, &[("deviation", 8.0, Sigma)]),
    row(
        "C4",
        "direct current",
        Warning,
        &[("level", -60.0, Dbfs), ("window", 10.0, Seconds)],
    ),
    row(
        "C5",
        "hum",
        Warning,
        &[("over", 15.0, Db), ("duration", 2.0, Seconds)],
    ),
    row(
        "P1",
        "phase",
        Warning,
        &[
            ("correlation", -0.5, One),
            ("share", 10.0, Percent),
            ("window", 400.0, Milliseconds),
        ],
    ),
    row("P2", "polarity and swapped channels", Error, &[]),
    row(
        "P3",
        "equal channels",
        Warning,
        &[("correlation", 0.9995, One)],
    ),
    row(
        "P4",
        "what the LFE channel holds",
        Warning,
        &[("above", 120.0, Hertz), ("level", -30.0, Db)],
    ),
    row("P5", "channels in the wrong place", Warning, &[]),
    row(
        "Y1",
        "head pop",
        Error,
        &[("tolerance", 0.0, Samples), ("foreign", 1.0, Samples)],
    ),
    row(
        "Y2",
        "tail pop",
        Error,
        &[("tolerance", 0.0, Samples), ("foreign", 1.0, Samples)],
    ),
    row(
        "Y3",
        "offset and drift between stems",
        Error,
        &[("offset", 0.0, Samples), ("drift", 0.0, Ppm)],
    ),
    row("Y4", "reel joins", Error, &[("tolerance", 0.0, Samples)]),
    row(
        "N1",
        "stems sum to the mix",
        Error,
        &[("steps", 2.0, Lsb), ("level", -90.0, Dbfs)],
    ),
    row(
        "N2",
        "stems sum to the mix below the limiter",
        Warning,
        &[("below", 0.1, Db)],
    ),
    row(
        "N3",
        "wide stems sum to composites",
        Error,
        &[("steps", 2.0, Lsb)],
    ),
    row(
        "N4",
        "music and effects sum to the M&E",
        Error,
        &[("steps", 2.0, Lsb)],
    ),
    row(
        "M1",
        "dialogue leaking into the M&E",
        Error,
        &[("warn", -40.0, Db), ("fail", -30.0, Db)],
    ),
    row("M2", "dialogue clips in the M&E", Error, &[]),
    row(
        "M3",
        "holes in the M&E under dialogue",
        Error,
        &[("drop", 12.0, Db), ("duration", 0.5, Seconds)],
    ),
    row("M4", "effects missing from the M&E", Error, &[]),
    row(
        "M5",
        "music changed in the M&E",
        Error,
        &[("difference", 0.05, Db)],
    ),
    row(
        "M6",
        "material in both M&E and OPT",
        Error,
        &[("coherence", -40.0, Db)],
    ),
    row("M7", "true peak of the M&E", Error, &[]),
    off("M8", "speech in the M&E by recognition"),
    row(
        "D1",
        "dub against M&E",
        Info,
        &[("offset", 1.0, Milliseconds)],
    ),
];

/// The check of an id.
pub(super) fn default_of(id: &str) -> Option<&'static CheckDefault> {
    CHECKS.iter().find(|check| check.id == id)
}

impl CheckDefault {
    /// What holds where a spec says nothing.
    pub(super) fn rule(&self) -> CheckRule {
        let threshold =
            |&(name, value, unit): &(&'static str, f64, Unit)| (name, Quantity::new(value, unit));
        CheckRule {
            severity: self.severity,
            thresholds: self
                .thresholds
                .iter()
                .map(threshold)
                .collect::<BTreeMap<_, _>>(),
        }
    }
}
