//! Chunks as streams: the ADM's XML of a feature is a gigabyte and is never held whole.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use crate::bwf::error::WaveError;
use crate::bwf::model::{DataSpan, Wave};

/// Bytes that are read from the file at a time.
const BUFFER: usize = 1 << 18;

/// Longest text that a compressed chunk may become, in bytes: four features.
const MAX_TEXT: u64 = 4 << 30;

/// The first two bytes of gzip (RFC 1952 §2.3.1).
const GZIP: [u8; 2] = [0x1F, 0x8B];

/// The bytes of a stretch of a file, in order and no further.
#[derive(Debug)]
pub struct SpanReader {
    file: io::Take<File>,
}

impl Read for SpanReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer)
    }
}

/// Reads a stretch of a file from its first byte on. Where the file ends before it, so does the
/// stream.
///
/// # Errors
/// [`WaveError::Io`] when the file cannot be opened.
pub fn span_reader(path: &Path, span: DataSpan) -> Result<SpanReader, WaveError> {
    let io = |source| WaveError::io(path, source);
    let mut file = File::open(path).map_err(io)?;
    file.seek(SeekFrom::Start(span.offset)).map_err(io)?;
    Ok(SpanReader {
        file: file.take(span.bytes),
    })
}

/// The XML of the Audio Definition Model as a stream: `axml`, else `bxml` unpacked (ITU-R BS.2088
/// §9: two bytes of type, then gzip). `None` where the file has neither.
///
/// The stream of a compressed chunk fails with [`io::ErrorKind::InvalidData`] where the text is
/// damaged or longer than 4 GiB.
///
/// # Errors
/// [`WaveError::Io`] when the file cannot be read, [`WaveError::Malformed`] for a compressed chunk
/// that is not gzip.
pub fn adm_text(wave: &Wave) -> Result<Option<Box<dyn BufRead + Send>>, WaveError> {
    let Some(adm) = wave.adm else {
        return Ok(None);
    };
    if let Some(span) = adm.axml {
        let reader = span_reader(&wave.path, span)?;
        return Ok(Some(Box::new(BufReader::with_capacity(BUFFER, reader))));
    }
    adm.bxml.map(|span| unpacked(&wave.path, span)).transpose()
}

fn unpacked(path: &Path, span: DataSpan) -> Result<Box<dyn BufRead + Send>, WaveError> {
    let io = |source| WaveError::io(path, source);
    let mut reader = BufReader::with_capacity(BUFFER, span_reader(path, span)?);
    // The type stands before the data; some writers leave it out.
    if !reader.fill_buf().map_err(io)?.starts_with(&GZIP) {
        reader.consume(2.min(reader.buffer().len()));
    }
    let head = reader.fill_buf().map_err(io)?;
    if !head.starts_with(&GZIP) {
        let first = head.get(..2).unwrap_or_default().escape_ascii();
        return Err(WaveError::Malformed {
            place: Box::new(crate::finding::Place::offset(
                path.display().to_string(),
                span.offset,
            )),
            chunk: "bxml".to_owned(),
            what: "the compressed text",
            found: format!("something that begins with `{first}`"),
            expected: "gzip".to_owned(),
        });
    }
    let text = Bounded {
        inner: MultiGzDecoder::new(reader),
        left: MAX_TEXT,
    };
    Ok(Box::new(BufReader::with_capacity(BUFFER, text)))
}

/// A stream that fails where it is longer than it may be.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| {
            let message = format!("the compressed text is longer than {MAX_TEXT} bytes");
            io::Error::new(io::ErrorKind::InvalidData, message)
        })?;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    /// A file of 5 bytes, the body, and more.
    fn file(body: &[u8]) -> (tempfile::TempPath, DataSpan) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&[b"12345", body, b"behind"].concat())
            .unwrap();
        let bytes = body.len() as u64;
        (file.into_temp_path(), DataSpan { offset: 5, bytes })
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut to = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        to.write_all(text).unwrap();
        to.finish().unwrap()
    }

    #[test]
    fn a_span_ends_where_it_says() {
        let (path, span) = file(b"<a/>");
        let mut text = String::new();
        span_reader(&path, span)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, "<a/>");
    }

    #[test]
    fn compressed_text_is_unpacked_and_damage_is_an_error() {
        let read = |body: &[u8]| {
            let (path, span) = file(body);
            let mut text = String::new();
            let mut reader = unpacked(&path, span).map_err(|e| e.to_string())?;
            reader
                .read_to_string(&mut text)
                .map_err(|e| e.kind().to_string())?;
            Ok::<_, String>(text)
        };
        let packed = gzip(b"<ebuCoreMain/>");
        let typed = [&[1, 0], &packed[..]].concat();
        assert_eq!(read(&packed).unwrap(), "<ebuCoreMain/>");
        assert_eq!(read(&typed).unwrap(), "<ebuCoreMain/>");
        assert!(read(&typed[..typed.len() - 9]).is_err());
        assert!(read(b"\0\0plain").unwrap_err().contains("begins with `pl`"));
        assert!(read(b"").is_err());
    }

    #[test]
    fn a_text_without_end_is_stopped() {
        let mut bounded = Bounded {
            inner: io::repeat(b' '),
            left: 1 << 20,
        };
        let error = io::copy(&mut bounded, &mut io::sink()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }
}
