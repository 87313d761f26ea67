//! `chna`: which track of the file is which ADM track (ITU-R BS.2088 §7). Only its counts are read.

use nom::number::complete::le_u16;
use nom::{IResult, Parser as _};

/// Bytes of the counts.
pub(crate) const HEAD: u64 = 4;

/// Bytes of a row (BS.2088 §7.2).
const ROW: u64 = 40;

/// Tracks and rows as stated; `None` for a head that is cut off.
pub(crate) fn counts(head: &[u8]) -> Option<(u16, u16)> {
    let counts: IResult<&[u8], (u16, u16)> = (le_u16, le_u16).parse(head);
    counts.ok().map(|(_, counts)| counts)
}

/// Rows that a chunk of this size has room for.
pub(crate) const fn rows(size: u64) -> u64 {
    size.saturating_sub(HEAD) / ROW
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_room() {
        assert_eq!(counts(&[2, 0, 3, 1]), Some((2, 259)));
        assert_eq!(counts(&[2, 0, 3]), None);
        assert_eq!((rows(0), rows(4), rows(83), rows(84)), (0, 0, 1, 2));
    }
}
