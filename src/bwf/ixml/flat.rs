//! XML as a flat list of paths and texts.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// Elements nested in each other that are followed; iXML has five.
pub(super) const MAX_DEPTH: usize = 32;
/// Elements and attributes that are read.
const MAX_ENTRIES: usize = 100_000;
/// Bytes of paths and texts that are kept.
const MAX_BYTES: usize = 32 << 20;

/// What was read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Flat {
    /// Path below the root and text, in the order of the elements' ends.
    pub entries: Vec<(String, String)>,
    /// Why reading stopped early.
    pub fault: Option<Fault>,
}

/// Why reading stopped early.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A limit of this file.
    TooMuch,
    /// Not well-formed, with the reason.
    Malformed(String),
}

/// An element that is open.
#[derive(Debug, Default)]
struct Open {
    /// Length of the path above it.
    above: usize,
    /// How often each name stood in it.
    names: BTreeMap<String, u32>,
    text: String,
}

/// The reading so far.
#[derive(Debug, Default)]
struct State {
    /// Path of the innermost open element.
    path: String,
    open: Vec<Open>,
    /// Bytes kept in `entries`.
    bytes: usize,
    flat: Flat,
}

/// Reads the first root element; what stands behind it is reported.
pub(super) fn read(text: &str) -> Flat {
    let mut reader = Reader::from_str(text);
    reader.config_mut().allow_dangling_amp = true;
    let mut state = State::default();
    let mut started = false;
    let fault = loop {
        let step = match reader.read_event() {
            Ok(Event::Eof) => break state.unfinished(started),
            Ok(event) => state.event(event, &mut started),
            Err(e) => Err(Fault::Malformed(e.to_string())),
        };
        if let Err(fault) = step {
            break Some(fault);
        }
        if started && state.open.is_empty() {
            let rest = text.get(reader.buffer_position() as usize..);
            break rest.and_then(behind);
        }
    };
    state.flat.fault = fault;
    state.flat
}

/// What stands behind the root: nothing but white space and NULs is expected.
fn behind(rest: &str) -> Option<Fault> {
    let rest = rest.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    let message = || format!("{} bytes stand behind the last element", rest.len());
    (!rest.is_empty()).then(|| Fault::Malformed(message()))
}

impl State {
    fn event(&mut self, event: Event<'_>, started: &mut bool) -> Result<(), Fault> {
        match event {
            Event::Start(tag) => {
                *started = true;
                return self.start(&tag);
            }
            Event::Empty(tag) => {
                *started = true;
                self.start(&tag)?;
                return self.end();
            }
            Event::End(_) => return self.end(),
            Event::Text(text) => self.text(&text.xml10_content()),
            Event::CData(text) => self.text(&text.xml10_content()),
            Event::GeneralRef(reference) => self.reference(&reference),
            // Comments, instructions, the declaration and a document type carry nothing of iXML's.
            _ => {}
        }
        Ok(())
    }

    fn start(&mut self, tag: &BytesStart<'_>) -> Result<(), Fault> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Fault::TooMuch);
        }
        let above = self.path.len();
        let name = tag.name();
        // The root has no path: it is `BWFXML` in all files.
        if let Some(parent) = self.open.last_mut() {
            let name: &str = name.as_ref();
            let count = parent.names.entry(name.to_owned()).or_default();
            *count += 1;
            if !self.path.is_empty() {
                self.path.push('/');
            }
            self.path.push_str(name);
            if *count > 1 {
                let _ = write!(self.path, "[{count}]");
            }
        }
        self.open.push(Open {
            above,
            ..Open::default()
        });
        self.attributes(tag)
    }

    fn attributes(&mut self, tag: &BytesStart<'_>) -> Result<(), Fault> {
        // Looking for repeated attributes would take quadratic time.
        for attribute in tag.attributes().with_checks(false) {
            let malformed = |e: &dyn std::fmt::Display| Fault::Malformed(e.to_string());
            let attribute = attribute.map_err(|e| malformed(&e))?;
            let name: &str = attribute.key.as_ref();
            let value = quick_xml::escape::unescape(&attribute.value)
                .map_err(|e| malformed(&e))?
                .into_owned();
            let slash = if self.path.is_empty() { "" } else { "/" };
            self.keep(format!("{}{slash}@{name}", self.path), value)?;
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), Fault> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let leaf = open.names.is_empty();
        let text = if leaf {
            open.text.as_str()
        } else {
            open.text.trim()
        };
        if !self.open.is_empty() && (leaf || !text.is_empty()) {
            let (path, text) = (self.path.clone(), text.to_owned());
            self.keep(path, text)?;
        }
        self.path.truncate(open.above);
        Ok(())
    }

    fn keep(&mut self, path: String, text: String) -> Result<(), Fault> {
        self.bytes += path.len() + text.len();
        if self.flat.entries.len() >= MAX_ENTRIES || self.bytes > MAX_BYTES {
            return Err(Fault::TooMuch);
        }
        self.flat.entries.push((path, text));
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if let Some(open) = self.open.last_mut() {
            open.text.push_str(text);
        }
    }

    /// The five entities of XML and character references; any other stays as it is written.
    fn reference(&mut self, reference: &BytesRef<'_>) {
        if let Ok(Some(character)) = reference.resolve_char_ref() {
            return self.text(character.encode_utf8(&mut [0; 4]));
        }
        match resolve_xml_entity(reference) {
            Some(text) => self.text(text),
            None => self.text(&format!("&{};", reference as &str)),
        }
    }

    fn unfinished(&self, started: bool) -> Option<Fault> {
        let message = match self.open.len() {
            0 if started => return None,
            0 => "there is no element in it".to_owned(),
            _ if self.path.is_empty() => "it ends inside the root element".to_owned(),
            _ => format!("it ends inside {}", self.path),
        };
        Some(Fault::Malformed(message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(xml: &str, entries: &[(&str, &str)]) {
        let flat = read(xml);
        let found: Vec<(&str, &str)> = flat
            .entries
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect();
        assert_eq!(found, entries, "{xml}");
        assert_eq!(flat.fault, None, "{xml}");
    }

    #[test]
    fn elements_become_paths() {
        check(
            "<X><A>1</A><B><C>2</C></B></X>",
            &[("A", "1"), ("B/C", "2")],
        );
        check(
            "<X><A>1</A><A>2</A><A/></X>",
            &[("A", "1"), ("A[2]", "2"), ("A[3]", "")],
        );
        check(
            "<X><A><B>1</B></A><A><B>2</B><B>3</B></A></X>",
            &[("A/B", "1"), ("A[2]/B", "2"), ("A[2]/B[2]", "3")],
        );
        check(
            "<X y='0'><A b=\"1&lt;\" c='2'>3</A></X>",
            &[("@y", "0"), ("A/@b", "1<"), ("A/@c", "2"), ("A", "3")],
        );
    }

    #[test]
    fn text_is_kept_as_it_is_in_leaves_and_trimmed_around_elements() {
        check("<X>\n  <A> 1 </A>\n</X>", &[("A", " 1 ")]);
        check(
            "<X><A>\n  one <B>2</B>\n</A></X>",
            &[("A/B", "2"), ("A", "one")],
        );
        check(
            "<X><A>R&amp;B &#x263a;&#13; & <![CDATA[<b>]]></A></X>",
            &[("A", "R&B ☺\r & <b>")],
        );
        check(
            "<?xml version='1.0'?><!-- x --><X><!-- y --><A>a\r\nb</A></X>\0\0",
            &[("A", "a\nb")],
        );
    }

    #[test]
    fn a_fault_keeps_what_stood_before_it() {
        for (xml, entries) in [
            ("<X><A>1</A><B>2", 1),
            ("<X><A>1</B></X>", 0),
            ("<X/>junk", 0),
        ] {
            let flat = read(xml);
            assert_eq!(flat.entries.len(), entries, "{xml}");
            assert!(matches!(flat.fault, Some(Fault::Malformed(_))), "{xml}");
        }
    }
}
