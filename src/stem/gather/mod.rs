//! Collects everything that tells of a clip's stem, each with its weight.
//!
//! Weights are decibans: ten times the decimal logarithm of the odds, so that independent evidence
//! adds. Ranking, strongest first: roles, tags, the category system's CatID of the source file, the
//! recorder's notes, names of clip and file, name of the track, folders, form of the file, name of
//! the timeline.

mod item;
mod set;

use super::code::Group;
use super::evidence::Evidence;
use super::names;
use super::text::{Word, fold, without_suffix, words};
use super::tokens::{self, Kind, Language};
use super::ucs;
pub(super) use item::{Item, Mark, Source};
use item::{items_of, keep_better};

/// Everything known of a clip.
#[derive(Debug, Clone, Default)]
pub(super) struct Gathered {
    pub(super) items: Vec<Item>,
    /// From the clip's or file's own name: weak evidence does not count against it.
    pub(super) own_mark: Option<Mark>,
    /// From the track's name: only a hint.
    pub(super) track_mark: Option<Mark>,
}

/// What the other names of the job tell.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Around {
    pub(super) language: Language,
    /// Whether several timelines are laid over each other, one per stem, so that their names sort
    /// like those of tracks.
    pub(super) timelines_sort: bool,
}

impl Around {
    /// What a clip's own names tell.
    pub(super) fn of(evidence: &Evidence) -> Self {
        let names = [evidence.timeline, &evidence.track.name, &evidence.clip.name];
        let names: Vec<Vec<Word>> = names.into_iter().map(words).collect();
        Self {
            language: tokens::language(names.iter().map(Vec::as_slice)),
            timelines_sort: false,
        }
    }
}

/// Collects the evidence of one clip.
pub(super) fn gather(evidence: &Evidence, around: Around) -> Gathered {
    let mut gathering = Gathering {
        around,
        out: Gathered::default(),
    };
    gathering.roles(evidence);
    let clip = gathering.tags_of(&evidence.clip.name);
    let track = gathering.tags_of(&evidence.track.name);
    gathering.own_names(evidence, &clip);
    gathering.track(&track);
    gathering.patterns(evidence);
    gathering.recorder(evidence);
    gathering.folders(evidence);
    gathering.form(evidence);
    gathering.timeline(evidence);
    gathering.production_effects();
    gathering.out
}

struct Gathering {
    around: Around,
    out: Gathered,
}

impl Gathering {
    fn push(&mut self, source: Source, group: Group, weight: i32, what: &str, text: String) {
        self.out.items.push(Item {
            source,
            group,
            weight,
            explicit: false,
            what: what.to_owned(),
            text,
            doubt: None,
        });
    }

    /// The words of a name; of each class only the strongest counts.
    fn words(&mut self, source: Source, name: &[Word], shown: &str) {
        let hits = tokens::read(name, source.scope(), self.around.language);
        let mark = hits.iter().any(|hit| hit.kind == Kind::Composite);
        let mut items: Vec<Item> = Vec::new();
        for hit in &hits {
            for item in items_of(source, hit, shown) {
                let class = item.group.root();
                match items.iter_mut().find(|other| other.group.root() == class) {
                    Some(other) => keep_better(other, item),
                    None => items.push(item),
                }
            }
        }
        if mark {
            self.mark(source, Mark::Composite);
        }
        self.out.items.extend(items);
    }

    fn mark(&mut self, source: Source, mark: Mark) {
        match source {
            Source::Clip | Source::File | Source::CatId => {
                self.out.own_mark.get_or_insert(mark);
            }
            Source::Track => {
                self.out.track_mark.get_or_insert(mark);
            }
            _ => {}
        }
    }

    fn roles(&mut self, evidence: &Evidence) {
        if let Some(role) = evidence.role() {
            self.words(Source::Role, &words(role), role);
        }
    }

    /// The bracketed tags of a name; gives back the rest of it.
    fn tags_of(&mut self, name: &str) -> String {
        let (tags, rest) = names::tags(name);
        let cue = names::is_adr_cue(name);
        for tag in tags {
            // The flags of ADR cues: optional line, effort, television version.
            let flag = matches!(fold(tag).as_str(), "OPT" | "EFF" | "TV" | "TBW" | "ADLIB");
            if !(cue && flag) {
                self.words(Source::Tag, &words(tag), tag);
            }
        }
        if cue {
            let text = format!("`{name}` is an ADR cue");
            self.push(Source::Tag, Group::Adr, 20, "cue number", text);
        }
        rest
    }

    /// The names of the clip and of its file.
    fn own_names(&mut self, evidence: &Evidence, clip: &str) {
        let file = evidence.file_name();
        let bare_clip = without_suffix(clip);
        let bare_file = without_suffix(file);
        let same = fold(bare_clip) == fold(bare_file);
        let cat = ucs::cat_id(file).or_else(|| ucs::cat_id(clip));
        if let Some(cat) = &cat {
            self.cat_id(cat);
        }
        for (source, name) in [(Source::Clip, bare_clip), (Source::File, bare_file)] {
            let written_again = source == Source::File && same;
            if written_again || ucs::cat_id(name).is_some() {
                // The free text of a category name says what is heard, not where it goes.
                continue;
            }
            let words = words(name);
            if tokens::is_leader(&words) {
                self.mark(source, Mark::Leader);
            }
            if let Some(cue) = names::music_cue(&words) {
                let text = format!("{} `{name}` holds the music cue {cue}", source.name());
                self.push(source, Group::Score, 33, &format!("cue {cue}"), text);
                if let Some(item) = self.out.items.last_mut() {
                    item.explicit = true;
                }
            }
            self.words(source, &words, name);
        }
    }

    fn cat_id(&mut self, cat: &ucs::CatId) {
        let known = if cat.listed {
            ""
        } else {
            " (not in version 8.2)"
        };
        let text = format!(
            "file name starts with the CatID {}, {}{known}",
            cat.id, cat.category
        );
        let certain = if cat.listed { 45 } else { 38 };
        let item = |group, weight, explicit, doubt| Item {
            source: Source::CatId,
            group,
            weight,
            explicit,
            what: cat.id.clone(),
            text: text.clone(),
            doubt,
        };
        match ucs::meaning(cat) {
            ucs::Meaning::Certain(group) => {
                self.out.items.push(item(group, certain, true, None));
            }
            ucs::Meaning::Certainly(group, doubt) => {
                self.out.items.push(item(group, certain, true, Some(doubt)));
            }
            ucs::Meaning::Either(groups, doubt) => {
                let items = groups.map(|(group, weight)| item(group, weight, false, Some(doubt)));
                self.out.items.extend(items);
            }
            ucs::Meaning::Tone => self.mark(Source::CatId, Mark::Leader),
            ucs::Meaning::Nothing => {}
        }
    }

    fn track(&mut self, name: &str) {
        let channel = name.rsplit_once('.').map(|(_, end)| fold(end));
        // `Music 1.LFE` names a channel.
        let name = if channel.as_deref() == Some("LFE") {
            name.rsplit_once('.').map_or(name, |(front, _)| front)
        } else {
            name
        };
        let words = words(name);
        if tokens::is_leader(&words) {
            self.mark(Source::Track, Mark::Leader);
        }
        self.words(Source::Track, &words, name);
    }

    /// The folder that says most, of the three next to the file; of equals the nearest.
    fn folders(&mut self, evidence: &Evidence) {
        let start = self.out.items.len();
        let mut best: Vec<Item> = Vec::new();
        let weight = |items: &[Item]| items.iter().map(|item| item.weight).max();
        let folder = evidence.folder();
        for part in folder.rsplit('/').filter(|part| !part.is_empty()).take(3) {
            self.words(Source::Folder, &words(part), part);
            let found = self.out.items.split_off(start);
            if weight(&found) > weight(&best) {
                best = found;
            }
        }
        self.out.items.extend(best);
    }

    fn timeline(&mut self, evidence: &Evidence) {
        let before = self.out.items.len();
        self.words(
            Source::Timeline,
            &words(evidence.timeline),
            evidence.timeline,
        );
        if self.around.timelines_sort {
            // Several lists laid over each other, one per stem.
            for item in self.out.items.iter_mut().skip(before) {
                item.weight *= 2;
            }
        }
    }
}
