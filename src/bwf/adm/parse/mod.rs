//! From XML to elements, in one pass.

mod block;
mod content;
mod format;
mod object;
mod value;

use std::io::BufRead;

use super::codes::{BROKEN, ENCODING, NO_MODEL, TOO_MANY, UNKNOWN, VERSION};
use super::elements::Elements;
use super::notes::Notes;
use super::text::Decoded;
use super::xml::{Broken, Step, Tag, Xml};

/// Most elements other than blocks: a file of 65,535 tracks has four of each.
const MAX_ELEMENTS: usize = 500_000;

/// Attributes that real files carry where they have no meaning.
const STRAY: [&str; 7] = [
    "typeLabel",
    "typeDefinition",
    "formatLabel",
    "formatDefinition",
    "schemaLocation",
    "lang",
    "status",
];

/// Reads a document. What stands before a fault is kept.
pub(super) fn parse<R: BufRead>(text: Decoded<R>, notes: &mut Notes) -> Elements {
    let mut parser = Parser {
        xml: Xml::new(text),
        notes,
        elements: Elements::default(),
        budget: block::Budget::default(),
        count: 0,
        inside: None,
    };
    if let Err(broken) = parser.document() {
        let message = broken.message;
        parser.notes.at(BROKEN, broken.offset, "", || message);
    }
    if parser.xml.damaged() {
        let message = || "some bytes were replaced".to_owned();
        parser.notes.whole(ENCODING, "", message);
    }
    if parser.inside.is_none() && parser.elements.is_empty() {
        let message = || "no audioFormatExtended was found".to_owned();
        parser.notes.whole(NO_MODEL, "", message);
    }
    parser.elements
}

struct Parser<'a, R: BufRead> {
    xml: Xml<R>,
    notes: &'a mut Notes,
    elements: Elements,
    budget: block::Budget,
    /// Elements so far.
    count: usize,
    /// Depth of `audioFormatExtended`, where it was seen.
    inside: Option<usize>,
}

impl<R: BufRead> Parser<'_, R> {
    /// Elements count wherever they stand: files have seven kinds of wrapper and none.
    fn document(&mut self) -> Result<(), Broken> {
        loop {
            match self.xml.next()? {
                Step::Open => self.element()?,
                Step::Close => {}
                Step::End => return Ok(()),
            }
        }
    }

    fn element(&mut self) -> Result<(), Broken> {
        self.count += 1;
        if self.count > MAX_ELEMENTS {
            let message = || format!("more than {MAX_ELEMENTS} elements");
            let offset = self.xml.tag.offset;
            self.notes.at(TOO_MANY, offset, "elements", message);
            return self.xml.skip();
        }
        match self.xml.tag.name() {
            "audioFormatExtended" => self.root(),
            "audioProgramme" => return self.programme(),
            "audioContent" => return self.content(),
            "audioObject" => return self.object(),
            "audioPackFormat" => return self.pack(),
            "audioChannelFormat" => return self.channel(),
            "audioStreamFormat" => return self.stream(),
            "audioTrackFormat" => return self.track(),
            "audioTrackUID" => return self.uid(),
            "profile" => return self.profile(),
            "profileList" => {}
            _ if self.inside.is_some_and(|depth| self.xml.depth() > depth) => {
                return self.unknown("audioFormatExtended");
            }
            _ => {}
        }
        Ok(())
    }

    fn root(&mut self) {
        self.inside = Some(self.xml.depth());
        let Some(version) = self.xml.tag.attribute("version") else {
            return;
        };
        let version = version.trim().to_owned();
        let known = (0..=3).any(|n| version == format!("ITU-R_BS.2076-{n}"));
        if !known {
            let message = || format!("version `{version}`");
            self.notes.at(VERSION, self.xml.tag.offset, "", message);
        }
        self.elements.version = Some(version);
    }

    /// Passes over a child that is not understood.
    fn unknown(&mut self, parent: &str) -> Result<(), Broken> {
        let subject = format!("{parent}/{}", self.xml.tag.name());
        let message = || format!("`{}` in `{parent}` is not used", self.xml.tag.name());
        self.notes
            .at(UNKNOWN, self.xml.tag.offset, &subject, message);
        self.xml.skip()
    }

    /// Notes attributes of the open element that are not in the list.
    fn attributes(&mut self, known: &[&str]) {
        unknown_attributes(self.notes, &self.xml.tag, known);
    }
}

fn unknown_attributes(notes: &mut Notes, tag: &Tag, known: &[&str]) {
    for (name, _) in tag.attributes() {
        if known.contains(&name) || STRAY.contains(&name) {
            continue;
        }
        let subject = format!("{}@{name}", tag.name());
        let message = || format!("attribute `{name}` of `{}` is not used", tag.name());
        notes.at(UNKNOWN, tag.offset, &subject, message);
    }
}
