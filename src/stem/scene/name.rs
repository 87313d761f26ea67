//! What a name in a scene stands for.

use std::collections::BTreeSet;

use crate::stem::code::Group;
use crate::stem::text::{Word, words};
use crate::stem::tokens::{self, Kind, Language, Scope, Strength};

/// What a name or kind says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// One kind of sound.
    Is(Group),
    /// Music and effects in one.
    MusicAndEffects,
    /// A complete mix.
    FullMix,
    /// Sound beside the stems, such as audio description.
    Beside(&'static str),
    /// Several kinds that no mix is named after.
    Several,
}

/// Audio description.
pub(super) const DESCRIPTION: Meaning = Meaning::Beside("audio description");

/// A mix for the hearing impaired.
pub(super) const IMPAIRED: Meaning = Meaning::Beside("a mix for the hearing impaired");

/// Phrases that name a sum of stems or what stands beside them; they are looked for before words.
const COMPOSITES: &[(Meaning, &str)] = &[
    (
        DESCRIPTION,
        "AUDIO DESCRIPTION|AUDIO DESCRIBED|DESCRIBED VIDEO|DESCRIPTIVE VIDEO|VIDEO DESCRIPTION|\
         DESCRIPTIVE AUDIO|DESCRIBED|VISUALLY IMPAIRED|AUDIODESCRIPTION|AUDIODESKRIPTION|AUDIODESCRIPCION",
    ),
    (IMPAIRED, "HEARING IMPAIRED|CLEAN AUDIO|HARD OF HEARING"),
    (
        Meaning::FullMix,
        "FULL MIX|FULLMIX|PRINT MASTER|PRINTMASTER|COMPLETE MAIN|COMPLETE MIX|DME|D M E|COMP MIX|FINAL MIX|MAIN MIX",
    ),
    (
        Meaning::MusicAndEffects,
        "M E|ME|MNE|MN E|M N E|MANDE|M AND E|MUSIC AND EFFECTS|MUSIC EFFECTS|MUSIC FX|MX FX|MUSIC AND FX|MUSIC SFX",
    ),
    (
        Meaning::Is(Group::Dialogue),
        "DUBBED DIALOGUE|DUBBED DIALOG",
    ),
    (
        Meaning::Is(Group::Production),
        "PRODUCTION DIALOGUE|PRODUCTION DIALOG",
    ),
    (Meaning::Is(Group::Source), "SOURCE MUSIC"),
    (Meaning::Is(Group::Effects), "SOUND EFFECTS"),
    (Meaning::Is(Group::Backgrounds), "BACK GROUNDS|BACK GROUND"),
];

/// Words that name one kind.
const WORDS: &[(Meaning, &str)] = &[
    (DESCRIPTION, "AD|DVS"),
    (
        Meaning::Is(Group::Dialogue),
        "DX|DIA|DIAL|DLG|DIALOG|DIALOGS|DIALOGUE|DIALOGUES|VOX",
    ),
    (
        Meaning::Is(Group::Narration),
        "NARR|NAR|NARRATION|NARRATOR|VO|V O",
    ),
    (Meaning::Is(Group::Adr), "ADR"),
    (Meaning::Is(Group::LoopGroup), "LOOP|LOOPGROUP|GROUP|WALLA"),
    (Meaning::Is(Group::Music), "M|MX|MUS|MUSIC|SONG|SONGS"),
    (Meaning::Is(Group::Score), "SCORE"),
    (Meaning::Is(Group::Source), "SRC"),
    (
        Meaning::Is(Group::Effects),
        "FX|SFX|EFX|EFF|EFFECT|EFFECTS|SD",
    ),
    (Meaning::Is(Group::Hard), "HFX|SPOT"),
    (Meaning::Is(Group::Foley), "FOL|FOLEY|FLY"),
    (
        Meaning::Is(Group::Backgrounds),
        "BG|BGS|BACKGROUND|BACKGROUNDS|AMB|AMBS|AMBIENCE|AMBIENCES|ATMO|ATMOS",
    ),
    (Meaning::Is(Group::Design), "DESIGN"),
    (Meaning::Is(Group::Pfx), "PFX"),
];

/// Words that count only where no other does: they are language codes and parts of other names, too.
const FAINT: &[(Meaning, &str)] = &[
    (DESCRIPTION, "DV|VI"),
    (IMPAIRED, "HI"),
    (Meaning::MusicAndEffects, "IT|INTL|INTERNATIONAL"),
    (Meaning::FullMix, "PM|FM|MAIN|MIX"),
];

/// Words of products: beside them `Atmos` is no ambience.
const PRODUCT: &[&str] = &[
    "DOLBY", "BED", "BEDS", "OBJ", "OBJS", "OBJECT", "OBJECTS", "MASTER", "RENDERER", "ADM",
    "CONTENT", "CUSTOM", "PACK", "MIX",
];

/// A meaning and the words that told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) meaning: Meaning,
    pub(super) token: String,
}

/// What a name stands for; `None` where it tells nothing.
pub(super) fn read(name: &str) -> Option<Found> {
    let all = words(name);
    let texts: Vec<&str> = all.iter().map(|word| word.text.as_str()).collect();
    if let [letter @ ("D" | "M" | "E")] = texts.as_slice() {
        let group = match *letter {
            "D" => Group::Dialogue,
            "M" => Group::Music,
            _ => Group::Effects,
        };
        return Some(found(Meaning::Is(group), letter));
    }
    if let Some((meaning, phrase)) = phrase(COMPOSITES, &texts) {
        return Some(found(meaning, phrase));
    }
    single(&texts).or_else(|| elsewhere(&all)).or_else(|| {
        let (meaning, word) = phrase(FAINT, &texts)?;
        Some(found(meaning, word))
    })
}

fn found(meaning: Meaning, token: &str) -> Found {
    Found {
        meaning,
        token: token.to_owned(),
    }
}

/// The first phrase of a table that stands in the words.
fn phrase(table: &[(Meaning, &'static str)], texts: &[&str]) -> Option<(Meaning, &'static str)> {
    let rows = table
        .iter()
        .flat_map(|(meaning, phrases)| phrases.split('|').map(move |phrase| (*meaning, phrase)));
    let mut rows = rows.filter(|(_, phrase)| stands(phrase, texts));
    rows.next()
}

fn stands(phrase: &str, texts: &[&str]) -> bool {
    let parts: Vec<&str> = phrase.split(' ').collect();
    texts
        .windows(parts.len())
        .any(|window| window == parts.as_slice())
}

/// What the words of the table say, where they agree on the widest kind.
fn single(texts: &[&str]) -> Option<Found> {
    let product = texts.iter().any(|word| PRODUCT.contains(word));
    let rows = WORDS
        .iter()
        .flat_map(|(meaning, phrases)| phrases.split('|').map(move |phrase| (*meaning, phrase)));
    let hits: Vec<(Meaning, &str)> = rows
        .filter(|(_, phrase)| stands(phrase, texts))
        // A single letter is the name itself or nothing.
        .filter(|(_, phrase)| phrase.len() > 1)
        .filter(|(_, phrase)| *phrase != "ATMOS" || !product)
        .collect();
    agreed(&hits)
}

fn agreed(hits: &[(Meaning, &str)]) -> Option<Found> {
    let (first, token) = *hits.first()?;
    if hits.iter().any(|(meaning, _)| *meaning == DESCRIPTION) {
        return Some(found(DESCRIPTION, token));
    }
    let roots: BTreeSet<Group> = hits
        .iter()
        .filter_map(|(meaning, _)| root(*meaning))
        .collect();
    if roots.len() > 1 {
        let tokens: Vec<&str> = hits.iter().map(|(_, token)| *token).collect();
        return Some(found(Meaning::Several, &tokens.join(" ")));
    }
    // The finest kind that is named.
    let fine = hits.iter().find(|(meaning, _)| match meaning {
        Meaning::Is(group) => *group != group.root(),
        _ => false,
    });
    let (meaning, token) = fine.copied().unwrap_or((first, token));
    Some(found(meaning, token))
}

/// The widest kind that a meaning belongs to.
pub(super) fn root(meaning: Meaning) -> Option<Group> {
    match meaning {
        Meaning::Is(group) => Some(group.root()),
        _ => None,
    }
}

/// The words of other languages that name a kind outright, as for names of tracks.
fn elsewhere(all: &[Word]) -> Option<Found> {
    let hits = tokens::read(all, Scope::Label, Language::default());
    let groups: Vec<(Meaning, String)> = hits
        .into_iter()
        .filter(|hit| hit.strength == Strength::Explicit && hit.doubt.is_none())
        .filter_map(|hit| match hit.kind {
            Kind::Is(group) => Some((Meaning::Is(group), hit.word)),
            _ => None,
        })
        .collect();
    let groups: Vec<(Meaning, &str)> = groups.iter().map(|(m, w)| (*m, w.as_str())).collect();
    agreed(&groups)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, want: Option<Meaning>) {
        assert_eq!(read(name).map(|found| found.meaning), want, "{name}");
    }

    #[test]
    fn groups_of_consoles_are_understood() {
        let is = |group| Some(Meaning::Is(group));
        check("Dialog", is(Group::Dialogue));
        check("Dialogue EN", is(Group::Dialogue));
        check("Dialogue IT", is(Group::Dialogue));
        check("DubbedDialogue", is(Group::Dialogue));
        check("Narration", is(Group::Narration));
        check("V.O.", is(Group::Narration));
        check("Group", is(Group::LoopGroup));
        check("Music", is(Group::Music));
        check("MX 5.1", is(Group::Music));
        check("Music Mix", is(Group::Music));
        check("Effects", is(Group::Effects));
        check("SFX_spot", is(Group::Hard));
        check("Backgrounds", is(Group::Backgrounds));
        check("Foley Atmos", is(Group::Foley));
        check("Musique", is(Group::Music));
        check("M", is(Group::Music));
        check("E", is(Group::Effects));
    }

    #[test]
    fn sums_are_no_stems() {
        check("M&E", Some(Meaning::MusicAndEffects));
        check("M+E", Some(Meaning::MusicAndEffects));
        check("Music & Effects", Some(Meaning::MusicAndEffects));
        check("MnE", Some(Meaning::MusicAndEffects));
        check("International", Some(Meaning::MusicAndEffects));
        check("D+M+E", Some(Meaning::FullMix));
        check("Full Mix EN", Some(Meaning::FullMix));
        check("Main", Some(Meaning::FullMix));
        check("Dialogue and Music", Some(Meaning::Several));
        check("Audio Description", Some(DESCRIPTION));
        check("Dialogue AD", Some(DESCRIPTION));
        check("VI", Some(DESCRIPTION));
        check("Dialogue VI", Some(Meaning::Is(Group::Dialogue)));
        check("Hearing Impaired", Some(IMPAIRED));
    }

    #[test]
    fn names_of_programs_tell_nothing() {
        for name in [
            "Atmos_Master_Content",
            "Atmos_Bed_1",
            "Atmos_Obj_12",
            "AtmosCustomPackFormat1",
            "Objects",
            "Master",
            "Bed 1",
            "Cavern_Master_Content",
            "Channels",
            "content",
            "Default",
            "Audio Object 3",
            "RoomCentricLeft",
            "D 1",
            "",
        ] {
            check(name, None);
        }
    }
}
