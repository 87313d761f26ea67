//! Text in chunks that should be ASCII and is not.

use std::borrow::Cow;

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

/// Characters that are written in ASCII as something readable: the letters of Europe's languages
/// without their accents, and the marks that word processors put in.
const ASCII: [(&str, &str); 48] = [
    ("ÀÁÂÃÄÅĀĂĄ", "A"),
    ("àáâãäåāăąª", "a"),
    ("ÇĆĈĊČ", "C"),
    ("çćĉċč", "c"),
    ("ÐĎĐ", "D"),
    ("ðďđ", "d"),
    ("ÈÉÊËĒĔĖĘĚ", "E"),
    ("èéêëēĕėęě", "e"),
    ("ĜĞĠĢ", "G"),
    ("ĝğġģ", "g"),
    ("ĤĦ", "H"),
    ("ĥħ", "h"),
    ("ÌÍÎÏĨĪĬĮİ", "I"),
    ("ìíîïĩīĭįı", "i"),
    ("Ĵ", "J"),
    ("ĵ", "j"),
    ("Ķ", "K"),
    ("ķ", "k"),
    ("ĹĻĽĿŁ", "L"),
    ("ĺļľŀł", "l"),
    ("ÑŃŅŇ", "N"),
    ("ñńņň", "n"),
    ("ÒÓÔÕÖØŌŎŐ", "O"),
    ("òóôõöøōŏőº", "o"),
    ("ŔŖŘ", "R"),
    ("ŕŗř", "r"),
    ("ŚŜŞŠȘ", "S"),
    ("śŝşšș", "s"),
    ("ŢŤŦȚ", "T"),
    ("ţťŧț", "t"),
    ("ÙÚÛÜŨŪŬŮŰŲ", "U"),
    ("ùúûüũūŭůűų", "u"),
    ("ÝŶŸ", "Y"),
    ("ýÿŷ", "y"),
    ("ŹŻŽ", "Z"),
    ("źżž", "z"),
    ("Æ", "AE"),
    ("æ", "ae"),
    ("Œ", "OE"),
    ("œ", "oe"),
    ("ß", "ss"),
    ("Þ", "Th"),
    ("þ", "th"),
    ("‘’‚′´", "'"),
    ("“”„″«»", "\""),
    ("‐‑‒–—−", "-"),
    ("\u{a0}\u{2007}\u{202f}", " "),
    ("…", "..."),
];

/// The text in ASCII: accents fall off, what has no counterpart becomes `?`, control characters other
/// than line ends become spaces. `None` when the text is that already.
pub(super) fn to_ascii(text: &str) -> Option<String> {
    let plain = |c: char| matches!(c, ' '..='~' | '\r' | '\n' | '\t');
    if text.chars().all(plain) {
        return None;
    }
    let mut ascii = String::with_capacity(text.len());
    for c in text.chars() {
        if plain(c) {
            ascii.push(c);
        } else if c.is_ascii() {
            ascii.push(' ');
        } else {
            let row = ASCII.iter().find(|(letters, _)| letters.contains(c));
            ascii.push_str(row.map_or("?", |row| row.1));
        }
    }
    Some(ascii)
}

/// The first characters of a text, for messages.
pub(super) fn short(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(80) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|b| [b >> 4, b & 15]);
    digits
        .filter_map(|digit| char::from_digit(u32::from(digit), 16))
        .collect()
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

    #[test]
    fn writes_ascii_that_can_be_read() {
        assert_eq!(to_ascii("plain, text\r\n"), None);
        for (text, ascii) in [
            ("Première – Łódź", "Premiere - Lodz"),
            ("Straße “Æther”…", "Strasse \"AEther\"..."),
            ("Ло\u{7}", "?? "),
            ("a\u{a0}b", "a b"),
        ] {
            assert_eq!(to_ascii(text).as_deref(), Some(ascii), "{text}");
        }
        assert!(ASCII.iter().all(|(_, ascii)| ascii.is_ascii()));
    }

    #[test]
    fn hex_has_two_digits_a_byte() {
        assert_eq!(hex(&[0, 0x1f, 0xff]), "001fff");
    }
}
