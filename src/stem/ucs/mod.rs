//! Names after the Universal Category System: `CatID[-UserCat]_[Vendor-]FXName_CreatorID_SourceID`.
//!
//! **Invariant:** a CatID is only seen where the name is built like one. `_` only separates blocks
//! and the case of a CatID is fixed, so `DOORWood_…` is one and `DoorWood …` is not; names that a cut
//! list has put in capitals need three blocks, CatIDs that are plain words (`RAIN`, `MIX`) all four.

mod table;

use super::code::Group;
use super::text::without_suffix;
use table::CATEGORIES;

/// The CatID of a file name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatId {
    /// As version 8.2 writes it, or as the name does where that list has no such subcategory.
    pub id: String,
    /// The category: `DOORS`.
    pub category: &'static str,
    /// The part of the CatID that stands for the category: `DOOR`.
    pub prefix: &'static str,
    /// Whether version 8.2 lists it.
    pub listed: bool,
}

/// Reads the CatID of a file name, with or without suffix and folders.
pub fn cat_id(name: &str) -> Option<CatId> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let name = without_suffix(name);
    let blocks = name.split('_').filter(|block| !block.is_empty()).count();
    let first = name.split('_').next().unwrap_or_default();
    let id = first.split('-').next().unwrap_or_default();
    if !(2..=12).contains(&id.len()) || !id.is_ascii() {
        return None;
    }
    exact(id, blocks)
        .or_else(|| capitals(id, blocks))
        .or_else(|| unlisted(id, blocks))
}

/// The CatIDs of the categories whose prefix the id starts with.
fn candidates(id: &str) -> impl Iterator<Item = CatId> {
    let upper = id.to_ascii_uppercase();
    CATEGORIES
        .iter()
        .filter(move |row| upper.starts_with(row.1))
        .flat_map(|&(category, prefix, rest)| {
            rest.split_whitespace().map(move |rest| CatId {
                id: format!("{prefix}{}", rest.trim_matches('-')),
                category,
                prefix,
                listed: true,
            })
        })
}

fn exact(id: &str, blocks: usize) -> Option<CatId> {
    let found = candidates(id).find(|cat| cat.id == id)?;
    // `RAIN.wav` and `MIX_v2.wav` are plain words; only the full grammar makes them CatIDs.
    (found.id != found.prefix || blocks >= 4).then_some(found)
}

fn capitals(id: &str, blocks: usize) -> Option<CatId> {
    if blocks < 3 || id.chars().any(|c| c.is_ascii_lowercase()) {
        return None;
    }
    candidates(id).find(|cat| cat.id != cat.prefix && cat.id.eq_ignore_ascii_case(id))
}

/// A subcategory that the list does not have, of a category that it has: a newer version's.
fn unlisted(id: &str, blocks: usize) -> Option<CatId> {
    let well_formed = |rest: &str| {
        let mut chars = rest.chars();
        chars.next().is_some_and(|c| c.is_ascii_uppercase())
            && rest.len() >= 2
            && chars.all(|c| c.is_ascii_lowercase())
    };
    let rows = CATEGORIES.iter().filter(|row| row.2 != "-");
    let fitting = rows.filter(|row| id.strip_prefix(row.1).is_some_and(well_formed));
    let &(category, prefix, _) = fitting.max_by_key(|row| row.1.len())?;
    (blocks >= 3).then(|| CatId {
        id: id.to_owned(),
        category,
        prefix,
        listed: false,
    })
}

/// What a CatID tells of the stem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A kind of sound, certain enough to outrank a track's name.
    Certain(Group),
    /// The same, with a reason to have a person look at it.
    Certainly(Group, &'static str),
    /// Two kinds are possible, the first is likelier; weights in decibans.
    Either([(Group, i32); 2], &'static str),
    /// Leader, tone, pop.
    Tone,
    /// Nothing automatic: mixes, references, work in progress.
    Nothing,
}

const SPEECH: &str = "may hold words: listen before it goes into an M&E";
const WORDS: &str = "a voice with words belongs to dialogue or OPT, not into an M&E";
const PERFORMER: &str = "M&E, or OPT where the character has lines";
const LIBRARY_MUSIC: &str = "library music is often cut as an effect";

/// Whether a doubt is about words that can be understood: it stands even where a track's name is
/// clear.
pub(super) fn is_about_words(doubt: &str) -> bool {
    doubt == SPEECH || doubt == WORDS
}

/// What the category system says of the stem. Words that can be understood must not reach an M&E;
/// calls of Netflix's and the Academy's M&E rules.
pub(super) fn meaning(cat: &CatId) -> Meaning {
    use Group::{
        Adr, Backgrounds, Design, Dialogue, Effects, Foley, Hard, LoopGroup, Music, Optional, Pfx,
        Production,
    };
    match (cat.prefix, cat.id.as_str()) {
        ("ADR", _) => Meaning::Certain(Adr),
        ("PROD", _) => Meaning::Certain(Production),
        ("LPGRP", _) => Meaning::Certain(LoopGroup),
        ("PFX", _) => Meaning::Certain(Pfx),
        ("TEST", _) => Meaning::Tone,
        _ if cat.category == "ARCHIVED" => Meaning::Nothing,
        (_, "MUSCChim" | "MUSCBell" | "MUSCToy" | "MUSCPrfm" | "MUSCStngr" | "TOONMx") => {
            Meaning::Either([(Music, 14), (Effects, 11)], LIBRARY_MUSIC)
        }
        ("MUSC", _) => Meaning::Either([(Music, 14), (Effects, 8)], LIBRARY_MUSIC),
        (_, "DSGNStngr") => Meaning::Either([(Design, 24), (Music, 20)], LIBRARY_MUSIC),
        (
            _,
            "VOXEfrt" | "VOXScrm" | "VOXReac" | "VOXLaff" | "VOXCry" | "VOXBaby" | "VOXCheer"
            | "VOXAlien",
        ) => Meaning::Either([(Effects, 20), (Optional, 16)], PERFORMER),
        ("VOX", _) => Meaning::Either([(Optional, 24), (Dialogue, 12)], WORDS),
        (_, "CRWDConv" | "CRWDLoop" | "CRWDSing") => {
            Meaning::Either([(Optional, 24), (LoopGroup, 12)], WORDS)
        }
        ("HMN", _) => Meaning::Either([(Hard, 28), (Optional, 12)], PERFORMER),
        (_, "COMRadio" | "COMTv" | "TOONVox" | "ROBTVox" | "CREAHmn" | "DSGNVocl") => {
            Meaning::Certainly(Hard, SPEECH)
        }
        (_, "AMBPubl" | "AMBRest" | "AMBRlgn" | "AMBSchl" | "AMBTran") => {
            Meaning::Certainly(Backgrounds, SPEECH)
        }
        ("AMB" | "CRWD" | "RAIN" | "WIND" | "WTHR" | "STORM", _) => Meaning::Certain(Backgrounds),
        ("FOLY" | "FEET" | "CLOTH" | "MOVE", _) => Meaning::Certain(Foley),
        ("DSGN", _) => Meaning::Certain(Design),
        _ => Meaning::Certain(Hard),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn listed() -> impl Iterator<Item = CatId> {
        let prefixes = CATEGORIES.iter().map(|row| row.1);
        prefixes.flat_map(|prefix| candidates(prefix).filter(move |cat| cat.prefix == prefix))
    }

    #[test]
    fn the_list_is_whole_and_reads_back() {
        let ids: BTreeSet<String> = listed().map(|cat| cat.id).collect();
        let categories: BTreeSet<&str> = CATEGORIES.iter().map(|row| row.0).collect();
        assert_eq!((ids.len(), categories.len()), (753, 82));
        for cat in listed() {
            let name = format!("{}_Some Sound_ABC_Lib01.wav", cat.id);
            assert_eq!(cat_id(&name), Some(cat.clone()), "{name}");
            let upper = name.to_uppercase();
            assert_eq!(cat_id(&upper), Some(cat), "{upper}");
        }
    }

    #[test]
    fn only_names_built_like_one_have_a_cat_id() {
        let check = |name: &str, want: Option<&str>| {
            assert_eq!(
                cat_id(name).as_ref().map(|cat| cat.id.as_str()),
                want,
                "{name}"
            );
        };
        check("DOORWood_Heavy Slam 01_JDOE_LIB.wav", Some("DOORWood"));
        check("DOORWood-INTERIOR_B00M-Slam_JDOE_LIB", Some("DOORWood"));
        check("/lib/sfx/AMBRest_Cafe.wav", Some("AMBRest"));
        check("DoorWood_Slam_JDOE_LIB.wav", None);
        check("DOORWOOD_SLAM 01_JDOE_LIB.WAV", Some("DOORWood"));
        check("DOORWOOD SLAM.WAV", None);
        check("RAIN_Heavy.wav", None);
        check("RAIN_Heavy_JDOE_LIB.wav", Some("RAIN"));
        check("MIX_v2.wav", None);
        check("SCIGlow_Thing_JDOE_LIB.wav", Some("SCIGlow"));
        check("SCIGlow.wav", None);
        check("WINDow_open_a_b.wav", None);
        check("AIRPORT_terminal_crowd_02.wav", None);
        check("", None);
        check("_x_y_z", None);
        check("ÄMBAir_x_y_z", None);
    }

    #[test]
    fn words_never_count_as_plain_effects() {
        for cat in listed().filter(|cat| cat.prefix == "VOX") {
            assert!(matches!(meaning(&cat), Meaning::Either(..)), "{}", cat.id);
        }
    }
}
