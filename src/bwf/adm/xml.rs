//! Pull reading of the ADM's XML.
//!
//! Names come without prefix: real files use seven namespaces and none. Of entities only the five
//! predefined ones and character references are resolved; a document type declaration is passed
//! over, so nothing in it ever expands.

use std::io::BufRead;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::text::Decoded;

/// How deep elements may nest; real files stay below 12.
const MAX_DEPTH: usize = 64;

/// How many attributes of an element are looked at; real ones have at most 12.
const MAX_ATTRIBUTES: usize = 64;

/// Longest text of an element that is kept, in bytes.
const MAX_TEXT: usize = 1 << 16;

/// Where and why reading ended before the end of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Broken {
    /// Byte of the decoded text.
    pub(super) offset: u64,
    /// Why.
    pub(super) message: String,
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// An element begins; its name and attributes are in [`Xml::tag`].
    Open,
    /// The innermost open element ends.
    Close,
    /// The document ends.
    End,
}

/// An element's name and attributes. One is used again and again.
#[derive(Debug, Default)]
pub(super) struct Tag {
    /// All names and values behind one another.
    text: String,
    name: Range<usize>,
    attributes: Vec<(Range<usize>, Range<usize>)>,
    /// Byte of the decoded text where it begins.
    pub(super) offset: u64,
}

impl Tag {
    /// The name without prefix.
    pub(super) fn name(&self) -> &str {
        self.text.get(self.name.clone()).unwrap_or_default()
    }

    /// The attributes: name without prefix, value.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes.iter().filter_map(|(key, value)| {
            Some((self.text.get(key.clone())?, self.text.get(value.clone())?))
        })
    }

    /// The value of an attribute; the first where several have the name.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let mut all = self.attributes();
        all.find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// The value of an attribute as a string of its own; empty where there is none.
    pub(super) fn owned(&self, name: &str) -> String {
        self.attribute(name).unwrap_or_default().trim().to_owned()
    }

    fn push(&mut self, text: &str) -> Range<usize> {
        let start = self.text.len();
        self.text.push_str(text);
        start..self.text.len()
    }

    fn fill(&mut self, start: &BytesStart<'_>, offset: u64) -> Result<(), String> {
        self.text.clear();
        self.attributes.clear();
        self.offset = offset;
        let raw = &**start;
        let end = raw.find([' ', '\t', '\r', '\n']).unwrap_or(raw.len());
        self.name = self.push(local(raw.get(..end).unwrap_or_default()));
        for attribute in start.attributes().with_checks(false).take(MAX_ATTRIBUTES) {
            let attribute =
                attribute.map_err(|e| format!("an attribute is not well-formed: {e}"))?;
            let name: &str = attribute.key.as_ref();
            if name.starts_with("xmlns") {
                continue;
            }
            let name = self.push(local(name));
            let raw: &str = &attribute.value;
            let plain = !raw
                .bytes()
                .any(|b| matches!(b, b'&' | b'\t' | b'\n' | b'\r'));
            let value = if plain {
                self.push(raw)
            } else {
                let value = attribute.normalized_value(XmlVersion::Implicit1_0);
                self.push(&value.map_err(|e| format!("an attribute is not well-formed: {e}"))?)
            };
            self.attributes.push((name, value));
        }
        Ok(())
    }
}

fn local(name: &str) -> &str {
    let colon = name.bytes().rposition(|byte| byte == b':');
    colon.map_or(name, |colon| name.get(colon + 1..).unwrap_or_default())
}

/// Reads a document step by step.
pub(super) struct Xml<R: BufRead> {
    reader: Reader<Decoded<R>>,
    buffer: Vec<u8>,
    /// The element that was opened last.
    pub(super) tag: Tag,
    text: String,
    depth: usize,
    /// An empty element was opened and must be closed.
    close_next: bool,
}

impl<R: BufRead> Xml<R> {
    pub(super) fn new(text: Decoded<R>) -> Self {
        let mut reader = Reader::from_reader(text);
        reader.config_mut().check_end_names = true;
        Self {
            reader,
            buffer: Vec::new(),
            tag: Tag::default(),
            text: String::new(),
            depth: 0,
            close_next: false,
        }
    }

    /// How deep the open elements nest.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Whether bytes were no text of the encoding.
    pub(super) fn damaged(&mut self) -> bool {
        self.reader.get_mut().damaged
    }

    /// The next element that opens or closes. Text on the way is gathered for [`Self::text`].
    pub(super) fn next(&mut self) -> Result<Step, Broken> {
        self.text.clear();
        self.step()
    }

    fn step(&mut self) -> Result<Step, Broken> {
        if self.close_next {
            self.close_next = false;
            self.depth = self.depth.saturating_sub(1);
            return Ok(Step::Close);
        }
        loop {
            self.buffer.clear();
            self.reader.get_mut().next_token();
            let offset = self.reader.buffer_position();
            let broken = |message| Broken { offset, message };
            let event = self.reader.read_event_into(&mut self.buffer);
            match event.map_err(|e| broken(e.to_string()))? {
                Event::Start(start) => {
                    self.tag.fill(&start, offset).map_err(broken)?;
                    return self.opened();
                }
                Event::Empty(start) => {
                    self.tag.fill(&start, offset).map_err(broken)?;
                    self.close_next = true;
                    return self.opened();
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Step::Close);
                }
                Event::Text(text) => keep(&mut self.text, &text.xml10_content()),
                Event::CData(text) => keep(&mut self.text, &text.xml10_content()),
                Event::GeneralRef(entity) => {
                    let name = entity.xml10_content();
                    let character = entity.resolve_char_ref();
                    match (character.map_err(|e| broken(e.to_string()))?, &*name) {
                        (Some(c), _) => keep(&mut self.text, c.encode_utf8(&mut [0; 4])),
                        (None, "amp") => keep(&mut self.text, "&"),
                        (None, "lt") => keep(&mut self.text, "<"),
                        (None, "gt") => keep(&mut self.text, ">"),
                        (None, "quot") => keep(&mut self.text, "\""),
                        (None, "apos") => keep(&mut self.text, "'"),
                        (None, name) => {
                            return Err(broken(format!("the entity `&{name};` is not resolved")));
                        }
                    }
                }
                Event::Eof if self.depth > 0 => {
                    let open = self.depth;
                    return Err(broken(format!("the text ends with {open} elements open")));
                }
                Event::Eof => return Ok(Step::End),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
    }

    fn opened(&mut self) -> Result<Step, Broken> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Broken {
                offset: self.tag.offset,
                message: format!("elements nest more than {MAX_DEPTH} deep"),
            });
        }
        Ok(Step::Open)
    }

    /// The text of the element that was just opened, trimmed, and its end. Elements inside are
    /// passed over.
    pub(super) fn text(&mut self) -> Result<&str, Broken> {
        self.text.clear();
        let inside = self.depth;
        while self.depth >= inside {
            if self.step()? == Step::End {
                break;
            }
        }
        Ok(self.text.trim())
    }

    /// Passes over the rest of the element that was just opened.
    pub(super) fn skip(&mut self) -> Result<(), Broken> {
        self.text().map(|_| ())
    }
}

fn keep(text: &mut String, more: &str) {
    if text.len() + more.len() <= MAX_TEXT {
        text.push_str(more);
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    fn walk(text: &str) -> Result<String, Broken> {
        let mut xml = Xml::new(Decoded::new(text.as_bytes()).unwrap());
        let mut out = String::new();
        loop {
            match xml.next()? {
                Step::Open if xml.tag.name() == "t" => {
                    let text = xml.text()?.to_owned();
                    let _ = write!(out, "[{text}]");
                }
                Step::Open => {
                    let all = xml.tag.attributes().map(|(k, v)| format!(" {k}={v}"));
                    let all: String = all.collect();
                    let _ = write!(out, "<{}{all}>", xml.tag.name());
                }
                Step::Close => out.push('/'),
                Step::End => return Ok(out),
            }
        }
    }

    #[test]
    fn names_lose_their_prefix_and_texts_are_resolved() {
        let text = "<?xml version='1.0'?><e:a xmlns:e='u' x:b='1 &amp; 2'><c/><t> &lt;q&#233;<i>in</i> </t></e:a>";
        assert_eq!(walk(text).unwrap(), "<a b=1 & 2><c>/[<qéin]/");
        assert_eq!(walk("<t><![CDATA[a<b]]></t>").unwrap(), "[a<b]");
    }

    #[test]
    fn what_is_broken_says_where() {
        let check = |text: &str, offset: u64, want: &str| {
            let broken = walk(text).unwrap_err();
            assert_eq!(broken.offset, offset, "{}", broken.message);
            assert!(broken.message.contains(want), "{}", broken.message);
        };
        check("<a><b></a>", 6, "expected");
        check("<a><b/>", 7, "1 elements open");
        check("<a>&bomb;</a>", 3, "&bomb;");
        check(&"<a>".repeat(65), 192, "64 deep");
    }

    #[test]
    fn a_bomb_of_entities_never_goes_off() {
        let text =
            "<!DOCTYPE a [<!ENTITY x 'xxxxxxxxxx'><!ENTITY y '&x;&x;&x;'>]><a><t>&y;</t></a>";
        assert!(walk(text).unwrap_err().message.contains("&y;"));
    }
}
