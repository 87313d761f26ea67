//! `chna`: which track of the file is which ADM track (ITU-R BS.2088 §7), both ways.
//!
//! The counts at its head lie in real files: rows that are filled count, wherever they stand in the
//! chunk.

use std::collections::BTreeSet;

use nom::bytes::complete::take;
use nom::number::complete::le_u16;
use nom::{IResult, Parser as _};

use crate::bwf::codes::BAD_CHNA;
use crate::bwf::model::ChnaRow;
use crate::finding::Finding;

/// Bytes of the counts.
pub(crate) const HEAD: u64 = 4;

/// Bytes of a row (BS.2088 §7.2).
const ROW: u64 = 40;

/// Bytes of the texts of a row: UID, reference, pack.
const TEXTS: [usize; 3] = [12, 14, 11];

/// Tracks and rows as stated; `None` for a head that is cut off.
pub(crate) fn counts(head: &[u8]) -> Option<(u16, u16)> {
    let counts: IResult<&[u8], (u16, u16)> = (le_u16, le_u16).parse(head);
    counts.ok().map(|(_, counts)| counts)
}

/// Rows that a chunk of this size has room for.
pub(crate) const fn rows(size: u64) -> u64 {
    size.saturating_sub(HEAD) / ROW
}

/// The rows of a body; empty ones, which writers keep for later, are left out.
pub(crate) fn parse(body: &[u8]) -> (Vec<ChnaRow>, Vec<Finding>) {
    let mut rows = Vec::new();
    let mut findings = Vec::new();
    let mut note = |message: String| findings.push(Finding::new(BAD_CHNA, message));
    let mut rest = body.get(HEAD as usize..).unwrap_or_default();
    let mut number = 0_usize;
    while let Ok((next, row)) = row(rest) {
        rest = next;
        number += 1;
        match (row.track, row.uid.as_str()) {
            (0, "") => {}
            (0, uid) => note(format!("row {number} names no track for `{uid}`")),
            (track, "") => note(format!("row {number} names no UID for track {track}")),
            _ => rows.push(row),
        }
    }
    let tracks: BTreeSet<u16> = rows.iter().map(|row| row.track).collect();
    let found = (tracks.len(), rows.len());
    if let Some((tracks, uids)) = counts(body)
        && (usize::from(tracks), usize::from(uids)) != found
    {
        note(format!(
            "{tracks} tracks and {uids} UIDs are stated, {} and {} are there",
            found.0, found.1
        ));
    }
    (rows, findings)
}

fn row(bytes: &[u8]) -> IResult<&[u8], ChnaRow> {
    let [uid, reference, pack] = TEXTS;
    let fields = (
        le_u16,
        take(uid),
        take(reference),
        take(pack),
        take(1_usize),
    );
    let (rest, (track, uid, reference, pack, _)) = { fields }.parse(bytes)?;
    let row = ChnaRow {
        track,
        uid: text(uid),
        reference: text(reference),
        pack: text(pack),
    };
    Ok((rest, row))
}

/// A field up to its padding, of NULs or blanks.
fn text(field: &[u8]) -> String {
    let end = field.iter().position(|&b| b == 0).unwrap_or(field.len());
    let used = field.get(..end).unwrap_or_default();
    String::from_utf8_lossy(used).trim().to_owned()
}

/// The body of a `chna` chunk (ITU-R BS.2088 §7). More rows than its 16-bit count can say are written all the same: readers
/// that go by the size of the chunk find them.
pub fn bytes(rows: &[ChnaRow]) -> Vec<u8> {
    let tracks: BTreeSet<u16> = rows.iter().map(|row| row.track).collect();
    let count = |count: usize| u16::try_from(count).unwrap_or(u16::MAX).to_le_bytes();
    let mut out = Vec::with_capacity(HEAD as usize + rows.len() * ROW as usize);
    out.extend(count(tracks.len()));
    out.extend(count(rows.len()));
    for row in rows {
        out.extend(row.track.to_le_bytes());
        for (text, size) in [&row.uid, &row.reference, &row.pack].into_iter().zip(TEXTS) {
            let fill = std::iter::repeat(0);
            out.extend(text.bytes().chain(fill).take(size));
        }
        out.push(0);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(track: u16, uid: &str) -> ChnaRow {
        ChnaRow {
            track,
            uid: uid.to_owned(),
            reference: "AT_00010001_01".to_owned(),
            pack: "AP_00010003".to_owned(),
        }
    }

    #[test]
    fn counts_and_room() {
        assert_eq!(counts(&[2, 0, 3, 1]), Some((2, 259)));
        assert_eq!(counts(&[2, 0, 3]), None);
        assert_eq!((rows(0), rows(4), rows(83), rows(84)), (0, 0, 1, 2));
    }

    #[test]
    fn rows_come_back() {
        let rows: Vec<ChnaRow> = (0..3000)
            .map(|i| row(i % 64 + 1, &format!("ATU_{i:08x}")))
            .collect();
        let body = bytes(&rows);
        assert_eq!(&body[..4], &[64, 0, 0xB8, 0x0B]);
        assert_eq!(parse(&body), (rows, Vec::new()));
    }

    #[test]
    fn counts_that_lie_are_not_believed() {
        let rows = [row(1, "ATU_00000001"), row(2, "ATU_00000002")];
        let check = |body: &[u8], found: usize, message: &str| {
            let (rows, findings) = parse(body);
            let messages: Vec<&str> = findings.iter().map(|f| f.message.as_str()).collect();
            assert_eq!((rows.len(), messages), (found, vec![message]));
        };
        let mut body = bytes(&rows);
        body[2] = 200;
        check(
            &body,
            2,
            "2 tracks and 200 UIDs are stated, 2 and 2 are there",
        );
        body[2] = 1;
        check(
            &body,
            2,
            "2 tracks and 1 UIDs are stated, 2 and 2 are there",
        );
        body[2] = 2;
        body.truncate(60);
        check(
            &body,
            1,
            "2 tracks and 2 UIDs are stated, 1 and 1 are there",
        );
        let mut body = bytes(&[row(0, "ATU_00000001"), row(1, "ATU_00000002")]);
        body[..4].copy_from_slice(&[1, 0, 1, 0]);
        check(&body, 1, "row 1 names no track for `ATU_00000001`");
        let mut spare = bytes(&rows);
        spare.extend([0; 80]);
        assert_eq!(parse(&spare), (rows.to_vec(), Vec::new()));
    }
}
