//! CPU time of whole processes, as the kernel books it, so that other load matters little.

use std::fs;
use std::io;
use std::process::{Command, Stdio};

/// Runs a command; the CPU seconds (user and system) that it took, `None` where it is not installed.
pub(crate) fn cpu_seconds(command: &Command) -> io::Result<Option<f64>> {
    let before = children()?;
    let mut again = Command::new(command.get_program());
    again
        .args(command.get_args())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    match again.status() {
        Ok(_) => Ok(Some(children()? - before)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// CPU seconds of all children that have ended: fields 16 and 17 of `/proc/self/stat`, in hundredths.
fn children() -> io::Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let fields = after_name.split_whitespace().skip(13).take(2);
    Ok(fields
        .filter_map(|field| field.parse::<f64>().ok())
        .sum::<f64>()
        / 100.0)
}
