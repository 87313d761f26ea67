//! Fold-downs: for each channel of a smaller layout, which channels feed it and by how much.

use toml::{Spanned, Value};

use super::{Read, Reader, hint_of};
use crate::audio::{Channel, ChannelLayout, Gain};
use crate::spec::model::Fold;
use crate::spec::raw::{RawFold, Text};

/// Largest factor of a fold-down: 12 dB.
const MAX_FACTOR: f64 = 4.0;

/// The keys of a fold-down that are no channels.
const KEYS: [&str; 2] = ["title", "to"];

impl Reader<'_> {
    pub(super) fn fold(&self, name: &Text, raw: &RawFold) -> Read<Fold> {
        let to = self.layout(&self.said(name, raw, "to")?)?;
        let mut rows = vec![Vec::new(); to.len()];
        for (key, factors) in raw {
            if KEYS.contains(&key.get_ref().as_str()) {
                continue;
            }
            let place = self.place(key, &to)?;
            if let Some(row) = rows.get_mut(place) {
                *row = self.row(factors)?;
            }
        }
        Ok(Fold {
            name: name.get_ref().clone(),
            title: self.said(name, raw, "title")?.into_inner(),
            to,
            rows,
        })
    }

    /// A text that every fold-down has.
    fn said(&self, name: &Text, raw: &RawFold, wanted: &str) -> Read<Text> {
        let found = raw.iter().find(|(key, _)| key.get_ref() == wanted);
        let Some((_, value)) = found else {
            // What stands in its place may be misspelt.
            let unknown = |key: &&Text| {
                let text = key.get_ref().as_str();
                !KEYS.contains(&text) && text.parse::<Channel>().is_err()
            };
            let message = format!("the key `{wanted}` is missing");
            return Err(match raw.keys().find(unknown) {
                Some(key) => {
                    let message = format!("`{}` is no key here, and {message}", key.get_ref());
                    self.fault(
                        key,
                        message,
                        Some(hint_of(key.get_ref(), &KEYS, "keys are")),
                    )
                }
                None => self.fault(name, message, None),
            });
        };
        match value.get_ref() {
            Value::String(text) => Ok(Spanned::new(value.span(), text.clone())),
            _ => Err(self.fault(value, format!("`{wanted}` is a text"), None)),
        }
    }

    /// The place of a row's channel.
    fn place(&self, key: &Text, to: &ChannelLayout) -> Read<usize> {
        let channel = key.get_ref().parse::<Channel>().ok();
        channel
            .and_then(|channel| to.index_of(channel))
            .ok_or_else(|| {
                let names: Vec<String> = to.channels().iter().map(Channel::to_string).collect();
                let names: Vec<&str> = names.iter().map(String::as_str).chain(KEYS).collect();
                let message = format!("`{}` is not a channel of {to}", key.get_ref());
                self.fault(
                    key,
                    message,
                    Some(hint_of(key.get_ref(), &names, "keys are")),
                )
            })
    }

    /// What feeds a channel.
    fn row(&self, factors: &Spanned<Value>) -> Read<Vec<(Channel, Gain)>> {
        let Value::Table(table) = factors.get_ref() else {
            let message = "what feeds a channel is a table of factors".to_owned();
            let hint = Some("write `{ L = 1.0, C = 0.7071 }`".to_owned());
            return Err(self.fault(factors, message, hint));
        };
        let mut row = Vec::new();
        for (from, factor) in table {
            let channel = self.channel(&Spanned::new(factors.span(), from.clone()))?;
            let number = match factor {
                Value::Float(factor) => Some(*factor),
                Value::Integer(factor) => Some(*factor as f64),
                _ => None,
            };
            let known = number.filter(|factor| factor.abs() <= MAX_FACTOR);
            let Some(factor) = known else {
                let message = format!("{factor} is not a factor between -4 and 4");
                let hint = "a factor is a plain number: 0.7071 for -3 dB".to_owned();
                return Err(self.fault(factors, message, Some(hint)));
            };
            row.push((channel, Gain::new(factor)));
        }
        // Sums are taken in the order of the channels, whatever the order in the file.
        row.sort_by_key(|&(from, _)| from);
        Ok(row)
    }
}
