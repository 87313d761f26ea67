//! The groups of iXML that stand once: `SPEED`, `FILE_SET`, `HISTORY`.

use super::super::codes::{IXML_ROUNDED, IXML_VALUE};
use super::read::{Filling, number, some};
use super::{IxmlFileSet, IxmlHistory, IxmlSpeed};
use crate::finding::Finding;
use crate::time::{FrameRate, Rational};

impl Filling {
    pub(super) fn speed(&mut self, path: &str, value: &str) -> bool {
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

    /// Notes a timecode rate that is none of the field, and drop-frame counting where there is none.
    pub(super) fn check_rate(&mut self) {
        let speed = self.ixml.speed.as_ref();
        let rate = speed.and_then(|speed| speed.timecode_rate);
        let drop = speed.and_then(|speed| speed.drop_frame).unwrap_or(false);
        match rate.map(FrameRate::from_rational) {
            Some(Err(e)) => self.told("SPEED/TIMECODE_RATE", &e.to_string()),
            Some(Ok(rate)) => {
                if let Err(e) = rate.with_drop(drop) {
                    self.told("SPEED/TIMECODE_FLAG", &e.to_string());
                }
            }
            None => {}
        }
    }

    fn told(&mut self, path: &str, reason: &str) {
        let finding = Finding::new(IXML_VALUE, format!("{path}: {reason}"));
        self.findings.push(finding);
    }

    pub(super) fn file_set(&mut self, path: &str, value: &str) -> bool {
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

    pub(super) fn history(&mut self, path: &str, value: &str) -> bool {
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

    pub(super) fn speed_mut(&mut self) -> &mut IxmlSpeed {
        self.ixml.speed.get_or_insert_with(IxmlSpeed::default)
    }
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
