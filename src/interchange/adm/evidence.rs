//! What the metadata says of an item's purpose.

use crate::bwf::adm::{Adm, AdmId, Item, Label};
use crate::timeline::{SceneContent, SceneEvidence, SceneName, SceneObject};

/// Most labels of one element that are kept as evidence.
const MAX_LABELS: usize = 16;

/// What the metadata says of an item's purpose: names and kinds of everything that holds it.
pub fn scene_evidence(model: &Adm, programme: Option<&AdmId>, item: &Item) -> SceneEvidence {
    let programme = programme.and_then(|id| model.programme(id));
    let contents = item.contents.iter().filter_map(|id| model.content(id));
    let objects = item.objects.iter().filter_map(|id| model.object(id));
    let pack = model.pack(&item.pack);
    SceneEvidence {
        programme: programme.map(|p| name(&p.id, &p.name, &p.labels)),
        contents: contents
            .map(|content| SceneContent {
                name: name(&content.id, &content.name, &content.labels),
                kind: content.dialogue.as_ref().and_then(|dialogue| dialogue.kind),
                language: Some(content.language.clone()).filter(|language| !language.is_empty()),
            })
            .collect(),
        objects: objects
            .map(|object| SceneObject {
                name: name(&object.id, &object.name, &object.labels),
                dialogue: match object.dialogue {
                    Some(0) => Some(false),
                    Some(1) => Some(true),
                    _ => None,
                },
            })
            .collect(),
        // The names of the common definitions say nothing of the purpose.
        pack: pack.map_or_else(SceneName::default, |pack| {
            let own = if pack.id.is_common() { "" } else { &pack.name };
            name(&pack.id, own, &[])
        }),
    }
}

fn name(id: &AdmId, name: &str, labels: &[Label]) -> SceneName {
    let texts = labels.iter().filter(|label| !label.text.is_empty());
    SceneName {
        id: id.to_string(),
        name: name.to_owned(),
        labels: texts
            .take(MAX_LABELS)
            .map(|label| label.text.clone())
            .collect(),
    }
}
