//! Complementary objects: one of each group sounds (ITU-R BS.2127-0 §5.2.4).

use std::collections::BTreeSet;

use super::paths::Path;
use super::{SelectError, Selection};
use crate::bwf::adm::codes::{COMPLEMENTARY, SILENCED};
use crate::bwf::adm::id::AdmId;
use crate::bwf::adm::model::AudioObject;
use crate::bwf::adm::notes::Notes;
use crate::bwf::adm::whole::Adm;

/// The objects that do not sound because another one of their group does.
pub(super) fn silent(
    adm: &Adm,
    selection: &Selection,
    paths: &[Path],
    notes: &mut Notes,
) -> Result<BTreeSet<AdmId>, SelectError> {
    let groups: Vec<Vec<&AdmId>> = adm
        .objects()
        .iter()
        .filter(|object| !object.complementary.is_empty())
        .map(group)
        .collect();
    let chosen = chosen(adm, selection, &groups)?;
    let there: BTreeSet<&AdmId> = paths.iter().flat_map(|path| &path.objects).collect();
    let mut selected: BTreeSet<&AdmId> = chosen.iter().collect();
    for group in &groups {
        // Objects that name each other are one group, told twice.
        if !group.iter().any(|id| selected.contains(id)) {
            selected.extend(default(group, &there, selection.strict, notes));
        }
    }
    let mut silent = BTreeSet::new();
    for group in &groups {
        let sounding: Vec<&str> = group
            .iter()
            .filter(|id| selected.contains(*id))
            .map(|id| id.as_str())
            .collect();
        if sounding.len() > 1 {
            return Err(SelectError::Several {
                file: adm.file.clone(),
                wanted: sounding.join(" and "),
            });
        }
        let rest = group.iter().filter(|id| !selected.contains(*id));
        silent.extend(rest.map(|id| (*id).clone()));
    }
    Ok(silent)
}

/// The first object and those that may stand in its place.
fn group(object: &AudioObject) -> Vec<&AdmId> {
    let mut group = vec![&object.id];
    for id in &object.complementary {
        if !group.contains(&id) {
            group.push(id);
        }
    }
    group
}

fn chosen(
    adm: &Adm,
    selection: &Selection,
    groups: &[Vec<&AdmId>],
) -> Result<BTreeSet<AdmId>, SelectError> {
    let mut chosen = BTreeSet::new();
    for wanted in &selection.complementary {
        let id = AdmId::new(wanted);
        if !groups.iter().flatten().any(|member| **member == id) {
            let all: BTreeSet<&str> = groups.iter().flatten().map(|id| id.as_str()).collect();
            let known: Vec<&str> = all.into_iter().take(50).collect();
            return Err(SelectError::Object {
                file: adm.file.clone(),
                wanted: wanted.clone(),
                known: if known.is_empty() {
                    "none".to_owned()
                } else {
                    known.join(", ")
                },
            });
        }
        chosen.insert(id);
    }
    Ok(chosen)
}

/// Without a choice the first one. A programme that holds only another one (one programme per
/// language) would go silent by that: it keeps its own, unless read to the letter.
fn default<'a>(
    group: &[&'a AdmId],
    there: &BTreeSet<&AdmId>,
    strict: bool,
    notes: &mut Notes,
) -> Option<&'a AdmId> {
    let first = *group.first()?;
    let own: Vec<&AdmId> = group
        .iter()
        .copied()
        .filter(|id| there.contains(*id))
        .collect();
    match own.first() {
        Some(own) if !there.contains(first) => {
            let message = || {
                let so = if strict {
                    "which is read to the letter"
                } else {
                    "so it is used"
                };
                format!("the programme holds {own} but not the default {first}, {so}")
            };
            notes.whole(SILENCED, first.as_str(), message);
            Some(if strict { first } else { own })
        }
        _ => {
            if own.len() > 1 {
                let names: Vec<&str> = group.iter().map(|id| id.as_str()).collect();
                let message = || format!("{first} is used of {}", names.join(", "));
                notes.whole(COMPLEMENTARY, first.as_str(), message);
            }
            Some(first)
        }
    }
}
