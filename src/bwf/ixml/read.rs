//! From paths and texts to the model.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::super::codes::{BAD_IXML, IXML_ENCODING, IXML_VALUE, TOO_MANY};
use super::super::text;
use super::flat::{self, Fault};
use super::{Ixml, IxmlFileSet, IxmlHistory, IxmlSpeed};
use crate::finding::Finding;

/// Values that are told of one file; the first few say it all.
const MAX_FINDINGS: usize = 20;

/// The halves of a count of 64 bits, each as it is written.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Halves {
    /// The upper 32 bits.
    pub high: Option<i64>,
    /// The lower 32 bits.
    pub low: Option<i64>,
}

/// The model while it is filled.
#[derive(Debug, Default)]
pub(super) struct Filling {
    pub ixml: Ixml,
    /// The time stamp.
    pub stamp: Halves,
    /// The places of the sync points.
    pub sync: Vec<Halves>,
    /// Paths and texts of halves that make no whole.
    pub unjoined: Vec<(String, String)>,
    pub findings: Vec<Finding>,
}

pub(super) fn parse(body: &[u8]) -> (Option<Ixml>, Vec<Finding>) {
    let (text, guess) = decode(body);
    let text = text.trim_matches(padding);
    if text.is_empty() {
        return (None, Vec::new());
    }
    let flat = flat::read(text);
    let mut filling = Filling::default();
    filling.findings.extend(guess.map(|guess| {
        Finding::new(
            IXML_ENCODING,
            format!("the iXML is not valid UTF-8; it was read as {guess}"),
        )
    }));
    for (path, text) in flat.entries {
        filling.take(path, text);
    }
    filling.finish();
    let finding = flat.fault.map(|fault| match fault {
        Fault::TooMuch => Finding::new(TOO_MANY, "the iXML has more elements than any real file"),
        Fault::Malformed(reason) => {
            Finding::new(BAD_IXML, format!("the iXML is damaged: {reason}"))
        }
    });
    filling.findings.extend(finding);
    (Some(filling.ixml), filling.findings)
}

/// Any Unicode encoding is allowed: a byte order mark decides, then the NULs of UTF-16's first
/// character, then whether it is valid UTF-8, then the encoding that the declaration names. Without
/// any of these it is a guess, which is told.
fn decode(body: &[u8]) -> (Cow<'_, str>, Option<&'static str>) {
    let encoding = match body {
        [0xFF, 0xFE, ..] | [b'<', 0, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] | [0, b'<', ..] => Some(UTF_16BE),
        _ if std::str::from_utf8(body).is_ok() => Some(UTF_8),
        _ => declared(body),
    };
    if let Some(encoding) = encoding {
        return (encoding.decode_with_bom_removal(body).0, None);
    }
    let lossy = String::from_utf8_lossy(body);
    let broken = |c: &char| *c == '\u{FFFD}';
    let letters = lossy.chars().filter(|c| !c.is_ascii());
    if letters.clone().filter(broken).count() * 2 < letters.count() {
        return (lossy, Some("UTF-8 with broken characters"));
    }
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(body);
    (text, Some("Windows Latin 1"))
}

/// What stands before and behind the XML in chunks of a fixed size.
fn padding(c: char) -> bool {
    c == '\0' || c.is_whitespace()
}

/// The encoding that the declaration names, unless it is UTF-8: what is not valid is not that.
fn declared(body: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(body.get(..body.len().min(200))?);
    let (_, rest) = head.split_once("encoding=")?;
    let quote = rest.chars().next()?;
    let label = rest.get(1..)?.split(quote).next()?;
    Encoding::for_label(label.as_bytes()).filter(|&e| e != UTF_8)
}

impl Filling {
    /// Puts a text into its field; without one, or where it makes no sense there, among the others.
    fn take(&mut self, path: String, text: String) {
        let value = text.trim();
        let taken = self.top(&path, value)
            || self.speed(&path, value)
            || self.file_set(&path, value)
            || self.history(&path, value)
            || self.track(&path, value)
            || self.sync_point(&path, value);
        if !taken {
            self.ixml.others.push((path, text));
        }
    }

    fn top(&mut self, path: &str, value: &str) -> bool {
        let ixml = &mut self.ixml;
        let field = match path {
            "IXML_VERSION" => &mut ixml.version,
            "PROJECT" => &mut ixml.project,
            "SCENE" => &mut ixml.scene,
            "TAKE" => &mut ixml.take,
            "TAPE" => &mut ixml.tape,
            "FILE_UID" => &mut ixml.file_uid,
            "UBITS" => &mut ixml.ubits,
            "NOTE" => &mut ixml.note,
            "USER" => &mut ixml.user,
            "CIRCLED" => return self.flag(path, value, |ixml, circled| ixml.circled = circled),
            _ => return false,
        };
        *field = some(value);
        true
    }

    fn flag(&mut self, path: &str, value: &str, set: fn(&mut Ixml, Option<bool>)) -> bool {
        let flag = match value.to_ascii_uppercase().as_str() {
            "TRUE" => Some(true),
            "FALSE" => Some(false),
            "" => None,
            _ => return self.odd(path, value, "TRUE or FALSE"),
        };
        set(&mut self.ixml, flag);
        true
    }

    /// Joins what was written in halves; a group in which nothing was set is none.
    fn finish(&mut self) {
        let stamp = std::mem::take(&mut self.stamp);
        if let Some(samples) = stamp.join() {
            self.speed_mut().timestamp_samples = Some(samples);
        }
        let path = "SPEED/TIMESTAMP_SAMPLES_SINCE_MIDNIGHT";
        if stamp.join().is_none() {
            self.unjoined.extend(stamp.texts(path, "_HI", "_LO"));
        }
        self.join_sync_points();
        for (path, text) in std::mem::take(&mut self.unjoined) {
            self.odd(&path, &text, "half of a count of 64 bits");
            self.ixml.others.push((path, text));
        }
        self.check_rate();
        let ixml = &mut self.ixml;
        ixml.speed.take_if(|speed| *speed == IxmlSpeed::default());
        ixml.file_set.take_if(|set| *set == IxmlFileSet::default());
        ixml.history
            .take_if(|history| *history == IxmlHistory::default());
    }

    /// Notes a value that makes no sense; always false, so that it stays among the others.
    pub(super) fn odd(&mut self, path: &str, value: &str, expected: &str) -> bool {
        if self.findings.len() < MAX_FINDINGS {
            let (path, value) = (text::short(path), text::short(value));
            let message = format!("{path} is {value:?}, expected {expected}");
            self.findings.push(Finding::new(IXML_VALUE, message));
        }
        false
    }
}

impl Halves {
    /// High · 2^32 + low; `None` where neither is set or the result does not fit. Some writers print
    /// the low half as a signed number, others put the whole count into it.
    pub(in super::super) fn join(self) -> Option<u64> {
        let low = self.low.or(self.high.and(Some(0)))?;
        let low = u64::try_from(low).unwrap_or(u64::from(low as u32));
        let high = u64::try_from(self.high.unwrap_or(0)).ok()?;
        high.checked_mul(1 << 32)?.checked_add(low)
    }

    /// The halves that are set under the paths that they came from.
    pub(super) fn texts(self, path: &str, high: &str, low: &str) -> Vec<(String, String)> {
        let halves = [(high, self.high), (low, self.low)];
        let text =
            |(name, half): (&str, Option<i64>)| Some((format!("{path}{name}"), half?.to_string()));
        halves.into_iter().filter_map(text).collect()
    }
}

/// A text, or nothing where nothing stands.
pub(super) fn some(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}

/// A number, or nothing where nothing stands.
pub(super) fn number<T: std::str::FromStr>(value: &str) -> Result<Option<T>, ()> {
    if value.is_empty() {
        return Ok(None);
    }
    value.parse().map(Some).map_err(|_| ())
}
