//! Text in chunks that should be ASCII and is not.

use encoding_rs::WINDOWS_1252;

/// How a text was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// As the specification wants it.
    Ascii,
    /// UTF-8.
    Utf8,
    /// Windows Latin 1.
    Latin1,
}

impl Encoding {
    /// The name for messages.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Ascii => "ASCII",
            Self::Utf8 => "UTF-8",
            Self::Latin1 => "Windows Latin 1",
        }
    }
}

/// The text up to the first NUL: UTF-8 where it is valid (a character cut off at the end of a field
/// is left out), else Windows Latin 1.
pub(super) fn decode(bytes: &[u8]) -> (String, Encoding) {
    let bytes = bytes.split(|&b| b == 0).next().unwrap_or_default();
    if bytes.is_ascii() {
        return (String::from_utf8_lossy(bytes).into_owned(), Encoding::Ascii);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), Encoding::Utf8),
        Err(e) if e.error_len().is_none() && !valid(bytes, e.valid_up_to()).is_ascii() => {
            let text = String::from_utf8_lossy(valid(bytes, e.valid_up_to()));
            (text.into_owned(), Encoding::Utf8)
        }
        Err(_) => {
            let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
            (text.into_owned(), Encoding::Latin1)
        }
    }
}

fn valid(bytes: &[u8], up_to: usize) -> &[u8] {
    bytes.get(..up_to).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], text: &str, encoding: Encoding) {
        assert_eq!(decode(bytes), (text.to_owned(), encoding));
    }

    #[test]
    fn reads_what_programs_write() {
        check(b"take 1\0rubbish", "take 1", Encoding::Ascii);
        check("Première".as_bytes(), "Première", Encoding::Utf8);
        check(b"Premi\xe8re", "Première", Encoding::Latin1);
        check(b"\xd0\x9b\xd0\xbe\xd1", "Ло", Encoding::Utf8);
        check(b"ab\xe8", "abè", Encoding::Latin1);
        check(b"", "", Encoding::Ascii);
    }
}
