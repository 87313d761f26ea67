//! `bext`: the broadcast extension (EBU Tech 3285 v2 §2).

use nom::bytes::complete::take;
use nom::number::complete::{le_i16, le_u16, le_u64};
use nom::{IResult, Parser as _};

use super::super::codes::{NOT_ASCII, SHORT_BEXT};
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
            let message = format!("the {name} is {}: {text:?}", encoding.name());
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
