//! Files held open, at most so many at a time.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};

use super::MediaError;

/// Files that are open at the same time. Systems allow 256 (macOS) or 1024 (Linux) per process by
/// default, and outputs and the user's terminal want some too.
pub(super) const MAX_OPEN: usize = 200;

/// The files that are open, in the order of their opening.
///
/// When one too many is open, the longest open one that nobody used since it was last looked at is
/// closed (the clock algorithm): a file in use costs nobody a shared lock.
#[derive(Debug)]
pub(super) struct FilePool {
    open: Mutex<VecDeque<Weak<Handle>>>,
    limit: usize,
}

/// A file that is opened when it is read and may be closed in between.
#[derive(Debug)]
pub(super) struct Handle {
    path: PathBuf,
    file: RwLock<Option<Arc<File>>>,
    used: AtomicBool,
    pool: Arc<FilePool>,
}

impl FilePool {
    /// A pool that keeps at most `limit` files open, and one for each thread that is just reading.
    pub(super) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self {
            open: Mutex::new(VecDeque::new()),
            limit: limit.max(1),
        })
    }

    /// A handle for a file; opens nothing.
    pub(super) fn handle(self: &Arc<Self>, path: &Path) -> Arc<Handle> {
        Arc::new(Handle {
            path: path.to_owned(),
            file: RwLock::new(None),
            used: AtomicBool::new(false),
            pool: Arc::clone(self),
        })
    }

    /// Notes a file that was just opened and closes others until the limit holds.
    fn admit(&self, handle: &Arc<Handle>) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.push_back(Arc::downgrade(handle));
        // Each file gets at most one second chance, so this ends.
        let mut chances = open.len();
        while open.len() > self.limit {
            let Some(oldest) = open.pop_front() else {
                break;
            };
            let Some(handle) = oldest.upgrade() else {
                continue;
            };
            if chances > 0 && handle.used.swap(false, Ordering::Relaxed) {
                chances -= 1;
                open.push_back(oldest);
            } else {
                handle.close();
            }
        }
    }
}

impl Handle {
    /// Fills `buffer` from a byte of the file on.
    ///
    /// # Errors
    /// [`MediaError::Io`], also where the file ends before that.
    pub(super) fn read_exact_at(
        self: &Arc<Self>,
        buffer: &mut [u8],
        offset: u64,
    ) -> Result<(), MediaError> {
        let read = self
            .file()
            .and_then(|file| read_exact_at(&file, buffer, offset));
        read.map_err(|source| MediaError::io(self.path.display().to_string(), source))
    }

    fn file(self: &Arc<Self>) -> io::Result<Arc<File>> {
        self.used.store(true, Ordering::Relaxed);
        let open = self.file.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = open.as_ref() {
            return Ok(Arc::clone(file));
        }
        drop(open);
        self.open()
    }

    fn open(self: &Arc<Self>) -> io::Result<Arc<File>> {
        let mut slot = self.file.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = slot.as_ref() {
            return Ok(Arc::clone(file));
        }
        let file = Arc::new(File::open(&self.path)?);
        *slot = Some(Arc::clone(&file));
        // The pool closes other files under its own lock: never hold both.
        drop(slot);
        self.pool.admit(self);
        Ok(file)
    }

    fn close(&self) {
        *self.file.write().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Reads at most `buffer` from a byte of an open file on; 0 at its end.
pub(super) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    #[cfg(unix)]
    return std::os::unix::fs::FileExt::read_at(file, buffer, offset);
    #[cfg(windows)]
    return std::os::windows::fs::FileExt::seek_read(file, buffer, offset);
}

/// Writes at most `bytes` from a byte of an open file on.
fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<usize> {
    #[cfg(unix)]
    return std::os::unix::fs::FileExt::write_at(file, bytes, offset);
    #[cfg(windows)]
    return std::os::windows::fs::FileExt::seek_write(file, bytes, offset);
}

/// Fills `buffer` from a byte of an open file on.
pub(super) fn read_exact_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    let mut done = 0;
    while let Some(rest) = buffer.get_mut(done..).filter(|rest| !rest.is_empty()) {
        match read_at(file, rest, offset + done as u64) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => done += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Writes all of `bytes` from a byte of an open file on.
pub(super) fn write_all_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    let mut done = 0;
    while let Some(rest) = bytes.get(done..).filter(|rest| !rest.is_empty()) {
        match write_at(file, rest, offset + done as u64) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => done += written,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rayon::prelude::*;

    fn open_now(handles: &[Arc<Handle>]) -> usize {
        let open = |handle: &&Arc<Handle>| handle.file.read().unwrap().is_some();
        handles.iter().filter(open).count()
    }

    fn files(pool: &Arc<FilePool>, count: u8) -> (tempfile::TempDir, Vec<Arc<Handle>>) {
        let folder = tempfile::tempdir().unwrap();
        let handle = |i| {
            let path = folder.path().join(format!("{i}"));
            std::fs::write(&path, [i; 8]).unwrap();
            pool.handle(&path)
        };
        let handles = (0..count).map(handle).collect();
        (folder, handles)
    }

    #[test]
    fn the_limit_holds_and_every_read_succeeds() {
        let pool = FilePool::new(4);
        let (_folder, handles) = files(&pool, 20);
        assert_eq!(open_now(&handles), 0);
        for round in 0..3 {
            for (i, handle) in handles.iter().enumerate() {
                let mut bytes = [0; 3];
                handle.read_exact_at(&mut bytes, 5).unwrap();
                assert_eq!(bytes, [i as u8; 3], "round {round}");
                assert!(open_now(&handles) <= 4);
            }
        }
    }

    #[test]
    fn a_file_in_use_stays_open() {
        let pool = FilePool::new(4);
        let (_folder, handles) = files(&pool, 20);
        let mut byte = [0; 1];
        for handle in &handles {
            handles[0].read_exact_at(&mut byte, 0).unwrap();
            handle.read_exact_at(&mut byte, 0).unwrap();
        }
        assert!(handles[0].file.read().unwrap().is_some());
    }

    #[test]
    fn many_threads_share_a_small_pool() {
        let pool = FilePool::new(2);
        let (_folder, handles) = files(&pool, 12);
        (0..4000_usize).into_par_iter().for_each(|n| {
            let i = n * 7 % handles.len();
            let mut bytes = [0; 8];
            handles[i].read_exact_at(&mut bytes, 0).unwrap();
            assert_eq!(bytes, [i as u8; 8]);
        });
        assert!(open_now(&handles) <= 2);
    }

    #[test]
    fn reading_past_the_end_or_nothing_is_an_error() {
        let pool = FilePool::new(2);
        let (_folder, handles) = files(&pool, 1);
        assert!(handles[0].read_exact_at(&mut [0; 9], 0).is_err());
        let gone = pool.handle(Path::new("/no/such/file"));
        let error = gone.read_exact_at(&mut [0; 1], 0).unwrap_err();
        assert!(error.to_string().contains("/no/such/file"), "{error}");
    }
}
