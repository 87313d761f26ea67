//! All files of a delivery, written together.

use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use uuid::Uuid;

use super::part_file::{PartFile, WriteError, sync_folder};
use super::wave::{Loudness, identity, outputs, wave_spec};
use crate::bwf::{FileLayout, LayoutError, VerifyError, VerifyLevel, WaveSpec, verify};
use crate::conform::RenderPlan;

/// Why a delivery could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeliverError {
    /// A file could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// There is no such file.
    #[error("{file}: {error}")]
    Layout {
        /// Its name.
        file: String,
        /// The reason.
        #[source]
        error: LayoutError,
    },
    /// A finished file did not read back as it was meant.
    #[error("{file} was written but does not read back: {error}")]
    Verify {
        /// Its name.
        file: String,
        /// What differs.
        #[source]
        error: Box<VerifyError>,
    },
}

/// The files of a delivery under their temporary names.
#[derive(Debug)]
pub struct Package<'a> {
    plan: &'a RenderPlan,
    folder: PathBuf,
    delivery: Uuid,
    files: Vec<WaveFile>,
    texts: Vec<PartFile>,
}

/// One output under its temporary name.
#[derive(Debug)]
struct WaveFile {
    part: PartFile,
    name: String,
    spec: WaveSpec,
    layout: FileLayout,
    /// Bytes of one sample frame.
    frame: u64,
}

impl<'a> Package<'a> {
    /// Creates every output of a plan at its final size, silent, under a temporary name.
    ///
    /// # Errors
    /// [`DeliverError`]; then nothing is left.
    pub fn create(plan: &'a RenderPlan, folder: &Path) -> Result<Self, DeliverError> {
        let delivery = identity(plan);
        let mut files = Vec::new();
        for (index, output) in outputs(plan.get()).into_iter().enumerate() {
            let spec = wave_spec(plan, output, index, delivery, Loudness::default());
            let layout = spec.layout().map_err(|error| DeliverError::Layout {
                file: output.file.to_owned(),
                error,
            })?;
            let part = PartFile::create(folder, output.file)?;
            part.set_len(layout.file_size)?;
            let (name, frame) = (output.file.to_owned(), spec.format.frame_bytes());
            files.push(WaveFile {
                part,
                name,
                spec,
                layout,
                frame,
            });
        }
        let folder = folder.to_owned();
        Ok(Self {
            plan,
            folder,
            delivery,
            files,
            texts: Vec::new(),
        })
    }

    /// Writes the packed samples of an output from a sample frame on; from any thread.
    ///
    /// # Errors
    /// Whatever the file system says.
    pub fn write(&self, output: usize, frame: u64, bytes: &[u8]) -> io::Result<()> {
        match self.files.get(output) {
            Some(file) => file
                .part
                .write_at(bytes, file.layout.data_offset + frame * file.frame),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// Writes headers and what follows the samples, brings everything to the disk and reads it back.
    ///
    /// `loudness` has one entry for each output. `verifying` is told each file's name before it is
    /// read, from any thread.
    ///
    /// # Errors
    /// [`DeliverError`] for the first file that fails.
    pub fn complete(
        &mut self,
        loudness: &[Loudness],
        level: VerifyLevel,
        verifying: &(dyn Fn(&str) + Sync),
    ) -> Result<(), DeliverError> {
        let (plan, delivery) = (self.plan, self.delivery);
        let described = outputs(plan.get()).into_iter().zip(loudness).enumerate();
        for (file, (index, (output, loudness))) in self.files.iter_mut().zip(described) {
            file.spec = wave_spec(plan, output, index, delivery, *loudness);
        }
        self.files.par_iter_mut().try_for_each(|file| {
            file.finish()?;
            verifying(&file.name);
            verify(file.part.part(), &file.spec, level).map_err(|error| DeliverError::Verify {
                file: file.name.clone(),
                error: Box::new(error),
            })
        })
    }

    /// Adds a text file to the delivery, under a temporary name.
    ///
    /// # Errors
    /// [`DeliverError::Write`].
    pub fn add_text(&mut self, name: &str, text: &str) -> Result<(), DeliverError> {
        self.texts.push(text_file(&self.folder, name, text)?);
        Ok(())
    }

    /// Where an output stands until it gets its name.
    pub fn part(&self, name: &str) -> Option<&Path> {
        let file = self.files.iter().find(|file| file.name == name)?;
        Some(file.part.part())
    }

    /// Bytes of an output file.
    pub fn size(&self, output: usize) -> Option<u64> {
        self.files.get(output).map(|file| file.layout.file_size)
    }

    /// Gives every file its name; the texts last. Returns the files with their sizes.
    ///
    /// # Errors
    /// [`DeliverError::Write`]; files that already have their names are whole.
    pub fn commit(self) -> Result<Vec<(PathBuf, u64)>, DeliverError> {
        let mut written = Vec::new();
        for file in self.files {
            written.push((file.part.commit()?, file.layout.file_size));
        }
        written.extend(commit_texts(self.texts)?);
        sync_folder(&self.folder)?;
        Ok(written)
    }
}

/// A complete text file under a temporary name.
fn text_file(folder: &Path, name: &str, text: &str) -> Result<PartFile, WriteError> {
    let part = PartFile::create(folder, name)?;
    part.write_at(text.as_bytes(), 0)
        .map_err(|error| WriteError::new(part.target(), error))?;
    part.sync()?;
    Ok(part)
}

fn commit_texts(texts: Vec<PartFile>) -> Result<Vec<(PathBuf, u64)>, WriteError> {
    let mut written = Vec::new();
    for part in texts {
        let path = part.commit()?;
        let size = std::fs::metadata(&path)
            .map_err(|error| WriteError::new(&path, error))?
            .len();
        written.push((path, size));
    }
    Ok(written)
}

/// Writes text files without sound, whole or not at all. Returns them with their sizes.
///
/// # Errors
/// [`DeliverError::Write`].
pub fn write_texts(
    folder: &Path,
    texts: &[(String, String)],
) -> Result<Vec<(PathBuf, u64)>, DeliverError> {
    let parts: Result<Vec<PartFile>, WriteError> = texts
        .iter()
        .map(|(name, text)| text_file(folder, name, text))
        .collect();
    let written = commit_texts(parts?)?;
    sync_folder(folder)?;
    Ok(written)
}

impl WaveFile {
    /// Writes head and tail with what is known at the end.
    fn finish(&mut self) -> Result<(), DeliverError> {
        let file = || self.name.clone();
        self.layout = self.spec.layout().map_err(|error| DeliverError::Layout {
            file: file(),
            error,
        })?;
        let fail = |error| WriteError::new(self.part.target(), error);
        let behind = self.layout.data_offset + self.layout.data_bytes;
        self.part
            .write_at(&self.layout.tail, behind)
            .map_err(fail)?;
        self.part.write_at(&self.layout.head, 0).map_err(fail)?;
        Ok(self.part.sync()?)
    }
}
