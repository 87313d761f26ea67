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

/// A clip of which a part lies outside the files.
pub(super) const TRIMMED: Code = Code {
    id: "CNF013",
    severity: Severity::Warning,
    title: "clip cut at the edge of the programme",
    explanation: "A part of the clip lies before the first or behind the last frame of picture (of its reel, \
                  where the programme is in reels), or before the --start that was asked for. That part is not \
                  written. A tail that should ring out needs a later last frame: --lfoa, or a marker LFOA.",
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
                  all muted; or nothing of them lies after the --start that was asked for. A scene \
                  (ADM) in which nothing sounds is written as the silence that it is: choose another \
                  programme or object where that is not meant.",
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

/// A first frame of picture that nobody stated.
pub(super) const START_ASSUMED: Code = Code {
    id: "CNF040",
    severity: Severity::Info,
    title: "first frame of picture assumed",
    explanation: "The delivery spec says at which timecode the picture starts, and the timeline starts \
                  elsewhere in that hour: with a leader before it, or with the first event behind it. \
                  The spec's timecode is taken for the first frame of picture. Give --ffoa, or a marker \
                  FFOA in the timeline, if it is another.",
};

/// Files with another timecode than the cut.
pub(super) const RESTAMPED: Code = Code {
    id: "CNF041",
    severity: Severity::Warning,
    title: "files start at another timecode than the cut",
    explanation: "The delivery spec wants the picture to start at another timecode than it does in the \
                  timeline. The files carry the spec's; the sound is the same. If the client's picture \
                  has the timecode of the cut, give it with --set programme.start.",
};

/// A frame rate that the client does not take.
pub(super) const FRAME_RATE: Code = Code {
    id: "CNF042",
    severity: Severity::Warning,
    title: "frame rate that the client does not take",
    explanation: "The delivery spec lists the frame rates that the client takes, and that of the \
                  timelines is not among them. Check --rate, or ask the client.",
};

/// A mark outside the programme.
pub(super) const NO_MARK: Code = Code {
    id: "CNF043",
    severity: Severity::Warning,
    title: "reel mark outside the programme",
    explanation: "A mark at which the programme was to be cut into reels lies before its first or \
                  behind its last frame of picture. It is not used.",
};

/// A pop without room.
pub(super) const NO_ROOM_FOR_POP: Code = Code {
    id: "CNF044",
    severity: Severity::Error,
    title: "no room for a pop",
    explanation: "The delivery spec puts a pop where neither leader nor tail is, so it is not written. \
                  Make head.length or tail.length longer, or the pop's distance shorter.",
};

/// A programme without length.
pub(super) const ENDS_BEFORE_START: Code = Code {
    id: "CNF045",
    severity: Severity::Error,
    title: "programme ends before it starts",
    explanation: "The last frame of picture lies before the first one, as markers FFOA and LFOA, the \
                  options --ffoa and --lfoa, or the spec's start have them. Nothing can be delivered.",
};

/// A pop in the cut that is not where the spec has it.
pub(super) const POP_ELSEWHERE: Code = Code {
    id: "CNF046",
    severity: Severity::Warning,
    title: "pop of the cut stands elsewhere",
    explanation: "The cut has a pop before the picture, not where the delivery spec puts it. Pops of the \
                  cut are left out and made anew, so the files are right if the first frame of picture \
                  is; but a pop elsewhere often means that it is not. Check it, and give --ffoa.",
};

/// A broadcast extension that the spec does not want.
pub(super) const BEXT_KEPT: Code = Code {
    id: "CNF048",
    severity: Severity::Warning,
    title: "broadcast extension kept",
    explanation: "The delivery spec wants files without a bext chunk. ITU-R BS.2088 asks for that in BW64 \
                  files, whose start is in the ADM metadata: the ADM file of the delivery has none. The other \
                  files would have no timecode without it and keep theirs.",
};

/// A stem that the delivery has no use for.
pub(super) const NOT_DELIVERED: Code = Code {
    id: "CNF047",
    severity: Severity::Info,
    title: "stem not part of the delivery",
    explanation: "The spec neither delivers this stem nor sums it into anything. Clips are assigned to \
                  it, so that none is lost unseen, and it is not drawn.",
};

/// Reels in another order than they were given in.
pub(super) const REEL_ORDER: Code = Code {
    id: "CNF049",
    severity: Severity::Warning,
    title: "reels put in order",
    explanation: "The reels were given in another order than that of their hours. They are numbered and \
                  joined by their hours. Options of one reel, such as --ffoa, count by the order in which \
                  the reels were given.",
};

/// A number without a reel.
pub(super) const REEL_MISSING: Code = Code {
    id: "CNF050",
    severity: Severity::Warning,
    title: "reel missing",
    explanation: "Reels are numbered by the hours of their timelines, and no timeline has the hour of this \
                  one. The others keep their numbers and hours; a long-play file joins what there is, \
                  without the missing reel. Give its timeline too, unless the reels are delivered one \
                  by one.",
};

/// Files that would have one name.
pub(super) const ONE_NAME: Code = Code {
    id: "CNF051",
    severity: Severity::Error,
    title: "two files of one name",
    explanation: "The spec's template gives two files the same name, or names that differ by case alone, \
                  which many file systems take for the same. Nothing is written. Change `file_name`, \
                  `fields` or the `asset` of a stem or composite in the spec, or with --set.",
};

/// An option for a reel that there is not.
pub(super) const NO_REEL: Code = Code {
    id: "CNF052",
    severity: Severity::Warning,
    title: "option of no reel",
    explanation: "--ffoa and --lfoa count once for each reel, in the order in which the reels are given. \
                  There are fewer reels than values; the ones left over are not used. With --reels every \
                  timeline is a reel; a long-play that is cut has one first and one last frame.",
};

/// An end of the picture that nobody gave.
pub(super) const END_ASSUMED: Code = Code {
    id: "CNF053",
    severity: Severity::Info,
    title: "last frame of picture taken from the pop",
    explanation: "The cut ends with a pop and says nothing of the last frame of picture. It is taken to stand as \
                  far before the pop as the spec has it, two seconds where the spec has none, but not before the \
                  last sound. Give --lfoa, or a marker LFOA in the timeline, if it is another.",
};

/// A pop that will be heard in the film.
pub(super) const POP_INSIDE: Code = Code {
    id: "CNF054",
    severity: Severity::Warning,
    title: "pop inside the programme",
    explanation: "A clip that is called a pop stands between the first and the last frame of picture, and sounds \
                  there. Mostly the picture begins behind it (give --ffoa or a marker FFOA), ends before it \
                  (--lfoa, LFOA), or the pop was left in from a reel change: take it out of the cut.",
};

/// More leader than the client takes.
pub(super) const PADDING_TOO_LONG: Code = Code {
    id: "CNF055",
    severity: Severity::Warning,
    title: "padding longer than the client takes",
    explanation: "The `length` of head or tail, at the frame rate of the timelines, is more than its `max`. The files \
                  are made so, and will be refused: give a shorter length in the spec or with --set.",
};

/// Numbers of markers that the reels do not have.
pub(super) const REEL_MARKS: Code = Code {
    id: "CNF056",
    severity: Severity::Warning,
    title: "reels numbered otherwise than their markers",
    explanation: "A long-play is cut at markers such as `R2`, and its reels are numbered from 1 in the order in which \
                  they come. The number in this marker is another: one is missing, stands twice, or they are out of \
                  order. The hours and names of the files follow the order. Correct the markers, or give --reel-mark.",
};

/// Two markers where one is wanted.
pub(super) const TWO_MARKERS: Code = Code {
    id: "CNF057",
    severity: Severity::Warning,
    title: "more than one marker of the first or last frame",
    explanation: "The timeline has this marker at several places. The first that the file lists is taken. Remove the \
                  others, or give --ffoa or --lfoa.",
};

/// Sound that is in the media and in no clip.
pub(super) const CHANNELS_UNUSED: Code = Code {
    id: "CNF058",
    severity: Severity::Info,
    title: "channels of the media that no clip uses",
    explanation: "A file has more channels than the clips take from it. Mostly that is meant: one microphone of a \
                  recorder's many. But an event of an EDL names channels, `AA` the first two, and a 5.1 file taken so \
                  loses its centre. Name the channels in the cut, or take the file whole with a rule that has a `map`.",
};

/// A fold-down without a factor for a channel.
pub(super) const FOLD_LEAVES_OUT: Code = Code {
    id: "CNF059",
    severity: Severity::Warning,
    title: "channels that a fold-down leaves out",
    explanation: "The stems have channels for which the spec's fold-down states no factor, heights mostly: what sounds in \
                  them is missing in the smaller version. A low-frequency channel is left out on purpose. Add factors \
                  for the channels to the fold-down in a spec of your own.",
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
    &TRIMMED,
    &BY_DEFAULT,
    &EMPTY,
    &BEFORE_MIDNIGHT,
    &OTHER_RATE,
    &GIVEN_TWICE,
    &PAN,
    &NO_LAYOUT,
    &MAP_UNUSED,
    &START_ASSUMED,
    &RESTAMPED,
    &FRAME_RATE,
    &NO_MARK,
    &NO_ROOM_FOR_POP,
    &ENDS_BEFORE_START,
    &POP_ELSEWHERE,
    &NOT_DELIVERED,
    &BEXT_KEPT,
    &REEL_ORDER,
    &REEL_MISSING,
    &ONE_NAME,
    &NO_REEL,
    &END_ASSUMED,
    &POP_INSIDE,
    &PADDING_TOO_LONG,
    &REEL_MARKS,
    &TWO_MARKERS,
    &CHANNELS_UNUSED,
    &FOLD_LEAVES_OUT,
];
