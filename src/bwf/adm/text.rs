//! The XML as a stream of UTF-8: decoded, and bounded in the length of a single token.

use std::io::{self, BufRead, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8};

/// Longest piece of XML between two events, in bytes: no tag, text or comment of a real file comes
/// near it, and a hostile one would be held in memory whole.
const MAX_TOKEN: usize = 4 << 20;

/// Bytes that are decoded at a time.
const BUFFER: usize = 1 << 16;

/// Decodes a stream.
pub(super) struct Decoded<R> {
    inner: R,
    decoder: Decoder,
    /// Decoded bytes; those from `at` on are not consumed yet.
    buffer: Vec<u8>,
    at: usize,
    end: usize,
    /// Bytes that may still be consumed before the next event.
    left: usize,
    finished: bool,
    /// Whether bytes were no text of the encoding and were replaced.
    pub(super) damaged: bool,
}

impl<R: BufRead> Decoded<R> {
    /// Looks at the first bytes for the encoding: by its mark, by its zeros, else by the
    /// declaration, else UTF-8.
    pub(super) fn new(mut inner: R) -> io::Result<Self> {
        let encoding = declared(inner.fill_buf()?);
        Ok(Self {
            inner,
            // The mark is taken away, and says more than the declaration.
            decoder: encoding.new_decoder(),
            buffer: vec![0; BUFFER],
            at: 0,
            end: 0,
            left: MAX_TOKEN,
            finished: false,
            damaged: false,
        })
    }

    /// Another token may begin.
    pub(super) fn next_token(&mut self) {
        self.left = MAX_TOKEN;
    }

    fn decode(&mut self) -> io::Result<()> {
        (self.at, self.end) = (0, 0);
        while self.end == 0 && !self.finished {
            let source = self.inner.fill_buf()?;
            let last = source.is_empty();
            let (result, read, written, damaged) =
                self.decoder.decode_to_utf8(source, &mut self.buffer, last);
            self.inner.consume(read);
            self.end = written;
            self.damaged |= damaged;
            self.finished = last && result == CoderResult::InputEmpty;
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Decoded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(into.len());
        if let (Some(to), Some(from)) = (into.get_mut(..count), available.get(..count)) {
            to.copy_from_slice(from);
        }
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Decoded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            let message = format!("a tag or text is longer than {MAX_TOKEN} bytes");
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        if self.at == self.end {
            self.decode()?;
        }
        Ok(self.buffer.get(self.at..self.end).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.at = (self.at + amount).min(self.end);
        self.left = self.left.saturating_sub(amount);
    }
}

fn declared(head: &[u8]) -> &'static Encoding {
    match head {
        [b'<', 0, ..] => return encoding_rs::UTF_16LE,
        [0, b'<', ..] => return encoding_rs::UTF_16BE,
        _ => {}
    }
    let head = head.get(..head.len().min(200)).unwrap_or_default();
    let head = String::from_utf8_lossy(head);
    let declaration = head.split("?>").next().unwrap_or_default();
    let label = declaration.split("encoding").nth(1).and_then(|rest| {
        let rest = rest.trim_start().strip_prefix('=')?.trim_start();
        let quote = rest.chars().next()?;
        rest.get(quote.len_utf8()..)?.split(quote).next()
    });
    let named = label.and_then(|label| Encoding::for_label(label.as_bytes()));
    // What could be read byte by byte is not UTF-16, whatever it says.
    named
        .filter(|encoding| encoding.is_ascii_compatible())
        .unwrap_or(UTF_8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], want: &str, damaged: bool) {
        // Small pieces, so that characters are cut.
        let mut decoded = Decoded::new(io::BufReader::with_capacity(3, bytes)).unwrap();
        let mut text = String::new();
        decoded.read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), decoded.damaged), (want, damaged));
    }

    #[test]
    fn encodings_are_found() {
        check("<a>é</a>".as_bytes(), "<a>é</a>", false);
        check(b"\xEF\xBB\xBF<a/>", "<a/>", false);
        check(b"<\0a\0/\0>\0", "<a/>", false);
        check(b"\xFE\xFF\0<\0\xE9\0/\0>", "<é/>", false);
        check(b"<a>\xE9</a>", "<a>\u{FFFD}</a>", true);
        check(b"", "", false);
        let utf16 = b"<?xml version='1.0' encoding='UTF-16'?><a/>";
        assert_eq!(declared(utf16), UTF_8);
        assert_eq!(
            declared(b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>").name(),
            "windows-1252"
        );
    }

    #[test]
    fn a_token_without_end_is_stopped() {
        let endless = io::BufReader::new(io::repeat(b'x'));
        let mut decoded = Decoded::new(endless).unwrap();
        let copied = io::copy(&mut decoded, &mut io::sink());
        assert_eq!(copied.unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}
