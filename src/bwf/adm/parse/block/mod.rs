//! `audioBlockFormat` of every type.

mod object;
mod other;
mod position;
mod speaker;

use std::io::BufRead;

use super::value::time;
use super::{Broken, Parser};
use crate::audio::scene::{BlockSpan, MatrixBlock, ObjectBlock, SpeakerBlock};
use crate::bwf::adm::blocks::{
    BlockStore, HoaBlock, MAX_BLOCKS, MAX_BYTES, MAX_STATIC, Packed, Seam,
};
use crate::bwf::adm::codes::{HALF_TIMES, INTERPOLATION, OVERLAP, ROUNDED, TOO_MANY, UNSORTED};
use crate::bwf::adm::id::AdmId;
use crate::bwf::adm::model::FormatType;
use crate::bwf::adm::notes::Notes;
use crate::time::Rational;

/// How long a block without duration lasts: longer than any file; the next block ends it.
const OPEN_END: Rational = Rational::from_int(1_000_000);

/// What the blocks of a file have taken so far.
#[derive(Debug, Default)]
pub(super) struct Budget {
    blocks: usize,
    fixed: usize,
    bytes: usize,
}

/// The blocks of the channel that is read.
#[derive(Debug)]
pub(super) struct Building {
    id: AdmId,
    kind: FormatType,
    objects: Packed,
    speakers: Vec<SpeakerBlock>,
    hoa: Vec<HoaBlock>,
    matrix: Vec<MatrixBlock>,
    other: usize,
    /// Times of the block before.
    last: Option<BlockSpan>,
    unsorted: bool,
}

impl Building {
    pub(super) fn new(kind: FormatType, id: &AdmId) -> Self {
        Self {
            id: id.clone(),
            kind,
            objects: Packed::default(),
            speakers: Vec::new(),
            hoa: Vec::new(),
            matrix: Vec::new(),
            other: 0,
            last: None,
            unsorted: false,
        }
    }

    fn fixed(&self) -> usize {
        self.speakers.len() + self.hoa.len() + self.matrix.len() + self.other
    }

    /// Notes how the block sits behind the one before.
    fn seam(&mut self, span: Option<BlockSpan>, offset: u64, notes: &mut Notes) {
        let Some(span) = span else {
            return;
        };
        if let Some(last) = self.last.replace(span) {
            self.unsorted |= span.start < last.start;
            let open = last.duration == OPEN_END;
            match Seam::of(last, span.start) {
                Seam::Rounded | Seam::Crack => {
                    let id = &self.id;
                    notes.at(ROUNDED, offset, "", || {
                        format!("from {id} on, blocks meet within 0.00002 s")
                    });
                }
                Seam::Overlap if !open && span.start >= last.start => {
                    let id = &self.id;
                    let message = || format!("{id}: a block overlaps the next one");
                    notes.at(OVERLAP, offset, id.as_str(), message);
                }
                Seam::Closed | Seam::Gap | Seam::Overlap => {}
            }
        }
    }
}

impl<R: BufRead> Parser<'_, R> {
    pub(super) fn block(&mut self, to: &mut Building) -> Result<(), Broken> {
        let offset = self.xml.tag.offset;
        let objects = to.kind == FormatType::Objects;
        let many = self.budget.blocks >= MAX_BLOCKS
            || self.budget.bytes + to.objects.bytes() > MAX_BYTES
            || (!objects && self.budget.fixed + to.fixed() >= MAX_STATIC);
        if many {
            let message = || format!("blocks from {} on are ignored", to.id);
            self.notes.at(TOO_MANY, offset, "blocks", message);
            return self.xml.skip();
        }
        self.budget.blocks += 1;
        let span = self.span();
        to.seam(span, offset, self.notes);
        match to.kind {
            FormatType::Objects => {
                let block = self.object_block(span, &to.id)?;
                interpolation(self.notes, offset, &block, &to.id);
                to.objects.push(&block);
            }
            FormatType::DirectSpeakers => to.speakers.push(self.speaker_block(span, &to.id)?),
            FormatType::Hoa => to.hoa.push(self.hoa_block(span)?),
            FormatType::Matrix => to.matrix.push(self.matrix_block(span)?),
            FormatType::Binaural | FormatType::Other => {
                to.other += 1;
                self.xml.skip()?;
            }
        }
        Ok(())
    }

    /// Both times, or none; one alone is completed.
    fn span(&mut self) -> Option<BlockSpan> {
        let known = [
            "audioBlockFormatID",
            "rtime",
            "duration",
            "lstart",
            "lduration",
            "initializeBlock",
        ];
        self.attributes(&known);
        let tag = &self.xml.tag;
        // Serial ADM counts from its frame; the first frame's count is the file's.
        let mut start = time(self.notes, tag, "rtime");
        if start.is_none() {
            start = time(self.notes, tag, "lstart");
        }
        let mut duration = time(self.notes, tag, "duration");
        if duration.is_none() {
            duration = time(self.notes, tag, "lduration");
        }
        let half = start.is_some() != duration.is_some();
        if half {
            let id = tag.attribute("audioBlockFormatID").unwrap_or_default();
            let message = || format!("block {id}");
            self.notes.at(HALF_TIMES, tag.offset, "", message);
        }
        match (start, duration) {
            (None, None) => None,
            (start, duration) => Some(BlockSpan {
                start: start.unwrap_or(Rational::ZERO),
                duration: duration.unwrap_or(OPEN_END),
            }),
        }
    }

    /// The blocks of a channel that ends.
    pub(super) fn finish_blocks(&mut self, mut built: Building) -> BlockStore {
        if built.unsorted {
            let id = &built.id;
            self.notes
                .whole(UNSORTED, id.as_str(), || format!("the blocks of {id}"));
            built.objects = built.objects.sorted();
            built
                .speakers
                .sort_by_key(|block| block.span.map(|span| span.start));
        }
        built.objects.finish();
        self.budget.bytes += built.objects.bytes();
        self.budget.fixed += built.fixed();
        match built.kind {
            _ if built.objects.len() + built.fixed() == 0 => BlockStore::Empty,
            FormatType::Objects => BlockStore::Objects(built.objects),
            FormatType::DirectSpeakers => BlockStore::Speakers(built.speakers),
            FormatType::Hoa => BlockStore::Hoa(built.hoa),
            FormatType::Matrix => BlockStore::Matrix(built.matrix),
            FormatType::Binaural | FormatType::Other => BlockStore::Other(built.other),
        }
    }
}

fn interpolation(notes: &mut Notes, offset: u64, block: &ObjectBlock, id: &AdmId) {
    let longest = block.span.map(|span| span.duration);
    if longest.is_some_and(|longest| block.jump.length.is_some_and(|length| length > longest)) {
        notes.at(INTERPOLATION, offset, "", || format!("from {id} on"));
    }
}
