//! Numbers, flags and times as texts.

use super::super::codes::{NAN_GAIN, TIME_CUT, VALUE};
use super::super::notes::Notes;
use super::super::time::{Parsed, parse, parse_seconds};
use super::super::xml::Tag;
use crate::audio::{Decibels, Gain};
use crate::time::Rational;

/// The loudest gain that is believed: +60 dB.
const LOUDEST: f64 = 1000.0;

/// A value, or a note that it is none.
pub(super) fn value<T>(
    notes: &mut Notes,
    offset: u64,
    what: &str,
    text: &str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    let text = text.trim();
    let value = read(text);
    if value.is_none() {
        let shown: String = text.chars().take(40).collect();
        notes.at(VALUE, offset, what, || format!("`{what}` is `{shown}`"));
    }
    value
}

/// The value of an attribute, where it is there and is one.
pub(super) fn attribute<T>(
    notes: &mut Notes,
    tag: &Tag,
    name: &str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    value(notes, tag.offset, name, tag.attribute(name)?, read)
}

/// A finite number.
pub(super) fn float(text: &str) -> Option<f64> {
    // Words such as `inf` and `nan` parse too.
    let number: f64 = text.parse().ok()?;
    number.is_finite().then_some(number)
}

/// A flag.
pub(super) fn flag(text: &str) -> Option<bool> {
    match text {
        "1" | "true" => Some(true),
        "0" | "false" => Some(false),
        _ => None,
    }
}

/// A small whole number.
pub(super) fn byte(text: &str) -> Option<u8> {
    text.parse().ok()
}

/// 0 to 10.
pub(super) fn importance(text: &str) -> Option<u8> {
    byte(text).filter(|importance| *importance <= 10)
}

/// A time with colons.
pub(super) fn time(notes: &mut Notes, tag: &Tag, name: &str) -> Option<Rational> {
    let parsed = attribute(notes, tag, name, parse)?;
    Some(whole(notes, tag.offset, parsed))
}

/// A time with or without colons.
pub(super) fn seconds(notes: &mut Notes, tag: &Tag, name: &str) -> Option<Rational> {
    let parsed = attribute(notes, tag, name, parse_seconds)?;
    Some(whole(notes, tag.offset, parsed))
}

fn whole(notes: &mut Notes, offset: u64, parsed: Parsed) -> Rational {
    if parsed.cut {
        notes.at(TIME_CUT, offset, "", || {
            "a time has more than 13 decimals".to_owned()
        });
    }
    parsed.seconds
}

/// A gain: linear, or in dB where the unit says so (BS.2076-2 §5.4.3).
pub(super) fn gain(notes: &mut Notes, offset: u64, text: &str, decibels: bool) -> Option<Gain> {
    let text = text.trim();
    let number = match text {
        "-inf" | "-INF" | "-Inf" if decibels => return Some(Gain::new(0.0)),
        text => value(notes, offset, "gain", text, float)?,
    };
    let linear = if decibels {
        Decibels::new(number).gain().linear()
    } else {
        number
    };
    if !linear.is_finite() || linear.abs() > LOUDEST {
        notes.at(NAN_GAIN, offset, "", || format!("gain {text}"));
        return None;
    }
    Some(Gain::new(linear))
}

/// Whether a `gain` element is in dB.
pub(super) fn in_decibels(tag: &Tag) -> bool {
    tag.attribute("gainUnit")
        .is_some_and(|unit| unit.trim().eq_ignore_ascii_case("dB"))
}
