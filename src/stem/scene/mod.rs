//! The stem of an item of an audio scene: kinds that the metadata states, then names, in a fixed
//! order. The first that tells wins.
//!
//! 1. the kind of the content (BS.2076-3 §5.7.3), where it is a specific one,
//! 2. the dialogue flag of the objects,
//! 3. the name of the content: what mixing consoles call a group,
//! 4. labels of content and objects,
//! 5. names of the objects, the innermost first,
//! 6. the name of the pack; never of a channel, for every bed has its `LowFrequencyEffects`,
//! 7. the name of the programme, where nothing else in the file tells.
//!
//! **Invariant:** audio description and mixes for the hearing impaired are in no stem, a mix of
//! several stems is never taken for one of them, and no guess is made from the names that programs give by
//! themselves.

mod decide;
mod hint;
mod name;

pub(super) use decide::{decide, decide_by_programme};

use super::assignment::{Assignment, Decibans, Decision};
use super::set::StemSet;
use crate::timeline::SceneEvidence;

/// The stems of the items of one programme, without rules of a user.
pub fn assign_scenes(set: &StemSet, items: &[SceneEvidence]) -> Vec<Assignment> {
    let mut decided: Vec<Assignment> = items.iter().map(|item| decide(item, set)).collect();
    if !decided.iter().any(tells) {
        for (item, assignment) in items.iter().zip(&mut decided) {
            let found = decide_by_programme(item, set);
            *assignment = found.unwrap_or_else(|| assignment.clone());
        }
    }
    decided
}

/// Whether anything told of an item, if only that it is a mix.
pub(super) fn tells(assignment: &Assignment) -> bool {
    let heavy = assignment
        .evidence
        .iter()
        .any(|reason| reason.weight > Decibans(0));
    assignment.decision != Decision::Unassigned || heavy
}
