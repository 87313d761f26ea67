//! What broadcasters want of programmes that are exchanged (EBU Tech 3392, followed by Tech 3393).

use super::Rule;
use crate::audio::ContentKind;
use crate::finding::codes;

codes! {
    LONG = "ADC301", Error, "a programme's name is longer than 32 characters",
        "The production profile allows 32 characters in the name of a programme. Shorten it; longer texts \
         can stand in labels.";
    KIND = "ADC302", Warning, "the kind of a content is not stated",
        "Contents state by `dialogue` and its kind whether they are dialogue, music or effects, so that \
         programmes can be put together from them. State it for each content.";
    LANGUAGE = "ADC303", Warning, "the language of a programme or of dialogue is not stated",
        "Programmes and contents with speech state their language, by which a player or a distributor \
         chooses. Add audioProgrammeLanguage and audioContentLanguage.";
    LOUDNESS = "ADC304", Warning, "the loudness of a programme is not stated",
        "Programmes carry the integrated loudness by ITU-R BS.1770, which is what EBU R 128 asks for. \
         Measure the programme and add loudnessMetadata.";
    VERSION = "ADC305", Warning, "the version is newer than the profile",
        "Tech 3392 is a profile of BS.2076-1 and -2; files of version 3 follow Tech 3393. Write the file in \
         version 2 where 3392 is asked for.";
}

/// The rules.
pub(super) const RULES: &[Rule] = &[
    (LONG, |facts, say| {
        let all = facts
            .adm
            .programmes()
            .iter()
            .filter(|p| p.name.chars().count() > 32);
        all.for_each(|p| say(format!("{} `{}`", p.id, p.name)));
    }),
    (KIND, |facts, say| {
        for content in facts.adm.contents() {
            let kind = content.dialogue.as_ref().and_then(|dialogue| dialogue.kind);
            if kind.is_none_or(|kind| kind == ContentKind::Mixed) {
                say(format!("{} ({})", content.id, content.name));
            }
        }
    }),
    (LANGUAGE, |facts, say| {
        let all = facts
            .adm
            .programmes()
            .iter()
            .filter(|p| p.language.is_empty());
        all.for_each(|p| say(p.id.to_string()));
        for content in facts.adm.contents() {
            let spoken = content
                .dialogue
                .as_ref()
                .is_some_and(|d| d.value == Some(1));
            if spoken && content.language.is_empty() {
                say(content.id.to_string());
            }
        }
    }),
    (LOUDNESS, |facts, say| {
        for programme in facts.adm.programmes() {
            if programme
                .loudness
                .iter()
                .all(|loudness| loudness.integrated.is_none())
            {
                say(programme.id.to_string());
            }
        }
    }),
    (VERSION, |facts, say| {
        if facts.version() > 2 {
            say(format!("version {}", facts.version()));
        }
    }),
];
