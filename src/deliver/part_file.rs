//! Files that are whole or absent: written under a temporary name beside their place, synced,
//! then renamed.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// Why a file could not be delivered.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {path}: {error}")]
pub struct WriteError {
    /// The file that was to be.
    pub path: String,
    /// The reason.
    #[source]
    pub error: io::Error,
}

impl WriteError {
    /// For this path.
    pub fn new(path: &Path, error: io::Error) -> Self {
        Self {
            path: path.display().to_string(),
            error,
        }
    }
}

/// A file under its temporary name `.NAME.part`. Dropped without [`PartFile::commit`], it is removed.
///
/// The temporary file is locked while it is written, so two jobs never write the same deliverable;
/// one that a killed job left behind is taken over.
#[derive(Debug)]
pub(super) struct PartFile {
    /// Absent where it is opened for each write.
    file: Option<File>,
    part: PathBuf,
    target: PathBuf,
    committed: bool,
}

impl PartFile {
    /// Creates the temporary file for `folder/name`. Where `held` is false the file is not held open, and
    /// not locked, from now on: there are systems that let a program have no more than some hundred files
    /// open.
    ///
    /// # Errors
    /// [`WriteError`] when it cannot be created or another job is writing it.
    pub(super) fn create(folder: &Path, name: &str, held: bool) -> Result<Self, WriteError> {
        let target = folder.join(name);
        let part = folder.join(format!(".{name}.part"));
        let fail = |error| WriteError::new(&target, error);
        let mut options = OpenOptions::new();
        let file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&part);
        let file = file.map_err(fail)?;
        if file.try_lock().is_err() {
            let message = "another job is writing this file";
            return Err(fail(io::Error::new(io::ErrorKind::ResourceBusy, message)));
        }
        file.set_len(0).map_err(fail)?;
        Ok(Self {
            file: held.then_some(file),
            part,
            target,
            committed: false,
        })
    }

    /// Where the finished file will be.
    pub(super) fn target(&self) -> &Path {
        &self.target
    }

    /// Where the unfinished file is.
    pub(super) fn part(&self) -> &Path {
        &self.part
    }

    /// Sets the final size; what is never written reads as zeros.
    ///
    /// # Errors
    /// [`WriteError`] when the file system refuses the size.
    pub(super) fn set_len(&self, bytes: u64) -> Result<(), WriteError> {
        let set = self.with_file(|file| file.set_len(bytes));
        set.map_err(|error| WriteError::new(&self.target, error))
    }

    fn with_file(&self, act: impl FnOnce(&File) -> io::Result<()>) -> io::Result<()> {
        match &self.file {
            Some(file) => act(file),
            None => act(&OpenOptions::new().write(true).open(&self.part)?),
        }
    }

    /// Writes all bytes at an offset; from any thread.
    ///
    /// # Errors
    /// Whatever the file system says, a full disk for one.
    pub(super) fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.with_file(|file| write_all_at(file, bytes, offset))
    }

    /// Writes one after another from the file's first byte on.
    pub(super) fn at_start(&self) -> AtStart<'_> {
        AtStart { part: self, at: 0 }
    }

    /// Brings everything to the disk.
    ///
    /// # Errors
    /// [`WriteError`] when the disk refuses.
    pub(super) fn sync(&self) -> Result<(), WriteError> {
        let synced = self.with_file(File::sync_all);
        synced.map_err(|error| WriteError::new(&self.target, error))
    }

    /// Gives the finished file its name, in place of one that may be there.
    ///
    /// # Errors
    /// [`WriteError`] when it cannot be renamed.
    pub(super) fn commit(mut self) -> Result<PathBuf, WriteError> {
        std::fs::rename(&self.part, &self.target)
            .map_err(|error| WriteError::new(&self.target, error))?;
        self.committed = true;
        Ok(self.target.clone())
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if !self.committed {
            // Nothing can be done about a failure here, and the name says that it is unfinished.
            let _ = std::fs::remove_file(&self.part);
        }
    }
}

/// Writes into a file from its start on.
pub(super) struct AtStart<'a> {
    part: &'a PartFile,
    at: u64,
}

impl io::Write for AtStart<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.part.write_at(bytes, self.at)?;
        self.at += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Brings the renames in a folder to the disk, where the system can.
///
/// # Errors
/// [`WriteError`] when the disk refuses.
pub(super) fn sync_folder(folder: &Path) -> Result<(), WriteError> {
    // Windows cannot open a folder as a file; its renames are journalled.
    match File::open(folder) {
        Ok(handle) if cfg!(unix) => handle
            .sync_all()
            .map_err(|error| WriteError::new(folder, error)),
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn write_all_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(windows)]
fn write_all_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = std::os::windows::fs::FileExt::seek_write(file, bytes, offset)?;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        bytes = &bytes[written..];
        offset += written as u64;
    }
    Ok(())
}
