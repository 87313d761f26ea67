//! From paths and texts to the model.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::super::codes::{BAD_IXML, IXML_ROUNDED, IXML_VALUE, TOO_MANY};
use super::super::text;
use super::flat::{self, Fault};
use super::{Ixml, IxmlFileSet, IxmlHistory, IxmlSpeed, IxmlTrack};
use crate::finding::Finding;
use crate::time::{FrameRate, Rational};

/// Tracks of a file: its channels are counted in 16 bits.
const MAX_TRACKS: usize = 1 << 16;

/// Values that are told of one file; the first few say it all.
const MAX_FINDINGS: usize = 20;

/// The high or low half of the time stamp, and the other half.
#[derive(Debug, Default)]
struct Stamp {
    high: Option<i64>,
    low: Option<i64>,
}

/// The model while it is filled.
#[derive(Debug, Default)]
struct Filling {
    ixml: Ixml,
    stamp: Stamp,
    findings: Vec<Finding>,
}

pub(super) fn parse(body: &[u8]) -> (Ixml, Vec<Finding>) {
    let flat = flat::read(decode(body).trim_matches(padding));
    let mut filling = Filling::default();
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
    (filling.ixml, filling.findings)
}

/// Any Unicode encoding is allowed: a byte order mark decides, then the NULs of UTF-16's first
/// character, then whether it is valid UTF-8, then the encoding that the declaration names.
fn decode(body: &[u8]) -> Cow<'_, str> {
    let encoding = match body {
        [0xFF, 0xFE, ..] | [b'<', 0, ..] => UTF_16LE,
        [0xFE, 0xFF, ..] | [0, b'<', ..] => UTF_16BE,
        _ if std::str::from_utf8(body).is_ok() => UTF_8,
        _ => declared(body).unwrap_or(WINDOWS_1252),
    };
    encoding.decode_with_bom_removal(body).0
}

/// What stands before and behind the XML in chunks of a fixed size.
fn padding(c: char) -> bool {
    c == '\0' || c.is_whitespace()
}

fn declared(body: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(body.get(..body.len().min(200))?);
    let (_, rest) = head.split_once("encoding=")?;
    let quote = rest.chars().next()?;
    let label = rest.get(1..)?.split(quote).next()?;
    // A declaration of UTF-8 that is not: Latin 1 is what such writers mean.
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
            || self.track(&path, value);
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

    fn speed(&mut self, path: &str, value: &str) -> bool {
        let Some(name) = path.strip_prefix("SPEED/") else {
            return path == "SPEED" && value.is_empty();
        };
        let rate: fn(&mut IxmlSpeed) -> &mut Option<Rational> = match name {
            "MASTER_SPEED" => |speed| &mut speed.master_speed,
            "CURRENT_SPEED" => |speed| &mut speed.current_speed,
            "TIMECODE_RATE" => |speed| &mut speed.timecode_rate,
            _ => return self.speed_number(path, name, value),
        };
        match rational(value) {
            Ok(value) => *rate(self.speed_mut()) = value,
            Err(()) => return self.rounded(path, value, rate),
        }
        true
    }

    /// What some write instead of a fraction: `29.97` is the rate of the field that it rounds.
    fn rounded(
        &mut self,
        path: &str,
        value: &str,
        field: fn(&mut IxmlSpeed) -> &mut Option<Rational>,
    ) -> bool {
        let near = value.parse::<f64>().ok().map(FrameRate::from_f64);
        let Some(Ok(rate)) = near else {
            return self.odd(path, value, "a fraction such as 24000/1001");
        };
        *field(self.speed_mut()) = Some(rate.fps());
        let message = format!("{path} is {value}, taken as {}", rate.fps());
        self.findings.push(Finding::new(IXML_ROUNDED, message));
        true
    }

    fn speed_number(&mut self, path: &str, name: &str, value: &str) -> bool {
        let field: fn(&mut IxmlSpeed) -> &mut Option<u32> = match name {
            "FILE_SAMPLE_RATE" => |speed| &mut speed.file_sample_rate,
            "AUDIO_BIT_DEPTH" => |speed| &mut speed.audio_bit_depth,
            "DIGITIZER_SAMPLE_RATE" => |speed| &mut speed.digitizer_sample_rate,
            "TIMESTAMP_SAMPLE_RATE" => |speed| &mut speed.timestamp_sample_rate,
            _ => return self.speed_other(path, name, value),
        };
        match number(value) {
            Ok(value) => *field(self.speed_mut()) = value,
            Err(()) => return self.odd(path, value, "a whole number"),
        }
        true
    }

    fn speed_other(&mut self, path: &str, name: &str, value: &str) -> bool {
        match (name, value.to_ascii_uppercase().as_str()) {
            ("NOTE", _) => self.speed_mut().note = some(value),
            ("TIMECODE_FLAG", "") => {}
            ("TIMECODE_FLAG", "DF") => self.speed_mut().drop_frame = Some(true),
            ("TIMECODE_FLAG", "NDF" | "ND") => self.speed_mut().drop_frame = Some(false),
            ("TIMECODE_FLAG", _) => return self.odd(path, value, "DF or NDF"),
            ("TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI", _) => return self.half(path, value, true),
            ("TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO", _) => return self.half(path, value, false),
            _ => return false,
        }
        true
    }

    fn half(&mut self, path: &str, value: &str, high: bool) -> bool {
        let Ok(half) = number(value) else {
            return self.odd(path, value, "a whole number");
        };
        if high {
            self.stamp.high = half;
        } else {
            self.stamp.low = half;
        }
        true
    }

    /// Joins the time stamp; a group in which nothing was set is none.
    fn finish(&mut self) {
        self.combine_stamp();
        let ixml = &mut self.ixml;
        ixml.speed.take_if(|speed| *speed == IxmlSpeed::default());
        ixml.file_set.take_if(|set| *set == IxmlFileSet::default());
        ixml.history
            .take_if(|history| *history == IxmlHistory::default());
    }

    /// High · 2^32 + low. Some writers print the low half as a signed number, others put the whole
    /// count into it.
    fn combine_stamp(&mut self) {
        let (high, low) = (self.stamp.high, self.stamp.low);
        if high.is_none() && low.is_none() {
            return;
        }
        let samples = combine(high.unwrap_or(0), low.unwrap_or(0));
        self.speed_mut().timestamp_samples = samples;
    }

    fn file_set(&mut self, path: &str, value: &str) -> bool {
        let Some(name) = path.strip_prefix("FILE_SET/") else {
            return path == "FILE_SET" && value.is_empty();
        };
        let set = self.ixml.file_set.get_or_insert_with(IxmlFileSet::default);
        match name {
            "FAMILY_UID" => set.family_uid = some(value),
            "FAMILY_NAME" => set.family_name = some(value),
            "FILE_SET_INDEX" => set.file_set_index = some(value),
            "TOTAL_FILES" => match number(value) {
                Ok(total) => set.total_files = total,
                Err(()) => return self.odd(path, value, "a whole number"),
            },
            _ => return false,
        }
        true
    }

    fn history(&mut self, path: &str, value: &str) -> bool {
        let Some(name) = path.strip_prefix("HISTORY/") else {
            return path == "HISTORY" && value.is_empty();
        };
        let history = self.ixml.history.get_or_insert_with(IxmlHistory::default);
        match name {
            "ORIGINAL_FILENAME" => history.original_filename = some(value),
            "PARENT_FILENAME" => history.parent_filename = some(value),
            "PARENT_UID" => history.parent_uid = some(value),
            _ => return false,
        }
        true
    }

    fn track(&mut self, path: &str, value: &str) -> bool {
        // The count is that of the tracks.
        if path == "TRACK_LIST/TRACK_COUNT" || path == "TRACK_LIST" && value.is_empty() {
            return true;
        }
        let Some(rest) = path.strip_prefix("TRACK_LIST/TRACK") else {
            return false;
        };
        let (index, name) = rest.split_once('/').unwrap_or((rest, ""));
        let Some(index) = track_index(index) else {
            return false;
        };
        if self.ixml.tracks.len() <= index {
            self.ixml.tracks.resize_with(index + 1, IxmlTrack::default);
        }
        let Some(track) = self.ixml.tracks.get_mut(index) else {
            return false;
        };
        let field = match name {
            "CHANNEL_INDEX" => &mut track.channel_index,
            "INTERLEAVE_INDEX" => &mut track.interleave_index,
            "NAME" => return set(&mut track.name, value),
            "FUNCTION" => return set(&mut track.function, value),
            _ => return name.is_empty() && value.is_empty(),
        };
        match number(value) {
            Ok(value) => *field = value,
            Err(()) => return self.odd(path, value, "a whole number"),
        }
        true
    }

    fn speed_mut(&mut self) -> &mut IxmlSpeed {
        self.ixml.speed.get_or_insert_with(IxmlSpeed::default)
    }

    /// Notes a value that makes no sense; always false, so that it stays among the others.
    fn odd(&mut self, path: &str, value: &str, expected: &str) -> bool {
        if self.findings.len() < MAX_FINDINGS {
            let (path, value) = (text::short(path), text::short(value));
            let message = format!("{path} is {value:?}, expected {expected}");
            self.findings.push(Finding::new(IXML_VALUE, message));
        }
        false
    }
}

/// The whole count from its halves; `None` when it does not fit.
pub(in super::super) fn combine(high: i64, low: i64) -> Option<u64> {
    let low = u64::try_from(low).unwrap_or(u64::from(low as u32));
    u64::try_from(high)
        .ok()?
        .checked_mul(1 << 32)?
        .checked_add(low)
}

/// Nothing is the first, `[k]` the k-th.
fn track_index(text: &str) -> Option<usize> {
    if text.is_empty() {
        return Some(0);
    }
    let number = text.strip_prefix('[')?.strip_suffix(']')?;
    let index = number.parse::<usize>().ok()?.checked_sub(1)?;
    (index < MAX_TRACKS).then_some(index)
}

fn some(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}

fn set(field: &mut Option<String>, value: &str) -> bool {
    *field = some(value);
    true
}

/// A number, or nothing where nothing stands.
fn number<T: std::str::FromStr>(value: &str) -> Result<Option<T>, ()> {
    if value.is_empty() {
        return Ok(None);
    }
    value.parse().map(Some).map_err(|_| ())
}

/// `24000/1001`, `25`; nothing where nothing stands.
fn rational(value: &str) -> Result<Option<Rational>, ()> {
    if value.is_empty() {
        return Ok(None);
    }
    let rate = value.parse::<Rational>().map_err(|_| ())?;
    let positive = !rate.is_zero() && !rate.is_negative();
    positive.then_some(Some(rate)).ok_or(())
}
