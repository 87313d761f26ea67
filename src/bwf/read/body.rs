//! From the map of chunks to what is known of the file.

use std::collections::BTreeSet;
use std::io::{self, Read, Seek};
use std::path::Path;

use super::map::Map;
use super::source::Source;
use super::{MAX_BODY, MAX_METADATA};
use crate::bwf::chunk::{bext, chna, cue::CueList, fmt};
use crate::bwf::codes::{
    BAD_CHNA, DATA_FIRST, FORMAT_DIFFERS, MD5, NO_DATA, PART_FRAME, REPEATED, TIME_DIFFERS,
    TOO_LARGE,
};
use crate::bwf::error::WaveError;
use crate::bwf::ixml::Ixml;
use crate::bwf::model::{AdmSummary, Bext, ChunkId, ChunkInfo, DataSpan, Wave, WaveFormat};
use crate::finding::{Code, Finding, Place};

/// The longest format chunk that is looked at, in bytes.
const MAX_FMT: u64 = 256;

/// Chunks of which a file has one.
const ONCE: [&[u8; 4]; 9] = [
    b"fmt ", b"data", b"bext", b"iXML", b"axml", b"bxml", b"chna", b"MD5 ", b"ds64",
];

/// What was read so far.
struct Reading<'a, R> {
    source: &'a mut Source<R>,
    path: &'a Path,
    file: String,
    seen: BTreeSet<ChunkId>,
    format: Option<WaveFormat>,
    data: Option<DataSpan>,
    bext: Option<Bext>,
    ixml: Option<Ixml>,
    cues: CueList,
    adm: Option<AdmSummary>,
    md5: Option<[u8; 16]>,
    /// Bytes of metadata that may still be read.
    left: u64,
    findings: Vec<Finding>,
}

/// Reads the chunks that are known.
///
/// # Errors
/// [`WaveError`] when the sound cannot be read.
pub(super) fn wave<R: Read + Seek>(
    source: &mut Source<R>,
    path: &Path,
    map: Map,
) -> Result<Wave, WaveError> {
    let mut reading = Reading {
        source,
        path,
        file: path.display().to_string(),
        seen: BTreeSet::new(),
        format: None,
        data: None,
        bext: None,
        ixml: None,
        cues: CueList::default(),
        adm: None,
        md5: None,
        left: MAX_METADATA,
        findings: map.findings,
    };
    for chunk in &map.chunks {
        reading.chunk(*chunk)?;
    }
    let Some(format) = reading.format else {
        return Err(reading.malformed(
            reading.source.len,
            "fmt ",
            "the format chunk",
            "missing",
            "a format chunk",
        ));
    };
    let frames = reading.frames(format);
    reading.compare(format);
    let (cues, cue_findings) = reading.cues.finish();
    let mut findings = reading.findings;
    let place = Place::file(reading.file);
    findings.extend(
        cue_findings
            .into_iter()
            .map(|finding| finding.at(place.clone())),
    );
    Ok(Wave {
        path: path.to_owned(),
        container: map.container,
        format,
        data: reading.data,
        frames,
        bext: reading.bext,
        ixml: reading.ixml,
        cues,
        adm: reading.adm,
        md5: reading.md5,
        chunks: map.chunks,
        findings,
    })
}

impl<R: Read + Seek> Reading<'_, R> {
    fn chunk(&mut self, chunk: ChunkInfo) -> Result<(), WaveError> {
        if ONCE.contains(&&chunk.id.0) && !self.seen.insert(chunk.id) {
            let message = format!("chunk `{}` stands again; the first is used", chunk.id);
            self.note(REPEATED, chunk.offset, message);
            return Ok(());
        }
        let span = DataSpan {
            offset: chunk.offset,
            bytes: chunk.size,
        };
        match &chunk.id.0 {
            b"fmt " => return self.format(chunk),
            b"data" => {
                self.data = Some(span);
                if self.format.is_none() {
                    let message = "the data chunk stands before the format chunk";
                    self.note(DATA_FIRST, chunk.offset, message);
                }
            }
            b"axml" => self.adm_mut().axml = Some(span),
            b"bxml" => self.adm_mut().bxml = Some(span),
            _ => {
                let path = self.path;
                self.metadata(chunk)
                    .map_err(|source| WaveError::io(path, source))?;
            }
        }
        Ok(())
    }

    fn format(&mut self, chunk: ChunkInfo) -> Result<(), WaveError> {
        let path = self.path;
        let body = self.source.bytes(chunk.offset, chunk.size.min(MAX_FMT));
        let body = body.map_err(|source| WaveError::io(path, source))?;
        let (format, findings) = fmt::parse(&body, &self.place(chunk.offset))?;
        self.format = Some(format);
        self.take(findings, chunk.offset);
        Ok(())
    }

    fn metadata(&mut self, chunk: ChunkInfo) -> io::Result<()> {
        match &chunk.id.0 {
            b"bext" => {
                if let Some(body) = self.body(chunk)? {
                    let (bext, findings) = bext::parse(&body);
                    self.bext = Some(bext);
                    self.take(findings, chunk.offset);
                }
            }
            b"iXML" => {
                if let Some(body) = self.body(chunk)? {
                    let (ixml, findings) = Ixml::parse(&body);
                    self.ixml = ixml;
                    self.take(findings, chunk.offset);
                }
            }
            b"cue " => {
                if let Some(body) = self.body(chunk)? {
                    self.cues.points(&body);
                }
            }
            b"LIST" | b"list" => self.list(chunk)?,
            b"chna" => self.chna(chunk)?,
            b"MD5 " => self.md5(chunk)?,
            _ => {}
        }
        Ok(())
    }

    /// A list of labels; other lists (`INFO`) hold nothing that is used.
    fn list(&mut self, chunk: ChunkInfo) -> io::Result<()> {
        if self.source.array::<4>(chunk.offset)? != Some(*b"adtl") {
            return Ok(());
        }
        if let Some(body) = self.body(chunk)? {
            self.cues.labels(body.get(4..).unwrap_or_default());
        }
        Ok(())
    }

    fn chna(&mut self, chunk: ChunkInfo) -> io::Result<()> {
        let head = self
            .source
            .bytes(chunk.offset, chunk.size.min(chna::HEAD))?;
        let counts = chna::counts(&head);
        if counts.is_none_or(|(_, uids)| u64::from(uids) > chna::rows(chunk.size)) {
            let message = format!("{} bytes are too few for its rows", chunk.size);
            self.note(BAD_CHNA, chunk.offset, message);
        }
        let adm = self.adm_mut();
        adm.chna = Some(DataSpan {
            offset: chunk.offset,
            bytes: chunk.size,
        });
        adm.tracks = counts.map(|counts| counts.0);
        adm.uids = counts.map(|counts| counts.1);
        Ok(())
    }

    /// The digest stands in reverse order, as a little-endian number of 128 bits.
    fn md5(&mut self, chunk: ChunkInfo) -> io::Result<()> {
        let digest = self
            .source
            .array::<16>(chunk.offset)?
            .filter(|_| chunk.size == 16);
        if digest.is_none() {
            self.note(
                MD5,
                chunk.offset,
                format!("the chunk has {} bytes, expected 16", chunk.size),
            );
        }
        self.md5 = digest.map(|mut digest| {
            digest.reverse();
            digest
        });
        Ok(())
    }

    /// The content of a metadata chunk, unless it is too large to be real.
    fn body(&mut self, chunk: ChunkInfo) -> io::Result<Option<Vec<u8>>> {
        if chunk.size > MAX_BODY || chunk.size > self.left {
            let message = format!("chunk `{}` has {} bytes", chunk.id, chunk.size);
            self.note(TOO_LARGE, chunk.offset, message);
            return Ok(None);
        }
        self.left -= chunk.size;
        self.source.bytes(chunk.offset, chunk.size).map(Some)
    }

    fn frames(&mut self, format: WaveFormat) -> u64 {
        let Some(data) = self.data else {
            self.note(NO_DATA, self.source.len, "no data chunk was found");
            return 0;
        };
        let over = data.bytes % format.frame_bytes();
        if over != 0 {
            let message = format!("{over} bytes are left over at the end of the sound");
            self.note(PART_FRAME, data.offset + data.bytes - over, message);
        }
        data.bytes / format.frame_bytes()
    }

    /// Notes where the copies in the iXML differ from what they copy.
    fn compare(&mut self, format: WaveFormat) {
        let Some(ixml) = &self.ixml else {
            return;
        };
        let mut notes = Vec::new();
        if let (Some(bext), Some(stamp)) = (&self.bext, ixml.time_stamp())
            && bext.time_reference != stamp
        {
            let message = format!(
                "bext starts at sample {}, iXML at {stamp}",
                bext.time_reference
            );
            notes.push(Finding::new(TIME_DIFFERS, message));
        }
        let speed = ixml.speed.as_ref();
        let rate = speed.and_then(|speed| speed.file_sample_rate);
        let bits = speed.and_then(|speed| speed.audio_bit_depth);
        let mut differs = |what: &str, stated: Option<u32>, real: u32| {
            if let Some(stated) = stated.filter(|&stated| stated != real) {
                let message = format!("the iXML states {what} {stated}, the format chunk {real}");
                notes.push(Finding::new(FORMAT_DIFFERS, message));
            }
        };
        differs("sample rate", rate, format.rate.hertz());
        differs("bit depth", bits, u32::from(format.valid_bits));
        self.findings.extend(
            notes
                .into_iter()
                .map(|f| f.at(Place::file(self.file.clone()))),
        );
    }

    fn adm_mut(&mut self) -> &mut AdmSummary {
        self.adm.get_or_insert_with(AdmSummary::default)
    }

    fn place(&self, offset: u64) -> Place {
        Place::offset(self.file.clone(), offset)
    }

    fn note(&mut self, code: &'static Code, offset: u64, message: impl Into<String>) {
        let finding = Finding::new(code, message).at(self.place(offset));
        self.findings.push(finding);
    }

    fn take(&mut self, findings: Vec<Finding>, offset: u64) {
        let place = self.place(offset);
        self.findings.extend(
            findings
                .into_iter()
                .map(|finding| finding.at(place.clone())),
        );
    }

    fn malformed(
        &self,
        offset: u64,
        chunk: &str,
        what: &'static str,
        found: &str,
        expected: &str,
    ) -> WaveError {
        WaveError::Malformed {
            place: Box::new(self.place(offset)),
            chunk: chunk.to_owned(),
            what,
            found: found.to_owned(),
            expected: expected.to_owned(),
        }
    }
}
