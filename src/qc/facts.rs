//! What is known of a package when it is judged: headers, meters, the ledger.

use crate::audio::{ChannelLayout, SampleRate};
use crate::bwf::Wave;
use crate::conform::plan::{DeliveredFile, Plan};
use crate::meter::Measurement;
use crate::meter::cross::{Leak, Relation, Residual};
use crate::meter::scan::Scan;
use crate::spec::Spec;
use crate::time::{FrameRate, Rational, Timecode, sample_at};

use super::judgement::Stretch;

/// Rates at which films are cut, for packages that do not state theirs.
pub(super) const USUAL_RATES: [FrameRate; 4] = [
    FrameRate::F23_976,
    FrameRate::F24,
    FrameRate::F25,
    FrameRate::F29_97,
];

/// Everything that the checks look at.
#[derive(Debug)]
pub struct Facts<'a> {
    /// What the package is called.
    pub title: String,
    /// What it is judged against.
    pub spec: &'a Spec,
    /// Frame rate of the timecodes, where one is known.
    pub rate: Option<FrameRate>,
    /// Every file of the package in order of its name.
    pub files: Vec<FileFacts>,
    /// What sounds: each a file, or several files of one channel.
    pub sounds: Vec<Sound>,
    /// Mixes against the sums of their stems.
    pub sums: Vec<Sum>,
    /// One sound looked for in another.
    pub leaks: Vec<LeakFacts>,
    /// Fold-downs against what they fold.
    pub folds: Vec<FoldFacts>,
    /// Mixes against the M&E that they were mixed over.
    pub dubs: Vec<DubFacts>,
    /// The ledger and the name of its file.
    pub plan: Option<(String, Plan)>,
    /// Where the facts come from.
    pub seen: Seen,
    /// Files that a list of checksums names and that are not there: list and file.
    pub absent: Vec<(String, String)>,
}

/// Where facts come from.
#[derive(Debug, Clone, Default)]
pub enum Seen {
    /// Every sample of the files, and the files against one another.
    #[default]
    Package,
    /// The pass that made the files: headers as written, meters, the ledger; the samples were not read again.
    /// With the composites, which that pass has summed itself.
    Made(Vec<Made>),
}

/// A composite that was summed when it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Its code.
    pub code: String,
    /// Samples that passed full scale: only in these it is not the sum of its stems.
    pub saturated: u64,
    /// The first of them, as a sample frame of the programme.
    pub first: Option<u64>,
}

/// One file.
#[derive(Debug)]
pub struct FileFacts {
    /// Its name, or its path below the folder that is judged.
    pub name: String,
    /// Its size in bytes.
    pub bytes: Option<u64>,
    /// What its header says, or why it cannot be read; none for what is no sound file.
    pub wave: Option<Result<Wave, String>>,
    /// The code of the stem or composite that its name says.
    pub code: Option<String>,
    /// Whether it is neither sound nor paper that belongs to a delivery.
    pub foreign: bool,
    /// What was stated of its content.
    pub checksums: Vec<Checksum>,
}

/// A checksum that somebody states of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checksum {
    /// Where it stands: the name of a list, or the file's own chunk.
    pub stated_in: String,
    /// What it is the checksum of, with its kind: `MD5 of the file`.
    pub what: String,
    /// As it is stated.
    pub stated: String,
    /// As it is found; none where this kind cannot be made here, or the file cannot be read.
    pub found: Option<String>,
}

impl Checksum {
    /// Whether it was looked at and does not hold.
    pub fn is_wrong(&self) -> bool {
        let found = self.found.as_ref();
        found.is_some_and(|found| !found.eq_ignore_ascii_case(&self.stated))
    }
}

impl FileFacts {
    /// Its header, where it can be read.
    pub fn header(&self) -> Option<&Wave> {
        self.wave.as_ref().and_then(|wave| wave.as_ref().ok())
    }

    /// First sample since midnight at the file's own rate, where it says.
    pub fn start_sample(&self) -> Option<i64> {
        let wave = self.header()?;
        Some(sample_at(wave.start()?.seconds(), wave.format.rate))
    }
}

/// What kind of sound a stem or composite holds, as the spec has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A stem that takes dialogue.
    Dialogue,
    /// A stem of music.
    Music,
    /// A stem of effects.
    Effects,
    /// A stem that stays out of the M&E.
    Optional,
    /// A composite without dialogue and optional material.
    MusicAndEffects,
    /// A composite that holds dialogue.
    Mix,
    /// Anything else.
    Other,
}

/// A stem, a composite, or a file that nobody knows.
#[derive(Debug)]
pub struct Sound {
    /// Its code in the spec.
    pub code: Option<String>,
    /// What it is for people.
    pub label: Option<String>,
    /// What kind it is.
    pub kind: Kind,
    /// The reel that its name says.
    pub reel: Option<u32>,
    /// Where each of its channels stands: index of the file and channel in it.
    pub parts: Vec<(usize, usize)>,
    /// Its channels, as the files say, else the usual ones of so many.
    pub layout: Option<ChannelLayout>,
    /// Its rate.
    pub rate: SampleRate,
    /// Its length in sample frames: that of its shortest file.
    pub length: u64,
    /// What the scan saw; none where it could not be read.
    pub scan: Option<Scan>,
    /// What was measured.
    pub measured: Option<Measurement>,
    /// Why it could not be read to its end.
    pub error: Option<String>,
}

/// A mix and what remains of it.
#[derive(Debug)]
pub struct Sum {
    /// The composite, an index of [`Facts::sounds`].
    pub composite: usize,
    /// Its stems.
    pub stems: Vec<usize>,
    /// Remainders up to here are rounding or dither.
    pub floor: Floor,
    /// What remains.
    pub residual: Residual,
    /// Stretches of it that were looked into, by index of the stretch.
    pub windows: Vec<SumWindow>,
    /// The file that drifts, where one explains it.
    pub drift: Option<Drift>,
    /// What remains when the fault of a whole file that explains it is taken back.
    pub rest: Option<Rest>,
}

/// A fold-down less the fold of what it is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct FoldFacts {
    /// The fold-down, an index of [`Facts::sounds`].
    pub folded: usize,
    /// What it folds.
    pub of: usize,
    /// What remains.
    pub residual: Residual,
    /// Energy in each second of what it should be.
    pub seconds: Vec<f64>,
}

/// What files that were rounded or dithered one by one leave of a sum.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Floor {
    /// The largest sample of it, full scale 1.
    pub peak: f64,
    /// Its energy in a second, where it goes from end to end; else 0.
    pub energy: f64,
}

/// A file that moves steadily against what the others leave for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Drift {
    /// The file, an index of [`Facts::sounds`].
    pub sound: usize,
    /// How much later it becomes, in parts per million of its own time.
    pub ppm: f64,
    /// The standard error of that.
    pub error: f64,
    /// Samples by which it is late at its first sample.
    pub lag: f64,
}

/// A file that has one fault throughout, and what it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Culprit {
    /// The file, an index of [`Facts::sounds`].
    pub sound: usize,
    /// How it stands to what the others leave for it.
    pub relation: Relation,
}

/// What remains of a mix when what is wrong with whole files is taken back.
#[derive(Debug)]
pub struct Rest {
    /// The files; several where they are wrong together.
    pub culprits: Vec<Culprit>,
    /// Whether that took nearly all of the remainder away in most seconds, or left what a limiter does: else it was
    /// not what is wrong.
    pub holds: bool,
    /// What remains.
    pub residual: Residual,
    /// Stretches of it that were looked into, by index of the stretch.
    pub windows: Vec<SumWindow>,
}

/// A window of a remainder, and how each file stands to what the others leave for it.
#[derive(Debug)]
pub struct SumWindow {
    /// Which stretch it belongs to.
    pub stretch: usize,
    /// Its first sample frame.
    pub start: u64,
    /// Its length.
    pub samples: u64,
    /// Index of each sound and its relation.
    pub relations: Vec<(usize, Relation)>,
}

/// One sound looked for in another.
#[derive(Debug)]
pub struct LeakFacts {
    /// What leaks, an index of [`Facts::sounds`].
    pub source: usize,
    /// Where it was looked for.
    pub target: usize,
    /// The highest peak of every 10 s.
    pub segments: Vec<Leak>,
    /// That of the whole length.
    pub whole: Option<Leak>,
}

/// A mix and how it stands to the M&E under it, at several places.
#[derive(Debug)]
pub struct DubFacts {
    /// The mix, an index of [`Facts::sounds`].
    pub mix: usize,
    /// The M&E.
    pub me: usize,
    /// Windows of both.
    pub windows: Vec<DubWindow>,
}

/// A mix and the M&E at one place.
#[derive(Debug)]
pub struct DubWindow {
    /// Its first sample frame.
    pub start: u64,
    /// Its length.
    pub samples: u64,
    /// How the mix stands to the M&E in it.
    pub relation: Relation,
    /// The same in the short stretch of it that the M&E at this offset explains best.
    pub alone: Option<Relation>,
}

impl DubWindow {
    /// Whether a stretch of it holds nothing but the M&E: next to nothing of its energy is unexplained.
    pub fn has_alone(&self) -> bool {
        const NOTHING: f64 = 3e-4;
        let alone = self.alone.as_ref();
        alone.is_some_and(|relation| relation.unexplained < NOTHING)
    }
}

impl Facts<'_> {
    /// The file of a channel of a sound.
    pub fn file_of(&self, sound: &Sound, channel: usize) -> Option<&FileFacts> {
        sound
            .parts
            .get(channel)
            .and_then(|part| self.files.get(part.0))
    }

    /// The name of the file that a sound begins with.
    pub fn name_of(&self, sound: &Sound) -> String {
        self.file_of(sound, 0)
            .map(|file| file.name.clone())
            .unwrap_or_default()
    }

    /// The names of all files of a sound.
    pub fn names_of(&self, sound: &Sound) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for channel in 0..sound.parts.len() {
            if let Some(file) = self.file_of(sound, channel)
                && !names.contains(&file.name)
            {
                names.push(file.name.clone());
            }
        }
        names
    }

    /// A stretch of a sound, with timecode where the file has one.
    pub fn stretch(&self, sound: &Sound, first: u64, samples: u64) -> Stretch {
        let start = self.file_of(sound, 0).and_then(FileFacts::start_sample);
        let start = start.or_else(|| self.planned_start(sound));
        let timecode = |frame: u64| {
            let at = start?.checked_add_unsigned(frame)?;
            let timecode = self.rate?.timecode_of_sample(at, sound.rate)?;
            Some(timecode.to_string())
        };
        Stretch {
            first_sample: first,
            samples: samples.max(1),
            timecode_in: timecode(first),
            timecode_out: timecode(first + samples.max(1)),
        }
    }

    /// First sample since midnight of a sound that the plan has and nobody has written.
    fn planned_start(&self, sound: &Sound) -> Option<i64> {
        let (_, plan) = self.plan.as_ref().filter(|_| self.is_unscanned())?;
        Some(
            self.listed(sound)
                .map_or(plan.start_sample, |file| file.start_sample),
        )
    }

    /// Whether a sample of a sound is the edge of a frame, at the package's rate or, where that is not
    /// known, at any of the usual ones.
    pub fn is_frame_edge(&self, sound: &Sound, sample: u64) -> bool {
        let start = self
            .file_of(sound, 0)
            .and_then(FileFacts::start_sample)
            .unwrap_or_default();
        let known = self.rate.as_ref().map(std::slice::from_ref);
        let rates = known.unwrap_or(&USUAL_RATES);
        let edge = |from: i64, rate: FrameRate| -> Option<bool> {
            let at = from.checked_add_unsigned(sample)?;
            let frame = rate.frame_of_sample(at, sound.rate)?;
            Some(sample_at(rate.seconds_at(frame)?, sound.rate) == at)
        };
        rates.iter().any(|&rate| {
            [start, 0]
                .iter()
                .any(|&from| edge(from, rate) == Some(true))
        })
    }

    /// A length in sample frames as timecode, rounded down to a frame.
    pub fn length_timecode(&self, samples: u64, rate: SampleRate) -> Option<String> {
        let seconds = Rational::from_wide(i128::from(samples), i128::from(rate.hertz()))?;
        let frame = self.rate?.frame_at(seconds)?;
        Some(Timecode::from_frame(frame, self.rate?).to_string())
    }

    /// Whether the samples of the files were not read.
    pub(super) fn is_unscanned(&self) -> bool {
        matches!(self.seen, Seen::Made(_))
    }

    /// What the plan says of the file of a sound, where it lists its files one by one.
    pub(super) fn listed(&self, sound: &Sound) -> Option<&DeliveredFile> {
        let (_, plan) = self.plan.as_ref()?;
        let file = self.file_of(sound, 0)?;
        plan.listed(file.name.rsplit('/').next().unwrap_or(&file.name))
    }

    /// Where a stretch of an output of the plan stands: the sound that holds its first sample, and its first
    /// sample frame there.
    pub(super) fn place_of(&self, code: &str, start: u64) -> Option<(&Sound, u64)> {
        let of = |sound: &&Sound| sound.code.as_deref() == Some(code);
        let inside = |sound| match self.listed(sound) {
            Some(file) => {
                let at = start.checked_sub(file.from)?;
                (at < file.length).then_some((sound, at + file.head))
            }
            None => Some((sound, start)),
        };
        self.sounds.iter().filter(of).find_map(inside)
    }

    /// The sounds of a kind.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Sound> {
        self.sounds.iter().filter(move |sound| sound.kind == kind)
    }

    /// A sound by its code.
    pub fn sound(&self, code: &str) -> Option<&Sound> {
        self.sounds
            .iter()
            .find(|sound| sound.code.as_deref() == Some(code))
    }
}

impl Sound {
    /// What people call it: its code, else `?`.
    pub fn called(&self) -> &str {
        self.code.as_deref().unwrap_or("?")
    }

    /// The name of a channel.
    pub fn channel_name(&self, channel: usize) -> String {
        let named = self
            .layout
            .as_ref()
            .and_then(|layout| layout.channels().get(channel));
        named.map_or_else(
            || (channel + 1).to_string(),
            |channel| channel.name().to_owned(),
        )
    }
}
