//! From programmes down to the objects with sound.

use crate::bwf::adm::codes::TOO_MANY;
use crate::bwf::adm::id::AdmId;
use crate::bwf::adm::notes::Notes;
use crate::bwf::adm::whole::Adm;

/// Most paths of a programme: a file has 65,535 tracks at most.
const MAX_PATHS: usize = 100_000;

/// How deep objects may nest; real files have two levels.
const MAX_NESTING: usize = 16;

/// The way to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path {
    /// The contents that it goes through.
    pub(super) contents: Vec<AdmId>,
    /// The objects from the outermost to the one it leads to.
    pub(super) objects: Vec<AdmId>,
}

/// Every path of a programme, in the order of the file; without a programme those from the objects
/// that no other object holds.
pub(super) fn all(adm: &Adm, programme: Option<&AdmId>, notes: &mut Notes) -> Vec<Path> {
    let mut paths = Vec::new();
    for (contents, root) in roots(adm, programme) {
        below(adm, &contents, root, &mut paths, notes);
    }
    paths
}

fn roots(adm: &Adm, programme: Option<&AdmId>) -> Vec<(Vec<AdmId>, AdmId)> {
    if let Some(programme) = programme.and_then(|id| adm.programme(id)) {
        let contents = programme.contents.iter().filter_map(|id| adm.content(id));
        let root = |content: &super::super::Content, object: &AdmId| {
            (vec![content.id.clone()], object.clone())
        };
        return contents
            .flat_map(|content| {
                content
                    .objects
                    .iter()
                    .map(move |object| root(content, object))
            })
            .collect();
    }
    let inner: std::collections::BTreeSet<&AdmId> = adm
        .objects()
        .iter()
        .flat_map(|object| &object.objects)
        .collect();
    let mut holders: std::collections::BTreeMap<&AdmId, Vec<AdmId>> =
        std::collections::BTreeMap::new();
    for content in adm.contents() {
        for object in &content.objects {
            holders.entry(object).or_default().push(content.id.clone());
        }
    }
    let outer = adm
        .objects()
        .iter()
        .filter(|object| !inner.contains(&object.id));
    outer
        .map(|object| {
            let contents = holders.get(&object.id).cloned().unwrap_or_default();
            (contents, object.id.clone())
        })
        .collect()
}

/// All paths that begin with an object, depth first. Circles have been cut.
fn below(adm: &Adm, contents: &[AdmId], root: AdmId, paths: &mut Vec<Path>, notes: &mut Notes) {
    let mut open = vec![vec![root]];
    while let Some(objects) = open.pop() {
        let Some(object) = objects.last().and_then(|id| adm.object(id)) else {
            continue;
        };
        let many = paths.len() == MAX_PATHS || open.len() > MAX_PATHS;
        if many || objects.len() > MAX_NESTING {
            let message = || {
                format!(
                    "the objects below {} are too many or nest too deep",
                    object.id
                )
            };
            notes.whole(TOO_MANY, "paths", message);
            return;
        }
        for inner in object.objects.iter().rev() {
            let mut longer = objects.clone();
            longer.push(inner.clone());
            open.push(longer);
        }
        paths.push(Path {
            contents: contents.to_vec(),
            objects,
        });
    }
}
