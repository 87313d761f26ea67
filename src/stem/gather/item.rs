//! A piece of evidence.

use crate::stem::assignment::{Decibans, Reason};
use crate::stem::code::Group;
use crate::stem::tokens::{Hit, Kind, Scope, Strength};

/// Where evidence was seen. The order is that in which the finer kind of sound is taken from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::stem) enum Source {
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
    pub(in crate::stem) fn name(self) -> &'static str {
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

    pub(in crate::stem) fn scope(self) -> Scope {
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
pub(in crate::stem) struct Item {
    pub(in crate::stem) source: Source,
    pub(in crate::stem) group: Group,
    pub(in crate::stem) weight: i32,
    pub(in crate::stem) explicit: bool,
    /// What matched, for the rule's name: `token DX`.
    pub(in crate::stem) what: String,
    pub(in crate::stem) text: String,
    pub(in crate::stem) doubt: Option<&'static str>,
}

impl Item {
    /// What the other clips of the track say.
    pub(in crate::stem) fn of_neighbours(group: Group, weight: i32, text: String) -> Self {
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
    pub(in crate::stem) fn rule(&self) -> String {
        let source = self.source.name();
        let what = &self.what;
        if what.is_empty() {
            format!("built-in: {source}")
        } else {
            format!("built-in: {source} {what}")
        }
    }

    pub(in crate::stem) fn reason(&self) -> Reason {
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
pub(in crate::stem) enum Mark {
    /// Leader, pop, tone.
    Leader,
    /// A mix of several stems.
    Composite,
}

/// A found word as evidence.
pub(super) fn items_of(source: Source, hit: &Hit, shown: &str) -> Vec<Item> {
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
pub(super) fn keep_better(old: &mut Item, new: Item) {
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
