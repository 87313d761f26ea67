//! A file with sound under its temporary name, from its creation to its checksums.
//!
//! **Invariant:** its size is final from the start; what is never written is silence.

use std::io::{self, Write as _};
use std::path::Path;

use super::hash::{FileHashes, xxh128_of};
use super::package::DeliverError;
use super::part_file::{PartFile, WriteError};
use super::pop::pop_bytes;
use super::sums::{Sums, sum_sound};
use crate::bwf::{FileLayout, VerifyError, WaveSpec};
use crate::conform::RenderPlan;
use crate::conform::plan::{DeliveredFile, OutputRef, Packaging};

/// One file under its temporary name.
#[derive(Debug)]
pub(super) struct WaveFile {
    pub(super) part: PartFile,
    pub(super) delivered: DeliveredFile,
    /// What it is of: stems first, then composites.
    pub(super) output: usize,
    pub(super) spec: WaveSpec,
    pub(super) layout: FileLayout,
    /// Bytes of one sample frame.
    frame: u64,
    /// Known when it is complete.
    pub(super) hashes: Option<FileHashes>,
}

impl WaveFile {
    /// A silent file of its final size under a temporary name, held open or not.
    pub(super) fn create(
        folder: &Path,
        delivered: &DeliveredFile,
        output: usize,
        spec: WaveSpec,
        open: bool,
    ) -> Result<Self, DeliverError> {
        let layout = spec.layout().map_err(|error| DeliverError::Layout {
            file: delivered.file.clone(),
            error,
        })?;
        let part = PartFile::create(folder, &delivered.file, open)?;
        part.set_len(layout.file_size)?;
        let frame = spec.format.frame_bytes();
        Ok(Self {
            part,
            delivered: delivered.clone(),
            output,
            spec,
            layout,
            frame,
            hashes: None,
        })
    }

    /// Writes packed samples from a sample frame on.
    pub(super) fn write(&self, frame: u64, bytes: &[u8]) -> io::Result<()> {
        let offset = self.layout.data_offset + frame * self.frame;
        self.part.write_at(bytes, offset)
    }

    /// Whether an MD5 of its samples or of all of it is asked for.
    pub(super) fn wants_md5(&self, packaging: Option<&Packaging>) -> bool {
        self.spec.md5.is_some() || packaging.is_some_and(|packaging| packaging.md5_sidecar)
    }

    /// The one checksum of a file that no MD5 is asked of.
    fn listed(&self) -> Result<FileHashes, WriteError> {
        let sum = xxh128_of(self.part.part());
        let xxh128 = sum.map_err(|error| WriteError::new(self.part.target(), error))?;
        Ok(FileHashes { md5: None, xxh128 })
    }

    /// Holds the file under its temporary name against what was meant.
    pub(super) fn hold(
        &self,
        check: impl FnOnce(&Path, &WaveSpec) -> Result<(), VerifyError>,
    ) -> Result<(), DeliverError> {
        check(self.part.part(), &self.spec).map_err(|error| DeliverError::Verify {
            file: self.delivered.file.clone(),
            error: Box::new(error),
        })
    }

    /// Writes the pops, of which leader and tail are silent otherwise.
    pub(super) fn write_pops(
        &self,
        plan: &RenderPlan,
        output: OutputRef<'_>,
    ) -> Result<(), DeliverError> {
        let Some(packaging) = &plan.get().packaging else {
            return Ok(());
        };
        for pop in &self.delivered.pops {
            let sound = (plan.rate(), plan.sample_format());
            let bytes = pop_bytes(*pop, &self.delivered, output, packaging, sound);
            let offset = self.layout.data_offset + pop.at * self.frame;
            let written = self.part.write_at(&bytes, offset);
            written.map_err(|error| WriteError::new(self.part.target(), error))?;
        }
        Ok(())
    }

    /// Writes the head with what is known at the end.
    fn write_head(&mut self) -> Result<(), DeliverError> {
        self.lay_out()?;
        let mut head = io::BufWriter::with_capacity(64 << 10, self.part.at_start());
        let written = self.layout.write_head(&self.spec, &mut head);
        let written = written.and_then(|()| head.flush());
        Ok(written.map_err(|error| WriteError::new(self.part.target(), error))?)
    }

    /// Writes what stands behind the samples, with their MD5 where it is wanted and known, and brings everything to
    /// the disk.
    fn write_tail(&mut self, md5: Option<[u8; 16]>) -> Result<(), DeliverError> {
        if let Some(md5) = md5.filter(|_| self.spec.md5.is_some()) {
            self.spec.md5 = Some(md5);
            self.lay_out()?;
        }
        let behind = self.layout.data_offset + self.layout.data_bytes;
        let written = self.part.write_at(&self.layout.tail, behind);
        written.map_err(|error| WriteError::new(self.part.target(), error))?;
        Ok(self.part.sync()?)
    }

    fn lay_out(&mut self) -> Result<(), DeliverError> {
        self.layout = self.spec.layout().map_err(|error| DeliverError::Layout {
            file: self.delivered.file.clone(),
            error,
        })?;
        Ok(())
    }

    /// The sums of the file up to its samples.
    fn sums(&self) -> Result<Sums, WriteError> {
        let sound = (self.layout.data_offset, self.layout.data_bytes);
        Sums::of_head(self.part.part(), self.part.target(), sound)
    }
}

/// Completes files, as many as are summed side by side: heads, what follows the samples, the checksums that are
/// wanted. `check` holds each of them against what was meant.
///
/// # Errors
/// [`DeliverError`] for the first file that fails.
pub(super) fn complete(
    files: &mut [&mut WaveFile],
    packaging: Option<&Packaging>,
    check: impl Fn(&WaveFile) -> Result<(), DeliverError>,
) -> Result<(), DeliverError> {
    for file in &mut *files {
        file.write_head()?;
    }
    let mut sums = Vec::new();
    if files.iter().any(|file| file.wants_md5(packaging)) {
        for file in &*files {
            sums.push(file.sums()?);
        }
        sum_sound(&mut sums)?;
    }
    let mut sums = sums.into_iter();
    for file in files {
        let sums = sums.next();
        file.write_tail(sums.as_ref().map(Sums::of_sound))?;
        check(file)?;
        let listed = packaging.is_some_and(|packaging| packaging.mhl);
        file.hashes = match sums {
            Some(sums) => Some(sums.finish()?),
            None if listed => Some(file.listed()?),
            None => None,
        };
    }
    Ok(())
}
