//! `ds64`: the 64-bit sizes of RF64 and BW64 (EBU Tech 3306 §3, ITU-R BS.2088 §5).

use nom::bytes::complete::take;
use nom::number::complete::{le_u32, le_u64};
use nom::{IResult, Parser as _};

/// Rows of the table that are read; real files have one or none.
const MAX_ROWS: usize = 4096;

/// The 64-bit sizes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ds64 {
    /// File size less 8.
    pub riff: u64,
    /// Bytes of the data chunk.
    pub data: u64,
    /// Sizes of other chunks past 4 GiB.
    pub table: Vec<([u8; 4], u64)>,
}

impl Ds64 {
    /// Reads the body; `None` when it is shorter than its fixed part. A table that states more rows
    /// than there are gives those that are there.
    pub(crate) fn parse(body: &[u8]) -> Option<Self> {
        let (mut rest, (riff, data, rows)) = fixed(body).ok()?;
        let mut table = Vec::new();
        while table.len() < (rows as usize).min(MAX_ROWS)
            && let Ok((next, (id, size))) = row(rest)
        {
            table.push((id, size));
            rest = next;
        }
        Some(Self { riff, data, table })
    }

    /// The size of the next chunk of this name that states none; rows of one name stand in the order of
    /// the file.
    pub(crate) fn take(&mut self, id: [u8; 4]) -> Option<u64> {
        let row = self.table.iter().position(|row| row.0 == id)?;
        Some(self.table.remove(row).1)
    }
}

/// Size of the file and of the data, count of rows; the sample count in between is not needed.
fn fixed(body: &[u8]) -> IResult<&[u8], (u64, u64, u32)> {
    let (rest, (riff, data, _frames, rows)) = (le_u64, le_u64, le_u64, le_u32).parse(body)?;
    Ok((rest, (riff, data, rows)))
}

fn row(body: &[u8]) -> IResult<&[u8], ([u8; 4], u64)> {
    let (rest, (id, size)) = (take(4_usize), le_u64).parse(body)?;
    Ok((rest, (id.try_into().unwrap_or_default(), size)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_there() {
        let mut body = Vec::new();
        for value in [100_u64, 60, 20] {
            body.extend(value.to_le_bytes());
        }
        body.extend(0x7FFF_FFFF_u32.to_le_bytes());
        body.extend(*b"axml\x05\0\0\0\0\0\0\0axml\x06\0\0\0\0\0\0\0bext");
        let mut ds64 = Ds64::parse(&body).unwrap();
        assert_eq!((ds64.riff, ds64.data), (100, 60));
        let mut take = || ds64.take(*b"axml");
        assert_eq!([take(), take(), take()], [Some(5), Some(6), None]);
        assert_eq!(ds64.take(*b"bext"), None);
        assert_eq!(Ds64::parse(&body[..27]), None);
    }
}
