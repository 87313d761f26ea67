//! What is sent to listeners (ITU-R BS.2168).

use super::{Facts, Rule};
use crate::finding::codes;

codes! {
    VERSION = "ADC401", Error, "the version is not 3",
        "The emission profile is one of BS.2076-3. State version=\"ITU-R_BS.2076-3\" in \
         audioFormatExtended.";
    ONE_OBJECT = "ADC402", Error, "a content has not exactly one object",
        "Each content refers to one object. Put several under one object that holds them.";
    BY_TRACK = "ADC403", Error, "a track refers to a track format",
        "Track UIDs refer to their channel format (AC_…) directly, not through track and stream formats. \
         Write the reference anew, in the XML and in the chna chunk.";
    DIALOGUE = "ADC404", Error, "a content has no dialogue element",
        "Each content states by `dialogue` and its kind what it is: receivers offer it by that. Add the \
         element.";
    INTERACT = "ADC405", Error, "an object does not state whether it may be changed",
        "Each object has the attribute `interact`, so that a receiver knows what its listener may change. \
         Add it, 0 where nothing.";
    FORBIDDEN = "ADC406", Error, "an object has attributes that are not allowed",
        "Start, duration, importance and dialogue of objects are not allowed: objects last as long as the \
         programme, and contents say what they are. Leave the attributes out.";
    LONG = "ADC407", Error, "a name is longer than 64 characters",
        "Names of elements have at most 64 characters, for that is what receivers show. Shorten the name; \
         longer texts can stand in labels.";
    LANGUAGE = "ADC408", Error, "a language code is not one of ISO 639-2/B",
        "Languages are codes of three letters of ISO 639-2 in their bibliographic form (`fre`, not `fra` or \
         `fr`), or `und`. Change the code.";
    TOO_MUCH = "ADC409", Error, "there are more elements than level 2 allows",
        "Level 2 allows 16 programmes, 28 contents, 84 objects and 56 tracks. Leave some out, or render \
         objects to beds.";
    LEVEL = "ADC410", Info, "there are more elements than level 1 allows",
        "Level 1 allows 8 programmes, 16 contents, 48 objects and 32 tracks. The file needs level 2.";
    CLAIM = "ADC411", Error, "the file does not name the profile",
        "The profileList names the profile and its level, by which a receiver knows that it can play the \
         file. Add it to audioFormatExtended.";
}

/// Terminology codes of ISO 639-2 whose bibliographic code is another one.
const TERMINOLOGY: [&str; 20] = [
    "sqi", "hye", "eus", "mya", "zho", "ces", "nld", "fra", "kat", "deu", "ell", "isl", "mkd",
    "mri", "msa", "fas", "ron", "slk", "bod", "cym",
];

/// What is counted, most of level 1, most of level 2.
fn counts(facts: &Facts) -> [(&'static str, usize, usize, usize); 4] {
    let adm = facts.adm;
    [
        ("programmes", adm.programmes().len(), 8, 16),
        ("contents", adm.contents().len(), 16, 28),
        ("objects", adm.objects().len(), 48, 84),
        ("tracks", adm.uids().len(), 32, 56),
    ]
}

/// The rules.
pub(super) const RULES: &[Rule] = &[
    (VERSION, |facts, say| {
        if facts.version() != 3 {
            say(format!(
                "version {}",
                facts.adm.version().unwrap_or("not stated")
            ));
        }
    }),
    (ONE_OBJECT, |facts, say| {
        let all = facts.adm.contents().iter().filter(|c| c.objects.len() != 1);
        all.for_each(|c| say(format!("{} has {}", c.id, c.objects.len())));
    }),
    (BY_TRACK, |facts, say| {
        let all = facts.adm.uids().iter().filter(|uid| uid.track.is_some());
        all.for_each(|uid| say(uid.id.to_string()));
    }),
    (DIALOGUE, |facts, say| {
        let all = facts.adm.contents().iter().filter(|c| c.dialogue.is_none());
        all.for_each(|c| say(c.id.to_string()));
    }),
    (INTERACT, |facts, say| {
        let all = facts.adm.objects().iter().filter(|o| o.interact.is_none());
        all.for_each(|o| say(o.id.to_string()));
    }),
    (FORBIDDEN, |facts, say| {
        for object in facts.adm.objects() {
            let times = object.start.is_some() || object.duration.is_some();
            if times || object.importance.is_some() || object.dialogue.is_some() {
                say(object.id.to_string());
            }
        }
    }),
    (LONG, |facts, say| {
        let adm = facts.adm;
        let programmes = adm.programmes().iter().map(|e| (&e.id, &e.name));
        let contents = adm.contents().iter().map(|e| (&e.id, &e.name));
        let objects = adm.objects().iter().map(|e| (&e.id, &e.name));
        let all = programmes.chain(contents).chain(objects);
        let long = all.filter(|(_, name)| name.chars().count() > 64);
        long.for_each(|(id, _)| say(id.to_string()));
    }),
    (LANGUAGE, |facts, say| {
        let programmes = facts.adm.programmes().iter().map(|e| (&e.id, &e.language));
        let contents = facts.adm.contents().iter().map(|e| (&e.id, &e.language));
        for (id, code) in programmes.chain(contents) {
            let letters = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_lowercase());
            let fits = letters && !TERMINOLOGY.contains(&code.as_str());
            if !code.is_empty() && !fits {
                say(format!("{id} `{code}`"));
            }
        }
    }),
    (TOO_MUCH, |facts, say| {
        let over = counts(facts)
            .into_iter()
            .filter(|(_, count, _, most)| count > most);
        over.for_each(|(what, count, _, most)| say(format!("{count} {what}, at most {most}")));
    }),
    (LEVEL, |facts, say| {
        let over = counts(facts)
            .into_iter()
            .filter(|(_, count, most, _)| count > most);
        over.for_each(|(what, count, most, _)| {
            say(format!("{count} {what}, level 1 allows {most}"));
        });
    }),
    (CLAIM, |facts, say| {
        if !super::claimed(super::CheckProfile::Emission, facts.adm) {
            say("no profile BS.2168 is listed".to_owned());
        }
    }),
];
