//! Where bytes lie that do not stand in one piece.

use std::sync::Arc;

/// A stretch of bytes as pieces of a file, in order. Cheap to copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pieces {
    list: Arc<[Piece]>,
    length: u64,
}

/// A piece; it ends where the next one starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    /// Where it starts in the stretch.
    at: u64,
    /// Where it starts in the file.
    offset: u64,
}

/// Pieces in the making.
#[derive(Debug, Default)]
pub(super) struct PieceList {
    list: Vec<Piece>,
    length: u64,
}

impl PieceList {
    /// Appends bytes of the file; those that continue the last piece are part of it.
    pub(super) fn push(&mut self, offset: u64, length: u64) {
        let Some(end) = self.length.checked_add(length).filter(|_| length > 0) else {
            return;
        };
        let continues =
            |last: &Piece| last.offset.checked_add(self.length - last.at) == Some(offset);
        if !self.list.last().is_some_and(continues) {
            let at = self.length;
            self.list.push(Piece { at, offset });
        }
        self.length = end;
    }

    /// The stretch.
    pub(super) fn finish(self) -> Pieces {
        Pieces {
            list: self.list.into(),
            length: self.length,
        }
    }
}

impl Pieces {
    /// Bytes in one piece.
    pub(super) fn one(offset: u64, length: u64) -> Self {
        let mut list = PieceList::default();
        list.push(offset, length);
        list.finish()
    }

    /// Bytes in all.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Where the stretch starts in the file, where it is one piece.
    pub(super) fn offset(&self) -> Option<u64> {
        match &self.list[..] {
            [] => Some(0),
            [only] => Some(only.offset),
            _ => None,
        }
    }

    /// The byte of the file at a byte of the stretch, and how many stand in one piece from there on.
    pub(super) fn place(&self, at: u64) -> Option<(u64, u64)> {
        if at >= self.length {
            return None;
        }
        let after = self.list.partition_point(|piece| piece.at <= at);
        let piece = self.list.get(after.checked_sub(1)?)?;
        let end = self.list.get(after).map_or(self.length, |next| next.at);
        Some((piece.offset + (at - piece.at), end - at))
    }

    /// The first byte that does not lie in a file of this size.
    pub(super) fn beyond(&self, size: u64) -> Option<u64> {
        let ends = self.list.iter().skip(1).map(|next| next.at);
        let mut ends = ends.chain(std::iter::once(self.length));
        let over = self.list.iter().find(|piece| {
            let length = ends.next().unwrap_or(self.length) - piece.at;
            piece
                .offset
                .checked_add(length)
                .is_none_or(|end| end > size)
        });
        over.map(|piece| piece.offset.max(size))
    }

    /// Appends a part of the stretch to another one.
    pub(super) fn copy_part(&self, from: u64, length: u64, to: &mut PieceList) {
        let (mut at, mut left) = (from, length);
        while let Some((offset, there)) = self.place(at).filter(|_| left > 0) {
            let taken = there.min(left);
            to.push(offset, taken);
            at += taken;
            left -= taken;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(list: &[(u64, u64)]) -> Pieces {
        let mut out = PieceList::default();
        for &(offset, length) in list {
            out.push(offset, length);
        }
        out.finish()
    }

    #[test]
    fn neighbours_are_one_piece() {
        let whole = pieces(&[(10, 5), (15, 5), (0, 0)]);
        assert_eq!((whole.offset(), whole.length()), (Some(10), 10));
        assert_eq!(whole, Pieces::one(10, 10));
    }

    #[test]
    fn places_and_parts() {
        let split = pieces(&[(100, 4), (0, 4), (50, 2)]);
        assert_eq!(split.offset(), None);
        let check = |at, expect| assert_eq!(split.place(at), expect, "{at}");
        check(0, Some((100, 4)));
        check(3, Some((103, 1)));
        check(4, Some((0, 4)));
        check(9, Some((51, 1)));
        check(10, None);
        let part = |from, length| {
            let mut list = PieceList::default();
            split.copy_part(from, length, &mut list);
            list.finish()
        };
        assert_eq!(part(2, 4), pieces(&[(102, 2), (0, 2)]));
        assert_eq!(part(8, 99), Pieces::one(50, 2));
        assert_eq!(part(99, 1).length(), 0);
        assert_eq!(split.beyond(104), None);
        assert_eq!(split.beyond(103), Some(103));
    }
}
