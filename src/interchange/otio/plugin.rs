//! Effects in the words of Resolve, Premiere and Final Cut Pro 7 XML, brought to one form.

use super::json::Number;
use super::model::{Key, Maker, Parameter, Plugin};
use super::parse::{Parsed, Parser};
use super::time::Moment;

impl Plugin {
    /// A clip volume with one value, as an editor would write it.
    pub(super) fn volume(maker: Maker, value: Option<f64>) -> Self {
        let parameter = Parameter {
            name: "volume".into(),
            value,
            default: Some(0.0),
            ..Parameter::default()
        };
        Self {
            maker,
            name: "Clip Volume".into(),
            disabled: false,
            parameters: vec![parameter],
        }
    }

    fn empty(maker: Maker) -> Self {
        Self {
            maker,
            name: String::new(),
            disabled: false,
            parameters: Vec::new(),
        }
    }
}

impl Parser<'_, '_> {
    /// `{"Effect Name", "Enabled", "Parameters": [{"Parameter ID", "Parameter Value", "Key Frames"}]}`
    pub(super) fn resolve_plugin(&mut self) -> Parsed<Plugin> {
        self.count()?;
        let mut plugin = Plugin::empty(Maker::Resolve);
        self.each(&mut |parser, key| {
            match key {
                "Effect Name" => plugin.name = parser.label()?.unwrap_or_default(),
                "Enabled" => plugin.disabled = parser.scalar()? == Some(0.0),
                "Parameters" => parser.each_of(&mut |parser| {
                    let parameter = parser.resolve_parameter()?;
                    plugin.parameters.push(parameter);
                    Ok(())
                })?,
                _ => parser.json.skip()?,
            }
            Ok(())
        })?;
        Ok(plugin)
    }

    fn resolve_parameter(&mut self) -> Parsed<Parameter> {
        self.count()?;
        let mut parameter = Parameter::default();
        self.each(&mut |parser, key| {
            match key {
                "Parameter ID" => parameter.name = parser.lower_label()?,
                "Parameter Value" => parameter.value = parser.scalar()?,
                "Default Parameter Value" => parameter.default = parser.scalar()?,
                "Key Frames" => parser.each(&mut |parser, frame| {
                    let frame = frame.parse().map_or(Number::NONE, Number::Int);
                    let key = parser.resolve_key(frame)?;
                    parameter.keys.extend(key);
                    Ok(())
                })?,
                _ => parser.json.skip()?,
            }
            Ok(())
        })?;
        Ok(parameter)
    }

    fn resolve_key(&mut self, frame: Number) -> Parsed<Option<Key>> {
        self.count()?;
        let (mut value, mut curved) = (None, false);
        self.each(&mut |parser, key| {
            match key {
                "Value" => value = parser.scalar()?,
                "InBez" | "OutBez" => {
                    curved = true;
                    parser.json.skip()?;
                }
                _ => parser.json.skip()?,
            }
            Ok(())
        })?;
        let at = Moment {
            value: frame,
            rate: Number::NONE,
        };
        Ok(value.map(|value| Key { at, value, curved }))
    }

    /// `{"MatchName", "Parameters": [{"DisplayName", "ID", "StartValue", "Keyframes"}]}`
    pub(super) fn premiere_plugin(&mut self) -> Parsed<Plugin> {
        self.count()?;
        let mut plugin = Plugin::empty(Maker::Premiere);
        self.each(&mut |parser, key| {
            match key {
                "MatchName" => plugin.name = parser.label()?.unwrap_or_default(),
                "Bypass" | "IsBypassed" => plugin.disabled = parser.scalar()? == Some(1.0),
                "Parameters" => parser.each_of(&mut |parser| {
                    let parameter = parser.premiere_parameter()?;
                    plugin.parameters.push(parameter);
                    Ok(())
                })?,
                _ => parser.json.skip()?,
            }
            Ok(())
        })?;
        Ok(plugin)
    }

    fn premiere_parameter(&mut self) -> Parsed<Parameter> {
        self.count()?;
        let mut parameter = Parameter::default();
        self.each(&mut |parser, key| {
            match key {
                "DisplayName" => parameter.name = parser.lower_label()?,
                "ID" => parameter.id = parser.scalar()?.map(|id| id as i64),
                "StartValue" => parameter.value = parser.premiere_key()?.map(|key| key.value),
                "Keyframes" => parser.each_of(&mut |parser| {
                    let key = parser.premiere_key()?;
                    parameter.keys.extend(key);
                    Ok(())
                })?,
                _ => parser.json.skip()?,
            }
            Ok(())
        })?;
        Ok(parameter)
    }

    fn premiere_key(&mut self) -> Parsed<Option<Key>> {
        self.count()?;
        let (mut at, mut value) = (None, None);
        self.each(&mut |parser, key| {
            match key {
                "Position" => at = parser.moment(key)?,
                "Value" => value = parser.scalar()?,
                _ => parser.json.skip()?,
            }
            Ok(())
        })?;
        Ok(value.map(|value| Key {
            at: at.unwrap_or(Moment::ZERO),
            value,
            curved: false,
        }))
    }

    /// `{"name", "effectid", "parameter": {"parameterid", "value", "keyframe": {"when", "value"}}}`,
    /// perhaps inside `"effect"`; where there may be several there is a list or the one.
    pub(super) fn fcp_plugin(&mut self) -> Parsed<Plugin> {
        self.count()?;
        let mut plugin = Plugin::empty(Maker::Fcp);
        self.each(&mut |parser, key| parser.fcp_part(key, &mut plugin))?;
        Ok(plugin)
    }

    fn fcp_part(&mut self, key: &str, plugin: &mut Plugin) -> Parsed<()> {
        match key {
            "effect" => {
                let disabled = plugin.disabled;
                *plugin = self.fcp_effect()?;
                plugin.disabled |= disabled;
            }
            "effectid" => plugin.name = self.label()?.unwrap_or_default(),
            "name" if plugin.name.is_empty() => plugin.name = self.label()?.unwrap_or_default(),
            "enabled" => plugin.disabled |= self.scalar()? == Some(0.0),
            "parameter" => self.each_of(&mut |parser| {
                let parameter = parser.fcp_parameter()?;
                plugin.parameters.push(parameter);
                Ok(())
            })?,
            _ => self.json.skip()?,
        }
        Ok(())
    }

    fn fcp_effect(&mut self) -> Parsed<Plugin> {
        let mut plugin = Plugin::empty(Maker::Fcp);
        self.each(&mut |parser, key| {
            if key == "effect" {
                return parser.json.skip();
            }
            parser.fcp_part(key, &mut plugin)
        })?;
        Ok(plugin)
    }

    fn fcp_parameter(&mut self) -> Parsed<Parameter> {
        self.count()?;
        let mut parameter = Parameter::default();
        self.each(&mut |parser, key| {
            match key {
                "parameterid" => parameter.name = parser.lower_label()?,
                "value" => parameter.value = parser.scalar()?,
                "keyframe" => parser.each_of(&mut |parser| {
                    let key = parser.fcp_key()?;
                    parameter.keys.extend(key);
                    Ok(())
                })?,
                _ => parser.json.skip()?,
            }
            Ok(())
        })?;
        Ok(parameter)
    }

    fn fcp_key(&mut self) -> Parsed<Option<Key>> {
        self.count()?;
        let (mut when, mut value) = (None, None);
        self.each(&mut |parser, key| {
            match key {
                "when" => when = parser.scalar()?,
                "value" => value = parser.scalar()?,
                _ => parser.json.skip()?,
            }
            Ok(())
        })?;
        let at = Moment {
            value: when.map_or(Number::NONE, Number::Float),
            rate: Number::NONE,
        };
        Ok(value.map(|value| Key {
            at,
            value,
            curved: false,
        }))
    }

    fn lower_label(&mut self) -> Parsed<String> {
        Ok(self.label()?.unwrap_or_default().to_lowercase())
    }
}
