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
mod root;
mod time;

#[cfg(test)]
mod tests;

use self::clip::Bundle;
use self::json::SyntaxError;
use self::layout::Layout;
use self::log::Log;
use self::root::Root;
use self::time::{Clock, Moment};
use super::{Format, Input, ReadError, ReadOptions, Reading};
use crate::finding::Place;
use crate::time::{FrameRate, Pos, Rational};
use crate::timeline::{Marker, Timeline};

/// Points of gain curves that are kept in one timeline.
const MAX_POINTS: usize = 2_000_000;

/// OpenTimelineIO, for [`FORMATS`](super::FORMATS).
pub(super) const FORMAT: Format = Format {
    name: "otio",
    title: "OpenTimelineIO (.otio, .otioz)",
    suffixes: &["otio", "otioz"],
    probe: |input| probe(&input.head),
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
    let root = Root::choose(root, options, &mut log)?;
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

/// Lays the timeline out.
fn build(
    root: &Root,
    bundle: Option<Bundle>,
    input: &Input,
    options: &ReadOptions,
    log: &mut Log,
) -> Timeline {
    let mut clock = Clock::default();
    let start = root
        .start
        .map_or(Ok(Rational::ZERO), |start| clock.seconds(start));
    let start = start.unwrap_or_else(|error| {
        let message =
            format!("the timeline starts at 0: its global_start_time is no time: {error}");
        log.line_note(&codes::BAD_TIME, root.line, message);
        Rational::ZERO
    });
    let frames = root.frames.or(options.rate).unwrap_or_else(|| {
        let message = "no frame rate is stated; timecode is shown at 24";
        log.file_note(&codes::NO_FRAME_RATE, message);
        FrameRate::F24
    });
    let rate = options.rate.unwrap_or(frames);
    let mut layout = Layout {
        log,
        clock,
        rate,
        frames,
        bundle,
        markers: Vec::new(),
        markers_outside: 0,
        nameless: 0,
        levels_explained: false,
        points_left: MAX_POINTS,
    };
    let tracks = layout.timeline(&root.stack, start);
    let length = layout.length(&root.stack).ok();
    let clips = tracks.iter().map(|track| track.clips.len()).sum();
    let named = Some(root.name.clone()).filter(|name| !name.is_empty());
    Timeline {
        format: FORMAT.name.to_owned(),
        name: named.unwrap_or_else(|| input.stem()),
        file_name: input.stem(),
        rate,
        start: Pos::new(start),
        end: length.and_then(|length| Pos::new(start).checked_add(length)),
        tracks,
        markers: layout.finish(clips),
    }
}

impl Layout<'_> {
    /// Says what was only counted, and hands out the markers in order.
    fn finish(self, clips: usize) -> Vec<Marker> {
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
