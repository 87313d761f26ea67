//! OpenTimelineIO: `.otio` (JSON) and `.otioz` (a zip with its media).
//!
//! [`json`] reads the text, [`parse`] and [`metadata`] turn it into the objects of [`model`], [`layout`]
//! and [`clip`] place them on the record axis. What is read, ignored and refused stands in
//! `specs/formats/otio.md`.
//!
//! **Invariant:** positions are exact: whole values over exact rates, others on a grid that holds every
//! frame and sample. No input recurses deeper than [`parse::MAX_NESTING`] or keeps more than a fixed
//! number of objects.

mod bundle;
mod clip;
mod codes;
mod context;
mod draft;
mod fade;
mod json;
mod layout;
mod level;
mod log;
mod marker;
mod measure;
mod metadata;
mod model;
mod parse;
mod plugin;
mod time;

#[cfg(test)]
mod tests;

use self::clip::Bundle;
use self::json::SyntaxError;
use self::layout::Layout;
use self::log::Log;
use self::model::{Class, Object};
use self::time::{Clock, Moment, frame_rate};
use super::{Format, Input, ReadError, ReadOptions, Reading};
use crate::finding::Place;
use crate::time::{FrameRate, Pos, Rational};
use crate::timeline::Timeline;

/// Points of gain curves that are kept in one timeline.
const MAX_POINTS: usize = 2_000_000;

/// Timelines of a collection that are listed by name.
const MAX_NAMES: usize = 20;

/// OpenTimelineIO, for [`FORMATS`](super::FORMATS).
pub(super) const FORMAT: Format = Format {
    name: "otio",
    title: "OpenTimelineIO (.otio, .otioz)",
    suffixes: &["otio", "otioz"],
    probe,
    read,
    codes: codes::CODES,
};

/// Whether a file starts like OTIO: an object that names a schema, or a bundle.
fn probe(head: &[u8]) -> bool {
    let has = |word: &[u8]| head.windows(word.len()).any(|window| window == word);
    if bundle::is_zip(head) {
        return has(bundle::CONTENT.as_bytes());
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    text.trim_ascii_start().starts_with(b"{") && has(b"\"OTIO_SCHEMA\"")
}

/// Reads a timeline or bundle.
///
/// # Errors
/// [`ReadError::Io`]; [`ReadError::Malformed`] where the text is not JSON, breaks a limit, or holds no
/// timeline, with line and column.
fn read(input: &Input, options: &ReadOptions) -> Result<Reading, ReadError> {
    if bundle::is_zip(&input.head) {
        let (bytes, bundle) = bundle::open(input)?;
        return understand(bytes, Some(bundle), input, options);
    }
    understand(input.bytes()?, None, input, options)
}

/// From the text to the timeline.
fn understand(
    bytes: Vec<u8>,
    bundle: Option<Bundle>,
    input: &Input,
    options: &ReadOptions,
) -> Result<Reading, ReadError> {
    let mut log = Log::new(input.name());
    let root = parse::document(&bytes, &mut log).map_err(|error| syntax(input, error))?;
    // The text may be large; what follows does not need it.
    drop(bytes);
    let root = choose(root, options, &mut log)?;
    let timeline = build(&root, bundle, input, options, &mut log);
    Ok(Reading {
        timeline,
        findings: log.finish(),
    })
}

fn syntax(input: &Input, error: SyntaxError) -> ReadError {
    let place = Place {
        column: Some(error.column),
        ..Place::line(input.name(), error.line)
    };
    let cut = error.message.starts_with("the text ends");
    ReadError::Malformed {
        place: Box::new(place),
        message: error.message,
        hint: cut.then(|| "the file is cut off; copy or export it again".to_owned()),
    }
}

/// The timeline to read: the root itself, or one of a collection.
fn choose(root: Object, options: &ReadOptions, log: &mut Log) -> Result<Object, ReadError> {
    match root.class {
        Class::Timeline { .. } | Class::Stack(_) | Class::Track { .. } => return Ok(root),
        Class::Collection(_) => {}
        _ => {
            let found = root.class_name();
            let found = if found.is_empty() {
                "an object without OTIO_SCHEMA"
            } else {
                found
            };
            return Err(no_timeline(
                log,
                format!("the file holds {found}, not a timeline"),
            ));
        }
    }
    let mut all = Vec::new();
    collect(root, &mut all);
    let shown = all.iter().take(MAX_NAMES);
    let names: Vec<String> = shown
        .map(|t| format!("`{}`", log::short(&t.name)))
        .collect();
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

fn build(
    root: &Object,
    bundle: Option<Bundle>,
    input: &Input,
    options: &ReadOptions,
    log: &mut Log,
) -> Timeline {
    let mut clock = Clock::default();
    let (stated, stack) = match &root.class {
        Class::Timeline { start, tracks } => (*start, tracks.as_deref()),
        _ => (None, None),
    };
    let start = stated.map_or(Ok(Rational::ZERO), |start| clock.seconds(start));
    let start = start.unwrap_or_else(|error| {
        let message =
            format!("the timeline starts at 0: its global_start_time is no time: {error}");
        log.line_note(&codes::BAD_TIME, root.line, message);
        Rational::ZERO
    });
    let rate = display_rate(root, stated, options, log);
    let mut layout = Layout {
        log,
        clock,
        rate,
        bundle,
        markers: Vec::new(),
        markers_outside: 0,
        nameless: 0,
        levels_explained: false,
        points_left: MAX_POINTS,
    };
    let wrapped;
    let stack = match (&root.class, stack) {
        (_, Some(stack)) => Some(stack),
        (Class::Stack(_), _) => Some(root),
        (Class::Track { .. }, _) => {
            wrapped = Object {
                line: root.line,
                class: Class::Stack(vec![root.clone()]),
                ..Object::default()
            };
            Some(&wrapped)
        }
        _ => None,
    };
    let tracks = stack
        .map(|stack| layout.timeline(stack, start))
        .unwrap_or_default();
    let clips = tracks.iter().map(|track| track.clips.len()).sum();
    let markers = layout.finish(clips);
    Timeline {
        format: FORMAT.name.to_owned(),
        name: if root.name.is_empty() {
            input.stem()
        } else {
            root.name.clone()
        },
        file_name: input.stem(),
        rate,
        start: Pos::new(start),
        tracks,
        markers,
    }
}

impl Layout<'_> {
    /// Says what was only counted, and hands out the markers in order.
    fn finish(self, clips: usize) -> Vec<crate::timeline::Marker> {
        let Self { log, clock, .. } = self;
        if clips == 0 {
            log.file_note(&codes::NO_AUDIO, "no track of kind Audio holds a clip");
        }
        if self.nameless > 0 {
            let message = format!("{} of {clips} clips name no file", self.nameless);
            log.file_note(&codes::NO_FILE, message);
        }
        if self.markers_outside > 0 {
            let message = format!(
                "{} markers stand outside what is used",
                self.markers_outside
            );
            log.file_note(&codes::MARKER_OUTSIDE, message);
        }
        for (written, read) in clock.odd {
            let message = format!("rate {written} is read {read}");
            log.file_note(&codes::ODD_RATE, message);
        }
        if let Some(Moment { value, rate }) = clock.rounded {
            let message = format!("{value} at rate {rate}, and perhaps others, lie between frames");
            log.file_note(&codes::ROUNDED_TIME, message);
        }
        let mut markers = self.markers;
        markers.sort_by_key(|marker| marker.at);
        // The picture and sound of a take carry the same markers.
        markers.dedup();
        markers
    }
}

/// The frame rate of the timecode: asked for, stated at the start, by the editor, or first used.
fn display_rate(
    root: &Object,
    start: Option<Moment>,
    options: &ReadOptions,
    log: &mut Log,
) -> FrameRate {
    let stated = start.and_then(|start| frame_rate(start.rate));
    let found = options.rate.or(stated).or_else(|| first_rate(root));
    found.unwrap_or_else(|| {
        log.file_note(
            &codes::NO_FRAME_RATE,
            "no frame rate is stated; timecode is shown at 24",
        );
        FrameRate::F24
    })
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
