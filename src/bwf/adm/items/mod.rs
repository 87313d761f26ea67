//! What of a model sounds: the items of a programme (ITU-R BS.2127-0 §5.2).
//!
//! **Invariant:** every object sounds at most once, whatever refers to it, and every channel of an
//! item has a source. What cannot be rendered is an error finding and no item.

mod allocate;
mod build;
mod complementary;
mod matrix;
mod part;
mod paths;

use std::collections::BTreeSet;

use super::codes::{COUNTED_ONCE, DEFAULT_PROGRAMME, NO_SOUND, TOO_MANY, UNUSED_TRACK};
use super::id::AdmId;
use super::model::FormatType;
use super::notes::Notes;
use super::whole::Adm;
use crate::audio::scene::ItemFormat;
use crate::finding::Finding;
use crate::time::Rational;
use paths::Path;

/// Most channels of packs and tracks that are matched in all.
const MAX_WORK: usize = 2_000_000;

/// What the user chooses of a model.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Identity or name of the programme; the one with the lowest identity where absent.
    pub programme: Option<String>,
    /// Identities of objects to use of complementary ones; the first of each group where absent.
    pub complementary: Vec<String>,
    /// Whether complementary objects are read to the letter of BS.2127, even where the programme
    /// goes silent by it.
    pub strict: bool,
}

/// What sounds of a selection.
#[derive(Debug, Clone)]
pub struct Selected {
    /// The programme, where the file has any.
    pub programme: Option<AdmId>,
    /// The items in the order of the file.
    pub items: Vec<Item>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// What belongs together: a bed, an object's channel, a set of HOA components.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Object path and first track: the same for the same file and selection.
    pub id: String,
    /// The contents that hold it; the first one first.
    pub contents: Vec<AdmId>,
    /// The objects from the outermost to its own; none in a file of a `chna` table alone.
    pub objects: Vec<AdmId>,
    /// Its pack; empty where a track names none.
    pub pack: AdmId,
    /// What it is rendered as. A matrix is what comes out of it.
    pub kind: FormatType,
    /// When it starts, in seconds from the file's first sample.
    pub start: Option<Rational>,
    /// How long it lasts.
    pub duration: Option<Rational>,
    /// Whether it is muted.
    pub mute: bool,
    /// Its channels; one part for a whole set of HOA components.
    pub parts: Vec<ItemPart>,
}

/// What is rendered as one.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemPart {
    /// The name of its channel.
    pub name: String,
    /// Its channel format, whose blocks [`Adm::blocks`] gives; the first one of HOA.
    pub channel: AdmId,
    /// Everything about it that does not move.
    pub format: ItemFormat,
}

/// Why a selection cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SelectError {
    /// No programme of that identity or name.
    #[error("{file} has no programme `{wanted}`; it has {known}")]
    Programme {
        /// The file.
        file: String,
        /// What was asked for.
        wanted: String,
        /// What there is.
        known: String,
    },
    /// The object is not one of several that are chosen from.
    #[error("{file} has no complementary object `{wanted}` to select; it has {known}")]
    Object {
        /// The file.
        file: String,
        /// What was asked for.
        wanted: String,
        /// What there is.
        known: String,
    },
    /// Two objects of the same group.
    #[error("{file}: {wanted} are complementary, only one of them can be selected")]
    Several {
        /// The file.
        file: String,
        /// What was asked for.
        wanted: String,
    },
}

impl Adm {
    /// What of the model sounds.
    ///
    /// # Errors
    /// [`SelectError`] when the programme or an object of the selection is not there to choose.
    pub fn items(&self, selection: &Selection) -> Result<Selected, SelectError> {
        let mut notes = Notes::new(self.file.as_str(), 0);
        let programme = self.choose(selection, &mut notes)?;
        let paths = paths::all(self, programme.as_ref(), &mut notes);
        let silent = complementary::silent(self, selection, &paths, &mut notes)?;
        let sounding = paths
            .into_iter()
            .filter(|path| !path.objects.iter().any(|id| silent.contains(id)));
        let paths = once(sounding.collect(), &mut notes);
        let mut items = Vec::new();
        if self.elements.objects.is_empty() && programme.is_none() {
            items = build::loose(self, &mut notes);
        }
        for path in &paths {
            if notes.exhausted(MAX_WORK) {
                let message = || format!("the objects from {} on", shown(path));
                notes.whole(TOO_MANY, "items", message);
                break;
            }
            items.extend(build::object(self, programme.as_ref(), path, &mut notes));
        }
        let items = distinct(items);
        self.unused(&items, &mut notes);
        Ok(Selected {
            programme,
            items,
            findings: notes.into_findings(),
        })
    }

    fn choose(
        &self,
        selection: &Selection,
        notes: &mut Notes,
    ) -> Result<Option<AdmId>, SelectError> {
        let all = self.programmes();
        let shown = || {
            let show =
                |programme: &super::Programme| format!("{} ({})", programme.id, programme.name);
            let all: Vec<String> = all.iter().take(50).map(show).collect();
            if all.is_empty() {
                "none".to_owned()
            } else {
                all.join(", ")
            }
        };
        if let Some(wanted) = &selection.programme {
            let id = AdmId::new(wanted);
            let named = |programme: &&super::Programme| programme.name == wanted.trim();
            let found = self.programme(&id).or_else(|| all.iter().find(named));
            let missing = || SelectError::Programme {
                file: self.file.clone(),
                wanted: wanted.clone(),
                known: shown(),
            };
            return found
                .map(|programme| Some(programme.id.clone()))
                .ok_or_else(missing);
        }
        let lowest = all.iter().min_by(|a, b| a.id.cmp(&b.id));
        if let Some(lowest) = lowest
            && all.len() > 1
        {
            let message = || format!("{} is used of {}", lowest.id, shown());
            notes.whole(DEFAULT_PROGRAMME, "", message);
        }
        Ok(lowest.map(|programme| programme.id.clone()))
    }

    /// Notes channels of the file that nothing uses.
    fn unused(&self, items: &[Item], notes: &mut Notes) {
        let parts = items.iter().flat_map(|item| &item.parts);
        let taps = parts
            .flat_map(|part| &part.format.feeds)
            .flat_map(|feed| &feed.taps);
        let used: BTreeSet<u16> = taps.map(|tap| tap.channel).collect();
        let unused: Vec<String> = (0..self.channels)
            .filter(|channel| !used.contains(channel))
            .take(64)
            .map(|channel| (u32::from(channel) + 1).to_string())
            .collect();
        if !unused.is_empty() {
            notes.whole(UNUSED_TRACK, "", || {
                format!("channels {}", unused.join(" "))
            });
        }
    }
}

/// An object sounds once: of several paths to it the first stays, with the contents of all.
fn once(paths: Vec<Path>, notes: &mut Notes) -> Vec<Path> {
    let mut kept: Vec<Path> = Vec::new();
    let mut at = std::collections::BTreeMap::new();
    for path in paths {
        let Some(own) = path.objects.last().cloned() else {
            continue;
        };
        let first = *at.entry(own.clone()).or_insert(kept.len());
        match kept.get_mut(first) {
            None => kept.push(path),
            Some(first) => {
                let message = || {
                    let contents = first.contents.iter().chain(&path.contents);
                    let contents: Vec<&str> = contents.map(AdmId::as_str).collect();
                    format!(
                        "{own} is reached by {} and counted once",
                        contents.join(" and ")
                    )
                };
                notes.whole(COUNTED_ONCE, own.as_str(), message);
                for content in path.contents {
                    if !first.contents.contains(&content) {
                        first.contents.push(content);
                    }
                }
            }
        }
    }
    kept
}

fn shown(path: &Path) -> String {
    let ids: Vec<&str> = path.objects.iter().map(AdmId::as_str).collect();
    ids.join("/")
}

/// Makes identities unique that are not.
fn distinct(mut items: Vec<Item>) -> Vec<Item> {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for item in &mut items {
        let bare = item.id.clone();
        let mut number = 2_usize;
        while !seen.insert(item.id.clone()) {
            item.id = format!("{bare}#{number}");
            number += 1;
        }
    }
    items
}

/// Whether an object with packs or tracks is worth a note that it is silent.
fn note_silent(id: &AdmId, notes: &mut Notes) {
    notes.whole(NO_SOUND, id.as_str(), || {
        format!("{id} has no track with sound")
    });
}
