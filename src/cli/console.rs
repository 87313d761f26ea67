//! Standard output and standard error, and what happens when nobody reads them.

use std::io::{self, Write as _};

use super::Status;

/// Writes to standard output; a reader that has gone away is no failure.
pub(super) fn out(text: &str) -> Result<(), Status> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(text.as_bytes());
    told(written.and_then(|()| stdout.flush()))
}

/// Writes JSON for people to standard output as it is made, ending in a newline.
pub(super) fn out_json(value: &impl serde::Serialize) -> Result<(), Status> {
    let mut stdout = io::BufWriter::new(io::stdout().lock());
    let written = serde_json::to_writer_pretty(&mut stdout, value).map_err(io::Error::from);
    let ended = written.and_then(|()| writeln!(stdout));
    told(ended.and_then(|()| stdout.flush()))
}

/// What became of writing to standard output.
fn told(written: io::Result<()>) -> Result<(), Status> {
    match written {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Status::Done),
        Err(error) => {
            err(&format!("error: cannot write to standard output: {error}"));
            Err(Status::NotWritten)
        }
    }
}

/// Writes a line to standard error; there is nowhere to report a failure of that.
pub(super) fn err(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Writes an error for people and returns the status that goes with it.
pub(super) fn fail(status: Status, message: &impl std::fmt::Display) -> Status {
    err(&format!("error: {message}"));
    status
}
