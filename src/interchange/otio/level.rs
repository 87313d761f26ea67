//! Gain, mute and speed that effects and metadata give an item.

use super::codes;
use super::json::Number;
use super::layout::Layout;
use super::model::{EffectClass, Key, Maker, Object, Parameter, Plugin};
use super::time::frame_rate;
use crate::audio::{Decibels, Gain};
use crate::finding::{Code, Finding, Place, Severity};
use crate::time::{Pos, Rational, Record};
use crate::timeline::{Automation, Curve, GainPoint};

/// Premiere's clip volume at full scale, in decibels: its level is `10^((dB − 15)/20)`.
const PREMIERE_TOP: f64 = 15.0;

/// Largest gain that is believed, in decibels.
const MAX_GAIN: f64 = 100.0;

/// Steps in which a speed is kept.
const SPEED_STEPS: i64 = 1_000_000;

/// What an item does to its sound.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Levels {
    /// Constant gain.
    pub(super) gain: Decibels,
    /// Gain over time, on the record axis.
    pub(super) curves: Vec<Automation>,
    /// Muted by an effect.
    pub(super) muted: bool,
    /// Speed where it is not 1; 0 where it changes.
    pub(super) speed: Option<Rational>,
    /// The editor's own fade handles: lengths in seconds.
    pub(super) fades: [Option<Rational>; 2],
}

/// Where an item stands, for its keyframes.
#[derive(Debug, Clone)]
pub(super) struct Stand {
    /// Record seconds at which its trimmed start sounds.
    pub(super) start: Rational,
    /// The instant of its own time that is its trimmed start.
    pub(super) source: Rational,
    /// The instant of its own time at which its media file starts.
    pub(super) media: Rational,
    /// Whether it is disabled, or something around it.
    pub(super) silent: bool,
    /// For findings.
    pub(super) place: Place,
}

/// What a parameter does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Level,
    Mute,
    FadeIn,
    FadeOut,
    Nothing,
    Unknown,
}

impl Layout<'_> {
    /// What the effects and metadata of an item do to its sound.
    pub(super) fn levels(&mut self, item: &Object, stand: &Stand) -> Levels {
        let mut levels = Levels {
            gain: self.stated_gain(item, stand),
            curves: Vec::new(),
            muted: false,
            speed: self.speed(item, stand),
            fades: [None; 2],
        };
        let plugins: Vec<&Plugin> = plugins(item).collect();
        let equaliser = plugins.iter().any(|p| p.name == "Fairlight Clip Equaliser");
        for plugin in plugins {
            // The bands of an equaliser that is off stand there all the same.
            if equaliser || plugin.name != "Fairlight Equaliser Band" {
                self.plugin(plugin, item, stand, &mut levels);
            }
        }
        for effect in item.effects.iter().filter(|effect| !effect.disabled) {
            let known = effect.plugin.is_some() || effect.gain_db.is_some();
            match effect.class {
                EffectClass::Volume(gain) => {
                    let gain = Gain::new(gain.to_f64()).decibels();
                    levels.gain = levels.gain.plus(self.believed(gain, stand));
                }
                EffectClass::Other if !known => {
                    let message = format!("effect `{}` is not applied", effect.name);
                    self.note(&codes::NOT_APPLIED, &stand.place, message);
                }
                _ => {}
            }
        }
        levels
    }

    /// The gain of our metadata; the effect that repeats it is not added.
    fn stated_gain(&mut self, item: &Object, stand: &Stand) -> Decibels {
        let stated = item.facts.as_ref().and_then(|facts| facts.gain_db);
        let effects: Vec<f64> = item
            .effects
            .iter()
            .filter(|effect| !effect.disabled)
            .filter_map(|effect| effect.gain_db)
            .collect();
        let sum: f64 = effects.iter().sum();
        let gain = stated.unwrap_or(sum);
        if !effects.is_empty() && (gain - sum).abs() > 1e-9 {
            let message = format!("the metadata say {gain:+} dB, the effects {sum:+} dB");
            self.note(&codes::GAIN_CONFLICT, &stand.place, message);
        }
        self.believed(Decibels::new(gain), stand)
    }

    /// The gain, or none where it is not a level.
    fn believed(&mut self, gain: Decibels, stand: &Stand) -> Decibels {
        if gain.value() <= MAX_GAIN {
            return gain;
        }
        let message = format!("gain of {} dB is not a level and not applied", gain.value());
        self.note(&codes::BAD_GAIN, &stand.place, message);
        Decibels::ZERO
    }

    fn speed(&mut self, item: &Object, stand: &Stand) -> Option<Rational> {
        let mut speed = 1.0;
        let mut found = None;
        for effect in item.effects.iter().filter(|effect| !effect.disabled) {
            match effect.class {
                EffectClass::Speed(scalar) if (scalar.to_f64() - 1.0).abs() > 1e-9 => {
                    speed *= scalar.to_f64();
                    found = Some(format!("it plays at {scalar} times the speed"));
                }
                EffectClass::VariableSpeed => {
                    speed = 0.0;
                    found = Some("its speed changes".to_owned());
                }
                _ => {}
            }
        }
        let finding = Finding::new(&codes::SPEED, found?).at(stand.place.clone());
        self.log.add(if stand.silent {
            finding.severity(Severity::Info)
        } else {
            finding
        });
        let steps = (speed * SPEED_STEPS as f64).round();
        let whole = if steps.is_nan() { 0 } else { steps as i64 };
        Some(Rational::new(whole, SPEED_STEPS).unwrap_or(Rational::ZERO))
    }

    fn plugin(&mut self, plugin: &Plugin, item: &Object, stand: &Stand, levels: &mut Levels) {
        let family = plugin.family();
        if family == Family::Picture {
            return;
        }
        let mut strange = family == Family::Foreign;
        for parameter in &plugin.parameters {
            match plugin.meaning(family, parameter) {
                Meaning::Level => self.level(plugin.maker, parameter, item, stand, levels),
                Meaning::Mute if parameter.keys.is_empty() => {
                    levels.muted |= parameter.value.is_some_and(|value| value >= 0.5);
                }
                Meaning::Mute => strange |= parameter.keys.iter().any(|key| key.value >= 0.5),
                Meaning::FadeIn => levels.fades[0] = self.frames(parameter.value),
                Meaning::FadeOut => levels.fades[1] = self.frames(parameter.value),
                Meaning::Nothing => {}
                Meaning::Unknown => strange |= !plugin.is_neutral(parameter),
            }
        }
        if strange {
            let message = format!("effect `{}` is not applied", plugin.name);
            self.note(&codes::NOT_APPLIED, &stand.place, message);
        }
    }

    /// A length in frames of the timeline.
    fn frames(&self, frames: Option<f64>) -> Option<Rational> {
        let frames = frames.filter(|frames| *frames > 0.0 && *frames < 1e9)?;
        self.frames.seconds_at(frames.round() as i64)
    }

    /// A level: constant, or a curve where it has keyframes.
    fn level(
        &mut self,
        maker: Maker,
        parameter: &Parameter,
        item: &Object,
        stand: &Stand,
        levels: &mut Levels,
    ) {
        let mut values = parameter.keys.iter().map(|key| key.value);
        let first = values.next();
        if let Some(value) = first.or(parameter.value)
            && values.all(|other| other == value)
        {
            let gain = self.believed(decibels(maker, value), stand);
            levels.gain = levels.gain.plus(gain);
            self.explain(maker == Maker::Premiere && gain != Decibels::ZERO);
            return;
        }
        let points: Vec<GainPoint> = parameter
            .keys
            .iter()
            .filter_map(|key| self.point(maker, key, item, stand))
            .collect();
        let curved = parameter.keys.iter().any(|key| key.curved);
        self.explain(curved || maker == Maker::Premiere && !points.is_empty());
        if points.len() < parameter.keys.len() {
            let message = "keyframes without a time or level are not applied";
            self.note(&codes::BAD_GAIN, &stand.place, message);
        }
        let curve = match maker {
            Maker::Resolve => Curve::LinearDecibels,
            Maker::Premiere | Maker::Fcp => Curve::LinearGain,
        };
        if !points.is_empty() {
            levels.curves.push(sorted(curve, points));
        }
    }

    fn point(
        &mut self,
        maker: Maker,
        key: &Key,
        item: &Object,
        stand: &Stand,
    ) -> Option<GainPoint> {
        let mut at = key.at;
        let from = match maker {
            // Frames of the timeline from the clip's start on it.
            Maker::Resolve => {
                at.rate = Number::Float(self.frames.fps().to_f64());
                Rational::ZERO
            }
            // Media time.
            Maker::Premiere => stand.source,
            // Frames of the clip's rate from the start of the file.
            Maker::Fcp => {
                let rate = item.source_range.map(|range| range.length.rate);
                let stated = rate.filter(|rate| frame_rate(*rate).is_some());
                at.rate = stated.unwrap_or(Number::Float(self.frames.fps().to_f64()));
                stand.source.checked_sub(stand.media)?
            }
        };
        let late = self.clock.seconds(at).ok()?.checked_sub(from)?;
        let gain = decibels(maker, key.value);
        (gain.value() <= MAX_GAIN).then_some(())?;
        Some(GainPoint {
            at: Pos::<Record>::new(stand.start.checked_add(late)?),
            gain,
        })
    }

    /// Says once how levels were read.
    fn explain(&mut self, needed: bool) {
        if needed && !std::mem::replace(&mut self.levels_explained, true) {
            let message =
                "levels of Premiere, or curved keyframes, were read as this code explains";
            self.log.file_note(&codes::LEVEL_READ, message);
        }
    }

    /// A finding about an item.
    pub(super) fn note(&mut self, code: &'static Code, place: &Place, message: impl Into<String>) {
        let finding = Finding::new(code, message);
        self.log.add(finding.at(place.clone()));
    }
}

fn plugins(item: &Object) -> impl Iterator<Item = &Plugin> {
    let on = item.effects.iter().filter(|effect| !effect.disabled);
    let effects = on.filter_map(|effect| effect.plugin.as_deref());
    let metadata = item.facts.iter().flat_map(|facts| &facts.plugins);
    effects.chain(metadata).filter(|plugin| !plugin.disabled)
}

fn sorted(curve: Curve, mut points: Vec<GainPoint>) -> Automation {
    points.sort_by_key(|point| point.at);
    Automation { curve, points }
}

fn decibels(maker: Maker, value: f64) -> Decibels {
    let linear = |value: f64| Gain::new(value.max(0.0)).decibels().value();
    let db = match maker {
        Maker::Resolve => value,
        Maker::Premiere => linear(value) + PREMIERE_TOP,
        Maker::Fcp => linear(value),
    };
    // Unity is written as a rounded number and must leave every bit as it is.
    Decibels::new(if db.abs() < 1e-5 { 0.0 } else { db })
}

/// The built-in effects that every clip carries, or that concern picture only: (maker, start of the
/// name, family).
const BUILT_IN: &[(Maker, &str, Family)] = &[
    (Maker::Resolve, "Fairlight Clip Volume", Family::Volume),
    (Maker::Resolve, "Clip Volume", Family::Volume),
    (Maker::Resolve, "Volume", Family::Volume),
    (Maker::Resolve, "Audio Level", Family::Volume),
    (Maker::Resolve, "Audio Gain", Family::Volume),
    (Maker::Resolve, "Fairlight Clip", Family::Common),
    (Maker::Resolve, "Fairlight Equaliser Band", Family::Common),
    (Maker::Resolve, "Retime", Family::Picture),
    (Maker::Resolve, "Transform", Family::Picture),
    (Maker::Resolve, "Cropping", Family::Picture),
    (Maker::Resolve, "Composite", Family::Picture),
    (Maker::Resolve, "Dynamic Zoom", Family::Picture),
    (Maker::Resolve, "Lens Correction", Family::Picture),
    (Maker::Resolve, "Stabili", Family::Picture),
    (Maker::Resolve, "Video Faders", Family::Picture),
    (Maker::Premiere, "Internal Volume", Family::Volume),
    (Maker::Premiere, "Volume", Family::Volume),
    (Maker::Premiere, "Internal Channel Volume", Family::Common),
    (Maker::Premiere, "AudioFader", Family::Common),
    (Maker::Premiere, "PanProcessor", Family::Common),
    (Maker::Premiere, "AE.ADBE", Family::Picture),
    (Maker::Fcp, "audiolevels", Family::Volume),
    (Maker::Fcp, "Audio Levels", Family::Volume),
    (Maker::Fcp, "audiopan", Family::Common),
    (Maker::Fcp, "Audio Pan", Family::Common),
];

/// What kind of effect an editor's effect is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    /// Clip volume.
    Volume,
    /// Part of every clip or track: it matters only where a parameter is off its neutral value.
    Common,
    /// Picture.
    Picture,
    /// Anything else, a plug-in for example: its mere presence changes the sound.
    Foreign,
}

impl Plugin {
    fn family(&self) -> Family {
        let row = BUILT_IN
            .iter()
            .find(|(maker, start, _)| *maker == self.maker && self.name.starts_with(start));
        match row {
            Some((_, _, family)) => *family,
            None if self.name.is_empty() => Family::Common,
            None => Family::Foreign,
        }
    }

    fn meaning(&self, family: Family, parameter: &Parameter) -> Meaning {
        let name = parameter.name.as_str();
        match (self.maker, family) {
            (Maker::Resolve, Family::Volume) => match name {
                "volume" | "level" | "gain" | "audio level" => Meaning::Level,
                "faderin" => Meaning::FadeIn,
                "faderout" => Meaning::FadeOut,
                _ => Meaning::Unknown,
            },
            (Maker::Resolve, _) if name == "eq band index" => Meaning::Nothing,
            (Maker::Premiere, Family::Volume) => match (parameter.id, name) {
                (Some(0), _) | (None, "mute") => Meaning::Mute,
                (Some(1), _) | (None, "level") => Meaning::Level,
                _ => Meaning::Unknown,
            },
            // The track's fader: the law of its volume is not known, so only its mute is read.
            (Maker::Premiere, _) if self.name == "AudioFader" && parameter.id == Some(1) => {
                Meaning::Mute
            }
            (Maker::Fcp, Family::Volume) if name == "level" => Meaning::Level,
            _ => Meaning::Unknown,
        }
    }
}

impl Plugin {
    /// Whether a parameter leaves the sound as it is.
    fn is_neutral(&self, parameter: &Parameter) -> bool {
        let pan = self.name == "PanProcessor";
        let neutral = |value: f64| match (self.maker, parameter.default) {
            (_, Some(default)) => value == default,
            (Maker::Premiere, None) if pan => value == 0.5,
            // Volumes: unity of a clip's level, or of a linear gain.
            (Maker::Premiere, None) => {
                value == 1.0 || decibels(self.maker, value) == Decibels::ZERO
            }
            (_, None) => value == 0.0,
        };
        let mut keys = parameter.keys.iter();
        parameter.value.is_none_or(neutral) && keys.all(|key| neutral(key.value))
    }
}
