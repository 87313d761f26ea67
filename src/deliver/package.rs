//! All files of a delivery, written together.

use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use uuid::Uuid;

use super::adm::{AdmFile, AdmTrack};
use super::hash::xxh128_of;
use super::history::{earlier_manifests, others_history};
use super::keep::KeptItems;
use super::md5::LANES;
use super::mhl::{Hashed, chain, manifest, manifest_name};
use super::part_file::{PartFile, WriteError, sync_folder};
use super::wave::{Described, Loudness, identity, wave_spec};
use super::wave_file::{WaveFile, complete};
use crate::bwf::{LayoutError, VerifyError, VerifyLevel, hex, verify};
use crate::conform::RenderPlan;
use crate::conform::plan::DeliveredFile;

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
    /// The folder has a history of files that are not of this delivery, which a new history would disown.
    #[error(
        "{manifest} lists `{file}`, which is of another delivery and stands in the same folder; deliver into a folder \
         of its own, or take the other files and their `ascmhl` away"
    )]
    OthersHistory {
        /// The media hash list.
        manifest: String,
        /// The first such file that it names.
        file: String,
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
    /// The ADM file, behind the others.
    adm: Option<AdmFile>,
    texts: Vec<PartFile>,
    /// Manifests of earlier deliveries in the folder: their files are replaced, and so is their history.
    replaced: Vec<PathBuf>,
}

/// Most files that are held open; more are opened for each block that is written to them.
const MAX_OPEN: usize = 400;

impl<'a> Package<'a> {
    /// Creates every file of a plan at its final size, silent but for the pops, under a temporary name;
    /// `kept` is what its ADM file carries over.
    ///
    /// # Errors
    /// [`DeliverError`]; then nothing is left.
    pub fn create(
        plan: &'a RenderPlan,
        folder: &Path,
        kept: Option<&KeptItems>,
    ) -> Result<Self, DeliverError> {
        let delivery = identity(plan);
        let (outputs, listed) = (plan.outputs(), plan.delivered());
        if plan.get().packaging.as_ref().is_some_and(|p| p.mhl) {
            others_history(folder, &listed, &plan.get().title)?;
        }
        let mut files = Vec::new();
        for (number, file) in listed.iter().enumerate() {
            let Some(&output) = outputs.iter().find(|output| output.code == file.output) else {
                continue;
            };
            let number = (number, listed.len());
            let of = Described {
                file,
                output,
                number,
            };
            let spec = wave_spec(plan, of, delivery, Loudness::default());
            let open = files.len() < MAX_OPEN;
            let wave = WaveFile::create(folder, file, output.index, spec, open)?;
            wave.write_pops(plan, output)?;
            files.push(wave);
        }
        let adm = AdmFile::create(plan, folder, delivery, kept)?;
        let folder = folder.to_owned();
        Ok(Self {
            plan,
            folder,
            delivery,
            files,
            adm,
            texts: Vec::new(),
            replaced: Vec::new(),
        })
    }

    /// Writes the packed samples of a file from a sample frame on; from any thread.
    ///
    /// # Errors
    /// Whatever the file system says.
    pub fn write(&self, file: usize, frame: u64, bytes: &[u8]) -> io::Result<()> {
        match self.files.get(file) {
            Some(file) => file.write(frame, bytes),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// Writes headers and what follows the samples, brings everything to the disk and reads it back.
    ///
    /// `loudness` has one entry for each output; a file that holds only a part of its output has none
    /// of its own. `verifying` is told each file's name before it is
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
        let (outputs, total) = (plan.outputs(), self.files.len());
        for (index, file) in self.files.iter_mut().enumerate() {
            let Some(&output) = outputs.get(file.output) else {
                continue;
            };
            let whole = file.delivered.is_whole(output.layout, plan.get().length);
            let known = loudness.get(file.output).filter(|_| whole);
            let of = Described {
                file: &file.delivered,
                output,
                number: (index, total),
            };
            file.spec = wave_spec(plan, of, delivery, known.copied().unwrap_or_default());
        }
        let adm = self.adm.as_mut().map(|adm| {
            adm.describe(plan, delivery, loudness);
            &mut adm.file
        });
        let packaging = plan.get().packaging.as_ref();
        let mut files: Vec<&mut WaveFile> = self.files.iter_mut().chain(adm).collect();
        // Files of one length side by side; without an MD5, each by itself.
        files.sort_by_key(|file| std::cmp::Reverse(file.layout.data_bytes));
        let summed = files.iter().any(|file| file.wants_md5(packaging));
        let group = if summed { LANES } else { 1 };
        files.par_chunks_mut(group).try_for_each(|group| {
            complete(group, packaging, |file| {
                verifying(&file.delivered.file);
                file.hold(|path, spec| verify(path, spec, level))
            })
        })?;
        self.adm.as_ref().map_or(Ok(()), AdmFile::read_back)
    }

    /// The tracks of the ADM file, each a channel of an output; none where there is no such file.
    pub fn adm_tracks(&self) -> &[AdmTrack] {
        self.adm.as_ref().map_or(&[], AdmFile::tracks)
    }

    /// Writes packed samples of the ADM file from a sample frame on.
    ///
    /// # Errors
    /// Whatever the file system says.
    pub fn write_adm(&self, frame: u64, bytes: &[u8]) -> io::Result<()> {
        match &self.adm {
            Some(adm) => adm.file.write(frame, bytes),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// Every file with sound.
    fn all(&self) -> impl Iterator<Item = &WaveFile> {
        self.files
            .iter()
            .chain(self.adm.as_ref().map(|adm| &adm.file))
    }

    /// Adds a text file to the delivery, under a temporary name.
    ///
    /// # Errors
    /// [`DeliverError::Write`].
    pub fn add_text(&mut self, name: &str, text: &str) -> Result<(), DeliverError> {
        self.texts.push(text_file(&self.folder, name, text)?);
        Ok(())
    }

    /// Every file with sound, and where it stands until it gets its name.
    pub fn parts(&self) -> impl Iterator<Item = (&DeliveredFile, &Path)> {
        self.all().map(|file| (&file.delivered, file.part.part()))
    }

    /// Where an output that has a file of its own, without a leader, stands until it gets its name.
    pub fn part(&self, name: &str) -> Option<&Path> {
        let straight = |file: &&WaveFile| {
            let delivered = &file.delivered;
            delivered.file == name && delivered.head == 0 && delivered.from == 0
        };
        let file = self.files.iter().find(straight)?;
        Some(file.part.part())
    }

    /// Adds what the spec wants beside the files: their MD5, the media hash list of everything. The last
    /// thing before [`Package::commit`].
    ///
    /// # Errors
    /// [`DeliverError::Write`].
    pub fn seal(&mut self) -> Result<(), DeliverError> {
        let Some(packaging) = self.plan.get().packaging.clone() else {
            return Ok(());
        };
        if packaging.md5_sidecar {
            let line = |file: &WaveFile| {
                let name = &file.delivered.file;
                let md5 = file.hashes.and_then(|hashes| hashes.md5)?;
                // As `md5sum -c` reads it.
                Some((format!("{name}.md5"), format!("{} *{name}\n", hex(&md5))))
            };
            let sidecars: Vec<(String, String)> = self.all().filter_map(line).collect();
            for (name, text) in sidecars {
                self.add_text(&name, &text)?;
            }
        }
        if packaging.mhl {
            self.add_hash_list()?;
        }
        Ok(())
    }

    /// The media hash list of all files, in a folder of its own.
    fn add_hash_list(&mut self) -> Result<(), DeliverError> {
        let mut listed = Vec::new();
        for file in self.all() {
            if let Some(hashes) = file.hashes {
                listed.push(Hashed {
                    name: file.delivered.file.clone(),
                    size: file.layout.file_size,
                    xxh128: hashes.xxh128,
                });
            }
        }
        for part in &self.texts {
            let fail = |error| WriteError::new(part.target(), error);
            let xxh128 = xxh128_of(part.part()).map_err(fail)?;
            let name = part.target().file_name().unwrap_or_default();
            listed.push(Hashed {
                name: name.to_string_lossy().into_owned(),
                size: std::fs::metadata(part.part()).map_err(fail)?.len(),
                xxh128,
            });
        }
        listed.sort_by(|a, b| a.name.cmp(&b.name));
        let plan = self.plan.get();
        let text = manifest(&listed, &plan.origination);
        let name = manifest_name(&self.plan_title(), &plan.origination);
        let folder = self.folder.join("ascmhl");
        let fail = |error| WriteError::new(&folder, error);
        std::fs::create_dir_all(&folder).map_err(fail)?;
        self.replaced = earlier_manifests(&folder, &name).map_err(fail)?;
        self.texts.push(text_file(&folder, &name, &text)?);
        let chain = chain(&name, &text);
        self.texts
            .push(text_file(&folder, "ascmhl_chain.xml", &chain)?);
        Ok(())
    }

    /// The title as part of the name of a manifest, which has no spaces.
    fn plan_title(&self) -> String {
        let plain = |c: char| {
            if c.is_ascii_alphanumeric() || c == '-' {
                c
            } else {
                '_'
            }
        };
        self.plan.get().title.chars().take(80).map(plain).collect()
    }

    /// Bytes of the files of an output; none where it has no file.
    pub fn size(&self, output: usize) -> Option<u64> {
        let files = self.files.iter().filter(|file| file.output == output);
        let sizes: Vec<u64> = files.map(|file| file.layout.file_size).collect();
        (!sizes.is_empty()).then(|| sizes.iter().sum())
    }

    /// Gives every file its name; the texts last. Returns the files with their sizes.
    ///
    /// # Errors
    /// [`DeliverError::Write`]; files that already have their names are whole.
    pub fn commit(self) -> Result<Vec<(PathBuf, u64)>, DeliverError> {
        let mut written = Vec::new();
        let adm = self.adm.map(|adm| adm.file);
        for file in self.files.into_iter().chain(adm) {
            written.push((file.part.commit()?, file.layout.file_size));
        }
        written.extend(commit_texts(self.texts)?);
        // The chain names the new manifest alone by now.
        for path in self.replaced {
            std::fs::remove_file(&path).map_err(|error| WriteError::new(&path, error))?;
        }
        sync_folder(&self.folder)?;
        Ok(written)
    }
}

/// A complete text file under a temporary name.
fn text_file(folder: &Path, name: &str, text: &str) -> Result<PartFile, WriteError> {
    let part = PartFile::create(folder, name, true)?;
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
