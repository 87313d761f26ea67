//! Collects everything that tells of a clip's stem, each with its weight.
//!
//! Weights are decibans: ten times the decimal logarithm of the odds, so that independent evidence
//! adds. Ranking, strongest first: roles, tags, the category system's CatID of the source file, the
//! recorder's notes, names of clip and file, name of the track, folders, form of the file, name of
//! the timeline.

use super::assignment::{Decibans, Reason};
use super::code::Group;
use super::evidence::Evidence;
use super::names;
use super::recorder::Recorder;
use super::text::{Word, fold, without_suffix, words};
use super::tokens::{self, Hit, Kind, Language, Scope, Strength};
use super::ucs;

/// Where evidence was seen. The order is that in which the finer kind of sound is taken from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    Role,
    Tag,
    Clip,
    File,
    Track,
    CatId,
    Recorder,
    Reel,
    Pattern,
    Folder,
    Form,
    Timeline,
    Neighbour,
}

impl Source {
    /// What messages call it.
    fn name(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Tag => "tag",
            Self::Clip => "clip name",
            Self::File => "file name",
            Self::Track => "track name",
            Self::CatId => "UCS CatID",
            Self::Recorder => "recorder notes",
            Self::Reel => "reel",
            Self::Pattern => "name pattern",
            Self::Folder => "folder",
            Self::Form => "form of the file",
            Self::Timeline => "timeline name",
            Self::Neighbour => "neighbours on the track",
        }
    }

    fn scope(self) -> Scope {
        match self {
            Self::Clip | Self::File | Self::Reel => Scope::Text,
            _ => Scope::Label,
        }
    }

    /// Weight of a word there in decibans: faint, fair, explicit. Under ten decides nothing alone.
    fn weight(self, strength: Strength) -> i32 {
        let [faint, fair, explicit] = match self {
            Self::Role => [20, 40, 60],
            Self::Tag => [16, 40, 55],
            Self::Clip => [6, 14, 34],
            Self::File => [6, 13, 33],
            Self::Track => [12, 18, 30],
            Self::Reel => [4, 8, 14],
            Self::Folder => [4, 8, 20],
            _ => [3, 5, 9],
        };
        match strength {
            Strength::Off => 0,
            Strength::Faint => faint,
            Strength::Fair => fair,
            Strength::Explicit => explicit,
        }
    }

    /// Whether an explicit word there names the class outright.
    fn may_be_explicit(self) -> bool {
        matches!(
            self,
            Self::Role | Self::Tag | Self::Clip | Self::File | Self::Track
        )
    }
}

/// One piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) source: Source,
    pub(super) group: Group,
    pub(super) weight: i32,
    pub(super) explicit: bool,
    /// What matched, for the rule's name: `token DX`.
    what: String,
    pub(super) text: String,
    pub(super) doubt: Option<&'static str>,
}

impl Item {
    /// What the other clips of the track say.
    pub(super) fn of_neighbours(group: Group, weight: i32, text: String) -> Self {
        Self {
            source: Source::Neighbour,
            group,
            weight,
            explicit: false,
            what: String::new(),
            text,
            doubt: None,
        }
    }

    /// The name of the built-in rule.
    pub(super) fn rule(&self) -> String {
        let source = self.source.name();
        let what = &self.what;
        if what.is_empty() {
            format!("built-in: {source}")
        } else {
            format!("built-in: {source} {what}")
        }
    }

    pub(super) fn reason(&self) -> Reason {
        Reason {
            rule: self.rule(),
            says: Some(self.group),
            weight: Decibans(self.weight),
            text: self.text.clone(),
        }
    }
}

/// A name that stands for no stem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// Leader, pop, tone.
    Leader,
    /// A mix of several stems.
    Composite,
}

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

    /// Names as they are given on set and in the cutting room.
    fn patterns(&mut self, evidence: &Evidence) {
        let clip = evidence.clip;
        let file = evidence.file_name();
        let production = |gathering: &mut Self, weight, what: &str, text| {
            gathering.push(Source::Pattern, Group::Production, weight, what, text);
        };
        let own = [clip.name.as_str(), file];
        if let Some(name) = own.into_iter().find(|name| names::is_scene_take(name)) {
            production(
                self,
                14,
                "scene and take",
                format!("`{name}` is a scene and a take"),
            );
        } else if own.iter().any(|name| names::names_scene(&words(name))) {
            production(self, 6, "scene", format!("`{}` names a scene", clip.name));
        } else if own.iter().any(|name| names::names_take(&words(name))) {
            production(self, 6, "take", format!("`{}` names a take", clip.name));
        }
        if names::is_camera_clip(file) {
            production(
                self,
                10,
                "camera clip",
                format!("`{file}` is a camera's clip"),
            );
        }
        if let Some(reel) = clip.media.reel.as_deref() {
            if names::is_sound_roll(reel) {
                production(
                    self,
                    12,
                    "sound roll",
                    format!("reel `{reel}` is a sound roll"),
                );
            }
            if !reel.is_empty() && !fold(file).starts_with(&fold(reel)) {
                self.words(Source::Reel, &words(reel), reel);
            }
        }
        let slate = ["SCENE", "TAKE", "SOUNDROLL", "SOUND ROLL", "SOUND_ROLL"];
        let noted = |note: &&(String, String)| {
            slate.contains(&fold(&note.0).as_str()) && !note.1.trim().is_empty()
        };
        if let Some((name, value)) = clip.notes.iter().find(noted) {
            production(
                self,
                16,
                "slate",
                format!("the clip carries {name} {value}"),
            );
        }
    }

    fn recorder(&mut self, evidence: &Evidence) {
        let Some(media) = &evidence.media else {
            return;
        };
        if let Some(verdict) = Recorder::of(media).verdict() {
            self.out.items.push(Item {
                source: Source::Recorder,
                group: verdict.group,
                weight: verdict.weight,
                explicit: verdict.explicit,
                what: String::new(),
                text: verdict.text,
                doubt: None,
            });
        }
    }

    /// The folder next to the file that says something, at most three up.
    fn folders(&mut self, evidence: &Evidence) {
        let folder = evidence.folder();
        for part in folder.rsplit('/').filter(|part| !part.is_empty()).take(3) {
            let before = self.out.items.len();
            self.words(Source::Folder, &words(part), part);
            if self.out.items.len() > before {
                return;
            }
        }
    }

    /// Rate, width and channels: what consumer music and what set recordings look like.
    fn form(&mut self, evidence: &Evidence) {
        let Some(media) = &evidence.media else {
            return;
        };
        let hertz = media.rate.hertz();
        let day = u64::from(hertz) * 86_400;
        let in_day = media.time_reference.is_some_and(|at| at > 0 && at < day);
        if media.channels == 2 && hertz == 44_100 {
            let weight = if media.bits == 16 { 6 } else { 5 };
            let text = format!(
                "{} channels at {hertz} Hz, as music is sold",
                media.channels
            );
            self.push(
                Source::Form,
                Group::Music,
                weight,
                "stereo at 44.1 kHz",
                text,
            );
        } else if media.channels == 1 && hertz == 48_000 && media.bits == 24 && in_day {
            let text = "one channel of 24 bit at 48 kHz with a time of day".to_owned();
            self.push(
                Source::Form,
                Group::Dialogue,
                5,
                "mono with time of day",
                text,
            );
        }
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

    /// Production effects are production recordings: what tells of the set does not speak against
    /// them, and they outrank the dialogue track that they sit on.
    fn production_effects(&mut self) {
        let pfx = |item: &Item| item.group == Group::Pfx && item.explicit;
        if !self.out.items.iter().any(pfx) {
            return;
        }
        for item in &mut self.out.items {
            if item.group == Group::Production {
                item.weight = 0;
                item.explicit = false;
                item.text.push_str(", as production effects are");
            } else if pfx(item) {
                item.weight += 12;
            }
        }
    }
}

/// A found word as evidence.
fn items_of(source: Source, hit: &Hit, shown: &str) -> Vec<Item> {
    let explicit = hit.strength == Strength::Explicit && source.may_be_explicit();
    // People put the label first or last; a word between others describes.
    let outer = if explicit && hit.outer { 2 } else { 0 };
    let weight = source.weight(hit.strength) + outer;
    let item = |group, weight| Item {
        source,
        group,
        weight,
        explicit,
        what: format!("token {}", hit.word),
        text: format!("{} `{shown}`", source.name()),
        doubt: hit.doubt,
    };
    match hit.kind {
        Kind::Is(group) => vec![item(group, weight)],
        Kind::Either(first, second) => vec![item(first, weight), item(second, weight - 3)],
        Kind::Composite => Vec::new(),
    }
}

/// Of two words of one class in one name the surer stands, and its finer kind if it has one.
fn keep_better(old: &mut Item, new: Item) {
    let finer = |a: &Item, b: &Item| a.group == a.group.root() && b.group != b.group.root();
    if new.weight > old.weight {
        let group = if finer(&new, old) {
            old.group
        } else {
            new.group
        };
        *old = Item { group, ..new };
    } else if finer(old, &new) {
        old.group = new.group;
    }
}
