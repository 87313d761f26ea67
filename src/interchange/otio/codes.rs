//! The findings of this reader.

use crate::finding::{Code, Severity};

/// A class that this reader does not know.
pub(super) static UNKNOWN_CLASS: Code = Code::new(
    "OTIO001",
    Severity::Warning,
    "object of an unknown class",
    "The file holds an object whose OTIO_SCHEMA is not one of the published classes. It makes no \
     sound; where it states a length, that length is kept as silence. Export without the plug-in \
     that wrote it, or replace it by a clip.",
);

/// A newer schema than this reader knows.
pub(super) static NEWER_SCHEMA: Code = Code::new(
    "OTIO002",
    Severity::Info,
    "schema newer than this reader",
    "A class stands in a newer version than the ones this reader knows. What it has in common with \
     the known version is read. If something is missing, export for an older OTIO release.",
);

/// A key that stands twice.
pub(super) static REPEATED_KEY: Code = Code::new(
    "OTIO003",
    Severity::Warning,
    "key stands twice in one object",
    "JSON leaves open which of two equal keys counts; the last one is used, as OTIO does. The file \
     was edited by hand or joined badly: check that object.",
);

/// A value of the wrong type.
pub(super) static WRONG_TYPE: Code = Code::new(
    "OTIO004",
    Severity::Warning,
    "value of the wrong type",
    "A key holds something else than its schema says, and is treated as absent. Check the object at \
     that line; export again if the file was not written by hand.",
);

/// An instance reference.
pub(super) static SHARED_OBJECT: Code = Code::new(
    "OTIO005",
    Severity::Error,
    "reference to another object of the file",
    "Released versions of OTIO write every object in full; references (SerializableObjectRef) are \
     not followed. Export again with a released version.",
);

/// More than one timeline.
pub(super) static OTHER_TIMELINES: Code = Code::new(
    "OTIO006",
    Severity::Warning,
    "other timelines in the file",
    "The file is a collection; one timeline is read. Name another one with --composition.",
);

/// No sound where some is expected.
pub(super) static NO_AUDIO: Code = Code::new(
    "OTIO007",
    Severity::Warning,
    "no sound in the timeline or composition",
    "Only tracks of kind Audio are read, and either none of them holds a clip, or a composition on one \
     is empty. Sound that belongs to clips of picture tracks must be exported on audio tracks; a nested \
     sequence must be exported with its content, or unnested.",
);

/// Something that no audio track holds.
pub(super) static STRAY_ITEM: Code = Code::new(
    "OTIO008",
    Severity::Warning,
    "kind of the track is not clear",
    "An item stands beside the tracks, or a track states another kind than the one it is used as. \
     The message says how it was read. Put sound on tracks of kind Audio.",
);

/// An item without a length.
pub(super) static NO_LENGTH: Code = Code::new(
    "OTIO009",
    Severity::Error,
    "item without a length",
    "An item has neither a source_range nor media with an available_range, so nobody can tell how \
     long it is. It is left out, and what follows it on the track stands too early. Give it a \
     source_range.",
);

/// A time that is none.
pub(super) static BAD_TIME: Code = Code::new(
    "OTIO010",
    Severity::Error,
    "time that is not a time",
    "A time has no number, a rate that is not above zero, a negative length, or reaches beyond what \
     can be counted. The item is left out or stands where the message says. Correct the value.",
);

/// A rate that no system uses.
pub(super) static ODD_RATE: Code = Code::new(
    "OTIO011",
    Severity::Warning,
    "unusual rate",
    "A rate is neither a frame rate nor a whole number. Where it is a rounded n/1.001 that exact rate \
     is used, else the number as written. If the clips drift, correct the rate.",
);

/// A value between frames.
pub(super) static ROUNDED_TIME: Code = Code::new(
    "OTIO012",
    Severity::Info,
    "times between frames",
    "Values that are not whole numbers are taken to the nearest 1/705600000 second. Every frame of \
     every rate and every sample of 44.1 to 192 kHz lies on that grid, so that what was meant comes \
     back exactly.",
);

/// Nothing states a frame rate.
pub(super) static NO_FRAME_RATE: Code = Code::new(
    "OTIO013",
    Severity::Info,
    "no frame rate stated",
    "Times are written at a sample rate or in seconds, so the rate of the timecode is not known and 24 \
     is shown. Positions are exact all the same. Give --rate for the timecode.",
);

/// A source range beside the children.
pub(super) static SHIFTED_RANGE: Code = Code::new(
    "OTIO014",
    Severity::Warning,
    "source range beside its own content",
    "The source_range of a track or stack starts below zero and ends before its first child, as some \
     EDL converters write it to say where the track starts. It is read as that position, and nothing \
     is cut off. Check where the first clip stands.",
);

/// Changed speed.
pub(super) static SPEED: Code = Code::new(
    "OTIO015",
    Severity::Error,
    "changed speed",
    "The clip plays faster, slower, backwards or not at all. Sound is not stretched here: render the \
     clip in the editor and put the rendered file in its place.",
);

/// Not a recording.
pub(super) static GENERATOR: Code = Code::new(
    "OTIO016",
    Severity::Warning,
    "clip without a recording",
    "The clip is generated by the editor (bars, tone, slug, title) or a sequence of pictures. It is \
     left out as silence. Render it to a file if it is meant to sound.",
);

/// A reference without a file.
pub(super) static NO_FILE: Code = Code::new(
    "OTIO017",
    Severity::Info,
    "clips that name no file",
    "The clip's media reference is missing or names no file. The media are looked for by the name of \
     the reference or clip.",
);

/// The active reference is not there.
pub(super) static ACTIVE_KEY: Code = Code::new(
    "OTIO018",
    Severity::Warning,
    "active media reference is not there",
    "active_media_reference_key names none of the clip's media references; the first one is used. \
     Check that this is the recording wanted, not a proxy.",
);

/// A source range outside the media.
pub(super) static OUTSIDE_MEDIA: Code = Code::new(
    "OTIO019",
    Severity::Warning,
    "source range outside the available range",
    "The clip asks for a part that its media reference does not claim to have. The message says how \
     the position was read. Listen to the clip at that place.",
);

/// Channels that cannot be told.
pub(super) static CHANNELS: Code = Code::new(
    "OTIO020",
    Severity::Warning,
    "choice of source channels",
    "The editor uses some channels of the file, in a way that is guessed or cannot be expressed as one \
     channel. State the channels with `map` in a rule if the result is wrong.",
);

/// Seen and not applied.
pub(super) static NOT_APPLIED: Code = Code::new(
    "OTIO021",
    Severity::Warning,
    "effect seen but not applied",
    "An effect, pan, plug-in, mute or solo that the editor plays is not part of the stems. Render it \
     in the editor, or apply it in the mix.",
);

/// Two gains that disagree.
pub(super) static GAIN_CONFLICT: Code = Code::new(
    "OTIO022",
    Severity::Warning,
    "two gains that disagree",
    "The metadata of the clip and its gain effect should state the same gain; they differ, and the \
     one of the metadata is used.",
);

/// A gain that is none.
pub(super) static BAD_GAIN: Code = Code::new(
    "OTIO023",
    Severity::Error,
    "gain that is not a level",
    "A gain is not a number, or above +100 dB. It is not applied. Correct it in the editor.",
);

/// How a level was read.
pub(super) static LEVEL_READ: Code = Code::new(
    "OTIO024",
    Severity::Info,
    "how levels were read",
    "Premiere writes clip levels as 10^((dB − 15)/20), full scale being +15 dB, and curved keyframes \
     are drawn as straight lines between their points. Compare one clip with the editor.",
);

/// A transition that is not clear.
pub(super) static TRANSITION: Code = Code::new(
    "OTIO025",
    Severity::Warning,
    "transition that is not clear",
    "A transition has a negative part, or a clip has a second fade at the same end. The message says \
     what was used.",
);

/// A fade drawn as a gain curve.
pub(super) static FADE_DRAWN: Code = Code::new(
    "OTIO026",
    Severity::Info,
    "fade drawn as a gain curve",
    "A fade is cut off by a trim of the composition around it, or reaches over several clips. It is \
     kept as a curve of gain with straight lines.",
);

/// Markers outside their item.
pub(super) static MARKER_OUTSIDE: Code = Code::new(
    "OTIO027",
    Severity::Info,
    "markers outside their clip",
    "A marker stands in a part of the media or composition that the cut does not use, and is left out.",
);

/// The bundle lacks a file.
pub(super) static NOT_IN_BUNDLE: Code = Code::new(
    "OTIO028",
    Severity::Warning,
    "file not in the bundle",
    "The timeline refers to a file of its bundle that the bundle does not hold. It is looked for in \
     the media folders.",
);

/// Text in another encoding.
pub(super) static NOT_UTF8: Code = Code::new(
    "OTIO029",
    Severity::Warning,
    "text that is not UTF-8",
    "OTIO is UTF-8; some text is not. Its unknown bytes are shown as a mark, and files named that way \
     will not be found. Save the file as UTF-8.",
);

/// The end of a long list.
pub(super) static MORE: Code = Code::new(
    "OTIO030",
    Severity::Warning,
    "more findings of one kind",
    "A kind of finding came up so often that the rest is only counted.",
);

/// Every code of this reader, in order.
pub(super) const CODES: &[&Code] = &[
    &UNKNOWN_CLASS,
    &NEWER_SCHEMA,
    &REPEATED_KEY,
    &WRONG_TYPE,
    &SHARED_OBJECT,
    &OTHER_TIMELINES,
    &NO_AUDIO,
    &STRAY_ITEM,
    &NO_LENGTH,
    &BAD_TIME,
    &ODD_RATE,
    &ROUNDED_TIME,
    &NO_FRAME_RATE,
    &SHIFTED_RANGE,
    &SPEED,
    &GENERATOR,
    &NO_FILE,
    &ACTIVE_KEY,
    &OUTSIDE_MEDIA,
    &CHANNELS,
    &NOT_APPLIED,
    &GAIN_CONFLICT,
    &BAD_GAIN,
    &LEVEL_READ,
    &TRANSITION,
    &FADE_DRAWN,
    &MARKER_OUTSIDE,
    &NOT_IN_BUNDLE,
    &NOT_UTF8,
    &MORE,
];
