//! The attempts, one after the other.

use std::path::Path;

use super::choose::{Choice, Pick, choose};
use super::{Located, Match};
use crate::finding::Finding;
use crate::media::codes::{BY_TIME, ELSEWHERE, OTHER_NAME};
use crate::media::file::MediaFile;
use crate::media::index::MediaIndex;
use crate::media::keys::MAX_CANDIDATES;
use crate::media::names::{loose, stem};
use crate::media::need::{Cover, Need, day, relabel};
use crate::media::reference::Reference;
use crate::time::{FrameRate, Rational};
use crate::timeline::Clip;

/// Shortest reel or name that may be one cut off: CMX 3600 has room for eight characters.
const CUT_OFF: usize = 8;

/// Reels that name no recording: auxiliary source, black, bars (CMX 3600).
const NO_REEL: [&str; 6] = ["ax", "aux", "bl", "blk", "black", "bars"];

/// A search for one clip.
pub(super) struct Search<'a> {
    index: &'a MediaIndex,
    clip: &'a Clip,
    base: &'a Path,
    pub(super) need: Option<Need>,
    /// Names that the cut gives the recording, the most telling first.
    names: Vec<Name>,
    pub(super) tried: Vec<String>,
    /// What fits by name but does not hold the stretch: taken when nothing better turns up, because
    /// the cut does mean it.
    second_best: Option<End>,
}

/// A name of the recording.
struct Name {
    reference: Reference,
    /// Whether it is the recording's own name, not just the clip's.
    own: bool,
}

/// What an attempt ends the search with: a file, or files that differ.
type End = Result<Located, Vec<usize>>;

impl<'a> Search<'a> {
    pub(super) fn new(index: &'a MediaIndex, clip: &'a Clip, base: &'a Path) -> Self {
        let media = &clip.media;
        let files = media.file.iter().chain(&media.alternatives);
        let own: Vec<&String> = files.chain(std::iter::once(&media.name)).collect();
        let mut names = Vec::new();
        for text in own.iter().copied().chain(std::iter::once(&clip.name)) {
            let own = own.contains(&text) || own.iter().all(|own| own.is_empty());
            for reference in Reference::readings(text) {
                let known = names.iter().any(|name: &Name| name.reference == reference);
                if !reference.parts.is_empty() && !known {
                    names.push(Name { reference, own });
                }
            }
        }
        Self {
            index,
            clip,
            base,
            need: Need::of(clip),
            names,
            tried: Vec::new(),
            second_best: None,
        }
    }

    /// The file; nothing; or files that fit equally and differ.
    pub(super) fn run(&mut self) -> Result<Option<Located>, Vec<usize>> {
        let attempts: [fn(&mut Self) -> Option<End>; 9] = [
            Self::embedded,
            Self::paths,
            Self::tails,
            Self::stems,
            Self::umids,
            Self::reels,
            Self::clip_name,
            Self::similar,
            Self::cut_off,
        ];
        for attempt in attempts {
            if let Some(end) = attempt(self) {
                return end.map(Some);
            }
        }
        self.second_best.take().transpose()
    }

    fn embedded(&mut self) -> Option<End> {
        let inside = self.clip.media.embedded.as_ref()?;
        self.tried
            .push(format!("`{}` inside {}", inside.entry, inside.container));
        let number = self
            .index
            .keys()
            .entry(Path::new(&inside.container), &inside.entry)?;
        self.settle(Match::Embedded, &inside.entry, &[number])
    }

    fn paths(&mut self) -> Option<End> {
        let media = &self.clip.media;
        for text in media.file.iter().chain(&media.alternatives) {
            self.tried.push(format!("the path {text}"));
            let places = self.index.places(text, self.base);
            let number = places.iter().find_map(|path| self.index.keys().path(path));
            if let Some(number) = number {
                return self.settle(Match::ExplicitPath, text, &[number]);
            }
        }
        None
    }

    /// The ends of paths, and names with their suffix.
    fn tails(&mut self) -> Option<End> {
        self.each_name(true, |index, name| {
            let (shared, files) = index.keys().tail(&name.reference.parts);
            let path = Match::PathTail(shared);
            (if shared > 1 { path } else { Match::FileName }, files)
        })
    }

    /// Names that have no suffix in the cut.
    fn stems(&mut self) -> Option<End> {
        self.each_name(true, |index, name| {
            (Match::FileName, index.keys().stem(name.reference.name()))
        })
    }

    /// The name of the clip, where the recording has one of its own.
    fn clip_name(&mut self) -> Option<End> {
        self.each_name(false, |index, name| {
            let (_, files) = index.keys().tail(&name.reference.parts);
            let stem = || index.keys().stem(name.reference.name());
            let files = if files.is_empty() { stem() } else { files };
            (Match::SimilarName, files)
        })
    }

    fn umids(&mut self) -> Option<End> {
        let umid = self.clip.media.umid.as_deref()?;
        self.tried.push(format!("the identifier {umid}"));
        let files = self.index.keys().umid(umid);
        self.settle(Match::Umid, umid, &files)
    }

    /// Reels, tapes, scenes and takes with a time stamp that covers the timecode.
    fn reels(&mut self) -> Option<End> {
        let need = self.need?;
        let rate = need.rate?;
        let reel = self.reel();
        let clips = [
            Some(self.clip.name.clone()),
            Some(self.clip.media.name.clone()),
        ];
        for name in std::iter::once(reel).chain(clips).flatten() {
            if name.is_empty() {
                continue;
            }
            self.tried
                .push(format!("the reel `{name}` at {}", show(need.start, rate)));
            let files = self.on_reel(&name, &need, rate);
            if let Some(end) = self.settle(Match::ReelTimecode, &name, &files) {
                return Some(end);
            }
        }
        None
    }

    /// Names with another suffix or other punctuation.
    fn similar(&mut self) -> Option<End> {
        let reel = self.reel();
        let end = self.each_name(false, |index, name| {
            let stem = stem(name.reference.name());
            let files = index.keys().stem(stem);
            (Match::SimilarName, files)
        });
        if end.is_some() {
            return end;
        }
        let end = self.each_name(false, |index, name| {
            let keys = index.keys();
            let whole = keys.loose(name.reference.name());
            let files = if whole.is_empty() {
                keys.loose(stem(name.reference.name()))
            } else {
                whole
            };
            (Match::SimilarName, files)
        });
        end.or_else(|| {
            let reel = reel?;
            let files = self.index.keys().loose(&reel);
            self.settle(Match::SimilarName, &reel, &files)
        })
    }

    /// Names that were cut off for lack of room.
    fn cut_off(&mut self) -> Option<End> {
        let names = self.names.iter().filter(|name| name.own);
        let names = names.map(|name| name.reference.name().to_owned());
        let names: Vec<String> = names.chain(self.reel()).collect();
        for name in names {
            if name.chars().count() < CUT_OFF {
                continue;
            }
            let files = self.index.keys().starting(&name);
            // By so little, only a file that does hold the stretch is taken.
            let holds = |number: &usize| self.cover(*number) > Cover::None;
            let files: Vec<usize> = files.into_iter().filter(holds).collect();
            if let Some(end) = self.settle(Match::SimilarName, &name, &files) {
                return Some(end);
            }
        }
        None
    }

    /// The reel, if it names a recording.
    fn reel(&self) -> Option<String> {
        let reel = self.clip.media.reel.as_deref()?.trim();
        let key = loose(reel);
        (!key.is_empty() && !NO_REEL.contains(&key.as_str())).then(|| reel.to_owned())
    }

    fn cover(&self, number: usize) -> Cover {
        let file = self.index.file(number);
        let covered = self.need.zip(file).map(|(need, file)| need.cover(file));
        covered.unwrap_or(Cover::None)
    }

    /// Recordings of a reel that hold the stretch, by the clock or at their own frame rate.
    fn on_reel(&self, name: &str, need: &Need, rate: FrameRate) -> Vec<usize> {
        let keys = self.index.keys();
        let mut spans: Vec<_> = keys.reel(name).into_iter().collect();
        if spans.is_empty() && name.chars().count() >= CUT_OFF {
            spans.extend(keys.reels_starting(name));
        }
        for start in moments(need, rate) {
            let length = need.end.checked_sub(need.start);
            let Some(end) = length.and_then(|length| start.checked_add(length)) else {
                continue;
            };
            let meeting = spans
                .iter()
                .flat_map(|spans| spans.meeting(start, end, MAX_CANDIDATES));
            let holds = |number: &usize| self.cover(*number) > Cover::FromHead;
            let mut files: Vec<usize> = meeting.filter(holds).collect();
            files.sort_unstable();
            files.dedup();
            if !files.is_empty() {
                return files;
            }
        }
        Vec::new()
    }

    /// Looks up every name, or those of the recording alone.
    fn each_name(
        &mut self,
        own: bool,
        find: fn(&MediaIndex, &Name) -> (Match, Vec<usize>),
    ) -> Option<End> {
        let names = self.names.iter().filter(|name| name.own || !own);
        let found = names.map(|name| {
            let (by, files) = find(self.index, name);
            (by, name.reference.name().to_owned(), files)
        });
        for (by, name, files) in found.collect::<Vec<_>>() {
            let tried = format!("the name `{name}`");
            if !self.tried.contains(&tried) {
                self.tried.push(tried);
            }
            let files = self.thin_out(&name, files);
            if let Some(end) = self.settle(by, &name, &files) {
                return Some(end);
            }
        }
        None
    }

    /// Of more files with one name than are looked at, those that cover the timecode.
    fn thin_out(&self, name: &str, files: Vec<usize>) -> Vec<usize> {
        let Some((need, rate)) = self.need.and_then(|need| Some((need, need.rate?))) else {
            return files;
        };
        if files.len() < MAX_CANDIDATES {
            return files;
        }
        let covering = self.on_reel(stem(name), &need, rate);
        if covering.is_empty() { files } else { covering }
    }

    /// Ends the search, unless no file fits or what fits does not hold the stretch.
    fn settle(&mut self, by: Match, name: &str, files: &[usize]) -> Option<End> {
        let (end, cover) = match choose(self.index, self.clip, self.need.as_ref(), name, files)? {
            Choice::One(pick) => (Ok(self.located(by, name, &pick)), pick.cover),
            Choice::Several(files, cover) => (Err(files), cover),
        };
        let certain = matches!(by, Match::Embedded | Match::ExplicitPath);
        if certain || cover > Cover::None {
            return Some(end);
        }
        self.second_best.get_or_insert(end);
        None
    }

    fn located(&self, by: Match, name: &str, pick: &Pick) -> Located {
        let file = self.index.file(pick.file);
        let mut findings = pick.findings.clone();
        if let Some(file) = file {
            findings.extend(self.explain(by, name, file));
        }
        Located {
            file: pick.file,
            by,
            findings,
        }
    }

    /// Says how a file was found where it does not go without saying.
    fn explain(&self, by: Match, name: &str, file: &MediaFile) -> Option<Finding> {
        let (clip, found) = (&self.clip.name, file.display());
        let had_path = self.names.iter().any(|name| name.reference.parts.len() > 1);
        let (code, message) = match by {
            Match::Embedded | Match::ExplicitPath => return None,
            Match::PathTail(_) | Match::FileName if !had_path => return None,
            Match::PathTail(shared) => (
                ELSEWHERE,
                format!("by the last {shared} parts of its path: {found}"),
            ),
            Match::FileName => (ELSEWHERE, format!("by its name alone: {found}")),
            Match::Umid => (ELSEWHERE, format!("by its identifier: {found}")),
            Match::ReelTimecode => (BY_TIME, format!("by `{name}` and timecode: {found}")),
            Match::SimilarName => (OTHER_NAME, format!("as {found} for `{name}`")),
        };
        let message = format!("the recording of clip `{clip}` was found {message}");
        Some(Finding::new(code, message).at(self.clip.place.clone()))
    }
}

/// The instants that a timecode can stand for: as written, after midnight, and as the same label at
/// the other rates that count the same numbers.
fn moments(need: &Need, rate: FrameRate) -> Vec<Rational> {
    let tomorrow = day(rate).and_then(|day| need.start.checked_add(day));
    let siblings = FrameRate::ALL
        .into_iter()
        .filter(|other| other.nominal() == rate.nominal());
    let relabelled = siblings.filter_map(|other| relabel(need.start, rate, Some(other)));
    let mut moments = vec![need.start];
    moments.extend(tomorrow);
    moments.extend(relabelled);
    moments
}

fn show(at: Rational, rate: FrameRate) -> String {
    rate.timecode_at(at)
        .map_or_else(|| format!("{at} s"), |timecode| timecode.to_string())
}
