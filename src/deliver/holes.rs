//! Stretches of a file that were never written: they are silence, and the file system knows where they end.
//!
//! **Invariant:** only what the file system says to hold no data is taken for silence.

use std::fs::File;

/// Where the next byte that was written stands, at `at` or behind it; the largest number where there is none, and
/// `at` itself where the system cannot tell. The place in the file from which it is read next is lost.
#[cfg(target_os = "linux")]
pub(super) fn data_from(file: &File, at: u64) -> u64 {
    match rustix::fs::seek(file, rustix::fs::SeekFrom::Data(at)) {
        Ok(data) => data,
        Err(rustix::io::Errno::NXIO) => u64::MAX,
        Err(_) => at,
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) const fn data_from(_: &File, at: u64) -> u64 {
    at
}

#[cfg(test)]
mod tests {
    use std::io::{Seek as _, SeekFrom, Write as _};

    use super::*;

    #[test]
    fn no_written_byte_is_taken_for_silence() {
        let mut file = tempfile::tempfile().unwrap();
        file.seek(SeekFrom::Start(3 << 20)).unwrap();
        file.write_all(&[1]).unwrap();
        file.set_len(9 << 20).unwrap();
        assert!((0..=3 << 20).contains(&data_from(&file, 0)));
        assert_eq!(data_from(&file, 3 << 20), 3 << 20);
        assert!(data_from(&file, 8 << 20) >= 8 << 20);
    }
}
