//! Pull reading of XML timelines: positions for messages, and limits that hostile files meet.
//!
//! **Invariant:** nothing outside the document is ever fetched. Of entities only the five predefined
//! ones and character references are resolved; a document type declaration is handed over as text
//! and never expanded. Elements nest at most [`MAX_DEPTH`] deep.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event as Raw};

use super::ReadError;
use crate::finding::Place;

/// How deep elements may nest: the deepest real timelines (AAF-XML of nested effects) stay below 60.
pub(crate) const MAX_DEPTH: usize = 512;

/// How many attributes one element may have.
const MAX_ATTRIBUTES: usize = 4096;

/// The text of a document, decoded.
#[derive(Debug)]
pub(crate) struct Document {
    file: String,
    text: String,
}

impl Document {
    /// Decodes a document by its byte order mark, else by its declaration, else as UTF-8.
    ///
    /// # Errors
    /// [`ReadError::Malformed`] when the bytes are not text of that encoding.
    pub(crate) fn decode(file: &str, bytes: &[u8]) -> Result<Self, ReadError> {
        let (encoding, skip) =
            encoding_rs::Encoding::for_bom(bytes).unwrap_or_else(|| (declared(bytes), 0));
        let (text, damaged) =
            encoding.decode_without_bom_handling(bytes.get(skip..).unwrap_or_default());
        if damaged {
            let message = format!("the text is not {}", encoding.name());
            return Err(ReadError::malformed(Place::file(file), message));
        }
        Ok(Self {
            file: file.to_owned(),
            text: text.into_owned(),
        })
    }

    /// Where a byte of the decoded text stands, as line and column.
    pub(crate) fn place(&self, offset: usize) -> Place {
        let before = self.text.as_bytes().get(..offset).unwrap_or_default();
        let line = before.split(|&b| b == b'\n').count();
        let start = before
            .iter()
            .rposition(|&b| b == b'\n')
            .map_or(0, |at| at + 1);
        let column = String::from_utf8_lossy(before.get(start..).unwrap_or_default())
            .chars()
            .count()
            + 1;
        Place {
            line: u32::try_from(line).ok(),
            column: u32::try_from(column).ok(),
            ..Place::file(self.file.clone())
        }
    }

    /// A refusal at a byte of the decoded text.
    pub(crate) fn malformed(&self, offset: usize, message: impl Into<String>) -> ReadError {
        ReadError::malformed(self.place(offset), message)
    }
}

/// The encoding of the first bytes: UTF-16 without a mark by its zeros, else what the declaration
/// names, else UTF-8.
fn declared(bytes: &[u8]) -> &'static encoding_rs::Encoding {
    match bytes {
        [b'<', 0, ..] => return encoding_rs::UTF_16LE,
        [0, b'<', ..] => return encoding_rs::UTF_16BE,
        _ => {}
    }
    let head = bytes.get(..bytes.len().min(200)).unwrap_or_default();
    let head = String::from_utf8_lossy(head);
    let declaration = head.split("?>").next().unwrap_or_default();
    let label = declaration.split("encoding").nth(1).and_then(|rest| {
        let rest = rest.trim_start().strip_prefix('=')?.trim_start();
        let quote = rest.chars().next()?;
        rest.get(1..)?.split(quote).next()
    });
    label
        .and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()))
        .unwrap_or(encoding_rs::UTF_8)
}

/// What comes next in a document.
#[derive(Debug)]
pub(crate) enum Event<'a> {
    /// A document type declaration: what stands between `<!DOCTYPE` and `>`.
    Doctype(Cow<'a, str>),
    /// An element begins; an empty element begins and ends.
    Open(Tag<'a>),
    /// The innermost open element ends.
    Close,
    /// Text of the innermost open element, unescaped, with its blanks. May come in pieces.
    Text(Cow<'a, str>),
    /// The document ends.
    End,
}

/// The start of an element.
#[derive(Debug)]
pub(crate) struct Tag<'a> {
    /// Where it stands, for [`Document::place`].
    pub(crate) offset: usize,
    start: BytesStart<'a>,
    attributes: Vec<(String, String)>,
}

impl Tag<'_> {
    /// The name without prefix.
    pub(crate) fn name(&self) -> &str {
        name_without_prefix(self.full_name())
    }

    /// The name as written.
    pub(crate) fn full_name(&self) -> &str {
        let raw = &*self.start;
        raw.get(..raw.find(is_blank).unwrap_or(raw.len()))
            .unwrap_or(raw)
    }

    /// The value of the attribute with this name, whatever its prefix; the first where several have it.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(key, _)| !key.starts_with("xmlns") && name_without_prefix(key) == name)
            .map(|(_, value)| value.as_str())
    }

    /// The namespaces that the element declares: prefix (empty for the default one) and URI.
    pub(crate) fn namespaces(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes.iter().filter_map(|(key, value)| {
            let prefix = key.strip_prefix("xmlns")?;
            match prefix.strip_prefix(':') {
                Some(prefix) => Some((prefix, value.as_str())),
                None => prefix.is_empty().then_some(("", value.as_str())),
            }
        })
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn name_without_prefix(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// Reads a document event by event.
pub(crate) struct Xml<'a> {
    document: &'a Document,
    reader: Reader<&'a [u8]>,
    depth: usize,
    close_next: bool,
}

impl<'a> Xml<'a> {
    /// Begins at the document's start.
    pub(crate) fn new(document: &'a Document) -> Self {
        Self {
            document,
            reader: Reader::from_str(&document.text),
            depth: 0,
            close_next: false,
        }
    }

    /// The next event.
    ///
    /// # Errors
    /// [`ReadError::Malformed`] where the document is not well-formed, nests deeper than
    /// [`MAX_DEPTH`], or uses an entity of its own.
    pub(crate) fn next(&mut self) -> Result<Event<'a>, ReadError> {
        if self.close_next {
            self.close_next = false;
            self.depth = self.depth.saturating_sub(1);
            return Ok(Event::Close);
        }
        loop {
            let offset = self.reader.buffer_position() as usize;
            let raw = self.reader.read_event().map_err(|e| {
                let at = self.reader.error_position() as usize;
                self.document
                    .malformed(at, format!("not well-formed xml: {e}"))
            })?;
            match raw {
                Raw::Start(start) => return self.open(offset, start),
                Raw::Empty(start) => {
                    self.close_next = true;
                    return self.open(offset, start);
                }
                Raw::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Event::Close);
                }
                Raw::Text(text) => return Ok(Event::Text(text.xml10_content())),
                Raw::CData(text) => return Ok(Event::Text(text.xml10_content())),
                Raw::GeneralRef(entity) => return self.resolve(offset, &entity),
                Raw::DocType(text) => return Ok(Event::Doctype(text.into_inner())),
                Raw::Eof => return self.end(offset),
                Raw::Comment(_) | Raw::Decl(_) | Raw::PI(_) => {}
            }
        }
    }

    fn open(&mut self, offset: usize, start: BytesStart<'a>) -> Result<Event<'a>, ReadError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let message = format!("elements nest more than {MAX_DEPTH} deep");
            return Err(self.document.malformed(offset, message));
        }
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let bad = |e: &dyn std::fmt::Display| {
                self.document
                    .malformed(offset, format!("attribute is not well-formed: {e}"))
            };
            let attribute = attribute.map_err(|e| bad(&e))?;
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|e| bad(&e))?;
            attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
            if attributes.len() > MAX_ATTRIBUTES {
                return Err(bad(&format!("more than {MAX_ATTRIBUTES} of them")));
            }
        }
        Ok(Event::Open(Tag {
            offset,
            start,
            attributes,
        }))
    }

    fn resolve(&self, offset: usize, entity: &BytesRef<'a>) -> Result<Event<'a>, ReadError> {
        let name = entity.xml10_content();
        let character = entity
            .resolve_char_ref()
            .map_err(|e| self.document.malformed(offset, e.to_string()))?;
        let text = match (character, &*name) {
            (Some(c), _) => return Ok(Event::Text(Cow::Owned(c.to_string()))),
            (None, "lt") => "<",
            (None, "gt") => ">",
            (None, "amp") => "&",
            (None, "quot") => "\"",
            (None, "apos") => "'",
            (None, other) => {
                let message = format!("entity `&{other};` is not read: only `&amp;` and its like");
                return Err(self.document.malformed(offset, message));
            }
        };
        Ok(Event::Text(Cow::Borrowed(text)))
    }

    fn end(&self, offset: usize) -> Result<Event<'a>, ReadError> {
        if self.depth == 0 {
            return Ok(Event::End);
        }
        let message = format!("the document ends inside {} open elements", self.depth);
        Err(self.document.malformed(offset, message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The events of a document in a short form: `<name` `text` `>`.
    fn events(bytes: &[u8]) -> Result<String, ReadError> {
        let document = Document::decode("t.xml", bytes)?;
        let mut xml = Xml::new(&document);
        let mut out = String::new();
        loop {
            match xml.next()? {
                Event::Open(tag) => {
                    out += "<";
                    out += tag.name();
                    if let Some(value) = tag.attribute("a") {
                        out += "@";
                        out += value;
                    }
                }
                Event::Close => out += ">",
                Event::Text(text) => out += &text,
                Event::Doctype(text) => {
                    out += "[";
                    out += text.trim();
                    out += "]";
                }
                Event::End => return Ok(out),
            }
        }
    }

    fn check(document: &str, expect: &str) {
        assert_eq!(events(document.as_bytes()).unwrap(), expect, "{document}");
    }

    fn refused(document: &str, part: &str) {
        let error = events(document.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(part), "{document}: {error}");
    }

    #[test]
    fn gives_elements_attributes_and_text() {
        check(
            "<?xml version='1.0'?><x:r><b x:a='1&amp;2'/>t &#x41;<![CDATA[<]]></x:r>",
            "<r<b@1&2>t A<>",
        );
        check("<!DOCTYPE AAF [<!NOTATION n SYSTEM \"u\">]><r/>", {
            "[AAF [<!NOTATION n SYSTEM \"u\">]]<r>"
        });
    }

    #[test]
    fn refuses_what_is_not_well_formed_with_its_place() {
        refused("<a>\n <b></a>", "t.xml:2:");
        refused("<a><b>", "ends inside 2");
        refused("<a x='1' x='2'/>", "attribute");
    }

    #[test]
    fn entities_of_the_document_are_never_expanded() {
        let bomb = "<!DOCTYPE r [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><r>&b;</r>";
        refused(bomb, "`&b;` is not read");
        refused("<r x='&b;'/>", "attribute");
    }

    #[test]
    fn a_million_levels_are_refused() {
        refused(&"<a>".repeat(1_000_000), "more than 512 deep");
    }

    #[test]
    fn other_encodings() {
        let utf16: Vec<u8> = "<r>é</r>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(events(&utf16).unwrap(), "<ré>");
        let latin = b"<?xml version='1.0' encoding='iso-8859-1'?><r>\xe9</r>";
        assert_eq!(events(latin).unwrap(), "<ré>");
        assert!(events(b"<r>\xff</r>").is_err());
    }
}
