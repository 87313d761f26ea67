//! `bext`: the broadcast extension (EBU Tech 3285 v2 §2).

use nom::bytes::complete::take;
use nom::number::complete::{le_i16, le_u16, le_u64};
use nom::{IResult, Parser as _};

use super::super::codes::{NOT_ASCII, NOT_TAKEN, SHORT_BEXT};
use super::super::model::{Bext, Hundredths};
use super::super::text::{self, Encoding};
use crate::finding::Finding;

/// Bytes before the coding history.
pub(crate) const FIXED: usize = 602;

/// The fields as they stand.
struct Raw<'a> {
    /// Description, originator, reference, date, time.
    texts: [&'a [u8]; 5],
    time_reference: u64,
    version: u16,
    umid: [u8; 64],
    levels: [i16; 5],
    history: &'a [u8],
}

/// Reads a body of any length; what is missing is unset.
pub(crate) fn parse(body: &[u8]) -> (Bext, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut padded = [0; FIXED];
    let body = if body.len() < FIXED {
        let message = format!("the chunk has {} bytes, fewer than {FIXED}", body.len());
        findings.push(Finding::new(SHORT_BEXT, message));
        for (to, from) in padded.iter_mut().zip(body) {
            *to = *from;
        }
        &padded
    } else {
        body
    };
    let bext = fields(body).map_or_else(|_| Bext::default(), |(_, raw)| value(&raw, &mut findings));
    (bext, findings)
}

fn fields(body: &[u8]) -> IResult<&[u8], Raw<'_>> {
    let texts = (
        take(256_usize),
        take(32_usize),
        take(32_usize),
        take(10_usize),
        take(8_usize),
    );
    let (rest, texts) = { texts }.parse(body)?;
    let (rest, (time_reference, version, umid)) = (le_u64, le_u16, take(64_usize)).parse(rest)?;
    let (rest, levels) = (le_i16, le_i16, le_i16, le_i16, le_i16).parse(rest)?;
    let (history, _reserved) = take(180_usize).parse(rest)?;
    let raw = Raw {
        texts: texts.into(),
        time_reference,
        version,
        umid: umid.try_into().unwrap_or([0; 64]),
        levels: levels.into(),
        history,
    };
    Ok((&[], raw))
}

fn value(raw: &Raw<'_>, findings: &mut Vec<Finding>) -> Bext {
    const NAMES: [&str; 5] = [
        "description",
        "originator",
        "originator reference",
        "origination date",
        "origination time",
    ];
    let mut text = |bytes: &[u8], name: &str| {
        let (text, encoding) = text::decode(bytes);
        if encoding != Encoding::Ascii {
            let shown = text::short(&text);
            let message = format!("the {name} is {}: {shown:?}", encoding.name());
            findings.push(Finding::new(NOT_ASCII, message));
        }
        text
    };
    let mut texts = raw
        .texts
        .iter()
        .zip(NAMES)
        .map(|(bytes, name)| text(bytes, name));
    let mut next = || texts.next().unwrap_or_default();
    let with_levels = raw.version >= 2;
    let level = |i: usize| {
        raw.levels
            .get(i)
            .copied()
            .and_then(Hundredths::new)
            .filter(|_| with_levels)
    };
    let (description, originator, originator_reference) = (next(), next(), next());
    let (origination_date, origination_time) = (next(), next());
    Bext {
        description,
        originator,
        originator_reference,
        origination_date,
        origination_time,
        time_reference: raw.time_reference,
        version: raw.version,
        umid: (raw.version >= 1 && raw.umid != [0; 64]).then_some(raw.umid),
        loudness_value: level(0),
        loudness_range: level(1),
        max_true_peak: level(2),
        max_momentary: level(3),
        max_short_term: level(4),
        coding_history: text(raw.history, "coding history"),
    }
}

/// The body, of an even length, and what of the texts could not be taken as it is. The version is the
/// lowest that has a place for what is set; unused bytes are zero, unused levels 0x7FFF.
pub(crate) fn bytes(bext: &Bext) -> (Vec<u8>, Vec<Finding>) {
    let mut writer = Writing::default();
    writer.text("description", &bext.description, 256);
    writer.text("originator", &bext.originator, 32);
    writer.text("originator reference", &bext.originator_reference, 32);
    writer.text("origination date", &bext.origination_date, 10);
    writer.text("origination time", &bext.origination_time, 8);
    let version = version(bext);
    writer.out.extend(bext.time_reference.to_le_bytes());
    writer.out.extend(version.to_le_bytes());
    writer.out.extend(bext.umid.unwrap_or([0; 64]));
    for level in levels(bext) {
        let unset = if version < 2 { 0 } else { Hundredths::UNSET };
        writer
            .out
            .extend(level.map_or(unset, Hundredths::get).to_le_bytes());
    }
    writer.out.resize(FIXED, 0);
    let history = writer.ascii("coding history", &bext.coding_history);
    writer.out.extend(history);
    if !writer.out.len().is_multiple_of(2) {
        writer.out.push(0);
    }
    (writer.out, writer.findings)
}

fn version(bext: &Bext) -> u16 {
    if levels(bext).iter().any(Option::is_some) {
        2
    } else {
        u16::from(bext.umid.is_some())
    }
}

fn levels(bext: &Bext) -> [Option<Hundredths>; 5] {
    [
        bext.loudness_value,
        bext.loudness_range,
        bext.max_true_peak,
        bext.max_momentary,
        bext.max_short_term,
    ]
}

/// The body while it is written.
#[derive(Debug, Default)]
struct Writing {
    out: Vec<u8>,
    findings: Vec<Finding>,
}

impl Writing {
    /// A field of `length` bytes, zeros behind the text.
    fn text(&mut self, name: &str, text: &str, length: usize) {
        let mut field = self.ascii(name, text);
        if field.len() > length {
            let message = format!("the {name} has {} characters, cut to {length}", field.len());
            self.findings.push(Finding::new(NOT_TAKEN, message));
        }
        field.resize(length, 0);
        self.out.extend(field);
    }

    fn ascii(&mut self, name: &str, text: &str) -> Vec<u8> {
        let Some(ascii) = text::to_ascii(text) else {
            return text.as_bytes().to_vec();
        };
        let (from, to) = (text::short(text), text::short(&ascii));
        let message = format!("the {name} {from:?} is written as {to:?}");
        self.findings.push(Finding::new(NOT_TAKEN, message));
        ascii.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Bext {
        Bext {
            description: "Reel 1 dialogue".to_owned(),
            originator: "stemline".to_owned(),
            originator_reference: "ZZSTM0000000000001200000000000012"
                .chars()
                .take(32)
                .collect(),
            origination_date: "2024-05-01".to_owned(),
            origination_time: "12:00:00".to_owned(),
            time_reference: 5_000_000_000,
            version: 2,
            umid: Some([7; 64]),
            loudness_value: Hundredths::new(-2701),
            loudness_range: None,
            max_true_peak: Hundredths::new(-203),
            max_momentary: Hundredths::new(0),
            max_short_term: Hundredths::new(-1),
            coding_history: "A=PCM,F=48000,W=24,M=mono,T=x\r\n".to_owned(),
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        let (body, findings) = bytes(&full());
        assert_eq!(findings, []);
        assert!(body.len().is_multiple_of(2));
        assert_eq!(parse(&body), (full(), Vec::new()));
    }

    #[test]
    fn fields_lie_where_the_standard_says() {
        let (body, _) = bytes(&full());
        assert_eq!(body[338..346], 5_000_000_000_u64.to_le_bytes());
        assert_eq!(body[346..348], [2, 0]);
        assert_eq!(body[348..412], [7; 64]);
        assert_eq!(
            body[412..416],
            [0x73, 0xF5, 0xFF, 0x7F],
            "-27.01 LUFS, no range"
        );
        assert_eq!(body[422..602], [0; 180]);
        assert_eq!(&body[602..607], b"A=PCM");
    }

    #[test]
    fn the_version_is_the_lowest_that_holds_what_is_set() {
        let version_of = |bext: &Bext| parse(&bytes(bext).0).0.version;
        let mut bext = full();
        assert_eq!(version_of(&bext), 2);
        for level in [
            &mut bext.loudness_value,
            &mut bext.max_true_peak,
            &mut bext.max_momentary,
            &mut bext.max_short_term,
        ] {
            *level = None;
        }
        assert_eq!(version_of(&bext), 1);
        bext.umid = None;
        assert_eq!(version_of(&bext), 0);
    }

    #[test]
    fn a_short_body_gives_what_it_has() {
        let (body, _) = bytes(&full());
        let (bext, findings) = parse(&body[..346]);
        assert_eq!(bext.time_reference, 5_000_000_000);
        assert_eq!((bext.version, bext.umid), (0, None));
        assert_eq!(findings[0].code, SHORT_BEXT);
        assert_eq!(parse(&[]).0, Bext::default());
    }

    #[test]
    fn text_that_does_not_fit_is_told() {
        let bext = Bext {
            description: "é".repeat(300),
            ..Bext::default()
        };
        let (body, findings) = bytes(&bext);
        assert_eq!(body[..256], [b'e'; 256]);
        assert_eq!(body.len(), FIXED);
        assert_eq!(findings.len(), 2);
    }

    #[test]
    fn levels_round_half_away_from_zero() {
        use crate::audio::{DbTp, Lufs};
        let lufs = |value| Hundredths::from_lufs(Lufs::new(value)).map(Hundredths::get);
        assert_eq!(lufs(-27.005), Some(-2701));
        assert_eq!(lufs(-23.0), Some(-2300));
        assert_eq!(lufs(f64::NEG_INFINITY), None);
        assert_eq!(lufs(f64::NAN), None);
        assert_eq!(lufs(-100.0), None);
        assert_eq!(
            Hundredths::from_dbtp(DbTp::new(0.005)).unwrap().to_string(),
            "0.01"
        );
        assert_eq!(Hundredths::new(-5).unwrap().to_string(), "-0.05");
        assert_eq!(Hundredths::new(0x7FFF), None);
    }
}
