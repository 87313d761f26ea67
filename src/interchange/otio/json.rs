//! A pull reader of JSON as OTIO writes it.
//!
//! Beside JSON (RFC 8259) it takes the words `NaN`, `Inf` and `Infinity` that OTIO's own writer puts
//! where a number is none, tells the line of every value (findings name it), and passes over metadata
//! of any shape without building it and without recursion.

mod text;

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
            Self::Float(x) if x.abs() >= 1e15 => write!(f, "{x:e}"),
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
        let plain = text::unescape(raw).map_err(|message| self.error(message))?;
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
        if !matches!(word, "NaN" | "Inf" | "Infinity") && !text::is_number(token) {
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

#[cfg(test)]
mod tests;
