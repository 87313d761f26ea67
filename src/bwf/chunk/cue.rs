//! `cue ` and `LIST adtl`: points, regions and their names (Microsoft, Multimedia Programming
//! Interface 1.0, chapter 3).

use std::collections::BTreeMap;

use nom::bytes::complete::take;
use nom::number::complete::le_u32;
use nom::{IResult, Parser as _};

use super::super::codes::{BAD_CUES, TOO_MANY};
use super::super::model::Cue;
use super::super::text;
use crate::finding::Finding;

/// Points, and labels, that are read from one file.
const MAX_CUES: usize = 100_000;

/// Faults that are told of one file; the first few say it all.
const MAX_FINDINGS: usize = 10;

/// Subchunks of `LIST adtl` that are known; others are skipped.
const KNOWN: [[u8; 4]; 4] = [*b"labl", *b"note", *b"ltxt", *b"file"];

/// Points and labels as they come; either chunk may stand first.
#[derive(Debug, Default)]
pub(crate) struct CueList {
    points: Vec<Cue>,
    labels: BTreeMap<u32, Label>,
    findings: Vec<Finding>,
}

/// What `LIST adtl` says of a point.
#[derive(Debug, Default)]
struct Label {
    name: Option<String>,
    note: Option<String>,
    length: Option<u64>,
    /// Text of `ltxt`: the name where there is no `labl`.
    text: Option<String>,
}

impl CueList {
    /// Takes the body of a `cue ` chunk.
    pub(crate) fn points(&mut self, body: &[u8]) {
        let Ok((mut rest, count)) = u32_le(body) else {
            self.damaged("the cue chunk is empty");
            return;
        };
        let mut read = 0;
        while read < count && self.points.len() < MAX_CUES {
            let Ok((next, point)) = point(rest) else {
                self.damaged(format!("{count} cue points are stated, {read} are there"));
                return;
            };
            self.points.push(point);
            rest = next;
            read += 1;
        }
        if read < count {
            self.too_many("cue points");
        }
    }

    /// Takes the body of a `LIST` chunk of type `adtl`, behind the type.
    pub(crate) fn labels(&mut self, mut rest: &[u8]) {
        let mut count = 0;
        while !rest.is_empty() {
            let Ok((next, (id, body))) = subchunk(rest) else {
                // Up to three bytes behind the last subchunk are padding.
                if rest.len() > 3 && rest.iter().any(|&b| b != 0) {
                    self.damaged("a cue label is cut off");
                }
                return;
            };
            count += 1;
            if count > MAX_CUES {
                self.too_many("cue labels");
                return;
            }
            self.label(id, body);
            rest = next;
        }
    }

    fn label(&mut self, id: [u8; 4], body: &[u8]) {
        if !KNOWN[..3].contains(&id) {
            return;
        }
        let Ok((bytes, cue)) = u32_le(body) else {
            self.damaged(format!("a `{}` is too short", id.escape_ascii()));
            return;
        };
        if id != *b"ltxt" {
            let label = self.labels.entry(cue).or_default();
            let field = if id == *b"labl" {
                &mut label.name
            } else {
                &mut label.note
            };
            *field = some_text(bytes);
        } else if let Ok((bytes, length)) = region(bytes) {
            let label = self.labels.entry(cue).or_default();
            label.length = Some(length);
            label.text = some_text(bytes);
        } else {
            self.damaged("an `ltxt` is too short");
        }
    }

    /// The points with their labels, in file order.
    pub(crate) fn finish(mut self) -> (Vec<Cue>, Vec<Finding>) {
        let mut points = std::mem::take(&mut self.points);
        for cue in &mut points {
            let label = self.labels.remove(&cue.id).unwrap_or_default();
            cue.length = label.length.filter(|&length| length > 0);
            cue.label = label.name.or(label.text);
            cue.note = label.note;
        }
        if let Some(id) = self.labels.keys().next() {
            let message = format!("a label names cue point {id}, which does not exist");
            self.damaged(message);
        }
        (points, self.findings)
    }

    fn damaged(&mut self, message: impl Into<String>) {
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(Finding::new(BAD_CUES, message));
        }
    }

    fn too_many(&mut self, what: &str) {
        let message = format!("more than {MAX_CUES} {what}; the rest is ignored");
        self.findings.push(Finding::new(TOO_MANY, message));
    }
}

fn u32_le(body: &[u8]) -> IResult<&[u8], u32> {
    le_u32(body)
}

/// A point: id, position, chunk name, chunk start, block start, sample offset. The sample offset counts
/// from the start of the data; writers that leave it at zero fill the position.
fn point(body: &[u8]) -> IResult<&[u8], Cue> {
    let (rest, (id, position, _, _, _, offset)) =
        (le_u32, le_u32, take(4_usize), le_u32, le_u32, le_u32).parse(body)?;
    let position = if offset == 0 { position } else { offset };
    let cue = Cue {
        id,
        position: u64::from(position),
        ..Cue::default()
    };
    Ok((rest, cue))
}

/// Name and body of a subchunk, behind it the next. A pad byte is skipped unless the next name is
/// known to begin without one.
fn subchunk(body: &[u8]) -> IResult<&[u8], ([u8; 4], &[u8])> {
    let (rest, (id, size)) = (take(4_usize), le_u32).parse(body)?;
    let (rest, body) = take(size as usize).parse(rest)?;
    let unpadded = rest
        .get(..4)
        .is_some_and(|id| KNOWN.iter().any(|known| known == id));
    let rest = if size % 2 == 1 && !unpadded {
        rest.get(1..).unwrap_or_default()
    } else {
        rest
    };
    Ok((rest, (id.try_into().unwrap_or_default(), body)))
}

/// `ltxt` behind its cue id: length, purpose, country, language, dialect, code page, text.
fn region(body: &[u8]) -> IResult<&[u8], u64> {
    let (rest, (length, _)) = (le_u32, take(12_usize)).parse(body)?;
    Ok((rest, u64::from(length)))
}

fn some_text(bytes: &[u8]) -> Option<String> {
    let (text, _) = text::decode(bytes);
    (!text.is_empty()).then_some(text)
}
