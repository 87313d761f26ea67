//! The files of a package, and which of them is what.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::{NO_RATE, QcError, QcJob, checksums, frame_rate};
use crate::audio::{Channel, ChannelLayout};
use crate::bwf;
use crate::conform::plan::{self, Plan};
use crate::qc::{Facts, FileFacts, Kind, Seen, Sound};
use crate::spec::Spec;
use crate::stem::Group;

/// What sound files are called.
const SOUND: [&str; 6] = ["wav", "wave", "bwf", "rf64", "bw64", "w64"];

/// What else belongs to a delivery.
const PAPER: [&str; 14] = [
    "json", "html", "htm", "xml", "csv", "txt", "md5", "mhl", "pdf", "edl", "toml", "ale", "otio",
    "fcpxml",
];

/// The most files of a package; more is no delivery but a whole disk.
const MAX_FILES: usize = 10_000;

/// Longest plan that is read, in bytes.
const MAX_PLAN: u64 = 256 << 20;

/// What was found.
pub(super) struct Gathered<'a> {
    pub(super) facts: Facts<'a>,
    /// The path of each file.
    pub(super) paths: Vec<PathBuf>,
}

/// Looks at every file of the inputs.
pub(super) fn gather<'a>(job: &QcJob<'a>) -> Result<Gathered<'a>, QcError> {
    let found = paths(job)?;
    let mut files: Vec<FileFacts> = Vec::new();
    let mut plan = None;
    for (path, name) in &found {
        if plan.is_none() && has_suffix(path, &["json"]) {
            plan = read_plan(path).map(|plan| (name.clone(), plan));
        }
        files.push(file(path, name, job.spec));
    }
    let absent = checksums::verify(&found, &mut files);
    // A plan of other files proves nothing of these.
    let plan = plan.filter(|(_, plan): &(String, Plan)| {
        let named =
            |file: &FileFacts| plan.writes(file.name.rsplit('/').next().unwrap_or_default());
        files.iter().any(named)
    });
    let sounds = sounds(&files, job.spec);
    let facts = Facts {
        title: title(job, plan.as_ref()),
        spec: job.spec,
        rate: frame_rate(job, &files).or_else(|| {
            let (_, plan): &(String, Plan) = plan.as_ref()?;
            plan.frame_rate.with_drop(plan.drop_frame).ok()
        }),
        files,
        sounds,
        sums: Vec::new(),
        leaks: Vec::new(),
        folds: Vec::new(),
        dubs: Vec::new(),
        plan,
        seen: Seen::Package,
        absent,
    };
    let paths = found.into_iter().map(|(path, _)| path).collect();
    Ok(Gathered { facts, paths })
}

/// Every file with the name that it has in the judgement.
fn paths(job: &QcJob<'_>) -> Result<Vec<(PathBuf, String)>, QcError> {
    let mut found: Vec<(PathBuf, String)> = Vec::new();
    for input in &job.inputs {
        let refuse = |error| QcError::Input {
            path: input.display().to_string(),
            error,
        };
        if !fs::metadata(input).map_err(refuse)?.is_dir() {
            let name = input.file_name().map(|name| shown(Path::new(name)));
            found.push((input.clone(), name.unwrap_or_default()));
            continue;
        }
        // A link is the file that it leads to; one that leads nowhere is a file that cannot be read.
        let walk = WalkDir::new(input).max_depth(6).follow_links(true);
        for entry in walk.sort_by_file_name() {
            let path = match &entry {
                Ok(entry) => (!entry.file_type().is_dir()).then(|| entry.path()),
                Err(error) => error.path().filter(|path| path.is_symlink()),
            };
            let Some(path) = path else { continue };
            let below = path.strip_prefix(input).unwrap_or(path);
            found.push((path.to_owned(), shown(below).replace('\\', "/")));
            if found.len() >= MAX_FILES {
                break;
            }
        }
    }
    found.sort_by(|a, b| a.1.cmp(&b.1));
    found.dedup();
    if found.is_empty() {
        let inputs: Vec<String> = job
            .inputs
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        return Err(QcError::Nothing(inputs.join(", ")));
    }
    Ok(found)
}

/// A name as it stands in reports: nothing in it moves a terminal's cursor or ends a line.
fn shown(path: &Path) -> String {
    let safe = |c: char| if c.is_control() { '\u{FFFD}' } else { c };
    path.to_string_lossy().chars().map(safe).collect()
}

fn has_suffix(path: &Path, known: &[&str]) -> bool {
    let suffix = path
        .extension()
        .map(|suffix| suffix.to_string_lossy().to_ascii_lowercase());
    suffix.is_some_and(|suffix| known.contains(&suffix.as_str()))
}

/// One file by its header.
fn file(path: &Path, name: &str, spec: &Spec) -> FileFacts {
    let is_sound = has_suffix(path, &SOUND);
    let hidden = name
        .rsplit('/')
        .next()
        .is_some_and(|last| last.starts_with('.'));
    let foreign = hidden || !(is_sound || has_suffix(path, &PAPER));
    FileFacts {
        name: name.to_owned(),
        bytes: fs::metadata(path).ok().map(|data| data.len()),
        wave: (is_sound && !hidden).then(|| {
            // Named as in the package, wherever that lies today.
            let named = |text: String| text.replace(&*path.to_string_lossy(), name);
            bwf::open(path).map_err(|error| named(error.to_string()))
        }),
        code: if is_sound { code_of(name, spec) } else { None },
        foreign,
        checksums: Vec::new(),
    }
}

/// The stem or composite that a name says: by the template, else by a word of the name.
fn code_of(name: &str, spec: &Spec) -> Option<String> {
    let last = name.rsplit('/').next().unwrap_or(name);
    if let Some(fields) = spec.parse_file_name(last) {
        return Some(fields.code.to_string());
    }
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let words: Vec<String> = stem
        .split(['_', '-', '.', ' ', '(', ')', '[', ']'])
        .map(str::to_ascii_uppercase)
        .collect();
    let codes = || {
        let stems = spec.stems.iter().map(|stem| stem.code.to_string());
        stems.chain(
            spec.composites
                .iter()
                .map(|composite| composite.code.to_string()),
        )
    };
    let said = |code: &String| {
        words
            .iter()
            .rposition(|word| word == code || is_called(word, code))
    };
    codes()
        .filter_map(|code| Some((said(&code)?, code)))
        .max()
        .map(|(_, code)| code)
}

/// The reel that a name says: by the template, else by a word such as `R2` or `Reel2`.
fn reel_of(name: &str, spec: &Spec) -> Option<u32> {
    let last = name.rsplit('/').next().unwrap_or(name);
    if let Some(fields) = spec.parse_file_name(last)
        && fields.reel.is_some()
    {
        return fields.reel;
    }
    let number = |word: &str| {
        let digits = word
            .strip_prefix("REEL")
            .or_else(|| word.strip_prefix('R'))?;
        let short = !digits.is_empty() && digits.len() <= 2;
        short.then(|| digits.parse::<u32>().ok()).flatten()
    };
    let words = last
        .split(['_', '-', '.', ' '])
        .map(str::to_ascii_uppercase);
    words
        .filter_map(|word| number(&word))
        .find(|&reel| reel > 0)
}

/// Other words of the trade for the usual codes.
fn is_called(word: &str, code: &str) -> bool {
    const WORDS: [(&str, &[&str]); 7] = [
        ("DX", &["DIA", "DIAL", "DIALOG", "DIALOGUE", "DLG"]),
        ("MX", &["MUS", "MUSIC", "SCORE"]),
        ("FX", &["SFX", "EFX", "EFFECTS"]),
        ("ME", &["M&E", "MANDE", "MNE", "IT"]),
        (
            "MIX",
            &["PM", "PRINTMASTER", "FULLMIX", "MASTER", "MIXDOWN"],
        ),
        (
            "PM",
            &["MIX", "PRINTMASTER", "FULLMIX", "MASTER", "MIXDOWN"],
        ),
        ("OPT", &["OPTIONAL", "OPTA"]),
    ];
    WORDS
        .iter()
        .any(|(known, words)| *known == code && words.contains(&word))
}

/// Files of one stem that hold one channel each are one sound; every other file is one.
fn sounds(files: &[FileFacts], spec: &Spec) -> Vec<Sound> {
    let mut sounds: Vec<Sound> = Vec::new();
    let mut taken = vec![false; files.len()];
    for (i, file) in files.iter().enumerate() {
        if taken.get(i).copied().unwrap_or(true) {
            continue;
        }
        let Some(wave) = file.header() else { continue };
        let group = mono_set(files, i);
        let mut parts: Vec<(usize, usize)> = (0..usize::from(wave.format.channels))
            .map(|c| (i, c))
            .collect();
        let mut layout = wave
            .stated_layout()
            .or_else(|| ChannelLayout::usual(parts.len()));
        if group.len() > 1 {
            parts = group.iter().map(|(_, file)| (*file, 0)).collect();
            layout = ChannelLayout::new(group.iter().map(|(channel, _)| *channel).collect()).ok();
        }
        let length = parts
            .iter()
            .filter_map(|part| Some(files.get(part.0)?.header()?.frames))
            .min();
        for (_, file) in &group {
            if let Some(slot) = taken.get_mut(*file) {
                *slot = true;
            }
        }
        let code = file.code.clone();
        let (label, kind) = code
            .as_deref()
            .map_or((None, Kind::Other), |code| known(spec, code));
        sounds.push(Sound {
            code,
            label,
            kind,
            reel: reel_of(&file.name, spec),
            parts,
            layout,
            rate: files
                .get(i)
                .and_then(FileFacts::header)
                .map_or(NO_RATE, |wave| wave.format.rate),
            length: length.unwrap_or_default(),
            scan: None,
            measured: None,
            error: None,
        });
    }
    sounds
}

/// The files that are channels of one stem with this one, in the usual order of their channels.
fn mono_set(files: &[FileFacts], first: usize) -> Vec<(Channel, usize)> {
    let channel = |file: &FileFacts| -> Option<Channel> {
        let one = file.header()?.format.channels == 1;
        let stem = file.name.rsplit_once('.')?.0;
        let word = stem.rsplit(['.', '_', '-']).next()?;
        let channel: Channel = word.parse().ok()?;
        (one && channel != Channel::Mono).then_some(channel)
    };
    let Some(file) = files.get(first) else {
        return Vec::new();
    };
    let base = |file: &FileFacts| -> Option<String> {
        let stem = file.name.rsplit_once('.')?.0;
        stem.rfind(['.', '_', '-'])
            .map(|at| stem.get(..at).unwrap_or(stem).to_owned())
    };
    if channel(file).is_none() {
        return vec![];
    }
    let same = files
        .iter()
        .enumerate()
        .filter(|(_, other)| other.code == file.code && base(other) == base(file));
    let mut set: Vec<(Channel, usize)> = same
        .filter_map(|(i, other)| Some((channel(other)?, i)))
        .collect();
    set.sort();
    set.dedup_by_key(|(channel, _)| *channel);
    // The order of the usual layout of so many channels: C stands behind R, not before.
    if let Some(usual) = ChannelLayout::usual(set.len()) {
        set.sort_by_key(|(channel, _)| usual.index_of(*channel).unwrap_or(usize::MAX));
    }
    set
}

/// What the spec says of a code.
pub(in crate::job) fn known(spec: &Spec, code: &str) -> (Option<String>, Kind) {
    let roots = |code: &str| -> Vec<Group> {
        let stem = spec.stems.iter().find(|stem| stem.code.as_str() == code);
        stem.map_or_else(Vec::new, |stem| {
            stem.groups.iter().map(|group| group.root()).collect()
        })
    };
    if let Some(stem) = spec.stems.iter().find(|stem| stem.code.as_str() == code) {
        let kind = match roots(code).first() {
            Some(Group::Dialogue) => Kind::Dialogue,
            Some(Group::Music) => Kind::Music,
            Some(Group::Effects) => Kind::Effects,
            Some(Group::Optional) => Kind::Optional,
            _ => Kind::Other,
        };
        return (Some(stem.label.clone()), kind);
    }
    let Some(composite) = spec
        .composites
        .iter()
        .find(|composite| composite.code.as_str() == code)
    else {
        return (None, Kind::Other);
    };
    let all: Vec<Group> = composite
        .recipe
        .iter()
        .flat_map(|stem| roots(stem.as_str()))
        .collect();
    let has = |group| all.contains(&group);
    let kind = match (
        has(Group::Dialogue),
        has(Group::Optional),
        has(Group::Music),
        has(Group::Effects),
    ) {
        (false, false, true, true) => Kind::MusicAndEffects,
        (true, _, true, true) => Kind::Mix,
        (true, _, false, false) => Kind::Dialogue,
        // A mix that lacks one of them is neither.
        (true, ..) => Kind::Other,
        (_, _, true, false) => Kind::Music,
        (_, _, false, true) => Kind::Effects,
        _ => Kind::Other,
    };
    (Some(composite.label.clone()), kind)
}

/// A plan, where the file is one.
fn read_plan(path: &Path) -> Option<Plan> {
    let size = fs::metadata(path).ok()?.len();
    let text = (size <= MAX_PLAN)
        .then(|| fs::read_to_string(path).ok())
        .flatten()?;
    // Keys may stand in any order.
    let plan = text
        .contains(plan::SCHEMA)
        .then(|| plan::read(&text).ok())
        .flatten()?;
    Some(plan.get().clone())
}

/// The plan's title, else the name of the folder.
fn title(job: &QcJob<'_>, plan: Option<&(String, Plan)>) -> String {
    let folder = || {
        let input = job.inputs.first()?;
        let input = input.canonicalize().unwrap_or_else(|_| input.clone());
        Some(input.file_name()?.to_string_lossy().into_owned())
    };
    plan.map(|(_, plan)| plan.title.clone())
        .or_else(folder)
        .unwrap_or_default()
}
