//! `chna`: which track of the file is which ADM track (ITU-R BS.2088 §7). Only its counts are read.

use nom::number::complete::le_u16;
use nom::{IResult, Parser as _};

/// Bytes of a row (BS.2088 §7.2).
const ROW: usize = 40;

/// Tracks and rows as stated, and whether so many rows are there; `None` when it has no head.
pub(crate) fn counts(body: &[u8]) -> Option<(u16, u16, bool)> {
    let (rows, (tracks, uids)) = head(body).ok()?;
    Some((tracks, uids, rows.len() / ROW >= usize::from(uids)))
}

fn head(body: &[u8]) -> IResult<&[u8], (u16, u16)> {
    (le_u16, le_u16).parse(body)
}
