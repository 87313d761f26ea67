//! One value of a spec changed from the command line: `--set peak.1.true_peak="-3 dBTP"`.

use toml::de::{DeTable, DeValue};

use super::model::Spec;
use super::read::SpecError;
use super::sources::{element_id, is_tables};

/// A place in the text, and what is put there.
#[derive(Debug, PartialEq, Eq)]
enum Edit {
    /// In place of a value.
    Replace(std::ops::Range<usize>),
    /// As a new key of a table that is there, before its first key; in braces or not.
    Insert { at: usize, braces: bool },
    /// In a table that is not there yet.
    Append { table: String },
}

impl Spec {
    /// The spec with all of some values changed, see [`Spec::set`]. One that cannot be by itself is tried again once
    /// the others are there: a leader is set to nothing and its pop forbidden in any order.
    ///
    /// # Errors
    /// [`SpecError::Set`] for the first that cannot be.
    pub fn set_all(self, settings: &[String]) -> Result<Self, SpecError> {
        let mut spec = self;
        let mut left: Vec<&String> = settings.iter().collect();
        while !left.is_empty() {
            let mut refused = Vec::new();
            for setting in &left {
                match spec.clone().set(setting) {
                    Ok(with) => spec = with,
                    Err(error) => refused.push((*setting, error)),
                }
            }
            if refused.len() == left.len() {
                return match refused.into_iter().next() {
                    Some((_, error)) => Err(error),
                    None => Ok(spec),
                };
            }
            left = refused.into_iter().map(|(setting, _)| setting).collect();
        }
        Ok(spec)
    }

    /// The spec with one value changed; `setting` is `key=value`, the key with its tables:
    /// `sample_rate=96000`, `stem.DX.layout=5.1`, `loudness.1.target=-24 LKFS`. A text needs no quotes.
    ///
    /// # Errors
    /// [`SpecError::Set`] when there is no such key or the value cannot be.
    pub fn set(self, setting: &str) -> Result<Self, SpecError> {
        let fail = |reason: String, hint| {
            Err(SpecError::Set {
                setting: setting.to_owned(),
                reason,
                hint,
            })
        };
        let Some((key, value)) = setting.split_once('=') else {
            let hint = Some("write key=value, such as layout=5.1".to_owned());
            return fail("there is no `=`".to_owned(), hint);
        };
        let (key, value) = (key.trim(), value.trim());
        let path: Vec<&str> = key.split('.').collect();
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if path
            .iter()
            .any(|part| part.is_empty() || !part.chars().all(plain))
        {
            return fail(format!("`{key}` is not a key"), None);
        }
        // A number or list as it stands, else a text.
        let quoted = toml::Value::String(value.to_owned()).to_string();
        let with = |value: &str| Self::parse(&edited(&self.text, &path, value), "--set");
        let read = match with(value) {
            Err(error) => match with(&quoted) {
                // Of two refusals that of the value as it was meant.
                Err(_) if DeValue::parse(value).is_ok() && !of_wrong_type(&error) => Err(error),
                other => other,
            },
            whole => whole,
        };
        match read {
            Ok(spec) => Ok(spec),
            Err(SpecError::Load(crate::stem::LoadError::Document(error))) => {
                match path.as_slice() {
                    [list, entry, _, ..] if error.message.contains("expected a list") => {
                        let hint = format!("add [[{list}]] in a spec file of your own");
                        fail(format!("the spec has no `{list}.{entry}`"), Some(hint))
                    }
                    _ => fail(error.message, error.hint),
                }
            }
            Err(other) => fail(other.to_string(), other.hint()),
        }
    }
}

/// Whether a value was refused as a number or list where a text is wanted.
fn of_wrong_type(error: &SpecError) -> bool {
    error.to_string().contains("expected a text")
}

/// The text with a value at a path.
fn edited(text: &str, path: &[&str], value: &str) -> String {
    let key = path.last().copied().unwrap_or_default();
    let (range, new) = match edit(text, path) {
        Edit::Replace(range) => (range, value.to_owned()),
        Edit::Insert { at, braces: true } => (at..at, format!("{key} = {value}, ")),
        Edit::Insert { at, braces: false } => (at..at, format!("{key} = {value}\n")),
        Edit::Append { table } if table.is_empty() => (0..0, format!("{key} = {value}\n")),
        Edit::Append { table } => {
            let end = text.len();
            (end..end, format!("\n[{table}]\n{key} = {value}\n"))
        }
    };
    let (front, back) = (text.get(..range.start), text.get(range.end..));
    format!("{}{new}{}", front.unwrap_or(text), back.unwrap_or_default())
}

fn edit(text: &str, path: &[&str]) -> Edit {
    let table = path
        .split_last()
        .map_or(&[][..], |(_, tables)| tables)
        .join(".");
    let Ok(document) = DeTable::parse(text) else {
        return Edit::Append { table };
    };
    let mut at: &DeTable<'_> = document.get_ref();
    let mut braces = false;
    let mut rest = path.iter();
    while let Some(part) = rest.next() {
        let Some(value) = at.get(*part) else {
            // Only the last key of a path may be new in a table that is there.
            return match first_key(at) {
                Some(first) if rest.len() == 0 => Edit::Insert { at: first, braces },
                _ => Edit::Append { table },
            };
        };
        let value = match value.get_ref() {
            DeValue::Array(list) if is_tables(list) && rest.len() > 0 => {
                let wanted = rest.next().copied().unwrap_or_default();
                let named = |(i, value): &(usize, &toml::Spanned<DeValue<'_>>)| {
                    element_id(*i, value.get_ref()).eq_ignore_ascii_case(wanted)
                        || wanted == (i + 1).to_string()
                };
                match list.iter().enumerate().find(named) {
                    Some((_, value)) => value,
                    None => return Edit::Append { table },
                }
            }
            _ => value,
        };
        match value.get_ref() {
            DeValue::Table(inner) if rest.len() > 0 => {
                braces = text
                    .get(value.span())
                    .is_some_and(|text| text.starts_with('{'));
                at = inner;
            }
            _ if rest.len() > 0 => return Edit::Append { table },
            _ => return Edit::Replace(value.span()),
        }
    }
    Edit::Append { table }
}

/// Where the first key of a table stands.
fn first_key(table: &DeTable<'_>) -> Option<usize> {
    table.keys().map(|key| key.span().start).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a = 1\n\n[t]\nx = \"y\"\n\n[[stem]]\ncode = \"DX\"\nr = { p = 1 }\n";

    #[test]
    fn values_are_replaced_or_added_where_they_belong() {
        let check = |key: &str, want: &str| {
            let path: Vec<&str> = key.split('.').collect();
            assert_eq!(edited(TEXT, &path, "7"), want, "{key}");
        };
        check("a", &TEXT.replace("a = 1", "a = 7"));
        check("b", &TEXT.replace("a = 1", "b = 7\na = 1"));
        check("t.x", &TEXT.replace("\"y\"", "7"));
        check("t.z", &TEXT.replace("x = \"y\"", "z = 7\nx = \"y\""));
        check("stem.dx.z", &TEXT.replace("code =", "z = 7\ncode ="));
        check("stem.1.code", &TEXT.replace("\"DX\"", "7"));
        check("stem.DX.r.p", &TEXT.replace("p = 1", "p = 7"));
        check("stem.DX.r.q", &TEXT.replace("p = 1", "q = 7, p = 1"));
        check("u.v", &format!("{TEXT}\n[u]\nv = 7\n"));
    }
}
