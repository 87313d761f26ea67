//! The XML form: elements become objects, by local name and alias.
//!
//! Dialects: A, the current reference writer (2009); B, its predecessor (2005); C, the register form
//! of SMPTE ST 2001-1. All three are read by the same rules; an unknown one is refused by its name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::dtd::{self, Entities};
use super::ids::SYMBOLS;
use super::names::{Class, Kind, Names, Prop, extension};
use super::objects::{Auid, ObjectId, Objects, Value};
use super::values::{self, Written};
use super::{Container, Model};
use crate::interchange::xml::{Document, Event, Tag, Xml};
use crate::interchange::{Input, ReadError};

/// Namespaces of the dialects: what they begin with, and whether their names are those of 2005.
const DIALECTS: [(&str, bool); 3] = [
    ("http://www.aafassociation.org/aafx/v1.1/20090617", false),
    ("http://www.aafassociation.org/aafx/v1.1/20050628", true),
    ("http://www.smpte-ra.org/reg/395/", false),
];

/// Further namespaces of dialect C, whose elements are not extensions.
const REGISTERS: &str = "http://www.smpte-ra.org/";

/// Whether the first bytes are those of AAF-XML, of a known dialect or another.
pub(super) fn is_aaf_xml(head: &[u8]) -> bool {
    let head = String::from_utf8_lossy(head).replace('\0', "");
    let Some(root) = head
        .split('<')
        .map(|tag| tag.split(|c: char| c.is_whitespace() || c == '>').next())
        .find(|name| name.is_some_and(|n| n.starts_with(|c: char| c.is_ascii_alphabetic())))
        .flatten()
    else {
        return false;
    };
    let local = root.rsplit(':').next().unwrap_or(root);
    local == "AAF" || (local == "Preface" && head.contains(REGISTERS))
}

/// Reads all objects of an XML file.
///
/// # Errors
/// [`ReadError`] where the document is not well-formed, of an unknown dialect, has no header, or
/// asks for something outside its folder.
pub(super) fn read(input: &Input) -> Result<Model, ReadError> {
    let document = Document::decode(&input.name(), &input.bytes()?)?;
    let folder = input.path.parent().unwrap_or(Path::new(""));
    let mut parser = Parser {
        document: &document,
        folder,
        objects: Objects::default(),
        names: Names::new(false),
        entities: Entities::new(),
        symbols: SYMBOLS
            .iter()
            .map(|(s, id)| ((*s).to_owned(), *id))
            .collect(),
        extensions: Extensions::default(),
        pending: Vec::new(),
        stack: Vec::new(),
        header: None,
    };
    let mut xml = Xml::new(&document);
    loop {
        match xml.next()? {
            Event::Open(tag) => parser.open(&tag)?,
            Event::Close => parser.close(),
            Event::Text(text) => parser.text(&text),
            Event::Doctype(text) => {
                parser.entities =
                    dtd::entities(&text, folder).map_err(|e| document.malformed(0, e))?;
            }
            Event::End => break,
        }
    }
    parser.finish()
}

struct Parser<'a> {
    document: &'a Document,
    folder: &'a Path,
    objects: Objects,
    names: Names,
    entities: Entities,
    /// Symbols of definitions.
    symbols: BTreeMap<String, Auid>,
    extensions: Extensions,
    /// References by symbol, resolved when all definitions are known.
    pending: Vec<(ObjectId, Prop, String)>,
    stack: Vec<Frame>,
    header: Option<ObjectId>,
}

/// What a document defines itself.
#[derive(Default)]
struct Extensions {
    prefixes: BTreeSet<String>,
    props: BTreeMap<String, (Prop, Kind)>,
    /// Classes and the symbols of their parents.
    classes: BTreeMap<String, String>,
}

/// An open element.
enum Frame {
    /// The root, where it is not the header itself.
    Root,
    /// An object, with the symbol that others refer to it by.
    Object(ObjectId, Option<String>),
    /// A property of an object.
    Property(Box<Property>),
    /// An element within a property of several integers.
    Part(String),
    /// What surrounds definitions of extensions.
    Extensions,
    /// A definition of an extension: its fields so far.
    Definition(BTreeMap<String, String>),
    /// A field of a definition.
    Field(String, String),
    /// Anything that is not read.
    Skip,
}

struct Property {
    owner: ObjectId,
    prop: Prop,
    kind: Kind,
    text: String,
    actual: Option<String>,
    escaped: bool,
    objects: Vec<ObjectId>,
    integers: Vec<i64>,
}

impl Parser<'_> {
    fn open(&mut self, tag: &Tag<'_>) -> Result<(), ReadError> {
        for (prefix, uri) in tag.namespaces() {
            let known = DIALECTS.iter().any(|(known, _)| uri.starts_with(known));
            if !known && !uri.starts_with(REGISTERS) {
                self.extensions.prefixes.insert(prefix.to_owned());
            }
        }
        let frame = match self.stack.last_mut() {
            None => self.root(tag)?,
            Some(Frame::Root) => match tag.name() {
                "Extensions" => Frame::Extensions,
                "Preface" | "Header" => self.object(tag)?,
                _ => Frame::Skip,
            },
            Some(Frame::Object(id, _)) => {
                let id = *id;
                self.property(id, tag)?
            }
            Some(Frame::Property(property)) => match property.kind {
                Kind::Object | Kind::Objects => self.object(tag)?,
                Kind::Integers => Frame::Part(String::new()),
                _ => Frame::Skip,
            },
            Some(Frame::Extensions) if tag.name().ends_with("Definition") => {
                Frame::Definition(BTreeMap::new())
            }
            Some(Frame::Extensions) => Frame::Extensions,
            Some(Frame::Definition(_)) => Frame::Field(tag.name().to_owned(), String::new()),
            Some(Frame::Part(_) | Frame::Field(..) | Frame::Skip) => Frame::Skip,
        };
        self.stack.push(frame);
        Ok(())
    }

    /// The root element: its namespace names the dialect.
    fn root(&mut self, tag: &Tag<'_>) -> Result<Frame, ReadError> {
        let prefix = tag.full_name().split_once(':').map_or("", |(p, _)| p);
        let uri = tag.namespaces().find(|(p, _)| *p == prefix);
        let uri = uri.map_or("", |(_, uri)| uri);
        let Some((_, old)) = DIALECTS.iter().find(|(known, _)| uri.starts_with(known)) else {
            let message = format!(
                "`{uri}` is not a dialect of AAF-XML that can be read; known are {}",
                DIALECTS.map(|(known, _)| known).join(", ")
            );
            return Err(self.document.malformed(tag.offset, message));
        };
        self.names = Names::new(*old);
        if tag.name() == "AAF" {
            return Ok(Frame::Root);
        }
        self.object(tag)
    }

    fn object(&mut self, tag: &Tag<'_>) -> Result<Frame, ReadError> {
        let owner = match self.stack.last() {
            Some(Frame::Property(property)) => Some(property.prop),
            _ => None,
        };
        let class = self.class(tag.name()).within(owner);
        if class == Class::Other {
            return Ok(Frame::Skip);
        }
        let Some(id) = self.objects.add(class) else {
            let message = "more objects than any real file has";
            return Err(self.document.malformed(tag.offset, message));
        };
        if class == Class::Header && self.header.is_none() {
            self.header = Some(id);
        }
        if let Some(Frame::Property(property)) = self.stack.last_mut() {
            property.objects.push(id);
        }
        let symbol = tag.attribute("uid").map(str::to_owned);
        Ok(Frame::Object(id, symbol))
    }

    /// The class of an element, else the nearest known ancestor of an extension class.
    fn class(&self, name: &str) -> Class {
        let mut name = name;
        for _ in 0..=self.extensions.classes.len() {
            if let Some(class) = self.names.class(name) {
                return class;
            }
            match self.extensions.classes.get(name) {
                Some(parent) => name = parent,
                None => return Class::Other,
            }
        }
        Class::Other
    }

    fn property(&mut self, owner: ObjectId, tag: &Tag<'_>) -> Result<Frame, ReadError> {
        let name = tag.name();
        let prefix = tag.full_name().split_once(':').map_or("", |(p, _)| p);
        let own = self.extensions.prefixes.contains(prefix);
        let known = if own {
            let known = self.extensions.props.get(name).copied();
            known.or_else(|| extension(None, name))
        } else {
            let known = self.names.property(name);
            known.or_else(|| extension(None, name))
        };
        let Some((prop, kind)) = known else {
            return Ok(Frame::Skip);
        };
        if kind == Kind::Stream {
            self.stream(owner, prop, tag)?;
            return Ok(Frame::Skip);
        }
        Ok(Frame::Property(Box::new(Property {
            owner,
            prop,
            kind,
            text: String::new(),
            actual: tag.attribute("actualType").map(str::to_owned),
            escaped: tag.attribute("escaped") == Some("true"),
            objects: Vec::new(),
            integers: Vec::new(),
        })))
    }

    /// A stream names an entity of the document type declaration.
    fn stream(&mut self, owner: ObjectId, prop: Prop, tag: &Tag<'_>) -> Result<(), ReadError> {
        let Some(name) = tag.attribute("stream") else {
            return Ok(());
        };
        let Some(path) = self.entities.get(name) else {
            let message = format!("essence stream `{name}` is not declared");
            return Err(self.document.malformed(tag.offset, message));
        };
        let path = path.to_string_lossy().into_owned();
        self.objects.set(owner, prop, Value::Stream(path));
        Ok(())
    }

    fn text(&mut self, text: &str) {
        match self.stack.last_mut() {
            Some(Frame::Property(property)) => property.text.push_str(text),
            Some(Frame::Part(part)) => part.push_str(text),
            Some(Frame::Field(_, field)) => field.push_str(text),
            _ => {}
        }
    }

    fn close(&mut self) {
        match (self.stack.pop(), self.stack.last_mut()) {
            (Some(Frame::Part(text)), Some(Frame::Property(property))) => {
                property.integers.extend(values::integer(text.trim()));
            }
            (Some(Frame::Property(property)), _) => self.end_property(*property),
            (Some(Frame::Field(name, text)), Some(Frame::Definition(fields))) => {
                fields.insert(name, text);
            }
            (Some(Frame::Definition(fields)), _) => self.learn(&fields),
            (Some(Frame::Object(id, Some(symbol))), _) => {
                if let Some(auid) = self.objects.auid(id, Prop::DefinitionId) {
                    self.symbols.insert(symbol, auid);
                }
            }
            _ => {}
        }
    }

    fn end_property(&mut self, property: Property) {
        let Property { owner, prop, .. } = property;
        let text = if property.escaped {
            values::unescape(&property.text)
        } else {
            property.text
        };
        let value = match property.kind {
            Kind::Object => property.objects.first().copied().map(Value::Object),
            Kind::Objects => Some(Value::Objects(property.objects)),
            Kind::Integers => Some(Value::Integers(property.integers)),
            kind => match values::parse(kind, &text, property.actual.as_deref()) {
                Some(Written::Value(value)) => Some(value),
                Some(Written::Symbol(symbol)) => {
                    self.pending.push((owner, prop, symbol));
                    return;
                }
                // Enumerations and types of extensions are text of their own; nobody asks for them.
                None => None,
            },
        };
        if let Some(value) = value {
            self.objects.set(owner, prop, value);
        }
    }

    /// Learns a class or property that the document defines.
    fn learn(&mut self, fields: &BTreeMap<String, String>) {
        let field = |name: &str| fields.get(name).map_or("", |text| text.trim());
        let symbol = field("Symbol");
        let id = Auid::from_urn(field("Identification"));
        let name = field("Name");
        let name = if name.is_empty() { symbol } else { name };
        if fields.contains_key("MemberOf") {
            if let Some(known) = extension(id, name) {
                self.extensions.props.insert(symbol.to_owned(), known);
            }
        } else if fields.contains_key("ParentClass") {
            let parent = field("ParentClass").split_whitespace().last();
            let parent = parent.unwrap_or_default().to_owned();
            self.extensions.classes.insert(symbol.to_owned(), parent);
        }
    }

    /// Resolves references by symbol and hands over the objects.
    fn finish(mut self) -> Result<Model, ReadError> {
        // A symbol that nothing defines stays unset: whoever asks for it says what is missing.
        for (owner, prop, symbol) in std::mem::take(&mut self.pending) {
            if let Some(id) = self.symbols.get(&symbol) {
                self.objects.set(owner, prop, Value::Auid(*id));
            }
        }
        let header = self.header.ok_or_else(|| {
            let folder = self.folder.display();
            self.document
                .malformed(0, format!("the document in `{folder}` has no AAF header"))
        })?;
        Ok(Model {
            objects: self.objects,
            header,
            container: Container::Xml,
            problems: Vec::new(),
        })
    }
}
