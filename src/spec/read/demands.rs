//! Limits, leader and pops, metadata, checks.

use std::collections::BTreeMap;

use toml::{Spanned, Value};

use super::{Read, Reader, hint_of};
use crate::audio::{DbFs, DbTp, LoudnessUnits, Lufs};
use crate::finding::Severity;
use crate::spec::checks::{CHECKS, CheckDefault};
use crate::spec::demands::{
    BextDemand, CheckRule, Gate, LoudnessLimit, Md5Demand, MetadataDemand, OtherLimits, Padding,
    PeakLimit, PopRule, PopTone, ProgrammeDemand, RangeLimit, ReelForm, StartTimecode,
};
use crate::spec::quantity::{Quantity, TcLength, Unit};
use crate::spec::raw::{
    RawLimits, RawLoudness, RawMetadata, RawPadding, RawPeak, RawPop, RawProgramme, RawRange, Text,
};
use crate::stem::StemCode;
use crate::time::FrameRate;

/// What `gate` may say.
const GATES: [(&str, Gate); 2] = [("programme", Gate::Programme), ("dialogue", Gate::Dialogue)];

/// What a check's severity may be called.
const SEVERITIES: [(&str, Option<Severity>); 4] = [
    ("error", Some(Severity::Error)),
    ("warning", Some(Severity::Warning)),
    ("info", Some(Severity::Info)),
    ("off", None),
];

impl Reader<'_> {
    pub(super) fn programme(&self, raw: &RawProgramme) -> Read<ProgrammeDemand> {
        let start = |text: &Text| {
            StartTimecode::parse(text.get_ref()).ok_or_else(|| {
                let message = format!("`{}` is not a timecode of every rate", text.get_ref());
                let hint = "write hh:mm:ss:ff, such as 01:00:00:00".to_owned();
                self.fault(text, message, Some(hint))
            })
        };
        Ok(ProgrammeDemand {
            start: raw.start.as_ref().map(start).transpose()?,
            reels: self.choice(raw.reels.as_ref(), &ReelForm::NAMES, ReelForm::LongPlay)?,
        })
    }

    pub(super) fn padding(&self, raw: &RawPadding) -> Read<Padding> {
        let length = |text: Option<&Text>| {
            let read = |text: &Text| self.measured(text, TcLength::parse(text.get_ref()));
            text.map(read).transpose()
        };
        let pop = match raw.pop.as_ref().map(|pop| (pop, pop.get_ref().as_str())) {
            None => PopRule::Unsaid,
            Some((_, "forbidden")) => PopRule::Forbidden,
            Some((pop, text)) => {
                let read = TcLength::parse(text).map(PopRule::At);
                let hint = || "write `2 s`, or `forbidden`".to_owned();
                read.map_err(|fault| self.fault(pop, fault.message, Some(hint())))?
            }
        };
        let padding = Padding {
            length: length(raw.length.as_ref())?.unwrap_or(TcLength::ZERO),
            max: length(raw.max.as_ref())?,
            pop,
        };
        if let (PopRule::At(_), TcLength::Seconds(0) | TcLength::Frames(0), Some(pop)) =
            (padding.pop, padding.length, &raw.pop)
        {
            let message = "a pop, but no length to stand in".to_owned();
            return Err(self.fault(pop, message, Some("give `length` too".to_owned())));
        }
        let longest = raw.max.as_ref().zip(padding.max);
        if let (Some(text), Some((max, limit))) = (&raw.length, longest) {
            let over = |rate: FrameRate| padding.length.frames(rate) > limit.frames(rate);
            // Seconds and frames compare at a rate; the highest is the kindest to frames.
            if FrameRate::ALL.iter().copied().all(over) {
                let message = format!("`{}` is over `max`, {}", text.get_ref(), max.get_ref());
                let hint = "make it shorter, or `max` longer if the client takes it".to_owned();
                return Err(self.fault(text, message, Some(hint)));
            }
        }
        Ok(padding)
    }

    pub(super) fn pop(&self, raw: &RawPop) -> Read<PopTone> {
        let quantity = |text: Option<&Text>, unit, unsaid| {
            let read = text.map(|text| self.quantity(text, &[unit])).transpose()?;
            Ok(read.unwrap_or(Quantity::new(unsaid, unit)))
        };
        let frequency = quantity(raw.frequency.as_ref(), Unit::Hertz, 1000.0)?;
        let level = quantity(raw.level.as_ref(), Unit::Dbfs, -20.0)?;
        for (text, wrong) in [
            (
                &raw.frequency,
                !(20.0..=20_000.0).contains(&frequency.value),
            ),
            (&raw.level, !(-120.0..=0.0).contains(&level.value)),
        ] {
            if let (Some(text), true) = (text, wrong) {
                let message = format!("`{}` is nothing to hear", text.get_ref());
                return Err(self.fault(text, message, None));
            }
        }
        Ok(PopTone {
            frequency,
            level: DbFs::new(level.value),
            channels: Self::all(&raw.channels, |channel| self.channel(channel))?,
        })
    }

    pub(super) fn metadata(&self, raw: &RawMetadata) -> Read<MetadataDemand> {
        Ok(MetadataDemand {
            bext: self.choice(
                raw.bext.as_ref(),
                &BextDemand::NAMES,
                BextDemand::BeforeData,
            )?,
            ixml: raw.ixml.unwrap_or(true),
            md5: self.choice(raw.md5.as_ref(), &Md5Demand::NAMES, Md5Demand::None)?,
            mhl: raw.mhl.unwrap_or(false),
        })
    }

    pub(super) fn loudness(
        &self,
        raw: &[RawLoudness],
        known: &[StemCode],
    ) -> Read<Vec<LoudnessLimit>> {
        let level = |text: &Text| Ok(Lufs::new(self.level(text, Unit::Lufs, -70.0)?));
        Self::all(raw, |raw| {
            let tolerance = self.tolerance(&raw.tolerance)?;
            let qc_tolerance = raw.qc_tolerance.as_ref().map(|text| self.tolerance(text));
            Ok(LoudnessLimit {
                gate: self.choice(Some(&raw.gate), &GATES, Gate::Programme)?,
                target: level(&raw.target)?,
                tolerance,
                qc_tolerance: qc_tolerance.transpose()?.unwrap_or(tolerance),
                lowest: raw.lowest.as_ref().map(level).transpose()?,
                max_short_term: raw.max_short_term.as_ref().map(level).transpose()?,
                max_momentary: raw.max_momentary.as_ref().map(level).transpose()?,
                measurement: raw.measurement.clone(),
                of: Self::all(&raw.of, |code| self.known_code(code, known))?,
            })
        })
    }

    /// A level from `lowest` to full scale.
    fn level(&self, text: &Text, unit: Unit, lowest: f64) -> Read<f64> {
        let read = self.quantity(text, &[unit])?;
        if !(lowest..=0.0).contains(&read.value) {
            let message = format!("`{}` is not a level from {lowest} to 0", text.get_ref());
            return Err(self.fault(text, message, None));
        }
        Ok(read.value)
    }

    /// A difference of loudness that is not negative.
    fn tolerance(&self, text: &Text) -> Read<LoudnessUnits> {
        let read = self.quantity(text, &[Unit::Lu])?;
        if read.value < 0.0 {
            let message = format!("`{}` is below zero", text.get_ref());
            return Err(self.fault(text, message, None));
        }
        Ok(LoudnessUnits::new(read.value))
    }

    pub(super) fn peak(&self, raw: &[RawPeak], known: &[StemCode]) -> Read<Vec<PeakLimit>> {
        let level = |text: &Text| Ok(DbTp::new(self.level(text, Unit::Dbtp, -60.0)?));
        Self::all(raw, |raw| {
            let true_peak = level(&raw.true_peak)?;
            let qc_true_peak = raw.qc_true_peak.as_ref().map(level);
            Ok(PeakLimit {
                true_peak,
                qc_true_peak: qc_true_peak.transpose()?.unwrap_or(true_peak),
                of: Self::all(&raw.of, |code| self.known_code(code, known))?,
            })
        })
    }

    pub(super) fn range(&self, raw: &[RawRange], known: &[StemCode]) -> Read<Vec<RangeLimit>> {
        let range = |text: Option<&Text>| text.map(|text| self.tolerance(text)).transpose();
        Self::all(raw, |raw| {
            let (min, max) = (range(raw.min.as_ref())?, range(raw.max.as_ref())?);
            if let (Some(text), Some(true)) = (&raw.min, min.zip(max).map(|(a, b)| a > b)) {
                let message = format!("`{}` is over `max`", text.get_ref());
                return Err(self.fault(text, message, None));
            }
            Ok(RangeLimit {
                min,
                max,
                dialogue_max: range(raw.dialogue_max.as_ref())?,
                of: Self::all(&raw.of, |code| self.known_code(code, known))?,
            })
        })
    }

    pub(super) fn limits(&self, raw: &RawLimits) -> Read<OtherLimits> {
        let quantity = |text: Option<&Text>, unit| {
            let read = |text: &Text| self.quantity(text, &[unit]);
            text.map(read).transpose()
        };
        Ok(OtherLimits {
            lfe_low_pass: quantity(raw.lfe_low_pass.as_ref(), Unit::Hertz)?,
            leq_m: quantity(raw.leq_m.as_ref(), Unit::Db)?,
        })
    }

    pub(super) fn checks(
        &self,
        raw: &BTreeMap<Text, Spanned<Value>>,
    ) -> Read<Vec<(&'static str, CheckRule)>> {
        raw.iter()
            .map(|(id, said)| {
                let check = self.check_of(id)?;
                let mut rule = check.rule();
                match said.get_ref() {
                    Value::String(word) => rule.severity = self.severity(id, word)?,
                    Value::Table(values) => {
                        for (key, value) in values {
                            self.check_value(id, check, &mut rule, (key, value))?;
                        }
                    }
                    other => {
                        let message = format!("`{other}` is neither a severity nor a table");
                        let hint = format!("write {} = \"error\", or \"off\"", check.id);
                        return Err(self.fault(said, message, Some(hint)));
                    }
                }
                Ok((check.id, rule))
            })
            .collect()
    }

    fn check_of(&self, id: &Text) -> Read<&'static CheckDefault> {
        let known = CHECKS.iter().find(|check| check.id == id.get_ref());
        known.ok_or_else(|| {
            let names: Vec<&str> = CHECKS.iter().map(|check| check.id).collect();
            let hint = hint_of(id.get_ref(), &names, "checks are");
            self.fault(
                id,
                format!("there is no check `{}`", id.get_ref()),
                Some(hint),
            )
        })
    }

    fn check_value(
        &self,
        at: &Text,
        check: &CheckDefault,
        rule: &mut CheckRule,
        (key, value): (&str, &Value),
    ) -> Read<()> {
        let Value::String(value) = value else {
            let message = format!("`{key}` is a text: a number with its unit");
            let unit = check.thresholds.iter().find(|row| row.0 == key);
            let unit = unit.map_or_else(String::new, |row| format!(" {}", row.2));
            let hint = format!("write {key} = \"{value}{}\"", unit.trim_end());
            return Err(self.fault(at, message, Some(hint)));
        };
        if key == "severity" {
            rule.severity = self.severity(at, value)?;
            return Ok(());
        }
        let Some(&(name, _, unit)) = check.thresholds.iter().find(|row| row.0 == key) else {
            let mut names: Vec<&str> = check.thresholds.iter().map(|row| row.0).collect();
            names.push("severity");
            let hint = hint_of(key, &names, "keys are");
            let message = format!("the check {} has no `{key}`", check.id);
            return Err(self.fault(at, message, Some(hint)));
        };
        let read = Quantity::parse(value, &[unit]);
        let quantity = read.map_err(|fault| self.fault(at, fault.message, Some(fault.hint)))?;
        let signed = matches!(
            unit,
            Unit::Db | Unit::Dbfs | Unit::Dbtp | Unit::Lufs | Unit::Lu
        );
        if quantity.value < 0.0 && !signed {
            return Err(self.fault(at, format!("`{value}` is below zero"), None));
        }
        rule.thresholds.insert(name, quantity);
        Ok(())
    }

    fn severity(&self, at: &Text, word: &str) -> Read<Option<Severity>> {
        let known = SEVERITIES.iter().find(|known| known.0 == word);
        known.map(|known| known.1).ok_or_else(|| {
            let names: Vec<&str> = SEVERITIES.iter().map(|known| known.0).collect();
            let hint = hint_of(word, &names, "words here are");
            self.fault(at, format!("`{word}` is not a severity"), Some(hint))
        })
    }
}
