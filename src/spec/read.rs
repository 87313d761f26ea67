//! Reads delivery specs and checks them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use toml::Spanned;

use super::BUILTIN;
use super::file_name::FileName;
use super::model::{Composite, Spec, SpecStem};
use super::raw::{RawComposite, RawSpec, RawStem};
use crate::audio::{ChannelLayout, SampleFormat, SampleRate};
use crate::stem::document::{Document, DocumentError, LoadError, nearest, read_text};
use crate::stem::{Group, StemCode, StemSetError};

/// Why there is no spec.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SpecError {
    /// No built-in spec of this name, and no file.
    #[error("there is no spec `{name}`; built in are {known}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// The names there are.
        known: String,
        /// The one that looks like it.
        nearest: Option<String>,
    },
    /// The file cannot be read, or something in it is wrong.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// A composite of stems that cannot be summed.
    #[error("{composite} sums stems of different layouts: {first} and {second}")]
    Layouts {
        /// The composite.
        composite: StemCode,
        /// A stem with its layout.
        first: String,
        /// One that differs.
        second: String,
    },
    /// Stems that do not make a set.
    #[error(transparent)]
    Stems(#[from] StemSetError),
}

/// What `sample_format` may say: what can be written.
const FORMATS: &[(&str, SampleFormat)] = &[("int24", SampleFormat::Int24)];

/// Rates that deliveries have, in Hz.
const RATES: &[u32] = &[44_100, 48_000, 88_200, 96_000, 176_400, 192_000];

impl SpecError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Unknown { nearest, .. } => nearest
                .as_ref()
                .map(|right| format!("did you mean `{right}`?")),
            Self::Load(error) => error.hint().map(str::to_owned),
            Self::Layouts { .. } => Some("give these stems one layout".to_owned()),
            Self::Stems(_) => None,
        }
    }
}

impl Spec {
    /// The names of the built-in specs.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILTIN.iter().map(|spec| spec.0)
    }

    /// The text of a built-in spec, to print or to copy.
    pub fn builtin_text(name: &str) -> Option<&'static str> {
        let found = BUILTIN.iter().find(|spec| spec.0 == name);
        found.map(|spec| spec.1)
    }

    /// A built-in spec; `dme` is the default of the program.
    ///
    /// # Errors
    /// [`SpecError::Unknown`] with the names there are.
    pub fn builtin(name: &str) -> Result<Self, SpecError> {
        let Some(text) = Self::builtin_text(name) else {
            let known: Vec<&str> = Self::names().collect();
            return Err(SpecError::Unknown {
                name: name.to_owned(),
                known: known.join(", "),
                nearest: nearest(name, &known).map(str::to_owned),
            });
        };
        Self::parse(text, &format!("{name}.toml"))
    }

    /// A spec from a file.
    ///
    /// # Errors
    /// [`SpecError`] when it cannot be read, or with file, line and column of what is wrong in it.
    pub fn load(path: &Path) -> Result<Self, SpecError> {
        let text = read_text(path)?;
        Self::parse(&text, &path.display().to_string())
    }

    /// What `--spec` names: a built-in spec, else a file.
    ///
    /// # Errors
    /// As [`Spec::builtin`] and [`Spec::load`].
    pub fn find(name_or_path: &str) -> Result<Self, SpecError> {
        let path = Path::new(name_or_path);
        let toml = path.extension().is_some_and(|suffix| suffix == "toml");
        let named = Self::names().any(|name| name == name_or_path);
        if !named && (toml || path.components().count() > 1) {
            return Self::load(path);
        }
        Self::builtin(name_or_path)
    }

    /// Reads a spec from a text; `file` is what messages call it.
    ///
    /// # Errors
    /// [`SpecError`] with line and column of the first fault.
    pub fn parse(text: &str, file: &str) -> Result<Self, SpecError> {
        let reader = Reader {
            document: Document::new(file, text),
        };
        Ok(reader.spec().map_err(LoadError::from)?)
    }
}

/// Most stems and composites of a spec.
const MAX_FILES: usize = 256;

struct Reader<'a> {
    document: Document<'a>,
}

impl Reader<'_> {
    fn fault<T>(&self, at: &Spanned<T>, message: String, hint: Option<String>) -> DocumentError {
        self.document.fault(at.span(), message, hint)
    }

    fn spec(&self) -> Result<Spec, DocumentError> {
        let raw: RawSpec = self.document.parse()?;
        self.name(&raw.name)?;
        self.count(&raw)?;
        let stems: Vec<SpecStem> = raw
            .stem
            .iter()
            .map(|stem| self.stem(stem))
            .collect::<Result<_, _>>()?;
        let composites = raw.composite.iter().map(|raw| self.composite(raw, &stems));
        let composites: Vec<Composite> = composites.collect::<Result<_, _>>()?;
        self.codes_once(&raw)?;
        self.groups_once(&raw)?;
        let spec = Spec {
            name: raw.name.get_ref().clone(),
            title: raw.title.clone(),
            layout: self.layout(&raw.layout)?,
            sample_rate: self.sample_rate(&raw.sample_rate)?,
            sample_format: self.sample_format(&raw.sample_format)?,
            file_name: self.file_name(&raw.file_name)?,
            stems,
            composites,
        };
        self.layouts_agree(&raw, &spec)?;
        Ok(spec)
    }

    fn name(&self, name: &Spanned<String>) -> Result<(), DocumentError> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let text = name.get_ref();
        if text.is_empty() || !text.chars().all(allowed) {
            let message = format!("`{text}` is not a name: letters, digits, - and _");
            return Err(self.fault(name, message, None));
        }
        Ok(())
    }

    fn count(&self, raw: &RawSpec) -> Result<(), DocumentError> {
        let whole = 0..0;
        let message = if raw.stem.is_empty() {
            "there is no stem"
        } else if raw.stem.len() + raw.composite.len() > MAX_FILES {
            "there are more than 256 stems and composites"
        } else {
            return Ok(());
        };
        Err(self.document.fault(whole, message, None))
    }

    fn code(&self, code: &Spanned<String>) -> Result<StemCode, DocumentError> {
        let parsed = code.get_ref().parse::<StemCode>();
        parsed.map_err(|error| self.fault(code, error.to_string(), None))
    }

    fn stem(&self, raw: &RawStem) -> Result<SpecStem, DocumentError> {
        let groups = raw.groups.iter().map(|group| self.group(group));
        Ok(SpecStem {
            code: self.code(&raw.code)?,
            label: raw.label.clone(),
            groups: groups.collect::<Result<_, _>>()?,
            layout: raw
                .layout
                .as_ref()
                .map(|layout| self.layout(layout))
                .transpose()?,
            optional: raw.optional,
        })
    }

    fn group(&self, group: &Spanned<String>) -> Result<Group, DocumentError> {
        group.get_ref().parse().map_err(|_| {
            let names: Vec<&str> = Group::all().map(Group::name).collect();
            let hint = match nearest(group.get_ref(), &names) {
                Some(right) => format!("did you mean `{right}`?"),
                None => format!("groups are {}", names.join(", ")),
            };
            let message = format!("`{}` is not a group", group.get_ref());
            self.fault(group, message, Some(hint))
        })
    }

    fn composite(
        &self,
        raw: &RawComposite,
        stems: &[SpecStem],
    ) -> Result<Composite, DocumentError> {
        let mut recipe = Vec::new();
        for part in raw.recipe.get_ref() {
            let code = self.code(part)?;
            if !stems.iter().any(|stem| stem.code == code) {
                let known: Vec<&str> = stems.iter().map(|stem| stem.code.as_str()).collect();
                let hint = match nearest(code.as_str(), &known) {
                    Some(right) => format!("did you mean `{right}`?"),
                    None => format!("stems are {}", known.join(" ")),
                };
                let message = format!("there is no stem {code} to sum");
                return Err(self.fault(part, message, Some(hint)));
            }
            if recipe.contains(&code) {
                return Err(self.fault(part, format!("{code} is summed twice"), None));
            }
            recipe.push(code);
        }
        if recipe.is_empty() {
            let message = "a composite of nothing".to_owned();
            return Err(self.fault(&raw.recipe, message, None));
        }
        Ok(Composite {
            code: self.code(&raw.code)?,
            label: raw.label.clone(),
            recipe,
        })
    }

    /// Codes become file names.
    fn codes_once(&self, raw: &RawSpec) -> Result<(), DocumentError> {
        let stems = raw.stem.iter().map(|stem| &stem.code);
        let codes = stems.chain(raw.composite.iter().map(|composite| &composite.code));
        let mut seen = BTreeSet::new();
        for code in codes {
            if !seen.insert(self.code(code)?) {
                let message = format!("the code `{}` stands twice", code.get_ref());
                return Err(self.fault(code, message, None));
            }
        }
        Ok(())
    }

    /// A kind of sound goes to one stem.
    fn groups_once(&self, raw: &RawSpec) -> Result<(), DocumentError> {
        let mut taken: BTreeMap<Group, &str> = BTreeMap::new();
        for stem in &raw.stem {
            for group in &stem.groups {
                if let Some(other) = taken.insert(self.group(group)?, stem.code.get_ref()) {
                    let message = format!("`{}` goes to {other} already", group.get_ref());
                    return Err(self.fault(group, message, None));
                }
            }
        }
        Ok(())
    }

    /// Composites sum channel by channel.
    fn layouts_agree(&self, raw: &RawSpec, spec: &Spec) -> Result<(), DocumentError> {
        let pairs = spec.composites.iter().zip(&raw.composite);
        for (composite, raw) in pairs {
            if let Some((first, second)) = spec.layout_clash(composite) {
                let message = format!("stems of different layouts: {first} and {second}");
                let hint = Some("give these stems one layout".to_owned());
                return Err(self.fault(&raw.recipe, message, hint));
            }
        }
        Ok(())
    }

    fn layout(&self, layout: &Spanned<String>) -> Result<ChannelLayout, DocumentError> {
        let parsed = layout.get_ref().parse::<ChannelLayout>();
        parsed.map_err(|error| self.fault(layout, error.to_string(), None))
    }

    fn sample_rate(&self, rate: &Spanned<u32>) -> Result<SampleRate, DocumentError> {
        let hertz = *rate.get_ref();
        let known = SampleRate::new(hertz)
            .ok()
            .filter(|_| RATES.contains(&hertz));
        known.ok_or_else(|| {
            let rates: Vec<String> = RATES.iter().map(u32::to_string).collect();
            let hint = format!("rates are {}", rates.join(", "));
            let message = format!("{hertz} Hz is not a rate of delivery");
            self.fault(rate, message, Some(hint))
        })
    }

    fn sample_format(&self, format: &Spanned<String>) -> Result<SampleFormat, DocumentError> {
        let written = format.get_ref();
        let known = FORMATS.iter().find(|known| known.0 == *written);
        known.map(|known| known.1).ok_or_else(|| {
            let names: Vec<&str> = FORMATS.iter().map(|known| known.0).collect();
            let hint = format!("formats are {}", names.join(", "));
            let message = format!("`{written}` is not a sample format that is written");
            self.fault(format, message, Some(hint))
        })
    }

    fn file_name(&self, template: &Spanned<String>) -> Result<FileName, DocumentError> {
        FileName::parse(template.get_ref()).map_err(|fault| {
            // The quote stands before the text.
            let start = template.span().start + 1 + fault.at;
            self.document
                .fault(start..start + 1, fault.message, fault.hint)
        })
    }
}
