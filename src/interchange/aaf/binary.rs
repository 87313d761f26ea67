//! The binary form: folders and property streams become objects.

use std::collections::BTreeMap;

use super::names::{Class, Kind, Prop, extension, numbers};
use super::objects::{Auid, ObjectId, Objects, Value};
use super::properties::{self, Order, Stored};
use super::{Container, Model};
use crate::compound::{Node, Storage, StorageError};
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
        storage: Storage::open(&input.path).map_err(|error| refused(error, input))?,
        objects: Objects::default(),
        numbers: numbers(),
        classes: BTreeMap::new(),
        problems: Vec::new(),
    };
    let [dictionary, header] = reader.root();
    if let Some(dictionary) = reader.tree(dictionary)? {
        reader.learn(dictionary);
    }
    let header = reader
        .tree(header)?
        .filter(|&id| reader.objects.class(id) == Class::Header)
        .ok_or_else(|| reader.refuse("the structured storage has no AAF header"))?;
    Ok(Model {
        objects: reader.objects,
        header,
        container: Container::Binary,
        problems: reader.problems,
    })
}

fn refused(error: StorageError, input: &Input) -> ReadError {
    match error {
        StorageError::Io(source) => ReadError::Io {
            path: input.name(),
            source,
        },
        StorageError::Damaged(_) => ReadError::Malformed {
            place: Box::new(Place::file(input.name())),
            message: error.to_string(),
            hint: Some("copy the file again or export it anew".into()),
        },
    }
}

struct Reader {
    storage: Storage,
    objects: Objects,
    /// Properties by number: the fixed ones, and those that this file's dictionary numbers.
    numbers: BTreeMap<u16, (Prop, Kind)>,
    /// Extension classes and their parents.
    classes: BTreeMap<Auid, Auid>,
    problems: Vec<String>,
}

impl Reader {
    fn refuse(&self, message: &str) -> ReadError {
        ReadError::malformed(Place::file(self.storage.name()), message)
    }

    /// The folders of dictionary and header.
    fn root(&mut self) -> [Option<Node>; 2] {
        let root = Storage::root();
        let bytes = self.storage.stream(root, "properties", PROPERTIES);
        let bytes = bytes.ok().flatten().unwrap_or_default();
        let stored = properties::entries(&bytes);
        ROOT.map(|(number, usual)| {
            let found = stored.as_ref().and_then(|(order, entries)| {
                let entry = entries.iter().find(|entry| entry.number == number)?;
                properties::decode(Kind::Object, *order, *entry)
            });
            match found {
                Some(Stored::Object(name)) => self.storage.folder(root, &name),
                _ => self.storage.folder(root, usual),
            }
        })
    }

    /// The object in a folder with all that it owns.
    fn tree(&mut self, folder: Option<Node>) -> Result<Option<ObjectId>, ReadError> {
        let Some(folder) = folder else {
            return Ok(None);
        };
        let root = self.object(folder, None)?;
        let mut work = vec![(root, folder, 0)];
        while let Some((id, folder, depth)) = work.pop() {
            if depth > DEPTH {
                let message = format!("objects nest more than {DEPTH} deep");
                return Err(self.refuse(&message));
            }
            for (child, folder) in self.fill(id, folder)? {
                work.push((child, folder, depth + 1));
            }
        }
        Ok(Some(root))
    }

    /// Adds the object of a folder, without its properties; `owner` is the property that holds it.
    fn object(&mut self, folder: Node, owner: Option<Prop>) -> Result<ObjectId, ReadError> {
        let class = self
            .class(Auid::from_bytes(self.storage.class_id(folder), false))
            .within(owner);
        let object = self.objects.add(class);
        object.ok_or_else(|| self.refuse("more objects than any real file has"))
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
    fn fill(&mut self, id: ObjectId, folder: Node) -> Result<Vec<(ObjectId, Node)>, ReadError> {
        let mut children = Vec::new();
        if self.objects.class(id) == Class::Other {
            return Ok(children);
        }
        let Some(bytes) = self.read(folder, "properties", PROPERTIES) else {
            return Ok(children);
        };
        let Some((order, entries)) = properties::entries(&bytes) else {
            let path = self.storage.path(folder);
            self.problem(format!("`{path}/properties` is not a property stream"));
            return Ok(children);
        };
        for entry in entries {
            let Some(&(prop, kind)) = self.numbers.get(&entry.number) else {
                continue;
            };
            match properties::decode(kind, order, entry) {
                None => {
                    let path = self.storage.path(folder);
                    self.problem(format!("property {:#06x} of `{path}`", entry.number));
                }
                Some(Stored::Value(value)) => self.objects.set(id, prop, value),
                Some(Stored::Stream(name)) => self.stream(id, prop, folder, &name),
                Some(Stored::Object(name)) => {
                    if let Some(folder) = self.storage.folder(folder, &name) {
                        let child = self.object(folder, Some(prop))?;
                        self.objects.set(id, prop, Value::Object(child));
                        children.push((child, folder));
                    } else {
                        self.missing(folder, &name);
                    }
                }
                Some(Stored::Objects(name, set)) => {
                    let owned = self.indexed(folder, prop, &name, (set, order))?;
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
        folder: Node,
        prop: Prop,
        name: &str,
        (set, order): (bool, Order),
    ) -> Result<Vec<(ObjectId, Node)>, ReadError> {
        let index_name = format!("{name} index");
        let Some(index) = self.read(folder, &index_name, INDEX) else {
            return Ok(Vec::new());
        };
        let Some(folders) = properties::indexed(name, &index, set, order) else {
            let path = self.storage.path(folder);
            self.problem(format!("`{path}/{index_name}` is not an index"));
            return Ok(Vec::new());
        };
        let mut owned = Vec::new();
        for name in folders {
            match self.storage.folder(folder, &name) {
                Some(folder) => owned.push((self.object(folder, Some(prop))?, folder)),
                None => self.missing(folder, &name),
            }
        }
        Ok(owned)
    }

    fn stream(&mut self, id: ObjectId, prop: Prop, folder: Node, name: &str) {
        if self.storage.has_stream(folder, name) {
            let path = format!("{}/{name}", self.storage.path(folder));
            self.objects.set(id, prop, Value::Stream(path));
        } else {
            self.missing(folder, name);
        }
    }

    fn read(&mut self, folder: Node, name: &str, limit: u64) -> Option<Vec<u8>> {
        match self.storage.stream(folder, name, limit) {
            Ok(None) => {
                self.missing(folder, name);
                None
            }
            Ok(bytes) => bytes,
            Err(problem) => {
                self.problem(problem);
                None
            }
        }
    }

    fn missing(&mut self, folder: Node, name: &str) {
        let path = self.storage.path(folder);
        self.problem(format!("`{path}/{name}` is missing"));
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
                    self.numbers.entry(number as u16).or_insert(known);
                }
            }
        }
    }
}

/// Whether the first bytes are a structured storage's.
pub(super) fn is_storage(head: &[u8]) -> bool {
    head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])
}
