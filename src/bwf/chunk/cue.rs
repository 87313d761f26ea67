//! `cue ` and `LIST adtl`: points, regions and their names (Microsoft, Multimedia Programming
//! Interface 1.0, chapter 3).

use std::collections::BTreeMap;

use nom::bytes::complete::take;
use nom::number::complete::le_u32;
use nom::{IResult, Parser as _};

use super::super::codes::{BAD_CUES, CUE_DROPPED, TOO_MANY};
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
    /// Label chunks that were taken, whatever they name.
    labels_read: usize,
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
        while !rest.is_empty() {
            let Ok((next, (id, body))) = subchunk(rest) else {
                // Up to three bytes behind the last subchunk are padding.
                if rest.len() > 3 && rest.iter().any(|&b| b != 0) {
                    self.damaged("a cue label is cut off");
                }
                return;
            };
            self.labels_read += 1;
            if self.labels_read > MAX_CUES {
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
        if self.findings.len() < MAX_FINDINGS {
            let message = format!("more than {MAX_CUES} {what}; the rest is ignored");
            self.findings.push(Finding::new(TOO_MANY, message));
        }
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

/// The bodies of `cue ` and `LIST` for the points that their 32-bit fields can state; empty where there
/// are none.
pub(crate) fn bytes(cues: &[Cue]) -> (Vec<u8>, Vec<u8>, Vec<Finding>) {
    let (mut points, mut labels, mut findings) = (Vec::new(), Vec::new(), Vec::new());
    let mut count = 0_u32;
    for cue in cues {
        let length = cue.length.map_or(Ok(0), u32::try_from);
        let (Ok(position), Ok(length)) = (u32::try_from(cue.position), length) else {
            let message = format!("cue point {} at frame {} is left out", cue.id, cue.position);
            findings.push(Finding::new(CUE_DROPPED, message));
            continue;
        };
        count += 1;
        for field in [
            cue.id,
            position,
            u32::from_le_bytes(*b"data"),
            0,
            0,
            position,
        ] {
            points.extend(field.to_le_bytes());
        }
        text_chunk(&mut labels, *b"labl", cue.id, cue.label.as_deref());
        text_chunk(&mut labels, *b"note", cue.id, cue.note.as_deref());
        if length > 0 {
            region_chunk(&mut labels, cue.id, length);
        }
    }
    if count > 0 {
        points.splice(..0, count.to_le_bytes());
    }
    if !labels.is_empty() {
        labels.splice(..0, *b"adtl");
    }
    (points, labels, findings)
}

/// `labl` or `note`: the point and a text that ends in NUL, with a pad byte where that is odd.
fn text_chunk(out: &mut Vec<u8>, id: [u8; 4], cue: u32, text: Option<&str>) {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return;
    };
    let text = text.split('\0').next().unwrap_or_default();
    out.extend(id);
    out.extend((text.len() as u32 + 5).to_le_bytes());
    out.extend(cue.to_le_bytes());
    out.extend(text.as_bytes());
    out.push(0);
    if !(text.len() + 5).is_multiple_of(2) {
        out.push(0);
    }
}

/// `ltxt`: a region without a text of its own.
fn region_chunk(out: &mut Vec<u8>, cue: u32, length: u32) {
    out.extend(*b"ltxt");
    out.extend(20_u32.to_le_bytes());
    out.extend(cue.to_le_bytes());
    out.extend(length.to_le_bytes());
    out.extend(*b"rgn ");
    out.extend([0; 8]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(points: &[u8], labels: &[u8]) -> (Vec<Cue>, usize) {
        let mut list = CueList::default();
        list.points(points);
        list.labels(labels);
        let (cues, findings) = list.finish();
        (cues, findings.len())
    }

    fn cue(id: u32, position: u64) -> Cue {
        Cue {
            id,
            position,
            ..Cue::default()
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        let cues = vec![
            cue(1, 0),
            Cue {
                label: Some("2-pop".to_owned()),
                note: Some("reel 1".to_owned()),
                length: Some(2002),
                ..cue(2, 86_400)
            },
        ];
        let (points, labels, findings) = bytes(&cues);
        assert_eq!(findings, []);
        assert_eq!(read(&points, &labels[4..]), (cues, 0));
        assert_eq!(bytes(&[]), (Vec::new(), Vec::new(), Vec::new()));
    }

    #[test]
    fn points_past_32_bits_are_left_out() {
        let (points, _, findings) = bytes(&[cue(1, 1 << 32), cue(2, 5)]);
        assert_eq!(read(&points, &[]).0, [cue(2, 5)]);
        assert_eq!(findings.len(), 1);
    }

    #[test]
    fn labels_come_padded_or_not() {
        let (points, _, _) = bytes(&[cue(1, 5)]);
        for labels in [
            &b"labl\x07\0\0\0\x01\0\0\0ab\0\0note\x06\0\0\0\x01\0\0\0c\0"[..],
            &b"labl\x07\0\0\0\x01\0\0\0ab\0note\x06\0\0\0\x01\0\0\0c\0"[..],
            &b"labl\x06\0\0\0\x01\0\0\0abnote\x05\0\0\0\x01\0\0\0c"[..],
        ] {
            let (cues, faults) = read(&points, labels);
            assert_eq!(
                (cues[0].label.as_deref(), cues[0].note.as_deref()),
                (Some("ab"), Some("c"))
            );
            assert_eq!(faults, 0);
        }
    }

    #[test]
    fn damage_is_told_and_the_rest_is_used() {
        let (mut points, _, _) = bytes(&[cue(1, 5), cue(2, 6)]);
        points.truncate(40);
        assert_eq!(read(&points, &[]), (vec![cue(1, 5)], 1));
        assert_eq!(read(b"", b"labl\xff\xff\xff\xff"), (vec![], 2));
        assert_eq!(read(&[0; 4], b"labl\x04\0\0\0\x09\0\0\0"), (vec![], 1));
        assert_eq!(read(b"\xff\xff\xff\xff", b""), (vec![], 1));
    }
}
