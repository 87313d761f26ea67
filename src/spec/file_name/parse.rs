//! From a file name back to its fields.

use regex::Regex;

use super::Part;
use super::fields::{Field, FileFields, kilohertz, without_point};
use crate::audio::{Channel, ChannelLayout, SampleRate};
use crate::spec::model::Spec;
use crate::spec::read::RATES;
use crate::stem::StemCode;
use crate::time::FrameRate;

impl Spec {
    /// The fields of a file that is named after this spec's template; `None` where the name is not.
    ///
    /// What the template does not say comes from the spec: of a name without a frame rate the first
    /// that the client takes, else 24.
    pub fn parse_file_name(&self, name: &str) -> Option<FileFields> {
        let pattern = Regex::new(&self.name_pattern()).ok()?;
        let found = pattern.captures(name)?;
        let text = |wanted: Field| {
            let fields = self.file_name.parts.iter().filter_map(|part| match part {
                Part::Field { field, .. } => Some(*field),
                Part::Text(_) => None,
            });
            let at = fields.enumerate().find(|(_, field)| *field == wanted)?.0;
            found.get(at + 1).map(|found| found.as_str())
        };
        let code = match (text(Field::Code), text(Field::Asset)) {
            (Some(code), _) => code.parse().ok()?,
            (None, asset) => {
                let said = [
                    Field::Layout,
                    Field::Channels,
                    Field::Soundfield,
                    Field::Language,
                ]
                .map(|field| (field, text(field)));
                self.code_of_asset(asset?, &said)?.clone()
            }
        };
        let layout = match text(Field::Layout) {
            Some(layout) => layout.parse().ok()?,
            None => self.layout_of_code(&code)?,
        };
        let rate = self.frame_rates.first().copied().unwrap_or(FrameRate::F24);
        let mut fields =
            self.fields_of(text(Field::Title).unwrap_or_default(), &code, &layout, rate);
        fields.reel = text(Field::Part).and_then(|part| part.strip_prefix('r')?.parse().ok());
        let put = |to: &mut String, field| {
            if let Some(text) = text(field) {
                text.clone_into(to);
            }
        };
        put(&mut fields.version, Field::Version);
        put(&mut fields.soundfield, Field::Soundfield);
        put(&mut fields.language, Field::Language);
        let rates = RATES
            .iter()
            .filter_map(|&hertz| SampleRate::new(hertz).ok());
        if let Some(rate) = rates
            .clone()
            .find(|rate| Some(kilohertz(*rate).as_str()) == text(Field::Rate))
        {
            fields.rate = rate;
        }
        if let Some(bits) = text(Field::Bits).and_then(|bits| bits.strip_suffix('b')?.parse().ok())
        {
            fields.bits = bits;
        }
        let frame_rate =
            |rate: &FrameRate| Some(without_point(*rate).as_str()) == text(Field::FrameRate);
        if let Some(rate) = FrameRate::ALL.into_iter().find(frame_rate) {
            fields.frame_rate = rate.with_drop(false).unwrap_or(rate);
        }
        fields.channel = text(Field::Channel).and_then(|channel| channel.parse::<Channel>().ok());
        Some(fields)
    }

    /// The code of an asset. Several outputs may share a word: the mix and its fold-down.
    fn code_of_asset(&self, asset: &str, said: &[(Field, Option<&str>)]) -> Option<&StemCode> {
        let fits = |code: &StemCode| {
            let layout = self.layout_of_code(code)?;
            let fields = self.fields_of("", code, &layout, FrameRate::F24);
            let same = |&(field, text): &(Field, Option<&str>)| {
                text.is_none_or(|text| field.value(&fields, self) == text)
            };
            Some(said.iter().filter(|said| same(said)).count())
        };
        let named = self.codes().filter(|code| self.asset(code) == asset);
        // Versions and languages may have been changed for the job: the best fit counts.
        named.rev().max_by_key(|code| fits(code))
    }

    /// The template as a regular expression with a group for each field.
    fn name_pattern(&self) -> String {
        let mut pattern = "^".to_owned();
        for part in &self.file_name.parts {
            match part {
                Part::Text(text) => pattern.push_str(&regex::escape(text)),
                Part::Field { separator, field } => {
                    let value = self.field_pattern(*field);
                    let group = match separator {
                        Some(c) => format!("(?:{}({value}))?", regex::escape(&c.to_string())),
                        None => format!("({value})"),
                    };
                    pattern.push_str(&group);
                }
            }
        }
        pattern + "$"
    }

    /// What a field can say, as a regular expression. Only a title may hold separators.
    fn field_pattern(&self, field: Field) -> String {
        let any = |words: Vec<String>| {
            let mut words: Vec<String> = words.iter().map(|word| regex::escape(word)).collect();
            words.sort_by_key(|word| std::cmp::Reverse(word.len()));
            words.join("|")
        };
        match field {
            Field::Title => ".+".to_owned(),
            Field::Code => any(self.codes().map(ToString::to_string).collect()),
            Field::Asset => any(self.codes().map(|code| self.asset(code)).collect()),
            Field::Part => format!("{}|r[0-9]{{2,}}", regex::escape(&self.fields.long_play)),
            Field::Version | Field::Soundfield => "[A-Za-z0-9]+".to_owned(),
            Field::Language => "[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*".to_owned(),
            Field::Layout => any(self.layouts()),
            Field::Channels => "mono|[0-9]+ch".to_owned(),
            Field::Rate => "[0-9.]+k".to_owned(),
            Field::Bits => "[0-9]+b".to_owned(),
            Field::FrameRate => any(FrameRate::ALL.into_iter().map(without_point).collect()),
            Field::Channel => any(Channel::all().map(|channel| channel.to_string()).collect()),
        }
    }

    /// The codes of all stems and composites.
    pub fn codes(&self) -> impl DoubleEndedIterator<Item = &StemCode> {
        let stems = self.stems.iter().map(|stem| &stem.code);
        stems.chain(self.composites.iter().map(|composite| &composite.code))
    }

    /// The layout of a stem or composite; `None` for a code that the spec does not have.
    pub(crate) fn layout_of_code(&self, code: &StemCode) -> Option<ChannelLayout> {
        if let Some(stem) = self.stem(code) {
            return Some(self.layout_of(stem).clone());
        }
        let composite = self
            .composites
            .iter()
            .find(|composite| composite.code == *code)?;
        Some(self.composite_layout(composite).clone())
    }

    fn layouts(&self) -> Vec<String> {
        let layouts = self.codes().filter_map(|code| self.layout_of_code(code));
        layouts.map(|layout| layout.to_string()).collect()
    }
}
