//! Text of any age and machine as UTF-8: what the text formats have in common.
//!
//! **Invariant:** every byte sequence decodes to something, in time and memory linear in its length;
//! where the encoding is not stated by the bytes themselves, the guess is a finding.

use encoding_rs::{
    CoderResult, Encoding, GB18030, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252,
};

use crate::finding::{Code, Finding, Place, Severity};

/// The encoding is a guess.
pub(super) const GUESSED_ENCODING: Code = Code {
    id: "TXT001",
    severity: Severity::Warning,
    title: "text encoding guessed",
    explanation: "The file is neither UTF-8 nor marked as UTF-16, so the encoding of its names was \
                  guessed from the bytes. Times and numbers are not touched by this; names with \
                  accents or ideographs may read wrongly, and files looked for by such a name may \
                  not be found. Save the list as UTF-8 to be sure.",
};

/// Some bytes are no characters of the encoding.
pub(super) const DAMAGED_TEXT: Code = Code {
    id: "TXT002",
    severity: Severity::Warning,
    title: "damaged characters",
    explanation: "Some bytes are not characters of the file's encoding, as happens when a program \
                  cuts names in the middle of a character. Each became U+FFFD; names that hold it \
                  may not match their files.",
};

/// The findings of this module; every text format can make them.
pub(super) const CODES: [&Code; 2] = [&GUESSED_ENCODING, &DAMAGED_TEXT];

/// Bytes that are decoded in one step.
const STEP: usize = 64 << 10;

/// How many bytes at the head tell whether a file is UTF-16 without a mark, or no text at all.
const SAMPLE: usize = 64 << 10;

/// How many bytes a guess looks at.
const GUESSED: usize = 16 << 20;

/// A text and what is known of its encoding.
#[derive(Debug)]
pub(super) struct Decoded {
    /// The text, without a byte order mark.
    pub(super) text: String,
    /// Name of the encoding (WHATWG).
    encoding: &'static str,
    /// Whether the encoding was guessed.
    guessed: bool,
    /// Whether some bytes were no characters.
    damaged: bool,
    /// Whether it is no text at all; nothing was decoded then.
    pub(super) binary: bool,
}

impl Decoded {
    fn binary() -> Self {
        Self {
            text: String::new(),
            encoding: UTF_8.name(),
            guessed: false,
            damaged: false,
            binary: true,
        }
    }

    /// What is to be said of the decoding.
    pub(super) fn findings(&self, file: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        if self.guessed {
            let message = format!("the text is read as {}, a guess", self.encoding);
            findings.push(
                Finding::new(&GUESSED_ENCODING, message)
                    .at(Place::file(file))
                    .hint("save it as UTF-8 if names look wrong"),
            );
        }
        if self.damaged {
            let message = format!("some bytes are not {} text", self.encoding);
            findings.push(Finding::new(&DAMAGED_TEXT, message).at(Place::file(file)));
        }
        findings
    }
}

/// Bytes as text: marked UTF-8 or UTF-16, UTF-16 seen by its zero bytes, UTF-8, else a guess among
/// GB18030, Windows-1252 and `MacRoman`. A file whose head holds control characters that no text has,
/// or one of other encodings that is not mostly ASCII as edit lists are, is binary.
pub(super) fn decode(bytes: Vec<u8>) -> Decoded {
    let marked = Encoding::for_bom(&bytes);
    let wide = marked.or_else(|| unmarked_utf16(&bytes).map(|encoding| (encoding, 0)));
    if let Some((encoding, mark)) = wide {
        let bytes = bytes.get(mark..).unwrap_or_default();
        let decoded = decode_as(bytes, encoding, marked.is_none());
        let is_text = !has_controls(decoded.text.as_bytes());
        return if is_text { decoded } else { Decoded::binary() };
    }
    if has_controls(&bytes) {
        return Decoded::binary();
    }
    match String::from_utf8(bytes) {
        Ok(text) => Decoded {
            text,
            encoding: UTF_8.name(),
            guessed: false,
            damaged: false,
            binary: false,
        },
        Err(error) => {
            let bytes = error.into_bytes();
            if is_mostly_high(&bytes) {
                return Decoded::binary();
            }
            let encoding = guess(&bytes);
            decode_as(&bytes, encoding, encoding != UTF_8)
        }
    }
}

fn decode_as(bytes: &[u8], encoding: &'static Encoding, guessed: bool) -> Decoded {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len());
    let mut damaged = false;
    let mut steps = bytes.chunks(STEP).peekable();
    while let Some(step) = steps.next() {
        let last = steps.peek().is_none();
        let mut rest = step;
        loop {
            // Growing by what a step can need at most keeps the loop to a round or two.
            text.reserve(decoder.max_utf8_buffer_length(rest.len()).unwrap_or(STEP));
            let (result, read, errors) = decoder.decode_to_string(rest, &mut text, last);
            damaged |= errors;
            rest = rest.get(read..).unwrap_or_default();
            if result == CoderResult::InputEmpty {
                break;
            }
        }
    }
    Decoded {
        text,
        encoding: encoding.name(),
        guessed,
        damaged,
        binary: false,
    }
}

/// Whether the head holds control characters that no text file has.
fn has_controls(bytes: &[u8]) -> bool {
    let mut head = bytes.iter().take(SAMPLE);
    head.any(|b| matches!(b, 0..=0x06 | 0x0e..=0x19 | 0x1b..=0x1f))
}

/// Whether more than three in four bytes of more than a few lines are not ASCII.
fn is_mostly_high(bytes: &[u8]) -> bool {
    let high = bytes.iter().filter(|b| !b.is_ascii()).count();
    bytes.len() > 4096 && high > bytes.len() / 4 * 3
}

/// UTF-16 without a mark: Latin text in it has a zero in every other byte.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(SAMPLE) & !1)?;
    if !head.contains(&0) {
        return None;
    }
    let zeros = |first: usize| head.iter().skip(first).step_by(2).filter(|b| **b == 0);
    let (even, odd) = (zeros(0).count(), zeros(1).count());
    let many = head.len() / 4;
    match (even, odd) {
        (0, odd) if odd > 0 && odd >= many => Some(UTF_16LE),
        (even, 0) if even > 0 && even >= many => Some(UTF_16BE),
        _ => None,
    }
}

/// The likeliest encoding of text that is not valid UTF-8.
fn guess(bytes: &[u8]) -> &'static Encoding {
    if mostly_utf8(bytes) {
        return UTF_8;
    }
    let bytes = bytes.get(..GUESSED).unwrap_or(bytes);
    if looks_like_gb18030(bytes) {
        return GB18030;
    }
    if score(bytes, MACINTOSH) > score(bytes, WINDOWS_1252) {
        MACINTOSH
    } else {
        WINDOWS_1252
    }
}

/// UTF-8 with a character cut here and there: at least three in four of its long characters are whole,
/// where other encodings have hardly one in five that looks so.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    whole > 0 && whole >= 3 * broken
}

/// Chinese text: high bytes come in pairs, most of them in the rows of GB 2312 that hold the frequent
/// ideographs and the punctuation. Accented Latin letters mostly stand alone before an ASCII letter,
/// which is a pair that Chinese text seldom needs; two of them together (`öß`) fall in the rows of
/// rare ideographs.
fn looks_like_gb18030(bytes: &[u8]) -> bool {
    let (mut frequent, mut rare, mut odd, mut broken) = (0_usize, 0_usize, 0_usize, 0_usize);
    let mut rest = bytes.iter().copied();
    while let Some(lead) = rest.next() {
        let count = match (lead, rest.clone().next()) {
            (0..=0x7f, _) => continue,
            (0xa1..=0xa9 | 0xb0..=0xd7, Some(0xa1..=0xfe)) => &mut frequent,
            (0xd8..=0xf7, Some(0xa1..=0xfe)) => &mut rare,
            (0x80..=0xfe, Some(0x30..=0x39 | 0x40..=0x7e | 0x80..=0xfe)) => &mut odd,
            _ => {
                broken += 1;
                continue;
            }
        };
        *count += 1;
        rest.next();
    }
    frequent > 0 && frequent >= 2 * rare && frequent >= 4 * odd && frequent >= 20 * broken
}

/// How much a one-byte encoding makes sense of the high bytes: letters beside letters and the
/// punctuation of typists count for it, anything else against it.
fn score(bytes: &[u8], encoding: &'static Encoding) -> i64 {
    let mut table = [('\0', false); 256];
    for (byte, entry) in (0..=u8::MAX).zip(table.iter_mut()) {
        let one = [byte];
        let (decoded, damaged) = encoding.decode_without_bom_handling(&one);
        *entry = (decoded.chars().next().unwrap_or('\0'), damaged);
    }
    let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
    let mut points = 0;
    for (i, byte) in bytes.iter().enumerate().filter(|(_, b)| !b.is_ascii()) {
        let beside =
            letter(i.checked_sub(1).and_then(|i| bytes.get(i))) || letter(bytes.get(i + 1));
        let (c, damaged) = table.get(usize::from(*byte)).copied().unwrap_or_default();
        points += match c {
            _ if damaged || c.is_control() => -3,
            '\u{c0}'..='\u{ff}' if c.is_alphabetic() && beside => 2,
            '‘'..='”' | '–' | '—' | '…' | '©' | '®' | '°' | '\u{a0}' => 1,
            _ => -1,
        };
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(bytes: &[u8], text: &str, encoding: &str, codes: &[&str]) {
        let decoded = decode(bytes.to_vec());
        assert_eq!(decoded.text, text);
        assert_eq!(decoded.encoding, encoding);
        let findings = decoded.findings("list.edl");
        let found: Vec<&str> = findings.iter().map(|f| f.code.id).collect();
        assert_eq!(found, codes);
    }

    #[test]
    fn marks_are_believed_and_removed() {
        check(b"\xef\xbb\xbfTITLE", "TITLE", "UTF-8", &[]);
        check(b"\xff\xfeT\0I\0", "TI", "UTF-16LE", &[]);
        check(b"\xfe\xff\0T\0I", "TI", "UTF-16BE", &[]);
        check(b"T\0I\0T\0", "TIT", "UTF-16LE", &["TXT001"]);
        check(b"\0T\0I\0T", "TIT", "UTF-16BE", &["TXT001"]);
    }

    #[test]
    fn utf8_needs_no_guess() {
        check("Ren\u{e9}e".as_bytes(), "Ren\u{e9}e", "UTF-8", &[]);
        let names = "\u{e9}\u{e8}\u{ea}".repeat(4);
        let cut = [names.as_bytes(), b"\xc3\nx"].concat();
        check(&cut, &format!("{names}\u{fffd}\nx"), "UTF-8", &["TXT002"]);
    }

    #[test]
    fn old_encodings_are_told_apart() {
        check(
            b"Ren\xe9e \x96 caf\xe9",
            "Ren\u{e9}e \u{2013} caf\u{e9}",
            "windows-1252",
            &["TXT001"],
        );
        check(
            b"Ren\x8ee \xd0 caf\x8e",
            "Ren\u{e9}e \u{2013} caf\u{e9}",
            "macintosh",
            &["TXT001"],
        );
        check(
            b"\xd6\xd0\xce\xc4.wav",
            "\u{4e2d}\u{6587}.wav",
            "gb18030",
            &["TXT001"],
        );
        check(
            b"gr\xfc\xdfe",
            "gr\u{fc}\u{df}e",
            "windows-1252",
            &["TXT001"],
        );
        check(
            b"Gr\xf6\xdfe",
            "Gr\u{f6}\u{df}e",
            "windows-1252",
            &["TXT001"],
        );
    }

    #[test]
    fn binary_is_seen() {
        assert!(decode(b"\x7fELF\x02\x01\x01\0\0\0\0\0".to_vec()).binary);
        assert!(decode([0xe9, b'a', 0x80, 0x81, 0xff].repeat(2000)).binary);
        assert!(!decode(b"TITLE: a\r\n\tb\x1a".to_vec()).binary);
    }

    proptest! {
        #[test]
        fn any_bytes_decode(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let decoded = decode(bytes.clone());
            prop_assert!(decoded.text.len() <= 3 * bytes.len());
        }
    }
}
