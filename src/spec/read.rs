//! Reads delivery specs and checks them.

mod adm;
mod demands;
mod folds;
mod names;
mod outputs;
mod sound;

use std::path::Path;

use toml::Spanned;

use super::BUILTIN;
use super::model::{FileForm, Spec};
use super::quantity::{Quantity, QuantityFault, Unit};
use super::raw::RawSpec;
use crate::audio::{Channel, ChannelLayout, SampleFormat};
use crate::stem::document::{Document, DocumentError, LoadError, nearest, read_text};
use crate::stem::{StemCode, StemSetError};

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
    /// A pop in a channel that no file has.
    #[error("the spec wants pops in {channel}, which {layout} does not have")]
    NoPop {
        /// The channel.
        channel: Channel,
        /// The layout.
        layout: ChannelLayout,
    },
    /// Stems that do not make a set.
    #[error(transparent)]
    Stems(#[from] StemSetError),
    /// A value of `--set` that cannot be.
    #[error("--set {setting}: {reason}")]
    Set {
        /// What was asked for.
        setting: String,
        /// What is wrong.
        reason: String,
        /// What to do about it.
        hint: Option<String>,
    },
}

/// What `sample_format` may say: what can be written.
const FORMATS: &[(&str, SampleFormat)] = &[
    ("int16", SampleFormat::Int16),
    ("int24", SampleFormat::Int24),
];

/// Rates that deliveries have, in Hz.
pub(super) const RATES: &[u32] = &[44_100, 48_000, 88_200, 96_000, 176_400, 192_000];

impl SpecError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Unknown { nearest, .. } => nearest
                .as_ref()
                .map(|right| format!("did you mean `{right}`?")),
            Self::Load(error) => error.hint().map(str::to_owned),
            Self::Layouts { .. } => Some("give these stems one layout".to_owned()),
            Self::NoPop { .. } => Some("set `pop.channels` too".to_owned()),
            Self::Stems(_) => None,
            Self::Set { hint, .. } => hint.clone(),
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
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let reader = Reader {
            document: Document::new(file, text),
        };
        Ok(reader.spec(text).map_err(LoadError::from)?)
    }
}

struct Reader<'a> {
    document: Document<'a>,
}

/// The result of reading one thing.
type Read<T> = Result<T, DocumentError>;

impl Reader<'_> {
    fn fault<T>(&self, at: &Spanned<T>, message: String, hint: Option<String>) -> DocumentError {
        self.document.fault(at.span(), message, hint)
    }

    fn spec(&self, text: &str) -> Read<Spec> {
        let raw: RawSpec = self.document.parse()?;
        self.name(&raw.name)?;
        let outputs = self.outputs(&raw)?;
        let known: Vec<StemCode> = outputs.codes();
        let spec = Spec {
            name: raw.name.get_ref().clone(),
            title: raw.title.clone(),
            layout: self.layout(&raw.layout)?,
            sample_rate: self.sample_rate(&raw.sample_rate)?,
            sample_format: self.sample_format(&raw.sample_format)?,
            file_name: self.file_name(&raw)?,
            alphabet: self.alphabet(&raw)?,
            fields: self.fields(&raw.fields)?,
            files: self.choice(raw.files.as_ref(), &FileForm::NAMES, FileForm::Interleaved)?,
            channel_order: self.channel_order(&raw)?,
            frame_rates: self.frame_rates(&raw.frame_rates)?,
            programme: self.programme(&raw.programme)?,
            head: self.padding(&raw.head)?,
            tail: self.padding(&raw.tail)?,
            pop: self.pop(&raw.pop)?,
            metadata: self.metadata(&raw.metadata)?,
            loudness: self.loudness(&raw.loudness, &known)?,
            peak: self.peak(&raw.peak, &known)?,
            range: self.range(&raw.range, &known)?,
            limits: self.limits(&raw.limits)?,
            checks: self.checks(&raw.checks)?,
            stems: outputs.stems,
            composites: outputs.composites,
            sources: self.sources(&raw.source, text)?,
            text: text.to_owned(),
            adm: raw
                .adm
                .as_ref()
                .map(|adm| self.adm(adm, &raw))
                .transpose()?,
        };
        self.layouts_agree(&raw, &spec)?;
        Ok(spec)
    }

    fn name(&self, name: &Spanned<String>) -> Read<()> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let text = name.get_ref();
        if text.is_empty() || !text.chars().all(allowed) {
            let message = format!("`{text}` is not a name: letters, digits, - and _");
            return Err(self.fault(name, message, None));
        }
        Ok(())
    }

    fn code(&self, code: &Spanned<String>) -> Read<StemCode> {
        let parsed = code.get_ref().parse::<StemCode>();
        parsed.map_err(|error| self.fault(code, error.to_string(), None))
    }

    /// A code that the spec has.
    fn known_code(&self, code: &Spanned<String>, known: &[StemCode]) -> Read<StemCode> {
        let parsed = self.code(code)?;
        if known.contains(&parsed) {
            return Ok(parsed);
        }
        let names: Vec<&str> = known.iter().map(StemCode::as_str).collect();
        let hint = hint_of(parsed.as_str(), &names, "codes are");
        Err(self.fault(
            code,
            format!("there is no stem or composite {parsed}"),
            Some(hint),
        ))
    }

    /// One of a few words; `unsaid` where there is none.
    fn choice<T: Copy>(
        &self,
        word: Option<&Spanned<String>>,
        words: &[(&str, T)],
        unsaid: T,
    ) -> Read<T> {
        let Some(word) = word else {
            return Ok(unsaid);
        };
        let known = words.iter().find(|known| known.0 == word.get_ref());
        known.map(|known| known.1).ok_or_else(|| {
            let names: Vec<&str> = words.iter().map(|known| known.0).collect();
            let hint = hint_of(word.get_ref(), &names, "words here are");
            let message = format!("`{}` is not one of the words here", word.get_ref());
            self.fault(word, message, Some(hint))
        })
    }

    /// A number with one of these units.
    fn quantity(&self, text: &Spanned<String>, units: &[Unit]) -> Read<Quantity> {
        self.measured(text, Quantity::parse(text.get_ref(), units))
    }

    fn measured<T>(&self, at: &Spanned<String>, read: Result<T, QuantityFault>) -> Read<T> {
        read.map_err(|fault| self.fault(at, fault.message, Some(fault.hint)))
    }

    fn all<'b, T: 'b, R>(
        list: impl IntoIterator<Item = &'b T>,
        read: impl Fn(&T) -> Read<R>,
    ) -> Read<Vec<R>> {
        list.into_iter().map(read).collect()
    }
}

/// What a misspelt word most likely means, else all that there are.
fn hint_of(word: &str, names: &[&str], all: &str) -> String {
    match nearest(word, names) {
        Some(right) => format!("did you mean `{right}`?"),
        None => format!("{all} {}", names.join(", ")),
    }
}
