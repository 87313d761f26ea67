//! Reading a file back that was just written.
//!
//! Three readers: ours, which must find every byte around the samples as it was laid out; `bwavfile`,
//! an independent one, for format, length, bext and iXML, also of RF64; and on demand `hound` for every
//! sample of RIFF files, with the MD5 of the samples for all.
//!
//! **Invariant:** a panic of another crate never leaves this module, and no level but
//! [`VerifyLevel::Samples`] reads the sound.

mod adm;
mod header;
mod samples;

pub use adm::verify_adm;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::error::WaveError;
use super::layout::{LayoutError, WaveSpec};

/// How much is read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum VerifyLevel {
    /// Headers and metadata.
    Header,
    /// These, and every sample.
    Samples,
}

/// How a file differs from what was meant.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The specification is of no possible file.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// Our own reader refuses it.
    #[error("reading back: {0}")]
    Read(#[from] WaveError),
    /// It cannot be read.
    #[error("cannot read {path} back: {source}")]
    Io {
        /// The file.
        path: String,
        /// The reason.
        source: std::io::Error,
    },
    /// A reader sees something else than was meant.
    #[error("{path}: {reader} reads {what} as {found}, written was {written}")]
    Differs {
        /// The file.
        path: String,
        /// Who read it.
        reader: &'static str,
        /// What differs.
        what: String,
        /// What was read.
        found: String,
        /// What was written.
        written: String,
    },
    /// Another reader refuses it or broke.
    #[error("{path}: {reader} cannot read it: {reason}")]
    Refused {
        /// The file.
        path: String,
        /// Who read it.
        reader: &'static str,
        /// Why not.
        reason: String,
    },
}

/// Holds a finished file against what was meant to be written.
///
/// # Errors
/// [`VerifyError`] with the first difference.
pub fn verify(path: &Path, spec: &WaveSpec, level: VerifyLevel) -> Result<(), VerifyError> {
    let layout = spec.layout()?;
    let check = Check {
        path,
        spec,
        layout: &layout,
    };
    check.bytes()?;
    check.model()?;
    check.guarded("bwavfile", Check::bwavfile)?;
    if level == VerifyLevel::Samples {
        check.guarded("hound", Check::hound)?;
        check.digest()?;
    }
    Ok(())
}

/// A file and what it should be.
struct Check<'a> {
    path: &'a Path,
    spec: &'a WaveSpec,
    layout: &'a super::layout::FileLayout,
}

impl Check<'_> {
    /// Runs a check through another crate; a panic there becomes a refusal.
    fn guarded(
        &self,
        reader: &'static str,
        check: fn(&Self) -> Result<(), VerifyError>,
    ) -> Result<(), VerifyError> {
        catch_unwind(AssertUnwindSafe(|| check(self))).unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
            Err(self.refused(reader, text.unwrap_or_else(|| "it panicked".to_owned())))
        })
    }

    fn name(&self) -> String {
        self.path.display().to_string()
    }

    fn io(&self, source: std::io::Error) -> VerifyError {
        VerifyError::Io {
            path: self.name(),
            source,
        }
    }

    fn refused(&self, reader: &'static str, reason: impl Into<String>) -> VerifyError {
        VerifyError::Refused {
            path: self.name(),
            reader,
            reason: reason.into(),
        }
    }

    /// Both values as they print, when they differ.
    fn same<T: PartialEq + std::fmt::Debug>(
        &self,
        reader: &'static str,
        what: impl Into<String>,
        found: &T,
        written: &T,
    ) -> Result<(), VerifyError> {
        if found == written {
            return Ok(());
        }
        let short = |value: &T| format!("{value:?}").chars().take(200).collect();
        Err(VerifyError::Differs {
            path: self.name(),
            reader,
            what: what.into(),
            found: short(found),
            written: short(written),
        })
    }
}
