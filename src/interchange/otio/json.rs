//! A pull reader of JSON as OTIO writes it.
//!
//! Beside JSON (RFC 8259) it takes the words `NaN`, `Inf` and `Infinity` that OTIO's own writer puts
//! where a number is none, tells the line of every value (findings name it), and passes over metadata
//! of any shape without building it and without recursion.

use std::borrow::Cow;
use std::fmt;

/// Deepest nesting of brackets that is followed; real files have some 60.
pub(super) const MAX_DEPTH: usize = 1000;

/// What a value is, seen from its first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `{…}`
    Object,
    /// `[…]`
    Array,
    /// `"…"`
    Text,
    /// Digits, or one of the words that stand for no number.
    Number,
    /// `true`, `false`
    Bool,
    /// `null`
    Null,
}

impl Kind {
    /// The word for messages.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Object => "an object",
            Self::Array => "a list",
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Bool => "true or false",
            Self::Null => "null",
        }
    }
}

/// A number as written: whole ones of 64 bits exactly, all others as the nearest float.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Number {
    /// A whole number without point or exponent.
    Int(i64),
    /// Anything else, infinities and NaN included.
    Float(f64),
}

impl Number {
    /// Where no number stands.
    pub(super) const NONE: Self = Self::Float(f64::NAN);

    /// The nearest float.
    pub(super) fn to_f64(self) -> f64 {
        match self {
            Self::Int(n) => n as f64,
            Self::Float(x) => x,
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(n) => fmt::Display::fmt(n, f),
            Self::Float(x) => fmt::Display::fmt(x, f),
        }
    }
}

/// Text that is not JSON, or breaks a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SyntaxError {
    /// Line from 1.
    pub(super) line: u32,
    /// Column in characters from 1.
    pub(super) column: u32,
    /// What is wrong there.
    pub(super) message: String,
}

/// The reader: a position in the text. Every value that is announced must be taken or skipped.
#[derive(Debug)]
pub(super) struct Json<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u32,
    line_start: usize,
    /// Closing brackets that are due, innermost last; at most [`MAX_DEPTH`].
    open: Vec<u8>,
    /// Whether the innermost bracket was just opened, so that no comma is due.
    fresh: bool,
    /// Whether a text held bytes that are not UTF-8.
    mangled: bool,
}

impl<'a> Json<'a> {
    /// Starts at the first value; a UTF-8 byte order mark is passed over.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        Self {
            bytes,
            at: 0,
            line: 1,
            line_start: 0,
            open: Vec::new(),
            fresh: true,
            mangled: false,
        }
    }

    /// The line that is being read, from 1.
    pub(super) const fn line(&self) -> u32 {
        self.line
    }

    /// Whether any text so far was not UTF-8.
    pub(super) const fn mangled(&self) -> bool {
        self.mangled
    }

    /// What the next value is.
    pub(super) fn kind(&mut self) -> Result<Kind, SyntaxError> {
        match self.peek() {
            Some(b'{') => Ok(Kind::Object),
            Some(b'[') => Ok(Kind::Array),
            Some(b'"') => Ok(Kind::Text),
            Some(b't' | b'f') => Ok(Kind::Bool),
            Some(b'n') => Ok(Kind::Null),
            Some(b'-' | b'0'..=b'9' | b'N' | b'I') => Ok(Kind::Number),
            _ => Err(self.unexpected("a value")),
        }
    }

    /// Opens an object; its keys follow with [`Json::key`].
    pub(super) fn begin_object(&mut self) -> Result<(), SyntaxError> {
        self.begin(b'{', b'}')
    }

    /// Opens a list; its elements follow with [`Json::element`].
    pub(super) fn begin_array(&mut self) -> Result<(), SyntaxError> {
        self.begin(b'[', b']')
    }

    fn begin(&mut self, opening: u8, closing: u8) -> Result<(), SyntaxError> {
        self.take(opening)?;
        if self.open.len() == MAX_DEPTH {
            return Err(self.error(format!("brackets are nested deeper than {MAX_DEPTH}")));
        }
        self.open.push(closing);
        self.fresh = true;
        Ok(())
    }

    /// The next key of the object, its value being next; `None` at the object's end.
    pub(super) fn key(&mut self) -> Result<Option<Cow<'a, str>>, SyntaxError> {
        if self.closes(b'}')? {
            return Ok(None);
        }
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("a key"));
        }
        let key = self.text()?;
        self.take(b':')?;
        Ok(Some(key))
    }

    /// Whether another element of the list is next; false at the list's end.
    pub(super) fn element(&mut self) -> Result<bool, SyntaxError> {
        Ok(!self.closes(b']')?)
    }

    /// Passes over the comma that is due, or over the closing bracket: then true.
    fn closes(&mut self, closing: u8) -> Result<bool, SyntaxError> {
        let first = std::mem::replace(&mut self.fresh, false);
        match self.peek() {
            Some(b) if b == closing => {
                self.at += 1;
                self.open.pop();
                Ok(true)
            }
            Some(b',') if !first => {
                self.at += 1;
                Ok(false)
            }
            _ if first => Ok(false),
            _ => Err(self.unexpected(if closing == b'}' {
                "`,` or `}`"
            } else {
                "`,` or `]`"
            })),
        }
    }

    /// Takes a text. Bytes that are not UTF-8 become U+FFFD.
    pub(super) fn text(&mut self) -> Result<Cow<'a, str>, SyntaxError> {
        let (raw, escaped) = self.raw_text()?;
        if escaped {
            return self.unescape(raw).map(Cow::Owned);
        }
        let text = String::from_utf8_lossy(raw);
        self.mangled |= matches!(text, Cow::Owned(_));
        Ok(text)
    }

    /// The bytes between the quotes, and whether there is an escape among them.
    fn raw_text(&mut self) -> Result<(&'a [u8], bool), SyntaxError> {
        self.take(b'"')?;
        let start = self.at;
        let mut escaped = false;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let stop = rest
                .iter()
                .position(|b| matches!(b, b'"' | b'\\' | 0..=0x1f));
            self.at += stop.unwrap_or(rest.len());
            match stop.and_then(|stop| rest.get(stop)) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.at = (self.at + 2).min(self.bytes.len());
                }
                Some(_) => return Err(self.error("a line break or control character in a text")),
                None => return Err(self.error("the text ends in the middle of a string")),
            }
        }
        let raw = self.bytes.get(start..self.at).unwrap_or_default();
        self.at += 1;
        Ok((raw, escaped))
    }

    fn unescape(&mut self, raw: &[u8]) -> Result<String, SyntaxError> {
        let mut plain: Vec<u8> = Vec::with_capacity(raw.len());
        let mut rest = raw;
        while let Some(slash) = rest.iter().position(|b| *b == b'\\') {
            let (before, after) = rest.split_at(slash);
            plain.extend_from_slice(before);
            let code = after.get(1).copied().unwrap_or_default();
            rest = after.get(2..).unwrap_or_default();
            let one = match code {
                b'"' | b'\\' | b'/' => code,
                b'b' => 8,
                b'f' => 12,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'u' => {
                    let (decoded, left) = unicode(rest).ok_or_else(|| {
                        self.error("`\\u` in a text without four hexadecimal digits")
                    })?;
                    rest = left;
                    plain.extend_from_slice(decoded.encode_utf8(&mut [0; 4]).as_bytes());
                    continue;
                }
                other => {
                    let escape = char::from(other);
                    return Err(self.error(format!("unknown escape `\\{escape}` in a text")));
                }
            };
            plain.push(one);
        }
        plain.extend_from_slice(rest);
        Ok(String::from_utf8(plain).unwrap_or_else(|bad| {
            self.mangled = true;
            String::from_utf8_lossy(bad.as_bytes()).into_owned()
        }))
    }

    /// Takes a number or one of the words for none.
    pub(super) fn number(&mut self) -> Result<Number, SyntaxError> {
        let token = self.number_token()?;
        if let Ok(whole) = token.parse::<i64>() {
            return Ok(Number::Int(whole));
        }
        let value = match token {
            "NaN" | "-NaN" => f64::NAN,
            "Inf" | "Infinity" => f64::INFINITY,
            "-Inf" | "-Infinity" => f64::NEG_INFINITY,
            digits => digits.parse().unwrap_or(f64::NAN),
        };
        Ok(Number::Float(value))
    }

    fn number_token(&mut self) -> Result<&'a str, SyntaxError> {
        self.peek();
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let in_token = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
        let length = rest.iter().take_while(|b| in_token(b)).count();
        let token = rest.get(..length).unwrap_or_default();
        let token = std::str::from_utf8(token).unwrap_or_default();
        let word = token.strip_prefix('-').unwrap_or(token);
        if !matches!(word, "NaN" | "Inf" | "Infinity") && !is_number(token) {
            let shown: String = token.chars().take(40).collect();
            return Err(self.error(format!("`{shown}` is not a number")));
        }
        self.at += length;
        Ok(token)
    }

    /// Takes `true` or `false`.
    pub(super) fn boolean(&mut self) -> Result<bool, SyntaxError> {
        let truth = self.peek() == Some(b't');
        self.word(if truth { "true" } else { "false" })?;
        Ok(truth)
    }

    /// Takes `null`.
    pub(super) fn null(&mut self) -> Result<(), SyntaxError> {
        self.word("null")
    }

    fn word(&mut self, word: &str) -> Result<(), SyntaxError> {
        self.peek();
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if !rest.starts_with(word.as_bytes()) {
            return Err(self.unexpected("a value"));
        }
        self.at += word.len();
        Ok(())
    }

    /// Passes over the next value, whatever it is.
    pub(super) fn skip(&mut self) -> Result<(), SyntaxError> {
        let floor = self.open.len();
        loop {
            match self.kind()? {
                Kind::Object => self.begin_object()?,
                Kind::Array => self.begin_array()?,
                Kind::Text => drop(self.raw_text()?),
                Kind::Number => drop(self.number_token()?),
                Kind::Bool => drop(self.boolean()?),
                Kind::Null => self.null()?,
            }
            while self.open.len() > floor {
                let more = match self.open.last() {
                    Some(b'}') => self.key()?.is_some(),
                    _ => self.element()?,
                };
                if more {
                    break;
                }
            }
            if self.open.len() == floor {
                return Ok(());
            }
        }
    }

    /// Makes sure that nothing follows the value.
    pub(super) fn end(&mut self) -> Result<(), SyntaxError> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.unexpected("the end of the file")),
        }
    }

    /// An error at the place that is being read.
    pub(super) fn error(&self, message: impl Into<String>) -> SyntaxError {
        let before = self.bytes.get(self.line_start..self.at);
        let column = String::from_utf8_lossy(before.unwrap_or_default())
            .chars()
            .count();
        SyntaxError {
            line: self.line,
            column: u32::try_from(column + 1).unwrap_or(u32::MAX),
            message: message.into(),
        }
    }

    fn unexpected(&mut self, wanted: &str) -> SyntaxError {
        let Some(found) = self.peek() else {
            return self.error(format!("the text ends where {wanted} is expected"));
        };
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let shown = if found.is_ascii() {
            char::from(found).to_string()
        } else {
            let head = rest.get(..4).unwrap_or(rest);
            String::from_utf8_lossy(head).chars().take(1).collect()
        };
        self.error(format!("expected {wanted}, found `{shown}`"))
    }

    fn take(&mut self, wanted: u8) -> Result<(), SyntaxError> {
        if self.peek() != Some(wanted) {
            let wanted = format!("`{}`", char::from(wanted));
            return Err(self.unexpected(&wanted));
        }
        self.at += 1;
        Ok(())
    }

    /// The next byte that is not white space, left in place.
    fn peek(&mut self) -> Option<u8> {
        loop {
            match self.bytes.get(self.at).copied() {
                Some(b'\n') => {
                    self.at += 1;
                    self.line = self.line.saturating_add(1);
                    self.line_start = self.at;
                }
                Some(b' ' | b'\t' | b'\r') => self.at += 1,
                other => return other,
            }
        }
    }
}

/// Whether the text is a number of JSON (RFC 8259 §6).
fn is_number(token: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let body = token.strip_prefix('-').unwrap_or(token);
    let (mantissa, exponent) = match body.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (body, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole.len() == 1 || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)))
}

/// The character after `\u`, both halves where it is a surrogate pair, and what follows it.
fn unicode(text: &[u8]) -> Option<(char, &[u8])> {
    let (unit, rest) = hex(text)?;
    if !(0xd800..0xdc00).contains(&unit) {
        return Some((
            char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER),
            rest,
        ));
    }
    let low = rest.strip_prefix(b"\\u").and_then(hex);
    match low {
        Some((low, rest)) if (0xdc00..0xe000).contains(&low) => {
            let code = 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
            Some((
                char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
                rest,
            ))
        }
        _ => Some((char::REPLACEMENT_CHARACTER, rest)),
    }
}

fn hex(text: &[u8]) -> Option<(u32, &[u8])> {
    let (digits, rest) = text.split_at_checked(4)?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let digits = std::str::from_utf8(digits).ok()?;
    Some((u32::from_str_radix(digits, 16).ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Rebuilds the text with this reader, values in a canonical form.
    fn echo(json: &mut Json, out: &mut String) -> Result<(), SyntaxError> {
        match json.kind()? {
            Kind::Object => {
                json.begin_object()?;
                out.push('{');
                while let Some(key) = json.key()? {
                    out.push_str(&serde_json::to_string(&key).unwrap());
                    out.push(':');
                    echo(json, out)?;
                    out.push(',');
                }
                out.push('}');
            }
            Kind::Array => {
                json.begin_array()?;
                out.push('[');
                while json.element()? {
                    echo(json, out)?;
                    out.push(',');
                }
                out.push(']');
            }
            Kind::Text => out.push_str(&serde_json::to_string(&json.text()?).unwrap()),
            Kind::Number => out.push_str(&json.number()?.to_string()),
            Kind::Bool => out.push_str(&json.boolean()?.to_string()),
            Kind::Null => {
                json.null()?;
                out.push_str("null");
            }
        }
        Ok(())
    }

    fn read(text: &str) -> Result<String, SyntaxError> {
        let mut json = Json::new(text.as_bytes());
        let mut out = String::new();
        echo(&mut json, &mut out)?;
        json.end()?;
        let mut again = Json::new(text.as_bytes());
        again.skip()?;
        again.end()?;
        Ok(out)
    }

    fn check(text: &str, expect: &str) {
        assert_eq!(read(text).as_deref(), Ok(expect), "{text}");
    }

    fn refuse(text: &str, line: u32, column: u32, message: &str) {
        let error = read(text).unwrap_err();
        assert!(error.message.contains(message), "{text}: {error:?}");
        assert_eq!((error.line, error.column), (line, column), "{text}");
    }

    #[test]
    fn reads_what_json_has() {
        check(
            " {\"a\" : [1, -2.5e3, true,false ,null,\"x\"] } ",
            "{\"a\":[1,-2500,true,false,null,\"x\",],}",
        );
        check("[]", "[]");
        check("[[],{}]", "[[],{},]");
        check("9007199254740993", "9007199254740993");
        check("\u{feff}\"\\u00e9\\ud83d\\ude00\\n\\/\"", "\"é😀\\n/\"");
        check("\"\\ud83d!\"", "\"\u{fffd}!\"");
    }

    #[test]
    fn takes_the_words_for_no_number() {
        check(
            "[NaN,Inf,Infinity,-Inf,-Infinity]",
            "[NaN,inf,inf,-inf,-inf,]",
        );
    }

    #[test]
    fn names_the_place_of_what_is_wrong() {
        refuse("{\"a\": 1,\n \"b\" 2}", 2, 6, "expected `:`, found `2`");
        refuse("[1 2]", 1, 4, "expected `,` or `]`, found `2`");
        refuse("{\"é\": ü}", 1, 7, "found `ü`");
        refuse("[1,]", 1, 4, "expected a value, found `]`");
        refuse("[01]", 1, 2, "`01` is not a number");
        refuse("[1] x", 1, 5, "expected the end of the file");
        refuse("\"a\nb\"", 1, 3, "line break");
        refuse("\"\\q\"", 1, 5, "unknown escape `\\q`");
        refuse("\"\\u12g4\"", 1, 9, "four hexadecimal digits");
        refuse("{\"a\": [1, ", 1, 11, "the text ends where a value");
        refuse("\"abc", 1, 5, "middle of a string");
        refuse("nul", 1, 1, "expected a value");
    }

    #[test]
    fn depth_is_limited_and_never_recursed_into() {
        for depth in [10_000, 1_000_000] {
            let error = Json::new(&b"[".repeat(depth)).skip().unwrap_err();
            assert!(error.message.contains("nested deeper than 1000"));
        }
        let deep = [b"[".repeat(900), b"]".repeat(900)].concat();
        assert_eq!(Json::new(&deep).skip(), Ok(()));
    }

    #[test]
    fn bytes_that_are_not_utf8_are_noticed() {
        let mut json = Json::new(b"[\"\xff\", \"a\\n\xff\"]");
        json.skip().unwrap();
        assert!(!json.mangled());
        let mut json = Json::new(b"\"a\\n\xff\"");
        assert_eq!(json.text().unwrap(), "a\n\u{fffd}");
        assert!(json.mangled());
    }

    proptest! {
        #[test]
        fn agrees_with_another_reader_on_what_is_json(text in r#"[\[\]{}:,"\\a01.eE+\- tfn\n]{0,24}"#) {
            // The other reader refuses numbers beyond the floats.
            prop_assert_eq!(
                read(&text).is_ok_and(|echo| !echo.contains("inf")),
                serde_json::from_str::<serde_json::Value>(&text).is_ok(),
                "{}", text
            );
        }

        #[test]
        fn texts_come_over_unchanged(text in any::<String>()) {
            let written = serde_json::to_string(&text).unwrap();
            let mut json = Json::new(written.as_bytes());
            prop_assert_eq!(json.text().unwrap(), text);
        }

        #[test]
        fn any_bytes_end_in_a_value_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = Json::new(&bytes).skip();
        }
    }
}
