//! XML that is made anew each time it is written: that of a feature is too large to be held.

use std::fmt;
use std::io;
use std::sync::Arc;

/// What XML is made of.
pub trait AdmSource: fmt::Debug + Send + Sync {
    /// Writes the XML; every time the same bytes.
    ///
    /// # Errors
    /// Whatever `out` says.
    fn write(&self, out: &mut dyn io::Write) -> io::Result<()>;
}

impl AdmSource for Vec<u8> {
    fn write(&self, out: &mut dyn io::Write) -> io::Result<()> {
        out.write_all(self)
    }
}

/// The XML of a file, with its known length.
#[derive(Debug, Clone)]
pub struct AdmText {
    source: Arc<dyn AdmSource>,
    bytes: u64,
}

impl AdmText {
    /// The XML of a source, which is made once to be counted.
    pub fn new(source: Arc<dyn AdmSource>) -> Self {
        let mut count = Count(0);
        // A count takes everything.
        let _ = source.write(&mut count);
        let bytes = count.0;
        Self { source, bytes }
    }

    /// Its length in bytes.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Writes it.
    ///
    /// # Errors
    /// Whatever `out` says.
    pub fn write(&self, out: &mut dyn io::Write) -> io::Result<()> {
        self.source.write(out)
    }
}

/// Counts what is written.
struct Count(u64);

impl io::Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
