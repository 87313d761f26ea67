//! The findings of the conform.

use crate::finding::{Code, Severity};

/// A clip without its sound.
pub(super) const MISSING: Code = Code {
    id: "CNF001",
    severity: Severity::Error,
    title: "sound not found",
    explanation: "No file under the media folders is the recording that the clip uses. The job stops \
                  before anything is written. Add the folder with --media, rename the file, or write \
                  silence in its place with --on-missing silence.",
};

/// A clip whose source ends too early or starts too late.
pub(super) const TOO_SHORT: Code = Code {
    id: "CNF002",
    severity: Severity::Error,
    title: "source too short",
    explanation: "The file does not hold the whole stretch that the clip uses: another take of the \
                  same name, a trimmed file, a wrong frame rate (--rate), or a cut past the end of \
                  the recording. The job stops; --on-missing silence keeps what there is.",
};

/// A clip at another speed.
pub(super) const SPEED: Code = Code {
    id: "CNF003",
    severity: Severity::Error,
    title: "speed change",
    explanation: "The clip plays at another speed than it was recorded, backwards or frozen. Sound is \
                  not stretched here: render it in the editor and cut it in, or leave it out with \
                  --on-missing silence.",
};

/// A clip that no channel map fits.
pub(super) const NO_MAP: Code = Code {
    id: "CNF004",
    severity: Severity::Error,
    title: "channels cannot be placed",
    explanation: "The channels of the source do not fit the stem, or the timeline names a channel \
                  that the source does not have. Give the clip a `map` in the rules.",
};

/// One sample frame lacking by rounding.
pub(super) const ROUNDED: Code = Code {
    id: "CNF005",
    severity: Severity::Info,
    title: "source one sample frame short",
    explanation: "At frame rates whose frames are no whole number of samples, a clip that uses a file \
                  to its very end can ask for one sample frame more than it has, because both edges \
                  are rounded by themselves. That sample frame is silence.",
};

/// Two clips in one place.
pub(super) const OVERLAP: Code = Code {
    id: "CNF006",
    severity: Severity::Warning,
    title: "clips overlap",
    explanation: "Two clips of one track overlap where neither fades: both sound there. Cut lists \
                  that were edited by hand do this by accident.",
};

/// The same sound twice.
pub(super) const TWICE: Code = Code {
    id: "CNF007",
    severity: Severity::Warning,
    title: "the same sound on two tracks",
    explanation: "Two clips would play the same channel of the same file at the same place into the \
                  same channels of a stem, 6 dB louder than it is: a mono file cut as a stereo pair. \
                  It is used once.",
};

/// A clip that lies outside the files.
pub(super) const OUTSIDE: Code = Code {
    id: "CNF008",
    severity: Severity::Warning,
    title: "clip outside the files",
    explanation: "The clip lies before the start of the files; with --start another start was asked \
                  for than the timeline's own. It is not written.",
};

/// A clip sent to a stem by the user's word for the rest.
pub(super) const BY_DEFAULT: Code = Code {
    id: "CNF009",
    severity: Severity::Warning,
    title: "unassigned clip sent to a stem",
    explanation: "No rule knew the clip, and --on-unassigned sent it to this stem. Listen to it.",
};

/// Nothing to conform.
pub(super) const EMPTY: Code = Code {
    id: "CNF010",
    severity: Severity::Error,
    title: "nothing sounds",
    explanation: "The timelines have no clip with sound: a picture-only list, or one whose clips are \
                  all muted; or nothing of them lies after the --start that was asked for.",
};

/// A start before midnight.
pub(super) const BEFORE_MIDNIGHT: Code = Code {
    id: "CNF011",
    severity: Severity::Error,
    title: "start before midnight",
    explanation: "A Broadcast WAV counts its start in samples since midnight and cannot start before \
                  it. Give a --start of 00:00:00:00 or later.",
};

/// Timelines at different rates.
pub(super) const OTHER_RATE: Code = Code {
    id: "CNF020",
    severity: Severity::Warning,
    title: "timelines of different frame rates",
    explanation: "The timelines of one job count at different frame rates or countings. Each is placed by \
                  its own; timecodes of the files are those of the first. A list whose rate was guessed \
                  wrongly drifts: give --rate.",
};

/// The same timeline again.
pub(super) const GIVEN_TWICE: Code = Code {
    id: "CNF021",
    severity: Severity::Warning,
    title: "the same timeline twice",
    explanation: "Two timelines of the job play the same recordings at the same places, so that everything \
                  sounds twice, 6 dB louder: a list that was given twice, or exported under two names. Leave \
                  one of them out.",
};

/// A pan that was left out.
pub(super) const PAN: Code = Code {
    id: "CNF012",
    severity: Severity::Info,
    title: "pan not applied",
    explanation: "The timeline says where the clip stands between left and right, and it is not put there: \
                  its rule has a `map`, which decides, or the stem has no left and right.",
};

/// An item of a scene in a stem of a layout that scenes are not rendered to.
pub(super) const NO_LAYOUT: Code = Code {
    id: "CNF030",
    severity: Severity::Error,
    title: "scene and layout do not fit",
    explanation: "Beds and objects of an ADM file are rendered after ITU-R BS.2127, which is built here for \
                  2.0, 5.1, 7.1, 5.1.4 and 7.1.4. Choose one of them with --layout or in the spec.",
};

/// A channel map for an item of a scene.
pub(super) const MAP_UNUSED: Code = Code {
    id: "CNF031",
    severity: Severity::Warning,
    title: "channel map not used",
    explanation: "A rule gives a channel map to an item of an ADM file. Where such an item sounds is said by \
                  its own positions; the rule's stem and gain hold, its map does not. Take the map out of \
                  the rule.",
};

/// The codes of this module.
pub const CODES: &[&Code] = &[
    &MISSING,
    &TOO_SHORT,
    &SPEED,
    &NO_MAP,
    &ROUNDED,
    &OVERLAP,
    &TWICE,
    &OUTSIDE,
    &BY_DEFAULT,
    &EMPTY,
    &BEFORE_MIDNIGHT,
    &OTHER_RATE,
    &GIVEN_TWICE,
    &PAN,
    &NO_LAYOUT,
    &MAP_UNUSED,
];
