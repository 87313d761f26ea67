//! Which timeline of the file is read.

use super::codes;
use super::log::{Log, short};
use super::model::{Class, Object};
use super::time::{Moment, frame_rate};
use crate::finding::Place;
use crate::interchange::{ReadError, ReadOptions};
use crate::time::FrameRate;

/// Timelines of a collection that are listed by name.
const MAX_NAMES: usize = 20;

/// A timeline, whatever the root of the file is.
#[derive(Debug)]
pub(super) struct Root {
    /// Line on which it starts.
    pub(super) line: u32,
    /// Its name; empty where it has none.
    pub(super) name: String,
    /// `global_start_time`
    pub(super) start: Option<Moment>,
    /// The frame rate stated at its start, by the editor, or first used.
    pub(super) frames: Option<FrameRate>,
    /// Its tracks.
    pub(super) stack: Object,
}

impl Root {
    /// The timeline to read: the root itself, a stack or track that stands for one, or one of a
    /// collection.
    ///
    /// # Errors
    /// [`ReadError::Malformed`] where there is none, or none of the name asked for.
    pub(super) fn choose(
        root: Object,
        options: &ReadOptions,
        log: &mut Log,
    ) -> Result<Self, ReadError> {
        match root.class {
            Class::Timeline { .. } | Class::Stack(_) | Class::Track { .. } => Ok(Self::of(root)),
            Class::Collection(_) => one_of(root, options, log).map(Self::of),
            _ => {
                let found = match root.class_name() {
                    "" => "an object without OTIO_SCHEMA",
                    class => class,
                };
                let message = format!("the file holds {}, not a timeline", short(found));
                Err(no_timeline(log, message))
            }
        }
    }

    fn of(root: Object) -> Self {
        let found = first_rate(&root);
        let Object { line, .. } = root;
        let (name, start, stack) = match root.class {
            Class::Timeline { start, tracks } => (root.name, start, tracks.map(|stack| *stack)),
            Class::Stack(_) => (root.name.clone(), None, Some(root)),
            _ => {
                let name = root.name.clone();
                let stack = Object {
                    line,
                    class: Class::Stack(vec![root]),
                    ..Object::default()
                };
                (name, None, Some(stack))
            }
        };
        let stated = start.and_then(|start| frame_rate(start.rate));
        let empty = || Object {
            line,
            class: Class::Stack(Vec::new()),
            ..Object::default()
        };
        Self {
            line,
            name,
            start,
            frames: stated.or(found),
            stack: stack.unwrap_or_else(empty),
        }
    }
}

/// The timeline of a collection that is asked for, else the first.
fn one_of(root: Object, options: &ReadOptions, log: &mut Log) -> Result<Object, ReadError> {
    let mut all = Vec::new();
    collect(root, &mut all);
    let shown = all.iter().take(MAX_NAMES);
    let names: Vec<String> = shown.map(|t| format!("`{}`", short(&t.name))).collect();
    let names = names.join(", ");
    let wanted = |t: &Object| {
        options
            .composition
            .as_ref()
            .is_none_or(|name| *name == t.name)
    };
    let Some(index) = all.iter().position(wanted) else {
        let message = match &options.composition {
            Some(name) if !all.is_empty() => format!("no timeline `{name}`; there are {names}"),
            _ => "the collection holds no timeline".to_owned(),
        };
        return Err(no_timeline(log, message));
    };
    if all.len() > 1 && options.composition.is_none() {
        let message = format!("the first of {} timelines is read: {names}", all.len());
        log.file_note(&codes::OTHER_TIMELINES, message);
    }
    Ok(all.swap_remove(index))
}

/// The timelines of a collection and the collections in it, in order.
fn collect(root: Object, all: &mut Vec<Object>) {
    match root.class {
        Class::Timeline { .. } => all.push(root),
        // The depth of objects was limited when they were read.
        Class::Collection(children) => children.into_iter().for_each(|child| collect(child, all)),
        _ => {}
    }
}

fn no_timeline(log: &Log, message: String) -> ReadError {
    ReadError::Malformed {
        place: Box::new(Place::file(log.file())),
        message,
        hint: Some("export the sequence itself as OpenTimelineIO".to_owned()),
    }
}

/// The first frame rate that an editor states or a range uses, in the order of the file.
fn first_rate(item: &Object) -> Option<FrameRate> {
    let stated = item.facts.as_ref().and_then(|facts| facts.frame_rate);
    let media = item.active_media().and_then(|media| media.available);
    let ranges = item.source_range.into_iter().chain(media);
    let own = ranges.flat_map(|range| [range.length.rate, range.start.rate]);
    let nested = match &item.class {
        Class::Timeline { tracks, .. } => tracks.as_deref(),
        _ => None,
    };
    let mut rates = stated.into_iter().chain(own);
    // The depth of objects was limited when they were read.
    rates
        .find_map(frame_rate)
        .or_else(|| nested.and_then(first_rate))
        .or_else(|| item.children().iter().find_map(first_rate))
}
