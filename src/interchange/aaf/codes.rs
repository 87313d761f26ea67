//! What reading an AAF can find.

use crate::finding::{Code, Severity};

/// Which program wrote the file.
pub(super) const PRODUCER: Code = Code::new(
    "AAF001",
    Severity::Info,
    "producer of the AAF",
    "Names the program that wrote the file, as it says itself. Some of what is read depends on it.",
);
/// More than one composition.
pub(super) const COMPOSITIONS: Code = Code::new(
    "AAF002",
    Severity::Info,
    "several compositions",
    "The file holds more than one composition. The first is read unless --composition names \
     another.",
);
/// No timecode.
pub(super) const NO_TIMECODE: Code = Code::new(
    "AAF003",
    Severity::Warning,
    "composition without timecode",
    "The composition has no timecode track, so it is taken to start at 00:00:00:00. Give --start, \
     and --rate where the frame rate is not the one that was taken.",
);
/// A rate that contradicts.
pub(super) const RATE: Code = Code::new(
    "AAF004",
    Severity::Warning,
    "frame rate of the timecode",
    "The frame rate was given by --rate and differs from the file's, or the file's own timecode \
     contradicts its edit rate. Check that the start of the output is where picture has it.",
);
/// A mob or slot that is not there.
pub(super) const MISSING_SOURCE: Code = Code::new(
    "AAF005",
    Severity::Warning,
    "source is not in the file",
    "A clip refers to a recording that the AAF does not describe. The clip keeps its place and its \
     identifier; its file can only be found by UMID or name. Ask picture for an AAF with all sources.",
);
/// A file without a place.
pub(super) const NO_LOCATOR: Code = Code::new(
    "AAF006",
    Severity::Info,
    "recording without a path",
    "The AAF neither holds the recording nor says where it is. It is looked for by name and UMID.",
);
/// An effect that is left out.
pub(super) const EFFECT: Code = Code::new(
    "AAF007",
    Severity::Warning,
    "effect is not applied",
    "The clip or track has an effect that is not a gain, pan, fade or channel combiner. The sound \
     is taken without it. Render the effect in the editor, or make it again in the mix.",
);
/// Solo.
pub(super) const SOLO: Code = Code::new(
    "AAF008",
    Severity::Warning,
    "track is soloed",
    "The track was on solo when the AAF was written. Solo is a way of listening, not of mixing: all \
     tracks that are not muted are kept.",
);
/// Pan.
pub(super) const PAN: Code = Code::new(
    "AAF009",
    Severity::Info,
    "panned away from the middle",
    "The track or clip stands left or right of the middle, and is put there: AAF gives the place and \
     no law, so the law is sine and cosine with the pan law of the rules in the middle. Where a rule \
     maps its channels, the rule decides.",
);
/// Speed.
pub(super) const SPEED: Code = Code::new(
    "AAF010",
    Severity::Error,
    "clip does not play at normal speed",
    "The clip is stretched or its frame rate differs from the sequence's. Sound at another speed \
     cannot be placed to the sample. Render the effect in the editor.",
);
/// A fade whose curve is not one of ours.
pub(super) const FADE_CURVE: Code = Code::new(
    "AAF011",
    Severity::Warning,
    "fade curve",
    "The transition has an effect or curve that is not known. The fade keeps its place and length; \
     its law is the one of --fade.",
);
/// Gain that moves by a law without a definition.
pub(super) const GAIN_CURVE: Code = Code::new(
    "AAF012",
    Severity::Info,
    "gain curve",
    "The gain moves between its points by a law that AAF names but does not define to the sample \
     (logarithmic, power), or by a spline, which is followed closely by straight pieces.",
);
/// Objects that could not be read.
pub(super) const DAMAGED: Code = Code::new(
    "AAF013",
    Severity::Warning,
    "damaged part left out",
    "A part of the file is missing or is not what it should be. It is left out and the rest is \
     read. Copy or export the file again, and compare the number of clips.",
);
/// Rendered Pro Tools pieces.
pub(super) const RENDERED: Code = Code::new(
    "AAF014",
    Severity::Info,
    "rendered fades",
    "Pro Tools has drawn fades and edits between frames into files of their own. They are kept as \
     they are, or replaced by true fades where that was asked for and the recordings reach far \
     enough beside their clips.",
);
/// Longer than the recording.
pub(super) const PAST_END: Code = Code::new(
    "AAF015",
    Severity::Warning,
    "clip is longer than its recording",
    "The clip starts before or goes on after its recording, by what the AAF says of the recording's \
     length. Silence follows where that is allowed; check the source.",
);
/// A gain below zero.
pub(super) const INVERTED: Code = Code::new(
    "AAF016",
    Severity::Warning,
    "gain is negative",
    "A gain below zero turns the phase. Its size is kept and the sign is dropped.",
);
/// One of several representations.
pub(super) const CHOICE: Code = Code::new(
    "AAF017",
    Severity::Info,
    "one of several versions of a recording",
    "The AAF offers the same recording in several versions. The first that has a file is taken.",
);
/// Structure that is not read.
pub(super) const STRUCTURE: Code = Code::new(
    "AAF018",
    Severity::Warning,
    "part of the composition is not read",
    "The track has a construct that is not understood. What it would sound like is left out; see \
     the list of constructs in specs/formats/aaf.md.",
);
/// Numbers out of bounds.
pub(super) const BOUNDS: Code = Code::new(
    "AAF019",
    Severity::Error,
    "position out of bounds",
    "A position, length or rate is a number that no programme has: the file is damaged there. The \
     clip or track is left out.",
);
/// A channel that is not stated.
pub(super) const CHANNEL: Code = Code::new(
    "AAF020",
    Severity::Warning,
    "channel of the recording is not stated",
    "The clip is one channel of a recording with several, and the AAF does not say which one. All \
     are taken.",
);
/// A mute.
pub(super) const MUTED: Code = Code::new(
    "AAF021",
    Severity::Info,
    "muted in the editor",
    "The clip or track was muted or disabled in the editor. It is kept in the list and does not sound.",
);

/// A gain that another one takes the place of.
pub(super) const SUPERSEDED: Code = Code::new(
    "AAF022",
    Severity::Info,
    "gain of the source clip",
    "The source clip or sub-clip has a gain of its own, and so has its use in the sequence. Media \
     Composer copies the one into the other when it cuts the clip in; only the sequence's counts.",
);

/// A drawn fade that was replaced.
pub(super) const TRUE_FADE: Code = Code::new(
    "AAF023",
    Severity::Warning,
    "drawn fade became a true fade",
    "A fade that Pro Tools had drawn is now a fade of the clips beside it. Its edges are those of \
     the frames it touched and its law is the one of --fade: listen to it, or keep the drawn one.",
);

/// All codes of this reader.
pub(super) const CODES: &[&Code] = &[
    &PRODUCER,
    &COMPOSITIONS,
    &NO_TIMECODE,
    &RATE,
    &MISSING_SOURCE,
    &NO_LOCATOR,
    &EFFECT,
    &SOLO,
    &PAN,
    &SPEED,
    &FADE_CURVE,
    &GAIN_CURVE,
    &DAMAGED,
    &RENDERED,
    &PAST_END,
    &INVERTED,
    &CHOICE,
    &STRUCTURE,
    &BOUNDS,
    &CHANNEL,
    &MUTED,
    &SUPERSEDED,
    &TRUE_FADE,
];
