//! An ADM model as a tree for people and programs: programmes, contents, objects, packs, channels, each
//! item with its stem and the rule that chose it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::bwf::adm::{Adm, AdmId, AudioObject, Content, Item, Label, Pack, Programme, Selection};
use crate::interchange::scene_evidence;
use crate::stem::{Assignment, Decision, StemSet, assign_scenes};

/// Most nodes of a tree: objects and packs that many parents share stand below each of them.
const MAX_NODES: usize = 50_000;

/// How deep objects and packs are shown.
const MAX_DEPTH: usize = 16;

/// The model as the value of `adm.model` in `stemline.wave/1` (`specs/schema/wave.json`).
pub fn adm_json(model: &Adm, stems: &StemSet) -> Value {
    let mut tree = Tree {
        model,
        nodes: 0,
        stems: BTreeMap::new(),
    };
    let default = model.items(&Selection::default()).ok();
    let chosen = default.and_then(|selected| selected.programme);
    let mut programmes = Vec::new();
    for programme in model.programmes() {
        tree.assign(Some(programme), stems);
        let is_default = chosen.as_ref() == Some(&programme.id);
        programmes.push(tree.programme(programme, is_default));
    }
    let loose = if programmes.is_empty() {
        tree.assign(None, stems);
        tree.loose()
    } else {
        Vec::new()
    };
    json!({
        "version": model.version(),
        "profiles": model.profiles(),
        "objects": model.objects().len(),
        "channels": model.channels().len(),
        "blocks": model.channels().iter().map(|c| model.block_count(&c.id)).sum::<usize>(),
        "programmes": programmes,
        "items": loose,
        "cut": tree.nodes > MAX_NODES,
    })
}

struct Tree<'a> {
    model: &'a Adm,
    nodes: usize,
    /// By innermost object, or by item where there are no objects: the decision.
    stems: BTreeMap<String, Value>,
}

impl Tree<'_> {
    /// Decides the stems of a programme's items.
    fn assign(&mut self, programme: Option<&Programme>, stems: &StemSet) {
        let selection = Selection {
            programme: programme.map(|programme| programme.id.to_string()),
            ..Selection::default()
        };
        let items = self.model.items(&selection).map(|selected| selected.items);
        let items = items.unwrap_or_default();
        let id = programme.map(|programme| &programme.id);
        let evidence: Vec<_> = items
            .iter()
            .map(|item| scene_evidence(self.model, id, item))
            .collect();
        let decided = assign_scenes(stems, &evidence);
        let keyed = items
            .iter()
            .zip(&decided)
            .map(|(item, assignment)| (key(item), decision(assignment)));
        self.stems = keyed.collect();
    }

    fn full(&mut self) -> bool {
        self.nodes += 1;
        self.nodes > MAX_NODES
    }

    fn programme(&mut self, programme: &Programme, is_default: bool) -> Value {
        let contents: Vec<&Content> = programme
            .contents
            .iter()
            .filter_map(|id| self.model.content(id))
            .collect();
        let contents: Vec<Value> = contents
            .into_iter()
            .map(|content| self.content(content))
            .collect();
        json!({
            "id": programme.id,
            "name": programme.name,
            "language": text(&programme.language),
            "labels": labels(&programme.labels),
            "default": is_default,
            "start": programme.start,
            "end": programme.end,
            "loudness": programme.loudness,
            "contents": contents,
        })
    }

    fn content(&mut self, content: &Content) -> Value {
        let dialogue = content.dialogue.as_ref();
        json!({
            "id": content.id,
            "name": content.name,
            "language": text(&content.language),
            "labels": labels(&content.labels),
            "dialogue": dialogue.and_then(|dialogue| dialogue.value),
            "kind": dialogue.and_then(|dialogue| dialogue.kind),
            "loudness": content.loudness,
            "objects": self.objects(&content.objects, 0),
        })
    }

    fn objects(&mut self, ids: &[AdmId], depth: usize) -> Vec<Value> {
        let model = self.model;
        let mut all = Vec::new();
        for object in ids.iter().filter_map(|id| model.object(id)) {
            if depth == MAX_DEPTH || self.full() {
                break;
            }
            all.push(self.object(object, depth));
        }
        all
    }

    fn object(&mut self, object: &AudioObject, depth: usize) -> Value {
        let uids = object
            .tracks
            .iter()
            .map(|id| self.model.uid(id.as_ref()?)?.index);
        // Channels of the file as people count them.
        let tracks: Vec<Option<u32>> = uids
            .map(|index| index.map(|index| u32::from(index) + 1))
            .collect();
        let decision = self.stems.get(object.id.as_str()).cloned();
        json!({
            "id": object.id,
            "name": object.name,
            "labels": labels(&object.labels),
            "start": object.start,
            "duration": object.duration,
            "dialogue": object.dialogue,
            "gain": object.gain,
            "mute": object.mute.unwrap_or(false),
            "complementary": object.complementary,
            "tracks": tracks,
            "stem": decision,
            "packs": self.packs(&object.packs, 0),
            "objects": self.objects(&object.objects, depth + 1),
        })
    }

    fn packs(&mut self, ids: &[AdmId], depth: usize) -> Vec<Value> {
        let model = self.model;
        let mut all = Vec::new();
        for pack in ids.iter().filter_map(|id| model.pack(id)) {
            if depth == MAX_DEPTH || self.full() {
                break;
            }
            all.push(self.pack(pack, depth));
        }
        all
    }

    fn pack(&mut self, pack: &Pack, depth: usize) -> Value {
        let mut channels = Vec::new();
        for channel in pack.channels.iter().filter_map(|id| self.model.channel(id)) {
            if self.full() {
                break;
            }
            let blocks = self.model.block_count(&channel.id);
            channels.push(json!({"id": channel.id, "name": channel.name, "blocks": blocks}));
        }
        json!({
            "id": pack.id,
            "name": pack.name,
            "type": pack.kind,
            "channels": channels,
            "packs": self.packs(&pack.packs, depth + 1),
        })
    }

    /// The items of a file without programmes.
    fn loose(&mut self) -> Vec<Value> {
        let selected = self.model.items(&Selection::default());
        let items = selected.map(|selected| selected.items).unwrap_or_default();
        let mut all = Vec::new();
        for item in items {
            if self.full() {
                break;
            }
            let feeds = item.parts.iter().flat_map(|part| &part.format.feeds);
            let taps = feeds.flat_map(|feed| &feed.taps);
            let tracks: Vec<u32> = taps.map(|tap| u32::from(tap.channel) + 1).collect();
            let objects = item.objects.iter().filter_map(|id| self.model.object(id));
            let names: Vec<&str> = objects.map(|object| object.name.as_str()).collect();
            all.push(json!({
                "id": item.id,
                "name": names.join(" / "),
                "type": item.kind,
                "pack": item.pack,
                "tracks": tracks,
                "stem": self.stems.get(&key(&item)),
            }));
        }
        all
    }
}

fn key(item: &Item) -> String {
    let own = item.objects.last();
    own.map_or_else(|| item.id.clone(), ToString::to_string)
}

/// The stem of an item, why, and what a person should look at.
fn decision(assignment: &Assignment) -> Value {
    let stem = match &assignment.decision {
        Decision::Stem { code, .. } => Some(code.to_string()),
        Decision::Ignore => Some("ignore".to_owned()),
        Decision::Unassigned => None,
    };
    json!({
        "stem": stem,
        "group": assignment.group(),
        "rule": assignment.rule,
        "review": assignment.review,
    })
}

fn text(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn labels(labels: &[Label]) -> Vec<&Label> {
    labels.iter().take(64).collect()
}
