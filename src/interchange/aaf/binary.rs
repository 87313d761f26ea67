//! The binary form: folders and property streams become objects.

use std::collections::BTreeMap;

use super::names::{Class, Kind, Prop, extension, property_by_number};
use super::objects::{Auid, ObjectId, Objects, Value};
use super::properties::{self, Order, Stored};
use super::storage::Storage;
use super::{Container, Model};
use crate::finding::Place;
use crate::interchange::{Input, ReadError};

/// The most bytes of one object's properties, and of one index: a property has at most 64 KiB, and
/// an index of eight million objects is below.
const PROPERTIES: u64 = 16 << 20;
const INDEX: u64 = 512 << 20;

/// Folders are at most this deep: a composition of nested effects reaches some 60.
const DEPTH: usize = 512;

/// How far an extension class may stand from one that is known.
const ANCESTORS: usize = 32;

/// The most damaged places that are named.
const PROBLEMS: usize = 100;

/// Numbers of the two properties of the root folder, and the names that files give them.
const ROOT: [(u16, &str); 2] = [(1, "MetaDictionary-1"), (2, "Header-2")];

/// Reads all objects of a binary file.
///
/// # Errors
/// [`ReadError`] when the container is damaged, there is no header, or a limit is broken.
pub(super) fn read(input: &Input) -> Result<Model, ReadError> {
    let mut reader = Reader {
        storage: Storage::open(input)?,
        objects: Objects::default(),
        extensions: BTreeMap::new(),
        classes: BTreeMap::new(),
        problems: Vec::new(),
    };
    let [dictionary, header] = reader.root();
    if let Some(dictionary) = reader.tree(&dictionary)? {
        reader.learn(dictionary);
    }
    let header = reader
        .tree(&header)?
        .filter(|&id| reader.objects.class(id) == Class::Header)
        .ok_or_else(|| reader.refuse("the structured storage has no AAF header"))?;
    Ok(Model {
        objects: reader.objects,
        header,
        container: Container::Binary,
        problems: reader.problems,
    })
}

struct Reader {
    storage: Storage,
    objects: Objects,
    /// Properties that this file's dictionary numbers.
    extensions: BTreeMap<u16, (Prop, Kind)>,
    /// Extension classes and their parents.
    classes: BTreeMap<Auid, Auid>,
    problems: Vec<String>,
}

impl Reader {
    fn refuse(&self, message: &str) -> ReadError {
        ReadError::malformed(Place::file(self.storage.name()), message)
    }

    /// The folders of dictionary and header.
    fn root(&mut self) -> [String; 2] {
        let bytes = self.storage.stream("/properties", PROPERTIES);
        let bytes = bytes.ok().flatten().unwrap_or_default();
        let stored = properties::entries(&bytes);
        ROOT.map(|(number, usual)| {
            let found = stored.as_ref().and_then(|(order, entries)| {
                let entry = entries.iter().find(|entry| entry.number == number)?;
                properties::decode(Kind::Object, *order, *entry)
            });
            match found {
                Some(Stored::Object(name)) => format!("/{name}"),
                _ => format!("/{usual}"),
            }
        })
    }

    /// The object in a folder with all that it owns; `None` where there is no such folder.
    fn tree(&mut self, folder: &str) -> Result<Option<ObjectId>, ReadError> {
        let Some(root) = self.object(folder)? else {
            return Ok(None);
        };
        let mut work = vec![(root, folder.to_owned(), 0)];
        while let Some((id, folder, depth)) = work.pop() {
            if depth > DEPTH {
                let message = format!("objects nest more than {DEPTH} deep");
                return Err(self.refuse(&message));
            }
            for (child, folder) in self.fill(id, &folder)? {
                work.push((child, folder, depth + 1));
            }
        }
        Ok(Some(root))
    }

    /// Adds the object of a folder, without its properties.
    fn object(&mut self, folder: &str) -> Result<Option<ObjectId>, ReadError> {
        let Some(id) = self.storage.class_id(folder) else {
            return Ok(None);
        };
        let class = self.class(id);
        let object = self.objects.add(class);
        object
            .map(Some)
            .ok_or_else(|| self.refuse("more objects than any real file has"))
    }

    /// The class with this identifier, else the nearest known ancestor.
    fn class(&self, id: Auid) -> Class {
        let mut id = id;
        for _ in 0..ANCESTORS {
            if let Some(class) = Class::by_id(id) {
                return class;
            }
            match self.classes.get(&id) {
                Some(parent) => id = *parent,
                None => return Class::Other,
            }
        }
        Class::Other
    }

    /// Reads an object's own properties; returns the objects that it owns.
    fn fill(&mut self, id: ObjectId, folder: &str) -> Result<Vec<(ObjectId, String)>, ReadError> {
        if self.objects.class(id) == Class::Other {
            return Ok(Vec::new());
        }
        let path = format!("{folder}/properties");
        let Some(bytes) = self.read(&path, PROPERTIES) else {
            return Ok(Vec::new());
        };
        let Some((order, entries)) = properties::entries(&bytes) else {
            self.problem(format!("`{path}` is not a property stream"));
            return Ok(Vec::new());
        };
        let mut children = Vec::new();
        for entry in entries {
            let fixed = property_by_number(entry.number);
            let known = fixed.or_else(|| self.extensions.get(&entry.number).copied());
            let Some((prop, kind)) = known else { continue };
            let stored = properties::decode(kind, order, entry);
            match stored {
                None => self.problem(format!("property {:#06x} in `{path}`", entry.number)),
                Some(Stored::Value(value)) => self.objects.set(id, prop, value),
                Some(Stored::Stream(name)) => self.stream(id, prop, format!("{folder}/{name}")),
                Some(Stored::Object(name)) => {
                    let folder = format!("{folder}/{name}");
                    if let Some(child) = self.object(&folder)? {
                        self.objects.set(id, prop, Value::Object(child));
                        children.push((child, folder));
                    }
                }
                Some(Stored::Objects(name, set)) => {
                    let name = format!("{folder}/{name}");
                    let owned = self.indexed(&name, set, order)?;
                    let ids = owned.iter().map(|(child, _)| *child).collect();
                    self.objects.set(id, prop, Value::Objects(ids));
                    children.extend(owned);
                }
            }
        }
        Ok(children)
    }

    /// The objects that an index lists; those whose folder is missing are left out.
    fn indexed(
        &mut self,
        name: &str,
        set: bool,
        order: Order,
    ) -> Result<Vec<(ObjectId, String)>, ReadError> {
        let path = format!("{name} index");
        let Some(index) = self.read(&path, INDEX) else {
            return Ok(Vec::new());
        };
        let Some(folders) = properties::indexed(name, &index, set, order) else {
            self.problem(format!("`{path}` is not an index"));
            return Ok(Vec::new());
        };
        let mut owned = Vec::new();
        for folder in folders {
            match self.object(&folder)? {
                Some(id) => owned.push((id, folder)),
                None => self.problem(format!("`{folder}` is missing")),
            }
        }
        Ok(owned)
    }

    fn stream(&mut self, id: ObjectId, prop: Prop, path: String) {
        if self.storage.has_stream(&path) {
            self.objects.set(id, prop, Value::Stream(path));
        } else {
            self.problem(format!("stream `{path}` is missing"));
        }
    }

    fn read(&mut self, path: &str, limit: u64) -> Option<Vec<u8>> {
        match self.storage.stream(path, limit) {
            Ok(Some(bytes)) => Some(bytes),
            Ok(None) => {
                self.problem(format!("`{path}` is missing"));
                None
            }
            Err(problem) => {
                self.problem(problem);
                None
            }
        }
    }

    fn problem(&mut self, problem: String) {
        if self.problems.len() < PROBLEMS {
            self.problems.push(problem);
        }
    }

    /// Learns extension classes and properties from the file's own dictionary.
    fn learn(&mut self, dictionary: ObjectId) {
        let objects = &self.objects;
        for &class in objects.objects(dictionary, Prop::ClassDefinitions) {
            let id = objects.auid(class, Prop::MetaId);
            let parent = objects.auid(class, Prop::ParentClass);
            if let (Some(id), Some(parent)) = (id, parent) {
                self.classes.insert(id, parent);
            }
            for &property in objects.objects(class, Prop::ClassProperties) {
                let name = objects.text(property, Prop::MetaName);
                let number = objects.integer(property, Prop::LocalId);
                let known = extension(objects.auid(property, Prop::MetaId), name);
                if let (Some(number), Some(known)) = (number, known) {
                    self.extensions.insert(number as u16, known);
                }
            }
        }
    }
}

/// Whether the first bytes are a structured storage's.
pub(super) fn is_storage(head: &[u8]) -> bool {
    head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])
}
