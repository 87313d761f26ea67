//! Standard output and standard error, and what happens when nobody reads them.

use std::io::{self, Write as _};

use super::Status;

/// Writes to standard output; a reader that has gone away is no failure.
pub(super) fn out(text: &str) -> Result<(), Status> {
    let mut stdout = io::stdout().lock();
    match stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
    {
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
